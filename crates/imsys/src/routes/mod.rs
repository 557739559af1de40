//! Everything that can be asked, each with who may ask it; [`openapi`]: the contract.

pub mod openapi;

use crate::app::App;
use crate::http::server::Site;
use crate::http::{self, Route, health};
use crate::{
    billing, customers, events, monitoring, presence, routers, services, static_check, tenants, usage, work,
};

/// Every route of the program.
pub fn routes() -> Vec<Route> {
    let slices = [
        health::routes(),
        openapi::routes(),
        events::http::routes(),
        tenants::http::routes(),
        presence::http::routes(),
        routers::http::routes(),
        static_check::http::routes(),
        monitoring::http::routes(),
        usage::http::routes(),
        monitoring::snmp::http::routes(),
        work::http::routes(),
        services::http::routes(),
        customers::http::routes(),
        billing::http::routes(),
    ];
    slices.into_iter().flatten().collect()
}

/// What a server serves.
pub fn site(app: &App) -> Site {
    Site { router: http::router(app, routes()), webhook: presence::http::answer_webhook }
}
