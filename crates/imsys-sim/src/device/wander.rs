//! Values that drift about a mean: pure functions of a seed and the time.

use crate::dice::Dice;

pub(super) const MINUTE: i64 = 60_000;
pub(super) const HOUR: i64 = 60 * MINUTE;
pub(super) const DAY: i64 = 24 * HOUR;

/// A value of -1.0 to 1.0 that moves smoothly and turns about once in `period` milliseconds.
pub(super) fn wander(seed: u64, at: i64, period: i64) -> f64 {
    let knot = at.div_euclid(period);
    let part = at.rem_euclid(period) as f64 / period as f64;
    let smooth = part * part * (3.0 - 2.0 * part);
    let (from, to) = (drawn(seed, knot), drawn(seed, knot + 1));
    from + (to - from) * smooth
}

/// A value of -1.0 to 1.0, another one for each `number`.
pub(super) fn drawn(seed: u64, number: i64) -> f64 {
    let mixed = seed ^ number.cast_unsigned().wrapping_mul(0x9E37_79B9_7F4A_7C15);
    2.0 * Dice::new(mixed).unit() - 1.0
}

/// How much of its most a network carries at an hour of the day: little before dawn, most in the evening.
pub(super) fn busy(hour: f64) -> f64 {
    /// By hour, from midnight.
    const CURVE: [f64; 24] = [
        0.46, 0.30, 0.19, 0.13, 0.10, 0.10, 0.14, 0.23, 0.33, 0.40, 0.45, 0.48, 0.52, 0.53, 0.52, 0.55, 0.61,
        0.70, 0.80, 0.91, 0.99, 1.00, 0.88, 0.66,
    ];
    let (whole, part) = (hour.floor(), hour.fract());
    let value = |hour: f64| CURVE[hour.rem_euclid(24.0) as usize % 24];
    value(whole) * (1.0 - part) + value(whole + 1.0) * part
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_wanders_within_bounds_without_jumps() {
        let mut before = wander(7, 0, HOUR);
        let (mut least, mut most) = (before, before);
        for minute in 1..5_000 {
            let now = wander(7, minute * MINUTE, HOUR);
            assert!((now - before).abs() < 0.06, "minute {minute}: {before} to {now}");
            (least, most, before) = (least.min(now), most.max(now), now);
        }
        assert!((-1.0..-0.7).contains(&least) && (0.7..1.0).contains(&most), "{least} to {most}");
    }

    #[test]
    fn evenings_are_busy_and_nights_are_not() {
        assert!(busy(4.5) < 0.2 && busy(20.7) > 0.95);
        assert!((busy(23.99) - busy(0.0)).abs() < 0.01, "midnight is no step");
    }
}
