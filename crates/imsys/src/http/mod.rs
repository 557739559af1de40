//! The edge: from bytes on a socket to a handler and back.
//!
//! * [`routes`]: everything that can be asked, each with who may ask it.
//! * [`route`]: one line of that list; [`auth`]: the check before every handler.
//! * [`error`]: the one mapping to problem+json; [`extract`]: what handlers take and give.
//! * [`live`]: events for browsers; `ui`: the dashboard; [`openapi`]: the contract.
//! * [`server`]: connections, time limits, the graceful end; [`tls`]: HTTPS; [`peer`]: who is on the other end.

pub mod auth;
pub mod csv;
pub mod error;
pub mod extract;
mod health;
pub mod live;
mod middleware;
pub mod openapi;
pub mod peer;
pub mod route;
pub mod server;
pub mod tls;
mod ui;
pub mod words;

pub use auth::{SignedIn, Tenancy};
pub use error::ApiError;
pub use route::{Access, Route};

use crate::app::App;
use crate::{billing, customers, jobs, presence, routers, services, tenants};
use axum::Router;

/// Every route of the program.
pub fn routes() -> Vec<Route> {
    let slices = [
        health::routes(),
        openapi::routes(),
        live::routes(),
        tenants::http::routes(),
        presence::http::routes(),
        routers::http::routes(),
        jobs::http::routes(),
        services::http::routes(),
        customers::http::routes(),
        billing::http::routes(),
    ];
    slices.into_iter().flatten().collect()
}

/// All of it as one service.
pub fn router(app: &App) -> Router {
    let empty = Router::new().fallback(ui::fallback);
    let router = routes().into_iter().fold(empty, |router, route| route.mount(router, app));
    let router = router.method_not_allowed_fallback(ui::wrong_method);
    let router = if tracing::enabled!(tracing::Level::DEBUG) {
        router.layer(axum::middleware::from_fn(middleware::name_route))
    } else {
        router
    };
    router.with_state(app.clone())
}
