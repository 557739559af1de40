//! Which devices a router has, and what becomes of each.

use std::net::Ipv4Addr;

use super::super::people::{Resident, identity};
use crate::device::{Device, Kind, Station};
use crate::dice::Dice;

/// What each router has.
pub(super) const KINDS: [Kind; 12] = [
    Kind::Af60Backhaul,
    Kind::MimosaBackhaul,
    Kind::NetonixSwitch,
    Kind::RouterosAp,
    Kind::RouterosAp,
    Kind::RouterosAp,
    Kind::AirosAp,
    Kind::AirosAp,
    Kind::EpmpAp,
    Kind::EpmpAp,
    Kind::Camera,
    Kind::Ups,
];
/// Those that do not simply run, by the numbers of their router and in [`KINDS`].
const ODD: [((usize, usize), Habit); 8] = [
    ((0, 3), Habit::Restarts),
    ((2, 4), Habit::Flaps),
    ((4, 6), Habit::ComesBack),
    ((0, 10), Habit::Off),
    ((1, 8), Habit::Off),
    ((3, 11), Habit::Off),
    ((4, 9), Habit::Off),
    ((2, 7), Habit::LateAgent),
];
/// Customers of a router connected to one access point.
pub(super) const STATIONS: usize = 10;

/// What becomes of a device, counted from [`Town::begin`](super::super::Town::begin).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Habit {
    /// It is up.
    Runs,
    /// It is down, and has been.
    Off,
    /// It is down for a minute every four minutes.
    Flaps,
    /// It is down for 25 seconds every five minutes, soon for the first time.
    Restarts,
    /// It is down and comes up soon.
    ComesBack,
    /// Its SNMP agent answers from the second minute on.
    LateAgent,
}

impl Habit {
    /// Whether it is up so many seconds after the begin; `None` before it.
    pub(super) fn is_up(self, after: Option<u64>) -> bool {
        let within = |after: u64, first: u64, every: u64, down: u64| {
            after.checked_sub(first).is_some_and(|since| since % every < down)
        };
        match self {
            Self::Runs | Self::LateAgent => true,
            Self::Off => false,
            Self::Flaps => !after.is_some_and(|after| within(after, 90, 240, 60)),
            Self::Restarts => !after.is_some_and(|after| within(after, 5, 300, 25)),
            Self::ComesBack => after.is_some_and(|after| after >= 3),
        }
    }

    pub(super) fn has_agent(self, after: Option<u64>) -> bool {
        self != Self::LateAgent || after.is_some_and(|after| after >= 120)
    }
}

/// The devices of one router.
pub(super) fn of_router(
    net: u8,
    router: usize,
    residents: &[Resident],
    now: i64,
    dice: &Dice,
) -> Vec<Device> {
    let place = identity(router);
    let place = place.strip_prefix("sim-").unwrap_or(&place);
    let place: String =
        place.chars().take(1).map(|first| first.to_ascii_uppercase()).chain(place.chars().skip(1)).collect();
    let mut customers = residents.chunks(STATIONS);
    let make = |(number, kind): (usize, Kind)| {
        let same = KINDS.iter().take(number + 1).filter(|other| other.word() == kind.word()).count();
        let address = Ipv4Addr::new(127, net.wrapping_add(router as u8), 0, number as u8 + 1);
        let stations = match kind {
            Kind::RouterosAp | Kind::AirosAp | Kind::EpmpAp => {
                customers.next().unwrap_or_default().iter().filter_map(station).collect()
            }
            // Its other end is not a device of this town.
            Kind::Af60Backhaul => {
                vec![Station { name: format!("{place} far end"), mac: [2, 0x5D, 0xDF, 0, 0, router as u8] }]
            }
            _ => Vec::new(),
        };
        let seed = dice.fork((router * KINDS.len() + number) as u64 + 1).next_u64();
        let is_odd = matches!(habit(router, number), Habit::Flaps | Habit::Restarts | Habit::ComesBack);
        Device {
            name: format!("{place} {} {same} (simulated)", kind.word()),
            address,
            router,
            kind,
            watched: is_odd || matches!(kind.word(), "Backhaul" | "Switch"),
            stations,
            afternoon: now,
            seed,
        }
    };
    KINDS.into_iter().enumerate().map(make).collect()
}

fn station(resident: &Resident) -> Option<Station> {
    let octets: Vec<u8> =
        resident.mac.split(':').filter_map(|octet| u8::from_str_radix(octet, 16).ok()).collect();
    Some(Station { name: resident.user.clone(), mac: octets.try_into().ok()? })
}

pub(super) fn habit(router: usize, number: usize) -> Habit {
    let odd = ODD.iter().find(|(place, _)| *place == (router, number));
    odd.map_or(Habit::Runs, |(_, habit)| *habit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_restarts_within_half_a_minute_and_one_flaps_for_ever() {
        let ups =
            |habit: Habit, times: std::ops::Range<u64>| times.filter(|at| habit.is_up(Some(*at))).count();
        assert_eq!(ups(Habit::Restarts, 0..60), 35);
        assert_eq!(ups(Habit::Flaps, 90..90 + 2_400), 1_800);
        assert!(
            Habit::Flaps.is_up(None) && !Habit::ComesBack.is_up(Some(2)) && Habit::ComesBack.is_up(Some(3))
        );
        assert!(!Habit::LateAgent.has_agent(Some(119)) && Habit::LateAgent.has_agent(Some(120)));
    }
}
