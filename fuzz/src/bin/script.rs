//! Any text as a string literal, and any bytes as a script that begins with one.
#![no_main]

use libfuzzer_sys::fuzz_target;
use routeros::{
    challenge,
    script::{parse_literal, quote},
};

fuzz_target!(|input: &[u8]| {
    if let Ok(text) = str::from_utf8(input) {
        let literal = quote(text);
        assert!(literal.bytes().all(|byte| (0x20..0x7F).contains(&byte)));
        assert_eq!(parse_literal(literal.as_bytes()), Ok((text.into(), &[][..])));
        if let Some(response) = challenge::response("secret", text) {
            assert_eq!(response.len(), 34);
        }
    }
    if let Ok((bytes, _)) = parse_literal(input)
        && let Ok(text) = String::from_utf8(bytes)
    {
        assert_eq!(parse_literal(quote(&text).as_bytes()), Ok((text.into_bytes(), &[][..])));
    }
});
