//! Tokens of routers that called lately, so that a webhook does not ask the store who sends it.

use crate::hook_limit::Level;
use imsys_domain::{RouterId, TenantId, Timestamp};
use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

/// Which router speaks, and how often it may.
#[derive(Clone)]
pub(crate) struct RouterIdentity {
    pub(crate) tenant: TenantId,
    pub(crate) router: RouterId,
    pub(crate) level: Level,
}

/// A token is looked up in the store again after this long.
const TRUSTED_MS: i64 = 5_000;
/// Tokens remembered at most.
const REMEMBERED: usize = 10_000;

/// Tokens of routers that called lately.
#[derive(Default)]
pub struct WebhookTokenCache(RwLock<HashMap<[u8; 32], (RouterIdentity, Timestamp)>>);

impl WebhookTokenCache {
    pub(crate) fn find(&self, hash: &[u8; 32], now: Timestamp) -> Option<RouterIdentity> {
        let tokens = self.0.read().unwrap_or_else(PoisonError::into_inner);
        tokens.get(hash).filter(|(_, at)| now.since(*at) < TRUSTED_MS).map(|(identity, _)| identity.clone())
    }

    pub(crate) fn keep(&self, hash: [u8; 32], identity: RouterIdentity, now: Timestamp) {
        let mut tokens = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if tokens.len() >= REMEMBERED {
            tokens.clear();
        }
        tokens.insert(hash, (identity, now));
    }

    /// Forgets everything: a token was changed, or a router removed.
    pub fn forget(&self) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
