//! Tenants: the providers on one installation, and how they want things done.

use crate::{TenantId, Timestamp};
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// An ISP on this installation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tenant {
    /// Its id.
    pub id: TenantId,
    /// Its name, as people read it.
    pub name: String,
    /// Its name in URLs: lower case letters, digits, `-`.
    pub slug: String,
    /// When it was made.
    pub created: Timestamp,
    /// How it wants things done.
    pub settings: Settings,
}

/// A tenant's settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Settings {
    /// Seconds between two prints of a router's `/ppp/active`; 30 to 3600.
    pub sweep_seconds: u32,
    /// Seconds between two checks of a router's static customers; 10 to 3600.
    pub static_check_seconds: u32,
    /// Months that sessions and events are kept; 1 to 120.
    pub history_months: u32,
    /// The currency of new plans.
    pub currency: String,
    /// The URL at which this tenant's routers reach the server, `http(s)://host[:port]`; `None`: the server's own.
    pub webhook_url: Option<String>,
    /// The address under which this tenant's routers see the server; `None`: the server's own.
    pub server_address: Option<IpAddr>,
}

/// A month as people mean it, and never less.
const MONTH_SECONDS: i64 = 31 * 86_400;

impl Settings {
    /// Sessions and events that ended before this are dropped at `now`.
    pub fn history_begins(&self, now: Timestamp) -> Timestamp {
        now.minus_seconds(i64::from(self.history_months) * MONTH_SECONDS)
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            sweep_seconds: 300,
            static_check_seconds: 300,
            history_months: 24,
            currency: "USD".into(),
            webhook_url: None,
            server_address: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_of_history_is_a_long_one() {
        let now = Timestamp(0).plus_seconds(100 * 86_400);
        let settings = Settings { history_months: 2, ..Settings::default() };
        assert_eq!(settings.history_begins(now), now.minus_seconds(62 * 86_400));
    }
}
