//! Services: one line of a customer, by PPPoE account, by static address, or by DHCP lease.

use crate::customer::CustomerData;
use crate::hindrance::Hindrance;
use crate::mac::Mac;
use crate::{CustomerId, PlanId, RouterId, Timestamp, edition, search};
use serde::{Deserialize, Serialize};
use std::net::Ipv4Addr;

/// The longest PPP name that is taken, in bytes; RouterOS itself sets no published limit.
pub const USERNAME_MOST: usize = 256;

/// How a line is recognised on its router.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Access {
    /// Logs in; unique by (router, username).
    Pppoe {
        /// The PPP name, compared byte for byte as RouterOS does.
        username: String,
    },
    /// Has a fixed address; unique by (router, vrf, address).
    Static {
        /// The customer's address behind the router.
        address: Ipv4Addr,
        /// The registered MAC, when one is.
        mac: Option<Mac>,
        /// The router's interface towards the customer.
        interface: Option<String>,
        /// The routing table; `None` is `main`.
        vrf: Option<String>,
    },
    /// Gets his address from the router's DHCP server; unique by (router, mac).
    Dhcp {
        /// The MAC address of the device that asks for it.
        mac: Mac,
    },
}

/// Which of the kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// PPPoE account.
    Pppoe,
    /// Static address.
    Static,
    /// Address by DHCP.
    Dhcp,
}

impl Kind {
    /// Whether it does not log in, so that its router is asked about it.
    pub const fn is_checked(self) -> bool {
        !matches!(self, Self::Pppoe)
    }
}

impl Access {
    /// Its kind.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Pppoe { .. } => Kind::Pppoe,
            Self::Static { .. } => Kind::Static,
            Self::Dhcp { .. } => Kind::Dhcp,
        }
    }

    /// The text that is unique among the services of a router.
    pub fn key(&self) -> String {
        match self {
            Self::Pppoe { username } => format!("ppp:{username}"),
            Self::Static { address, vrf, .. } => format!("ip:{}:{address}", vrf.as_deref().unwrap_or("main")),
            Self::Dhcp { mac } => format!("mac:{mac}"),
        }
    }
}

impl Access {
    /// What people call it by.
    pub fn name(&self) -> String {
        match self {
            Self::Pppoe { username } => username.clone(),
            Self::Static { address, .. } => address.to_string(),
            Self::Dhcp { mac } => mac.to_string(),
        }
    }

    /// What lists are ordered by: as [`Self::name`], with each number of an address padded.
    pub fn label(&self) -> String {
        match self {
            Self::Static { address, .. } => address_label(*address),
            Self::Pppoe { .. } | Self::Dhcp { .. } => self.name(),
        }
    }
}

/// An address as lists are ordered by it.
pub fn address_label(address: Ipv4Addr) -> String {
    let [a, b, c, d] = address.octets();
    format!("{a:03}.{b:03}.{c:03}.{d:03}")
}

/// What a service is found by; `leased` is the address that DHCP gave it last.
pub fn search_text(access: &Access, customer: Option<&CustomerData>, leased: Option<&str>) -> String {
    let (address, device) = match access {
        Access::Pppoe { username } => (username.clone(), None),
        Access::Static { address, mac, .. } => (address.to_string(), *mac),
        Access::Dhcp { mac } => (leased.unwrap_or_default().to_owned(), Some(*mac)),
    };
    let device = device.map(|mac| mac.to_string()).unwrap_or_default();
    let theirs = customer.map(CustomerData::found_by).unwrap_or_default();
    search::text([address.as_str(), &device].into_iter().chain(theirs))
}

/// Why a PPP name was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UsernameError {
    /// Nothing there.
    #[error("the username must not be empty")]
    Empty,
    /// More than [`USERNAME_MOST`] bytes.
    #[error("the username must have at most {USERNAME_MOST} bytes")]
    TooLong,
    /// A control character: RouterOS cannot hold one, so somebody is playing tricks.
    #[error("the username must not contain control characters")]
    Control,
}

/// Checks a PPP name from a person or from the network; it is kept byte for byte.
pub fn check_username(name: &str) -> Result<(), UsernameError> {
    if name.is_empty() {
        Err(UsernameError::Empty)
    } else if name.len() > USERNAME_MOST {
        Err(UsernameError::TooLong)
    } else if name.chars().any(char::is_control) {
        Err(UsernameError::Control)
    } else {
        Ok(())
    }
}

/// Whether IMSys may change things on the router for this service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EnforcementMode {
    /// Look, never touch. Every service starts here.
    #[default]
    Observe,
    /// A person has handed the line over.
    Manage,
}

/// What a person sets about a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceData {
    /// Behind which router.
    pub router: RouterId,
    /// How it is recognised there.
    pub access: Access,
    /// Whose it is.
    pub customer: Option<CustomerId>,
    /// What they pay for.
    pub plan: Option<PlanId>,
    /// Suspended, or found disabled.
    pub suspended: bool,
    /// Whether IMSys may touch it on the router.
    pub mode: EnforcementMode,
}

impl ServiceData {
    /// Whether it is at another place after a change: behind another router, or recognised there by something else.
    /// What was known of its presence says nothing of it there ([`crate::presence::forget`]).
    pub fn moves(&self, to: &Self) -> bool {
        self.router != to.router || self.access.key() != to.access.key()
    }

