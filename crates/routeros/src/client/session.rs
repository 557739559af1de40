//! The protocol's state on one connection, without the socket and without a clock: commands go in,
//! bytes come out; sentences go in, results come out.

use bytes::{BufMut, BytesMut};
use tokio::{sync::OwnedSemaphorePermit, time::Instant};

use super::{
    Budget, ClientOptions, CloseReason, Error, KeepAlive, Reply, Trap, Traps,
    budget::Share,
    sink::{Amount, Cost, Sink},
};
use crate::{
    codec::{Decoder, Kind, Sentence, SentenceWriter, encode_sentence, encode_word},
    value::{Text, Value, parse},
};

/// Numbers a command on the wire. 0 is written as no tag at all, for logins.
pub(super) type Tag = u64;

/// Bytes of the router's last word that are kept.
const REASON: usize = 1024;

/// The tag of a command that is sent without one.
pub(super) const UNTAGGED: Tag = 0;
/// The first tag for everybody else. Probes and cancels have tags that are no numbers: their answers
/// say nothing that is not known otherwise, and are dropped.
pub(super) const FIRST: Tag = 1;

/// A command on its way to the router.
pub(super) struct Start {
    pub(super) tag: Tag,
    /// Words in wire form, without tag and end mark.
    pub(super) words: Vec<u8>,
    pub(super) sink: Box<dyn Sink>,
    /// Its place among those in flight, given back when the router ends the command.
    pub(super) place: OwnedSemaphorePermit,
}

/// What a sentence meant to the connection as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Event {
    /// Nothing new.
    Ordinary,
    /// The router let us in.
    LoggedIn,
}

pub(super) struct Session {
    options: ClientOptions,
    /// What waits to be written to the router.
    pub(super) out: BytesMut,
    commands: Vec<Running>,
    /// The command that the last row belonged to.
    latest: Tag,
    /// Bytes held for unfinished replies.
    held: usize,
    logged_in: bool,
    heard: Instant,
    probed: Option<Instant>,
}

struct Running {
    tag: Tag,
    /// The tag as a word on the wire.
    tag_word: String,
    /// `None` once cancelled: what still comes is dropped.
    sink: Option<Box<dyn Sink>>,
    /// See [`Sink::cost`].
    cost: Option<Cost>,
    cancelled: Option<Instant>,
    traps: Option<Traps>,
    rows: usize,
    bytes: usize,
    held: usize,
    /// What the rows have taken of the budget, where there is one.
    share: Option<Share>,
    _place: OwnedSemaphorePermit,
}

impl Session {
    pub(super) fn new(options: ClientOptions, now: Instant) -> Self {
        Self {
            options,
            out: BytesMut::new(),
            commands: Vec::new(),
            latest: UNTAGGED,
            held: 0,
            logged_in: false,
            heard: now,
            probed: None,
        }
    }

    /// Writes a command and waits for its reply.
    pub(super) fn start(&mut self, start: Start) {
        let tag_word = format!(".tag={}", start.tag);
        self.out.put_slice(&start.words);
        if start.tag != UNTAGGED {
            encode_word(&tag_word, &mut self.out).expect("the word is short");
        }
        self.out.put_u8(0);
        self.commands.push(Running {
            tag: start.tag,
            tag_word,
            cost: start.sink.cost(),
            share: self.options.budget.as_ref().map(Budget::share),
            sink: Some(start.sink),
            cancelled: None,
            traps: None,
            rows: 0,
            bytes: 0,
            held: 0,
            _place: start.place,
        });
    }

    /// Nobody waits for the command any more. One without a tag cannot be cancelled: that ends the
    /// connection.
    pub(super) fn cancel(&mut self, tag: Tag, now: Instant) -> Result<(), CloseReason> {
        let Some(command) = self.commands.iter_mut().find(|command| command.tag == tag) else {
            return Ok(());
        };
        if tag == UNTAGGED {
            return Err(CloseReason::LoginAbandoned);
        }
        if command.cancelled.is_some() {
            return Ok(());
        }
        (command.sink, command.share) = (None, None);
        command.cancelled = Some(now);
        self.held -= std::mem::take(&mut command.held);
        self.put_cancel(tag);
        Ok(())
    }

