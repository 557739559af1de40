//! Where LibreNMS is, and how long we wait for it.

use hyper::Uri;
use hyper::header::HeaderValue;
use std::fmt;
use std::time::Duration;

/// Longer URLs are mistakes.
const MOST_URL: usize = 512;

/// Everything that the adapter is told.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where it is.
    pub url: BaseUrl,
    /// Who we are there.
    pub token: Token,
    /// Whether it may be on this machine.
    pub allow_loopback: bool,
    /// For how long we wait.
    pub patience: Patience,
}

impl Settings {
    /// With the usual patience, and not on this machine.
    pub fn new(url: BaseUrl, token: Token) -> Self {
        Self { url, token, allow_loopback: false, patience: Patience::default() }
    }
}

/// How long we wait. Each request waits for its turn at most as long as for its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// For a connection, TLS included.
    pub connect: Duration,
    /// For a whole answer, from asking for it to its last byte.
    pub answer: Duration,
    /// For the answer to an add, for which LibreNMS may ask the device first.
    pub add: Duration,
    /// For everything that one method of the port asks.
    pub whole: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            answer: Duration::from_secs(15),
            add: Duration::from_secs(30),
            whole: Duration::from_secs(60),
        }
    }
}

/// Why a text is no URL of a LibreNMS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// It is no URL, or has no host.
    #[error("not a URL: write it as https://librenms.example.net")]
    NoUrl,
    /// Neither http nor https.
    #[error("must begin with https:// or http://")]
    Scheme,
    /// A name and password would be in every log.
    #[error("must not contain a user name or password")]
    User,
    /// There is something after the path.
    #[error("must end with the path: no ? and no #")]
    Query,
}

/// The URL of a LibreNMS, as people see it in the browser; one that ends with `/api/v0` is understood too.
#[derive(Clone, PartialEq, Eq)]
pub struct BaseUrl {
    pub(super) is_secure: bool,
    /// Without brackets.
    pub(super) host: String,
    pub(super) port: u16,
    /// `Host`, as it goes into the header.
    pub(super) authority: String,
    /// Without a slash at the end.
    pub(super) path: String,
}

impl std::str::FromStr for BaseUrl {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Self, UrlError> {
        let text = text.trim();
        if text.len() > MOST_URL {
            return Err(UrlError::NoUrl);
        }
        if text.contains(['?', '#']) {
            return Err(UrlError::Query);
        }
        let uri: Uri = text.parse().map_err(|_| UrlError::NoUrl)?;
        let is_secure = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            Some(_) => return Err(UrlError::Scheme),
            None => return Err(UrlError::NoUrl),
        };
        let authority = uri.authority().ok_or(UrlError::NoUrl)?;
        if authority.as_str().contains('@') {
            return Err(UrlError::User);
        }
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_owned();
        if host.is_empty() {
            return Err(UrlError::NoUrl);
        }
        let port = authority.port_u16();
        if port.is_none() && authority.as_str().len() != authority.host().len() {
            return Err(UrlError::NoUrl);
        }
        let path = uri.path().trim_end_matches('/');
        let path = path.strip_suffix("/api/v0").unwrap_or(path).trim_end_matches('/').to_owned();
        let port = port.unwrap_or(if is_secure { 443 } else { 80 });
        Ok(Self { is_secure, host, port, authority: authority.as_str().to_owned(), path })
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.is_secure { "https" } else { "http" };
        write!(f, "{scheme}://{}{}", self.authority, self.path)
    }
}

impl fmt::Debug for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A token of LibreNMS's API, which nothing prints.
#[derive(Clone)]
pub struct Token(HeaderValue);

/// A token is letters, digits and signs of ASCII; this one is not, or is empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a token: copy it from LibreNMS, Settings, API, API settings")]
pub struct TokenError;

impl Token {
    /// Takes a token as it was copied.
    ///
    /// # Errors
    /// [`TokenError`].
    pub fn new(text: &str) -> Result<Self, TokenError> {
        let text = text.trim();
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(TokenError);
        }
        let mut value = HeaderValue::from_str(text).map_err(|_| TokenError)?;
        value.set_sensitive(true);
        Ok(Self(value))
    }

    pub(super) fn header(&self) -> HeaderValue {
        self.0.clone()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Result<BaseUrl, UrlError> {
        text.parse()
    }

    #[test]
    fn a_url_is_taken_as_people_copy_it() {
        for (text, shown, port) in [
            ("https://nms.example.net", "https://nms.example.net", 443),
            ("http://nms.example.net:8000/", "http://nms.example.net:8000", 8000),
            (" https://example.net/librenms/ ", "https://example.net/librenms", 443),
            ("https://nms.example.net/api/v0/", "https://nms.example.net", 443),
            ("http://[fd00::1]:81", "http://[fd00::1]:81", 81),
        ] {
            let url = url(text).unwrap();
            assert_eq!((url.to_string().as_str(), url.port), (shown, port));
        }
        assert_eq!(url("http://[fd00::1]:81").unwrap().host, "fd00::1");
    }

    #[test]
    fn what_is_no_url_is_refused() {
        for (text, error) in [
            ("nms.example.net", UrlError::NoUrl),
            ("", UrlError::NoUrl),
            ("https://", UrlError::NoUrl),
            ("https://nms.example.net:99999", UrlError::NoUrl),
            ("ftp://nms.example.net", UrlError::Scheme),
            ("https://me:secret@nms.example.net", UrlError::User),
            ("https://nms.example.net/?a=b", UrlError::Query),
            ("https://nms.example.net/#a", UrlError::Query),
        ] {
            assert_eq!(url(text), Err(error), "{text}");
        }
    }

    #[test]
    fn a_token_is_never_printed() {
        let token = Token::new(" abcdef0123 ").unwrap();
        assert_eq!(token.header().to_str().unwrap(), "abcdef0123");
        let settings = Settings::new(url("http://nms.example.net").unwrap(), token);
        assert!(!format!("{settings:?} {:?}", settings.token.header()).contains("abcdef"));
    }

    #[test]
    fn what_is_no_token_is_refused() {
        for text in ["", "  ", "two words", "with\nline", "tokén"] {
            assert_eq!(Token::new(text).unwrap_err(), TokenError, "{text:?}");
        }
    }
}
