//! People, keys and the audit log of one tenant.

use super::Result;
use crate::model::{ApiKey, AuditEntry, Membership, Person, Settings};
use async_trait::async_trait;
use imsys_domain::access::Role;
use imsys_domain::{ApiKeyId, PersonId, Timestamp};

/// Somebody to be invited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonDraft {
    /// The id, if nobody has this address yet.
    pub id: PersonId,
    /// Folded to lower case.
    pub email: String,
    /// As he is called.
    pub name: String,
    /// As what he joins.
    pub role: Role,
    /// When he was invited.
    pub created: Timestamp,
}

/// Members and keys of one tenant.
#[async_trait]
pub trait Members: Send + Sync {
    /// The members by name.
    async fn members(&self) -> Result<Vec<(Person, Membership)>>;
    /// Lets somebody join; a person with that address is taken as he is.
    async fn add_member(&self, draft: PersonDraft) -> Result<Person>;
    /// Changes a member's role. The last admin stays one.
    async fn set_role(&self, person: PersonId, role: Role) -> Result<()>;
    /// Ends a membership and signs him out of this tenant. The last admin stays.
    async fn remove_member(&self, person: PersonId) -> Result<()>;
    /// The keys by name.
    async fn api_keys(&self) -> Result<Vec<ApiKey>>;
    /// Keeps a new key.
    async fn create_api_key(&self, key: ApiKey) -> Result<()>;
    /// Revokes a key.
    async fn delete_api_key(&self, id: ApiKeyId) -> Result<()>;
    /// The tenant's settings.
    async fn settings(&self) -> Result<Settings>;
    /// Replaces the tenant's settings.
    async fn set_settings(&self, settings: Settings) -> Result<()>;
}

/// The audit log of one tenant.
#[async_trait]
pub trait Audit: Send + Sync {
    /// Adds a line about something that changed nothing in the store.
    async fn note(&self, action: &str, object: &str, detail: &str) -> Result<()>;
    /// The last lines before `before` (a `seq`), newest first.
    async fn audit(&self, before: Option<i64>, limit: u32) -> Result<Vec<AuditEntry>>;
    /// Recomputes the chain; the first `seq` that does not fit.
    async fn audit_break(&self) -> Result<Option<i64>>;
}
