//! Identifiers: UUIDv7 made by the application, one type per thing, so that they cannot be mixed up.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// The id for a thing made at `at`, from 74 random bits. Ids sort by the time of making.
            pub fn new(at: crate::Timestamp, random: [u8; 10]) -> Self {
                let millis = u64::try_from(at.millis()).unwrap_or(0);
                Self(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                text.parse().map(Self)
            }
        }
    )+};
}

ids! {
    /// An ISP on this installation.
    TenantId,
    /// A person who signs in.
    PersonId,
    /// A program that signs in.
    ApiKeyId,
    /// A MikroTik router.
    RouterId,
    /// What is watched by ping and SNMP.
    DeviceId,
    /// Somebody who buys Internet access.
    CustomerId,
    /// What is sold: a price and a speed.
    PlanId,
    /// One line of a customer: a PPPoE account or a static address.
    ServiceId,
    /// One PPP session, from dial-in to hang-up.
    SessionId,
    /// A login for SNMP agents.
    SnmpLoginId,
    /// Something that was done to many things at once.
    BulkId,
}
