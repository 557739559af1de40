//! Who may have how many connections at once, so that nobody takes them all.
//!
//! * One source address (of IPv6: one /64 network) has an eighth of the places.
//! * The last eighth of them is kept for addresses of known routers: those that IMSys has logged in to, and
//!   those from which a webhook was accepted lately.
//! * A trusted proxy has as many as there are; each of its clients may have as many requests at once as a
//!   source may have connections.

use axum::body::{Body, Bytes};
use hyper::body::{Frame, SizeHint};
use imsys_domain::net::network;
use std::collections::{HashMap, HashSet};
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

/// A source's part of all places, and the part that is kept for routers.
const PART: usize = 8;
/// A browser opens six connections, and people share addresses.
const SHARE_LEAST: usize = 16;
/// For how long an accepted webhook makes its address known.
const KNOWN_FOR: Duration = Duration::from_secs(24 * 3600);
/// Addresses that webhooks made known, at most.
const KNOWN: usize = 100_000;

/// Why there is no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Full {
    /// All that this source may have are taken, by it.
    Share,
    /// All are taken.
    All,
}

/// The places of a server.
pub(super) struct Places {
    most: usize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    open: usize,
    by_source: HashMap<IpAddr, usize>,
    /// Of the routers that were logged in to.
    routers: HashSet<IpAddr>,
    /// From which a webhook was accepted, and when the last one was.
    callers: HashMap<IpAddr, Instant>,
}

/// A place; dropping it gives it back.
pub(super) struct Place {
    places: Arc<Places>,
    is_connection: bool,
    source: Option<IpAddr>,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut state = self.places.state();
        state.open -= usize::from(self.is_connection);
        let Some(source) = self.source else { return };
        if let Some(taken) = state.by_source.get_mut(&source) {
            *taken -= 1;
            if *taken == 0 {
                state.by_source.remove(&source);
            }
        }
    }
}

impl Places {
    /// `most` connections at once.
    pub(super) fn new(most: usize) -> Arc<Self> {
        Arc::new(Self { most, state: Mutex::default() })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn share(&self) -> usize {
        (self.most / PART).max(SHARE_LEAST)
    }

    /// A place for a connection from a client.
    pub(super) fn connect(self: &Arc<Self>, from: IpAddr) -> Result<Place, Full> {
        self.take(true, Some(network(from)))
    }

    /// A place for a connection from a trusted proxy.
    pub(super) fn connect_proxy(self: &Arc<Self>) -> Result<Place, Full> {
        self.take(true, None)
    }

    /// A place for a request of a client who comes through a trusted proxy.
    pub(super) fn ask(self: &Arc<Self>, client: IpAddr) -> Result<Place, Full> {
        self.take(false, Some(network(client)))
    }

    fn take(self: &Arc<Self>, is_connection: bool, source: Option<IpAddr>) -> Result<Place, Full> {
        let mut state = self.state();
        if is_connection {
            let is_known = source.is_some_and(|source| {
                state.routers.contains(&source)
                    || state.callers.get(&source).is_some_and(|last| last.elapsed() < KNOWN_FOR)
            });
            let kept = if is_known { 0 } else { self.most / PART };
            if state.open >= self.most - kept {
                return Err(Full::All);
            }
        }
        if let Some(source) = source {
            let share = self.share();
            let taken = state.by_source.entry(source).or_default();
            if *taken >= share {
                return Err(Full::Share);
            }
            *taken += 1;
        }
        state.open += usize::from(is_connection);
        drop(state);
        Ok(Place { places: Arc::clone(self), is_connection, source })
    }

    /// A webhook from this address was accepted.
    pub(super) fn called(&self, from: IpAddr) {
        let mut state = self.state();
        if state.callers.len() >= KNOWN {
            state.callers.retain(|_, last| last.elapsed() < KNOWN_FOR);
        }
        if state.callers.len() < KNOWN {
            state.callers.insert(network(from), Instant::now());
        }
    }

    /// The addresses of the routers that IMSys has logged in to are these.
    pub(super) fn know(&self, routers: impl Iterator<Item = IpAddr>) {
        let routers = routers.map(network).collect();
        self.state().routers = routers;
    }
}

/// A body that holds a place until it is sent or dropped.
pub(super) struct Held {
    body: Body,
    _place: Place,
}

impl Held {
    /// The body in the place.
    pub(super) fn body(body: Body, place: Place) -> Body {
        Body::new(Self { body, _place: place })
    }
}

impl hyper::body::Body for Held {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn one_source_has_an_eighth_and_another_one_the_rest() {
        let places = Places::new(800);
        let held: Vec<_> = (0..100).map(|_| places.connect(ip("192.0.2.1")).unwrap()).collect();
        assert_eq!(places.connect(ip("::ffff:192.0.2.1")).err(), Some(Full::Share));
        let other = places.connect(ip("192.0.2.2"));
        assert!(other.is_ok());
        drop((held, other));
        assert!(places.connect(ip("192.0.2.1")).is_ok());
        assert!(places.state().by_source.is_empty() && places.state().open == 0);
    }

    #[test]
    fn a_network_of_ipv6_is_one_source() {
        let places = Places::new(1);
        let _held: Vec<_> = (0..16).map(|n| places.ask(ip(&format!("2001:db8::{n}"))).unwrap()).collect();
        assert_eq!(places.ask(ip("2001:db8::ffff")).err(), Some(Full::Share));
        assert!(places.ask(ip("2001:db8:0:1::1")).is_ok());
    }

    #[test]
    fn when_all_others_are_taken_there_is_a_place_for_routers() {
        let places = Places::new(160);
        let crowd = (0..140).map(|n| places.connect(IpAddr::from([198, 51, 100, n])).unwrap());
        let _held: Vec<_> = crowd.collect();
        assert_eq!(places.connect(ip("192.0.2.1")).err(), Some(Full::All));
        assert_eq!(places.connect_proxy().err(), Some(Full::All));
        places.know([ip("192.0.2.1")].into_iter());
        places.called(ip("192.0.2.2"));
        assert!(places.connect(ip("192.0.2.1")).is_ok());
        assert!(places.connect(ip("192.0.2.2")).is_ok());
        places.know(std::iter::empty());
        assert_eq!(places.connect(ip("192.0.2.1")).err(), Some(Full::All));
    }

    #[test]
    fn a_proxy_has_all_places_and_its_clients_their_shares() {
        let places = Places::new(160);
        let _proxy: Vec<_> = (0..140).map(|_| places.connect_proxy().unwrap()).collect();
        let _client: Vec<_> = (0..20).map(|_| places.ask(ip("192.0.2.1")).unwrap()).collect();
        assert_eq!(places.ask(ip("192.0.2.1")).err(), Some(Full::Share));
        assert!(places.ask(ip("192.0.2.2")).is_ok());
    }
}
