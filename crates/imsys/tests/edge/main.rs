//! The whole program behind its socket: people, connections, live events, and who may see what.

mod connections;
mod first_run;
mod leaks;
mod live;
mod owner;
mod shapes;
mod sign_in;
mod support;
mod tenants;
