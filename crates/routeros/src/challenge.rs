//! The login of RouterOS before 6.43: an MD5 over a challenge instead of the password.

use std::fmt::Write;

use md5::{Digest, Md5};

/// The value for `=response=`: `00` and the MD5 of a zero byte, the password and the challenge's
/// bytes, in lower-case hexadecimal. `None` when `challenge` is not hexadecimal.
///
/// ```
/// let challenge = "93b438ec9b80057c06dd9fe67d56aa9a";
/// let response = routeros::challenge::response("", challenge);
/// assert_eq!(response.as_deref(), Some("00e134102a9d330dd7b1849fedfea3cb57"));
/// ```
#[must_use]
pub fn response(password: &str, challenge: &str) -> Option<String> {
    let mut hash = Md5::new();
    hash.update([0]);
    hash.update(password);
    hash.update(from_hex(challenge)?);
    let mut response = String::from("00");
    for byte in hash.finalize() {
        write!(response, "{byte:02x}").expect("a String takes any text");
    }
    Some(response)
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let (pairs, []) = text.as_bytes().as_chunks::<2>() else { return None };
    pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect()
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| digit.try_into().ok())
}