    /// Ends every command with `reason`, cancels it at the router, and says goodbye.
    pub(super) fn quit(&mut self, reason: &CloseReason, now: Instant) {
        self.finish_all(reason);
        let tags: Vec<Tag> = self.commands.iter().map(|command| command.tag).collect();
        for tag in tags {
            let _a_login_ends_with_the_connection = self.cancel(tag, now);
        }
        encode_sentence(["/quit"], &mut self.out).expect("the word is short");
    }

    /// Ends every command with `reason`.
    pub(super) fn finish_all(&mut self, reason: &CloseReason) {
        for sink in self.commands.iter_mut().filter_map(|command| command.sink.take()) {
            sink.finish(Err(Error::Closed(reason.clone())), None);
        }
    }

    /// A whole sentence arrived, or several.
    pub(super) fn heard(&mut self, now: Instant) {
        self.heard = now;
        self.probed = None;
    }

    /// Gives a sentence to the command it belongs to. Sentences that belong to none are late
    /// answers to what was cancelled, and are dropped.
    pub(super) fn receive(&mut self, sentence: Sentence<'_>, now: Instant) -> Result<Event, CloseReason> {
        let kind = sentence.kind();
        if kind == Some(Kind::Fatal) {
            return Err(CloseReason::Fatal(fatal_reason(sentence)));
        }
        let Some(tag) = read_tag(sentence) else { return Ok(Event::Ordinary) };
        let Some(position) = self.commands.iter().position(|command| command.tag == tag) else {
            return Ok(Event::Ordinary);
        };
        match kind {
            Some(Kind::Row) => self.row(position, sentence, now)?,
            Some(Kind::Trap) => {
                Traps::add(&mut self.commands[position].traps, Trap::from_sentence(sentence));
            }
            Some(Kind::Done) => return Ok(self.done(position, sentence)),
            Some(Kind::Empty | Kind::Fatal) | None => {}
        }
        Ok(Event::Ordinary)
    }

    /// Takes further rows of the command that had the last one, quickly, as far as that is
    /// possible. What is left in `decoder` is for [`receive`](Self::receive).
    pub(super) fn receive_rows(&mut self, decoder: &mut Decoder, now: Instant) -> Result<(), CloseReason> {
        let latest = self.commands.iter().position(|command| command.tag == self.latest);
        let Some(position) = latest else { return Ok(()) };
        let command = &mut self.commands[position];
        let limits = self.options.reply;
        let room = Amount {
            rows: (limits.rows + 1).saturating_sub(command.rows),
            bytes: (limits.bytes + 1).saturating_sub(command.bytes),
        };
        let Some(sink) = &mut command.sink else { return Ok(()) };
        let taken = sink.rows(decoder, command.tag_word.as_bytes(), room);
        self.count(position, taken, now)
    }

    /// Whether the rows of a whole reply are on their way to somebody.
    pub(super) fn awaits_table(&self) -> bool {
        self.commands.iter().any(|command| command.sink.is_some() && command.cost.is_some())
    }

    /// When [`tick`](Self::tick) wants to be called.
    pub(super) fn next_tick(&self) -> Option<Instant> {
        let cancels = self.commands.iter().filter_map(|command| command.cancelled);
        let cancel = cancels.min().map(|since| since + self.options.cancel_within);
        let silence = self.keep_alive().map(|keep_alive| match self.probed {
            Some(probed) => probed + keep_alive.within,
            None => self.heard + keep_alive.interval,
        });
        [cancel, silence].into_iter().flatten().min()
    }

