//! ePMP: CAMBIUM-PMP80211-MIB.

use super::{Counted, Device, Figures, Objects, radio_ports};

const ROOT: &str = "1.3.6.1.4.1.17713.21";

pub(super) fn write(device: &Device, now: &Figures, counted: &Counted, to: &mut Objects) {
    to.system("ePMP 3000", "1.3.6.1.4.1.17713.21.9.30");
    to.number(format_args!("{ROOT}.2.1.64.0"), now.cpu * 10.0);
    to.number(format_args!("{ROOT}.1.2.1.0"), 5_180.0 + 20.0 * f64::from(device.address.octets()[3] % 8));
    to.number(format_args!("{ROOT}.1.2.10.0"), device.stations.len() as f64);
    to.number(format_args!("{ROOT}.1.1.6.0"), 3.0);
    to.number(format_args!("{ROOT}.1.1.7.0"), 1.0);
    to.number(format_args!("{ROOT}.1.1.10.0"), 1.0);
    to.number(format_args!("{ROOT}.3.8.2.1.0"), 1.0);
    to.number(format_args!("{ROOT}.3.8.2.6.0"), 27.0);
    to.number(format_args!("{ROOT}.3.8.2.14.0"), 1.0);
    for (number, station) in device.stations.iter().enumerate() {
        let column = |column: u32| format!("{ROOT}.1.2.30.1.{column}.{}", number + 1);
        let signal = device.signal_of(number, to.at);
        let snr = signal - now.noise;
        let [a, b, c, d, e, f] = station.mac;
        to.text(column(1), format_args!("{a:02X}:{b:02X}:{c:02X}:{d:02X}:{e:02X}:{f:02X}"));
        to.number(column(4), signal - 2.0);
        to.number(column(5), signal);
        to.number(column(6), snr - 2.0);
        to.number(column(7), snr);
        to.number(column(8), (snr / 4.0).clamp(0.0, 9.0).floor());
        to.number(column(9), (snr / 3.6).clamp(0.0, 9.0).floor());
        to.text(column(18), &station.name);
        to.number(column(19), (2.4 * snr).clamp(5.0, 100.0));
        to.number(column(20), now.ccq);
        to.number(column(29), f64::from(350 + 420 * (number as u32 % 9)));
    }
    radio_ports(device, ["eth0", "wlan0"], counted, to);
}
