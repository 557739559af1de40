//! The offices of the demo: who they are, and their routers, which get their scripts as an administrator would paste
//! them.

use super::client::Client;
use super::devices;
use super::past;
use super::town::{FIRST_TENANT, PLAIN};
use crate::app::App;
use crate::token;
use anyhow::Context;
use imsys_domain::access::Role;
use imsys_domain::tenant::{Settings, Tenant};
use imsys_domain::{ApiKeyId, PersonId, TenantId, Timestamp};
use imsys_sim::town::{Form, RouterInfo, Town, Webhook};
use imsys_store::model::{ApiKey, Link, LinkKind, Person};
use imsys_store::{Actor, StoreError};
use serde_json::{Value, json};
use std::ops::Range;

/// Who signs in with the link.
pub(super) const EMAIL: &str = "demo@example.invalid";
/// A link to the demo works this long.
const LINK_DAYS: i64 = 365;
/// Seconds between two sweeps in the demo.
pub(super) const SWEEP_SECONDS: u32 = 60;
/// Seconds between two checks of static customers and those by DHCP in the demo.
pub(super) const STATIC_CHECK_SECONDS: u32 = 10;
/// Days that the offices have existed.
const OFFICE_DAYS: i64 = 1_000;

/// One tenant and its routers in the town.
pub(super) struct Provider {
    pub(super) tenant: TenantId,
    pub(super) client: Client,
    pub(super) routers: Range<usize>,
}

/// Makes the two tenants with their routers and customers and the month behind them; what is there already stays.
pub(super) async fn settle(
    app: &App,
    town: &Town,
    seed: u64,
) -> anyhow::Result<Vec<(TenantId, Range<usize>)>> {
    visitor(app).await?;
    let routers = town.routers().len();
    let (mut offices, mut measured) = (Vec::new(), Vec::new());
    for (name, range) in
        [("Hill Networks (simulated)", 0..FIRST_TENANT), ("Valley Fibre (simulated)", FIRST_TENANT..routers)]
    {
        let known = app.store.census().await?.into_iter().find(|(tenant, _)| tenant.name == name);
        let tenant = match known {
            Some((known, _)) => known.id,
            None => {
                let tenant = tenant(app, name).await?;
                measured.push(past::settle(app, town, tenant, range.clone(), seed).await?);
                tenant
            }
        };
        offices.push((tenant, range));
    }
    for measured in measured {
        measured.await.context("the history of the devices")??;
    }
    Ok(offices)
}

/// Gives the routers their scripts, and tells the login of the devices' agents, over HTTP.
pub(super) async fn plant(
    app: &App,
    town: &Town,
    offices: Vec<(TenantId, Range<usize>)>,
) -> anyhow::Result<Vec<Provider>> {
    let infos = town.routers();
    let mut planted = Vec::new();
    for (tenant, routers) in offices {
        let client = Client::new(app.config.http.listen, key(app, tenant).await?);
        let known = client.all("/api/v1/routers").await?;
        for index in routers.clone() {
            let info = infos.get(index).context("a router of the town")?;
            let router = known.iter().find(|router| router["name"] == info.name.as_str());
            let router = router.with_context(|| format!("{} is not in this data folder", info.name))?;
            connect(town, &client, index, info, router).await.with_context(|| info.name.clone())?;
        }
        devices::log_in(&client, town, routers.clone()).await?;
        planted.push(Provider { tenant, client, routers });
    }
    Ok(planted)
}

/// Who looks at the demo, at the list of providers too. What stands for a password fits none: people come in by
/// the link.
async fn visitor(app: &App) -> anyhow::Result<()> {
    let created = app.now();
    match app.store.person_by_email(EMAIL).await {
        Ok(_) => return Ok(()),
        Err(StoreError::NotFound) => {}
        Err(other) => return Err(other.into()),
    }
    let person = Person {
        id: PersonId::new(created, token::random()),
        email: EMAIL.into(),
        name: "Demo".into(),
        password: Some("none".into()),
        platform: true,
        created,
    };
    Ok(app.store.create_person(person, None).await?)
}

