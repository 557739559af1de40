//! How a learnt ARP entry ages: the states of the kernel's neighbour table, without a clock of its own.

use std::time::Duration;

use super::ArpStatus;

/// How long a probe that will be answered shows.
const ANSWERING: Duration = Duration::from_millis(200);

/// How long a learnt ARP entry stays in each state.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ArpTimes {
    /// After an answer (`arp-timeout` of `/ip/settings`).
    pub reachable: Duration,
    /// Until somebody sends something there. The entry of a customer who is alive and silent stays stale.
    pub stale: Duration,
    /// Until the neighbour is asked.
    pub delay: Duration,
    /// How long a silent neighbour is asked, as `probe` or as `incomplete`.
    pub probe: Duration,
    /// Until the entry of a silent neighbour is gone.
    pub failed: Duration,
    /// Each entry's time of being reachable is drawn from up to this share less to this share more (0.0-1.0).
    pub spread: f64,
}

impl Default for ArpTimes {
    /// Those of Linux, without spread: whoever falls silent has no entry after at most 78 s.
    fn default() -> Self {
        Self {
            reachable: Duration::from_secs(30),
            stale: Duration::from_secs(10),
            delay: Duration::from_secs(5),
            probe: Duration::from_secs(3),
            failed: Duration::from_secs(30),
            spread: 0.0,
        }
    }
}

/// Where a learnt entry stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// There is no row.
    Absent,
    Incomplete,
    Reachable,
    Stale,
    Delay,
    Probe,
    Failed,
}

/// What a neighbour does, as far as its ARP entry can tell.
#[derive(Debug, Clone, Copy)]
pub(super) struct Habits {
    pub(super) alive: bool,
    pub(super) talking: bool,
}

impl Phase {
    /// The state that follows by itself.
    pub(super) fn next(self, habits: Habits) -> Self {
        match self {
            Self::Absent | Self::Failed => Self::Absent,
            Self::Reachable => Self::Stale,
            Self::Stale => Self::Delay,
            Self::Delay => Self::Probe,
            Self::Probe | Self::Incomplete if habits.alive => Self::Reachable,
            Self::Probe | Self::Incomplete => Self::Failed,
        }
    }

    /// How long it lasts; `None` for as long as nothing happens.
    pub(super) fn lasts(self, habits: Habits, times: &ArpTimes) -> Option<Duration> {
        match self {
            Self::Absent => None,
            Self::Stale if habits.alive && !habits.talking => None,
            Self::Probe | Self::Incomplete if habits.alive => Some(ANSWERING.min(times.probe)),
            Self::Probe | Self::Incomplete => Some(times.probe),
            Self::Reachable => Some(times.reachable),
            Self::Stale => Some(times.stale),
            Self::Delay => Some(times.delay),
            Self::Failed => Some(times.failed),
        }
    }

    /// The state after the neighbour's habits changed.
    pub(super) fn changed(self, habits: Habits) -> Self {
        match self {
            Self::Absent | Self::Failed | Self::Incomplete if habits.alive && habits.talking => {
                Self::Reachable
            }
            Self::Stale if habits.alive && habits.talking => Self::Delay,
            other => other,
        }
    }

    /// The state after the router sent something that was not answered.
    pub(super) fn unanswered(self) -> Self {
        match self {
            Self::Absent | Self::Failed => Self::Incomplete,
            Self::Stale => Self::Delay,
            other => other,
        }
    }

    /// As version 7 shows it.
    pub(super) fn status(self) -> Option<ArpStatus> {
        Some(match self {
            Self::Absent => return None,
            Self::Incomplete => ArpStatus::Incomplete,
            Self::Reachable => ArpStatus::Reachable,
            Self::Stale => ArpStatus::Stale,
            Self::Delay => ArpStatus::Delay,
            Self::Probe => ArpStatus::Probe,
            Self::Failed => ArpStatus::Failed,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(habits: Habits, steps: usize) -> Vec<Phase> {
        std::iter::successors(Some(Phase::Reachable), |phase| Some(phase.next(habits))).take(steps).collect()
    }

    #[test]
    fn the_entry_of_a_neighbour_who_left_goes_through_all_states_and_vanishes() {
        use Phase::{Absent, Delay, Failed, Probe, Reachable, Stale};
        let gone = Habits { alive: false, talking: true };
        assert_eq!(walk(gone, 7), [Reachable, Stale, Delay, Probe, Failed, Absent, Absent]);
        let times = ArpTimes::default();
        let until_gone: Duration = walk(gone, 6).iter().filter_map(|phase| phase.lasts(gone, &times)).sum();
        assert_eq!(until_gone, Duration::from_secs(78));
    }

    #[test]
    fn the_entry_of_a_neighbour_who_talks_is_confirmed_again_and_of_a_silent_one_stays_stale() {
        let talks = Habits { alive: true, talking: true };
        assert_eq!(walk(talks, 5).last(), Some(&Phase::Reachable));
        let silent = Habits { alive: true, talking: false };
        assert_eq!(Phase::Stale.lasts(silent, &ArpTimes::default()), None);
        assert_eq!(Phase::Stale.changed(talks), Phase::Delay);
        assert_eq!(Phase::Failed.changed(talks), Phase::Reachable);
        assert_eq!(Phase::Absent.changed(silent), Phase::Absent);
    }
}
