//! The chain of the audit log, the same in every adapter: each line has a hash over the one before, and a line about
//! many things one over its rows.

use crate::model::{AuditEntry, BulkRow};
use imsys_domain::{BulkId, TenantId};
use sha2::{Digest, Sha256};

/// What the first line of a tenant follows.
pub(crate) const GENESIS: [u8; 32] = [0; 32];

/// SHA-256 over the hash before and every field; texts carry their length, so that no two lines agree.
pub(crate) fn hash(before: &[u8; 32], tenant: TenantId, entry: &AuditEntry) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(before);
    hash.update(tenant.0.as_bytes());
    hash.update(entry.seq.to_be_bytes());
    hash.update(entry.at.millis().to_be_bytes());
    for text in [&entry.actor, &entry.action, &entry.object, &entry.detail] {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text.as_bytes());
    }
    hash.finalize().into()
}

/// SHA-256 in hex over every row of an act; the line in the log holds it, so that a row that was changed shows.
pub(crate) fn digest(rows: &[BulkRow]) -> String {
    let mut hash = Sha256::new();
    for row in rows {
        hash.update(row.n.to_be_bytes());
        hash.update(row.object.as_bytes());
        for text in [&row.action, &row.detail, row.undo.as_ref().unwrap_or(&String::new())] {
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text.as_bytes());
        }
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Where the line holds the digest of its rows.
pub(crate) const ROWS: &str = "rows";

/// The act whose rows a line is about, and the digest that they must have; `None`: it has no rows.
pub(crate) fn rows_of(line: &AuditEntry) -> serde_json::Result<Option<(BulkId, String)>> {
    let detail: serde_json::Value = serde_json::from_str(&line.detail)?;
    let digest = detail.get(ROWS).and_then(serde_json::Value::as_str);
    Ok(line.object.parse().ok().zip(digest.map(str::to_owned)))
}
