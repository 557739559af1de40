use std::time::Duration;

use imsys_sim::router::{LifeEvent, Router, Throttle, Wire};
use routeros::client::{ClientOptions, CloseReason, Command, Error, LoginForm};
use routeros::menu::Identity;
use tokio::net::TcpStream;
use tokio::time::Instant;

use crate::client::{Client, router, router_with, until};

async fn with_customers(count: usize) -> Router {
    let router = router("7.18").await;
    for n in 0..count {
        let name = format!("sim-{n:04}");
        router.add("ppp/secret", &[("name", &name)]).unwrap();
        router.dial(&name, "02:5D:00:00:00:01").unwrap();
    }
    router
}

#[tokio::test]
async fn a_reboot_forgets_sessions_silently_and_begins_ids_and_uptime_again() {
    let router = with_customers(3).await;
    let mut events = router.events();
    let mut client = Client::login(&router).await;
    client.send(&["/ppp/active/listen", ".tag=1"]).await;
    router.reboot();
    assert!(client.is_closed().await, "a listener was told of sessions that vanished");
    assert!(!router.reach().answers);
    assert_eq!(events.recv().await, Some(LifeEvent::Crashed));
    assert_eq!(events.recv().await, Some(LifeEvent::Booted));
    until("it answers", || router.reach().answers).await;
    let mut client = Client::login(&router).await;
    assert_eq!(client.ask(&["/ppp/active/print"]).await, [["!empty"], ["!done"]]);
    assert_eq!(client.rows(&["/system/resource/print"]).await[0].get("uptime"), Some("0s"));
    let session = router.dial("sim-0002", "02:5D:00:00:00:01").unwrap();
    assert_eq!((session.id, session.interface.as_str()), (1, "*F0"));
    assert_eq!(router.hook_counts().scripts, 0);
}

#[tokio::test]
async fn a_booting_router_refuses_connections() {
    let router = with_customers(1).await;
    router.reboot();
    until("the port is closed", || std::net::TcpStream::connect(router.address()).is_err()).await;
    assert!(router.dial("sim-0000", "m").is_err());
    until("the port is open", || std::net::TcpStream::connect(router.address()).is_ok()).await;
}

#[tokio::test]
async fn after_a_power_cut_connections_hang_and_then_break() {
    let router = with_customers(2).await;
    let mut client = Client::login(&router).await;
    router.power_cut(Duration::from_millis(150));
    client.send(&["/system/identity/print"]).await;
    assert!(client.hears_nothing_for(Duration::from_millis(60)).await);
    assert!(Client::connect(router.address()).await.hears_nothing_for(Duration::from_millis(20)).await);
    assert!(client.end().await.is_err(), "the connection ended politely");
    until("it answers", || router.reach().answers).await;
    assert!(router.sessions().is_empty());
}

#[tokio::test]
async fn a_hanging_router_accepts_and_answers_nothing_until_it_recovers() {
    let router = with_customers(1).await;
    let mut old = Client::login(&router).await;
    router.hang(Duration::from_millis(120));
    assert!(!router.reach().answers);
    old.send(&["/system/identity/print"]).await;
    let mut new = Client::connect(router.address()).await;
    new.send(&["/login", "=name=api", "=password=secret"]).await;
    assert!(old.hears_nothing_for(Duration::from_millis(40)).await);
    assert!(new.hears_nothing_for(Duration::from_millis(20)).await);
    assert_eq!(old.reply().await.len(), 2);
    assert_eq!(new.reply().await, [["!done"]]);
    assert!(router.reach().answers);
    assert_eq!(router.sessions().len(), 1);
}

#[tokio::test]
async fn a_router_that_hangs_in_the_middle_of_a_reply_goes_on_later() {
    let router = with_customers(1).await;
    for n in 0..60_000 {
        router.appear("ppp/secret", &[("name", format!("x{n:06}").as_bytes())]);
    }
    let mut client = Client::login(&router).await;
    client.send(&["/ppp/secret/print"]).await;
    client.read().await.unwrap();
    router.hang(Duration::from_millis(100));
    let mut rows = 1;
    while !client.hears_nothing_for(Duration::from_millis(30)).await {
        rows += 1;
    }
    assert!(rows < 60_001, "nothing was held back");
}

