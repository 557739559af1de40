//! How many webhooks a router may send: a bucket for each, and nothing that one router's waits for another's.

use imsys_domain::RouterId;
use imsys_domain::bucket::Bucket;
use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

/// Buckets kept before those that are full are forgotten: a new one is as full.
const KEPT: usize = 10_000;

/// What a router's bucket knows: when it is full again, in nanoseconds of [`Limit`]'s clock.
pub(crate) type Level = Arc<AtomicI64>;

/// The limit of this process, and the bucket of every router that called.
pub struct Limit {
    bucket: Bucket,
    begun: Instant,
    levels: Mutex<HashMap<RouterId, Level>>,
}

impl Limit {
    /// `burst` webhooks at once, `per_second` in the long run.
    pub fn new(burst: u32, per_second: u32) -> Self {
        let bucket = Bucket::new(burst, per_second);
        Self { bucket, begun: Instant::now(), levels: Mutex::default() }
    }

    fn now(&self) -> i64 {
        i64::try_from(self.begun.elapsed().as_nanos()).unwrap_or(i64::MAX)
    }

    /// The router's bucket, to be kept with what is remembered of the router.
    pub(crate) fn level(&self, router: RouterId) -> Level {
        let mut levels = self.levels.lock().unwrap_or_else(PoisonError::into_inner);
        if levels.len() >= KEPT && !levels.contains_key(&router) {
            let now = self.now();
            levels.retain(|_, level| level.load(Ordering::Relaxed) > now);
        }
        Arc::clone(levels.entry(router).or_default())
    }

    /// Takes one from the bucket; the seconds until there is one, when it is empty.
    pub(crate) fn take(&self, level: &AtomicI64) -> Result<(), u32> {
        let now = self.now();
        let mut wait = 0;
        let taken = level.try_update(Ordering::Relaxed, Ordering::Relaxed, |full| {
            self.bucket.take(full, now).map_err(|seconds| wait = seconds).ok()
        });
        taken.map(|_| ()).map_err(|_| wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use imsys_domain::Timestamp;

    #[test]
    fn each_router_has_a_bucket_of_its_own_that_outlives_what_is_remembered_of_it() {
        let limit = Limit::new(u32::MAX, 1);
        let router = |n: u8| RouterId::new(Timestamp(1), [n; 10]);
        limit.take(&limit.level(router(1))).unwrap();
        assert!(Arc::ptr_eq(&limit.level(router(1)), &limit.level(router(1))));
        assert!(limit.level(router(1)).load(Ordering::Relaxed) > 0);
        assert_eq!(limit.level(router(2)).load(Ordering::Relaxed), 0);
    }

    #[test]
    fn only_full_buckets_are_forgotten() {
        let limit = Limit::new(u32::MAX, 1);
        let router = |n: u128| RouterId(uuid::Uuid::from_u128(n));
        limit.level(router(0)).store(i64::MAX, Ordering::Relaxed);
        for n in 1..=KEPT as u128 {
            limit.level(router(n));
        }
        assert_eq!(limit.level(router(0)).load(Ordering::Relaxed), i64::MAX);
        assert!(limit.levels.lock().unwrap().len() < KEPT);
    }
}
