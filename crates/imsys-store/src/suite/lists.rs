//! Pages and search, against the full listing and a plain search.

use super::dice::Dice;
use super::town::{Must, Town, all, at, by_dhcp, customer, fixed, only, pppoe};
use crate::model::Service;
use crate::page::{Ask, Page};
use crate::port::{CustomerSort, Result, RouterSort, ServiceFilter, ServiceSort, SessionFilter};
use imsys_domain::CustomerId;
use imsys_domain::customer::Customer;
use imsys_domain::presence::{Endpoint, HookKey, Observation};
use imsys_domain::router::RouterFacts;
use imsys_domain::search;
use imsys_domain::service::{Access, ServiceData};
use std::fmt::Debug;
use uuid::Uuid;

/// Names that sort and search in every way that went wrong somewhere.
const WORDS: [&str; 24] = [
    "Ana", "ana", "ANA", "José", "jose", "Łódź", "İzmir", "Straße", "ﬁber", "山田", "x", "a_b", "axb", "50%",
    "500", "\\", "c:\\dir", "o'neil", "\"q\"", "*", "-", "(1)", "10.0.0.2", "Zoë",
];

fn name(dice: &mut Dice) -> String {
    let words: Vec<_> = (0..=dice.below(3)).map(|_| *dice.pick(&WORDS)).collect();
    words.join(if dice.once_in(4) { "  " } else { " " })
}

/// Walks through the pages of every size and direction and compares with the whole list, whose
/// items must stand in the order of `key`.
async fn check_pages<S: Copy + Debug, T: Clone + PartialEq + Debug, K: Ord>(
    sort: S,
    list: impl AsyncFn(Ask<S>) -> Result<Page<T>>,
    key: impl Fn(&T) -> K,
) {
    let whole = only(list(all(sort)).await);
    assert!(whole.len() > 20, "a list of {} proves nothing", whole.len());
    assert!(whole.is_sorted_by_key(&key), "{sort:?}: out of order");
    for (limit, descending) in [(1, false), (1, true), (7, false), (7, true), (whole.len() as u32, true)] {
        let ask = Ask { limit, descending, ..all(sort) };
        let mut walked = walk(&list, ask, whole.len()).await;
        if descending {
            walked.reverse();
        }
        assert_eq!(walked, whole, "{sort:?}, {limit} a page, descending: {descending}");
    }
}

async fn walk<S: Copy + Debug, T>(
    list: &impl AsyncFn(Ask<S>) -> Result<Page<T>>,
    ask: Ask<S>,
    total: usize,
) -> Vec<T> {
    let (mut walked, mut cursor) = (Vec::new(), None);
    loop {
        let page = list(Ask { cursor: cursor.take(), ..ask.clone() }).await.must();
        assert_eq!(page.total as usize, total, "the total is of all pages");
        let full = page.items.len() == ask.limit as usize;
        walked.extend(page.items);
        assert!(walked.len() <= total, "the pages do not end");
        cursor = page.next;
        if cursor.is_none() {
            return walked;
        }
        assert!(full, "a page in the middle is full");
    }
}

/// 30 services of few names: many are equal in every sort.
async fn settle(town: &Town) -> Vec<(CustomerId, String)> {
    let mut dice = Dice::new(5);
    let router = town.router("tower").await;
    let mut customers = Vec::new();
    for _ in 0..25 {
        let named = name(&mut dice);
        customers.push((town.customer(&named).await, named));
        town.plan(&format!("{} {}", name(&mut dice), town.fresh())).await;
        let router = town.router(&name(&mut dice)).await;
        let facts = RouterFacts { identity: Some(name(&mut dice)), ..RouterFacts::default() };
        town.ours.router_found(router, at(1), facts).await.must();
    }
    for number in 0..30 {
        let data = match number % 4 {
            0 => fixed(router, [10, 1, (number * 37 % 256) as u8, 2], None),
            2 => by_dhcp(router, (number * 37 % 256) as u8),
            1 => pppoe(router, &format!("{} {}", name(&mut dice), number / 6)),
            _ => pppoe(town.router("x").await, "the same"),
        };
        let owner = (!dice.once_in(3)).then(|| dice.pick(&customers).0);
        let service = town.create(ServiceData { customer: owner, ..data }).await;
        if let Access::Pppoe { username } = &service.data.access {
            town.up(service.data.router, username, "*F0", number as i64 / 4).await;
        }
    }
    customers
}

