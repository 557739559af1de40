//! Routers that answer with tables far larger than any real one, beside one whose webhooks must not wait.

use crate::Spread;
use crate::process;
use crate::provider::add_router;
use crate::server::{Connection, Folder, Server, Tenant};
use anyhow::{Result, ensure};
use routeros::codec::{Decoder, Limits, SentenceWriter};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// So many of them.
const ROUTERS: usize = 8;
/// Rows in `/ppp/active` of each: below what a reply may have.
const ROWS: usize = 199_000;
/// How long webhooks are timed while their tables come in.
const TIME: Duration = Duration::from_secs(60);
/// From one webhook to the next.
const EVERY: Duration = Duration::from_millis(20);
/// Users of the router that behaves.
const USERS: usize = 20;

/// The page.
pub fn measure(binary: &Path) -> Result<String> {
    let data = Folder::new("hostile");
    let server = Server::start(binary, data.path());
    let tenant = Tenant::make(binary, data.path(), &server);
    tenant.register(&server, USERS);
    let calm = webhooks(&server, &tenant, TIME / 6)?;
    let (before, _) = process::memory(server.pid())?;
    let asked: &AtomicUsize = Box::leak(Box::default());
    let addresses = start(asked)?;
    let mut door = Connection::open(server.at)?;
    for at in &addresses {
        add_router(&mut door, &tenant.key, *at)?;
    }
    let beside = webhooks(&server, &tenant, TIME)?;
    let (_, most) = process::memory(server.pid())?;
    let asked = asked.load(Ordering::Relaxed);
    ensure!(asked >= ROUTERS, "the tables were asked for {asked} times");
    let line =
        |name: &str, of: &Spread| format!("| {name} | {:.1} | {:.1} | {:.1} |\n", of.median, of.p99, of.most);
    Ok(format!(
        "# Hostile routers: {ROUTERS} with {ROWS} rows each\n\n\
         {ROUTERS} routers answer every question for `/ppp/active` with {ROWS} sessions of their own, as fast as the \
         connection takes them. A webhook of another router is sent every {} ms for {} s; each is answered when it is \
         stored.\n\n\
         | webhooks of the good router | median ms | p99 ms | longest ms |\n|---|---:|---:|---:|\n{}{}\n\
         - p99 beside them: {:.0} ms (target: under 250).\n\
         - Memory of `imsys serve`: {before:.0} MiB before, {most:.0} at most: {:.0} more (target: within 300).\n\
         - The tables were asked for {asked} times.\n",
        EVERY.as_millis(),
        TIME.as_secs(),
        line("alone", &calm),
        line("beside the hostile ones", &beside),
        beside.p99,
        most - before,
    ))
}

/// How long each webhook took, in milliseconds.
fn webhooks(server: &Server, tenant: &Tenant, time: Duration) -> Result<Spread> {
    let mut door = Connection::open(server.at)?;
    let headers = [("X-IMSys-Token", tenant.token.as_str()), ("Content-Type", "text/plain")];
    let (until, mut took) = (Instant::now() + time, Vec::new());
    for number in 0.. {
        let began = Instant::now();
        if began > until {
            break;
        }
        let kind = if number / USERS % 2 == 0 { "up" } else { "down" };
        let body = format!("{kind}\nuser{}\n\n\n*{number:X}", number % USERS);
        let answer = door.ask("POST", "/api/v1/webhooks/ppp", &headers, &body)?;
        ensure!(answer.status == 204, "{}: {}", answer.status, String::from_utf8_lossy(&answer.body));
        took.push(began.elapsed().as_secs_f64() * 1e3);
        std::thread::sleep(EVERY.saturating_sub(began.elapsed()));
    }
    Ok(Spread::of(took))
}

/// Where each of the hostile ones listens; they live as long as this process.
fn start(asked: &'static AtomicUsize) -> Result<Vec<SocketAddr>> {
    (0..ROUTERS)
        .map(|_| {
            let listener = TcpListener::bind("127.0.0.1:0")?;
            let at = listener.local_addr()?;
            std::thread::spawn(move || {
                for stream in listener.incoming().flatten() {
                    std::thread::spawn(move || serve(stream, asked));
                }
            });
            Ok(at)
        })
        .collect()
}

/// Agrees to everything, says nothing of itself, and has sessions without end.
fn serve(mut stream: TcpStream, asked: &AtomicUsize) -> Result<()> {
    let mut decoder = Decoder::new(Limits::default());
    let mut buffer = [0; 4096];
    loop {
        let read = stream.read(&mut buffer)?;
        if read == 0 {
            return Ok(());
        }
        decoder.feed(&buffer[..read]);
        let mut answers = Vec::new();
        while let Some(sentence) = decoder.next()? {
            let tag = sentence.tag().unwrap_or_default();
            let open = sentence.head().ends_with(b"/listen") || sentence.head() == b"/cancel";
            if sentence.head() == b"/ppp/active/print" {
                asked.fetch_add(1, Ordering::Relaxed);
                sessions(tag, &mut answers)?;
            }
            if !open {
                let done = SentenceWriter::new(&mut answers).word("!done")?;
                // The login comes without a tag.
                if tag.is_empty() { done.end() } else { done.tag(tag)?.end() }
            }
        }
        stream.write_all(&answers)?;
    }
}

fn sessions(tag: &[u8], answers: &mut Vec<u8>) -> Result<()> {
    for row in 0..ROWS {
        SentenceWriter::new(answers)
            .word("!re")?
            .attr(".id", format!("*{row:X}"))?
            .attr("name", format!("nobody{row:06}"))?
            .attr("service", "pppoe")?
            .attr(
                "caller-id",
                format!("02:00:5E:{:02X}:{:02X}:{:02X}", row >> 16, row >> 8 & 255, row & 255),
            )?
            .attr("address", Ipv4Addr::from(0x0A40_0000 + row as u32).to_string())?
            .attr("uptime", "1h5m")?
            .tag(tag)?
            .end();
    }
    Ok(())
}
