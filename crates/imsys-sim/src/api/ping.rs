//! `/tool/ping`: which questions it takes, and one row per probe.

use std::net::IpAddr;
use std::time::Duration;

use super::command::Command;
use super::login::Account;
use crate::router::state::State;
use crate::router::statics::{Answer, Target};
use crate::trap::Trap;
use crate::version::Version;

/// The first version without `/ping` at the root.
const ONLY_TOOL: Version = Version::new(7, 23);
const INTERVALS: std::ops::RangeInclusive<Duration> = Duration::from_millis(10)..=Duration::from_secs(5);
/// Bytes of a probe when nothing else is asked for.
const SIZE: u16 = 56;

/// A ping that was asked for and may begin.
#[derive(Debug, Clone)]
pub(crate) struct Ping {
    pub(crate) target: Target,
    /// `None` goes on until it is cancelled.
    pub(crate) count: Option<u64>,
    /// Between the beginnings of two probes; a later answer is none.
    pub(crate) interval: Duration,
    size: u16,
    version: Version,
    proplist: Option<Vec<Vec<u8>>>,
}

/// Whether the command is a ping that this version has.
pub(crate) fn is_ping(state: &State, command: &Command) -> bool {
    let found = match command.path.as_str() {
        "tool" => !state.conditions.no_tool_ping,
        "" => state.version < ONLY_TOOL,
        _ => false,
    };
    found && command.rooted && command.verb == "ping"
}

/// Reads what is to be asked.
///
/// # Errors
/// No policy `test`, an unknown parameter, a missing or bad value; `arp-ping` without an interface.
pub(crate) fn read(state: &State, command: &Command, account: &Account) -> Result<Ping, Trap> {
    if !account.may("test") {
        return Err(Trap::not_permitted());
    }
    known(state.version, command)?;
    let arp = flag(command, "arp-ping")?;
    if let (true, Some(trap)) = (arp, &state.conditions.arp_ping_trap) {
        return Err(trap.clone());
    }
    let interface = command.attribute("interface").map(<[u8]>::to_vec);
    // The text is the manual's ("Ping", MikroTik).
    if arp && interface.is_none() {
        return Err(Trap::plain("interface needs to be specified for arp ping"));
    }
    if let Some(name) = &interface
        && state.at("interface").is_none_or(|table| table.named(name).is_none())
    {
        return Err(Trap::no_match("interface"));
    }
    let target = Target { address: address(command)?, interface, vrf: vrf(state, command)?, arp };
    Ok(Ping {
        target,
        count: value(command, "count", |count| count.parse().ok())?,
        interval: value(command, "interval", interval)?.unwrap_or(Duration::from_secs(1)),
        size: value(command, "size", |size| size.parse().ok().filter(|size| *size >= 28))?.unwrap_or(SIZE),
        version: state.version,
        proplist: command.proplist(),
    })
}

fn known(version: Version, command: &Command) -> Result<(), Trap> {
    const COMMON: [&str; 11] = [
        ".proplist",
        "address",
        "arp-ping",
        "count",
        "do-not-fragment",
        "dscp",
        "interface",
        "interval",
        "size",
        "src-address",
        "ttl",
    ];
    let table = if version.major >= 7 { "vrf" } else { "routing-table" };
    match command.pairs(&COMMON).into_iter().find(|(name, _)| *name != table.as_bytes()) {
        Some((name, _)) => Err(Trap::unknown_parameter(&String::from_utf8_lossy(name))),
        None => Ok(()),
    }
}

fn address(command: &Command) -> Result<IpAddr, Trap> {
    let address = value(command, "address", |address| address.parse().ok())?;
    address.ok_or_else(|| Trap::missing_value("address"))
}

fn vrf(state: &State, command: &Command) -> Result<Vec<u8>, Trap> {
    let name = if state.version.major >= 7 { "vrf" } else { "routing-table" };
    let asked = command.attribute(name).unwrap_or(b"main");
    if asked == b"main" || state.statics.know_vrf(asked) {
        return Ok(asked.to_vec());
    }
    Err(Trap::no_match(name))
}

fn flag(command: &Command, name: &str) -> Result<bool, Trap> {
    match command.attribute(name) {
        None | Some(b"no" | b"false") => Ok(false),
        Some(b"yes" | b"true" | b"") => Ok(true),
        Some(_) => Err(Trap::no_match(name)),
    }
}

