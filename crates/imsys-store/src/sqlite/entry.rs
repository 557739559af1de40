//! How people come in: links that are taken, invitations that are accepted, addresses that are released.

use super::people::{
    insert_membership, insert_person, insert_tenant, link, memberships, person, person_by_email, tenant,
};
use super::{audit, invitations};
use crate::model::{Invitation, Link, LinkKind, Membership, Newcomer, Person};
use crate::port::{Actor, Reference, Result, StoreError, Taken};
use imsys_domain::entry::{Offer, Refusal, Taking, may_reset, taking};
use imsys_domain::hindrance::Hindrance;
use imsys_domain::{PersonId, TenantId, Timestamp};
use rusqlite::{Connection, params};
use serde_json::json;

/// An offer as its link has it.
struct Offered {
    offer: Offer,
    tenant: Option<TenantId>,
    invitation: Option<Invitation>,
}

impl Offered {
    fn of(conn: &Connection, link: &Link) -> Result<Self> {
        let (kind, tenant) = (link.kind, link.tenant);
        match (kind, tenant, link.person) {
            (LinkKind::First, None, _) => Ok(Self { offer: Offer::Installation, tenant, invitation: None }),
            (LinkKind::First, Some(_), _) => Ok(Self { offer: Offer::Tenant, tenant, invitation: None }),
            (LinkKind::Invite, Some(into), Some(id)) => {
                let invitation = invitations::get(conn, into.0.as_bytes(), id)?;
                Ok(Self { offer: Offer::Member(invitation.role), tenant, invitation: Some(invitation) })
            }
            _ => Err(StoreError::NotFound),
        }
    }

    fn taking(&self, taken: bool, signed_in: Option<&str>) -> Result<Taking> {
        let invited = self.invitation.as_ref().map(|invitation| invitation.email.as_str());
        taking(self.offer, invited, taken, signed_in).map_err(|refusal| match refusal {
            Refusal::SignInFirst => StoreError::Exists(Taken::Account),
            Refusal::OtherAddress => Hindrance::OtherAddress.into(),
            Refusal::NewAccountOnly => Hindrance::NewAccountOnly.into(),
        })
    }

    /// Makes the person a member, and takes the invitation away.
    fn join(&self, conn: &Connection, into: TenantId, person: &Person, at: Timestamp) -> Result<()> {
        let role = self.offer.grants().role;
        let membership = Membership { tenant: into, person: person.id, role, since: at, entered: None };
        insert_membership(conn, &membership)?;
        let (actor, object) = (Actor { name: person.email.clone(), at }, person.id.to_string());
        let action = match &self.invitation {
            Some(invitation) => {
                invitations::remove(conn, into.0.as_bytes(), invitation.id)?;
                "member.join"
            }
            None => "tenant.setup",
        };
        audit::append(conn, into.0.as_bytes(), &actor, action, &object, &json!({ "role": role }))
    }
}

/// Takes a link as somebody who is not signed in.
pub(crate) fn redeem(conn: &Connection, hash: &[u8; 32], newcomer: &Newcomer) -> Result<PersonId> {
    let link = take(conn, hash, newcomer.at)?;
    if link.kind == LinkKind::Reset {
        return reset(conn, &link, newcomer);
    }
    let offered = Offered::of(conn, &link)?;
    let email = offered.invitation.as_ref().map_or(&newcomer.email, |invitation| &invitation.email).clone();
    let taken = match person_by_email(conn, &email) {
        Err(StoreError::NotFound) => false,
        found => found.map(|_| true)?,
    };
    let Taking::NewAccount = offered.taking(taken, None)? else { return Err(StoreError::NotFound) };
    let id = offered.invitation.as_ref().map_or(newcomer.id, |invitation| invitation.id);
    let into = match (offered.tenant, &newcomer.tenant) {
        (Some(id), _) => tenant(conn, id.0.as_bytes())?.id,
        (None, Some(new)) => insert_tenant(conn, new).map(|()| new.id)?,
        (None, None) => return Err(StoreError::Dangling(Reference::NewTenant)),
    };
    if offered.offer == Offer::Installation {
        // Links of earlier starts would let somebody else in as the first.
        conn.prepare_cached("DELETE FROM links WHERE kind = 'first' AND tenant IS NULL")?.execute([])?;
    }
    let (name, password) = (newcomer.name.clone(), Some(newcomer.password.clone()));
    let platform = offered.offer.grants().platform;
    let person = Person { id, email, name, password, platform, created: newcomer.at };
    insert_person(conn, &person)?;
    offered.join(conn, into, &person, newcomer.at)?;
    Ok(id)
}

