//! What is secret at rest: sealed with XChaCha20-Poly1305, bound to the place where it is kept.
//!
//! A sealed text is `v1.<keyId>.<nonce>.<ciphertext>`, the last two in base64url. The associated data is
//! the place (tenant, row, column), so that a sealed text which is copied elsewhere does not open.
//!
//! * `ring.rs`: the keys, and where they come from.
//! * [`rotate`]: new key first, then everything is sealed with it.

mod ring;

pub(crate) use ring::KEY_FILE;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use imsys_domain::{RouterId, TenantId};
use imsys_store::model::{Holder, Sealed};
use imsys_store::{Store, StoreError};
use ring::{Key, Ring};
use std::fmt;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use uuid::Uuid;

use crate::config::Keys;
use crate::token::random;

/// Why something secret cannot be sealed or opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// A configured key is no key.
    #[error("{0}: expects keys of 32 bytes in base64")]
    BadKey(&'static str),
    /// A key file cannot be used.
    #[error("{file}: {why}")]
    File {
        /// Which file.
        file: String,
        /// What is wrong with it.
        why: String,
    },
    /// Data was sealed with a key that is not here.
    #[error(
        "stored passwords were sealed with the key {0}, which is not here: put it back (data/secret.key, \
         IMSYS_SECRETS__KEY or IMSYS_SECRETS__KEY_FILE; several keys may be given), or restore it from its copy"
    )]
    MissingKey(String),
    /// It is damaged, or was copied from elsewhere.
    #[error("a sealed value does not open where it lies")]
    Broken,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Where a sealed text is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    tenant: TenantId,
    row: [u8; 16],
    column: &'static str,
}

impl Place {
    /// The password of a router.
    pub const fn router_password(tenant: TenantId, router: RouterId) -> Self {
        Self::of(tenant, Holder::Router(router))
    }

    /// Where a stored secret is.
    pub const fn of(tenant: TenantId, holder: Holder) -> Self {
        let (row, column) = match holder {
            Holder::Router(router) => (*router.0.as_bytes(), "routers.password"),
            Holder::Device(device) => (*device.0.as_bytes(), "devices.snmp"),
            Holder::SnmpLogin(login) => (*login.0.as_bytes(), "snmp_logins.secret"),
        };
        Self { tenant, row, column }
    }

    /// The cookie by which a browser is known in which somebody has signed in.
    pub const fn known_browser() -> Self {
        Self { tenant: TenantId(Uuid::nil()), row: [0; 16], column: "known browser" }
    }

    fn associated(self) -> Vec<u8> {
        [self.tenant.0.as_bytes(), self.row.as_slice(), self.column.as_bytes()].concat()
    }
}

/// The keys in use; cheap to clone.
#[derive(Clone)]
pub struct Secrets(Arc<RwLock<Ring>>);

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets")
    }
}

impl Secrets {
    /// The keys of the settings, else of `secret.key` in the data folder. That file is made when it is
    /// not there and nothing has been sealed yet; the second value says so.
    ///
    /// Refuses when `sealed` holds something whose key is not among them.
    pub fn load(keys: &Keys, data: &Path, sealed: &[Sealed]) -> Result<(Self, bool), SecretError> {
        let wanted = sealed.iter().find_map(|s| key_id(&s.value));
        let (ring, made) = Ring::load(keys, data, wanted)?;
        for id in sealed.iter().filter_map(|s| key_id(&s.value)) {
            if ring.find(id).is_none() {
                return Err(SecretError::MissingKey(id.into()));
            }
        }
        Ok((Self(Arc::new(RwLock::new(ring))), made))
    }

    /// Keys that live as long as this value, for tests and for towns that are thrown away.
    pub fn fresh() -> Self {
        Self(Arc::new(RwLock::new(Ring::fresh())))
    }

    /// Seals `text` for `place` with the first key.
    pub fn seal(&self, place: Place, text: &str) -> String {
        let ring = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let (key, nonce) = (ring.first(), random::<24>());
        let payload = Payload { msg: text.as_bytes(), aad: &place.associated() };
        let sealed = cipher(key)
            .encrypt(&XNonce::from(nonce), payload)
            .expect("a password is shorter than the 256 GiB that the cipher allows");
        format!("v1.{}.{}.{}", key.id(), URL_SAFE_NO_PAD.encode(nonce), URL_SAFE_NO_PAD.encode(sealed))
    }

