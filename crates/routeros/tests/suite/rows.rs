//! Tables through the client, which reads most rows in one walk, against rows read one by one.

use rand::{RngExt, SeedableRng, rngs::StdRng};
use routeros::{
    FieldOrder, FromRow,
    client::{Client, Command, Error},
    codec::{Decoder, Limits, encode_sentence},
    menu::Arp,
};

use crate::router::{LATER, Router, town, town_with};

/// A row with some of the fields in some order, unknown fields, and its tag anywhere.
fn row(random: &mut StdRng, tag: &str) -> Vec<String> {
    let long = "x".repeat(random.random_range(100..300));
    let fields = [
        "=.id=*1F".to_owned(),
        "=address=10.0.0.1".into(),
        "=address=fe80::1".into(),
        "=mac-address=08:00:27:CE:A3:7E".into(),
        "=mac-address=".into(),
        "=interface=ether1".into(),
        "=status=stale".into(),
        "=dynamic=true".into(),
        "=DHCP=yes".into(),
        "=complete=false".into(),
        "=unknown=1".into(),
        "=comment=caf\u{e9}".into(),
        "=comment=.tag=1".into(),
        "=comment=a=b=c".into(),
        "=comment=".into(),
        format!("=comment={long}"),
        "=comment".into(),
    ];
    let mut words = vec!["!re".to_owned()];
    let usual = random.random_range(0..10) > 0;
    for field in fields.iter().filter(|_| random.random_range(0..4) > 0) {
        if !(usual && field.len() > 40) {
            words.push(field.clone());
        }
    }
    let place = if usual { words.len() } else { random.random_range(1..=words.len()) };
    words.insert(place, tag.into());
    words
}

/// The same row without the client.
fn read_alone(words: &[String]) -> Arp {
    let mut wire = Vec::new();
    encode_sentence(words, &mut wire).unwrap();
    let mut decoder = Decoder::new(Limits::default());
    decoder.feed(&wire);
    Arp::read_row(decoder.next().unwrap().unwrap(), &mut FieldOrder::default(), |odd| panic!("{odd}"))
}

/// Says a table for each tag, mixed, in pieces that cut anywhere, and returns the rows of each.
async fn say_tables(router: &mut Router, random: &mut StdRng, tags: &[String]) -> Vec<Vec<Arp>> {
    let mut tables = vec![vec![]; tags.len()];
    let mut wire = Vec::new();
    let mut turn = 0;
    for _ in 0..random.random_range(0..400) {
        if random.random_range(0..20) == 0 {
            turn = random.random_range(0..tags.len());
        }
        let words = row(random, &tags[turn]);
        tables[turn].push(read_alone(&words));
        encode_sentence(&words, &mut wire).unwrap();
    }
    for tag in tags {
        encode_sentence(["!done", tag], &mut wire).unwrap();
    }
    let mut rest = &wire[..];
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(random.random_range(1..=rest.len().min(2_000)));
        router.say_bytes(piece).await;
        rest = after;
    }
    tables
}

async fn print(client: &Client) -> Result<Vec<Arp>, Error> {
    client.print(Command::new("/ip/arp/print"), LATER).await.map(|table| table.into_parts().0)
}

#[tokio::test(start_paused = true)]
async fn tables_survive_any_cut_and_any_mixture() {
    let mut random = StdRng::seed_from_u64(4);
    let (client, mut router) = town();
    for _ in 0..60 {
        let (first, second, tables) = tokio::join!(print(&client), print(&client), async {
            let tags = [router.hear_tagged().await.1, router.hear_tagged().await.1];
            say_tables(&mut router, &mut random, &tags).await
        });
        assert_eq!(vec![first.unwrap(), second.unwrap()], tables);
    }
}

#[tokio::test(start_paused = true)]
async fn a_table_in_one_piece_is_bounded_too() {
    let (client, mut router) = town_with(|options| options.reply.rows = 50);
    let (rows, ()) = tokio::join!(print(&client), async {
        let (_, tag) = router.hear_tagged().await;
        let mut wire = Vec::new();
        for _ in 0..60 {
            encode_sentence(["!re", "=dynamic=true", &tag], &mut wire).unwrap();
        }
        router.say_bytes(&wire).await;
        router.hear_cancel(&tag).await;
    });
    let length = "!re".len() + "=dynamic=true".len() + ".tag=1".len() + 4;
    assert_eq!(rows, Err(Error::TooLarge { rows: 51, bytes: 51 * length }));
}
