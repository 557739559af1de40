//! A tenant's name and settings.

use crate::config::origin;
use crate::fields::{Fields, Invalid};
use crate::http::auth::Tenancy;
use crate::http::error::ApiError;
use crate::http::extract::Json;
use crate::http::route::{Access, Route};
use crate::tenants::names;
use imsys_domain::access::Right;
use imsys_domain::money::Money;
use imsys_domain::reach::may_connect;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use std::ops::RangeInclusive;
use utoipa::{OpenApi, ToSchema};

const SWEEP_SECONDS: RangeInclusive<u32> = 30..=3600;
const STATIC_CHECK_SECONDS: RangeInclusive<u32> = 10..=3600;
const HISTORY_MONTHS: RangeInclusive<u32> = 1..=120;
/// The most bytes of a URL.
const URL: usize = 300;

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/v1/settings", Access::Tenant(Right::Read), read),
        Route::patch("/api/v1/settings", Access::Tenant(Right::TenantSettings), change),
    ]
}

/// Their description.
#[derive(OpenApi)]
#[openapi(paths(read, change))]
pub(super) struct Doc;

/// A tenant's settings.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Settings {
    /// The ISP's name.
    name: String,
    /// The currency of new plans.
    currency: String,
    /// Seconds between two full syncs of a router.
    sweep_seconds: u32,
    /// Seconds between two checks of a router's static customers and those by DHCP.
    static_check_seconds: u32,
    /// Months that sessions and events are kept.
    history_months: u32,
    /// The URL at which this ISP's routers reach the server; empty: what `http.public_url` says.
    webhook_url: String,
    /// The IP address under which this ISP's routers see the server; empty: what `network.server_address` says.
    server_address: String,
}

impl From<imsys_domain::tenant::Tenant> for Settings {
    fn from(tenant: imsys_domain::tenant::Tenant) -> Self {
        let imsys_domain::tenant::Settings {
            currency,
            sweep_seconds,
            static_check_seconds,
            history_months,
            webhook_url,
            server_address,
        } = tenant.settings;
        Self {
            name: tenant.name,
            currency,
            sweep_seconds,
            static_check_seconds,
            history_months,
            webhook_url: webhook_url.unwrap_or_default(),
            server_address: server_address.map(|ip| ip.to_string()).unwrap_or_default(),
        }
    }
}

/// Settings to change; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct SettingsChange {
    #[schema(max_length = 100)]
    name: Option<String>,
    #[schema(example = "KES")]
    currency: Option<String>,
    #[schema(minimum = 30, maximum = 3600)]
    sweep_seconds: Option<u32>,
    #[schema(minimum = 10, maximum = 3600)]
    static_check_seconds: Option<u32>,
    #[schema(minimum = 1, maximum = 120)]
    history_months: Option<u32>,
    #[schema(example = "https://imsys.example.net")]
    webhook_url: Option<String>,
    #[schema(example = "10.255.0.1")]
    server_address: Option<String>,
}

/// The settings of this tenant.
#[utoipa::path(get, path = "/api/v1/settings", tag = "settings", responses((status = 200, body = Settings)))]
async fn read(tenancy: Tenancy) -> Result<Json<Settings>, ApiError> {
    Ok(Json(tenancy.store.info().await?.into()))
}

/// Changes them.
#[utoipa::path(patch, path = "/api/v1/settings", tag = "settings", request_body = SettingsChange,
    responses((status = 200, body = Settings)))]
async fn change(tenancy: Tenancy, Json(change): Json<SettingsChange>) -> Result<Json<Settings>, ApiError> {
    let mut tenant = tenancy.store.info().await?;
    apply(&mut tenant, change)?;
    tenancy.store.set_settings(tenant.name.clone(), tenant.settings.clone()).await?;
    Ok(Json(tenant.into()))
}

fn apply(tenant: &mut imsys_domain::tenant::Tenant, change: SettingsChange) -> Result<(), Invalid> {
    let mut fields = Fields::default();
    if let Some(name) = change.name {
        tenant.name = fields.line("name", &name, names::NAME);
    }
    if let Some(currency) = change.currency {
        let price = Money { minor: 0, currency };
        fields.check("currency", price.check_price());
        tenant.settings.currency = price.currency;
    }
    if let Some(url) = change.webhook_url {
        let url = url.trim().trim_end_matches('/');
        if !url.is_empty() && (url.len() > URL || origin(url) != Some(url)) {
            fields
                .refuse("webhookUrl", "must begin with http:// or https://, then a host and at most a port");
        }
        tenant.settings.webhook_url = Some(url.to_owned()).filter(|url| !url.is_empty());
    }
    if let Some(address) = change.server_address {
        let address = Some(address.trim()).filter(|address| !address.is_empty());
        tenant.settings.server_address = address.and_then(|address| {
            let ip = address.parse::<IpAddr>().ok().map(|ip| ip.to_canonical());
            let ip = ip.filter(|ip| may_connect(*ip, true).is_ok());
            fields
                .check("serverAddress", ip.ok_or("must be the IP address of one machine, such as 10.255.0.1"))
        });
    }
    let numbers = [
        ("sweepSeconds", change.sweep_seconds, SWEEP_SECONDS, &mut tenant.settings.sweep_seconds),
        (
            "staticCheckSeconds",
            change.static_check_seconds,
            STATIC_CHECK_SECONDS,
            &mut tenant.settings.static_check_seconds,
        ),
        ("historyMonths", change.history_months, HISTORY_MONTHS, &mut tenant.settings.history_months),
    ];
    for (field, number, allowed, place) in numbers {
        let Some(number) = number else { continue };
        if !allowed.contains(&number) {
            fields.refuse(field, format!("must be {} to {}", allowed.start(), allowed.end()));
        }
        *place = number;
    }
    fields.done()
}
