//! Mimosa: MIMOSA-NETWORKS-BFIVE-MIB.

use super::{Counted, Device, Figures, Objects, radio_ports};

const ROOT: &str = "1.3.6.1.4.1.43356.2.1.2";

pub(super) fn write(device: &Device, now: &Figures, counted: &Counted, to: &mut Objects) {
    to.system("Mimosa B5", "1.3.6.1.4.1.43356.1.1.1");
    to.number(format_args!("{ROOT}.1.8.0"), now.temperature * 10.0);
    to.number(format_args!("{ROOT}.2.4.0"), 380.0);
    to.number(format_args!("{ROOT}.2.5.0"), 1.0);
    to.number(format_args!("{ROOT}.2.6.0"), 9.0);
    to.number(format_args!("{ROOT}.2.7.0"), 6.0);
    to.number(format_args!("{ROOT}.4.1.0"), 1.0);
    for chain in 1..=4 {
        let column = |column: u32| format!("{ROOT}.6.1.1.{column}.{chain}");
        // All chains together have 6 dB more than each.
        to.number(column(2), 170.0);
        to.number(column(3), now.signal * 10.0 - 60.0);
        to.number(column(4), now.noise * 10.0);
        to.number(column(5), now.snr() * 10.0 - 60.0);
        to.number(column(6), 5_745.0);
    }
    for stream in 1..=2 {
        let column = |column: u32| format!("{ROOT}.6.2.1.{column}.{stream}");
        to.number(column(2), now.rate_tx / 2e6);
        to.number(column(3), now.mcs_tx as f64);
        to.number(column(5), now.rate_rx / 2e6);
        to.number(column(6), now.mcs_rx as f64);
    }
    to.number(format_args!("{ROOT}.6.5.0"), 230.0);
    to.number(format_args!("{ROOT}.6.6.0"), now.signal * 10.0);
    to.number(format_args!("{ROOT}.7.3.0"), (100.0 - now.ccq) * 5.0);
    to.number(format_args!("{ROOT}.7.4.0"), (100.0 - now.ccq) * 4.0);
    radio_ports(device, ["eth0", "wlan0"], counted, to);
}
