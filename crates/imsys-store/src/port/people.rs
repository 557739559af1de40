//! People, keys and the audit log of one tenant.

use super::Result;
use crate::model::{ApiKey, AuditEntry, Membership, Person, Settings, Tenant};
use crate::page::{Ask, Page};
use async_trait::async_trait;
use imsys_domain::access::Role;
use imsys_domain::{ApiKeyId, PersonId, Timestamp};

/// Somebody who is to join.
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
    /// The invitation to keep when he has no password yet.
    pub invite: Token,
}

/// The secret of a link by its SHA-256, and when it stops working.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// SHA-256 of the secret.
    pub hash: [u8; 32],
    /// When it stops working.
    pub expires: Timestamp,
}

/// Members and keys of one tenant, and what the tenant is called.
#[async_trait]
pub trait Members: Send + Sync {
    /// The members by name.
    async fn members(&self) -> Result<Vec<(Person, Membership)>>;
    /// One of them.
    async fn member(&self, person: PersonId) -> Result<(Person, Membership)>;
    /// Lets somebody join. A person who has that address and a password is taken as he is; for one
    /// without a password the invitation is kept. Somebody whom another tenant has invited must take
    /// that invitation first.
    async fn add_member(&self, draft: PersonDraft) -> Result<Person>;
    /// Changes a member's role. The last admin stays one.
    async fn set_role(&self, person: PersonId, role: Role) -> Result<()>;
    /// Ends a membership, signs him out of this tenant and takes its links back. The last admin stays.
    async fn remove_member(&self, person: PersonId) -> Result<()>;
    /// Keeps a link with which a member sets a new password; the links before it stop working. Only for
    /// somebody who is a member here alone and does not manage tenants.
    async fn reset_member(&self, person: PersonId, link: Token) -> Result<()>;
    /// The keys by name.
    async fn api_keys(&self) -> Result<Vec<ApiKey>>;
    /// One of them.
    async fn api_key(&self, id: ApiKeyId) -> Result<ApiKey>;
    /// Keeps a new key.
    async fn create_api_key(&self, key: ApiKey) -> Result<()>;
    /// Calls a key something else.
    async fn rename_api_key(&self, id: ApiKeyId, name: String) -> Result<()>;
    /// Revokes a key.
    async fn delete_api_key(&self, id: ApiKeyId) -> Result<()>;
    /// The tenant itself.
    async fn info(&self) -> Result<Tenant>;
    /// The tenant's settings.
    async fn settings(&self) -> Result<Settings>;
    /// Replaces the tenant's name and settings.
    async fn set_settings(&self, name: String, settings: Settings) -> Result<()>;
}

/// The audit log of one tenant.
#[async_trait]
pub trait Audit: Send + Sync {
    /// Adds a line about something that changed nothing in the store; `detail` never holds a secret.
    async fn note(&self, action: &str, object: &str, detail: serde_json::Value) -> Result<()>;
    /// A page of lines, newest first whatever `ask` says of order.
    async fn audit(&self, ask: Ask<()>) -> Result<Page<AuditEntry>>;
    /// Recomputes the chain; the first `seq` that does not fit.
    async fn audit_break(&self) -> Result<Option<i64>>;
}
