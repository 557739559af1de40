//! What must be equal.

use crate::client::Answer;
use crate::recordings::Recording;
use serde_json::Value;

/// Fields that no two servers share: when something was done and how long it took, how long a device has been up, where its
/// place is on the map and in which order places were named, how deep LibreNMS reckons a device to be behind others at its
/// next poll, what a sensor said at the poll before.
const VOLATILE: &[&str] = &[
    "inserted",
    "last_discovered",
    "last_polled_timetaken",
    "last_discovered_timetaken",
    "last_ping_timetaken",
    "uptime",
    "timestamp",
    "lastupdate",
    "sensor_prev",
    "poll_time",
    "lat",
    "lng",
    "location_id",
    "id",
    "max_depth",
];
/// Of these it is compared whether there is one.
const SOME: &[&str] = &["last_polled", "last_ping"];

pub(crate) fn answer(recording: &Recording, answer: &Answer) -> Vec<String> {
    let wanted = &recording.json["response"];
    let mut differences = Vec::new();
    let mut differ = |what: String| differences.push(format!("{}: {what}", recording.name));
    if wanted["status"] != answer.status {
        differ(format!("status {} and not {}", answer.status, wanted["status"]));
    }
    let content_type =
        wanted["headers"]["Content-Type"].as_str().or(wanted["headers"]["Content-type"].as_str());
    if content_type != Some(&answer.content_type) {
        differ(format!("type {} and not {content_type:?}", answer.content_type));
    }
    match wanted.get("json") {
        Some(wanted) => {
            let found: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
            walk("", wanted, &found, &mut differ);
        }
        // A picture: its kind was compared.
        None if wanted.get("file").is_some() => assert!(!answer.body.is_empty(), "{}", recording.name),
        None => assert!(answer.body.is_empty(), "{}: {:?}", recording.name, answer.body),
    }
    differences
}

/// Of adds that raced it is not said which was first: their numbers differ, and nothing else.
pub(crate) fn race(recording: &Recording, raced: &Answer) -> Vec<String> {
    let of_number = |difference: &String| difference.contains("device_id") || difference.contains("message");
    let mut differences = answer(recording, raced);
    differences.retain(|difference| !of_number(difference));
    differences
}

fn walk(at: &str, wanted: &Value, found: &Value, differ: &mut impl FnMut(String)) {
    match (wanted, found) {
        (Value::Object(wanted), Value::Object(found)) => {
            let mut names: Vec<_> = wanted.keys().chain(found.keys()).collect();
            names.sort();
            names.dedup();
            for name in names {
                let (wanted, found) = (wanted.get(name), found.get(name));
                let inside = format!("{at}.{name}");
                match (wanted, found) {
                    (Some(_), Some(_)) if VOLATILE.contains(&name.as_str()) => {}
                    (Some(wanted), Some(found)) if SOME.contains(&name.as_str()) => {
                        if wanted.is_null() != found.is_null() {
                            differ(format!("{inside} is {found} and not {wanted}"));
                        }
                    }
                    (Some(wanted), Some(found)) => walk(&inside, wanted, found, differ),
                    _ => differ(format!("{inside} is {found:?} and not {wanted:?}")),
                }
            }
        }
        (Value::Array(wanted), Value::Array(found)) if wanted.len() == found.len() => {
            for (index, (wanted, found)) in wanted.iter().zip(found).enumerate() {
                walk(&format!("{at}[{index}]"), wanted, found, differ);
            }
        }
        _ if wanted == found => {}
        (Value::Array(wanted), Value::Array(found)) => {
            differ(format!("{at} has {} items and not {}", found.len(), wanted.len()));
        }
        _ => differ(format!("{at} is {found} and not {wanted}")),
    }
}
