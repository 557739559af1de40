//! The port: what IMSys asks of a doctor.
//!
//! * [`Doctor`]: the trait.
//! * [`NewDevice`], [`Health`], [`Readings`], [`GraphName`], [`Graph`]: what goes in and out.
//! * [`Ability`]: what a doctor may be unable to do, and says so.
//! * [`DoctorError`]: why it did not do it, and whether it is worth trying again.

mod error;
mod graph;
mod health;
mod readings;

pub use error::{Away, Denied, DoctorError, Refusal, Result, Retry, Wrong};
pub use graph::{Graph, GraphEntry, GraphName, GraphQuery, Line, Picture};
pub use health::{Condition, DownBy, Health, SnmpState, UnknownBy};
pub use readings::{PortReading, Reading, Readings};

use crate::Credentials;
use async_trait::async_trait;
use imsys_domain::DeviceId;
use std::net::IpAddr;

/// A device as a doctor knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDevice {
    /// Our id, by which it is known ever after.
    pub id: DeviceId,
    /// As people call it.
    pub name: String,
    /// Where it is asked.
    pub address: IpAddr,
    /// Where it stands, in people's words.
    pub place: Option<String>,
}

/// What adding a device did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    /// It is new.
    New,
    /// It was there and is as given now.
    Changed,
    /// It was there as given.
    Unchanged,
}

/// What not every doctor can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ability {
    /// Knows what is behind what: [`Doctor::set_parents`] and [`Doctor::parents`].
    Parents,
    /// Reads devices by SNMP: [`Doctor::set_snmp`].
    Snmp,
    /// Gives graphs as pictures.
    Pictures,
    /// Gives graphs as numbers.
    Numbers,
    /// Truly asks both of two devices that have the same address at two sites. A doctor without it takes both, and asks
    /// one of them for both.
    SameAddress,
    /// Asks devices through their router.
    ThroughRouter,
}

impl Ability {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Parents, Self::Snmp, Self::Pictures, Self::Numbers, Self::SameAddress, Self::ThroughRouter];
}

/// What a doctor can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Abilities(pub &'static [Ability]);

impl Abilities {
    /// Whether it can do this.
    pub fn can(self, ability: Ability) -> bool {
        self.0.contains(&ability)
    }

    /// What it cannot do.
    pub fn cannot(self) -> impl Iterator<Item = Ability> {
        Ability::ALL.into_iter().filter(move |ability| !self.can(*ability))
    }
}

/// Watches devices and says how they are.
///
/// Every method that changes something brings it into the state that is given, so it may be repeated, and is to be after an
/// error whose [`retry`](DoctorError::retry) is [`Retry::Later`]. No method repeats anything by itself, and each ends within
/// its adapter's deadline. A device that is not there is [`DoctorError::NoSuchDevice`], where nothing else is said.
#[async_trait]
pub trait Doctor: Send + Sync {
    /// What it can do; the others are refused with [`DoctorError::Unable`].
    fn abilities(&self) -> Abilities;

    /// Adds a device, or makes the one with this id as given. It is asked by ping, whether it answers now or not. Calls at the
    /// same time are one device.
    async fn add(&self, device: &NewDevice) -> Result<Added>;

    /// Forgets a device with all that was measured. One that is not there is forgotten already.
    async fn remove(&self, device: DeviceId) -> Result<()>;

    /// How devices are doing, in the order in which they were asked for; `None` for one that is not there.
    async fn health(&self, devices: &[DeviceId]) -> Result<Vec<Option<Health>>>;

    /// Reads a device by SNMP from now on, or (`None`) no more. The caller has tried these credentials.
    async fn set_snmp(&self, device: DeviceId, credentials: Option<&Credentials>) -> Result<()>;

    /// What was read from a device last; nothing from one that is only pinged.
    async fn readings(&self, device: DeviceId) -> Result<Readings>;

    /// The graphs of a device. One that is listed may have no data yet.
    async fn graphs(&self, device: DeviceId) -> Result<Vec<GraphEntry>>;

    /// One graph that is listed.
    async fn graph(&self, device: DeviceId, query: &GraphQuery) -> Result<Graph>;

    /// Sets what a device is behind, in place of what was set before: while all of its parents are down, it is not to be
    /// complained of. The parents must be there. That nothing is behind itself around a corner is for the caller to see to.
    async fn set_parents(&self, device: DeviceId, parents: &[DeviceId]) -> Result<()>;

    /// What a device is behind, as far as that was set here; in the order of the ids.
    async fn parents(&self, device: DeviceId) -> Result<Vec<DeviceId>>;
}
