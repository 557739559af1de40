//! A small HTTP client: one connection a request, a cookie or a key.

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::{HeaderMap, Method, Request, Response, header};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpStream;

/// No answer takes longer; only a broken server makes a test wait for it.
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Clone)]
pub(crate) struct Client {
    at: SocketAddr,
    cookie: Option<String>,
    /// The cookie by which the browser is known from earlier sign-ins.
    known: Option<String>,
    headers: Vec<(&'static str, String)>,
}

/// An answer that was read whole.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {self:?}"))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The code of a problem.
    pub(crate) fn code(&self) -> String {
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{self:?}");
        self.json()["code"].as_str().unwrap().to_owned()
    }
}

impl Client {
    pub(crate) fn new(at: SocketAddr) -> Self {
        Self { at, cookie: None, known: None, headers: Vec::new() }
    }

    pub(crate) fn with_cookie(mut self, secret: &str) -> Self {
        self.cookie = Some(format!("__Host-imsys={secret}"));
        self
    }

    pub(crate) fn with_key(self, key: &str) -> Self {
        self.with("authorization", format!("Bearer {key}"))
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn cookie(&self) -> Option<&str> {
        self.cookie.as_deref()
    }

    /// The same browser without its session.
    pub(crate) fn signed_out(mut self) -> Self {
        self.cookie = None;
        self
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.ask(Method::GET, path, None).await
    }

    pub(crate) async fn post(&mut self, path: &str, body: Value) -> Answer {
        self.ask(Method::POST, path, Some(body)).await
    }

    pub(crate) async fn patch(&mut self, path: &str, body: Value) -> Answer {
        self.ask(Method::PATCH, path, Some(body)).await
    }

    pub(crate) async fn delete(&mut self, path: &str) -> Answer {
        self.ask(Method::DELETE, path, None).await
    }

    /// Asks and reads the whole answer; keeps the cookie it sets.
    pub(crate) async fn ask(&mut self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let what = format!("{method} {path}");
        let exchange = async {
            let (response, _connection) = self.open(method, path, body).await;
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            let body = response.into_body().collect().await.unwrap().to_bytes();
            Answer { status, headers, text: String::from_utf8(body.to_vec()).unwrap() }
        };
        let answer =
            tokio::time::timeout(PATIENCE, exchange).await.unwrap_or_else(|_| panic!("{what}: no answer"));
        for set in answer.headers.get_all(header::SET_COOKIE) {
            let pair = set.to_str().unwrap().split(';').next().unwrap();
            let kept = Some(pair.to_owned()).filter(|pair| !pair.ends_with('='));
            match pair.split('=').next() {
                Some("__Host-imsys-known" | "imsys-known") => self.known = kept,
                _ => self.cookie = kept,
            }
        }
        answer
    }

    /// Asks and gives the answer as soon as its head is there; it ends with the second value.
    pub(crate) async fn open(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> (Response<Incoming>, tokio::task::JoinSet<()>) {
        let stream = TcpStream::connect(self.at).await.unwrap();
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
        let mut task = tokio::task::JoinSet::new();
        task.spawn(async move {
            let _broke_off = connection.await;
        });
        let mut request = Request::builder().method(method).uri(path);
        if !self.headers.iter().any(|(name, _)| *name == "host") {
            request = request.header(header::HOST, self.at.to_string());
        }
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        for cookie in [&self.cookie, &self.known].into_iter().flatten() {
            request = request.header(header::COOKIE, cookie);
        }
        // A text is a sheet, everything else is JSON.
        let (kind, body) = match body {
            Some(Value::String(sheet)) => (Some("text/csv"), sheet),
            Some(body) => (Some("application/json"), body.to_string()),
            None => (None, String::new()),
        };
        if let Some(kind) = kind {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        let body = Full::new(Bytes::from(body));
        (sender.send_request(request.body(body).unwrap()).await.unwrap(), task)
    }
}
