//! Sends a recorded request.

use crate::recordings::Recording;
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper_util::rt::TokioIo;
use imsys_sim::librenms::{ADMIN_TOKEN, FakeNms, READER_TOKEN};
use serde_json::Value;
use tokio::net::TcpStream;

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) content_type: String,
    pub(crate) body: Bytes,
}

pub(crate) async fn send(fake: &FakeNms, recording: &Recording) -> Answer {
    let asked = &recording.json["request"];
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let mut request = Request::builder()
        .method(text(&asked["method"]).expect("a method").as_str())
        .uri(recording.path())
        .header("host", fake.address().to_string());
    for (name, value) in asked["headers"].as_object().expect("headers") {
        request = request.header(name, token(recording, value.as_str().expect("a text")));
    }
    let body = match &asked["body"] {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        body => body.to_string(),
    };
    let request = request.body(Full::new(Bytes::from(body))).expect("a request");
    let stream = TcpStream::connect(fake.address()).await.expect("the fake listens");
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.expect("HTTP");
    let connection = tokio::spawn(connection);
    let response = sender.send_request(request).await.expect("an answer");
    let content_type = response.headers().get("content-type").and_then(|value| value.to_str().ok());
    let (status, content_type) = (response.status().as_u16(), content_type.unwrap_or_default().to_owned());
    let body = response.into_body().collect().await.expect("a body").to_bytes();
    connection.abort();
    Answer { status, content_type, body }
}

/// The recordings hold no tokens: whose it was is in the name.
fn token(recording: &Recording, value: &str) -> String {
    let name = &recording.name;
    let is_refused = recording.json["response"]["status"] == 401;
    let token = if is_refused && !name.contains("accept-html") {
        "none"
    } else if name.contains("reader") {
        READER_TOKEN
    } else {
        ADMIN_TOKEN
    };
    ["<api token>", "<reader token>", "<read-only token>"]
        .iter()
        .fold(value.to_owned(), |text, mark| text.replace(mark, token))
}
