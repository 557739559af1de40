use std::{net::IpAddr, time::Duration};

use crate::{
    menu,
    value::{DateTime, Id, Text},
};

menu! {
    /// A PPP session that is up. The row does not say which interface it made.
    pub struct PppActive in "/ppp/active" {
        /// The row's id, new with every session.
        id: Option<Id> = ".id",
        /// The user's name.
        name: Text = "name",
        /// `pppoe`, `l2tp`, `sstp`, …
        service: Text = "service",
        /// The caller's MAC address for PPPoE, its IP address for tunnels.
        caller_id: Text = "caller-id",
        /// The address the user was given; none for a session with IPv6 only.
        address: Option<IpAddr> = "address",
        /// How long the session has been up.
        uptime: Option<Duration> = "uptime",
        /// The session's number, such as `0x81100000`.
        session_id: Text = "session-id",
        /// Encryption and compression; empty without.
        encoding: Text = "encoding",
        /// Whether RADIUS let the user in.
        radius: bool = "radius",
    }
}

menu! {
    /// A PPP user that the router itself knows; the password is never asked for.
    pub struct PppSecret in "/ppp/secret" {
        /// The row's id.
        id: Option<Id> = ".id",
        /// The user's name.
        name: Text = "name",
        /// `any`, `pppoe`, `l2tp`, …
        service: Text = "service",
        /// The profile's name.
        profile: Text = "profile",
        /// Whether the user may not log in.
        disabled: bool = "disabled",
        /// Free text.
        comment: Text = "comment",
        /// The only caller that is let in; empty for any.
        caller_id: Text = "caller-id",
        /// An address or the name of a pool; empty when the profile decides.
        remote_address: Text = "remote-address",
        /// By the router's clock; 1970 when it never happened.
        last_logged_out: Option<DateTime> = "last-logged-out",
    }
}

menu! {
    /// What a PPP session is given, and the scripts it runs.
    pub struct PppProfile in "/ppp/profile" {
        /// The row's id.
        id: Option<Id> = ".id",
        /// The profile's name.
        name: Text = "name",
        /// The script that runs when a session comes up.
        on_up: Text = "on-up",
        /// The script that runs when a session goes down in order.
        on_down: Text = "on-down",
        /// Whether RouterOS brought it and it cannot be removed.
        default: bool = "default",
        /// `yes`, `no` or `default`; ignored for users of RADIUS.
        only_one: Text = "only-one",
    }
}
