//! Removing a device.

use super::LibreNms;
use super::call::CallError;
use crate::port::{Away, DoctorError, Result};
use hyper::Method;
use imsys_domain::DeviceId;

/// More rows of one name than any race makes.
const MOST_ROWS: usize = 8;

impl LibreNms {
    /// Each row of its name, as adds that raced have made more than one.
    pub(super) async fn remove_device(&self, device: DeviceId) -> Result<()> {
        let _alone = self.alone(device).await?;
        for _ in 0..MOST_ROWS {
            let Some(row) = self.find(device).await? else { return Ok(()) };
            match self.client.json(Method::DELETE, &format!("/devices/{}", row.number), None).await {
                Ok(_) | Err(CallError::NotFound) => self.numbers.forget(device),
                Err(error) => return Err(error.into()),
            }
        }
        Err(DoctorError::Away(Away::Failed))
    }
}
