//! Writing what was measured into the history, without keeping the rounds waiting.

use crate::app::App;
use crate::complaints::complain;
use crate::history::HistoryError;
use imsys_doctor::builtin::series::Sample;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

/// Samples are gathered for so long: each write waits for the disk.
const EVERY: Duration = Duration::from_secs(5);
/// The most in one write; what cannot be written waits up to [`MOST`], then the oldest go.
const BATCH: usize = 50_000;
const MOST: usize = 1_000_000;
/// How often what is too old is deleted.
const RETAIN: Duration = Duration::from_secs(3600);

/// The samples on their way into the history.
pub(super) struct Recorder {
    app: App,
    waiting: Vec<Sample>,
    written: Instant,
    taken: Instant,
    retained: Option<Instant>,
    writing: Option<JoinHandle<Result<(), Arc<[Sample]>>>>,
    retaining: Option<JoinHandle<()>>,
}

impl Recorder {
    pub(super) fn new(app: App) -> Self {
        Self {
            app,
            waiting: Vec::new(),
            written: Instant::now(),
            taken: Instant::now(),
            retained: None,
            writing: None,
            retaining: None,
        }
    }

    pub(super) fn note(&mut self, samples: impl IntoIterator<Item = Sample>) {
        self.waiting.extend(samples);
    }

    /// Goes on with what is due.
    pub(super) async fn tick(&mut self) {
        self.take_back().await;
        self.retain();
        self.take_over().await;
        if self.writing.is_none() && !self.waiting.is_empty() && self.written.elapsed() >= EVERY {
            self.begin();
        }
    }

    /// Writes what waits, once: this process is not the one that writes any more.
    pub(super) async fn end(mut self) {
        while let Some(writing) = self.writing.take() {
            let Ok(Ok(())) = writing.await else { return };
            if !self.waiting.is_empty() {
                self.begin();
            }
        }
    }

    fn begin(&mut self) {
        let rest = self.waiting.split_off(self.waiting.len().min(BATCH));
        let batch: Arc<[Sample]> = std::mem::replace(&mut self.waiting, rest).into();
        self.written = Instant::now();
        self.writing = Some(tokio::spawn(write(self.app.clone(), batch)));
    }

    /// Keeps what other processes measured.
    async fn take_over(&mut self) {
        if !self.app.config.queue.is_shared() || self.taken.elapsed() < EVERY {
            return;
        }
        self.taken = Instant::now();
        if let Err(error) = self.app.history.take_over(self.app.now()).await {
            complain("what other processes measured could not be kept", None, &error);
        }
    }

    /// What could not be written waits again.
    async fn take_back(&mut self) {
        let Some(writing) = self.writing.take_if(|writing| writing.is_finished()) else { return };
        if let Ok(Err(batch)) = writing.await {
            self.waiting.splice(0..0, batch.iter().cloned());
            let lost = self.waiting.len().saturating_sub(MOST);
            self.app.metrics.lost_samples.add("waited", lost as u64);
            self.waiting.drain(..lost);
        }
    }

    fn retain(&mut self) {
        let is_due = self.retained.is_none_or(|retained| retained.elapsed() >= RETAIN);
        if is_due && self.retaining.as_ref().is_none_or(JoinHandle::is_finished) {
            self.retained = Some(Instant::now());
            self.retaining = Some(tokio::spawn(retain(self.app.clone())));
        }
    }
}

async fn write(app: App, batch: Arc<[Sample]>) -> Result<(), Arc<[Sample]>> {
    match app.history.append(Arc::clone(&batch), app.now()).await {
        Ok(done) => {
            app.metrics.lost_samples.add("refused", done.refused.len() as u64);
            if let Some((_, why)) = done.refused.first() {
                complain("some of what devices were measured at was not kept", None, why);
            }
            Ok(())
        }
        Err(error) => {
            complain("what devices were measured at could not be written", None, &error);
            Err(batch)
        }
    }
}

/// Deletes what belongs to nobody any more, and what is too old while the clock is trusted.
async fn retain(app: App) {
    if let Err(error) = drop_strangers(&app).await {
        complain("the history of deleted tenants could not be deleted", None, &error);
    }
    if !app.aging.may_delete(app.clock.reading(), &*app.store, &app.metrics).await {
        return;
    }
    match app.history.retain(app.now()).await {
        Ok(_) | Err(HistoryError::Ending) => {}
        Err(error) => complain("old history of devices could not be deleted", None, &error),
    }
}

/// Deletes the series of tenants that are not there any more.
async fn drop_strangers(app: &App) -> anyhow::Result<()> {
    let found = app.history.tenants().await?;
    let known: HashSet<_> = app.store.census().await?.into_iter().map(|(tenant, _)| tenant.id).collect();
    for gone in found.into_iter().filter(|tenant| !known.contains(tenant)) {
        app.history.drop_tenant(gone).await?;
    }
    Ok(())
}
