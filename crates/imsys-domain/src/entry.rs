//! How people come into an installation and its tenants, and how they leave.

use crate::access::Role;
use crate::audit::Action;
use crate::hindrance::Hindrance;
use crate::people::{Invitation, Link, LinkKind, Membership, Newcomer, Person};
use crate::tenant::Tenant;
use crate::{PersonId, TenantId, Timestamp};

/// Where a link leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lead {
    /// To the set-up of the installation, or of a tenant.
    SetUp,
    /// To an invitation into a tenant.
    Invitation(TenantId, PersonId),
    /// To a new password.
    Password(PersonId),
}

/// Where a link leads that is taken; the demo's is not taken, and leads nowhere.
pub const fn lead(link: &Link) -> Option<Lead> {
    match (link.kind, link.tenant, link.person) {
        (LinkKind::First, _, _) => Some(Lead::SetUp),
        (LinkKind::Invite, Some(into), Some(id)) => Some(Lead::Invitation(into, id)),
        (LinkKind::Reset, _, Some(person)) => Some(Lead::Password(person)),
        (LinkKind::Invite | LinkKind::Reset | LinkKind::Demo, _, _) => None,
    }
}

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
    /// It makes a tenant, and nobody said what that is called.
    TenantUnnamed,
}

/// Everything that is written when somebody takes a link and so becomes a member. The link itself goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joining {
    /// The tenant that is made.
    pub tenant: Option<Tenant>,
    /// The account that is made.
    pub account: Option<Person>,
    /// Where the person is a member from now on.
    pub membership: Membership,
    /// The invitation that goes.
    pub invitation: Option<PersonId>,
    /// The other links of the installation go: they would let somebody else in as the first.
    pub ends_set_up: bool,
    /// The line in the tenant's log: by whom.
    pub actor: String,
    /// And what was done.
    pub action: Action,
}

impl Joining {
    fn of(
        link: &Link,
        invitation: Option<&Invitation>,
        person: &Person,
        into: TenantId,
        at: Timestamp,
    ) -> Self {
        let offer = offer(link, invitation);
        let role = offer.grants().role;
        Self {
            tenant: None,
            account: None,
            membership: Membership { tenant: into, person: person.id, role, since: at, entered: None },
            invitation: invitation.map(|invitation| invitation.id),
            ends_set_up: false,
            actor: person.email.clone(),
            action: if invitation.is_some() { Action::MemberJoin } else { Action::TenantSetup },
        }
    }
}

/// What a link offers that leads to a set-up, or to this invitation.
fn offer(link: &Link, invitation: Option<&Invitation>) -> Offer {
    match (invitation, link.tenant) {
        (Some(invitation), _) => Offer::Member(invitation.role),
        (None, Some(_)) => Offer::Tenant,
        (None, None) => Offer::Installation,
    }
}

/// The address that an account gets which is made by a link: the invited one, else what its person says.
pub fn address<'a>(invitation: Option<&'a Invitation>, newcomer: &'a Newcomer) -> &'a str {
    invitation.map_or(&newcomer.email, |invitation| &invitation.email)
}

/// Takes a link as somebody who is not signed in; `taken` says that [`address`] has an account.
pub fn redeem(
    link: &Link,
    invitation: Option<&Invitation>,
    newcomer: &Newcomer,
    taken: bool,
) -> Result<Joining, Refusal> {
    let (offer, at) = (offer(link, invitation), newcomer.at);
    self::taking(offer, invitation.map(|invitation| invitation.email.as_str()), taken, None)?;
    let tenant = if link.tenant.is_some() { None } else { newcomer.tenant.clone() };
    let into = link.tenant.or(tenant.as_ref().map(|tenant| tenant.id)).ok_or(Refusal::TenantUnnamed)?;
    let account = Person {
        id: invitation.map_or(newcomer.id, |invitation| invitation.id),
        email: address(invitation, newcomer).to_owned(),
        name: newcomer.name.clone(),
        password: Some(newcomer.password.clone()),
        platform: offer.grants().platform,
        created: at,
    };
    let joining = Joining::of(link, invitation, &account, into, at);
    Ok(Joining { tenant, account: Some(account), ends_set_up: offer == Offer::Installation, ..joining })
}

