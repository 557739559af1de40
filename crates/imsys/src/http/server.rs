//! Connections: how many, how patiently, and how they end.
//!
//! * A client has 10 s to send a request's head, and as long between two requests; before that, with
//!   `http.tls`, as long to shake hands.
//! * A connection that takes nothing of what is written to it for a minute is closed.
//! * Beyond `http.max_connections` a client is told 503 and let go, beyond its own share of them 429
//!   ([`places`]).
//! * Told to stop, the server takes no more, lets running requests end for 10 s, then ends.

use super::error::ApiError;
use super::middleware;
use super::peer::{Peer, is_trusted};
use super::route::is_webhook;
use crate::app::App;
use crate::stop::Stop;
use crate::tls::Tls;
use axum::Router;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use futures_util::future::BoxFuture;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, timeout};
use tokio_rustls::server::TlsStream;

mod listener;
mod places;
mod stall;

pub use listener::Listener;

use places::{Full, Held, Place, Places};

/// How often it is asked where routers are.
const LOOK: Duration = Duration::from_secs(60);
/// Clients that are told at the same time why they are let go; more are let go without a word.
const REFUSALS: usize = 256;
/// How long it may take to tell one: a new connection has room for the words.
const REFUSAL: Duration = Duration::from_secs(1);

/// What a server serves.
#[derive(Clone)]
pub struct Site {
    /// The routes.
    pub router: Router,
    /// The handler of webhooks: they come by the thousand when a town comes back, and there is nothing to look up.
    pub webhook: fn(App, Request<Body>) -> BoxFuture<'static, Response>,
}

/// How long the other end may take.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// To send the head of a request, or the next one.
    pub head: Duration,
    /// To take something of what is written.
    pub stall: Duration,
    /// To end what runs, after the server was told to stop.
    pub farewell: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self { head: seconds(10), stall: seconds(60), farewell: seconds(10) }
    }
}

const FULL: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

const SHARE: &[u8] =
    b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/// What the first record of TLS begins with.
const HANDSHAKE: u8 = 22;
const PLAIN: &[u8] = b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: 46\r\nConnection: close\r\n\r\n\
                       This server speaks HTTPS: begin with https://\n";

/// Serves `app` on `listener` until it is told to stop.
pub async fn serve(mut listener: impl Listener, app: App, site: Site, timeouts: Timeouts, mut stop: Stop) {
    let places = Places::new(app.config.http.max_connections as usize);
    let server = Arc::new(Server { site, places, app, timeouts, stop: stop.clone() });
    let refusals = Arc::new(Semaphore::new(REFUSALS));
    let mut open = JoinSet::new();
    open.spawn(know_routers(Arc::clone(&server)));
    if let Some(tls) = server.app.tls.clone() {
        open.spawn(tls.follow(stop.clone()));
    }
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            Some(_) = open.join_next() => continue,
            () = stop.wait() => break,
        };
        let (stream, peer) = match accepted {
            Ok(connection) => connection,
            Err(error) => {
                // Out of file descriptors, by rule: wait until some are free again.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        match server.place(peer) {
            Ok(place) => {
                let server = Arc::clone(&server);
                open.spawn(async move { server.welcome(stream, peer, place).await });
            }
            Err(full) => {
                let (outcome, words) = match full {
                    Full::All => ("refused", FULL),
                    Full::Share => ("over-share", SHARE),
                };
                server.app.metrics.connections.count(outcome);
                // Before hands are shaken, words would not be understood.
                if server.app.tls.is_none()
                    && let Ok(place) = Arc::clone(&refusals).try_acquire_owned()
                {
                    open.spawn(async move {
                        turn_away(stream, words).await;
                        drop(place);
                    });
                }
            }
        }
    }
    drop(listener);
    server.app.live.close();
    let all = async { while open.join_next().await.is_some() {} };
    let _in_time = timeout(timeouts.farewell, all).await;
}

/// Lets the routers that IMSys has logged in to have the places that are kept for them.
async fn know_routers(server: Arc<Server>) {
    let mut stop = server.stop.clone();
    let mut looks = interval(LOOK);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = looks.tick() => {}
            () = stop.wait() => return,
        }
        match server.app.store.all_routers().await {
            Ok(routers) => {
                server.places.know(routers.iter().filter_map(|router| router.facts.address));
            }
            Err(error) => tracing::debug!(%error, "where routers are could not be read"),
        }
    }
}

