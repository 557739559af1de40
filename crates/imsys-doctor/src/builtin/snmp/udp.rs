//! Agents over UDP, by the crate `async-snmp`.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_snmp::{
    Auth, AuthProtocol, Client, EngineCache, Error, ErrorStatus, PrivProtocol, Retry, UdpHandle,
    UdpTransport, UsmConfig, v3::ReportStatus,
};
use async_trait::async_trait;
use tokio::sync::Semaphore;

use super::{Agent, AgentStatus, AuthHash, Cipher, Credentials, OddReply, Oid, SnmpError, Value, Varbind};

/// How long an agent may think; slow radios need more than a second for a large GETBULK.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(2);
/// How often a request that got no answer is sent again.
const RETRIES: u32 = 1;
/// Requests under way at a time, over all devices; more would overflow the receive buffer.
const MOST_UNDER_WAY: usize = 500;
const RECEIVE_BUFFER: usize = 4 << 20;

/// The UDP sockets that all devices share: one per address family.
#[derive(Clone)]
pub struct SnmpSocket {
    v4: UdpTransport,
    v6: Option<UdpTransport>,
    engines: Arc<EngineCache>,
    under_way: Arc<Semaphore>,
}

/// An agent that is asked over a [`SnmpSocket`].
pub struct UdpAgent {
    client: Client<UdpHandle>,
    /// The same user without a signature, where the real one signs.
    unsigned: Option<Client<UdpHandle>>,
    has_answered: AtomicBool,
    knows_bulk: bool,
    under_way: Arc<Semaphore>,
}

impl SnmpSocket {
    /// Binds free ports. A machine without IPv6 asks IPv4 devices only.
    ///
    /// # Errors
    /// [`SnmpError::Network`] when there is no IPv4 socket.
    pub async fn bind() -> Result<Self, SnmpError> {
        let bind = |address| UdpTransport::builder().bind(address).recv_buffer_size(RECEIVE_BUFFER).build();
        Ok(Self {
            v4: bind("0.0.0.0:0").await.map_err(|error| translate(&error))?,
            v6: bind("[::]:0").await.ok(),
            engines: Arc::new(EngineCache::new()),
            under_way: Arc::new(Semaphore::new(MOST_UNDER_WAY)),
        })
    }

    /// An agent at `address`. Nothing is sent yet. Answers of another address are not taken.
    ///
    /// # Errors
    /// [`SnmpError::UnusableCredentials`] or, for an IPv6 address on a machine without IPv6,
    /// [`SnmpError::Network`].
    pub async fn agent(&self, address: SocketAddr, credentials: &Credentials) -> Result<UdpAgent, SnmpError> {
        let transport = match address {
            SocketAddr::V4(_) => &self.v4,
            SocketAddr::V6(_) => {
                self.v6.as_ref().ok_or(SnmpError::Network(io::ErrorKind::AddrNotAvailable))?
            }
        };
        let client = self.client(transport, address, auth(credentials)?).await?;
        let unsigned = match credentials {
            Credentials::V3 { user, auth: Some(_), .. } => {
                Some(self.client(transport, address, Auth::usm(user)).await?)
            }
            _ => None,
        };
        Ok(UdpAgent {
            client,
            unsigned,
            has_answered: AtomicBool::new(false),
            knows_bulk: !matches!(credentials, Credentials::V1(_)),
            under_way: self.under_way.clone(),
        })
    }

    async fn client(
        &self,
        transport: &UdpTransport,
        address: SocketAddr,
        auth: Auth,
    ) -> Result<Client<UdpHandle>, SnmpError> {
        let retry = Retry::fixed(RETRIES, Duration::ZERO).expect("the library allows this few retries");
        Client::builder(address, auth)
            .request_timeout(REQUEST_TIMEOUT)
            .retry(retry)
            .engine_cache(self.engines.clone())
            .strict_source(true)
            .build_with(transport)
            .await
            .map_err(|error| translate(&error))
    }
}

impl UdpAgent {
    /// One request, when its turn comes.
    async fn ask<T>(&self, asking: impl Future<Output = async_snmp::Result<T>>) -> Result<T, SnmpError> {
        let _turn = self.under_way.acquire().await.expect("the semaphore is never closed");
        match asking.await {
            Ok(answer) => {
                self.has_answered.store(true, Ordering::Relaxed);
                Ok(answer)
            }
            Err(error) => match translate(&error) {
                SnmpError::Timeout if self.is_refused().await => Err(SnmpError::WrongCredentials),
                error => Err(error),
            },
        }
    }

    /// A v3 agent refuses a wrong signature with an unsigned report, which the library does not trust: that
    /// looks like silence. An agent that then answers an unsigned request, if only to refuse it, is there.
    async fn is_refused(&self) -> bool {
        let Some(unsigned) = &self.unsigned else { return false };
        if self.has_answered.load(Ordering::Relaxed) {
            return false;
        }
        let answer = unsigned.get(&async_snmp::oid!(1, 3, 6, 1, 2, 1, 1, 3, 0)).await;
        !matches!(answer.map_err(|error| translate(&error)), Err(SnmpError::Timeout | SnmpError::Network(_)))
    }
}

#[async_trait]
impl Agent for UdpAgent {
    fn knows_bulk(&self) -> bool {
        self.knows_bulk
    }

    async fn get(&self, oids: &[Oid]) -> Result<Vec<Varbind>, SnmpError> {
        let names: Vec<_> = oids.iter().map(theirs).collect();
        let response = self.ask(self.client.get_many(&names)).await?;
        Ok(response.varbinds.into_iter().map(ours).collect())
    }

