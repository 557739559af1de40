//! Reading from SNMP agents.
//!
//! * [`SnmpSocket`]: the UDP sockets that all devices share, and how many requests may be under way.
//! * [`Agent`]: one device that can be asked GET, GETNEXT and GETBULK; [`UdpAgent`] asks over the socket.
//! * [`Device`]: asks one device, one request at a time: [`get`](Device::get) and [`walk`](Device::walk),
//!   which finds out what the device can bear and remembers it.
//! * [`Oid`], [`Value`], [`Varbind`]: what goes over the wire; [`text`] makes an agent's string safe to show.
//! * [`SnmpError`]: why there is no reading.
//!
//! Start with [`SnmpSocket::bind`] and [`Device::new`].

mod agent;
mod device;
mod error;
mod oid;
mod udp;
mod value;
mod walk;

pub use crate::credentials::{AuthHash, Cipher, Credentials};
pub use agent::Agent;
pub use device::{Device, MOST_BYTES, MOST_ROWS};
pub use error::{AgentStatus, OddReply, SnmpError};
pub(super) use oid::dotted;
pub use oid::{Oid, OidError};
pub use udp::{SnmpSocket, UdpAgent};
pub use value::{Value, Varbind, text};
