//! The client against a scripted router.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::time::Duration;

use routeros::{
    client::{Client, ClientOptions, CloseReason, Command, Error, LoginForm},
    codec::{Decoder, Limits, encode_sentence},
    menu::PppActive,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

struct Router {
    stream: DuplexStream,
    decoder: Decoder,
}

impl Router {
    async fn expect(&mut self) -> Vec<String> {
        loop {
            if let Some(sentence) = self.decoder.next().unwrap() {
                return sentence.words().map(|w| String::from_utf8_lossy(w).into_owned()).collect();
            }
            assert!(self.stream.read_buf(self.decoder.read_buffer()).await.unwrap() > 0, "eof");
        }
    }
    async fn say(&mut self, words: &[&str]) {
        let mut out = Vec::new();
        encode_sentence(words, &mut out).unwrap();
        self.stream.write_all(&out).await.unwrap();
    }
}

fn town() -> (Client, Router) {
    let (ours, theirs) = duplex(4096);
    (
        Client::new(ours, ClientOptions::default()),
        Router { stream: theirs, decoder: Decoder::new(Limits::default()) },
    )
}

const SOON: Duration = Duration::from_secs(5);

#[tokio::test(start_paused = true)]
async fn a_printed_table_arrives_as_structs() {
    let (client, mut router) = town();
    let answer = async {
        assert_eq!(router.expect().await, ["/login", "=name=api", "=password=secret"]);
        router.say(&["!done"]).await;
        let words = router.expect().await;
        assert_eq!(words[0], "/ppp/active/print");
        let tag = words.last().unwrap().clone();
        router.say(&["!re", "=.id=*1", "=name=ann", "=uptime=1d02:15:30", &tag]).await;
        router.say(&["!done", &tag]).await;
        assert_eq!(router.expect().await, ["/quit"]);
        router.say(&["!fatal", "session terminated on request"]).await;
    };
    let ask = async {
        client.login("api", "secret", LoginForm::Modern).await.unwrap();
        let rows: Vec<PppActive> = client.print(Command::new("/ppp/active/print"), SOON).await.unwrap();
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].name, "ann");
        assert_eq!(rows[0].uptime, Some(Duration::from_secs(94_530)));
        assert_eq!(client.close().await, CloseReason::Closed);
    };
    tokio::join!(answer, ask);
}

#[tokio::test(start_paused = true)]
async fn a_hung_router_costs_the_deadline_and_gets_a_cancel() {
    let (client, mut router) = town();
    let answer = client.run(Command::new("/x"), SOON).await;
    assert_eq!(answer, Err(Error::Deadline));
    let words = router.expect().await;
    let cancel = router.expect().await;
    assert_eq!(cancel[0], "/cancel");
    assert_eq!(format!(".{}", &cancel[1][1..]), words[1]);
}
