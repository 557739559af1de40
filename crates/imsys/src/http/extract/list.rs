//! Lists: `?q=&sort=&limit=&cursor=` and the filters of each list, answered with `{items, next, total}`.

use super::query::{pairs, read, refuse, shown};
use crate::http::error::ApiError;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use imsys_domain::text::check_search;
use imsys_store::page::{Ask, Cursor, Page};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

const DEFAULT_LIMIT: u32 = 100;
const MOST: u32 = 1000;

/// The orders of a list.
pub trait Sorts {
    /// What the store calls an order.
    type Key: Copy + Send + 'static;
    /// By name in the API; the first is the default.
    const NAMES: &'static [(&'static str, Self::Key)];
    /// Whether the default is last first.
    const DESCENDING: bool = false;
}

/// Lists that are ordered by name alone.
#[derive(Clone, Copy, Debug)]
pub struct ByName;

impl Sorts for ByName {
    type Key = ();
    const NAMES: &'static [(&'static str, ())] = &[("name", ())];
}

/// For lists without filters of their own.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filterless {}

/// For lists of things that are archived, and come back, and have no other filter.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub struct Archived {
    /// The archived ones instead of the living.
    archived: Option<bool>,
}

impl Archived {
    /// Which of them.
    pub fn only(self) -> bool {
        self.archived.unwrap_or(false)
    }
}

/// What a client asks of a list with the filters `F` (which should deny unknown fields) and orders `S`.
#[derive(Debug)]
pub struct List<F, S: Sorts> {
    /// Search, order, size and start.
    pub ask: Ask<S::Key>,
    /// The filters.
    pub filter: F,
}

/// The parameters that every list has, for its description.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only described")]
pub struct ListParams {
    /// Words that must all occur: 10 at most, of 200 characters in all.
    q: Option<String>,
    /// A field, or `-field` for last first.
    sort: Option<String>,
    /// How many items at most.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<u32>,
    /// `next` of the page before.
    cursor: Option<String>,
}

impl<St: Sync, F: DeserializeOwned, S: Sorts> FromRequestParts<St> for List<F, S> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &St) -> Result<Self, ApiError> {
        Self::parse(parts.uri.query().unwrap_or_default())
    }
}

impl<F: DeserializeOwned, S: Sorts> List<F, S> {
    fn parse(query: &str) -> Result<Self, ApiError> {
        let mut pairs = pairs(query)?;
        let mut take = |key: &str| {
            let at = pairs.iter().position(|(known, _)| known == key)?;
            Some(pairs.remove(at).1).filter(|value| !value.is_empty())
        };
        let (q, sort, limit, cursor) = (take("q"), take("sort"), take("limit"), take("cursor"));
        if let Some(Err(error)) = q.as_deref().map(check_search) {
            return Err(refuse(format!("`q` {error}.")));
        }
        let (sort, descending) = order::<S>(sort.as_deref())?;
        let limit = limit.map_or(Ok(DEFAULT_LIMIT), |text| size(&text))?;
        let cursor = cursor.map(|text| place(&text)).transpose()?;
        Ok(Self { ask: Ask { q, sort, descending, limit, cursor }, filter: read(pairs)? })
    }
}

fn order<S: Sorts>(sort: Option<&str>) -> Result<(S::Key, bool), ApiError> {
    let Some(sort) = sort else {
        let (_, key) = S::NAMES.first().expect("a list has at least one order");
        return Ok((*key, S::DESCENDING));
    };
    let (name, descending) = sort.strip_prefix('-').map_or((sort, false), |name| (name, true));
    let known = S::NAMES.iter().find(|(known, _)| *known == name);
    known.map(|(_, key)| (*key, descending)).ok_or_else(|| {
        let names: Vec<&str> = S::NAMES.iter().map(|(name, _)| *name).collect();
        refuse(format!("`sort` must be one of {}, or one of them after `-`.", names.join(", ")))
    })
}

fn size(text: &str) -> Result<u32, ApiError> {
    let size = text.parse().ok().filter(|size| (1..=MOST).contains(size));
    size.ok_or_else(|| refuse(format!("`limit` must be 1 to {MOST}, not {}.", shown(text))))
}

fn place(text: &str) -> Result<Cursor, ApiError> {
    let decoded = URL_SAFE_NO_PAD.decode(text).ok();
    let cursor = decoded.and_then(|json| serde_json::from_slice(&json).ok());
    cursor.ok_or_else(|| refuse("`cursor` must be what `next` of the page before was.".into()))
}

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Items<T> {
    /// The items in the asked order.
    pub items: Vec<T>,
    /// The `cursor` of the next page; null on the last.
    pub next: Option<String>,
    /// How many items match on all pages.
    pub total: u64,
}

impl<T> Items<T> {
    /// A page as the API shows it.
    pub fn new<M>(page: Page<M>, show: impl FnMut(M) -> T) -> Self {
        let cursor = |cursor| {
            let json = serde_json::to_vec(&cursor).expect("a cursor is a text or a number, and bytes");
            URL_SAFE_NO_PAD.encode(json)
        };
        Self {
            items: page.items.into_iter().map(show).collect(),
            next: page.next.map(cursor),
            total: page.total,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use imsys_store::page::SortKey;

    #[derive(Debug)]
    struct Orders;

    impl Sorts for Orders {
        type Key = u8;
        const NAMES: &'static [(&'static str, u8)] = &[("since", 1), ("name", 2)];
        const DESCENDING: bool = true;
    }

    fn ask(query: &str) -> Result<Ask<u8>, ApiError> {
        List::<Filterless, Orders>::parse(query).map(|list| list.ask)
    }

    #[test]
    fn nothing_asked_is_the_first_hundred_in_the_lists_own_order() {
        assert_eq!(ask(""), Ok(Ask { descending: true, ..Ask::first(1) }));
    }

    #[test]
    fn order_size_and_search_are_read() {
        let asked = ask("q=ana&sort=-name&limit=1000").unwrap();
        assert_eq!(
            (asked.q.as_deref(), asked.sort, asked.descending, asked.limit),
            (Some("ana"), 2, true, 1000)
        );
        assert!(!ask("sort=name").unwrap().descending);
    }

    #[test]
    fn what_is_out_of_bounds_is_refused() {
        for query in ["limit=0", "limit=1001", "limit=x", "sort=size", "cursor=zz", "colour=red", "q=a&q=b"] {
            assert_eq!(ask(query).unwrap_err().status(), 400, "{query}");
        }
        for q in ["a+".repeat(1_200), "a".repeat(201)] {
            assert_eq!(ask(&format!("q={q}")).unwrap_err().status(), 400, "{q}");
        }
    }

    #[test]
    fn the_next_of_a_page_is_the_cursor_of_the_following_one() {
        let cursor = Cursor(SortKey::Text("ana".into()), [7; 16]);
        let page = Page { items: vec![1], next: Some(cursor.clone()), total: 2 };
        let next = Items::new(page, |item| item).next.unwrap();
        assert_eq!(ask(&format!("cursor={next}")).unwrap().cursor, Some(cursor));
    }
}
