//! Taking a router into service: "Test", the script to paste, and the import of its PPP secrets.

pub(super) mod examine;
pub(super) mod import;
pub(super) mod profiles;
pub(super) mod script;

pub(crate) use examine::Examine;
pub(crate) use import::ReadSecrets;
pub(crate) use profiles::ReadProfiles;
