//! A whole print of the active sessions: it is compared with what is known, and what follows is stored. Both take a
//! while where the table is large, so the watch goes on meanwhile ([`Syncing`] is one of the things it waits for).

use super::rows::read_rows;
use super::watch::Watch;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use imsys_domain::Timestamp;
use imsys_domain::presence::{ActiveView, FullSync, Sweep};
use imsys_store::StoreError;
use imsys_store::port::SweepApplied;
use routeros::client::{Hold, Table};
use routeros::menu::PppActive;
use std::panic::resume_unwind;
use tokio::task::JoinError;

/// What is done with a print just now.
pub(super) enum Syncing {
    /// The view is compared with it, and is away.
    Comparing(BoxFuture<'static, Synced>),
    /// What follows is stored.
    Storing(BoxFuture<'static, Synced>),
}

/// What is done.
pub(super) enum Synced {
    Compared(ActiveView, Result<Box<FullSync>, StoreError>, Hold),
    Stored { complete: bool, applied: Result<SweepApplied, StoreError> },
}

impl Syncing {
    /// Waits for its end. Dropping the future loses nothing.
    pub(super) async fn next(&mut self) -> Synced {
        match self {
            Self::Comparing(work) | Self::Storing(work) => work.await,
        }
    }

    /// Whether the view is there meanwhile.
    pub(super) const fn leaves_view(&self) -> bool {
        matches!(self, Self::Storing(_))
    }
}

impl Watch {
    /// Begins with a print. Its rows are held until what follows from them is stored.
    pub(super) fn compare(&mut self, began: Timestamp, rows: Table<PppActive>) {
        let (rows, hold) = rows.into_parts();
        let (mut view, booted, router) = (std::mem::take(&mut self.view), self.booted, self.router);
        let store = self.store();
        let work = async move {
            let mut open = match store.users_with_session(router).await {
                Ok(open) => open,
                Err(error) => return Synced::Compared(view, Err(error), hold),
            };
            let work = move || {
                let (rows, unread) = read_rows(rows);
                open.retain(|user| !unread.contains(user));
                let mut sync = view.full_sync(began, booted, rows, &open);
                if !unread.is_empty() {
                    let count = unread.len();
                    tracing::warn!(router.id = %router, count, "active sessions without a usable id: their users stay as they are");
                    sync.sweep.spared.extend(unread);
                }
                (view, sync)
            };
            match tokio::task::spawn_blocking(work).await.map_err(JoinError::try_into_panic) {
                Ok((view, sync)) => Synced::Compared(view, Ok(Box::new(sync)), hold),
                Err(Ok(fault)) => resume_unwind(fault),
                // The runtime is ending, and this with it.
                Err(Err(_cancelled)) => std::future::pending().await,
            }
        };
        self.syncing = Some(Syncing::Comparing(work.boxed()));
    }

    /// Goes on with what was done.
    pub(super) async fn synced(&mut self, synced: Synced) {
        match synced {
            Synced::Compared(view, sync, hold) => {
                self.view = view;
                match sync {
                    Ok(sync) => self.compared(*sync, hold).await,
                    Err(error) => self.resweep(&error),
                }
            }
            Synced::Stored { complete, applied: Ok(applied) } => self.stored(complete, applied),
            Synced::Stored { applied: Err(error), .. } => self.resweep(&error),
        }
    }

    async fn compared(&mut self, sync: FullSync, hold: Hold) {
        if sync.deaf {
            self.listen_anew().await;
        }
        if sync.suspicion.is_some() {
            self.parts.metrics.sweeps.count("suspicious");
            self.waiting.append(&mut self.served);
        }
        self.read_again(sync.again_after.iter().copied());
        self.accept(sync.sweep, hold);
    }

    fn accept(&mut self, sweep: Sweep, hold: Hold) {
        let (store, id, complete) = (self.store(), self.router, sweep.complete);
        let work = async move {
            let applied = store.apply_sweep(id, sweep).await;
            drop(hold);
            Synced::Stored { complete, applied }
        };
        self.syncing = Some(Syncing::Storing(work.boxed()));
    }

    fn stored(&mut self, complete: bool, applied: SweepApplied) {
        // One that is suspicious was counted as that.
        if complete {
            self.parts.metrics.sweeps.count("accepted");
        }
        for (user, at) in applied.asks {
            self.ask_at(user, Some(at));
        }
        for tell in self.served.drain(..) {
            let _gone = tell.send(Ok(()));
        }
    }
}
