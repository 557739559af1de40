//! PPP secrets of a router become services. Nothing on the router is changed.

use crate::app::App;
use crate::http::Tenancy;
use crate::jobs::{self, JobError};
use crate::presence::jobs::SWEEP_PPP;
use crate::routers::session::{Lane, RouterRead, Trouble};
use crate::token;
use imsys_domain::customer::{Customer, CustomerData};
use imsys_domain::import::{Action, Known, Secret, Step, Wish, plan};
use imsys_domain::service::{Access, EnforcementMode, Kind, ServiceData, USERNAME_MOST};
use imsys_domain::text::cut;
use imsys_domain::{BulkId, CustomerId, PlanId, RouterId, ServiceId};
use imsys_store::StoreError;
use imsys_store::model::{Parcel, Service};
use imsys_store::page::Ask;
use imsys_store::port::{ServiceFilter, ServiceSort};
use routeros::client::{Client, Command};
use routeros::menu::PppSecret;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;

/// How long the router may take to tell its secrets.
const READ: Duration = Duration::from_secs(30);

/// What an import is to do.
pub(crate) struct Choice {
    /// Only say what would be done.
    pub(crate) dry_run: bool,
    /// Each service gets a customer named by the secret's comment.
    pub(crate) customers: bool,
    /// The plans that profiles stand for, where they are not what was remembered; `None` is no plan.
    pub(crate) plans: HashMap<String, Option<PlanId>>,
    /// The names to import; all of them where nobody chose.
    pub(crate) chosen: Option<HashSet<String>>,
}

/// What an import did, or would do.
pub(crate) struct Imported {
    /// Each secret and what became of it, with the service where there is one.
    pub(crate) steps: Vec<(Step, Option<ServiceId>)>,
    /// The profiles of the secrets, each with how many have it and the plan it stands for.
    pub(crate) profiles: BTreeMap<String, (usize, Option<PlanId>)>,
}

impl Imported {
    /// How many secrets met this end.
    pub(crate) fn count(&self, action: Action) -> usize {
        self.steps.iter().filter(|(step, _)| step.action == action).count()
    }
}

/// Why an import came to nothing; after [`ImportError::Job`] its services are there.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ImportError {
    /// The router did not tell its secrets.
    #[error(transparent)]
    Router(#[from] Trouble),
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The router is not asked about the new services at once.
    #[error(transparent)]
    Job(#[from] JobError),
}

/// Reads the router's secrets and (unless it is a dry run) makes services of them, as one unit.
pub(crate) async fn import(
    app: &App,
    tenancy: &Tenancy,
    router: RouterId,
    choice: Choice,
) -> Result<Imported, ImportError> {
    let name = tenancy.store.router(router).await?.config.name;
    let secrets = app.broker.read(router, READ, Lane::Urgent, ReadSecrets).await?;
    let known = known_services(tenancy, router).await?;
    let mut plans = tenancy.store.profile_plans().await?;
    for (profile, plan) in &choice.plans {
        match plan {
            Some(plan) => plans.insert(profile.clone(), *plan),
            None => plans.remove(profile),
        };
    }
    let mut profiles = BTreeMap::new();
    for profile in secrets.iter().filter_map(|secret| secret.profile.clone()) {
        let plan = plans.get(&profile).copied();
        profiles.entry(profile).or_insert((0, plan)).0 += 1;
    }
    let wish = Wish { customers: choice.customers, plans, chosen: choice.chosen };
    let known_secrets = known.iter().map(|(name, service)| (name.clone(), as_known(service))).collect();
    let steps = plan(secrets, &known_secrets, &wish);
    if choice.dry_run {
        let steps = steps.into_iter().map(|step| (step.service, step)).map(|(id, step)| (step, id)).collect();
        return Ok(Imported { steps, profiles });
    }
    let id = BulkId::new(app.now(), token::random());
    let mut parcel = Parcel { router: Some(name), ..Parcel::new(id, app.now()) };
    parcel.profiles.extend(choice.plans);
    parcel.profiles.sort();
    let steps = steps.into_iter().map(|step| pack(&mut parcel, router, step, &known, &wish)).collect();
    tenancy.store.import(parcel).await?;
    // The new services are unknown until the router's table has been read.
    jobs::request(app, tenancy.tenant, router, &SWEEP_PPP).await?;
    Ok(Imported { steps, profiles })
}

/// All of a router's PPP secrets, without their passwords.
#[derive(Serialize, Deserialize)]
pub(crate) struct ReadSecrets;

impl RouterRead for ReadSecrets {
    type Answer = Vec<Secret>;
    const NAME: &'static str = "secrets";

    async fn run(self, client: &Client) -> Result<Vec<Secret>, Trouble> {
        let rows = client.print::<PppSecret>(Command::new("/ppp/secret/print"), READ).await;
        Ok(rows.map_err(Trouble::Command)?.into_iter().map(secret).collect())
    }
}

fn secret(row: PppSecret) -> Secret {
    let text = |text: &str| Some(cut(text).to_owned()).filter(|text| !text.is_empty());
    Secret {
        // One more than a name may have, so that a longer one is still too long.
        name: row.name.chars().take(USERNAME_MOST + 1).collect(),
        profile: text(&row.profile),
        comment: text(&row.comment),
        service: text(&row.service),
        disabled: row.disabled,
    }
}

fn as_known(service: &Service) -> Known<'_> {
    Known { id: service.id, archived: service.archived.is_some(), data: &service.data }
}

type KnownServices = HashMap<String, Service>;

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
            if let Access::Pppoe { username } = &service.data.access {
                known.insert(username.clone(), service);
            }
        }
        match page.next {
            Some(cursor) => ask.cursor = Some(cursor),
            None => return Ok(()),
        }
    }
}

/// Puts what a step does into the parcel.
fn pack(
    parcel: &mut Parcel,
    router: RouterId,
    step: Step,
    known: &KnownServices,
    wish: &Wish,
) -> (Step, Option<ServiceId>) {
    match (step.action, known.get(&step.username)) {
        (Action::Create, _) => {
            let data = ServiceData {
                router,
                access: Access::Pppoe { username: step.username.clone() },
                customer: new_customer(parcel, &step, wish),
                plan: step.plan,
                suspended: step.disabled,
                mode: EnforcementMode::Observe,
            };
            let id = ServiceId::new(parcel.created, token::random());
            parcel.services.push((id, data));
            (step, Some(id))
        }
        (Action::Update, Some(service)) => {
            let old = &service.data;
            let customer = old.customer.or_else(|| new_customer(parcel, &step, wish));
            let plan = old.plan.or(step.plan);
            let data = ServiceData { customer, plan, suspended: step.disabled, ..old.clone() };
            parcel.changed.push((service.id, service.edition, data));
            (step, Some(service.id))
        }
        (Action::Skip | Action::Update, _) => {
            let service = step.service;
            (step, service)
        }
    }
}

fn new_customer(parcel: &mut Parcel, step: &Step, wish: &Wish) -> Option<CustomerId> {
    let name = step.customer.clone().filter(|_| wish.customers)?;
    let (id, created) = (CustomerId::new(parcel.created, token::random()), parcel.created);
    let data = CustomerData { name, ..CustomerData::default() };
    parcel.customers.push(Customer { id, edition: 1, data, created, archived: None });
    Some(id)
}
