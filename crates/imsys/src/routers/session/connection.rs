//! Opening a router: connect, log in, let it introduce itself. Every failure has a reason in words.

use super::lease::{FencedStream, RouterLease};
use super::problem::Problem;
use crate::dialer::{Dialer, Transport};
use imsys_domain::host::Host;
use imsys_domain::presence::UPTIME_MOST;
use imsys_domain::reach::{self, NoTarget};
use imsys_domain::router::RouterFacts;
use imsys_domain::{Timestamp, text};
use routeros::client::{
    Budget, Client, ClientOptions, CloseReason, Command, Error, KeepAlive, LoginError, LoginForm, OnOddField,
    TrapKind,
};
use routeros::connect::{ConnectError, Fingerprint, Stream, TlsError, over};
use routeros::menu::{DeviceMode, Identity, Resource};
use std::net::{IpAddr, SocketAddr, ToSocketAddrs, UdpSocket};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout, timeout_at};

/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(4);
/// How long a small command, or the login, may take.
pub(crate) const SMALL: Duration = Duration::from_secs(5);
/// Addresses of one name that are tried.
const ADDRESSES: usize = 4;

/// Where a router is said to be and how to log in.
#[derive(Clone)]
pub(crate) struct Target {
    pub(crate) host: Host,
    pub(crate) port: u16,
    pub(crate) allow_loopback: bool,
    pub(crate) tls: Option<Fingerprint>,
    /// What to do with a router that answers a login with a challenge, when it has seen the password.
    pub(crate) login: LoginForm,
    pub(crate) username: String,
    pub(crate) password: String,
}

/// Why a router could not be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// No connection.
    #[error("{0}")]
    Connect(ConnectError),
    /// The router's host name has no address, or nobody tells it.
    #[error("the host name {0} has no address just now")]
    NoAddress(String),
    /// Too many logins at this address were refused lately; nothing was tried.
    #[error("too many logins at this address were refused: the next attempt waits for a minute")]
    TooOften,
    /// Connected, but the login failed.
    #[error("login: {0}")]
    Login(Error),
    /// Logged in, but a command failed.
    #[error("{0}")]
    Command(Error),
    /// The connection broke.
    #[error("connection lost: {0}")]
    Lost(CloseReason),
    /// Too many requests for this router are waiting.
    #[error("too many requests for this router are waiting")]
    Busy,
    /// Nothing came of the request within its deadline.
    #[error("no answer within the deadline")]
    Deadline,
    /// The router was removed, or IMSys is stopping.
    #[error("the router is no longer served")]
    Gone,
    /// No process serves the router just now.
    #[error("no process serves this router")]
    Unserved,
    /// What another process, which serves the router, said of it.
    #[error("{}", .problem.message)]
    Told {
        /// What is wrong with the router.
        problem: Problem,
        /// The connection broke while the router was asked.
        broke: bool,
    },
    /// What a router has told goes into no message between processes.
    #[error("the answer is too large to be handed from one process to another")]
    TooLarge,
    /// The settings for this router cannot be used.
    #[error("{0}")]
    Settings(String),
    /// A job that another process did for this one has failed, for a reason that is not the router's.
    #[error("{0}")]
    Failed(String),
}

impl Trouble {
    /// A login that will not work until a person changes something.
    pub(crate) fn is_refusal(&self) -> bool {
        match self {
            Self::Login(Error::Trap(trap)) => trap.kind() != TrapKind::LoginUnavailable,
            Self::Login(Error::Login(_)) | Self::Settings(_) | Self::TooOften => true,
            other => other.is_forbidden(),
        }
    }

    /// Not the router's: it was not asked at all.
    pub(crate) const fn is_ours(&self) -> bool {
        matches!(self, Self::Busy | Self::Gone | Self::Unserved)
    }

    /// The connection broke, or was opened anew by us, while the router was asked.
    pub(crate) const fn is_break(&self) -> bool {
        matches!(
            self,
            Self::Lost(_) | Self::Command(Error::Closed(_)) | Self::Gone | Self::Told { broke: true, .. }
        )
    }

