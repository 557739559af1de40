//! Lists as CSV: safe from formulas, streamed page by page so that a hundred thousand rows need no memory.

use super::error::ApiError;
use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use imsys_domain::text::csv_cell;
use imsys_store::StoreError;
use imsys_store::page::{Ask, Cursor, Page};

/// Rows a page.
const PAGE: u32 = 1000;

/// One page after another of a list.
pub type Pages<T> = futures_util::future::BoxFuture<'static, Result<Page<T>, StoreError>>;

/// A cell with the bare name of a variant.
pub fn word(word: impl serde::Serialize) -> String {
    serde_json::to_value(word).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// A CSV file of everything that `load` lists from `ask` on, a row of cells for each item. The first
/// page is loaded before the answer begins, so that a failure there is an ordinary one.
pub async fn file<S, T, L>(
    name: &str,
    header: &'static [&'static str],
    ask: Ask<S>,
    load: L,
    cells: fn(&T) -> Vec<String>,
) -> Result<Response, ApiError>
where
    S: Copy + Send + 'static,
    T: Send + 'static,
    L: Fn(Ask<S>) -> Pages<T> + Send + 'static,
{
    let mut ask = Ask { limit: PAGE, ..ask };
    let first = load(Ask { cursor: None, ..ask.clone() }).await?;
    let head = encode(std::iter::once(header.iter().map(ToString::to_string).collect()));
    let start = (Some(first), head);
    let pages = stream::unfold(Some(start), move |state| {
        let next = state.map(|(page, text)| rows(page, text, cells));
        let loading = next.as_ref().and_then(|(_, cursor)| cursor.clone()).map(|cursor| {
            ask.cursor = Some(cursor);
            load(ask.clone())
        });
        async move {
            let (text, _) = next?;
            let state = match loading {
                None => None,
                Some(page) => match page.await {
                    Ok(page) => Some((Some(page), Vec::new())),
                    // A file that ends early is cut off visibly: the connection breaks.
                    Err(error) => return Some((Err(std::io::Error::other(error)), None)),
                },
            };
            Some((Ok(text), state))
        }
    });
    let disposition = format!("attachment; filename=\"{name}.csv\"");
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    Ok((headers, Body::from_stream(pages)).into_response())
}

fn rows<T>(
    page: Option<Page<T>>,
    mut text: Vec<u8>,
    cells: fn(&T) -> Vec<String>,
) -> (Vec<u8>, Option<Cursor>) {
    let Some(page) = page else { return (text, None) };
    text.extend(encode(page.items.iter().map(cells)));
    (text, page.next)
}

fn encode(rows: impl Iterator<Item = Vec<String>>) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer
            .write_record(row.iter().map(|cell| csv_cell(cell)))
            .expect("memory takes every row of equal length");
    }
    writer.into_inner().expect("memory is flushed at once")
}
