//! Reading a webhook, strictly: what could be two things is refused, because a name from the network
//! is hostile input and RouterOS encodes nothing by itself.

use imsys_domain::mac::Mac;
use imsys_domain::service::check_username;
use routeros::value::{Cidr, decode_text, parse};

/// What a router's script says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Hook {
    pub(super) up: bool,
    pub(super) user: String,
    pub(super) session: Option<String>,
    pub(super) mac: Option<String>,
    pub(super) ip: Option<String>,
}

/// Who says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sender {
    pub(super) router: Option<String>,
    pub(super) token: Option<String>,
}

/// Why a webhook was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum HookError {
    #[error("a key is not known here; a user name with `&` or `=` must be encoded or sent in the body")]
    UnknownKey,
    #[error("a key is given twice")]
    DoubledKey,
    #[error("`%` must be followed by two hexadecimal digits")]
    Encoding,
    #[error("`status` must be `up` or `down`")]
    Status,
    #[error("`user` must be 1 to 256 bytes without control characters")]
    User,
    #[error("a value is too long or holds control characters")]
    Value,
    #[error("the body must be five lines: status, user, caller-id, address, interface")]
    Body,
}

impl HookError {
    /// The word in the counters.
    pub(super) const fn reason(self) -> &'static str {
        match self {
            Self::UnknownKey => "unknown-key",
            Self::DoubledKey => "doubled-key",
            Self::Encoding => "bad-encoding",
            Self::Status => "bad-status",
            Self::User => "bad-user",
            Self::Value => "bad-value",
            Self::Body => "bad-body",
        }
    }
}

/// Reads the query string and, where there is one, the body; `None` is a body that is too long. The
/// sender is known also when what he says is refused, so that it can be counted.
pub(super) fn read(query: &[u8], body: Option<&[u8]>) -> (Sender, Result<Hook, HookError>) {
    let mut sender = Sender::default();
    let mut hook = Draft::default();
    let mut keys = Vec::new();
    let mut wrong = None;
    for pair in query.split(|b| *b == b'&').filter(|pair| !pair.is_empty()) {
        let (key, value) = split(pair);
        if keys.contains(&key) {
            wrong = wrong.or(Some(HookError::DoubledKey));
            continue;
        }
        keys.push(key);
        let value = match decode(value) {
            Ok(value) => value,
            Err(error) => {
                wrong = wrong.or(Some(error));
                continue;
            }
        };
        match key {
            b"router" => sender.router = Some(value),
            b"token" => sender.token = Some(value).filter(|token| !token.is_empty()),
            b"user" => hook.user = Some(value),
            b"status" => hook.status = Some(value),
            b"session" => hook.session = Some(value),
            b"mac" => hook.mac = Some(value),
            b"ip" => hook.ip = Some(value),
            _ => wrong = wrong.or(Some(HookError::UnknownKey)),
        }
    }
    let hook = match (wrong, body) {
        (Some(error), _) => Err(error),
        (None, Some([])) => hook.check(),
        (None, Some(body)) if hook == Draft::default() => lines(body).and_then(Draft::check),
        (None, _) => Err(HookError::Body),
    };
    (sender, hook)
}

fn split(pair: &[u8]) -> (&[u8], &[u8]) {
    match pair.iter().position(|b| *b == b'=') {
        Some(at) => (pair.get(..at).unwrap_or_default(), pair.get(at + 1..).unwrap_or_default()),
        None => (pair, &[]),
    }
}

/// Percent-decoding only: RouterOS sends a `+` as it is, and encodes a space as `%20`.
fn decode(value: &[u8]) -> Result<String, HookError> {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.iter();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let mut digit = || {
                    let digit =
                        rest.next().and_then(|b| char::from(*b).to_digit(16)).ok_or(HookError::Encoding)?;
                    u8::try_from(digit).map_err(|_| HookError::Encoding)
                };
                (digit()? << 4) | digit()?
            }
            other => *other,
        });
    }
    Ok(decode_text(&bytes).into_owned())
}