#[tokio::test]
async fn overlapping_hangs_last_as_long_as_the_longest() {
    let router = with_customers(0).await;
    router.hang(Duration::from_millis(20));
    router.hang(Duration::from_millis(200));
    tokio::time::sleep(Duration::from_millis(80)).await;
    assert!(!router.reach().answers);
    until("it answers", || router.reach().answers).await;
}

#[tokio::test]
async fn a_second_reboot_during_the_first_delays_the_boot() {
    let router = with_customers(1).await;
    let mut events = router.events();
    router.reboot();
    tokio::time::sleep(Duration::from_millis(30)).await;
    router.reboot();
    for expected in [LifeEvent::Crashed, LifeEvent::Crashed, LifeEvent::Booted] {
        assert_eq!(events.recv().await, Some(expected));
    }
    until("it answers", || router.reach().answers).await;
    assert_eq!((router.fault_counts().reboots, router.fault_counts().total()), (2, 2));
}

#[tokio::test]
async fn a_refusing_router_keeps_the_connections_it_has() {
    let router = with_customers(1).await;
    let mut client = Client::login(&router).await;
    router.refuse(Duration::from_millis(100));
    until("the port is closed", || std::net::TcpStream::connect(router.address()).is_err()).await;
    assert_eq!(client.rows(&["/ppp/active/print"]).await.len(), 1);
    until("the port is open", || std::net::TcpStream::connect(router.address()).is_ok()).await;
}

#[tokio::test]
async fn a_reset_breaks_connections_hard() {
    let router = with_customers(0).await;
    let mut client = Client::login(&router).await;
    router.reset();
    assert!(client.end().await.is_err());
    Client::login(&router).await;
}

#[tokio::test]
async fn a_fatal_is_a_bare_word_or_a_message_and_ends_the_connection() {
    let router = with_customers(0).await;
    for (as_attribute, word) in [(false, "going down"), (true, "=message=going down")] {
        let mut client = Client::login(&router).await;
        router.fatal("going down", as_attribute);
        assert_eq!(client.read().await.unwrap(), ["!fatal", word]);
        assert!(client.is_closed().await);
    }
}

#[tokio::test]
async fn latency_and_the_throttle_slow_commands_down() {
    let router = with_customers(0).await;
    let mut client = Client::login(&router).await;
    let ask = ["/system/identity/print"];
    router.conditions(|now| now.latency = Duration::from_millis(60));
    let start = Instant::now();
    client.ask(&ask).await;
    assert!(start.elapsed() >= Duration::from_millis(60));
    router.conditions(|now| {
        now.latency = Duration::ZERO;
        now.throttle = Some(Throttle { burst: 20, each: Duration::from_millis(10) });
    });
    let mut other = Client::login(&router).await;
    let start = Instant::now();
    for _ in 0..15 {
        client.ask(&ask).await;
        other.ask(&ask).await;
    }
    assert!(start.elapsed() >= Duration::from_millis(80), "{:?}", start.elapsed());
}

#[tokio::test]
async fn commands_that_are_sent_together_wait_out_the_latency_together() {
    let router = with_customers(0).await;
    let mut client = Client::login(&router).await;
    router.conditions(|now| now.latency = Duration::from_secs(2));
    let start = Instant::now();
    for tag in 0..8 {
        client.send(&["/system/identity/print", &format!(".tag={tag}")]).await;
    }
    for _ in 0..8 {
        client.reply().await;
    }
    let took = start.elapsed();
    assert!(took >= Duration::from_secs(2) && took < Duration::from_secs(16), "{took:?}");
}

#[tokio::test]
async fn a_reply_can_trickle_in_byte_by_byte() {
    let router = with_customers(0).await;
    let mut client = Client::login(&router).await;
    let pause = Duration::from_millis(5);
    router.conditions(|now| now.wire = Wire::Trickle(pause));
    let start = Instant::now();
    let reply = client.ask(&["/system/identity/print"]).await;
    let bytes: usize = reply.iter().flatten().map(String::len).sum();
    assert!(start.elapsed() >= pause * bytes as u32, "{:?} for {bytes} bytes", start.elapsed());
}