    /// Does what is due.
    pub(super) fn tick(&mut self, now: Instant) -> Result<(), CloseReason> {
        let late = |since: Instant| since + self.options.cancel_within <= now;
        if self.commands.iter().any(|command| command.cancelled.is_some_and(late)) {
            return Err(CloseReason::CancelIgnored);
        }
        let Some(keep_alive) = self.keep_alive() else { return Ok(()) };
        match self.probed {
            Some(probed) if probed + keep_alive.within <= now => Err(CloseReason::KeepAlive),
            None if self.heard + keep_alive.interval <= now => {
                self.probe();
                self.probed = Some(now);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn keep_alive(&self) -> Option<KeepAlive> {
        self.options.keep_alive.filter(|_| self.logged_in)
    }

    fn row(&mut self, position: usize, row: Sentence<'_>, now: Instant) -> Result<(), CloseReason> {
        self.count(position, Amount { rows: 1, bytes: row.wire_len() }, now)?;
        let command = &mut self.commands[position];
        self.latest = command.tag;
        let taken = command.sink.as_mut().map_or(Ok(()), |sink| sink.row(row));
        taken.or_else(|error| self.fail(position, error, now))
    }

    /// Counts rows of a command; more than it may have is its end.
    fn count(&mut self, position: usize, more: Amount, now: Instant) -> Result<(), CloseReason> {
        let command = &mut self.commands[position];
        let (Some(_), Some(cost)) = (&command.sink, command.cost) else { return Ok(()) };
        command.rows += more.rows;
        command.bytes += more.bytes;
        command.held += cost.of(more);
        self.held += cost.of(more);
        let (rows, bytes) = (command.rows, command.bytes);
        let limits = self.options.reply;
        if rows > limits.rows || bytes > limits.bytes || self.held > self.options.connection_bytes {
            return self.fail(position, Error::TooLarge { rows, bytes }, now);
        }
        if command.share.as_mut().is_some_and(|share| !share.grow(cost.of(more))) {
            return self.fail(position, Error::Crowded, now);
        }
        Ok(())
    }

    /// Ends a command with an error of our own.
    fn fail(&mut self, position: usize, error: Error, now: Instant) -> Result<(), CloseReason> {
        let command = &mut self.commands[position];
        if let Some(sink) = command.sink.take() {
            sink.finish(Err(error), None);
        }
        let tag = command.tag;
        self.cancel(tag, now)
    }

    fn done(&mut self, position: usize, done: Sentence<'_>) -> Event {
        let command = self.commands.swap_remove(position);
        self.held -= command.held;
        let ret = done.attr("ret").and_then(Text::read);
        let logged_in = command.tag == UNTAGGED && command.traps.is_none() && ret.is_none();
        self.logged_in |= logged_in;
        if let Some(sink) = command.sink {
            let result = match command.traps {
                Some(traps) => Err(Error::Trap(traps)),
                None => Ok(Reply { ret }),
            };
            sink.finish(result, command.share);
        }
        if logged_in { Event::LoggedIn } else { Event::Ordinary }
    }

    fn probe(&mut self) {
        SentenceWriter::new(&mut self.out)
            .word("/system/identity/print")
            .and_then(|writer| writer.tag("probe"))
            .expect("the words are short")
            .end();
    }

    fn put_cancel(&mut self, tag: Tag) {
        SentenceWriter::new(&mut self.out)
            .word("/cancel")
            .and_then(|writer| writer.attr("tag", tag.to_string()))
            .and_then(|writer| writer.tag(format!("cancel-{tag}")))
            .expect("the words are short")
            .end();
    }
}

fn read_tag(sentence: Sentence<'_>) -> Option<Tag> {
    sentence.tag().map_or(Some(UNTAGGED), |tag| parse(tag).ok())
}

/// A bare word from RouterOS, `=message=` from some that imitate it.
fn fatal_reason(fatal: Sentence<'_>) -> Text {
    let reason = fatal.attr("message").or_else(|| fatal.words().nth(1)).unwrap_or_default();
    Text::read(reason.get(..REASON).unwrap_or(reason)).unwrap_or_default()
}
