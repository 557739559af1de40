//! A router that says what it is told, and the town it stands in.

use std::time::Duration;

use routeros::{
    client::{Client, ClientOptions, Command, Error},
    codec::{Decoder, Limits, encode_sentence},
};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

/// A deadline that no test means to reach.
pub(crate) const LATER: Duration = Duration::from_secs(3_600);

pub(crate) struct Router {
    pub(crate) stream: DuplexStream,
    decoder: Decoder,
}

/// A client and the router at the other end of its stream.
pub(crate) fn town() -> (Client, Router) {
    town_with(|_| {})
}

/// The same with options other than the default.
pub(crate) fn town_with(change: impl FnOnce(&mut ClientOptions)) -> (Client, Router) {
    let (ours, router) = Router::beside();
    let mut options = ClientOptions::default();
    change(&mut options);
    (Client::new(ours, options), router)
}

/// A client that is logged in.
pub(crate) async fn logged_in_town() -> (Client, Router) {
    let (client, mut router) = town();
    let (login, ()) = tokio::join!(client.login("api", "secret", Default::default()), async {
        router.hear().await;
        router.say(&["!done"]).await;
    });
    login.unwrap();
    (client, router)
}

impl Router {
    /// A router and the client's end of the stream to it.
    pub(crate) fn beside() -> (DuplexStream, Self) {
        let (ours, stream) = duplex(4096);
        (ours, Self { stream, decoder: Decoder::new(Limits::default()) })
    }

    /// The words of the next command, or `None` when the client hung up.
    pub(crate) async fn hear_or_end(&mut self) -> Option<Vec<String>> {
        loop {
            if let Some(sentence) = self.decoder.next().unwrap() {
                return Some(sentence.words().map(|word| String::from_utf8_lossy(word).into()).collect());
            }
            if self.stream.read_buf(self.decoder.read_buffer()).await.unwrap() == 0 {
                return None;
            }
        }
    }

    /// The words of the next command.
    pub(crate) async fn hear(&mut self) -> Vec<String> {
        self.hear_or_end().await.expect("the client hung up")
    }

    /// The words of the next command, and its tag apart, as `.tag=7`.
    pub(crate) async fn hear_tagged(&mut self) -> (Vec<String>, String) {
        let mut words = self.hear().await;
        let tag = words.iter().position(|word| word.starts_with(".tag=")).expect("a command without a tag");
        let tag = words.remove(tag);
        (words, tag)
    }

    /// Hears the cancel of the command with `tag` and ends both, as RouterOS does.
    pub(crate) async fn hear_cancel(&mut self, tag: &str) {
        let (words, own) = self.hear_tagged().await;
        assert_eq!(words, ["/cancel".to_owned(), format!("={}", &tag[1..])]);
        self.say(&["!trap", "=category=2", "=message=interrupted", tag]).await;
        self.say(&["!done", &own]).await;
        self.say(&["!done", tag]).await;
    }

    pub(crate) async fn say<W: AsRef<[u8]>>(&mut self, words: &[W]) {
        let mut wire = Vec::new();
        encode_sentence(words, &mut wire).unwrap();
        self.say_bytes(&wire).await;
    }

    pub(crate) async fn say_bytes(&mut self, wire: &[u8]) {
        self.stream.write_all(wire).await.unwrap();
    }
}

/// Runs `/x`, for tests to whom the command does not matter.
pub(crate) async fn run_x(client: &Client) -> Result<(), Error> {
    client.run(Command::new("/x"), LATER).await.map(drop)
}

/// Whether a command still gets its answer.
pub(crate) async fn works(client: &Client, router: &mut Router) {
    let (reply, ()) = tokio::join!(run_x(client), async {
        let (_, tag) = router.hear_tagged().await;
        router.say(&["!done", &tag]).await;
    });
    assert_eq!(reply, Ok(()));
}
