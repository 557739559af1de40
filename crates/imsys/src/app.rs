//! What every handler and job can reach.

use crate::aging::Aging;
use crate::config::Config;
use crate::http::live::Live;
use crate::http::tls::Tls;
use crate::metrics::Metrics;
use crate::presence::http::WebhookTokenCache;
use crate::presence::limit::Limit;
use crate::routers::Broker;
use crate::routers::lease_manager::LeaderLease;
use crate::secrets::Secrets;
use crate::tenants::passwords::Passwords;
use imsys_domain::Timestamp;
use imsys_domain::aging::Reading;
use imsys_queue::{LocalQueue, Queue};
use imsys_store::Store;
use rustix::time::{ClockId, clock_gettime};
use std::ops::Deref;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

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

/// Where the time comes from: the system, or a test.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Reading + Send + Sync>);

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        Self(Arc::new(|| {
            let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            let wall = Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX));
            // It goes on while the machine sleeps, unlike the clock of `Instant`.
            let up = clock_gettime(ClockId::Boottime);
            Reading { wall, steady: up.tv_sec * 1000 + up.tv_nsec / 1_000_000 }
        }))
    }

    /// A clock that shows what `read` returns, and that nobody sets.
    pub fn new(read: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(move || {
            let wall = read();
            Reading { wall, steady: wall.millis() }
        }))
    }

    /// A clock that is set beside one that is not, as `read` shows them.
    pub fn of_two(read: impl Fn() -> Reading + Send + Sync + 'static) -> Self {
        Self(Arc::new(read))
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        self.reading().wall
    }

    /// The time, and the clock that nobody sets.
    pub fn reading(&self) -> Reading {
        (self.0)()
    }
}
