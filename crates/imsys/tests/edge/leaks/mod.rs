//! The leak walk: every route of the program, asked by everybody, about what is his, what is another
//! tenant's and what does not exist.
//!
//! * `world.rs`: two tenants; every text of the other one carries a canary.
//! * `samples.rs`: how each route is asked. **A new route needs a line there**, or the walk fails.
//! * Here: who asks, what the table of access predicts, and what is compared.

mod samples;
mod world;

use crate::support::{Answer, Client};
use hyper::Method;
use imsys::http::Access;
use imsys::routes::routes;
use imsys_domain::access::Role;
use samples::{Sample, samples};
use std::collections::BTreeSet;
use world::{CANARY, Refs, SECRET, TENANT_NAME, World};

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Nobody,
    Person(Role),
    Program(Role),
    /// Manages tenants, is a member of none.
    Manager,
}

impl Who {
    fn all() -> Vec<Self> {
        let roles = Role::ALL.into_iter().flat_map(|role| [Self::Person(role), Self::Program(role)]);
        [Self::Nobody, Self::Manager].into_iter().chain(roles).collect()
    }
}

/// Whose things a request names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    Own,
    Theirs,
    Nobodys,
}

const WHOSE: [Whose; 3] = [Whose::Own, Whose::Theirs, Whose::Nobodys];

