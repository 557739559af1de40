//! Text from people and from the network: what is accepted, how it is searched, how it leaves.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Why a text was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing but white space.
    #[error("must not be empty")]
    Empty,
    /// More characters than allowed.
    #[error("must have at most {0} characters")]
    TooLong(usize),
    /// A control character, a line break or a character that turns the direction of text.
    #[error("must not contain control characters")]
    Control,
}

/// A one-line text that a person typed: trimmed, 1 to `most` characters, nothing invisible in it.
pub fn line(text: &str, most: usize) -> Result<String, TextError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(TextError::Empty);
    }
    if text.chars().count() > most {
        return Err(TextError::TooLong(most));
    }
    if text.chars().any(is_hidden) { Err(TextError::Control) } else { Ok(text.to_owned()) }
}

/// Most characters that are kept of a text that a router chose.
pub const DEVICE_MOST: usize = 255;

/// A text that a router chose, as it is kept: bounded, with hidden characters written out. Names by which
/// something is looked up on the router again are only [`cut`].
pub fn of_device(text: &str) -> String {
    shown(text, DEVICE_MOST)
}

/// The first [`DEVICE_MOST`] characters.
pub fn cut(text: &str) -> &str {
    text.char_indices().nth(DEVICE_MOST).map_or(text, |(end, _)| text.get(..end).unwrap_or(text))
}

/// The same with line breaks: each line trimmed, blank ones at both ends taken off, `most` characters in all.
pub fn lines(text: &str, most: usize) -> Result<String, TextError> {
    let rows: Vec<&str> = text.trim().lines().map(str::trim).collect();
    let text = rows.join("\n");
    if text.is_empty() {
        return Err(TextError::Empty);
    }
    if text.chars().count() > most {
        return Err(TextError::TooLong(most));
    }
    if rows.iter().any(|row| row.chars().any(is_hidden)) { Err(TextError::Control) } else { Ok(text) }
}

/// Text as it came from a device, cut to `most` characters with hidden characters written as `\u{…}`.
pub fn shown(text: &str, most: usize) -> String {
    text.chars()
        .take(most)
        .flat_map(|c| if is_hidden(c) { c.escape_unicode().collect::<Vec<_>>() } else { vec![c] })
        .collect()
}

/// Control characters, and the bidirectional and zero-width ones with which a name can lie.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// Text folded for comparing: lower case, no accents, single spaces. How things are found is [`crate::search`]'s.
pub fn search_key<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut key = String::new();
    for word in parts.into_iter().flat_map(str::split_whitespace) {
        if !key.is_empty() {
            key.push(' ');
        }
        key.extend(word.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).map(plain));
    }
    key
}

/// Letters with a stroke, which no decomposition takes off.
const fn plain(c: char) -> char {
    match c {
        'ł' => 'l',
        'ø' => 'o',
        'đ' => 'd',
        'ħ' => 'h',
        'ı' => 'i',
        other => other,
    }
}

/// Most characters that are searched for.
const SEARCHED: usize = 200;
/// Most words that are searched for.
const WORDS: usize = 10;

/// Why something is not searched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SearchError {
    /// More characters than anybody types.
    #[error("must have at most {SEARCHED} characters")]
    TooLong,
    /// More words than anybody types, in the form that is searched.
    #[error("must have at most {WORDS} words")]
    TooManyWords,
}

/// Checks what is searched for: every word of it costs a look at every text.
pub fn check_search(q: &str) -> Result<(), SearchError> {
    if q.chars().nth(SEARCHED).is_some() {
        return Err(SearchError::TooLong);
    }
    // Counted in the form that is searched: one character may come apart into several words.
    if search_key([q]).split(' ').nth(WORDS).is_some() { Err(SearchError::TooManyWords) } else { Ok(()) }
}

