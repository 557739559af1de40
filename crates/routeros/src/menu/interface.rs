use crate::{
    menu,
    value::{Id, Mac, Text},
};

menu! {
    /// The interface of a PPPoE session with its counters, and nothing else: a router has thousands.
    pub struct PppoeInterface in "/interface" {
        /// The row's id; another session has another one.
        id: Option<Id> = ".id",
        /// `<pppoe-USER>`, brackets included; of a second session of the user `<pppoe-USER-1>`.
        name: Text = "name",
        /// Bytes received.
        rx_byte: Option<u64> = "rx-byte",
        /// Bytes sent.
        tx_byte: Option<u64> = "tx-byte",
    }
}

menu! {
    /// An interface; a PPPoE session's is called `<pppoe-USER>`, brackets included.
    pub struct Interface in "/interface" {
        /// The row's id.
        id: Option<Id> = ".id",
        /// Its name.
        name: Text = "name",
        /// The name it was born with; empty for those that are not hardware.
        default_name: Text = "default-name",
        /// `ether`, `bridge`, `pppoe-in`, …
        kind: Text = "type",
        /// Its MAC address.
        mac_address: Option<Mac> = "mac-address",
        /// Whether it has a link.
        running: bool = "running",
        /// Whether it is switched off.
        disabled: bool = "disabled",
        /// Whether a service made it.
        dynamic: bool = "dynamic",
        /// Whether it is part of a bridge or a bond.
        slave: bool = "slave",
        /// Bytes received.
        rx_byte: Option<u64> = "rx-byte",
        /// Bytes sent.
        tx_byte: Option<u64> = "tx-byte",
        /// Free text.
        comment: Text = "comment",
    }
}
