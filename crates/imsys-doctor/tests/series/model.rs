//! Random commands on the store and on a plain list of points, which must answer alike.

use crate::dice::Dice;
use crate::{DAY, DAY_0, at, key, open, sample};
use imsys_doctor::builtin::series::codec::Summary;
use imsys_doctor::builtin::series::{Range, Refusal, Series, SeriesKey};
use std::collections::BTreeMap;
use std::path::PathBuf;

const DEVICES: u32 = 3;
/// Seconds in which the tiers begin to be kept, as the store rounds them.
const SPANS: [u32; 5] = [DAY, DAY, DAY, 8 * DAY, 128 * DAY];
const DAYS: [u32; 5] = [2, 7, 30, 120, 1461];

/// What the store should know.
#[derive(Default)]
struct Model {
    points: BTreeMap<SeriesKey, BTreeMap<u32, f64>>,
    since: [u32; 5],
}

impl Model {
    fn is_too_old(&self, key: &SeriesKey, second: u32) -> bool {
        second < self.since[usize::from(&*key.class != "ping")]
    }

    fn retain(&mut self, now: u32) {
        for ((since, days), span) in self.since.iter_mut().zip(DAYS).zip(SPANS) {
            *since = (*since).max((now - days * DAY) / span * span);
        }
    }

    /// The points of the steps that begin from `from` to before `to`.
    fn summaries(&self, key: &SeriesKey, step: u32, from: u32, to: u32) -> Vec<Summary> {
        let (first, end) = (from / step * step, to.div_ceil(step) * step);
        let mut all: Vec<Summary> = Vec::new();
        for (second, value) in self.points.get(key).into_iter().flat_map(|points| points.range(first..end)) {
            let one = Summary::of(second / step * step, *value);
            match all.last_mut() {
                Some(last) if last.at == one.at => last.add(&one),
                _ => all.push(one),
            }
        }
        all
    }
}

struct Pair {
    file: PathBuf,
    store: Option<Series>,
    model: Model,
    dice: Dice,
    now: u32,
}

impl Pair {
    fn store(&self) -> &Series {
        self.store.as_ref().expect("it is open between commands")
    }

    fn any_key(&mut self) -> SeriesKey {
        let class = if self.dice.below(2) == 0 { "ping" } else { "signal" };
        key(1 + self.dice.below(DEVICES) as u8, class)
    }

    /// Points of an hour or of days, in or out of order, some of them again or late.
    fn append(&mut self) {
        let mut batch = Vec::new();
        let (count, step) = (1 + self.dice.below(80), 1 + self.dice.below(900));
        let late = if self.dice.below(4) == 0 { self.dice.below(9 * DAY) } else { 0 };
        for _ in 0..count {
            let key = self.any_key();
            self.now += self.dice.below(step);
            let second = self.now - late - self.dice.below(600);
            batch.push(sample(&key, second, self.dice.value()));
        }
        let answer = self.store().append(&batch, at(self.now)).expect("it appends");
        let too_old: Vec<_> = answer.refused.iter().map(|(n, why)| (*n, *why)).collect();
        let mut expected = Vec::new();
        for (n, sample) in batch.iter().enumerate() {
            let second = (sample.at.millis() / 1000) as u32;
            if self.model.is_too_old(&sample.key, second) {
                expected.push((n, Refusal::TooOld));
            } else {
                let points = self.model.points.entry(sample.key.clone()).or_default();
                points.entry(second).or_insert(sample.value);
            }
        }
        assert_eq!(too_old, expected);
    }

    fn compare(&mut self) {
        let key = self.any_key();
        let span = 1 + match self.dice.below(3) {
            0 => self.dice.below(DAY),
            1 => self.dice.below(9 * DAY),
            _ => self.dice.below(200 * DAY),
        };
        let (to, wanted) = (self.now + 600 - self.dice.below(DAY), 1 + self.dice.below(500));
        let from = to - span;
        let answer = self.store().range(&key, at(from), at(to), wanted as usize).expect("it answers");
        match answer {
            Range::Points(points) => {
                assert!(points.len() <= wanted as usize);
                let answered: Vec<_> = points.iter().map(|point| (point.at, point.value)).collect();
                let known = self.model.points.get(&key);
                let expected: Vec<_> =
                    known.into_iter().flat_map(|p| p.range(from..to)).map(|(at, v)| (*at, *v)).collect();
                assert_eq!(answered, expected, "points of {key:?} from {from} to {to}");
            }
            Range::Summaries { step, summaries } => {
                assert!(summaries.len() <= wanted as usize + 1);
                let expected = self.model.summaries(&key, step, from, to);
                let times = |s: &[Summary]| s.iter().map(|s| (s.at, s.count)).collect::<Vec<_>>();
                assert_eq!(times(&summaries), times(&expected), "{key:?} {from}..{to} by {step}");
                for (answered, expected) in summaries.iter().zip(&expected) {
                    // Of values that cancel each other out the mean is as exact as these are.
                    let size = expected.min.abs().max(expected.max.abs()).max(1.0);
                    let near = |a: f64, b: f64| (a - b).abs() <= 1e-6 * size;
                    let is_alike = near(answered.min, expected.min)
                        && near(answered.max, expected.max)
                        && near(answered.mean(), expected.mean());
                    assert!(is_alike, "{answered:?} {expected:?}");
                }
            }
        }
    }

    fn reopen(&mut self) {
        drop(self.store.take());
        let store = open(&self.file);
        assert_eq!((store.stats().torn_bytes, store.stats().damaged_rows), (0, 0));
        self.store = Some(store);
    }

    fn command(&mut self) {
        match self.dice.below(40) {
            0 => self.reopen(),
            1 => {
                self.store().retain(at(self.now)).expect("it retains");
                self.model.retain(self.now);
            }
            2 => self.now += self.dice.below(2 * DAY),
            3 if self.dice.below(5) == 0 => {
                let key = self.any_key();
                self.store().drop_device(key.tenant, key.device).expect("it drops");
                self.model.points.retain(|known, _| known.device != key.device);
            }
            4..20 => self.append(),
            _ => self.compare(),
        }
    }
}

#[test]
fn random_commands_answer_as_a_plain_list_of_points_would() {
    for seed in 0..4 {
        let folder = tempfile::tempdir().expect("there is a place for temporary files");
        let file = folder.path().join("series.db");
        let store = Some(open(&file));
        let (dice, now) = (Dice::new(seed), DAY_0 + 400 * DAY + seed as u32 * 5_000);
        let mut pair = Pair { file, store, model: Model::default(), dice, now };
        for _ in 0..1_500 {
            pair.command();
        }
        assert!(pair.now > DAY_0 + 410 * DAY, "days have passed");
    }
}
