//! RouterOS: MIKROTIK-MIB.

use super::{Counted, Device, Figures, Objects, dotted, radio_ports};

const ROOT: &str = "1.3.6.1.4.1.14988.1.1";
const STORAGE: &str = "1.3.6.1.2.1.25.2.3.1";
/// ifIndex of the radio.
const RADIO: u32 = 2;
/// The row of hrStorageTable for main memory, and its kilobytes.
const MEMORY: (u32, f64) = (65_536, 262_144.0);

pub(super) fn write(device: &Device, now: &Figures, counted: &Counted, to: &mut Objects) {
    to.system("RouterOS RB921GS-5HPacD", "1.3.6.1.4.1.14988.1");
    to.number("1.3.6.1.2.1.25.3.3.1.2.1", now.cpu);
    let (row, size) = MEMORY;
    to.text(format_args!("{STORAGE}.3.{row}"), "main memory");
    to.number(format_args!("{STORAGE}.4.{row}"), 1_024.0);
    to.number(format_args!("{STORAGE}.5.{row}"), size);
    to.number(format_args!("{STORAGE}.6.{row}"), size * now.memory / 100.0);
    to.gauge(format_args!("{ROOT}.3.8.0"), 240.0 + now.temperature / 10.0);
    to.gauge(format_args!("{ROOT}.3.10.0"), now.temperature * 10.0);
    let ap = |column: u32| format!("{ROOT}.1.3.1.{column}.{RADIO}");
    to.gauge(ap(2), now.rate_tx);
    to.gauge(ap(3), now.rate_rx);
    to.text(ap(4), "simulated");
    to.gauge(ap(6), device.stations.len() as f64);
    to.gauge(ap(7), 5_500.0 + 20.0 * f64::from(device.address.octets()[3] % 8));
    to.number(ap(9), now.noise);
    to.gauge(ap(10), now.ccq);
    for (number, station) in device.stations.iter().enumerate() {
        let mac = dotted(station.mac);
        let column = |column: u32| format!("{ROOT}.1.2.1.{column}.{mac}.{RADIO}");
        let signal = device.signal_of(number, to.at);
        // A station far away gets a lower rate.
        let share = ((signal - now.noise) / (now.snr())).clamp(0.2, 1.0);
        to.number(column(3), signal);
        to.gauge(column(8), now.rate_tx * share);
        to.gauge(column(9), now.rate_rx * share);
        to.ticks(column(11), to.connected(number));
        to.number(column(12), signal - now.noise);
        to.text(column(20), &station.name);
    }
    radio_ports(device, ["ether1", "wlan1"], counted, to);
}