    /// We are in, but may not read.
    pub(crate) fn is_forbidden(&self) -> bool {
        matches!(self, Self::Command(Error::Trap(trap)) if trap.kind() == TrapKind::NotPermitted)
    }

    /// What stands beside the router, for a person: the exact problem.
    pub fn reason(&self) -> String {
        match self {
            Self::Connect(ConnectError::Refused) => "connection refused".into(),
            Self::Connect(ConnectError::TimedOut) => "no answer".into(),
            Self::Login(Error::Deadline) | Self::Command(Error::Deadline) => {
                "the router does not answer".into()
            }
            Self::Connect(ConnectError::Tls(TlsError::OtherCertificate { .. })) => {
                "another TLS certificate".into()
            }
            Self::Login(Error::Trap(trap)) if trap.kind() == TrapKind::BadLogin => {
                "wrong user name or password".into()
            }
            Self::Login(Error::Login(LoginError::ChallengeWanted)) => "RouterOS is older than 6.43".into(),
            Self::Lost(CloseReason::KeepAlive) => "the router stopped answering".into(),
            other => text::of_device(&other.to_string()),
        }
    }
}

/// A logged-in connection and what the router told about itself.
pub(crate) struct Opened {
    pub(crate) client: Client,
    pub(crate) facts: RouterFacts,
}

/// A session's connection while it is open, for all who ask something over it: they need not wait for the session,
/// which may be busy with a table. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct OpenConnection(Arc<Mutex<Option<Client>>>);

impl OpenConnection {
    pub(crate) fn set(&self, client: Option<Client>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = client;
    }

    /// The connection, unless it is known to be broken.
    pub(crate) fn get(&self) -> Option<Client> {
        let client = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        client.filter(|client| client.close_reason().is_none())
    }

    pub(crate) fn is_open(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }
}

/// Looks up where the router is now. Every address is judged, whoever has said it and however often it was good.
pub(crate) async fn locate(target: &Target) -> Result<Vec<SocketAddr>, Trouble> {
    let Target { host, port, allow_loopback, .. } = target;
    let found = match host {
        Host::Ip(ip) => vec![*ip],
        Host::Name(name) => look_up(name).await.ok_or_else(|| Trouble::NoAddress(name.clone()))?,
    };
    let mut allowed = Vec::new();
    let mut refused = None;
    for ip in found {
        match may_connect(ip, *allow_loopback) {
            Ok(()) => allowed.push(SocketAddr::new(ip, *port)),
            Err(why) if host.ip().is_some() => refused = Some(format!("the address {ip} {why}")),
            Err(why) => refused = Some(format!("the host name {host} leads to {ip}, and that address {why}")),
        }
    }
    match refused {
        Some(why) if allowed.is_empty() => Err(Trouble::Settings(why)),
        _ => Ok(allowed),
    }
}

/// Whether this server lets itself be sent to an address: when a person names it, and again at each connect.
pub(crate) fn may_connect(ip: IpAddr, allow_loopback: bool) -> Result<(), &'static str> {
    reach::may_connect(ip, allow_loopback).map_err(|wrong| match wrong {
        NoTarget::Loopback => "is this server itself; set network.allow_loopback = true where that is meant",
        NoTarget::NoDevice => "must be the address of one router",
        NoTarget::Translated => "must be the router's own address, not an IPv4 address inside an IPv6 one",
        NoTarget::Metadata => "is where a cloud tells its machines their secrets, and no router",
    })?;
    if !ip.is_loopback() && UdpSocket::bind((ip, 0)).is_ok() { Err("is this server itself") } else { Ok(()) }
}

