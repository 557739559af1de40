//! How often this server tries to log in to a router with settings that have not proved right: passwords are not
//! guessed through it, whoever's router it is (threats.md).
//!
//! Each attempt counts for the tenant and, over all tenants, for the address and port. One that is not refused
//! does not count, and settings that were right once while this process ran are not counted at all, so that
//! nobody's guesses keep a router's owner away from it.

use super::connection::{Target, Trouble};
use crate::debts::{Debts, Key};
use crate::token::digest;
use imsys_domain::guessing::Bucket;
use imsys_domain::{RouterId, TenantId};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The logins of this process; cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Logins(Arc<Inner>);

#[derive(Default)]
struct Inner {
    debts: Debts,
    /// The digest of the settings with which each router last let us in.
    right: Mutex<HashMap<RouterId, [u8; 32]>>,
}

/// An attempt that counts until it is said to be no guess. Ended half-way it counts.
pub(crate) struct Attempt {
    inner: Arc<Inner>,
    router: RouterId,
    settings: [u8; 32],
    keys: Vec<Key>,
}

impl Inner {
    fn right(&self) -> MutexGuard<'_, HashMap<RouterId, [u8; 32]>> {
        self.right.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Logins {
    /// An attempt begins; [`Trouble::TooOften`] when too many before it were refused.
    pub(crate) fn begin(
        &self,
        tenant: TenantId,
        router: RouterId,
        address: SocketAddr,
        target: &Target,
    ) -> Result<Attempt, Trouble> {
        self.begin_at(tenant, router, address, target, self.0.debts.uptime())
    }

    fn begin_at(
        &self,
        tenant: TenantId,
        router: RouterId,
        address: SocketAddr,
        target: &Target,
        now: i64,
    ) -> Result<Attempt, Trouble> {
        let Target { username, password, .. } = target;
        let settings = digest(&format!("{address}\n{username}\n{password}"));
        let mut keys = Vec::new();
        if self.0.right().get(&router) != Some(&settings) {
            keys.push((Bucket::RouterFrom, digest(&format!("{address} {tenant}"))));
            keys.push((Bucket::Router, digest(&address.to_string())));
            self.0.debts.charge_at(&keys, now).map_err(|_| Trouble::TooOften)?;
        }
        Ok(Attempt { inner: Arc::clone(&self.0), router, settings, keys })
    }
}

impl Attempt {
    /// How it ended.
    pub(crate) fn ended<T>(self, how: &Result<T, Trouble>) {
        let Self { inner, router, settings, keys } = self;
        match how {
            Ok(_) => {
                inner.right().insert(router, settings);
            }
            Err(trouble) if trouble.is_refusal() => {
                inner.right().remove(&router);
                return;
            }
            Err(_) => {}
        }
        keys.iter().for_each(|key| inner.debts.refund(key));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use routeros::client::{Error, LoginError, LoginForm};
    use routeros::connect::ConnectError;

    fn target(password: &str) -> Target {
        Target {
            host: "10.255.7.2".parse().unwrap(),
            port: 8728,
            allow_loopback: false,
            tls: None,
            login: LoginForm::Modern,
            username: "api".into(),
            password: password.into(),
        }
    }

    fn tenant(n: u128) -> TenantId {
        TenantId(uuid::Uuid::from_u128(n))
    }

    /// An attempt at the one router there is.
    fn begin(
        logins: &Logins,
        by: TenantId,
        router: RouterId,
        password: &str,
        now: i64,
    ) -> Result<Attempt, Trouble> {
        logins.begin_at(by, router, "10.255.7.2:8728".parse().unwrap(), &target(password), now)
    }

    const ROUTER: RouterId = RouterId(uuid::Uuid::nil());

    fn refused() -> Result<(), Trouble> {
        Err(Trouble::Login(Error::Login(LoginError::ChallengeWanted)))
    }

    /// How many guesses of a tenant's get through.
    fn guesses(logins: &Logins, by: TenantId, now: i64) -> usize {
        let mut through = 0;
        while let Ok(attempt) = begin(logins, by, ROUTER, &format!("guess {through}"), now) {
            attempt.ended(&refused());
            through += 1;
        }
        through
    }

    #[test]
    fn nobody_guesses_a_routers_password_and_its_owner_stays_in() {
        let logins = Logins::default();
        let owner = RouterId(uuid::Uuid::from_u128(1));
        begin(&logins, tenant(9), owner, "right", 0).unwrap().ended(&Ok(()));
        assert_eq!(guesses(&logins, tenant(1), 0), 10);
        assert_eq!(guesses(&logins, tenant(1), 60_000), 1);
        assert_eq!(guesses(&logins, tenant(2), 60_000), 10);
        let all: usize = (3..20).map(|n| guesses(&logins, tenant(n), 60_000)).sum();
        assert_eq!(all, 11, "thirty and two that came back, over all tenants");
        assert!(begin(&logins, tenant(9), owner, "right", 60_000).is_ok());
        assert_eq!(begin(&logins, tenant(9), owner, "wrong", 60_000).err(), Some(Trouble::TooOften));
    }

    #[test]
    fn a_router_that_does_not_answer_is_tried_again_and_again() {
        let logins = Logins::default();
        for _ in 0..1000 {
            let attempt = begin(&logins, tenant(1), ROUTER, "it", 0).unwrap();
            attempt.ended(&Err::<(), _>(Trouble::Connect(ConnectError::Refused)));
        }
        assert_eq!(guesses(&logins, tenant(1), 0), 10);
    }

    #[test]
    fn a_password_that_was_changed_on_the_router_is_no_longer_right() {
        let logins = Logins::default();
        begin(&logins, tenant(1), ROUTER, "old", 0).unwrap().ended(&Ok(()));
        begin(&logins, tenant(1), ROUTER, "old", 0).unwrap().ended(&refused());
        let mut through = 0;
        while let Ok(attempt) = begin(&logins, tenant(1), ROUTER, "old", 0) {
            attempt.ended(&refused());
            through += 1;
        }
        assert_eq!(through, 10);
    }
}
