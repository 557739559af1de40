//! The month before the demo began: what a router's customers did, drawn by dice, as observations for the judge.
//!
//! Everything here is a pure function of its dice and times; `past` writes it into the store.

use imsys_domain::Timestamp;
use imsys_domain::presence::{Endpoint, HookKey, Observation};
use imsys_sim::dice::Dice;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// Outages that last less are reboots or short cuts of a link.
pub(super) const SHORT: i64 = 15 * MINUTE;
/// The month ends at this time of the town's day.
const NOW: i64 = 14 * HOUR;
/// How long the month is.
pub(super) const MONTH: i64 = 30 * DAY;
/// When a router answers again, its table is read so much later, and customers begin to dial.
const FOUND_AFTER: i64 = 20_000;
/// Nobody needs longer than this to dial again.
const REDIAL_MOST: i64 = 3 * MINUTE;

/// Times in milliseconds, from `from` up to `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) from: i64,
    pub(super) to: i64,
}

/// One session of a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Visit {
    from: i64,
    /// `None`: it is open when the demo begins.
    to: Option<i64>,
    /// The router lost its power, so no script told of the end.
    cut: bool,
}

/// When a router was away: a power cut of a quarter of an hour to two hours in each half of the month, and up to four
/// short ones. In their order, an hour apart at least.
pub(super) fn outages(dice: &mut Dice, month: Span) -> Vec<Span> {
    let half = (month.to - month.from) / 2;
    let mut outage = |earliest: i64, latest: i64, shortest: i64, longest: i64| {
        let from = dice.between(earliest, latest);
        Span { from, to: from + dice.between(shortest, longest) }
    };
    let mut outages = vec![
        outage(month.from + DAY, month.from + half - DAY, SHORT, 2 * HOUR),
        outage(month.from + half + DAY, month.to - DAY, SHORT, 2 * HOUR),
    ];
    for _ in 0..4 {
        outages.push(outage(month.from + DAY, month.to - HOUR, 2 * MINUTE, SHORT));
    }
    outages.truncate(2 + dice.index(5));
    outages.sort_by_key(|outage| outage.from);
    outages.dedup_by(|later, earlier| later.from < earlier.to + HOUR);
    outages
}

/// A PPPoE customer of the month.
pub(super) struct Dialler<'a> {
    pub(super) mac: &'a str,
    /// `None`: another one of the pool for each session.
    pub(super) address: Option<&'a str>,
    /// The second number of the pool's addresses.
    pub(super) pool: usize,
}

/// What IMSys was told of a customer who lived here during `stay`: webhooks, and a full sync after each outage.
pub(super) fn told(
    dice: &mut Dice,
    dialler: &Dialler<'_>,
    stay: Span,
    month_ends: i64,
    outages: &[Span],
) -> Vec<Observation> {
    let routine = routine(dice, stay, month_ends);
    let visits = connected(dice, stay, &routine, outages);
    let mut told = Vec::new();
    for (number, visit) in visits.into_iter().enumerate() {
        let key = Some(HookKey(format!("*F{number:02X}")));
        let place = dice.index(1 << 16);
        let pooled = || format!("100.{}.{}.{}", dialler.pool, place >> 8, place & 255);
        let address = dialler.address.map_or_else(pooled, str::to_owned);
        let endpoint = Endpoint { mac: Some(dialler.mac.into()), address: Some(address) };
        told.push(Observation::HookUp { at: Timestamp(visit.from), key: key.clone(), endpoint });
        if let Some(to) = visit.to.filter(|_| !visit.cut) {
            told.push(Observation::HookDown { at: Timestamp(to), key });
        }
    }
    for outage in outages.iter().filter(|outage| (stay.from..stay.to).contains(&outage.from)) {
        let began = Timestamp(outage.to + FOUND_AFTER);
        told.push(Observation::Table {
            began,
            rows: Vec::new(),
            booted: Some(Timestamp(outage.to)),
            denies: began,
            spares: None,
        });
    }
    told.sort_by_key(Observation::at);
    told
}

/// The sessions of a customer with that routine.
fn connected(dice: &mut Dice, stay: Span, routine: &[Span], outages: &[Span]) -> Vec<Visit> {
    let at_home = interrupted(visits(dice, stay), routine, false, dice);
    let mut visits = interrupted(at_home, outages, true, dice);
    // Who is away when the stay ends does not come back.
    visits.retain(|visit| visit.from < stay.to);
    visits
}

