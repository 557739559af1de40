//! The back office of an Internet provider on MikroTik routers: one program.
//!
//! From the ground up; ARCHITECTURE.md has the floors, and a test keeps them:
//!
//! * [`config`]: the settings; [`clock`], [`stop`], [`metrics`], [`leader`]; `complaints`: what fails again and again is
//!   logged seldom; [`token`]: secrets that we hand out; [`secrets`]: what is sealed at rest.
//! * [`live`]: the hub between what happens and the browsers that watch. [`dialer`]: how devices are reached.
//!   [`history`]: what devices were measured at. [`routers::session`]: one connection to each router. [`app`]: all of these, as handlers and jobs reach them.
//! * [`http`]: the check of access before each route, errors, the server. [`jobs`]: putting work on the queue.
//! * One module per thing an ISP does. In each, `mod.rs` holds the verbs and `http.rs` the routes: [`tenants`] signs
//!   people in and keeps roles, keys and the audit log; [`presence`] hears every witness; [`static_check`] asks routers
//!   about services that do not log in; [`monitoring`] asks devices by ping and SNMP; [`usage`] reads what services carried; [`routers`] takes routers into service; [`services`], [`customers`] and
//!   [`billing`] are what people edit; [`events`] streams changes to browsers.
//! * [`routes`]: all of their routes. [`scheduler`] puts jobs on the queue, and deletes what is old as [`aging`] allows;
//!   [`work`] does them.
//! * [`wire`]: builds everything and runs it. [`cli`]: the commands; the only place that prints.
//!
//! Start with [`routes`]: it names everything that can be asked of a running IMSys.

pub mod admin_socket;
pub mod aging;
pub mod app;
mod archive;
pub mod billing;
pub mod cli;
pub mod clock;
mod complaints;
pub mod config;
pub mod customers;
mod debts;
pub mod demo;
pub mod dialer;
pub mod events;
pub mod fields;
mod files;
pub mod history;
pub mod hook_limit;
pub mod http;
pub mod jobs;
pub mod leader;
pub mod live;
pub mod metrics;
pub mod monitoring;
pub mod passwords;
pub mod presence;
pub mod routers;
pub mod routes;
pub mod secrets;
pub mod services;
pub mod static_check;
pub mod stop;
pub mod tenants;
pub mod time;
pub mod tls;
pub mod token;
pub mod usage;
pub mod webhook_tokens;
pub mod wire;
pub mod work;
