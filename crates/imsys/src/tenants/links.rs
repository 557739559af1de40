//! One-time links: the first run, an invitation, a forgotten password.

use crate::app::App;
use crate::fields::{Fields, Invalid};
use crate::tenants::{FormError, names};
use crate::token;
use imsys_domain::tenant::{Settings, Tenant};
use imsys_domain::{PersonId, TenantId, Timestamp, guessing};
use imsys_store::model::{Invitation, Link, LinkKind, Newcomer, Person, SignedIn};
use imsys_store::port::Token;
use imsys_store::{Actor, StoreError};

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// Why a link led nowhere.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// It was used already, has expired, or never was.
    #[error("the link was used already, or has expired")]
    UsedUp,
    /// What was filled in was not taken.
    #[error(transparent)]
    Form(FormError),
}

impl<E> From<E> for LinkError
where
    FormError: From<E>,
{
    fn from(error: E) -> Self {
        Self::Form(error.into())
    }
}

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

/// Makes another set-up link for an admin of a tenant; those before it stop working. The tenant's log has a line.
pub async fn into_tenant(app: &App, tenant: TenantId, by: &str) -> Result<String, StoreError> {
    app.store.tenant_info(tenant).await?;
    let (link, url) = fresh(app, LinkKind::First);
    app.store.tenant(tenant, Actor { name: by.into(), at: app.now() }).renew_setup(link).await?;
    Ok(url)
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

/// The link for the operator, which makes the platform's admin; `None` when there is one. It works until it is used.
pub async fn first_run(app: &App) -> Result<Option<String>, StoreError> {
    if app.store.is_managed().await? {
        return Ok(None);
    }
    let (Token { hash, .. }, url) = fresh(app, LinkKind::First);
    let expires = Timestamp(i64::MAX);
    app.store.put_link(Link { hash, kind: LinkKind::First, person: None, tenant: None, expires }).await?;
    Ok(Some(url))
}

/// The person a link is about.
#[derive(Clone, Debug)]
pub struct About {
    /// The address, folded.
    pub email: String,
    /// Of an invitation the name that the inviting admin knows, else the person's own.
    pub name: String,
}

/// A link that was looked at.
pub struct Opened {
    /// The link.
    pub link: Link,
    /// The person it is about, if somebody.
    pub about: Option<About>,
    /// An invitation of an address that has an account.
    pub known: bool,
    /// Where it leads, when that exists already.
    pub tenant: Option<Tenant>,
}

/// Looks at a link without taking it.
pub async fn look(app: &App, secret: &str) -> Result<Opened, LinkError> {
    let link = gone(app.store.link(token::digest(secret), app.now()).await)?;
    let about = match (link.kind, link.person, link.tenant) {
        (LinkKind::Invite, Some(id), Some(into)) => {
            let store = app.store.tenant(into, Actor::system(app.now()));
            let Invitation { email, name, .. } = gone(store.invitation(id).await)?;
            Some(About { email, name })
        }
        (_, Some(id), _) => {
            let Person { email, name, .. } = gone(app.store.person(id).await)?;
            Some(About { email, name })
        }
        (_, None, _) => None,
    };
    let known = match &about {
        Some(about) if link.kind == LinkKind::Invite => has_account(app, &about.email).await?,
        _ => false,
    };
    let tenant = match link.tenant {
        Some(id) => Some(gone(app.store.tenant_info(id).await)?),
        None => None,
    };
    Ok(Opened { link, about, known, tenant })
}

async fn has_account(app: &App, email: &str) -> Result<bool, StoreError> {
    match app.store.person_by_email(email).await {
        Err(StoreError::NotFound) => Ok(false),
        found => found.map(|_| true),
    }
}

/// Accepts an invitation, or the set-up link of a tenant, as who is signed in; their browser acts there from now on.
pub async fn accept(app: &App, secret: &str, signed: &SignedIn) -> Result<SignedIn, LinkError> {
    let (now, login) = (app.now(), signed.login.hash);
    let tenant = gone(app.store.accept(token::digest(secret), signed.person.id, now).await)?;
    app.store.move_login(login, tenant, now).await?;
    app.live.doubt();
    Ok(app.store.login(login, now).await?)
}

/// The answers of a person who takes a link.
pub struct Answers {
    /// The person's name; without one the name that the link knows.
    pub name: Option<String>,
    /// The address, if the link is not about somebody already.
    pub email: Option<String>,
    /// The password.
    pub password: String,
    /// What the ISP is called, if the link makes a tenant.
    pub tenant_name: Option<String>,
}

/// Takes a link; of several who try exactly one succeeds.
pub async fn take(app: &App, secret: &str, answers: Answers) -> Result<PersonId, LinkError> {
    let opened = look(app, secret).await?;
    if opened.link.kind == LinkKind::Demo {
        return Err(LinkError::UsedUp);
    }
    let mut newcomer = checked(app, &opened, &answers)?;
    newcomer.password = app.passwords.hash(answers.password).await?;
    let person = gone(app.store.redeem(token::digest(secret), newcomer).await)?;
    app.live.doubt();
    Ok(person)
}

/// Everything but the password's hash, or all that does not fit.
fn checked(app: &App, opened: &Opened, answers: &Answers) -> Result<Newcomer, Invalid> {
    let (mut fields, at) = (Fields::default(), app.now());
    let known = opened.about.as_ref();
    let name = answers.name.as_deref().filter(|name| !name.trim().is_empty());
    let name = name.or(known.map(|about| about.name.as_str())).unwrap_or_default();
    let name = fields.line("name", name, names::NAME);
    let email = answers.email.as_deref().filter(|email| !email.trim().is_empty());
    let email = match (known, email) {
        (Some(about), Some(email)) if names::folded(email) != about.email => {
            fields.refuse("email", "is not the address that this link was made for");
            String::new()
        }
        (Some(about), _) => about.email.clone(),
        (None, email) => fields.check("email", names::email(email.unwrap_or_default())).unwrap_or_default(),
    };
    if let Some(why) = guessing::weakness(&answers.password, &[&email, &name]) {
        fields.refuse("password", why);
    }
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

fn gone<T>(found: Result<T, StoreError>) -> Result<T, LinkError> {
    found.map_err(|error| match error {
        StoreError::NotFound => LinkError::UsedUp,
        other => other.into(),
    })
}
