//! Small readers for digits, shared by the value parsers.

/// All of `text` as a decimal number; `None` when empty, not digits, or beyond 64 bits.
pub(super) fn digits(text: &[u8]) -> Option<u64> {
    match number(text)? {
        (value, []) => Some(value),
        _ => None,
    }
}

/// The number at the front of `text` and what follows it.
pub(super) fn number(text: &[u8]) -> Option<(u64, &[u8])> {
    let end = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at_checked(end)?;
    if digits.is_empty() {
        return None;
    }
    let mut value = 0u64;
    for digit in digits {
        value = value.checked_mul(10)?.checked_add(u64::from(digit.wrapping_sub(b'0')))?;
    }
    Some((value, rest))
}

/// Exactly `N` digits at the front of `text`, as a number, and what follows them.
pub(super) fn fixed<const N: usize>(text: &[u8]) -> Option<(u64, &[u8])> {
    let (field, rest) = text.split_first_chunk::<N>()?;
    Some((digits(field)?, rest))
}

/// 1 to 9 digits after a decimal point, as billionths.
pub(super) fn billionths(text: &[u8]) -> Option<(u32, &[u8])> {
    let end = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    let (field, rest) = text.split_at_checked(end)?;
    let missing = 9u32.checked_sub(u32::try_from(field.len()).ok()?)?;
    let value = u32::try_from(digits(field)?).ok()?;
    Some((value.checked_mul(10u32.checked_pow(missing)?)?, rest))
}
