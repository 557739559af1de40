//! The month before the demo began: what a router's customers did, drawn by dice, as observations for the judge.
//!
//! Everything here is a pure function of its dice and times; `past` writes it into the store.

use imsys_domain::Timestamp;
use imsys_domain::presence::{HookKey, Line, Observation};
use imsys_sim::dice::Dice;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
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

/// Power cuts of a router: one in each half of the month, of a quarter of an hour to two hours.
pub(super) fn outages(dice: &mut Dice, month: Span) -> Vec<Span> {
    let half = (month.to - month.from) / 2;
    let mut outage = |begin: i64| {
        let from = begin + dice.between(DAY, half - DAY);
        Span { from, to: from + dice.between(15 * MINUTE, 2 * HOUR) }
    };
    vec![outage(month.from), outage(month.from + half)]
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
pub(super) fn told(dice: &mut Dice, dialler: &Dialler<'_>, stay: Span, outages: &[Span]) -> Vec<Observation> {
    let visits = interrupted(visits(dice, stay), outages, dice);
    let mut told = Vec::new();
    for (number, visit) in visits.into_iter().enumerate() {
        let key = Some(HookKey(format!("*F{number:02X}")));
        let place = dice.index(1 << 16);
        let pooled = || format!("100.{}.{}.{}", dialler.pool, place >> 8, place & 255);
        let address = dialler.address.map_or_else(pooled, str::to_owned);
        let line = Line { mac: Some(dialler.mac.into()), address: Some(address) };
        told.push(Observation::HookUp { at: Timestamp(visit.from), key: key.clone(), line });
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

/// Most stay connected for days and dial again at once; some switch their router off at night; a few have a bad
/// cable for three days.
fn visits(dice: &mut Dice, stay: Span) -> Vec<Visit> {
    let nightly = dice.chance(0.15);
    let (mean, pause) = if nightly { (14 * HOUR, 8 * HOUR) } else { (5 * DAY, 4 * MINUTE) };
    let bad = dice.chance(0.02).then(|| stay.from + dice.between(0, (stay.to - stay.from - 3 * DAY).max(1)));
    let mut visits = Vec::new();
    let mut now = stay.from + dice.between(MINUTE, HOUR);
    while now < stay.to {
        let is_bad = bad.is_some_and(|from| (from..from + 3 * DAY).contains(&now));
        let (mean, pause) = if is_bad { (90 * MINUTE, 3 * MINUTE) } else { (mean, pause) };
        let to = now + MINUTE + dice.waiting(mean);
        visits.push(Visit { from: now, to: (to < stay.to).then_some(to), cut: false });
        now = to + 2_000 + dice.waiting(pause);
    }
    visits
}

/// The same with the power cuts: they end who is online, and nobody comes before the router is back.
fn interrupted(visits: Vec<Visit>, outages: &[Span], dice: &mut Dice) -> Vec<Visit> {
    let mut all = Vec::with_capacity(visits.len());
    for mut visit in visits {
        for outage in outages {
            let back = outage.to + FOUND_AFTER + dice.between(MINUTE, REDIAL_MOST);
            let ends_before = visit.to.is_some_and(|to| to <= outage.from);
            if ends_before || visit.from >= back {
                continue;
            }
            if visit.from < outage.from {
                all.push(Visit { to: Some(outage.from), cut: true, ..visit });
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
            let drawn = visits(&mut dice, stay);
            let visits = interrupted(drawn, &outages, &mut dice);
            assert!(!visits.is_empty());
            for pair in visits.windows(2) {
                let [first, second] = pair else { panic!("a window of two") };
                assert!(first.to.unwrap() < second.from, "{seed}: {first:?} {second:?}");
            }
            for visit in &visits {
                let to = visit.to.unwrap_or(MONTH);
                assert!(visit.from < to, "{seed}: {visit:?}");
                for outage in &outages {
                    assert!(to <= outage.from || visit.from > outage.to, "{seed}: {visit:?} {outage:?}");
                }
            }
        }
    }
}
