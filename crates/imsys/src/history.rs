//! What devices were measured at: the series store in the data folder, in whichever process it is asked for.
//!
//! One process owns the store and writes; the others of the same machine look on, and hand it what they measure.

use imsys_doctor::builtin::series::codec::Point;
use imsys_doctor::builtin::series::{
    Appended, Options, Range, Sample, Series, SeriesError, SeriesKey, Stats, copy, look_on,
};
use imsys_domain::{DeviceId, TenantId, Timestamp};
use imsys_store::{Store, StoreError};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use uuid::Uuid;

/// The class of latency (`min`, `median`, `max`, in milliseconds) and `loss` (in percent) of one turn.
pub const PING: &str = "ping";

/// Batches that are taken over at a time.
const BATCHES: u32 = 100;
/// Samples of one write: each waits for the disk.
const BATCH: usize = 50_000;

/// The series store.
pub struct History {
    file: PathBuf,
    options: Options,
    owned: RwLock<Option<Arc<Series>>>,
    store: Arc<dyn Store>,
}

/// What one process hands to the one that keeps the history.
#[derive(Serialize, Deserialize)]
enum Handed {
    Samples(Vec<HandedSample>),
    /// Forget what this device or service was measured at.
    Forget(Uuid, Uuid),
}

#[derive(Serialize, Deserialize)]
struct HandedSample {
    tenant: Uuid,
    device: Uuid,
    class: String,
    index: String,
    at: Timestamp,
    value: f64,
}

impl From<&Sample> for HandedSample {
    fn from(sample: &Sample) -> Self {
        Self {
            tenant: Uuid::from_bytes(sample.key.tenant),
            device: Uuid::from_bytes(sample.key.device),
            class: sample.key.class.to_string(),
            index: sample.key.index.to_string(),
            at: sample.at,
            value: sample.value,
        }
    }
}

impl From<HandedSample> for Sample {
    fn from(handed: HandedSample) -> Self {
        let key = key(TenantId(handed.tenant), DeviceId(handed.device), &handed.class, &handed.index);
        Self { key, at: handed.at, value: handed.value }
    }
}

/// Why there is no history.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// Another process writes it.
    #[error("another process writes the history of devices")]
    Elsewhere,
    /// The store.
    #[error(transparent)]
    Series(#[from] SeriesError),
    /// What was measured could not be handed to the process that keeps it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The work was broken off.
    #[error("the history of devices was not read: the process is ending")]
    Ending,
}

/// One figure of a device, as `ping` and `median`.
pub fn key(tenant: TenantId, device: DeviceId, class: &str, index: &str) -> SeriesKey {
    SeriesKey {
        tenant: tenant.0.into_bytes(),
        device: device.0.into_bytes(),
        class: class.into(),
        index: index.into(),
    }
}

impl History {
    /// The store in this file; nothing is opened yet.
    pub fn new(file: PathBuf, options: Options, store: Arc<dyn Store>) -> Self {
        Self { file, options, owned: RwLock::default(), store }
    }

    /// Becomes the owner, if this process is not. It makes the file where there is none.
    pub fn own(&self) -> Result<(), SeriesError> {
        let mut owned = self.owned.write().unwrap_or_else(PoisonError::into_inner);
        if owned.is_none() {
            *owned = Some(Arc::new(Series::open(&self.file, self.options.clone())?));
        }
        Ok(())
    }

    /// Leaves it to another process, as soon as what goes on is done.
    pub fn leave(&self) {
        self.owned.write().unwrap_or_else(PoisonError::into_inner).take();
    }

