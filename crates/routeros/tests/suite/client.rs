use std::time::Duration;

use routeros::{
    AnyRow,
    client::{
        Budget, Change, Client, ClientOptions, CloseReason, Command, Error, Listen, Reply, ReplyLimits,
        TrapKind,
    },
    codec::{DecodeError, EncodeError, encode_sentence},
    connect::{ConnectError, Stream},
    menu::{Arp, PppActive},
};
use tokio::{io::AsyncWriteExt, net::TcpStream, time::Instant};

use crate::router::{LATER, Router, logged_in_town, run_x, town, town_with, works};

const SOON: Duration = Duration::from_secs(5);

async fn print<T: routeros::FromRow>(client: &Client, path: &str) -> Result<Vec<T>, Error> {
    client.print(Command::new(path), LATER).await.map(|table| table.into_parts().0)
}

#[tokio::test(start_paused = true)]
async fn a_printed_table_arrives_as_structs() {
    let (client, mut router) = town();
    let (rows, ()) = tokio::join!(print::<PppActive>(&client, "/ppp/active/print"), async {
        let (words, tag) = router.hear_tagged().await;
        let proplist = "=.proplist=.id,name,service,caller-id,address,uptime,session-id,encoding,radius";
        assert_eq!(words, ["/ppp/active/print", proplist]);
        router.say(&["!re", "=.id=*1", "=name=ann", "=uptime=1d02:15:30", "=new=x", &tag]).await;
        router.say(&["!re", &tag, "=.id=*2", "=address="]).await;
        router.say(&["!done", &tag]).await;
    });
    let rows = rows.unwrap();
    assert_eq!(rows[0].name, "ann");
    assert_eq!(rows[0].uptime, Some(Duration::from_secs(94_530)));
    assert_eq!(rows[1], PppActive { id: Some("*2".into()), ..PppActive::default() });
}

