//! Points in time as the API writes them: RFC 3339, UTC, down to milliseconds.

use imsys_domain::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// A point in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Time(pub Timestamp);

impl From<Timestamp> for Time {
    fn from(at: Timestamp) -> Self {
        Self(at)
    }
}

impl std::fmt::Display for Time {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Beyond the year 9999 there is no RFC 3339: the last day stands for it.
        let at = jiff::Timestamp::from_millisecond(self.0.millis());
        at.unwrap_or(jiff::Timestamp::MAX).fmt(f)
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let wrong = |_| serde::de::Error::custom("must be a time such as 2025-01-31T08:00:00Z");
        let at: jiff::Timestamp = text.parse().map_err(wrong)?;
        Ok(Self(Timestamp(at.as_millisecond())))
    }
}

impl PartialSchema for Time {
    fn schema() -> RefOr<Schema> {
        let format = SchemaFormat::KnownFormat(KnownFormat::DateTime);
        ObjectBuilder::new().schema_type(Type::String).format(Some(format)).into()
    }
}

impl ToSchema for Time {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_rfc_3339_both_ways() {
        let at = Time(Timestamp(1_738_310_400_250));
        assert_eq!(serde_json::to_string(&at).unwrap(), "\"2025-01-31T08:00:00.25Z\"");
        assert_eq!(serde_json::from_str::<Time>("\"2025-01-31T10:00:00.250+02:00\"").unwrap(), at);
        assert!(serde_json::from_str::<Time>("\"2025-01-31\"").is_err());
    }
}
