//! Services: the lines of customers, their sessions and what is known of each.

pub mod http;
mod input;
mod item;
mod record;
mod sheet;
