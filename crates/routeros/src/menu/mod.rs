//! The menus that an access network needs, as structs.
//!
//! Field names were taken from RouterOS 7.21 and 7.22 (`/console/inspect`) and from recorded rows
//! of 6.x. A field that a version lacks keeps its default, so `Option` and empty text mean "not
//! said". No struct has a password in it.

mod firewall;
mod interface;
mod ip;
mod ppp;
mod queue;
mod system;
mod tool;
mod user;

pub use firewall::FastTrackRule;
pub use interface::{Interface, PppoeInterface};
pub use ip::{Arp, ArpStatus, DhcpLease, DhcpServer, IpAddress, IpService, LeaseStatus, Neighbor};
pub use ppp::{PppActive, PppProfile, PppSecret};
pub use queue::SimpleQueue;
pub use system::{DeviceMode, Identity, Resource};
pub use tool::PingRow;
pub use user::{User, UserActive, UserGroup};
