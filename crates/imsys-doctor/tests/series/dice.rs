//! Random numbers that are the same for one seed.

pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Any 64 bits (SplitMix64).
    pub(crate) const fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`.
    pub(crate) const fn below(&mut self, bound: u32) -> u32 {
        (self.bits() % bound as u64) as u32
    }

    /// A value as devices tell them: whole, with some digits, or any float.
    pub(crate) fn value(&mut self) -> f64 {
        match self.below(4) {
            0 => f64::from(self.below(100)) - 90.0,
            1 => f64::from(self.below(50_000)) / 1000.0,
            2 => f64::from(self.below(1 << 31)) * 16.0,
            _ => f64::from(self.below(1_000_000)) / 7.0,
        }
    }
}