fn label(service: &Service) -> String {
    match &service.data.access {
        Access::Pppoe { username } => username.clone(),
        Access::Static { address, .. } => {
            let [a, b, c, d] = address.octets();
            format!("{a:03}.{b:03}.{c:03}.{d:03}")
        }
        Access::Dhcp { mac } => mac.to_string(),
    }
}

pub(super) async fn pages_add_up_to_the_list_in_every_order(town: Town) {
    settle(&town).await;
    let ours = &town.ours;
    for number in 0..25 {
        let mut one = customer(CustomerId(town.fresh()), "Mo");
        (one.created, one.data.reference) = (at(number / 3), Some(format!("C-{}", number * 7 % 10)));
        ours.create_customer(one).await.must();
    }
    let customers = async |ask| ours.customers(false, ask).await;
    check_pages(CustomerSort::Name, customers, |c| (c.data.name.clone(), c.id)).await;
    check_pages(CustomerSort::Created, customers, |c| (c.created, c.id)).await;
    let reference = |c: &Customer| (c.data.reference.clone().unwrap_or_default(), c.id);
    check_pages(CustomerSort::Reference, customers, reference).await;
    check_pages((), async |ask| ours.plans(false, ask).await, |p| (p.data.name.clone(), p.id)).await;
    check_pages(
        RouterSort::Name,
        async |ask| ours.routers(false, ask).await,
        |r| (r.config.name.clone(), r.id),
    )
    .await;
    check_pages(RouterSort::Created, async |ask| ours.routers(false, ask).await, |r| (r.created, r.id)).await;
    let services = async |ask| ours.services(ServiceFilter::default(), ask).await;
    check_pages(ServiceSort::Username, services, |s| (label(s), s.id)).await;
    check_pages(ServiceSort::Customer, services, |s| (s.customer_name.clone(), s.id)).await;
    check_pages(ServiceSort::Since, services, |s| (s.since, s.id)).await;
    check_pages(ServiceSort::Created, services, |s| (s.created, s.id)).await;
}

pub(super) async fn sessions_and_log_lines_come_in_pages_too(town: Town) {
    let router = town.router("tower").await;
    for number in 0..24 {
        let user = format!("user-{number}");
        town.service(router, &user).await;
        town.up(router, &user, "*F0", number / 5).await;
    }
    let list = async |ask| town.ours.sessions(SessionFilter::default(), ask).await;
    check_pages((), list, |session| (session.started, session.id)).await;
    let newest_first = only(town.ours.audit(all(())).await);
    assert!(newest_first.is_sorted_by_key(|line| -line.seq));
    let list = async |ask| town.ours.audit(ask).await;
    assert_eq!(walk(&list, Ask { limit: 4, ..all(()) }, newest_first.len()).await, newest_first);
}

/// What a search must find: everything that `q` asks for in `texts`.
fn matches(q: &str, texts: &[&str]) -> bool {
    search::finds(q, &search::text(texts.iter().copied()))
}

/// Words of the names, parts of them, and what a pattern language would take for something else.
fn question(dice: &mut Dice) -> String {
    let text: Vec<char> = name(dice).chars().collect();
    let from = dice.below(text.len() as u64) as usize;
    let part: String = text.iter().skip(from).take(1 + dice.below(6) as usize).collect();
    if dice.once_in(3) { format!("{part} {}", dice.pick(&WORDS)) } else { part }
}

