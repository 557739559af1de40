//! Routes of services and sessions.

mod bulk;

use super::input::{NewService, ServicePatch};
use super::item::ServiceItem;
use super::record::{DiagnosisItem, SessionItem, Timeline};
use super::sheet::http as sheet;
use crate::app::App;
use crate::http::error::ApiError;
use crate::http::extract::{Etag, Id, IfMatch, Items, Json, List, ListParams, Query, Sorts, Time};
use crate::http::route::{Access, Route};
use crate::http::words::{ExistingName, KindName, StatusName};
use crate::http::{Tenancy, csv};
use crate::services::{self, check_live, diagnose};
use crate::static_check::CheckError;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use imsys_domain::access::Right;
use imsys_domain::service::Access as ServiceAccess;
use imsys_domain::{CustomerId, PlanId, RouterId, ServiceId, Timestamp};
use imsys_store::model::{Service, SessionRecord, Whose};
use imsys_store::page::{Ask, Page};
use imsys_store::port::{ServiceFilter, ServiceSort, SessionFilter};
use imsys_store::{StoreError, TenantStore};
use serde::Deserialize;
use utoipa::{IntoParams, OpenApi};
use uuid::Uuid;

const PATH: &str = "/api/v1/services";
const ITEM: &str = "/api/v1/services/{id}";
/// The longest span of a timeline.
const TIMELINE_MS: i64 = 400 * 24 * 3_600_000;
const DAY_MS: i64 = 24 * 3_600_000;

/// The routes of services and sessions.
pub fn routes() -> Vec<Route> {
    let (read, write) = (Access::Tenant(Right::Read), Access::Tenant(Right::ServicesWrite));
    let own = vec![
        Route::get(PATH, read, list),
        Route::post(PATH, write, create),
        Route::get("/api/v1/services/export", read, export),
        Route::post("/api/v1/services/import", write, sheet::import_sheet),
        Route::get(ITEM, read, get),
        Route::patch(ITEM, write, update),
        Route::delete(ITEM, write, archive),
        Route::post("/api/v1/services/{id}/restore", write, restore),
        Route::get("/api/v1/services/{id}/sessions", read, sessions_of),
        Route::get("/api/v1/services/{id}/timeline", read, timeline),
        Route::get("/api/v1/services/{id}/diagnosis", read, diagnosis),
        Route::post("/api/v1/services/{id}/live-check", Access::Tenant(Right::RoutersTest), live_check),
        Route::get("/api/v1/sessions", read, sessions),
        Route::get("/api/v1/sessions/export", read, export_sessions),
    ];
    own.into_iter().chain(bulk::routes()).collect()
}

/// Their description.
pub fn document() -> utoipa::openapi::OpenApi {
    let mut document = Doc::openapi();
    document.merge(bulk::Doc::openapi());
    document
}

#[derive(OpenApi)]
#[openapi(
    components(schemas(ExistingName)),
    paths(
        list,
        create,
        export,
        sheet::import_sheet,
        get,
        update,
        archive,
        restore,
        sessions_of,
        timeline,
        diagnosis,
        live_check,
        sessions,
        export_sessions
    )
)]
struct Doc;

/// The words of an act on many services, as they are written.
#[cfg(test)]
pub(crate) fn bulk_actions() -> (String, Vec<serde_json::Value>) {
    bulk::actions()
}

/// The orders of services.
struct ServiceOrder;

impl Sorts for ServiceOrder {
    type Key = ServiceSort;
    const NAMES: &'static [(&'static str, ServiceSort)] = &[
        ("username", ServiceSort::Username),
        ("customerName", ServiceSort::Customer),
        ("since", ServiceSort::Since),
        ("createdAt", ServiceSort::Created),
    ];
}

/// Which services.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct Filter {
    /// With this status.
    status: Option<StatusName>,
    /// Of this kind.
    kind: Option<KindName>,
    /// Behind this router.
    router_id: Option<Uuid>,
    /// Of this customer.
    customer_id: Option<Uuid>,
    /// On this plan.
    plan_id: Option<Uuid>,
    /// Suspended or not.
    suspended: Option<bool>,
    /// The archived ones instead of the living.
    archived: Option<bool>,
}

