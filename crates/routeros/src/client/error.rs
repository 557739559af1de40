use std::io;

use thiserror::Error;

use super::Traps;
use crate::{
    codec::{DecodeError, EncodeError},
    value::Text,
};

/// Why a command has no result.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Error {
    /// The router refused the command.
    #[error("{0}")]
    Trap(Traps),
    /// The deadline passed; a cancel was sent.
    #[error("no answer within the deadline")]
    Deadline,
    /// The reply went beyond its limits and was cancelled. What was received is no result.
    #[error("reply too large: {rows} rows, {bytes} bytes")]
    TooLarge {
        /// Rows seen, the refused one included.
        rows: usize,
        /// Bytes seen, the refused row included.
        bytes: usize,
    },
    /// The replies on all connections together take what they may ([`Budget`](super::Budget)); try again later.
    #[error("the replies of all routers together are too large just now")]
    Crowded,
    /// The reader of a listen was too slow; changes were lost, so read the whole table again.
    #[error("changes came faster than they were read")]
    Lagged,
    /// The command itself cannot be written.
    #[error("command: {0}")]
    Command(#[from] EncodeError),
    /// The login did not follow the form that was asked for.
    #[error("{0}")]
    Login(#[from] LoginError),
    /// The connection is closed.
    #[error("connection closed: {0}")]
    Closed(CloseReason),
}

/// A login that the router answered in another form than expected.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LoginError {
    /// The router is older than 6.43 and asks for the challenge form, which was not allowed.
    #[error("the router wants the login of RouterOS before 6.43")]
    ChallengeWanted,
    /// The challenge form was asked for and the router sent no challenge.
    #[error("the router sent no challenge")]
    NoChallenge,
    /// The challenge is not hexadecimal.
    #[error("bad challenge {challenge:?}")]
    BadChallenge {
        /// What the router sent.
        challenge: Text,
    },
    /// A login is under way on this connection.
    #[error("another login is under way")]
    Busy,
}

/// Why a connection ended.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CloseReason {
    /// `close` was called.
    #[error("by us")]
    Closed,
    /// Every handle was dropped.
    #[error("no longer used")]
    Dropped,
    /// The router said `!fatal`: `not logged in`, `too many commands before login`, …
    #[error("the router said: {0}")]
    Fatal(Text),
    /// The router hung up without a word.
    #[error("the router closed the connection")]
    Eof,
    /// Reading or writing failed: reset, broken pipe, …
    #[error("{0}")]
    Io(io::ErrorKind),
    /// The router sent something that is not the protocol.
    #[error("not the RouterOS protocol: {0}")]
    Decode(#[from] DecodeError),
    /// The router was silent, also after a keep-alive probe.
    #[error("no answer to the keep-alive probe")]
    KeepAlive,
    /// A command that was cancelled did not end in time.
    #[error("no answer to a cancel")]
    CancelIgnored,
    /// A login was given up before its answer came.
    #[error("login abandoned")]
    LoginAbandoned,
    /// The runtime stopped the connection's task.
    #[error("the program is stopping")]
    Stopped,
}
