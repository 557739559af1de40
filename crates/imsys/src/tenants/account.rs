//! A person's own account: the password, the sign-ins, leaving a tenant.

use super::{Browser, FormError, longer};
use crate::app::App;
use crate::fields::{Fields, Invalid};
use crate::passwords::Attempt;
use imsys_domain::{TenantId, guessing};
use imsys_store::model::{Login, SignedIn};
use imsys_store::{Actor, StoreError};
use uuid::Uuid;

/// The public id of a sign-in: half of the digest by which its secret is known. Nobody gets from it to the secret.
pub fn id_of(login: &Login) -> Uuid {
    let [half @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] = login.hash;
    Uuid::from_bytes(half)
}

/// Replaces the password of who is signed in and knows the `current` one; every other sign-in of theirs ends.
pub async fn change_password(
    app: &App,
    signed: &SignedIn,
    browser: &Browser,
    current: String,
    new: String,
) -> Result<(), FormError> {
    let person = &signed.person;
    let mut fields = Fields::default();
    if let Some(why) = guessing::weakness(&new, &[&person.email, &person.name]) {
        fields.refuse("password", why);
    }
    if longer(&current, guessing::LONGEST) {
        fields.refuse("current", WRONG);
    }
    fields.done()?;
    // Who has found an open browser must not guess on, and must not lock the owner out elsewhere.
    let own = person.id.to_string();
    let attempt = Attempt { account: &person.email, from: browser.address, known: Some(&own) };
    app.passwords.attempt(attempt)?;
    if !app.passwords.verify(current, person.password.clone(), true).await? {
        return Err(Invalid::one("current", WRONG).into());
    }
    app.passwords.forgive(attempt);
    let hash = app.passwords.hash(new).await?;
    app.store.set_password(person.id, hash, signed.login.hash, app.now()).await?;
    app.live.doubt();
    Ok(())
}

const WRONG: &str = "is not your password";

/// Ends one sign-in of who is signed in, or, without an id, all but this one.
pub async fn end_sign_ins(app: &App, signed: &SignedIn, id: Option<Uuid>) -> Result<(), StoreError> {
    let logins = app.store.logins(signed.person.id, app.now()).await?;
    let ends = |login: &&Login| match id {
        Some(id) => id_of(login) == id,
        None => login.hash != signed.login.hash,
    };
    let ending: Vec<&Login> = logins.iter().filter(ends).collect();
    if id.is_some() && ending.is_empty() {
        return Err(StoreError::NotFound);
    }
    for login in ending {
        app.store.end_login(login.hash).await?;
    }
    app.live.doubt();
    Ok(())
}

/// Leaves a tenant. The last admin stays.
pub async fn leave(app: &App, signed: &SignedIn, tenant: TenantId) -> Result<(), StoreError> {
    if !signed.memberships.iter().any(|(known, _)| known.id == tenant) {
        return Err(StoreError::NotFound);
    }
    let actor = Actor { name: signed.person.email.clone(), at: app.now() };
    app.store.tenant(tenant, actor).remove_member(signed.person.id).await?;
    app.live.doubt();
    Ok(())
}
