//! What every handler and job can reach.

use crate::aging::Aging;
use crate::clock::Clock;
use crate::config::Config;
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
use imsys_queue::{LocalQueue, Queue};
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
    /// Puts the parts together; starts nothing.
    pub fn new(store: Arc<dyn Store>, config: Config, secrets: Secrets, clock: Clock) -> Self {
        let (live, metrics) = (Live::new(), Arc::<Metrics>::default());
        let broker = Broker::new(
            Arc::clone(&store),
            secrets.clone(),
            config.network.allow_loopback,
            clock.clone(),
            live.clone(),
            Arc::clone(&metrics),
        );
        Self(Arc::new(Parts {
            broker,
            queue: Arc::new(LocalQueue::default()),
            leader: LeaderLease::default(),
            aging: Arc::default(),
            webhook_tokens: Arc::default(),
            hook_limit: Arc::new(Limit::new(config.http.webhook_burst, config.http.webhook_rate)),
            store,
            config: Arc::new(config),
            secrets,
            clock,
            live,
            metrics,
            passwords: Arc::default(),
            tls: None,
            demo: false,
        }))
    }

    /// The parts, to change one before anybody else has the App.
    pub fn parts_mut(&mut self) -> &mut Parts {
        Arc::make_mut(&mut self.0)
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}
