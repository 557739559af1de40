//! Recordings as devices on loopback.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use imsys_doctor::builtin::profiles::{self, Library, Link, Walked, identify};
use imsys_doctor::builtin::snmp::{Credentials, Device, SnmpSocket};
use imsys_sim::snmp::{Quirks, Recording, ReplayAgent};
use serde_json::Value as Json;
use tokio::time::Instant;

/// A guard against hanging, ten times what a slow machine needs.
const HANG: Duration = Duration::from_secs(120);

/// Where the recordings are; `None`, in words, when they are not there.
pub(crate) fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/snmp");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: there are no recordings of SNMP agents beside the checkout");
    None
}

/// The names of all recordings.
pub(crate) fn recordings(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder.join("recordings")).expect("the folder can be read");
    let mut names: Vec<String> = entries
        .filter_map(|entry| Some(entry.ok()?.file_name().to_str()?.strip_suffix(".snmprec")?.to_owned()))
        .collect();
    names.sort();
    assert!(!names.is_empty(), "the folder of recordings is empty");
    names
}

/// What is expected of a recording.
pub(crate) fn expected(folder: &Path, name: &str) -> Vec<Json> {
    let text =
        fs::read_to_string(folder.join(format!("expected/{name}.json"))).expect("the file can be read");
    serde_json::from_str(&text).expect("a list of rows")
}

/// Plays a recording, finds its family and polls it.
pub(crate) async fn poll(folder: &Path, name: &str, library: &Library) -> (String, Walked) {
    let recording =
        Recording::load(&folder.join(format!("recordings/{name}.snmprec"))).expect("it can be read");
    let agent = ReplayAgent::start(recording, "public", Quirks::default()).await.expect("a free port");
    let socket = SnmpSocket::bind().await.expect("a socket");
    let peer = socket.agent(agent.address(), &Credentials::V2c("public".into())).await.expect("credentials");
    let device = Device::new(peer, true);
    let deadline = Instant::now() + HANG;
    let identity = identify(library, &device, deadline).await.expect("the agent answers");
    let family = identity.family.unwrap_or_else(|| panic!("{name} has no family"));
    let profile = library.get(&family).expect("a family of the library");
    let polled = profiles::poll(library, profile, &device, deadline).await.expect("the agent answers");
    assert_eq!(polled.incomplete, None, "{name}");
    (family, polled.walked)
}

/// As IF-MIB names it.
pub(crate) fn link_name(link: Option<Link>) -> Option<&'static str> {
    Some(match link? {
        Link::Up => "up",
        Link::Down => "down",
        Link::Testing => "testing",
        Link::Unknown => "unknown",
        Link::Dormant => "dormant",
        Link::NotPresent => "notPresent",
        Link::LowerLayerDown => "lowerLayerDown",
    })
}

/// As IANAifType-MIB names the types that occur in the recordings.
pub(crate) fn kind_name(kind: Option<u32>) -> Option<String> {
    let name = match kind? {
        1 => "other",
        6 => "ethernetCsmacd",
        22 => "propPointToPointSerial",
        23 => "ppp",
        24 => "softwareLoopback",
        53 => "propVirtual",
        71 => "ieee80211",
        131 => "tunnel",
        135 => "l2vlan",
        136 => "l3ipvlan",
        161 => "ieee8023adLag",
        188 => "radioMAC",
        209 => "bridge",
        other => return Some(other.to_string()),
    };
    Some(name.to_owned())
}