#[tokio::test(start_paused = true)]
async fn a_proplist_of_the_commands_own_is_kept() {
    let (client, mut router) = town();
    let command = Command::new("/ip/arp/print").attr(".proplist", ".id").query("interface", "ether1");
    let (rows, ()) = tokio::join!(client.print::<Arp>(command, LATER), async {
        let (words, tag) = router.hear_tagged().await;
        assert_eq!(words, ["/ip/arp/print", "=.proplist=.id", "?interface=ether1"]);
        router.say(&["!empty", &tag]).await;
        router.say(&["!done", &tag]).await;
    });
    assert!(rows.unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn add_tells_the_new_id() {
    let (client, mut router) = town();
    let (reply, ()) = tokio::join!(client.run(Command::new("/ip/address/add"), LATER), async {
        let (_, tag) = router.hear_tagged().await;
        router.say(&["!done", "=ret=*3", &tag]).await;
    });
    assert_eq!(reply, Ok(Reply { ret: Some("*3".into()) }));
}

#[tokio::test(start_paused = true)]
async fn traps_wait_for_done_and_repeated_ones_count_once() {
    let (client, mut router) = town();
    let (reply, ()) = tokio::join!(run_x(&client), async {
        let (_, tag) = router.hear_tagged().await;
        for message in ["=message=no such item", "=message=no such item", "=message=other"] {
            router.say(&["!trap", message, "=category=0", &tag]).await;
        }
        router.say(&["!done", &tag]).await;
    });
    let Err(Error::Trap(traps)) = reply else { panic!("{reply:?}") };
    assert_eq!((traps.kind(), traps.category, traps.iter().count()), (TrapKind::NoSuchItem, Some(0), 2));
    assert_eq!(traps.to_string(), "no such item; other");
}

#[tokio::test(start_paused = true)]
async fn replies_may_be_interleaved_and_cut_anywhere() {
    let (client, mut router) = town();
    let (first, second, ()) =
        tokio::join!(print::<AnyRow>(&client, "/a"), print::<AnyRow>(&client, "/b"), async {
            let ((_, a), (_, b)) = (router.hear_tagged().await, router.hear_tagged().await);
            let mut wire = Vec::new();
            for words in [["!re", "=n=1", &a], ["!re", "=n=2", &b], ["!re", "=n=3", &a]] {
                encode_sentence(words, &mut wire).unwrap();
            }
            encode_sentence(["!done", &b], &mut wire).unwrap();
            encode_sentence(["!done", &a], &mut wire).unwrap();
            for byte in wire {
                router.say_bytes(&[byte]).await;
                tokio::task::yield_now().await;
            }
        });
    let numbers = |rows: Result<Vec<AnyRow>, Error>| -> Vec<String> {
        rows.unwrap().iter().map(|row| row.get("N").unwrap().to_owned()).collect()
    };
    assert_eq!((numbers(first), numbers(second)), (vec!["1".into(), "3".into()], vec!["2".into()]));
}

#[tokio::test(start_paused = true)]
async fn a_dropped_command_is_cancelled_and_its_late_answer_ignored() {
    let (client, mut router) = town();
    let tag = tokio::select! {
        _ = run_x(&client) => panic!("nobody answered"),
        (_, tag) = router.hear_tagged() => tag,
    };
    router.say(&["!re", "=late=1", &tag]).await;
    router.hear_cancel(&tag).await;
    works(&client, &mut router).await;
}

#[tokio::test(start_paused = true)]
async fn a_command_without_an_answer_costs_its_deadline_and_is_cancelled() {
    let (client, mut router) = town();
    let start = Instant::now();
    assert_eq!(client.run(Command::new("/x"), SOON).await, Err(Error::Deadline));
    assert_eq!(start.elapsed().as_secs(), SOON.as_secs());
    let (_, tag) = router.hear_tagged().await;
    router.hear_cancel(&tag).await;
    works(&client, &mut router).await;
}

#[tokio::test(start_paused = true)]
async fn a_listen_reports_rows_and_deaths_until_it_is_dropped() {
    let (client, mut router) = town();
    let mut listen: Listen<PppActive> = client.listen(Command::new("/ppp/active/listen")).await.unwrap();
    let (words, tag) = router.hear_tagged().await;
    assert_eq!(words, ["/ppp/active/listen"]);
    router.say(&["!re", "=.id=*1", "=name=ann", &tag]).await;
    router.say(&["!re", &tag, "=.id=*1", "=.dead=true"]).await;
    router.say(&["!re", "=.id=*2", "=.dead=yes", &tag]).await;
    let Some(Ok(Change::Row(row))) = listen.next().await else { panic!() };
    assert_eq!(row.name, "ann");
    for id in ["*1", "*2"] {
        assert_eq!(listen.next().await, Some(Ok(Change::Dead { id: Some(id.into()) })));
    }
    works(&client, &mut router).await;
    drop(listen);
    router.hear_cancel(&tag).await;
    works(&client, &mut router).await;
}

#[tokio::test(start_paused = true)]
async fn a_listen_that_the_router_refuses_says_why_and_ends() {
    let (client, mut router) = town();
    let mut listen: Listen<PppActive> = client.listen(Command::new("/ppp/active/listen")).await.unwrap();
    let (_, tag) = router.hear_tagged().await;
    router.say(&["!trap", "=message=not enough permissions (9)", &tag]).await;
    router.say(&["!done", &tag]).await;
    let Some(Err(Error::Trap(traps))) = listen.next().await else { panic!() };
    assert_eq!(traps.kind(), TrapKind::NotPermitted);
    assert_eq!(listen.next().await, None);
}

#[tokio::test(start_paused = true)]
async fn a_reader_who_is_too_slow_is_told_after_what_was_kept() {
    for change in [(|options| options.listen_changes = 3) as fn(&mut ClientOptions), |options| {
        options.listen_bytes = 65
    }] {
        let (client, mut router) = town_with(change);
        let mut listen: Listen<AnyRow> = client.listen(Command::new("/x/listen")).await.unwrap();
        let (_, tag) = router.hear_tagged().await;
        for _ in 0..4 {
            router.say(&["!re", "=.id=*1", &tag]).await;
        }
        router.hear_cancel(&tag).await;
        for _ in 0..3 {
            assert!(matches!(listen.next().await, Some(Ok(Change::Row(_)))));
        }
        assert_eq!(listen.next().await, Some(Err(Error::Lagged)));
        assert_eq!(listen.next().await, None);
        works(&client, &mut router).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_reply_beyond_its_rows_or_bytes_is_cancelled_and_no_result() {
    let limits = |rows, bytes| move |options: &mut ClientOptions| options.reply = ReplyLimits { rows, bytes };
    for ((client, mut router), rows, bytes) in [
        (town_with(limits(2, 1000)), 3, 63),
        (town_with(limits(9, 41)), 2, 42),
        (town_with(|options| options.connection_bytes = 2 * (21 * 48 + size_of::<AnyRow>())), 3, 63),
    ] {
        let (reply, ()) = tokio::join!(print::<AnyRow>(&client, "/x"), async {
            let (_, tag) = router.hear_tagged().await;
            for _ in 0..rows {
                router.say(&["!re", "=name=12", &tag]).await;
            }
            router.hear_cancel(&tag).await;
        });
        assert_eq!(reply, Err(Error::TooLarge { rows, bytes }));
        works(&client, &mut router).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_reply_for_which_all_together_leave_no_room_is_refused_alone() {
    // Half of it is for small replies.
    let budget = Budget::new(2 * 2 * (21 * 48 + size_of::<AnyRow>()));
    let with_budget = |options: &mut ClientOptions| options.budget = Some(budget.clone());
    let (first, mut first_router) = town_with(with_budget);
    let (second, mut second_router) = town_with(with_budget);
    let read = async |client: &Client| client.print::<AnyRow>(Command::new("/x"), LATER).await;
    let two_rows = async |router: &mut Router| {
        let (_, tag) = router.hear_tagged().await;
        router.say(&["!re", "=name=12", &tag]).await;
        router.say(&["!re", "=name=12", &tag]).await;
        tag
    };
    let done = async |router: &mut Router| {
        let tag = two_rows(router).await;
        router.say(&["!done", &tag]).await;
    };
    let (held, ()) = tokio::join!(read(&first), done(&mut first_router));
    let held = held.unwrap();
    assert!(held.len() == 2 && budget.taken() > 0);
    let (refused, ()) = tokio::join!(read(&second), async {
        let tag = two_rows(&mut second_router).await;
        second_router.hear_cancel(&tag).await;
    });
    assert_eq!(refused.err(), Some(Error::Crowded));
    let (rows, hold) = held.into_parts();
    drop(rows);
    assert!(budget.taken() > 0, "as long as something is made of them");
    drop(hold);
    assert_eq!(budget.taken(), 0);
    let (again, ()) = tokio::join!(read(&second), done(&mut second_router));
    assert_eq!(again.map(|rows| rows.len()).ok(), Some(2));
    assert_eq!(budget.taken(), 0);
}

#[tokio::test(start_paused = true)]
async fn fatal_ends_everything_with_its_reason_in_both_forms() {
    for (words, reason) in [
        (&["!fatal", "session terminated on request"][..], "session terminated on request"),
        (&["!fatal", "=message=not logged in"], "not logged in"),
        (&["!fatal"], ""),
    ] {
        let (client, mut router) = town();
        let (reply, ()) = tokio::join!(run_x(&client), async {
            router.hear().await;
            router.say(words).await;
        });
        let closed = CloseReason::Fatal(reason.into());
        assert_eq!(reply, Err(Error::Closed(closed.clone())));
        assert_eq!(client.closed().await, closed);
        assert_eq!(run_x(&client).await, Err(Error::Closed(closed)));
    }
}

#[tokio::test(start_paused = true)]
async fn a_router_that_hangs_up_ends_commands_and_listens() {
    let (client, mut router) = town();
    let mut listen: Listen<AnyRow> = client.listen(Command::new("/x/listen")).await.unwrap();
    let (reply, ()) = tokio::join!(run_x(&client), async {
        router.hear().await;
        router.hear().await;
        router.stream.shutdown().await.unwrap();
    });
    assert_eq!(reply, Err(Error::Closed(CloseReason::Eof)));
    assert_eq!(listen.next().await, Some(Err(Error::Closed(CloseReason::Eof))));
    assert_eq!(client.close_reason(), Some(CloseReason::Eof));
}

#[tokio::test(start_paused = true)]
async fn what_is_not_the_protocol_closes_the_connection() {
    let (client, mut router) = town();
    router.say_bytes(b"\xFFHTTP/1.1 400").await;
    let error = DecodeError::ReservedLength { first: 0xFF };
    assert_eq!(client.closed().await, CloseReason::Decode(error));
}

#[tokio::test(start_paused = true)]
async fn long_words_are_taken_after_the_login_only() {
    let long = "x".repeat(100_000);
    let (client, mut router) = town();
    router.stream.write_all(&[0xC1, 0x86, 0xA0]).await.unwrap();
    let error = DecodeError::WordTooLong { length: 100_000, limit: 65_536 };
    assert_eq!(client.closed().await, CloseReason::Decode(error));

    let (client, mut router) = logged_in_town().await;
    let (reply, ()) = tokio::join!(print::<AnyRow>(&client, "/x"), async {
        let (_, tag) = router.hear_tagged().await;
        router.say(&["!re", &format!("=long={long}"), &tag]).await;
        router.say(&["!done", &tag]).await;
    });
    assert_eq!(reply.unwrap()[0].get("long"), Some(long.as_str()));
}

#[tokio::test(start_paused = true)]
async fn a_router_that_ignores_a_cancel_is_hung() {
    let (client, _router) = town();
    let start = Instant::now();
    assert_eq!(client.run(Command::new("/x"), SOON).await, Err(Error::Deadline));
    assert_eq!(client.closed().await, CloseReason::CancelIgnored);
    assert_eq!(start.elapsed().as_secs(), 15);
}

#[tokio::test(start_paused = true)]
async fn a_silent_router_is_probed_and_left_when_it_stays_silent() {
    let (client, mut router) = logged_in_town().await;
    let start = Instant::now();
    let (words, tag) = router.hear_tagged().await;
    assert_eq!((words[0].as_str(), start.elapsed().as_secs()), ("/system/identity/print", 15));
    router.say(&["!re", "=name=MikroTik", &tag]).await;
    router.say(&["!done", &tag]).await;
    let (words, _) = router.hear_tagged().await;
    assert_eq!((words[0].as_str(), start.elapsed().as_secs()), ("/system/identity/print", 30));
    assert_eq!(client.closed().await, CloseReason::KeepAlive);
    assert_eq!(start.elapsed().as_secs(), 40);
}

#[tokio::test(start_paused = true)]
async fn single_bytes_are_no_sign_of_life() {
    let (client, mut router) = logged_in_town().await;
    let start = Instant::now();
    let trickle = async {
        router.hear_tagged().await;
        for byte in b"\x05!done\x06.tag=1\x00" {
            router.say_bytes(&[*byte]).await;
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    };
    tokio::select! {
        reason = client.closed() => assert_eq!(reason, CloseReason::KeepAlive),
        () = trickle => panic!("a whole reply came first"),
    }
    assert_eq!(start.elapsed().as_secs(), 25);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_probed_before_the_login() {
    let (_client, mut router) = town();
    assert!(tokio::time::timeout(LATER, router.hear()).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn close_cancels_what_runs_and_says_goodbye() {
    let (client, mut router) = town();
    let listen: Listen<AnyRow> = client.listen(Command::new("/x/listen")).await.unwrap();
    let (reply, reason, ()) = tokio::join!(run_x(&client), client.close(), async {
        let ((_, listened), (_, ran)) = (router.hear_tagged().await, router.hear_tagged().await);
        for tag in [listened, ran] {
            assert_eq!(router.hear().await[1], format!("={}", &tag[1..]));
        }
        assert_eq!(router.hear().await, ["/quit"]);
        router.say(&["!fatal", "session terminated on request"]).await;
        assert_eq!(router.hear_or_end().await, None);
    });
    assert_eq!((reply, reason), (Err(Error::Closed(CloseReason::Closed)), CloseReason::Closed));
    drop(listen);
}

#[tokio::test(start_paused = true)]
async fn close_does_not_wait_for_a_hung_router() {
    let (client, _router) = town();
    let start = Instant::now();
    assert_eq!(client.close().await, CloseReason::Closed);
    assert_eq!(start.elapsed().as_secs(), 1);
    assert_eq!(client.close().await, CloseReason::Closed);
}

#[tokio::test(start_paused = true)]
async fn the_last_handle_takes_leave() {
    let (client, mut router) = town();
    drop(client);
    assert_eq!(router.hear().await, ["/quit"]);
    assert_eq!(router.hear_or_end().await, None);
}

#[tokio::test(start_paused = true)]
async fn a_large_command_and_a_large_reply_do_not_block_each_other() {
    let (client, mut router) = logged_in_town().await;
    let large = "x".repeat(200_000);
    let (reply, ()) = tokio::join!(print::<AnyRow>(&client, "/a"), async {
        let (_, tag) = router.hear_tagged().await;
        let ask = client.run(Command::new("/b").attr("large", &large), LATER);
        let answer = async {
            router.say(&["!re", &format!("=large={large}"), &tag]).await;
            router.say(&["!done", &tag]).await;
            let (words, tag) = router.hear_tagged().await;
            assert_eq!(words[1].len(), large.len() + 7);
            router.say(&["!done", &tag]).await;
        };
        let (ran, ()) = tokio::join!(ask, answer);
        assert!(ran.is_ok());
    });
    assert_eq!(reply.unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_command_that_cannot_be_written_is_not_sent() {
    let (client, mut router) = town();
    let empty = client.run(Command::new(""), LATER).await;
    assert_eq!(empty, Err(Error::Command(EncodeError::EmptyWord)));
    works(&client, &mut router).await;
}

#[test]
fn everything_public_can_be_sent_to_another_thread() {
    fn send<T: Send + 'static>() {}
    fn future<T: Send>(_: impl FnOnce(&'static Client) -> T) {}
    send::<(Client, Command, Error, CloseReason, Listen<Arp>, Change<Arp>)>();
    send::<(Stream<TcpStream>, ConnectError)>();
    future(|client| client.print::<Arp>(Command::new("/x"), LATER));
    future(|client| client.listen::<Arp>(Command::new("/x")));
    future(|client| client.login("a", "b", Default::default()));
    future(Client::close);
}
