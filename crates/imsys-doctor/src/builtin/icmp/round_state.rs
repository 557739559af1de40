//! A running round: which probe is due, which are outstanding, and what a reply means. No IO, no clock.

use super::outcome::{Outcome, Sample, Unknown};
use super::round::Round;
use std::collections::VecDeque;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Probes are numbered in the order of sending: probe `p` of target `t` of `n` has the index `p * n + t`.
pub(super) struct RoundState {
    targets: Arc<[IpAddr]>,
    round: Round,
    start: Instant,
    total: u32,
    next: u32,
    /// The probes before `next` that are not yet forgotten, oldest first.
    slots: VecDeque<Slot>,
}

struct Slot {
    sent: Instant,
    /// How many packets the kernel had dropped for us when it was sent, or before.
    drops: u64,
    is_open: bool,
}

impl RoundState {
    /// A round that starts at `start`; `None` when it has more than `u32::MAX` probes.
    pub(super) fn new(targets: Arc<[IpAddr]>, round: Round, start: Instant) -> Option<Self> {
        let total = targets.len().checked_mul(usize::from(round.probes))?;
        let total = u32::try_from(total).ok()?;
        Some(Self { targets, round, start, total, next: 0, slots: VecDeque::new() })
    }

    /// How many samples the round has in all.
    pub(super) fn total(&self) -> u32 {
        self.total
    }

    /// When the next probe is due; `None` when all were sent.
    pub(super) fn due_at(&self) -> Option<Instant> {
        let nanos = self.round.over.as_nanos().checked_mul(u128::from(self.next))?;
        let after = nanos.checked_div(u128::from(self.total))?;
        let after = Duration::from_nanos(u64::try_from(after).unwrap_or(u64::MAX));
        self.start.checked_add(after).filter(|_| self.next < self.total)
    }

    /// The probe to be sent at `now`, if one is due. [`sent`](Self::sent) or [`skip`](Self::skip) moves on to the next.
    pub(super) fn due(&self, now: Instant) -> Option<(u32, IpAddr)> {
        self.due_at().filter(|at| *at <= now)?;
        Some((self.next, self.targets[self.target(self.next)]))
    }

    /// The due probe went out at `at`; `drops` is the kernel's counter at or before that moment.
    pub(super) fn sent(&mut self, at: Instant, drops: u64) {
        self.next += 1;
        self.slots.push_back(Slot { sent: at, drops, is_open: true });
    }

    /// The due probe cannot be sent.
    pub(super) fn skip(&mut self, now: Instant, why: Unknown) -> Sample {
        let sample = self.sample(self.next, Outcome::Unknown(why));
        self.next += 1;
        self.slots.push_back(Slot { sent: now, drops: 0, is_open: false });
        sample
    }

    /// What a reply from `from`, received at `received`, means: nothing when it is a duplicate, too late, from another
    /// address than was probed, or about a probe that is not outstanding.
    pub(super) fn answer(&mut self, index: u32, from: IpAddr, received: Instant) -> Option<Sample> {
        let place = index.checked_sub(self.oldest())?;
        let slot = self.slots.get_mut(usize::try_from(place).ok()?)?;
        let probed = self.targets[index as usize % self.targets.len()];
        // Zero when the system's clock was set back in between.
        let rtt = received.saturating_duration_since(slot.sent);
        if !slot.is_open || probed != from || rtt > self.round.timeout {
            return None;
        }
        slot.is_open = false;
        Some(self.sample(index, Outcome::Answered { rtt }))
    }

    /// Whether a probe waits for an answer.
    pub(super) fn is_waiting(&self) -> bool {
        self.slots.iter().any(|slot| slot.is_open)
    }

    /// Whether [`expire`](Self::expire) has a sample to give at `now`.
    pub(super) fn has_expired(&mut self, now: Instant) -> bool {
        while self.slots.front().is_some_and(|slot| !slot.is_open) {
            self.slots.pop_front();
        }
        self.slots.front().is_some_and(|slot| now.saturating_duration_since(slot.sent) > self.round.timeout)
    }

    /// The oldest probe, when its time is over at `now`. `drops` reads the kernel's counter for an address; the caller
    /// has read all replies that arrived until `now`, and the counter after that.
    pub(super) fn expire(&mut self, now: Instant, drops: impl Fn(IpAddr) -> u64) -> Option<Sample> {
        if !self.has_expired(now) {
            return None;
        }
        let index = self.oldest();
        let slot = self.slots.pop_front()?;
        let is_certain = slot.drops == drops(self.targets[self.target(index)]);
        let outcome = if is_certain { Outcome::Lost } else { Outcome::Unknown(Unknown::KernelDropped) };
        Some(self.sample(index, outcome))
    }

    /// Whether every probe has had its sample.
    pub(super) fn is_over(&self) -> bool {
        self.next == self.total && !self.is_waiting()
    }

    fn oldest(&self) -> u32 {
        self.next - u32::try_from(self.slots.len()).expect("a slot for a probe, and those are counted in u32")
    }

    fn target(&self, index: u32) -> usize {
        index as usize % self.targets.len()
    }

