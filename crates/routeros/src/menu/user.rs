use crate::{
    menu,
    value::{DateTime, Id, Text},
};

menu! {
    /// A user of the router itself.
    pub struct User in "/user" {
        /// The row's id.
        id: Option<Id> = ".id",
        /// The user's name.
        name: Text = "name",
        /// The group's name.
        group: Text = "group",
        /// Where the user may come from, separated by commas; empty for anywhere.
        address: Text = "address",
        /// Whether the user may not log in.
        disabled: bool = "disabled",
        /// By the router's clock.
        last_logged_in: Option<DateTime> = "last-logged-in",
        /// Free text.
        comment: Text = "comment",
    }
}

menu! {
    /// A user who is logged in.
    pub struct UserActive in "/user/active" {
        /// The row's id.
        id: Option<Id> = ".id",
        /// The user's name.
        name: Text = "name",
        /// The group's name.
        group: Text = "group",
        /// An IP or MAC address; empty at the console.
        address: Text = "address",
        /// `api`, `ssh`, `winbox`, …
        via: Text = "via",
        /// Since when, by the router's clock.
        when: Option<DateTime> = "when",
    }
}

menu! {
    /// What the users of a group may do.
    pub struct UserGroup in "/user/group" {
        /// The row's id.
        id: Option<Id> = ".id",
        /// The group's name.
        name: Text = "name",
        /// Rights separated by commas, `!` before those that are withheld: `read,api,!ftp`.
        policy: Text = "policy",
    }
}

impl UserGroup {
    /// Whether the group has the right `policy`, such as `write`.
    #[must_use]
    pub fn allows(&self, policy: &str) -> bool {
        self.policy.split(',').any(|granted| granted == policy)
    }
}
