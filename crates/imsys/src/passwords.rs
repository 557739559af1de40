//! Passwords: hashed with argon2id, few at a time, and not guessed for long.

use crate::debts::{Debts, Key};
use crate::token::digest;
use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use imsys_domain::guessing::{Bucket, buckets};
use imsys_domain::net::network;
use std::net::IpAddr;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Hashes at once: each takes 19 MiB and a core.
const HASHERS: usize = 2;
/// Hashes that wait or run; one more is 503.
const QUEUE: usize = 64;
/// A hash of nothing, so that an unknown user takes as long as a known one.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5LWxpdmVzLWhlcmU$\
                      bm9ib2R5LWxpdmVzLWhlcmUtbm9ib2R5LWxpdmVzLWg";
/// Of the hashes that wait, those kept for browsers that their owners have used before.
const KEPT: usize = 16;

/// Who tries to sign in. The texts are checked for their length before.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attempt<'a> {
    /// The account, as a folded e-mail address.
    pub(crate) account: &'a str,
    /// The client's address.
    pub(crate) from: IpAddr,
    /// The secret of a browser in which this account's owner has signed in before.
    pub(crate) known: Option<&'a str>,
}

impl Attempt<'_> {
    fn keys(self) -> impl Iterator<Item = Key> {
        let from = network(self.from);
        buckets(self.known.is_some()).iter().map(move |bucket| {
            let text = match bucket {
                Bucket::AccountFrom => format!("{from} {}", self.account),
                Bucket::Source => from.to_string(),
                Bucket::Account => self.account.to_owned(),
                _ => self.known.unwrap_or_default().to_owned(),
            };
            (*bucket, digest(&text))
        })
    }
}

/// Why a password was neither checked nor hashed.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// There were too many attempts: so many seconds must go by first.
    #[error("too many attempts: wait {0} s")]
    TooOften(u32),
    /// Too many passwords are being checked.
    #[error("too many passwords are being checked")]
    Busy,
    /// A fault of this program.
    #[error("{0}")]
    Failed(String),
}

/// Checks passwords, and slows down who guesses them.
pub struct Passwords {
    hashers: Arc<Semaphore>,
    queue: Arc<Semaphore>,
    debts: Debts,
}

impl Default for Passwords {
    fn default() -> Self {
        let (hashers, queue) = (Arc::new(Semaphore::new(HASHERS)), Arc::new(Semaphore::new(QUEUE)));
        Self { hashers, queue, debts: Debts::default() }
    }
}

impl Passwords {
    /// Counts an attempt to sign in; 429 when there were too many.
    pub(crate) fn attempt(&self, attempt: Attempt<'_>) -> Result<(), PasswordError> {
        self.attempt_at(attempt, self.debts.uptime())
    }

    fn attempt_at(&self, attempt: Attempt<'_>, now: i64) -> Result<(), PasswordError> {
        let keys: Vec<_> = attempt.keys().collect();
        let charged = self.debts.charge_at(&keys, now);
        charged.map_err(PasswordError::TooOften)
    }

    /// The attempt was the owner's: it and those before it from the same place are forgiven, and it does not count
    /// for others.
    pub(crate) fn forgive(&self, attempt: Attempt<'_>) {
        for key in attempt.keys() {
            match key.0 {
                Bucket::AccountFrom | Bucket::KnownBrowser => self.debts.forget(&key),
                _ => self.debts.refund(&key),
            }
        }
    }

    /// Whether the password is the one of `hash`; takes as long when there is none. `known`: a browser that the
    /// owner has used before, for which some places are kept.
    pub(crate) async fn verify(
        &self,
        password: String,
        hash: Option<String>,
        known: bool,
    ) -> Result<bool, PasswordError> {
        if !known && self.queue.available_permits() <= KEPT {
            return Err(PasswordError::Busy);
        }
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.into());
        let right = move || Argon2::default().verify_password(password.as_bytes(), hash.as_str()).is_ok();
        Ok(self.work(right).await? && known)
    }

    /// What is kept of a password.
    pub(crate) async fn hash(&self, password: String) -> Result<String, PasswordError> {
        let hash = move || Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string());
        self.work(hash).await?.map_err(failed)
    }

    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, PasswordError> {
        let place = Arc::clone(&self.queue).try_acquire_owned().map_err(|_| PasswordError::Busy)?;
        let hasher = Arc::clone(&self.hashers).acquire_owned().await.map_err(failed)?;
        let work = move || {
            let done = work();
            drop((hasher, place));
            done
        };
        tokio::task::spawn_blocking(work).await.map_err(failed)
    }
}

