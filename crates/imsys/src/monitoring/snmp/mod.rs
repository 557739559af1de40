//! Logins for SNMP agents: what people set, what is sealed.
//!
//! * `login`: what is secret. `input`: what people may set. [`http`]: the routes.

pub mod http;
mod input;
mod login;

pub(crate) use input::SnmpSetting;
pub(crate) use login::{NewAccess, open};
