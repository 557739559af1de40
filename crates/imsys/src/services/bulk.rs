//! Acts on many services at once, and their undo.

use super::{ask, asked};
use crate::app::App;
use crate::http::Tenancy;
use crate::token;
use imsys_domain::{BulkId, ServiceId};
use imsys_store::StoreError;
use imsys_store::model::{BulkAct, BulkResult};

/// Does one thing to many services, as one audited act; the routers of those that it changed are asked. Returns the
/// act's id, and what became of each.
pub(super) async fn change(
    app: &App,
    tenancy: &Tenancy,
    ids: Vec<ServiceId>,
    act: BulkAct,
) -> Result<(BulkId, Vec<BulkResult>), StoreError> {
    let id = BulkId::new(app.now(), token::random());
    let results = tenancy.store.bulk(id, ids, act).await?;
    if !matches!(act, BulkAct::Plan(_) | BulkAct::Archive) {
        ask_routers(app, tenancy, &results).await;
    }
    Ok((id, results))
}

/// Takes such an act back, as an act of its own: what was changed since stays.
pub(super) async fn undo(
    app: &App,
    tenancy: &Tenancy,
    undone: BulkId,
) -> Result<(BulkId, Vec<BulkResult>), StoreError> {
    let id = BulkId::new(app.now(), token::random());
    let results = tenancy.store.undo_bulk(undone, id).await?;
    ask_routers(app, tenancy, &results).await;
    Ok((id, results))
}

/// The routers of what was changed and lives.
async fn ask_routers(app: &App, tenancy: &Tenancy, results: &[BulkResult]) {
    let changed = results.iter().filter(|result| result.left.is_none());
    let living =
        changed.filter_map(|result| result.service.as_ref().filter(|service| service.archived.is_none()));
    ask(app, tenancy.tenant, asked(living.map(|service| &service.data))).await;
}