/// The texts of a service that are searched.
fn texts(service: &Service) -> Vec<String> {
    let mut texts: Vec<_> = service.customer_name.iter().cloned().collect();
    match &service.data.access {
        Access::Pppoe { username } => texts.push(username.clone()),
        Access::Static { address, mac, .. } => {
            texts.push(address.to_string());
            texts.extend(mac.map(|mac| mac.to_string()));
        }
        Access::Dhcp { mac } => texts.push(mac.to_string()),
    }
    texts
}

fn ids<T>(page: Result<Page<T>>, id: impl Fn(&T) -> Uuid) -> Vec<Uuid> {
    let mut ids: Vec<_> = only(page).iter().map(id).collect();
    ids.sort_unstable();
    ids
}

fn expected<'a, T: 'a>(
    items: &'a [T],
    q: &str,
    texts: impl Fn(&T) -> Vec<String>,
    id: impl Fn(&T) -> Uuid,
) -> Vec<Uuid> {
    let found = items.iter().filter(|item| {
        let texts = texts(item);
        matches(q, &texts.iter().map(String::as_str).collect::<Vec<_>>())
    });
    let mut ids: Vec<_> = found.map(id).collect();
    ids.sort_unstable();
    ids
}

fn texts_of(customer: &Customer) -> Vec<String> {
    let data = &customer.data;
    let more = [&data.email, &data.phone, &data.address, &data.reference];
    more.into_iter().flatten().chain([&data.name]).cloned().collect()
}

pub(super) async fn search_finds_every_word_anywhere_without_case_and_accents(town: Town) {
    settle(&town).await;
    let ours = &town.ours;
    let mut more = customer(CustomerId(town.fresh()), "Mo");
    (more.data.email, more.data.phone) = (Some("Áb@Ex_1.org".into()), Some("+254 (1)".into()));
    (more.data.address, more.data.reference) = (Some("Łódź 50%".into()), Some("c:\\x".into()));
    ours.create_customer(more).await.must();
    let customers = only(ours.customers(false, all(CustomerSort::Name)).await);
    let plans = only(ours.plans(false, all(())).await);
    let routers = only(ours.routers(false, all(RouterSort::Name)).await);
    let services = only(ours.services(ServiceFilter::default(), all(ServiceSort::Since)).await);
    let mut dice = Dice::new(11);
    for _ in 0..150 {
        let q = question(&mut dice);
        let words = Some(q.clone());
        let found =
            ids(ours.customers(false, Ask { q: words.clone(), ..all(CustomerSort::Created) }).await, |c| {
                c.id.0
            });
        let found_services = services.iter().filter(|s| {
            let texts = texts(s);
            matches(&q, &texts.iter().map(String::as_str).collect::<Vec<_>>())
        });
        let mut theirs = expected(&customers, &q, texts_of, |c| c.id.0);
        theirs.extend(found_services.filter_map(|s| s.data.customer).map(|id| id.0));
        theirs.sort_unstable();
        theirs.dedup();
        assert_eq!(found, theirs, "customers by {q:?}");
        let found = ids(ours.plans(false, Ask { q: words.clone(), ..all(()) }).await, |p| p.id.0);
        assert_eq!(found, expected(&plans, &q, |p| vec![p.data.name.clone()], |p| p.id.0), "plans by {q:?}");
        let found =
            ids(ours.routers(false, Ask { q: words.clone(), ..all(RouterSort::Name) }).await, |r| r.id.0);
        let of_router = |r: &imsys_domain::router::Router| {
            let identity = r.facts.identity.clone().unwrap_or_default();
            vec![r.config.name.clone(), r.config.address.to_string(), identity]
        };
        assert_eq!(found, expected(&routers, &q, of_router, |r| r.id.0), "routers by {q:?}");
        let ask = Ask { q: words, ..all(ServiceSort::Since) };
        let found = ids(ours.services(ServiceFilter::default(), ask).await, |s| s.id.0);
        assert_eq!(found, expected(&services, &q, texts, |s| s.id.0), "services by {q:?}");
    }
    ours.note("tenant.note", "Nguyễn", serde_json::json!({ "said": "ÇA 77%_" })).await.must();
    for (q, many) in [("nguyen", 1), ("NGUYỄN ca", 1), ("7%_", 1), ("nguyễn nobody", 0), ("tenant.NOTE", 1)]
    {
        assert_eq!(only(ours.audit(Ask { q: Some(q.into()), ..all(()) }).await).len(), many, "log by {q:?}");
    }
}

