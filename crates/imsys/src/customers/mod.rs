//! Customers: people and firms who buy Internet access.

pub mod http;

use crate::app::App;
use crate::http::Tenancy;
use crate::token;
use imsys_domain::CustomerId;
use imsys_domain::customer::{Customer, CustomerData};
use imsys_store::StoreError;

/// Adds a customer.
pub(crate) async fn create(app: &App, tenancy: &Tenancy, data: CustomerData) -> Result<Customer, StoreError> {
    let created = app.now();
    let id = CustomerId::new(created, token::random());
    let customer = Customer { id, edition: 1, data, created, archived: None };
    tenancy.store.create_customer(customer.clone()).await?;
    Ok(customer)
}
