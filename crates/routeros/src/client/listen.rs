use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use tokio::sync::{mpsc, oneshot};

use super::{CancelOnDrop, Error};
use crate::value::Id;

/// One thing that a listen reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change<T> {
    /// A row was added or changed; it is complete.
    Row(T),
    /// A row is gone. Only its id is told; `None` from a router that forgot even that.
    Dead {
        /// The id the row had.
        id: Option<Id>,
    },
}

/// Changes of a menu as they happen, until it is dropped, which cancels it.
#[derive(Debug)]
pub struct Listen<T> {
    pub(super) changes: mpsc::Receiver<(Change<T>, usize)>,
    pub(super) end: oneshot::Receiver<Error>,
    pub(super) unread: Arc<AtomicUsize>,
    pub(super) _cancel: CancelOnDrop,
}

impl<T> Listen<T> {
    /// Waits for the next change. After an error, and when the router ends the listen by itself,
    /// there is nothing more: `None`. Dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<Result<Change<T>, Error>> {
        match self.changes.recv().await {
            Some((change, size)) => {
                self.unread.fetch_sub(size, Ordering::Relaxed);
                Some(Ok(change))
            }
            None => self.end.try_recv().ok().map(Err),
        }
    }
}
