//! The store port of IMSys and its SQLite adapter.