/// Takes a link as `person`, who is signed in.
pub fn accept(
    link: &Link,
    invitation: Option<&Invitation>,
    person: &Person,
    at: Timestamp,
) -> Result<Joining, Refusal> {
    let invited = invitation.map(|invitation| invitation.email.as_str());
    self::taking(offer(link, invitation), invited, true, Some(&person.email))?;
    let into = link.tenant.ok_or(Refusal::NewAccountOnly)?;
    Ok(Joining::of(link, invitation, person, into, at))
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

/// Whether `person` may get another role among these `members` of a tenant (`None`: leave it): a tenant always has an
/// admin who can sign in.
pub fn change_role(
    members: &[(Person, Membership)],
    person: PersonId,
    then: Option<Role>,
) -> Result<(), Hindrance> {
    let is_admin = |membership: &Membership| membership.role == Role::Admin;
    let now = members.iter().any(|(member, membership)| member.id == person && is_admin(membership));
    let others = members
        .iter()
        .any(|(other, membership)| other.id != person && is_admin(membership) && other.can_sign_in());
    if may_change_role(now, then, others) { Ok(()) } else { Err(Hindrance::LastAdmin) }
}

/// The same for one who is an admin `now` or not, where `others` says that another admin can sign in.
fn may_change_role(now: bool, then: Option<Role>, others: bool) -> bool {
    !now || then == Some(Role::Admin) || others
}

/// Whether an admin of one tenant may give a member, who has so many memberships in all, a new password.
pub fn reset(member: &Person, memberships: usize) -> Result<(), Hindrance> {
    if !is_trusted_here_alone(member.platform, memberships) {
        Err(Hindrance::TrustedElsewhere)
    } else if !member.can_sign_in() {
        Err(Hindrance::AddressReleased)
    } else {
        Ok(())
    }
}

/// Whether a link for a new password works for a person who is a member of these tenants. One that an admin of a
/// tenant made works only while nobody else trusts the person.
pub fn resets(link: &Link, person: &Person, memberships: &[TenantId]) -> bool {
    let still =
        |tenant| memberships.contains(&tenant) && is_trusted_here_alone(person.platform, memberships.len());
    link.tenant.is_none_or(still)
}

/// Whether only one tenant trusts a person: its admin may give them a password, and they go with it.
pub const fn is_trusted_here_alone(platform: bool, memberships: usize) -> bool {
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
    use crate::tenant::Settings;
    use uuid::Uuid;

    const fn tenant(n: u128) -> TenantId {
        TenantId(Uuid::from_u128(n))
    }

    fn person(n: u128, email: &str) -> Person {
        let (id, name, password) = (PersonId(Uuid::from_u128(n)), email.to_owned(), Some("hash".to_owned()));
        Person { id, email: email.into(), name, password, platform: false, created: Timestamp(1) }
    }

    fn member(person: &Person, role: Role) -> Membership {
        Membership { tenant: tenant(1), person: person.id, role, since: Timestamp(1), entered: None }
    }

    fn link(kind: LinkKind, tenant: Option<TenantId>, person: Option<PersonId>) -> Link {
        Link { hash: [1; 32], kind, person, tenant, expires: Timestamp(99) }
    }

    fn invitation(email: &str) -> Invitation {
        let (id, tenant, name) = (PersonId(Uuid::from_u128(4)), tenant(1), "Ben".to_owned());
        Invitation { id, tenant, email: email.into(), name, role: Role::Support, created: Timestamp(1) }
    }

    fn newcomer(email: &str, makes: Option<TenantId>) -> Newcomer {
        let Person { id, email, name, .. } = person(3, email);
        let (created, settings) = (Timestamp(5), Settings::default());
        let make = |id| Tenant { id, name: "Lake".into(), slug: "lake".into(), created, settings };
        Newcomer { id, email, name, password: "hash".into(), tenant: makes.map(make), at: created }
    }

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
        let (ada, ben) = (person(1, "ada@a"), person(2, "ben@a"));
        let alone = [(ada.clone(), member(&ada, Role::Admin)), (ben.clone(), member(&ben, Role::Support))];
        let last = Err(Hindrance::LastAdmin);
        assert_eq!(change_role(&alone, ada.id, None), last);
        assert_eq!(change_role(&alone, ada.id, Some(Role::Support)), last);
        assert_eq!(change_role(&alone, ada.id, Some(Role::Admin)), Ok(()));
        assert_eq!(change_role(&alone, ben.id, None), Ok(()));
        let two = [(ada.clone(), member(&ada, Role::Admin)), (ben.clone(), member(&ben, Role::Admin))];
        assert_eq!(change_role(&two, ada.id, None), Ok(()));
        let shut =
            [(ada.clone(), member(&ada, Role::Admin)), (ben.clone().released(), member(&ben, Role::Admin))];
        assert_eq!(change_role(&shut, ada.id, None), last, "an admin who cannot sign in cannot administrate");
    }

    #[test]
    fn an_admin_resets_only_who_is_trusted_by_this_tenant_alone() {
        let ada = person(1, "ada@a");
        assert_eq!(reset(&ada, 1), Ok(()));
        assert_eq!(reset(&ada, 2), Err(Hindrance::TrustedElsewhere));
        assert_eq!(reset(&Person { platform: true, ..ada.clone() }, 1), Err(Hindrance::TrustedElsewhere));
        assert_eq!(reset(&ada.released(), 1), Err(Hindrance::AddressReleased));
    }

    #[test]
    fn a_link_of_an_admin_sets_a_password_while_nobody_else_trusts_the_person() {
        let (ada, here, there) = (person(1, "ada@a"), tenant(1), tenant(2));
        let by_admin = link(LinkKind::Reset, Some(here), Some(ada.id));
        assert_eq!(lead(&by_admin), Some(Lead::Password(ada.id)));
        assert!(resets(&by_admin, &ada, &[here]));
        assert!(!resets(&by_admin, &ada, &[here, there]) && !resets(&by_admin, &ada, &[there]));
        assert!(!resets(&by_admin, &Person { platform: true, ..ada.clone() }, &[here]));
        assert!(resets(&link(LinkKind::Reset, None, Some(ada.id)), &ada, &[here, there]), "of the operator");
    }

    #[test]
    fn the_first_person_makes_the_first_tenant_and_ends_the_set_up() {
        let (first, new) = (link(LinkKind::First, None, None), newcomer("ada@a", Some(tenant(7))));
        let joining = redeem(&first, None, &new, false).unwrap();
        let account = joining.account.unwrap();
        assert!(account.platform && joining.ends_set_up);
        assert_eq!(
            (account.id, account.email.as_str(), account.password),
            (new.id, "ada@a", Some("hash".into()))
        );
        assert_eq!(joining.tenant.map(|tenant| tenant.id), Some(tenant(7)));
        let expected =
            Membership { tenant: tenant(7), person: new.id, role: Role::Admin, since: new.at, entered: None };
        assert_eq!((joining.membership, joining.action), (expected, Action::TenantSetup));
        assert_eq!(redeem(&first, None, &newcomer("ada@a", None), false), Err(Refusal::TenantUnnamed));
    }

    #[test]
    fn an_invitation_makes_the_account_of_the_address_that_was_invited() {
        let invited = invitation("ben@b");
        let link = link(LinkKind::Invite, Some(invited.tenant), Some(invited.id));
        assert_eq!(lead(&link), Some(Lead::Invitation(invited.tenant, invited.id)));
        let eve = newcomer("eve@b", Some(tenant(7)));
        let joining = redeem(&link, Some(&invited), &eve, false).unwrap();
        let account = joining.account.unwrap();
        assert_eq!((account.id, account.email.as_str(), account.platform), (invited.id, "ben@b", false));
        assert_eq!((joining.tenant, joining.ends_set_up), (None, false), "nobody makes a tenant by it");
        assert_eq!((joining.invitation, joining.action), (Some(invited.id), Action::MemberJoin));
        assert_eq!(redeem(&link, Some(&invited), &eve, true), Err(Refusal::SignInFirst));
    }

    #[test]
    fn who_accepts_keeps_their_account() {
        let (invited, ben) = (invitation("ben@b"), person(5, "ben@b"));
        let link = link(LinkKind::Invite, Some(invited.tenant), Some(invited.id));
        let joining = accept(&link, Some(&invited), &ben, Timestamp(9)).unwrap();
        assert_eq!((joining.account, joining.actor.as_str()), (None, "ben@b"));
        assert_eq!((joining.membership.person, joining.membership.role), (ben.id, invited.role));
        let eve = person(6, "eve@b");
        assert_eq!(accept(&link, Some(&invited), &eve, Timestamp(9)), Err(Refusal::OtherAddress));
        let first = self::link(LinkKind::First, None, None);
        assert_eq!(accept(&first, None, &ben, Timestamp(9)), Err(Refusal::NewAccountOnly));
        assert_eq!(lead(&self::link(LinkKind::Demo, None, Some(ben.id))), None);
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
