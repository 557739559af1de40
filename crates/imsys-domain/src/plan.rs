//! Plans: what is sold.

use serde::{Deserialize, Serialize};

/// How often a plan is charged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Period {
    /// Every day.
    Day,
    /// Every seven days.
    Week,
    /// Every calendar month.
    Month,
    /// Every calendar year.
    Year,
}

impl Period {
    /// The name in the API and the store.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
        }
    }

    /// The period of that name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Day, Self::Week, Self::Month, Self::Year].into_iter().find(|p| p.name() == name)
    }
}
