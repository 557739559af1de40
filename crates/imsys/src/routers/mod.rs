//! Routers: their sessions, who owns them, and taking them into service.
//!
//! * [`session`]: one connection to each router, and everything that is asked over it.
//! * [`cluster`]: among several processes, who owns which router.
//! * `onboarding`: "Test", the script to paste, the import of PPP secrets. [`http`]: the routes.

pub mod cluster;
pub mod http;
mod input;
mod onboarding;
pub mod session;

use crate::app::App;
use crate::token;
use imsys_domain::router::{Listening, Router, RouterConfig, RouterFacts, RouterState};
use imsys_domain::{RouterId, TenantId};
use session::credentials::Credentials;

/// A router that was not connected to yet, and its webhook token. The password in `config` is not sealed; in the
/// router it is.
pub(crate) fn unseen(app: &App, tenant: TenantId, config: RouterConfig) -> (Router, String) {
    let (created, webhook_token) = (app.now(), token::fresh());
    let id = RouterId::new(created, token::random());
    let router = Router {
        id,
        tenant,
        rev: 1,
        edition: 1,
        token: token::digest(&webhook_token),
        config: sealed(app, tenant, id, config, &webhook_token),
        state: RouterState::New,
        since: created,
        reason: None,
        listening: Listening::Off,
        swept: None,
        facts: RouterFacts::default(),
        created,
        archived: None,
    };
    (router, webhook_token)
}

/// `config` with its password sealed, together with the webhook token.
fn sealed(
    app: &App,
    tenant: TenantId,
    router: RouterId,
    config: RouterConfig,
    hook_token: &str,
) -> RouterConfig {
    let credentials = Credentials { password: config.password, hook_token: hook_token.into() };
    RouterConfig { password: credentials.seal(&app.secrets, tenant, router), ..config }
}
