//! Live events for browsers: what changed, coalesced, over Server-Sent Events.
//!
//! A stream opens with `hello {stream, seq}` and goes on with events named by topic,
//! `{seq, items: [{id, rev, …}]}`, each counting `seq` up by one. `stream` is new with each start of the
//! process. `seq` begins where the tenant's own count of publications stands, which is never less than
//! what any stream has sent: so a client that comes back and finds another `seq` than its last one has
//! missed something, and one that finds the same has not. A gap in between says that too much changed
//! at once to be told.
//!
//! * `client`: what waits for one browser; `announce`: what is told about services and routers.

mod announce;
pub(crate) mod client;

pub use announce::{announce, announce_router, is_online};

use crate::token;
use client::Client;
use imsys_domain::TenantId;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use tokio::sync::{mpsc, watch};

/// Most streams of one tenant.
const STREAMS: usize = 256;

/// What an event is about; the name of the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// A service changed.
    Service,
    /// A router changed.
    Router,
    /// Something was changed that the overview may show; its one item has the tenant's id and the counts
    /// of services.
    Overview,
    /// A router's job has begun or ended; the id is the router's.
    Job,
}

impl Topic {
    /// Every topic.
    pub const ALL: [Self; 4] = [Self::Service, Self::Router, Self::Overview, Self::Job];

    /// The name in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Router => "router",
            Self::Overview => "overview",
            Self::Job => "job",
        }
    }
}

/// Something that was published in this process, for those who watch at another one.
pub struct Event {
    /// Whose.
    pub tenant: TenantId,
    /// What it is about.
    pub topic: Topic,
    /// Of what.
    pub id: String,
    /// Its edition.
    pub rev: i64,
    /// What changed, an object.
    pub fields: Value,
}

/// Events that may wait for other processes; beyond them browsers there are told late, by their next fetch.
const RELAYED: usize = 4096;

/// The hub between what happens and who watches; cheap to clone.
#[derive(Clone)]
pub struct Live(Arc<Hub>);

struct Hub {
    /// Random, new with each start.
    stream: String,
    rooms: Mutex<HashMap<TenantId, Room>>,
    /// Counts the reasons to ask again whether a watcher may still watch.
    doubts: watch::Sender<u64>,
    /// Where other processes hear of it, when there are some.
    relay: OnceLock<mpsc::Sender<Event>>,
    closed: watch::Sender<bool>,
}

#[derive(Default)]
struct Room {
    published: u64,
    /// The overview is to be counted again.
    touched: bool,
    clients: Vec<Weak<Client>>,
}

impl Live {
    pub(crate) fn new() -> Self {
        let stream = token::fresh()[..22].to_owned();
        let (doubts, closed) = (watch::Sender::new(0), watch::Sender::new(false));
        Self(Arc::new(Hub { stream, rooms: Mutex::default(), doubts, relay: OnceLock::new(), closed }))
    }

    /// From now on, what is published here; `None` when somebody takes it already.
    pub(crate) fn relayed(&self) -> Option<mpsc::Receiver<Event>> {
        let (relay, relayed) = mpsc::channel(RELAYED);
        self.0.relay.set(relay).is_ok().then_some(relayed)
    }

    /// Passes on what another process has published.
    pub(crate) fn heard(&self, tenant: TenantId, topic: &str, id: &str, rev: i64, fields: &str) {
        let topic = Topic::ALL.into_iter().find(|known| known.name() == topic);
        if let (Some(topic), Ok(fields)) = (topic, serde_json::from_str(fields)) {
            self.spread(tenant, topic, id, rev, || fields);
        }
    }

    /// What other processes published may have been missed: every browser had better fetch anew.
    pub(crate) fn gap(&self) {
        for room in self.rooms().values_mut() {
            room.published += 1;
            room.clients.iter().filter_map(Weak::upgrade).for_each(|client| client.overflow());
        }
    }

    /// Tells the tenant's watchers of `topic` that `id` has changed and is at `rev` now. `fields` makes
    /// an object with what changed, if somebody watches; it is sent beside `id` and `rev`. Never waits.
    pub fn publish(
        &self,
        tenant: TenantId,
        topic: Topic,
        id: impl ToString,
        rev: i64,
        fields: impl FnOnce() -> Value,
    ) {
        let id = id.to_string();
        let Some(relay) = self.0.relay.get() else { return self.spread(tenant, topic, &id, rev, fields) };
        let fields = fields();
        self.spread(tenant, topic, &id, rev, || fields.clone());
        let _told_by_the_next_fetch = relay.try_send(Event { tenant, topic, id, rev, fields });
    }

    fn spread(&self, tenant: TenantId, topic: Topic, id: &str, rev: i64, fields: impl FnOnce() -> Value) {
        let mut rooms = self.rooms();
        let room = rooms.entry(tenant).or_default();
        room.published += 1;
        room.touched |= matches!(topic, Topic::Service | Topic::Router);
        room.clients.retain(|client| client.strong_count() > 0);
        let clients: Vec<_> =
            room.clients.iter().filter_map(Weak::upgrade).filter(|c| c.wants(topic)).collect();
        drop(rooms);
        if clients.is_empty() {
            return;
        }
        let fields = fields();
        for client in clients {
            client.add(topic, id, rev, &fields);
        }
    }

