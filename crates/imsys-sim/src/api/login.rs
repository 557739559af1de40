//! Who may come in: both ways of logging in, and the limit before it.

use std::net::IpAddr;

use md5::{Digest, Md5};

use super::command::Command;
use crate::policy;
use crate::router::state::State;
use crate::table::Id;
use crate::table::value::Value;

/// Attempts on one connection after which the router hangs up.
const ATTEMPTS: u32 = 5;
/// The trap after a wrong password, by the way of logging in.
pub(crate) const WRONG: &str = "invalid user name or password (6)";
pub(crate) const WRONG_ANSWER: &str = "cannot log in";

/// Someone who is logged in.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub(crate) name: Vec<u8>,
    policies: Vec<u8>,
    /// The row in `/user/active`.
    pub(crate) active: Id,
}

impl Account {
    pub(crate) fn may(&self, policy: &str) -> bool {
        policy::allows(&self.policies, policy)
    }
}

/// What a `/login` leads to.
#[derive(Debug)]
pub(crate) enum Login {
    Welcome(Account),
    /// `!done =ret=…`: 32 hex digits to be answered.
    Challenge(String),
    Refused(&'static str),
    /// `!fatal too many commands before login`.
    TooMany,
}

/// The state of a connection that is not logged in.
#[derive(Debug, Default)]
pub(crate) struct LoginLimiter {
    attempts: u32,
    challenge: Option<[u8; 16]>,
}

impl LoginLimiter {
    /// Judges one `/login`. With `challenges` only the old way works.
    pub(crate) fn login(
        &mut self,
        state: &mut State,
        command: &Command,
        challenges: bool,
        from: IpAddr,
    ) -> Login {
        let response = command.attribute("response");
        if challenges && response.is_none() {
            let challenge = draw(state);
            self.challenge = Some(challenge);
            return Login::Challenge(hex(&challenge));
        }
        self.attempts += 1;
        if self.attempts >= ATTEMPTS {
            return Login::TooMany;
        }
        let name = command.attribute("name").unwrap_or_default();
        let challenge = self.challenge.take();
        let proves = |password: &[u8]| match response {
            Some(response) => {
                challenge.is_some_and(|challenge| answer(password, &challenge).as_bytes() == response)
            }
            None => command.attribute("password").unwrap_or_default() == password,
        };
        match admit(state, name, from, proves) {
            Some(account) => Login::Welcome(account),
            None => {
                state.log(
                    "system,error,critical",
                    format!("login failure for user {} from {from} via api", String::from_utf8_lossy(name)),
                );
                Login::Refused(if challenges { WRONG_ANSWER } else { WRONG })
            }
        }
    }
}

fn admit(state: &mut State, name: &[u8], from: IpAddr, proves: impl Fn(&[u8]) -> bool) -> Option<Account> {
    let users = state.at("user")?;
    let menu = users.menu;
    let user = users.named(name)?;
    let open = !user.is(menu, "disabled") && proves(user.text(menu, "password"));
    if !open || !allows(user.text(menu, "address"), from) {
        return None;
    }
    let (id, group) = (user.id, user.text(menu, "group").to_vec());
    let policies = state.named_text("user/group", &group, "policy").to_vec();
    if !policy::allows(&policies, "api") {
        return None;
    }
    let now = Value::Date(state.clock.now_ms());
    let place = menu.place("last-logged-in").map(|place| (place, Some(now.clone())));
    state.table_mut(menu).change(id, place);
    let active = state.make(
        "user/active",
        &[
            ("when", now),
            ("name", Value::text(name)),
            ("address", Value::text(from.to_string())),
            ("group", Value::text(&group)),
        ],
    );
    state.log_login("logged in", name, &from.to_string());
    Some(Account { name: name.to_vec(), policies, active })
}

/// Whether a list of prefixes holds an address; an empty list holds all.
pub(crate) fn allows(list: &[u8], from: IpAddr) -> bool {
    let list = String::from_utf8_lossy(list);
    list.is_empty() || list.split(',').any(|prefix| contains(prefix, from))
}

fn contains(prefix: &str, from: IpAddr) -> bool {
    let (network, length) = prefix.split_once('/').unwrap_or((prefix, ""));
    match (network.parse(), from) {
        (Ok(IpAddr::V4(network)), IpAddr::V4(from)) => {
            let length = length.parse::<u32>().unwrap_or(32).min(32);
            let mask = u32::MAX.checked_shl(32 - length).unwrap_or(0);
            u32::from(network) & mask == u32::from(from) & mask
        }
        (Ok(network), from) => network == from,
        _ => false,
    }
}

fn draw(state: &mut State) -> [u8; 16] {
    let mut challenge = [0; 16];
    for half in challenge.chunks_mut(8) {
        half.copy_from_slice(&state.dice.next_u64().to_be_bytes());
    }
    challenge
}

/// `00` and the MD5 sum of a zero byte, the password and the challenge, in hex.
fn answer(password: &[u8], challenge: &[u8]) -> String {
    let mut sum = Md5::new();
    sum.update([0]);
    sum.update(password);
    sum.update(challenge);
    format!("00{}", hex(&sum.finalize()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_to_a_challenge_is_the_recorded_one() {
        let challenge = u128::from_str_radix("93b438ec9b80057c06dd9fe67d56aa9a", 16).unwrap().to_be_bytes();
        assert_eq!(answer(b"", &challenge), "00e134102a9d330dd7b1849fedfea3cb57");
        assert_eq!(answer(b"passTest", &[0xab, 0xc1, 0x23]), "0021277bff9ac7caf06aa608e46616d47f");
    }

    #[test]
    fn address_lists_hold_prefixes_and_hosts() {
        let from = "127.0.3.9".parse().unwrap();
        assert!(allows(b"", from) && allows(b"10.0.0.0/8,127.0.0.0/16", from) && allows(b"127.0.3.9", from));
        assert!(!allows(b"10.255.0.1/32", from) && !allows(b"rubbish", from) && allows(b"0.0.0.0/0", from));
    }
}
