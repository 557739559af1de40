//! The back office of an Internet provider.
fn main() {}
