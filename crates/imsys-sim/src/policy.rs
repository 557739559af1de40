//! What a user group may do.

use crate::trap::Trap;
use crate::version::Version;

/// Policies of both versions.
const COMMON: [&str; 16] = [
    "local",
    "telnet",
    "ssh",
    "ftp",
    "reboot",
    "read",
    "write",
    "policy",
    "test",
    "winbox",
    "password",
    "web",
    "sniff",
    "sensitive",
    "api",
    "romon",
];
const ONLY_6: [&str; 2] = ["dude", "tikapp"];
const ONLY_7: [&str; 1] = ["rest-api"];

fn known(version: Version) -> impl Iterator<Item = &'static str> {
    let own = if version.major >= 7 { ONLY_7.iter() } else { ONLY_6.iter() };
    COMMON.iter().chain(own).copied()
}

/// Reads `read,write,!ftp` and spells it as the router shows it: every policy, those not given with `!`.
///
/// # Errors
/// A word this version does not know (`!dude` breaks version 7).
pub(crate) fn normal(text: &[u8], version: Version) -> Result<String, Trap> {
    let text = String::from_utf8_lossy(text);
    let given: Vec<&str> = text.split(',').filter(|word| !word.is_empty()).collect();
    for word in &given {
        let bare = word.strip_prefix('!').unwrap_or(word);
        if !known(version).any(|policy| policy == bare) {
            return Err(Trap::no_match("policy"));
        }
    }
    let spell = |policy: &str| if given.contains(&policy) { policy.to_owned() } else { format!("!{policy}") };
    Ok(known(version).map(spell).collect::<Vec<_>>().join(","))
}

/// Everything, as the group `full` has it.
pub(crate) fn full(version: Version) -> String {
    known(version).collect::<Vec<_>>().join(",")
}

/// Whether a group's policy text holds `policy`.
pub(crate) fn allows(text: &[u8], policy: &str) -> bool {
    text.split(|byte| *byte == b',').any(|word| word == policy.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_positive_list_is_shown_whole_and_unknown_words_are_refused() {
        let seven = Version::new(7, 18);
        let shown = normal(b"read,write,api,test", seven).unwrap();
        assert!(allows(shown.as_bytes(), "api") && !allows(shown.as_bytes(), "policy"));
        assert!(shown.contains("!local") && shown.contains("!rest-api"));
        assert_eq!(normal(b"read,!dude", seven), Err(Trap::no_match("policy")));
        assert!(normal(b"read,!dude", Version::new(6, 49)).is_ok());
    }
}
