//! What people may set about SNMP, checked once.

use super::login::{Encryption, Hash, Login, NewAccess};
use crate::fields::{Fields, Invalid};
use imsys_domain::device::SnmpVersion;
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

/// The port of SNMP agents.
const PORT: u16 = 161;
/// A password of SNMPv3 has at least so many characters (RFC 3414).
const SHORTEST: usize = 8;
const LONGEST: usize = 255;

/// How an SNMP agent is asked. What is secret is never shown again.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct SnmpSetting {
    /// `1`, `2c` or `3`.
    #[serde(deserialize_with = "version")]
    #[schema(value_type = String, example = "2c")]
    version: SnmpVersion,
    /// 161 unless given.
    port: Option<u16>,
    /// Of versions 1 and 2c.
    community: Option<String>,
    /// Of version 3.
    user: Option<String>,
    /// Signs requests of version 3.
    auth: Option<AuthSetting>,
    /// Encrypts requests of version 3; needs `auth`.
    privacy: Option<PrivacySetting>,
}

/// How requests are signed.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AuthSetting {
    hash: Hash,
    /// At least eight characters.
    password: String,
}

/// How requests are encrypted.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PrivacySetting {
    cipher: Encryption,
    /// At least eight characters.
    password: String,
}

impl SnmpSetting {
    /// Notes what is wrong under `name`.
    pub(crate) fn check(self, name: &str, fields: &mut Fields) -> Option<NewAccess> {
        let field = |part: &str| format!("{name}.{part}");
        let (mut fit, port) = (Fields::default(), self.port.unwrap_or(PORT));
        if port == 0 {
            fit.refuse(&field("port"), "must be between 1 and 65535");
        }
        let login = if self.version == SnmpVersion::V3 {
            self.user(&field, &mut fit)
        } else {
            if self.user.is_some() || self.auth.is_some() || self.privacy.is_some() {
                fit.refuse(&field("user"), "belongs to version 3: leave user, auth and privacy out");
            }
            let community = self.community.unwrap_or_default();
            secret(&field("community"), &community, 1, &mut fit);
            Login::Community(community)
        };
        match fit.done() {
            Ok(()) => Some(NewAccess { version: self.version, port, login }),
            Err(Invalid(errors)) => {
                errors.into_iter().for_each(|error| fields.refuse(&error.field, error.message));
                None
            }
        }
    }

    fn user(&self, field: &impl Fn(&str) -> String, fit: &mut Fields) -> Login {
        if self.community.is_some() {
            fit.refuse(&field("community"), "belongs to versions 1 and 2c");
        }
        let user = fit.line(&field("user"), self.user.as_deref().unwrap_or_default(), 32);
        if self.privacy.is_some() && self.auth.is_none() {
            fit.refuse(&field("privacy"), "needs auth: SNMPv3 does not encrypt what is not signed");
        }
        let auth = self.auth.clone().map(|AuthSetting { hash, password }| {
            secret(&field("auth.password"), &password, SHORTEST, fit);
            (hash, password)
        });
        let privacy = self.privacy.clone().map(|PrivacySetting { cipher, password }| {
            secret(&field("privacy.password"), &password, SHORTEST, fit);
            (cipher, password)
        });
        Login::User { user, auth, privacy }
    }
}

fn secret(field: &str, text: &str, shortest: usize, fields: &mut Fields) {
    let length = text.chars().count();
    if length < shortest || text.len() > LONGEST || text.chars().any(char::is_control) {
        fields.refuse(field, format!("must have {shortest} to {LONGEST} characters and no line break"));
    }
}

/// `1` and `3` may be numbers.
fn version<'de, D: Deserializer<'de>>(from: D) -> Result<SnmpVersion, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Number(u8),
        Text(String),
    }
    let wrong = || serde::de::Error::custom("must be 1, 2c or 3");
    match Written::deserialize(from).map_err(|_| wrong())? {
        Written::Number(1) => Ok(SnmpVersion::V1),
        Written::Number(3) => Ok(SnmpVersion::V3),
        Written::Text(text) if text == "1" => Ok(SnmpVersion::V1),
        Written::Text(text) if text == "2c" => Ok(SnmpVersion::V2c),
        Written::Text(text) if text == "3" => Ok(SnmpVersion::V3),
        Written::Number(_) | Written::Text(_) => Err(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn check(body: Value) -> Result<NewAccess, Vec<String>> {
        let mut fields = Fields::default();
        let setting: SnmpSetting = serde_json::from_value(body).map_err(|error| vec![error.to_string()])?;
        let access = setting.check("snmp", &mut fields);
        match fields.done() {
            Ok(()) => Ok(access.expect("nothing is wrong")),
            Err(Invalid(errors)) => Err(errors.into_iter().map(|error| error.field).collect()),
        }
    }

    #[test]
    fn a_community_or_a_user_is_enough() {
        let community = check(json!({ "version": "2c", "community": "public" })).ok().unwrap();
        assert_eq!((community.version, community.port), (SnmpVersion::V2c, 161));
        let user = check(json!({ "version": 3, "port": 1161, "user": "noc",
            "auth": { "hash": "sha256", "password": "password1" },
            "privacy": { "cipher": "aes256-reeder", "password": "password2" } }));
        assert_eq!(user.map(|user| (user.version, user.port)), Ok((SnmpVersion::V3, 1161)));
    }

    #[test]
    fn what_does_not_fit_is_told_field_by_field() {
        let short = json!({ "hash": "md5", "password": "short" });
        for (body, wrong) in [
            (json!({ "version": "2c" }), vec!["snmp.community"]),
            (json!({ "version": "1", "community": "a\nb", "port": 0 }), vec!["snmp.port", "snmp.community"]),
            (json!({ "version": "2c", "community": "public", "user": "noc" }), vec!["snmp.user"]),
            (json!({ "version": "3", "community": "x" }), vec!["snmp.community", "snmp.user"]),
            (json!({ "version": "3", "user": "noc", "auth": short }), vec!["snmp.auth.password"]),
            (
                json!({ "version": "3", "user": "noc", "privacy": { "cipher": "aes128", "password": "password1" } }),
                vec!["snmp.privacy"],
            ),
        ] {
            assert_eq!(
                check(body.clone()).err(),
                Some(wrong.into_iter().map(String::from).collect()),
                "{body}"
            );
        }
        assert!(
            check(json!({ "version": "2", "community": "public" })).err().unwrap()[0].contains("1, 2c or 3")
        );
    }
}
