//! Processes that share one Redis.

use super::open;
use super::redis_server::Redis;
use imsys_queue::cluster::{Heard, Inbox};
use imsys_queue::{BullQueue, Cluster, NewJob, Queue};
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// A guard against hanging.
const PATIENCE: Duration = Duration::from_secs(60);

fn member(redis: &Redis) -> Cluster {
    open(redis).cluster()
}

fn names<const N: usize>(names: [&str; N]) -> Vec<String> {
    names.map(str::to_owned).to_vec()
}

async fn hears(inbox: &mut Inbox) -> Heard {
    tokio::time::timeout(PATIENCE, inbox.next()).await.expect("it is heard")
}

#[tokio::test]
async fn a_lease_has_one_holder_until_he_gives_it_back_or_it_runs_out() {
    let Some(redis) = Redis::start().await else { return };
    let (one, two) = (member(&redis), member(&redis));
    let both = names(["r1", "r2"]);
    assert_eq!(one.take(&names(["r1"])).await, Ok(vec![true]));
    assert_eq!(two.take(&both).await, Ok(vec![false, true]));
    assert_eq!(one.take(&names(["r1"])).await, Ok(vec![true]), "what is mine is mine still");
    let of = |cluster: &Cluster| Some(cluster.member().to_owned());
    assert_eq!(one.holders(&names(["r2", "r1", "r3"])).await, Ok(vec![of(&two), of(&one), None]));
    assert_eq!(one.renew(&both).await, Ok(vec![true, false]));
    two.release(&both).await.expect("Redis is here");
    assert_eq!(one.renew(&both).await, Ok(vec![true, false]), "nobody gives back what is not his");
    redis.command(&["DEL", "bull:imsys:lease:r1"]).await;
    assert_eq!(one.renew(&names(["r1"])).await, Ok(vec![false]), "what ran out is not renewed");
    assert_eq!(two.take(&both).await, Ok(vec![true, true]));
}

#[tokio::test]
async fn a_lease_runs_out_by_itself() {
    let Some(redis) = Redis::start().await else { return };
    let one = member(&redis);
    one.take(&names(["r1"])).await.expect("Redis is here");
    let left: u64 = redis
        .command(&["PTTL", "bull:imsys:lease:r1"])
        .await
        .trim_start_matches(':')
        .parse()
        .expect("a number");
    assert!((1..=15_000).contains(&left), "{left}");
}

