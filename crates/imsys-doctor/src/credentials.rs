//! How to identify ourselves to an agent.

use std::fmt;

/// Version and credentials; [`Debug`] hides the secrets.
#[derive(Clone, PartialEq, Eq)]
pub enum Credentials {
    /// SNMPv1 with a community.
    V1(String),
    /// SNMPv2c with a community.
    V2c(String),
    /// SNMPv3 with a user of the user-based security model.
    V3 {
        /// The user's name.
        user: String,
        /// How requests are signed; `None` for no signature.
        auth: Option<(AuthHash, String)>,
        /// How they are encrypted; needs `auth`.
        privacy: Option<(Cipher, String)>,
    },
}

/// The hash of SNMPv3's signatures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthHash {
    /// HMAC-MD5-96, for old devices.
    Md5,
    /// HMAC-SHA-96, for old devices.
    Sha1,
    /// SHA-224.
    Sha224,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

/// The cipher of SNMPv3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cipher {
    /// AES with 128 bits (RFC 3826).
    Aes128,
    /// AES with 192 bits and the key extension of Blumenthal.
    Aes192,
    /// AES with 256 bits and the key extension of Blumenthal.
    Aes256,
    /// AES with 256 bits and the key extension of Reeder, as Cisco has it.
    Aes256Reeder,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::V1(_) => f.write_str("V1"),
            Self::V2c(_) => f.write_str("V2c"),
            Self::V3 { user, auth, privacy } => f
                .debug_struct("V3")
                .field("user", user)
                .field("auth", &auth.as_ref().map(|(hash, _)| hash))
                .field("privacy", &privacy.as_ref().map(|(cipher, _)| cipher))
                .finish(),
        }
    }
}
