//! What the judge remembers of a service, in one small column that is written with every webhook:
//! a byte that says how the rest is written, and the rest.

use super::row::broken;
use crate::port::{Result, StoreError};
use imsys_domain::presence::Presence;
use rusqlite::Row;

/// [`Presence`] in postcard, field after field. A change of its fields needs another number here.
const NOW: u8 = 5;

/// The column's bytes.
pub(crate) fn write(state: &Presence) -> Result<Vec<u8>> {
    // Room for a few sessions: to grow byte by byte takes longer than to write them.
    let mut bytes = Vec::with_capacity(512);
    bytes.push(NOW);
    postcard::to_extend(state, bytes).map_err(|error| StoreError::Failed(error.to_string()))
}

/// What the bytes say.
pub(crate) fn read(bytes: &[u8]) -> Result<Presence> {
    match bytes.split_first() {
        Some((&NOW, rest)) => postcard::from_bytes(rest).map_err(|_| broken("presence")),
        _ => Err(broken("presence")),
    }
}

/// The column `presence` of a row.
pub(crate) fn of(row: &Row<'_>) -> Result<Presence> {
    read(row.get_ref("presence")?.as_blob().map_err(|_| broken("presence"))?)
}
