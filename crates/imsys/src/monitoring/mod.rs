//! Devices by address: whether each answers to ping, how fast, and what it says by SNMP.
//!
//! * `input`: what people may set. `ports`: what ports are measured at. [`snmp`]: logins for SNMP. [`http`]: the routes. [`watch`]: asking the devices.

pub mod http;
mod input;
mod ports;
pub mod snmp;
pub(crate) mod watch;

use crate::app::App;
use crate::http::Tenancy;
use crate::token;
use imsys_domain::DeviceId;
use imsys_domain::device::Device;
use imsys_store::StoreError;
use input::Checked;

/// Adds a device. It is asked at once.
async fn create(app: &App, tenancy: &Tenancy, checked: Checked) -> Result<Device, StoreError> {
    let created = app.now();
    let id = DeviceId::new(created, token::random());
    let device = Device::new(id, tenancy.tenant, checked.seal(app, tenancy.tenant, id, None), created);
    tenancy.store.create_device(device.clone()).await?;
    Ok(device)
}
