//! Webhooks over many keep-alive connections, the next one as soon as the last is answered.

use anyhow::{Result, ensure};
use std::cell::Cell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::LocalSet;

/// Opens the connections and keeps them.
pub struct Load {
    runtime: tokio::runtime::Runtime,
    lines: Vec<Line>,
}

/// One connection and its user.
struct Line {
    stream: TcpStream,
    user: usize,
    sent: usize,
    head: Rc<str>,
}

impl Load {
    /// Connects as often as there are users.
    pub fn connect(at: SocketAddr, token: &str, users: usize) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let head: Rc<str> = format!(
            "POST /api/v1/webhooks/ppp HTTP/1.1\r\nHost: {at}\r\nUser-Agent: Mikrotik/7.x Fetch\r\n\
             X-IMSys-Token: {token}\r\nContent-Type: text/plain\r\nContent-Length: "
        )
        .into();
        let lines = runtime.block_on(async {
            let mut lines = Vec::new();
            for user in 0..users {
                let stream = TcpStream::connect(at).await?;
                stream.set_nodelay(true)?;
                lines.push(Line { stream, user, sent: 0, head: Rc::clone(&head) });
            }
            anyhow::Ok(lines)
        })?;
        Ok(Self { runtime, lines })
    }

    /// Sends for that long; how many webhooks were answered, each with 204.
    pub fn run(&mut self, time: Duration) -> Result<usize> {
        let (until, stop) = (Instant::now() + time, Rc::new(Cell::new(false)));
        let local = LocalSet::new();
        let tasks: Vec<_> = std::mem::take(&mut self.lines)
            .into_iter()
            .map(|mut line| {
                let stop = Rc::clone(&stop);
                local.spawn_local(async move {
                    let before = line.sent;
                    while !stop.get() {
                        line.exchange().await?;
                    }
                    anyhow::Ok((line.sent - before, line))
                })
            })
            .collect();
        self.runtime.block_on(local.run_until(async {
            tokio::time::sleep_until(until.into()).await;
            stop.set(true);
            let mut answered = 0;
            for task in tasks {
                let (more, line) = task.await??;
                answered += more;
                self.lines.push(line);
            }
            Ok(answered)
        }))
    }
}

impl Line {
    /// The user comes up, or goes down again, with a key that is new for each session.
    async fn exchange(&mut self) -> Result<()> {
        let Self { user, sent, head, .. } = self;
        let (kind, key) = (if *sent % 2 == 0 { "up" } else { "down" }, 0xF0_0000 + *sent / 2);
        let place = format!("{}.{}", *user / 250, *user % 250 + 1);
        let body = format!(
            "{kind}\nuser{user}\n02:00:5E:00:{:02X}:{:02X}\n10.1.{place}\n*{key:X}",
            *user / 256,
            *user % 256
        );
        let request = format!("{head}{}\r\n\r\n{body}", body.len());
        self.stream.write_all(request.as_bytes()).await?;
        self.sent += 1;
        let (mut answer, mut filled) = ([0; 1024], 0);
        loop {
            let read = self.stream.read(&mut answer[filled..]).await?;
            ensure!(read > 0, "the server hung up");
            filled += read;
            if answer[..filled].ends_with(b"\r\n\r\n") {
                break;
            }
        }
        ensure!(answer.starts_with(b"HTTP/1.1 204"), "{}", String::from_utf8_lossy(&answer[..filled]));
        Ok(())
    }
}
