//! Seeded randomness whose results never change between versions of a library.

/// A SplitMix64 generator: the same seed gives the same town for ever.
#[derive(Debug, Clone)]
pub struct Dice {
    state: u64,
}

impl Dice {
    /// Dice that always fall alike for one `seed`.
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// Independent dice for one part of the world (`salt` names the part).
    pub fn fork(&self, salt: u64) -> Self {
        let mut mixed = Self::new(self.state ^ salt.wrapping_mul(0xD6E8_FEB8_6659_FD93));
        Self::new(mixed.next_u64())
    }

    /// 64 random bits (the constants are those of Steele, Lea and Flood, "Fast splittable
    /// pseudorandom number generators", 2014).
    pub fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number in `low..high`; `low` when the range is empty.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        if high <= low {
            return low;
        }
        low + (self.next_u64() % (high - low).unsigned_abs()) as i64
    }

    /// An index below `len`; 0 when `len` is 0.
    pub fn index(&mut self, len: usize) -> usize {
        if len == 0 { 0 } else { (self.next_u64() % len as u64) as usize }
    }

    /// A number in `0.0..1.0`.
    pub fn unit(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// True with `probability` (0.0 never, 1.0 always).
    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// An exponentially distributed duration in milliseconds, at least 1, at most ten times `mean`.
    pub fn waiting(&mut self, mean: i64) -> i64 {
        let drawn = -(1.0 - self.unit()).ln() * mean as f64;
        (drawn as i64).clamp(1, mean.saturating_mul(10).max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_falls_alike_and_a_fork_differs() {
        let (mut one, mut two) = (Dice::new(7), Dice::new(7));
        let drawn: Vec<u64> = (0..8).map(|_| one.next_u64()).collect();
        assert_eq!(drawn, (0..8).map(|_| two.next_u64()).collect::<Vec<_>>());
        assert_eq!(Dice::new(7).fork(1).next_u64(), Dice::new(7).fork(1).next_u64());
        assert_ne!(Dice::new(7).fork(1).next_u64(), Dice::new(7).fork(2).next_u64());
    }

    #[test]
    fn waiting_times_have_the_asked_mean_and_chances_their_share() {
        let mut dice = Dice::new(3);
        let mean = (0..20_000).map(|_| dice.waiting(1_000)).sum::<i64>() / 20_000;
        assert!((950..1_050).contains(&mean), "{mean}");
        let hits = (0..20_000).filter(|_| dice.chance(0.2)).count();
        assert!((3_700..4_300).contains(&hits), "{hits}");
        assert_eq!(dice.between(5, 5), 5);
    }
}
