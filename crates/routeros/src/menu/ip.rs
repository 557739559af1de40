use std::{net::IpAddr, time::Duration};

use crate::{
    menu,
    value::{Cidr, Id, Mac, Text, word_enum},
};

word_enum! {
    /// What the kernel of RouterOS 7 knows about a neighbour; version 6 says nothing.
    pub enum ArpStatus {
        /// Silent for a while, about to be asked.
        Delay = "delay",
        /// Asked, no answer.
        Failed = "failed",
        /// Asked for the first time; a MAC address may still be shown.
        Incomplete = "incomplete",
        /// Written by somebody, proves nothing.
        Permanent = "permanent",
        /// Being asked.
        Probe = "probe",
        /// Answered a moment ago.
        Reachable = "reachable",
        /// Answered once.
        Stale = "stale",
    }
}

menu! {
    /// An ARP entry.
    pub struct Arp in "/ip/arp" {
        /// The row's id.
        id: Option<Id> = ".id",
        /// The neighbour.
        address: Option<IpAddr> = "address",
        /// Its MAC address; absent or zero when it did not answer, but not always then.
        mac_address: Option<Mac> = "mac-address",
        /// The interface it is behind.
        interface: Text = "interface",
        /// The routing table, from version 7 on.
        vrf: Text = "vrf",
        /// What the kernel knows, from version 7 on.
        status: Option<ArpStatus> = "status",
        /// Whether a MAC address is known. Version 7 counts stale and permanent entries too.
        complete: Option<bool> = "complete",
        /// Whether the DHCP server wrote it.
        dhcp: bool = "dhcp" | "DHCP",
        /// Whether it was learnt.
        dynamic: bool = "dynamic",
        /// Whether it is switched off.
        disabled: bool = "disabled",
        /// Whether it cannot work, for example because its interface is gone.
        invalid: bool = "invalid",
        /// Whether the router answers for it.
        published: bool = "published",
        /// Free text.
        comment: Text = "comment",
    }
}

menu! {
    /// An address of the router itself.
    pub struct IpAddress in "/ip/address" {
        /// The row's id.
        id: Option<Id> = ".id",
        /// The address with its network's prefix.
        address: Option<Cidr> = "address",
        /// The network's address, or the far end's of a point-to-point link.
        network: Option<IpAddr> = "network",
        /// The interface it was put on.
        interface: Text = "interface",
        /// The interface it works on: the bridge instead of its port.
        actual_interface: Text = "actual-interface",
        /// The routing table of that interface, in later versions of 7.
        vrf: Text = "vrf",
        /// Whether a service made it.
        dynamic: bool = "dynamic",
        /// Whether it is switched off.
        disabled: bool = "disabled",
        /// Whether it cannot work.
        invalid: bool = "invalid",
        /// Free text.
        comment: Text = "comment",
    }
}

menu! {
    /// A device that announces itself by MNDP, CDP or LLDP. Everything here was chosen by a stranger.
    pub struct Neighbor in "/ip/neighbor" {
        /// The row's id.
        id: Option<Id> = ".id",
        /// Where it was heard: `ether3,bridge`, the physical port first.
        interface: Text = "interface",
        /// Its address, IPv4 or IPv6.
        address: Option<IpAddr> = "address",
        /// Its IPv4 address.
        address4: Option<IpAddr> = "address4",
        /// Its IPv6 address.
        address6: Option<IpAddr> = "address6",
        /// Its MAC address.
        mac_address: Option<Mac> = "mac-address",
        /// What it calls itself.
        identity: Text = "identity",
        /// Its maker; empty for many that are not MikroTik's.
        platform: Text = "platform",
        /// Its model.
        board: Text = "board",
        /// Its software's version.
        version: Text = "version",
        /// Its own interface that it announces from.
        interface_name: Text = "interface-name",
        /// Free text from LLDP.
        system_description: Text = "system-description",
        /// What it is able to be: `bridge,router`.
        system_caps: Text = "system-caps",
        /// What it is: `router`.
        system_caps_enabled: Text = "system-caps-enabled",
        /// `mndp,lldp`, from version 7.7 on.
        discovered_by: Text = "discovered-by",
        /// Its licence's id.
        software_id: Text = "software-id",
        /// How long ago it was heard.
        age: Option<Duration> = "age",
        /// How long it has been up.
        uptime: Option<Duration> = "uptime",
    }
}

word_enum! {
    /// Where a DHCP lease stands.
    pub enum LeaseStatus {
        /// A reservation whose client is absent.
        Waiting = "waiting",
        /// Being checked for a conflict.
        Testing = "testing",
        /// The client refused it.
        Declined = "declined",
        /// Offered.
        Offered = "offered",
        /// In use.
        Bound = "bound",
        /// RADIUS is being asked.
        Authorizing = "authorizing",
        /// Somebody else answers at the address.
        Conflict = "conflict",
    }
}

menu! {
    /// A DHCP lease or reservation.
    pub struct DhcpLease in "/ip/dhcp-server/lease" {
        /// The row's id.
        id: Option<Id> = ".id",
        /// The reserved address, or the name of a pool.
        address: Text = "address",
        /// The reserved MAC address.
        mac_address: Option<Mac> = "mac-address",
        /// The address in use.
        active_address: Option<IpAddr> = "active-address",
        /// The MAC address that uses it.
        active_mac_address: Option<Mac> = "active-mac-address",
        /// The server's name; `all` of a reservation for any.
        server: Text = "server",
        /// The server that gave it.
        active_server: Text = "active-server",
        /// Where it stands.
        status: Option<LeaseStatus> = "status",
        /// What the client calls itself.
        host_name: Text = "host-name",
        /// How long the lease still runs.
        expires_after: Option<Duration> = "expires-after",
        /// How long ago the client was heard; none for never.
        last_seen: Option<Duration> = "last-seen",
        /// Whether it is no reservation.
        dynamic: bool = "dynamic",
        /// Whether it is switched off.
        disabled: bool = "disabled",
        /// Whether the client is refused.
        blocked: bool = "blocked",
        /// Free text.
        comment: Text = "comment",
    }
}

menu! {
    /// A DHCP server.
    pub struct DhcpServer in "/ip/dhcp-server" {
        /// Its name.
        name: Text = "name",
        /// The interface that it serves.
        interface: Text = "interface",
        /// The relay whose requests it answers; empty or `0.0.0.0` for none.
        relay: Text = "relay",
        /// Whether it is switched off.
        disabled: bool = "disabled",
    }
}

menu! {
    /// A service of the router: `api`, `api-ssl`, `ssh`, `winbox`. From version 7.21 on also a row for every
    /// open connection.
    pub struct IpService in "/ip/service" {
        /// The row's id.
        id: Option<Id> = ".id",
        /// The service's name.
        name: Text = "name",
        /// Its TCP port.
        port: Option<u16> = "port",
        /// Whether it is switched off.
        disabled: bool = "disabled",
        /// Who may connect, separated by commas; empty for everybody. Version 7.24 renamed it.
        address: Text = "address" | "available-from",
        /// Whether the row is an open connection, not a service.
        connection: bool = "connection",
        /// Whether it was not made by hand.
        dynamic: bool = "dynamic",
        /// Whether it cannot work, for example without its certificate.
        invalid: bool = "invalid",
        /// Open sessions at most, from version 7.16 on.
        max_sessions: Option<u32> = "max-sessions",
    }
}
