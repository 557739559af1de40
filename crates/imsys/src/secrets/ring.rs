//! The keys, and where they come from.

use super::SecretError;
use crate::config::Keys;
use crate::token::random;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

const HEADER: &str =
    "# The key of this IMSys. Keep a copy away from its backups: without it stored passwords are lost.";

/// The key's name in the data folder.
pub(crate) const KEY_FILE: &str = "secret.key";

/// One key.
pub(super) struct Key([u8; 32]);

impl Key {
    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The first bytes of its SHA-256, in hex.
    pub(super) fn id(&self) -> String {
        Sha256::digest(self.0).iter().take(4).map(|byte| format!("{byte:02x}")).collect()
    }

    fn parse(text: &str) -> Option<Self> {
        STANDARD.decode(text.trim()).ok()?.try_into().ok().map(Self)
    }
}

/// At least one key; the first seals.
pub(super) struct Ring {
    keys: Vec<Key>,
    /// The file that is ours to change.
    own: Option<PathBuf>,
}

impl Ring {
    pub(super) fn fresh() -> Self {
        Self { keys: vec![Key(random())], own: None }
    }

    /// The keys of the settings, else of the file in the data folder, which is made unless `wanted`, the
    /// key of something sealed, would then be missing. The second value says that it was made.
    pub(super) fn load(keys: &Keys, data: &Path, wanted: Option<&str>) -> Result<(Self, bool), SecretError> {
        let mut all = Vec::new();
        if !keys.key.is_empty() {
            let parsed = keys.key.split(',').map(Key::parse).collect::<Option<Vec<_>>>();
            all.extend(parsed.ok_or(SecretError::BadKey("secrets.key"))?);
        }
        if !keys.key_file.as_os_str().is_empty() {
            all.extend(read(&keys.key_file)?);
        }
        if !all.is_empty() {
            // A file from before the settings named keys still opens what it sealed.
            all.extend(read(&data.join(KEY_FILE)).unwrap_or_default());
            return Ok((Self { keys: all, own: None }, false));
        }
        Self::own(data.join(KEY_FILE), wanted)
    }

    fn own(file: PathBuf, wanted: Option<&str>) -> Result<(Self, bool), SecretError> {
        let made = !file.exists();
        if made {
            if let Some(id) = wanted {
                return Err(SecretError::MissingKey(id.into()));
            }
            write(&file, &[Key(random())])?;
        }
        Ok((Self { keys: read(&file)?, own: Some(file) }, made))
    }

    pub(super) fn first(&self) -> &Key {
        self.keys.first().expect("a ring is made with at least one key")
    }

    pub(super) fn find(&self, id: &str) -> Option<&Key> {
        self.keys.iter().find(|key| key.id() == id)
    }

    /// Reads the keys again where they are ours to change: another process may have changed them.
    pub(super) fn reread(&mut self) -> Result<(), SecretError> {
        if let Some(file) = &self.own {
            self.keys = read(file)?;
        }
        Ok(())
    }

    /// Puts a new key in front, where the keys are ours to change.
    pub(super) fn renew(&mut self) -> Result<(), SecretError> {
        let Some(file) = &self.own else { return Ok(()) };
        self.keys.insert(0, Key(random()));
        write(file, &self.keys).inspect_err(|_| {
            self.keys.remove(0);
        })
    }
}

fn read(file: &Path) -> Result<Vec<Key>, SecretError> {
    let text = std::fs::read_to_string(file).map_err(|e| refuse(file, &e.to_string()))?;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let keys = lines.map(Key::parse).collect::<Option<Vec<_>>>();
    keys.filter(|keys| !keys.is_empty())
        .ok_or_else(|| refuse(file, "expects keys of 32 bytes in base64, one a line"))
}

/// Writes the file whole or not at all, readable by its owner alone.
fn write(file: &Path, keys: &[Key]) -> Result<(), SecretError> {
    let aside = file.with_extension("new");
    let text: String = std::iter::once(format!("{HEADER}\n"))
        .chain(keys.iter().map(|k| STANDARD.encode(k.0) + "\n"))
        .collect();
    let put = || {
        let mut out =
            std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&aside)?;
        out.write_all(text.as_bytes())?;
        out.sync_all()?;
        std::fs::rename(&aside, file)
    };
    put().map_err(|e| refuse(file, &e.to_string()))
}

fn refuse(file: &Path, why: &str) -> SecretError {
    SecretError::File { file: file.display().to_string(), why: why.into() }
}
