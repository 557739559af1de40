//! What the samples of an interval say about a target.

use super::outcome::Outcome;
use std::time::Duration;

/// The probes of one target in an interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stats {
    /// Probes that were answered or lost.
    pub sent: usize,
    /// Those that were lost.
    pub lost: usize,
    /// Probes beside those of which nothing is known.
    pub unknown: usize,
    /// The round trip times; `None` when nothing was answered.
    pub round_trip: Option<RoundTrip>,
}

/// The round trip times of the answered probes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoundTrip {
    /// The shortest.
    pub min: Duration,
    /// The one in the middle, or the mean of the two there.
    pub median: Duration,
    /// The one that 95 % do not exceed (nearest rank).
    pub p95: Duration,
    /// The longest.
    pub max: Duration,
    /// The mean absolute difference of successive times; `None` with fewer than two.
    pub jitter: Option<Duration>,
}

impl Stats {
    /// The statistics of `outcomes`, which are in the order of sending.
    pub fn of(outcomes: impl IntoIterator<Item = Outcome>) -> Self {
        let (mut stats, mut times) = (Self::default(), Vec::new());
        for outcome in outcomes {
            match outcome {
                Outcome::Answered { rtt } => times.push(rtt),
                Outcome::Lost => stats.lost += 1,
                Outcome::Unknown(_) => stats.unknown += 1,
            }
        }
        Self { sent: times.len() + stats.lost, round_trip: RoundTrip::of(times), ..stats }
    }

    /// Loss in percent, 0 to 100; `None` when nothing is known.
    pub fn loss_percent(&self) -> Option<f64> {
        (self.sent > 0).then(|| 100.0 * self.lost as f64 / self.sent as f64)
    }
}

impl RoundTrip {
    fn of(mut times: Vec<Duration>) -> Option<Self> {
        let steps = times.windows(2).map(|pair| pair[0].abs_diff(pair[1]));
        let jitter = mean(steps.sum(), times.len().saturating_sub(1));
        times.sort_unstable();
        let (min, max) = (*times.first()?, *times.last()?);
        let count = times.len();
        let median = (times[(count - 1) / 2] + times[count / 2]) / 2;
        let p95 = times[(count * 95).div_ceil(100) - 1];
        Some(Self { min, median, p95, max, jitter })
    }
}

fn mean(sum: Duration, count: usize) -> Option<Duration> {
    sum.checked_div(u32::try_from(count).ok()?)
}

#[cfg(test)]
mod tests {
    use super::super::Unknown;
    use super::*;

    fn answered(millis: u64) -> Outcome {
        Outcome::Answered { rtt: Duration::from_millis(millis) }
    }

    #[test]
    fn loss_times_and_jitter_come_from_the_samples() {
        let stats = Stats::of([answered(10), answered(14), Outcome::Lost, answered(12), answered(30)]);
        assert_eq!((stats.sent, stats.lost, stats.unknown), (5, 1, 0));
        assert_eq!(stats.loss_percent(), Some(20.0));
        let ms = Duration::from_millis;
        // |14 - 10|, |12 - 14|, |30 - 12|
        let jitter = Some(ms(8));
        assert_eq!(
            stats.round_trip,
            Some(RoundTrip { min: ms(10), median: ms(13), p95: ms(30), max: ms(30), jitter })
        );
    }

    #[test]
    fn p95_is_the_nearest_rank() {
        let stats = Stats::of((1..=100).map(answered));
        assert_eq!(stats.round_trip.map(|times| times.p95), Some(Duration::from_millis(95)));
    }

    #[test]
    fn unknown_samples_are_neither_sent_nor_lost() {
        let unknown = Outcome::Unknown(Unknown::KernelDropped);
        let stats = Stats::of([answered(1), unknown, Outcome::Lost, unknown]);
        assert_eq!((stats.sent, stats.lost, stats.unknown), (2, 1, 2));
        assert_eq!(stats.loss_percent(), Some(50.0));
        assert_eq!(Stats::of([unknown]).loss_percent(), None);
    }

    #[test]
    fn without_an_answer_there_are_no_times_and_with_one_there_is_no_jitter() {
        assert_eq!(Stats::of([Outcome::Lost]).round_trip, None);
        assert_eq!(Stats::of([answered(1)]).round_trip.and_then(|times| times.jitter), None);
    }
}
