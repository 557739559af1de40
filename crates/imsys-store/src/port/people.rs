//! People, keys and the audit log of one tenant.

use super::Result;
use crate::model::{ApiKey, AuditEntry, Invitation, Membership, Person};
use crate::page::{Ask, Page};
use async_trait::async_trait;
use imsys_domain::access::Role;
use imsys_domain::tenant::{Settings, Tenant};
use imsys_domain::{ApiKeyId, PersonId, Timestamp};

/// Somebody who is to be invited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonDraft {
    /// The id of the invitation.
    pub id: PersonId,
    /// Folded to lower case.
    pub email: String,
    /// The name that the inviting admin knows.
    pub name: String,
    /// The role to come.
    pub role: Role,
    /// Now.
    pub created: Timestamp,
    /// The link to keep for it.
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
    /// Invitations that nobody has accepted yet, by name.
    async fn invitations(&self) -> Result<Vec<Invitation>>;
    /// One of them.
    async fn invitation(&self, id: PersonId) -> Result<Invitation>;
    /// Invites an address with a link, as one unit; whether it has an account, whose owner must then accept while signed
    /// in. Nobody is a member by this.
    async fn invite(&self, draft: PersonDraft) -> Result<bool>;
    /// Keeps another link for an invitation; the one before stops working.
    async fn renew_invitation(&self, id: PersonId, link: Token) -> Result<()>;
    /// Keeps another set-up link for an admin; those before it stop working.
    async fn renew_setup(&self, link: Token) -> Result<()>;
    /// Makes a person a member who asks for it and may.
    async fn join(&self, person: PersonId, role: Role) -> Result<()>;
    /// Changes a member's role, or the one that an invitation will give. The last admin stays one
    /// ([`imsys_domain::entry::change_role`]).
    async fn set_role(&self, person: PersonId, role: Role) -> Result<()>;
    /// Ends a membership, signs the person out of this tenant and takes its links back, as one unit; or takes an
    /// invitation back. The last admin stays.
    async fn remove_member(&self, person: PersonId) -> Result<()>;
    /// Keeps a link with which a member sets a new password, as one unit with the end of the links before it. Only for
    /// whom [`imsys_domain::entry::reset`] allows.
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
