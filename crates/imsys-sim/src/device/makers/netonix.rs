//! Netonix switches: NETONIX-SWITCH-MIB, with UCD-SNMP-MIB for processor and memory.

use super::{Counted, Device, Figures, Objects, Port};

const ROOT: &str = "1.3.6.1.4.1.46242";
const UCD: &str = "1.3.6.1.4.1.2021";
const PORTS: u32 = 12;
/// Kilobytes of memory.
const MEMORY: f64 = 126_000.0;

pub(super) fn write(device: &Device, now: &Figures, counted: &Counted, to: &mut Objects) {
    to.system("Netonix WS-12-250-AC", "1.3.6.1.4.1.46242");
    to.number(format_args!("{ROOT}.2.1.2.1"), 3_200.0 + 40.0 * now.temperature);
    for (row, name, value) in [(1, "Board", now.temperature), (2, "CPU", now.temperature + 9.0)] {
        to.text(format_args!("{ROOT}.3.1.2.{row}"), name);
        to.number(format_args!("{ROOT}.3.1.3.{row}"), value);
    }
    for (row, name, volts) in [(1, "24V", 24.1), (2, "48V", 48.3)] {
        to.text(format_args!("{ROOT}.4.1.2.{row}"), name);
        to.number(format_args!("{ROOT}.4.1.3.{row}"), volts * 100.0);
    }
    to.number(format_args!("{ROOT}.6.0"), now.power * 10.0);
    to.number(format_args!("{ROOT}.7.0"), now.power / 48.3 * 10.0);
    to.number(format_args!("{UCD}.11.11.0"), 100.0 - now.cpu);
    to.number(format_args!("{UCD}.4.5.0"), MEMORY);
    to.number(format_args!("{UCD}.4.6.0"), MEMORY * (1.0 - now.memory / 100.0));
    to.number(format_args!("{UCD}.4.14.0"), 0.0);
    to.number(format_args!("{UCD}.4.15.0"), 0.0);
    for index in 1..=PORTS {
        to.number(format_args!("{ROOT}.5.1.2.{index}"), f64::from(if index < 9 { 3 } else { 1 }));
        let is_up = index < 9;
        // What comes through the uplink leaves through the others.
        let counted = match (index, is_up) {
            (1, _) => *counted,
            (_, true) => Counted { octets_in: counted.octets_out / 7.0, octets_out: counted.octets_in / 7.0 },
            (_, false) => Counted::default(),
        };
        let (name, alias) = (format!("Port {index}"), if index == 1 { "uplink" } else { "" });
        to.port(device, &Port { index, name: &name, alias, kind: 6, speed: 1_000, is_up, counted });
    }
}
