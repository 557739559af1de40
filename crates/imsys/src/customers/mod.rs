//! Customers: people and firms who buy Internet access.

pub mod http;
