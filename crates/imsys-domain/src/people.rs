//! People: who signs in, where they are members, and the links by which they come in.

use crate::access::Role;
use crate::tenant::Tenant;
use crate::{PersonId, TenantId, Timestamp};
use serde::{Deserialize, Serialize};

/// Somebody who signs in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Their id.
    pub id: PersonId,
    /// Unique, folded to lower case.
    pub email: String,
    /// As they want to be called.
    pub name: String,
    /// argon2id, PHC string; `None` after the address was released.
    pub password: Option<String>,
    /// May manage tenants.
    pub platform: bool,
    /// When they were invited.
    pub created: Timestamp,
}

impl Person {
    /// Whether there is a password: an account whose address was released has none.
    pub const fn can_sign_in(&self) -> bool {
        self.password.is_some()
    }

    /// Whether a first-run link is needed no more: somebody who can sign in manages the installation.
    pub const fn manages(&self) -> bool {
        self.platform && self.can_sign_in()
    }

    /// The account after its address was taken from it: nobody signs in with it.
    pub fn released(self) -> Self {
        Self { email: format!("released-{}", self.id), password: None, ..self }
    }
}

/// A person's role in a tenant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    /// Where.
    pub tenant: TenantId,
    /// Who.
    pub person: PersonId,
    /// As what.
    pub role: Role,
    /// Since when.
    pub since: Timestamp,
    /// When the person last signed in or switched into the tenant.
    #[serde(default)]
    pub entered: Option<Timestamp>,
}

/// Somebody who is to join a tenant and has not accepted yet. It gives nothing, and says nothing of the account that
/// the address may have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// Its id, which becomes the person's when the address has no account.
    pub id: PersonId,
    /// Into which tenant.
    pub tenant: TenantId,
    /// The address, folded to lower case.
    pub email: String,
    /// The name that the inviting admin knows.
    pub name: String,
    /// The role to come.
    pub role: Role,
    /// When it was made.
    pub created: Timestamp,
}

/// What a link with a secret in it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LinkKind {
    /// The first person of a new tenant.
    First,
    /// Somebody invited.
    Invite,
    /// A forgotten password.
    Reset,
    /// Signs into the demo, any number of times.
    Demo,
}

/// A link with a secret in it; works once (but for the demo's) and until it expires.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// SHA-256 of the secret.
    pub hash: [u8; 32],
    /// What it is for.
    pub kind: LinkKind,
    /// The person it is about, when there is one already; for `Invite` the id of the invitation.
    pub person: Option<PersonId>,
    /// The tenant it leads into; `None`: the set-up makes one.
    pub tenant: Option<TenantId>,
    /// When it stops working.
    pub expires: Timestamp,
}

/// Somebody who takes a link, and what they said of themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Newcomer {
    /// The id, if the link makes a person.
    pub id: PersonId,
    /// The address, folded to lower case, if the link makes a person.
    pub email: String,
    /// As they want to be called.
    pub name: String,
    /// argon2id, PHC string.
    pub password: String,
    /// The tenant, if the link makes one.
    pub tenant: Option<Tenant>,
    /// Now.
    pub at: Timestamp,
}
