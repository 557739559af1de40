//! The running product against simulated routers: real sockets, real time, a database file.
//!
//! Times that a test waits for are guards against hanging, ten times what is promised.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails like the test")]

mod cluster;
mod devices;
mod dhcp;
mod faults;
mod lanes;
mod odd;
mod onboarding;
mod presence;
mod proposals;
#[path = "../../../imsys-queue/tests/bullmq/redis_server.rs"]
mod redis_server;
mod router_test;
mod secure;
mod sheets;
mod statics;
mod storage;
mod support;
mod times;
mod usage;
mod webhook;
