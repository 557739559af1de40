//! Services: one line of a customer, by PPPoE account, by static address, or by DHCP lease.

use crate::mac::Mac;
use crate::{CustomerId, PlanId, RouterId};
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

#[cfg(test)]
mod tests {
    use super::*;

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
