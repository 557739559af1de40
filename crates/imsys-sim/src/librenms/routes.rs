//! Which request is for whom.

use super::reply::Reply;
use super::sensors::{Kind, by_number, classes, of_class, wireless};
use super::state::State;
use super::{ADMIN_TOKEN, READER_TOKEN, change, devices, graphs, parents, ports};
use serde_json::json;

/// A request whose body was read.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) method: String,
    /// The path below `/api/v0`, and the query.
    pub(super) path: String,
    pub(super) query: String,
    pub(super) token: Option<String>,
    pub(super) accept: String,
    pub(super) body: Vec<u8>,
}

impl Asked {
    /// The answer where who asks is not known, or may only read.
    pub(super) fn refusal(&self) -> Option<Reply> {
        let is_reader = self.token.as_deref() == Some(READER_TOKEN);
        if self.accept.contains("text/html") || !is_reader && self.token.as_deref() != Some(ADMIN_TOKEN) {
            return Some(Reply::bare(401, "Unauthenticated."));
        }
        let reads = self.method == "GET";
        (is_reader && !reads).then(|| Reply::bare(403, "This action is unauthorized."))
    }

    pub(super) fn is_add(&self) -> bool {
        self.method == "POST" && self.path.trim_end_matches('/') == "/devices"
    }

    fn query(&self, name: &str) -> Option<String> {
        let pairs = self.query.split('&').filter_map(|pair| pair.split_once('='));
        let found = pairs.into_iter().find(|(key, _)| *key == name);
        found.map(|(_, value)| decoded(value))
    }
}

/// Every request but adds, which take time.
pub(super) fn answer(state: &mut State, asked: &Asked) -> Reply {
    let decoded: Vec<String> = asked.path.split('/').filter(|part| !part.is_empty()).map(decoded).collect();
    let path: Vec<&str> = decoded.iter().map(String::as_str).collect();
    let query = |name: &str| asked.query(name);
    let format = query("graph_type");
    let format = format.as_deref();
    match (asked.method.as_str(), &path[..]) {
        ("GET", ["ping"]) => Reply::json(200, &json!({ "message": "pong" })),
        ("GET", ["system"]) => system(),
        ("GET", ["devices"]) => {
            let (kind, order) = (query("type"), query("order"));
            devices::list(state, kind.as_deref(), &query("query").unwrap_or_default(), order.as_deref())
        }
        ("GET", ["devices", key]) => devices::one(state, key),
        ("PATCH", ["devices", key]) => change::patch(state, key, &asked.body),
        ("PATCH", ["devices", key, "rename", name]) => change::rename(state, key, name),
        ("DELETE", ["devices", key]) => change::delete(state, key),
        ("GET", ["devices", key, "discover"]) => change::discover(state, key),
        ("POST", ["devices", key, "parents"]) => parents::set(state, key, &asked.body),
        ("DELETE", ["devices", key, "parents"]) => parents::delete(state, key, &asked.body),
        ("GET", ["devices", key, "ports"]) => ports::list(state, key, query("columns").as_deref()),
        ("GET", ["devices", key, "wireless-sensors"]) if !state.faults.is_old => {
            wireless(state, key, query("class").as_deref())
        }
        ("GET", ["devices", _, "wireless-sensors"]) => Reply::no_route(),
        ("GET", ["devices", key, "wireless"]) => classes(state, key, Kind::Wireless),
        ("GET", ["devices", key, "wireless", name]) => of_class(state, key, Kind::Wireless, name),
        ("GET", ["devices", _, "wireless", _, number]) => by_number(state, Kind::Wireless, number),
        ("GET", ["devices", key, "health"]) => classes(state, key, Kind::Health),
        ("GET", ["devices", key, "health", name]) => of_class(state, key, Kind::Health, name),
        ("GET", ["devices", _, "health", _, number]) => by_number(state, Kind::Health, number),
        ("GET", ["devices", key, "graphs"]) => graphs::list(state, key),
        ("GET", ["devices", key, "graphs", "wireless" | "health", name, ..]) => {
            graphs::of_sensors(state, key, name, format)
        }
        ("GET", ["devices", key, name]) if name.starts_with("device_") => {
            graphs::one(state, key, name, format)
        }
        _ => Reply::no_route(),
    }
}

fn system() -> Reply {
    let system = json!({
        "local_ver": "26.7.0", "local_sha": "", "local_date": "2026-08-16T03:50:15+00:00", "local_branch": "",
        "db_schema": "2026_07_30_162514_add_device_refresh_config_permission (397)", "php_ver": "8.2.36",
        "python_ver": "3.11.2", "database_ver": "MariaDB 10.11.19-MariaDB-0+deb12u1", "rrdtool_ver": "1.7.2",
        "netsnmp_ver": "5.9.3",
    });
    Reply::counted("system", vec![system])
}

/// With `%XX` and `+` as what they stand for.
fn decoded(text: &str) -> String {
    let mut bytes = text.bytes();
    let mut out = Vec::new();
    while let Some(byte) = bytes.next() {
        let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16));
        match byte {
            b'%' => {
                let (high, low) = (digit(bytes.next()), digit(bytes.next()));
                out.extend(high.zip(low).map(|(high, low)| (high * 16 + low) as u8));
            }
            b'+' => out.push(b' '),
            byte => out.push(byte),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}
