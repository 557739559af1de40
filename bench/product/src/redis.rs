//! Redis, as a process that ends with its handle.

use anyhow::{Context, Result};
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A child that is killed when dropped.
pub struct Helper(pub Child);

impl Helper {
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

/// Redis that appends to its file and syncs it every second, with further settings; its port.
pub fn start(folder: &Path, settings: &[&str]) -> Result<(Helper, u16)> {
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let mut command = Command::new("redis-server");
    command.args(["--bind", "127.0.0.1", "--port", &port.to_string(), "--save", "", "--appendonly", "yes"]);
    command.args(["--appendfsync", "everysec", "--maxmemory-policy", "noeviction"]).args(settings);
    command.arg("--dir").arg(folder).stdout(Stdio::null());
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
