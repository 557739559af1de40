//! The recordings, and which of them are not played.

use serde_json::Value;
use std::fs;
use std::path::Path;

/// One request and its answer.
pub(crate) struct Recording {
    pub(crate) name: String,
    pub(crate) json: Value,
}

/// What our client never asks for, by a part of the path, and why it is of no use to it.
const LEFT_OUT: &[(&str, &str)] = &[
    ("/availability", "IMSys counts outages itself"),
    ("/outages", "IMSys counts outages itself"),
    ("/links", "neighbours are found by IMSys"),
    ("/ip", "addresses are not asked for"),
    ("/groups", "tenants are not groups there"),
    ("/maintenance", "complaints are IMSys's own"),
    ("/eventlog", "the log leaks other devices' events"),
    ("/logs", "the log leaks other devices' events"),
    ("/ports/", "ports are read in one list"),
    ("output=base64", "pictures are read as they are"),
    ("with=vlans", "VLANs are not read"),
    ("api_token=", "the token goes in a header"),
];
/// The routes that our client uses, and their neighbours that show the same rules.
const PLAYED: &[&str] = &["/api/v0/devices", "/api/v0/system", "/api/v0/ping", "/api/v0/nope"];
/// By name.
const ALONE: &[(&str, &str)] = &[
    ("608-options", "no browser asks LibreNMS"),
    ("023-add-json-no-content-type", "its body was not kept as it was sent"),
    ("022-add-form-encoded", "its body was not kept as it was sent"),
];

impl Recording {
    pub(crate) fn path(&self) -> &str {
        self.json["request"]["path"].as_str().expect("a request has a path")
    }

    /// Why it is not played.
    pub(crate) fn left_out(&self) -> Option<&'static str> {
        if !PLAYED.iter().any(|route| self.path().starts_with(route)) {
            return Some("a route that our client does not use");
        }
        let alone = ALONE.iter().find(|(name, _)| *name == self.name);
        let route = LEFT_OUT.iter().find(|(part, _)| self.path().contains(part));
        alone.or(route).map(|(_, why)| *why)
    }

    /// The fields of the answer.
    pub(crate) fn answer(&self) -> &Value {
        &self.json["response"]["json"]
    }
}

/// All of them in the order in which they were made; `None`, in words, where there are none.
pub(crate) fn all() -> Option<Vec<Recording>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/librenms/recorded");
    if !folder.is_dir() {
        println!("skipped: there are no recordings of LibreNMS beside the checkout");
        return None;
    }
    let mut recordings = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let text = fs::read_to_string(&path).expect("the file can be read");
            let name = path.file_stem().and_then(|stem| stem.to_str()).expect("a name").to_owned();
            recordings.push(Recording { name, json: serde_json::from_str(&text).expect("JSON") });
        }
    }
    recordings.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(!recordings.is_empty(), "the folder of recordings is empty");
    Some(recordings)
}
