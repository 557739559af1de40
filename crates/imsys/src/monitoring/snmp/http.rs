//! Routes of the logins that devices are tried with.

use super::input::SnmpSetting;
use super::login::NewAccess;
use crate::app::App;
use crate::fields::{Fields, Invalid};
use crate::http::Tenancy;
use crate::http::error::ApiError;
use crate::http::extract::{Etag, Id, IfMatch, Json, Time};
use crate::http::route::{Access, Route};
use crate::token;
use axum::extract::State;
use axum::http::StatusCode;
use imsys_domain::access::Right;
use imsys_domain::device::{SnmpLogin, SnmpLoginData, SnmpVersion};
use imsys_domain::net::Net;
use imsys_domain::{RouterId, SnmpLoginId};
use imsys_store::model::Holder;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

const PATH: &str = "/api/v1/snmp-logins";
const ITEM: &str = "/api/v1/snmp-logins/{id}";
/// The most routers or networks of one login.
const BOUND_TO: usize = 1_000;

/// The enumerations of secrets by their names in the contract, with their words as they are written.
#[cfg(test)]
pub(crate) fn words() -> [(String, Vec<serde_json::Value>); 2] {
    use super::login::{Encryption, Hash};
    use serde_json::json;
    let hashes = [Hash::Md5, Hash::Sha1, Hash::Sha224, Hash::Sha256, Hash::Sha384, Hash::Sha512];
    let ciphers = [Encryption::Aes128, Encryption::Aes192, Encryption::Aes256, Encryption::Aes256Reeder];
    [
        ("SnmpHash".into(), hashes.map(|hash| json!(hash)).into()),
        ("SnmpCipher".into(), ciphers.map(|cipher| json!(cipher)).into()),
    ]
}

/// The routes of logins for SNMP.
pub fn routes() -> Vec<Route> {
    let (read, write) = (Access::Tenant(Right::Read), Access::Tenant(Right::RoutersWrite));
    vec![
        Route::get(PATH, read, list),
        Route::post(PATH, write, create),
        Route::get(ITEM, read, get),
        Route::patch(ITEM, write, update),
        Route::delete(ITEM, write, delete),
    ]
}

/// Their contract.
#[derive(utoipa::OpenApi)]
#[openapi(paths(list, create, get, update, delete))]
pub struct Doc;

/// A login that devices are tried with. What is secret is never shown.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct LoginItem {
    id: Uuid,
    /// For `If-Match`.
    etag: String,
    name: String,
    /// `1`, `2c` or `3`.
    #[schema(value_type = String)]
    version: SnmpVersion,
    port: u16,
    /// It is tried with devices behind these routers.
    router_ids: Vec<Uuid>,
    /// And with devices in these networks.
    networks: Vec<String>,
    created_at: Time,
}

impl From<SnmpLogin> for LoginItem {
    fn from(login: SnmpLogin) -> Self {
        let SnmpLoginData { name, access, routers, networks } = login.data;
        Self {
            id: login.id.0,
            etag: Etag(login.edition).to_string(),
            name,
            version: access.version,
            port: access.port,
            router_ids: routers.into_iter().map(|router| router.0).collect(),
            networks: networks.into_iter().map(String::from).collect(),
            created_at: Time(login.created),
        }
    }
}

/// A new login. It is tried only with devices that it is bound to: a community that is sent to a stranger is given away.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewLogin {
    name: String,
    snmp: SnmpSetting,
    /// It is tried with devices behind these routers.
    #[serde(default)]
    router_ids: Vec<Uuid>,
    /// And with devices in these networks, as `10.0.0.0/24`.
    #[serde(default)]
    networks: Vec<String>,
}

/// A change of a login; what is not mentioned stays.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct LoginPatch {
    name: Option<String>,
    snmp: Option<SnmpSetting>,
    router_ids: Option<Vec<Uuid>>,
    networks: Option<Vec<String>>,
}

/// What a login is bound to.
struct Bound {
    routers: Vec<RouterId>,
    networks: Vec<Net>,
}

fn bound(routers: Vec<Uuid>, networks: &[String], fields: &mut Fields) -> Bound {
    if routers.len() > BOUND_TO {
        fields.refuse("routerIds", "has too many: at most 1000");
    }
    if networks.len() > BOUND_TO {
        fields.refuse("networks", "has too many: at most 1000");
    }
    if routers.is_empty() && networks.is_empty() {
        fields.refuse("networks", "say with which devices it is tried: some networks or routers");
    }
    let networks = networks.iter().take(BOUND_TO);
    let networks = networks.filter_map(|net| fields.check("networks", net.trim().parse::<Net>())).collect();
    Bound { routers: routers.into_iter().map(RouterId).collect(), networks }
}

