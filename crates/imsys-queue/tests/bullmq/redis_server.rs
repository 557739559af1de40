//! A real Redis for a test: on a free port of this machine, with a folder of its own.

use std::hash::{BuildHasher, RandomState};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Ports that are tried.
const ATTEMPTS: usize = 5;

/// A running server; it is killed when this is dropped.
pub(super) struct Redis {
    port: u16,
    folder: TempDir,
    settings: Vec<&'static str>,
    server: Child,
}

impl Redis {
    /// Starts one that may be trusted with jobs; `None`, with a line that says so, where none is
    /// installed.
    ///
    /// # Panics
    /// When none is installed although `CI=true`.
    pub(super) async fn start() -> Option<Self> {
        Self::start_with(&["--appendonly", "yes", "--maxmemory-policy", "noeviction"]).await
    }

    /// The same with other settings.
    pub(super) async fn start_with(settings: &[&'static str]) -> Option<Self> {
        if Command::new("redis-server").arg("--version").stdout(Stdio::null()).status().is_err() {
            let must_be_here = std::env::var("CI").is_ok_and(|ci| ci == "true");
            assert!(!must_be_here, "redis-server is not here");
            skipped();
            return None;
        }
        for port in free_ports().take(ATTEMPTS) {
            let folder = tempfile::tempdir().expect("a folder");
            let server = launch(port, folder.path(), settings);
            let mut redis = Self { port, folder, settings: settings.to_vec(), server };
            // Else somebody was quicker to take the port.
            if redis.answers().await {
                return Some(redis);
            }
        }
        panic!("redis-server does not start");
    }

    /// Where it is.
    pub(super) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Its port on this machine.
    #[allow(dead_code, reason = "the tests of the product include this file and do not need it")]
    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// The first line of its answer to a command.
    #[allow(dead_code, reason = "the tests of the product include this file and do not need it")]
    pub(super) async fn command(&self, words: &[&str]) -> String {
        ask(self.port, &words.join(" ")).await.expect("the server answers").trim().to_owned()
    }

    /// The text under a key.
    #[allow(dead_code, reason = "tests of the product include this file and ask for it")]
    pub(super) async fn value(&self, key: &str) -> String {
        let answer = ask(self.port, &format!("GET {key}")).await.expect("the server answers");
        answer.lines().nth(1).unwrap_or_default().to_owned()
    }

    /// Kills it.
    pub(super) fn stop(&mut self) {
        self.server.kill().expect("the server runs");
        self.server.wait().expect("the server ends");
    }

    /// Starts it again with what it has kept.
    pub(super) async fn start_again(&mut self) {
        self.server = launch(self.port, self.folder.path(), &self.settings);
        assert!(self.answers().await, "redis-server ended");
    }

    /// Waits until it answers; `false` when it has ended instead.
    async fn answers(&mut self) -> bool {
        for _ in 0..3000 {
            if ask(self.port, "PING").await.is_ok_and(|answer| answer.starts_with("+PONG")) {
                return self.server.try_wait().expect("its state").is_none();
            }
            if self.server.try_wait().expect("its state").is_some() {
                return false;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("redis-server does not answer");
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _gone_already = self.server.kill();
        let _gone_already = self.server.wait();
    }
}

#[expect(clippy::print_stdout, reason = "who runs the tests is to see what did not run")]
fn skipped() {
    println!("skipped: redis-server is not here");
}

/// Ports that nobody listens on now, in random order, of those that no connection is given by itself.
fn free_ports() -> impl Iterator<Item = u16> {
    let random = || u16::try_from(RandomState::new().hash_one(()) % 12_000).expect("it fits");
    let ports = std::iter::repeat_with(move || 20_000 + random());
    ports.filter(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
}

fn launch(port: u16, folder: &Path, settings: &[&str]) -> Child {
    let mut server = Command::new("redis-server");
    server.args(["--bind", "127.0.0.1", "--port", &port.to_string(), "--save", "", "--dir"]).arg(folder);
    server.args(settings).stdout(Stdio::null()).spawn().expect("redis-server starts")
}

async fn ask(port: u16, command: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.write_all(format!("{command}\r\n").as_bytes()).await?;
    let mut answer = [0; 64];
    let length = stream.read(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer[..length]).into_owned())
}
