//! Routers: the broker with its one connection each, onboarding, import.
//!
//! * `broker` and `session`: one connection a router, held as long as it works, with back-off.
//! * [`lease_manager`]: among several processes, who owns which router; `lease`: for how long; `peers` and
//!   `lend`: the way to an owner in another process.
//! * `watch`: what is read over it: listen rows, sweeps, questions about single users.
//! * `connection`: opening one, and every reason why that fails; `examine`: "Test", in words.
//! * `odd`: fields that could not be read are counted.
//! * `lines`: what is asked about static lines.
//! * `script`: what an administrator pastes; `import`: PPP secrets become services.
//! * [`jobs`]: the queue `routers`; [`http`]: the routes.

mod broker;
mod connection;
mod examine;
pub mod http;
mod import;
mod input;
pub mod jobs;
mod lease;
pub mod lease_manager;
mod lend;
mod lines;
mod logins;
mod odd;
mod peers;
mod script;
mod session;
mod watch;

pub use broker::Broker;
pub use connection::Trouble;
pub use examine::{Problem, Severity};
pub(crate) use lines::{Asked, Dialect, Question};

use crate::app::App;
use crate::http::ApiError;
use crate::secrets::{Place, SecretError, Secrets};
use crate::token;
use axum::http::StatusCode;
use imsys_domain::router::{Listening, RouterState};
use imsys_domain::{RouterId, TenantId};
use imsys_store::model::{Router, RouterConfig, RouterFacts};
use routeros::connect::Fingerprint;

/// What a router and we know of each other: sealed together, as one text of two lines.
struct Credentials {
    /// Of the API user; holds no line break.
    password: String,
    /// With which the router's webhooks prove themselves.
    hook_token: String,
}

impl Credentials {
    fn seal(&self, secrets: &Secrets, tenant: TenantId, router: RouterId) -> String {
        let text = format!("{}\n{}", self.password, self.hook_token);
        secrets.seal(Place::router_password(tenant, router), &text)
    }

    fn open(secrets: &Secrets, router: &Router) -> Result<Self, SecretError> {
        let text = secrets.open(Place::router_password(router.tenant, router.id), &router.config.password)?;
        let (password, hook_token) = text.split_once('\n').ok_or(SecretError::Broken)?;
        Ok(Self { password: password.into(), hook_token: hook_token.into() })
    }
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

/// A certificate's SHA-256 as people write it.
fn fingerprint(text: &str) -> Result<Fingerprint, String> {
    routeros::value::parse(text.trim().as_bytes()).map_err(|_| {
        "the fingerprint must be 64 hexadecimal digits, as /certificate print shows it".to_owned()
    })
}

impl From<Trouble> for ApiError {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Busy => {
                Self::busy("router-busy", "Too much is waiting for this router. Try again in a moment.", 2)
            }
            trouble => {
                let problem = examine::explain(&trouble);
                let detail = format!("{} {}", problem.message, problem.fix);
                Self::new(StatusCode::BAD_GATEWAY, "router-unreachable", detail)
            }
        }
    }
}
