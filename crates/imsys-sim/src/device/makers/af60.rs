//! airFiber 60: UI-AF60-MIB.

use super::{Counted, Device, Figures, Objects, radio_ports};

const ROOT: &str = "1.3.6.1.4.1.41112.1.11.1";

pub(super) fn write(device: &Device, now: &Figures, counted: &Counted, to: &mut Objects) {
    to.system("Linux", "1.3.6.1.4.1.41112");
    to.number(format_args!("{ROOT}.1.1.1"), 0.0);
    to.number(format_args!("{ROOT}.1.2.1"), 64_800.0);
    to.number(format_args!("{ROOT}.1.3.1"), 1_080.0);
    to.number(format_args!("{ROOT}.2.5.1"), now.memory);
    to.number(format_args!("{ROOT}.2.6.1"), now.cpu);
    for (number, station) in device.stations.iter().enumerate() {
        let column = |column: u32| format!("{ROOT}.3.1.{column}.{}", number + 1);
        to.mac(column(1), station.mac);
        to.number(column(3), now.signal);
        to.number(column(4), now.snr());
        to.number(column(5), now.mcs_tx as f64);
        to.number(column(6), now.mcs_rx as f64);
        to.number(column(7), now.rate_tx / 1_000.0);
        to.number(column(8), now.rate_rx / 1_000.0);
        to.text(column(14), &station.name);
        to.number(column(15), 1_240.0);
        to.ticks(column(17), to.connected(number));
        to.number(column(18), now.signal - 1.0);
        to.number(column(19), now.snr() - 1.0);
    }
    radio_ports(device, ["eth0", "wlan0"], counted, to);
}
