//! What waits for one browser: at most one entry per thing, the newest.

use super::Topic;
use super::words::{Told, told};
use imsys_store::model::{Changed, Cursor};
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
    stream: String,
    waiting: Mutex<Waiting>,
}

#[derive(Default)]
struct Waiting {
    /// Up to here the feed was sent.
    sent: Cursor,
    /// Up to here it was told.
    told: Cursor,
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
    pub(super) fn new(topics: Vec<Topic>, stream: String, at: Cursor) -> Self {
        let waiting = Mutex::new(Waiting { sent: at, told: at, ..Waiting::default() });
        Self { topics, bell: Notify::new(), stream, waiting }
    }

    pub(crate) fn wants(&self, topic: Topic) -> bool {
        self.topics.contains(&topic)
    }

    /// The `seq` of the last event.
    pub(super) fn seq(&self) -> Cursor {
        self.lock().sent
    }

    /// The greeting.
    pub(crate) fn hello(&self) -> String {
        let mut text = String::new();
        self.greet(&mut text, self.lock().sent);
        text
    }

    /// This browser has seen the feed up to `seen` alone.
    pub(super) fn go_back(&self, seen: Cursor) {
        self.lock().sent = seen;
    }

    /// Notes an entry of the feed.
    pub(super) fn tell(&self, changed: &Changed) {
        let mut waiting = self.lock();
        waiting.told = changed.cursor.max(waiting.told);
        if waiting.overflowed {
            return;
        }
        for Told { topic, id, rev, fields } in changed.changes.iter().filter_map(told) {
            if self.wants(topic) {
                waiting.add(topic, &id, rev, &fields);
            }
        }
        drop(waiting);
        self.bell.notify_one();
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

    /// More changed than can be told: all up to `head`.
    pub(super) fn overflow(&self, head: Cursor) {
        let mut waiting = self.lock();
        waiting.told = head;
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
        let (sent, told) = (waiting.sent, waiting.told);
        waiting.sent = told;
        if std::mem::take(&mut waiting.overflowed) {
            self.greet(&mut text, told);
            return Some(text);
        }
        waiting.places.clear();
        let mut items = std::mem::take(&mut waiting.items);
        items.sort_by_key(|item| item.topic);
        let mut groups = items.chunk_by(|a, b| a.topic == b.topic).peekable();
        while let Some(group) = groups.next() {
            // Cut off in between, a browser comes back for all of it.
            let seq = if groups.peek().is_some() { sent } else { told };
            let fields: Vec<&Map<String, Value>> = group.iter().map(|item| &item.fields).collect();
            let topic = group.first().map_or("", |item| item.topic.name());
            self.event(&mut text, topic, seq, &json!({ "seq": seq, "items": fields }));
        }
        Some(text).filter(|text| !text.is_empty())
    }

    fn greet(&self, text: &mut String, seq: Cursor) {
        self.event(text, "hello", seq, &json!({ "stream": self.stream, "seq": seq }));
    }

    /// One event in the form of Server-Sent Events. JSON has no line breaks of its own.
    fn event(&self, text: &mut String, name: &str, Cursor(seq): Cursor, data: &Value) {
        let _infallible = write!(text, "event: {name}\nid: {}-{seq}\ndata: {data}\n\n", self.stream);
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

#[cfg(test)]
mod tests {
    use super::*;
    use imsys_domain::TenantId;
    use uuid::Uuid;

    fn client() -> Client {
        Client::new(Topic::ALL.to_vec(), "f".into(), Cursor(4))
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
            json!({ "seq": 4, "items": [{ "id": "a", "rev": 3, "status": "offline", "suspended": false }] });
        assert_eq!(data(&client.take().unwrap()), [expected]);
        assert_eq!(client.take(), None);
    }

    #[test]
    fn each_topic_is_an_event_and_only_the_last_says_how_far_the_feed_was_told() {
        let client = client();
        client.add(Topic::Router, "r", 1, &json!({}));
        client.add(Topic::Service, "a", 1, &json!({}));
        client.add(Topic::Router, "s", 1, &json!({}));
        client.tell(&Changed { cursor: Cursor(9), tenant: TenantId(Uuid::nil()), changes: Vec::new() });
        let text = client.take().unwrap();
        let names: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("event: ")).collect();
        assert_eq!(names, ["service", "router"]);
        let all = data(&text);
        assert_eq!(all.iter().map(|d| d["seq"].as_u64().unwrap()).collect::<Vec<_>>(), [4, 9]);
        assert_eq!(all[1]["items"].as_array().unwrap().len(), 2);
    }

    #[test]
    fn too_much_at_once_becomes_another_greeting() {
        let client = client();
        for n in 0..=WAITING {
            client.add(Topic::Service, &n.to_string(), 1, &json!({}));
        }
        client.add(Topic::Service, "x", 1, &json!({}));
        client.tell(&Changed { cursor: Cursor(9), tenant: TenantId(Uuid::nil()), changes: Vec::new() });
        assert_eq!(data(&client.take().unwrap()), [json!({ "stream": "f", "seq": 9 })]);
        client.add(Topic::Service, "y", 1, &json!({}));
        assert_eq!(data(&client.take().unwrap())[0]["seq"], 9);
    }
}