struct Server {
    site: Site,
    places: Arc<Places>,
    app: App,
    timeouts: Timeouts,
    stop: Stop,
}

impl Server {
    fn place(&self, peer: SocketAddr) -> Result<Place, Full> {
        if is_trusted(peer.ip(), &self.app.config.http.trusted_proxies) {
            self.places.connect_proxy()
        } else {
            self.places.connect(peer.ip())
        }
    }

    /// One connection, from its first byte to its last; who sees it gone finds its place free.
    async fn welcome<S>(&self, stream: S, peer: SocketAddr, place: Place)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        self.app.metrics.connections.count("accepted");
        self.app.metrics.open_connections.add(1);
        match &self.app.tls {
            None => self.talk(stream, peer, false).await,
            Some(tls) => {
                if let Some(stream) = self.shake_hands(tls, stream).await {
                    self.talk(stream, peer, true).await;
                }
            }
        }
        drop(place);
        self.app.metrics.open_connections.add(-1);
    }

    /// The connection under TLS; `None` when that did not come about in time.
    async fn shake_hands<S>(&self, tls: &Tls, mut stream: S) -> Option<TlsStream<S>>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let shaken = async {
            let first = [stream.read_u8().await?];
            if first != [HANDSHAKE] {
                turn_away(stream, PLAIN).await;
                return Err(io::Error::other("plain HTTP where HTTPS is spoken"));
            }
            let accept = tls.acceptor().accept_with(stream, |connection| {
                connection.read_tls(&mut &first[..]).expect("a new connection has room for a byte");
            });
            accept.await
        };
        let mut stop = self.stop.clone();
        let shaken = tokio::select! {
            shaken = timeout(self.timeouts.head, shaken) => shaken,
            () = stop.wait() => return None,
        };
        match shaken.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into())) {
            Ok(stream) => Some(stream),
            Err(error) => {
                self.app.metrics.connections.count("no-handshake");
                tracing::debug!(%error, "no handshake");
                None
            }
        }
    }

    /// From its first request to its last.
    async fn talk<S>(&self, stream: S, peer: SocketAddr, tls: bool)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let is_known = AtomicBool::new(false);
        let service = service_fn(async |request: Request<Incoming>| {
            let mut request = request.map(Body::new);
            let trusted = &self.app.config.http.trusted_proxies;
            let peer = Peer::new(peer, tls, request.headers(), trusted);
            request.extensions_mut().insert(peer);
            Ok::<_, Infallible>(self.answer(request, peer, &is_known).await)
        });
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(self.timeouts.head);
        let io = TokioIo::new(stall::Stall::new(stream, self.timeouts.stall));
        let mut connection = std::pin::pin!(http.serve_connection(io, service));
        let mut stop = self.stop.clone();
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = stop.wait() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "a connection broke off");
        }
    }

    /// The answer to a request. `is_known`: a webhook was accepted on this connection.
    async fn answer(&self, request: Request<Body>, peer: Peer, is_known: &AtomicBool) -> Response {
        if peer.client == peer.tcp.ip().to_canonical() {
            let may_tell = !is_known.load(Ordering::Relaxed) && is_webhook(&request);
            let response = middleware::around(&self.app, &self.site, request).await;
            if may_tell && response.status().is_success() {
                self.places.called(peer.client);
                is_known.store(true, Ordering::Relaxed);
            }
            return response;
        }
        match self.places.ask(peer.client) {
            Ok(place) => {
                let response = middleware::around(&self.app, &self.site, request).await;
                response.map(|body| Held::body(body, place))
            }
            Err(_) => {
                self.app.metrics.connections.count("over-share");
                let error = ApiError::too_often("Too many requests from this address are being answered.", 1);
                middleware::dress(&self.app, error.into_response(), peer)
            }
        }
    }
}

/// Says why and lets go.
async fn turn_away(mut stream: impl AsyncWrite + Unpin, why: &[u8]) {
    let said = timeout(REFUSAL, stream.write_all(why)).await;
    if let Err(error) = said.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into())) {
        tracing::debug!(%error, "a connection was refused without a word");
    }
}
