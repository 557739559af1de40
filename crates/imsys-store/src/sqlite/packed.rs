//! How the lines of a router that do not log in are written: of each line what is not as in the line before, as most
//! lines of a router were asked about in one moment, are on one interface, and came to the same. A hundred
//! lines fit into one page of the database.

use super::row::broken;
use crate::model::StaticLine;
use crate::port::{Result, StoreError};
use imsys_domain::ServiceId;
use imsys_domain::mac::Mac;
use imsys_domain::presence::{ArpSeen, Checked, Presence, QueueSeen, Seen};
use imsys_domain::service::address_label;
use postcard::{take_from_bytes, to_extend};
use serde::{Deserialize, Serialize};
use std::net::Ipv4Addr;
use std::sync::Arc;
use uuid::Uuid;

/// A service that does not log in, as a check needs it.
#[cfg_attr(test, derive(Debug, PartialEq))]
pub(super) struct CheckedService {
    pub(super) n: i64,
    pub(super) id: ServiceId,
    pub(super) rev: i64,
    /// None by DHCP.
    pub(super) address: Option<Ipv4Addr>,
    pub(super) mac: Option<Mac>,
    pub(super) interface: Option<String>,
    pub(super) vrf: Option<String>,
    pub(super) presence: Presence,
}

impl CheckedService {
    /// What its events call it.
    pub(super) fn label(&self) -> String {
        match (self.address, self.mac) {
            (Some(address), _) => address_label(address),
            (None, mac) => mac.map(|mac| mac.to_string()).unwrap_or_default(),
        }
    }
}

impl From<&CheckedService> for StaticLine {
    fn from(line: &CheckedService) -> Self {
        Self {
            id: line.id,
            address: line.address,
            mac: line.mac,
            interface: line.interface.clone(),
            vrf: line.vrf.clone(),
            checked: line.presence.checked.clone(),
        }
    }
}

/// In the first byte. A change of what is written needs another number.
const NOW: u8 = 3;

/// What follows of a line, in this order.
mod has {
    pub(super) const PLACE: u16 = 1;
    pub(super) const MAC: u16 = 1 << 1;
    pub(super) const STATUS: u16 = 1 << 2;
    pub(super) const SINCE: u16 = 1 << 3;
    pub(super) const CONFIRMED: u16 = 1 << 4;
    pub(super) const SESSIONS: u16 = 1 << 5;
    pub(super) const CHECKED: u16 = 1 << 6;
    pub(super) const CHECKED_AT: u16 = 1 << 7;
    pub(super) const ROW: u16 = 1 << 8;
    pub(super) const ROW_INTERFACE: u16 = 1 << 9;
    pub(super) const ROW_MAC: u16 = 1 << 10;
    pub(super) const ROW_STATE: u16 = 1 << 11;
    pub(super) const QUEUE: u16 = 1 << 12;
    pub(super) const PROBE: u16 = 1 << 13;
    pub(super) const ADDRESS: u16 = 1 << 14;
    pub(super) const LEASE: u16 = 1 << 15;
}

/// The bytes.
pub(super) fn pack(lines: &[CheckedService]) -> Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(64 * (lines.len() + 1));
    bytes.push(NOW);
    let (mut to, mut before) = (Writer(bytes), None);
    to.put(&lines.len()).map_err(failed)?;
    for line in lines {
        to.line(line, before).map_err(failed)?;
        before = Some(line);
    }
    Ok(to.0)
}

/// What the bytes say; `None` when another version wrote them in another way.
pub(super) fn unpack(bytes: &[u8]) -> Result<Option<Vec<CheckedService>>> {
    let Some(rest) = bytes.strip_prefix(&[NOW]) else { return Ok(None) };
    Reader(rest).lines().map(Some).ok_or_else(|| broken("lines"))
}

fn failed(error: postcard::Error) -> StoreError {
    StoreError::Failed(error.to_string())
}

fn flag(flag: u16, is_set: bool) -> u16 {
    if is_set { flag } else { 0 }
}

fn checked(line: Option<&CheckedService>) -> Option<&Checked> {
    line.and_then(|line| line.presence.checked.as_ref())
}

fn row(line: Option<&CheckedService>) -> Option<&ArpSeen> {
    checked(line).and_then(|checked| checked.seen.arp.as_ref())
}

struct Writer(Vec<u8>);

impl Writer {
    fn put<T: Serialize>(&mut self, value: &T) -> postcard::Result<()> {
        self.0 = to_extend(value, std::mem::take(&mut self.0))?;
        Ok(())
    }

