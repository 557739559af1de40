//! MikroTik RouterOS API: sans-IO codec, client over any stream, typed menus.

pub mod codec;
