//! The edge: from bytes on a socket to a handler and back.
//!
//! * [`route`]: one line of the list of routes ([`crate::routes`]); [`auth`]: the check before every handler.
//! * [`error`]: the one mapping to problem+json, with the words of `refusals`; [`extract`]: what handlers take and give.
//! * [`answers`]: answers that several slices give; [`cookie`]: the browser's secrets; `ui`: the dashboard.
//! * [`server`]: connections, time limits, the graceful end; [`peer`]: who is on the other end.

pub mod answers;
pub mod auth;
pub mod cookie;
pub mod csv;
pub mod error;
pub mod extract;
pub(crate) mod health;
mod middleware;
pub mod peer;
pub(crate) mod refusals;
pub mod route;
pub mod server;
mod ui;
pub mod words;

pub use auth::{SignedIn, Tenancy};
pub use error::ApiError;
pub use route::{Access, Route};

use crate::app::App;
use axum::Router;

/// These routes and the dashboard as one service.
pub fn router(app: &App, routes: Vec<Route>) -> Router {
    let empty = Router::new().fallback(ui::fallback);
    let router = routes.into_iter().fold(empty, |router, route| route.mount(router, app));
    let router = router.method_not_allowed_fallback(ui::wrong_method);
    let router = if tracing::enabled!(tracing::Level::DEBUG) {
        router.layer(axum::middleware::from_fn(middleware::name_route))
    } else {
        router
    };
    router.with_state(app.clone())
}
