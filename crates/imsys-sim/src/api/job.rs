//! Commands that wait or run on one connection, and how they are cancelled.

use std::sync::{Arc, Mutex, OnceLock};

use bytes::Bytes;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

use super::command::Command;
use super::lock;
use super::reply::Replies;
use crate::gauge::{Counted, Gauge};

/// A command that waits or runs.
pub(super) struct Job {
    pub(super) command: Command,
    pub(super) cancel: Arc<Cancel>,
    /// When the router heard it.
    pub(super) heard: Instant,
}

/// Whether a command is cancelled: by the first of several with the words to the canceller.
#[derive(Debug, Default)]
pub(super) struct Cancel {
    by: OnceLock<Option<Replies>>,
    told: Notify,
}

impl Cancel {
    /// The canceller, once there is one.
    pub(super) fn by(&self) -> Option<&Option<Replies>> {
        self.by.get()
    }

    /// Waits until `then`; `true` when it was cancelled before.
    pub(super) async fn comes_before(&self, then: Instant) -> bool {
        if self.by.get().is_some() {
            return true;
        }
        tokio::select! {
            () = self.told.notified() => true,
            () = sleep_until(then) => false,
        }
    }
}

/// A command that is not answered yet, by its tag.
type Standing = (Option<Bytes>, Arc<Cancel>, Counted);

/// The commands of one connection, each counted as long as it stands here.
#[derive(Debug)]
pub(super) struct Jobs {
    all: Mutex<Vec<Standing>>,
    gauge: Arc<Gauge>,
    /// Connections with a command; this one while it has any.
    talkers: Arc<Gauge>,
    talking: Mutex<Option<Counted>>,
}

impl Jobs {
    pub(super) fn new(gauge: Arc<Gauge>, talkers: Arc<Gauge>) -> Self {
        Self { all: Mutex::default(), gauge, talkers, talking: Mutex::default() }
    }

    pub(super) fn add(&self, command: Command) -> Job {
        let cancel = Arc::<Cancel>::default();
        lock(&self.all).push((command.tag.clone(), cancel.clone(), Gauge::count(&self.gauge)));
        lock(&self.talking).get_or_insert_with(|| Gauge::count(&self.talkers));
        Job { command, cancel, heard: Instant::now() }
    }

    /// Whoever cancels from here on finds no such command.
    pub(super) fn forget(&self, cancel: &Arc<Cancel>) {
        let mut all = lock(&self.all);
        all.retain(|(_, other, _)| !Arc::ptr_eq(other, cancel));
        if all.is_empty() {
            lock(&self.talking).take();
        }
    }

    /// Nobody waits for any of them any more.
    pub(super) fn clear(&self) {
        lock(&self.all).clear();
        lock(&self.talking).take();
    }

    /// Cancels those with this tag, all when it is `None`. Gives the canceller back when there are none.
    pub(super) fn cancel(&self, tag: Option<&[u8]>, canceller: Replies) -> Option<Replies> {
        let mut canceller = Some(canceller);
        for (other, cancel, _) in lock(&self.all).iter() {
            if tag.is_none_or(|tag| other.as_deref() == Some(tag)) && cancel.by.get().is_none() {
                let _first = cancel.by.set(canceller.take());
                cancel.told.notify_one();
            }
        }
        canceller
    }
}
