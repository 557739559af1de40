//! Lists: how many, in which order, from where on.

use serde::{Deserialize, Serialize};

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The items in the asked order.
    pub items: Vec<T>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<Cursor>,
    /// How many items match the filter on all pages.
    pub total: u64,
}

/// What to list: search words, order, size and start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask<S> {
    /// Words that must all occur, anywhere, without regard to case and accents.
    pub q: Option<String>,
    /// The order; the id breaks ties.
    pub sort: S,
    /// Last first.
    pub descending: bool,
    /// 1 to 1000.
    pub limit: u32,
    /// Where the page before ended.
    pub cursor: Option<Cursor>,
}

impl<S> Ask<S> {
    /// The first hundred in the given order.
    pub const fn first(sort: S) -> Self {
        Self { q: None, sort, descending: false, limit: 100, cursor: None }
    }
}

/// The place behind an item: its sort value and its id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Cursor(pub SortKey, pub [u8; 16]);

/// A sort value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum SortKey {
    /// Of a text column.
    Text(String),
    /// Of a time or a number.
    Number(i64),
}
