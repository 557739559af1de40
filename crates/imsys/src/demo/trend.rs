//! How many were online in the month before the demo: counted again from what the judge decided.

use super::month::Span;
use imsys_domain::presence::Status;
use imsys_domain::trend::Range;
use imsys_domain::{ServiceId, Timestamp};
use imsys_store::model::{ServiceChange, StatusCounts};
use std::collections::HashMap;

/// Who became what, and when; `None`: gone.
#[derive(Default)]
pub(super) struct Changes(Vec<(i64, ServiceId, Option<Status>)>);

impl Changes {
    /// A service began at `at`.
    pub(super) fn came(&mut self, id: ServiceId, at: i64) {
        self.0.push((at, id, Some(Status::Unknown)));
    }

    /// A service ended at `at`.
    pub(super) fn left(&mut self, id: ServiceId, at: i64) {
        self.0.push((at, id, None));
    }

    /// What the judge said.
    pub(super) fn judged(&mut self, changes: impl IntoIterator<Item = ServiceChange>) {
        self.0.extend(changes.into_iter().map(|change| (change.since.0, change.id, Some(change.status))));
    }

    /// The counts at each of `times`, which ascend.
    pub(super) fn counts(mut self, times: &[Timestamp]) -> Vec<(Timestamp, StatusCounts)> {
        self.0.sort_by_key(|(at, ..)| *at);
        let mut next = self.0.into_iter().peekable();
        let mut now: HashMap<ServiceId, Option<Status>> = HashMap::new();
        let mut counted = Vec::with_capacity(times.len());
        for time in times {
            while let Some((_, id, status)) = next.next_if(|(at, ..)| at <= &time.0) {
                // Who is gone stays gone, whatever is said of him.
                if now.get(&id) != Some(&None) {
                    now.insert(id, status);
                }
            }
            let many = |status| now.values().filter(|known| **known == Some(status)).count() as u64;
            let [online, offline, unknown] = [Status::Online, Status::Offline, Status::Unknown].map(many);
            counted.push((*time, StatusCounts { online, offline, unknown, suspended: 0 }));
        }
        counted
    }
}

/// When services would have been counted for what trends show: every hour, and as often as in use for the last day.
pub(super) fn times(month: Span) -> Vec<Timestamp> {
    let to = Timestamp(month.to);
    let mut times = Vec::new();
    let mut now = Range::Month.interval(Timestamp(month.from));
    while now < to {
        times.push(now);
        let range = if now < Range::Day.kept_from(to) { Range::Month } else { Range::Day };
        now = Timestamp(now.0 + range.every());
    }
    times
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_follow_what_was_judged_and_end_with_the_service() {
        let [ana, bob] = [1, 2].map(|n| ServiceId::new(Timestamp(0), [n; 10]));
        let change = |id, at, status| ServiceChange {
            id,
            rev: 1,
            before: Status::Unknown,
            status,
            since: Timestamp(at),
            confirmed: None,
            source: None,
            sessions: 0,
            endpoint: None,
            lease: None,
        };
        let mut changes = Changes::default();
        changes.judged([change(bob, 30, Status::Online), change(bob, 60, Status::Offline)]);
        changes.judged([change(ana, 10, Status::Online), change(ana, 20, Status::Offline)]);
        changes.came(ana, 0);
        changes.came(bob, 15);
        changes.left(bob, 50);
        let at = [0, 10, 15, 20, 30, 50, 60].map(Timestamp);
        let shown = changes.counts(&at).into_iter().map(|(_, c)| (c.online, c.offline, c.unknown));
        let expected = [(0, 0, 1), (1, 0, 0), (1, 0, 1), (0, 1, 1), (1, 1, 0), (0, 1, 0), (0, 1, 0)];
        assert_eq!(shown.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn the_month_is_counted_by_hours_and_its_last_day_finely() {
        let to = 1_767_268_800_000;
        let times = times(Span { from: to - 30 * 86_400_000, to });
        assert_eq!(times.len(), (30 * 24 - 26) + 26 * 12);
        assert!(times.is_sorted() && times.iter().all(|time| Range::Day.interval(*time) == *time));
    }
}