pub(super) async fn services_and_customers_are_found_by_what_people_know(town: Town) {
    let (ours, router) = (&town.ours, town.router("tower").await);
    let mut ana = customer(CustomerId(town.fresh()), "Ana");
    (ana.data.phone, ana.data.reference) = (Some("+254 712 345 678".into()), Some("C-0815".into()));
    let (who, mut data) = (ana.id, ana.data.clone());
    ours.create_customer(ana).await.must();
    let service = town.create(ServiceData { customer: Some(who), ..pppoe(router, "ana-home") }).await.id;
    town.service(router, "ben").await;
    let (mac, address) = (Some("AA:BB:CC:00:11:22".to_owned()), Some("100.64.0.10".to_owned()));
    let up = Observation::HookUp {
        at: at(5),
        key: Some(HookKey("*F0".into())),
        endpoint: Endpoint { mac, address },
    };
    ours.apply_presence(router, "ana-home", up).await.must();
    let found = async |q: &str| {
        let ask = Ask { q: Some(q.into()), ..all(ServiceSort::Username) };
        let services = ids(ours.services(ServiceFilter::default(), ask).await, |s| s.id.0);
        let customers =
            ids(ours.customers(false, Ask { q: Some(q.into()), ..all(CustomerSort::Name) }).await, |c| {
                c.id.0
            });
        (services == [service.0] && customers == [who.0], services.is_empty() && customers.is_empty())
    };
    for q in [
        "0712345678",
        "+254 712 345 678",
        "712 345 678",
        "c-0815",
        "ana-home",
        "aabb.cc00.1122",
        "aa-bb-cc-00-11-22",
    ] {
        assert_eq!(found(q).await, (true, false), "{q}");
    }
    for q in ["100.64.0.10", "ana 100.64.0.10"] {
        assert_eq!(found(q).await, (true, false), "{q}");
    }
    for q in ["100.64.0.11", "ben 100.64.0.10", "0712345679", "aa:bb:cc:00:11:23"] {
        assert_eq!(found(q).await, (false, true), "{q}");
    }
    data.phone = Some("0733 111 222".into());
    ours.update_customer(who, None, data).await.must();
    town.down(router, "ana-home", "*F0", 50).await;
    assert_eq!(found("+254733111222").await, (true, false), "the new number, which they have at once");
    assert_eq!(found("0712345678").await, (false, true), "the number that was before");
    for q in ["100.64.0.10", "AA:BB:CC:00:11:22", "aabb.cc00.1122", "aa-bb-cc-00-11-22", "aabbcc001122"] {
        assert_eq!(found(q).await, (true, false), "what it had last: {q}");
    }
    let up = async |user: &str, key: &str, second, mac: &str, address: &str| {
        let endpoint = Endpoint { mac: Some(mac.into()), address: Some(address.into()) };
        let up = Observation::HookUp { at: at(second), key: Some(HookKey(key.into())), endpoint };
        ours.apply_presence(router, user, up).await.must();
    };
    up("ben", "*F1", 60, "AA:BB:CC:00:11:99", "100.64.0.10").await;
    assert_eq!(found("100.64.0.10").await, (false, false), "who has an address now, and not who had it");
    assert_eq!(
        found("AA:BB:CC:00:11:22").await,
        (true, false),
        "a device is still known by its last service"
    );
    town.down(router, "ben", "*F1", 65).await;
    up("ana-home", "*F2", 70, "AA:BB:CC:00:11:33", "100.64.0.12").await;
    town.down(router, "ana-home", "*F2", 90).await;
    assert_eq!(found("AA:BB:CC:00:11:22").await, (false, true), "not by the device before the last");
    assert_eq!(found("ana 100.64.0.10").await, (false, true), "nor by the address before the last");
    assert_eq!(found("AA-BB-CC-00-11-33").await, (true, false), "but by the last device");
}

