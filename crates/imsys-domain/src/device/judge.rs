//! What a report does to a device.

use super::{Device, Health, Place, Reason, Status};
use crate::{DeviceId, Timestamp};

/// What was found out about a device by asking it. It tells how the device is, not what changed, so one that is lost does
/// no harm: the next one says it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report {
    /// Which device.
    pub device: DeviceId,
    /// Where it was asked.
    pub place: Place,
    /// When the finding was made.
    pub at: Timestamp,
    /// What was found.
    pub finding: Finding,
}

/// What a round of requests shows. Loss is in percent, latency the median round trip time in microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// It is up. In this round it may have answered or not.
    Up {
        /// `None` where this round had no answer.
        latency_us: Option<u32>,
        /// Of this round.
        loss: u8,
    },
    /// It is down.
    Down,
    /// There were too few answers and misses to tell: it stays what it was.
    Undecided,
    /// It could not be asked. This is never called down.
    Unknown(Reason),
}

/// What changes about a device's outages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutageChange {
    /// One begins.
    Began(Timestamp, Reason),
    /// The one that has not ended ends.
    Ended(Timestamp),
}

/// Everything that a report changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// How the device is from now on.
    pub health: Health,
    /// What becomes of its outages.
    pub outage: Option<OutageChange>,
    /// Its status or the reason changed: others are told.
    pub is_news: bool,
}

/// Judges a report about a device. `None`: it changes nothing, as it is about another place, older than what is known, or
/// about a device that is archived.
///
/// A device that was down and cannot be asked any more is no longer known to be down, so its outage ends; if it is found
/// down later, another one begins.
pub fn judge(device: &Device, report: &Report) -> Option<Judgement> {
    let old = device.health;
    let is_late = old.checked.is_some_and(|checked| report.at < checked) || report.at < old.since;
    if is_late || device.archived.is_some() || report.place != device.data.place() {
        return None;
    }
    let (status, reason, latency_us, loss) = match report.finding {
        Finding::Up { latency_us, loss } => (Status::Up, None, latency_us, Some(loss)),
        Finding::Down => (Status::Down, Some(Reason::NoAnswer), None, Some(100)),
        Finding::Undecided => (old.status, old.reason, None, None),
        Finding::Unknown(reason) => (Status::Unknown, Some(reason), None, None),
    };
    let since = if status == old.status { old.since } else { report.at };
    let outage = match (old.status, status) {
        (Status::Up | Status::Unknown, Status::Down) => {
            Some(OutageChange::Began(report.at, Reason::NoAnswer))
        }
        (Status::Down, Status::Up | Status::Unknown) => Some(OutageChange::Ended(report.at)),
        _ => None,
    };
    Some(Judgement {
        health: Health { status, since, reason, latency_us, loss, checked: Some(report.at) },
        outage,
        is_news: (status, reason) != (old.status, old.reason),
    })
}

#[cfg(test)]
mod tests {
    use super::super::{DeviceData, Reach};
    use super::*;
    use crate::{RouterId, TenantId};
    use uuid::Uuid;

    const ANSWERS: Finding = Finding::Up { latency_us: Some(1_500), loss: 0 };

    struct Case {
        device: Device,
    }

    impl Case {
        fn new() -> Self {
            let data = DeviceData {
                name: "Roof".into(),
                address: [10, 0, 0, 9].into(),
                router: None,
                reach: Reach::Direct,
                watched: false,
                snmp: None,
            };
            Self { device: Device::new(DeviceId(Uuid::nil()), TenantId(Uuid::nil()), data, Timestamp(0)) }
        }

        fn report(&self, at: i64, finding: Finding) -> Report {
            let place = self.device.data.place();
            Report { device: self.device.id, place, at: Timestamp(at), finding }
        }

        fn hear(&mut self, at: i64, finding: Finding) -> Judgement {
            let judged = judge(&self.device, &self.report(at, finding)).expect("it counts");
            self.device.health = judged.health;
            judged
        }

        fn now(&self) -> (Status, Option<Reason>, i64) {
            let Health { status, reason, since, .. } = self.device.health;
            (status, reason, since.0)
        }
    }

    #[test]
    fn the_first_answer_makes_a_device_up_and_a_state_that_lasts_keeps_its_begin() {
        let mut case = Case::new();
        assert_eq!(case.now(), (Status::Unknown, Some(Reason::NeverAsked), 0));
        let first = case.hear(10, ANSWERS);
        assert_eq!((first.is_news, first.outage), (true, None));
        let again = case.hear(70, Finding::Up { latency_us: Some(9), loss: 33 });
        assert!(!again.is_news, "only the figures are others");
        assert_eq!(case.now(), (Status::Up, None, 10));
        assert_eq!((case.device.health.latency_us, case.device.health.loss), (Some(9), Some(33)));
    }

    #[test]
    fn an_outage_lasts_from_down_to_up() {
        let mut case = Case::new();
        case.hear(10, ANSWERS);
        let fell = case.hear(20, Finding::Down);
        assert_eq!(fell.outage, Some(OutageChange::Began(Timestamp(20), Reason::NoAnswer)));
        assert_eq!(case.now(), (Status::Down, Some(Reason::NoAnswer), 20));
        assert_eq!(case.hear(80, Finding::Down).outage, None);
        let rose = case.hear(90, ANSWERS);
        assert_eq!((rose.outage, rose.is_news), (Some(OutageChange::Ended(Timestamp(90))), true));
    }

    #[test]
    fn what_cannot_be_asked_is_unknown_and_nobody_calls_it_down() {
        let away = Finding::Unknown(Reason::RouterAway);
        let mut case = Case::new();
        case.hear(10, ANSWERS);
        assert_eq!(case.hear(20, away).outage, None);
        assert_eq!(case.now(), (Status::Unknown, Some(Reason::RouterAway), 20));
        assert_eq!((case.device.health.latency_us, case.device.health.loss), (None, None));
        assert!(!case.hear(30, away).is_news);
        let other = case.hear(40, Finding::Unknown(Reason::NoPermission));
        assert!(other.is_news, "the reason is another");
        assert_eq!(case.now(), (Status::Unknown, Some(Reason::NoPermission), 20));
        case.hear(50, Finding::Down);
        assert_eq!(case.hear(60, away).outage, Some(OutageChange::Ended(Timestamp(60))));
    }

    #[test]
    fn a_round_that_does_not_tell_leaves_the_device_as_it_was() {
        let mut case = Case::new();
        for (finding, at) in [(ANSWERS, 10), (Finding::Down, 30), (Finding::Unknown(Reason::OwnUplink), 50)] {
            case.hear(at, finding);
            let before = case.now();
            let judged = case.hear(at + 10, Finding::Undecided);
            assert_eq!((judged.is_news, judged.outage, case.now()), (false, None, before));
        }
    }

    #[test]
    fn late_reports_and_those_about_another_place_count_for_nothing() {
        let mut case = Case::new();
        case.hear(10, ANSWERS);
        assert_eq!(judge(&case.device, &case.report(9, Finding::Down)), None);
        let elsewhere = Place { through: Some(RouterId(Uuid::nil())), ..case.device.data.place() };
        let report = Report { place: elsewhere, ..case.report(20, Finding::Down) };
        assert_eq!(judge(&case.device, &report), None);
        let report = case.report(20, Finding::Down);
        case.device.archived = Some(Timestamp(15));
        assert_eq!(judge(&case.device, &report), None);
    }
}
