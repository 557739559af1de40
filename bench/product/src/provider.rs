//! A provider with routers and static customers on `imsys serve`, and the rounds of checks that are timed.

use crate::fleet;
use crate::process;
use crate::server::{Connection, Folder, Server, Tenant};
use anyhow::{Context, Result, ensure};
use imsys_domain::service::{Access, EnforcementMode, ServiceData};
use imsys_domain::{RouterId, ServiceId, TenantId, Timestamp};
use imsys_store::{Actor, sqlite};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Connections over which routers are added and checks are asked for.
const DOORS: usize = 8;
/// Services that are added at the same time.
const TOGETHER: usize = 400;
/// How often it is looked whether something has come about: by reading counters.
const LOOK: Duration = Duration::from_millis(50);
/// The same by counting a million services, which is work for the server.
const COUNT: Duration = Duration::from_secs(2);
/// After which it has not.
const PATIENCE: Duration = Duration::from_secs(600);

/// The provider. Its data go with it.
pub struct Provider<'a> {
    binary: &'a Path,
    folder: Folder,
    tenant: Tenant,
    pub routers: Vec<RouterId>,
    customers: usize,
}

/// Wall and CPU seconds, and what of the CPU time the writer of the store had.
#[derive(Clone, Copy)]
pub struct Took {
    pub wall: f64,
    pub cpu: f64,
    pub writer: f64,
}

impl<'a> Provider<'a> {
    /// Adds the routers over HTTP, and so many customers behind each straight into the store.
    pub fn fill(binary: &'a Path, name: &str, routers: &[SocketAddr], customers: usize) -> Result<Self> {
        let folder = Folder::new(name);
        let server = Server::start(binary, folder.path());
        let tenant = Tenant::make(binary, folder.path(), &server);
        let routers = each_door(routers, |part| {
            let mut door = Connection::open(server.at)?;
            part.iter().map(|at| add_router(&mut door, &tenant.key, *at)).collect()
        })?;
        drop(server);
        let id = TenantId(tenant.id.parse()?);
        tokio::runtime::Runtime::new()?.block_on(add_customers(folder.path(), id, &routers, customers))?;
        Ok(Self { binary, folder, tenant, routers, customers })
    }

    /// Starts the server.
    pub fn open(&self) -> Server {
        Server::start(self.binary, self.folder.path())
    }

    /// Starts the server and waits until it has found every router and every customer online: connecting,
    /// a first sweep, a first check of everything.
    pub fn first_round(&self) -> Result<(Server, Took)> {
        let began = Instant::now();
        let server = self.open();
        let all = (self.routers.len() * self.customers) as u64;
        wait_until(COUNT, || Ok(self.online(&server)? == all))?;
        let used = Used::of(server.pid())?;
        Ok((server, Took { wall: began.elapsed().as_secs_f64(), cpu: used.all, writer: used.writer }))
    }

    /// Asks for a check of every router, and waits until all of them were answered.
    pub fn round(&self, server: &Server) -> Result<Took> {
        let answered = || checks(server, "answered");
        let (began, before, until) =
            (Instant::now(), Used::of(server.pid())?, answered()? + self.routers.len() as u64);
        let asked = ask_all(server, &self.tenant.key)?;
        ensure!(asked == self.routers.len() as u64, "{asked} routers are asked");
        wait_until(LOOK, || Ok(answered()? >= until))?;
        ensure!(checks(server, "failed")? == 0, "a check failed");
        let (wall, after) = (began.elapsed().as_secs_f64(), Used::of(server.pid())?);
        Ok(Took { wall, cpu: after.all - before.all, writer: after.writer - before.writer })
    }

    /// What it costs to hold the connections for a while.
    pub fn rest(&self, server: &Server, time: Duration) -> Result<Took> {
        let before = Used::of(server.pid())?;
        std::thread::sleep(time);
        let after = Used::of(server.pid())?;
        Ok(Took {
            wall: time.as_secs_f64(),
            cpu: after.all - before.all,
            writer: after.writer - before.writer,
        })
    }

