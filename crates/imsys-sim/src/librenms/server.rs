//! A running fake, and what a test does to it.

use super::faults::Faults;
use super::host::Host;
use super::reply::Reply;
use super::routes::{Asked, answer};
use super::state::State;
use super::{add, poll};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, LOCATION};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// The beginning of its time; any will do.
const BEGIN: i64 = 1_795_453_500;
/// More adds or answers at once than a test makes.
const BACKLOG: u32 = 128;

/// A LibreNMS on loopback; it ends when this is dropped.
#[derive(Debug)]
pub struct FakeNms {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    task: Option<JoinHandle<()>>,
}

impl FakeNms {
    /// Starts one that knows no device, on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// There is no free port.
    pub async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let state = Arc::new(Mutex::new(State { now: BEGIN, ..State::default() }));
        let address = listener.local_addr()?;
        let task = Some(tokio::spawn(serve(listener, Arc::clone(&state))));
        Ok(Self { address, state, task })
    }

    /// Where it answers.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Puts a host into its network, or another one in its place.
    pub fn put_host(&self, address: &str, host: Host) {
        self.lock().hosts.insert(address.to_owned(), host);
    }

    /// Lets its poller ask every device once.
    pub fn poll(&self) {
        poll::poll(&mut self.lock());
    }

    /// Lets its poller ask one device.
    pub fn poll_device(&self, hostname: &str) {
        let mut state = self.lock();
        if let Some(number) = state.number(hostname) {
            poll::poll_one(&mut state, number);
        }
    }

    /// What goes wrong from now on.
    pub fn set_faults(&self, faults: Faults) {
        self.lock().faults = faults;
    }

    /// How many devices it watches.
    pub fn devices(&self) -> usize {
        self.lock().rows.len()
    }

    /// The single shape of each device of this name.
    pub fn named(&self, hostname: &str) -> Vec<Value> {
        let state = self.lock();
        let named = state.rows.values().filter(|row| row.hostname().eq_ignore_ascii_case(hostname));
        named.map(super::row::Row::single).collect()
    }

    /// Changes a field of a device behind the back of the API, as a person does on the pages.
    pub fn set_field(&self, hostname: &str, field: &str, value: Value) {
        let mut state = self.lock();
        let number = state.number(hostname);
        if let Some(row) = number.and_then(|number| state.rows.get_mut(&number)) {
            row.set(field, value);
        }
    }

    /// Method and path of each request so far, and forgets them.
    pub fn take_requests(&self) -> Vec<String> {
        std::mem::take(&mut self.lock().requests)
    }

    /// Closes its socket and every connection.
    pub async fn go_away(&mut self) {
        if let Some(task) = self.task.take() {
            task.abort();
            let _cancelled = task.await;
        }
    }

    /// Opens its socket again, with what it knew.
    ///
    /// # Errors
    /// Its port is taken.
    pub fn come_back(&mut self) -> io::Result<()> {
        let socket = TcpSocket::new_v4()?;
        socket.set_reuseaddr(true)?;
        socket.bind(self.address)?;
        let listener = socket.listen(BACKLOG)?;
        self.task = Some(tokio::spawn(serve(listener, Arc::clone(&self.state))));
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

impl Drop for FakeNms {
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn serve(listener: TcpListener, state: Arc<Mutex<State>>) {
    let mut connections = JoinSet::new();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => drop(connections.spawn(connection(stream, Arc::clone(&state)))),
            Err(error) => tracing::debug!(%error, "a connection could not be accepted"),
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn connection(stream: TcpStream, state: Arc<Mutex<State>>) {
    let service = service_fn(move |request| respond(request, Arc::clone(&state)));
    if let Err(error) = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await {
        tracing::debug!(%error, "a connection ended badly");
    }
}

/// An error closes the connection.
async fn respond(
    request: Request<Incoming>,
    state: Arc<Mutex<State>>,
) -> Result<Response<Full<Bytes>>, Box<dyn std::error::Error + Send + Sync>> {
    let asked = asked(request).await?;
    let faults = {
        let mut state = lock(&state);
        state.requests.push(format!("{} {}", asked.method, asked.path));
        state.faults.clone()
    };
    wait(faults.delay).await;
    let reply = match (&faults.status, &faults.redirect) {
        (Some((status, body)), _) => Reply {
            status: *status,
            content_type: "application/json",
            body: body.clone().into_bytes(),
            location: None,
        },
        (None, Some(url)) => Reply { location: Some(url.clone()), ..Reply::bare(302, "Moved") },
        (None, None) => act(&asked, &state, &faults).await,
    };
    if faults.hangs_up_at == Some(asked.method.as_str()) {
        return Err("hung up".into());
    }
    let mut body = reply.body;
    body.extend(std::iter::repeat_n(b' ', faults.padding));
    let mut response = Response::builder().status(reply.status).header(CONTENT_TYPE, reply.content_type);
    if let Some(url) = reply.location {
        response = response.header(LOCATION, url);
    }
    Ok(response.body(Full::new(body.into()))?)
}

async fn act(asked: &Asked, state: &Mutex<State>, faults: &Faults) -> Reply {
    if let Some(refusal) = asked.refusal() {
        return refusal;
    }
    if !asked.is_add() {
        return answer(&mut lock(state), asked);
    }
    let looked = add::look(&lock(state), &asked.body);
    match looked {
        Ok(accepted) => {
            wait(faults.add_takes).await;
            add::put_in(&mut lock(state), &accepted)
        }
        Err(refusal) => refusal,
    }
}

async fn wait(time: Duration) {
    if !time.is_zero() {
        tokio::time::sleep(time).await;
    }
}

async fn asked(request: Request<Incoming>) -> Result<Asked, hyper::Error> {
    let (parts, body) = request.into_parts();
    let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
    let bearer = header(AUTHORIZATION.as_str()).and_then(|value| value.strip_prefix("Bearer "));
    let path = parts.uri.path();
    Ok(Asked {
        method: parts.method.to_string(),
        path: path.strip_prefix("/api/v0").unwrap_or(path).to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        token: header("x-auth-token").or(bearer).map(str::to_owned),
        accept: header(ACCEPT.as_str()).unwrap_or_default().to_owned(),
        body: body.collect().await?.to_bytes().into(),
    })
}
