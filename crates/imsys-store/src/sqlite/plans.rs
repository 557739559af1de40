//! Plans.

use super::SqliteTenant;
use super::archivable::{self, ArchivableData, Item};
use crate::page::{Ask, Page};
use crate::port::{Plans, Result, Taken};
use async_trait::async_trait;
use imsys_domain::PlanId;
use imsys_domain::audit::{Action, Detail, called, plan_changed};
use imsys_domain::hindrance::Hindrance;
use imsys_domain::plan::{self, Plan, PlanData};

impl ArchivableData for PlanData {
    const TABLE: &'static str = "plans";
    const UNIQUE: Taken = Taken::PlanName;
    const HELD: &'static str = "plan";

    fn name(&self) -> &str {
        &self.name
    }

    fn search(&self) -> String {
        self.search_text()
    }

    fn archive(has_services: bool) -> std::result::Result<(), Hindrance> {
        plan::archive(has_services)
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
        let detail = called(&plan.data.name);
        self.change(Action::PlanCreate, plan.id.0, detail, move |conn, tenant| {
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
        self.change_told(Action::PlanUpdate, id.0, move |conn, tenant| {
            let before = archivable::update(conn, tenant, id.0, edition, &data)?;
            let detail = plan_changed(&before.data, &data);
            Ok((archivable::get(conn, tenant, id.0).map(Plan::from)?, detail))
        })
        .await
    }

    async fn archive_plan(&self, id: PlanId) -> Result<()> {
        let at = self.actor.at;
        let work = move |conn: &_, tenant: &_| archivable::archive::<PlanData>(conn, tenant, id.0, at);
        self.change(Action::PlanArchive, id.0, Detail::new(), work).await
    }

    async fn restore_plan(&self, id: PlanId) -> Result<Plan> {
        self.change(Action::PlanRestore, id.0, Detail::new(), move |conn, tenant| {
            archivable::restore::<PlanData>(conn, tenant, id.0)?;
            archivable::get(conn, tenant, id.0).map(Plan::from)
        })
        .await
    }
}
