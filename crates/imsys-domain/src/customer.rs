//! Customers: people and companies who pay.

use crate::{CustomerId, Timestamp};
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
