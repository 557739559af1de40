//! What is remembered of attempts with passwords, so that nobody guesses for long.

use imsys_domain::guessing::Bucket;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// Buckets that are remembered: a few MB, whatever is sent.
const REMEMBERED: usize = 20_000;

/// A bucket of attempts, by the digest of what it is about: each takes the same few bytes.
pub(crate) type Key = (Bucket, [u8; 32]);

/// The debts of all buckets.
pub(crate) struct Debts {
    began: Instant,
    /// When the attempts of each bucket will be forgotten, in milliseconds after `began`. The monotonic clock counts:
    /// one that people or NTP set would lock them out.
    ends: Mutex<HashMap<Key, i64>>,
}

impl Default for Debts {
    fn default() -> Self {
        Self { began: Instant::now(), ends: Mutex::default() }
    }
}

impl Debts {
    fn ends(&self) -> MutexGuard<'_, HashMap<Key, i64>> {
        self.ends.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Milliseconds that these debts have been kept for.
    pub(crate) fn uptime(&self) -> i64 {
        i64::try_from(self.began.elapsed().as_millis()).unwrap_or(i64::MAX)
    }

    /// Counts an attempt at `now` in every bucket, or in none: the seconds, 1 at least, until there is room in all
    /// of them.
    pub(crate) fn charge_at(&self, keys: &[Key], now: i64) -> Result<(), u32> {
        let mut ends = self.ends();
        let debt = |ends: &HashMap<Key, i64>, key| (ends.get(key).copied().unwrap_or(now) - now).max(0);
        let longest = keys.iter().map(|key| key.0.wait(debt(&ends, key))).max().unwrap_or(0);
        if longest > 0 {
            return Err(u32::try_from(longest / 1000 + 1).unwrap_or(u32::MAX));
        }
        make_room(&mut ends, now);
        for key in keys {
            let charged = key.0.charged(debt(&ends, key));
            ends.insert(*key, now + charged);
        }
        Ok(())
    }

    /// One attempt in this bucket does not count.
    pub(crate) fn refund(&self, key: &Key) {
        self.ends().entry(*key).and_modify(|until| *until = key.0.refunded(*until));
    }

    /// No attempt in this bucket counts any more.
    pub(crate) fn forget(&self, key: &Key) {
        self.ends().remove(key);
    }
}

/// Keeps the map within its bound: first goes what is forgotten anyway, then the quarter that would be soonest.
fn make_room(ends: &mut HashMap<Key, i64>, now: i64) {
    if ends.len() < REMEMBERED {
        return;
    }
    ends.retain(|_, until| *until > now);
    if ends.len() >= REMEMBERED {
        let mut all: Vec<i64> = ends.values().copied().collect();
        let (_, quarter, _) = all.select_nth_unstable(REMEMBERED / 4);
        let quarter = *quarter;
        ends.retain(|_, until| *until > quarter);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::digest;

    #[test]
    fn what_is_remembered_is_bounded() {
        let debts = Debts::default();
        for n in 0..30_000 {
            let keys = [Bucket::AccountFrom, Bucket::Source].map(|bucket| (bucket, digest(&n.to_string())));
            assert_eq!(debts.charge_at(&keys, 0), Ok(()));
        }
        let ends = debts.ends();
        assert!(ends.len() <= REMEMBERED + 2, "{}", ends.len());
        assert!(ends.len() >= REMEMBERED / 2, "the newest are not forgotten: {}", ends.len());
    }
}