/// Takes a link as somebody who is signed in; the tenant that it led into.
pub(crate) fn accept(conn: &Connection, hash: &[u8; 32], id: PersonId, at: Timestamp) -> Result<TenantId> {
    let link = take(conn, hash, at)?;
    let (offered, person) = (Offered::of(conn, &link)?, person(conn, id)?);
    let Taking::Accept = offered.taking(true, Some(&person.email))? else { return Err(StoreError::NotFound) };
    let into = offered.tenant.ok_or(StoreError::NotFound)?;
    offered.join(conn, into, &person, at)?;
    Ok(into)
}

fn take(conn: &Connection, hash: &[u8; 32], at: Timestamp) -> Result<Link> {
    let link = link(conn, hash, at)?;
    conn.prepare_cached("DELETE FROM links WHERE hash = ?1")?.execute([hash])?;
    Ok(link)
}

/// A new password over a link; one of a tenant's admin counts only for who is trusted by that tenant alone.
fn reset(conn: &Connection, link: &Link, newcomer: &Newcomer) -> Result<PersonId> {
    let found = person(conn, link.person.ok_or(StoreError::NotFound)?)?;
    let of = memberships(conn, found.id)?;
    if let Some(tenant) = link.tenant {
        let member = of.iter().any(|(here, _)| here.id == tenant);
        if !member || !may_reset(found.platform, of.len()) {
            return Err(StoreError::NotFound);
        }
    }
    let sql = "UPDATE people SET name = ?2 WHERE id = ?1";
    conn.prepare_cached(sql)?.execute(params![found.id.0.as_bytes(), newcomer.name])?;
    set_password(conn, found.id, &newcomer.password, None, newcomer.at)?;
    Ok(found.id)
}

/// Sets a password and signs the person out everywhere but in the browser to `keep`.
pub(crate) fn set_password(
    conn: &Connection,
    id: PersonId,
    password: &str,
    keep: Option<[u8; 32]>,
    at: Timestamp,
) -> Result<()> {
    let person = person(conn, id)?;
    let key = id.0.as_bytes();
    conn.prepare_cached("UPDATE people SET password = ?2 WHERE id = ?1")?.execute(params![key, password])?;
    sign_out(conn, id, keep)?;
    note_everywhere(conn, &person, &Actor { name: person.email.clone(), at }, "member.password")
}

/// Takes an address from the account that has it: nobody signs in with that account any more.
pub(crate) fn release(conn: &Connection, email: &str, at: Timestamp) -> Result<PersonId> {
    let person = person_by_email(conn, email)?;
    let sql = "UPDATE people SET email = ?2, password = NULL WHERE id = ?1";
    let left = format!("released-{}", person.id);
    conn.prepare_cached(sql)?.execute(params![person.id.0.as_bytes(), left])?;
    sign_out(conn, person.id, None)?;
    note_everywhere(conn, &person, &Actor::system(at), "member.release")?;
    Ok(person.id)
}

/// Ends the person's logins but the one to `keep`, and takes back the links for a new password.
fn sign_out(conn: &Connection, id: PersonId, keep: Option<[u8; 32]>) -> Result<()> {
    let id = id.0.as_bytes();
    let sql = "DELETE FROM logins WHERE person = ?1 AND (?2 IS NULL OR hash <> ?2)";
    conn.prepare_cached(sql)?.execute(params![id, keep])?;
    conn.prepare_cached("DELETE FROM links WHERE person = ?1")?.execute([id])?;
    Ok(())
}

fn note_everywhere(conn: &Connection, person: &Person, actor: &Actor, action: &str) -> Result<()> {
    let object = person.id.to_string();
    for (tenant, _) in memberships(conn, person.id)? {
        audit::append(conn, tenant.id.0.as_bytes(), actor, action, &object, &json!({}))?;
    }
    Ok(())
}