    async fn get_next(&self, oid: &Oid) -> Result<Varbind, SnmpError> {
        let response = self.ask(self.client.get_next(&theirs(oid))).await?;
        let mut found = response.varbinds.into_iter();
        match (found.next(), found.next()) {
            (Some(varbind), None) => Ok(ours(varbind)),
            _ => Err(SnmpError::OddReply(OddReply::OtherObjects)),
        }
    }

    async fn get_bulk(&self, oid: &Oid, repetitions: u32) -> Result<Vec<Varbind>, SnmpError> {
        let found = self.ask(self.client.get_bulk(&[theirs(oid)], 0, repetitions)).await?;
        Ok(found.into_iter().map(ours).collect())
    }
}

fn auth(credentials: &Credentials) -> Result<Auth, SnmpError> {
    let unusable = |error: &dyn std::fmt::Display| SnmpError::UnusableCredentials(error.to_string());
    match credentials {
        Credentials::V1(community) => Ok(Auth::v1(community.clone())),
        Credentials::V2c(community) => Ok(Auth::v2c(community.clone())),
        Credentials::V3 { user, auth, privacy } => {
            let usm = UsmConfig::new(user.clone());
            let usm = match (auth, privacy) {
                (None, None) => Ok(usm),
                (Some((hash, password)), None) => usm.auth(protocol(*hash), password),
                (Some((hash, password)), Some((cipher, key))) => {
                    usm.auth_priv(protocol(*hash), password, privacy_protocol(*cipher), key)
                }
                (None, Some(_)) => return Err(unusable(&"encryption needs a signature")),
            };
            usm.map(Auth::Usm).map_err(|error| unusable(&error))
        }
    }
}

fn protocol(hash: AuthHash) -> AuthProtocol {
    match hash {
        AuthHash::Md5 => AuthProtocol::Md5,
        AuthHash::Sha1 => AuthProtocol::Sha1,
        AuthHash::Sha224 => AuthProtocol::Sha224,
        AuthHash::Sha256 => AuthProtocol::Sha256,
        AuthHash::Sha384 => AuthProtocol::Sha384,
        AuthHash::Sha512 => AuthProtocol::Sha512,
    }
}

fn privacy_protocol(cipher: Cipher) -> PrivProtocol {
    match cipher {
        Cipher::Aes128 => PrivProtocol::Aes128,
        Cipher::Aes192 => PrivProtocol::Aes192Blumenthal,
        Cipher::Aes256 => PrivProtocol::Aes256Blumenthal,
        Cipher::Aes256Reeder => PrivProtocol::Aes256Reeder,
    }
}

fn theirs(oid: &Oid) -> async_snmp::Oid {
    async_snmp::Oid::from_slice(oid.arcs())
}

fn ours(varbind: async_snmp::VarBind) -> Varbind {
    use async_snmp::Value as Theirs;
    let value = match varbind.value {
        Theirs::Integer(value) => Value::Integer(value),
        Theirs::OctetString(octets) | Theirs::Opaque(octets) | Theirs::Nsap(octets) => {
            Value::Octets(octets.to_vec())
        }
        Theirs::ObjectIdentifier(oid) => Value::Oid(oid.arcs().into()),
        Theirs::IpAddress(address) => Value::Address(address),
        Theirs::Counter32(value) => Value::Counter32(value),
        Theirs::Gauge32(value) | Theirs::UInteger32(value) => Value::Gauge(value),
        Theirs::TimeTicks(value) => Value::Ticks(value),
        Theirs::Counter64(value) => Value::Counter64(value),
        Theirs::EndOfMibView => Value::EndOfView,
        _ => Value::Missing,
    };
    Varbind { oid: varbind.oid.arcs().into(), value }
}

fn translate(error: &Error) -> SnmpError {
    match error.exchange_source() {
        Error::Timeout { .. } | Error::ConstructionTimeout { .. } => SnmpError::Timeout,
        Error::Auth { .. } => SnmpError::WrongCredentials,
        Error::Report { status, .. } => report(status),
        Error::Snmp { status, index, .. } => agent_error(*status, *index),
        Error::Network { source, .. } => SnmpError::Network(source.kind()),
        Error::Closed { .. } | Error::RequestIdInUse { .. } | Error::RandomSource { .. } => {
            SnmpError::Network(io::ErrorKind::Other)
        }
        Error::Config(_) | Error::Privacy(_) => SnmpError::UnusableCredentials(error.to_string()),
        Error::ResponseShape { .. } => SnmpError::OddReply(OddReply::OtherObjects),
        _ => SnmpError::OddReply(OddReply::NotDecodable),
    }
}

fn report(status: &ReportStatus) -> SnmpError {
    match status {
        ReportStatus::UnsupportedSecurityLevel { .. }
        | ReportStatus::UnknownUserName { .. }
        | ReportStatus::WrongDigest { .. }
        | ReportStatus::DecryptionError { .. } => SnmpError::WrongCredentials,
        _ => SnmpError::OddReply(OddReply::NotDecodable),
    }
}

fn agent_error(status: ErrorStatus, index: u32) -> SnmpError {
    let status = match status {
        ErrorStatus::AuthorizationError | ErrorStatus::NoAccess => return SnmpError::WrongCredentials,
        ErrorStatus::TooBig => AgentStatus::TooBig,
        ErrorStatus::NoSuchName => AgentStatus::NoSuchName,
        ErrorStatus::GenErr => AgentStatus::GenErr,
        other => AgentStatus::Other(other.as_i32()),
    };
    SnmpError::Agent { status, index }
}
