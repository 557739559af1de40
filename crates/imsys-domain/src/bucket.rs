//! How often somebody may do something: a bucket of tokens that fills steadily.
//!
//! What a bucket knows is one number, so that an adapter can keep it in an atomic and no bucket waits for
//! another: the moment at which it is full again. A bucket that was never used is full since ever.

const SECOND: i64 = 1_000_000_000;

/// The size of a bucket and how fast it fills.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// Nanoseconds until a token that was taken is there again.
    each: i64,
    /// Nanoseconds until an empty bucket is full.
    whole: i64,
}

impl Bucket {
    /// `burst` tokens at most, of which `per_second` come back each second; both count as 1 at least.
    pub fn new(burst: u32, per_second: u32) -> Self {
        let each = SECOND / i64::from(per_second.max(1));
        Self { each, whole: each.saturating_mul(i64::from(burst.max(1))) }
    }

    /// Takes a token at `now` from a bucket that is full at `full`; both are nanoseconds of one monotonic
    /// clock. When the bucket is full after that, or the whole seconds, 1 at least, until a token is there.
    pub fn take(self, full: i64, now: i64) -> Result<i64, u32> {
        let after = full.max(now).saturating_add(self.each);
        let over = after.saturating_sub(now).saturating_sub(self.whole);
        // Tokens that come back at once are no limit, whichever thread read the clock first.
        if over <= 0 || self.each == 0 {
            return Ok(after);
        }
        let seconds = over.saturating_add(SECOND - 1) / SECOND;
        Err(u32::try_from(seconds).unwrap_or(u32::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many of `tries` get through at `now`, and what the bucket knows afterwards.
    fn through(bucket: Bucket, mut full: i64, now: i64, tries: usize) -> (usize, i64) {
        let mut taken = 0;
        for _ in 0..tries {
            if let Ok(after) = bucket.take(full, now) {
                (taken, full) = (taken + 1, after);
            }
        }
        (taken, full)
    }

    #[test]
    fn a_whole_town_redials_at_once_and_no_more_than_that() {
        let bucket = Bucket::new(10_000, 200);
        let (taken, full) = through(bucket, 0, 7 * SECOND, 20_000);
        assert_eq!(taken, 10_000);
        assert_eq!(bucket.take(full, 7 * SECOND), Err(1));
        assert_eq!(through(bucket, full, 8 * SECOND, 20_000).0, 200);
        assert_eq!(through(bucket, full, 7 * SECOND + 25 * SECOND, 20_000).0, 5_000);
        assert_eq!(through(bucket, full, 7 * SECOND + 3600 * SECOND, 20_000).0, 10_000);
    }

    #[test]
    fn who_is_refused_is_told_when_to_come_again() {
        let bucket = Bucket::new(1, 1);
        let full = bucket.take(0, 0).unwrap();
        assert_eq!(bucket.take(full, 0), Err(1));
        assert_eq!(bucket.take(full, SECOND - 1), Err(1));
        assert_eq!(bucket.take(full, SECOND), Ok(2 * SECOND));
    }

    #[test]
    fn the_largest_numbers_do_not_overflow() {
        let bucket = Bucket::new(u32::MAX, 1);
        assert!(bucket.take(i64::MAX, i64::MAX - SECOND).is_ok());
        assert!(Bucket::new(0, 0).take(0, 0).is_ok(), "nothing counts as one");
        assert_eq!(through(Bucket::new(1, u32::MAX), 0, 0, 1_000).0, 1_000, "without a limit");
        assert!(Bucket::new(1, u32::MAX).take(5, 0).is_ok(), "another thread's clock was read later");
    }
}