#[tokio::test]
async fn members_know_of_each_other_until_they_leave() {
    let Some(redis) = Redis::start().await else { return };
    let (one, two) = (member(&redis), member(&redis));
    assert_eq!(one.beat().await, Ok(vec![one.member().to_owned()]));
    let mut both = vec![one.member().to_owned(), two.member().to_owned()];
    both.sort();
    assert_eq!(two.beat().await, Ok(both));
    one.retire().await.expect("Redis is here");
    assert_eq!(two.beat().await, Ok(vec![two.member().to_owned()]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_said_reaches_one_or_all_and_a_loss_is_told() {
    let Some(mut redis) = Redis::start().await else { return };
    let (one, two) = (member(&redis), member(&redis));
    let (mut first, mut second) = (one.listen(), two.listen());
    assert_eq!((hears(&mut first).await, hears(&mut second).await), (Heard::Gap, Heard::Gap));
    assert_eq!(one.tell(two.member(), b"you").await, Ok(true));
    assert_eq!(one.tell("nobody", b"you").await, Ok(false));
    one.tell_all(b"all").await.expect("Redis is here");
    assert_eq!(hears(&mut second).await, Heard::Mine(b"you".to_vec()));
    assert_eq!(hears(&mut second).await, Heard::All(b"all".to_vec()));
    assert_eq!(hears(&mut first).await, Heard::All(b"all".to_vec()));
    redis.stop();
    assert!(one.tell_all(b"lost").await.is_err());
    redis.start_again().await;
    assert_eq!((hears(&mut first).await, hears(&mut second).await), (Heard::Gap, Heard::Gap));
    // The first call after a loss may be the one that notices it.
    let said = async { while two.tell(one.member(), b"again").await != Ok(true) {} };
    tokio::time::timeout(PATIENCE, said).await.expect("Redis is back");
    assert_eq!(hears(&mut first).await, Heard::Mine(b"again".to_vec()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_installations_with_prefixes_of_their_own_do_not_hear_each_other() {
    let Some(redis) = Redis::start().await else { return };
    let of = |prefix| BullQueue::open(&redis.url(), prefix).expect("the address is one");
    let (ours, theirs) = (of("ours"), of("theirs"));
    let (one, two) = (ours.cluster(), theirs.cluster());
    assert_eq!(one.take(&names(["r1"])).await, Ok(vec![true]));
    assert_eq!(two.take(&names(["r1"])).await, Ok(vec![true]), "another r1");
    assert_eq!(two.holders(&names(["r1"])).await, Ok(vec![Some(two.member().to_owned())]));
    assert_eq!(one.beat().await, Ok(vec![one.member().to_owned()]));
    assert_eq!(two.beat().await, Ok(vec![two.member().to_owned()]));
    let mut inbox = two.listen();
    assert_eq!(hears(&mut inbox).await, Heard::Gap);
    assert_eq!(one.tell(two.member(), b"you").await, Ok(false));
    one.tell_all(b"ours").await.expect("Redis is here");
    ours.add("routers", NewJob::new("ours", Value::Null)).await.expect("there is room");
    two.tell_all(b"theirs").await.expect("Redis is here");
    assert_eq!(hears(&mut inbox).await, Heard::All(b"theirs".to_vec()), "and nothing before it");
    assert_eq!(theirs.counts("routers").await.map(|counts| counts.waiting), Ok(0));
    let client = redis::Client::open(redis.url()).expect("the address is one");
    let mut raw = client.get_multiplexed_async_connection().await.expect("Redis runs");
    let keys: Vec<String> = redis::cmd("KEYS").arg("*").query_async(&mut raw).await.expect("its keys");
    assert!(keys.iter().all(|key| key.starts_with("ours:") || key.starts_with("theirs:")), "{keys:?}");
}

/// The way to a Redis, of which those who go it can be cut off without a word: their connections stay open,
/// and bring nothing more. Connections that are made afterwards work. Where it begins.
async fn way_to(redis: &Redis, cut: Arc<Notify>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let (begin, end) = (listener.local_addr().expect("its address").port(), redis.port());
    tokio::spawn(async move {
        while let Ok((mut near, _)) = listener.accept().await {
            let cut = Arc::clone(&cut);
            tokio::spawn(async move {
                let mut far = TcpStream::connect(("127.0.0.1", end)).await.expect("Redis is here");
                let is_cut = tokio::select! {
                    _ = tokio::io::copy_bidirectional(&mut near, &mut far) => false,
                    () = cut.notified() => true,
                };
                if is_cut {
                    std::future::pending::<()>().await;
                }
            });
        }
    });
    begin
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_subscription_that_brings_nothing_any_more_is_made_anew() {
    let Some(redis) = Redis::start().await else { return };
    let cut = Arc::<Notify>::default();
    let way = way_to(&redis, Arc::clone(&cut)).await;
    let url = format!("redis://127.0.0.1:{way}");
    let far = BullQueue::open(&url, super::PREFIX).expect("the address is one").cluster();
    let near = member(&redis);
    let mut inbox = far.listen();
    assert_eq!(hears(&mut inbox).await, Heard::Gap);
    cut.notify_waiters();
    // Nobody who asks Redis is told that the other one hears nothing.
    assert_eq!(near.tell(far.member(), b"lost").await, Ok(true));
    assert_eq!(hears(&mut inbox).await, Heard::Gap);
    near.tell(far.member(), b"again").await.expect("Redis is here");
    assert_eq!(hears(&mut inbox).await, Heard::Mine(b"again".to_vec()));
}
