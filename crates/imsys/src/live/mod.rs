//! Live events for browsers: what changed, coalesced, over Server-Sent Events.
//!
//! Browsers are told what the store's change feed tells: one reader per process ([`Live::follow`]) hands each entry to
//! the watchers of its tenant, whichever process made it. A stream opens with `hello {stream, seq}` and goes on with events
//! named by topic, `{seq, items: [{id, rev, …}]}`. `stream` is the feed's name and `seq` a place in it: everything up to
//! it has been told. Who comes back with both in `Last-Event-ID` is told what has changed since and is greeted with the
//! same two; another greeting, also in the middle of a stream, says that something was missed.
//!
//! * `client`: what waits for one browser; `words`: how changes are told; `follow`: the reader of the feed.

pub(crate) mod client;
mod follow;
mod words;

pub use words::is_online;

use client::Client;
use imsys_domain::TenantId;
use imsys_store::model::{Changed, Cursor, Feed};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use tokio::sync::{Notify, watch};

/// Most streams of one tenant.
const STREAMS: usize = 256;

/// What an event is about; the name of the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// A service changed.
    Service,
    /// A router changed.
    Router,
    /// A device's status changed.
    Device,
    /// Something was changed that the overview may show; its one item has the tenant's id and the counts
    /// of services.
    Overview,
    /// A router's job has begun or ended; the id is the router's.
    Job,
}

impl Topic {
    /// Every topic.
    pub const ALL: [Self; 5] = [Self::Service, Self::Router, Self::Device, Self::Overview, Self::Job];

    /// The name in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Router => "router",
            Self::Device => "device",
            Self::Overview => "overview",
            Self::Job => "job",
        }
    }
}

/// The hub between what happens and who watches; cheap to clone.
#[derive(Clone)]
pub struct Live(Arc<Hub>);

struct Hub {
    /// The name of the feed.
    stream: String,
    rooms: Mutex<Rooms>,
    /// Rings when somebody begins to watch.
    joined: Notify,
    /// Counts the reasons to ask again whether a watcher may still watch.
    doubts: watch::Sender<u64>,
    closed: watch::Sender<bool>,
}

struct Rooms {
    /// Up to here the feed has been told.
    told: Cursor,
    of: HashMap<TenantId, Room>,
}

#[derive(Default)]
struct Room {
    /// The overview is to be counted again.
    touched: bool,
    clients: Vec<Weak<Client>>,
}

impl Room {
    fn watchers(&self) -> impl Iterator<Item = Arc<Client>> {
        self.clients.iter().filter_map(Weak::upgrade)
    }
}

impl Live {
    /// Of a feed, from where it stands.
    pub(crate) fn new(feed: Feed) -> Self {
        let rooms = Mutex::new(Rooms { told: feed.head, of: HashMap::new() });
        let (doubts, closed) = (watch::Sender::new(0), watch::Sender::new(false));
        Self(Arc::new(Hub { stream: feed.name, rooms, joined: Notify::new(), doubts, closed }))
    }

    /// Hands an entry of the feed to those who watch.
    pub(crate) fn deliver(&self, changed: &Changed) {
        let mut rooms = self.rooms();
        rooms.told = changed.cursor.max(rooms.told);
        // Nobody has ever watched there.
        let Some(room) = rooms.of.get_mut(&changed.tenant) else { return };
        room.touched = true;
        let clients: Vec<_> = room.watchers().collect();
        drop(rooms);
        clients.iter().for_each(|client| client.tell(changed));
    }

    /// What the feed said may have been missed: every browser had better fetch anew.
    fn gap(&self, head: Cursor) {
        let mut rooms = self.rooms();
        rooms.told = head;
        rooms.of.values().flat_map(Room::watchers).for_each(|client| client.overflow(head));
    }

    /// Tells the tenant's watchers of `topic` something that no feed keeps: that `id` is at `rev` now. `fields` makes an
    /// object with what changed, if somebody watches; it is sent beside `id` and `rev`. Never waits.
    pub fn tell(
        &self,
        tenant: TenantId,
        topic: Topic,
        id: impl ToString,
        rev: i64,
        fields: impl FnOnce() -> Value,
    ) {
        let rooms = self.rooms();
        let watchers = rooms.of.get(&tenant).into_iter().flat_map(Room::watchers);
        let clients: Vec<_> = watchers.filter(|client| client.wants(topic)).collect();
        drop(rooms);
        if clients.is_empty() {
            return;
        }
        let (id, fields) = (id.to_string(), fields());
        for client in clients {
            client.add(topic, &id, rev, &fields);
        }
    }

    /// The tenant's overview is to be counted again.
    pub(crate) fn touch(&self, tenant: TenantId) {
        self.rooms().of.entry(tenant).or_default().touched = true;
    }

    /// The tenants whose overview is to be counted again, if somebody watches it.
    pub(crate) fn take_touched(&self) -> Vec<TenantId> {
        let mut rooms = self.rooms();
        let touched = rooms.of.iter_mut().filter_map(|(tenant, room)| {
            let touched = std::mem::take(&mut room.touched);
            let watched = || room.watchers().any(|client| client.wants(Topic::Overview));
            (touched && watched()).then_some(*tenant)
        });
        touched.collect()
    }

    /// Somebody may no longer watch: every stream asks again, now.
    pub fn doubt(&self) {
        self.0.doubts.send_modify(|n| *n += 1);
    }

