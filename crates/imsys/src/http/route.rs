//! A route: method, path, who may, and the handler, in one line of one list.

use super::{auth, ui};
use crate::app::App;
use axum::Router;
use axum::extract::Request;
use axum::handler::Handler;
use axum::http::{Method, header};
use axum::middleware::from_fn_with_state;
use axum::routing::{self, MethodRouter};
use imsys_domain::access::Right;

/// Where routers say that a PPP session began or ended.
pub(crate) const WEBHOOK: &str = "/api/v1/webhooks/ppp";

/// Whether the route of webhooks is asked.
pub(crate) fn is_webhook(request: &Request) -> bool {
    matches!(*request.method(), Method::GET | Method::POST) && request.uri().path() == WEBHOOK
}

/// Who may use a route. It is checked before the handler runs, and decides what the handler is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everybody.
    Public,
    /// A router: the handler itself checks its token or address.
    Router,
    /// A person who is signed in; the handler gets [`auth::SignedIn`].
    SignedIn,
    /// A person or a key with this right in the tenant; the handler gets [`auth::Tenancy`].
    Tenant(Right),
    /// A person who manages tenants; the handler gets [`auth::SignedIn`].
    Platform,
}

/// One line of the list.
pub struct Route {
    /// Its method. A GET answers HEAD too, but for a router's: it changes something.
    pub method: Method,
    /// Its path, with `{id}` for parameters.
    pub path: &'static str,
    /// Who may.
    pub access: Access,
    handler: MethodRouter<App>,
}

macro_rules! constructors {
    ($($(#[$doc:meta])* $name:ident $method:ident),+ $(,)?) => {$(
        $(#[$doc])*
        pub fn $name<H: Handler<T, App>, T: 'static>(path: &'static str, access: Access, handler: H) -> Self {
            Self { method: Method::$method, path, access, handler: routing::$name(handler) }
        }
    )+};
}

impl Route {
    constructors! {
        /// A route for GET.
        get GET,
        /// A route for POST.
        post POST,
        /// A route for PUT.
        put PUT,
        /// A route for PATCH.
        patch PATCH,
        /// A route for DELETE.
        delete DELETE,
    }

    /// Puts the route, behind its check, into `router`.
    pub(super) fn mount(self, router: Router<App>, app: &App) -> Router<App> {
        let handler = match self.access {
            Access::Public => self.handler,
            Access::Router if self.method == Method::GET => {
                self.handler.head(async || ([(header::ALLOW, "GET,POST")], ui::wrong_method().await))
            }
            Access::Router => self.handler,
            access => self.handler.route_layer(from_fn_with_state((app.clone(), access), auth::enforce)),
        };
        router.route(self.path, handler)
    }
}
