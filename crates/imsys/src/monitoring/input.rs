//! What people may set about a device, checked once.

use super::snmp::{NewAccess, SnmpSetting};
use crate::app::App;
use crate::fields::{Fields, Invalid};
use crate::http::extract::patched;
use crate::http::words::ReachName;
use imsys_domain::device::{DeviceData, Place, Reach, SnmpAccess, refusal};
use imsys_domain::reach::NoTarget;
use imsys_domain::{DeviceId, RouterId, TenantId};
use imsys_store::model::Holder;
use serde::Deserialize;
use std::net::{IpAddr, UdpSocket};
use utoipa::ToSchema;
use uuid::Uuid;

/// A new device.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct NewDevice {
    /// The address unless given.
    name: Option<String>,
    /// An IP address.
    address: String,
    /// The router that it is behind.
    router_id: Option<Uuid>,
    /// Who asks it: this server or its router. Its router unless given, where it has one.
    reach: Option<ReachName>,
    /// Asks it more often.
    #[serde(default)]
    watched: bool,
    /// Its own login for SNMP. Without one it is tried with the logins that are bound to its router or network.
    snmp: Option<SnmpSetting>,
}

/// A device's settings that passed; its login is not sealed yet.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Checked {
    data: DeviceData,
    snmp: Option<NewAccess>,
}

impl Checked {
    /// As it is stored. Without a new login it has the one that it had.
    pub(super) fn seal(
        self,
        app: &App,
        tenant: TenantId,
        id: DeviceId,
        had: Option<SnmpAccess>,
    ) -> DeviceData {
        let new = self.snmp.map(|new| new.seal(&app.secrets, tenant, Holder::Device(id)));
        DeviceData { snmp: new.or(had), ..self.data }
    }
}

impl NewDevice {
    /// Checks everything that can be checked without the store.
    pub(super) fn check(self, allow_loopback: bool) -> Result<Checked, Invalid> {
        let mut fields = Fields::default();
        let snmp = self.snmp.and_then(|snmp| snmp.check("snmp", &mut fields));
        let name = fields.line_or_none("name", self.name.as_deref(), 100);
        let router = self.router_id.map(RouterId);
        let default = if router.is_some() { Reach::Router } else { Reach::Direct };
        let reach = self.reach.map_or(default, Into::into);
        if reach == Reach::Router && router.is_none() {
            fields.refuse("reach", "needs a router: set routerId, or leave this out");
        }
        let Ok(address) = self.address.trim().parse::<IpAddr>().map(|address| address.to_canonical()) else {
            fields.refuse("address", "must be an IP address, such as 192.168.1.20");
            return Err(fields.done().err().unwrap_or_else(|| Invalid::one("address", "is missing")));
        };
        let data = DeviceData {
            name: name.unwrap_or_else(|| address.to_string()),
            address,
            router,
            reach,
            watched: self.watched,
            snmp: None,
        };
        if let Some(why) = refused(data.place(), allow_loopback) {
            fields.refuse("address", why);
        }
        fields.done().map(|()| Checked { data, snmp })
    }
}

/// Why a device at this place is not watched, if it is not.
fn refused(place: Place, allow_loopback: bool) -> Option<&'static str> {
    let is_ours = |ip: IpAddr| !ip.is_loopback() && UdpSocket::bind((ip, 0)).is_ok();
    match refusal(place, allow_loopback) {
        Some(NoTarget::Loopback) if place.through.is_some() => Some("is the router itself"),
        Some(NoTarget::Loopback) => {
            Some("is this server itself; set network.allow_loopback = true where that is meant")
        }
        Some(NoTarget::NoDevice) => Some("must be the address of one device"),
        Some(NoTarget::Translated) => {
            Some("must be the device's own address, not an IPv4 address inside an IPv6 one")
        }
        Some(NoTarget::Metadata) => Some("is where a cloud tells its machines their secrets, and no device"),
        None if place.through.is_none() && is_ours(place.address) => Some("is this server itself"),
        None => None,
    }
}

/// A change of a device; what is not mentioned stays.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct DevicePatch {
    /// A device that was called by its address is called by its new one unless given.
    name: Option<String>,
    address: Option<String>,
    /// Without a word about `reach`, a device that gets a router is asked by it, and one that loses its router by this
    /// server.
    #[serde(default, deserialize_with = "patched")]
    router_id: Option<Option<Uuid>>,
    reach: Option<ReachName>,
    watched: Option<bool>,
    /// Its own login for SNMP; null takes it away.
    #[serde(default, deserialize_with = "patched")]
    snmp: Option<Option<SnmpSetting>>,
}

impl DevicePatch {
    /// Its own login goes.
    pub(super) const fn takes_login_away(&self) -> bool {
        matches!(self.snmp, Some(None))
    }

    /// The device as it would be; without a word about its login it has none here.
    pub(super) fn over(self, old: &DeviceData) -> NewDevice {
        let old_address = old.address.to_string();
        let old_name = (old.name != old_address).then(|| old.name.clone());
        let had = old.router.map(|router| router.0);
        let router_id = self.router_id.unwrap_or(had);
        let keeps = router_id.is_some() == had.is_some();
        NewDevice {
            name: self.name.or(old_name),
            address: self.address.unwrap_or(old_address),
            router_id,
            reach: self.reach.or_else(|| keeps.then(|| old.reach.into())),
            watched: self.watched.unwrap_or(old.watched),
            snmp: self.snmp.flatten(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(address: &str) -> NewDevice {
        NewDevice {
            name: None,
            address: address.into(),
            router_id: None,
            reach: None,
            watched: false,
            snmp: None,
        }
    }

    fn wrong(checked: Result<Checked, Invalid>) -> Vec<String> {
        checked.expect_err("it is refused").0.into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn an_address_is_enough() {
        let data = new(" 192.0.2.20 ").check(false).unwrap().data;
        assert_eq!((data.name.as_str(), data.reach, data.router), ("192.0.2.20", Reach::Direct, None));
        let behind = NewDevice { router_id: Some(Uuid::nil()), ..new("192.168.1.20") };
        assert_eq!(behind.check(false).unwrap().data.reach, Reach::Router);
    }

    #[test]
    fn what_does_not_fit_is_told_field_by_field() {
        let both = NewDevice { name: Some("a\nb".into()), reach: Some(ReachName::Router), ..new("roof") };
        assert_eq!(wrong(both.check(false)), ["name", "reach", "address"]);
        assert_eq!(wrong(new("127.0.0.2").check(false)), ["address"]);
        assert_eq!(wrong(new("169.254.169.254").check(true)), ["address"]);
        assert!(new("127.0.0.2").check(true).is_ok());
    }

    #[test]
    fn a_patch_keeps_what_it_does_not_mention() {
        let router = Some(RouterId(Uuid::nil()));
        let old = DeviceData {
            name: "192.168.1.20".into(),
            address: [192, 168, 1, 20].into(),
            router,
            reach: Reach::Router,
            watched: true,
            snmp: None,
        };
        let unchanged = DevicePatch::default().over(&old).check(false).map(|checked| checked.data);
        assert_eq!(unchanged, Ok(old.clone()));
        let moved = DevicePatch { address: Some("192.168.1.21".into()), ..DevicePatch::default() };
        assert_eq!(moved.over(&old).check(false).unwrap().data.name, "192.168.1.21");
        let named = DeviceData { name: "Roof".into(), ..old };
        let direct = DevicePatch { router_id: Some(None), ..DevicePatch::default() };
        let data = direct.over(&named).check(false).unwrap().data;
        assert_eq!((data.name.as_str(), data.router, data.reach), ("Roof", None, Reach::Direct));
    }
}