    fn line(&mut self, line: &CheckedService, before: Option<&CheckedService>) -> postcard::Result<()> {
        let CheckedService { n, id, rev, address, mac, interface, vrf, presence } = line;
        // Only who logs in has sessions that are not told apart.
        let Presence {
            status,
            since,
            confirmed,
            source,
            open,
            beyond: _,
            ended,
            offline_before,
            checked: last,
        } = presence;
        let was = before.map(|before| &before.presence);
        let same_place = before.is_some_and(|before| (&before.interface, &before.vrf) == (interface, vrf));
        let stands = (status, source, offline_before);
        let stood = was.map(|was| (&was.status, &was.source, &was.offline_before));
        let flags = flag(has::PLACE, !same_place)
            | flag(has::ADDRESS, address.is_some())
            | flag(has::MAC, mac.is_some())
            | flag(has::STATUS, stood != Some(stands))
            | flag(has::SINCE, was.is_none_or(|was| was.since != *since))
            | flag(has::CONFIRMED, was.is_none_or(|was| was.confirmed != *confirmed))
            | flag(has::SESSIONS, !open.is_empty() || !ended.is_empty())
            | last.as_ref().map_or(0, |last| flags_of(last, before));
        self.put(&flags)?;
        self.put(&(n.wrapping_sub(before.map_or(0, |before| before.n)), rev))?;
        self.0.extend_from_slice(id.0.as_bytes());
        if let Some(address) = address {
            self.0.extend_from_slice(&address.octets());
        }
        if flags & has::PLACE != 0 {
            self.put(&(interface, vrf))?;
        }
        if let Some(mac) = mac {
            self.put(mac)?;
        }
        if flags & has::STATUS != 0 {
            self.put(&stands)?;
        }
        if flags & has::SINCE != 0 {
            self.put(since)?;
        }
        if flags & has::CONFIRMED != 0 {
            self.put(confirmed)?;
        }
        if flags & has::SESSIONS != 0 {
            self.put(&(open, ended))?;
        }
        last.as_ref().map_or(Ok(()), |last| self.checked(last, flags))
    }

    fn checked(&mut self, last: &Checked, flags: u16) -> postcard::Result<()> {
        let Checked {
            at,
            seen: Seen { arp, queue, lease, probe, probed_after, wrong_mac, bridge },
            silent,
            silent_at,
        } = last;
        if flags & has::CHECKED_AT != 0 {
            self.put(at)?;
        }
        if let Some(ArpSeen { interface, mac, state, ignored }) = arp {
            if flags & has::ROW_INTERFACE != 0 {
                self.put(interface)?;
            }
            if let Some(mac) = mac {
                self.put(mac)?;
            }
            if flags & has::ROW_STATE != 0 {
                self.put(&(state, ignored))?;
            }
        }
        if let Some(QueueSeen { bytes, moved }) = queue {
            self.put(&(bytes, moved))?;
        }
        if let Some(lease) = lease {
            self.put(lease)?;
        }
        if flags & has::PROBE != 0 {
            self.put(&(probe, probed_after, wrong_mac, bridge, silent, silent_at))?;
        }
        Ok(())
    }
}

