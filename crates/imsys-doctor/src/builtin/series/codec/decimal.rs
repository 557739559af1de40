//! Floats as whole numbers of a decimal unit: most of what devices tell is a whole number, or has few digits
//! after the point.

/// The most digits after the point.
pub(super) const MOST: u8 = 6;
/// Up to this every whole number is a float.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// How many units of `digits` digits a value is, if it is exactly so many.
pub(super) fn units(value: f64, digits: u8) -> Option<i64> {
    let whole = (value * unit(digits)).round();
    let units = Some(whole as i64).filter(|_| whole.abs() <= EXACT)?;
    // By bits: minus zero is no number of units.
    (self::value(units, digits).to_bits() == value.to_bits()).then_some(units)
}

/// How many units a sum of such values is: adding floats leaves noise behind the last digit.
pub(super) fn units_of_sum(sum: f64, digits: u8) -> Option<i64> {
    let scaled = sum * unit(digits);
    let units = scaled.round();
    let is_near = units.abs() <= EXACT && (scaled - units).abs() <= 1e-9 * units.abs().max(1.0);
    is_near.then_some(units as i64)
}

/// The value of so many units.
pub(super) fn value(units: i64, digits: u8) -> f64 {
    units as f64 / unit(digits)
}

fn unit(digits: u8) -> f64 {
    10_f64.powi(digits.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_exact_decimals_are_units() {
        assert_eq!(units(-61.0, 0), Some(-61));
        assert_eq!((units(12.345, 2), units(12.345, 3)), (None, Some(12_345)));
        assert_eq!(units(1.0 / 3.0, MOST), None);
        assert_eq!(units(-0.0, 0), None);
        assert_eq!(units(1e300, 0), None);
        assert_eq!(units_of_sum(0.1 + 0.2, 1), Some(3));
        assert_eq!(value(12_345, 3), 12.345);
    }
}
