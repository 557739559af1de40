//! What a RouterOS version can do, as far as anyone has written it down.

use std::fmt;
use std::str::FromStr;

/// A RouterOS version such as 7.18; patch levels do not matter here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// 6 or 7.
    pub major: u16,
    /// 18 in 7.18.
    pub minor: u16,
}

/// Not a version: two numbers with a point between were expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no RouterOS version such as 7.18")]
pub struct VersionError(String);

impl Version {
    /// The version `major.minor`.
    pub const fn new(major: u16, minor: u16) -> Self {
        Self { major, minor }
    }

    /// Login by challenge and MD5 only (before 6.43).
    pub fn challenges(self) -> bool {
        self < Self::new(6, 43)
    }

    /// An empty reply is announced with `!empty` (since 7.18).
    pub fn says_empty(self) -> bool {
        self >= Self::new(7, 18)
    }

    /// Dates are `2024-11-29 14:17:45` (since 7.10), not `nov/29/2024 14:17:45`.
    pub fn iso_dates(self) -> bool {
        self >= Self::new(7, 10)
    }

    /// Durations are spelt `1d02:15:30`. Both spellings were seen on version 6; here the oldest does it.
    pub fn clock_durations(self) -> bool {
        self < Self::new(6, 43)
    }

    /// Paths may be written with slashes in the terminal (`/user/group/add`).
    pub fn slash_paths(self) -> bool {
        self.major >= 7
    }

    /// The longer form with a branch, as `/system/resource` prints it.
    pub fn with_channel(self) -> String {
        format!("{self} (stable)")
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

impl FromStr for Version {
    type Err = VersionError;

    fn from_str(text: &str) -> Result<Self, VersionError> {
        let mut parts = text.split('.').map(|part| part.parse().ok());
        match (parts.next().flatten(), parts.next().flatten()) {
            (Some(major), Some(minor)) => Ok(Self { major, minor }),
            _ => Err(VersionError(text.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_ordered_by_number_and_patch_levels_are_ignored() {
        let version = |text: &str| text.parse::<Version>().unwrap();
        assert!(version("6.49.17") < version("7.2") && version("7.9") < version("7.18.2"));
        assert!(version("6.42").challenges() && !version("6.43").challenges());
        assert!(version("7.18").says_empty() && !version("7.17.2").says_empty());
        assert_eq!("seven".parse::<Version>(), Err(VersionError("seven".into())));
    }
}
