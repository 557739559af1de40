//! The rooms of `crates/imsys/src` and the floors they stand on, as ARCHITECTURE.md tells; read from the `crate::`
//! paths in the sources.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// From the ground up. A room may use rooms of its own floor and of those below; no two use each other, however far
/// around.
const FLOORS: &[&[&str]] = &[
    &["clock", "complaints", "config", "fields", "files", "leader", "metrics", "stop", "time", "token"],
    &[
        "aging",
        "archive",
        "debts",
        "dialer",
        "history",
        "hook_limit",
        "live",
        "passwords",
        "secrets",
        "tls",
        "webhook_tokens",
    ],
    &["routers/session"],
    &["app"],
    &["http", "jobs"],
    &[
        "billing",
        "customers",
        "events",
        "monitoring",
        "presence",
        "routers",
        "services",
        "static_check",
        "tenants",
        "usage",
    ],
    &["admin_socket", "routes", "work"],
    &["wire"],
    &["cli", "demo"],
];

/// Folders that are a room of their own inside another one.
const INNER: &[&str] = &["routers/session"];

type Arrows = BTreeMap<String, BTreeMap<String, PathBuf>>;

/// Every source below `root`: where it stands there, and its text.
fn sources(root: &Path) -> Vec<(PathBuf, String)> {
    let (mut sources, mut folders) = (Vec::new(), vec![root.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the sources are here") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = fs::read_to_string(&path).expect("source is text");
            sources.push((path.strip_prefix(root).expect("inside").to_owned(), text));
        }
    }
    sources
}

/// Room -> the rooms it uses, each with a file that does.
fn arrows(root: &Path) -> Arrows {
    let mut arrows = Arrows::new();
    for (file, text) in sources(root) {
        let inside = file.with_extension("");
        let room = room(&inside.to_string_lossy());
        if room == "main" || room == "lib" {
            continue;
        }
        let used = arrows.entry(room.clone()).or_default();
        for other in paths(&text).iter().map(|path| self::room(path)).filter(|other| *other != room) {
            used.entry(other).or_insert_with(|| inside.clone());
        }
    }
    arrows
}

fn room(path: &str) -> String {
    let inner = INNER.iter().find(|inner| path == **inner || path.starts_with(&format!("{inner}/")));
    inner.map_or_else(|| path.split('/').next().unwrap_or_default().to_owned(), |inner| (*inner).to_owned())
}

/// What is named behind `crate::`, groups opened, without comments and tests: the first two steps of each, as in
/// `routers/session`.
fn paths(text: &str) -> Vec<String> {
    let text = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let steps = |path: &str| path.split("::").take(2).map(word).collect::<Vec<_>>().join("/");
    let mut paths = Vec::new();
    for rest in code.split("crate::").skip(1) {
        match rest.strip_prefix('{').and_then(|group| group.split_once('}')) {
            Some((group, _)) => {
                paths.extend(group.split(',').map(str::trim).filter(|path| !path.is_empty()).map(steps))
            }
            None => paths.push(steps(rest)),
        }
    }
    paths
}

fn word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

fn floor(room: &str) -> usize {
    let floor = FLOORS.iter().position(|floor| floor.contains(&room));
    floor.unwrap_or_else(|| panic!("{room} has no floor: give it one here and in ARCHITECTURE.md"))
}

/// The rooms on a way from `room` back to itself.
fn circle<'a>(arrows: &'a Arrows, room: &'a str) -> Option<Vec<&'a str>> {
    let (mut ways, mut seen) = (vec![vec![room]], BTreeSet::new());
    while let Some(way) = ways.pop() {
        for next in arrows.get(*way.last()?)?.keys() {
            if next == room {
                return Some(way);
            }
            if seen.insert(next) {
                ways.push(way.iter().copied().chain([next.as_str()]).collect());
            }
        }
    }
    None
}

#[test]
fn no_room_uses_a_room_above_it_and_none_stand_in_a_circle() {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/imsys/src"));
    let arrows = arrows(root);
    for (room, used) in &arrows {
        for (other, file) in used {
            assert!(
                floor(other) <= floor(room),
                "{room} uses {other}, which is above it, in {}.rs",
                file.display()
            );
        }
        if let Some(way) = circle(&arrows, room) {
            panic!("a circle: {}", way.join(" -> "));
        }
    }
}

#[test]
fn an_arrow_that_runs_up_and_a_circle_would_be_seen() {
    let text = "use crate::{app::App, wire};\n// crate::cli\nfn f() { crate::routers::session::Broker }\n\
                #[cfg(test)]\nmod tests { use crate::demo::X; }";
    assert_eq!(paths(text), ["app/App", "wire", "routers/session"]);
    let rooms: Vec<_> = paths(text).iter().map(|path| room(path)).collect();
    assert_eq!(rooms, ["app", "wire", "routers/session"]);
    let to = |other: &str| BTreeMap::from([(other.to_owned(), PathBuf::new())]);
    let arrows = Arrows::from([("a".into(), to("b")), ("b".into(), to("c")), ("c".into(), to("a"))]);
    assert_eq!(circle(&arrows, "a"), Some(vec!["a", "b", "c"]));
}

/// Whether a source is the edge, where what went wrong is put into an answer of HTTP.
fn is_edge(file: &Path) -> bool {
    file.components().any(|part| part.as_os_str() == "http" || part.as_os_str() == "http.rs")
}

#[test]
fn an_answer_of_http_is_made_at_the_edge_alone() {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/imsys/src"));
    let mut seen = 0;
    for (file, text) in sources(root) {
        let names = text.contains("ApiError");
        assert!(!names || is_edge(&file), "{} names ApiError: give it an error of its own", file.display());
        seen += usize::from(names);
    }
    assert!(seen > 20, "only {seen} files name it: the test looks at the wrong place");
}
