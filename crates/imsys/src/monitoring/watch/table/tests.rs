use super::*;
use imsys_domain::device::{DeviceData, Reach as AskedBy};
use std::collections::BTreeMap;
use uuid::Uuid;

const LOST: Outcome = Outcome::Lost;
const ANSWERED: Outcome = Outcome::Answered { rtt: Duration::from_micros(1_500) };
const UP: Finding = Finding::Up { latency_us: Some(1_500), loss: 0 };
const ROUTER: RouterId = RouterId(Uuid::from_u128(7));

fn device(number: u8, router: Option<RouterId>, status: Status) -> Device {
    let reach = if router.is_some() { AskedBy::Router } else { AskedBy::Direct };
    let address = [10, 0, 0, number].into();
    let data = DeviceData { name: number.to_string(), address, router, reach, watched: false, snmp: None };
    let id = DeviceId(Uuid::from_u128(number.into()));
    let mut device = Device::new(id, TenantId(Uuid::nil()), data, Timestamp(0));
    device.health.status = status;
    device
}

/// A table in virtual time.
struct Course {
    table: Table,
    base: Instant,
    seconds: u64,
}

impl Course {
    fn new(devices: Vec<Device>) -> Self {
        let cadence = Cadence { usual: Duration::from_secs(60), watched: Duration::from_secs(10) };
        let (mut table, base) = (Table::new(cadence), Instant::now());
        table.sync(devices, base);
        Self { table, base, seconds: 0 }
    }

    fn now(&self) -> Now {
        let instant = self.base + Duration::from_secs(self.seconds);
        Now { wall: Timestamp(1_000 * self.seconds as i64), instant }
    }

    fn pass(&mut self, seconds: u64) {
        self.seconds += seconds;
    }

    /// The devices of the rounds that begin now.
    fn begun(&mut self) -> Vec<Target> {
        let now = self.now().instant;
        let mut targets: Vec<_> =
            self.table.due_direct(now).into_iter().flat_map(|due| due.targets).collect();
        targets.sort_by_key(|target| target.device);
        targets
    }

    /// The devices that the router is asked about now.
    fn begun_through(&mut self, connected: bool, away: bool) -> Vec<Target> {
        let set = |is_in: bool| is_in.then_some(ROUTER).into_iter().collect();
        let (begun, _) = self.table.due_through(&set(connected), &set(away), self.now());
        begun.into_iter().map(|(_, target)| target).collect()
    }

    fn hear(&mut self, target: Target, kind: Kind, outcomes: &[Outcome]) -> usize {
        let now = self.now();
        outcomes.iter().filter(|outcome| self.table.heard(target, kind, **outcome, now)).count()
    }

    /// It does not answer, however often it is asked.
    fn falls(&mut self, target: Target) {
        self.hear(target, Kind::Turn, &[LOST]);
        self.hear(target, Kind::Confirm, &[LOST; 5]);
    }

    fn router_tells(&mut self, target: Target, times: &[Option<u32>]) {
        let now = self.now();
        self.table.is_back(ROUTER, target);
        self.table.heard_through(target, Ok(times.to_vec()), now);
    }

    /// The last finding about each device, by its number.
    fn told(&mut self) -> BTreeMap<u128, Finding> {
        let now = self.now();
        let reports = self.table.take_reports(now).into_values().flatten();
        reports.map(|report| (report.device.0.as_u128(), report.finding)).collect()
    }
}

fn up(numbers: std::ops::RangeInclusive<u8>) -> Vec<Device> {
    numbers.map(|number| device(number, None, Status::Up)).collect()
}

#[test]
fn a_new_device_is_asked_at_once_and_then_at_every_interval() {
    let mut course = Course::new(vec![device(1, None, Status::Unknown)]);
    let rounds = course.table.due_direct(course.base);
    assert_eq!((rounds.len(), rounds[0].round.over), (1, FIRST));
    course.pass(59);
    assert_eq!(course.begun(), []);
    course.pass(1);
    let rounds = course.table.due_direct(course.now().instant);
    assert_eq!(rounds[0].round.over, Duration::from_secs(60));
}

#[test]
fn a_device_is_told_up_at_its_first_answer_and_its_figures_after_each_round() {
    let mut course = Course::new(vec![device(1, None, Status::Unknown)]);
    let target = course.begun()[0];
    course.hear(target, Kind::Turn, &[ANSWERED]);
    assert_eq!(course.told(), [(1, UP)].into());
    assert_eq!(course.hear(target, Kind::Turn, &[LOST]), 1, "it is looked at closer");
    assert!(course.told().is_empty());
    course.hear(target, Kind::Turn, &[ANSWERED]);
    assert_eq!(course.told(), [(1, Finding::Up { latency_us: Some(1_500), loss: 33 })].into());
}

#[test]
fn one_that_never_answered_is_down_at_its_first_look() {
    let mut course = Course::new(vec![device(1, None, Status::Unknown)]);
    let target = course.begun()[0];
    course.falls(target);
    assert_eq!(course.told(), [(1, Finding::Down)].into());
}

