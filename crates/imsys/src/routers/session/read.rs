//! What is read from routers as values: a request that can be sent to the process that owns the router, and its answer,
//! which can be sent back.

use super::Trouble;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use routeros::client::Client;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::HashMap;
use std::sync::Arc;

/// Something that is read from a router over its one connection. A slice implements it for each of its reads, and names
/// it in the list that the broker is made with.
pub trait RouterRead: Serialize + DeserializeOwned + Send + 'static {
    /// What it comes to.
    type Answer: Serialize + DeserializeOwned + Send + 'static;
    /// Tells it apart between processes.
    const NAME: &'static str;

    /// Reads it. Dropping the future cancels what is asked of the router.
    fn run(self, client: &Client) -> impl Future<Output = Result<Self::Answer, Trouble>> + Send;
}

type Run = fn(Client, Vec<u8>) -> BoxFuture<'static, Result<Vec<u8>, Trouble>>;

/// The reads that a process does for others, by name.
#[derive(Clone, Default)]
pub struct Reads(Arc<HashMap<&'static str, Run>>);

impl Reads {
    /// These and `R`.
    ///
    /// # Panics
    /// When there is one of that name.
    #[must_use]
    pub fn with<R: RouterRead>(mut self) -> Self {
        let known = Arc::make_mut(&mut self.0).insert(R::NAME, run::<R>);
        assert!(known.is_none(), "two reads are called {}", R::NAME);
        self
    }

    /// Does what another process has asked for.
    pub(super) async fn run(&self, name: &str, client: Client, request: Vec<u8>) -> Result<Vec<u8>, Trouble> {
        let run = self.0.get(name).ok_or_else(other_version)?;
        run(client, request).await
    }
}

fn run<R: RouterRead>(client: Client, request: Vec<u8>) -> BoxFuture<'static, Result<Vec<u8>, Trouble>> {
    let work = async move {
        let request: R = decode(&request)?;
        encode(&request.run(&client).await?)
    };
    work.boxed()
}

pub(super) fn encode(value: &impl Serialize) -> Result<Vec<u8>, Trouble> {
    postcard::to_allocvec(value).map_err(|error| Trouble::Failed(error.to_string()))
}

/// What another process has written.
pub(super) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Trouble> {
    postcard::from_bytes(bytes).map_err(|_| other_version())
}

/// The other process speaks of what this one does not know.
pub(crate) fn other_version() -> Trouble {
    Trouble::Failed(
        "the process that serves the router is of another version: run the same one everywhere".into(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use routeros::client::ClientOptions;
    use serde::Deserialize;

    #[derive(Serialize, Deserialize)]
    struct Double(u32);

    impl RouterRead for Double {
        type Answer = u32;
        const NAME: &'static str = "double";

        async fn run(self, _: &Client) -> Result<u32, Trouble> {
            Ok(self.0 * 2)
        }
    }

    #[tokio::test]
    async fn a_read_is_done_by_its_name_and_what_is_not_known_is_refused_in_words() {
        let reads = Reads::default().with::<Double>();
        let (stream, _router) = tokio::io::duplex(1);
        let client = Client::new(stream, ClientOptions::default());
        let ask = async |name, request| reads.run(name, client.clone(), request).await;
        assert_eq!(ask("double", encode(&Double(4)).unwrap()).await, encode(&8_u32));
        for refused in [ask("treble", vec![4]).await, ask("double", vec![]).await] {
            let trouble = refused.unwrap_err();
            assert!(trouble.to_string().contains("another version"), "{trouble}");
        }
    }
}