/// The five lines of a body. A PPP name cannot hold a line break, so nothing needs encoding.
fn lines(body: &[u8]) -> Result<Draft, HookError> {
    let body = body.strip_suffix(b"\n").unwrap_or(body);
    let mut lines = body.split(|b| *b == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let mut line = || lines.next().map(|line| decode_text(line).into_owned()).ok_or(HookError::Body);
    let draft = Draft {
        status: Some(line()?),
        user: Some(line()?),
        mac: Some(line()?),
        ip: Some(line()?),
        session: Some(line()?),
    };
    if lines.next().is_some() { Err(HookError::Body) } else { Ok(draft) }
}

#[derive(Default, PartialEq, Eq)]
struct Draft {
    status: Option<String>,
    user: Option<String>,
    session: Option<String>,
    mac: Option<String>,
    ip: Option<String>,
}

impl Draft {
    fn check(self) -> Result<Hook, HookError> {
        let up = match self.status.as_deref() {
            Some("up") => true,
            Some("down") => false,
            _ => return Err(HookError::Status),
        };
        let user = self.user.ok_or(HookError::User)?;
        check_username(&user).map_err(|_| HookError::User)?;
        let (mac, ip) = (small(self.mac)?.map(caller), small(self.ip)?.map(address));
        Ok(Hook { up, user, session: small(self.session)?, mac, ip })
    }
}

/// The caller in the spelling of the router's tables, however a script wrote it; for tunnels it is an address,
/// which stays as it is.
fn caller(text: String) -> String {
    text.parse::<Mac>().map_or(text, |mac| mac.to_string())
}

/// The address without the prefix of a single one: `100.64.0.10/32`.
fn address(text: String) -> String {
    match parse::<Cidr>(text.as_bytes()) {
        Ok(Cidr { address, prefix }) if prefix == if address.is_ipv4() { 32 } else { 128 } => {
            address.to_string()
        }
        _ => text,
    }
}

/// A short value; empty counts as not given.
fn small(value: Option<String>) -> Result<Option<String>, HookError> {
    let value = value.filter(|value| !value.is_empty());
    let fits = |value: &String| value.len() <= 64 && !value.chars().any(char::is_control);
    if value.as_ref().is_none_or(fits) { Ok(value) } else { Err(HookError::Value) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(query: &str) -> Result<Hook, HookError> {
        read(query.as_bytes(), Some(b"")).1
    }

    #[test]
    fn the_plain_url_and_the_five_lines_say_the_same() {
        let plain = query("user=ana&status=up&session=*F0&mac=AA:BB&ip=10.0.0.2").unwrap();
        let (_, body) = read(b"", Some(b"up\nana\nAA:BB\n10.0.0.2\n*F0"));
        assert_eq!(plain, body.unwrap());
        assert_eq!((plain.up, plain.user.as_str()), (true, "ana"));
    }

    #[test]
    fn hand_made_hooks_may_spell_the_caller_and_the_address_in_any_usual_way() {
        for mac in ["aa-bb-cc-00-11-22", "aabb.cc00.1122", "aa:bb:cc:00:11:22", "aabbcc001122"] {
            let hook = query(&format!("user=ana&status=up&mac={mac}&ip=100.64.0.10/32")).unwrap();
            assert_eq!(hook.mac.as_deref(), Some("AA:BB:CC:00:11:22"), "{mac}");
            assert_eq!(hook.ip.as_deref(), Some("100.64.0.10"));
        }
        // A caller of a tunnel is an address; a network is no address of one customer.
        let hook = query("user=ana&status=up&mac=192.0.2.7&ip=100.64.0.10/24").unwrap();
        assert_eq!((hook.mac.as_deref(), hook.ip.as_deref()), (Some("192.0.2.7"), Some("100.64.0.10/24")));
        let hook = query("user=ana&status=up&ip=2001:DB8::7/128").unwrap();
        assert_eq!(hook.ip.as_deref(), Some("2001:db8::7"));
    }

    #[test]
    fn tricks_with_the_user_name_are_refused() {
        assert_eq!(query("user=a&b&status=up"), Err(HookError::UnknownKey));
        assert_eq!(query("user=x&router=r2&router=r1&status=up"), Err(HookError::DoubledKey));
        assert_eq!(query("user=x&status=up&status=down"), Err(HookError::DoubledKey));
        assert_eq!(query("user=a%00&status=up"), Err(HookError::User));
        assert_eq!(query("user=a%0d%0ab&status=up"), Err(HookError::User));
        assert_eq!(query("user=a%2&status=up"), Err(HookError::Encoding));
        assert_eq!(query("user=&status=up"), Err(HookError::User));
        assert_eq!(query("user=a&status=maybe"), Err(HookError::Status));
    }

    #[test]
    fn a_plus_is_a_plus_and_old_code_pages_are_read() {
        assert_eq!(query("user=a+b&status=up").unwrap().user, "a+b");
        assert_eq!(query("user=Jos%E9&status=down").unwrap().user, "José");
        assert_eq!(query("user=Jos%C3%A9&status=down").unwrap().user, "José");
    }

    #[test]
    fn a_body_of_other_lines_or_beside_a_query_is_refused() {
        let body = |body: &str| read(b"router=r", Some(body.as_bytes())).1;
        assert_eq!(body("up\nana"), Err(HookError::Body));
        assert_eq!(body("up\nana\n\n\n\nmore"), Err(HookError::Body));
        assert_eq!(body("up\r\nana\r\n\r\n\r\n\r\n").map(|hook| hook.user), Ok("ana".into()));
        assert_eq!(read(b"user=a", Some(b"up\na\n\n\n")).1, Err(HookError::Body));
        assert_eq!(read(b"router=r", None).1, Err(HookError::Body));
    }

    #[test]
    fn an_empty_token_is_none_and_the_sender_is_known_whatever_he_says() {
        let (sender, _) = read(b"user=a&status=up&token=&router=r", Some(b""));
        assert_eq!(sender, Sender { router: Some("r".into()), token: None });
        let (sender, hook) = read(b"user=%zz&status=up&token=t", Some(b""));
        assert_eq!((sender.token.as_deref(), hook), (Some("t"), Err(HookError::Encoding)));
    }
}
