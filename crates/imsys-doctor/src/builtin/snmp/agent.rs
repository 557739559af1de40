//! One device that can be asked.

use async_trait::async_trait;

use super::{Oid, SnmpError, Varbind};

/// An agent as the requests of SNMP see it. A call ends in bounded time.
#[async_trait]
pub trait Agent: Send + Sync {
    /// False for v1, which has no GETBULK.
    fn knows_bulk(&self) -> bool;

    /// The values of exactly `oids`, in their order; [`Value::Missing`](super::Value::Missing) for what
    /// a v2c or v3 agent does not have. A v1 agent refuses the request with `NoSuchName`.
    ///
    /// # Errors
    /// See [`SnmpError`].
    async fn get(&self, oids: &[Oid]) -> Result<Vec<Varbind>, SnmpError>;

    /// The object behind `oid`.
    ///
    /// # Errors
    /// See [`SnmpError`].
    async fn get_next(&self, oid: &Oid) -> Result<Varbind, SnmpError>;

    /// Up to `repetitions` objects behind `oid`.
    ///
    /// # Errors
    /// See [`SnmpError`].
    async fn get_bulk(&self, oid: &Oid, repetitions: u32) -> Result<Vec<Varbind>, SnmpError>;
}
