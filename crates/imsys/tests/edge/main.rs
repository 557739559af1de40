//! The whole program behind its socket: people, connections, live events, and who may see what.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails like the test")]

mod archive;
mod bulk;
mod connections;
mod devices;
mod first_run;
mod in_memory;
mod jobs;
mod leaks;
mod live;
mod moving;
mod owner;
mod profile;
mod shapes;
mod sign_in;
mod support;
mod tenants;
mod tls;
mod trend;
