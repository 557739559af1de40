//! The usual program: Express in front of Redis, as a process that ends with its handle.

use crate::redis::Helper;
use anyhow::{Context, Result, ensure};
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::{Command, Stdio};

impl Helper {
    /// Starts a program that prints its port; where it listens.
    pub fn start(command: &mut Command) -> Result<(Self, SocketAddr)> {
        let mut child = Self(command.stdout(Stdio::piped()).spawn().with_context(|| format!("{command:?}"))?);
        let mut line = String::new();
        BufReader::new(child.0.stdout.take().context("stdout is piped")?).read_line(&mut line)?;
        Ok((child, (Ipv4Addr::LOCALHOST, line.trim().parse()?).into()))
    }
}

/// `express/server.js` in front of that Redis.
pub fn express(redis: u16, token: &str) -> Result<(Helper, SocketAddr)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("express");
    ensure!(folder.join("node_modules").exists(), "run `npm ci --prefix bench/product/express` first");
    let mut node = Command::new("node");
    node.arg(folder.join("server.js")).args([&redis.to_string(), token]).env("NODE_ENV", "production");
    Helper::start(&mut node)
}