    /// The name by which routers may have spoken of it before it was registered.
    pub fn username(&self) -> Option<&str> {
        match &self.access {
            Access::Pppoe { username } => Some(username),
            Access::Static { .. } | Access::Dhcp { .. } => None,
        }
    }
}

/// What an archived service hangs on, as it is now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// Its router is archived.
    pub router_archived: bool,
    /// Its customer, who is archived.
    pub customer: Option<CustomerId>,
    /// Its plan, which is archived.
    pub plan: Option<PlanId>,
    /// Another plan has the name of that one.
    pub plan_name_taken: bool,
}

/// What comes back with an archived service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ComesBack {
    /// Its customer, who was archived.
    pub customer: Option<CustomerId>,
    /// Its plan, which was archived.
    pub plan: Option<PlanId>,
}

/// Decides whether an archived service can come back: its router comes first, and its customer and plan come with it.
pub fn restore(archived: Option<Timestamp>, around: Surroundings) -> Result<ComesBack, Hindrance> {
    edition::archived(archived)?;
    match around {
        Surroundings { router_archived: true, .. } => Err(Hindrance::RouterArchived),
        Surroundings { plan: Some(_), plan_name_taken: true, .. } => Err(Hindrance::PlanNameTaken),
        Surroundings { customer, plan, .. } => Ok(ComesBack { customer, plan }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn by_address(address: &str) -> Access {
        let (mac, interface) = ("02:00:00:00:00:01".parse().ok(), Some("ether2".into()));
        Access::Static { address: address.parse().unwrap(), mac, interface, vrf: None }
    }

    fn data(access: Access) -> ServiceData {
        let (router, mode) = (RouterId(Uuid::from_u128(1)), EnforcementMode::Observe);
        ServiceData { router, access, customer: None, plan: None, suspended: false, mode }
    }

    #[test]
    fn addresses_are_ordered_by_number_and_called_as_people_write_them() {
        let (two, ten) = (by_address("10.0.0.2"), by_address("10.0.0.10"));
        assert!(two.label() < ten.label() && two.name() > ten.name());
        assert_eq!((two.label().as_str(), two.name().as_str()), ("010.000.000.002", "10.0.0.2"));
        let ana = Access::Pppoe { username: "ana".into() };
        assert_eq!((ana.label(), ana.name()), ("ana".into(), "ana".into()));
    }

    #[test]
    fn a_service_is_found_by_its_access_its_device_and_its_customer() {
        let (name, phone) = ("Bořek".into(), Some("0712 345 678".into()));
        let (notes, email) = (Some("secret".into()), Some("b@example.org".into()));
        let bob = CustomerData { name, phone, notes, email, ..CustomerData::default() };
        let text = search_text(&by_address("10.0.0.2"), Some(&bob), None);
        for known in ["10.0.0.2", "0200.0000.0001", "borek", "0712345678"] {
            assert!(search::finds(known, &text), "{known} in {text}");
        }
        assert!(!search::finds("secret", &text) && !search::finds("example", &text), "{text}");
        let lease = search_text(&Access::Dhcp { mac: [2, 0, 0, 0, 0, 1].into() }, None, Some("10.0.0.9"));
        assert!(search::finds("10.0.0.9", &lease), "{lease}");
    }

    #[test]
    fn only_another_place_makes_a_service_unknown() {
        let here = data(Access::Pppoe { username: "ana".into() });
        let suspended = ServiceData { suspended: true, plan: Some(PlanId(Uuid::nil())), ..here.clone() };
        assert!(!here.moves(&suspended));
        assert!(here.moves(&data(Access::Pppoe { username: "ben".into() })));
        assert!(here.moves(&ServiceData { router: RouterId(Uuid::from_u128(2)), ..here.clone() }));
        let other_port = |interface: &str| Access::Static {
            interface: Some(interface.into()),
            address: [10, 0, 0, 2].into(),
            mac: None,
            vrf: None,
        };
        assert!(!data(other_port("ether2")).moves(&data(other_port("ether3"))), "the same line");
    }

    #[test]
    fn a_service_comes_back_with_its_customer_and_plan_after_its_router() {
        let (gone, ana, home) = (Some(Timestamp(1)), CustomerId(Uuid::nil()), PlanId(Uuid::nil()));
        let around = Surroundings { customer: Some(ana), plan: Some(home), ..Surroundings::default() };
        assert_eq!(restore(gone, around), Ok(ComesBack { customer: Some(ana), plan: Some(home) }));
        assert_eq!(restore(None, around), Err(Hindrance::NotArchived));
        let no_router = Surroundings { router_archived: true, ..around };
        assert_eq!(restore(gone, no_router), Err(Hindrance::RouterArchived));
        let no_name = Surroundings { plan_name_taken: true, ..around };
        assert_eq!(restore(gone, no_name), Err(Hindrance::PlanNameTaken));
    }

    #[test]
    fn equal_addresses_in_two_vrfs_are_two_services() {
        let line = |vrf: Option<&str>| Access::Static {
            address: "10.0.0.2".parse().unwrap(),
            mac: None,
            interface: None,
            vrf: vrf.map(str::to_owned),
        };
        assert_eq!(line(None).key(), line(Some("main")).key());
        assert_ne!(line(None).key(), line(Some("blue")).key());
    }

    #[test]
    fn a_username_keeps_its_spaces_but_no_control_characters() {
        assert_eq!(check_username("a b=ç&d"), Ok(()));
        assert_eq!(check_username("a\nb"), Err(UsernameError::Control));
        assert_eq!(check_username(""), Err(UsernameError::Empty));
    }
}
