//! A parser's complaints about a value, in words for people.
//!
//! serde gives texts, not values, so they are recognised by how they begin. Texts of our own types pass as they are.

/// The bounds of the whole numbers that bodies and query strings hold, by the parser's name of them.
const WHOLE: [(&str, &str); 8] = [
    ("u8", " from 0 to 255"),
    ("u16", " from 0 to 65535"),
    ("u32", " from 0 to 4294967295"),
    ("u64", " of 0 or more"),
    ("usize", " of 0 or more"),
    ("i32", ""),
    ("i64", ""),
    ("a nonzero u32", " of 1 or more"),
];

/// Says what a value must be; a sentence without its subject, which is the field.
pub(super) fn in_words(text: &str) -> String {
    let begins = |starts: &[&str]| starts.iter().any(|start| text.starts_with(start));
    let expected = text.split_once("expected ").map_or("", |(_, expected)| expected);
    if begins(&["unknown variant"]) {
        format!("must be {}", expected.replace('`', ""))
    } else if begins(&["invalid type", "invalid value", "invalid length"]) {
        must_be(expected)
    } else if begins(&["invalid digit", "number too", "cannot parse integer"]) {
        "must be a whole number that is not too large".into()
    } else if begins(&["provided string was not"]) {
        "must be true or false".into()
    } else if begins(&["UUID parsing failed"]) {
        "must be an id".into()
    } else if begins(&["data did not match"]) {
        "has none of the forms that are described in the API".into()
    } else if begins(&["duplicate field"]) {
        "is given twice".into()
    } else {
        text.into()
    }
}

fn must_be(expected: &str) -> String {
    if let Some((_, bounds)) = WHOLE.iter().find(|(name, _)| *name == expected) {
        return format!("must be a whole number{bounds}");
    }
    let what = match expected {
        "a string" | "a borrowed string" | "str" | "string" => "text",
        "a boolean" => "true or false",
        "f32" | "f64" => "a number",
        "a sequence" => "a list",
        "a UUID string" | "a formatted UUID string" | "uuid" => "an id",
        "" => "another value",
        other if other.starts_with("struct ") || other == "a map" => "an object",
        other if other.contains("enum") => "one of the words that are described in the API",
        other => other,
    };
    format!("must be {what}")
}

#[cfg(test)]
mod tests {
    use super::in_words;
    use serde::Deserialize;
    use serde::de::DeserializeOwned;

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Kind {
        Static,
        Dhcp,
    }

    #[derive(Debug, Deserialize)]
    struct Inner {}

    fn told<T: DeserializeOwned>(json: &str) -> String {
        let Err(error) = serde_json::from_str::<T>(json) else { panic!("{json} was read") };
        let text = error.to_string();
        in_words(text.split(" at line ").next().unwrap())
    }

    #[test]
    fn values_that_do_not_fit_are_told_in_words_that_a_reader_knows() {
        assert_eq!(told::<String>("1"), "must be text");
        assert_eq!(told::<bool>("\"yes\""), "must be true or false");
        assert_eq!(told::<u16>("70000"), "must be a whole number from 0 to 65535");
        assert_eq!(told::<u32>("-1"), "must be a whole number from 0 to 4294967295");
        assert_eq!(told::<i64>("1.5"), "must be a whole number");
        assert_eq!(told::<Vec<u8>>("{}"), "must be a list");
        assert_eq!(told::<Inner>("3"), "must be an object");
        assert_eq!(told::<Kind>("\"fixed\""), "must be static or dhcp");
        assert_eq!(told::<uuid::Uuid>("\"x\""), "must be an id");
        assert_eq!(told::<uuid::Uuid>("7"), "must be an id");
        assert!(matches!(serde_json::from_str("\"static\""), Ok(Kind::Static)));
        assert!(matches!(serde_json::from_str("\"dhcp\""), Ok(Kind::Dhcp)));
    }
}
