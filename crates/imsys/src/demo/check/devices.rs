//! The rule for devices: how long the API may say something else than what is so.

use super::super::client::Client;
use super::super::{DEVICE_SECONDS, WATCHED_SECONDS};
use crate::app::App;
use imsys_sim::town::{DeviceTruth, Town};
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};

/// What a closer look takes after a device's turn, and writing what was found.
const LOOK_MS: i64 = 5_000;
/// Others are asked in between: the turn of a device that is not watched may be late by a quarter of a minute.
const LATE_MS: i64 = 15_000;
/// How long a router that answers again may take until IMSys is connected with it.
const CONNECT_MS: i64 = 15_000;

/// What the check came to.
#[derive(Debug, Default, Serialize)]
pub(super) struct Devices {
    up: u64,
    down: u64,
    unknown: u64,
    /// How many were wrong at any sample.
    wrong: u64,
    /// Devices that fell, or came back, during the check and were then shown so.
    #[serde(skip)]
    seen: [u64; 2],
}

impl Devices {
    pub(super) fn none_is_wrong(&self) -> bool {
        self.wrong == 0
    }

    /// Whether one fell and one came back, and that was shown.
    pub(super) fn have_lived(&self) -> bool {
        self.up > 0 && self.seen.iter().all(|seen| *seen > 0)
    }
}

/// What the API says of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    Known(bool),
    Unknown,
}

/// What is so of a device and of its router.
#[derive(Clone, Copy, Debug)]
struct Truth {
    up: bool,
    /// Since when, in milliseconds.
    changed: i64,
    /// Its router answers.
    answers: bool,
    /// Since when that is so.
    since: i64,
}

/// How long a device may be shown so, in milliseconds, and since when that counts; `None` for ever.
///
/// - Up or down against the truth: until its turn has come and a closer look was taken. That is 15 seconds for one that is
///   watched (asked each 10 seconds), 80 for another (each 60). It counts from when the device changed, or its router began or
///   ceased to answer, for then it is asked anew.
/// - Unknown while its router answers: as long, and 15 seconds in which IMSys connects with the router.
/// - Unknown while its router does not answer is right.
fn allows(shown: Shown, watched: bool, truth: Truth) -> Option<(i64, i64)> {
    let turn = if watched {
        i64::from(WATCHED_SECONDS) * 1_000 + LOOK_MS
    } else {
        i64::from(DEVICE_SECONDS) * 1_000 + LOOK_MS + LATE_MS
    };
    match shown {
        Shown::Known(up) if up == truth.up => None,
        Shown::Known(_) => Some((turn, truth.changed.max(truth.since))),
        Shown::Unknown if truth.answers => Some((turn + CONNECT_MS, truth.since)),
        Shown::Unknown => None,
    }
}

/// Compares samples.
pub(super) struct Judge {
    /// When the check began, in milliseconds.
    began: i64,
    /// Since when a device has been shown against the truth, and how.
    doubts: HashMap<String, (i64, Shown)>,
    wrong: BTreeSet<String>,
    changed: [BTreeSet<String>; 2],
    now: Devices,
    problems: Vec<String>,
}

impl Judge {
    pub(super) fn new(began: i64) -> Self {
        Self {
            began,
            doubts: HashMap::new(),
            wrong: BTreeSet::new(),
            changed: Default::default(),
            now: Devices::default(),
            problems: Vec::new(),
        }
    }

    /// A new look at all devices begins.
    pub(super) fn begin(&mut self) {
        self.now = Devices::default();
    }

    /// Looks at the devices of a tenant.
    pub(super) async fn sample(&mut self, app: &App, town: &Town, client: &Client) -> anyhow::Result<()> {
        let devices = client.all("/api/v1/devices").await?;
        let now = app.now().millis();
        let (routers, truths) = (town.truth(), town.device_truth());
        let known: HashMap<&str, &DeviceTruth> =
            truths.iter().map(|truth| (truth.name.as_str(), truth)).collect();
        for device in devices {
            let name = device["name"].as_str().unwrap_or_default();
            let shown = match device["status"].as_str() {
                Some("up") => Shown::Known(true),
                Some("down") => Shown::Known(false),
                _ => Shown::Unknown,
            };
            let Some((truth, router)) =
                known.get(name).and_then(|truth| Some((truth, routers.get(truth.router)?)))
            else {
                self.tell(name, "is not of this town".into());
                continue;
            };
            let truth = Truth {
                up: truth.up,
                changed: truth.changed,
                answers: router.reach.answers,
                since: router.reach.since,
            };
            self.judge(name, shown, device["watched"] == true, truth, now);
        }
        Ok(())
    }

