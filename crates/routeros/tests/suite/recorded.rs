//! The recorded data that lies beside the repository.

use std::fs;

use serde_json::Value;

/// `vectors.json` or `fixtures.json`; `None`, with a line that says so, where the folder is absent.
#[expect(clippy::print_stdout, reason = "a test that is skipped says so")]
pub(crate) fn load(file: &str) -> Option<Value> {
    let path = format!("{}/../../../shared/data/routeros/{file}", env!("CARGO_MANIFEST_DIR"));
    let Ok(text) = fs::read_to_string(path) else {
        println!("skipped: ../shared/data is not here");
        return None;
    };
    Some(serde_json::from_str(&text).unwrap())
}

/// The members of an array.
pub(crate) fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value[name].as_array().unwrap_or_else(|| panic!("{name} is no list"))
}

pub(crate) fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("{name} is no text"))
}

pub(crate) fn texts<'a>(value: &'a Value, name: &str) -> Vec<&'a str> {
    list(value, name).iter().map(|item| item.as_str().unwrap()).collect()
}

pub(crate) fn hex(text: &str) -> Vec<u8> {
    text.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}
