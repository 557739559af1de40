//! What is behind what.

use super::call::{CallError, Said};
use super::row::{Row, rows};
use super::{LibreNms, label};
use crate::port::{DoctorError, Refusal, Result};
use hyper::Method;
use imsys_domain::DeviceId;
use serde_json::json;
use std::collections::BTreeSet;

impl LibreNms {
    pub(super) async fn set_parents_of(&self, device: DeviceId, parents: &[DeviceId]) -> Result<()> {
        if parents.contains(&device) {
            return Err(DoctorError::OwnParent);
        }
        let _alone = self.alone(device).await?;
        let row = self.there(device).await?;
        let wanted: BTreeSet<DeviceId> = parents.iter().copied().collect();
        if wanted.is_empty() {
            self.drop_parents(&row).await?;
        } else {
            self.post_parents(&row, &wanted).await?;
        }
        let kept: BTreeSet<DeviceId> = self.listed_parents(device, &row).await?.into_iter().collect();
        if kept == wanted { Ok(()) } else { Err(DoctorError::Refused(Refusal::NotKept)) }
    }

    pub(super) async fn parents_of(&self, device: DeviceId) -> Result<Vec<DeviceId>> {
        let row = self.there(device).await?;
        self.listed_parents(device, &row).await
    }

    async fn post_parents(&self, row: &Row, parents: &BTreeSet<DeviceId>) -> Result<()> {
        let mut numbers = Vec::with_capacity(parents.len());
        for parent in parents {
            let row = self.find(*parent).await?.ok_or(DoctorError::NoSuchParent(*parent))?;
            numbers.push(row.number.to_string());
        }
        // As one text: an array is refused.
        let body = json!({ "parent_ids": numbers.join(",") });
        let path = format!("/devices/{}/parents", row.number);
        match self.client.json(Method::POST, &path, Some(&body)).await {
            Ok(_) => Ok(()),
            // One of them went away meanwhile.
            Err(error) => Err(error.into()),
        }
    }

    async fn drop_parents(&self, row: &Row) -> Result<()> {
        let path = format!("/devices/{}/parents", row.number);
        match self.client.json(Method::DELETE, &path, None).await {
            Ok(_) | Err(CallError::Rejected(Said::NoDependency)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Only a list shows parents, and a filter that is not understood gives every device.
    async fn listed_parents(&self, device: DeviceId, row: &Row) -> Result<Vec<DeviceId>> {
        let name = label::of(device);
        let answer = self.client.get(&format!("/devices?type=hostname&query={name}")).await?;
        let listed = rows(&answer)?.into_iter().find(|listed| listed.number == row.number);
        let listed = listed.ok_or(DoctorError::NoSuchDevice)?;
        let mut parents: Vec<_> = listed.parents.iter().filter_map(|name| label::device(name)).collect();
        parents.sort_unstable();
        Ok(parents)
    }
}
