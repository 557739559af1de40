//! The two request headers that decide what is sent: `Accept-Encoding` and `If-None-Match`.

/// A form in which the build leaves each file, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    Brotli,
    Gzip,
    Identity,
}

impl Encoding {
    pub(crate) const BEST_FIRST: [Self; 3] = [Self::Brotli, Self::Gzip, Self::Identity];

    /// The token used in `Content-Encoding`, or none for the plain file.
    pub(crate) fn token(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
            Self::Identity => None,
        }
    }

    /// What the build appends to the name of the file.
    pub(crate) fn suffix(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
            Self::Identity => "",
        }
    }
}

/// Whether `accept` (the value of `Accept-Encoding`) allows `encoding`. Plain is always allowed.
pub(crate) fn accepts(accept: Option<&str>, encoding: Encoding) -> bool {
    let Some(token) = encoding.token() else { return true };
    let named = |wanted: &str| {
        accept?.split(',').find_map(|part| {
            let mut fields = part.split(';').map(str::trim);
            let name = fields.next()?;
            name.eq_ignore_ascii_case(wanted).then(|| fields.all(|field| !is_zero(field)))
        })
    };
    named(token).or_else(|| named("*")).unwrap_or(false)
}

/// `q=0`, `q=0.0`, … : the client refuses this encoding.
fn is_zero(parameter: &str) -> bool {
    parameter.strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0_f32))
}

/// Whether `if_none_match` names `etag` (weak comparison, RFC 9110 §13.1.2).
pub(crate) fn matches(if_none_match: Option<&str>, etag: &str) -> bool {
    let same = |tag: &str| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag;
    if_none_match.is_some_and(|tags| tags.split(',').map(str::trim).any(same))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoding_is_taken_when_named_or_by_star_and_refused_at_quality_zero() {
        for (accept, brotli) in [
            (None, false),
            (Some(""), false),
            (Some("gzip, deflate, br"), true),
            (Some("BR;q=0.5"), true),
            (Some("br;q=0, gzip"), false),
            (Some("br;q=0.000"), false),
            (Some("*"), true),
            (Some("*;q=0"), false),
            (Some("br;q=0, *"), false),
            (Some("broken"), false),
        ] {
            assert_eq!(accepts(accept, Encoding::Brotli), brotli, "{accept:?}");
        }
        assert!(accepts(None, Encoding::Identity));
    }

    #[test]
    fn a_tag_matches_in_a_list_weakly_and_by_star() {
        for (header, expected) in [
            (None, false),
            (Some("\"a\""), true),
            (Some("W/\"a\""), true),
            (Some("\"b\", \"a\""), true),
            (Some("*"), true),
            (Some("\"ab\""), false),
        ] {
            assert_eq!(matches(header, "\"a\""), expected, "{header:?}");
        }
    }
}