#[test]
fn a_device_that_fell_silent_is_down_after_the_others_were_asked() {
    let mut course = Course::new(up(1..=5));
    let targets = course.begun();
    for target in &targets[1..] {
        course.hear(*target, Kind::Turn, &[ANSWERED]);
    }
    course.told();
    course.falls(targets[0]);
    assert!(course.told().is_empty(), "the others may be silent too");
    course.pass(20);
    assert!(course.told().is_empty());
    course.pass(1);
    assert_eq!(course.told(), [(1, Finding::Down)].into());
    assert!(course.told().is_empty(), "it is told once");
}

#[test]
fn when_most_fall_silent_together_none_is_down_until_one_answers() {
    let mut course = Course::new(up(1..=5));
    let targets = course.begun();
    for target in &targets {
        course.falls(*target);
        course.pass(3);
    }
    let ours = Finding::Unknown(Reason::OwnUplink);
    assert_eq!(course.told(), (1..=5).map(|number| (number, ours)).collect());
    course.pass(100);
    let again = course.begun();
    assert_eq!(again.len(), 5);
    course.hear(again[4], Kind::Turn, &[ANSWERED]);
    assert_eq!(course.told(), [(5, UP)].into());
    assert_eq!(course.begun().len(), 4, "the others are looked at again");
    course.falls(again[0]);
    assert_eq!(course.told(), [(1, Finding::Down)].into());
}

#[test]
fn what_could_not_be_asked_is_unknown_and_is_decided_anew() {
    let mut course = Course::new(up(1..=1));
    let target = course.begun()[0];
    course.hear(target, Kind::Turn, &[Outcome::Unknown(Unknown::KernelDropped); 3]);
    assert_eq!(course.told(), [(1, Finding::Unknown(Reason::PacketsDropped))].into());
    course.pass(60);
    course.begun();
    course.hear(target, Kind::Turn, &[Outcome::Unknown(Unknown::NotSent), LOST, LOST]);
    assert_eq!(course.told(), [(1, Finding::Undecided)].into(), "two misses decide nothing");
}

#[test]
fn an_answer_of_the_place_before_counts_for_nothing() {
    let mut course = Course::new(up(1..=1));
    let before = course.begun()[0];
    let mut moved = device(1, None, Status::Unknown);
    moved.data.address = [10, 9, 9, 9].into();
    let now = course.now().instant;
    course.table.sync(vec![moved], now);
    course.hear(before, Kind::Turn, &[ANSWERED; 3]);
    assert!(course.told().is_empty());
    assert_eq!(course.begun().len(), 1, "it is asked at its new place at once");
    let now = course.now().instant;
    course.table.sync(Vec::new(), now);
    course.pass(600);
    assert_eq!(course.begun(), []);
}

#[test]
fn a_router_asks_three_at_a_time_and_those_that_are_down_last() {
    let mut devices = vec![device(1, Some(ROUTER), Status::Down)];
    devices.extend((2..=6).map(|number| device(number, Some(ROUTER), Status::Up)));
    let mut course = Course::new(devices);
    let first = course.begun_through(true, false);
    assert_eq!(first.len(), 3);
    assert_eq!(course.begun_through(true, false), []);
    first.iter().for_each(|target| course.router_tells(*target, &[Some(1_500); 3]));
    let second = course.begun_through(true, false);
    let down = DeviceId(Uuid::from_u128(1));
    assert!(second.len() == 3 && second[2].device == down && first.iter().all(|one| one.device != down));
    assert_eq!(course.told().len(), 3);
}

#[test]
fn a_device_that_its_router_gets_no_answer_from_is_asked_twice_and_down() {
    let mut course = Course::new(vec![device(1, Some(ROUTER), Status::Unknown)]);
    let target = course.begun_through(true, false)[0];
    course.router_tells(target, &[None; 3]);
    assert_eq!(course.told(), [(1, Finding::Undecided)].into());
    assert_eq!(course.begun_through(true, false), [target], "at once");
    course.router_tells(target, &[None; 3]);
    assert_eq!(course.told(), [(1, Finding::Down)].into());
    assert_eq!(course.begun_through(true, false), []);
}

#[test]
fn behind_a_router_that_is_away_devices_are_unknown_and_wait_for_it() {
    let mut course = Course::new(vec![device(1, Some(ROUTER), Status::Up)]);
    assert_eq!(course.begun_through(false, false), []);
    assert!(course.told().is_empty(), "it may be connected in a moment");
    assert_eq!(course.begun_through(false, true), []);
    let away = Finding::Unknown(Reason::RouterAway);
    assert_eq!(course.told(), [(1, away)].into());
    assert_eq!(course.begun_through(true, false), []);
    let now = course.now().instant;
    course.table.router_back(ROUTER, now);
    assert_eq!(course.begun_through(true, false).len(), 1);
    let now = course.now();
    course.table.router_away(ROUTER, now);
    assert_eq!(course.told(), [(1, away)].into());
}
