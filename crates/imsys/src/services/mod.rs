//! Services: the lines of customers, their sessions and what is known of each.
//!
//! Here: the verbs of one service. `bulk`: of many; `sheet`: a file of them is brought in.

mod bulk;
pub mod http;
mod input;
mod item;
mod record;
mod sheet;

use crate::app::App;
use crate::http::Tenancy;
use crate::jobs::schedule;
use crate::presence::jobs::SWEEP_PPP;
use crate::routers::session::Trouble;
use crate::static_check::jobs::check_new;
use crate::static_check::{self, CheckError};
use crate::token;
use imsys_domain::diagnosis::{Diagnosis, Facts, explain};
use imsys_domain::service::{Access, ServiceData};
use imsys_domain::{RouterId, ServiceId, TenantId};
use imsys_store::StoreError;
use imsys_store::model::Service;
use std::collections::BTreeSet;
use std::time::Duration;

/// How long a live check may take, where the router's whole table must be read.
const LOOK: Duration = Duration::from_secs(12);

/// Adds a service, and has its router asked about it. Nothing on the router changes.
pub(crate) async fn create(app: &App, tenancy: &Tenancy, data: ServiceData) -> Result<Service, StoreError> {
    let created = app.now();
    let id = ServiceId::new(created, token::random());
    let service = tenancy.store.create_service(id, created, data).await?;
    ask_about(app, tenancy.tenant, &service).await;
    Ok(service)
}

/// Changes a service that still is at this edition, and has its router asked about it. Nothing on the router changes.
pub(crate) async fn change(
    app: &App,
    tenancy: &Tenancy,
    id: ServiceId,
    edition: i64,
    data: ServiceData,
) -> Result<Service, StoreError> {
    let service = tenancy.store.update_service(id, Some(edition), data).await?;
    ask_about(app, tenancy.tenant, &service).await;
    Ok(service)
}

/// Brings an archived service back, and has its router asked about it. Nothing on the router changes.
pub(crate) async fn restore(app: &App, tenancy: &Tenancy, id: ServiceId) -> Result<Service, StoreError> {
    let service = tenancy.store.restore_service(id).await?;
    ask_about(app, tenancy.tenant, &service).await;
    Ok(service)
}

/// Asks the router about a service now. That it cannot be asked is no error: it is part of what is known then.
pub(crate) async fn check_live(app: &App, tenancy: &Tenancy, id: ServiceId) -> Result<(), CheckError> {
    let service = living(tenancy, id).await?;
    let router = service.data.router;
    let asked = match &service.data.access {
        Access::Pppoe { username } => {
            app.broker.look(router, username, LOOK).await.map_err(CheckError::Router)
        }
        Access::Static { .. } | Access::Dhcp { .. } => {
            static_check::check_one(app, tenancy.tenant, router, id).await
        }
    };
    match asked {
        Err(CheckError::Router(trouble)) if !matches!(trouble, Trouble::Busy) => {
            tracing::debug!(router.id = %router, %trouble, "no live check");
            Ok(())
        }
        asked => asked,
    }
}

/// Why a service is online, offline or unknown, by what is stored.
pub(crate) async fn diagnose(
    app: &App,
    tenancy: &Tenancy,
    id: ServiceId,
) -> Result<(Diagnosis, Service), StoreError> {
    let service = living(tenancy, id).await?;
    let router_id = service.data.router;
    let store = &tenancy.store;
    let (router, presence, hooks, last_end) = tokio::try_join!(
        store.router(router_id),
        store.presence(id),
        store.hook_counts(router_id, app.now()),
        store.last_end(id),
    )?;
    let facts = Facts {
        service: &service.data,
        presence: &presence,
        router: &router,
        last_webhook: hooks.last,
        last_end,
    };
    Ok((explain(&facts), service))
}

async fn living(tenancy: &Tenancy, id: ServiceId) -> Result<Service, StoreError> {
    let service = tenancy.store.service(id).await?;
    if service.archived.is_some() { Err(StoreError::Archived) } else { Ok(service) }
}

/// The router's next answer says how the service is.
async fn ask_about(app: &App, tenant: TenantId, service: &Service) {
    let router = service.data.router;
    match &service.data.access {
        Access::Pppoe { username } => app.broker.ask(router, username),
        Access::Static { .. } | Access::Dhcp { .. } => check_new(app, tenant, router).await,
    }
}

/// Routers to ask about services, each with whether it is about those that do not log in.
type Asked = BTreeSet<(RouterId, bool)>;

/// Whom to ask about these services.
fn asked<'a>(services: impl Iterator<Item = &'a ServiceData>) -> Asked {
    services.map(|data| (data.router, data.access.kind().is_checked())).collect()
}

/// What came, moved or changed is unknown until its router was asked: each once.
async fn ask(app: &App, tenant: TenantId, asked: Asked) {
    for (router, is_checked) in asked {
        match is_checked {
            false => schedule(app, tenant, router, &SWEEP_PPP).await,
            true => check_new(app, tenant, router).await,
        }
    }
}
