//! Members and keys of one tenant.

use super::SqliteTenant;
use super::invitations;
use super::people::{
    MEMBERSHIP, PERSON, insert_link, insert_membership, memberships, read_membership, read_person, tenant,
};
use super::row::{collect, uuid, word};
use crate::model::{ApiKey, Invitation, Link, LinkKind, Membership, Person};
use crate::port::{Members, PersonDraft, Result, StoreError, Token};
use async_trait::async_trait;
use imsys_domain::access::Role;
use imsys_domain::audit::{self, Action, Detail};
use imsys_domain::entry::{change_role, reset};
use imsys_domain::tenant::{Settings, Tenant};
use imsys_domain::{ApiKeyId, PersonId, TenantId, Timestamp};
use rusqlite::{Connection, Row, params};
use uuid::Uuid;

/// The columns that [`read_key`] wants.
pub(crate) const KEY: &str = "id, name, role, prefix, hash, created, expires, last_used";

/// A key from a row with [`KEY`].
pub(crate) fn read_key(row: &Row<'_>) -> Result<ApiKey> {
    Ok(ApiKey {
        id: ApiKeyId(uuid(row, "id")?),
        name: row.get("name")?,
        role: word(row, "role")?,
        prefix: row.get("prefix")?,
        hash: row.get("hash")?,
        created: Timestamp(row.get("created")?),
        expires: row.get::<_, Option<i64>>("expires")?.map(Timestamp),
        last_used: row.get::<_, Option<i64>>("last_used")?.map(Timestamp),
    })
}

fn get(conn: &Connection, tenant: &[u8; 16], person: PersonId) -> Result<(Person, Membership)> {
    let sql = format!(
        "SELECT {PERSON}, {MEMBERSHIP} FROM memberships m JOIN people p ON p.id = m.person
         WHERE m.tenant = ?1 AND m.person = ?2"
    );
    let read = |row: &Row<'_>| Ok(read_person(row).and_then(|person| Ok((person, read_membership(row)?))));
    conn.prepare_cached(&sql)?.query_row(params![tenant, person.0.as_bytes()], read)?
}