    /// Opens what [`Self::seal`] made for the same place.
    pub fn open(&self, place: Place, sealed: &str) -> Result<String, SecretError> {
        Self::open_with(place, sealed, |id| self.find(id))
    }

    /// The same for what strangers send: with the keys in memory alone, so that nobody makes it read files.
    pub fn recognise(&self, place: Place, sealed: &str) -> Option<String> {
        let ring = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let find = |id: &str| ring.find(id).map(cipher).ok_or(SecretError::Broken);
        Self::open_with(place, sealed, find).ok()
    }

    fn open_with(
        place: Place,
        sealed: &str,
        find: impl Fn(&str) -> Result<XChaCha20Poly1305, SecretError>,
    ) -> Result<String, SecretError> {
        let mut parts = sealed.split('.');
        let (Some("v1"), Some(id), Some(nonce), Some(text), None) =
            (parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(SecretError::Broken);
        };
        let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).map_err(|_| SecretError::Broken);
        let nonce: [u8; 24] = decode(nonce)?.try_into().map_err(|_| SecretError::Broken)?;
        let text = decode(text)?;
        let cipher = find(id)?;
        let payload = Payload { msg: &text, aad: &place.associated() };
        let opened = cipher.decrypt(&XNonce::from(nonce), payload).map_err(|_| SecretError::Broken)?;
        String::from_utf8(opened).map_err(|_| SecretError::Broken)
    }

    /// The key with this id. One that is not known may be new, from another process over the same folder.
    fn find(&self, id: &str) -> Result<XChaCha20Poly1305, SecretError> {
        let known = |ring: &Ring| ring.find(id).map(cipher);
        if let Some(cipher) = known(&self.0.read().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(cipher);
        }
        let mut ring = self.0.write().unwrap_or_else(PoisonError::into_inner);
        ring.reread()?;
        known(&ring).ok_or_else(|| SecretError::MissingKey(id.into()))
    }

    /// Whether `sealed` was sealed with the first key.
    fn is_current(&self, sealed: &str) -> bool {
        let ring = self.0.read().unwrap_or_else(PoisonError::into_inner);
        key_id(sealed) == Some(ring.first().id().as_str())
    }
}

/// Seals everything with a new key. A key file of our own gets one in front; keys of the settings are the
/// operator's, and the first of them is taken. Returns how many values were sealed anew.
pub async fn rotate(secrets: &Secrets, store: &dyn Store) -> Result<usize, SecretError> {
    secrets.0.write().unwrap_or_else(PoisonError::into_inner).renew()?;
    let mut done = 0;
    for old in store.sealed().await? {
        if secrets.is_current(&old.value) {
            continue;
        }
        let place = Place::of(old.tenant, old.holder);
        let value = secrets.seal(place, &secrets.open(place, &old.value)?);
        if store.reseal(Sealed { value, ..old.clone() }, &old.value).await? {
            done += 1;
        }
    }
    Ok(done)
}

fn cipher(key: &Key) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(key.bytes().into())
}