impl From<Filter> for ServiceFilter {
    fn from(filter: Filter) -> Self {
        Self {
            status: filter.status.map(Into::into),
            kind: filter.kind.map(Into::into),
            router: filter.router_id.map(RouterId),
            customer: filter.customer_id.map(CustomerId),
            plan: filter.plan_id.map(PlanId),
            suspended: filter.suspended,
            archived: filter.archived.unwrap_or(false),
        }
    }
}

/// Services with their status.
#[utoipa::path(get, path = PATH, tag = "services", params(ListParams, Filter),
    responses((status = 200, body = Items<ServiceItem>)))]
async fn list(
    tenancy: Tenancy,
    list: List<Filter, ServiceOrder>,
) -> Result<Json<Items<ServiceItem>>, ApiError> {
    let page = tenancy.store.services(list.filter.into(), list.ask).await?;
    Ok(Json(Items::new(page, ServiceItem::from)))
}

/// Adds a service. Nothing on the router changes.
#[utoipa::path(post, path = PATH, tag = "services", request_body = NewService,
    responses((status = 201, body = ServiceItem)))]
async fn create(
    State(app): State<App>,
    tenancy: Tenancy,
    Json(new): Json<NewService>,
) -> Result<(StatusCode, Etag, Json<ServiceItem>), ApiError> {
    let service = services::create(&app, &tenancy, new.check()?).await?;
    Ok((StatusCode::CREATED, Etag(service.edition), Json(service.into())))
}

/// One service.
#[utoipa::path(get, path = ITEM, tag = "services", params(("id" = Uuid, Path)),
    responses((status = 200, body = ServiceItem)))]
async fn get(tenancy: Tenancy, Id(id): Id<ServiceId>) -> Result<(Etag, Json<ServiceItem>), ApiError> {
    let service = tenancy.store.service(id).await?;
    Ok((Etag(service.edition), Json(service.into())))
}

/// Changes a service; what is not mentioned stays. Nothing on the router changes.
#[utoipa::path(patch, path = ITEM, tag = "services", params(("id" = Uuid, Path)), request_body = ServicePatch,
    responses((status = 200, body = ServiceItem)))]
async fn update(
    State(app): State<App>,
    tenancy: Tenancy,
    Id(id): Id<ServiceId>,
    IfMatch(edition): IfMatch,
    Json(patch): Json<ServicePatch>,
) -> Result<(Etag, Json<ServiceItem>), ApiError> {
    let old = tenancy.store.service(id).await?;
    let data = patch.over(old.data).check()?;
    let service = services::change(&app, &tenancy, id, edition.unwrap_or(old.edition), data).await?;
    Ok((Etag(service.edition), Json(service.into())))
}

/// Archives a service. Nothing on the router changes.
#[utoipa::path(delete, path = ITEM, tag = "services", params(("id" = Uuid, Path)), responses((status = 204)))]
async fn archive(tenancy: Tenancy, Id(id): Id<ServiceId>) -> Result<StatusCode, ApiError> {
    tenancy.store.archive_service(id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Brings an archived service back, while its place on its router is free. A customer and a plan that are archived come
/// back with it; a router does not. Nothing on the router changes.
#[utoipa::path(post, path = "/api/v1/services/{id}/restore", tag = "services", params(("id" = Uuid, Path)),
    responses((status = 200, body = ServiceItem)))]
async fn restore(
    State(app): State<App>,
    tenancy: Tenancy,
    Id(id): Id<ServiceId>,
) -> Result<(Etag, Json<ServiceItem>), ApiError> {
    let service = services::restore(&app, &tenancy, id).await?;
    Ok((Etag(service.edition), Json(service.into())))
}

/// All services that match, as CSV.
#[utoipa::path(get, path = "/api/v1/services/export", tag = "services", params(ListParams, Filter),
    responses((status = 200, body = String, content_type = "text/csv")))]
async fn export(tenancy: Tenancy, list: List<Filter, ServiceOrder>) -> Result<Response, ApiError> {
    const HEADER: &[&str] = &[
        "id",
        "kind",
        "username",
        "address",
        "mac",
        "router",
        "customer",
        "plan",
        "status",
        "since",
        "confirmed",
        "suspended",
    ];
    let filter = ServiceFilter::from(list.filter);
    let load = move |ask| -> csv::Pages<Service> {
        let (store, filter) = (tenancy.store.clone(), filter.clone());
        Box::pin(async move { store.services(filter, ask).await })
    };
    csv::file("services", HEADER, list.ask, load, service_cells).await
}