/// The first few addresses of a name. The system asks for them on a thread that nothing ends before it is done,
/// so there are not many of those.
async fn look_up(name: &str) -> Option<Vec<IpAddr>> {
    static LOOK_UPS: Semaphore = Semaphore::const_new(32);
    let found = async {
        let place = LOOK_UPS.acquire().await.ok()?;
        let name = name.to_owned();
        let ask = move || {
            let found = (name.as_str(), 0).to_socket_addrs();
            drop(place);
            found
        };
        tokio::task::spawn_blocking(ask).await.ok()?.ok()
    };
    let mut ips = Vec::new();
    for address in timeout(SMALL, found).await.ok()?? {
        let ip = address.ip().to_canonical();
        if ips.len() < ADDRESSES && !ips.contains(&ip) {
            ips.push(ip);
        }
    }
    Some(ips).filter(|ips| !ips.is_empty())
}

/// What every router is connected with.
#[derive(Clone)]
pub(crate) struct Connector {
    pub(crate) dialer: Arc<dyn Dialer>,
    /// For the replies of all routers together.
    pub(crate) budget: Budget,
}

impl Connector {
    /// Connects, logs in and asks the router who it is. When that fails the connection is closed before this
    /// says so: the next one must not stand beside it. `odd` is told of fields that could not be read. Until then it is in `open`, for who ends this half-way.
    pub(crate) async fn open(
        &self,
        target: &Target,
        address: SocketAddr,
        lease: &RouterLease,
        odd: OnOddField,
        now: impl Fn() -> Timestamp,
        open: &mut Option<Client>,
    ) -> Result<Opened, Trouble> {
        let stream = self.connect(address, target.tls).await.map_err(Trouble::Connect)?;
        let client = Client::watched(FencedStream { stream, lease: lease.clone() }, self.options(), odd);
        *open = Some(client.clone());
        let met = async {
            client.login(&target.username, &target.password, target.login).await.map_err(Trouble::Login)?;
            let facts = introduce(&client, now).await?;
            Ok(RouterFacts { address: Some(address.ip()), ..facts })
        };
        match met.await {
            Ok(facts) => Ok(Opened { client, facts }),
            Err(trouble) => {
                client.close().await;
                *open = None;
                Err(trouble)
            }
        }
    }

    /// One deadline for the connection and its TLS.
    async fn connect(
        &self,
        address: SocketAddr,
        tls: Option<Fingerprint>,
    ) -> Result<Stream<Box<dyn Transport>>, ConnectError> {
        let until = Instant::now() + CONNECT;
        let dialled = timeout_at(until, self.dialer.dial(address)).await;
        over(dialled.map_err(|_| ConnectError::TimedOut)??, tls, until).await
    }

    fn options(&self) -> ClientOptions {
        // A router that hangs with its TCP open is found out within 30 seconds, reconnecting included.
        let keep_alive = KeepAlive { interval: Duration::from_secs(5), within: Duration::from_secs(6) };
        let budget = Some(self.budget.clone());
        ClientOptions { patience: SMALL, keep_alive: Some(keep_alive), budget, ..ClientOptions::default() }
    }
}

