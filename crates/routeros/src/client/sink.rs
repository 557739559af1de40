//! Where the rows of a reply go. The connection's task decodes into a sink straight from its read
//! buffer, so a row is never stored in wire form.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use tokio::sync::{mpsc, oneshot};

use super::{Change, Error, Reply};
use crate::{
    codec::Sentence,
    row::FromRow,
    value::{Id, Value},
};

/// The receiving end of one command inside the connection's task.
pub(super) trait Sink: Send {
    /// Takes one row.
    fn row(&mut self, row: Sentence<'_>) -> Result<(), Error>;

    /// Bytes that a row costs until the reply ends, beside those it had on the wire; `None` when
    /// rows are not kept.
    fn row_size(&self) -> Option<usize>;

    /// Ends the reply. Nobody may be waiting any more.
    fn finish(self: Box<Self>, result: Result<Reply, Error>);
}

/// Collects rows for `print`.
pub(super) struct Rows<T> {
    rows: Vec<T>,
    done: oneshot::Sender<Result<Vec<T>, Error>>,
}

impl<T: FromRow> Rows<T> {
    pub(super) fn new(done: oneshot::Sender<Result<Vec<T>, Error>>) -> Box<Self> {
        Box::new(Self { rows: Vec::new(), done })
    }
}

impl<T: FromRow> Sink for Rows<T> {
    fn row(&mut self, row: Sentence<'_>) -> Result<(), Error> {
        self.rows.push(T::from_row(row)?);
        Ok(())
    }

    fn row_size(&self) -> Option<usize> {
        Some(size_of::<T>())
    }

    fn finish(self: Box<Self>, result: Result<Reply, Error>) {
        let Self { rows, done } = *self;
        let _nobody_waits = done.send(result.map(|_| rows));
    }
}

/// Passes over rows for `run`.
pub(super) struct Outcome(pub(super) oneshot::Sender<Result<Reply, Error>>);

impl Sink for Outcome {
    fn row(&mut self, _: Sentence<'_>) -> Result<(), Error> {
        Ok(())
    }

    fn row_size(&self) -> Option<usize> {
        None
    }

    fn finish(self: Box<Self>, result: Result<Reply, Error>) {
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
}

impl<T: FromRow> Changes<T> {
    pub(super) fn new(
        changes: mpsc::Sender<(Change<T>, usize)>,
        end: oneshot::Sender<Error>,
        unread: Arc<AtomicUsize>,
        most: usize,
    ) -> Box<Self> {
        Box::new(Self { changes, end, unread, most })
    }
}

impl<T: FromRow> Sink for Changes<T> {
    fn row(&mut self, row: Sentence<'_>) -> Result<(), Error> {
        let change = match row.attr(".dead").and_then(bool::read) {
            Some(true) => Change::Dead { id: row.attr(".id").and_then(Id::read) },
            _ => Change::Row(T::from_row(row)?),
        };
        let size = row.wire_len();
        if self.unread.fetch_add(size, Ordering::Relaxed) + size > self.most {
            return Err(Error::Lagged);
        }
        self.changes.try_send((change, size)).map_err(|_| Error::Lagged)
    }

    fn row_size(&self) -> Option<usize> {
        None
    }

    fn finish(self: Box<Self>, result: Result<Reply, Error>) {
        if let Err(error) = result {
            let _nobody_waits = self.end.send(error);
        }
    }
}
