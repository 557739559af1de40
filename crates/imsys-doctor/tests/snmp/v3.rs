//! SNMPv3 with signatures and encryption, against the agent of the library.

use std::convert::Infallible;
use std::net::SocketAddr;

use async_snmp::agent::Agent;
use async_snmp::v3::AuthoritativeEngine;
use async_snmp::{AuthProtocol, PrivProtocol};
use imsys_doctor::builtin::snmp::{AuthHash, Cipher, Credentials, Device, SnmpError, SnmpSocket};
use tokio::task::JoinHandle;

use crate::helper::{deadline, oid};

struct V3Agent {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl V3Agent {
    /// Knows the user `imsys` and gives the group snmpEngine.
    async fn start() -> Self {
        let engine =
            AuthoritativeEngine::install(b"imsys-engine".to_vec(), |_| Ok::<(), Infallible>(())).unwrap();
        let agent = Agent::builder()
            .bind("127.0.0.1:0")
            .authoritative_engine(engine)
            .usm_user("imsys", |user| {
                user.auth_priv(AuthProtocol::Sha256, b"signature-1", PrivProtocol::Aes128, b"encryption-1")
            })
            .unwrap()
            .allow_all_access()
            .build()
            .await
            .unwrap();
        let address = agent.local_addr();
        let task = tokio::spawn(async move {
            agent.run().await.unwrap();
        });
        Self { address, task }
    }

    /// The group snmpEngine, read with these passwords.
    async fn read(&self, user: &str, signature: &str, encryption: &str) -> Result<usize, SnmpError> {
        let credentials = Credentials::V3 {
            user: user.into(),
            auth: Some((AuthHash::Sha256, signature.into())),
            privacy: Some((Cipher::Aes128, encryption.into())),
        };
        let socket = SnmpSocket::bind().await?;
        let device = Device::new(socket.agent(self.address, &credentials).await?, true);
        device.walk(&oid("1.3.6.1.6.3.10.2.1"), deadline()).await.map(|found| found.len())
    }
}

impl Drop for V3Agent {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[tokio::test]
async fn a_device_is_read_with_sha_2_and_aes() {
    let agent = V3Agent::start().await;
    assert_eq!(agent.read("imsys", "signature-1", "encryption-1").await, Ok(4));
}

#[tokio::test]
async fn wrong_credentials_are_no_timeout() {
    let agent = V3Agent::start().await;
    let refused = Err(SnmpError::WrongCredentials);
    assert_eq!(agent.read("imsys", "signature-2", "encryption-1").await, refused);
    assert_eq!(agent.read("stranger", "signature-1", "encryption-1").await, refused);
}

#[tokio::test]
async fn credentials_that_cannot_work_are_refused_before_anything_is_sent() {
    let socket = SnmpSocket::bind().await.unwrap();
    let address = "127.0.0.1:9".parse().unwrap();
    let short =
        Credentials::V3 { user: "a".into(), auth: Some((AuthHash::Sha512, "short".into())), privacy: None };
    let unsigned = Credentials::V3 {
        user: "a".into(),
        auth: None,
        privacy: Some((Cipher::Aes256, "long enough".into())),
    };
    for credentials in [short, unsigned] {
        let refused = socket.agent(address, &credentials).await.err();
        assert!(matches!(refused, Some(SnmpError::UnusableCredentials(_))), "{credentials:?}: {refused:?}");
        assert!(!format!("{credentials:?}").contains("short"));
    }
}
