//! Plans.

use super::archivable::{self, ArchivableData, Item};
use super::{SqliteTenant, audit};
use crate::page::{Ask, Page};
use crate::port::{Plans, Result};
use async_trait::async_trait;
use imsys_domain::PlanId;
use imsys_domain::plan::{Plan, PlanData};
use imsys_domain::search;
use serde_json::json;

impl ArchivableData for PlanData {
    const TABLE: &'static str = "plans";
    const UNIQUE: &'static str = "another plan has this name";
    const HELD: &'static str = "plan";
    const IN_USE: &'static str = "services are on this plan: move them to another first";

    fn name(&self) -> &str {
        &self.name
    }

    fn search(&self) -> String {
        search::text([self.name.as_str()])
    }
}

impl From<Item<PlanData>> for Plan {
    fn from(item: Item<PlanData>) -> Self {
        let Item { id, edition, data, created, archived } = item;
        Self { id: PlanId(id), edition, data, created, archived }
    }
}

impl From<Plan> for Item<PlanData> {
    fn from(plan: Plan) -> Self {
        let Plan { id, edition, data, created, archived } = plan;
        Self { id: id.0, edition, data, created, archived }
    }
}

#[async_trait]
impl Plans for SqliteTenant {
    async fn create_plan(&self, plan: Plan) -> Result<()> {
        let detail = json!({ "name": plan.data.name });
        self.change("plan.create", plan.id.0, detail, move |conn, tenant| {
            archivable::insert(conn, tenant, &Item { edition: 1, archived: None, ..plan.into() })
        })
        .await
    }

    async fn plan(&self, id: PlanId) -> Result<Plan> {
        self.read(move |conn, tenant| archivable::get(conn, tenant, id.0).map(Plan::from)).await
    }

    async fn plans(&self, archived: bool, ask: Ask<()>) -> Result<Page<Plan>> {
        self.read(move |conn, tenant| {
            archivable::list::<PlanData, _, _>(conn, tenant, archived, &ask, "name", "")
        })
        .await
    }

    async fn update_plan(&self, id: PlanId, edition: Option<i64>, data: PlanData) -> Result<Plan> {
        self.change_told("plan.update", id.0, move |conn, tenant| {
            let before = archivable::update(conn, tenant, id.0, edition, &data)?;
            let detail = audit::differences(&before.data, &data)?;
            Ok((archivable::get(conn, tenant, id.0).map(Plan::from)?, detail.into()))
        })
        .await
    }

    async fn archive_plan(&self, id: PlanId) -> Result<()> {
        let at = self.actor.at;
        let work = move |conn: &_, tenant: &_| archivable::archive::<PlanData>(conn, tenant, id.0, at);
        self.change("plan.archive", id.0, json!({}), work).await
    }

    async fn restore_plan(&self, id: PlanId) -> Result<Plan> {
        self.change("plan.restore", id.0, json!({}), move |conn, tenant| {
            archivable::restore::<PlanData>(conn, tenant, id.0)?;
            archivable::get(conn, tenant, id.0).map(Plan::from)
        })
        .await
    }
}
