//! Opening a router: connect, log in, let it introduce itself. Every failure has a reason in words.

use super::examine::Problem;
use super::tenure::{Guarded, Tenure};
use imsys_domain::{Timestamp, text};
use imsys_store::model::RouterFacts;
use routeros::client::{
    Client, ClientOptions, CloseReason, Command, Error, KeepAlive, LoginError, LoginForm, OnOddField,
    TrapKind,
};
use routeros::connect::{ConnectError, Fingerprint, TlsError, connect};
use routeros::menu::{DeviceMode, Identity, Resource};
use std::net::SocketAddr;
use std::time::Duration;

/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(4);
/// How long a small command, or the login, may take.
pub(super) const SMALL: Duration = Duration::from_secs(5);

/// Where a router is and how to log in.
#[derive(Clone)]
pub(super) struct Target {
    pub(super) address: SocketAddr,
    pub(super) tls: Option<Fingerprint>,
    /// What to do with a router that answers a login with a challenge, when it has seen the password.
    pub(super) login: LoginForm,
    pub(super) username: String,
    pub(super) password: String,
}

/// Why a router could not be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// No connection.
    #[error("{0}")]
    Connect(ConnectError),
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
    Homeless,
    /// What another process, which serves the router, said of it.
    #[error("{}", .0.message)]
    Told(Problem),
    /// The settings for this router cannot be used.
    #[error("{0}")]
    Settings(String),
    /// A job that another process did for this one has failed, for a reason that is not the router's.
    #[error("{0}")]
    Failed(String),
}

impl Trouble {
    /// A login that will not work until a person changes something.
    pub(super) fn is_refusal(&self) -> bool {
        match self {
            Self::Login(Error::Trap(trap)) => trap.kind() != TrapKind::LoginUnavailable,
            Self::Login(Error::Login(_)) | Self::Settings(_) => true,
            other => other.is_forbidden(),
        }
    }

    /// Not the router's: it was not asked at all.
    pub(crate) const fn is_ours(&self) -> bool {
        matches!(self, Self::Busy | Self::Gone | Self::Homeless)
    }

    /// The connection broke, or was opened anew by us, while the router was asked.
    pub(crate) const fn is_break(&self) -> bool {
        matches!(self, Self::Lost(_) | Self::Command(Error::Closed(_)) | Self::Gone)
    }

    /// We are in, but may not read.
    pub(super) fn is_forbidden(&self) -> bool {
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
pub(super) struct Opened {
    pub(super) client: Client,
    pub(super) facts: RouterFacts,
}

/// Connects, logs in and asks the router who it is. When that fails the connection is closed before this
/// says so: the next one must not stand beside it. `odd` is told of fields that could not be read. Until then it is in `open`, for who ends this half-way.
pub(super) async fn open(
    target: &Target,
    tenure: &Tenure,
    odd: OnOddField,
    now: impl Fn() -> Timestamp,
    open: &mut Option<Client>,
) -> Result<Opened, Trouble> {
    let stream = connect(target.address, target.tls, CONNECT).await.map_err(Trouble::Connect)?;
    let client = Client::watched(Guarded { stream, tenure: tenure.clone() }, options(), odd);
    *open = Some(client.clone());
    let met = async {
        client.login(&target.username, &target.password, target.login).await.map_err(Trouble::Login)?;
        introduce(&client, now).await
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

fn options() -> ClientOptions {
    // A router that hangs with its TCP open is found out within 30 seconds, reconnecting included.
    let keep_alive = KeepAlive { interval: Duration::from_secs(5), within: Duration::from_secs(6) };
    ClientOptions { patience: SMALL, keep_alive: Some(keep_alive), ..ClientOptions::default() }
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
    let told = |text: &str| Some(text::of_device(text)).filter(|text| !text.is_empty());
    Ok(RouterFacts {
        identity,
        version: resource.as_ref().and_then(|row| told(&row.version)),
        board: resource.as_ref().and_then(|row| told(&row.board_name)),
        booted: booted.map(|uptime| Timestamp(now().millis() - uptime)),
        // Older versions have no device-mode: nothing forbids fetch there.
        fetch: mode.ok().and_then(|rows| rows.into_iter().next()).and_then(|row| row.fetch),
    })
}
