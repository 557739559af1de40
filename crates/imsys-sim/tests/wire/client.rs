//! A client that speaks plain sentences and hides nothing.

use std::net::SocketAddr;
use std::time::Duration;

use imsys_sim::router::{Router, RouterConfig};
use imsys_sim::version::Version;
use routeros::codec::{Decoder, Limits, encode_sentence};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Longer than anything here should take; a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) struct Client {
    stream: TcpStream,
    decoder: Decoder,
}

/// A router of this version on a free port.
pub(crate) async fn router(version: &str) -> Router {
    router_with(version, |_| ()).await
}

pub(crate) async fn router_with(version: &str, change: impl FnOnce(&mut RouterConfig)) -> Router {
    let mut config = RouterConfig {
        version: version.parse::<Version>().unwrap(),
        boot_time: Duration::from_millis(60),
        partial_for: Duration::ZERO,
        ..RouterConfig::default()
    };
    change(&mut config);
    Router::start(config).await.unwrap()
}

impl Client {
    /// Connects without logging in.
    pub(crate) async fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, decoder: Decoder::new(Limits::AFTER_LOGIN) }
    }

    /// Connects and logs in as the router's own user.
    pub(crate) async fn login(router: &Router) -> Self {
        Self::login_as(router, "api", "secret").await
    }

    pub(crate) async fn login_as(router: &Router, name: &str, password: &str) -> Self {
        let mut client = Self::connect(router.address()).await;
        let (name, password) = (format!("=name={name}"), format!("=password={password}"));
        assert_eq!(client.ask(&["/login", &name, &password]).await, [["!done"]]);
        client
    }

    /// Logs in where the router might close the connection instead.
    pub(crate) async fn try_login(&mut self) -> Option<Vec<String>> {
        let mut out = Vec::new();
        encode_sentence(["/login", "=name=api", "=password=secret"], &mut out).unwrap();
        self.stream.write_all(&out).await.ok()?;
        self.read().await
    }

    pub(crate) async fn send(&mut self, words: &[&str]) {
        self.send_bytes(words.iter().map(|word| word.as_bytes())).await;
    }

    pub(crate) async fn send_bytes<'a>(&mut self, words: impl IntoIterator<Item = &'a [u8]>) {
        let mut out = Vec::new();
        encode_sentence(words, &mut out).unwrap();
        self.stream.write_all(&out).await.unwrap();
    }

    /// The next sentence, bytes as they came; `None` when the router closed the connection.
    pub(crate) async fn read_bytes(&mut self) -> Option<Vec<Vec<u8>>> {
        loop {
            if let Some(sentence) = self.decoder.next().unwrap() {
                return Some(sentence.words().map(<[u8]>::to_vec).collect());
            }
            let read = self.stream.read_buf(self.decoder.read_buffer());
            let read = tokio::time::timeout(PATIENCE, read).await.expect("the router said nothing");
            if matches!(read, Ok(0) | Err(_)) {
                return None;
            }
        }
    }

    /// The next sentence as text.
    pub(crate) async fn read(&mut self) -> Option<Vec<String>> {
        let words = self.read_bytes().await?;
        Some(words.into_iter().map(|word| String::from_utf8(word).unwrap()).collect())
    }

    /// Whether the connection ends, with FIN or RST, before anything else comes.
    pub(crate) async fn is_closed(&mut self) -> bool {
        self.read_bytes().await.is_none()
    }

    /// How the connection ends: `Ok` with FIN, `Err` with RST.
    pub(crate) async fn end(&mut self) -> std::io::Result<usize> {
        tokio::time::timeout(PATIENCE, self.stream.read(&mut [0; 64])).await.expect("the router said nothing")
    }

    /// Whether nothing comes for a while.
    pub(crate) async fn hears_nothing_for(&mut self, time: Duration) -> bool {
        tokio::time::timeout(time, self.read_bytes()).await.is_err()
    }

    /// Sends a command and reads up to its `!done` or `!fatal`.
    pub(crate) async fn ask(&mut self, words: &[&str]) -> Vec<Vec<String>> {
        self.send(words).await;
        self.reply().await
    }

    pub(crate) async fn reply(&mut self) -> Vec<Vec<String>> {
        let mut reply = Vec::new();
        while let Some(sentence) = self.read().await {
            let last = matches!(sentence[0].as_str(), "!done" | "!fatal");
            reply.push(sentence);
            if last {
                return reply;
            }
        }
        panic!("the router closed the connection after {reply:?}");
    }

    /// Sends a command that must succeed and gives its rows.
    pub(crate) async fn rows(&mut self, words: &[&str]) -> Vec<Row> {
        let reply = self.ask(words).await;
        assert_eq!(reply.last().unwrap()[0], "!done");
        let rows = reply.into_iter().filter(|sentence| matches!(sentence[0].as_str(), "!re" | "!trap"));
        rows.map(|sentence| {
            assert_eq!(sentence[0], "!re", "{sentence:?}");
            Row(sentence)
        })
        .collect()
    }

    /// The message of the trap that a command must end in.
    pub(crate) async fn trap(&mut self, words: &[&str]) -> String {
        let reply = self.ask(words).await;
        assert_eq!(reply.len(), 2, "{reply:?}");
        assert_eq!((reply[0][0].as_str(), reply[1].as_slice()), ("!trap", &["!done".to_owned()][..]));
        Row(reply[0].clone()).get("message").unwrap().to_owned()
    }
}

/// A sentence with attributes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row(pub(crate) Vec<String>);

impl Row {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find_map(|word| word.strip_prefix('=')?.strip_prefix(name)?.strip_prefix('='))
    }
}

/// Waits until `done`, without guessing how long.
pub(crate) async fn until(what: &str, mut done: impl FnMut() -> bool) {
    let waiting = async {
        while !done() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.unwrap_or_else(|_| panic!("waited in vain until {what}"));
}
