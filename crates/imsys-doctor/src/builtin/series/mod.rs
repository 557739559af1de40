//! The time-series store: what devices were measured at, kept small and for years.
//!
//! * [`Series`]: the store. `append`, [`range`](Series::range), `latest`, `drop_device`, `drop_tenant`, `retain`, `backup`.
//! * [`SeriesKey`], [`Sample`]: what goes in. [`Range`]: what comes out. [`Options`]: for how long, and bounds.
//! * [`look_on`], [`copy`]: reading and copying beside the process that owns the store. [`beside`]: its files.
//! * [`codec`]: how chunks of points and rows of summaries are written.
//! * `tier`: the steps of summaries. `database`: the SQLite file. `chunks`: its rows as points and summaries.
//! * `journal`: the file that makes an answer durable. `memory`: the catalog, and the points that are only in the
//!   journal so far. `carry`: from the journal into chunks, slice by slice. `flush`: one series of a slice.
//! * `store`: opening. `append`, `read`, `retain`, `erase`, `backup`: one verb each.
//!
//! # How a point travels
//!
//! A batch is written to the journal, synced, answered, and held in memory. When memory holds enough, the journal
//! is *frozen*: a new one takes the batches that follow, and each of them carries a slice of the frozen points into
//! chunks, one transaction a slice. A chunk is the points of one series in one window of four hours, so points are
//! added to it a few times until the window is over. When the frozen points are all in chunks their journal is
//! deleted. A point is known by its series and second: whatever is delivered or replayed twice is kept once, and
//! the first value stays.
//!
//! Times are cut to whole seconds. Points may come in any order, as long as plain points of their time are still
//! kept ([`Refusal::TooOld`] otherwise): a late one is merged into its chunk and its summaries.
//!
//! # Summaries
//!
//! Each series has a mark, a day's start: points before it are in the summaries of every tier, points after it in
//! none. When a day is over for an hour, by the series' own points, they are summarised and the mark moves on. So a graph is
//! the summaries and the plain points behind the mark, and nothing counts twice.
//!
//! # Rows
//!
//! All rows are in one table whose integer key is (tier, start, series): what is written together lies together,
//! and what expires is a range of keys.

mod append;
mod backup;
mod carry;
mod chunks;
pub mod codec;
mod database;
mod erase;
mod error;
mod flush;
mod journal;
mod key;
mod memory;
mod onlooker;
mod options;
mod read;
mod retain;
mod store;
mod tier;

pub use backup::copy;
pub use error::SeriesError;
pub use key::{Appended, Refusal, Sample, SeriesKey};
pub use onlooker::look_on;
pub use options::{Keep, Options};
pub use read::Range;
pub use store::{Series, Stats, beside};
