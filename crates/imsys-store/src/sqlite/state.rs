//! What the judge remembers of a service, in one small column that is written with every webhook:
//! a byte that says how the rest is written, and the rest.

use super::row::broken;
use crate::port::{Result, StoreError};
use imsys_domain::Timestamp;
use imsys_domain::presence::{EndedSession, OpenSession, Presence, Source, Status};
use rusqlite::Row;

/// [`Presence`] in postcard, field after field. A change of its fields needs another number here.
const NOW: u8 = 4;
/// The same, when the last check, the last field, was written otherwise.
const BEFORE: [u8; 3] = [1, 2, 3];

/// The fields that all have.
type Shared = (
    Status,
    Timestamp,
    Option<Timestamp>,
    Option<Source>,
    Vec<OpenSession>,
    Vec<EndedSession>,
    Option<Timestamp>,
);

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
        Some((number, rest)) if BEFORE.contains(number) => {
            postcard::take_from_bytes(rest).map(of_before).map_err(|_| broken("presence"))
        }
        _ => Err(broken("presence")),
    }
}

/// The next check looks anew.
fn of_before((shared, _): (Shared, &[u8])) -> Presence {
    let (status, since, confirmed, source, open, ended, offline_before) = shared;
    Presence { status, since, confirmed, source, open, ended, offline_before, checked: None }
}

/// The column `presence` of a row.
pub(crate) fn of(row: &Row<'_>) -> Result<Presence> {
    read(row.get_ref("presence")?.as_blob().map_err(|_| broken("presence"))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_earlier_version_wrote_is_read_but_for_its_check() {
        let state = Presence { confirmed: Some(Timestamp(7)), ..Presence::unknown(Timestamp(5)) };
        let shared: Shared = (
            state.status,
            state.since,
            state.confirmed,
            state.source,
            state.open.clone(),
            state.ended.clone(),
            state.offline_before,
        );
        for number in BEFORE {
            let mut old = postcard::to_extend(&shared, vec![number]).unwrap();
            old.extend([1, 9, 9, 9]);
            assert_eq!(read(&old).unwrap(), state);
        }
        assert_eq!(read(&write(&state).unwrap()).unwrap(), state);
    }
}
