//! A router with 5,000 ARP entries and no other talent.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::OnceLock,
    thread,
};

use anyhow::Result;
use routeros::codec::{Decoder, Limits, SentenceWriter};

/// Rows in the table.
pub const ROWS: usize = 5_000;

/// Bytes of one reply, once one was made.
pub static REPLY_BYTES: OnceLock<usize> = OnceLock::new();

/// Listens on a free port of loopback until the program ends.
pub fn start() -> Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || serve(stream));
        }
    });
    Ok(address)
}

fn serve(mut stream: TcpStream) -> Result<()> {
    stream.set_nodelay(true)?;
    let mut decoder = Decoder::new(Limits::default());
    let mut buffer = vec![0; 4096];
    let mut table = Table::default();
    loop {
        while let Some(command) = decoder.next()? {
            let tag = command.tag().unwrap_or_default();
            if command.head() == b"/ip/arp/print" {
                stream.write_all(table.reply(tag)?)?;
            } else {
                let mut done = Vec::new();
                put(&mut done, "!done", &[], tag)?;
                stream.write_all(&done)?;
            }
        }
        match stream.read(&mut buffer)? {
            0 => return Ok(()),
            read => decoder.feed(&buffer[..read]),
        }
    }
}

/// The reply, made once and then only given the next tag, so that the server leaves the processor
/// to the client.
#[derive(Default)]
struct Table {
    reply: Vec<u8>,
    /// Where the tags begin, and how long they are.
    tags: Vec<usize>,
    tag_length: Option<usize>,
}

impl Table {
    fn reply(&mut self, tag: &[u8]) -> Result<&[u8]> {
        if self.tag_length != Some(tag.len()) {
            self.make(tag)?;
        }
        for start in &self.tags {
            self.reply[*start..*start + tag.len()].copy_from_slice(tag);
        }
        Ok(&self.reply)
    }

    fn make(&mut self, tag: &[u8]) -> Result<()> {
        *self = Self { tag_length: Some(tag.len()), ..Self::default() };
        for row in 0..ROWS {
            put(&mut self.reply, "!re", &attributes(row), tag)?;
            self.tags.push(self.reply.len() - 1 - tag.len());
        }
        put(&mut self.reply, "!done", &[], tag)?;
        self.tags.push(self.reply.len() - 1 - tag.len());
        REPLY_BYTES.get_or_init(|| self.reply.len());
        Ok(())
    }
}

/// 12 attributes, as RouterOS 7 sends them.
fn attributes(row: usize) -> [(&'static str, String); 12] {
    const STATUS: [&str; 4] = ["reachable", "stale", "delay", "permanent"];
    let (high, low) = (row / 250, row % 250 + 1);
    let dynamic = if row % 4 == 3 { "false" } else { "true" };
    [
        (".id", format!("*{:X}", row + 1)),
        ("address", format!("100.64.{high}.{low}")),
        ("mac-address", format!("02:00:5E:10:{high:02X}:{low:02X}")),
        ("interface", format!("vlan{}-customers", row % 40 + 100)),
        ("vrf", "main".into()),
        ("status", STATUS[row % 4].into()),
        ("published", "false".into()),
        ("invalid", "false".into()),
        ("dhcp", "false".into()),
        ("dynamic", dynamic.into()),
        ("complete", "true".into()),
        ("disabled", "false".into()),
    ]
}

/// An empty tag is left out.
fn put(out: &mut Vec<u8>, word: &str, attributes: &[(&str, String)], tag: &[u8]) -> Result<()> {
    let mut sentence = SentenceWriter::new(out).word(word)?;
    for (name, value) in attributes {
        sentence = sentence.attr(name, value)?;
    }
    if !tag.is_empty() {
        sentence = sentence.tag(tag)?;
    }
    sentence.end();
    Ok(())
}
