//! Profiles: how to read the devices of each OS family, as data.
//!
//! A profile is a TOML file: which devices it is for, and per metric the object, its scale and its name. Those of
//! `data/` are compiled in; operators may add a folder of their own.
//!
//! * [`Library`]: all profiles; [`Profile`] and its parts are the format.
//! * [`identify`]: which profile a device has.
//! * [`poll`]: asks a device for all that its profile names; [`Walked`] is the answer.
//! * [`readings`]: makes [`Reading`]s of the answer; [`ports`] its ports. Both are pure.
//! * [`port_rates`]: traffic from the counters of two polls, pure.
//!
//! Start with [`Library::compiled_in`] and [`identify`].

mod check;
mod identify;
mod library;
mod plan;
mod pool;
mod ports;
mod rates;
mod reading;
mod readings;
mod schema;
mod walked;

pub use crate::class::Class;
pub use identify::{Identity, identify};
pub use library::{Library, ProfileError};
pub use plan::{Polled, poll};
pub use ports::{Counter, Link, Port, ports};
pub use rates::{PortRates, PortSample, port_rates};
pub use reading::Reading;
pub use readings::readings;
pub use schema::{Filter, Match, Merge, Metric, Pool, PoolClass, PortCounters, Profile, Station, Verified};
pub use walked::Walked;
