//! Places in flight, and who may take which.

use std::time::Duration;

use routeros::{
    AnyRow,
    client::{Client, Command, Error},
};
use tokio::task::JoinHandle;

use crate::router::{Router, run_x, town, town_with, works};

const SOON: Duration = Duration::from_secs(5);

/// Commands that begin to wait for their answer, each with a place or for one.
fn begin(client: &Client, count: usize) -> Vec<JoinHandle<Result<(), Error>>> {
    let one = |_| {
        let client = client.clone();
        tokio::spawn(async move { run_x(&client).await })
    };
    (0..count).map(one).collect()
}

/// The tags of the next commands, and that no further one comes.
async fn hear_only(router: &mut Router, count: usize) -> Vec<String> {
    let mut tags = Vec::new();
    for _ in 0..count {
        tags.push(router.hear_tagged().await.1);
    }
    assert!(tokio::time::timeout(SOON, router.hear()).await.is_err(), "one more than {count}");
    tags
}

async fn all_end(router: &mut Router, tags: Vec<String>, begun: Vec<JoinHandle<Result<(), Error>>>) {
    for tag in tags {
        router.say(&["!done", &tag]).await;
    }
    for command in begun {
        assert_eq!(command.await.unwrap(), Ok(()));
    }
}

#[tokio::test(start_paused = true)]
async fn no_more_than_eight_commands_are_in_flight_and_two_of_the_eight_are_urgent() {
    let (client, mut router) = town();
    let mut begun = begin(&client, 7);
    let mut tags = hear_only(&mut router, 6).await;
    begun.extend(begin(&client.urgent(), 3));
    tags.extend(hear_only(&mut router, 2).await);
    // An ordinary place that is free goes to the one that waits longest, a kept one to an urgent command alone.
    router.say(&["!done", &tags.remove(3)]).await;
    tags.extend(hear_only(&mut router, 1).await);
    router.say(&["!done", &tags.remove(6)]).await;
    tags.extend(hear_only(&mut router, 1).await);
    router.say(&["!done", &tags.remove(6)]).await;
    tags.extend(hear_only(&mut router, 0).await);
    all_end(&mut router, tags, begun).await;
}

#[tokio::test(start_paused = true)]
async fn urgent_commands_leave_the_kept_places_alone_while_others_are_free() {
    let (client, mut router) = town();
    let mut begun = begin(&client.urgent(), 6);
    let mut tags = hear_only(&mut router, 6).await;
    begun.extend(begin(&client, 1));
    tags.extend(hear_only(&mut router, 0).await);
    begun.extend(begin(&client.urgent(), 2));
    tags.extend(hear_only(&mut router, 2).await);
    router.say(&["!done", &tags.remove(0)]).await;
    tags.extend(hear_only(&mut router, 1).await);
    all_end(&mut router, tags, begun).await;
}

#[tokio::test(start_paused = true)]
async fn a_listen_takes_no_place_of_a_command_and_of_listens_there_are_few() {
    let (client, mut router) = town();
    let listen = || client.listen::<AnyRow>(Command::new("/x/listen"));
    let (first, _second) = (listen().await.unwrap(), listen().await.unwrap());
    let listens = hear_only(&mut router, 2).await;
    assert!(matches!(listen().await, Err(Error::Deadline)));
    let mut begun = begin(&client, 6);
    let mut tags = hear_only(&mut router, 6).await;
    begun.extend(begin(&client.urgent(), 2));
    tags.extend(hear_only(&mut router, 2).await);
    all_end(&mut router, tags, begun).await;
    drop(first);
    router.hear_cancel(&listens[0]).await;
    assert!(listen().await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_single_place_is_for_ordinary_commands() {
    let (client, mut router) = town_with(|options| options.in_flight = 1);
    works(&client, &mut router).await;
    works(&client.urgent(), &mut router).await;
}

#[tokio::test(start_paused = true)]
async fn waiting_for_a_place_counts_towards_the_deadline() {
    let (client, mut router) = town_with(|options| options.in_flight = 1);
    let (_slow, late) =
        tokio::join!(client.run(Command::new("/slow"), SOON * 2), client.run(Command::new("/late"), SOON));
    assert_eq!(late, Err(Error::Deadline));
    assert_eq!(router.hear().await[0], "/slow");
    assert_eq!(router.hear().await[0], "/cancel");
}
