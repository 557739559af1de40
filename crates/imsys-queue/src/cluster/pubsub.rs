//! Messages between processes, over Redis' channels.

use super::Cluster;
use crate::port::Result;
use futures_util::StreamExt;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};

/// Messages that may wait to be read; while so many do, no more are taken from Redis.
const WAITING: usize = 4096;
/// The wait before a lost subscription is made anew.
const AGAIN: Duration = Duration::from_millis(500);
/// What connecting and subscribing may take.
const START: Duration = Duration::from_secs(5);
/// How often a process says something to itself, to know that it is heard.
const BEAT: Duration = Duration::from_secs(5);
/// A subscription that brings nothing for so long, not even that, is dead, whatever its socket says.
const SILENT: Duration = Duration::from_secs(16);

/// What an inbox brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// For this process alone.
    Mine(Vec<u8>),
    /// For every process; the one that said it hears it too.
    All(Vec<u8>),
    /// Something may have been missed.
    Gap,
}

/// What others say to this process. Dropping it ends the subscription.
pub struct Inbox(mpsc::Receiver<Heard>);

impl Inbox {
    /// The next thing; waits for it, over losses of the connection too.
    pub async fn next(&mut self) -> Heard {
        match self.0.recv().await {
            Some(heard) => heard,
            // Its task ends with the runtime alone.
            None => std::future::pending().await,
        }
    }
}

impl Cluster {
    /// Says something to one member; whether it was listening.
    ///
    /// # Errors
    /// Redis cannot be reached.
    pub async fn tell(&self, member: &str, message: &[u8]) -> Result<bool> {
        Ok(self.publish(&self.own(member), message).await? > 0)
    }

    /// Says something to every process, this one too.
    ///
    /// # Errors
    /// Redis cannot be reached.
    pub async fn tell_all(&self, message: &[u8]) -> Result<()> {
        self.publish(&self.all(), message).await.map(|_| ())
    }

    /// Begins to listen. Must be called inside a Tokio runtime.
    pub fn listen(&self) -> Inbox {
        let (tell, heard) = mpsc::channel(WAITING);
        let cluster = self.clone();
        tokio::spawn(async move {
            while !tell.is_closed() {
                if let Err(error) = cluster.subscribe(&tell).await {
                    tracing::warn!(%error, "other processes are not heard");
                }
                sleep(AGAIN).await;
            }
        });
        Inbox(heard)
    }

    /// Where one member listens.
    fn own(&self, member: &str) -> String {
        self.link.key(format_args!("to:{member}"))
    }

    /// Where everybody listens.
    fn all(&self) -> String {
        self.link.key("all")
    }

    async fn publish(&self, channel: &str, message: &[u8]) -> Result<i64> {
        let mut publish = redis::cmd("PUBLISH");
        publish.arg(channel).arg(message);
        self.link.ask(publish).await
    }

    /// Passes on what is said until the connection breaks or nobody listens any more.
    async fn subscribe(&self, tell: &mpsc::Sender<Heard>) -> redis::RedisResult<()> {
        let (own, all) = (self.own(self.member()), self.all());
        let begin = async {
            let mut channels = self.link.client()?.get_async_pubsub().await?;
            channels.subscribe(&[&own, &all]).await?;
            redis::RedisResult::Ok(channels)
        };
        let late = |_| redis::RedisError::from(std::io::Error::from(std::io::ErrorKind::TimedOut));
        let channels = timeout(START, begin).await.map_err(late)??;
        let mut said = channels.into_on_message();
        if tell.send(Heard::Gap).await.is_err() {
            return Ok(());
        }
        let mut beats = tokio::time::interval(BEAT);
        beats.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let beat = async {
            loop {
                beats.tick().await;
                let _noticed_by_the_silence = self.publish(&own, &[]).await;
            }
        };
        tokio::pin!(beat);
        loop {
            let message = tokio::select! {
                message = timeout(SILENT, said.next()) => message.map_err(late)?,
                () = tell.closed() => return Ok(()),
                () = &mut beat => return Ok(()),
            };
            let Some(message) = message else { return Ok(()) };
            if message.get_payload_bytes().is_empty() {
                continue;
            }
            let bytes = message.get_payload_bytes().to_vec();
            let heard =
                if message.get_channel_name() == all { Heard::All(bytes) } else { Heard::Mine(bytes) };
            if tell.send(heard).await.is_err() {
                return Ok(());
            }
        }
    }
}
