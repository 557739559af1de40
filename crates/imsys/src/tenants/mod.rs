//! People and tenants: sign-in, roles, keys, the audit log.
//!
//! * [`passwords`]: hashing, and limits on guessing; [`cookie`]: the browser's secrets, and their way.
//! * [`names`]: the form of an e-mail address and of a tenant's short name.
//! * [`links`]: one-time links: first run, invitation, reset.
//! * [`account`]: a person's own password and sign-ins.
//! * [`http`]: the routes.
//!
//! Here: signing in, and what the command line does too.

pub mod account;
pub mod http;
pub(crate) mod jobs;
pub mod links;
pub mod names;

use crate::app::App;
use crate::fields::Invalid;
use crate::passwords::{Attempt, PasswordError};
use crate::secrets::Place;
use crate::token;
use imsys_domain::access::Role;
use imsys_domain::entry::landing;
use imsys_domain::guessing;
use imsys_domain::tenant::{Settings, Tenant};
use imsys_domain::{ApiKeyId, PersonId, TenantId, Timestamp};
use imsys_store::model::{ApiKey, LinkKind, Login, SignedIn};
use imsys_store::port::Taken;
use imsys_store::{StoreError, TenantStore};
use std::net::IpAddr;
use uuid::Uuid;

/// What every API key begins with.
const KEY_PREFIX: &str = "imsys_";
/// Characters of a key that are kept to recognise it by.
const KEY_SHOWN: usize = 12;

/// A browser that wants to be signed in.
#[derive(Clone, Debug)]
pub struct Browser {
    /// The client's address.
    pub address: IpAddr,
    /// The name it gives itself, cut to [`Login::AGENT`] characters.
    pub agent: String,
    /// The sealed text by which it is known from an earlier sign-in.
    pub known: Option<String>,
}

impl Browser {
    /// Whether the person with this address has signed in with it before.
    async fn is_known_to(&self, app: &App, email: &str) -> bool {
        let opened =
            self.known.as_deref().and_then(|sealed| app.secrets.recognise(Place::known_browser(), sealed));
        let Some(id) = opened.and_then(|id| id.parse::<Uuid>().ok()) else { return false };
        app.store.person(PersonId(id)).await.is_ok_and(|person| person.email == email)
    }
}

/// Why somebody was not signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Nobody has this address with this password, or nobody this link.
    #[error("wrong credentials")]
    WrongCredentials,
    /// Passwords are not looked at just now.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why what somebody filled in was not taken.
#[derive(Debug, thiserror::Error)]
pub enum FormError {
    /// It does not fit.
    #[error("some fields do not fit")]
    Invalid(Invalid),
    /// Passwords are neither checked nor hashed just now.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Invalid> for FormError {
    fn from(invalid: Invalid) -> Self {
        Self::Invalid(invalid)
    }
}

