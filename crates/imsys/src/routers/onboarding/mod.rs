//! Taking a router into service: "Test", the script to paste, and the import of its PPP secrets.

pub(super) mod examine;
pub(super) mod import;
pub(super) mod script;
