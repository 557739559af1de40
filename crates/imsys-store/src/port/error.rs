//! Why a store could not do what was asked: values that can be compared, which the edge puts into words.

use imsys_domain::edition::Unchanged;
use imsys_domain::entry::Refusal;
use imsys_domain::hindrance::Hindrance;

/// Shorthand for results of the port.
pub type Result<T> = std::result::Result<T, StoreError>;

/// Why a store could not do what was asked. Its text is for the log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// No such thing in this tenant.
    #[error("not found")]
    NotFound,
    /// It is archived: it can be looked at and restored, and nothing else.
    #[error("archived")]
    Archived,
    /// The thing was changed by somebody else since it was read.
    #[error("changed by somebody else since it was read")]
    Stale,
    /// Another one has what only one may have.
    #[error("already exists: {0:?}")]
    Exists(Taken),
    /// Something it refers to does not exist in this tenant.
    #[error("refers to something that does not exist: {0:?}")]
    Dangling(Reference),
    /// Its state, or that of others, does not allow it.
    #[error("not possible now: {0:?}")]
    InUse(Hindrance),
    /// Another process has become the owner of the router since; nothing was written.
    #[error("another process serves this router now")]
    Fenced,
    /// The bounded queue is full, or no reader became free in time: try again in a moment.
    #[error("too much is waiting")]
    Busy,
    /// A read was given up: it took longer than any should.
    #[error("reading took too long")]
    Slow,
    /// The storage takes nothing at the moment, whatever is asked of it. The store has logged it.
    #[error("{0}")]
    Unavailable(Trouble),
    /// The database or the data is broken; the text is for the log.
    #[error("store failure: {0}")]
    Failed(String),
}

impl StoreError {
    /// Whether it is about the thing that was asked for; else the store itself is in the way.
    pub const fn is_refusal(&self) -> bool {
        match self {
            Self::NotFound
            | Self::Archived
            | Self::Stale
            | Self::Exists(_)
            | Self::Dangling(_)
            | Self::InUse(_) => true,
            Self::Fenced | Self::Busy | Self::Slow | Self::Unavailable(_) | Self::Failed(_) => false,
        }
    }
}

impl From<Hindrance> for StoreError {
    fn from(hindrance: Hindrance) -> Self {
        Self::InUse(hindrance)
    }
}

impl From<Unchanged> for StoreError {
    fn from(why: Unchanged) -> Self {
        match why {
            Unchanged::Archived => Self::Archived,
            Unchanged::Stale => Self::Stale,
        }
    }
}

impl From<Refusal> for StoreError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::SignInFirst => Self::Exists(Taken::Account),
            Refusal::OtherAddress => Self::InUse(Hindrance::OtherAddress),
            Refusal::NewAccountOnly => Self::InUse(Hindrance::NewAccountOnly),
            Refusal::TenantUnnamed => Self::Dangling(Reference::NewTenant),
        }
    }
}

/// What only one may have, and another one has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Taken {
    /// The id of a service.
    ServiceId,
    /// The username, address or MAC address of a living service on its router.
    ServicePlace,
    /// The id of a customer.
    CustomerId,
    /// The name of a plan that is sold.
    PlanName,
    /// The address and port of a router that is not archived.
    RouterPlace,
    /// The router and address of a device that is not archived.
    DevicePlace,
    /// The short name of a tenant.
    TenantSlug,
    /// The e-mail address of a person.
    PersonEmail,
    /// The membership of a person in a tenant.
    Membership,
    /// The invitation of an address into a tenant.
    Invitation,
    /// An address has an account, whose owner must accept while signed in.
    Account,
    /// There is data in the store, and an import goes into an empty one.
    Store,
    /// The place of a record of an import: one about the same thing came before it.
    Record,
}

/// What something refers to that does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reference {
    /// The router of a service or of a device.
    Router,
    /// The customer of a service.
    Customer,
    /// The plan of a service.
    Plan,
    /// The plan that a PPP profile stands for.
    ProfilePlan,
    /// The tenant that a first link makes: nobody said what it is called.
    NewTenant,
    /// What a record of an import is about: no record before it is.
    Record,
}

/// What is wrong with the storage itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Trouble {
    /// No room is left.
    #[error("the disk is full")]
    Full,
    /// The disk cannot be read or written.
    #[error("the disk cannot be read or written")]
    Disk,
    /// The database's file was deleted or replaced under the running program.
    #[error("the database file was deleted or replaced while it was in use")]
    Deleted,
}
