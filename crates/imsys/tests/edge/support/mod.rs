//! A running server in a temporary folder, with a clock that tests turn, and clients for it.

mod client;

pub(crate) use client::{Answer, Client};

use imsys::config::Config;
use imsys::stop::{Stopper, channel};
use imsys::{app::App, clock::Clock};
use imsys::{tenants, token, wire};
use imsys_domain::access::Role;
use imsys_domain::{PersonId, TenantId, Timestamp};
use imsys_store::Actor;
use imsys_store::model::{Login, Membership, Person};
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio::time::Instant;

/// Anything that has not come about by then never will.
const GUARD: Duration = Duration::from_secs(120);

/// Looks again and again until there is something.
pub(crate) async fn until<T, F: Future<Output = Option<T>>>(look: impl Fn() -> F) -> T {
    let end = Instant::now() + GUARD;
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(Instant::now() < end, "it did not come about");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A running server.
pub(crate) struct Instance {
    pub(crate) app: App,
    pub(crate) at: SocketAddr,
    pub(crate) folder: TempDir,
    now: Arc<AtomicI64>,
    stopper: Stopper,
    served: JoinHandle<()>,
}

/// A server with the settings of a fresh installation.
pub(crate) async fn instance() -> Instance {
    house_with(|_| {}).await
}

/// A server with other settings.
pub(crate) async fn house_with(set: impl FnOnce(&mut Config)) -> Instance {
    let folder = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    start(folder, listener, Arc::new(AtomicI64::new(1_750_000_000_000)), set).await
}

async fn start(
    folder: TempDir,
    listener: TcpListener,
    now: Arc<AtomicI64>,
    set: impl FnOnce(&mut Config),
) -> Instance {
    let mut config = Config::default();
    config.data.dir = folder.path().to_owned();
    set(&mut config);
    let at = listener.local_addr().unwrap();
    let clock = Clock::new({
        let now = Arc::clone(&now);
        move || Timestamp(now.load(Ordering::SeqCst))
    });
    let built = wire::open(config.bound(at), clock).await.unwrap();
    let app = built.app.clone();
    let (stopper, stop) = channel();
    let served = tokio::spawn(async move { wire::run(built, listener, stop).await.unwrap() });
    Instance { app, at, folder, now, stopper, served }
}

impl Instance {
    pub(crate) fn now(&self) -> Timestamp {
        self.app.now()
    }

    /// Lets seconds pass.
    pub(crate) fn pass(&self, seconds: i64) {
        self.now.fetch_add(seconds * 1000, Ordering::SeqCst);
    }

    /// Tells the server to stop, and waits until it has.
    pub(crate) async fn stop(self) -> TempDir {
        self.stopper.stop();
        self.served.await.unwrap();
        self.folder
    }

    /// The same server with the settings of a fresh installation, after a stop and a start.
    pub(crate) async fn restarted(self) -> Self {
        let (at, now) = (self.at, Arc::clone(&self.now));
        let folder = self.stop().await;
        start(folder, TcpListener::bind(at).await.unwrap(), now, |_| {}).await
    }

    /// A browser or program that has proved nothing.
    pub(crate) fn stranger(&self) -> Client {
        Client::new(self.at)
    }

    pub(crate) async fn tenant(&self, name: &str) -> TenantId {
        tenants::found(&self.app, name).await.unwrap().id
    }

    /// A person of a tenant, with a password that is not in use (hashing takes its time).
    pub(crate) async fn person(&self, email: &str, tenant: Option<(TenantId, Role)>) -> PersonId {
        let id = PersonId::new(self.now(), token::random());
        let person = Person {
            id,
            email: email.into(),
            name: email.split('@').next().unwrap().into(),
            password: Some("$argon2id$".into()),
            platform: tenant.is_none(),
            created: self.now(),
        };
        let since = self.now();
        let membership =
            tenant.map(|(tenant, role)| Membership { tenant, person: id, role, since, entered: None });
        self.app.store.create_person(person, membership).await.unwrap();
        id
    }

    /// The browser of a person who has signed in just now; it acts in `tenant`.
    pub(crate) async fn browser(&self, person: PersonId, tenant: Option<TenantId>) -> Client {
        let (secret, now) = (token::fresh(), self.now());
        let (hash, agent, address) = (token::digest(&secret), "Fox".into(), None);
        let login = Login { hash, person, tenant, created: now, seen: now, agent, address };
        self.app.store.put_login(login).await.unwrap();
        self.stranger().with_cookie(&secret)
    }

    /// A browser of a fresh member of the tenant.
    pub(crate) async fn member(&self, tenant: TenantId, role: Role) -> Client {
        let email = format!("{}-{}@example.net", role.name(), token::fresh().to_lowercase());
        let person = self.person(&email, Some((tenant, role))).await;
        self.browser(person, Some(tenant)).await
    }

    /// A program with a fresh key of the tenant.
    pub(crate) async fn program(&self, tenant: TenantId, role: Role) -> Client {
        let store = self.app.store.tenant(tenant, Actor::system(self.now()));
        let name = format!("{} program", role.name());
        let (_, key) = tenants::make_key(&*store, name, role, None, self.now()).await.unwrap();
        self.stranger().with_key(&key)
    }

    /// The first admin of the installation, set up over the first-run link with this password.
    pub(crate) async fn first_admin(&self, password: &str) -> Client {
        let link = tenants::links::first_run(&self.app).await.unwrap().unwrap();
        let token = link.split_once('#').unwrap().1;
        let mut browser = self.stranger();
        let body = serde_json::json!({
            "token": token, "name": "Ana", "email": "ana@example.net", "password": password, "tenantName": "Lake ISP",
        });
        assert_eq!(browser.post("/api/v1/setup", body).await.status, 201);
        browser
    }
}
