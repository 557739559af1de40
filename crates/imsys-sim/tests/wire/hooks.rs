use std::net::SocketAddr;
use std::time::Duration;

use imsys_sim::router::{Cause, Router, WebhookFaults};

use crate::client::{router, router_with, until};
use crate::sink::Sink;

/// The body form, as the product generates it.
fn keyed(sink: &Sink, status: &str) -> String {
    format!(
        r#":do {{/tool fetch url="http://{}/api/v1/webhooks/ppp" http-method=post keep-result=no duration=5s http-header-field="X-IMSys-Token:t0ken" http-data=("{status}\n".$user."\n".$"caller-id"."\n".$"remote-address"."\n".$interface)}} on-error={{}}"#,
        sink.address
    )
}

fn install(router: &Router, up: &str, down: &str) {
    router.set("ppp/profile", Some(1), &[("on-up", up), ("on-down", down)]).unwrap();
    router.add("ppp/secret", &[("name", "sim-0001"), ("remote-address", "100.64.0.9")]).unwrap();
}

async fn up_and_down(router: &Router) {
    let session = router.dial("sim-0001", "02:5D:00:00:00:01").unwrap();
    router.hang_up(session.id, Cause::PeerRequest);
}

#[tokio::test]
async fn the_body_form_calls_with_five_lines_and_the_token() {
    let sink = Sink::start("204 No Content").await;
    let router = router("7.18").await;
    install(&router, &keyed(&sink, "up"), "");
    router.dial("sim-0001", "02:5D:00:00:00:01").unwrap();
    until("it called", || router.hook_counts().accepted == 1).await;
    let call = &sink.calls()[0];
    assert_eq!(call.target, "POST /api/v1/webhooks/ppp");
    assert!(call.headers.contains("X-IMSys-Token:t0ken"), "{}", call.headers);
    assert_eq!(call.body, "up\nsim-0001\n02:5D:00:00:00:01\n100.64.0.9\n*F0");
}

#[tokio::test]
async fn both_events_of_a_session_carry_the_same_interface() {
    let sink = Sink::start("204 No Content").await;
    let router = router("6.49").await;
    install(&router, &keyed(&sink, "up"), &keyed(&sink, "down"));
    up_and_down(&router).await;
    up_and_down(&router).await;
    until("it called", || router.hook_counts().accepted == 4).await;
    let mut ends: Vec<String> = sink
        .bodies()
        .iter()
        .map(|body| body.replace("sim-0001\n02:5D:00:00:00:01\n100.64.0.9\n", ""))
        .collect();
    ends.sort();
    assert_eq!(ends, ["down\n*F0", "down\n*F1", "up\n*F0", "up\n*F1"]);
}

#[tokio::test]
async fn the_plain_form_puts_names_into_the_url_without_encoding() {
    let sink = Sink::start("204 No Content").await;
    let router = router("7.12").await;
    let url =
        format!("http://{}/webhooks/ppp?user=$user&status=up&router=R7&mac=$\"caller-id\"", sink.address);
    let script = format!("/tool fetch url=\"{url}\" keep-result=no");
    router.set("ppp/profile", Some(1), &[("on-up", &script)]).unwrap();
    for name in ["a&b", "a b", "100%", "x&router=r2"] {
        router.add("ppp/secret", &[("name", name)]).unwrap();
        router.dial(name, "02:5D:00:00:00:01").unwrap();
    }
    until("it called", || router.hook_counts().accepted == 4).await;
    let mut targets: Vec<String> = sink.calls().into_iter().map(|call| call.target).collect();
    targets.sort();
    let expected =
        |user: &str| format!("GET /webhooks/ppp?user={user}&status=up&router=R7&mac=02:5D:00:00:00:01");
    assert_eq!(targets, ["100%", "a b", "a&b", "x&router=r2"].map(expected));
}

#[tokio::test]
async fn a_router_calls_from_its_own_address() {
    let sink = Sink::start("204 No Content").await;
    let listen = SocketAddr::from(([127, 0, 77, 3], 0));
    let router = router_with("7.18", |config| config.listen = listen).await;
    install(&router, &keyed(&sink, "up"), "");
    up_and_down(&router).await;
    until("it called", || router.hook_counts().accepted == 1).await;
    assert_eq!(sink.calls()[0].peer, listen.ip());
}

