//! The crate arrows of ARCHITECTURE.md, read from cargo's own metadata.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// Crate -> the crates of ours that it may depend on. Tests of `imsys` may use everything it uses.
const ALLOWED: &[(&str, &[&str])] = &[
    ("imsys-domain", &[]),
    ("routeros", &[]),
    ("imsys-store", &["imsys-domain"]),
    ("imsys-queue", &["imsys-domain"]),
    ("imsys-doctor", &["imsys-domain", "imsys-sim"]),
    ("imsys-sim", &["routeros"]),
    ("imsys-web", &[]),
    (
        "imsys",
        &["imsys-doctor", "imsys-domain", "routeros", "imsys-store", "imsys-queue", "imsys-sim", "imsys-web"],
    ),
    ("xtask", &[]),
];

fn arrows() -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--manifest-path"])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml"))
        .output()
        .expect("cargo runs");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON");
    let packages = metadata["packages"].as_array().expect("packages").clone();
    let ours: BTreeSet<String> =
        packages.iter().filter_map(|p| p["name"].as_str().map(str::to_owned)).collect();
    let dependencies = |package: &Value| {
        let all = package["dependencies"].as_array().cloned().unwrap_or_default();
        all.iter()
            .filter_map(|d| d["name"].as_str().map(str::to_owned))
            .filter(|name| ours.contains(name))
            .collect()
    };
    packages.iter().map(|p| (p["name"].as_str().unwrap_or_default().to_owned(), dependencies(p))).collect()
}

#[test]
fn crates_depend_on_each_other_only_as_the_architecture_allows() {
    let arrows = arrows();
    let names: BTreeSet<_> = ALLOWED.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(
        arrows.keys().cloned().collect::<BTreeSet<_>>(),
        names,
        "a crate without a rule, or a rule without a crate"
    );
    for (name, allowed) in ALLOWED {
        for target in &arrows[*name] {
            assert!(
                allowed.contains(&target.as_str()),
                "{name} -> {target} is not an arrow of ARCHITECTURE.md"
            );
        }
    }
}

/// Sources of `imsys` that know what carries a connection: to devices, from clients, and from the demo to the server.
const KNOW_TCP: &[&str] = &["dialer.rs", "http/server/listener.rs", "demo/client.rs"];

#[test]
fn only_the_session_opens_a_router_and_only_slices_that_need_it_read_from_it() {
    let root = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/imsys/src"));
    let reads = ["routers", "static_check", "monitoring", "usage"].map(|room| root.join(room));
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("the sources are here") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("source is text");
            let says = |what: &str| text.contains(what);
            if !path.starts_with(root.join("routers/session")) {
                assert!(!says("routeros::connect"), "{} opens routers", path.display());
            }
            if !KNOW_TCP.iter().any(|file| path == root.join(file)) {
                assert!(!says("TcpStream"), "{} dials by itself: ask the dialer", path.display());
            }
            if !reads.iter().any(|room| path.starts_with(room)) {
                assert!(!says("routeros::client"), "{} talks to routers", path.display());
            }
        }
    }
}
