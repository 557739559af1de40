//! `GET /api/v1/live`: the stream itself.

use super::told::LiveEvent;
use crate::app::App;
use crate::http::auth::{self, Tenancy};
use crate::http::error::ApiError;
use crate::http::extract::Query;
use crate::http::route::{Access, Route};
use crate::live::Topic;
use crate::live::client::Client;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, header};
use axum::response::{IntoResponse, Response};
use imsys_domain::access::Right;
use serde::Deserialize;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at, sleep_until};
use utoipa::{IntoParams, OpenApi};

/// The least time between two writes.
const PACE: Duration = Duration::from_millis(250);
/// How often a quiet stream shows that it lives.
const BEAT: Duration = Duration::from_secs(15);
/// How often a watcher is asked whether he still may; whatever ends a login asks at once.
const CHECK: Duration = Duration::from_secs(10);

/// The route.
pub(crate) fn routes() -> Vec<Route> {
    vec![Route::get("/api/v1/live", Access::Tenant(Right::Read), live)]
}

/// Its description.
#[derive(OpenApi)]
#[openapi(paths(live))]
pub(crate) struct Doc;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// `service`, `router`, `device`, `overview`, `job`, separated by commas; all when left out.
    topics: Option<String>,
}

/// Server-Sent Events: `hello {stream, seq}`, then events named by topic, `{seq, items: [{id, rev, …}]}`. Who comes back
/// sends the id of the last event as `Last-Event-ID`: the stream goes on from there, with the same `stream` and `seq` in
/// its `hello`. Other ones, also in the middle of a stream, say that something was missed.
#[utoipa::path(get, path = "/api/v1/live", tag = "live", params(Wanted, ("Last-Event-ID" = Option<String>, Header, description = "The id of the last event that was seen.")),
    responses((status = 200, content_type = "text/event-stream", body = LiveEvent)))]
async fn live(
    State(app): State<App>,
    tenancy: Tenancy,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let topics = topics(wanted.topics.as_deref())?;
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok());
    let client = app.live.watch(&*app.store, tenancy.tenant, topics, last).await?;
    let client =
        client.ok_or_else(|| ApiError::busy("too-many-streams", "Too many streams are open here.", 15))?;
    let stream = Stream::new(app, tenancy, client);
    let chunks = futures_util::stream::unfold(stream, |mut stream| async move {
        let text = stream.next().await?;
        Some((Ok::<_, Infallible>(Bytes::from(text)), stream))
    });
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-store"),
        // Some proxies hold back what they have not seen the end of.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    Ok((headers, Body::from_stream(chunks)).into_response())
}

fn topics(text: Option<&str>) -> Result<Vec<Topic>, ApiError> {
    let Some(text) = text else { return Ok(Topic::ALL.to_vec()) };
    let named = |name: &str| Topic::ALL.into_iter().find(|topic| topic.name() == name);
    text.split(',').map(str::trim).map(named).collect::<Option<_>>().ok_or_else(|| {
        let names: Vec<&str> = Topic::ALL.into_iter().map(Topic::name).collect();
        ApiError::bad_request("bad-query", format!("`topics` knows {}.", names.join(", ")))
    })
}

struct Stream {
    app: App,
    tenancy: Tenancy,
    client: Arc<Client>,
    hello: Option<String>,
    written: Instant,
    beat: Interval,
    check: Interval,
    doubts: watch::Receiver<u64>,
    closed: watch::Receiver<bool>,
}

impl Stream {
    fn new(app: App, tenancy: Tenancy, client: Arc<Client>) -> Self {
        let hello = client.hello();
        let (doubts, closed) = (app.live.doubts(), app.live.closed());
        let (beat, check) = (every(BEAT), every(CHECK));
        Self {
            app,
            tenancy,
            client,
            hello: Some(hello),
            written: Instant::now(),
            beat,
            check,
            doubts,
            closed,
        }
    }