/// Everybody stays connected for days and dials again at once; a few have a bad cable for three days.
fn visits(dice: &mut Dice, stay: Span) -> Vec<Visit> {
    let bad = dice.chance(0.02).then(|| stay.from + dice.between(0, (stay.to - stay.from - 3 * DAY).max(1)));
    let mut visits = Vec::new();
    let mut now = stay.from + dice.between(MINUTE, HOUR);
    while now < stay.to {
        let is_bad = bad.is_some_and(|from| (from..from + 3 * DAY).contains(&now));
        let (mean, pause) = if is_bad { (90 * MINUTE, 3 * MINUTE) } else { (5 * DAY, 4 * MINUTE) };
        let to = now + MINUTE + dice.waiting(mean);
        visits.push(Visit { from: now, to: (to < stay.to).then_some(to), cut: false });
        now = to + 2_000 + dice.waiting(pause);
    }
    visits
}

/// When somebody's own router is switched off: never for most, at night for some, and of those for a few while they
/// are at work.
fn routine(dice: &mut Dice, stay: Span, month_ends: i64) -> Vec<Span> {
    let (by_night, at_work) = (dice.chance(0.3), dice.chance(0.4));
    let mut off = Vec::new();
    let mut midnight = month_ends - NOW - MONTH;
    while by_night && midnight < stay.to {
        let mut span = |earliest: (i64, i64), latest: (i64, i64)| Span {
            from: midnight + dice.between(earliest.0 * HOUR, earliest.1 * HOUR),
            to: midnight + dice.between(latest.0 * HOUR, latest.1 * HOUR),
        };
        off.push(span((-2, 2), (5, 8)));
        if at_work {
            off.push(span((8, 10), (16, 19)));
        }
        midnight += DAY;
    }
    off.retain(|span| span.from < stay.to);
    off
}

/// The same without the times of `breaks`: they end who is online, and nobody comes before they are over; `cut` when
/// the router lost its power.
fn interrupted(visits: Vec<Visit>, breaks: &[Span], cut: bool, dice: &mut Dice) -> Vec<Visit> {
    let mut all = Vec::with_capacity(visits.len());
    for mut visit in visits {
        for outage in breaks {
            let back = outage.to + FOUND_AFTER + dice.between(MINUTE, REDIAL_MOST);
            let ends_before = visit.to.is_some_and(|to| to <= outage.from);
            if ends_before || visit.from >= back {
                continue;
            }
            if visit.from < outage.from {
                all.push(Visit { to: Some(outage.from), cut, ..visit });
            }
            visit.from = back;
        }
        if visit.to.is_none_or(|to| visit.from + MINUTE < to) {
            all.push(visit);
        }
    }
    all
}

/// When a device that does not log in was off.
pub(super) fn absences(dice: &mut Dice, stay: Span) -> Vec<Span> {
    let mut absences = Vec::new();
    let mut from = stay.from + DAY + dice.waiting(8 * DAY);
    while from < stay.to {
        let to = from + HOUR + dice.waiting(14 * HOUR);
        absences.push(Span { from, to });
        from = to + DAY + dice.waiting(8 * DAY);
    }
    absences
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_follow_each_other_and_none_spans_a_power_cut() {
        let stay = Span { from: 0, to: MONTH };
        for seed in 1..200 {
            let mut dice = Dice::new(seed);
            let outages = outages(&mut dice, stay);
            let routine = routine(&mut dice, stay, MONTH);
            let visits = connected(&mut dice, stay, &routine, &outages);
            assert!(outages.windows(2).all(|pair| pair[0].to < pair[1].from), "{outages:?}");
            assert!(!visits.is_empty());
            for pair in visits.windows(2) {
                let [first, second] = pair else { panic!("a window of two") };
                assert!(first.to.unwrap() < second.from, "{seed}: {first:?} {second:?}");
            }
            for visit in &visits {
                let to = visit.to.unwrap_or(MONTH);
                assert!(visit.from < to, "{seed}: {visit:?}");
                for outage in outages.iter().chain(&routine) {
                    assert!(to <= outage.from || visit.from > outage.to, "{seed}: {visit:?} {outage:?}");
                }
            }
        }
    }
}
