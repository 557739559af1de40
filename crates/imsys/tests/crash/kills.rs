//! Kills a server again and again while webhooks come in, and looks for every event it acknowledged.

use super::server::{Connection, Folder, Server, Tenant};
use rusqlite::{Connection as Database, OpenFlags};
use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Connections, each with a user of its own.
const CONNECTIONS: usize = 16;
const HOOK: &str = "/api/v1/webhooks/ppp";

/// Whom the webhooks are sent to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// The server itself.
    Straight,
    /// The mutant: somebody in between who answers 204 first and passes on afterwards.
    Hasty,
}

/// What was seen.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// Kills.
    pub(crate) kills: usize,
    /// Events that were answered with 204.
    pub(crate) acknowledged: usize,
    /// Those of them that the database does not hold after the next start.
    pub(crate) lost: usize,
    /// Each restart, from the start of the process to the first 200 of `/readyz`.
    pub(crate) restarts: Vec<Duration>,
}

/// Kills `binary` that often, each time after up to `most` of load.
pub(crate) fn run(binary: &Path, kills: usize, most: Duration, way: Way) -> Report {
    let folder = Folder::new(&format!("kills-{way:?}"));
    let data = folder.path();
    let mut server = Server::start(binary, data);
    let tenant = Tenant::make(binary, data, &server);
    tenant.register(&server, CONNECTIONS);
    let mut report = Report { kills, ..Report::default() };
    let mut acknowledged = Vec::new();
    for round in 0..kills {
        let at = match way {
            Way::Straight => server.at,
            Way::Hasty => hasty(server.at).expect("loopback has a free port"),
        };
        let token = tenant.token.as_str();
        thread::scope(|scope| {
            let load: Vec<_> =
                (0..CONNECTIONS).map(|user| scope.spawn(move || send(at, token, round, user))).collect();
            thread::sleep(most.mul_f64(random()));
            server.kill();
            for sender in load {
                acknowledged.extend(sender.join().expect("a sender ends when its server is gone"));
            }
        });
        server = Server::start(binary, data);
        report.restarts.push(server.ready);
        let stored = events(data).expect("the database can be read");
        report.lost = acknowledged.iter().filter(|event| !stored.contains(*event)).count();
    }
    report.acknowledged = acknowledged.len();
    report
}

/// An event: the session's key, which is used once, and `up` or `down`.
type Event = (String, String);

/// Sends one user's events until the server is gone; those that were acknowledged.
fn send(at: SocketAddr, token: &str, round: usize, user: usize) -> Vec<Event> {
    let mut acknowledged = Vec::new();
    let Ok(mut connection) = Connection::open(at) else { return acknowledged };
    for number in 0.. {
        let key = format!("*{round:X}.{user:X}.{:X}", number / 2);
        let kind = if number % 2 == 0 { "up" } else { "down" };
        let body = format!("{kind}\nuser{user}\n02:00:00:00:00:{user:02X}\n10.1.0.{user}\n{key}");
        match connection.ask("POST", HOOK, &[("X-IMSys-Token", token)], &body) {
            Ok(answer) if answer.status == 204 => acknowledged.push((key, kind.to_owned())),
            Ok(answer) => panic!("{}: {}", answer.status, String::from_utf8_lossy(&answer.body)),
            Err(_) => break,
        }
    }
    acknowledged
}

/// Every event of a webhook in the database.
fn events(data: &Path) -> rusqlite::Result<HashSet<Event>> {
    let database = Database::open_with_flags(data.join("imsys.db"), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut query = database.prepare("SELECT alias, kind FROM presence_events WHERE source = 'webhook'")?;
    query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}

/// From 0 to 1.
fn random() -> f64 {
    f64::from(RandomState::new().hash_one(0) as u32) / f64::from(u32::MAX)
}

/// Starts the mutant before the server at `behind`: where to send to.
fn hasty(behind: SocketAddr) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let at = listener.local_addr()?;
    thread::spawn(move || {
        // As many as the load opens: it ends with them.
        for stream in listener.incoming().take(CONNECTIONS).flatten() {
            thread::spawn(move || answer_first(stream, behind));
        }
    });
    Ok(at)
}

fn answer_first(stream: TcpStream, behind: SocketAddr) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    // The other end hangs up on the load when its server is gone.
    let load = stream.get_ref().try_clone()?;
    let (pass, passed) = mpsc::channel::<Vec<u8>>();
    thread::spawn(move || {
        let _gone = pass_on(&passed, behind);
        load.shutdown(std::net::Shutdown::Both)
    });
    loop {
        let request = one_request(&mut stream)?;
        stream.get_mut().write_all(b"HTTP/1.1 204 No Content\r\n\r\n")?;
        pass.send(request).map_err(|_| io::ErrorKind::BrokenPipe)?;
    }
}

fn pass_on(requests: &mpsc::Receiver<Vec<u8>>, behind: SocketAddr) -> io::Result<()> {
    let mut server = BufReader::new(TcpStream::connect(behind)?);
    for request in requests {
        server.get_mut().write_all(&request)?;
        one_request(&mut server)?;
    }
    Ok(())
}

/// The bytes of one message with its body, if it has one.
fn one_request(stream: &mut BufReader<TcpStream>) -> io::Result<Vec<u8>> {
    let (mut bytes, mut length) = (Vec::new(), 0);
    loop {
        let from = bytes.len();
        if stream.read_until(b'\n', &mut bytes)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let line = String::from_utf8_lossy(&bytes[from..]).to_ascii_lowercase();
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().map_err(|_| io::ErrorKind::InvalidData)?;
        }
        if line == "\r\n" {
            break;
        }
    }
    let from = bytes.len();
    bytes.resize(from + length, 0);
    stream.read_exact(&mut bytes[from..])?;
    Ok(bytes)
}
