use super::{Value, cursor};

/// A pair such as a simple queue's `bytes=1200/3400`: what the target sent, what it received.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UpDown {
    /// From the target.
    pub up: u64,
    /// To the target.
    pub down: u64,
}

impl Value for UpDown {
    const EXPECTED: &'static str = "two amounts";

    fn read(value: &[u8]) -> Option<Self> {
        let slash = value.iter().position(|byte| *byte == b'/')?;
        let (up, down) = value.split_at_checked(slash)?;
        Some(Self { up: amount(up)?, down: amount(down.strip_prefix(b"/")?)? })
    }
}

/// A whole number, or a rate as the console spells it: `512bps`, `1.5Mbps`, `10M`.
fn amount(text: &[u8]) -> Option<u64> {
    let (whole, rest) = cursor::number(text)?;
    let (billionths, rest) = rest.strip_prefix(b".").map_or(Some((0, rest)), cursor::billionths)?;
    let factor: u64 = match rest {
        b"" | b"bps" => 1,
        b"k" | b"kbps" => 1_000,
        b"M" | b"Mbps" => 1_000_000,
        b"G" | b"Gbps" => 1_000_000_000,
        _ => return None,
    };
    let part = u64::from(billionths).checked_mul(factor)?.checked_div(1_000_000_000)?;
    whole.checked_mul(factor)?.checked_add(part)
}
