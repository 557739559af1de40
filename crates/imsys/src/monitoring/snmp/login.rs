//! What is secret about an SNMP login: a community, or a user and his passwords.

use crate::secrets::{Place, SecretError, Secrets};
use imsys_doctor::builtin::snmp::{AuthHash, Cipher, Credentials};
use imsys_domain::TenantId;
use imsys_domain::device::{SnmpAccess, SnmpVersion};
use imsys_store::model::Holder;
use serde::{Deserialize, Serialize};

/// A login, as it is sealed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Login {
    /// Of SNMPv1 and v2c.
    Community(String),
    /// Of SNMPv3.
    User {
        /// His name.
        user: String,
        /// How requests are signed.
        auth: Option<(Hash, String)>,
        /// How they are encrypted; needs `auth`.
        privacy: Option<(Encryption, String)>,
    },
}

/// The hashes of SNMPv3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = SnmpHash)]
pub(crate) enum Hash {
    Md5,
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

/// The ciphers of SNMPv3; `aes256-reeder` is what Cisco has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = SnmpCipher)]
pub(crate) enum Encryption {
    #[serde(rename = "aes128")]
    Aes128,
    #[serde(rename = "aes192")]
    Aes192,
    #[serde(rename = "aes256")]
    Aes256,
    #[serde(rename = "aes256-reeder")]
    Aes256Reeder,
}

/// A login that passed, not sealed yet.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct NewAccess {
    pub(crate) version: SnmpVersion,
    pub(crate) port: u16,
    pub(crate) login: Login,
}

impl std::fmt::Debug for NewAccess {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewAccess")
            .field("version", &self.version)
            .field("port", &self.port)
            .finish_non_exhaustive()
    }
}

impl NewAccess {
    /// Sealed for where it will be kept.
    pub(crate) fn seal(&self, secrets: &Secrets, tenant: TenantId, holder: Holder) -> SnmpAccess {
        let text = serde_json::to_string(&self.login).expect("texts and names are always JSON");
        let secret = secrets.seal(Place::of(tenant, holder), &text);
        SnmpAccess { version: self.version, port: self.port, secret }
    }
}

/// The credentials of an access that is kept there.
pub(crate) fn open(
    secrets: &Secrets,
    tenant: TenantId,
    holder: Holder,
    access: &SnmpAccess,
) -> Result<Credentials, SecretError> {
    let text = secrets.open(Place::of(tenant, holder), &access.secret)?;
    let login = serde_json::from_str(&text).map_err(|_| SecretError::Broken)?;
    Ok(match (login, access.version) {
        (Login::Community(community), SnmpVersion::V1) => Credentials::V1(community),
        (Login::Community(community), _) => Credentials::V2c(community),
        (Login::User { user, auth, privacy }, _) => Credentials::V3 {
            user,
            auth: auth.map(|(hash, password)| (hash.into(), password)),
            privacy: privacy.map(|(cipher, password)| (cipher.into(), password)),
        },
    })
}

impl From<Hash> for AuthHash {
    fn from(hash: Hash) -> Self {
        match hash {
            Hash::Md5 => Self::Md5,
            Hash::Sha1 => Self::Sha1,
            Hash::Sha224 => Self::Sha224,
            Hash::Sha256 => Self::Sha256,
            Hash::Sha384 => Self::Sha384,
            Hash::Sha512 => Self::Sha512,
        }
    }
}

impl From<Encryption> for Cipher {
    fn from(cipher: Encryption) -> Self {
        match cipher {
            Encryption::Aes128 => Self::Aes128,
            Encryption::Aes192 => Self::Aes192,
            Encryption::Aes256 => Self::Aes256,
            Encryption::Aes256Reeder => Self::Aes256Reeder,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use imsys_domain::DeviceId;
    use uuid::Uuid;

    #[test]
    fn a_login_opens_where_it_is_kept_and_nowhere_else() {
        let (secrets, tenant) = (Secrets::fresh(), TenantId(Uuid::from_u128(1)));
        let holder = |number| Holder::Device(DeviceId(Uuid::from_u128(number)));
        let login = Login::User {
            user: "noc".into(),
            auth: Some((Hash::Sha256, "password1".into())),
            privacy: Some((Encryption::Aes256Reeder, "password2".into())),
        };
        let access =
            NewAccess { version: SnmpVersion::V3, port: 161, login }.seal(&secrets, tenant, holder(2));
        assert!(!access.secret.contains("password"));
        let expected = Credentials::V3 {
            user: "noc".into(),
            auth: Some((AuthHash::Sha256, "password1".into())),
            privacy: Some((Cipher::Aes256Reeder, "password2".into())),
        };
        assert_eq!(open(&secrets, tenant, holder(2), &access), Ok(expected));
        assert_eq!(open(&secrets, tenant, holder(3), &access), Err(SecretError::Broken));
    }

    #[test]
    fn a_community_is_used_with_the_version_that_is_set() {
        let (secrets, tenant) = (Secrets::fresh(), TenantId(Uuid::from_u128(1)));
        let holder = Holder::Device(DeviceId(Uuid::from_u128(2)));
        for (version, expected) in [
            (SnmpVersion::V1, Credentials::V1("public".into())),
            (SnmpVersion::V2c, Credentials::V2c("public".into())),
        ] {
            let new = NewAccess { version, port: 161, login: Login::Community("public".into()) };
            assert_eq!(open(&secrets, tenant, holder, &new.seal(&secrets, tenant, holder)), Ok(expected));
        }
    }
}
