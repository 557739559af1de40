//! The offices of the demo, set up as an administrator would: over HTTP, with pasted scripts.

use super::client::Client;
use super::town::{FIRST_TENANT, PLAIN, STATIC_ROUTERS};
use crate::app::App;
use crate::token;
use anyhow::Context;
use imsys_domain::access::Role;
use imsys_domain::{ApiKeyId, PersonId, TenantId};
use imsys_sim::router::StaticId;
use imsys_sim::town::{Form, RouterInfo, Town, Webhook};
use imsys_store::model::{ApiKey, Link, LinkKind, Person, Settings, Tenant};
use imsys_store::port::{PersonDraft, Token};
use imsys_store::{Actor, StoreError};
use serde_json::json;
use std::collections::HashSet;
use std::ops::Range;

/// Who signs in with the link.
const EMAIL: &str = "demo@example.invalid";
/// A link to the demo works this long.
const LINK_DAYS: i64 = 365;
/// Seconds between two sweeps in the demo.
pub(super) const SWEEP_SECONDS: u32 = 60;
/// Seconds between two checks of static customers and those by DHCP in the demo.
pub(super) const STATIC_CHECK_SECONDS: u32 = 10;
/// Customers of a router with a fixed address whom nobody registered, and as many by DHCP.
const UNREGISTERED: usize = 2;
/// A device that is somewhere in a drawer.
const OLD_MAC: &str = "02:5D:FF:00:00:01";

/// One tenant and its routers in the town.
pub(super) struct Office {
    pub(super) tenant: TenantId,
    pub(super) client: Client,
    pub(super) routers: Range<usize>,
}

