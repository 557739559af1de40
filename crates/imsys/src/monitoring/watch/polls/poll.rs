//! One device, asked once.

use imsys_doctor::builtin::profiles::{
    Library, Port, PortRates, PortSample, Profile, Reading, identify, poll as ask, port_rates, readings,
};
use imsys_doctor::builtin::snmp::{Credentials, Device, SnmpError, SnmpSocket};
use imsys_domain::SnmpLoginId;
use imsys_domain::device::SnmpIdentity;
use std::net::{IpAddr, SocketAddr};
use std::sync::LazyLock;
use tokio::time::{Duration, Instant};

/// The family of devices that no other profile is for.
pub(super) const GENERIC: &str = "generic";
/// How long a poll may take: a device that is slower gives what it has given by then.
const POLL: Duration = Duration::from_secs(90);
/// How long it may take a device to say who it is.
const IDENTIFY: Duration = Duration::from_secs(20);
/// How often a device is asked who it is: after an upgrade it may be another.
const WHO: Duration = Duration::from_secs(86_400);

/// What is known of a device from poll to poll.
pub(super) struct Session {
    login: Option<SnmpLoginId>,
    port: u16,
    credentials: Credentials,
    device: Device,
    identity: SnmpIdentity,
    identified: Instant,
    ports: Option<PortSample>,
}

/// What came of a poll.
pub(super) enum Tried {
    Answered(Found, Box<Session>),
    Silent,
    Refused,
}

/// What a device said.
pub(super) struct Found {
    pub(super) login: Option<SnmpLoginId>,
    pub(super) identity: SnmpIdentity,
    pub(super) readings: Vec<Reading>,
    pub(super) ports: Vec<Port>,
    /// What ports carried since the poll before.
    pub(super) rates: Vec<PortRates>,
}

/// Asks a device with one login after the other, until it answers to one.
pub(super) async fn poll(
    library: &Library,
    socket: &SnmpSocket,
    address: IpAddr,
    logins: Vec<(Option<SnmpLoginId>, u16, Credentials)>,
    session: Option<Session>,
) -> Tried {
    let fits = |session: &Session| {
        logins.first().is_some_and(|(login, port, credentials)| {
            (*login, *port, credentials) == (session.login, session.port, &session.credentials)
        })
    };
    if let Some(session) = session.filter(fits).filter(|session| session.identified.elapsed() < WHO) {
        return match go_on(library, session).await {
            Ok((found, session)) => Tried::Answered(found, Box::new(session)),
            Err(error) => failed(&error),
        };
    }
    let mut refused = false;
    for (login, port, credentials) in logins {
        match begin(library, socket, SocketAddr::new(address, port), login, credentials).await {
            Ok(session) => match go_on(library, session).await {
                Ok((found, session)) => return Tried::Answered(found, Box::new(session)),
                Err(error) => return failed(&error),
            },
            Err(error) => refused |= matches!(failed(&error), Tried::Refused),
        }
    }
    if refused { Tried::Refused } else { Tried::Silent }
}

fn failed(error: &SnmpError) -> Tried {
    match error {
        SnmpError::WrongCredentials | SnmpError::UnusableCredentials(_) => Tried::Refused,
        _ => Tried::Silent,
    }
}

/// Finds out who a device is.
async fn begin(
    library: &Library,
    socket: &SnmpSocket,
    at: SocketAddr,
    login: Option<SnmpLoginId>,
    credentials: Credentials,
) -> Result<Session, SnmpError> {
    let device = Device::new(socket.agent(at, &credentials).await?, true);
    let identity = identify(library, &device, Instant::now() + IDENTIFY).await?;
    let identity = super::identity_of(library, identity);
    let (port, identified) = (at.port(), Instant::now());
    Ok(Session { login, port, credentials, device, identity, identified, ports: None })
}

/// Asks for everything that the profile names.
async fn go_on(library: &Library, mut session: Session) -> Result<(Found, Session), SnmpError> {
    static BEGAN: LazyLock<Instant> = LazyLock::new(Instant::now);
    let began = *BEGAN;
    let profile = profile(library, &session.identity.family);
    let polled = ask(library, profile, &session.device, Instant::now() + POLL).await?;
    let sample = PortSample::new(began.elapsed(), profile, &polled.walked);
    let rates = session.ports.as_ref().map_or_else(Vec::new, |before| port_rates(before, &sample));
    let found = Found {
        login: session.login,
        identity: session.identity.clone(),
        readings: readings(library, profile, &polled.walked),
        ports: sample.ports.clone(),
        rates,
    };
    session.ports = Some(sample);
    Ok((found, session))
}

fn profile<'a>(library: &'a Library, family: &str) -> &'a Profile {
    let generic = || library.get(GENERIC).expect("a test reads every profile that is compiled in");
    library.get(family).unwrap_or_else(generic)
}
