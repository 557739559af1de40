//! How many packets the kernel dropped because a socket's receive buffer was full.
//!
//! The count comes from `/proc`: `SO_RXQ_OVFL` tells it only with a packet that was queued after the drop, so never for
//! the end of a burst, and sockets of datagram ICMP do not tell it at all.

use super::packet::Family;
use super::permission::Access;
use std::fs::File;
use std::io::{self, Read, Seek};
use std::os::fd::AsFd;

/// The counter of one socket.
pub(super) struct DropCounter {
    table: File,
    text: String,
    inode: u64,
    last: u64,
}

impl DropCounter {
    /// The counter of `socket`, which this thread's network namespace has to contain.
    pub(super) fn open(socket: &impl AsFd, family: Family, access: Access) -> io::Result<Self> {
        let table = match (family, access) {
            (Family::V4, Access::Raw) => "raw",
            (Family::V6, Access::Raw) => "raw6",
            (Family::V4, _) => "icmp",
            (Family::V6, _) => "icmp6",
        };
        let table = File::open(format!("/proc/thread-self/net/{table}"))?;
        let inode = nix::sys::stat::fstat(socket)?.st_ino;
        let mut counter = Self { table, text: String::new(), inode, last: 0 };
        counter.last = counter.look()?;
        Ok(counter)
    }

    /// The count when it was last read.
    pub(super) fn last(&self) -> u64 {
        self.last
    }

    /// Reads the count. If that fails, drops cannot be excluded, so the count moves.
    pub(super) fn read(&mut self) {
        self.last = self.look().unwrap_or(self.last.wrapping_add(1));
    }

    fn look(&mut self) -> io::Result<u64> {
        /// A line has some 130 bytes and each ICMP socket of the machine has one.
        const LIMIT: u64 = 1 << 20;
        self.text.clear();
        self.table.rewind()?;
        (&self.table).take(LIMIT).read_to_string(&mut self.text)?;
        drops(&self.text, self.inode).ok_or_else(|| io::Error::other("the socket is not in its table"))
    }
}

/// The last column of the line with the inode.
fn drops(table: &str, inode: u64) -> Option<u64> {
    let columns = table.lines().skip(1).map(str::split_ascii_whitespace);
    let mut line = columns
        .into_iter()
        .find(|line| line.clone().nth(9).is_some_and(|column| column.parse() == Ok(inode)))?;
    line.next_back()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops\n  \
          31: 00000000:0001 00000000:0000 07 00000000:000009C0 00:00000000 00000000     0        0 29467 2 00000000c22b09f9 397\n  \
          57: 00000000:5812 00000000:0000 07 00000000:000009C0 00:00000000 00000000     0        0 28038 2 00000000459c33ab 0       \n";

    #[test]
    fn the_drops_of_a_socket_are_found_by_its_inode() {
        assert_eq!(drops(TABLE, 29467), Some(397));
        assert_eq!(drops(TABLE, 28038), Some(0));
        assert_eq!(drops(TABLE, 2), None);
        assert_eq!(drops("", 2), None);
    }
}
