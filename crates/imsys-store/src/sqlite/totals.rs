//! How many services there are: to count a hundred thousand takes longer than to read a page of them, and
//! every page tells the total.
//!
//! A total that was counted holds until `touched` goes on, which it does with every service that is made,
//! changed by people or archived. Nothing here is more than a copy: each use asks for `touched` first.

use crate::port::Result;
use imsys_domain::service::Kind;
use rusqlite::Connection;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Totals remembered at most.
const MOST: usize = 1024;

/// Which services of a tenant: archived or not, of one kind or of all.
pub(super) type Which = ([u8; 16], bool, Option<Kind>);

/// Totals that were counted, each with the `touched` it was counted at.
#[derive(Clone, Default)]
pub(super) struct Totals(Arc<Mutex<HashMap<Which, (i64, u64)>>>);

impl Totals {
    /// The total, counted if need be.
    pub(super) fn get(
        &self,
        conn: &Connection,
        which: Which,
        count: impl FnOnce() -> Result<u64>,
    ) -> Result<u64> {
        let sql = "SELECT coalesce(max(touched), 0) FROM services WHERE tenant = ?1";
        // Before the count: what comes in between makes the next one count again.
        let touched: i64 = conn.prepare_cached(sql)?.query_row([which.0], |row| row.get(0))?;
        let known = self.known().get(&which).copied();
        if let Some((_, total)) = known.filter(|(at, _)| *at == touched) {
            return Ok(total);
        }
        let total = count()?;
        let mut known = self.known();
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(which, (touched, total));
        Ok(total)
    }

    fn known(&self) -> std::sync::MutexGuard<'_, HashMap<Which, (i64, u64)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
