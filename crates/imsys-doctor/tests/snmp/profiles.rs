//! Profiles of the project and of operators.

use std::fs;

use imsys_doctor::builtin::profiles::{Class, Library, Walked, readings};
use imsys_doctor::builtin::snmp::{Value, Varbind};

use crate::helper::oid;

const PROFILE: &str = r#"family = "acme"
maker = "Acme"
name = "Acme radio"
verified = "mib"
sources = ["ACME-MIB 1"]

[[match]]
object_id = "1.3.6.1.4.1.99"

[[metric]]
class = "signal"
id = "station"
name = "{label}"
oid = "1.3.6.1.4.1.99.1.1"
label = "1.3.6.1.4.1.99.1.2"
station = { index = 0 }
divisor = 10
skip = [0]

[[metric]]
class = "state"
name = "Link"
oid = "1.3.6.1.4.1.99.2.0"
states = { 1 = "up", 2 = "down" }
"#;

fn library(file: &str) -> Result<Library, String> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("acme.toml"), file).unwrap();
    fs::write(folder.path().join("notes.txt"), "no profile").unwrap();
    let mut library = Library::compiled_in();
    let added = library.add_folder(folder.path());
    added.map(|()| library).map_err(|errors| {
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        let errors = errors.join("\n");
        errors.rsplit_once('/').map_or(errors.clone(), |(_, from_name)| from_name.to_owned())
    })
}

fn walked(objects: &[(&str, Value)]) -> Walked {
    objects.iter().map(|(name, value)| Varbind { oid: oid(name), value: value.clone() }).collect()
}

#[test]
fn a_profile_of_an_operator_reads_a_device() {
    let library = library(PROFILE).unwrap();
    let walked = walked(&[
        ("1.3.6.1.4.1.99.1.1.0.1.2.3.4.255.7", Value::Integer(-615)),
        ("1.3.6.1.4.1.99.1.1.0.1.2.3.4.5.7", Value::Integer(0)),
        ("1.3.6.1.4.1.99.1.1.0.1.2.3.4.256.7", Value::Integer(-700)),
        ("1.3.6.1.4.1.99.1.2.0.1.2.3.4.255.7", Value::Octets(b"roof\x07 \xFF".to_vec())),
        ("1.3.6.1.4.1.99.2.0", Value::Octets(b"Down".to_vec())),
    ]);
    let found = readings(&library, library.get("acme").unwrap(), &walked);
    let found: Vec<_> = found
        .iter()
        .map(|reading| {
            let texts = (reading.index.as_str(), reading.name.as_str(), reading.state.as_deref());
            (reading.class, texts, reading.value, reading.station.as_deref())
        })
        .collect();
    let station = "station.0.1.2.3.4.255.7";
    let odd = "station.0.1.2.3.4.256.7";
    assert_eq!(
        found,
        [
            (Class::Signal, (station, "roof \u{FFFD}", None), -61.5, Some("00:01:02:03:04:ff")),
            (Class::Signal, (odd, "0.1.2.3.4.256.7", None), -70.0, None),
            (Class::State, ("", "Link", Some("down")), 2.0, None),
        ]
    );
    assert_eq!(Class::Signal.unit(), "dBm");
}

#[test]
fn a_refused_profile_names_file_line_and_cure() {
    let cases = [
        (
            "oid = \"1.3.6.1.4.1.99.2.0\"",
            "oid = \"1.3.x\"",
            "acme.toml, line 23: \"1.3.x\" is no object identifier",
        ),
        (
            "class = \"state\"",
            "class = \"stat\"",
            "acme.toml, line 21: unknown variant `stat`, expected one of `cpu`",
        ),
        ("divisor = 10", "divisor = 0", "acme.toml, line 10: `divisor` must be a number other than 0"),
        (
            "divisor = 10",
            "divider = 10",
            "acme.toml, line 17: unknown field `divider`, expected one of `class`",
        ),
        ("id = \"station\"\n", "", ""),
        (
            "class = \"state\"",
            "class = \"signal\"\nid = \"station\"",
            "acme.toml, line 20: there is another metric",
        ),
        ("{ 1 = \"up\"", "{ one = \"up\"", "acme.toml, line 20: the state \"one\" must be a whole number"),
        ("label = \"1.3.6.1.4.1.99.1.2\"\n", "", "acme.toml, line 10: `name` has {label}: say in `label`"),
        ("[[match]]\nobject_id = \"1.3.6.1.4.1.99\"", "[[match]]", "acme.toml, line 1: a [[match]] needs"),
        ("sources = [\"ACME-MIB 1\"]", "sources = []", "acme.toml, line 1: name the MIB module and revision"),
        (
            "sources = [\"ACME-MIB 1\"]",
            "sources = [\"A\"]\ninclude = [\"acne\"]",
            "there is no family \"acne\" to include",
        ),
    ];
    for (text, wrong, error) in cases {
        assert!(PROFILE.contains(text), "{text}");
        let refused = library(&PROFILE.replacen(text, wrong, 1)).err().unwrap_or_default();
        assert!(
            if error.is_empty() { refused.is_empty() } else { refused.contains(error) },
            "{wrong}: {refused}"
        );
    }
}

#[test]
fn a_profile_of_an_operator_replaces_one_of_ours() {
    let library = library(&PROFILE.replace("\"acme\"", "\"airos\"")).unwrap();
    assert_eq!(library.get("airos").unwrap().maker, "Acme");
    assert_eq!(library.get("routeros").unwrap().maker, "MikroTik");
}

#[test]
fn every_profile_that_is_compiled_in_can_be_read_and_includes_what_there_is() {
    let library = Library::compiled_in();
    for profile in library.iter() {
        for family in &profile.include {
            let included = library.get(family).unwrap_or_else(|| panic!("{}: {family}", profile.family));
            assert!(included.include.is_empty(), "{family} is included and must not include others");
        }
        let has_content = !profile.metrics.is_empty() || !profile.pools.is_empty();
        assert!(has_content, "{}", profile.family);
    }
    for family in ["airos", "airfiber", "af60", "edgeos"] {
        assert!(!library.get(family).unwrap().bulk, "{family} breaks on GETBULK");
    }
}

#[test]
fn processor_and_memory_of_net_snmp_count_only_where_nothing_better_is_there() {
    let library = Library::compiled_in();
    let generic = library.get("generic").unwrap();
    let ucd = [
        ("1.3.6.1.4.1.2021.11.11.0", Value::Integer(75)),
        ("1.3.6.1.4.1.2021.4.5.0", Value::Integer(1_000)),
        ("1.3.6.1.4.1.2021.4.6.0", Value::Integer(250)),
    ];
    let of = |class: Class, objects: &[(&str, Value)]| -> Vec<(String, f64)> {
        let found = readings(&library, generic, &walked(objects));
        found.into_iter().filter(|reading| reading.class == class).map(|r| (r.index, r.value)).collect()
    };
    assert_eq!(of(Class::Cpu, &ucd), [("ucd".to_owned(), 25.0)]);
    assert_eq!(of(Class::Memory, &ucd), [("ucd".to_owned(), 75.0)]);
    assert_eq!(of(Class::MemoryUsed, &ucd), [("ucd".to_owned(), 750.0 * 1_024.0)]);
    let mut host = ucd.to_vec();
    host.push(("1.3.6.1.2.1.25.3.3.1.2.1", Value::Integer(9)));
    assert_eq!(of(Class::Cpu, &host), [("1".to_owned(), 9.0)]);
}
