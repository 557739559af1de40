//! The binary API as a router serves it.

mod command;
mod connection;
mod execute;
mod job;
pub(crate) mod listen;
pub(crate) mod listener;
mod login;
mod outlet;
mod ping;
mod print;
mod reply;

/// A lock whose data no panic can leave half done.
fn lock<T>(mutex: &std::sync::Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
