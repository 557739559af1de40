use std::time::Duration;

use super::Budget;

/// How a [`Client`](super::Client) behaves. Together they bound what one router can cost us.
#[derive(Debug, Clone)]
pub struct ClientOptions {
    /// Commands at a time; further ones wait for a place. Routers slow down beyond 8.
    pub in_flight: usize,
    /// Of these, places that only [urgent](super::Client::urgent) commands take. Ordinary ones have the others, at least one.
    pub urgent: usize,
    /// Listens at a time, beside the commands: the router has nothing to do for one that waits.
    pub listens: usize,
    /// What one reply may be.
    pub reply: ReplyLimits,
    /// Bytes of memory for all unfinished replies together.
    pub connection_bytes: usize,
    /// What the replies on several connections may cost together; `None` for no such bound.
    pub budget: Option<Budget>,
    /// Changes that may wait for the reader of a listen before it is ended with `Lagged`.
    pub listen_changes: usize,
    /// Bytes of such changes.
    pub listen_bytes: usize,
    /// How long a login may take, and how long a listen may wait for a place.
    pub patience: Duration,
    /// How long a cancelled command may take to end before the connection counts as hung.
    pub cancel_within: Duration,
    /// How long [`close`](super::Client::close) waits for the router to hang up.
    pub close_within: Duration,
    /// Probing of a silent router; `None` for never.
    pub keep_alive: Option<KeepAlive>,
}

/// What one reply may be; beyond it the command is cancelled and the reply is no result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReplyLimits {
    /// Rows.
    pub rows: usize,
    /// Bytes on the wire.
    pub bytes: usize,
}

/// When a router that says nothing whole is asked for its identity. It starts after the login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeepAlive {
    /// Silence before the probe.
    pub interval: Duration,
    /// Silence after it that closes the connection.
    pub within: Duration,
}

impl Default for ClientOptions {
    fn default() -> Self {
        Self {
            in_flight: 8,
            urgent: 2,
            listens: 2,
            reply: ReplyLimits { rows: 200_000, bytes: 64 << 20 },
            connection_bytes: 192 << 20,
            budget: None,
            listen_changes: 4096,
            listen_bytes: 4 << 20,
            patience: Duration::from_secs(10),
            cancel_within: Duration::from_secs(10),
            close_within: Duration::from_secs(1),
            keep_alive: Some(KeepAlive {
                interval: Duration::from_secs(15),
                within: Duration::from_secs(10),
            }),
        }
    }
}
