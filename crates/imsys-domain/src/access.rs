//! Roles and rights: one table, used by the edge of the API and shown to the dashboard.

use serde::{Deserialize, Serialize};

/// What a person or an API key is within one tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Everything within the tenant.
    Admin,
    /// Routers, devices, services.
    Technician,
    /// Customers and their services.
    Support,
    /// Customers, plans and money.
    Cashier,
    /// Looks, never changes.
    ReadOnly,
}

/// One thing that somebody may do within a tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Right {
    /// See everything that is not a secret.
    #[serde(rename = "read")]
    Read,
    /// Create, edit and archive services.
    #[serde(rename = "services.write")]
    ServicesWrite,
    /// Create, edit and archive customers.
    #[serde(rename = "customers.write")]
    CustomersWrite,
    /// Create, edit and archive plans.
    #[serde(rename = "plans.write")]
    PlansWrite,
    /// Add, edit and remove routers, import from them, see the scripts with their tokens.
    #[serde(rename = "routers.write")]
    RoutersWrite,
    /// Test a router, sweep it now.
    #[serde(rename = "routers.test")]
    RoutersTest,
    /// Invite people, change roles.
    #[serde(rename = "members.manage")]
    MembersManage,
    /// Make and revoke API keys.
    #[serde(rename = "keys.manage")]
    KeysManage,
    /// Read the audit log.
    #[serde(rename = "audit.read")]
    AuditRead,
    /// Change the tenant's settings, erase a customer's history.
    #[serde(rename = "tenant.settings")]
    TenantSettings,
}

impl Role {
    /// Every role, most powerful first.
    pub const ALL: [Self; 5] = [Self::Admin, Self::Technician, Self::Support, Self::Cashier, Self::ReadOnly];

    /// The name in the API and the store.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Technician => "technician",
            Self::Support => "support",
            Self::Cashier => "cashier",
            Self::ReadOnly => "read-only",
        }
    }

    /// The role of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    /// What this role may do.
    pub const fn rights(self) -> &'static [Right] {
        use Right::*;
        match self {
            Self::Admin => &[
                Read,
                ServicesWrite,
                CustomersWrite,
                PlansWrite,
                RoutersWrite,
                RoutersTest,
                MembersManage,
                KeysManage,
                AuditRead,
                TenantSettings,
            ],
            Self::Technician => &[Read, ServicesWrite, CustomersWrite, RoutersWrite, RoutersTest],
            Self::Support => &[Read, ServicesWrite, CustomersWrite, RoutersTest],
            Self::Cashier => &[Read, CustomersWrite, PlansWrite],
            Self::ReadOnly => &[Read],
        }
    }

    /// Whether this role may do `right`.
    pub fn may(self, right: Right) -> bool {
        self.rights().contains(&right)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_reads_and_only_the_admin_manages_people() {
        for role in Role::ALL {
            assert!(role.may(Right::Read));
            assert_eq!(role.may(Right::MembersManage), role == Role::Admin);
            assert_eq!(Role::parse(role.name()), Some(role));
        }
    }
}
