//! Customers: people and companies who pay.

use crate::hindrance::Hindrance;
use crate::{CustomerId, Timestamp, search};
use serde::{Deserialize, Serialize};

/// What a person sets about a customer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerData {
    /// Required.
    pub name: String,
    /// E-mail address.
    pub email: Option<String>,
    /// Telephone number.
    pub phone: Option<String>,
    /// Where they live.
    pub address: Option<String>,
    /// The ISP's own number for them.
    pub reference: Option<String>,
    /// Anything.
    pub notes: Option<String>,
}

impl CustomerData {
    /// What their services are found by too: name, telephone number, and the ISP's own number.
    pub fn found_by(&self) -> [&str; 3] {
        let Self { name, phone, reference, .. } = self;
        [name, phone.as_deref().unwrap_or_default(), reference.as_deref().unwrap_or_default()]
    }

    /// What they are found by: everything but the notes.
    pub fn search_text(&self) -> String {
        let more = [&self.email, &self.phone, &self.address, &self.reference];
        let more = more.into_iter().flatten().map(String::as_str);
        search::text(std::iter::once(self.name.as_str()).chain(more))
    }
}

/// Whether a customer may be archived, who has living services or none.
pub const fn archive(has_services: bool) -> Result<(), Hindrance> {
    if has_services { Err(Hindrance::CustomerHasServices) } else { Ok(()) }
}

/// A customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// The id.
    pub id: CustomerId,
    /// The ETag.
    pub edition: i64,
    /// What is known of them.
    pub data: CustomerData,
    /// Since when.
    pub created: Timestamp,
    /// Archived since when.
    pub archived: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_customer_is_found_by_everything_but_the_notes() {
        let text = |text: &str| Some(text.to_owned());
        let (email, phone, address) = (text("ana@example.org"), text("0712 345 678"), text("Lake Road 3"));
        let (name, reference, notes) = ("Ana".into(), text("C-17"), text("pays late"));
        let ana = CustomerData { name, email, phone, address, reference, notes };
        let found = ana.search_text();
        for known in ["ana", "example.org", "0712345678", "lake road", "c-17"] {
            assert!(search::finds(known, &found), "{known} in {found}");
        }
        assert!(!search::finds("late", &found), "{found}");
        assert_eq!(ana.found_by(), ["Ana", "0712 345 678", "C-17"]);
    }

    #[test]
    fn who_has_a_service_stays() {
        assert_eq!((archive(true), archive(false)), (Err(Hindrance::CustomerHasServices), Ok(())));
    }
}
