//! Circles between files, by the paths in the sources. What stands between a file and the files it is made of is none.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Module path, such as `sqlite/db` -> the modules it uses.
type Arrows = BTreeMap<String, BTreeSet<String>>;

fn sources(root: &Path) -> BTreeMap<String, String> {
    let (mut sources, mut folders) = (BTreeMap::new(), vec![root.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the sources are here") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let inside = path.strip_prefix(root).expect("inside").with_extension("");
                let module = inside.to_string_lossy().into_owned();
                let module = module.strip_suffix("/mod").unwrap_or(&module).to_owned();
                sources.insert(module, fs::read_to_string(&path).expect("source is text"));
            }
        }
    }
    sources
}

fn arrows(sources: &BTreeMap<String, String>) -> Arrows {
    let used = |(module, text): (&String, &String)| {
        let paths = paths(text, module);
        let others = paths.iter().filter_map(|path| nearest(path, sources));
        let others = others.filter(|other| !is_part(other, module) && !is_part(module, other));
        (module.clone(), others.map(str::to_owned).collect())
    };
    sources.iter().map(used).collect()
}

/// The module that a path leads into: the longest beginning of it that is one.
fn nearest<'a>(path: &'a str, sources: &BTreeMap<String, String>) -> Option<&'a str> {
    let mut path = path;
    while !sources.contains_key(path) {
        path = path.rsplit_once('/')?.0;
    }
    Some(path)
}

/// Whether `inner` is `outer`, or stands inside of it.
fn is_part(inner: &str, outer: &str) -> bool {
    inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// What is named behind `crate::` and `super::` in `module`, groups opened, without comments and tests.
fn paths(text: &str, module: &str) -> Vec<String> {
    let text = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let mut paths = Vec::new();
    for (begin, base) in
        [("crate::", ""), ("super::", module.rsplit_once('/').map_or("", |(outer, _)| outer))]
    {
        for (at, _) in code.match_indices(begin) {
            let before = code.get(..at).and_then(|before| before.chars().next_back());
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
                continue;
            }
            let (mut base, mut rest) = (base, code.get(at + begin.len()..).unwrap_or_default());
            while let Some(further) = rest.strip_prefix("super::") {
                (base, rest) = (base.rsplit_once('/').map_or("", |(outer, _)| outer), further);
            }
            let stem = if base.is_empty() { String::new() } else { format!("{base}/") };
            match rest.strip_prefix('{').and_then(|group| group.split_once('}')) {
                Some((group, _)) => {
                    paths.extend(group.split(',').map(|path| format!("{stem}{}", steps(path.trim()))));
                }
                None => paths.push(format!("{stem}{}", steps(rest))),
            }
        }
    }
    paths
}

/// `a::b::{C` -> `a/b`.
fn steps(path: &str) -> String {
    let end = path.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).unwrap_or(path.len());
    path.get(..end)
        .unwrap_or_default()
        .split("::")
        .filter(|step| !step.is_empty())
        .collect::<Vec<_>>()
        .join("/")
}

/// The groups of modules that use each other, however far around.
fn circles(arrows: &Arrows) -> BTreeSet<Vec<&str>> {
    let reach: BTreeMap<&str, BTreeSet<&str>> =
        arrows.keys().map(|module| (module.as_str(), reached(arrows, module))).collect();
    let mut circles = BTreeSet::new();
    for (module, others) in &reach {
        let circle: Vec<&str> = others
            .iter()
            .filter(|other| reach.get(*other).is_some_and(|back| back.contains(module)))
            .copied()
            .collect();
        if circle.len() > 1 {
            circles.insert(circle);
        }
    }
    circles
}

fn reached<'a>(arrows: &'a Arrows, module: &str) -> BTreeSet<&'a str> {
    let (mut reached, mut open) = (BTreeSet::new(), vec![module]);
    while let Some(module) = open.pop() {
        for next in arrows.get(module).into_iter().flatten() {
            if reached.insert(next.as_str()) {
                open.push(next);
            }
        }
    }
    reached
}

fn circles_of(source: &str) -> (usize, BTreeSet<Vec<String>>) {
    let arrows = arrows(&sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates").join(source)));
    let circles = circles(&arrows);
    let owned = circles.into_iter().map(|circle| circle.into_iter().map(str::to_owned).collect());
    (arrows.values().map(BTreeSet::len).sum(), owned.collect())
}

#[test]
fn at_most_three_files_of_the_product_stand_in_a_circle() {
    let (arrows, circles) = circles_of("imsys/src");
    assert!(arrows > 300, "only {arrows} arrows: the test looks at the wrong place");
    for circle in &circles {
        assert!(circle.len() <= 3, "a circle: {}", circle.join(", "));
    }
}

#[test]
fn no_files_of_the_store_stand_in_a_circle() {
    let (arrows, circles) = circles_of("imsys-store/src");
    assert!(arrows > 100, "only {arrows} arrows: the test looks at the wrong place");
    assert_eq!(circles, BTreeSet::new());
}

#[test]
fn a_circle_would_be_seen() {
    let files = [
        ("a", "use crate::b::{self, Thing};"),
        ("b", "fn f() { super::c::inner::g() }\n// crate::d"),
        ("c", ""),
        ("c/inner", "use super::super::a::X;\n#[cfg(test)]\nmod tests { use crate::d; }"),
        ("d", "use crate::a;"),
    ];
    let sources = files.map(|(module, text)| (module.to_owned(), text.to_owned())).into();
    assert_eq!(circles(&arrows(&sources)), BTreeSet::from([vec!["a", "b", "c/inner"]]));
}
