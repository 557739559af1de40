//! Lending a router's connection to another process: the borrower speaks the router's own protocol to
//! us, and each of its commands runs over the one connection, under its bound and its deadlines.

use bytes::BytesMut;
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt, StreamExt};
use routeros::AnyRow;
use routeros::client::{Client, Command, Error};
use routeros::codec::{DecodeError, Decoder, EncodeError, Limits, Sentence, SentenceWriter};
use std::future::Future;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// How long a borrower's command may take, unless he cancels it before.
const COMMAND: Duration = super::lease::PRINT;
/// Commands of a borrower at the same time, those that wait for a place among them.
const AT_ONCE: usize = 16;
/// A borrower who says nothing for so long has gone.
const SILENT: Duration = Duration::from_secs(60);

/// Why a borrower is not served any more.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LendError {
    #[error("not the RouterOS protocol: {0}")]
    Decode(#[from] DecodeError),
    #[error("an answer cannot be written: {0}")]
    Encode(#[from] EncodeError),
    #[error("too many commands at once")]
    TooMany,
    #[error("the router's connection is gone")]
    Gone,
}

/// Serves a borrower until he goes: his bytes come from `said`, what the router answers goes to `answer`.
pub(crate) async fn lend(
    client: &Client,
    mut said: mpsc::Receiver<Vec<u8>>,
    answer: mpsc::Sender<Vec<u8>>,
) -> Result<(), LendError> {
    let mut decoder = Decoder::new(Limits::AFTER_LOGIN);
    let mut running = FuturesUnordered::new();
    let mut cancels: Vec<(Vec<u8>, oneshot::Sender<()>)> = Vec::new();
    loop {
        let bytes = tokio::select! {
            biased;
            Some((tag, done)) = running.next() => {
                cancels.retain(|(known, _)| *known != tag);
                done?
            }
            chunk = tokio::time::timeout(SILENT, said.recv()), if running.len() < AT_ONCE => {
                let Ok(Some(chunk)) = chunk else { return Ok(()) };
                decoder.feed(&chunk);
                let mut out = BytesMut::new();
                while let Some(sentence) = decoder.next()? {
                    let tag = sentence.tag().unwrap_or_default().to_vec();
                    match sentence.head() {
                        b"/quit" => return Ok(()),
                        b"/login" => end(&mut out, &tag)?,
                        b"/cancel" => {
                            cancels.retain(|(known, _)| Some(known.as_slice()) != sentence.attr("tag"));
                            end(&mut out, &tag)?;
                        }
                        _ if running.len() >= AT_ONCE * 2 => return Err(LendError::TooMany),
                        _ => {
                            let (cancel, cancelled) = oneshot::channel();
                            cancels.push((tag.clone(), cancel));
                            running.push(run(client.clone(), command(sentence), tag, cancelled));
                        }
                    }
                }
                out
            }
        };
        if !bytes.is_empty() && answer.send(bytes.to_vec()).await.is_err() {
            return Ok(());
        }
    }
}

/// The borrower's command as our own.
fn command(sentence: Sentence<'_>) -> Command {
    let path = String::from_utf8_lossy(sentence.head()).into_owned();
    let mut command = Command::new(&path);
    for (name, value) in sentence.attrs().filter(|(name, _)| *name != b".tag") {
        command = command.attr(&String::from_utf8_lossy(name), value);
    }
    for query in sentence.queries() {
        command = command.query_word(&String::from_utf8_lossy(query));
    }
    command
}

type Ran = (Vec<u8>, Result<BytesMut, LendError>);

fn run(
    client: Client,
    command: Command,
    tag: Vec<u8>,
    cancelled: oneshot::Receiver<()>,
) -> impl Future<Output = Ran> {
    async move {
        let printed = tokio::select! {
            printed = client.print::<AnyRow>(command, COMMAND) => Some(printed),
            _cancelled_or_gone = cancelled => None,
        };
        let answer = match printed {
            Some(Ok(rows)) => rows_of(rows, &tag),
            Some(Err(Error::Closed(_))) => Err(LendError::Gone),
            Some(Err(error)) => refusal(&error, &tag),
            None => trap(Some(2), "interrupted", &tag),
        };
        (tag, answer)
    }
    .boxed()
}

fn rows_of(rows: impl IntoIterator<Item = AnyRow>, tag: &[u8]) -> Result<BytesMut, LendError> {
    let mut out = BytesMut::new();
    for AnyRow(fields) in rows {
        let mut row = SentenceWriter::new(&mut out).word("!re")?;
        for (name, value) in fields {
            row = row.attr(name.as_str(), value.as_str())?;
        }
        row.tag(tag)?.end();
    }
    end(&mut out, tag)?;
    Ok(out)
}

fn refusal(error: &Error, tag: &[u8]) -> Result<BytesMut, LendError> {
    let Error::Trap(traps) = error else { return trap(None, &error.to_string(), tag) };
    trap(traps.category, traps.message.as_str(), tag)
}

fn trap(category: Option<u8>, message: &str, tag: &[u8]) -> Result<BytesMut, LendError> {
    let mut out = BytesMut::new();
    let mut trap = SentenceWriter::new(&mut out).word("!trap")?;
    if let Some(category) = category {
        trap = trap.attr("category", category.to_string())?;
    }
    trap.attr("message", message)?.tag(tag)?.end();
    end(&mut out, tag)?;
    Ok(out)
}

fn end(out: &mut BytesMut, tag: &[u8]) -> Result<(), LendError> {
    let done = SentenceWriter::new(out).word("!done")?;
    if tag.is_empty() {
        done.end()
    } else {
        done.tag(tag)?.end()
    }
    Ok(())
}
