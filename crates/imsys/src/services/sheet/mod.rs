//! A sheet of services is brought in: all of it or nothing, or the good rows alone.
//!
//! * `read`: cells and columns; `names`: what the cells name; [`imsys_domain::sheet`] decides each row.
//! * [`http`]: the route.

pub(super) mod http;
mod names;
mod read;

use super::input::NewService;
use super::{ask, asked};
use crate::app::App;
use crate::fields::Invalid;
use crate::http::Tenancy;
use crate::http::words::KindName;
use crate::token;
use imsys_domain::customer::{Customer, CustomerData};
use imsys_domain::service::{Access, Kind, ServiceData};
use imsys_domain::sheet::{Change, Draft, Existing, Fate, Terms, changes, decide, refined};
use imsys_domain::{BulkId, CustomerId, PlanId, RouterId, ServiceId, Timestamp};
use imsys_store::StoreError;
use imsys_store::model::{self, Service};
use names::{Names, Who};
use read::{Cells, Column};
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

/// How a sheet is brought in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Choice {
    /// Only say what would be done.
    dry_run: bool,
    existing: Existing,
    /// Bring in the rows that can be, where others cannot.
    good_rows: bool,
    /// Make customers whom nobody knows.
    customers: bool,
}

/// Why nothing was brought in.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
enum SheetError {
    /// The file as such cannot be read: why, in words.
    #[error("{0}")]
    Unreadable(String),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// One row and what became of it.
struct Brought {
    cells: Cells,
    fate: Fate,
    reason: Option<String>,
    kind: Option<Kind>,
    service: Option<ServiceId>,
    /// What of a service that is here is changed.
    changes: Vec<Change>,
}

/// What an import did, or would do.
struct Import {
    /// The act, where something was done.
    act: Option<BulkId>,
    rows: Vec<Brought>,
    customers: usize,
    ignored: Vec<String>,
}

impl Import {
    fn count(&self, fate: Fate) -> usize {
        self.rows.iter().filter(|row| row.fate == fate).count()
    }
}

/// A row with what it names.
struct Meant {
    draft: Draft,
    data: Option<(ServiceData, Option<Who>)>,
    /// The service that is at its place, or that was when it was archived.
    here: Option<Service>,
}

async fn bring_in(app: &App, tenancy: &Tenancy, text: &str, choice: Choice) -> Result<Import, SheetError> {
    let sheet = read::read(text)?;
    let names = Names::load(tenancy, &sheet.rows, choice.customers).await?;
    let mut meant: Vec<Meant> = sheet.rows.iter().map(|cells| mean(cells, &names)).collect();
    meet(tenancy, &names, &mut meant, choice.existing).await?;
    let drafts: Vec<Draft> = meant.iter().map(|row| row.draft.clone()).collect();
    let fates = decide(&drafts, choice.existing);
    let mut parcel = Parcel::new(app);
    let mut rows = Vec::with_capacity(fates.len());
    for ((cells, meant), (fate, reason)) in sheet.rows.into_iter().zip(meant).zip(fates) {
        let kind = meant.draft.place.as_ref().map(|(_, _, access)| access.kind());
        let service = match (fate, meant.data, &meant.here) {
            (Fate::Create, Some((data, who)), _) => Some(parcel.add(data, who)),
            (Fate::Update | Fate::Restore, Some((data, who)), Some(here)) => {
                Some(parcel.change(here, data, who))
            }
            _ => None,
        };
        let changes = match fate {
            Fate::Update => meant.draft.here,
            Fate::Restore => meant.draft.archived,
            Fate::Create | Fate::Skip | Fate::Refuse => None,
        };
        let changes = changes.unwrap_or_default();
        rows.push(Brought { cells, fate, reason, kind, service, changes });
    }
    let mut import = Import { act: None, rows, customers: parcel.customers.len(), ignored: sheet.ignored };
    if choice.dry_run || (import.count(Fate::Refuse) > 0 && !choice.good_rows) {
        import.rows.iter_mut().for_each(|row| row.service = None);
        return Ok(import);
    }
    import.act = parcel.store(app, tenancy).await?;
    Ok(import)
}

/// Finds the services that are at the rows' places, or were when they were archived, and what each row would change of
/// them.
async fn meet(
    tenancy: &Tenancy,
    names: &Names,
    meant: &mut [Meant],
    existing: Existing,
) -> Result<(), StoreError> {
    let places = meant.iter().filter_map(|row| row.draft.place.as_ref());
    let places = places.map(|(router, _, access)| (*router, access.key())).collect();
    let here = tenancy.store.services_at(places).await?;
    let here: HashMap<_, _> =
        here.into_iter().map(|service| ((service.data.router, service.data.access.key()), service)).collect();
    let mut archived = HashMap::new();
    for row in meant {
        let Some((router, _, access)) = row.draft.place.clone() else { continue };
        if let Some(stored) = here.get(&(router, access.key())) {
            row.draft.here = Some(row.over(stored, &access, names));
            continue;
        }
        if let Entry::Vacant(unread) = archived.entry(router) {
            unread.insert(tenancy.store.archived_places(router).await?);
        }
        let place = archived.get(&router).and_then(|places| places.get(&access.key()));
        let Some(id) = place else { continue };
        row.draft.archived = Some(match existing {
            Existing::Update => row.over(&tenancy.store.service(*id).await?, &access, names),
            Existing::Refuse | Existing::Skip => Vec::new(),
        });
    }
    Ok(())
}

impl Meant {
    /// Means a service that is stored, as the row has it: what that changes.
    fn over(&mut self, stored: &Service, access: &Access, names: &Names) -> Vec<Change> {
        let access = refined(&stored.data.access, access.clone());
        let mut after = Terms { access: access.clone(), ..terms(stored) };
        if let Some((data, who)) = &mut self.data {
            if let Some(plan) = data.plan {
                after.plan = names.plan_name(plan);
            }
            if let Some(Who::New(name) | Who::Known(_, name)) = who {
                after.customer = Some(name.clone());
            }
            *data = ServiceData {
                access,
                customer: data.customer.or(stored.data.customer),
                plan: data.plan.or(stored.data.plan),
                ..stored.data.clone()
            };
        }
        self.here = Some(stored.clone());
        changes(&terms(stored), &after)
    }
}

fn terms(service: &Service) -> Terms {
    Terms {
        access: service.data.access.clone(),
        customer: service.customer_name.clone(),
        plan: service.plan_name.clone(),
    }
}

/// What is wrong with a row, as far as it was read.
struct Notes(Vec<String>);

impl Notes {
    fn take<T>(&mut self, found: Result<T, String>) -> Option<T> {
        found.map_err(|problem| self.0.push(problem)).ok()
    }
}

/// What a row means: by the same rules as a service that is added alone.
fn mean(cells: &Cells, names: &Names) -> Meant {
    if let Some(problem) = &cells.problem {
        let problems = vec![problem.clone()];
        let draft = Draft { row: cells.row, place: None, here: None, archived: None, problems };
        return Meant { draft, data: None, here: None };
    }
    let mut notes = Notes(Vec::new());
    let router = notes.take(names.router(cells.get(Column::Router)));
    let plan = cells.get(Column::Plan).and_then(|name| notes.take(names.plan(name)));
    let who = cells.get(Column::Customer).and_then(|name| notes.take(names.customer(name)));
    let kind = notes.take(kind_of(cells));
    let data = router.as_ref().zip(kind).and_then(|((router, _), kind)| {
        let customer = who.as_ref().and_then(Who::known);
        let new = NewService::of_row(kind, *router, customer, plan, |column| cells.text(column));
        notes.take(new.check().map_err(|error| in_words(&error)))
    });
    let place = data.as_ref().zip(router).map(|(data, (id, name))| (id, name, data.access.clone()));
    let fine = notes.0.is_empty();
    let draft = Draft { row: cells.row, place, here: None, archived: None, problems: notes.0 };
    Meant { draft, data: data.filter(|_| fine).map(|data| (data, who)), here: None }
}

fn in_words(error: &Invalid) -> String {
    let told = error.0.iter().map(|one| format!("`{}` {}.", one.field, one.message));
    told.collect::<Vec<_>>().join(" ")
}

impl NewService {
    /// A service as a row has it; cells that belong to another kind are passed over.
    fn of_row(
        kind: KindName,
        router: RouterId,
        customer: Option<CustomerId>,
        plan: Option<PlanId>,
        cell: impl Fn(Column) -> Option<String>,
    ) -> Self {
        let of = |wanted: &[KindName], column| cell(column).filter(|_| wanted.contains(&kind));
        Self {
            kind,
            username: of(&[KindName::Pppoe], Column::Username),
            address: of(&[KindName::Static], Column::Address),
            mac: of(&[KindName::Static, KindName::Dhcp], Column::Mac),
            interface: of(&[KindName::Static], Column::Interface),
            vrf: of(&[KindName::Static], Column::Vrf),
            router_id: router.0,
            customer_id: customer.map(|id| id.0),
            plan_id: plan.map(|id| id.0),
            suspended: false,
            enforcement: None,
        }
    }
}

/// What the row says it is; without a word, what its cells say.
fn kind_of(cells: &Cells) -> Result<KindName, String> {
    let word = cells.get(Column::Kind).map(str::to_lowercase);
    match (word.as_deref(), cells.get(Column::Username), cells.get(Column::Address)) {
        (Some("static" | "fixed" | "ip"), ..) | (None, None, Some(_)) => Ok(KindName::Static),
        (Some("pppoe" | "ppp"), ..) | (None, Some(_), None) => Ok(KindName::Pppoe),
        (Some("dhcp" | "lease"), ..) => Ok(KindName::Dhcp),
        (Some(_), ..) => Err("`kind` must be static, dhcp or pppoe.".into()),
        (None, Some(_), Some(_)) => {
            Err("It has a username and an address: say in a column `kind` whether it is static or pppoe."
                .into())
        }
        (None, None, None) => {
            Err("It has neither an address nor a username, and no `kind` that says dhcp.".into())
        }
    }
}

/// What is written, as one.
struct Parcel {
    now: Timestamp,
    customers: BTreeMap<String, Customer>,
    services: Vec<(ServiceId, ServiceData)>,
    changed: Vec<(ServiceId, i64, ServiceData)>,
    restored: Vec<(ServiceId, i64, ServiceData)>,
}

impl Parcel {
    fn new(app: &App) -> Self {
        Self {
            now: app.now(),
            customers: BTreeMap::new(),
            services: Vec::new(),
            changed: Vec::new(),
            restored: Vec::new(),
        }
    }

