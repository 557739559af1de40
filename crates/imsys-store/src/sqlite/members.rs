//! Members and keys of one tenant.

use super::SqliteTenant;
use super::people::{
    PERSON, insert_link, insert_membership, insert_person, memberships, person_by_email, read_membership,
    read_person, tenant,
};
use super::row::{collect, uuid, word};
use crate::model::{ApiKey, Link, LinkKind, Membership, Person, Settings, Tenant};
use crate::port::{Members, PersonDraft, Result, StoreError, Token};
use async_trait::async_trait;
use imsys_domain::access::Role;
use imsys_domain::{ApiKeyId, PersonId, TenantId, Timestamp};
use rusqlite::{Connection, Row, params};
use serde_json::json;
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
        "SELECT {PERSON}, m.tenant, m.person, m.role, m.since FROM memberships m JOIN people p ON p.id = m.person
         WHERE m.tenant = ?1 AND m.person = ?2"
    );
    let read = |row: &Row<'_>| Ok(read_person(row).and_then(|person| Ok((person, read_membership(row)?))));
    conn.prepare_cached(&sql)?.query_row(params![tenant, person.0.as_bytes()], read)?
}

/// Refuses when `person` is an admin and nobody else could administrate the tenant.
fn spare_last_admin(conn: &Connection, tenant: &[u8; 16], person: PersonId) -> Result<()> {
    if get(conn, tenant, person)?.1.role != Role::Admin {
        return Ok(());
    }
    let sql = "SELECT 1 FROM memberships m JOIN people p ON p.id = m.person
               WHERE m.tenant = ?1 AND m.role = 'admin' AND m.person <> ?2 AND p.password IS NOT NULL";
    let others = conn.prepare_cached(sql)?.exists(params![tenant, person.0.as_bytes()])?;
    if others { Ok(()) } else { Err(StoreError::InUse("the last admin: make somebody else admin first")) }
}

fn drop_links(conn: &Connection, tenant: &[u8; 16], person: PersonId) -> Result<()> {
    conn.prepare_cached("DELETE FROM links WHERE person = ?1 AND tenant = ?2")?
        .execute(params![person.0.as_bytes(), tenant])?;
    Ok(())
}

/// The person of that address, or a new one.
fn find_or_make(conn: &Connection, draft: &PersonDraft) -> Result<Person> {
    match person_by_email(conn, &draft.email) {
        Err(StoreError::NotFound) => {
            let (email, name) = (draft.email.clone(), draft.name.clone());
            let created = draft.created;
            let person = Person { id: draft.id, email, name, password: None, platform: false, created };
            insert_person(conn, &person).map(|()| person)
        }
        found => found,
    }
}

fn join(conn: &Connection, tenant: &[u8; 16], draft: &PersonDraft) -> Result<Person> {
    let person = find_or_make(conn, draft)?;
    let elsewhere = memberships(conn, person.id)?.iter().any(|(t, _)| t.id.0.as_bytes() != tenant);
    if person.password.is_none() && elsewhere {
        return Err(StoreError::InUse("this person has an invitation from elsewhere and must take it first"));
    }
    let tenant_id = TenantId(Uuid::from_bytes(*tenant));
    let membership =
        Membership { tenant: tenant_id, person: person.id, role: draft.role, since: draft.created };
    insert_membership(conn, &membership)?;
    if person.password.is_none() {
        drop_links(conn, tenant, person.id)?;
        let Token { hash, expires } = draft.invite;
        let (person, tenant) = (Some(person.id), Some(tenant_id));
        insert_link(conn, &Link { hash, kind: LinkKind::Invite, person, tenant, expires })?;
    }
    Ok(person)
}

#[async_trait]
impl Members for SqliteTenant {
    async fn members(&self) -> Result<Vec<(Person, Membership)>> {
        self.read(|conn, tenant| {
            let sql = format!(
                "SELECT {PERSON}, m.tenant, m.person, m.role, m.since FROM memberships m
                 JOIN people p ON p.id = m.person WHERE m.tenant = ?1 ORDER BY p.name, p.id"
            );
            let mut statement = conn.prepare_cached(&sql)?;
            collect(statement.query([tenant])?, |row| Ok((read_person(row)?, read_membership(row)?)))
        })
        .await
    }

