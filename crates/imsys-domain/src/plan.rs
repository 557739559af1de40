//! Plans: what is sold.

use crate::hindrance::Hindrance;
use crate::money::Money;
use crate::{PlanId, Timestamp, search};
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

/// What a person sets about a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanData {
    /// Required.
    pub name: String,
    /// What it costs a period.
    pub price: Money,
    /// How often it is charged.
    pub period: Period,
    /// Towards the customer, in kbit/s.
    pub down_kbps: Option<u32>,
    /// From the customer, in kbit/s.
    pub up_kbps: Option<u32>,
}

impl PlanData {
    /// What it is found by.
    pub fn search_text(&self) -> String {
        search::text([self.name.as_str()])
    }
}

/// Whether a plan may be archived, which living services are on or none.
pub const fn archive(has_services: bool) -> Result<(), Hindrance> {
    if has_services { Err(Hindrance::PlanHasServices) } else { Ok(()) }
}

/// A plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Its id.
    pub id: PlanId,
    /// The ETag.
    pub edition: i64,
    /// What is sold.
    pub data: PlanData,
    /// Since when.
    pub created: Timestamp,
    /// No longer sold since when.
    pub archived: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_is_found_by_its_name_and_stays_while_services_are_on_it() {
        let price = Money { minor: 1, currency: "KES".into() };
        let data = PlanData {
            name: "Häuser 10M".into(),
            price,
            period: Period::Month,
            down_kbps: None,
            up_kbps: None,
        };
        assert!(search::finds("hauser", &data.search_text()));
        assert_eq!((archive(true), archive(false)), (Err(Hindrance::PlanHasServices), Ok(())));
    }
}
