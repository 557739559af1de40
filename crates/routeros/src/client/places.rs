//! The places in flight on one connection, and who may take which.

use std::sync::Arc;

use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore};

use super::ClientOptions;

/// Which places a command may take.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Lane {
    /// Those that are kept for nobody.
    #[default]
    Ordinary,
    /// These, and those that are kept for urgent commands.
    Urgent,
    /// Those of listens, which are no commands in flight.
    Listen,
}

/// Free places; cheap to clone. Whoever waits longest gets the next one of those it may take.
#[derive(Clone)]
pub(super) struct Places {
    ordinary: Arc<Semaphore>,
    urgent: Arc<Semaphore>,
    listens: Arc<Semaphore>,
}

impl Places {
    pub(super) fn new(options: &ClientOptions) -> Self {
        let urgent = options.urgent.min(options.in_flight.saturating_sub(1));
        let places = |count| Arc::new(Semaphore::new(count));
        Self {
            ordinary: places(options.in_flight - urgent),
            urgent: places(urgent),
            listens: places(options.listens),
        }
    }

    /// Waits for a place; it is given back when the permit is dropped.
    pub(super) async fn take(&self, lane: Lane) -> Result<OwnedSemaphorePermit, AcquireError> {
        let ordinary = || Arc::clone(&self.ordinary).acquire_owned();
        match lane {
            Lane::Ordinary => ordinary().await,
            Lane::Listen => Arc::clone(&self.listens).acquire_owned().await,
            // One of those that anybody may have, while there is one: the others are for when there is none.
            Lane::Urgent => tokio::select! {
                biased;
                place = ordinary() => place,
                place = Arc::clone(&self.urgent).acquire_owned() => place,
            },
        }
    }

    /// Nobody gets one any more.
    pub(super) fn close(&self) {
        for places in [&self.ordinary, &self.urgent, &self.listens] {
            places.close();
        }
    }
}