#[tokio::test]
async fn without_a_script_nobody_is_called_and_the_administrators_lines_are_passed_over() {
    let sink = Sink::start("204 No Content").await;
    let router = router("7.18").await;
    install(&router, "", "");
    up_and_down(&router).await;
    let own = "# kept by the administrator\r\n:local n [/ip cloud get public-address]\n/queue simple add name=(\"q-\".$user) target=$\"remote-address\"\n";
    let script = format!("{own}{}\n:global seen ($seen + 1)", keyed(&sink, "up"));
    router.set("ppp/profile", Some(1), &[("on-up", &script)]).unwrap();
    up_and_down(&router).await;
    until("it called", || router.hook_counts().accepted == 1).await;
    assert_eq!(sink.calls().len(), 1);
    assert_eq!(router.get("ppp/profile", "default", "on-up"), Some(script));
    assert_eq!(router.get("queue/simple", "q-sim-0001", "target").as_deref(), Some("100.64.0.9"));
}

#[tokio::test]
async fn device_mode_without_fetch_stops_every_call() {
    let sink = Sink::start("204 No Content").await;
    let router = router_with("7.18", |config| config.fetch_allowed = false).await;
    assert_eq!(router.get("system/device-mode", "", "fetch").as_deref(), Some("no"));
    install(&router, &keyed(&sink, "up"), "");
    up_and_down(&router).await;
    until("the script ran", || router.hook_counts().scripts == 1).await;
    assert_eq!((sink.calls().len(), router.hook_counts().failed), (0, 0));
    router.allow_fetch(true);
    up_and_down(&router).await;
    until("it called", || router.hook_counts().accepted == 1).await;
}

#[tokio::test]
async fn refused_redirected_and_unanswered_calls_are_counted_and_not_repeated() {
    for status in ["401 Unauthorized", "302 Found"] {
        let sink = Sink::start(status).await;
        let router = router("7.18").await;
        install(&router, &keyed(&sink, "up"), "");
        up_and_down(&router).await;
        until("it was refused", || router.hook_counts().refused == 1).await;
        assert_eq!(sink.calls().len(), 1);
    }
    let sink = Sink::start("").await;
    let router = router("7.18").await;
    install(&router, &keyed(&sink, "up").replace("duration=5s", "duration=50ms"), "");
    up_and_down(&router).await;
    until("it gave up", || router.hook_counts().unanswered == 1).await;
}

#[tokio::test]
async fn webhooks_are_lost_doubled_and_delayed_on_demand() {
    let sink = Sink::start("204 No Content").await;
    let router = router("7.18").await;
    install(&router, &keyed(&sink, "up"), "");
    let faults = |faults| router.conditions(|now| now.webhooks = faults);
    faults(WebhookFaults { lost: 1.0, ..WebhookFaults::default() });
    up_and_down(&router).await;
    until("it was lost", || router.hook_counts().lost == 1).await;
    faults(WebhookFaults { doubled: 1.0, ..WebhookFaults::default() });
    up_and_down(&router).await;
    until("it came twice", || router.hook_counts().accepted == 2).await;
    assert_eq!(sink.bodies()[0], sink.bodies()[1]);
    let delay = Duration::from_millis(40);
    faults(WebhookFaults { delayed: 0.5, delay, ..WebhookFaults::default() });
    for _ in 0..40 {
        up_and_down(&router).await;
    }
    until("all came", || router.hook_counts().accepted == 42).await;
    let order: Vec<u32> = sink.bodies()[2..].iter().map(|body| interface(body)).collect();
    assert!(!order.is_sorted(), "nothing overtook anything");
}

fn interface(body: &str) -> u32 {
    u32::from_str_radix(body.rsplit_once('*').unwrap().1, 16).unwrap()
}

#[tokio::test]
async fn both_event_orders_of_a_redial_can_be_made() {
    let sink = Sink::start("204 No Content").await;
    let router = router("7.18").await;
    install(&router, &keyed(&sink, "up"), &keyed(&sink, "down"));
    let old = router.dial("sim-0001", "02:5D:00:00:00:01").unwrap();
    let new = router.dial("sim-0001", "02:5D:00:00:00:01").unwrap();
    assert_eq!(router.sessions_of("sim-0001").len(), 2);
    assert_eq!(router.get("interface", "<pppoe-sim-0001-1>", "type").as_deref(), Some("pppoe-in"));
    router.hang_up(old.id, Cause::HungUp);
    assert_eq!(router.sessions_of("sim-0001"), [new]);
    until("all came", || router.hook_counts().accepted == 3).await;
}
