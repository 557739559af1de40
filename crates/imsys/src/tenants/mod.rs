//! People and tenants: sign-in, roles, keys, the audit log.

pub mod cookie;
pub mod door;
pub mod http;