    /// A new service.
    fn add(&mut self, data: ServiceData, who: Option<Who>) -> ServiceId {
        let id = ServiceId::new(self.now, token::random());
        let data = self.owned(data, who);
        self.services.push((id, data));
        id
    }

    /// A service that is here, or comes back, and becomes `data`.
    fn change(&mut self, here: &Service, data: ServiceData, who: Option<Who>) -> ServiceId {
        let data = self.owned(data, who);
        let list = if here.archived.is_some() { &mut self.restored } else { &mut self.changed };
        list.push((here.id, here.edition, data));
        here.id
    }

    /// With its customer, where they are new: of several rows with one name it is one.
    fn owned(&mut self, mut data: ServiceData, who: Option<Who>) -> ServiceData {
        if let Some(Who::New(name)) = who {
            let fresh = || Customer {
                id: CustomerId::new(self.now, token::random()),
                edition: 1,
                data: CustomerData { name: name.clone(), ..CustomerData::default() },
                created: self.now,
                archived: None,
            };
            data.customer = Some(self.customers.entry(name.clone()).or_insert_with(fresh).id);
        }
        data
    }

    /// Writes it; the act, where there is something to write.
    async fn store(self, app: &App, tenancy: &Tenancy) -> Result<Option<BulkId>, StoreError> {
        let Self { now, customers, services, changed, restored } = self;
        let known = changed.iter().chain(&restored).map(|(_, _, data)| data);
        let asked = asked(services.iter().map(|(_, data)| data).chain(known));
        let is_empty = services.is_empty() && changed.is_empty() && restored.is_empty();
        let customers = customers.into_values().collect();
        let id = BulkId::new(now, token::random());
        tenancy
            .store
            .import(model::Parcel { customers, services, changed, restored, ..model::Parcel::new(id, now) })
            .await?;
        ask(app, tenancy.tenant, asked).await;
        Ok((!is_empty).then_some(id))
    }
}
