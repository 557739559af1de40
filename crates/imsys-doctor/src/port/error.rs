//! Why a doctor did not do what was asked.

use super::Ability;
use imsys_domain::DeviceId;

/// Shorthand for results of the port.
pub type Result<T> = std::result::Result<T, DoctorError>;

/// Why a doctor did not do what was asked. No variant holds a text of the other side, which may hold secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DoctorError {
    /// The device is not there.
    #[error("no such device")]
    NoSuchDevice,
    /// This parent is not there.
    #[error("the parent {0} is not there")]
    NoSuchParent(DeviceId),
    /// A device cannot be its own parent.
    #[error("a device cannot be behind itself")]
    OwnParent,
    /// The device has no such graph.
    #[error("no such graph")]
    NoSuchGraph,
    /// The graph has no data yet.
    #[error("there is no data yet")]
    NoData,
    /// This doctor cannot do that.
    #[error("not possible here: {0:?}")]
    Unable(Ability),
    /// It was refused, and will be again.
    #[error("refused: {0}")]
    Refused(Refusal),
    /// We may not do that.
    #[error("{0}")]
    Denied(Denied),
    /// It cannot be reached now, or not in time.
    #[error("{0}")]
    Away(Away),
    /// It answers as no doctor should.
    #[error("{0}")]
    Wrong(Wrong),
}

/// When it is worth trying again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// The same request will meet the same answer.
    Never,
    /// In a while: wait a minute at first, and longer each time.
    Later,
    /// After somebody has changed the settings.
    AfterSettings,
}

/// What was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Another device has this address.
    #[error("another device has this address")]
    AddressTaken,
    /// Another device calls itself by the same name.
    #[error("another device calls itself by the same name")]
    NameTaken,
    /// Only devices that answer to ping are taken.
    #[error("it does not answer to ping")]
    NoPing,
    /// Only devices that answer to SNMP are taken.
    #[error("it does not answer to SNMP with these credentials")]
    NoSnmp,
    /// These credentials cannot be expressed there.
    #[error("these credentials cannot be used there")]
    Credentials,
    /// A value was not accepted.
    #[error("a value was not accepted")]
    Value,
    /// A change was answered with success, and is not there.
    #[error("the change was not kept")]
    NotKept,
}

/// What we may not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// We are not known there.
    #[error("the token is not accepted")]
    Token,
    /// We are known there, and lack the right.
    #[error("the token's user may not do this")]
    Right,
}

/// Why it cannot be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Away {
    /// Its name has no address.
    #[error("its name has no address")]
    NoAddress,
    /// There is no connection.
    #[error("there is no connection")]
    NoConnection,
    /// The connection broke off before the answer was complete. What was asked may have been done.
    #[error("the connection broke off")]
    BrokenOff,
    /// There was no answer in time. What was asked may have been done.
    #[error("there was no answer in time")]
    TooSlow,
    /// It, or we, have too much to do.
    #[error("too much is under way")]
    Busy,
    /// It failed.
    #[error("it reports a failure of its own")]
    Failed,
}

/// What is wrong with its answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// Its address is none that the server may connect to.
    #[error("its address is not allowed")]
    Address,
    /// Its certificate is not trusted, or it speaks no TLS.
    #[error("no trusted TLS connection")]
    Tls,
    /// It sends us elsewhere, where we do not follow.
    #[error("it redirects to another URL")]
    Redirect,
    /// It is something else, or too old or too new.
    #[error("its answer is not understood")]
    Answer,
    /// Its answer is larger than we read.
    #[error("its answer is too large")]
    TooLarge,
}

impl DoctorError {
    /// When it is worth trying again.
    pub const fn retry(self) -> Retry {
        match self {
            Self::NoSuchDevice
            | Self::NoSuchParent(_)
            | Self::OwnParent
            | Self::NoSuchGraph
            | Self::Unable(_)
            | Self::Refused(_) => Retry::Never,
            Self::NoData | Self::Away(_) => Retry::Later,
            Self::Denied(_) | Self::Wrong(_) => Retry::AfterSettings,
        }
    }
}