/// The statuses that the table of access, and then the sample, predict.
fn predicted(access: Access, who: Who, whose: Whose, sample: &Sample) -> Vec<u16> {
    let by_sample = || match whose {
        Whose::Own => sample.ok.to_vec(),
        Whose::Theirs | Whose::Nobodys => sample.strange.to_vec(),
    };
    match (access, who) {
        (Access::Public | Access::Router, _) => by_sample(),
        (_, Who::Nobody) => vec![401],
        (Access::SignedIn, Who::Program(_)) => vec![403],
        (Access::SignedIn, Who::Person(_)) => by_sample(),
        // He belongs nowhere, so whatever a request names is not his.
        (Access::SignedIn, Who::Manager) => sample.strange.to_vec(),
        (Access::Platform, Who::Manager) => match whose {
            Whose::Nobodys => sample.strange.to_vec(),
            Whose::Own | Whose::Theirs => sample.ok.to_vec(),
        },
        (Access::Platform, _) | (Access::Tenant(_), Who::Manager) => vec![403],
        (Access::Tenant(right), Who::Person(role) | Who::Program(role)) => {
            if role.may(right) {
                by_sample()
            } else {
                vec![403]
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_sees_or_changes_what_is_not_his_on_any_route() {
    let world = World::new().await;
    let (routes, samples) = (routes(), samples());
    let before = world.their_state().await;
    let mut faults = Vec::new();
    for route in &routes {
        let name = format!("{} {}", route.method, route.path);
        let of_route: Vec<&Sample> = samples.iter().filter(|sample| sample.route == name).collect();
        if of_route.is_empty() {
            faults.push(format!("{name}: is not in samples.rs; say there how to ask it"));
        }
        for sample in of_route {
            for who in Who::all() {
                for whose in WHOSE {
                    let answer = ask(&world, &route.method, sample, who, whose).await;
                    let expected = predicted(route.access, who, whose, sample);
                    faults.extend(
                        judge(&world, route.access, who, sample, &expected, &answer)
                            .map(|fault| format!("{name} {} by {who:?}, {whose:?}: {fault}", sample.note)),
                    );
                }
            }
        }
    }
    let known: BTreeSet<String> =
        routes.iter().map(|route| format!("{} {}", route.method, route.path)).collect();
    let stale = samples.iter().filter(|sample| !known.contains(sample.route));
    faults.extend(stale.map(|sample| format!("{}: is no route any more", sample.route)));
    if before != world.their_state().await {
        faults.push("the other tenant's data changed".into());
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

/// Proves that the walk would see a leak: at home the canary sings on every route that shows texts.
#[tokio::test(flavor = "multi_thread")]
async fn the_other_tenants_own_admin_sees_the_canary_wherever_texts_are_shown() {
    let world = World::new().await;
    let theirs = world.theirs.tenant.parse().unwrap();
    let admin = world.instance.program(theirs, Role::Admin).await;
    // Numbers, the tenant's own name, streams; and what a router that nobody serves would have to tell.
    let silent = [
        "/settings",
        "/live",
        "/timeline",
        "/trend",
        "/tenant-runs",
        "/profiles",
        "/proposals",
        "/diagnosis",
        "/outages",
        "/metrics",
        "/usage",
    ];
    for sample in samples().iter().filter(|sample| sample.route.starts_with("GET /api/v1/")) {
        let tenants_own = routes().iter().any(|route| {
            matches!(route.access, Access::Tenant(_))
                && format!("{} {}", route.method, route.path) == sample.route
        });
        if !tenants_own || silent.iter().any(|end| sample.route.ends_with(end)) {
            continue;
        }
        let path = sample.route.split_once(' ').unwrap().1.replace("{id}", &world.theirs.id(sample.thing));
        let answer = admin.clone().get(&(path + &(sample.query)(&world.theirs))).await;
        assert!(answer.text.contains(CANARY), "{} {}: {answer:?}", sample.route, sample.note);
    }
}

async fn ask(world: &World, method: &Method, sample: &Sample, who: Who, whose: Whose) -> Answer {
    let refs = match whose {
        // A thing of our own may be gone after it was named once, so each request gets a fresh one.
        Whose::Own => world.fresh(sample.thing).await,
        Whose::Theirs => world.theirs.clone(),
        Whose::Nobodys => Refs::unknown(),
    };
    let id = match sample.mixed {
        true => world.fresh(sample.thing).await.id(sample.thing),
        false => refs.id(sample.thing),
    };
    let path = sample.route.split_once(' ').unwrap().1.replace("{id}", &id) + &(sample.query)(&refs);
    let mut client = client(world, who).await;
    let body = (sample.body)(&refs);
    if path.starts_with("/api/v1/live") {
        // A stream never ends: its head will do.
        let (response, _connection) = client.open(method.clone(), &path, body).await;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        return Answer { status, headers, text: String::new() };
    }
    client.ask(method.clone(), &path, body).await
}

async fn client(world: &World, who: Who) -> Client {
    match who {
        Who::Nobody => world.instance.stranger(),
        // Fresh each time: some routes end the session they are asked with.
        Who::Person(role) => world.instance.browser(world.people[&role], Some(world.ours)).await,
        Who::Program(role) => world.programs[&role].clone(),
        Who::Manager => world.instance.browser(world.manager, None).await,
    }
}

/// Everything that is wrong with an answer.
fn judge(
    world: &World,
    access: Access,
    who: Who,
    sample: &Sample,
    expected: &[u16],
    answer: &Answer,
) -> impl Iterator<Item = String> {
    let mut faults = Vec::new();
    if !expected.contains(&answer.status) {
        faults.push(format!("{} instead of {expected:?}: {}", answer.status, answer.text));
    }
    if answer.status >= 400 && answer.header("content-type") != Some("application/problem+json") {
        faults.push("a refusal that is no problem".into());
    }
    let said = format!("{:?} {}", answer.headers, answer.text);
    if said.contains(CANARY) {
        faults.push(format!("shows what is inside the other tenant: {said}"));
    }
    let manages = access == Access::Platform && who == Who::Manager;
    if said.contains(TENANT_NAME) && !manages {
        faults.push(format!("shows that the other tenant exists: {said}"));
    }
    let named = world.theirs.all().into_iter().find(|id| said.contains(id.as_str()));
    if let Some(id) = named.filter(|_| !manages) {
        faults.push(format!("shows {id} of the other tenant: {said}"));
    }
    if said.contains(SECRET) && !sample.shows_secret {
        faults.push(format!("shows a router's password: {said}"));
    }
    faults.into_iter()
}
