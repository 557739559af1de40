//! Routers over TLS among several processes.

use crate::cluster::{TestCluster, cluster, hang_up};
use crate::support::{Known, TlsPort, eventually, router_with};
use imsys_sim::router::Router;
use serde_json::Value;

/// A router that is served over TLS, with one customer who is online, and with his service.
async fn over_tls(cluster: &TestCluster, address: &str) -> (Router, TlsPort, Known, String) {
    let router = router_with(address, "7.18", |_| {}).await;
    router.add("ppp/secret", &[("name", "ana"), ("service", "pppoe")]).unwrap();
    router.dial("ana", "02:00:00:00:00:07").unwrap();
    let port = TlsPort::open(&router).await;
    let known = cluster.provider.add_over_tls(&port).await;
    let service = cluster.provider.serve(&known, "ana").await;
    (router, port, known, service)
}

#[tokio::test(flavor = "multi_thread")]
async fn routers_over_tls_are_taken_over_from_a_killed_worker_with_one_session_each() {
    let Some(cluster) = cluster().await else { return };
    let mut first = cluster.worker();
    let mut all = Vec::new();
    for number in 1..=3 {
        all.push(over_tls(&cluster, &format!("127.3.9.{number}")).await);
    }
    let is_served = |router: &Value| router["state"] == "up" && router["listening"] == true;
    for (_, port, known, service) in &all {
        cluster.provider.until_status(service, "online").await;
        cluster.provider.until_router(known, is_served).await;
        assert_eq!(cluster.provider.router(known).await["tls"], port.fingerprint.as_str());
    }
    let knowns: Vec<_> = all.iter().map(|(_, _, known, _)| known.clone()).collect();
    let before = cluster.holders(&knowns).await;
    first.kill();
    let _second = cluster.worker();
    let taken = async || {
        for (_, _, _, service) in &all {
            assert_ne!(cluster.provider.status(service).await, "offline");
        }
        all.iter().all(|(router, ..)| router.conversations().iter().filter(|one| one.open).count() == 1)
            && all.iter().all(|(router, ..)| router.conversations().len() == 2)
    };
    eventually(taken).await;
    let after = cluster.holders(&knowns).await;
    assert!(before.iter().all(|holder| !after.contains(holder)), "{before:?}, then {after:?}");
    for (router, port, known, service) in &all {
        cluster.provider.until_router(known, is_served).await;
        hang_up(router);
        cluster.provider.until_status(service, "offline").await;
        assert_eq!((router.peak_sessions(), router.peak_talkers()), (1, 1), "one session each");
        assert_eq!(port.handshakes(), router.conversations().len(), "every session is over TLS");
    }
}
