//! What a reading is about, and in which unit.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

macro_rules! classes {
    ($($(#[$doc:meta])* $class:ident $unit:literal,)*) => {
        /// What a reading is about. Each class has one unit, so that readings of any maker compare.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Class { $($(#[$doc])* $class,)* }

        impl Class {
            /// All classes.
            pub const ALL: &[Self] = &[$(Self::$class),*];

            /// The unit of its values; empty for counts and states.
            pub fn unit(self) -> &'static str {
                match self { $(Self::$class => $unit,)* }
            }
        }
    };
}

classes! {
    /// Load of a processor.
    Cpu "%",
    /// Memory in use.
    Memory "%",
    /// Memory in use.
    MemoryUsed "B",
    /// Memory there is.
    MemoryTotal "B",
    /// A disk or flash in use.
    Storage "%",
    /// A disk or flash in use.
    StorageUsed "B",
    /// Size of a disk or flash.
    StorageTotal "B",
    /// A temperature.
    Temperature "°C",
    /// A voltage.
    Voltage "V",
    /// An electric current.
    Current "A",
    /// Electric power.
    Power "W",
    /// Speed of a fan.
    Fan "rpm",
    /// Time since the device, a link or a session came up.
    Uptime "s",
    /// A state with a name.
    State "",
    /// A number of things.
    Count "",
    /// Stations that are connected.
    Clients "",
    /// Received signal.
    Signal "dBm",
    /// Received signal on a maker's own scale, where it is not dBm.
    Rssi "",
    /// Noise floor.
    NoiseFloor "dBm",
    /// Signal to noise.
    Snr "dB",
    /// Client connection quality.
    Ccq "%",
    /// A maker's own measure of a link's quality.
    Quality "%",
    /// Data rate of the radio, sending.
    RateTx "bit/s",
    /// Data rate of the radio, receiving.
    RateRx "bit/s",
    /// Transmit power.
    TxPower "dBm",
    /// Optical power.
    OpticalPower "dBm",
    /// Frequency of the radio.
    Frequency "MHz",
    /// Number of the radio's channel.
    Channel "",
    /// Width of the radio's channel.
    ChannelWidth "MHz",
    /// Distance to the other side.
    Distance "km",
    /// A share of what the radio could carry.
    Capacity "%",
    /// How busy the air or a direction is.
    Utilisation "%",
    /// Modulation and coding, as the maker numbers it.
    Mcs "",
    /// Mean square error of the demodulator.
    Mse "dB",
    /// Cross-polar interference.
    Xpi "dB",
    /// Share of broken packets.
    ErrorRatio "%",
    /// Errors since the start.
    Errors "",
    /// Reference signal received power (LTE, NR).
    Rsrp "dBm",
    /// Reference signal received quality (LTE, NR).
    Rsrq "dB",
    /// Signal to interference and noise (LTE, NR).
    Sinr "dB",
}

impl Class {
    /// Its name in profiles, in the API and of its series.
    pub fn name(self) -> &'static Arc<str> {
        static NAMES: LazyLock<BTreeMap<Class, Arc<str>>> = LazyLock::new(|| {
            let name = |class: &Class| match toml::Value::try_from(class) {
                Ok(toml::Value::String(name)) => name.into(),
                other => unreachable!("a variant is written as its name: {other:?}"),
            };
            Class::ALL.iter().map(|class| (*class, name(class))).collect()
        });
        &NAMES[&self]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_has_the_name_that_profiles_use() {
        assert_eq!(&**Class::NoiseFloor.name(), "noise-floor");
        let names: std::collections::BTreeSet<_> = Class::ALL.iter().map(|class| class.name()).collect();
        assert_eq!(names.len(), Class::ALL.len());
    }
}
