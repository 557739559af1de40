//! CSV bodies, as text.

use super::json::read_body;
use crate::http::error::ApiError;
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};

/// A body of `text/csv` of at most 1 MiB, in any of the encodings that spreadsheets write: UTF-8, UTF-16 or
/// windows-1252. Another content type: 415, so that no foreign page can send one unasked.
#[derive(Clone, Debug)]
pub struct Csv(pub String);

impl<S: Send + Sync> FromRequest<S> for Csv {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let kind = kind.and_then(|kind| kind.split(';').next()).unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case("text/csv") {
            let detail = "The body must be CSV, with `Content-Type: text/csv`.";
            return Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-csv", detail));
        }
        let body = read_body(request).await?;
        Ok(Self(text_of(&body)))
    }
}

/// The text of a file. UTF-16 is known by its byte order mark, or by the zero beside its first character;
/// what is not UTF-8 else is windows-1252, in which every byte means something.
fn text_of(body: &[u8]) -> String {
    match body {
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [first, 0, ..] if *first != 0 => utf16(body, u16::from_le_bytes),
        [0, second, ..] if *second != 0 => utf16(body, u16::from_be_bytes),
        _ => match std::str::from_utf8(body) {
            Ok(text) => text.strip_prefix('\u{FEFF}').unwrap_or(text).to_owned(),
            Err(_) => body.iter().map(|byte| windows_1252(*byte)).collect(),
        },
    }
}

fn utf16(body: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let (units, _) = body.as_chunks::<2>();
    let units = units.iter().map(|pair| unit(*pair));
    char::decode_utf16(units).map(|read| read.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// One byte of windows-1252, as the Encoding Standard has it: Latin-1 except 0x80 to 0x9F.
fn windows_1252(byte: u8) -> char {
    const SPECIAL: [char; 32] = [
        '\u{20AC}', '\u{81}', '\u{201A}', '\u{192}', '\u{201E}', '\u{2026}', '\u{2020}', '\u{2021}',
        '\u{2C6}', '\u{2030}', '\u{160}', '\u{2039}', '\u{152}', '\u{8D}', '\u{17D}', '\u{8F}', '\u{90}',
        '\u{2018}', '\u{2019}', '\u{201C}', '\u{201D}', '\u{2022}', '\u{2013}', '\u{2014}', '\u{2DC}',
        '\u{2122}', '\u{161}', '\u{203A}', '\u{153}', '\u{9D}', '\u{17E}', '\u{178}',
    ];
    let special = byte.checked_sub(0x80).and_then(|place| SPECIAL.get(usize::from(place)));
    special.copied().unwrap_or(char::from(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_in_whatever_a_spreadsheet_wrote() {
        let text = "customer\nAna Ćosić €\n";
        let bytes = |unit: fn(u16) -> [u8; 2], mark: &str| {
            format!("{mark}{text}").encode_utf16().flat_map(unit).collect::<Vec<u8>>()
        };
        for body in [
            text.as_bytes().to_vec(),
            format!("\u{FEFF}{text}").into_bytes(),
            bytes(u16::to_le_bytes, "\u{FEFF}"),
            bytes(u16::to_be_bytes, "\u{FEFF}"),
            bytes(u16::to_le_bytes, ""),
            bytes(u16::to_be_bytes, ""),
        ] {
            assert_eq!(text_of(&body), text, "{body:?}");
        }
        assert_eq!(text_of(b"Jos\xE9 M\xFCller \x80 \x9Eluk"), "José Müller € žluk");
    }
}
