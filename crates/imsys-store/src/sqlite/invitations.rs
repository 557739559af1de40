//! Invitations into a tenant, as rows: nobody is a member by them.

use super::people::{insert_link, person_by_email};
use super::row::{unique, uuid, word};
use crate::model::{Invitation, Link, LinkKind};
use crate::port::{PersonDraft, Result, StoreError, Taken, Token};
use imsys_domain::access::Role;
use imsys_domain::{PersonId, TenantId, Timestamp};
use rusqlite::{Connection, Row, params};
use uuid::Uuid;

/// An invitation from a row of its table.
pub(crate) fn read(row: &Row<'_>) -> Result<Invitation> {
    Ok(Invitation {
        id: PersonId(uuid(row, "id")?),
        tenant: TenantId(uuid(row, "tenant")?),
        email: row.get("email")?,
        name: row.get("name")?,
        role: word(row, "role")?,
        created: Timestamp(row.get("created")?),
    })
}

/// One invitation of a tenant.
pub(crate) fn get(conn: &Connection, tenant: &[u8; 16], id: PersonId) -> Result<Invitation> {
    let sql = "SELECT * FROM invitations WHERE tenant = ?1 AND id = ?2";
    conn.prepare_cached(sql)?.query_row(params![tenant, id.0.as_bytes()], |row| Ok(read(row)))?
}

/// Adds an invitation.
pub(crate) fn insert(conn: &Connection, invitation: &Invitation) -> Result<()> {
    let sql =
        "INSERT INTO invitations (id, tenant, email, name, role, created) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let done = conn.prepare_cached(sql)?.execute(params![
        invitation.id.0.as_bytes(),
        invitation.tenant.0.as_bytes(),
        invitation.email,
        invitation.name,
        invitation.role.name(),
        invitation.created.millis(),
    ]);
    unique(done, Taken::Invitation).map(|_| ())
}

/// Keeps an invitation and its link; whether the address has an account.
pub(crate) fn invite(conn: &Connection, tenant: &[u8; 16], draft: PersonDraft) -> Result<bool> {
    let account = match person_by_email(conn, &draft.email) {
        Err(StoreError::NotFound) => None,
        found => Some(found?),
    };
    if let Some(person) = &account {
        let sql = "SELECT 1 FROM memberships WHERE tenant = ?1 AND person = ?2";
        if conn.prepare_cached(sql)?.exists(params![tenant, person.id.0.as_bytes()])? {
            return Err(StoreError::Exists(Taken::Membership));
        }
    }
    let PersonDraft { id, email, name, role, created, invite } = draft;
    let tenant_id = TenantId(Uuid::from_bytes(*tenant));
    insert(conn, &Invitation { id, tenant: tenant_id, email, name, role, created })?;
    renew(conn, tenant, id, invite)?;
    Ok(account.is_some())
}

/// Keeps another link for an invitation; the one before stops working.
pub(crate) fn renew(conn: &Connection, tenant: &[u8; 16], id: PersonId, link: Token) -> Result<()> {
    let invitation = get(conn, tenant, id)?;
    drop_links(conn, tenant, id)?;
    let Token { hash, expires } = link;
    let (person, tenant) = (Some(id), Some(invitation.tenant));
    insert_link(conn, &Link { hash, kind: LinkKind::Invite, person, tenant, expires })
}

/// Changes the role that an invitation will give; whether there is one.
pub(crate) fn set_role(conn: &Connection, tenant: &[u8; 16], id: PersonId, role: Role) -> Result<bool> {
    let sql = "UPDATE invitations SET role = ?3 WHERE tenant = ?1 AND id = ?2";
    Ok(conn.prepare_cached(sql)?.execute(params![tenant, id.0.as_bytes(), role.name()])? == 1)
}

/// Takes an invitation and its link back; whether there was one.
pub(crate) fn remove(conn: &Connection, tenant: &[u8; 16], id: PersonId) -> Result<bool> {
    drop_links(conn, tenant, id)?;
    let sql = "DELETE FROM invitations WHERE tenant = ?1 AND id = ?2";
    Ok(conn.prepare_cached(sql)?.execute(params![tenant, id.0.as_bytes()])? == 1)
}

/// Takes back every link into this tenant that is about this person or invitation.
pub(crate) fn drop_links(conn: &Connection, tenant: &[u8; 16], id: PersonId) -> Result<()> {
    conn.prepare_cached("DELETE FROM links WHERE person = ?1 AND tenant = ?2")?
        .execute(params![id.0.as_bytes(), tenant])?;
    Ok(())
}
