//! The back office of an Internet provider on MikroTik routers: one program.
//!
//! * [`app`]: what every handler and job can reach: store, settings, secrets, clock, live events.
//! * [`config`]: the settings; [`secrets`]: what is sealed at rest; [`token`]: secrets that we hand out.
//! * [`http`]: the list of routes, the check of access before each of them, errors, live events, pages.
//! * [`metrics`]: counters; [`stop`]: how everything is told to end; `complaints`: what fails again and again is logged seldom.
//! * One module per thing an ISP does. In each, `mod.rs` holds the verbs and `http.rs` the routes:
//!   [`tenants`] signs people in and keeps roles, keys and the audit log; [`presence`] hears every
//!   witness; [`routers`] is the broker with its one connection each; [`services`], [`customers`] and
//!   [`billing`] are the office. [`scheduler`] puts their jobs on the queue, and deletes what is old as [`aging`] allows; [`jobs`] shows what became of them.
//! * [`wire`]: builds everything and runs it. [`cli`]: the commands; the only place that prints.
//!
//! Start with [`http::routes`]: it names everything that can be asked of a running IMSys.

pub mod aging;
pub mod app;
pub mod billing;
pub mod cli;
mod complaints;
pub mod config;
pub mod customers;
mod debts;
pub mod demo;
pub mod http;
pub mod jobs;
pub mod metrics;
pub mod presence;
pub mod routers;
pub mod scheduler;
pub mod secrets;
pub mod services;
pub mod static_check;
pub mod stop;
pub mod tenants;
pub mod token;
pub mod wire;
