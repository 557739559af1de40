//! Billing: so far the plans that are sold.

pub mod http;
