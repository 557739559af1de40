//! Between columns and types: one function a type, so that every file spells them the same. A column is
//! named, or, in what is read by the thousand, counted: to find a name takes longer than to read a value.

use crate::port::{Result, StoreError, Taken};
use imsys_domain::Timestamp;
use rusqlite::{Row, RowIndex};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::Display;
use uuid::Uuid;

/// A column that cannot be what it should be: the file was written by something else.
pub(crate) fn broken(column: impl Display) -> StoreError {
    StoreError::Failed(format!("column {column} holds an impossible value"))
}

/// An id column.
pub(crate) fn uuid(row: &Row<'_>, column: impl RowIndex) -> rusqlite::Result<Uuid> {
    row.get::<_, [u8; 16]>(column).map(Uuid::from_bytes)
}

/// An id column that may be NULL.
pub(crate) fn uuid_or_null(row: &Row<'_>, column: impl RowIndex) -> rusqlite::Result<Option<Uuid>> {
    row.get::<_, Option<[u8; 16]>>(column).map(|id| id.map(Uuid::from_bytes))
}

/// Since when a row is archived; 0 is not at all.
pub(crate) fn archived(row: &Row<'_>, column: impl RowIndex) -> rusqlite::Result<Option<Timestamp>> {
    let at: i64 = row.get(column)?;
    Ok((at != 0).then_some(Timestamp(at)))
}

/// A JSON column.
pub(crate) fn json<T: DeserializeOwned>(row: &Row<'_>, column: impl RowIndex + Display) -> Result<T> {
    Ok(serde_json::from_str(row.get_ref(column)?.as_str().map_err(|_| broken(column))?)?)
}

/// A column that holds the bare name of an enum's variant, as serde writes it.
pub(crate) fn word<T: DeserializeOwned>(row: &Row<'_>, column: impl RowIndex + Display) -> Result<T> {
    word_or_null(row, column)?.ok_or_else(|| broken(column))
}

/// The same, where NULL is allowed.
pub(crate) fn word_or_null<T: DeserializeOwned>(
    row: &Row<'_>,
    column: impl RowIndex + Display,
) -> Result<Option<T>> {
    let text = row.get_ref(column)?.as_str_or_null().map_err(|_| broken(column))?;
    let parse = |text| {
        let value = serde::de::value::StrDeserializer::<serde::de::value::Error>::new(text);
        T::deserialize(value).map_err(|_| broken(column))
    };
    text.map(parse).transpose()
}

/// The bare name of a variant.
pub(crate) fn name_of<T: Serialize>(value: &T) -> Result<&'static str> {
    serde_variant::to_variant_name(value)
        .map_err(|_| StoreError::Failed("an enum without a plain name".into()))
}

/// The rows of a statement through a reader that may fail in our own way.
pub(crate) fn collect<T>(
    mut rows: rusqlite::Rows<'_>,
    read: impl Fn(&Row<'_>) -> Result<T>,
) -> Result<Vec<T>> {
    let mut items = Vec::new();
    while let Some(row) = rows.next()? {
        items.push(read(row)?);
    }
    Ok(items)
}

/// Turns a violated unique rule into [`StoreError::Exists`].
pub(crate) fn unique<T>(done: rusqlite::Result<T>, taken: Taken) -> Result<T> {
    done.map_err(|error| match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::ConstraintViolation) => StoreError::Exists(taken),
        _ => error.into(),
    })
}
