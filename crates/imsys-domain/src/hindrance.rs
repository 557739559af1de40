//! What is in the way of a change, as values: the edge puts them into words.

/// Why the state of a thing, or of others, does not allow a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Hindrance {
    /// It is not archived: only what is archived is restored.
    NotArchived,
    /// The router of an archived service is archived too.
    RouterArchived,
    /// The plan of an archived service is archived too, and another plan has its name by now.
    PlanNameTaken,
    /// A customer who has services is not archived.
    CustomerHasServices,
    /// A plan that services are on is not archived.
    PlanHasServices,
    /// An act on a service that is as the act would make it.
    NothingToChange,
    /// Nothing in an act can be undone.
    NothingToUndo,
    /// An act is about too many services to be undone as one.
    TooManyToUndo,
    /// A tenant keeps an admin who can sign in.
    LastAdmin,
    /// Others trust this person too: no admin of one tenant gives them a password.
    TrustedElsewhere,
    /// The account has lost its address: there is nobody to give a password to.
    AddressReleased,
    /// The invitation is for another address than the one of who is signed in.
    OtherAddress,
    /// The link of the installation is for somebody who has no account yet.
    NewAccountOnly,
}