async fn tenant(app: &App, name: &str) -> anyhow::Result<TenantId> {
    let now = app.now();
    let created = Timestamp(now.0 - OFFICE_DAYS * 86_400_000);
    let id = TenantId::new(created, token::random());
    let slug = name.to_lowercase().split_whitespace().take(2).collect::<Vec<_>>().join("-");
    let settings = Settings {
        sweep_seconds: SWEEP_SECONDS,
        static_check_seconds: STATIC_CHECK_SECONDS,
        ..Settings::default()
    };
    app.store.create_tenant(Tenant { id, name: name.into(), slug, created, settings }).await?;
    // People come in by the sign-in link.
    let visitor = app.store.person_by_email(EMAIL).await?;
    app.store.tenant(id, Actor::system(created)).join(visitor.id, Role::Admin).await?;
    Ok(id)
}

/// A key for this run; the one of an earlier run is revoked.
async fn key(app: &App, tenant: TenantId) -> anyhow::Result<String> {
    const NAME: &str = "demo";
    let now = app.now();
    let store = app.store.tenant(tenant, Actor::system(now));
    for old in store.api_keys().await?.into_iter().filter(|key| key.name == NAME) {
        store.delete_api_key(old.id).await?;
    }
    let secret = format!("imsys_{}", token::fresh());
    let key = ApiKey {
        id: ApiKeyId::new(now, token::random()),
        name: NAME.into(),
        role: Role::Admin,
        prefix: secret.chars().take(12).collect(),
        hash: token::digest(&secret),
        created: now,
        expires: None,
        last_used: None,
    };
    store.create_api_key(key).await?;
    Ok(secret)
}

/// Tells the router's address of this run, where it is another one, and installs the hooks.
async fn connect(
    town: &Town,
    client: &Client,
    index: usize,
    info: &RouterInfo,
    router: &Value,
) -> anyhow::Result<()> {
    let id = router["id"].as_str().context("the router's id")?;
    if router["port"] != info.address.port() {
        let place = json!({
            "address": info.address.ip().to_string(), "port": info.address.port(), "password": info.password,
        });
        client.patch(&format!("/api/v1/routers/{id}"), place).await?;
    }
    hooks(town, client, index, id).await
}

/// Pastes the hooks into every profile; one router gets the plain URL of old instead.
async fn hooks(town: &Town, client: &Client, index: usize, id: &str) -> anyhow::Result<()> {
    if index == PLAIN {
        let url = format!("{}/api/v1/webhooks/ppp", client.base());
        let webhook = Webhook { url, token: None, form: Form::Plain { router: id.into() } };
        return town.install_webhook(index, &webhook).map_err(|trap| anyhow::anyhow!("{trap:?}"));
    }
    let profiles = client.get(&format!("/api/v1/routers/{id}/profiles")).await?;
    let names =
        profiles["items"].as_array().into_iter().flatten().filter_map(|profile| profile["name"].as_str());
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("part", "hooks").extend_pairs(names.map(|name| ("profiles", name)));
    let script = client.text(&format!("/api/v1/routers/{id}/script?{}", query.finish())).await?;
    town.router(index).context("a router of the town")?.paste(&script).context("the pasted hooks")?;
    Ok(())
}

/// A link that signs into the first provider.
pub(super) async fn sign_in_link(app: &App, offices: &[Provider]) -> anyhow::Result<String> {
    let (secret, now) = (token::fresh(), app.now());
    let link = Link {
        hash: token::digest(&secret),
        kind: LinkKind::Demo,
        person: Some(app.store.person_by_email(EMAIL).await?.id),
        tenant: offices.first().map(|provider| provider.tenant),
        expires: now.plus_seconds(LINK_DAYS * 24 * 3600),
    };
    app.store.put_link(link).await?;
    Ok(format!("{}/sign-in#{secret}", app.config.http.public_url.trim_end_matches('/')))
}
