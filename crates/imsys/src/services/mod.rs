//! Services: the lines of customers, their sessions and what is known of each.

mod bulk;
pub mod http;
mod input;
mod item;
mod record;
mod sheet;

use crate::app::App;
use crate::jobs;
use imsys_domain::service::ServiceData;
use imsys_domain::{RouterId, TenantId};
use std::collections::BTreeSet;

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
            false => jobs::schedule(app, tenant, router, jobs::SWEEP_PPP).await,
            true => jobs::schedule_new(app, tenant, router).await,
        }
    }
}
