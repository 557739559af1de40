//! Graphs, which LibreNMS draws.

use super::LibreNms;
use super::call::{Answer, Call, CallError, PICTURE};
use super::readings::{is_plain, list, str_of};
use crate::port::{DoctorError, Graph, GraphEntry, GraphName, GraphQuery, Picture, Result};
use hyper::Method;
use imsys_domain::{DeviceId, text};
use std::collections::BTreeSet;

/// Between these LibreNMS draws well.
const SIZES: std::ops::RangeInclusive<u16> = 50..=2_000;
/// The lists of graphs: what their names begin with here, where the list is, and where a graph of it is.
const LISTS: &[(&str, &str, &str)] = &[
    ("", "graphs", ""),
    ("wireless/", "wireless", "graphs/wireless/"),
    ("health/", "health", "graphs/health/"),
];

impl LibreNms {
    pub(super) async fn graphs_of(&self, device: DeviceId) -> Result<Vec<GraphEntry>> {
        let row = self.there(device).await?;
        let lists = if row.is_without_snmp { &LISTS[..1] } else { LISTS };
        let (mut entries, mut seen) = (Vec::new(), BTreeSet::new());
        for (prefix, path, _) in lists {
            let answer = self.client.get(&format!("/devices/{}/{path}", row.number)).await?;
            for graph in list(&answer, "graphs")? {
                let Some(name) = str_of(graph, "name").filter(|name| is_plain(name)) else { continue };
                let name = GraphName(format!("{prefix}{name}"));
                let title = text::of_device(str_of(graph, "desc").unwrap_or(&name.0));
                if seen.insert(name.clone()) {
                    entries.push(GraphEntry { name, title });
                }
            }
        }
        Ok(entries)
    }

    pub(super) async fn graph_of(&self, device: DeviceId, query: &GraphQuery) -> Result<Graph> {
        let row = self.there(device).await?;
        let graph = path(&query.name).ok_or(DoctorError::NoSuchGraph)?;
        let format = match query.picture {
            Picture::Png => "png",
            Picture::Svg => "svg",
        };
        let [width, height] =
            [query.width, query.height].map(|size| size.clamp(*SIZES.start(), *SIZES.end()));
        let [from, to] = [query.from, query.to].map(|at| at.millis().div_euclid(1_000));
        let path = format!(
            "/devices/{}/{graph}?graph_type={format}&width={width}&height={height}&from={from}&to={to}",
            row.number
        );
        let within = self.client.settings.patience.answer;
        let call = Call { method: Method::GET, path: &path, body: None, within, most: PICTURE };
        let answer = match self.client.call(call).await {
            // The device was there a moment ago.
            Err(CallError::NotFound | CallError::NoRoute) => return Err(DoctorError::NoSuchGraph),
            other => other?,
        };
        let kind = kind(&answer).ok_or(CallError::NotUnderstood)?;
        Ok(Graph::Picture { kind, bytes: answer.bytes.into() })
    }
}

/// Where a graph is, below its device.
fn path(name: &GraphName) -> Option<String> {
    let of = |prefix: &str, place: &str| {
        let name = name.0.strip_prefix(prefix).filter(|name| is_plain(name))?;
        Some(format!("{place}{name}"))
    };
    LISTS.iter().find_map(|(prefix, _, place)| of(prefix, place))
}

/// By the content type and by the first bytes.
fn kind(answer: &Answer) -> Option<Picture> {
    let bytes = answer.bytes.as_ref();
    match answer.content_type.split(';').next()?.trim() {
        "image/png" if bytes.starts_with(b"\x89PNG\r\n\x1a\n") => Some(Picture::Png),
        "image/svg+xml" if bytes.starts_with(b"<?xml") || bytes.starts_with(b"<svg") => Some(Picture::Svg),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_path_of_graphs_and_nothing_else() {
        let at = |name: &str| path(&GraphName(name.into()));
        assert_eq!(at("device_icmp_perf").as_deref(), Some("device_icmp_perf"));
        assert_eq!(
            at("wireless/device_wireless_power").as_deref(),
            Some("graphs/wireless/device_wireless_power")
        );
        assert_eq!(at("health/device_temperature").as_deref(), Some("graphs/health/device_temperature"));
        for name in ["discover", "../2/device_icmp_perf", "health/discover", "device_icmp_perf?x"] {
            assert_eq!(at(name), None, "{name}");
        }
    }

    #[test]
    fn a_picture_is_one_by_its_type_and_by_its_bytes() {
        let answer = |content_type: &str, bytes: &'static [u8]| Answer {
            content_type: content_type.into(),
            bytes: bytes.into(),
        };
        assert_eq!(kind(&answer("image/png", b"\x89PNG\r\n\x1a\nrest")), Some(Picture::Png));
        assert_eq!(kind(&answer("image/svg+xml", b"<?xml version=\"1.0\"?>")), Some(Picture::Svg));
        assert_eq!(kind(&answer("image/png", b"<html>")), None);
        assert_eq!(kind(&answer("text/html", b"\x89PNG\r\n\x1a\n")), None);
    }
}
