//! Where the rows of a reply go. The connection's task decodes into a sink straight from its read
//! buffer, so a row is never stored in wire form.

use std::{
    mem,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::sync::{mpsc, oneshot};

use super::{Change, Error, OnOddField, Reply, Table, budget::Share};
use crate::{
    codec::{Decoder, Sentence},
    row::{FieldOrder, FromRow},
    value::{Id, Value},
};

/// The receiving end of one command inside the connection's task.
pub(super) trait Sink: Send {
    /// Takes one row.
    fn row(&mut self, row: Sentence<'_>) -> Result<(), Error>;

    /// Takes rows with the tag word `tag` from `decoder` while that is quick and there is room for them; any
    /// sentence that is left will come by way of [`row`](Self::row) or [`finish`](Self::finish).
    fn rows(&mut self, _decoder: &mut Decoder, _tag: &[u8], _room: Amount) -> Amount {
        Amount::default()
    }

    /// What rows cost until the reply ends; `None` when they are not kept.
    fn cost(&self) -> Option<Cost>;

    /// Ends the reply, with what its rows have taken of the budget. Nobody may be waiting any more.
    fn finish(self: Box<Self>, result: Result<Reply, Error>, share: Option<Share>);
}

/// So much of a reply.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Amount {
    pub(super) rows: usize,
    /// On the wire.
    pub(super) bytes: usize,
}

/// Bytes of memory for a row and for each byte that it had on the wire.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cost {
    pub(super) row: usize,
    pub(super) byte: usize,
}

impl Cost {
    pub(super) fn of(self, amount: Amount) -> usize {
        self.row * amount.rows + self.byte * amount.bytes
    }
}

/// Collects rows for `print`.
pub(super) struct Rows<T> {
    rows: Vec<T>,
    order: FieldOrder,
    odd: OnOddField,
    done: oneshot::Sender<Result<Table<T>, Error>>,
}

impl<T: FromRow> Rows<T> {
    pub(super) fn new(odd: OnOddField, done: oneshot::Sender<Result<Table<T>, Error>>) -> Box<Self> {
        Box::new(Self { rows: Vec::new(), order: FieldOrder::default(), odd, done })
    }
}

impl<T: FromRow> Sink for Rows<T> {
    fn row(&mut self, row: Sentence<'_>) -> Result<(), Error> {
        self.rows.push(T::read_row(row, &mut self.order, |field| (self.odd)(field)));
        Ok(())
    }

    fn rows(&mut self, decoder: &mut Decoder, tag: &[u8], room: Amount) -> Amount {
        let mut taken = Amount::default();
        let mut order = mem::take(&mut self.order);
        while taken.rows < room.rows && taken.bytes < room.bytes {
            self.rows.push(T::default());
            let Some(row) = self.rows.last_mut() else { break };
            order.restart();
            // A row with an odd field is left to `row`, which tells of it.
            let length = decoder.next_row(tag, |word| row.read_word(word, &mut order).is_ok());
            let Some(length) = length else {
                self.rows.pop();
                break;
            };
            taken.rows += 1;
            taken.bytes += length;
            if self.rows.len() == self.rows.capacity() {
                // As many as what was read holds when all are like this one.
                self.rows.reserve((decoder.pending() / length.max(1)).min(room.rows));
            }
        }
        self.order = order;
        taken
    }

    fn cost(&self) -> Option<Cost> {
        Some(Cost { row: size_of::<T>(), byte: T::MEMORY_PER_BYTE })
    }

    fn finish(self: Box<Self>, result: Result<Reply, Error>, share: Option<Share>) {
        let Self { rows, done, .. } = *self;
        let _nobody_waits = done.send(result.map(|_| Table { rows, share }));
    }
}

/// Passes over rows for `run`.
pub(super) struct Outcome(pub(super) oneshot::Sender<Result<Reply, Error>>);

impl Sink for Outcome {
    fn row(&mut self, _: Sentence<'_>) -> Result<(), Error> {
        Ok(())
    }

    fn cost(&self) -> Option<Cost> {
        None
    }

    fn finish(self: Box<Self>, result: Result<Reply, Error>, _: Option<Share>) {
        let _nobody_waits = self.0.send(result);
    }
}

/// Hands rows of a listen on as they come, within a bound.
pub(super) struct Changes<T> {
    changes: mpsc::Sender<(Change<T>, usize)>,
    end: oneshot::Sender<Error>,
    /// Bytes of changes that nobody has read yet; the reader subtracts.
    unread: Arc<AtomicUsize>,
    most: usize,
    order: FieldOrder,
    odd: OnOddField,
}

impl<T: FromRow> Changes<T> {
    pub(super) fn new(
        changes: mpsc::Sender<(Change<T>, usize)>,
        end: oneshot::Sender<Error>,
        unread: Arc<AtomicUsize>,
        most: usize,
        odd: OnOddField,
    ) -> Box<Self> {
        Box::new(Self { changes, end, unread, most, order: FieldOrder::default(), odd })
    }
}

impl<T: FromRow> Sink for Changes<T> {
    fn row(&mut self, row: Sentence<'_>) -> Result<(), Error> {
        let change = match row.attr(".dead").and_then(bool::read) {
            Some(true) => Change::Dead { id: row.attr(".id").and_then(Id::read) },
            _ => Change::Row(T::read_row(row, &mut self.order, |field| (self.odd)(field))),
        };
        let size = row.wire_len();
        if self.unread.fetch_add(size, Ordering::Relaxed) + size > self.most {
            return Err(Error::Lagged);
        }
        self.changes.try_send((change, size)).map_err(|_| Error::Lagged)
    }

    fn cost(&self) -> Option<Cost> {
        None
    }

    fn finish(self: Box<Self>, result: Result<Reply, Error>, _: Option<Share>) {
        if let Err(error) = result {
            let _nobody_waits = self.end.send(error);
        }
    }
}
