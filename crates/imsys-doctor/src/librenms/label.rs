//! The names by which our devices are known at LibreNMS.
//!
//! They end with `.invalid`, which never resolves (RFC 2606), and are not all digits, which LibreNMS would read as a number.

use imsys_domain::DeviceId;

const SUFFIX: &str = ".imsys.invalid";

/// The name of a device.
pub(super) fn of(device: DeviceId) -> String {
    format!("{device}{SUFFIX}")
}

/// Whose name this is, if it is one of ours.
pub(super) fn device(name: &str) -> Option<DeviceId> {
    let id = name.strip_suffix(SUFFIX)?.parse().ok()?;
    // A UUID has several spellings, and a name of ours one.
    (of(id) == name).then_some(id)
}

/// A name of ours that no device has: ids are made of a time, and this one is of none.
pub(super) fn of_nobody() -> String {
    of(DeviceId(uuid::Uuid::nil()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_back_to_its_device_and_other_names_to_none() {
        let id: DeviceId = "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap();
        let name = of(id);
        assert_eq!(name, "01890a5d-ac96-774b-bcce-b302099a8057.imsys.invalid");
        assert_eq!(device(&name), Some(id));
        for other in ["10.0.0.1", "x.imsys.invalid", "01890a5dac96774bbcceb302099a8057.imsys.invalid"] {
            assert_eq!(device(other), None, "{other}");
        }
        assert!(!name.bytes().all(|byte| byte.is_ascii_digit()));
    }
}
