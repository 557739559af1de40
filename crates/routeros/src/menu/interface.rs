use crate::{
    menu,
    value::{Id, Mac, Text},
};

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