/// A CSV cell that no spreadsheet takes for a formula: `= + - @` and their full-width forms get an
/// apostrophe before them where a cell may begin, also in a program for which `;` separates cells; a
/// leading tab or line break gets one too.
pub fn csv_cell(text: &str) -> String {
    let mut cell = String::with_capacity(text.len());
    let mut begins = true;
    for (place, c) in text.chars().enumerate() {
        let formula = matches!(c, '=' | '+' | '-' | '@' | '\u{FF1D}' | '\u{FF0B}' | '\u{FF0D}' | '\u{FF20}');
        if begins && formula || place == 0 && matches!(c, '\t' | '\r' | '\n') {
            cell.push('\'');
        }
        cell.push(c);
        begins = matches!(c, ';' | '\t' | '\r' | '\n') || begins && matches!(c, ' ' | '"');
    }
    cell
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_trimmed_bounded_and_visible() {
        assert_eq!(line("  Ana ", 10), Ok("Ana".into()));
        assert_eq!(line(" \t ", 10), Err(TextError::Empty));
        assert_eq!(line("abc", 2), Err(TextError::TooLong(2)));
        assert_eq!(line("a\nb", 9), Err(TextError::Control));
        assert_eq!(line("a\u{202E}b", 9), Err(TextError::Control));
    }

    #[test]
    fn an_address_has_lines_and_nothing_else_that_is_hidden() {
        assert_eq!(lines(" 1 Hill Road \r\n Town\n", 30), Ok("1 Hill Road\nTown".into()));
        assert_eq!(lines("\n \n", 30), Err(TextError::Empty));
        assert_eq!(lines("ab\ncd", 4), Err(TextError::TooLong(4)));
        assert_eq!(lines("a\u{202E}b\nc", 30), Err(TextError::Control));
    }

    #[test]
    fn search_ignores_case_accents_and_spacing() {
        assert_eq!(search_key(["José  ÁLVAREZ", "Łódź"]), "jose alvarez lodz");
    }

    #[test]
    fn formulas_in_cells_are_disarmed() {
        assert_eq!(csv_cell("=1+1"), "'=1+1");
        assert_eq!(csv_cell("a=1"), "a=1");
        for (text, safe) in [
            ("\u{FF1D}1+1", "'\u{FF1D}1+1"),
            ("\u{FF0B}1", "'\u{FF0B}1"),
            ("\u{FF0D}1", "'\u{FF0D}1"),
            ("\u{FF20}A1", "'\u{FF20}A1"),
            ("ana;=1+1", "ana;'=1+1"),
            ("ana; \"\u{FF1D}1", "ana; \"'\u{FF1D}1"),
            ("ana\t@x", "ana\t'@x"),
            ("\tana", "'\tana"),
            ("Ana-Lena; +49 7", "Ana-Lena; '+49 7"),
            ("a + b", "a + b"),
            ("a, -b", "a, -b"),
        ] {
            assert_eq!(csv_cell(text), safe);
        }
    }

    #[test]
    fn nobody_types_more_than_is_searched_for() {
        assert_eq!(check_search("ana garcia"), Ok(()));
        assert_eq!(check_search(&"ñ".repeat(200)), Ok(()));
        assert_eq!(check_search(&"a".repeat(201)), Err(SearchError::TooLong));
        assert_eq!(check_search("a b c d e f g h i  j "), Ok(()));
        assert_eq!(check_search("a b c d e f g h i j k"), Err(SearchError::TooManyWords));
        // An Arabic ligature of four words.
        assert_eq!(check_search(&"\u{FDFA}".repeat(5)), Err(SearchError::TooManyWords));
    }

    #[test]
    fn a_routers_text_is_bounded_in_characters() {
        let long = "é".repeat(4_000_000);
        assert_eq!((cut(&long).chars().count(), of_device(&long)), (DEVICE_MOST, "é".repeat(DEVICE_MOST)));
        assert_eq!((cut("hill"), cut("")), ("hill", ""));
    }

    #[test]
    fn hidden_characters_of_a_device_name_become_visible() {
        assert_eq!(shown("ap\u{202E}\u{7}x", 10), "ap\\u{202e}\\u{7}x");
    }
}