/// All logins, in the order in which they were added.
#[utoipa::path(get, path = PATH, tag = "snmp-logins", responses((status = 200, body = Vec<LoginItem>)))]
async fn list(tenancy: Tenancy) -> Result<Json<Vec<LoginItem>>, ApiError> {
    Ok(Json(tenancy.store.snmp_logins().await?.into_iter().map(Into::into).collect()))
}

/// Adds a login. The devices that it is bound to are tried with it.
#[utoipa::path(post, path = PATH, tag = "snmp-logins", request_body = NewLogin,
    responses((status = 201, body = LoginItem)))]
async fn create(
    State(app): State<App>,
    tenancy: Tenancy,
    Json(new): Json<NewLogin>,
) -> Result<(StatusCode, Etag, Json<LoginItem>), ApiError> {
    let mut fields = Fields::default();
    let name = fields.line("name", &new.name, 100);
    let access = new.snmp.check("snmp", &mut fields);
    let Bound { routers, networks } = bound(new.router_ids, &new.networks, &mut fields);
    fields.done()?;
    let access = access.ok_or_else(|| Invalid::one("snmp", "is missing"))?;
    let created = app.now();
    let id = SnmpLoginId::new(created, token::random());
    let access = access.seal(&app.secrets, tenancy.tenant, Holder::SnmpLogin(id));
    let data = SnmpLoginData { name, access, routers, networks };
    let login = SnmpLogin { id, tenant: tenancy.tenant, edition: 1, data, created };
    tenancy.store.create_snmp_login(login.clone()).await?;
    Ok((StatusCode::CREATED, Etag(login.edition), Json(login.into())))
}

/// One login.
#[utoipa::path(get, path = ITEM, tag = "snmp-logins", params(("id" = Uuid, Path)),
    responses((status = 200, body = LoginItem)))]
async fn get(tenancy: Tenancy, Id(id): Id<SnmpLoginId>) -> Result<(Etag, Json<LoginItem>), ApiError> {
    let login = tenancy.store.snmp_login(id).await?;
    Ok((Etag(login.edition), Json(login.into())))
}

/// Changes a login; what is not mentioned stays.
#[utoipa::path(patch, path = ITEM, tag = "snmp-logins", params(("id" = Uuid, Path)), request_body = LoginPatch,
    responses((status = 200, body = LoginItem)))]
async fn update(
    State(app): State<App>,
    tenancy: Tenancy,
    Id(id): Id<SnmpLoginId>,
    IfMatch(edition): IfMatch,
    Json(patch): Json<LoginPatch>,
) -> Result<(Etag, Json<LoginItem>), ApiError> {
    let old = tenancy.store.snmp_login(id).await?;
    let mut fields = Fields::default();
    let name = fields.line("name", patch.name.as_ref().unwrap_or(&old.data.name), 100);
    let access: Option<NewAccess> = patch.snmp.and_then(|snmp| snmp.check("snmp", &mut fields));
    let routers = patch.router_ids;
    let routers = routers.unwrap_or_else(|| old.data.routers.iter().map(|router| router.0).collect());
    let networks = patch.networks;
    let networks = networks.unwrap_or_else(|| old.data.networks.iter().map(|net| net.to_string()).collect());
    let Bound { routers, networks } = bound(routers, &networks, &mut fields);
    fields.done()?;
    let access = match access {
        Some(access) => access.seal(&app.secrets, tenancy.tenant, Holder::SnmpLogin(id)),
        None => old.data.access,
    };
    let data = SnmpLoginData { name, access, routers, networks };
    // Without If-Match the change is made from what was just read.
    let login = tenancy.store.update_snmp_login(id, edition.or(Some(old.edition)), data).await?;
    Ok((Etag(login.edition), Json(login.into())))
}

/// Deletes a login. Devices that answered to it are tried with the others.
#[utoipa::path(delete, path = ITEM, tag = "snmp-logins", params(("id" = Uuid, Path)), responses((status = 204)))]
async fn delete(tenancy: Tenancy, Id(id): Id<SnmpLoginId>) -> Result<StatusCode, ApiError> {
    tenancy.store.delete_snmp_login(id).await?;
    Ok(StatusCode::NO_CONTENT)
}
