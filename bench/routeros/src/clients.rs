//! The clients in Rust. The other one is `client.js`.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use nix::sys::{
    resource::{UsageWho, getrusage},
    time::TimeValLike,
};
use routeros::{
    client::{Client, ClientOptions, Command, LoginForm, Table},
    codec::{Decoder, Limits, decode_length, encode_sentence},
    connect::connect,
    menu::Arp,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::server::ROWS;

/// Prints the table into typed rows through the crate's client, again and again.
pub fn ours(server: SocketAddr, seconds: f64) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let soon = Duration::from_secs(10);
        let client = Client::new(connect(server, None, soon).await?, ClientOptions::default());
        client.login("bench", "bench", LoginForm::Modern).await?;
        let mut meter = Meter::start(seconds)?;
        while meter.goes_on()? {
            let rows: Table<Arp> = client.print(Command::new("/ip/arp/print"), soon).await?;
            ensure!(rows.last().is_some_and(|row| row.interface == "vlan139-customers"));
            meter.add(rows.len());
        }
        Ok(())
    })
}

/// Reads the same bytes on the same kind of stream, finds the ends of sentences with the crate's
/// decoder and its limits, and looks into none.
pub fn receive(server: SocketAddr, seconds: f64) -> Result<()> {
    let mut decoder = Decoder::new(Limits::default());
    receive_with(server, seconds, async |stream| {
        let mut sentences = 0;
        while sentences <= ROWS {
            let read = stream.read_buf(decoder.read_buffer()).await?;
            ensure!(read > 0, "the server hung up");
            while decoder.next()?.is_some() {
                sentences += 1;
            }
        }
        Ok(())
    })
}

/// The same without the crate: the barest loop that steps from length to length, with no limit and
/// nothing noted down.
pub fn bare(server: SocketAddr, seconds: f64) -> Result<()> {
    let mut buffer = vec![0; 64 << 10];
    receive_with(server, seconds, async |stream| {
        let (mut sentences, mut kept) = (0, 0);
        while sentences <= ROWS {
            let read = stream.read(&mut buffer[kept..]).await?;
            ensure!(read > 0, "the server hung up");
            let filled = kept + read;
            let (found, used) = step(&buffer[..filled])?;
            sentences += found;
            buffer.copy_within(used..filled, 0);
            kept = filled - used;
        }
        Ok(())
    })
}

/// Asks for the table again and again and lets `receive` read one reply.
fn receive_with(
    server: SocketAddr,
    seconds: f64,
    mut receive: impl AsyncFnMut(&mut TcpStream) -> Result<()>,
) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut stream = TcpStream::connect(server).await?;
        stream.set_nodelay(true)?;
        let mut command = Vec::new();
        encode_sentence(["/ip/arp/print", ".tag=3"], &mut command)?;
        let mut meter = Meter::start(seconds)?;
        while meter.goes_on()? {
            stream.write_all(&command).await?;
            receive(&mut stream).await?;
            meter.add(ROWS);
        }
        Ok(())
    })
}

/// Counts complete sentences and the bytes they take.
fn step(bytes: &[u8]) -> Result<(usize, usize)> {
    let (mut sentences, mut end, mut rest) = (0, 0, bytes);
    while let Some((length, body)) = decode_length(rest)? {
        let Some(after) = body.get(length as usize..) else { break };
        rest = after;
        if length == 0 {
            sentences += 1;
            end = bytes.len() - rest.len();
        }
    }
    Ok((sentences, end))
}

/// Counts rows and CPU time, after one unmeasured round.
struct Meter {
    until: Duration,
    start: Option<(Instant, Duration)>,
    rows: usize,
}

impl Meter {
    fn start(seconds: f64) -> Result<Self> {
        Ok(Self { until: Duration::try_from_secs_f64(seconds)?, start: None, rows: 0 })
    }

    fn add(&mut self, rows: usize) {
        self.rows += rows;
    }

    /// Whether there is time for another round; prints the figures when there is none.
    fn goes_on(&mut self) -> Result<bool> {
        match self.start {
            None if self.rows == 0 => {}
            None => (self.start, self.rows) = (Some((Instant::now(), cpu_time()?)), 0),
            Some((start, cpu)) if start.elapsed() > self.until => {
                println!("{} {}", self.rows, (cpu_time()? - cpu).as_secs_f64());
                return Ok(false);
            }
            Some(_) => {}
        }
        Ok(true)
    }
}

/// User and system time of this process so far.
fn cpu_time() -> Result<Duration> {
    let usage = getrusage(UsageWho::RUSAGE_SELF)?;
    let micros = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    Ok(Duration::from_micros(micros.try_into()?))
}
