//! What a router holds before anyone touched it.

use tokio::time::Instant;

use super::config::RouterConfig;
use super::state::State;
use crate::policy;
use crate::table::value::{Value, date};

/// Port numbers of `/ip/service`; `api` gets the one it really listens on.
const SERVICES: [(&str, &str); 8] = [
    ("telnet", "23"),
    ("ftp", "21"),
    ("www", "80"),
    ("ssh", "22"),
    ("www-ssl", "443"),
    ("api", "8728"),
    ("winbox", "8291"),
    ("api-ssl", "8729"),
];
const PACKAGES_6: [&str; 7] =
    ["routeros-arm64", "system", "ppp", "security", "advanced-tools", "dhcp", "wireless"];
/// The first number of a dynamic interface; recorded hooks carry ids like `*F0`.
pub(crate) const FIRST_DYNAMIC_INTERFACE: u32 = 0xF0;
const BUILD: i64 = 1_732_889_865_000;

/// Fills the tables of a new router.
pub(crate) fn fill(state: &mut State, config: &RouterConfig) {
    system(state, config);
    services(state);
    users(state, config);
    profiles(state);
    interfaces(state);
}

fn system(state: &mut State, config: &RouterConfig) {
    let version = state.version;
    let built = date(BUILD, version.iso_dates());
    state.make("system/identity", &[("name", Value::text(&config.identity))]);
    state.make("ppp/aaa", &[]);
    let fetch = if config.fetch_allowed { "yes" } else { "no" };
    let mode = if config.fetch_allowed { "advanced" } else { "home" };
    state.make("system/device-mode", &[("fetch", Value::text(fetch)), ("mode", Value::text(mode))]);
    state.make(
        "system/resource",
        &[
            ("uptime", Value::Since(Instant::now())),
            ("version", Value::text(version.with_channel())),
            ("build-time", Value::text(&built)),
            ("board-name", Value::text(&config.board)),
        ],
    );
    let firmware = Value::text(version.to_string());
    state.make(
        "system/routerboard",
        &[
            ("model", Value::text(&config.board)),
            ("serial-number", Value::text(format!("SIM{:09X}", config.seed & 0xF_FFFF_FFFF))),
            ("current-firmware", firmware.clone()),
            ("upgrade-firmware", firmware),
        ],
    );
    let packages: &[&str] = if version.major >= 7 { &["routeros"] } else { &PACKAGES_6 };
    for name in packages {
        let version = Value::text(version.to_string());
        state.make(
            "system/package",
            &[("name", Value::text(name)), ("version", version), ("build-time", Value::text(&built))],
        );
    }
}

fn services(state: &mut State) {
    for (name, port) in SERVICES {
        let on = name == "api" || name == "winbox";
        let disabled = Value::text(if on { "false" } else { "true" });
        state.make(
            "ip/service",
            &[("name", Value::text(name)), ("port", Value::text(port)), ("disabled", disabled)],
        );
    }
}

fn users(state: &mut State, config: &RouterConfig) {
    let full = policy::full(state.version);
    let read = "local,telnet,ssh,reboot,read,test,winbox,password,web,sniff,sensitive,api,romon";
    let write = "local,telnet,ssh,reboot,read,write,test,winbox,password,web,sniff,sensitive,api,romon";
    for (name, policies) in [("read", read), ("write", write), ("full", &*full)] {
        let shown =
            policy::normal(policies.as_bytes(), state.version).expect("policies that every version has");
        state.make("user/group", &[("name", Value::text(name)), ("policy", Value::text(shown))]);
    }
    state.make(
        "user",
        &[
            ("name", Value::text(&config.user)),
            ("group", Value::text("full")),
            ("password", Value::text(&config.password)),
        ],
    );
}

fn profiles(state: &mut State) {
    let profile = |name: &str, encryption: &str| {
        [
            ("name", Value::text(name)),
            ("use-encryption", Value::text(encryption)),
            ("change-tcp-mss", Value::text("yes")),
            ("default", Value::text("true")),
        ]
    };
    state.make("ppp/profile", &profile("default", "default"));
    state.make("ppp/profile", &profile("default-encryption", "yes"));
}

fn interfaces(state: &mut State) {
    for port in 1..=4u8 {
        let name = format!("ether{port}");
        let mac = Value::text(format!("02:5D:FF:00:00:{port:02X}"));
        state.make(
            "interface",
            &[
                ("name", Value::text(&name)),
                ("default-name", Value::text(&name)),
                ("mac-address", mac),
                ("last-link-up-time", Value::Date(BUILD)),
            ],
        );
    }
    if let Some(table) = state.at_mut("interface") {
        table.begin_at(FIRST_DYNAMIC_INTERFACE);
    }
}
