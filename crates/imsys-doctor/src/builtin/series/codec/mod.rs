//! How points and summaries are written: bytes in, values out, no IO.
//!
//! * [`points`]: a chunk of plain points. Times are differences from the usual distance, values are whole
//!   numbers of a decimal unit where that is exact, else XOR of neighbours as in Gorilla.
//! * [`summaries`]: a row of min, max, sum and count, each column by itself.
//! * `bits`: single bits. `rice`: whole numbers, most of them small. `xor`: any floats.
//! * `decimal`: floats as whole numbers of a decimal unit.
//!
//! Both forms begin with one byte that names the version and how values are written. Every length is checked
//! before anything is allocated; odd bytes are a [`DecodeError`].

#![deny(clippy::indexing_slicing)]

mod bits;
mod decimal;
pub mod points;
mod rice;
pub mod summaries;
mod xor;

pub use points::Point;
pub use summaries::Summary;

/// Why bytes are no chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// The first byte is no version and form that we know.
    #[error("unknown form {0:#04x}")]
    Form(u8),
    /// The bytes end before the last value.
    #[error("the bytes end early")]
    Short,
    /// More follows than the last value.
    #[error("bytes after the last value")]
    Long,
    /// So many values cannot be in a chunk of this length, or in these bytes.
    #[error("{0} values cannot be in here")]
    Count(u64),
    /// A time that does not ascend, or lies outside of the chunk.
    #[error("a time out of order or outside of the chunk")]
    Time,
    /// A value that is not a finite number, or a count of zero.
    #[error("a value that no point can have")]
    Value,
}

/// Version 1 in the upper half of the first byte.
const VERSION: u8 = 0x10;
