//! Why there is no reading.

use std::io;

/// Why a request to an agent failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SnmpError {
    /// No answer in time. An agent that does not know a community is silent too (v1, v2c).
    #[error("no answer in time")]
    Timeout,
    /// The agent refused the user, a password or the security level (v3), or the access.
    #[error("the agent refuses these credentials")]
    WrongCredentials,
    /// The credentials cannot be used at all, such as a password of fewer than 8 characters.
    #[error("these credentials cannot be used: {0}")]
    UnusableCredentials(String),
    /// The agent answered an error.
    #[error("the agent answered the error {status:?} for name {index}")]
    Agent {
        /// The error.
        status: AgentStatus,
        /// Which name of the request it is about, from 1; 0 for none of them.
        index: u32,
    },
    /// The agent answered what is no answer to the request.
    #[error("odd reply: {0}")]
    OddReply(OddReply),
    /// The network refused the request.
    #[error("network: {0}")]
    Network(io::ErrorKind),
}

impl SnmpError {
    /// True when other objects of the agent may still be had.
    pub(in crate::builtin) fn is_about_objects(&self) -> bool {
        matches!(self, Self::Agent { .. } | Self::OddReply(_))
    }
}

/// What an agent says is wrong with a request (RFC 3416, error-status).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgentStatus {
    /// The answer does not fit a message.
    TooBig,
    /// There is no such object (v1); behind the last object for a GETNEXT.
    NoSuchName,
    /// Anything else went wrong in the agent.
    GenErr,
    /// Another error by its number.
    Other(i32),
}

/// What is odd about a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OddReply {
    /// The bytes are no SNMP message.
    #[error("not decodable")]
    NotDecodable,
    /// Other objects, or another number of them, than were asked for.
    #[error("not the objects that were asked for")]
    OtherObjects,
    /// A walk did not move forward.
    #[error("object identifiers do not increase")]
    NotIncreasing,
    /// A walk found more rows or bytes than it may.
    #[error("the subtree is too large")]
    TooLarge,
}