    /// Ends all streams, for good.
    pub fn close(&self) {
        self.0.closed.send_replace(true);
    }

    /// The name of the streams.
    pub(crate) fn stream(&self) -> &str {
        &self.0.stream
    }

    /// Counts up when everybody who watches must prove again that they may.
    pub(crate) fn doubts(&self) -> watch::Receiver<u64> {
        self.0.doubts.subscribe()
    }

    /// Turns true when the streams are to end.
    pub(crate) fn closed(&self) -> watch::Receiver<bool> {
        self.0.closed.subscribe()
    }

    /// Joins the watchers of a tenant: they are told what comes after where [`Client::seq`] stands. `head` is where the feed
    /// stood lately. `None` when there are too many.
    pub(crate) fn join(&self, tenant: TenantId, topics: Vec<Topic>, head: Cursor) -> Option<Arc<Client>> {
        let mut rooms = self.rooms();
        if !rooms.is_watched() {
            // What came while nobody watched was not read.
            rooms.told = head.max(rooms.told);
        }
        let told = rooms.told;
        let room = rooms.of.entry(tenant).or_default();
        room.clients.retain(|client| client.strong_count() > 0);
        if room.clients.len() >= STREAMS {
            return None;
        }
        let client = Arc::new(Client::new(topics, self.0.stream.clone(), told));
        room.clients.push(Arc::downgrade(&client));
        // Who comes back may have missed the last counts.
        room.touched = true;
        drop(rooms);
        self.0.joined.notify_one();
        Some(client)
    }

    fn rooms(&self) -> MutexGuard<'_, Rooms> {
        self.0.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Rooms {
    fn is_watched(&self) -> bool {
        self.of.values().any(|room| room.watchers().next().is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use imsys_domain::router::RouterState;
    use imsys_domain::{RouterId, Timestamp};
    use imsys_store::model::{Change, RouterChange};
    use serde_json::json;
    use uuid::Uuid;

    fn live() -> Live {
        Live::new(Feed { name: "f".into(), head: Cursor(0) })
    }

    fn tenant(n: u128) -> TenantId {
        TenantId(Uuid::from_u128(n))
    }

    /// A router has changed, at that place of the feed.
    fn router(of: TenantId, place: i64) -> Changed {
        let change = RouterChange {
            id: RouterId(Uuid::from_u128(7)),
            rev: place,
            state: RouterState::Up,
            since: Timestamp(place),
            reason: None,
            swept: None,
        };
        Changed { cursor: Cursor(place), tenant: of, changes: vec![Change::Router(change)] }
    }

    #[test]
    fn a_client_hears_of_its_own_tenant_and_topics_alone() {
        let live = live();
        let client = live.join(tenant(1), vec![Topic::Router], Cursor(0)).unwrap();
        live.deliver(&router(tenant(2), 1));
        live.tell(tenant(1), Topic::Job, "b", 1, || json!({}));
        assert_eq!(client.take(), None);
        live.deliver(&router(tenant(1), 2));
        let text = client.take().unwrap();
        assert!(text.starts_with("event: router\nid: f-2\ndata: {"), "{text}");
        assert!(text.contains(r#""seq":2"#) && text.contains(r#""state":"up""#), "{text}");
    }

    #[test]
    fn who_joins_while_nobody_watches_begins_where_the_feed_stands() {
        let live = live();
        assert_eq!(live.join(tenant(1), Topic::ALL.to_vec(), Cursor(9)).unwrap().seq(), Cursor(9));
        let first = live.join(tenant(1), Topic::ALL.to_vec(), Cursor(12)).unwrap();
        assert_eq!(first.seq(), Cursor(12), "the one before has gone");
        let second = live.join(tenant(1), Topic::ALL.to_vec(), Cursor(20)).unwrap();
        assert_eq!(second.seq(), Cursor(12), "what the first was not told yet comes to both");
    }

    #[test]
    fn an_overview_is_counted_again_once_after_changes_where_somebody_watches_it() {
        let live = live();
        let client = live.join(tenant(1), vec![Topic::Overview], Cursor(0)).unwrap();
        let _other = live.join(tenant(2), vec![Topic::Service], Cursor(0)).unwrap();
        assert_eq!(live.take_touched(), [tenant(1)], "who comes is told");
        assert_eq!(live.take_touched(), []);
        for place in 1..=3 {
            live.deliver(&router(tenant(1), 2 * place));
            live.deliver(&router(tenant(2), 2 * place + 1));
        }
        assert_eq!(live.take_touched(), [tenant(1)]);
        live.tell(tenant(1), Topic::Overview, "o", 1, || json!({}));
        assert_eq!(live.take_touched(), [], "counting is no change");
        live.touch(tenant(1));
        drop(client);
        assert_eq!(live.take_touched(), [], "nobody watches");
    }

    #[test]
    fn a_tenant_has_so_many_streams_and_a_closed_one_makes_room() {
        let live = live();
        let join = |n| live.join(tenant(n), Topic::ALL.to_vec(), Cursor(0));
        let mut clients: Vec<_> = (0..STREAMS).map(|_| join(1).unwrap()).collect();
        assert!(join(1).is_none());
        assert!(join(2).is_some());
        clients.pop();
        assert!(join(1).is_some());
    }
}
