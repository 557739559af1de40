use rand::{RngExt, SeedableRng, rngs::StdRng};
use routeros::script::{LiteralError, parse_literal, quote};

#[test]
fn a_quoted_text_is_exactly_one_literal() {
    let mut random = StdRng::seed_from_u64(3);
    for _ in 0..20_000 {
        let length = random.random_range(0..30);
        let text: String = (0..length).map(|_| awkward(&mut random)).collect();
        assert_eq!(parse_literal(quote(&text).as_bytes()), Ok((text.into_bytes(), &[][..])));
    }
}

fn awkward(random: &mut StdRng) -> char {
    match random.random_range(0..3) {
        0 => char::from(random.random_range(0..0x80)),
        1 => ['"', '\\', '$', '\n', '[', ']', ';', '{', '}', '?', '#', 'n', 'A'][random.random_range(0..13)],
        _ => random.random(),
    }
}

#[test]
fn a_quoted_text_holds_printable_ascii_only() {
    let every: String = (0..=0x2FF).filter_map(char::from_u32).collect();
    assert!(quote(&every).bytes().all(|byte| (0x20..0x7F).contains(&byte)));
}

#[test]
fn what_follows_a_literal_is_given_back() {
    assert_eq!(parse_literal(br#""a\_b\41";/system"#), Ok((b"a bA".to_vec(), &b";/system"[..])));
    assert_eq!(parse_literal(br#""\a\b\f\v\t\r\?""#), Ok((b"\x07\x08\x0C\x0B\t\r?".to_vec(), &b""[..])));
}

#[test]
fn what_is_not_one_plain_literal_is_refused() {
    for (script, error) in [
        (&b"a"[..], LiteralError::NoQuote),
        (b"", LiteralError::NoQuote),
        (b"\"a", LiteralError::Unclosed),
        (b"\"a\\", LiteralError::Unclosed),
        (b"\"a\\\"", LiteralError::Unclosed),
        (b"\"$a\"", LiteralError::Substitution),
        (b"\"a\nb\"", LiteralError::Raw { byte: b'\n' }),
        (b"\"\\x\"", LiteralError::Escape { byte: b'x' }),
        (b"\"\\4a\"", LiteralError::Escape { byte: b'4' }),
    ] {
        assert_eq!(parse_literal(script), Err(error));
    }
}