/// The key that something was sealed with.
fn key_id(sealed: &str) -> Option<&str> {
    sealed.strip_prefix("v1.")?.split('.').next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn place(tenant: u128, router: u128) -> Place {
        Place::router_password(TenantId(Uuid::from_u128(tenant)), RouterId(Uuid::from_u128(router)))
    }

    fn sealed(value: String) -> Sealed {
        let holder = Holder::Router(RouterId(Uuid::from_u128(2)));
        Sealed { tenant: TenantId(Uuid::from_u128(1)), holder, value }
    }

    #[test]
    fn what_was_sealed_opens_in_its_place_and_nowhere_else() {
        let secrets = Secrets::fresh();
        let text = secrets.seal(place(1, 2), "geheim");
        assert!(text.starts_with("v1.") && !text.contains("geheim"));
        assert_eq!(secrets.open(place(1, 2), &text), Ok("geheim".into()));
        assert_eq!(secrets.open(place(1, 3), &text), Err(SecretError::Broken));
        assert_eq!(secrets.open(place(2, 2), &text), Err(SecretError::Broken));
        assert_ne!(text, secrets.seal(place(1, 2), "geheim"), "a nonce is used once");
    }

    #[test]
    fn damaged_text_and_foreign_keys_are_told_apart() {
        let secrets = Secrets::fresh();
        let mut text = secrets.seal(place(1, 2), "geheim");
        let elsewhere = Secrets::fresh().open(place(1, 2), &text);
        assert!(matches!(elsewhere, Err(SecretError::MissingKey(_))));
        let last = text.pop().unwrap();
        text.push(if last == 'A' { 'B' } else { 'A' });
        assert_eq!(secrets.open(place(1, 2), &text), Err(SecretError::Broken));
        for text in ["", "v1", "v2.a.b.c", "v1.a.b.c.d", "geheim"] {
            assert_eq!(secrets.open(place(1, 2), text), Err(SecretError::Broken), "{text}");
        }
    }

    #[test]
    fn the_first_start_makes_a_key_that_only_the_owner_reads() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (first, made) = Secrets::load(&Keys::default(), folder.path(), &[]).unwrap();
        assert!(made);
        let mode = std::fs::metadata(folder.path().join("secret.key")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let text = first.seal(place(1, 2), "geheim");
        let (second, made) = Secrets::load(&Keys::default(), folder.path(), &[sealed(text.clone())]).unwrap();
        assert!(!made);
        assert_eq!(second.open(place(1, 2), &text), Ok("geheim".into()));
    }

    #[test]
    fn sealed_data_without_its_key_refuses_to_start_and_makes_no_other_key() {
        let folder = tempfile::tempdir().unwrap();
        let text = Secrets::fresh().seal(place(1, 2), "geheim");
        let refused = Secrets::load(&Keys::default(), folder.path(), &[sealed(text)]).unwrap_err();
        assert!(matches!(refused, SecretError::MissingKey(_)));
        assert!(!folder.path().join("secret.key").exists());
    }

    #[test]
    fn keys_of_the_settings_come_first_and_all_of_them_open() {
        let folder = tempfile::tempdir().unwrap();
        let [a, b] = [[1u8; 32], [2u8; 32]].map(|k| base64::engine::general_purpose::STANDARD.encode(k));
        let load = |key: String| {
            Secrets::load(&Keys { key, ..Keys::default() }, folder.path(), &[]).map(|(secrets, _)| secrets)
        };
        let old = load(a.clone()).unwrap().seal(place(1, 2), "geheim");
        let both = load(format!("{b}, {a}")).unwrap();
        assert_eq!(both.open(place(1, 2), &old), Ok("geheim".into()));
        assert!(!both.is_current(&old));
        assert_eq!(load("short".into()).unwrap_err(), SecretError::BadKey("secrets.key"));
    }

    #[test]
    fn a_new_key_in_our_own_file_goes_in_front_of_the_old_ones() {
        let folder = tempfile::tempdir().unwrap();
        let (secrets, _) = Secrets::load(&Keys::default(), folder.path(), &[]).unwrap();
        let old = secrets.seal(place(1, 2), "geheim");
        secrets.0.write().unwrap().renew().unwrap();
        assert!(!secrets.is_current(&old));
        let (again, _) = Secrets::load(&Keys::default(), folder.path(), &[sealed(old.clone())]).unwrap();
        assert_eq!(again.open(place(1, 2), &old), Ok("geheim".into()));
        assert!(again.is_current(&secrets.seal(place(1, 2), "geheim")));
    }

    #[test]
    fn what_another_process_sealed_with_a_new_key_opens() {
        let folder = tempfile::tempdir().unwrap();
        let load = || Secrets::load(&Keys::default(), folder.path(), &[]).unwrap().0;
        let (web, worker) = (load(), load());
        web.0.write().unwrap().renew().unwrap();
        let text = web.seal(place(1, 2), "geheim");
        assert_eq!(worker.open(place(1, 2), &text), Ok("geheim".into()));
        let foreign = Secrets::fresh().seal(place(1, 2), "geheim");
        assert!(matches!(worker.open(place(1, 2), &foreign), Err(SecretError::MissingKey(_))));
    }
}
