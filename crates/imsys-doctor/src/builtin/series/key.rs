//! What is appended.

use imsys_domain::Timestamp;
use std::sync::Arc;

/// The longest class and the longest index, in bytes.
const LONGEST: usize = 64;

/// Which series: one figure of one device.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SeriesKey {
    /// The tenant's id.
    pub tenant: [u8; 16],
    /// The device's id.
    pub device: [u8; 16],
    /// What is measured, as `ping` or `signal`; at most 64 bytes.
    pub class: Arc<str>,
    /// Which one of several, as a port; empty where there is but one; at most 64 bytes.
    pub index: Arc<str>,
}

impl SeriesKey {
    pub(super) fn is_short(&self) -> bool {
        self.class.len() <= LONGEST && self.index.len() <= LONGEST
    }
}

/// A value of a series at a time. Where there is no data there is no sample.
///
/// Whole numbers and numbers with up to six digits after the point take a byte or two on disk, any others about
/// eight: round what has no more digits than that.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// Of which series.
    pub key: SeriesKey,
    /// When it was measured; cut to whole seconds.
    pub at: Timestamp,
    /// The value.
    pub value: f64,
}

/// What became of a batch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Appended {
    /// How many samples are durable now; those that were known before are counted again.
    pub accepted: usize,
    /// The others, each by its place in the batch.
    pub refused: Vec<(usize, Refusal)>,
}

/// Why a sample was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It is no number, or infinite, or beyond ±10^300, whose sums would be infinite.
    #[error("not a number that can be kept")]
    Value,
    /// Plain points of its time are not kept any more.
    #[error("too old")]
    TooOld,
    /// It is from more than an hour ahead of now: some clock is wrong.
    #[error("from the future")]
    Ahead,
    /// There may be no more series.
    #[error("too many series")]
    TooManySeries,
    /// The class or the index is longer than 64 bytes.
    #[error("class or index too long")]
    KeyTooLong,
}
