//! Passwords: hashed with argon2id, few at a time, and not guessed for long.

use crate::http::ApiError;
use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use imsys_domain::Timestamp;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;

/// Hashes at once: each takes 19 MiB and a core.
const HASHERS: usize = 2;
/// Hashes that wait or run; one more is 503.
const QUEUE: usize = 64;
/// A hash of nothing, so that an unknown user takes as long as a known one.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5LWxpdmVzLWhlcmU$\
                      bm9ib2R5LWxpdmVzLWhlcmUtbm9ib2R5LWxpdmVzLWg";
/// Accounts and addresses that are remembered.
const REMEMBERED: usize = 20_000;

/// So many attempts at once, and one more each so many milliseconds.
#[derive(Clone, Copy)]
struct Limit {
    burst: i64,
    refill_ms: i64,
}

/// Ten for an account in a quarter of an hour.
const ACCOUNT: Limit = Limit { burst: 10, refill_ms: 90_000 };
/// Thirty from an address, which a whole office may share.
const ADDRESS: Limit = Limit { burst: 30, refill_ms: 30_000 };

#[derive(Clone, PartialEq, Eq, Hash)]
enum Who {
    Account(String),
    Address(IpAddr),
}

/// Checks passwords, and slows down who guesses them.
pub struct Door {
    hashers: Arc<Semaphore>,
    queue: Arc<Semaphore>,
    /// When the attempts so far will be forgotten (the "theoretical arrival time" of GCRA).
    debts: Mutex<HashMap<Who, i64>>,
}

impl Default for Door {
    fn default() -> Self {
        let (hashers, queue) = (Arc::new(Semaphore::new(HASHERS)), Arc::new(Semaphore::new(QUEUE)));
        Self { hashers, queue, debts: Mutex::default() }
    }
}

impl Door {
    /// Counts an attempt to sign in; 429 when there were too many for this account or from this address.
    pub(crate) fn knock(&self, account: &str, address: IpAddr, now: Timestamp) -> Result<(), ApiError> {
        let keys = [(Who::Account(account.to_owned()), ACCOUNT), (Who::Address(network(address)), ADDRESS)];
        let mut debts = self.debts.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = |who: &Who, limit: Limit| {
            let debt = debts.get(who).copied().unwrap_or(0).max(now.millis()) - now.millis();
            debt + limit.refill_ms - limit.burst * limit.refill_ms
        };
        let longest = keys.iter().map(|(who, limit)| wait(who, *limit)).max().unwrap_or(0);
        if longest > 0 {
            let seconds = u32::try_from(longest / 1000 + 1).unwrap_or(u32::MAX);
            return Err(ApiError::too_often("Too many attempts to sign in. Wait a while.", seconds));
        }
        if debts.len() >= REMEMBERED {
            debts.retain(|_, until| *until > now.millis());
        }
        for (who, limit) in keys {
            let debt = debts.entry(who).or_insert(0);
            *debt = (*debt).max(now.millis()) + limit.refill_ms;
        }
        Ok(())
    }

    /// The attempt was good: it and those before it are forgiven to the account.
    pub(crate) fn welcome(&self, account: &str, address: IpAddr) {
        let mut debts = self.debts.lock().unwrap_or_else(PoisonError::into_inner);
        debts.remove(&Who::Account(account.to_owned()));
        if let Some(debt) = debts.get_mut(&Who::Address(network(address))) {
            *debt -= ADDRESS.refill_ms;
        }
    }

    /// Whether the password is the one of `hash`; takes as long when there is none.
    pub(crate) async fn verify(&self, password: String, hash: Option<String>) -> Result<bool, ApiError> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.into());
        let right = move || Argon2::default().verify_password(password.as_bytes(), hash.as_str()).is_ok();
        Ok(self.work(right).await? && known)
    }

    /// What is kept of a password.
    pub(crate) async fn hash(&self, password: String) -> Result<String, ApiError> {
        let hash = move || Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string());
        self.work(hash).await?.map_err(ApiError::failed)
    }

    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, ApiError> {
        let busy = |_| ApiError::busy("busy", "Too many people sign in right now. Try again in a moment.", 2);
        let place = Arc::clone(&self.queue).try_acquire_owned().map_err(busy)?;
        let hasher = Arc::clone(&self.hashers).acquire_owned().await.map_err(ApiError::failed)?;
        let work = move || {
            let done = work();
            drop((hasher, place));
            done
        };
        tokio::task::spawn_blocking(work).await.map_err(ApiError::failed)
    }
}

/// One household has a whole /64 of IPv6.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => IpAddr::V6((u128::from(v6) >> 64 << 64).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    fn at(seconds: i64) -> Timestamp {
        Timestamp(1_700_000_000_000).plus_seconds(seconds)
    }

    fn address(n: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, n])
    }

    #[test]
    fn an_account_is_guessed_ten_times_and_then_every_ninety_seconds() {
        let door = Door::default();
        for n in 0..10 {
            assert_eq!(door.knock("ana@x", address(n), at(0)), Ok(()));
        }
        assert_eq!(door.knock("ana@x", address(99), at(0)).unwrap_err().status(), 429);
        assert_eq!(door.knock("ben@x", address(99), at(0)), Ok(()));
        assert_eq!(door.knock("ana@x", address(99), at(90)), Ok(()));
        assert!(door.knock("ana@x", address(99), at(90)).is_err());
    }

    #[test]
    fn an_address_guesses_thirty_accounts() {
        let door = Door::default();
        for n in 0..30 {
            assert_eq!(door.knock(&format!("{n}@x"), HERE, at(0)), Ok(()));
        }
        assert!(door.knock("ana@x", HERE, at(0)).is_err());
        assert_eq!(door.knock("ana@x", address(1), at(0)), Ok(()));
    }

    #[test]
    fn addresses_of_one_ipv6_household_count_together() {
        let door = Door::default();
        for n in 0..30u128 {
            let address = IpAddr::V6((0x2001_0db8_u128 << 96 | n).into());
            assert_eq!(door.knock(&format!("{n}@x"), address, at(0)), Ok(()));
        }
        assert!(door.knock("ana@x", "2001:db8::ffff".parse().unwrap(), at(0)).is_err());
    }

    #[test]
    fn a_good_attempt_forgives_the_account() {
        let door = Door::default();
        for _ in 0..100 {
            assert_eq!(door.knock("ana@x", HERE, at(0)), Ok(()));
            door.welcome("ana@x", HERE);
        }
    }

    #[tokio::test]
    async fn passwords_are_kept_as_argon2id_and_nobody_has_none() {
        let door = Door::default();
        let hash = door.hash("correct horse".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_eq!(door.verify("correct horse".into(), Some(hash.clone())).await, Ok(true));
        assert_eq!(door.verify("wrong horse".into(), Some(hash)).await, Ok(false));
        assert_eq!(door.verify("correct horse".into(), None).await, Ok(false));
    }

    #[test]
    fn the_hash_of_nobody_is_worked_on_like_any_other() {
        let error = Argon2::default().verify_password(b"x", NOBODY).unwrap_err();
        assert_eq!(error, argon2::password_hash::Error::PasswordInvalid);
    }
}