fn service_cells(service: &Service) -> Vec<String> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let (username, address, mac) = match &service.data.access {
        ServiceAccess::Pppoe { username } => {
            (username.clone(), text(&service.endpoint.address), text(&service.endpoint.mac))
        }
        ServiceAccess::Static { address, mac, .. } => {
            (String::new(), address.to_string(), mac.map(|mac| mac.to_string()).unwrap_or_default())
        }
        ServiceAccess::Dhcp { mac } => (String::new(), text(&service.endpoint.address), mac.to_string()),
    };
    vec![
        service.id.to_string(),
        csv::word(service.data.access.kind()),
        username,
        address,
        mac,
        service.router_name.clone(),
        service.customer_name.clone().unwrap_or_default(),
        service.plan_name.clone().unwrap_or_default(),
        csv::word(service.status),
        Time(service.since).to_string(),
        service.confirmed.map(|at| Time(at).to_string()).unwrap_or_default(),
        service.data.suspended.to_string(),
    ]
}

/// The order of sessions: the latest first.
struct ByStart;

impl Sorts for ByStart {
    type Key = ();
    const NAMES: &'static [(&'static str, ())] = &[("startedAt", ())];
    const DESCENDING: bool = true;
}

/// Which sessions.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct SessionQuery {
    /// Of this service.
    service_id: Option<Uuid>,
    /// On this router.
    router_id: Option<Uuid>,
    /// Open at or after this time.
    #[param(value_type = Option<Time>)]
    from: Option<Time>,
    /// Begun before this time.
    #[param(value_type = Option<Time>)]
    to: Option<Time>,
}

impl From<SessionQuery> for SessionFilter {
    fn from(query: SessionQuery) -> Self {
        Self {
            service: query.service_id.map(ServiceId),
            router: query.router_id.map(RouterId),
            from: query.from.map(|at| at.0),
            to: query.to.map(|at| at.0),
        }
    }
}

/// A span of time.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Span {
    /// A day ago unless given.
    #[param(value_type = Option<Time>)]
    from: Option<Time>,
    /// Now unless given.
    #[param(value_type = Option<Time>)]
    to: Option<Time>,
}

/// A page of sessions with whose they are.
async fn page_of(
    store: &dyn TenantStore,
    filter: SessionFilter,
    ask: Ask<()>,
) -> Result<Page<(SessionRecord, Whose)>, StoreError> {
    let Page { items, next, total } = store.sessions(filter, ask).await?;
    let whose = store.whose(items.iter().map(|session| (session.service, session.router)).collect()).await?;
    Ok(Page { items: items.into_iter().zip(whose).collect(), next, total })
}

/// Sessions of every service, and the addresses that DHCP customers held. `q` is a whole address or MAC, or else the beginning of a PPP name or anything that
/// services are found by. Who had an address at a moment: `q` is the address, `from` the moment, `to` a little later.
#[utoipa::path(get, path = "/api/v1/sessions", tag = "sessions", params(ListParams, SessionQuery),
    responses((status = 200, body = Items<SessionItem>)))]
async fn sessions(
    State(app): State<App>,
    tenancy: Tenancy,
    list: List<SessionQuery, ByStart>,
) -> Result<Json<Items<SessionItem>>, ApiError> {
    let page = page_of(&*tenancy.store, list.filter.into(), list.ask).await?;
    Ok(Json(Items::new(page, |session| SessionItem::new(session, app.now()))))
}

/// Sessions of one service.
#[utoipa::path(get, path = "/api/v1/services/{id}/sessions", tag = "sessions",
    params(("id" = Uuid, Path), ListParams, Span), responses((status = 200, body = Items<SessionItem>)))]