fn failed(error: impl std::fmt::Display) -> PasswordError {
    PasswordError::Failed(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    fn address(n: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, n])
    }

    fn by(account: &str, from: IpAddr) -> Attempt<'_> {
        Attempt { account, from, known: None }
    }

    fn status(passwords: &Passwords, attempt: Attempt<'_>, seconds: i64) -> u16 {
        match passwords.attempt_at(attempt, seconds * 1000) {
            Ok(()) => 200,
            Err(PasswordError::TooOften(_)) => 429,
            Err(error) => panic!("{error:?}"),
        }
    }

    #[test]
    fn a_stranger_locks_himself_out_and_not_the_owner_elsewhere() {
        let passwords = Passwords::default();
        for _ in 0..10 {
            assert_eq!(status(&passwords, by("ana@x", address(1)), 0), 200);
        }
        assert_eq!(status(&passwords, by("ana@x", address(1)), 0), 429);
        assert_eq!(status(&passwords, by("ana@x", address(2)), 0), 200, "the owner, from home");
        assert_eq!(status(&passwords, by("ben@x", address(1)), 0), 200);
        assert_eq!(status(&passwords, by("ana@x", address(1)), 90), 200);
        assert_eq!(status(&passwords, by("ana@x", address(1)), 90), 429);
    }

    #[test]
    fn guesses_from_many_addresses_are_braked_and_the_owners_browser_is_not() {
        let passwords = Passwords::default();
        for n in 0..100 {
            assert_eq!(status(&passwords, by("ana@x", address(n)), 0), 200);
        }
        assert_eq!(status(&passwords, by("ana@x", address(200)), 0), 429);
        let known = Attempt { known: Some("her laptop"), ..by("ana@x", address(200)) };
        for _ in 0..10 {
            assert_eq!(status(&passwords, known, 0), 200);
        }
        assert_eq!(status(&passwords, known, 0), 429, "her own wrong attempts count");
    }

    #[test]
    fn an_address_guesses_thirty_accounts() {
        let passwords = Passwords::default();
        for n in 0..30 {
            assert_eq!(status(&passwords, by(&format!("{n}@x"), HERE), 0), 200);
        }
        assert_eq!(status(&passwords, by("ana@x", HERE), 0), 429);
        assert_eq!(status(&passwords, by("ana@x", address(1)), 0), 200);
    }

    #[test]
    fn addresses_of_one_ipv6_household_count_together() {
        let passwords = Passwords::default();
        for n in 0..30u128 {
            let address = IpAddr::V6((0x2001_0db8_u128 << 96 | n).into());
            assert_eq!(status(&passwords, by(&format!("{n}@x"), address), 0), 200);
        }
        assert_eq!(status(&passwords, by("ana@x", "2001:db8::ffff".parse().unwrap()), 0), 429);
    }

    #[test]
    fn a_good_attempt_is_forgiven_everywhere() {
        let passwords = Passwords::default();
        for _ in 0..200 {
            assert_eq!(status(&passwords, by("ana@x", HERE), 0), 200);
            passwords.forgive(by("ana@x", HERE));
        }
    }

    #[tokio::test]
    async fn passwords_are_kept_as_argon2id_and_nobody_has_none() {
        let passwords = Passwords::default();
        let hash = passwords.hash("correct horse".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_eq!(passwords.verify("correct horse".into(), Some(hash.clone()), false).await, Ok(true));
        assert_eq!(passwords.verify("wrong horse".into(), Some(hash), false).await, Ok(false));
        assert_eq!(passwords.verify("correct horse".into(), None, false).await, Ok(false));
    }

    #[test]
    fn the_hash_of_nobody_is_worked_on_like_any_other() {
        let error = Argon2::default().verify_password(b"x", NOBODY).unwrap_err();
        assert_eq!(error, argon2::password_hash::Error::PasswordInvalid);
    }
}