pub(super) async fn sessions_are_found_by_name_address_and_mac(town: Town) {
    let (router, other) = (town.router("tower").await, town.router("hill").await);
    for (place, user, second, mac, address) in [
        (router, "ana", 10, Some("aa:bb:cc:00:11:22"), Some("10.9.0.1")),
        (router, "ana-2", 20, Some("AA:BB:CC:00:11:23"), Some("10.9.0.10")),
        (other, "Ana", 30, None, None),
        (other, "bob%", 40, Some("AA:BB:CC:00:11:22"), Some("fd00::1")),
    ] {
        town.service(place, user).await;
        let (mac, address) = (mac.map(str::to_owned), address.map(str::to_owned));
        let key = Some(HookKey("*F0".into()));
        let up = Observation::HookUp { at: at(second), key, endpoint: Endpoint { mac, address } };
        town.ours.apply_presence(place, user, up).await.must();
    }
    town.down(router, "ana", "*F0", 50).await;
    let found = async |q: &str, filter: SessionFilter| {
        let page = town.ours.sessions(filter, Ask { q: Some(q.into()), ..all(()) }).await;
        only(page).into_iter().map(|s| s.username).collect::<Vec<_>>()
    };
    let any = SessionFilter::default;
    assert_eq!(found("ana", any()).await, ["ana", "ana-2", "Ana"], "as services are found");
    assert_eq!(found("An", any()).await, ["ana", "ana-2", "Ana"]);
    assert_eq!(found("bob%", any()).await, ["bob%"]);
    assert_eq!(found("nob", any()).await, Vec::<String>::new());
    let whose = customer(CustomerId(town.fresh()), "Zoë");
    let bob = only(town.ours.services(ServiceFilter::default(), all(ServiceSort::Username)).await);
    let bob = bob.into_iter().find(|service| label(service) == "bob%").expect("there is one");
    let data = ServiceData { customer: Some(whose.id), ..bob.data.clone() };
    let who = whose.id;
    town.ours.create_customer(whose).await.must();
    town.ours.update_service(bob.id, None, data).await.must();
    assert_eq!(found("zoe", any()).await, ["bob%"], "by the customer");
    let names = town.ours.whose(vec![(bob.id, router)]).await.must().remove(0);
    assert_eq!(
        (names.customer, names.customer_name.as_deref(), names.router_name.as_str()),
        (Some(who), Some("Zoë"), "tower")
    );
    assert_eq!(found("10.9.0.1", any()).await, ["ana"], "an address is looked up whole");
    assert_eq!(found("FD00:0::1", any()).await, ["bob%"], "in any spelling");
    assert_eq!(found(" aabb.cc00.1122 ", any()).await, ["ana", "bob%"], "in any spelling");
    assert_eq!(found("", SessionFilter { router: Some(other), ..any() }).await, ["Ana", "bob%"]);
    assert_eq!(found("", SessionFilter { from: Some(at(51)), ..any() }).await, ["ana-2", "Ana", "bob%"]);
    assert_eq!(found("", SessionFilter { to: Some(at(20)), ..any() }).await, ["ana"]);
    assert_eq!(found("ana", SessionFilter { from: Some(at(50)), ..any() }).await, ["ana", "ana-2", "Ana"]);
    let moment = SessionFilter { from: Some(at(15)), to: Some(at(16)), ..any() };
    assert_eq!(found("10.9.0.1", moment.clone()).await, ["ana"], "who had it then");
    assert_eq!(found("10.9.0.10", moment).await, Vec::<String>::new(), "nobody yet");
}