/// Everybody who is a member, by name.
fn all(conn: &Connection, tenant: &[u8; 16]) -> Result<Vec<(Person, Membership)>> {
    let sql = format!(
        "SELECT {PERSON}, {MEMBERSHIP} FROM memberships m
         JOIN people p ON p.id = m.person WHERE m.tenant = ?1 ORDER BY p.name, p.id"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    collect(statement.query([tenant])?, |row| Ok((read_person(row)?, read_membership(row)?)))
}

/// Refuses where `person` may not get the role `then` (`None`: leave).
fn check_role(conn: &Connection, tenant: &[u8; 16], person: PersonId, then: Option<Role>) -> Result<()> {
    get(conn, tenant, person)?;
    Ok(change_role(&all(conn, tenant)?, person, then)?)
}

#[async_trait]
impl Members for SqliteTenant {
    async fn members(&self) -> Result<Vec<(Person, Membership)>> {
        self.read(all).await
    }

    async fn member(&self, person: PersonId) -> Result<(Person, Membership)> {
        self.read(move |conn, tenant| get(conn, tenant, person)).await
    }

    async fn invitations(&self) -> Result<Vec<Invitation>> {
        self.read(|conn, tenant| {
            let sql = "SELECT * FROM invitations WHERE tenant = ?1 ORDER BY name, id";
            collect(conn.prepare_cached(sql)?.query([tenant])?, invitations::read)
        })
        .await
    }

    async fn invitation(&self, id: PersonId) -> Result<Invitation> {
        self.read(move |conn, tenant| invitations::get(conn, tenant, id)).await
    }

    async fn invite(&self, draft: PersonDraft) -> Result<bool> {
        let detail = audit::invited(&draft.email, draft.role);
        self.change(Action::MemberAdd, draft.id.0, detail, move |conn, tenant| {
            invitations::invite(conn, tenant, draft)
        })
        .await
    }

    async fn renew_invitation(&self, id: PersonId, link: Token) -> Result<()> {
        self.change(Action::MemberReset, id.0, Detail::new(), move |conn, tenant| {
            invitations::renew(conn, tenant, id, link)
        })
        .await
    }

    async fn renew_setup(&self, link: Token) -> Result<()> {
        self.change(Action::TenantLink, Uuid::from_bytes(self.tenant), Detail::new(), move |conn, tenant| {
            conn.prepare_cached("DELETE FROM links WHERE kind = 'first' AND tenant = ?1")?
                .execute([tenant])?;
            let (kind, Token { hash, expires }) = (LinkKind::First, link);
            let tenant = Some(TenantId(Uuid::from_bytes(*tenant)));
            insert_link(conn, &Link { hash, kind, person: None, tenant, expires })
        })
        .await
    }

    async fn join(&self, person: PersonId, role: Role) -> Result<()> {
        let since = self.actor.at;
        self.change(Action::MemberJoin, person.0, audit::role(role), move |conn, tenant| {
            let tenant = TenantId(Uuid::from_bytes(*tenant));
            insert_membership(conn, &Membership { tenant, person, role, since, entered: None })
        })
        .await
    }

    async fn set_role(&self, person: PersonId, role: Role) -> Result<()> {
        self.change(Action::MemberRole, person.0, audit::role(role), move |conn, tenant| {
            if invitations::set_role(conn, tenant, person, role)? {
                return Ok(());
            }
            check_role(conn, tenant, person, Some(role))?;
            conn.prepare_cached("UPDATE memberships SET role = ?3 WHERE tenant = ?1 AND person = ?2")?
                .execute(params![tenant, person.0.as_bytes(), role.name()])?;
            Ok(())
        })
        .await
    }

    async fn remove_member(&self, person: PersonId) -> Result<()> {
        self.change(Action::MemberRemove, person.0, Detail::new(), move |conn, tenant| {
            if invitations::remove(conn, tenant, person)? {
                return Ok(());
            }
            check_role(conn, tenant, person, None)?;
            let who = params![tenant, person.0.as_bytes()];
            conn.prepare_cached("DELETE FROM memberships WHERE tenant = ?1 AND person = ?2")?.execute(who)?;
            conn.prepare_cached("UPDATE logins SET tenant = NULL WHERE tenant = ?1 AND person = ?2")?
                .execute(who)?;
            Ok(())
        })
        .await
    }

    async fn reset_member(&self, person: PersonId, link: Token) -> Result<()> {
        self.change(Action::MemberReset, person.0, Detail::new(), move |conn, tenant| {
            let (found, membership) = get(conn, tenant, person)?;
            reset(&found, memberships(conn, person)?.len())?;
            invitations::drop_links(conn, tenant, person)?;
            let (hash, expires, tenant) = (link.hash, link.expires, Some(membership.tenant));
            insert_link(conn, &Link { hash, kind: LinkKind::Reset, person: Some(person), tenant, expires })
        })
        .await
    }

    async fn api_keys(&self) -> Result<Vec<ApiKey>> {
        self.read(|conn, tenant| {
            let sql = format!("SELECT {KEY} FROM api_keys WHERE tenant = ?1 ORDER BY name, id");
            let mut statement = conn.prepare_cached(&sql)?;
            collect(statement.query([tenant])?, read_key)
        })
        .await
    }

    async fn api_key(&self, id: ApiKeyId) -> Result<ApiKey> {
        self.read(move |conn, tenant| {
            let sql = format!("SELECT {KEY} FROM api_keys WHERE tenant = ?1 AND id = ?2");
            conn.prepare_cached(&sql)?.query_row(params![tenant, id.0.as_bytes()], |row| Ok(read_key(row)))?
        })
        .await
    }

    async fn create_api_key(&self, key: ApiKey) -> Result<()> {
        let detail = audit::key_made(&key.name, key.role, &key.prefix);
        self.change(Action::KeyCreate, key.id.0, detail, move |conn, tenant| {
            let sql = "INSERT INTO api_keys (id, tenant, name, role, prefix, hash, created, expires)
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
            conn.prepare_cached(sql)?.execute(params![
                key.id.0.as_bytes(),
                tenant,
                key.name,
                key.role.name(),
                key.prefix,
                key.hash,
                key.created.millis(),
                key.expires.map(Timestamp::millis),
            ])?;
            Ok(())
        })
        .await
    }

    async fn rename_api_key(&self, id: ApiKeyId, name: String) -> Result<()> {
        self.change(Action::KeyRename, id.0, audit::called(&name), move |conn, tenant| {
            let sql = "UPDATE api_keys SET name = ?3 WHERE tenant = ?1 AND id = ?2";
            one(conn.prepare_cached(sql)?.execute(params![tenant, id.0.as_bytes(), name])?)
        })
        .await
    }

    async fn delete_api_key(&self, id: ApiKeyId) -> Result<()> {
        self.change(Action::KeyRevoke, id.0, Detail::new(), move |conn, tenant| {
            let sql = "DELETE FROM api_keys WHERE tenant = ?1 AND id = ?2";
            one(conn.prepare_cached(sql)?.execute(params![tenant, id.0.as_bytes()])?)
        })
        .await
    }

    async fn info(&self) -> Result<Tenant> {
        self.read(tenant).await
    }

    async fn set_settings(&self, name: String, settings: Settings) -> Result<()> {
        self.change_told(Action::TenantSettings, Uuid::from_bytes(self.tenant), move |conn, id| {
            let before = tenant(conn, id)?;
            let detail = audit::tenant_changed((&before.name, &before.settings), (&name, &settings));
            let sql = "UPDATE tenants SET name = ?2, settings = ?3 WHERE id = ?1";
            one(conn.prepare_cached(sql)?.execute(params![id, name, serde_json::to_string(&settings)?])?)?;
            Ok(((), detail))
        })
        .await
    }
}

/// Nothing was changed: it is not there.
fn one(changed: usize) -> Result<()> {
    if changed == 1 { Ok(()) } else { Err(StoreError::NotFound) }
}