    fn online(&self, server: &Server) -> Result<u64> {
        let bearer = format!("Bearer {}", self.tenant.key);
        let mut door = Connection::open(server.at)?;
        let answer = door.ask("GET", "/api/v1/overview", &[("Authorization", &bearer)], "")?;
        let overview: Value = serde_json::from_slice(&answer.body)?;
        overview["services"]["online"].as_u64().context("a number of those who are online")
    }
}

/// CPU seconds of a server so far.
struct Used {
    all: f64,
    writer: f64,
}

impl Used {
    fn of(pid: u32) -> Result<Self> {
        Ok(Self { all: process::cpu(pid)?, writer: process::cpu_of_threads(pid, "store-writer")? })
    }
}

fn wait_until(every: Duration, mut is: impl FnMut() -> Result<bool>) -> Result<()> {
    let end = Instant::now() + PATIENCE;
    while !is()? {
        ensure!(Instant::now() < end, "it did not come about");
        std::thread::sleep(every);
    }
    Ok(())
}

/// Does a part of the work over each door, and puts the results together in order.
fn each_door<T: Sync, R: Send>(all: &[T], work: impl Fn(&[T]) -> Result<Vec<R>> + Sync) -> Result<Vec<R>> {
    let part = all.len().div_ceil(DOORS).max(1);
    std::thread::scope(|scope| {
        let parts: Vec<_> = all.chunks(part).map(|part| scope.spawn(|| work(part))).collect();
        let mut results = Vec::new();
        for part in parts {
            results.extend(part.join().map_err(|_| anyhow::anyhow!("a door broke"))??);
        }
        Ok(results)
    })
}

/// Adds a router that listens there.
pub fn add_router(door: &mut Connection, key: &str, at: SocketAddr) -> Result<RouterId> {
    let router = json!({
        "name": at.to_string(), "address": at.ip(), "port": at.port(), "username": "api", "password": "secret",
    });
    let made = door.create(key, "/api/v1/routers", &router);
    Ok(RouterId(made["id"].as_str().context("an id")?.parse()?))
}

/// Asks for a check of every router: how many those are.
fn ask_all(server: &Server, key: &str) -> Result<u64> {
    let bearer = format!("Bearer {key}");
    let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
    let answer = Connection::open(server.at)?.ask("POST", "/api/v1/routers/check", &headers, "{}")?;
    ensure!(answer.status == 202, "{}: {}", answer.status, String::from_utf8_lossy(&answer.body));
    let accepted: Value = serde_json::from_slice(&answer.body)?;
    accepted["routers"].as_u64().context("a number of routers")
}

/// Checks with this outcome so far.
fn checks(server: &Server, outcome: &str) -> Result<u64> {
    let mut door = Connection::open(server.at)?;
    let page = String::from_utf8(door.ask("GET", "/metrics", &[], "")?.body)?;
    let name = format!("imsys_static_checks_total{{outcome=\"{outcome}\"}} ");
    Ok(page.lines().find_map(|line| line.strip_prefix(&name)).map_or(Ok(0), str::parse)?)
}

/// No server may run over the folder.
async fn add_customers(data: &Path, tenant: TenantId, routers: &[RouterId], customers: usize) -> Result<()> {
    let store = sqlite::open(&data.join("imsys.db"))?;
    let at = Timestamp(1_750_000_000_000);
    let store = store.tenant(tenant, Actor::system(at));
    let routers: Arc<[RouterId]> = routers.into();
    let mut workers = tokio::task::JoinSet::new();
    for worker in 0..TOGETHER {
        let (store, routers) = (Arc::clone(&store), Arc::clone(&routers));
        workers.spawn(async move {
            for number in (worker..routers.len() * customers).step_by(TOGETHER) {
                let mut random = [0; 10];
                random[..8]
                    .copy_from_slice(&(number as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15).to_le_bytes());
                let data = customer(routers[number / customers], number % customers);
                store.create_service(ServiceId::new(at, random), at, data).await?;
            }
            anyhow::Ok(())
        });
    }
    while let Some(worked) = workers.join_next().await {
        worked??;
    }
    Ok(())
}

fn customer(router: RouterId, number: usize) -> ServiceData {
    ServiceData {
        router,
        access: Access::Static { address: fleet::address(number), mac: None, interface: None, vrf: None },
        customer: None,
        plan: None,
        suspended: false,
        mode: EnforcementMode::default(),
    }
}
