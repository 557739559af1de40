//! The usual program: Express and Redis, as processes that end with their handle.

use anyhow::{Context, Result, ensure};
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A child that is killed when dropped.
pub struct Helper(Child);

impl Helper {
    /// Starts a program that prints its port; where it listens.
    pub fn start(command: &mut Command) -> Result<(Self, SocketAddr)> {
        let mut child = Self(command.stdout(Stdio::piped()).spawn().with_context(|| format!("{command:?}"))?);
        let mut line = String::new();
        BufReader::new(child.0.stdout.take().context("stdout is piped")?).read_line(&mut line)?;
        Ok((child, (Ipv4Addr::LOCALHOST, line.trim().parse()?).into()))
    }

    /// The process.
    pub fn pid(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for Helper {
    fn drop(&mut self) {
        let _already_gone = self.0.kill();
        let _reaped = self.0.wait();
    }
}

/// Redis that appends to its file and syncs it every second.
pub fn redis(folder: &Path) -> Result<(Helper, u16)> {
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let mut command = Command::new("redis-server");
    command.args(["--bind", "127.0.0.1", "--port", &port.to_string(), "--save", "", "--appendonly", "yes"]);
    command.args(["--appendfsync", "everysec", "--dir"]).arg(folder).stdout(Stdio::null());
    let helper = Helper(command.spawn().context("redis-server is needed: apt-get install redis-server")?);
    let mut stream = loop {
        match TcpStream::connect(("127.0.0.1", port)) {
            Ok(stream) => break stream,
            Err(_) => std::thread::yield_now(),
        }
    };
    stream.write_all(b"PING\r\n")?;
    BufReader::new(stream).read_line(&mut String::new())?;
    Ok((helper, port))
}

/// `express/server.js` in front of that Redis.
pub fn express(redis: u16, token: &str) -> Result<(Helper, SocketAddr)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("express");
    ensure!(folder.join("node_modules").exists(), "run `npm ci --prefix bench/product/express` first");
    let mut node = Command::new("node");
    node.arg(folder.join("server.js")).args([&redis.to_string(), token]).env("NODE_ENV", "production");
    Helper::start(&mut node)
}
