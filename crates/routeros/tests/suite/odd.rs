//! One odd value is one odd value: it costs its field, never its row, the table or the connection.

use std::{
    fmt::Debug,
    sync::{Arc, Mutex},
};

use routeros::{
    FieldError, FieldOrder, FromRow,
    client::{Client, ClientOptions, Command, Reply},
    codec::{Decoder, Limits, encode_sentence},
    menu,
};

use crate::router::{LATER, Router};

/// What a field may say; the first that a field takes is its plain value.
const PLAIN: [&str; 8] =
    ["true", "7", "1m", "10.0.0.9", "10.0.0.9/24", "02:00:5E:00:53:09", "1/2", "2026-01-02 03:04:05"];

/// What a field may say beside it, most of it seen on routers or nearly so.
const ODD: [&str; 16] = [
    "",
    "perhaps",
    "never",
    "1y2w3d",
    "3d1w",
    "-1",
    "18446744073709551616",
    "100.64.0.2/32",
    "100.64.0.2/33",
    "100.64.0",
    "fe80::1%ether1",
    "02:00:5E:00:53",
    "192168100150",
    "1/",
    "feb/30/2026 00:00:00",
    "\0",
];

/// The fields that are looked at in rows of `T`.
fn fields<T: FromRow>() -> Vec<&'static str> {
    let whole = match T::MENU {
        "/tool/ping" => "seq,host,size,ttl,time,status,sent,received,packet-loss,min-rtt,avg-rtt,max-rtt",
        "/system/device-mode" => "mode,fetch,scheduler,flagged",
        _ => "",
    };
    T::PROPLIST.unwrap_or(whole).split(',').collect()
}

fn word(field: &str, value: &str) -> String {
    format!("={field}={value}")
}

/// Reads a row, and what was odd in it.
fn read<T: FromRow>(words: &[String]) -> (T, Vec<FieldError>) {
    let mut wire = Vec::new();
    encode_sentence(words, &mut wire).unwrap();
    let mut decoder = Decoder::new(Limits::default());
    decoder.feed(&wire);
    let mut odd = Vec::new();
    let row = decoder.next().unwrap().unwrap();
    let row = T::read_row(row, &mut FieldOrder::default(), |error| odd.push(error.clone()));
    (row, odd)
}

/// A row in which every field says something plain.
fn plain<T: FromRow>() -> Vec<String> {
    let value = |field: &&str| {
        let takes = |value: &&&str| read::<T>(&["!re".into(), word(field, value)]).1.is_empty();
        word(field, PLAIN.iter().find(takes).expect("every type has a plain value"))
    };
    ["!re".to_owned()].into_iter().chain(fields::<T>().iter().map(value)).collect()
}

/// Says rows of `T` to a client, each with one field that may be odd between rows that are plain.
async fn check<T: FromRow + PartialEq + Debug>() {
    let plain = plain::<T>();
    let (mut said, mut expected, mut odd) = (Vec::new(), Vec::new(), Vec::new());
    for (place, field) in fields::<T>().into_iter().enumerate() {
        for value in ODD {
            let mut words = plain.clone();
            words[place + 1] = word(field, value);
            let (row, told) = read::<T>(&words);
            if let Some(error) = told.first() {
                words.remove(place + 1);
                assert_eq!((&row, told.len()), (&read::<T>(&words).0, 1), "{field}={value}");
                assert!(error.menu == T::MENU && error.field.eq_ignore_ascii_case(field), "{error}");
                words.insert(place + 1, word(field, value));
            }
            odd.extend(told);
            expected.extend([row, read::<T>(&plain).0]);
            said.extend([words, plain.clone()]);
        }
    }
    let (client, mut router, told) = watched_town();
    let print = client.print::<T>(Command::new(T::MENU), LATER);
    let (rows, ()) = tokio::join!(print, async {
        let (_, tag) = router.hear_tagged().await;
        for mut words in said {
            words.push(tag.clone());
            router.say(&words).await;
        }
        router.say(&["!done", &tag]).await;
    });
    assert!(*rows.unwrap() == expected, "{}: a table is another than its rows", T::MENU);
    assert_eq!(*told.lock().unwrap(), odd, "{}: each is told once, in order", T::MENU);
    let (works, ()) = tokio::join!(client.run(Command::new("/x"), LATER), async {
        let (_, tag) = router.hear_tagged().await;
        router.say(&["!done", &tag]).await;
    });
    assert_eq!(works, Ok(Reply::default()));
}

type Told = Arc<Mutex<Vec<FieldError>>>;

/// A client whose odd fields are noted down.
fn watched_town() -> (Client, Router, Told) {
    let told = Told::default();
    let (ours, router) = Router::beside();
    let note = Arc::clone(&told);
    let odd = move |error: &FieldError| note.lock().unwrap().push(error.clone());
    (Client::watched(ours, ClientOptions::default(), Arc::new(odd)), router, told)
}

#[tokio::test(start_paused = true)]
async fn one_odd_field_in_a_row_of_any_menu_is_not_said_and_nothing_else_is_lost() {
    check::<menu::Arp>().await;
    check::<menu::DeviceMode>().await;
    check::<menu::DhcpLease>().await;
    check::<menu::DhcpServer>().await;
    check::<menu::Identity>().await;
    check::<menu::Interface>().await;
    check::<menu::IpAddress>().await;
    check::<menu::IpService>().await;
    check::<menu::Neighbor>().await;
    check::<menu::PingRow>().await;
    check::<menu::PppActive>().await;
    check::<menu::PppProfile>().await;
    check::<menu::PppSecret>().await;
    check::<menu::Resource>().await;
    check::<menu::SimpleQueue>().await;
    check::<menu::User>().await;
    check::<menu::UserActive>().await;
    check::<menu::UserGroup>().await;
}

#[tokio::test(start_paused = true)]
async fn a_listen_goes_on_behind_an_odd_field() {
    let (client, mut router, told) = watched_town();
    let mut listen = client.listen::<menu::PppActive>(Command::new("/ppp/active/listen")).await.unwrap();
    let (_, tag) = router.hear_tagged().await;
    router.say(&["!re", "=.id=*1", "=name=ana", "=radius=", "=uptime=1y2w3d", &tag]).await;
    router.say(&["!re", "=.id=*2", "=name=bo", "=address=100.64.0.2/32", &tag]).await;
    for name in ["ana", "bo"] {
        let Some(Ok(routeros::client::Change::Row(row))) = listen.next().await else {
            panic!("{name} was not told")
        };
        assert_eq!((row.name.as_str(), row.address), (name, None));
        assert_eq!(row.uptime.map(|uptime| uptime.as_secs() / 86_400), (name == "ana").then_some(382));
    }
    let told: Vec<_> = told.lock().unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "/ppp/active radius: expected true or false, found \"\"",
            "/ppp/active address: expected an IP address, found \"100.64.0.2/32\"",
        ]
    );
}
