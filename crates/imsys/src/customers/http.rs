//! Routes of customers.

use crate::app::App;
use crate::customers;
use crate::fields::{Fields, Invalid};
use crate::http::error::ApiError;
use crate::http::extract::{
    Archived, Etag, Id, IfMatch, Items, Json, List, ListParams, Sorts, Time, patched,
};
use crate::http::route::{Access, Route};
use crate::http::{Tenancy, csv};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use imsys_domain::access::Right;
use imsys_domain::customer::{Customer, CustomerData};
use imsys_domain::{CustomerId, DeviceId};
use imsys_store::port::CustomerSort;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

const PATH: &str = "/api/v1/customers";
const ITEM: &str = "/api/v1/customers/{id}";

/// The routes of customers.
pub fn routes() -> Vec<Route> {
    let (read, write) = (Access::Tenant(Right::Read), Access::Tenant(Right::CustomersWrite));
    vec![
        Route::get(PATH, read, list),
        Route::post(PATH, write, create),
        Route::get("/api/v1/customers/export", read, export),
        Route::get(ITEM, read, get),
        Route::patch(ITEM, write, update),
        Route::delete(ITEM, write, archive),
        Route::post("/api/v1/customers/{id}/restore", write, restore),
        Route::post("/api/v1/customers/{id}/erase-history", Access::Tenant(Right::TenantSettings), erase),
    ]
}

/// The contract of these routes.
#[derive(utoipa::OpenApi)]
#[openapi(paths(list, create, get, update, archive, restore, erase, export))]
pub struct Doc;

/// A customer.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CustomerItem {
    id: Uuid,
    /// For `If-Match`.
    etag: String,
    name: String,
    email: Option<String>,
    phone: Option<String>,
    address: Option<String>,
    /// The ISP's own number for the customer.
    reference: Option<String>,
    notes: Option<String>,
    created_at: Time,
    archived: bool,
    /// Since when.
    archived_at: Option<Time>,
}

impl From<Customer> for CustomerItem {
    fn from(customer: Customer) -> Self {
        let Customer { id, edition, data, created, archived } = customer;
        let CustomerData { name, email, phone, address, reference, notes } = data;
        let etag = Etag(edition).to_string();
        Self {
            id: id.0,
            etag,
            name,
            email,
            phone,
            address,
            reference,
            notes,
            created_at: Time(created),
            archived: archived.is_some(),
            archived_at: archived.map(Time),
        }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewCustomer {
    name: String,
    email: Option<String>,
    phone: Option<String>,
    address: Option<String>,
    reference: Option<String>,
    notes: Option<String>,
}

impl NewCustomer {
    fn check(self) -> Result<CustomerData, Invalid> {
        let mut fields = Fields::default();
        let data = CustomerData {
            name: fields.line("name", &self.name, 200),
            email: fields.line_or_none("email", self.email.as_deref(), 200),
            phone: fields.line_or_none("phone", self.phone.as_deref(), 60),
            address: fields.lines_or_none("address", self.address.as_deref(), 300),
            reference: fields.line_or_none("reference", self.reference.as_deref(), 60),
            notes: self.notes.filter(|notes| !notes.trim().is_empty()),
        };
        if data.notes.as_ref().is_some_and(|notes| notes.chars().count() > 4000) {
            fields.refuse("notes", "must have at most 4000 characters");
        }
        if data.email.as_ref().is_some_and(|email| !email.contains('@')) {
            fields.refuse("email", "must be an e-mail address");
        }
        fields.done().map(|()| data)
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[derive(Default)]
struct CustomerPatch {
    name: Option<String>,
    #[serde(deserialize_with = "patched")]
    email: Option<Option<String>>,
    #[serde(deserialize_with = "patched")]
    phone: Option<Option<String>>,
    #[serde(deserialize_with = "patched")]
    address: Option<Option<String>>,
    #[serde(deserialize_with = "patched")]
    reference: Option<Option<String>>,
    #[serde(deserialize_with = "patched")]
    notes: Option<Option<String>>,
}

impl CustomerPatch {
    fn over(self, old: CustomerData) -> NewCustomer {
        NewCustomer {
            name: self.name.unwrap_or(old.name),
            email: self.email.unwrap_or(old.email),
            phone: self.phone.unwrap_or(old.phone),
            address: self.address.unwrap_or(old.address),
            reference: self.reference.unwrap_or(old.reference),
            notes: self.notes.unwrap_or(old.notes),
        }
    }
}

/// The orders of customers.
struct CustomerOrder;

impl Sorts for CustomerOrder {
    type Key = CustomerSort;
    const NAMES: &'static [(&'static str, CustomerSort)] = &[
        ("name", CustomerSort::Name),
        ("reference", CustomerSort::Reference),
        ("createdAt", CustomerSort::Created),
    ];
}

/// Customers by name, reference or time of adding.
#[utoipa::path(get, path = PATH, tag = "customers", params(ListParams, Archived),
    responses((status = 200, body = Items<CustomerItem>)))]
