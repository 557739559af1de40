//! How people come into an installation and its tenants, and how they leave.

use crate::access::Role;
use crate::ids::TenantId;
use crate::time::Timestamp;

/// What a set-up link or an invitation offers to whoever takes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offer {
    /// The link that the installation prints until somebody manages it; it makes the first tenant.
    Installation,
    /// The link for the first admin of a tenant.
    Tenant,
    /// An invitation into a tenant.
    Member(Role),
}

/// What somebody gets who takes an [`Offer`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// May manage tenants.
    pub platform: bool,
    /// The role in the tenant.
    pub role: Role,
}

impl Offer {
    /// What it gives. Only the installation's own link makes a platform admin, whoever else was there before.
    pub const fn grants(self) -> Grant {
        match self {
            Self::Installation => Grant { platform: true, role: Role::Admin },
            Self::Tenant => Grant { platform: false, role: Role::Admin },
            Self::Member(role) => Grant { platform: false, role },
        }
    }
}

/// How an offer is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taking {
    /// By choosing a password: nobody has the address yet.
    NewAccount,
    /// By accepting it while signed in as its owner.
    Accept,
}

/// Why an offer cannot be taken so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The address has an account: its owner must sign in and accept.
    SignInFirst,
    /// It was made for another address than the one of who is signed in.
    OtherAddress,
    /// The installation's own link is for somebody new.
    NewAccountOnly,
}

/// How an offer to `invited` (folded; `None` when it is for whoever holds the link) can be taken by who is
/// `signed_in` (folded), where `taken` says that the wanted address has an account. An account is never given to
/// whoever holds a link: who registers an address beforehand gains nothing by a later invitation of it, and an
/// invitation gives nothing until the account's owner accepts.
pub fn taking(
    offer: Offer,
    invited: Option<&str>,
    taken: bool,
    signed_in: Option<&str>,
) -> Result<Taking, Refusal> {
    match signed_in {
        None if taken => Err(Refusal::SignInFirst),
        None => Ok(Taking::NewAccount),
        Some(_) if offer == Offer::Installation => Err(Refusal::NewAccountOnly),
        Some(own) if invited.is_none_or(|address| address == own) => Ok(Taking::Accept),
        Some(_) => Err(Refusal::OtherAddress),
    }
}

/// Whether a member may lose the role `now` for `then` (`None`: leaves the tenant), where `others` says that another
/// admin can sign in: a tenant always has one.
pub fn may_change_role(now: Role, then: Option<Role>, others: bool) -> bool {
    now != Role::Admin || then == Some(Role::Admin) || others
}

/// Whether an admin of one tenant may give a member a new password: never to somebody whom others trust too.
pub const fn may_reset(platform: bool, memberships: usize) -> bool {
    !platform && memberships <= 1
}

/// The tenant in which a fresh sign-in acts: where the person was last; else the first. Each membership comes with when
/// the person was there last.
pub fn landing(memberships: impl IntoIterator<Item = (TenantId, Option<Timestamp>)>) -> Option<TenantId> {
    let later = |best: (TenantId, Option<Timestamp>), next: (TenantId, Option<Timestamp>)| {
        if next.1 > best.1 { next } else { best }
    };
    memberships.into_iter().reduce(later).map(|(tenant, _)| tenant)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn only_the_link_of_the_installation_makes_a_platform_admin() {
        assert_eq!(Offer::Installation.grants(), Grant { platform: true, role: Role::Admin });
        assert_eq!(Offer::Tenant.grants(), Grant { platform: false, role: Role::Admin });
        for role in Role::ALL {
            assert_eq!(Offer::Member(role).grants(), Grant { platform: false, role });
        }
    }

    #[test]
    fn an_invitation_of_an_address_with_an_account_gives_nothing_until_its_owner_accepts() {
        let offer = Offer::Member(Role::Admin);
        assert_eq!(taking(offer, Some("cfo@b"), true, None), Err(Refusal::SignInFirst));
        assert_eq!(taking(offer, Some("cfo@b"), true, Some("eve@a")), Err(Refusal::OtherAddress));
        assert_eq!(taking(offer, Some("cfo@b"), true, Some("cfo@b")), Ok(Taking::Accept));
        assert_eq!(taking(offer, Some("cfo@b"), false, None), Ok(Taking::NewAccount));
    }

    #[test]
    fn the_set_up_link_of_a_second_tenant_is_accepted_by_whoever_holds_it_and_signs_in() {
        assert_eq!(taking(Offer::Tenant, None, false, Some("ana@a")), Ok(Taking::Accept));
        assert_eq!(taking(Offer::Tenant, None, true, None), Err(Refusal::SignInFirst));
        assert_eq!(taking(Offer::Installation, None, true, Some("ana@a")), Err(Refusal::NewAccountOnly));
    }

    #[test]
    fn a_tenant_always_keeps_an_admin_who_can_sign_in() {
        assert!(!may_change_role(Role::Admin, None, false));
        assert!(!may_change_role(Role::Admin, Some(Role::Support), false));
        assert!(may_change_role(Role::Admin, Some(Role::Admin), false));
        assert!(may_change_role(Role::Admin, None, true));
        assert!(may_change_role(Role::Support, None, false));
    }

    #[test]
    fn an_admin_resets_only_who_is_trusted_by_this_tenant_alone() {
        assert!(may_reset(false, 1));
        assert!(!may_reset(false, 2));
        assert!(!may_reset(true, 1));
    }

    #[test]
    fn a_sign_in_lands_where_the_person_was_last() {
        let [a, b, c] = [1, 2, 3].map(|n| TenantId(Uuid::from_u128(n)));
        let at = |seconds| Some(Timestamp(0).plus_seconds(seconds));
        assert_eq!(landing([(a, at(1)), (b, at(3)), (c, at(2))]), Some(b));
        assert_eq!(landing([(a, None), (b, at(1))]), Some(b));
        assert_eq!(landing([(a, None), (b, None)]), Some(a), "nowhere yet: the first");
        assert_eq!(landing([]), None);
    }
}