fn flags_of(last: &Checked, before: Option<&CheckedService>) -> u16 {
    let Seen { arp, queue, lease, probe, probed_after, wrong_mac, bridge } = &last.seen;
    let others = wrong_mac.is_some() || bridge.is_some();
    let quiet = (probe, *probed_after, others, last.silent, last.silent_at) == (&None, 0, false, 0, None);
    let was = row(before);
    let flags = flag(has::CHECKED, true)
        | flag(has::CHECKED_AT, checked(before).is_none_or(|was| was.at != last.at))
        | flag(has::QUEUE, queue.is_some())
        | flag(has::LEASE, lease.is_some())
        | flag(has::PROBE, !quiet);
    let Some(row) = arp else { return flags };
    flags
        | flag(has::ROW, true)
        | flag(has::ROW_INTERFACE, was.is_none_or(|was| was.interface != row.interface))
        | flag(has::ROW_MAC, row.mac.is_some())
        | flag(has::ROW_STATE, was.is_none_or(|was| (was.state, was.ignored) != (row.state, row.ignored)))
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take<T: Deserialize<'a>>(&mut self) -> Option<T> {
        let (value, rest) = take_from_bytes(self.0).ok()?;
        self.0 = rest;
        Some(value)
    }

    fn bytes<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (bytes, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*bytes)
    }

    fn lines(&mut self) -> Option<Vec<CheckedService>> {
        let count: usize = self.take()?;
        // A line has more bytes than that: what is broken takes no memory.
        let mut lines = Vec::with_capacity(count.min(self.0.len() / 20));
        for _ in 0..count {
            let line = self.line(lines.last())?;
            lines.push(line);
        }
        Some(lines)
    }

    fn line(&mut self, before: Option<&CheckedService>) -> Option<CheckedService> {
        let flags: u16 = self.take()?;
        let was = before.map(|before| &before.presence);
        let (step, rev): (i64, i64) = self.take()?;
        let n = before.map_or(0, |before| before.n).wrapping_add(step);
        let id = ServiceId(Uuid::from_bytes(self.bytes()?));
        let address = if flags & has::ADDRESS == 0 { None } else { Some(self.bytes::<4>()?.into()) };
        let (interface, vrf) = match flags & has::PLACE {
            0 => before.map(|before| (before.interface.clone(), before.vrf.clone()))?,
            _ => self.take()?,
        };
        let mac = if flags & has::MAC == 0 { None } else { Some(self.take()?) };
        let (status, source, offline_before) = match flags & has::STATUS {
            0 => was.map(|was| (was.status, was.source, was.offline_before))?,
            _ => self.take()?,
        };
        let since = if flags & has::SINCE == 0 { was?.since } else { self.take()? };
        let confirmed = if flags & has::CONFIRMED == 0 { was?.confirmed } else { self.take()? };
        let (open, ended) = if flags & has::SESSIONS == 0 { Default::default() } else { self.take()? };
        let checked = if flags & has::CHECKED == 0 { None } else { Some(self.checked(flags, before)?) };
        let presence =
            Presence { status, since, confirmed, source, open, beyond: 0, ended, offline_before, checked };
        Some(CheckedService { n, id, rev, address, mac, interface, vrf, presence })
    }

    fn checked(&mut self, flags: u16, before: Option<&CheckedService>) -> Option<Checked> {
        let at = if flags & has::CHECKED_AT == 0 { checked(before)?.at } else { self.take()? };
        let arp = if flags & has::ROW == 0 { None } else { Some(self.row(flags, row(before))?) };
        let queue = match flags & has::QUEUE {
            0 => None,
            _ => self.take().map(|(bytes, moved)| Some(QueueSeen { bytes, moved }))?,
        };
        let lease = if flags & has::LEASE == 0 { None } else { Some(self.take()?) };
        let (probe, probed_after, wrong_mac, bridge, silent, silent_at) = match flags & has::PROBE {
            0 => (None, 0, None, None, 0, None),
            _ => self.take()?,
        };
        let seen = Seen { arp, queue, lease, probe, probed_after, wrong_mac, bridge };
        Some(Checked { at, seen, silent, silent_at })
    }

    fn row(&mut self, flags: u16, was: Option<&ArpSeen>) -> Option<ArpSeen> {
        let interface = match flags & has::ROW_INTERFACE {
            0 => Arc::clone(&was?.interface),
            _ => self.take()?,
        };
        let mac = if flags & has::ROW_MAC == 0 { None } else { Some(self.take()?) };
        let (state, ignored) = match flags & has::ROW_STATE {
            0 => was.map(|was| (was.state, was.ignored))?,
            _ => self.take()?,
        };
        Some(ArpSeen { interface, mac, state, ignored })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::Dice;
    use imsys_domain::mac::Mac;
    use imsys_domain::presence::{
        ArpState, Bridge, EndedSession, Endpoint as Session, LeaseSeen, OpenSession, ProbeSeen, Source,
        Status,
    };
    use imsys_domain::{SessionId, Timestamp};

    fn at(dice: &mut Dice) -> Timestamp {
        Timestamp(*dice.pick(&[0, 1_750_000_000_000, 1_750_000_300_000, i64::MAX, -7]))
    }

    fn sometimes<T>(dice: &mut Dice, value: impl FnOnce(&mut Dice) -> T) -> Option<T> {
        (!dice.once_in(3)).then(|| value(dice))
    }

    fn name(dice: &mut Dice) -> &'static str {
        dice.pick::<&str>(&["ether2", "vlan10", "", "wlan1 – roof"])
    }

    fn mac(dice: &mut Dice) -> Mac {
        Mac::from(*dice.pick(&[[2, 0, 0, 0, 0, 1], [2, 0, 0, 0, 0, 2]]))
    }

    fn checked(dice: &mut Dice) -> Checked {
        let arp = sometimes(dice, |dice| ArpSeen {
            interface: name(dice).into(),
            mac: sometimes(dice, mac),
            state: *dice.pick(&[ArpState::Reachable, ArpState::Stale, ArpState::Failed]),
            ignored: dice.once_in(4),
        });
        let queue = sometimes(dice, |dice| QueueSeen {
            bytes: *dice.pick(&[0, 300, u64::MAX]),
            moved: sometimes(dice, |dice| dice.once_in(2)),
        });
        let probe = sometimes(dice, |dice| {
            *dice.pick(&[ProbeSeen::Answered { micros: 3_000 }, ProbeSeen::Silent, ProbeSeen::Refused])
        });
        let lease = sometimes(dice, |dice| {
            let bound = LeaseSeen::Bound { address: [10, 0, 0, dice.below(256) as u8].into() };
            *dice.pick(&[bound, LeaseSeen::Missing, LeaseSeen::Refused])
        });
        let probed_after = *dice.pick(&[0, 0, 250]);
        let wrong_mac = sometimes(dice, mac);
        let bridge = sometimes(dice, |dice| Bridge { mac: mac(dice), shared: dice.once_in(2) });
        let seen = Seen { arp, queue, lease, probe, probed_after, wrong_mac, bridge };
        Checked { at: at(dice), seen, silent: dice.below(2) as u8, silent_at: sometimes(dice, at) }
    }

    fn presence(dice: &mut Dice) -> Presence {
        let open = OpenSession {
            id: SessionId::new(at(dice), [7; 10]),
            hook: None,
            row: None,
            endpoint: Session { mac: None, address: Some("10.0.0.7".into()) },
            started: at(dice),
            seen: at(dice),
            by: Source::Webhook,
            up: sometimes(dice, at),
            next_up: None,
            listened: None,
        };
        let ended = EndedSession { session: Some(open.clone()), hook: None, at: at(dice) };
        Presence {
            status: *dice.pick(&[Status::Online, Status::Offline, Status::Unknown]),
            since: at(dice),
            confirmed: sometimes(dice, at),
            source: sometimes(dice, |dice| *dice.pick(&[Source::Arp, Source::Queue])),
            beyond: 0,
            open: if dice.once_in(9) { vec![open] } else { Vec::new() },
            ended: if dice.once_in(9) { vec![ended] } else { Vec::new() },
            offline_before: sometimes(dice, at),
            checked: sometimes(dice, checked),
        }
    }

    fn line(dice: &mut Dice) -> CheckedService {
        CheckedService {
            n: *dice.pick(&[1, 2, 3, i64::MAX, i64::MIN]),
            id: ServiceId::new(Timestamp(5), [dice.below(256) as u8; 10]),
            rev: dice.below(1_000) as i64,
            address: sometimes(dice, |dice| [10, 0, 0, dice.below(256) as u8].into()),
            mac: sometimes(dice, mac),
            interface: sometimes(dice, |dice| name(dice).to_owned()),
            vrf: sometimes(dice, |dice| name(dice).to_owned()),
            presence: presence(dice),
        }
    }

    #[test]
    fn what_is_written_is_read() {
        for seed in 0..2_000 {
            let mut dice = Dice::new(seed);
            let lines: Vec<CheckedService> = (0..dice.below(9)).map(|_| line(&mut dice)).collect();
            let bytes = pack(&lines).unwrap();
            assert_eq!(unpack(&bytes).unwrap().as_deref(), Some(&*lines), "seed {seed}");
            for end in 1..bytes.len() {
                assert!(unpack(&bytes[..end]).is_err(), "cut at {end} of seed {seed}");
            }
        }
    }

    #[test]
    fn what_another_version_wrote_is_left() {
        assert_eq!(unpack(&[1, 0]).unwrap(), None);
        assert_eq!(unpack(&[]).unwrap(), None);
    }

    #[test]
    fn a_hundred_lines_of_one_check_fit_into_a_page() {
        let at = Timestamp(1_750_000_000_000);
        let line = |last: u8| CheckedService {
            n: 70_000 + i64::from(last),
            id: ServiceId::new(at, [last; 10]),
            rev: 3,
            address: Some([10, 0, 0, last].into()),
            mac: None,
            interface: None,
            vrf: None,
            presence: Presence {
                status: Status::Online,
                confirmed: Some(at),
                source: Some(Source::Arp),
                checked: Some(Checked {
                    at,
                    seen: Seen {
                        arp: Some(ArpSeen {
                            interface: "ether2".into(),
                            mac: Some(Mac::from([2, 0, 0, 0, 0, last])),
                            state: ArpState::Reachable,
                            ignored: false,
                        }),
                        queue: Some(QueueSeen { bytes: 5_000_000_000 + u64::from(last), moved: Some(true) }),
                        ..Seen::default()
                    },
                    silent: 0,
                    silent_at: None,
                }),
                ..Presence::unknown(Timestamp(at.millis() - i64::from(last / 50)))
            },
        };
        let bytes = pack(&(0..100).map(line).collect::<Vec<_>>()).unwrap();
        assert!(bytes.len() < 4_000, "{} bytes", bytes.len());
    }
}
