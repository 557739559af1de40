//! What a router and IMSys know of each other.

use crate::secrets::{Place, SecretError, Secrets};
use imsys_domain::router::Router;
use imsys_domain::{RouterId, TenantId};
use routeros::connect::Fingerprint;

/// What a router and we know of each other: sealed together, as one text of two lines.
pub(crate) struct Credentials {
    /// Of the API user; holds no line break.
    pub(crate) password: String,
    /// With which the router's webhooks prove themselves.
    pub(crate) hook_token: String,
}

impl Credentials {
    pub(crate) fn seal(&self, secrets: &Secrets, tenant: TenantId, router: RouterId) -> String {
        let text = format!("{}\n{}", self.password, self.hook_token);
        secrets.seal(Place::router_password(tenant, router), &text)
    }

    pub(crate) fn open(secrets: &Secrets, router: &Router) -> Result<Self, SecretError> {
        let text = secrets.open(Place::router_password(router.tenant, router.id), &router.config.password)?;
        let (password, hook_token) = text.split_once('\n').ok_or(SecretError::Broken)?;
        Ok(Self { password: password.into(), hook_token: hook_token.into() })
    }
}

/// A certificate's SHA-256 as people write it.
pub(crate) fn fingerprint(text: &str) -> Result<Fingerprint, String> {
    routeros::value::parse(text.trim().as_bytes()).map_err(|_| {
        "the fingerprint must be 64 hexadecimal digits, as /certificate print shows it".to_owned()
    })
}
