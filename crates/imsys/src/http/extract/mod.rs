//! What handlers take from requests and give to answers.
//!
//! * [`Json`] and [`Csv`]: bodies; [`Query`] and [`List`]: query strings, strict about keys.
//! * [`Id`]: path ids; [`IfMatch`] and [`Etag`]: editions.
//! * `misfit`: a parser's complaints in words.
//! * [`Time`]: points in time as RFC 3339. [`patched`]: "not mentioned" and `null` told apart.

mod csv;
mod id;
mod json;
mod list;
mod misfit;
mod query;
mod strict;
mod tag;

pub use crate::time::Time;
pub use csv::Csv;
pub use id::Id;
pub use json::{Json, JsonOrNothing, patched};
pub use list::{Archived, ByName, Filterless, Items, List, ListParams, Sorts};
pub use query::{Query, QueryList, Repeats};
pub use tag::{Etag, IfMatch};
