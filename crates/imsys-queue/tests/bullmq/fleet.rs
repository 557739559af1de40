//! Processes that share one Redis.

use super::open;
use super::redis_server::Redis;
use imsys_queue::Fleet;
use imsys_queue::fleet::{Heard, Inbox};
use std::time::Duration;

/// A guard against hanging.
const PATIENCE: Duration = Duration::from_secs(60);

fn member(redis: &Redis) -> Fleet {
    open(redis).fleet()
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
    let of = |fleet: &Fleet| Some(fleet.member().to_owned());
    assert_eq!(one.holders(&names(["r2", "r1", "r3"])).await, Ok(vec![of(&two), of(&one), None]));
    assert_eq!(one.renew(&both).await, Ok(vec![true, false]));
    two.release(&both).await.expect("Redis is here");
    assert_eq!(one.renew(&both).await, Ok(vec![true, false]), "nobody gives back what is not his");
    redis.command(&["DEL", "imsys:lease:r1"]).await;
    assert_eq!(one.renew(&names(["r1"])).await, Ok(vec![false]), "what ran out is not renewed");
    assert_eq!(two.take(&both).await, Ok(vec![true, true]));
}

#[tokio::test]
async fn a_lease_runs_out_by_itself() {
    let Some(redis) = Redis::start().await else { return };
    let one = member(&redis);
    one.take(&names(["r1"])).await.expect("Redis is here");
    let left: u64 =
        redis.command(&["PTTL", "imsys:lease:r1"]).await.trim_start_matches(':').parse().expect("a number");
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
    two.tell(one.member(), b"again").await.expect("Redis is back");
    assert_eq!(hears(&mut first).await, Heard::Mine(b"again".to_vec()));
}
