//! Simulated RouterOS routers and a town of customers.
