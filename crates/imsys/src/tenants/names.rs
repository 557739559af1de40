//! The form of an e-mail address and of a tenant's short name.

use imsys_domain::text::{line, search_key};

/// The longest name of a person, a tenant, a key.
pub const NAME: usize = 100;
/// The longest e-mail address; SMTP carries no longer one.
pub const EMAIL: usize = 254;
const SLUG: usize = 40;

/// An e-mail address as it is compared: no white space around it, lower case.
pub fn folded(email: &str) -> String {
    email.trim().to_lowercase()
}

/// An e-mail address, folded. Whether mail arrives there is for the mail to tell.
pub fn email(text: &str) -> Result<String, &'static str> {
    let email = folded(text);
    let (name, host) = email.rsplit_once('@').unwrap_or_default();
    let odd = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | ',' | ';' | '(' | ')');
    if line(&email, EMAIL).is_err()
        || name.is_empty()
        || name.contains('@')
        || host.is_empty()
        || email.contains(odd)
    {
        return Err("must be an e-mail address");
    }
    Ok(email)
}

/// A tenant's name in URLs: lower case letters, digits and single `-`.
pub fn slug(name: &str) -> String {
    let words = search_key([name]).replace(|c: char| !c.is_ascii_alphanumeric(), " ");
    let slug: String = words.split_whitespace().collect::<Vec<_>>().join("-").chars().take(SLUG).collect();
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "isp".into() } else { slug.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_folded_and_have_two_sides() {
        assert_eq!(email(" Ana@Example.NET "), Ok("ana@example.net".into()));
        for text in [
            "",
            "ana",
            "@example.net",
            "ana@",
            "a na@x",
            "ana@x\r\nBcc: y",
            "<ana@x>",
            "ana@x,ben@x",
            "a@b@c",
        ] {
            assert!(email(text).is_err(), "{text}");
        }
    }

    #[test]
    fn short_names_are_fit_for_urls() {
        assert_eq!(slug("  Café  Lake & Sons! "), "cafe-lake-sons");
        assert_eq!(slug("湖"), "isp");
        assert_eq!(slug(&"abc ".repeat(30)).len(), 39, "no `-` at the end");
    }
}