    fn sample(&self, index: u32, outcome: Outcome) -> Sample {
        let probe = index as usize / self.targets.len();
        let probe = u8::try_from(probe).expect("a round has a u8 of probes per target");
        Sample { target: self.target(index), probe, outcome }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    const TIMEOUT: Duration = Duration::from_millis(1000);

    fn address(last: u8) -> IpAddr {
        IpAddr::V4(Ipv4Addr::new(10, 0, 0, last))
    }

    fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    /// A round of two targets with two probes each over 400 ms, that starts now.
    fn round() -> (RoundState, Instant) {
        let (start, targets) = (Instant::now(), [address(0), address(1)].into());
        let round = Round { probes: 2, over: ms(400), timeout: TIMEOUT };
        (RoundState::new(targets, round, start).unwrap(), start)
    }

    /// The same with all probes sent, each when it was due, and no packets dropped by then.
    fn sent() -> (RoundState, Instant) {
        let (mut state, start) = round();
        while let Some(at) = state.due_at() {
            state.sent(at, 0);
        }
        (state, start)
    }

    fn outcomes(state: &mut RoundState, now: Instant, drops: u64) -> Vec<Sample> {
        std::iter::from_fn(|| state.expire(now, |_| drops)).collect()
    }

    fn sample(target: usize, probe: u8, outcome: Outcome) -> Sample {
        Sample { target, probe, outcome }
    }

    #[test]
    fn probes_are_spread_over_the_interval_and_those_of_a_target_too() {
        let (mut state, start) = round();
        let mut sent = Vec::new();
        while let Some(at) = state.due_at() {
            assert_eq!(state.due(at - Duration::from_nanos(1)), None);
            let (_, target) = state.due(at).unwrap();
            sent.push((at - start, target));
            state.sent(at, 0);
        }
        let (a, b) = (address(0), address(1));
        assert_eq!(sent, [(ms(0), a), (ms(100), b), (ms(200), a), (ms(300), b)]);
    }

    #[test]
    fn an_answer_in_time_counts_and_its_duplicate_does_not() {
        let (mut state, start) = sent();
        let answered = |rtt| Outcome::Answered { rtt };
        let on_time = state.answer(1, address(1), start + ms(100) + TIMEOUT);
        assert_eq!(on_time, Some(sample(1, 0, answered(TIMEOUT))));
        assert_eq!(state.answer(1, address(1), start + ms(101)), None);
        let out_of_order = state.answer(0, address(0), start + ms(7));
        assert_eq!(out_of_order, Some(sample(0, 0, answered(ms(7)))));
    }

    #[test]
    fn a_late_answer_does_not_count() {
        let (mut state, start) = sent();
        let late = start + TIMEOUT + Duration::from_nanos(1);
        assert_eq!(state.answer(0, address(0), late), None);
        assert_eq!(outcomes(&mut state, late, 0), [sample(0, 0, Outcome::Lost)]);
        assert_eq!(state.answer(0, address(0), start), None);
    }

    #[test]
    fn an_answer_from_elsewhere_or_to_what_was_not_sent_does_not_count() {
        let (mut state, start) = round();
        state.sent(start, 0);
        assert_eq!(state.answer(0, address(1), start), None);
        assert_eq!(state.answer(1, address(1), start), None);
        assert_eq!(state.answer(u32::MAX, address(1), start), None);
        assert!(state.answer(0, address(0), start).is_some());
    }

    #[test]
    fn an_answer_that_was_stamped_before_its_probe_took_no_time() {
        let (mut state, start) = sent();
        let early = state.answer(2, address(0), start);
        assert_eq!(early, Some(sample(0, 1, Outcome::Answered { rtt: Duration::ZERO })));
    }

    #[test]
    fn what_was_outstanding_when_the_kernel_dropped_is_unknown() {
        let (mut state, start) = round();
        state.sent(start, 4);
        state.sent(start, 4);
        state.sent(start, 5);
        state.sent(start, 5);
        assert!(state.answer(0, address(0), start).is_some());
        let end = start + TIMEOUT + ms(1);
        let unknown = Outcome::Unknown(Unknown::KernelDropped);
        let expected = [sample(1, 0, unknown), sample(0, 1, Outcome::Lost), sample(1, 1, Outcome::Lost)];
        assert_eq!(outcomes(&mut state, end, 5), expected);
        assert!(state.is_over());
    }

    #[test]
    fn what_cannot_be_sent_has_its_sample_at_once() {
        let (mut state, start) = round();
        state.sent(start, 0);
        let skipped = state.skip(start, Unknown::NoPermission);
        assert_eq!(skipped, sample(1, 0, Outcome::Unknown(Unknown::NoPermission)));
        state.sent(start, 0);
        state.skip(start, Unknown::NotSent);
        assert!(state.is_waiting() && !state.is_over());
        assert!(state.answer(2, address(0), start).is_some());
        assert_eq!(outcomes(&mut state, start + TIMEOUT + ms(1), 0), [sample(0, 0, Outcome::Lost)]);
        assert!(state.is_over());
    }

    #[test]
    fn a_round_without_probes_is_over_at_once() {
        for (targets, probes) in [(vec![], 3), (vec![address(0)], 0)] {
            let round = Round { probes, over: ms(400), timeout: TIMEOUT };
            let mut state = RoundState::new(targets.into(), round, Instant::now()).unwrap();
            assert!(state.is_over());
            assert_eq!(state.due_at(), None);
            assert_eq!(state.answer(0, address(0), Instant::now()), None);
        }
    }
}
