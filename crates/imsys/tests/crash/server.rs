//! `imsys serve` as a process of its own, and the little HTTP it takes to fill it and to load it.

use serde_json::{Value, json};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// No answer takes longer, not even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running server; killed when dropped.
pub(crate) struct Server {
    child: Child,
    /// Where it listens.
    pub(crate) at: SocketAddr,
    /// From the start of the process to the first 200 of `/readyz`.
    pub(crate) ready: Duration,
}

impl Server {
    /// Starts `binary` over the data folder, on a free port of loopback.
    pub(crate) fn start(binary: &Path, data: &Path) -> Self {
        let began = Instant::now();
        let mut child = command(binary, data).arg("serve").stdout(Stdio::piped()).spawn().expect("it starts");
        let stdout = BufReader::new(child.stdout.take().expect("stdout is piped"));
        let url = stdout.lines().map_while(Result::ok).find_map(|line| {
            let url = line.strip_prefix("ready http://")?;
            Some(url.to_owned())
        });
        let at = url.expect("it gets ready").parse().expect("an address");
        let mut connection = Connection::open(at).expect("it listens");
        while connection.ask("GET", "/readyz", &[], "").expect("it answers").status != 200 {}
        Self { child, at, ready: began.elapsed() }
    }

    /// The process.
    #[allow(dead_code, reason = "the benches include this file and read it")]
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Ends the process at once, as SIGKILL does, and waits until it is gone.
    pub(crate) fn kill(mut self) {
        self.end();
    }

    fn end(&mut self) {
        let _already_gone = self.child.kill();
        let _reaped = self.child.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}

fn command(binary: &Path, data: &Path) -> Command {
    let mut command = Command::new(binary);
    command
        .current_dir(data)
        .env("IMSYS_DATA__DIR", data)
        .env("IMSYS_HTTP__LISTEN", "127.0.0.1:0")
        .env("IMSYS_NETWORK__ALLOW_LOOPBACK", "true")
        // One router sends what many would.
        .env("IMSYS_HTTP__WEBHOOK_BURST", u32::MAX.to_string())
        .env("IMSYS_HTTP__WEBHOOK_RATE", u32::MAX.to_string())
        .env("IMSYS_LOG__LEVEL", "error")
        .stdin(Stdio::null());
    command
}

/// A tenant with one router that cannot be reached, so that webhooks are all that is heard of it.
pub(crate) struct Tenant {
    /// Its id.
    #[allow(dead_code, reason = "the benches include this file and read it")]
    pub(crate) id: String,
    /// An API key of an admin.
    pub(crate) key: String,
    /// The router's id.
    pub(crate) router: String,
    /// The router's token.
    pub(crate) token: String,
}

impl Tenant {
    /// Makes it on a running server: with the commands of the owner, then over HTTP.
    pub(crate) fn make(binary: &Path, data: &Path, server: &Server) -> Self {
        let admin = |words: &[&str], field: &str| {
            let output = command(binary, data).arg("admin").args(words).arg("--json").output();
            let output = output.expect("it starts");
            let answer: Value = serde_json::from_slice(&output.stdout)
                .unwrap_or_else(|_| panic!("{words:?}: {}", String::from_utf8_lossy(&output.stderr)));
            answer[field].as_str().expect("a text").to_owned()
        };
        let id = admin(&["tenant", "create", "--name", "Lake"], "tenantId");
        let key = admin(&["api-key", "create", "--tenant", &id, "--role", "admin"], "key");
        let mut connection = Connection::open(server.at).expect("it listens");
        let router =
            json!({ "name": "r1", "address": "127.0.0.1", "port": 1, "username": "api", "password": "x" });
        let made = connection.create(&key, "/api/v1/routers", &router);
        let text = |field: &str| made[field].as_str().expect("a text").to_owned();
        Self { id, key, router: text("id"), token: text("webhookToken") }
    }

    /// Registers `user0` to `user<n-1>` behind the router.
    pub(crate) fn register(&self, server: &Server, users: usize) {
        let mut connection = Connection::open(server.at).expect("it listens");
        for user in 0..users {
            let service =
                json!({ "kind": "pppoe", "username": format!("user{user}"), "routerId": self.router });
            connection.create(&self.key, "/api/v1/services", &service);
        }
    }
}

/// A folder of its own under the system's temporary one; removed when dropped.
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// Makes it.
    pub(crate) fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("imsys-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("the temporary folder can be written");
        Self(folder)
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _left_behind = std::fs::remove_dir_all(&self.0);
    }
}

/// One keep-alive connection, one request at a time.
pub(crate) struct Connection(BufReader<TcpStream>);

/// An answer that was read whole.
pub(crate) struct Answer {
    /// Its status.
    pub(crate) status: u16,
    /// Its body, which must have had a length.
    pub(crate) body: Vec<u8>,
}

impl Connection {
    /// Connects.
    pub(crate) fn open(at: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(at)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self(BufReader::new(stream)))
    }

    /// Asks and reads the answer.
    pub(crate) fn ask(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> io::Result<Answer> {
        let mut request =
            format!("{method} {path} HTTP/1.1\r\nHost: imsys\r\nContent-Length: {}\r\n", body.len());
        for (name, value) in headers {
            request += &format!("{name}: {value}\r\n");
        }
        request += "\r\n";
        request += body;
        self.0.get_mut().write_all(request.as_bytes())?;
        self.answer()
    }

    fn answer(&mut self) -> io::Result<Answer> {
        let status = self.line()?.split(' ').nth(1).and_then(|word| word.parse().ok());
        let status = status.ok_or(io::ErrorKind::InvalidData)?;
        let mut length = 0;
        loop {
            let line = self.line()?.to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().map_err(|_| io::ErrorKind::InvalidData)?;
            }
        }
        let mut body = vec![0; length];
        self.0.read_exact(&mut body)?;
        Ok(Answer { status, body })
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        if self.0.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(line.trim_end().to_owned())
    }

    /// Posts an object; what came back with 201.
    pub(crate) fn create(&mut self, key: &str, path: &str, object: &Value) -> Value {
        let bearer = format!("Bearer {key}");
        let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
        let answer = self.ask("POST", path, &headers, &object.to_string()).expect("it answers");
        assert_eq!(answer.status, 201, "{path}: {}", String::from_utf8_lossy(&answer.body));
        serde_json::from_slice(&answer.body).expect("JSON")
    }
}
