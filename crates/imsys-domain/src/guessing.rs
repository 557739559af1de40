//! How often a password may be guessed, and what a password must be to be worth guessing at.
//!
//! Every attempt counts in some [`Bucket`]s. A bucket holds a debt: the milliseconds until all its attempts are
//! forgotten (the "theoretical arrival time" of GCRA, less now). Callers measure them with a monotonic clock, so that
//! a wall clock that jumps locks nobody out.

/// What attempts are counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Bucket {
    /// One account from one source address.
    AccountFrom,
    /// One source address, for whatever account: a whole office may share it.
    Source,
    /// One account from everywhere: the brake on guessing from many addresses at once.
    Account,
    /// A browser in which the account's owner has signed in before.
    KnownBrowser,
    /// Logins to one router's address and port by one tenant.
    RouterFrom,
    /// Logins to one router's address and port by all tenants.
    Router,
}

impl Bucket {
    /// The most attempts at once, and the milliseconds after which one more is allowed.
    const fn limit(self) -> (i64, i64) {
        match self {
            Self::AccountFrom | Self::KnownBrowser => (10, 90_000),
            Self::Source | Self::Router => (30, 30_000),
            // A router that refuses its password is tried once a minute by itself.
            Self::RouterFrom => (10, 60_000),
            Self::Account => (100, 30_000),
        }
    }

    /// The debt after one more attempt.
    pub const fn charged(self, debt: i64) -> i64 {
        debt + self.limit().1
    }

    /// The debt after an attempt turned out to be the owner's.
    pub const fn refunded(self, debt: i64) -> i64 {
        debt - self.limit().1
    }

    /// Milliseconds to wait until an attempt is allowed; zero or less when it is.
    pub const fn wait(self, debt: i64) -> i64 {
        let (burst, refill) = self.limit();
        debt + refill - burst * refill
    }
}

/// What an attempt is counted in. A browser that the owner has signed in with before is counted by itself alone:
/// nothing that others try, from wherever, keeps the owner out of it.
pub const fn buckets(known_browser: bool) -> &'static [Bucket] {
    if known_browser {
        &[Bucket::KnownBrowser]
    } else {
        &[Bucket::AccountFrom, Bucket::Source, Bucket::Account]
    }
}

/// The fewest characters of a password.
pub const SHORTEST: usize = 12;
/// The most characters of a password.
pub const LONGEST: usize = 200;
/// Fewer different characters are a pattern.
const FEWEST_DIFFERENT: usize = 5;
/// Beginnings of what guessers try first, among all that is long enough.
const COMMON: [&str; 12] = [
    "password",
    "passw0rd",
    "qwertyuiop",
    "1q2w3e4r",
    "1qaz2wsx",
    "administrator",
    "letmein",
    "iloveyou",
    "welcome",
    "changeme",
    "adminadmin",
    "mikrotik",
];
/// What a common beginning needs after it.
const REST: usize = 8;

/// Why a password is too weak, to follow the word "password"; `own` are the texts that name its owner, such as the
/// e-mail address.
pub fn weakness(password: &str, own: &[&str]) -> Option<&'static str> {
    let length = password.chars().count();
    if !(SHORTEST..=LONGEST).contains(&length) {
        return Some("must have 12 to 200 characters; a sentence is good");
    }
    let folded = password.to_lowercase();
    let mut different: Vec<char> = folded.chars().collect();
    different.sort_unstable();
    different.dedup();
    if different.len() < FEWEST_DIFFERENT || is_sequence(&folded) {
        return Some("repeats a pattern that is guessed at once; a sentence is good");
    }
    let is_common = |start: &&str| folded.starts_with(*start) && length < start.len() + REST;
    if COMMON.iter().any(is_common) {
        return Some("is among the first that are guessed; a sentence is good");
    }
    let is_own = |text: &&str| !text.is_empty() && folded == text.to_lowercase();
    own.iter().any(is_own).then_some("must not be your name or address")
}

/// Whether nearly every character follows the one before it, as in `123456789012` and `abcdefghijkl`.
fn is_sequence(text: &str) -> bool {
    let codes: Vec<u32> = text.chars().map(u32::from).collect();
    let steps = codes.windows(2).filter(|pair| matches!(pair, [a, b] if a.abs_diff(*b) <= 1)).count();
    steps * 4 >= codes.len() * 3
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The attempts that a bucket allows at once.
    fn burst(bucket: Bucket) -> usize {
        let (mut debt, mut allowed) = (0, 0);
        while bucket.wait(debt) <= 0 {
            debt = bucket.charged(debt);
            allowed += 1;
        }
        allowed
    }

    #[test]
    fn an_account_is_guessed_ten_times_from_one_place_and_a_hundred_times_from_all() {
        assert_eq!(burst(Bucket::AccountFrom), 10);
        assert_eq!(burst(Bucket::Source), 30);
        assert_eq!(burst(Bucket::Account), 100);
    }

    #[test]
    fn after_the_burst_one_more_is_allowed_each_time_a_refill_has_passed() {
        let mut debt = 0;
        for _ in 0..10 {
            debt = Bucket::AccountFrom.charged(debt);
        }
        assert_eq!(Bucket::AccountFrom.wait(debt), 90_000);
        assert_eq!(Bucket::AccountFrom.wait(debt - 90_000), 0);
        assert_eq!(Bucket::AccountFrom.refunded(Bucket::AccountFrom.charged(7)), 7);
    }

    #[test]
    fn nothing_that_others_try_counts_for_a_browser_the_owner_has_used() {
        assert_eq!(buckets(true), [Bucket::KnownBrowser]);
        assert!(!buckets(false).contains(&Bucket::KnownBrowser));
    }

    #[test]
    fn a_password_is_long_not_endless_and_no_pattern() {
        for weak in [
            "eleven char",
            "aaaaaaaaaaaaaa",
            "abababababab",
            "123456789012",
            "abcdefghijklmnop",
            "Password1234",
            "qwertyuiop12",
            "ana@example.net",
            "mikrotik2024",
        ] {
            assert!(weakness(weak, &["ana@example.net"]).is_some(), "{weak}");
        }
        assert!(weakness(&"ab cd".repeat(41), &[]).is_some(), "205 characters");
        for good in ["twelve chars", "a long password", "correct horse battery", "ähm, ein See im Süden", ""]
        {
            let expected = good.is_empty();
            assert_eq!(weakness(good, &["ana@example.net", ""]).is_some(), expected, "{good}");
        }
    }
}
