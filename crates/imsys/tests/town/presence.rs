//! Presence on routers that are odd: what only a webhook told, rows that come late, many sessions of one name.

use crate::support::{Instance, Known, Provider, eventually, instance, router_at};
use imsys_sim::router::{Cause, Router};

const HOOK: &str = "/api/v1/webhooks/ppp";

struct Stage {
    instance: Instance,
    provider: Provider,
    router: Router,
    known: Known,
}

async fn stage(address: &str) -> Stage {
    let (instance, router) = (instance().await, router_at(address, "7.18").await);
    let provider = instance.provider().await;
    let known = provider.watch(&router).await;
    Stage { instance, provider, router, known }
}

impl Stage {
    fn secret(&self, user: &str) {
        self.router.add("ppp/secret", &[("name", user), ("service", "pppoe")]).unwrap();
    }

    /// on-up by the plain URL.
    async fn plain_up(&self, user: &str) {
        let user = form_urlencoded::byte_serialize(user.as_bytes()).collect::<String>();
        let url = format!("{HOOK}?user={user}&status=up&token={}", self.known.token);
        assert_eq!(self.instance.stranger().get(&url).await.status, 204);
    }
}

#[tokio::test]
async fn what_only_webhooks_told_ends_when_two_full_tables_agree() {
    let stage = stage("127.1.9.1").await;
    for n in 0..8 {
        stage.provider.serve(&stage.known, &format!("sim-{n}")).await;
    }
    stage.provider.serve(&stage.known, "símón").await;
    stage.provider.until_all(&stage.known, "offline", "online").await;
    for n in 0..8 {
        stage.plain_up(&format!("sim-{n}")).await;
    }
    stage.plain_up("símón").await;
    assert_eq!(stage.provider.statuses(&stage.known).await, ["online"; 9]);
    stage.provider.until_all(&stage.known, "offline", "unknown").await;
}

#[tokio::test]
async fn an_up_that_comes_before_its_row_is_one_session_that_is_never_offline() {
    let stage = stage("127.1.9.2").await;
    stage.secret("ana");
    let ana = stage.provider.serve(&stage.known, "ana").await;
    stage.provider.until_status(&ana, "offline").await;
    let asked = || stage.router.conversations().iter().map(|talk| talk.heard).sum::<u64>();
    let before = asked();
    let body = b"up\nana\n02:00:00:00:01:0A\n\n*FA";
    let client = stage.instance.stranger().with("X-IMSys-Token", &stage.known.token);
    assert_eq!(client.send("POST", HOOK.as_bytes(), "text/plain", body).await.status, 204);
    // The router is asked about her, and her row is not there yet.
    eventually(|| async { asked() > before }).await;
    assert_eq!(stage.provider.status(&ana).await, "online");
    stage.router.dial("ana", "02:00:00:00:01:0A").unwrap();
    eventually(|| async { stage.provider.service(&ana).await["address"].is_string() }).await;
    let sessions = stage.provider.client.get(&format!("/api/v1/services/{ana}/sessions")).await.json();
    assert_eq!(sessions["total"], 1, "{sessions:#}");
    let day = stage.provider.client.get("/api/v1/overview").await.json();
    let changes = day["recent"].as_array().unwrap();
    let online = changes.iter().filter(|change| change["status"] == "online").count();
    assert_eq!(online, 1, "{changes:#?}");
}

#[tokio::test]
async fn thirty_sessions_of_one_name_are_counted_and_some_that_end_leave_it_online() {
    let stage = stage("127.1.9.3").await;
    stage.secret("hostel");
    let hostel = stage.provider.serve(&stage.known, "hostel").await;
    stage.provider.until_status(&hostel, "offline").await;
    let mut sessions = Vec::new();
    for n in 0..30 {
        sessions.push(stage.router.dial("hostel", &format!("02:00:00:00:02:{n:02X}")).unwrap());
    }
    let count = async || {
        let service = stage.provider.service(&hostel).await;
        (service["status"] == "online", service["sessionCount"].as_u64().unwrap())
    };
    eventually(|| async { count().await == (true, 30) }).await;
    for session in &sessions[..16] {
        stage.router.hang_up(session.id, Cause::PeerRequest);
    }
    eventually(|| async {
        let (online, sessions) = count().await;
        assert!(online, "offline with {sessions} sessions left");
        sessions == 14
    })
    .await;
}

#[tokio::test]
async fn a_listen_that_tells_nothing_is_noticed_started_anew_and_shown() {
    let stage = stage("127.1.9.4").await;
    for user in ["ana", "bob"] {
        stage.secret(user);
    }
    let (ana, bob) =
        (stage.provider.serve(&stage.known, "ana").await, stage.provider.serve(&stage.known, "bob").await);
    stage.router.conditions(|conditions| conditions.deaf_listens = true);
    stage.router.dial("ana", "02:00:00:00:03:01").unwrap();
    let sync = async || {
        let path = stage.known.path("/sweep");
        assert_eq!(stage.provider.client.post(&path, &serde_json::json!({})).await.status, 202);
        stage.provider.router(&stage.known).await
    };
    eventually(|| async { sync().await["listenDeaf"] == true }).await;
    assert_eq!(stage.provider.router(&stage.known).await["listening"], false);
    stage.provider.until_status(&ana, "online").await;
    assert!(stage.instance.metric("imsys_listens_total{outcome=\"deaf\"}").await > 0);
    stage.router.conditions(|conditions| conditions.deaf_listens = false);
    stage.router.dial("bob", "02:00:00:00:03:02").unwrap();
    stage.provider.until_status(&bob, "online").await;
    let heard = |router: &serde_json::Value| router["listening"] == true && router["listenDeaf"] == false;
    stage.provider.until_router(&stage.known, heard).await;
}
