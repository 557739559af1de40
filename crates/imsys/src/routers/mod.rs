//! Routers: their sessions, who owns them, and taking them into service.
//!
//! * [`session`]: one connection to each router, and everything that is asked over it.
//! * [`cluster`]: among several processes, who owns which router.
//! * `onboarding`: "Test", the script to paste, the import of PPP secrets. [`http`]: the routes.

pub mod cluster;
pub mod http;
mod input;
pub(crate) mod onboarding;
pub mod session;

use crate::app::App;
use crate::http::Tenancy;
use crate::secrets::SecretError;
use crate::token;
use imsys_domain::router::{Listening, Router, RouterConfig, RouterFacts, RouterState};
use imsys_domain::{RouterId, TenantId};
use imsys_store::StoreError;
use session::credentials::Credentials;

/// Adds a router and connects to it; with its webhook token. The password in `config` is not sealed; in the router it is.
pub(crate) async fn create(
    app: &App,
    tenancy: &Tenancy,
    config: RouterConfig,
) -> Result<(Router, String), StoreError> {
    let (router, webhook_token) = unseen(app, tenancy.tenant, config);
    tenancy.store.create_router(router.clone()).await?;
    app.broker.serve(&router).await;
    Ok((router, webhook_token))
}

/// How much of a router's settings is changed.
pub(crate) enum Extent {
    /// Nothing that its connection depends on.
    Aside,
    /// Anything but the password.
    Connection,
    /// Its password too, which stands in the settings unsealed.
    Password,
}

/// Changes a router that still is `old`, and connects anew where the connection depends on what changed.
pub(crate) async fn change(
    app: &App,
    tenancy: &Tenancy,
    old: &Router,
    edition: i64,
    config: RouterConfig,
    extent: Extent,
) -> Result<Router, RouterError> {
    let config = match extent {
        Extent::Aside | Extent::Connection => {
            RouterConfig { password: old.config.password.clone(), ..config }
        }
        Extent::Password => {
            let known = Credentials::open(&app.secrets, old)?;
            sealed(app, tenancy.tenant, old.id, config, &known.hook_token)
        }
    };
    let router = tenancy.store.update_router(old.id, Some(edition), config).await?;
    if !matches!(extent, Extent::Aside) {
        serve_anew(app, &router).await;
    }
    Ok(router)
}

/// Removes a router and archives its services. Nothing on the router changes.
pub(crate) async fn archive(app: &App, tenancy: &Tenancy, id: RouterId) -> Result<(), StoreError> {
    tenancy.store.archive_router(id).await?;
    app.webhook_tokens.forget();
    app.broker.dismiss(id).await;
    Ok(())
}

/// Brings an archived router back with the services that were archived together with it, and connects. Its webhook token
/// is the one that it had.
pub(crate) async fn restore(app: &App, tenancy: &Tenancy, id: RouterId) -> Result<Router, RouterError> {
    let archived = tenancy.store.router_or_archived(id).await?;
    let token = token::digest(&Credentials::open(&app.secrets, &archived)?.hook_token);
    let router = tenancy.store.restore_router(id, token).await?;
    serve_anew(app, &router).await;
    Ok(router)
}

async fn serve_anew(app: &App, router: &Router) {
    app.webhook_tokens.forget();
    app.broker.serve(router).await;
}

/// Why a router stays as it is.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RouterError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Its password cannot be opened.
    #[error(transparent)]
    Secret(#[from] SecretError),
}

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
