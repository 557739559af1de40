//! From ping to SNMP, and back. LibreNMS does neither by itself.

use super::LibreNms;
use crate::port::{DoctorError, Refusal, Result};
use crate::{AuthHash, Cipher, Credentials};
use imsys_domain::DeviceId;
use serde_json::{Value, json};

/// What a server need not show again.
const SECRET: &[&str] = &["authpass", "cryptopass"];

impl LibreNms {
    pub(super) async fn set_snmp_of(
        &self,
        device: DeviceId,
        credentials: Option<&Credentials>,
    ) -> Result<()> {
        let _alone = self.alone(device).await?;
        let row = self.there(device).await?;
        let changes = match credentials {
            Some(credentials) => fields(credentials)?,
            None => vec![("snmp_disable", json!(1)), ("os", json!("ping"))],
        };
        if changes.iter().all(|(name, value)| row.has(name, value)) {
            return Ok(());
        }
        self.patch(&row, &changes).await?;
        if credentials.is_some() {
            self.client.get(&format!("/devices/{}/discover", row.number)).await?;
        }
        let row = self.there(device).await?;
        let is_kept = changes.iter().all(|(name, value)| SECRET.contains(name) || row.has(name, value));
        if is_kept { Ok(()) } else { Err(DoctorError::Refused(Refusal::NotKept)) }
    }
}

/// The fields of a device for these credentials.
fn fields(credentials: &Credentials) -> Result<Vec<(&'static str, Value)>> {
    let community = |version: &str, community: &str| {
        vec![("snmp_disable", json!(0)), ("snmpver", json!(version)), ("community", json!(community))]
    };
    let (user, auth, privacy) = match credentials {
        Credentials::V1(name) => return Ok(community("v1", name)),
        Credentials::V2c(name) => return Ok(community("v2c", name)),
        Credentials::V3 { user, auth, privacy } => (user, auth, privacy),
    };
    let level = match (auth, privacy) {
        (None, None) => "noAuthNoPriv",
        (Some(_), None) => "authNoPriv",
        (Some(_), Some(_)) => "authPriv",
        (None, Some(_)) => return Err(DoctorError::Refused(Refusal::Credentials)),
    };
    let mut fields = vec![
        ("snmp_disable", json!(0)),
        ("snmpver", json!("v3")),
        ("authlevel", json!(level)),
        ("authname", json!(user)),
    ];
    if let Some((hash, password)) = auth {
        fields.extend([("authalgo", json!(hash_name(*hash))), ("authpass", json!(password))]);
    }
    if let Some((cipher, password)) = privacy {
        fields.extend([("cryptoalgo", json!(cipher_name(*cipher))), ("cryptopass", json!(password))]);
    }
    Ok(fields)
}

const fn hash_name(hash: AuthHash) -> &'static str {
    match hash {
        AuthHash::Md5 => "MD5",
        AuthHash::Sha1 => "SHA",
        AuthHash::Sha224 => "SHA-224",
        AuthHash::Sha256 => "SHA-256",
        AuthHash::Sha384 => "SHA-384",
        AuthHash::Sha512 => "SHA-512",
    }
}

const fn cipher_name(cipher: Cipher) -> &'static str {
    match cipher {
        Cipher::Aes128 => "AES",
        Cipher::Aes192 => "AES-192",
        Cipher::Aes256 => "AES-256",
        Cipher::Aes256Reeder => "AES-256-C",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_version_has_its_fields() {
        let v2c = fields(&Credentials::V2c("public".into())).unwrap();
        assert_eq!(
            v2c,
            [("snmp_disable", json!(0)), ("snmpver", json!("v2c")), ("community", json!("public"))]
        );
        let v3 = Credentials::V3 {
            user: "mon".into(),
            auth: Some((AuthHash::Sha1, "authsecret1".into())),
            privacy: Some((Cipher::Aes128, "privsecret1".into())),
        };
        let v3: serde_json::Map<_, _> =
            fields(&v3).unwrap().into_iter().map(|(name, value)| (name.into(), value)).collect();
        let wanted = json!({
            "snmp_disable": 0, "snmpver": "v3", "authlevel": "authPriv", "authname": "mon", "authalgo": "SHA",
            "authpass": "authsecret1", "cryptoalgo": "AES", "cryptopass": "privsecret1",
        });
        assert_eq!(Value::Object(v3), wanted);
    }

    #[test]
    fn privacy_without_a_signature_is_refused() {
        let odd = Credentials::V3 {
            user: "mon".into(),
            auth: None,
            privacy: Some((Cipher::Aes128, "privsecret1".into())),
        };
        assert_eq!(fields(&odd), Err(DoctorError::Refused(Refusal::Credentials)));
    }
}