#[tokio::test]
async fn after_some_replies_come_words_that_no_client_can_read() {
    let router = with_customers(0).await;
    router.conditions(|now| now.wire = Wire::Malformed { after: 3 });
    let stream = TcpStream::connect(router.address()).await.unwrap();
    let client = routeros::client::Client::new(stream, ClientOptions::default());
    client.login("api", "secret", LoginForm::Modern).await.unwrap();
    let ask = || client.print::<Identity>(Command::new("/system/identity/print"), Duration::from_secs(60));
    assert_eq!(ask().await.unwrap().len(), 1);
    let error = ask().await.unwrap_err();
    assert!(matches!(error, Error::Closed(CloseReason::Decode(_))), "{error:?}");
}

#[tokio::test]
async fn replies_are_understood_however_tcp_cuts_them() {
    let router = with_customers(40).await;
    let mut expected = None;
    for wire in [Wire::Plain, Wire::Fragments(1), Wire::Fragments(7), Wire::Coalesced] {
        router.conditions(|now| now.wire = wire);
        let mut client = Client::login(&router).await;
        let rows = client.rows(&["/ppp/active/print", "=.proplist=.id,name,address"]).await;
        assert_eq!(rows.len(), 40);
        assert_eq!(expected.get_or_insert_with(|| rows.clone()), &rows, "{wire:?}");
    }
}

#[tokio::test]
async fn traps_can_come_twice() {
    let router = with_customers(0).await;
    router.conditions(|now| now.duplicate_traps = true);
    let mut client = Client::login(&router).await;
    let reply = client.ask(&["/ppp/secret/remove", "=.id=*9"]).await;
    assert_eq!(
        reply.iter().map(|sentence| sentence[0].as_str()).collect::<Vec<_>>(),
        ["!trap", "!trap", "!done"]
    );
}

#[tokio::test]
async fn an_item_can_vanish_between_reading_and_writing() {
    let router = with_customers(0).await;
    router.add("ppp/secret", &[("name", "a")]).unwrap();
    router.conditions(|now| now.vanishing = 1);
    let mut client = Client::login(&router).await;
    let id = client.rows(&["/ppp/secret/print"]).await[0].get(".id").unwrap().to_owned();
    assert_eq!(client.trap(&["/ppp/secret/set", &format!("=.id={id}"), "=comment=x"]).await, "no such item");
    assert_eq!(client.rows(&["/ppp/secret/print"]).await.len(), 0);
}

#[tokio::test]
async fn a_young_router_sometimes_prints_one_session_of_many() {
    let router = router_with("7.18", |config| config.partial_for = Duration::from_secs(60)).await;
    for n in 0..9 {
        router.add("ppp/secret", &[("name", &format!("s{n}"))]).unwrap();
    }
    router.reboot();
    until("it answers", || router.reach().answers).await;
    for n in 0..9 {
        router.dial(format!("s{n}"), "02:5D:00:00:00:01").unwrap();
    }
    let mut client = Client::login(&router).await;
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..40 {
        seen.insert(client.rows(&["/ppp/active/print"]).await.len());
    }
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), [1, 9]);
}

#[tokio::test]
async fn a_stopped_router_closes_everything() {
    let router = with_customers(1).await;
    let mut client = Client::login(&router).await;
    router.stop().await;
    assert!(client.is_closed().await);
    assert!(std::net::TcpStream::connect(router.address()).is_err());
}

#[tokio::test]
async fn rubbish_and_oversized_words_end_the_connection() {
    let router = with_customers(0).await;
    for bytes in [&[0xF8u8, 1, 2][..], &[0xE0, 0x20, 0, 0], &[0xF1, 0, 0, 0, 0]] {
        let mut client = std::net::TcpStream::connect(router.address()).unwrap();
        std::io::Write::write_all(&mut client, bytes).unwrap();
        let ended = tokio::task::spawn_blocking(move || {
            matches!(std::io::Read::read(&mut client, &mut [0; 8]), Ok(0) | Err(_))
        });
        assert!(ended.await.unwrap());
    }
}
