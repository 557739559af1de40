//! What waits for one browser: at most one entry per thing, the newest.

use super::Topic;
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// Most things that wait for one browser. Beyond it the browser had better fetch anew.
const WAITING: usize = 2000;

/// One watcher.
pub(crate) struct Client {
    pub(crate) topics: Vec<Topic>,
    /// Rings when something waits.
    pub(crate) bell: Notify,
    waiting: Mutex<Waiting>,
}

#[derive(Default)]
struct Waiting {
    seq: u64,
    items: Vec<Item>,
    places: HashMap<(Topic, String), usize>,
    overflowed: bool,
}

struct Item {
    topic: Topic,
    rev: i64,
    fields: Map<String, Value>,
}

impl Client {
    pub(crate) fn new(topics: Vec<Topic>, seq: u64) -> Self {
        let waiting = Mutex::new(Waiting { seq, ..Waiting::default() });
        Self { topics, bell: Notify::new(), waiting }
    }

    pub(crate) fn wants(&self, topic: Topic) -> bool {
        self.topics.contains(&topic)
    }

    /// The number of the last event.
    pub(crate) fn seq(&self) -> u64 {
        self.lock().seq
    }

    /// Notes a change. Fields of an earlier one that was not sent yet stay, unless they changed again.
    pub(crate) fn add(&self, topic: Topic, id: &str, rev: i64, fields: &Value) {
        let mut waiting = self.lock();
        if !waiting.overflowed {
            waiting.add(topic, id, rev, fields);
        }
        drop(waiting);
        self.bell.notify_one();
    }

    /// More changed than can be told.
    pub(crate) fn overflow(&self) {
        let mut waiting = self.lock();
        waiting.overflowed = true;
        waiting.items.clear();
        waiting.places.clear();
        drop(waiting);
        self.bell.notify_one();
    }

    /// Whether nothing waits.
    pub(crate) fn is_idle(&self) -> bool {
        let waiting = self.lock();
        waiting.items.is_empty() && !waiting.overflowed
    }

    /// What waits, as the text of one write; `None` when nothing does.
    pub(crate) fn take(&self) -> Option<String> {
        let mut waiting = self.lock();
        let mut text = String::new();
        if std::mem::take(&mut waiting.overflowed) {
            waiting.seq += 2;
            let topic = self.topics.first()?;
            event(&mut text, topic.name(), &json!({ "seq": waiting.seq, "items": [] }));
            return Some(text);
        }
        waiting.places.clear();
        let mut items = std::mem::take(&mut waiting.items);
        items.sort_by_key(|item| item.topic);
        for group in items.chunk_by(|a, b| a.topic == b.topic) {
            waiting.seq += 1;
            let fields: Vec<&Map<String, Value>> = group.iter().map(|item| &item.fields).collect();
            let topic = group.first().map_or("", |item| item.topic.name());
            event(&mut text, topic, &json!({ "seq": waiting.seq, "items": fields }));
        }
        Some(text).filter(|text| !text.is_empty())
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    fn add(&mut self, topic: Topic, id: &str, rev: i64, fields: &Value) {
        let next = self.items.len();
        let place = *self.places.entry((topic, id.to_owned())).or_insert(next);
        if place == WAITING {
            self.items.clear();
            self.places.clear();
            self.overflowed = true;
            return;
        }
        if place == next {
            let fields = Map::from_iter([("id".to_owned(), id.into())]);
            self.items.push(Item { topic, rev, fields });
        }
        let Some(item) = self.items.get_mut(place).filter(|item| item.rev <= rev) else { return };
        item.rev = rev;
        item.fields.insert("rev".into(), rev.into());
        item.fields.extend(fields.as_object().cloned().into_iter().flatten());
    }
}

/// One event in the form of Server-Sent Events. JSON has no line breaks of its own.
pub(crate) fn event(text: &mut String, name: &str, data: &Value) {
    let _infallible = write!(text, "event: {name}\ndata: {data}\n\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client() -> Client {
        Client::new(Topic::ALL.to_vec(), 0)
    }

    fn data(text: &str) -> Vec<Value> {
        text.lines()
            .filter_map(|line| line.strip_prefix("data: "))
            .map(|d| serde_json::from_str(d).unwrap())
            .collect()
    }

    #[test]
    fn changes_of_one_thing_become_one_item_with_the_newest_of_each_field() {
        let client = client();
        client.add(Topic::Service, "a", 1, &json!({ "status": "online", "suspended": false }));
        client.add(Topic::Service, "a", 3, &json!({ "status": "offline" }));
        client.add(Topic::Service, "a", 2, &json!({ "status": "unknown" }));
        let expected =
            json!({ "seq": 1, "items": [{ "id": "a", "rev": 3, "status": "offline", "suspended": false }] });
        assert_eq!(data(&client.take().unwrap()), [expected]);
        assert_eq!(client.take(), None);
    }

    #[test]
    fn each_topic_is_an_event_and_each_event_a_number() {
        let client = client();
        client.add(Topic::Router, "r", 1, &json!({}));
        client.add(Topic::Service, "a", 1, &json!({}));
        client.add(Topic::Router, "s", 1, &json!({}));
        let text = client.take().unwrap();
        let names: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("event: ")).collect();
        assert_eq!(names, ["service", "router"]);
        let all = data(&text);
        assert_eq!(all.iter().map(|d| d["seq"].as_u64().unwrap()).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(all[1]["items"].as_array().unwrap().len(), 2);
    }

    #[test]
    fn too_much_at_once_becomes_a_gap() {
        let client = client();
        for n in 0..=WAITING {
            client.add(Topic::Service, &n.to_string(), 1, &json!({}));
        }
        client.add(Topic::Service, "x", 1, &json!({}));
        assert_eq!(data(&client.take().unwrap()), [json!({ "seq": 2, "items": [] })]);
        client.add(Topic::Service, "y", 1, &json!({}));
        assert_eq!(data(&client.take().unwrap())[0]["seq"], 3);
    }
}
