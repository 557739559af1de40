//! What a simulated router is, and what can be wrong with it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use super::statics::ArpTimes;
use crate::trap::Trap;
use crate::version::Version;

/// A router as it leaves the box.
#[derive(Debug, Clone)]
pub struct RouterConfig {
    /// `/system/identity`.
    pub identity: String,
    /// RouterOS version.
    pub version: Version,
    /// `board-name` of `/system/resource`.
    pub board: String,
    /// An API user of the group `full`.
    pub user: String,
    /// His password.
    pub password: String,
    /// Where the API listens; port 0 takes a free one. Webhooks are sent from this address.
    pub listen: SocketAddr,
    /// How logging in works; `None` goes by the version.
    pub login: Option<LoginForm>,
    /// Where tags stand in a reply.
    pub tags: TagPlace,
    /// `fetch` of `/system/device-mode`; without it no hook can call anybody.
    pub fetch_allowed: bool,
    /// How long a reboot takes until the API answers again.
    pub boot_time: Duration,
    /// For how long after a boot prints of `/ppp/active` and `/ip/arp` may show a single row.
    pub partial_for: Duration,
    /// Seeds everything this router draws by chance; its lowest five bits choose the addresses it gives out.
    pub seed: u64,
}

impl Default for RouterConfig {
    fn default() -> Self {
        Self {
            identity: "sim".into(),
            version: Version::new(7, 18),
            board: "CCR2004-16G-2S+".into(),
            user: "api".into(),
            password: "secret".into(),
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
            login: None,
            tags: TagPlace::Last,
            fetch_allowed: true,
            boot_time: Duration::from_secs(20),
            partial_for: Duration::from_secs(6),
            seed: 1,
        }
    }
}

/// The two ways of logging in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoginForm {
    /// Name and password in one sentence (6.43 and later).
    Plain,
    /// A challenge, answered with an MD5 sum (before 6.43).
    Challenge,
}

/// Where `.tag` stands in a reply; both were recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TagPlace {
    /// Right after the reply word.
    First,
    /// After the attributes.
    Last,
}

/// How a router behaves just now; change it with [`Router::conditions`](super::Router::conditions).
#[derive(Debug, Clone, Default)]
pub struct Conditions {
    /// From a command to its answer; commands that are sent together wait together.
    pub latency: Duration,
    /// Waits up to this much longer, at random.
    pub jitter: Duration,
    /// Slows down a client that asks too much.
    pub throttle: Option<Throttle>,
    /// Between the pieces (64 KiB) of a long reply; other commands are answered meanwhile, as a real router does that
    /// prints a large table.
    pub print_pause: Duration,
    /// What becomes of replies on their way.
    pub wire: Wire,
    /// Every trap is sent twice (seen on some firmware).
    pub duplicate_traps: bool,
    /// So many of the next `set` and `remove` find that their item has just gone.
    pub vanishing: u32,
    /// What happens to webhooks on their way.
    pub webhooks: WebhookFaults,
    /// How long learnt ARP entries of static customers stay in each state.
    pub arp: ArpTimes,
    /// Share (0.0-1.0) of the probes of a ping that get lost, so that it waits in vain.
    pub ping_loss: f64,
    /// What `arp-ping=yes` is refused with, on routers that do.
    pub arp_ping_trap: Option<Trap>,
    /// Listens are accepted and tell nothing.
    pub deaf_listens: bool,
    /// `/tool/ping` is no such command; `/ping` is one before 7.23.
    pub no_tool_ping: bool,
}

/// How fast a router takes commands, counted over all connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Throttle {
    /// Commands that are answered at once.
    pub burst: u32,
    /// What each further command costs.
    pub each: Duration,
}

impl Default for Throttle {
    /// As measured on a lab router: 20 ms a request after some 150.
    fn default() -> Self {
        Self { burst: 150, each: Duration::from_millis(20) }
    }
}

/// What becomes of replies on their way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Wire {
    /// As the router wrote them.
    #[default]
    Plain,
    /// Pieces of so many bytes, each a segment of its own.
    Fragments(usize),
    /// Replies are held for a moment and sent together.
    Coalesced,
    /// One byte, then this pause.
    Trickle(Duration),
    /// What comes later on a connection begins with a length that no word may have.
    Malformed {
        /// Pieces that are whole: a login is one, a print its rows and its end.
        after: u32,
    },
}

/// What happens to webhooks on their way; shares are 0.0-1.0.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct WebhookFaults {
    /// Share that is never sent.
    pub lost: f64,
    /// Share that is sent a second time.
    pub doubled: f64,
    /// Share that is held up, so that later ones overtake it.
    pub delayed: f64,
    /// The longest time a webhook is held up, and after which a second copy comes.
    pub delay: Duration,
}
