//! One-time links: the first run, an invitation, a forgotten password.

use crate::app::App;
use crate::http::ApiError;
use crate::http::error::Fields;
use crate::tenants::names;
use crate::token;
use axum::http::StatusCode;
use imsys_domain::{PersonId, TenantId};
use imsys_store::StoreError;
use imsys_store::model::{Link, LinkKind, Newcomer, Person, Settings, Tenant};
use imsys_store::port::Token;

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// Seconds that a link of a kind works.
fn lifetime(kind: LinkKind) -> i64 {
    match kind {
        LinkKind::First | LinkKind::Invite => 7 * DAY,
        LinkKind::Reset => DAY,
        LinkKind::Demo => 365 * DAY,
    }
}

/// A fresh secret for a link of a kind: what is kept of it, and the URL with it. The secret stands behind
/// `#`, so that it reaches no server and no log on the way.
pub fn fresh(app: &App, kind: LinkKind) -> (Token, String) {
    let secret = token::fresh();
    let page = if kind == LinkKind::Demo { "sign-in" } else { "setup" };
    let url = format!("{}/{page}#{secret}", app.config.http.public_url);
    (Token { hash: token::digest(&secret), expires: app.now().plus_seconds(lifetime(kind)) }, url)
}

/// Makes a link and returns its URL.
pub async fn open(
    app: &App,
    kind: LinkKind,
    person: Option<PersonId>,
    tenant: Option<TenantId>,
) -> Result<String, StoreError> {
    let (Token { hash, expires }, url) = fresh(app, kind);
    app.store.put_link(Link { hash, kind, person, tenant, expires }).await?;
    Ok(url)
}

/// The link for the very first person; `None` when somebody is here already.
pub async fn first_run(app: &App) -> Result<Option<String>, StoreError> {
    match app.store.count_people().await? {
        0 => open(app, LinkKind::First, None, None).await.map(Some),
        _ => Ok(None),
    }
}

/// What a link is for, and whom it is about.
pub struct Opened {
    /// The link.
    pub link: Link,
    /// Who, when it is about somebody.
    pub person: Option<Person>,
    /// Where it leads, when that exists already.
    pub tenant: Option<Tenant>,
}

/// Looks at a link without taking it.
pub async fn look(app: &App, secret: &str) -> Result<Opened, ApiError> {
    let link = gone(app.store.link(token::digest(secret), app.now()).await)?;
    let person = match link.person {
        Some(id) => Some(gone(app.store.person(id).await)?),
        None => None,
    };
    let tenant = match link.tenant {
        Some(id) => Some(gone(app.store.tenant_info(id).await)?),
        None => None,
    };
    Ok(Opened { link, person, tenant })
}

/// What somebody says of himself when he takes a link.
pub struct Answers {
    /// As he wants to be called.
    pub name: Option<String>,
    /// His address, if the link is not about somebody already.
    pub email: Option<String>,
    /// The password he wants.
    pub password: String,
    /// What the ISP is called, if the link makes a tenant.
    pub tenant_name: Option<String>,
}

/// Takes a link; of several who try exactly one succeeds.
pub async fn take(app: &App, secret: &str, answers: Answers) -> Result<PersonId, ApiError> {
    let opened = look(app, secret).await?;
    if opened.link.kind == LinkKind::Demo {
        return Err(used_up());
    }
    let mut newcomer = checked(app, &opened, &answers)?;
    newcomer.password = app.door.hash(answers.password).await?;
    let person = gone(app.store.redeem(token::digest(secret), newcomer).await)?;
    app.live.doubt();
    Ok(person)
}

/// Everything but the password's hash, or all that does not fit.
fn checked(app: &App, opened: &Opened, answers: &Answers) -> Result<Newcomer, ApiError> {
    let (mut fields, at) = (Fields::default(), app.now());
    let known = opened.person.as_ref();
    let name = answers.name.as_deref().filter(|name| !name.trim().is_empty());
    let name = name.or(known.map(|person| person.name.as_str())).unwrap_or_default();
    let name = fields.line("name", name, names::NAME);
    let email = answers.email.as_deref().filter(|email| !email.trim().is_empty());
    let email = match (known, email) {
        (Some(person), Some(email)) if names::folded(email) != person.email => {
            fields.refuse("email", "is not the address that this link was made for");
            String::new()
        }
        (Some(person), _) => person.email.clone(),
        (None, email) => fields.check("email", names::email(email.unwrap_or_default())).unwrap_or_default(),
    };
    fields.check("password", names::password(&answers.password));
    let makes_tenant = opened.link.kind == LinkKind::First && opened.tenant.is_none();
    let tenant = makes_tenant.then(|| {
        let name = fields.line("tenantName", answers.tenant_name.as_deref().unwrap_or_default(), names::NAME);
        let id = TenantId::new(at, token::random());
        Tenant { id, slug: names::slug(&name), name, created: at, settings: Settings::default() }
    });
    fields.done()?;
    let id = PersonId::new(at, token::random());
    Ok(Newcomer { id, email, name, password: String::new(), tenant, at })
}

fn gone<T>(found: Result<T, StoreError>) -> Result<T, ApiError> {
    found.map_err(|error| match error {
        StoreError::NotFound => used_up(),
        other => other.into(),
    })
}

fn used_up() -> ApiError {
    ApiError::new(StatusCode::NOT_FOUND, "link-expired", "This link was used already, or has expired.")
}
