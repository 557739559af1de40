//! What is known without reading: the catalog of series, and the points that are in no chunk yet.

use super::codec::Point;
use super::key::SeriesKey;
use super::options::Options;
use super::tier::Tier;
use std::collections::{BTreeMap, HashMap};

/// The number of a series; never used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct SeriesId(pub(super) u32);

/// What is known of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// The tier of its plain points.
    pub(super) tier: Tier,
    /// Its mark: points before it are summarised. `None` before its first chunk.
    pub(super) rolled: Option<u32>,
}

/// The series, and their newest points.
#[derive(Default)]
pub(super) struct Memory {
    ids: BTreeMap<SeriesKey, SeriesId>,
    entries: HashMap<SeriesId, Entry>,
    active: Points,
    frozen: Points,
    /// For each tier, since when it is kept.
    pub(super) since: [u32; Tier::ALL.len()],
}

#[derive(Default)]
struct Points {
    by_series: BTreeMap<SeriesId, Vec<Point>>,
    count: usize,
}

/// A series with points that go into chunks.
pub(super) struct Waiting {
    pub(super) id: SeriesId,
    pub(super) entry: Entry,
    pub(super) points: Vec<Point>,
}

impl Memory {
    pub(super) fn new(since: [u32; Tier::ALL.len()]) -> Self {
        Self { since, ..Self::default() }
    }

    pub(super) fn learn(&mut self, key: SeriesKey, id: SeriesId, entry: Entry) {
        self.ids.insert(key, id);
        self.entries.insert(id, entry);
    }

    pub(super) fn find(&self, key: &SeriesKey) -> Option<(SeriesId, Entry)> {
        let id = *self.ids.get(key)?;
        Some((id, *self.entries.get(&id)?))
    }

    pub(super) fn series(&self) -> usize {
        self.ids.len()
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = (SeriesId, Entry)> {
        self.entries.iter().map(|(id, entry)| (*id, *entry))
    }

    pub(super) fn set_rolled(&mut self, id: SeriesId, rolled: u32) {
        if let Some(entry) = self.entries.get_mut(&id) {
            entry.rolled = Some(rolled);
        }
    }

    pub(super) const fn since(&self, tier: Tier) -> u32 {
        self.since[tier as usize]
    }

    /// The tenants that have series.
    pub(super) fn tenants(&self) -> Vec<[u8; 16]> {
        let mut tenants: Vec<_> = self.ids.keys().map(|key| key.tenant).collect();
        tenants.dedup();
        tenants
    }

    /// The keys of a tenant, or of one device of it.
    pub(super) fn keys_of(&self, tenant: [u8; 16], device: Option<[u8; 16]>) -> Vec<(SeriesKey, SeriesId)> {
        let empty: std::sync::Arc<str> = "".into();
        let device_or = device.unwrap_or_default();
        let first =
            SeriesKey { tenant, device: device_or, class: std::sync::Arc::clone(&empty), index: empty };
        let is_theirs =
            |key: &SeriesKey| key.tenant == tenant && device.is_none_or(|device| key.device == device);
        let theirs = self.ids.range(first..).take_while(|(key, _)| is_theirs(key));
        theirs.map(|(key, id)| (key.clone(), *id)).collect()
    }

    pub(super) fn forget(&mut self, key: &SeriesKey) {
        if let Some(id) = self.ids.remove(key) {
            self.entries.remove(&id);
            self.active.take(id);
            self.frozen.take(id);
        }
    }

    /// Takes in a point of the active journal.
    pub(super) fn append(&mut self, id: SeriesId, point: Point) {
        self.active.insert(id, point);
    }

    /// Takes in a point of a frozen journal; one of a series that was dropped is left out.
    pub(super) fn replay(&mut self, id: SeriesId, point: Point) {
        if self.entries.contains_key(&id) {
            self.frozen.insert(id, point);
        }
    }

    /// How many points are in the active journal.
    pub(super) const fn active(&self) -> usize {
        self.active.count
    }

    /// How many points of the frozen journal are in no chunk yet.
    pub(super) const fn frozen(&self) -> usize {
        self.frozen.count
    }

    /// Whether so many points are active that they should be frozen.
    pub(super) fn is_full(&self, options: &Options) -> bool {
        self.active.count >= options.points_in_memory.max(8 * self.ids.len())
    }

    /// Makes the active points the frozen ones, of which there must be none.
    pub(super) fn freeze(&mut self) {
        self.frozen = std::mem::take(&mut self.active);
    }

    /// A copy of the first frozen series, with `budget` points or few more.
    pub(super) fn slice(&self, budget: usize) -> Vec<Waiting> {
        let mut points = 0;
        let within = |waiting: &Waiting| {
            let fits = points < budget;
            points += waiting.points.len();
            fits
        };
        let all = self.frozen.by_series.iter().filter_map(|(id, points)| {
            Some(Waiting { id: *id, entry: *self.entries.get(id)?, points: points.clone() })
        });
        all.take_while(within).collect()
    }

    /// The frozen points of a series are in chunks.
    pub(super) fn flushed(&mut self, id: SeriesId) {
        self.frozen.take(id);
    }

    /// The points of a series that may be in no chunk yet.
    pub(super) fn points_of(&self, id: SeriesId) -> Vec<Point> {
        let of = |points: &Points| points.by_series.get(&id).cloned().unwrap_or_default();
        merge(of(&self.frozen), of(&self.active))
    }
}

impl Points {
    /// In order of time; the first of a second stays.
    fn insert(&mut self, id: SeriesId, point: Point) {
        let points = self.by_series.entry(id).or_default();
        let place = points.partition_point(|before| before.at < point.at);
        if points.get(place).is_none_or(|same| same.at != point.at) {
            points.insert(place, point);
            self.count += 1;
        }
    }

    fn take(&mut self, id: SeriesId) {
        self.count -= self.by_series.remove(&id).map_or(0, |points| points.len());
    }
}

/// All points in order; of two of the same second the one in `first`.
pub(super) fn merge(first: Vec<Point>, second: Vec<Point>) -> Vec<Point> {
    if second.is_empty() {
        return first;
    }
    let mut all = first;
    all.extend(second);
    // Stable: what was in `first` stays before its equal.
    all.sort_by_key(|point| point.at);
    all.dedup_by_key(|point| point.at);
    all
}
