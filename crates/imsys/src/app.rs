//! What every handler and job can reach.

use crate::aging::Aging;
use crate::clock::Clock;
use crate::config::Config;
use crate::history::History;
use crate::hook_limit::Limit;
use crate::leader::LeaderLease;
use crate::live::Live;
use crate::metrics::Metrics;
use crate::passwords::Passwords;
use crate::routers::session::Broker;
use crate::secrets::Secrets;
use crate::tls::Tls;
use crate::webhook_tokens::WebhookTokenCache;
use imsys_domain::Timestamp;
use imsys_queue::Queue;
use imsys_store::Store;
use std::ops::Deref;
use std::sync::Arc;

/// A running IMSys, as handlers and jobs reach it; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// The parts of a running IMSys.
#[derive(Clone)]
pub struct Parts {
    /// Where facts are kept.
    pub store: Arc<dyn Store>,
    /// The settings.
    pub config: Arc<Config>,
    /// Seals and opens what is secret at rest.
    pub secrets: Secrets,
    /// The time.
    pub clock: Clock,
    /// Whether what is old may be deleted.
    pub aging: Arc<Aging>,
    /// Live events for browsers.
    pub live: Live,
    /// What moved.
    pub metrics: Arc<Metrics>,
    /// Checks passwords, and slows down who guesses them.
    pub passwords: Arc<Passwords>,
    /// The door to every router.
    pub broker: Broker,
    /// What devices were measured at.
    pub history: Arc<History>,
    /// What is to be done.
    pub queue: Arc<dyn Queue>,
    /// Whether this process is the scheduler.
    pub leader: LeaderLease,
    /// Webhook tokens that were seen lately.
    pub webhook_tokens: Arc<WebhookTokenCache>,
    /// How many webhooks a router may send.
    pub hook_limit: Arc<Limit>,
    /// The server's own certificate, where it speaks HTTPS itself.
    pub tls: Option<Tls>,
    /// A simulated town: sign-in by link.
    pub demo: bool,
}

impl App {
    /// Of these parts; starts nothing.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// The same parts by another clock.
    pub(crate) fn by(&self, clock: Clock) -> Self {
        Self::new(Parts { clock, ..self.0.as_ref().clone() })
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}
