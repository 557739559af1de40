//! The port.

use super::LibreNms;
use crate::Credentials;
use crate::port::{
    Abilities, Ability, Added, Away, Doctor, DoctorError, Graph, GraphEntry, GraphQuery, Health, NewDevice,
    Readings, Result,
};
use async_trait::async_trait;
use imsys_domain::DeviceId;

/// No numbers: the API gives no series of devices. Not the same address twice: it stores both, and its own server reaches
/// one. Not through routers: it asks from where it is.
const ABILITIES: &[Ability] = &[Ability::Parents, Ability::Snmp, Ability::Pictures];

impl LibreNms {
    /// However many requests it takes. A verb that is cut off may be repeated.
    async fn in_time<T>(&self, verb: impl Future<Output = Result<T>>) -> Result<T> {
        let cut_off = Err(DoctorError::Away(Away::TooSlow));
        tokio::time::timeout(self.client.settings.patience.whole, verb).await.unwrap_or(cut_off)
    }
}

#[async_trait]
impl Doctor for LibreNms {
    fn abilities(&self) -> Abilities {
        Abilities(ABILITIES)
    }

    async fn add(&self, device: &NewDevice) -> Result<Added> {
        self.in_time(self.add_device(device)).await
    }

    async fn remove(&self, device: DeviceId) -> Result<()> {
        self.in_time(self.remove_device(device)).await
    }

    async fn health(&self, devices: &[DeviceId]) -> Result<Vec<Option<Health>>> {
        self.in_time(self.health_of(devices)).await
    }

    async fn set_snmp(&self, device: DeviceId, credentials: Option<&Credentials>) -> Result<()> {
        self.in_time(self.set_snmp_of(device, credentials)).await
    }

    async fn readings(&self, device: DeviceId) -> Result<Readings> {
        self.in_time(self.readings_of(device)).await
    }

    async fn graphs(&self, device: DeviceId) -> Result<Vec<GraphEntry>> {
        self.in_time(self.graphs_of(device)).await
    }

    async fn graph(&self, device: DeviceId, query: &GraphQuery) -> Result<Graph> {
        self.in_time(self.graph_of(device, query)).await
    }

    async fn set_parents(&self, device: DeviceId, parents: &[DeviceId]) -> Result<()> {
        self.in_time(self.set_parents_of(device, parents)).await
    }

    async fn parents(&self, device: DeviceId) -> Result<Vec<DeviceId>> {
        self.in_time(self.parents_of(device)).await
    }
}
