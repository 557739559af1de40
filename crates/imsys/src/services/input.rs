//! What people may set about a service, checked once.

use crate::fields::{Fields, Invalid};
use crate::http::extract::patched;
use crate::http::words::{KindName, ModeName};
use imsys_domain::mac::Mac;
use imsys_domain::service::{Access, Kind, ServiceData, check_username};
use imsys_domain::{CustomerId, PlanId, RouterId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A new service.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct NewService {
    pub(super) kind: KindName,
    /// PPPoE: the PPP name.
    pub(super) username: Option<String>,
    /// Static: the customer's IPv4 address behind the router.
    pub(super) address: Option<String>,
    /// Static: the registered MAC. DHCP: the device's MAC.
    pub(super) mac: Option<String>,
    /// Static: the router's interface towards the customer.
    pub(super) interface: Option<String>,
    /// Static: the routing table, `main` unless given.
    pub(super) vrf: Option<String>,
    pub(super) router_id: Uuid,
    pub(super) customer_id: Option<Uuid>,
    pub(super) plan_id: Option<Uuid>,
    #[serde(default)]
    pub(super) suspended: bool,
    pub(super) enforcement: Option<NewEnforcement>,
}

/// Controls changes on the router for this service.
#[derive(Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct NewEnforcement {
    mode: ModeName,
}

impl NewService {
    /// Checks everything that can be checked without the store.
    pub(super) fn check(self) -> Result<ServiceData, Invalid> {
        let mut fields = Fields::default();
        let access = match Kind::from(self.kind) {
            Kind::Pppoe => self.pppoe(&mut fields),
            Kind::Static => self.fixed(&mut fields),
            Kind::Dhcp => self.by_dhcp(&mut fields),
        };
        if self.enforcement.is_some_and(|wanted| wanted.mode == ModeName::Manage) {
            fields.refuse("enforcement.mode", "must be `observe`: this version never changes a router");
        }
        fields.done()?;
        let access =
            access.ok_or_else(|| Invalid::one("kind", "needs a username, an address or a MAC address"))?;
        Ok(ServiceData {
            router: RouterId(self.router_id),
            access,
            customer: self.customer_id.map(CustomerId),
            plan: self.plan_id.map(PlanId),
            suspended: self.suspended,
            mode: self.enforcement.map(|wanted| wanted.mode.into()).unwrap_or_default(),
        })
    }

    fn pppoe(&self, fields: &mut Fields) -> Option<Access> {
        let others = [
            ("address", &self.address),
            ("mac", &self.mac),
            ("interface", &self.interface),
            ("vrf", &self.vrf),
        ];
        refuse(fields, &others, "does not belong to PPPoE services");
        let Some(username) = self.username.clone() else {
            fields.refuse("username", "is required for a PPPoE service");
            return None;
        };
        fields.check("username", check_username(&username))?;
        Some(Access::Pppoe { username })
    }

    fn fixed(&self, fields: &mut Fields) -> Option<Access> {
        refuse(fields, &[("username", &self.username)], "belongs to PPPoE services");
        let mac = self.mac.as_deref().and_then(|mac| fields.check("mac", Mac::of_device(mac)));
        let interface = fields.line_or_none("interface", self.interface.as_deref(), 100);
        let vrf = fields.line_or_none("vrf", self.vrf.as_deref(), 100).filter(|vrf| vrf != "main");
        let Some(text) = &self.address else {
            fields.refuse("address", "is required for a static service");
            return None;
        };
        let Ok(address) = text.parse() else {
            fields.refuse("address", "must be an IPv4 address such as 10.20.0.7");
            return None;
        };
        Some(Access::Static { address, mac, interface, vrf })
    }

    fn by_dhcp(&self, fields: &mut Fields) -> Option<Access> {
        refuse(fields, &[("username", &self.username)], "belongs to PPPoE services");
        let told = [("address", &self.address), ("interface", &self.interface), ("vrf", &self.vrf)];
        refuse(fields, &told, "does not belong to a service by DHCP: its lease tells");
        let Some(text) = &self.mac else {
            fields.refuse("mac", "is required for a service by DHCP");
            return None;
        };
        let mac = fields.check("mac", Mac::of_device(text))?;
        Some(Access::Dhcp { mac })
    }
}

/// Refuses fields that belong to another kind.
fn refuse(fields: &mut Fields, others: &[(&'static str, &Option<String>)], why: &str) {
    for (field, _) in others.iter().filter(|(_, value)| value.is_some()) {
        fields.refuse(field, why);
    }
}

/// A change of a service; what is not mentioned stays.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct ServicePatch {
    kind: Option<KindName>,
    #[serde(deserialize_with = "patched")]
    username: Option<Option<String>>,
    #[serde(deserialize_with = "patched")]
    address: Option<Option<String>>,
    #[serde(deserialize_with = "patched")]
    mac: Option<Option<String>>,
    #[serde(deserialize_with = "patched")]
    interface: Option<Option<String>>,
    #[serde(deserialize_with = "patched")]
    vrf: Option<Option<String>>,
    router_id: Option<Uuid>,
    #[serde(deserialize_with = "patched")]
    customer_id: Option<Option<Uuid>>,
    #[serde(deserialize_with = "patched")]
    plan_id: Option<Option<Uuid>>,
    suspended: Option<bool>,
    enforcement: Option<NewEnforcement>,
}

impl ServicePatch {
    /// The service as it would be.
    pub(super) fn over(self, old: ServiceData) -> NewService {
        let kind = self.kind.unwrap_or(old.access.kind().into());
        let (username, address, mac, interface, vrf) = match old.access {
            Access::Pppoe { username } => (Some(username), None, None, None, None),
            Access::Static { address, mac, interface, vrf } => (None, Some(address), mac, interface, vrf),
            Access::Dhcp { mac } => (None, None, Some(mac), None, None),
        };
        // What the new kind does not have goes with the old one.
        let is = |wanted| move |_: &String| kind == wanted;
        NewService {
            kind,
            username: self.username.unwrap_or(username.filter(is(KindName::Pppoe))),
            address: self
                .address
                .unwrap_or(address.map(|address| address.to_string()).filter(is(KindName::Static))),
            mac: self.mac.unwrap_or(mac.map(|mac| mac.to_string()).filter(|_| kind != KindName::Pppoe)),
            interface: self.interface.unwrap_or(interface.filter(is(KindName::Static))),
            vrf: self.vrf.unwrap_or(vrf.filter(is(KindName::Static))),
            router_id: self.router_id.unwrap_or(old.router.0),
            customer_id: self.customer_id.unwrap_or(old.customer.map(|id| id.0)),
            plan_id: self.plan_id.unwrap_or(old.plan.map(|id| id.0)),
            suspended: self.suspended.unwrap_or(old.suspended),
            enforcement: Some(self.enforcement.unwrap_or(NewEnforcement { mode: old.mode.into() })),
        }
    }
}