    /// The text of the next write; `None` at the end.
    async fn next(&mut self) -> Option<String> {
        if let Some(hello) = self.hello.take() {
            return Some(hello);
        }
        loop {
            let doubt = tokio::select! {
                biased;
                _ = self.closed.wait_for(|closed| *closed) => return None,
                _ = self.doubts.changed() => true,
                _ = self.check.tick() => true,
                () = due(&self.client, self.written + PACE) => false,
                _ = self.beat.tick() => return Some(": beat\n\n".into()),
            };
            if doubt {
                if !self.may_watch().await {
                    return None;
                }
            } else if let Some(text) = self.client.take() {
                self.written = Instant::now();
                return Some(text);
            }
        }
    }

    async fn may_watch(&self) -> bool {
        let Tenancy { credential, tenant, .. } = &self.tenancy;
        auth::still(&self.app, *credential, *tenant, self.app.now()).await
    }
}

/// Something waits, and enough time has passed since the last write. Cancelling it loses nothing.
async fn due(client: &Client, earliest: Instant) {
    while client.is_idle() {
        client.bell.notified().await;
    }
    sleep_until(earliest).await;
}

fn every(period: Duration) -> Interval {
    let mut interval = interval_at(Instant::now() + period, period);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::config::Config;
    use crate::http::auth::Credential;
    use crate::tenants::{found, make_key};
    use crate::token::digest;
    use crate::wire;
    use imsys_domain::Timestamp;
    use imsys_domain::access::Role;
    use imsys_store::Actor;
    use imsys_store::model::Cursor;
    use serde_json::json;

    /// A program's open stream, its app, and the folder of the store.
    async fn watching() -> (Stream, App, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::default();
        config.data.dir = folder.path().into();
        let app = wire::open(config, Clock::new(|| Timestamp(1))).await.unwrap().app;
        let tenant = found(&app, "Lake").await.unwrap().id;
        let actor = Actor::system(app.now());
        let store = app.store.tenant(tenant, actor.clone());
        let key = make_key(&*store, "screen".into(), Role::ReadOnly, None, app.now()).await.unwrap().1;
        let credential = Credential::Key(digest(&key));
        let tenancy = Tenancy { store, tenant, role: Role::ReadOnly, actor, credential };
        let client = app.live.join(tenant, Topic::ALL.to_vec(), Cursor(0)).unwrap();
        let mut stream = Stream::new(app.clone(), tenancy, client);
        assert!(stream.next().await.unwrap().starts_with("event: hello\n"));
        tokio::time::pause();
        (stream, app, folder)
    }

    #[tokio::test]
    async fn a_quiet_stream_beats_every_fifteen_seconds() {
        let (mut stream, _app, _folder) = watching().await;
        for _ in 0..3 {
            let began = Instant::now();
            assert_eq!(stream.next().await.as_deref(), Some(": beat\n\n"));
            assert!((14..=16).contains(&began.elapsed().as_secs()), "{:?}", began.elapsed());
        }
    }

    #[tokio::test]
    async fn between_two_writes_a_quarter_of_a_second_passes() {
        let (mut stream, app, _folder) = watching().await;
        let tenant = stream.tenancy.tenant;
        let tell = |rev| app.live.tell(tenant, Topic::Service, "a", rev, || json!({}));
        tell(1);
        let told = stream.next().await.unwrap();
        assert!(told.contains("\"rev\":1"), "{told}");
        let written = Instant::now();
        tell(2);
        tell(3);
        let told = stream.next().await.unwrap();
        assert!(told.contains("\"rev\":3") && !told.contains("\"rev\":2"), "{told}");
        assert!(written.elapsed() >= PACE, "{:?}", written.elapsed());
    }

    #[tokio::test]
    async fn a_key_that_was_revoked_elsewhere_is_noticed_within_half_a_minute() {
        let (mut stream, _app, _folder) = watching().await;
        let key = stream.tenancy.store.api_keys().await.unwrap()[0].id;
        stream.tenancy.store.delete_api_key(key).await.unwrap();
        let began = Instant::now();
        while stream.next().await.is_some() {}
        assert!(began.elapsed() <= Duration::from_secs(30), "{:?}", began.elapsed());
    }

    #[tokio::test]
    async fn the_end_of_the_server_ends_the_stream() {
        let (mut stream, app, _folder) = watching().await;
        app.live.close();
        assert_eq!(stream.next().await, None);
    }
}
