//! A running server with desks: one tenant's admin each, over HTTP alone.

mod client;
mod tls;

pub(crate) use client::{Answer, Client};
pub(crate) use tls::TlsPort;

use imsys::config::Config;
use imsys::stop::{Stopper, channel};
use imsys::{app::App, clock::Clock};
use imsys::{tenants, wire};
use imsys_domain::access::Role;
use imsys_domain::{RouterId, TenantId};
use imsys_sim::router::{Router, RouterConfig};
use imsys_sim::version::Version;
use imsys_store::Actor;
use serde_json::{Value, json};
use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::time::Instant;

/// How long a test waits for what is promised within seconds.
pub(crate) const GUARD: Duration = Duration::from_secs(300);
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// A server in a temporary folder. It ends with the test.
pub(crate) struct Instance {
    pub(crate) app: App,
    pub(crate) at: SocketAddr,
    pub(crate) folder: TempDir,
    _stopper: Stopper,
}

pub(crate) async fn instance() -> Instance {
    office_with(|_| {}).await
}

pub(crate) async fn office_with(set: impl FnOnce(&mut Config)) -> Instance {
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config::default();
    config.data.dir = folder.path().to_owned();
    config.network.allow_loopback = true;
    config.network.server_address = "127.0.0.1".into();
    set(&mut config);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    let instance = wire::open(config.bound(at), Clock::system()).await.unwrap();
    let app = instance.app.clone();
    let (stopper, stop) = channel();
    tokio::spawn(async move { wire::run(instance, listener, stop).await.unwrap() });
    Instance { app, at, folder, _stopper: stopper }
}

impl Instance {
    /// A new tenant's admin.
    pub(crate) async fn provider(&self) -> Provider {
        let tenant = tenants::found(&self.app, "Lake ISP").await.unwrap().id;
        let store = self.app.store.tenant(tenant, Actor::system(self.app.now()));
        let now = self.app.now();
        let (_, key) = tenants::make_key(&*store, "test".into(), Role::Admin, None, now).await.unwrap();
        Provider { tenant, client: self.stranger().with("authorization", &format!("Bearer {key}")) }
    }

    pub(crate) fn stranger(&self) -> Client {
        Client::new(self.at)
    }

    /// A counter or gauge as Prometheus reads it; 0 while it is not there.
    pub(crate) async fn metric(&self, name: &str) -> u64 {
        let text = self.stranger().get("/metrics").await.text;
        let line = text.lines().find_map(|line| line.strip_prefix(&format!("{name} ")).map(str::to_owned));
        line.map_or(0, |count| count.parse().unwrap())
    }
}

/// A router as its provider knows it.
#[derive(Clone)]
pub(crate) struct Known {
    pub(crate) id: String,
    pub(crate) token: String,
}

impl Known {
    pub(crate) fn path(&self, rest: &str) -> String {
        format!("/api/v1/routers/{}{rest}", self.id)
    }

    pub(crate) fn router_id(&self) -> RouterId {
        self.id.parse().unwrap()
    }
}

/// One tenant's admin.
#[derive(Clone)]
pub(crate) struct Provider {
    pub(crate) tenant: TenantId,
    pub(crate) client: Client,
}

impl Provider {
    /// Adds a router with the API user that every simulated router has.
    pub(crate) async fn add(&self, router: &Router) -> Known {
        self.add_with(router.address(), "api", "secret").await
    }

    pub(crate) async fn add_with(&self, at: SocketAddr, username: &str, password: &str) -> Known {
        self.add_at(at, username, password, json!(false)).await
    }

    /// The same through its port for TLS, whose certificate is pinned.
    pub(crate) async fn add_over_tls(&self, port: &TlsPort) -> Known {
        self.add_at(port.at, "api", "secret", json!(port.fingerprint)).await
    }

    async fn add_at(&self, at: SocketAddr, username: &str, password: &str, tls: Value) -> Known {
        let body = json!({
            "name": format!("router {at}"), "address": at.ip().to_string(), "port": at.port(),
            "username": username, "password": password, "tls": tls,
        });
        let answer = self.client.post("/api/v1/routers", &body).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        let text = |name: &str| answer.json()[name].as_str().unwrap().to_owned();
        Known { id: text("id"), token: text("webhookToken") }
    }

