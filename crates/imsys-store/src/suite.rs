//! The clauses that every adapter must satisfy.
