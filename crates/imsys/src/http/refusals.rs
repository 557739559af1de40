//! What the store refuses, in words and as fields of the body.

use imsys_domain::hindrance::Hindrance;
use imsys_store::port::{Reference, Taken};

/// What another one has already.
pub(crate) const fn taken(taken: Taken) -> &'static str {
    match taken {
        Taken::ServiceId => "a service has this id",
        Taken::ServicePlace => "another service on this router has this username, address or MAC address",
        Taken::CustomerId => "a customer has this id",
        Taken::PlanName => "another plan has this name",
        Taken::RouterPlace => "another router has this address and port",
        Taken::DevicePlace => "another device has this address, behind the same router or none",
        Taken::TenantSlug => "another tenant has this short name",
        Taken::PersonEmail => "somebody with this e-mail address is here already",
        Taken::Membership => "this person is a member already",
        Taken::Invitation => "this address is invited already; make a new link for it",
        Taken::Account => "this address has an account: sign in to accept",
        Taken::Store => "there is data here; an import goes into an empty store",
        Taken::Record => "a record about the same thing came before it",
    }
}

/// What is in the way, and what to do first.
pub(crate) const fn hindrance(hindrance: Hindrance) -> &'static str {
    match hindrance {
        Hindrance::NotArchived => "it is not archived",
        Hindrance::RouterArchived => "its router is archived: restore the router first",
        Hindrance::PlanNameTaken => {
            "its plan is archived too, and another plan has that name now: rename that one first"
        }
        Hindrance::CustomerHasServices => "the customer has services: archive them first",
        Hindrance::PlanHasServices => "services are on this plan: move them to another first",
        Hindrance::NothingToChange => "there is nothing to change",
        Hindrance::NothingToUndo => "there is nothing in it that can be undone",
        Hindrance::TooManyToUndo => "it is about more than 5000 services, which cannot be undone as one",
        Hindrance::LastAdmin => "the last admin: make somebody else admin first",
        Hindrance::TrustedElsewhere => {
            "this person is trusted beyond this tenant: `imsys admin reset` on the server makes the link"
        }
        Hindrance::AddressReleased => {
            "this account has lost its address: remove it, and invite the person anew"
        }
        Hindrance::OtherAddress => "this invitation is for another e-mail address",
        Hindrance::NewAccountOnly => "this link is for somebody who has no account yet",
    }
}

/// The field of the body that refers to what does not exist; of an import, which has no body, what that is.
pub(crate) const fn field(reference: Reference) -> &'static str {
    match reference {
        Reference::Router => "routerId",
        Reference::Customer => "customerId",
        Reference::Plan => "planId",
        Reference::ProfilePlan => "plans",
        Reference::NewTenant => "tenantName",
        Reference::Record => "something that no record before it is about",
    }
}

/// The text as a sentence of its own.
pub(super) fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let mut sentence: String = chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect();
    sentence.push('.');
    sentence
}