    /// A router that nobody can reach, given up: only webhooks speak of its customers.
    pub(crate) async fn dark(&self, address: &str) -> Known {
        let known = self.add_with(SocketAddr::new(address.parse().unwrap(), 9), "api", "secret").await;
        self.until_router(&known, |router| router["state"] == "down").await;
        known
    }

    /// Adds a router and waits until its table has been read and it is listened to.
    pub(crate) async fn watch(&self, router: &Router) -> Known {
        let known = self.add(router).await;
        let watched =
            |now: &Value| now["state"] == "up" && now["listening"] == true && !now["lastSweepAt"].is_null();
        self.until_router(&known, watched).await;
        known
    }

    pub(crate) async fn router(&self, router: &Known) -> Value {
        self.client.get(&router.path("")).await.json()
    }

    pub(crate) async fn until_router(&self, router: &Known, is: impl Fn(&Value) -> bool) {
        eventually(|| async { is(&self.router(router).await) }).await;
    }

    /// Adds a PPPoE service.
    pub(crate) async fn serve(&self, router: &Known, username: &str) -> String {
        let body = json!({ "kind": "pppoe", "username": username, "routerId": router.id });
        let answer = self.client.post("/api/v1/services", &body).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.json()["id"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn service(&self, id: &str) -> Value {
        self.client.get(&format!("/api/v1/services/{id}")).await.json()
    }

    pub(crate) async fn status(&self, id: &str) -> String {
        self.service(id).await["status"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn until_status(&self, id: &str, status: &str) {
        eventually(|| async { self.status(id).await == status }).await;
    }

    /// The statuses of all services of a router, sorted.
    pub(crate) async fn statuses(&self, router: &Known) -> Vec<String> {
        let list =
            self.client.get(&format!("/api/v1/services?limit=1000&routerId={}", router.id)).await.json();
        let items = list["items"].as_array().unwrap().iter();
        let mut statuses: Vec<_> = items.map(|item| item["status"].as_str().unwrap().to_owned()).collect();
        statuses.sort();
        statuses
    }

    /// Waits until all services of a router have this status; none may show `never` meanwhile.
    pub(crate) async fn until_all(&self, router: &Known, status: &str, never: &str) {
        eventually(|| async {
            let statuses = self.statuses(router).await;
            assert!(!statuses.iter().any(|now| now == never), "{statuses:?}");
            statuses.iter().all(|now| now == status)
        })
        .await;
    }

    /// The text to paste.
    pub(crate) async fn script(&self, router: &Known, query: &str) -> String {
        let answer = self.client.get(&router.path(&format!("/script?{query}"))).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.text
    }
}

/// A simulated router on an address of its own, so that several share a machine.
pub(crate) async fn router_at(address: &str, version: &str) -> Router {
    router_with(address, version, |_| {}).await
}

pub(crate) async fn router_with(address: &str, version: &str, set: impl FnOnce(&mut RouterConfig)) -> Router {
    let ip: IpAddr = address.parse().unwrap();
    let version: Version = version.parse().unwrap();
    let mut config = RouterConfig { version, listen: SocketAddr::new(ip, 0), ..RouterConfig::default() };
    set(&mut config);
    Router::start(config).await.unwrap()
}

/// A row's number as it is written on the wire.
pub(crate) fn row_id(number: u32) -> String {
    format!("*{number:X}")
}

/// Whether what is promised in seconds is asserted too: not where other work shares the machine.
pub(crate) fn is_timed() -> bool {
    std::env::var_os("IMSYS_TIMED").is_some()
}

/// Looks again and again until it is so.
pub(crate) async fn eventually<F: Future<Output = bool>>(look: impl Fn() -> F) {
    let end = Instant::now() + GUARD;
    while !look().await {
        assert!(Instant::now() < end, "it did not come about");
        tokio::time::sleep(LOOK_EVERY).await;
    }
}
