//! airOS: UBNT-AirMAX-MIB.

use super::{Counted, Device, Figures, Objects, dotted, radio_ports};

const ROOT: &str = "1.3.6.1.4.1.41112.1.4";

pub(super) fn write(device: &Device, now: &Figures, counted: &Counted, to: &mut Objects) {
    to.system("Linux", "1.3.6.1.4.1.10002.1");
    to.number(format_args!("{ROOT}.8.3.0"), now.cpu * 100.0);
    to.number(format_args!("{ROOT}.8.4.0"), now.temperature);
    to.number(format_args!("{ROOT}.1.1.2.1"), 2.0);
    to.number(format_args!("{ROOT}.1.1.4.1"), 5_600.0 + 20.0 * f64::from(device.address.octets()[3] % 8));
    to.number(format_args!("{ROOT}.1.1.6.1"), 24.0);
    for chain in 1..=2 {
        to.number(format_args!("{ROOT}.2.1.2.1.{chain}"), now.signal + 96.0 - f64::from(chain));
    }
    let radio = |column: u32| format!("{ROOT}.5.1.{column}.1");
    to.text(radio(2), "simulated");
    to.number(radio(5), now.signal);
    to.number(radio(6), now.signal + 96.0);
    to.number(radio(7), now.ccq);
    to.number(radio(8), now.noise);
    to.number(radio(9), now.rate_tx);
    to.number(radio(10), now.rate_rx);
    to.number(radio(14), 40.0);
    to.number(radio(15), device.stations.len() as f64);
    to.number(format_args!("{ROOT}.6.1.3.1"), now.ccq - 3.0);
    to.number(format_args!("{ROOT}.6.1.4.1"), 40.0 + now.snr());
    to.number(format_args!("{ROOT}.6.1.7.1"), now.airtime * 10.0);
    for (number, station) in device.stations.iter().enumerate() {
        let mac = dotted(station.mac);
        let column = |column: u32| format!("{ROOT}.7.1.{column}.1.{mac}");
        let signal = device.signal_of(number, to.at);
        let share = ((signal - now.noise) / now.snr()).clamp(0.2, 1.0);
        to.text(column(2), &station.name);
        to.number(column(3), signal);
        to.number(column(4), now.noise);
        to.number(column(5), f64::from(400 + 310 * (number as u32 % 11)));
        to.number(column(6), now.ccq);
        to.number(column(8), now.ccq - 4.0);
        to.number(column(9), 40.0 + signal - now.noise);
        to.number(column(11), now.rate_tx * share);
        to.number(column(12), now.rate_rx * share);
        to.ticks(column(15), to.connected(number));
        to.number(column(16), signal - now.noise - 1.0);
    }
    radio_ports(device, ["eth0", "ath0"], counted, to);
}
