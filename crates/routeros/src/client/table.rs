use std::ops::Deref;

use super::budget::Share;

/// The rows of a reply. They count in the [`Budget`](super::Budget) until the table, or its [`Hold`], is dropped.
#[derive(Debug)]
pub struct Table<T> {
    pub(super) rows: Vec<T>,
    pub(super) share: Option<Share>,
}

/// What rows have taken of the budget.
#[derive(Debug)]
pub struct Hold {
    _share: Option<Share>,
}

impl<T> Table<T> {
    /// The rows, and what they hold of the budget for as long as something is made of them.
    #[must_use]
    pub fn into_parts(self) -> (Vec<T>, Hold) {
        (self.rows, Hold { _share: self.share })
    }
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), share: None }
    }
}

impl<T> Deref for Table<T> {
    type Target = Vec<T>;

    fn deref(&self) -> &Vec<T> {
        &self.rows
    }
}

/// What comes of the rows no longer counts.
impl<T> IntoIterator for Table<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.rows.into_iter()
    }
}