    /// Something of the tenant was changed that no other event tells of: the overview is counted again.
    pub fn touch(&self, tenant: TenantId) {
        self.rooms().entry(tenant).or_default().touched = true;
    }

    /// The tenants whose overview is to be counted again, if somebody watches it.
    pub(crate) fn take_touched(&self) -> Vec<TenantId> {
        let watched = |room: &Room| {
            room.clients.iter().filter_map(Weak::upgrade).any(|client| client.wants(Topic::Overview))
        };
        let mut rooms = self.rooms();
        let touched =
            rooms.iter_mut().map(|(tenant, room)| (*tenant, std::mem::take(&mut room.touched), room));
        touched.filter(|(_, touched, room)| *touched && watched(room)).map(|(tenant, ..)| tenant).collect()
    }

    /// Somebody may no longer watch: every stream asks again, now.
    pub fn doubt(&self) {
        self.0.doubts.send_modify(|n| *n += 1);
    }

    /// Ends all streams, for good.
    pub fn close(&self) {
        self.0.closed.send_replace(true);
    }

    /// The name of this process's streams.
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

    /// Joins the watchers of a tenant; `None` when there are too many.
    pub(crate) fn join(&self, tenant: TenantId, topics: Vec<Topic>) -> Option<Arc<Client>> {
        let mut rooms = self.rooms();
        let room = rooms.entry(tenant).or_default();
        room.clients.retain(|client| client.strong_count() > 0);
        if room.clients.len() >= STREAMS {
            return None;
        }
        let client = Arc::new(Client::new(topics, room.published));
        room.clients.push(Arc::downgrade(&client));
        Some(client)
    }

    fn rooms(&self) -> MutexGuard<'_, HashMap<TenantId, Room>> {
        self.0.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use uuid::Uuid;

    fn tenant(n: u128) -> TenantId {
        TenantId(Uuid::from_u128(n))
    }

    #[test]
    fn a_client_hears_of_its_own_tenant_and_topics_alone() {
        let live = Live::new();
        let client = live.join(tenant(1), vec![Topic::Service]).unwrap();
        live.publish(tenant(2), Topic::Service, "a", 1, || json!({}));
        live.publish(tenant(1), Topic::Router, "b", 1, || json!({}));
        assert_eq!(client.take(), None);
        live.publish(tenant(1), Topic::Service, "c", 1, || json!({ "status": "online" }));
        let text = client.take().unwrap();
        assert!(text.starts_with("event: service\ndata: {"), "{text}");
        assert!(text.contains(r#""id":"c""#) && text.contains(r#""status":"online""#), "{text}");
    }

    #[test]
    fn a_returning_client_finds_its_last_number_only_if_nothing_was_published_meanwhile() {
        let live = Live::new();
        let first = live.join(tenant(1), Topic::ALL.to_vec()).unwrap();
        for rev in 1..=3 {
            live.publish(tenant(1), Topic::Service, "a", rev, || json!({}));
        }
        first.take();
        live.publish(tenant(1), Topic::Router, "b", 1, || json!({}));
        first.take();
        let last = first.seq();
        assert!(live.join(tenant(1), Topic::ALL.to_vec()).unwrap().seq() > last, "three were told as one");
        let second = live.join(tenant(1), Topic::ALL.to_vec()).unwrap();
        live.publish(tenant(1), Topic::Service, "a", 4, || json!({}));
        second.take();
        assert_eq!(live.join(tenant(1), Topic::ALL.to_vec()).unwrap().seq(), second.seq());
    }

    #[test]
    fn an_overview_is_counted_again_once_after_changes_where_somebody_watches_it() {
        let live = Live::new();
        let client = live.join(tenant(1), vec![Topic::Overview]).unwrap();
        let _other = live.join(tenant(2), vec![Topic::Service]).unwrap();
        assert_eq!(live.take_touched(), []);
        for rev in 1..=3 {
            live.publish(tenant(1), Topic::Service, "a", rev, || json!({}));
            live.publish(tenant(2), Topic::Service, "b", rev, || json!({}));
        }
        assert_eq!(live.take_touched(), [tenant(1)]);
        live.publish(tenant(1), Topic::Overview, "o", 1, || json!({}));
        assert_eq!(live.take_touched(), [], "counting is no change");
        live.touch(tenant(1));
        drop(client);
        assert_eq!(live.take_touched(), [], "nobody watches");
    }

    #[test]
    fn a_tenant_has_so_many_streams_and_a_closed_one_makes_room() {
        let live = Live::new();
        let mut clients: Vec<_> =
            (0..STREAMS).map(|_| live.join(tenant(1), Topic::ALL.to_vec()).unwrap()).collect();
        assert!(live.join(tenant(1), Topic::ALL.to_vec()).is_none());
        assert!(live.join(tenant(2), Topic::ALL.to_vec()).is_some());
        clients.pop();
        assert!(live.join(tenant(1), Topic::ALL.to_vec()).is_some());
    }
}
