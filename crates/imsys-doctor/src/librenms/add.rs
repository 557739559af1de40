//! Adding a device: ping only, whether it answers or not.

use super::call::{ANSWER, Call, CallError, Said};
use super::row::{Row, number};
use super::{LibreNms, label};
use crate::port::{Added, Away, DoctorError, NewDevice, Refusal, Result};
use hyper::Method;
use imsys_domain::text;
use serde_json::{Value, json};

/// As long as LibreNMS keeps such texts.
const MOST_CHARACTERS: usize = 128;

impl LibreNms {
    pub(super) async fn add_device(&self, device: &NewDevice) -> Result<Added> {
        let _alone = self.alone(device.id).await?;
        if let Some(row) = self.find(device.id).await? {
            return self.bring_to(&row, device).await;
        }
        match self.post(device).await {
            Ok(number) => self.numbers.keep(device.id, number),
            // Another process was faster, or an answer of ours was lost.
            Err(CallError::Failed(Said::AlreadyExists)) => {
                let row = self.find(device.id).await?.ok_or(DoctorError::Away(Away::Failed))?;
                return self.bring_to(&row, device).await;
            }
            Err(error) => return Err(error.into()),
        }
        Ok(Added::New)
    }

    async fn post(&self, device: &NewDevice) -> std::result::Result<u64, CallError> {
        let name = label::of(device.id);
        let within = self.client.settings.patience.add;
        let body = new_device(device);
        let call = Call { method: Method::POST, path: "/devices", body: Some(&body), within, most: ANSWER };
        let answer = self.client.call(call).await?.json()?;
        let added = answer.get("devices").and_then(|list| list.get(0)).ok_or(CallError::NotUnderstood)?;
        if added.get("hostname").and_then(Value::as_str) != Some(&name) {
            return Err(CallError::NotUnderstood);
        }
        let number = added.get("device_id").and_then(number).ok_or(CallError::NotUnderstood)?;
        Ok(number as u64)
    }

    /// Changes what differs.
    async fn bring_to(&self, row: &Row, device: &NewDevice) -> Result<Added> {
        let address = device.address.to_canonical().to_string();
        let title = title(device);
        let mut changes = Vec::new();
        if row.address != address {
            changes.push(("overwrite_ip", json!(address)));
        }
        if row.display_template.as_deref() != Some(&title) {
            changes.push(("display_template", json!(title)));
        }
        if let Some(place) = place(device).filter(|place| row.place.as_ref() != Some(place)) {
            changes.push(("location", json!(place)));
            changes.push(("override_sysLocation", json!(true)));
        }
        if changes.is_empty() {
            return Ok(Added::Unchanged);
        }
        self.patch(row, &changes).await?;
        let row = self.there(device.id).await?;
        // An older LibreNMS has no `display_template`; its address alone decides where it is asked.
        if row.address != address {
            return Err(DoctorError::Refused(Refusal::NotKept));
        }
        Ok(Added::Changed)
    }

    /// Sets fields. LibreNMS answers 200 for fields that it does not have: read back what matters.
    pub(super) async fn patch(&self, row: &Row, changes: &[(&str, Value)]) -> Result<()> {
        let (fields, data): (Vec<_>, Vec<_>) = changes.iter().cloned().unzip();
        let body = json!({ "field": fields, "data": data });
        self.client.json(Method::PATCH, &format!("/devices/{}", row.number), Some(&body)).await?;
        Ok(())
    }
}

/// JSON booleans: as text, `"false"` is true to LibreNMS.
fn new_device(device: &NewDevice) -> Value {
    let title = title(device);
    let mut body = json!({
        "hostname": label::of(device.id),
        "overwrite_ip": device.address.to_canonical().to_string(),
        "snmp_disable": true,
        "force_add": true,
        "sysName": title,
        // The second is what older servers call the first.
        "display_template": title,
        "display": title,
    });
    if let (Some(place), Some(fields)) = (place(device), body.as_object_mut()) {
        fields.insert("location".into(), json!(place));
        fields.insert("override_sysLocation".into(), json!(true));
    }
    body
}

/// The name without what LibreNMS's templates would read; never empty, as that would mean their default.
fn title(device: &NewDevice) -> String {
    let plain = |c| match c {
        '{' => '(',
        '}' => ')',
        c => c,
    };
    let name: String = text::shown(device.name.trim(), MOST_CHARACTERS).chars().map(plain).collect();
    if name.is_empty() { device.address.to_string() } else { name }
}

fn place(device: &NewDevice) -> Option<String> {
    let place = device.place.as_deref()?.trim();
    (!place.is_empty()).then(|| text::shown(place, MOST_CHARACTERS))
}

#[cfg(test)]
mod tests {
    use super::*;
    use imsys_domain::DeviceId;

    fn device(name: &str) -> NewDevice {
        let id = DeviceId(uuid::Uuid::from_u128(7));
        NewDevice { id, name: name.into(), address: [10, 0, 0, 7].into(), place: None }
    }

    #[test]
    fn a_device_is_added_by_ping_alone_whether_it_answers_or_not() {
        let body = new_device(&NewDevice { place: Some("Tower A".into()), ..device("Roof") });
        let wanted = json!({
            "hostname": "00000000-0000-0000-0000-000000000007.imsys.invalid", "overwrite_ip": "10.0.0.7",
            "snmp_disable": true, "force_add": true, "sysName": "Roof", "display_template": "Roof", "display": "Roof",
            "location": "Tower A", "override_sysLocation": true,
        });
        assert_eq!(body, wanted);
    }

    #[test]
    fn a_name_is_no_template() {
        assert_eq!(title(&device("{{ $community }}")), "(( $community ))");
        assert_eq!(title(&device("  ")), "10.0.0.7");
    }
}