    async fn member(&self, person: PersonId) -> Result<(Person, Membership)> {
        self.read(move |conn, tenant| get(conn, tenant, person)).await
    }

    async fn add_member(&self, draft: PersonDraft) -> Result<Person> {
        let actor = self.actor.clone();
        let detail = json!({ "email": draft.email, "role": draft.role });
        self.write(super::db::Lane::Interactive, move |conn, tenant| {
            let person = join(conn, tenant, &draft)?;
            super::audit::append(conn, tenant, &actor, "member.add", &person.id.to_string(), &detail)?;
            Ok(person)
        })
        .await
    }

    async fn set_role(&self, person: PersonId, role: Role) -> Result<()> {
        self.change("member.role", person.0, json!({ "role": role }), move |conn, tenant| {
            let (_, before) = get(conn, tenant, person)?;
            if before.role != role {
                spare_last_admin(conn, tenant, person)?;
            }
            conn.prepare_cached("UPDATE memberships SET role = ?3 WHERE tenant = ?1 AND person = ?2")?
                .execute(params![tenant, person.0.as_bytes(), role.name()])?;
            Ok(())
        })
        .await
    }

    async fn remove_member(&self, person: PersonId) -> Result<()> {
        self.change("member.remove", person.0, json!({}), move |conn, tenant| {
            spare_last_admin(conn, tenant, person)?;
            let who = params![tenant, person.0.as_bytes()];
            conn.prepare_cached("DELETE FROM memberships WHERE tenant = ?1 AND person = ?2")?.execute(who)?;
            conn.prepare_cached("UPDATE logins SET tenant = NULL WHERE tenant = ?1 AND person = ?2")?
                .execute(who)?;
            drop_links(conn, tenant, person)
        })
        .await
    }

    async fn reset_member(&self, person: PersonId, link: Token) -> Result<()> {
        self.change("member.reset", person.0, json!({}), move |conn, tenant| {
            let (found, membership) = get(conn, tenant, person)?;
            if found.platform || memberships(conn, person)?.len() > 1 {
                return Err(StoreError::InUse(
                    "this person is trusted beyond this tenant: `imsys admin reset` on the server makes the link",
                ));
            }
            drop_links(conn, tenant, person)?;
            let kind = if found.password.is_some() { LinkKind::Reset } else { LinkKind::Invite };
            let (hash, expires) = (link.hash, link.expires);
            insert_link(conn, &Link { hash, kind, person: Some(person), tenant: Some(membership.tenant), expires })
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
        let detail = json!({ "name": key.name, "role": key.role, "prefix": key.prefix });
        self.change("key.create", key.id.0, detail, move |conn, tenant| {
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
        self.change("key.rename", id.0, json!({ "name": name }), move |conn, tenant| {
            let sql = "UPDATE api_keys SET name = ?3 WHERE tenant = ?1 AND id = ?2";
            one(conn.prepare_cached(sql)?.execute(params![tenant, id.0.as_bytes(), name])?)
        })
        .await
    }

    async fn delete_api_key(&self, id: ApiKeyId) -> Result<()> {
        self.change("key.revoke", id.0, json!({}), move |conn, tenant| {
            let sql = "DELETE FROM api_keys WHERE tenant = ?1 AND id = ?2";
            one(conn.prepare_cached(sql)?.execute(params![tenant, id.0.as_bytes()])?)
        })
        .await
    }

    async fn info(&self) -> Result<Tenant> {
        self.read(tenant).await
    }

    async fn settings(&self) -> Result<Settings> {
        self.info().await.map(|tenant| tenant.settings)
    }

    async fn set_settings(&self, name: String, settings: Settings) -> Result<()> {
        let detail = json!({ "name": name, "settings": settings });
        self.change("tenant.settings", Uuid::from_bytes(self.tenant), detail, move |conn, tenant| {
            let sql = "UPDATE tenants SET name = ?2, settings = ?3 WHERE id = ?1";
            one(conn.prepare_cached(sql)?.execute(params![
                tenant,
                name,
                serde_json::to_string(&settings)?
            ])?)
        })
        .await
    }
}

/// Nothing was changed: it is not there.
fn one(changed: usize) -> Result<()> {
    if changed == 1 { Ok(()) } else { Err(StoreError::NotFound) }
}
