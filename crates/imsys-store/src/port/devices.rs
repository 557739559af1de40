//! Devices of one tenant.

use super::Result;
use crate::model::DeviceChange;
use crate::page::{Ask, Page};
use async_trait::async_trait;
use imsys_domain::device::{
    Device, DeviceData, Figures, Outage, PollReport, Report, SnmpLogin, SnmpLoginData, Status,
};
use imsys_domain::{DeviceId, RouterId, SnmpLoginId};

/// Which devices to list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeviceFilter {
    /// With this status.
    pub status: Option<Status>,
    /// Behind this router.
    pub router: Option<RouterId>,
    /// The archived ones instead of the others.
    pub archived: bool,
}

/// How a list of devices is ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceSort {
    /// By name.
    Name,
    /// By the time of the last change of status.
    Since,
    /// By the time of adding.
    Created,
}

/// Devices of one tenant.
#[async_trait]
pub trait Devices: Send + Sync {
    /// Adds a device; (router, address) is unique in the tenant among those not archived.
    async fn create_device(&self, device: Device) -> Result<()>;
    /// One device, archived or not.
    async fn device(&self, id: DeviceId) -> Result<Device>;
    /// A page of devices.
    async fn devices(&self, filter: DeviceFilter, ask: Ask<DeviceSort>) -> Result<Page<Device>>;
    /// Changes what people set, as one unit with what that makes of its status and outages, if `edition` (when given) is
    /// still the stored one.
    async fn update_device(&self, id: DeviceId, edition: Option<i64>, data: DeviceData) -> Result<Device>;
    /// Archives a device, and ends its outage, as one unit. Its outages stay.
    async fn archive_device(&self, id: DeviceId) -> Result<()>;
    /// Brings an archived device back, with an unknown status. Its place must be free and its router not archived.
    async fn restore_device(&self, id: DeviceId) -> Result<Device>;
    /// Judges reports in their order ([`imsys_domain::device::judge`]) and writes what they change, as one unit. Those about
    /// devices that are gone are left out. What is told of it.
    async fn device_reports(&self, reports: Vec<Report>) -> Result<Vec<DeviceChange>>;
    /// Judges polls by SNMP in their order ([`imsys_domain::device::judge_poll`]) and writes what they change, as one unit.
    /// Those about devices that are gone are left out. What is told of it.
    async fn device_polls(&self, reports: Vec<PollReport>) -> Result<Vec<DeviceChange>>;
    /// What a device is measured at by SNMP; nothing before its first answer.
    async fn figures(&self, id: DeviceId) -> Result<Figures>;
    /// Adds a login for SNMP agents; its routers must exist.
    async fn create_snmp_login(&self, login: SnmpLogin) -> Result<()>;
    /// One login.
    async fn snmp_login(&self, id: SnmpLoginId) -> Result<SnmpLogin>;
    /// All logins, in the order in which they were added.
    async fn snmp_logins(&self) -> Result<Vec<SnmpLogin>>;
    /// Changes a login, if `edition` (when given) is still the stored one.
    async fn update_snmp_login(
        &self,
        id: SnmpLoginId,
        edition: Option<i64>,
        data: SnmpLoginData,
    ) -> Result<SnmpLogin>;
    /// Deletes a login for good.
    async fn delete_snmp_login(&self, id: SnmpLoginId) -> Result<()>;
    /// The last `limit` outages of a device, newest first. The newest thousand of each are kept, as long as its tenant
    /// keeps history.
    async fn outages(&self, id: DeviceId, limit: u32) -> Result<Vec<Outage>>;
}
