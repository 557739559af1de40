//! A device by our id, and nobody else's.

use super::call::CallError;
use super::row::{Row, rows};
use super::{LibreNms, label};
use crate::port::{DoctorError, Result};
use imsys_domain::DeviceId;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use tokio::sync::MutexGuard;

/// More numbers than any installation has devices.
const MOST_NUMBERS: usize = 1_000_000;

/// The numbers that LibreNMS gave our devices, as far as they are known.
#[derive(Debug, Default)]
pub(super) struct Numbers(Mutex<HashMap<DeviceId, u64>>);

impl Numbers {
    pub(super) fn get(&self, device: DeviceId) -> Option<u64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&device).copied()
    }

    pub(super) fn keep(&self, device: DeviceId, number: u64) {
        let mut numbers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if numbers.len() >= MOST_NUMBERS {
            numbers.clear();
        }
        numbers.insert(device, number);
    }

    pub(super) fn forget(&self, device: DeviceId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&device);
    }
}

impl LibreNms {
    /// Waits until nobody else adds or changes this device.
    pub(super) async fn alone(&self, device: DeviceId) -> Result<MutexGuard<'_, ()>> {
        let place = device.0.as_u128() % self.places.len() as u128;
        let place = self.places.get(place as usize).ok_or(DoctorError::NoSuchDevice)?;
        let guard = tokio::time::timeout(self.client.settings.patience.whole, place.lock()).await;
        guard.map_err(|_| CallError::Busy.into())
    }

    /// The device, if it is there: the guard before every route that would answer for one that is not.
    pub(super) async fn find(&self, device: DeviceId) -> Result<Option<Row>> {
        let name = label::of(device);
        if let Some(number) = self.numbers.get(device) {
            match self.row(&number.to_string()).await? {
                Some(row) if row.hostname == name && row.number == number => return Ok(Some(row)),
                // Removed over there and perhaps added again, or another server by now.
                _ => self.numbers.forget(device),
            }
        }
        let row = self.row(&name).await?.filter(|row| row.hostname == name);
        if let Some(row) = &row {
            self.numbers.keep(device, row.number);
        }
        Ok(row)
    }

    /// As [`Self::find`], for who needs it.
    pub(super) async fn there(&self, device: DeviceId) -> Result<Row> {
        self.find(device).await?.ok_or(DoctorError::NoSuchDevice)
    }

    async fn row(&self, key: &str) -> Result<Option<Row>> {
        match self.client.get(&format!("/devices/{key}")).await {
            Ok(answer) => Ok(rows(&answer)?.into_iter().next()),
            Err(CallError::NotFound) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}
