//! Who might be a customer of a router without logging in: its tables are read, and what nobody registered is told.

use crate::app::App;
use crate::http::Tenancy;
use crate::http::error::ApiError;
use crate::http::extract::{Id, Json};
use crate::http::route::{Access, Route};
use crate::http::words::{StatusName, TableName};
use crate::routers::session::Lane;
use crate::static_check::addresses::ReadAddresses;
use crate::static_check::lines::Dialect;
use axum::extract::State;
use imsys_domain::access::Right;
use imsys_domain::propose::{Known, Proposal, propose};
use imsys_domain::service::{Access as ServiceAccess, Kind};
use imsys_domain::{RouterId, ServiceId};
use imsys_store::StoreError;
use imsys_store::page::Ask;
use imsys_store::port::{ServiceFilter, ServiceSort};
use serde::Serialize;
use std::collections::{HashMap, HashSet};
use std::net::Ipv4Addr;
use std::time::Duration;
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;

/// How long the router may take to tell its tables.
const READ: Duration = Duration::from_secs(20);

/// The route.
pub fn routes() -> Vec<Route> {
    vec![Route::get("/api/v1/routers/{id}/proposals", Access::Tenant(Right::RoutersTest), proposals)]
}

/// Its description.
#[derive(OpenApi)]
#[openapi(paths(proposals))]
pub struct Doc;

/// Unassigned addresses: no service has them.
#[derive(Serialize, ToSchema)]
struct Proposals {
    items: Vec<ProposalItem>,
    /// How many more there are; register some of these to see them.
    more: usize,
    /// Tables that the router refused to show.
    missing: Vec<TableName>,
}

/// An address that may be the customer's, static or by DHCP.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ProposalItem {
    address: String,
    mac: Option<String>,
    interface: Option<String>,
    /// Null is `main`, or not known.
    vrf: Option<String>,
    /// From a note on the lease or queue, else what the device calls itself. Strangers choose it.
    name: Option<String>,
    seen_in: Vec<TableName>,
    /// The status from the tables, without a probe.
    status: StatusName,
    /// The address comes from a lease that is no reservation, and may be another's tomorrow.
    dynamic_lease: bool,
    /// The archived service that was at this address or had this device, if there is one.
    archived_service_id: Option<Uuid>,
}

impl ProposalItem {
    fn new(one: Proposal, archived: &HashMap<String, ServiceId>) -> Self {
        let (address, interface, vrf) = (one.address, None, one.vrf.clone());
        let fixed = archived.get(&ServiceAccess::Static { address, mac: None, interface, vrf }.key());
        let device = || archived.get(&ServiceAccess::Dhcp { mac: one.mac? }.key());
        Self {
            archived_service_id: fixed.or_else(device).map(|id| id.0),
            address: one.address.to_string(),
            mac: one.mac.map(|mac| mac.to_string()),
            interface: one.interface,
            vrf: one.vrf,
            name: one.name,
            seen_in: one.seen_in.into_iter().map(TableName::from).collect(),
            status: one.status.into(),
            dynamic_lease: one.dynamic_lease,
        }
    }
}

/// Addresses in the router's ARP table, DHCP leases and simple queues that are not registered yet, at most
/// 2000. Nothing on the router changes.
#[utoipa::path(get, path = "/api/v1/routers/{id}/proposals", tag = "routers", params(("id" = Uuid, Path)),
    responses((status = 200, body = Proposals)))]
async fn proposals(
    State(app): State<App>,
    tenancy: Tenancy,
    Id(id): Id<RouterId>,
) -> Result<Json<Proposals>, ApiError> {
    let router = tenancy.store.router(id).await?;
    let dialect = Dialect::of(router.facts.version.as_deref());
    let mut known = registered(&tenancy, id, dialect).await?;
    let archived = tenancy.store.archived_places(id).await?;
    let read = app.broker.read(id, READ, Lane::Urgent, ReadAddresses { dialect }).await?;
    known.others.extend(read.own);
    let (items, more) = propose(read.shown, &known);
    Ok(Json(Proposals {
        items: items.into_iter().map(|one| ProposalItem::new(one, &archived)).collect(),
        more,
        missing: read.missing.into_iter().map(TableName::from).collect(),
    }))
}

/// What is registered behind the router, and where its PPP customers are now.
async fn registered(tenancy: &Tenancy, router: RouterId, dialect: Dialect) -> Result<Known, StoreError> {
    let lines = tenancy.store.static_lines(router).await?.lines;
    let devices = lines.iter().filter(|line| line.address.is_none()).filter_map(|line| line.mac).collect();
    // Version 6 does not say which table a row belongs to.
    let vrf = |vrf: Option<String>| vrf.filter(|_| dialect == Dialect::Seven);
    let registered = lines.into_iter().filter_map(|line| Some((vrf(line.vrf), line.address?))).collect();
    let filter = ServiceFilter { router: Some(router), kind: Some(Kind::Pppoe), ..ServiceFilter::default() };
    let mut ask = Ask { limit: 1000, ..Ask::first(ServiceSort::Username) };
    let mut others = HashSet::new();
    loop {
        let page = tenancy.store.services(filter.clone(), ask.clone()).await?;
        let addresses =
            page.items.into_iter().filter_map(|service| service.endpoint.address?.parse::<Ipv4Addr>().ok());
        others.extend(addresses);
        match page.next {
            Some(cursor) => ask.cursor = Some(cursor),
            None => return Ok(Known { registered, devices, others }),
        }
    }
}
