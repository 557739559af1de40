//! Every menu the simulated routers have. Column names follow the recorded tables.

use super::schema::{ADD, Column, GUARDED, Kind, LIST, LISTEN, Menu, ORDERED, REMOVE, SET, SINGLE};
use crate::version::Version;

/// The menu at `path` (`ppp/secret`), if this version has it.
pub(crate) fn menu(path: &str, version: Version) -> Option<&'static Menu> {
    MENUS.iter().find(|menu| menu.path == path && menu.since <= version)
}

/// All menus of a version.
pub(crate) fn menus(version: Version) -> impl Iterator<Item = &'static Menu> {
    MENUS.iter().filter(move |menu| menu.since <= version)
}

/// Whether `path` is a menu or the beginning of one, such as `ip` or `ip/firewall`.
pub(crate) fn is_directory(path: &str, version: Version) -> bool {
    OTHER_DIRECTORIES.contains(&path)
        || menus(version).any(|menu| {
            menu.path.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
}

const OTHER_DIRECTORIES: [&str; 1] = ["tool"];
const BOTH: Version = Version::new(0, 0);
const SEVEN: Version = Version::new(7, 0);
const NAME: &[&str] = &["name"];
const NAME_TAKEN: &str = "item with such name already exists";
const ANY: (&[&str], &str) = (&[], "");

const fn list(
    path: &'static str,
    columns: &'static [Column],
    unique: (&'static [&'static str], &'static str),
) -> Menu {
    Menu { path, columns, verbs: LIST, unique, since: BOTH }
}

const fn single(path: &'static str, columns: &'static [Column], verbs: u8, since: Version) -> Menu {
    Menu { path, columns, verbs: SINGLE | verbs, unique: ANY, since }
}

const fn text(name: &'static str) -> Column {
    Column::new(name)
}

const fn with(name: &'static str, default: &'static str) -> Column {
    Column::with(name, default)
}

const fn flag(name: &'static str) -> Column {
    Column::flag(name)
}

const fn name() -> Column {
    text("name").required()
}

const fn shown(name: &'static str) -> Column {
    text(name).read()
}

static MENUS: &[Menu] = &[
    single("system/identity", &[with("name", "MikroTik")], SET, BOTH),
    single("system/resource", RESOURCE, 0, BOTH),
    single("system/routerboard", ROUTERBOARD, 0, BOTH),
    single("system/device-mode", DEVICE_MODE, 0, Version::new(7, 1)),
    single("ppp/aaa", AAA, SET, BOTH),
    Menu { verbs: 0, ..list("system/package", PACKAGE, ANY) },
    list("system/script", SCRIPT, (NAME, NAME_TAKEN)),
    list("system/scheduler", SCHEDULER, (NAME, NAME_TAKEN)),
    Menu { verbs: LISTEN, ..list("log", LOG, ANY) },
    Menu { verbs: SET, ..list("ip/service", SERVICE, (NAME, NAME_TAKEN)) },
    Menu { verbs: LIST | GUARDED, ..list("user", USER, (NAME, NAME_TAKEN)) },
    Menu { verbs: LIST | GUARDED, ..list("user/group", GROUP, (NAME, NAME_TAKEN)) },
    Menu { verbs: LISTEN, ..list("user/active", USER_ACTIVE, ANY) },
    list("ppp/secret", PPP_SECRET, (NAME, NAME_TAKEN)),
    list("ppp/profile", PROFILE, (NAME, NAME_TAKEN)),
    Menu { verbs: REMOVE | LISTEN, ..list("ppp/active", ACTIVE, ANY) },
    Menu {
        verbs: SET | LISTEN,
        ..list("interface", INTERFACE, (NAME, "already have device with such name"))
    },
    Menu {
        since: SEVEN,
        ..list("interface/wireguard", WIREGUARD, (NAME, "already have device with such name"))
    },
    Menu { since: SEVEN, ..list("interface/wireguard/peers", PEERS, ANY) },
    list("ip/address", ADDRESS, (&["address", "interface"], "failure: already have such address")),
    list("ip/arp", ARP, ANY),
    list("ip/pool", POOL, (NAME, NAME_TAKEN)),
    Menu { verbs: LISTEN, ..list("ip/neighbor", NEIGHBOR, ANY) },
    list("ip/dhcp-server", DHCP_SERVER, (NAME, NAME_TAKEN)),
    list("ip/dhcp-server/lease", LEASE, ANY),
    Menu { verbs: LIST | ORDERED, ..list("ip/firewall/filter", FILTER, ANY) },
    list(
        "ip/firewall/address-list",
        ADDRESS_LIST,
        (&["list", "address"], "failure: cannot add already have such entry"),
    ),
    list("queue/simple", QUEUE, (NAME, "failure: already have such name")),
];

const RESOURCE: &[Column] = &[
    shown("uptime"),
    shown("version"),
    shown("build-time"),
    with("factory-software", "6.40").read(),
    with("free-memory", "805306368").read(),
    with("total-memory", "1073741824").read(),
    with("cpu", "ARM64").read(),
    with("cpu-count", "4").read(),
    with("cpu-frequency", "1400").read(),
    with("cpu-load", "3").read(),
    with("free-hdd-space", "106233856").read(),
    with("total-hdd-space", "135266304").read(),
    with("write-sect-since-reboot", "128").read(),
    with("write-sect-total", "553343").read(),
    with("bad-blocks", "0").read(),
    with("architecture-name", "arm64").read(),
    shown("board-name"),
    with("platform", "MikroTik").read(),
];

const ROUTERBOARD: &[Column] = &[
    with("routerboard", "true").read(),
    shown("model"),
    shown("serial-number"),
    shown("current-firmware"),
    shown("upgrade-firmware"),
];

const DEVICE_MODE: &[Column] = &[
    with("mode", "advanced").read(),
    with("flagged", "no").read(),
    with("flagging-enabled", "yes").read(),
    with("scheduler", "yes").read(),
    with("fetch", "yes").read(),
    with("pptp", "yes").read(),
    with("l2tp", "yes").read(),
    with("ipsec", "yes").read(),
    with("attempt-count", "0").read(),
];

const AAA: &[Column] =
    &[flag("use-radius"), with("accounting", "true").kind(Kind::Flag), with("interim-update", "0s")];

const PACKAGE: &[Column] =
    &[name(), shown("version"), shown("build-time"), with("scheduled", "").read(), flag("disabled")];

const SCRIPT: &[Column] =
    &[name(), with("owner", "").read(), with("policy", ""), with("source", ""), text("comment")];

const SCHEDULER: &[Column] = &[
    name(),
    with("start-time", "startup"),
    with("start-date", ""),
    with("interval", "0s"),
    with("on-event", ""),
    with("policy", ""),
    text("comment"),
    flag("disabled"),
];

const LOG: &[Column] = &[shown("time"), shown("topics"), shown("message")];

const SERVICE: &[Column] = &[
    name().read(),
    text("port").kind(Kind::Number),
    with("address", "").kind(Kind::Address).until(7, 24),
    with("available-from", "").kind(Kind::Address).since(7, 24),
    text("vrf").since(7, 0),
    with("max-sessions", "20").kind(Kind::Number).since(7, 16),
    with("proto", "tcp").read().since(7, 16),
    flag("dynamic").read().since(7, 16),
    flag("invalid").read(),
    flag("disabled"),
];

const USER: &[Column] = &[
    name(),
    text("group").required().kind(Kind::Of("user/group")),
    with("address", "").kind(Kind::Address),
    text("password").secret(),
    shown("last-logged-in"),
    flag("expired").read().since(7, 0),
    text("comment"),
    flag("disabled"),
];

const GROUP: &[Column] =
    &[name(), text("policy").kind(Kind::Policy), with("skin", "default"), text("comment")];

const USER_ACTIVE: &[Column] = &[
    shown("when"),
    shown("name"),
    shown("address"),
    with("via", "api").read(),
    shown("group"),
    flag("radius").read(),
];

const SERVICES: Kind = Kind::Choice(&["any", "async", "pptp", "pppoe", "l2tp", "ovpn", "sstp"]);

const PPP_SECRET: &[Column] = &[
    name(),
    with("service", "any").kind(SERVICES),
    with("caller-id", ""),
    with("password", "").secret(),
    with("profile", "default").kind(Kind::Of("ppp/profile")),
    text("local-address").kind(Kind::Address),
    text("remote-address").kind(Kind::Address),
    with("routes", ""),
    with("ipv6-routes", ""),
    with("limit-bytes-in", "0").kind(Kind::Number),
    with("limit-bytes-out", "0").kind(Kind::Number),
    shown("last-logged-out"),
    with("last-caller-id", "").read().since(7, 0),
    with("last-disconnect-reason", "").read().since(7, 0),
    text("comment"),
    flag("disabled"),
];

const PROFILE: &[Column] = &[
    name(),
    text("local-address"),
    text("remote-address"),
    with("bridge-learning", "default"),
    with("use-mpls", "default"),
    with("use-compression", "default"),
    with("use-encryption", "default"),
    with("only-one", "default").kind(Kind::Choice(&["default", "no", "yes"])),
    with("change-tcp-mss", "default"),
    with("use-upnp", "default"),
    text("rate-limit"),
    with("address-list", ""),
    text("dns-server"),
    text("session-timeout"),
    text("idle-timeout"),
    text("parent-queue"),
    text("queue-type"),
    with("on-up", ""),
    with("on-down", ""),
    text("comment"),
    flag("default").read(),
];

const ACTIVE: &[Column] = &[
    shown("name"),
    with("service", "pppoe").read(),
    shown("caller-id"),
    shown("address"),
    shown("uptime"),
    with("encoding", "").read().until(7, 0),
    shown("session-id"),
    with("limit-bytes-in", "0").read(),
    with("limit-bytes-out", "0").read(),
    flag("radius").read().until(7, 0),
    text("comment"),
];

const INTERFACE: &[Column] = &[
    name(),
    shown("default-name"),
    with("type", "ether").read(),
    with("mtu", "1500"),
    with("actual-mtu", "1500").read(),
    shown("mac-address"),
    shown("last-link-up-time"),
    with("link-downs", "0").read(),
    with("rx-byte", "0").read(),
    with("tx-byte", "0").read(),
    with("rx-packet", "0").read(),
    with("tx-packet", "0").read(),
    with("rx-error", "0").read(),
    with("tx-error", "0").read(),
    flag("dynamic").read(),
    with("running", "true").kind(Kind::Flag).read(),
    flag("disabled"),
    text("comment"),
];

const WIREGUARD: &[Column] = &[
    name(),
    with("mtu", "1420").kind(Kind::Number),
    text("listen-port").kind(Kind::Number),
    text("private-key").secret(),
    shown("public-key"),
    with("running", "true").kind(Kind::Flag).read(),
    flag("disabled"),
    text("comment"),
];

const PEERS: &[Column] = &[
    text("name").since(7, 15),
    text("interface").required().kind(Kind::Of("interface/wireguard")),
    text("public-key").required(),
    text("private-key").secret().since(7, 15),
    with("endpoint-address", ""),
    with("endpoint-port", "0").kind(Kind::Number),
    with("current-endpoint-address", "").read(),
    with("current-endpoint-port", "0").read(),
    with("allowed-address", "").kind(Kind::Address),
    text("preshared-key").secret(),
    text("persistent-keepalive"),
    text("responder").kind(Kind::Flag).since(7, 17),
    text("last-handshake").read(),
    flag("disabled"),
    text("comment"),
];

const ADDRESS: &[Column] = &[
    text("address").required().kind(Kind::Address),
    text("network").kind(Kind::Address),
    text("interface").required().kind(Kind::Of("interface")),
    shown("actual-interface"),
    with("vrf", "main").read().since(7, 21),
    flag("slave").read().since(7, 21),
    flag("invalid").read(),
    flag("dynamic").read(),
    flag("disabled"),
    text("comment"),
];

const ARP: &[Column] = &[
    text("address").required().kind(Kind::Address),
    text("mac-address"),
    text("interface").required().kind(Kind::Of("interface")),
    with("vrf", "main").read().since(7, 0),
    flag("published"),
    shown("status").since(7, 0),
    flag("invalid").read(),
    flag("DHCP").read().until(7, 0),
    flag("dhcp").read().since(7, 0),
    flag("dynamic").read(),
    with("complete", "true").kind(Kind::Flag).read(),
    flag("disabled"),
    text("comment"),
];

const POOL: &[Column] = &[name(), text("ranges").required(), text("next-pool"), text("comment")];

const NEIGHBOR: &[Column] = &[
    shown("interface"),
    shown("address"),
    shown("address4"),
    shown("address6"),
    shown("mac-address"),
    shown("identity"),
    shown("platform"),
    shown("version"),
    with("unpack", "none").read(),
    shown("age"),
    shown("uptime"),
    shown("software-id"),
    shown("board"),
    shown("interface-name"),
    shown("system-description"),
    shown("system-caps"),
    shown("system-caps-enabled"),
    shown("discovered-by").since(7, 7),
];

const DHCP_SERVER: &[Column] = &[
    name(),
    text("interface").required(),
    with("relay", "0.0.0.0").kind(Kind::Address),
    with("address-pool", "static-only"),
    with("lease-time", "10m"),
    flag("dynamic").read(),
    flag("invalid").read(),
    flag("disabled"),
    text("comment"),
];

const LEASE: &[Column] = &[
    text("address"),
    text("mac-address"),
    with("client-id", ""),
    with("server", "all"),
    with("address-lists", ""),
    with("dhcp-option", "").since(7, 0),
    with("status", "waiting").read(),
    shown("expires-after"),
    with("last-seen", "never").read(),
    shown("age").since(7, 0),
    shown("active-address"),
    shown("active-mac-address"),
    shown("active-client-id"),
    shown("active-server"),
    shown("host-name"),
    flag("radius").read(),
    flag("dynamic").read(),
    flag("blocked").read(),
    flag("disabled"),
    text("comment"),
];

const FILTER: &[Column] = &[
    text("chain").required(),
    with("action", "accept"),
    text("connection-state"),
    text("connection-nat-state"),
    text("protocol"),
    text("src-address"),
    text("dst-address"),
    text("src-address-list"),
    text("dst-address-list"),
    text("src-port"),
    text("dst-port"),
    text("in-interface"),
    text("in-interface-list"),
    text("out-interface"),
    text("out-interface-list"),
    text("jump-target"),
    text("reject-with"),
    text("address-list"),
    text("address-list-timeout"),
    with("log", "false").kind(Kind::Flag),
    with("log-prefix", ""),
    with("bytes", "0").read(),
    with("packets", "0").read(),
    flag("invalid").read(),
    flag("dynamic").read(),
    flag("disabled"),
    text("comment"),
];

const ADDRESS_LIST: &[Column] = &[
    text("list").required(),
    text("address").required(),
    text("timeout"),
    shown("creation-time"),
    flag("dynamic").read(),
    flag("disabled"),
    text("comment"),
];

const QUEUE: &[Column] = &[
    name(),
    with("target", ""),
    with("parent", "none"),
    with("packet-marks", ""),
    with("priority", "8/8"),
    with("queue", "default-small/default-small"),
    with("limit-at", "0/0"),
    with("max-limit", "0/0"),
    with("burst-limit", "0/0"),
    with("burst-threshold", "0/0"),
    with("burst-time", "0s/0s"),
    with("bytes", "0/0").read(),
    with("packets", "0/0").read(),
    with("rate", "0/0").read(),
    flag("dynamic").read(),
    flag("invalid").read(),
    flag("disabled"),
    text("comment"),
];

/// The verbs that need a menu's own permission, by their name over the API and in the terminal.
pub(crate) fn verb(name: &str) -> Option<u8> {
    match name {
        "add" => Some(ADD),
        "set" | "enable" | "disable" | "unset" | "comment" => Some(SET),
        "remove" => Some(REMOVE),
        "listen" => Some(LISTEN),
        "move" => Some(ORDERED),
        _ => None,
    }
}