    fn owned(&self) -> Option<Arc<Series>> {
        self.owned.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Series) -> Result<T, SeriesError> + Send + 'static,
    ) -> Result<T, HistoryError> {
        let series = self.owned().ok_or(HistoryError::Elsewhere)?;
        blocking(move || work(&series)).await
    }

    /// Keeps what was measured, or hands it to the process that does.
    pub async fn append(&self, batch: Arc<[Sample]>, now: Timestamp) -> Result<Appended, HistoryError> {
        if self.owned().is_some() {
            return self.with(move |series| append(series, &batch, now)).await;
        }
        self.hand_over(&Handed::Samples(batch.iter().map(Into::into).collect())).await?;
        Ok(Appended { accepted: batch.len(), refused: Vec::new() })
    }

    /// Forgets what a device or a service was measured at, or lets the process do so that keeps it.
    pub async fn forget(&self, tenant: TenantId, device: DeviceId) -> Result<(), HistoryError> {
        if self.owned().is_some() {
            return self.with(move |series| drop_device(series, tenant.0, device.0)).await;
        }
        self.hand_over(&Handed::Forget(tenant.0, device.0)).await
    }

    async fn hand_over(&self, handed: &Handed) -> Result<(), HistoryError> {
        let data = serde_json::to_vec(handed).map_err(StoreError::from)?;
        Ok(self.store.hand_over(data).await?)
    }

    /// Does what other processes have handed over, in its order. What nobody can read is left out.
    pub async fn take_over(&self, now: Timestamp) -> Result<(), HistoryError> {
        loop {
            let waiting = self.store.handed_over(BATCHES).await?;
            let Some((last, _)) = waiting.last() else { return Ok(()) };
            let last = *last;
            self.with(move |series| {
                let mut read = waiting.iter().filter_map(|(_, data)| serde_json::from_slice(data).ok());
                read.try_for_each(|handed| take_in(series, handed, now))
            })
            .await?;
            self.store.taken_over(last).await?;
        }
    }

    /// What series were, as [`Series::range`] says it.
    pub async fn ranges(
        &self,
        keys: Vec<SeriesKey>,
        from: Timestamp,
        to: Timestamp,
        wanted: usize,
    ) -> Result<Vec<Range>, HistoryError> {
        match self.owned() {
            Some(series) => {
                blocking(move || keys.iter().map(|key| series.range(key, from, to, wanted)).collect()).await
            }
            None => {
                let file = self.file.clone();
                blocking(move || look_on(&file, &keys, from, to, wanted)).await
            }
        }
    }

    /// The newest point of each series that is not older than `since`.
    pub async fn latest(
        &self,
        keys: Vec<SeriesKey>,
        since: Timestamp,
        now: Timestamp,
    ) -> Result<Vec<Option<Point>>, HistoryError> {
        if let Some(series) = self.owned() {
            return blocking(move || keys.iter().map(|key| series.latest(key, since)).collect()).await;
        }
        // From the begin of the second, as points are kept, until now at least.
        let since = Timestamp(since.millis() - since.millis().rem_euclid(1000));
        let ranges = self.ranges(keys, since, now.plus_seconds(1), usize::MAX).await?;
        let last = |range| match range {
            Range::Points(points) => points.last().copied(),
            Range::Summaries { .. } => None,
        };
        Ok(ranges.into_iter().map(last).collect())
    }

    /// Deletes what is not kept any more; how many rows.
    pub async fn retain(&self, now: Timestamp) -> Result<u64, HistoryError> {
        self.with(move |series| series.retain(now)).await
    }

    /// Whose devices it knows.
    pub async fn tenants(&self) -> Result<Vec<TenantId>, HistoryError> {
        self.with(|series| {
            Ok(series.tenants().into_iter().map(|tenant| TenantId(Uuid::from_bytes(tenant))).collect())
        })
        .await
    }

    /// Deletes what a tenant's devices were measured at.
    pub async fn drop_tenant(&self, tenant: TenantId) -> Result<usize, HistoryError> {
        self.with(move |series| series.drop_tenant(tenant.0.into_bytes())).await
    }

    /// Copies the store into a new file.
    pub async fn backup(&self, to: &Path) -> Result<(), HistoryError> {
        let (file, to) = (self.file.clone(), to.to_owned());
        match self.owned() {
            Some(series) => blocking(move || series.backup(&to)).await,
            None => blocking(move || copy(&file, &to)).await,
        }
    }

    /// Figures, where this process is the owner.
    pub fn stats(&self) -> Option<Stats> {
        self.owned().map(|series| series.stats())
    }
}

fn take_in(series: &Series, handed: Handed, now: Timestamp) -> Result<(), SeriesError> {
    match handed {
        Handed::Samples(samples) => {
            let samples: Vec<Sample> = samples.into_iter().map(Into::into).collect();
            append(series, &samples, now).map(|_| ())
        }
        Handed::Forget(tenant, device) => drop_device(series, tenant, device),
    }
}

fn drop_device(series: &Series, tenant: Uuid, device: Uuid) -> Result<(), SeriesError> {
    series.drop_device(tenant.into_bytes(), device.into_bytes()).map(|_| ())
}

/// In as many batches as the series store wants.
fn append(series: &Series, samples: &[Sample], now: Timestamp) -> Result<Appended, SeriesError> {
    let mut all = Appended::default();
    for (n, batch) in samples.chunks(BATCH).enumerate() {
        let Appended { accepted, refused } = series.append(batch, now)?;
        all.accepted += accepted;
        all.refused.extend(refused.into_iter().map(|(place, why)| (n * BATCH + place, why)));
    }
    Ok(all)
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, SeriesError> + Send + 'static,
) -> Result<T, HistoryError> {
    Ok(tokio::task::spawn_blocking(work).await.map_err(|_| HistoryError::Ending)??)
}
