//! What every file of a tenant's handle shares: reading, writing with an audit line, checks of references.

use super::db::Lane;
use super::{SqliteTenant, audit};
use crate::port::{FencingToken, Result, StoreError};
use imsys_domain::audit::{Action, Detail};
use rusqlite::Connection;
use uuid::Uuid;

impl SqliteTenant {
    /// Reads on behalf of this tenant.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection, &[u8; 16]) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let tenant = self.tenant;
        self.db.caught_up().await?;
        self.db.read_of(tenant, move |conn| work(conn, &tenant)).await
    }

    /// The same for what reads everything of the tenant, however long that takes.
    pub(crate) async fn read_through<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection, &[u8; 16]) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let tenant = self.tenant;
        self.db.caught_up().await?;
        self.db.read_through(move |conn| work(conn, &tenant)).await
    }

    /// The same as [`read`](Self::read) for the little that [`Db::glance`](super::db::Db::glance) is for.
    pub(crate) async fn glance<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection, &[u8; 16]) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let tenant = self.tenant;
        self.db.caught_up().await?;
        self.db.glance_of(tenant, move |conn| work(conn, &tenant)).await
    }

    /// Writes on behalf of this tenant.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        lane: Lane,
        work: impl FnOnce(&Connection, &[u8; 16]) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (tenant, token) = (self.tenant, self.token);
        let work = move |conn: &Connection| {
            token.map_or(Ok(()), |token| check_token(conn, token))?;
            work(conn, &tenant)
        };
        self.db.write(lane, work).await
    }

    /// A change by the actor: the change and its line in the audit log stand or fall together.
    pub(crate) async fn change<T: Send + 'static>(
        &self,
        action: Action,
        object: Uuid,
        detail: Detail,
        work: impl FnOnce(&Connection, &[u8; 16]) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.change_told(action, object, move |conn, tenant| Ok((work(conn, tenant)?, detail))).await
    }

    /// The same where only the change itself can tell what it makes different.
    pub(crate) async fn change_told<T: Send + 'static>(
        &self,
        action: Action,
        object: Uuid,
        work: impl FnOnce(&Connection, &[u8; 16]) -> Result<(T, Detail)> + Send + 'static,
    ) -> Result<T> {
        let actor = self.actor.clone();
        self.write(Lane::Interactive, move |conn, tenant| {
            let (done, detail) = work(conn, tenant)?;
            audit::append(conn, tenant, &actor, action, object, detail)?;
            Ok(done)
        })
        .await
    }
}

fn check_token(conn: &Connection, token: FencingToken) -> Result<()> {
    let mut statement = conn.prepare_cached("SELECT fencing FROM routers WHERE id = ?1")?;
    let number: i64 = statement.query_row([token.router.0.as_bytes()], |row| row.get(0))?;
    if number == token.number { Ok(()) } else { Err(StoreError::Fenced) }
}