async fn list(
    tenancy: Tenancy,
    list: List<Archived, CustomerOrder>,
) -> Result<Json<Items<CustomerItem>>, ApiError> {
    let page = tenancy.store.customers(list.filter.only(), list.ask).await?;
    Ok(Json(Items::new(page, CustomerItem::from)))
}

/// Adds a customer.
#[utoipa::path(post, path = PATH, tag = "customers", request_body = NewCustomer,
    responses((status = 201, body = CustomerItem)))]
async fn create(
    State(app): State<App>,
    tenancy: Tenancy,
    Json(new): Json<NewCustomer>,
) -> Result<(StatusCode, Etag, Json<CustomerItem>), ApiError> {
    let customer = customers::create(&app, &tenancy, new.check()?).await?;
    Ok((StatusCode::CREATED, Etag(customer.edition), Json(customer.into())))
}

/// One customer.
#[utoipa::path(get, path = ITEM, tag = "customers", params(("id" = Uuid, Path)),
    responses((status = 200, body = CustomerItem)))]
async fn get(tenancy: Tenancy, Id(id): Id<CustomerId>) -> Result<(Etag, Json<CustomerItem>), ApiError> {
    let customer = tenancy.store.customer(id).await?;
    Ok((Etag(customer.edition), Json(customer.into())))
}

/// Changes a customer; what is not mentioned stays.
#[utoipa::path(patch, path = ITEM, tag = "customers", params(("id" = Uuid, Path)), request_body = CustomerPatch,
    responses((status = 200, body = CustomerItem)))]
async fn update(
    tenancy: Tenancy,
    Id(id): Id<CustomerId>,
    IfMatch(edition): IfMatch,
    Json(patch): Json<CustomerPatch>,
) -> Result<(Etag, Json<CustomerItem>), ApiError> {
    let old = tenancy.store.customer(id).await?;
    let data = patch.over(old.data).check()?;
    // Without If-Match the patch is made from what was just read.
    let customer = tenancy.store.update_customer(id, edition.or(Some(old.edition)), data).await?;
    Ok((Etag(customer.edition), Json(customer.into())))
}

/// Archives a customer who has no service left.
#[utoipa::path(delete, path = ITEM, tag = "customers", params(("id" = Uuid, Path)), responses((status = 204)))]
async fn archive(tenancy: Tenancy, Id(id): Id<CustomerId>) -> Result<StatusCode, ApiError> {
    tenancy.store.archive_customer(id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Brings an archived customer back.
#[utoipa::path(post, path = "/api/v1/customers/{id}/restore", tag = "customers", params(("id" = Uuid, Path)),
    responses((status = 200, body = CustomerItem)))]
async fn restore(tenancy: Tenancy, Id(id): Id<CustomerId>) -> Result<(Etag, Json<CustomerItem>), ApiError> {
    let customer = tenancy.store.restore_customer(id).await?;
    Ok((Etag(customer.edition), Json(customer.into())))
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Erased {
    /// How many sessions and events were erased.
    erased: u64,
}

/// Erases the ended sessions and the events of a customer's services, and what they carried, for good.
#[utoipa::path(post, path = "/api/v1/customers/{id}/erase-history", tag = "customers", params(("id" = Uuid, Path)),
    responses((status = 200, body = Erased)))]
async fn erase(
    State(app): State<App>,
    tenancy: Tenancy,
    Id(id): Id<CustomerId>,
) -> Result<Json<Erased>, ApiError> {
    let gone = tenancy.store.erase_history(id).await?;
    for service in gone.services {
        app.history.forget(tenancy.tenant, DeviceId(service.0)).await?;
    }
    Ok(Json(Erased { erased: gone.records }))
}

/// All customers that match, as CSV.
#[utoipa::path(get, path = "/api/v1/customers/export", tag = "customers", params(ListParams, Archived),
    responses((status = 200, body = String, content_type = "text/csv")))]
async fn export(tenancy: Tenancy, list: List<Archived, CustomerOrder>) -> Result<Response, ApiError> {
    const HEADER: &[&str] = &["id", "name", "email", "phone", "address", "reference", "created"];
    let archived = list.filter.only();
    let load = move |ask| -> csv::Pages<Customer> {
        let store = tenancy.store.clone();
        Box::pin(async move { store.customers(archived, ask).await })
    };
    csv::file("customers", HEADER, list.ask, load, |customer| {
        let data = &customer.data;
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        vec![
            customer.id.to_string(),
            data.name.clone(),
            text(&data.email),
            text(&data.phone),
            text(&data.address),
            text(&data.reference),
            Time(customer.created).to_string(),
        ]
    })
    .await
}
