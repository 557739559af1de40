//! What is to be done: a port, and the adapter that needs no server.
//!
//! * [`port`]: the trait [`Queue`], what it promises, and [`Handler`], which does the work.
//! * [`job`]: jobs before, during and after their run, as plain values.
//! * [`attempt`]: one guarded run of a handler, the same on every adapter.
//! * [`local`]: everything in this process; what waits is gone with it.
//! * [`suite`]: the clauses that every adapter must satisfy.
//!
//! Jobs are wake-ups: the facts, and the marks that say what is due, live in the store. So a queue
//! may lose nothing that matters when it is emptied, and every handler must bear to run twice.
//!
//! Start with [`port`].

pub mod attempt;
pub mod job;
pub mod local;
pub mod port;
pub mod suite;

pub use job::{Counts, FailedJob, Job, Left, Limits, NewJob, Priority};
pub use local::LocalQueue;
pub use port::{Failure, Handler, Queue, QueueError, Shutdown};