async fn introduce(client: &Client, now: impl Fn() -> Timestamp) -> Result<RouterFacts, Trouble> {
    let (identity, resource, mode) = tokio::join!(
        client.print::<Identity>(Command::new("/system/identity/print"), SMALL),
        client.print::<Resource>(Command::new("/system/resource/print"), SMALL),
        client.print::<DeviceMode>(Command::new("/system/device-mode/print"), SMALL),
    );
    let identity =
        identity.map_err(Trouble::Command)?.into_iter().next().map(|row| text::of_device(&row.name));
    let resource = resource.map_err(Trouble::Command)?.into_iter().next();
    let uptime = resource.as_ref().and_then(|row| row.uptime);
    let booted = uptime.and_then(|uptime| i64::try_from(uptime.as_millis()).ok());
    let booted = booted.filter(|uptime| *uptime <= UPTIME_MOST);
    let told = |text: &str| Some(text::of_device(text)).filter(|text| !text.is_empty());
    Ok(RouterFacts {
        identity,
        version: resource.as_ref().and_then(|row| told(&row.version)),
        board: resource.as_ref().and_then(|row| told(&row.board_name)),
        booted: booted.map(|uptime| Timestamp(now().millis() - uptime)),
        // Older versions have no device-mode: nothing forbids fetch there.
        fetch: mode.ok().and_then(|rows| rows.into_iter().next()).and_then(|row| row.fetch),
        address: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_trait::async_trait;
    use routeros::codec::{Decoder, Limits, encode_sentence};
    use std::io;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

    /// Reaches at most one router, in memory, after a while.
    struct InMemory {
        router: Mutex<Option<DuplexStream>>,
        after: Duration,
    }

    #[async_trait]
    impl Dialer for InMemory {
        async fn dial(&self, _to: SocketAddr) -> io::Result<Box<dyn Transport>> {
            tokio::time::sleep(self.after).await;
            let router = self.router.lock().unwrap().take();
            Ok(Box::new(router.ok_or(io::ErrorKind::ConnectionRefused)?))
        }
    }

    fn connector(router: Option<DuplexStream>, after: u64) -> Connector {
        let dialer = InMemory { router: Mutex::new(router), after: Duration::from_secs(after) };
        Connector { dialer: Arc::new(dialer), budget: Budget::new(1 << 20) }
    }

    fn at() -> SocketAddr {
        "192.0.2.1:8728".parse().unwrap()
    }

    /// A router that says its name, and nothing to all other questions.
    async fn answer(mut stream: DuplexStream) {
        let mut decoder = Decoder::new(Limits::default());
        while stream.read_buf(decoder.read_buffer()).await.unwrap() > 0 {
            let mut said = Vec::new();
            while let Some(sentence) = decoder.next().unwrap() {
                let words: Vec<&[u8]> = sentence.words().collect();
                let tag = words.iter().copied().filter(|word| word.starts_with(b".tag="));
                if words[0] == b"/system/identity/print" {
                    let row = [b"!re".as_slice(), b"=name=lake"].into_iter().chain(tag.clone());
                    encode_sentence(row, &mut said).unwrap();
                }
                encode_sentence([b"!done".as_slice()].into_iter().chain(tag), &mut said).unwrap();
            }
            stream.write_all(&said).await.unwrap();
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_router_is_opened_over_whatever_the_dialer_gives() {
        let (ours, theirs) = duplex(64);
        let router = tokio::spawn(answer(theirs));
        let target = Target {
            host: Host::Ip(at().ip()),
            port: at().port(),
            allow_loopback: false,
            tls: None,
            login: LoginForm::Modern,
            username: "api".into(),
            password: "secret".into(),
        };
        let (lease, mut client) = (RouterLease::for_good(), None);
        let (now, odd): (_, OnOddField) = (|| Timestamp(0), Arc::new(|_| {}));
        let opened = connector(Some(ours), 1).open(&target, at(), &lease, odd, now, &mut client).await;
        let Opened { client, facts } = opened.unwrap_or_else(|trouble| panic!("{trouble}"));
        assert_eq!((facts.identity.as_deref(), facts.address), (Some("lake"), Some(at().ip())));
        client.close().await;
        router.await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn dialling_and_the_handshake_have_one_deadline() {
        let pinned = Some(Fingerprint([7; 32]));
        let (silent, _router) = duplex(4096);
        let begun = Instant::now();
        let shaking = connector(Some(silent), 3).connect(at(), pinned).await;
        assert_eq!(shaking.err(), Some(ConnectError::Tls(TlsError::Silent)));
        assert_eq!(begun.elapsed().as_secs(), CONNECT.as_secs());
        let dialling = connector(None, 5).connect(at(), pinned).await;
        assert_eq!(dialling.err(), Some(ConnectError::TimedOut));
        assert_eq!(begun.elapsed().as_secs(), 2 * CONNECT.as_secs());
    }

    #[tokio::test(start_paused = true)]
    async fn why_the_dialer_has_no_connection_is_said() {
        let refused = connector(None, 0).connect(at(), None).await;
        assert_eq!(refused.err(), Some(ConnectError::Refused));
    }
}
