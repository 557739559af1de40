//! How people come in: links that are taken, invitations that are accepted, addresses that are released.

use super::people::{
    insert_membership, insert_person, insert_tenant, link, memberships, person, person_by_email,
};
use super::{audit, invitations, people};
use crate::port::{Actor, Result, StoreError};
use imsys_domain::audit::{Action, Detail, role};
use imsys_domain::entry::{self as rules, Joining, Lead, lead};
use imsys_domain::people::{Invitation, Link, Membership, Newcomer, Person};
use imsys_domain::{PersonId, TenantId, Timestamp};
use rusqlite::{Connection, params};

/// Takes a link as somebody who is not signed in.
pub(crate) fn redeem(conn: &Connection, hash: &[u8; 32], newcomer: &Newcomer) -> Result<PersonId> {
    let link = take(conn, hash, newcomer.at)?;
    let invitation = match lead(&link).ok_or(StoreError::NotFound)? {
        Lead::Password(person) => return reset(conn, &link, person, newcomer),
        lead => invitation(conn, lead)?,
    };
    let taken = match person_by_email(conn, rules::address(invitation.as_ref(), newcomer)) {
        Err(StoreError::NotFound) => false,
        found => found.map(|_| true)?,
    };
    join(conn, rules::redeem(&link, invitation.as_ref(), newcomer, taken)?).map(|joined| joined.person)
}

/// Takes a link as somebody who is signed in; the tenant that it led into.
pub(crate) fn accept(conn: &Connection, hash: &[u8; 32], id: PersonId, at: Timestamp) -> Result<TenantId> {
    let link = take(conn, hash, at)?;
    let invitation = invitation(conn, lead(&link).ok_or(StoreError::NotFound)?)?;
    let person = person(conn, id)?;
    join(conn, rules::accept(&link, invitation.as_ref(), &person, at)?).map(|joined| joined.tenant)
}

/// The invitation that a link leads to, which is taken to become a member.
fn invitation(conn: &Connection, lead: Lead) -> Result<Option<Invitation>> {
    match lead {
        Lead::SetUp => Ok(None),
        Lead::Invitation(into, id) => invitations::get(conn, into.0.as_bytes(), id).map(Some),
        Lead::Password(_) => Err(StoreError::NotFound),
    }
}

/// Writes what follows from a link that was taken.
fn join(conn: &Connection, joining: Joining) -> Result<Membership> {
    let Joining { tenant, account, membership, invitation, ends_set_up, actor, action } = joining;
    let (into, at) = (membership.tenant.0, membership.since);
    if ends_set_up {
        conn.prepare_cached("DELETE FROM links WHERE kind = 'first' AND tenant IS NULL")?.execute([])?;
    }
    tenant.iter().try_for_each(|tenant| insert_tenant(conn, tenant))?;
    people::tenant(conn, into.as_bytes())?;
    account.iter().try_for_each(|account| insert_person(conn, account))?;
    insert_membership(conn, &membership)?;
    if let Some(invitation) = invitation {
        invitations::remove(conn, into.as_bytes(), invitation)?;
    }
    let (actor, detail) = (Actor { name: actor, at }, role(membership.role));
    audit::append(conn, into.as_bytes(), &actor, action, membership.person.0, detail)?;
    Ok(membership)
}

fn take(conn: &Connection, hash: &[u8; 32], at: Timestamp) -> Result<Link> {
    let link = link(conn, hash, at)?;
    conn.prepare_cached("DELETE FROM links WHERE hash = ?1")?.execute([hash])?;
    Ok(link)
}

/// A new password over a link.
fn reset(conn: &Connection, link: &Link, id: PersonId, newcomer: &Newcomer) -> Result<PersonId> {
    let found = person(conn, id)?;
    let of: Vec<_> = memberships(conn, found.id)?.into_iter().map(|(tenant, _)| tenant.id).collect();
    if !rules::resets(link, &found, &of) {
        return Err(StoreError::NotFound);
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
    note_everywhere(conn, &person, &Actor { name: person.email.clone(), at }, Action::MemberPassword)
}

/// Takes an address from the account that has it: nobody signs in with that account any more.
pub(crate) fn release(conn: &Connection, email: &str, at: Timestamp) -> Result<PersonId> {
    let person = person_by_email(conn, email)?;
    let Person { email, password, .. } = person.clone().released();
    let sql = "UPDATE people SET email = ?2, password = ?3 WHERE id = ?1";
    conn.prepare_cached(sql)?.execute(params![person.id.0.as_bytes(), email, password])?;
    sign_out(conn, person.id, None)?;
    note_everywhere(conn, &person, &Actor::system(at), Action::MemberRelease)?;
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

fn note_everywhere(conn: &Connection, person: &Person, actor: &Actor, action: Action) -> Result<()> {
    for (tenant, _) in memberships(conn, person.id)? {
        audit::append(conn, tenant.id.0.as_bytes(), actor, action, person.id.0, Detail::new())?;
    }
    Ok(())
}