/// Makes the two tenants with their routers, services and hooks; what stands already stays.
pub(super) async fn plant(app: &App, town: &Town) -> anyhow::Result<Vec<Office>> {
    visitor(app).await?;
    let routers = town.routers();
    let mut offices = Vec::new();
    for (name, range) in [
        ("Hill Networks (simulated)", 0..FIRST_TENANT),
        ("Valley Fibre (simulated)", FIRST_TENANT..routers.len()),
    ] {
        let tenant = tenant(app, name).await?;
        let client = Client::new(app.config.http.listen, key(app, tenant).await?);
        offices.push(Office { tenant, client, routers: range });
    }
    for office in &offices {
        for index in office.routers.clone() {
            let info = routers.get(index).context("a router of the town")?;
            router(town, office, index, info).await.with_context(|| info.name.clone())?;
        }
        plans(office).await?;
    }
    Ok(offices)
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
    if let Some(known) = app.store.census().await?.into_iter().find(|(tenant, _)| tenant.name == name) {
        return Ok(known.0.id);
    }
    let id = TenantId::new(now, token::random());
    let slug = name.to_lowercase().split_whitespace().take(2).collect::<Vec<_>>().join("-");
    let settings = Settings {
        sweep_seconds: SWEEP_SECONDS,
        static_check_seconds: STATIC_CHECK_SECONDS,
        ..Settings::default()
    };
    app.store.create_tenant(Tenant { id, name: name.into(), slug, created: now, settings }).await?;
    let draft = PersonDraft {
        id: PersonId::new(now, token::random()),
        email: EMAIL.into(),
        name: "Demo".into(),
        role: Role::Admin,
        created: now,
        // Nobody is told this secret: people come in by the sign-in link.
        invite: Token { hash: token::digest(&token::fresh()), expires: now },
    };
    app.store.tenant(id, Actor::system(now)).add_member(draft).await?;
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

async fn router(town: &Town, office: &Office, index: usize, info: &RouterInfo) -> anyhow::Result<()> {
    let client = &office.client;
    let place = json!({
        "name": info.name, "address": info.address.ip().to_string(), "port": info.address.port(),
        "username": info.user, "password": info.password,
    });
    let known =
        client.all("/api/v1/routers").await?.into_iter().find(|router| router["name"] == info.name.as_str());
    let router = match known {
        Some(known) => {
            client
                .patch(&format!("/api/v1/routers/{}", known["id"].as_str().unwrap_or_default()), place)
                .await?
        }
        None => client.post("/api/v1/routers", Some(place)).await?,
    };
    let id = router["id"].as_str().context("the router's id")?.to_owned();
    hooks(town, client, index, &id).await?;
    client.post(&format!("/api/v1/routers/{id}/import?customers=create"), None).await?;
    if STATIC_ROUTERS.contains(&index) {
        silent_lines(town, client, index, &info.name).await?;
    }
    Ok(())
}

/// Registers the customers who do not log in from a sheet: by their device where the router's DHCP server gives
/// them an address, else by that address. A few are left for the router's proposals, and the first of a fixed
/// address is registered with the device that he had before.
async fn silent_lines(town: &Town, client: &Client, index: usize, router: &str) -> anyhow::Result<()> {
    let lines = town.router(index).context("a router of the town")?.statics();
    let mut sheet = "kind,address,mac,interface,router,customer\n".to_owned();
    let last = |by_dhcp| {
        let own = lines.iter().rev().filter(move |line| line.by_dhcp == by_dhcp);
        own.take(UNREGISTERED).map(|line| line.id)
    };
    let left: HashSet<StaticId> = last(true).chain(last(false)).collect();
    let mut old = Some(OLD_MAC.to_owned());
    let known = lines.into_iter().filter(|line| !left.contains(&line.id));
    for (place, line) in known.enumerate() {
        let customer = format!("Simulated line {index}-{:02}", place + 1);
        let (address, interface) = (line.address, line.interface);
        sheet += &if line.by_dhcp {
            format!("dhcp,,{},,{router},{customer}\n", line.mac)
        } else {
            let mac = old.take().unwrap_or(line.mac);
            format!("static,{address},{mac},{interface},{router},{customer}\n")
        };
    }
    client.sheet("/api/v1/services/import?customers=create&existing=skip", sheet).await?;
    Ok(())
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
    let names: Vec<&str> = names.collect();
    let script =
        client.text(&format!("/api/v1/routers/{id}/script?part=hooks&profiles={}", names.join(","))).await?;
    town.router(index).context("a router of the town")?.paste(&script).context("the pasted hooks")?;
    Ok(())
}

/// A few plans, given to the first customers, so that lists have something to show.
async fn plans(office: &Office) -> anyhow::Result<()> {
    let client = &office.client;
    if !client.all("/api/v1/plans").await?.is_empty() {
        return Ok(());
    }
    let mut ids = Vec::new();
    for (name, minor, down, up) in [
        ("Home 10", 1900, 10_000, 2_000),
        ("Home 30", 2900, 30_000, 6_000),
        ("Office 100", 9900, 100_000, 50_000),
    ] {
        let plan = json!({
            "name": name, "price": { "minor": minor, "currency": "USD" }, "period": "month",
            "downKbps": down, "upKbps": up,
        });
        ids.push(client.post("/api/v1/plans", Some(plan)).await?["id"].clone());
    }
    let services = client.all("/api/v1/services").await?;
    for (service, plan) in services.iter().step_by(3).zip(ids.iter().cycle()).take(90) {
        let path = format!("/api/v1/services/{}", service["id"].as_str().unwrap_or_default());
        client.patch(&path, json!({ "planId": plan })).await?;
    }
    Ok(())
}

/// A link that signs into the first office.
pub(super) async fn sign_in_link(app: &App, offices: &[Office]) -> anyhow::Result<String> {
    let (secret, now) = (token::fresh(), app.now());
    let link = Link {
        hash: token::digest(&secret),
        kind: LinkKind::Demo,
        person: Some(app.store.person_by_email(EMAIL).await?.id),
        tenant: offices.first().map(|office| office.tenant),
        expires: now.plus_seconds(LINK_DAYS * 24 * 3600),
    };
    app.store.put_link(link).await?;
    Ok(format!("{}/sign-in#{secret}", app.config.http.public_url.trim_end_matches('/')))
}