    fn judge(&mut self, name: &str, shown: Shown, watched: bool, truth: Truth, now: i64) {
        match shown {
            Shown::Known(true) => self.now.up += 1,
            Shown::Known(false) => self.now.down += 1,
            Shown::Unknown => self.now.unknown += 1,
        }
        if truth.changed > self.began && shown == Shown::Known(truth.up) {
            self.changed[usize::from(truth.up)].insert(name.to_owned());
        }
        let Some((limit, since)) = allows(shown, watched, truth) else {
            self.doubts.remove(name);
            return;
        };
        let first = match self.doubts.get(name) {
            Some((first, before)) if *before == shown => *first,
            _ => now,
        };
        self.doubts.insert(name.to_owned(), (first, shown));
        let lasted = now - first.max(since);
        if lasted > limit {
            self.tell(name, format!("shown {shown:?} for {lasted} ms, truth {truth:?}, watched={watched}"));
        }
    }

    fn tell(&mut self, name: &str, text: String) {
        if self.wrong.insert(name.to_owned()) {
            self.problems.push(format!("{name}: {text}"));
        }
    }

    /// What it came to, and what was wrong.
    pub(super) fn conclude(mut self) -> (Devices, Vec<String>) {
        self.now.wrong = self.wrong.len() as u64;
        self.now.seen = self.changed.map(|names| names.len() as u64);
        (self.now, self.problems)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UP: Truth = Truth { up: true, changed: 0, answers: true, since: 0 };

    /// Whether it is wrong that a device is shown so from `from` until `to` seconds.
    fn is_wrong(shown: Shown, watched: bool, truth: Truth, (from, to): (i64, i64)) -> bool {
        let mut judge = Judge::new(0);
        for second in from..=to {
            judge.judge("Mast", shown, watched, truth, second * 1_000);
        }
        judge.conclude().0.wrong > 0
    }

    #[test]
    fn up_and_down_may_be_late_by_what_the_settings_promise_and_no_more() {
        let fell = Truth { up: false, changed: 100_000, ..UP };
        for (shown, truth) in [(Shown::Known(true), fell), (Shown::Known(false), Truth { up: true, ..fell })]
        {
            for (watched, limit) in [(true, 15), (false, 80)] {
                assert!(!is_wrong(shown, watched, truth, (90, 100 + limit)), "{shown:?} {watched}");
                assert!(is_wrong(shown, watched, truth, (90, 101 + limit)), "{shown:?} {watched}");
            }
        }
        assert!(!is_wrong(Shown::Known(false), true, fell, (90, 900)), "what is shown is so");
    }

    #[test]
    fn a_router_that_answers_again_gives_its_devices_the_same_time_anew() {
        let back = Truth { up: false, since: 200_000, ..UP };
        assert!(!is_wrong(Shown::Known(true), true, back, (90, 215)));
        assert!(is_wrong(Shown::Known(true), true, back, (90, 216)));
    }

    #[test]
    fn unknown_is_right_while_the_router_is_away_and_for_a_while_after() {
        assert!(!is_wrong(Shown::Unknown, true, Truth { answers: false, ..UP }, (0, 900)));
        for (watched, limit) in [(true, 30), (false, 95)] {
            assert!(!is_wrong(Shown::Unknown, watched, UP, (0, limit)));
            assert!(is_wrong(Shown::Unknown, watched, UP, (0, limit + 1)));
        }
    }

    #[test]
    fn what_is_right_in_between_begins_anew_and_changes_that_are_shown_are_counted() {
        let fell = Truth { up: false, changed: 100_000, ..UP };
        let mut judge = Judge::new(50_000);
        for second in 100..112 {
            judge.judge("Mast", Shown::Known(true), true, fell, second * 1_000);
        }
        judge.judge("Mast", Shown::Known(false), true, fell, 112_000);
        let rose = Truth { up: true, changed: 140_000, ..UP };
        judge.judge("Mast", Shown::Known(false), true, rose, 150_000);
        judge.judge("Mast", Shown::Known(true), true, rose, 152_000);
        judge.judge("Old", Shown::Known(false), true, Truth { changed: 10_000, ..fell }, 152_000);
        let (devices, problems) = judge.conclude();
        assert_eq!((devices.wrong, devices.seen), (0, [1, 1]), "{problems:?}");
        assert!(devices.have_lived());
    }
}
