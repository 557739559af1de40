//! PPP secrets of a router become services. Nothing on the router is changed.

use super::connection::Trouble;
use crate::app::App;
use crate::http::Tenancy;
use crate::http::error::ApiError;
use crate::token;
use futures_util::StreamExt;
use imsys_domain::import::{Action, Known, Secret, Step, plan};
use imsys_domain::service::{Access, EnforcementMode, Kind, USERNAME_MOST};
use imsys_domain::text::cut;
use imsys_domain::{CustomerId, RouterId, ServiceId};
use imsys_store::StoreError;
use imsys_store::model::{Customer, CustomerData, Service, ServiceData};
use imsys_store::page::Ask;
use imsys_store::port::{ServiceFilter, ServiceSort};
use routeros::client::Command;
use routeros::menu::PppSecret;
use std::collections::HashMap;
use std::time::Duration;

/// How long the router may take to tell its secrets.
const READ: Duration = Duration::from_secs(30);
/// Writes under way at once: one group commit takes them all.
const AT_ONCE: usize = 128;

/// What an import did, or would do.
pub(super) struct Imported {
    /// Each secret and what became of it, with the service where there is one.
    pub(super) steps: Vec<(Step, Option<ServiceId>)>,
}

impl Imported {
    /// How many secrets met this end.
    pub(super) fn count(&self, action: Action) -> usize {
        self.steps.iter().filter(|(step, _)| step.action == action).count()
    }
}

/// Reads the router's secrets and (unless `dry_run`) makes services of them; with `customers` each
/// gets a customer named by the secret's comment.
pub(super) async fn import(
    app: &App,
    tenancy: &Tenancy,
    router: RouterId,
    dry_run: bool,
    customers: bool,
) -> Result<Imported, ApiError> {
    tenancy.store.router(router).await?;
    let secrets = read_secrets(app, router).await.map_err(ApiError::from)?;
    let known = known_services(tenancy, router).await?;
    let steps = plan(
        secrets,
        &known.iter().map(|(name, (known, _))| (name.clone(), known.clone())).collect(),
        customers,
    );
    if dry_run {
        let steps = steps.into_iter().map(|step| (step.service, step)).map(|(id, step)| (step, id)).collect();
        return Ok(Imported { steps });
    }
    let work = steps.into_iter().map(|step| carry_out(app, tenancy, router, step, &known, customers));
    let done: Vec<_> = futures_util::stream::iter(work).buffered(AT_ONCE).collect().await;
    let imported = Imported { steps: done.into_iter().collect::<Result<_, StoreError>>()? };
    // The new services are unknown until the router's table has been read.
    super::jobs::request(app, tenancy.tenant, router, super::jobs::SWEEP_PPP).await?;
    Ok(imported)
}

async fn read_secrets(app: &App, router: RouterId) -> Result<Vec<Secret>, Trouble> {
    let rows = app
        .broker
        .with(router, READ, |client| async move {
            client.print::<PppSecret>(Command::new("/ppp/secret/print"), READ).await.map_err(Trouble::Command)
        })
        .await?;
    let text = |text: &str| Some(cut(text).to_owned()).filter(|text| !text.is_empty());
    let secret = |row: PppSecret| Secret {
        // One more than a name may have, so that a longer one is still too long.
        name: row.name.chars().take(USERNAME_MOST + 1).collect(),
        profile: text(&row.profile),
        comment: text(&row.comment),
        service: text(&row.service),
        disabled: row.disabled,
    };
    Ok(rows.into_iter().map(secret).collect())
}

type KnownServices = HashMap<String, (Known, Service)>;

/// The router's services that log in, by name; an archived one where none lives.
async fn known_services(tenancy: &Tenancy, router: RouterId) -> Result<KnownServices, StoreError> {
    let mut known = HashMap::new();
    for archived in [true, false] {
        let kind = Some(Kind::Pppoe);
        let filter = ServiceFilter { router: Some(router), kind, archived, ..ServiceFilter::default() };
        add_services(tenancy, filter, &mut known).await?;
    }
    Ok(known)
}

async fn add_services(
    tenancy: &Tenancy,
    filter: ServiceFilter,
    known: &mut KnownServices,
) -> Result<(), StoreError> {
    let mut ask = Ask { limit: 1000, ..Ask::first(ServiceSort::Username) };
    loop {
        let page = tenancy.store.services(filter.clone(), ask.clone()).await?;
        for service in page.items {
            let entry = Known {
                id: service.id,
                archived: service.archived.is_some(),
                suspended: service.data.suspended,
                has_customer: service.data.customer.is_some(),
            };
            if let Access::Pppoe { username } = &service.data.access {
                known.insert(username.clone(), (entry, service));
            }
        }
        match page.next {
            Some(cursor) => ask.cursor = Some(cursor),
            None => return Ok(()),
        }
    }
}

async fn carry_out(
    app: &App,
    tenancy: &Tenancy,
    router: RouterId,
    step: Step,
    known: &KnownServices,
    customers: bool,
) -> Result<(Step, Option<ServiceId>), StoreError> {
    match step.action {
        Action::Skip => Ok((step.service, step)).map(|(id, step)| (step, id)),
        Action::Create => {
            let customer = new_customer(app, tenancy, &step, customers).await?;
            let data = ServiceData {
                router,
                access: Access::Pppoe { username: step.username.clone() },
                customer,
                plan: None,
                suspended: step.disabled,
                mode: EnforcementMode::Observe,
            };
            let now = app.now();
            let service =
                tenancy.store.create_service(ServiceId::new(now, token::random()), now, data).await?;
            Ok((step, Some(service.id)))
        }
        Action::Update => {
            let Some((_, service)) = known.get(&step.username) else { return Ok((step, None)) };
            let mut data = ServiceData { suspended: step.disabled, ..service.data.clone() };
            if data.customer.is_none() {
                data.customer = new_customer(app, tenancy, &step, customers).await?;
            }
            let service = tenancy.store.update_service(service.id, None, data).await?;
            Ok((step, Some(service.id)))
        }
    }
}

async fn new_customer(
    app: &App,
    tenancy: &Tenancy,
    step: &Step,
    customers: bool,
) -> Result<Option<CustomerId>, StoreError> {
    let Some(name) = step.customer.clone().filter(|_| customers) else { return Ok(None) };
    let (id, created) = (CustomerId::new(app.now(), token::random()), app.now());
    let data = CustomerData { name, ..CustomerData::default() };
    tenancy.store.create_customer(Customer { id, edition: 1, data, created, archived: None }).await?;
    Ok(Some(id))
}
