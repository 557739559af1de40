//! MikroTik RouterOS API: sans-IO codec, client over any stream, typed menus.

pub mod challenge;
pub mod client;
pub mod codec;
pub mod connect;
pub mod menu;
mod row;
pub mod script;
pub mod value;

#[doc(hidden)]
pub use row::read_field;
pub use row::{AnyRow, FieldError, FromRow};
