//! Billing: so far the plans that are sold.

pub mod http;

use crate::app::App;
use crate::http::Tenancy;
use crate::token;
use imsys_domain::PlanId;
use imsys_domain::plan::{Plan, PlanData};
use imsys_store::StoreError;

/// Adds a plan.
pub(crate) async fn create_plan(app: &App, tenancy: &Tenancy, data: PlanData) -> Result<Plan, StoreError> {
    let created = app.now();
    let plan = Plan { id: PlanId::new(created, token::random()), edition: 1, data, created, archived: None };
    tenancy.store.create_plan(plan.clone()).await?;
    Ok(plan)
}
