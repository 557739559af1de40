//! The five forms of a word's length (MikroTik documentation, "API", word encoding).

use bytes::BufMut;

use super::DecodeError;

/// Writes `length` in its shortest form, 1 to 5 bytes.
pub fn encode_length(length: u32, out: &mut impl BufMut) {
    let [a, b, c, d] = length.to_be_bytes();
    match length {
        0..0x80 => out.put_u8(d),
        0x80..0x4000 => out.put_slice(&[c | 0x80, d]),
        0x4000..0x20_0000 => out.put_slice(&[b | 0xC0, c, d]),
        0x20_0000..0x1000_0000 => out.put_slice(&[a | 0xE0, b, c, d]),
        _ => out.put_slice(&[0xF0, a, b, c, d]),
    }
}

/// Reads a length from the front of `input`: the length and the bytes after it, or `None` when the
/// length is not complete yet.
///
/// # Errors
/// A reserved first byte, or a longer form than the length needs.
#[inline]
pub fn decode_length(input: &[u8]) -> Result<Option<(u32, &[u8])>, DecodeError> {
    match input {
        [] => Ok(None),
        [first @ 0..0x80, rest @ ..] => Ok(Some((u32::from(*first), rest))),
        _ => decode_long(input),
    }
}

fn decode_long(input: &[u8]) -> Result<Option<(u32, &[u8])>, DecodeError> {
    let (bytes, prefix, least, rest) = match *input {
        [first @ 0xF1..=0xFF, ..] => return Err(DecodeError::ReservedLength { first }),
        [a @ 0x80..=0xBF, b, ref rest @ ..] => ([0, 0, a & 0x3F, b], 2, 0x80, rest),
        [a @ 0xC0..=0xDF, b, c, ref rest @ ..] => ([0, a & 0x1F, b, c], 3, 0x4000, rest),
        [a @ 0xE0..=0xEF, b, c, d, ref rest @ ..] => ([a & 0x0F, b, c, d], 4, 0x20_0000, rest),
        [0xF0, a, b, c, d, ref rest @ ..] => ([a, b, c, d], 5, 0x1000_0000, rest),
        _ => return Ok(None),
    };
    let length = u32::from_be_bytes(bytes);
    if length < least {
        return Err(DecodeError::OverlongLength { length, prefix });
    }
    Ok(Some((length, rest)))
}