async fn sessions_of(
    State(app): State<App>,
    tenancy: Tenancy,
    Id(id): Id<ServiceId>,
    list: List<Span, ByStart>,
) -> Result<Json<Items<SessionItem>>, ApiError> {
    tenancy.store.service(id).await?;
    let Span { from, to } = list.filter;
    let filter =
        SessionFilter { service: Some(id), router: None, from: from.map(|at| at.0), to: to.map(|at| at.0) };
    let page = page_of(&*tenancy.store, filter, list.ask).await?;
    Ok(Json(Items::new(page, |session| SessionItem::new(session, app.now()))))
}

/// All sessions that match, as CSV.
#[utoipa::path(get, path = "/api/v1/sessions/export", tag = "sessions", params(ListParams, SessionQuery),
    responses((status = 200, body = String, content_type = "text/csv")))]
async fn export_sessions(tenancy: Tenancy, list: List<SessionQuery, ByStart>) -> Result<Response, ApiError> {
    const HEADER: &[&str] =
        &["id", "username", "customer", "router", "mac", "address", "started", "ended", "cause", "source"];
    let filter = SessionFilter::from(list.filter);
    let load = move |ask: Ask<()>| -> csv::Pages<(SessionRecord, Whose)> {
        let (store, filter) = (tenancy.store.clone(), filter.clone());
        Box::pin(async move { page_of(&*store, filter, ask).await })
    };
    csv::file("sessions", HEADER, list.ask, load, |(session, whose)| {
        vec![
            session.id.to_string(),
            session.username.clone(),
            whose.customer_name.clone().unwrap_or_default(),
            whose.router_name.clone(),
            session.endpoint.mac.clone().unwrap_or_default(),
            session.endpoint.address.clone().unwrap_or_default(),
            Time(session.started).to_string(),
            session.ended.map(|at| Time(at).to_string()).unwrap_or_default(),
            session.cause.map(csv::word).unwrap_or_default(),
            csv::word(session.by),
        ]
    })
    .await
}

/// A service's status over a span of time.
#[utoipa::path(get, path = "/api/v1/services/{id}/timeline", tag = "services", params(("id" = Uuid, Path), Span),
    responses((status = 200, body = Timeline)))]
async fn timeline(
    State(app): State<App>,
    tenancy: Tenancy,
    Id(id): Id<ServiceId>,
    Query(span): Query<Span>,
) -> Result<Json<Timeline>, ApiError> {
    let archived = tenancy.store.service(id).await?.archived;
    let to = span.to.map_or(app.now(), |at| at.0);
    let from = span.from.map_or(Timestamp(to.millis() - DAY_MS), |at| at.0);
    if to.since(from) <= 0 || to.since(from) > TIMELINE_MS {
        return Err(ApiError::bad_request("bad-query", "`from` must be before `to`, by at most 400 days."));
    }
    let events = tenancy.store.timeline(id, from, to).await?;
    Ok(Json(Timeline::new(&events, archived, from, to)))
}

/// Why a customer is online, offline or unknown: the evidence, and what to do.
#[utoipa::path(get, path = "/api/v1/services/{id}/diagnosis", tag = "services", params(("id" = Uuid, Path)),
    responses((status = 200, body = DiagnosisItem)))]
async fn diagnosis(
    State(app): State<App>,
    tenancy: Tenancy,
    Id(id): Id<ServiceId>,
) -> Result<Json<DiagnosisItem>, ApiError> {
    let (diagnosis, service) = diagnose(&app, &tenancy, id).await?;
    Ok(Json(DiagnosisItem::new(diagnosis, &service)))
}

/// Asks the router about this customer now; what it says, row by row.
#[utoipa::path(post, path = "/api/v1/services/{id}/live-check", tag = "services", params(("id" = Uuid, Path)),
    responses((status = 200, body = DiagnosisItem)))]
async fn live_check(
    State(app): State<App>,
    tenancy: Tenancy,
    Id(id): Id<ServiceId>,
) -> Result<Json<DiagnosisItem>, ApiError> {
    match check_live(&app, &tenancy, id).await {
        Ok(()) => {}
        Err(CheckError::Store(error)) => return Err(error.into()),
        Err(CheckError::Router(trouble)) => return Err(trouble.into()),
    }
    let (diagnosis, service) = diagnose(&app, &tenancy, id).await?;
    Ok(Json(DiagnosisItem::new(diagnosis, &service)))
}
