//! How devices are doing.
//!
//! * [`port`]: the trait [`Doctor`], what it promises, and what goes in and out.
//! * [`builtin`]: what IMSys does itself.
//! * [`librenms`]: a LibreNMS that IMSys asks over HTTP.
//! * [`suite`]: the clauses that every adapter must satisfy.
//! * [`Class`] and [`Credentials`]: what readings are about, and how an SNMP agent is asked, in all of them.
//!
//! Start with [`port`].

pub mod builtin;
mod class;
mod credentials;
pub mod librenms;
pub mod port;
pub mod suite;

pub use class::Class;
pub use credentials::{AuthHash, Cipher, Credentials};
pub use librenms::LibreNms;
pub use port::{Doctor, DoctorError};
