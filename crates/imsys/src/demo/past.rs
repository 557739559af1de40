//! The offices of the demo and the month behind them, written before anything is served: by the verbs of the store,
//! with the times of then. Statuses and sessions come from the judge, as they would have.

use super::month::{self, Dialler, Span};
use super::plant::EMAIL;
use super::town::STATIC_ROUTERS;
use super::trend::{self, Changes};
use crate::{app::App, clock::Clock};
use crate::{routers, token};
use anyhow::Context;
use imsys_domain::customer::{Customer, CustomerData};
use imsys_domain::mac::Mac;
use imsys_domain::money::Money;
use imsys_domain::plan::{Period, Plan, PlanData};
use imsys_domain::presence::{LeaseSeen, Observation, ProbeSeen, Seen};
use imsys_domain::router::{RouterConfig, RouterFacts};
use imsys_domain::service::{Access, EnforcementMode, ServiceData};
use imsys_domain::{BulkId, CustomerId, PlanId, RouterId, ServiceId, TenantId, Timestamp};
use imsys_sim::dice::Dice;
use imsys_sim::router::StaticTruth;
use imsys_sim::town::{Resident, RouterInfo, Town, name_of};
use imsys_store::model::Parcel;
use imsys_store::port::Applied;
use imsys_store::{Actor, TenantStore};
use std::collections::{BTreeMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

/// The town's history ends so long before the demo begins, in milliseconds.
const GAP: i64 = 90_000;
/// Customers who do not log in were checked so often in the month; in use it is every few minutes.
const CHECKED_EVERY: i64 = 8 * 3_600_000;
/// A second look at who did not answer.
const AGAIN_AFTER: i64 = 5_000;
/// Customers of a router with a fixed address whom nobody registered, and as many by DHCP.
const UNREGISTERED: usize = 2;
/// A device that is somewhere in a drawer.
const OLD_MAC: &str = "02:5D:FF:00:00:01";
/// One PPPoE customer of so many came during the month.
const NEWCOMERS: usize = 29;
/// Customers of a router who left during the month.
const LEAVERS: usize = 3;
/// Where the names of customers who do not log in begin, and of those who left: nobody of the town has these.
const SILENT_NAMES: usize = 1_000;
const LEAVER_NAMES: usize = 1_500;
const DAY: i64 = 86_400_000;

/// What is sold: name, price a month, down and up in kbit/s, and the PPP profile of its customers.
const PLANS: [(&str, i64, u32, u32, &str); 5] = [
    ("Home 10", 1_900, 10_000, 10_000, "sim-home-10M"),
    ("Home 50", 3_400, 50_000, 50_000, "sim-home-50M"),
    ("Provider 100", 9_900, 100_000, 100_000, "sim-provider"),
    ("Fixed address 50", 5_900, 50_000, 20_000, STATIC_PLAN),
    ("Apartment 30", 2_400, 30_000, 10_000, DHCP_PLAN),
];
/// In the place of a profile for customers who have none.
const STATIC_PLAN: &str = "static";
const DHCP_PLAN: &str = "dhcp";

/// Sets up an provider that is new in this data folder, with its routers of the town, and a month of history.
pub(super) async fn settle(
    app: &App,
    town: &Town,
    tenant: TenantId,
    range: Range<usize>,
    seed: u64,
) -> anyhow::Result<()> {
    let end = app.now().0 - GAP;
    let month = Span { from: end - month::MONTH, to: end };
    let then = app.by(Clock::new(move || Timestamp(month.from)));
    let dice = Dice::new(seed).fork(range.start as u64);
    let store = at(&then, tenant, month.from);
    let (plans, changes) = (plans(&*store, month.from).await?, Changes::default());
    let mut provider = Provider { app: then, tenant, month, plans, dice, changes };
    let infos = town.routers();
    let mut streets = Vec::new();
    for index in range {
        let info = infos.get(index).context("a router of the town")?;
        streets.push(provider.router(town, index, info).await.with_context(|| info.name.clone())?);
    }
    provider.move_in(&streets).await?;
    for street in &streets {
        provider.live(street).await?;
    }
    provider.move_out(&streets).await?;
    provider.count().await
}

fn at(app: &App, tenant: TenantId, time: i64) -> Arc<dyn TenantStore> {
    app.store.tenant(tenant, Actor { name: EMAIL.into(), at: Timestamp(time) })
}

async fn plans(store: &dyn TenantStore, created: i64) -> anyhow::Result<Vec<(PlanId, &'static str)>> {
    let mut ids = Vec::new();
    for (name, minor, down, up, profile) in PLANS {
        let id = PlanId::new(Timestamp(created), token::random());
        let data = PlanData {
            name: name.into(),
            price: Money { minor, currency: "USD".into() },
            period: Period::Month,
            down_kbps: Some(down),
            up_kbps: Some(up),
        };
        store.create_plan(Plan { id, edition: 1, data, created: Timestamp(created), archived: None }).await?;
        ids.push((id, profile));
    }
    Ok(ids)
}

struct Provider {
    app: App,
    tenant: TenantId,
    month: Span,
    plans: Vec<(PlanId, &'static str)>,
    dice: Dice,
    changes: Changes,
}

/// Somebody of the month, before it is written.
struct Settler {
    customer: Customer,
    id: ServiceId,
    data: ServiceData,
    stay: Span,
}

/// A router with its customers.
struct Street {
    router: RouterId,
    index: usize,
    outages: Vec<Span>,
    diallers: Vec<(Settler, Resident)>,
    /// Those who do not log in.
    silent: Vec<(Settler, StaticTruth)>,
}

impl Street {
    fn settlers(&self) -> impl Iterator<Item = &Settler> {
        self.diallers.iter().map(|(settler, _)| settler).chain(self.silent.iter().map(|(settler, _)| settler))
    }
}

impl Provider {
    async fn router(&mut self, town: &Town, index: usize, info: &RouterInfo) -> anyhow::Result<Street> {
        let config = RouterConfig {
            name: info.name.clone(),
            address: info.address.ip().into(),
            port: info.address.port(),
            tls: None,
            legacy_login: false,
            routed: Vec::new(),
            username: info.user.clone(),
            password: info.password.clone(),
            paused: false,
        };
        let (unseen, _) = routers::unseen(&self.app, self.tenant, config);
        let router = unseen.id;
        let store = at(&self.app, self.tenant, self.month.from);
        store.create_router(unseen).await?;
        store.router_found(router, Timestamp(self.month.from), RouterFacts::default()).await?;
        let outages = month::outages(&mut self.dice, self.month);
        let diallers = self.diallers(router, index, town.residents(index));
        let lines = if STATIC_ROUTERS.contains(&index) { registered(town, index) } else { Vec::new() };
        let settle = |(place, line)| (self.silent(router, index, place, &line), line);
        let silent = lines.into_iter().enumerate().map(settle).collect();
        Ok(Street { router, index, outages, diallers, silent })
    }

    /// What happened behind a router until the demo began.
    async fn live(&mut self, street: &Street) -> anyhow::Result<()> {
        self.dial(street).await?;
        self.check(street).await?;
        let store = at(&self.app, self.tenant, self.month.to);
        store.router_lost(street.router, Timestamp(self.month.to), "the demo was not running").await?;
        Ok(())
    }

    /// The PPPoE customers of a router: those who are there, and a few who left.
    fn diallers(
        &mut self,
        router: RouterId,
        index: usize,
        residents: &[Resident],
    ) -> Vec<(Settler, Resident)> {
        let gone = (0..LEAVERS).map(|place| {
            let number = LEAVER_NAMES + index * LEAVERS + place;
            let (user, name) = (format!("sim-{number:04}"), name_of(number));
            let mac = format!("02:5D:0A:00:{index:02X}:{place:02X}");
            Resident { number, user, name, mac, address: None, profile: PLANS[0].4 }
        });
        let people: Vec<_> = residents.iter().cloned().chain(gone).collect();
        let settle = |person: Resident| {
            let stay = self.stay(person.number);
            let access = Access::Pppoe { username: person.user.clone() };
            let settler = self.settler(router, person.number, &person.name, access, person.profile, stay);
            (settler, person)
        };
        people.into_iter().map(settle).collect()
    }

    /// Newcomers come before anybody leaves, so that the audit log is in the order of time.
    fn stay(&mut self, number: usize) -> Span {
        let Span { from, to } = self.month;
        if number >= LEAVER_NAMES {
            Span { from, to: from + self.dice.between(21 * DAY, 29 * DAY) }
        } else if number.is_multiple_of(NEWCOMERS) {
            Span { from: from + self.dice.between(3 * DAY, 20 * DAY), to }
        } else {
            self.month
        }
    }

    /// A customer who does not log in. The first of a fixed address is registered with the device of before.
    fn silent(&mut self, router: RouterId, index: usize, place: usize, line: &StaticTruth) -> Settler {
        let number = SILENT_NAMES + index * 60 + place;
        let mac = |text: &str| text.parse::<Mac>().ok();
        let (access, plan) = match mac(&line.mac).filter(|_| line.by_dhcp) {
            Some(mac) => (Access::Dhcp { mac }, DHCP_PLAN),
            None => {
                let device = if place == 0 { OLD_MAC } else { &line.mac };
                let interface = Some(line.interface.clone());
                let access = Access::Static { address: line.address, mac: mac(device), interface, vrf: None };
                (access, STATIC_PLAN)
            }
        };
        self.settler(router, number, &name_of(number), access, plan, self.month)
    }

    fn settler(
        &mut self,
        router: RouterId,
        number: usize,
        name: &str,
        access: Access,
        profile: &str,
        stay: Span,
    ) -> Settler {
        let began = if stay.from == self.month.from {
            self.month.from - self.dice.between(DAY, 900 * DAY)
        } else {
            stay.from
        };
        let created = Timestamp(began);
        let customer = Customer {
            id: CustomerId::new(created, token::random()),
            edition: 1,
            data: contact(number, name),
            created,
            archived: None,
        };
        let plan = self.plans.iter().find(|(_, of)| *of == profile).map(|(id, _)| *id);
        let data = ServiceData {
            router,
            access,
            customer: Some(customer.id),
            plan,
            suspended: false,
            mode: EnforcementMode::Observe,
        };
        Settler { customer, id: ServiceId::new(created, token::random()), data, stay }
    }

    /// Registers everybody, those of one time as one.
    async fn move_in(&mut self, streets: &[Street]) -> anyhow::Result<()> {
        let mut times: BTreeMap<i64, Vec<&Settler>> = BTreeMap::new();
        for settler in streets.iter().flat_map(Street::settlers) {
            self.changes.came(settler.id, settler.stay.from);
            times.entry(settler.stay.from).or_default().push(settler);
        }
        for (time, settlers) in times {
            let customers = settlers.iter().map(|settler| settler.customer.clone()).collect();
            let services = settlers.iter().map(|settler| (settler.id, settler.data.clone())).collect();
            let store = at(&self.app, self.tenant, time);
            let id = BulkId::new(Timestamp(time), token::random());
            store.import(Parcel { customers, services, ..Parcel::new(id, Timestamp(time)) }).await?;
        }
        Ok(())
    }

    /// The month of those who log in, judged in the order of its events.
    async fn dial(&mut self, street: &Street) -> anyhow::Result<()> {
        let router = street.router;
        let mut events: Vec<(String, Observation)> = Vec::new();
        for (settler, person) in &street.diallers {
            let (mac, address) = (person.mac.as_str(), person.address.as_deref());
            let dialler = Dialler { mac, address, pool: 64 + street.index };
            let told = month::told(&mut self.dice, &dialler, settler.stay, self.month.to, &street.outages);
            events.extend(told.into_iter().map(|told| (person.user.clone(), told)));
        }
        events.sort_by_key(|(_, told)| told.at());
        for outage in &street.outages {
            let later = events.split_off(events.partition_point(|(_, told)| told.at().0 < outage.from));
            let store = at(&self.app, self.tenant, outage.from);
            let applied = store.apply_presences(router, std::mem::replace(&mut events, later)).await?;
            self.changes.judged(applied.into_iter().filter_map(Applied::change));
            self.changes
                .judged(store.router_lost(router, Timestamp(outage.from), outage_reason(outage)).await?);
            store.router_found(router, Timestamp(outage.to), RouterFacts::default()).await?;
        }
        let applied = at(&self.app, self.tenant, self.month.to).apply_presences(router, events).await?;
        self.changes.judged(applied.into_iter().filter_map(Applied::change));
        Ok(())
    }

    /// The month of those who do not: checks, each looked at again where somebody did not answer.
    async fn check(&mut self, street: &Street) -> anyhow::Result<()> {
        let month = self.month;
        let absences: Vec<_> = street.silent.iter().map(|_| month::absences(&mut self.dice, month)).collect();
        let times = (1..).map(|check| month.from + check * CHECKED_EVERY).take_while(|time| *time < month.to);
        for time in times.take_while(|_| !street.silent.is_empty()) {
            let mut seen = Vec::with_capacity(street.silent.len());
            for ((settler, line), absences) in street.silent.iter().zip(&absences) {
                let away = absences.iter().any(|absence| (absence.from..absence.to).contains(&time));
                seen.push((settler.id, look(line, away, &mut self.dice)));
            }
            let again: Vec<_> = seen.iter().filter(|(_, seen)| is_silent(seen)).cloned().collect();
            let store = at(&self.app, self.tenant, time);
            self.changes
                .judged(store.apply_checks(street.router, Timestamp(time), seen, None).await?.changes);
            if !again.is_empty() {
                let stored =
                    store.apply_checks(street.router, Timestamp(time + AGAIN_AFTER), again, None).await?;
                self.changes.judged(stored.changes);
            }
        }
        Ok(())
    }

    /// Those who left are archived at the time at which they left.
    async fn move_out(&mut self, streets: &[Street]) -> anyhow::Result<()> {
        let all = streets.iter().flat_map(Street::settlers);
        let mut left: Vec<_> = all.filter(|settler| settler.stay.to < self.month.to).collect();
        left.sort_by_key(|settler| settler.stay.to);
        for settler in left {
            let store = at(&self.app, self.tenant, settler.stay.to);
            self.changes.left(settler.id, settler.stay.to);
            store.archive_service(settler.id).await?;
            store.archive_customer(settler.customer.id).await?;
        }
        Ok(())
    }

    /// The counts of services that would have been taken.
    async fn count(self) -> anyhow::Result<()> {
        let counts = self.changes.counts(&trend::times(self.month));
        let counts = counts.into_iter().map(|(at, counts)| (self.tenant, at, counts)).collect();
        Ok(self.app.store.note_counts(counts).await?)
    }
}

/// Those of a router's customers without a login who are registered: a few are left for its unassigned addresses.
fn registered(town: &Town, index: usize) -> Vec<StaticTruth> {
    let lines = town.router(index).map(imsys_sim::router::Router::statics).unwrap_or_default();
    let last = |by_dhcp| {
        let own = lines.iter().rev().filter(move |line| line.by_dhcp == by_dhcp);
        own.take(UNREGISTERED).map(|line| line.id)
    };
    let left: HashSet<_> = last(true).chain(last(false)).collect();
    let mut known: Vec<_> = lines.into_iter().filter(|line| !left.contains(&line.id)).collect();
    // The first is one of a fixed address: it is the one with another device.
    known.sort_by_key(|line| line.by_dhcp);
    known
}

/// What the log of a router said of a loss.
fn outage_reason(outage: &Span) -> &'static str {
    if outage.to - outage.from < month::SHORT {
        "the router closed the connection"
    } else {
        "the router stopped answering"
    }
}

/// How a customer can be reached; nothing of it leads to anybody.
fn contact(number: usize, name: &str) -> CustomerData {
    const STREETS: [&str; 8] = [
        "Mill Lane",
        "Harbour Street",
        "Hill Road",
        "Orchard Close",
        "Bridge Street",
        "Lake View",
        "North Square",
        "Station Road",
    ];
    let mail = name.to_lowercase().replace(' ', ".");
    CustomerData {
        name: name.into(),
        email: Some(format!("{mail}@example.invalid")),
        phone: Some(format!("+999 55 {:03} {:04}", number % 1_000, number * 37 % 10_000)),
        address: Some(format!("{} {}, Simtown", number % 90 + 1, STREETS[number % STREETS.len()])),
        reference: Some(format!("C-{number:05}")),
        notes: None,
    }
}

/// What a check sees of a device that is on or off.
fn look(line: &StaticTruth, away: bool, dice: &mut Dice) -> Seen {
    let lease = line.by_dhcp.then_some(LeaseSeen::Bound { address: line.address });
    let micros = u32::try_from(dice.between(900, 24_000)).unwrap_or_default();
    let probe = Some(if away { ProbeSeen::Silent } else { ProbeSeen::Answered { micros } });
    Seen { lease, probe, ..Seen::default() }
}

fn is_silent(seen: &Seen) -> bool {
    seen.probe == Some(ProbeSeen::Silent)
}
