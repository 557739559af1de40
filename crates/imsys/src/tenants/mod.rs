//! People and tenants: sign-in, roles, keys, the audit log.
//!
//! * [`door`]: passwords, and who guesses too often; [`cookie`]: the browser's secret, and its way.
//! * [`names`]: what counts as an e-mail address, a password, a tenant's short name.
//! * [`links`]: one-time links: first run, invitation, reset.
//! * [`http`]: the routes.
//!
//! Here: signing in, and what the command line does too.

pub mod cookie;
pub mod door;
pub mod http;
pub mod links;
pub mod names;

use crate::app::App;
use crate::http::ApiError;
use crate::token;
use imsys_domain::access::Role;
use imsys_domain::{ApiKeyId, PersonId, TenantId, Timestamp};
use imsys_store::model::{ApiKey, LinkKind, Login, Settings, SignedIn, Tenant};
use imsys_store::{StoreError, TenantStore};
use std::net::IpAddr;

/// What every API key begins with.
const KEY_PREFIX: &str = "imsys_";
/// Characters of a key that are kept to recognise it by.
const KEY_SHOWN: usize = 12;

/// Signs in with a password. Unknown people, people without a password and wrong passwords get the same
/// answer after the same time. Returns the secret for the cookie, and who it is.
pub async fn sign_in(
    app: &App,
    email: &str,
    password: String,
    from: IpAddr,
) -> Result<(String, SignedIn), ApiError> {
    let email = names::folded(email);
    app.door.knock(&email, from, app.now()).inspect_err(|_| app.metrics.sign_ins.count("limited"))?;
    let person = match app.store.person_by_email(&email).await {
        Err(StoreError::NotFound) => None,
        found => Some(found?),
    };
    let hash = person.as_ref().and_then(|person| person.password.clone());
    let right = app.door.verify(password, hash).await?;
    let Some(person) = person.filter(|_| right) else {
        app.metrics.sign_ins.count("refused");
        return Err(wrong_credentials());
    };
    app.door.welcome(&email, from);
    app.metrics.sign_ins.count("password");
    start(app, person.id).await
}

/// Signs in with the link of the demo.
pub async fn sign_in_by_link(app: &App, secret: &str) -> Result<(String, SignedIn), ApiError> {
    let link = match app.store.link(token::digest(secret), app.now()).await {
        Err(StoreError::NotFound) => return Err(wrong_credentials()),
        found => found?,
    };
    match (link.kind, link.person) {
        (LinkKind::Demo, Some(person)) => {
            app.metrics.sign_ins.count("link");
            start(app, person).await
        }
        _ => Err(wrong_credentials()),
    }
}

fn wrong_credentials() -> ApiError {
    let status = axum::http::StatusCode::UNAUTHORIZED;
    ApiError::new(status, "wrong-credentials", "The address or the password is wrong.")
}

/// A new login of somebody who has just proved who he is, in the first of his tenants.
pub async fn start(app: &App, person: PersonId) -> Result<(String, SignedIn), ApiError> {
    let (secret, now) = (token::fresh(), app.now());
    let memberships = app.store.memberships(person).await?;
    let tenant = memberships.first().map(|(tenant, _)| tenant.id);
    let login = Login { hash: token::digest(&secret), person, tenant, created: now, seen: now };
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
    Err(StoreError::Exists("a hundred tenants have this name"))
}

/// Deletes a tenant and everything of it, for good: its own log too, so the program's log has a line. `name`
/// must be what it is called.
pub async fn delete(app: &App, id: TenantId, name: &str, by: &str) -> Result<(), ApiError> {
    if app.store.tenant_info(id).await?.name != name {
        return Err(ApiError::field("name", "must be what the tenant is called, letter by letter"));
    }
    let routers = app.store.delete_tenant(id).await?;
    tracing::warn!(tenant.id = %id, by, routers = routers.len(), "a tenant was deleted");
    app.doors.forget();
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
