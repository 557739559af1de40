//! Where facts are kept: a port of narrow traits, and adapters behind it.
//!
//! * [`port`]: the traits. Each method is one atomic use case; no transaction and no query language
//!   leaves this crate. [`Store`] belongs to the installation; [`TenantStore`] is a handle for one
//!   tenant and one actor, and the only way to that tenant's data.
//! * [`model`]: what is stored, as plain values.
//! * [`record`]: the same, record by record, for export and import.
//! * [`page`]: lists, filters, sorting, keyset cursors.
//! * `chain`: the hashes of the audit log, which each adapter keeps alike.
//! * [`sqlite`]: the embedded adapter: one writer with group commit, `synchronous=FULL`.
//! * [`suite`]: the clauses that every adapter must satisfy.
//!
//! Start with [`port`].

mod chain;
pub mod model;
pub mod page;
pub mod port;
pub mod record;
pub mod sqlite;
pub mod suite;

pub use port::{Actor, FencingToken, Store, StoreError, TenantStore, Trouble};