fn value<T>(command: &Command, name: &str, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>, Trap> {
    let Some(text) = command.attribute(name) else { return Ok(None) };
    let value = std::str::from_utf8(text).ok().and_then(read);
    value.map(Some).ok_or_else(|| Trap::invalid_value(name))
}

/// `1`, `0.5`, `1s` or `100ms`.
fn interval(text: &str) -> Option<Duration> {
    let (number, unit) = match text.strip_suffix("ms") {
        Some(number) => (number, 0.001),
        None => (text.strip_suffix('s').unwrap_or(text), 1.0),
    };
    let seconds = number.parse::<f64>().ok()? * unit;
    Duration::try_from_secs_f64(seconds).ok().filter(|time| INTERVALS.contains(time))
}

/// The probes so far.
#[derive(Debug, Default)]
pub(crate) struct Series {
    sent: u64,
    received: u64,
    fastest: Duration,
    slowest: Duration,
    total: Duration,
}

impl Series {
    /// Whether a ping has sent all it should.
    pub(crate) fn is_over(&self, ping: &Ping) -> bool {
        ping.count.is_some_and(|count| self.sent >= count)
    }

    /// Counts a probe and gives its row, counters included, as recorded.
    pub(crate) fn row(&mut self, ping: &Ping, answer: Option<&Answer>) -> Vec<(&'static str, String)> {
        let seq = self.sent;
        self.count(answer);
        let spell = |time| spell(time, ping.version);
        let mut row = vec![("seq", seq.to_string())];
        match answer {
            Some(answer) => {
                row.push(("host", answer.host.clone()));
                if let Some(ttl) = answer.ttl {
                    row.extend([("size", ping.size.to_string()), ("ttl", ttl.to_string())]);
                }
                row.push(("time", spell(answer.time)));
            }
            None => row.extend([("host", ping.target.address.to_string()), ("status", "timeout".to_owned())]),
        }
        let lost = 100 * (self.sent - self.received) / self.sent;
        row.extend([
            ("sent", self.sent.to_string()),
            ("received", self.received.to_string()),
            ("packet-loss", lost.to_string()),
        ]);
        if self.received > 0 {
            let mean = self.total.div_f64(self.received as f64);
            row.extend([
                ("min-rtt", spell(self.fastest)),
                ("avg-rtt", spell(mean)),
                ("max-rtt", spell(self.slowest)),
            ]);
        }
        row.retain(|(name, _)| {
            ping.proplist.as_ref().is_none_or(|list| list.iter().any(|asked| asked == name.as_bytes()))
        });
        row
    }

    fn count(&mut self, answer: Option<&Answer>) {
        self.sent += 1;
        let Some(Answer { time, .. }) = answer else { return };
        self.received += 1;
        self.total += *time;
        self.slowest = self.slowest.max(*time);
        self.fastest = if self.received == 1 { *time } else { self.fastest.min(*time) };
    }
}

/// `9ms445us`; version 6 knows whole milliseconds only.
fn spell(time: Duration, version: Version) -> String {
    let (millis, micros) = (time.as_millis(), time.subsec_micros() % 1_000);
    match (millis, micros) {
        _ if version.major < 7 => format!("{millis}ms"),
        (0, micros) => format!("{micros}us"),
        (millis, 0) => format!("{millis}ms"),
        (millis, micros) => format!("{millis}ms{micros}us"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trips_are_spelt_as_recorded() {
        let (six, seven) = (Version::new(6, 49), Version::new(7, 18));
        assert_eq!(spell(Duration::from_micros(9_445), seven), "9ms445us");
        assert_eq!(spell(Duration::from_micros(386), seven), "386us");
        assert_eq!(spell(Duration::from_micros(386), six), "0ms");
        assert_eq!(spell(Duration::from_millis(9), seven), "9ms");
    }

    #[test]
    fn intervals_are_read_in_both_units_and_bounded() {
        assert_eq!(interval("100ms"), Some(Duration::from_millis(100)));
        assert_eq!(interval("0.5"), Some(Duration::from_millis(500)));
        assert_eq!(interval("1s"), Some(Duration::from_secs(1)));
        for bad in ["5ms", "6s", "x", "-1", ""] {
            assert_eq!(interval(bad), None, "{bad}");
        }
    }
}
