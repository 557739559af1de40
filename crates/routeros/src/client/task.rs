//! The task that owns the stream: the only place where bytes, time and commands meet.

use std::time::Duration;

use bytes::BytesMut;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadHalf, WriteHalf, split},
    sync::{mpsc, watch},
    time::{Instant, sleep_until, timeout},
};

use super::{
    ClientOptions, CloseReason, Error,
    places::Places,
    session::{Event, Session, Start, Tag},
};
use crate::codec::{Decoder, Limits};

/// Room for the first bytes of a whole table.
const TABLE: usize = 32 << 10;

/// What handles ask of the task. The channel has no bound of its own: every `Start` holds one of the
/// places in flight, and every `Cancel` belongs to one `Start`.
pub(super) enum Request {
    Start(Start),
    Cancel(Tag),
    Close,
}

pub(super) struct Task<S> {
    reader: ReadHalf<S>,
    writer: WriteHalf<S>,
    /// Whether bytes were written that were not flushed.
    dirty: bool,
    decoder: Decoder,
    session: Session,
    requests: mpsc::UnboundedReceiver<Request>,
    places: Places,
    closed: watch::Sender<Option<CloseReason>>,
    close_within: Duration,
    /// Why we are leaving, and until when the router may take leave too.
    leaving: Option<(CloseReason, Instant)>,
}

impl<S: AsyncRead + AsyncWrite> Task<S> {
    pub(super) fn new(
        stream: S,
        options: ClientOptions,
        requests: mpsc::UnboundedReceiver<Request>,
        places: Places,
        closed: watch::Sender<Option<CloseReason>>,
    ) -> Self {
        let (reader, writer) = split(stream);
        Self {
            reader,
            writer,
            dirty: false,
            decoder: Decoder::new(Limits::BEFORE_LOGIN),
            close_within: options.close_within,
            session: Session::new(options, Instant::now()),
            requests,
            places,
            closed,
            leaving: None,
        }
    }

    pub(super) async fn run(mut self) {
        let ended = loop {
            if let Err(reason) = self.step().await {
                break reason;
            }
        };
        let reason = self.leaving.take().map_or(ended, |(reason, _)| reason);
        self.session.finish_all(&reason);
        self.places.close();
        self.closed.send_replace(Some(reason.clone()));
        self.requests.close();
        while let Ok(request) = self.requests.try_recv() {
            if let Request::Start(start) = request {
                start.sink.finish(Err(Error::Closed(reason.clone())), None);
            }
        }
        let _it_is_over_anyway = timeout(self.close_within, self.writer.shutdown()).await;
    }

    /// Waits for one thing to happen and does what it asks.
    async fn step(&mut self) -> Result<(), CloseReason> {
        let buffer = match self.session.awaits_table() {
            true => self.decoder.read_buffer_of(TABLE),
            false => self.decoder.idle_buffer(),
        };
        let wake = self.leaving.as_ref().map(|(_, until)| *until).or_else(|| self.session.next_tick());
        tokio::select! {
            read = self.reader.read_buf(buffer) => match read {
                Ok(0) => Err(CloseReason::Eof),
                Ok(_) => self.receive(),
                Err(error) => Err(CloseReason::Io(error.kind())),
            },
            written = write(&mut self.writer, &mut self.session.out, &mut self.dirty),
                if self.dirty || !self.session.out.is_empty() =>
            {
                written.map_err(|error| CloseReason::Io(error.kind()))
            }
            request = self.requests.recv(), if self.leaving.is_none() => self.obey(request),
            () = sleep_until(wake.unwrap_or_else(Instant::now)), if wake.is_some() => self.tick(),
        }
    }

    /// Works through everything that one read brought. Only whole sentences are a sign of life.
    fn receive(&mut self) -> Result<(), CloseReason> {
        let now = Instant::now();
        let brought = self.decoder.pending();
        loop {
            self.session.receive_rows(&mut self.decoder, now)?;
            let Some(sentence) = self.decoder.next()? else { break };
            if self.session.receive(sentence, now)? == Event::LoggedIn {
                self.decoder.set_limits(Limits::AFTER_LOGIN);
            }
        }
        if self.decoder.pending() < brought {
            self.session.heard(now);
        }
        Ok(())
    }

    fn obey(&mut self, request: Option<Request>) -> Result<(), CloseReason> {
        match request {
            Some(Request::Start(start)) => self.session.start(start),
            Some(Request::Cancel(tag)) => self.session.cancel(tag, Instant::now())?,
            Some(Request::Close) => self.leave(CloseReason::Closed),
            None => self.leave(CloseReason::Dropped),
        }
        Ok(())
    }

    /// Says goodbye; the router answers `!fatal` and hangs up, or is left alone after a while.
    fn leave(&mut self, reason: CloseReason) {
        let now = Instant::now();
        self.session.quit(&reason, now);
        self.leaving = Some((reason, now + self.close_within));
    }

    fn tick(&mut self) -> Result<(), CloseReason> {
        match &self.leaving {
            Some((reason, _)) => Err(reason.clone()),
            None => self.session.tick(Instant::now()),
        }
    }
}

/// Writes some of `out`, or flushes when all is written. Dropping it midway loses nothing.
async fn write(
    writer: &mut (impl AsyncWrite + Unpin),
    out: &mut BytesMut,
    dirty: &mut bool,
) -> std::io::Result<()> {
    if out.is_empty() {
        writer.flush().await?;
        *dirty = false;
        return Ok(());
    }
    if writer.write_buf(out).await? == 0 {
        return Err(std::io::ErrorKind::WriteZero.into());
    }
    *dirty = true;
    Ok(())
}
