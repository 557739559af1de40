//! What LibreNMS's classes of sensors are to us. Units are its documented ones; a class that we have no unit for is left out.

use crate::Class;

/// The class of a sensor of `/wireless-sensors`.
pub(super) fn wireless(class: &str, kind: &str, name: &str) -> Option<Class> {
    Some(match class {
        "capacity" => Class::Capacity,
        "ccq" => Class::Ccq,
        "channel" => Class::Channel,
        "clients" => Class::Clients,
        "distance" => Class::Distance,
        "error-ratio" => Class::ErrorRatio,
        "errors" => Class::Errors,
        "frequency" => Class::Frequency,
        "mse" => Class::Mse,
        "noise-floor" => Class::NoiseFloor,
        // The signal, in dBm, of most makers.
        "power" => match direction(kind, name)? {
            Direction::Rx => Class::Signal,
            Direction::Tx => Class::TxPower,
        },
        "quality" => Class::Quality,
        "rate" => match direction(kind, name)? {
            Direction::Rx => Class::RateRx,
            Direction::Tx => Class::RateTx,
        },
        "rsrp" => Class::Rsrp,
        "rsrq" => Class::Rsrq,
        // On 60 GHz MikroTik it is the signal in dBm, elsewhere a maker's own scale.
        "rssi" if kind.starts_with("mikrotik") => Class::Signal,
        "rssi" => Class::Rssi,
        "sinr" => Class::Sinr,
        "snr" => Class::Snr,
        "utilization" => Class::Utilisation,
        "xpi" => Class::Xpi,
        _ => return None,
    })
}

/// The class of a sensor of `/health`.
pub(super) fn health(class: &str) -> Option<Class> {
    Some(match class {
        "count" => Class::Count,
        "current" => Class::Current,
        "dbm" => Class::OpticalPower,
        "fanspeed" => Class::Fan,
        "power" => Class::Power,
        "signal" => Class::Signal,
        "snr" => Class::Snr,
        "state" => Class::State,
        "temperature" => Class::Temperature,
        "voltage" => Class::Voltage,
        _ => return None,
    })
}

enum Direction {
    Rx,
    Tx,
}

/// As the type says (`airos-rx`, `mikrotik-60g-tx`), else the name (`Rx Power`).
fn direction(kind: &str, name: &str) -> Option<Direction> {
    [kind, name].into_iter().find_map(|text| {
        let text = text.to_ascii_lowercase();
        let mut words = text.split(|c: char| !c.is_ascii_alphanumeric());
        words.find_map(|word| match word {
            "rx" | "signal" => Some(Direction::Rx),
            "tx" => Some(Direction::Tx),
            _ => None,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signal_is_found_under_each_of_its_names() {
        assert_eq!(wireless("power", "airos-rx", "Signal Level"), Some(Class::Signal));
        assert_eq!(wireless("power", "mimosa-ptp-rx", "Rx Power: Horiz. Chain"), Some(Class::Signal));
        assert_eq!(wireless("rssi", "mikrotik", "60G: MikroTik-e2f1fc"), Some(Class::Signal));
        assert_eq!(wireless("rssi", "airos", "Overall RSSI"), Some(Class::Rssi));
        assert_eq!(wireless("power", "airos-tx", "Tx Power"), Some(Class::TxPower));
        assert_eq!(wireless("power", "other", "Output"), None, "neither sent nor received is said");
    }

    #[test]
    fn rates_have_their_direction() {
        assert_eq!(wireless("rate", "mikrotik-60g-tx", "60G: MikroTik-e2f1fc"), Some(Class::RateTx));
        assert_eq!(wireless("rate", "mimosa-rx", "Stream 1 Rx Rate"), Some(Class::RateRx));
        assert_eq!(wireless("rate", "other", "Rate"), None);
    }

    #[test]
    fn power_is_watts_where_it_is_not_of_a_radio() {
        assert_eq!(health("power"), Some(Class::Power));
        assert_eq!(health("runtime"), None);
    }
}
