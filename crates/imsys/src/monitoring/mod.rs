//! Devices by address: whether each answers to ping, and how fast.
//!
//! * `input`: what people may set. [`http`]: the routes. [`watch`]: asking the devices.

pub mod http;
mod input;
pub(crate) mod watch;

use crate::app::App;
use crate::http::Tenancy;
use crate::token;
use imsys_domain::DeviceId;
use imsys_domain::device::{Device, DeviceData};
use imsys_store::StoreError;

/// Adds a device. It is asked at once.
pub(crate) async fn create(app: &App, tenancy: &Tenancy, data: DeviceData) -> Result<Device, StoreError> {
    let created = app.now();
    let device = Device::new(DeviceId::new(created, token::random()), tenancy.tenant, data, created);
    tenancy.store.create_device(device.clone()).await?;
    Ok(device)
}
