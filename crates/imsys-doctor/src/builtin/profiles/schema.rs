//! A profile as it is written in TOML.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};
use toml::Spanned;

use super::Class;
use crate::builtin::snmp::Oid;

/// How to read the devices of one OS family.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Its name in settings and in `include`: lower case, unique.
    pub family: String,
    /// Who makes these devices.
    pub maker: String,
    /// What to call the family on screen.
    pub name: String,
    /// What the profile was checked against.
    pub verified: Verified,
    /// Where its objects are defined: MIB module and revision.
    pub sources: Vec<String>,
    /// False for agents that break on GETBULK.
    #[serde(default = "yes")]
    pub bulk: bool,
    /// Other profiles whose metrics and pools these devices have as well.
    #[serde(default)]
    pub include: Vec<String>,
    /// Which devices it is for: those for which one of these holds. None for what is only included.
    #[serde(default, rename = "match")]
    pub matches: Vec<Match>,
    /// What can be read.
    #[serde(default, rename = "metric")]
    pub metrics: Vec<Spanned<Metric>>,
    /// Memory and disks.
    #[serde(default, rename = "pool")]
    pub pools: Vec<Spanned<Pool>>,
    /// Ports whose counters are not in IF-MIB.
    #[serde(default, rename = "port")]
    pub ports: Vec<PortCounters>,
}

/// What a profile was checked against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verified {
    /// Recordings of real devices.
    Recording,
    /// The maker's MIB only.
    Mib,
}

/// All of what is given must hold.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Match {
    /// sysObjectID is this or below it.
    #[serde(deserialize_with = "some_oid")]
    pub object_id: Option<Oid>,
    /// sysDescr contains this, in any case.
    pub description: Option<String>,
    /// The device has an object below this. Several families of a maker share one sysObjectID.
    #[serde(deserialize_with = "some_oid")]
    pub answers: Option<Oid>,
}

/// One kind of reading.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metric {
    /// What it is about.
    pub class: Class,
    /// Tells apart metrics of one class in a profile; begins the index of their readings.
    #[serde(default)]
    pub id: String,
    /// What to call it: `{label}` and `{index}` are filled in.
    pub name: String,
    /// A scalar object, which ends with `.0`, or a column of a table.
    #[serde(deserialize_with = "oid")]
    pub oid: Oid,
    /// A column whose text is the label.
    #[serde(default, deserialize_with = "some_oid")]
    pub label: Option<Oid>,
    /// The value is divided by this.
    #[serde(default = "one")]
    pub divisor: f64,
    /// The value is multiplied with this.
    #[serde(default = "one")]
    pub multiplier: f64,
    /// Added at last.
    #[serde(default)]
    pub offset: f64,
    /// Values, as the agent writes them, that say that there is nothing to read.
    #[serde(default)]
    pub skip: Vec<f64>,
    /// Only rows for which this holds.
    #[serde(default, rename = "where")]
    pub filter: Option<Filter>,
    /// Text behind which a number begins, in values that are sentences.
    #[serde(default)]
    pub after: Option<String>,
    /// Names of states. A text value is looked up by name.
    #[serde(default)]
    pub states: BTreeMap<String, String>,
    /// Where the MAC address of the station is.
    #[serde(default)]
    pub station: Option<Station>,
    /// Rows with the same label become one reading.
    #[serde(default)]
    pub merge: Option<Merge>,
    /// Counts only where nothing else gave a reading of this class.
    #[serde(default)]
    pub fallback: bool,
}

/// Rows of a table to take.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// A column of the same table.
    #[serde(deserialize_with = "oid")]
    pub column: Oid,
    /// Its value as text is one of these.
    pub is: Vec<String>,
}

/// Where the MAC address of a station is.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub enum Station {
    /// In the index: its first arc.
    Index(usize),
    /// In a column of the same table.
    #[serde(deserialize_with = "oid")]
    Column(Oid),
}

/// How rows with the same label become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Merge {
    /// Their values are added.
    Sum,
    /// The first one counts.
    First,
}

/// Memory or a disk. It has `percent`, or `total` with `used` or `free`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pool {
    /// Memory or storage.
    pub class: PoolClass,
    /// Tells apart pools of one class in a profile; begins the index of their readings.
    #[serde(default)]
    pub id: String,
    /// What to call it: `{label}` and `{index}` are filled in.
    pub name: String,
    /// Its size.
    #[serde(default, deserialize_with = "some_oid")]
    pub total: Option<Oid>,
    /// What is in use of it.
    #[serde(default, deserialize_with = "some_oid")]
    pub used: Option<Oid>,
    /// What is not in use.
    #[serde(default, deserialize_with = "some_oid")]
    pub free: Option<Oid>,
    /// The share that is in use.
    #[serde(default, deserialize_with = "some_oid")]
    pub percent: Option<Oid>,
    /// Bytes in one unit of `total`, `used` and `free`.
    #[serde(default = "one")]
    pub unit: f64,
    /// Objects that count as used and are free when they are needed, as buffers and caches: `used` is less
    /// by them.
    #[serde(default, deserialize_with = "oids")]
    pub reclaimable: Vec<Oid>,
    /// A column that says how many bytes a unit has.
    #[serde(default, deserialize_with = "some_oid")]
    pub unit_column: Option<Oid>,
    /// A column whose text is the label.
    #[serde(default, deserialize_with = "some_oid")]
    pub label: Option<Oid>,
    /// Only rows for which this holds.
    #[serde(default, rename = "where")]
    pub filter: Option<Filter>,
    /// Counts only where nothing else gave a reading of this class.
    #[serde(default)]
    pub fallback: bool,
}

/// 64-bit counters of a port, each an object or a column of a table with one row, which IF-MIB does not
/// have for it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortCounters {
    /// Which port: its ifDescr.
    pub description: String,
    /// Octets received.
    #[serde(deserialize_with = "oid")]
    pub octets_in: Oid,
    /// Octets sent.
    #[serde(deserialize_with = "oid")]
    pub octets_out: Oid,
    /// Unicast packets received.
    #[serde(deserialize_with = "oid")]
    pub packets_in: Oid,
    /// Unicast packets sent.
    #[serde(deserialize_with = "oid")]
    pub packets_out: Oid,
    /// Packets received with errors.
    #[serde(deserialize_with = "oid")]
    pub errors_in: Oid,
    /// Packets that could not be sent because of errors.
    #[serde(deserialize_with = "oid")]
    pub errors_out: Oid,
}

/// What a [`Pool`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PoolClass {
    /// Main memory.
    Memory,
    /// Disks and flash.
    Storage,
}

fn yes() -> bool {
    true
}

fn one() -> f64 {
    1.0
}

fn oid<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Oid, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(serde::de::Error::custom)
}

fn oids<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Oid>, D::Error> {
    let texts = Vec::<String>::deserialize(deserializer)?;
    texts.iter().map(|text| text.parse().map_err(serde::de::Error::custom)).collect()
}

fn some_oid<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Oid>, D::Error> {
    oid(deserializer).map(Some)
}