/// Why a tenant was not deleted.
#[derive(Debug, thiserror::Error)]
pub enum DeleteError {
    /// It is called otherwise.
    #[error("the tenant is called otherwise")]
    OtherName,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Signs in with a password. Unknown people, people without a password and wrong passwords get the same
/// answer after the same time. Returns the secret for the cookie, and who it is.
pub async fn sign_in(
    app: &App,
    email: &str,
    password: String,
    browser: &Browser,
) -> Result<(String, SignedIn), SignInError> {
    if longer(email, names::EMAIL) || longer(&password, guessing::LONGEST) {
        // No account has these, so nothing is worth remembering or hashing.
        app.metrics.sign_ins.count("refused");
        return Err(SignInError::WrongCredentials);
    }
    let email = names::folded(email);
    let known = browser.is_known_to(app, &email).await;
    let known = browser.known.as_deref().filter(|_| known);
    let attempt = Attempt { account: &email, from: browser.address, known };
    app.passwords.attempt(attempt).inspect_err(|_| app.metrics.sign_ins.count("limited"))?;
    let person = match app.store.person_by_email(&email).await {
        Err(StoreError::NotFound) => None,
        found => Some(found?),
    };
    let hash = person.as_ref().and_then(|person| person.password.clone());
    let right = app.passwords.verify(password, hash, known.is_some()).await?;
    let Some(person) = person.filter(|_| right) else {
        app.metrics.sign_ins.count("refused");
        return Err(SignInError::WrongCredentials);
    };
    app.passwords.forgive(attempt);
    app.metrics.sign_ins.count("password");
    Ok(start(app, person.id, browser).await?)
}

fn longer(text: &str, most: usize) -> bool {
    text.chars().nth(most).is_some()
}

/// Signs in with the link of the demo.
pub async fn sign_in_by_link(
    app: &App,
    secret: &str,
    browser: &Browser,
) -> Result<(String, SignedIn), SignInError> {
    let link = match app.store.link(token::digest(secret), app.now()).await {
        Err(StoreError::NotFound) => return Err(SignInError::WrongCredentials),
        found => found?,
    };
    match (link.kind, link.person) {
        (LinkKind::Demo, Some(person)) => {
            app.metrics.sign_ins.count("link");
            Ok(start(app, person, browser).await?)
        }
        _ => Err(SignInError::WrongCredentials),
    }
}

/// A new login of somebody who has just proved who they are, in the tenant where they were last.
pub async fn start(app: &App, person: PersonId, browser: &Browser) -> Result<(String, SignedIn), StoreError> {
    let (secret, now) = (token::fresh(), app.now());
    let memberships = app.store.memberships(person).await?;
    let tenant = landing(memberships.iter().map(|(tenant, membership)| (tenant.id, membership.entered)));
    let (agent, address) = (browser.agent.clone(), Some(browser.address));
    let hash = token::digest(&secret);
    let login = Login { hash, person, tenant, created: now, seen: now, agent, address };
    app.store.put_login(login.clone()).await?;
    Ok((secret, SignedIn { login, person: app.store.person(person).await?, memberships }))
}

/// Makes a tenant with a short name of its own.
pub async fn found(app: &App, name: &str) -> Result<Tenant, StoreError> {
    let (now, slug) = (app.now(), names::slug(name));
    let mut tenant = Tenant {
        id: TenantId::new(now, token::random()),
        name: name.into(),
        slug: slug.clone(),
        created: now,
        settings: Settings::default(),
    };
    for n in 2..100 {
        match app.store.create_tenant(tenant.clone()).await {
            Err(StoreError::Exists(_)) => tenant.slug = format!("{slug}-{n}"),
            done => return done.map(|()| tenant),
        }
    }
    Err(StoreError::Exists(Taken::TenantSlug))
}

/// Deletes a tenant and everything of it, for good: its own log too, so the program's log has a line. `name`
/// must be what it is called.
pub async fn delete(app: &App, id: TenantId, name: &str, by: &str) -> Result<(), DeleteError> {
    if app.store.tenant_info(id).await?.name != name {
        return Err(DeleteError::OtherName);
    }
    let routers = app.store.delete_tenant(id, app.now()).await?;
    tracing::warn!(tenant.id = %id, by, routers = routers.len(), "a tenant was deleted");
    app.webhook_tokens.forget();
    for router in routers {
        app.broker.dismiss(router).await;
    }
    app.live.doubt();
    Ok(())
}

/// Makes an API key; the second value is the key itself, which is never seen again.
pub async fn make_key(
    store: &dyn TenantStore,
    name: String,
    role: Role,
    expires: Option<Timestamp>,
    now: Timestamp,
) -> Result<(ApiKey, String), StoreError> {
    let secret = format!("{KEY_PREFIX}{}", token::fresh());
    let key = ApiKey {
        id: ApiKeyId::new(now, token::random()),
        name,
        role,
        prefix: secret.chars().take(KEY_SHOWN).collect(),
        hash: token::digest(&secret),
        created: now,
        expires,
        last_used: None,
    };
    store.create_api_key(key.clone()).await?;
    Ok((key, secret))
}
