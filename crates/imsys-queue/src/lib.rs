//! What is to be done: a port, the adapter that needs no server, and the one that many processes share.
//!
//! * [`port`]: the trait [`Queue`], what it promises, and [`Handler`], which does the work.
//! * [`job`]: jobs before, during and after their run, as plain values.
//! * [`attempt`]: one guarded run of a handler, the same on every adapter.
//! * [`local`]: everything in this process; what waits is gone with it.
//! * `bullmq`: BullMQ's queues on Redis, which programs in Node may share (feature `bullmq`).
//! * `cluster`: the processes that share one Redis: leases, and words between them (feature `bullmq`).
//! * [`suite`]: the clauses that every adapter must satisfy.
//!
//! Jobs are wake-ups: the facts, and the marks that say what is due, live in the store. So a queue
//! may lose nothing that matters when it is emptied, and every handler must bear to run twice.
//!
//! Start with [`port`].

pub mod attempt;
#[cfg(feature = "bullmq")]
pub mod bullmq;
#[cfg(feature = "bullmq")]
pub mod cluster;
pub mod job;
pub mod local;
pub mod port;
pub mod suite;

#[cfg(feature = "bullmq")]
pub use crate::bullmq::BullQueue;
#[cfg(feature = "bullmq")]
pub use cluster::Cluster;
pub use job::{Counts, Job, JobState, Left, Limits, ListedJob, NewJob, Priority};
pub use local::LocalQueue;
pub use port::{Failure, Handler, Queue, QueueError, Shutdown};
