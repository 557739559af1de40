//! Query strings: every key known, each at most once but where it says otherwise. What is unknown is refused, never ignored.

use super::misfit;
use crate::http::error::ApiError;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

/// A query string read into `T`, which should deny unknown fields.
#[derive(Clone, Copy, Debug)]
pub struct Query<T>(pub T);

impl<S: Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        read(pairs(parts.uri.query().unwrap_or_default())?).map(Self)
    }
}

/// A query string in which one key may come several times.
pub trait Repeats {
    /// The key; it is no field of the type.
    const KEY: &'static str;
}

/// A query string read into `T`, and the values of the key that may come several times, but for empty ones.
#[derive(Clone, Debug)]
pub struct QueryList<T>(pub T, pub Vec<String>);

impl<S: Sync, T: DeserializeOwned + Repeats> FromRequestParts<S> for QueryList<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        split(parts.uri.query().unwrap_or_default())
    }
}

fn split<T: DeserializeOwned + Repeats>(query: &str) -> Result<QueryList<T>, ApiError> {
    let all = form_urlencoded::parse(query.as_bytes());
    let (list, others): (Vec<_>, Vec<_>) = all.into_owned().partition(|(key, _)| key == T::KEY);
    let list = list.into_iter().map(|(_, value)| value).filter(|value| !value.is_empty()).collect();
    Ok(QueryList(read(once(others)?)?, list))
}

/// The decoded pairs; a key that comes twice is 400.
pub(super) fn pairs(query: &str) -> Result<Vec<(String, String)>, ApiError> {
    once(form_urlencoded::parse(query.as_bytes()).into_owned())
}

fn once(all: impl IntoIterator<Item = (String, String)>) -> Result<Vec<(String, String)>, ApiError> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    for (key, value) in all {
        if pairs.iter().any(|(known, _)| *known == key) {
            return Err(refuse(format!("`{}` is given twice.", shown(&key))));
        }
        pairs.push((key, value));
    }
    Ok(pairs)
}

/// Reads pairs into a type. An empty value counts as not given.
pub(super) fn read<T: DeserializeOwned>(pairs: Vec<(String, String)>) -> Result<T, ApiError> {
    let given = pairs.into_iter().filter(|(_, value)| !value.is_empty());
    let text = form_urlencoded::Serializer::new(String::new()).extend_pairs(given).finish();
    let parts = serde_urlencoded::Deserializer::new(form_urlencoded::parse(text.as_bytes()));
    serde_path_to_error::deserialize(parts).map_err(|error| {
        let path = error.path().to_string();
        let text = error.into_inner().to_string();
        match (unknown(&text), missing(&text)) {
            (Some(name), _) => refuse(format!("`{}` is not known here.", shown(name))),
            (_, Some(name)) => refuse(format!("`{name}` is required.")),
            _ => refuse(format!("`{}` {}.", shown(&path), shown(&misfit::in_words(&text)))),
        }
    })
}

fn unknown(text: &str) -> Option<&str> {
    text.strip_prefix("unknown field `")?.split('`').next()
}

fn missing(text: &str) -> Option<&str> {
    text.strip_prefix("missing field `")?.strip_suffix('`')
}

pub(super) fn refuse(detail: String) -> ApiError {
    ApiError::bad_request("bad-query", detail)
}

/// What came from outside, cut and made visible.
pub(super) fn shown(text: &str) -> String {
    imsys_domain::text::shown(text, 200)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, PartialEq, Eq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Filter {
        name: Option<String>,
        count: Option<u8>,
    }

    fn filter(query: &str) -> Result<Filter, ApiError> {
        read(pairs(query)?)
    }

    #[test]
    fn known_keys_are_read_and_empty_values_are_none() {
        assert_eq!(filter("name=a%20b&count=7"), Ok(Filter { name: Some("a b".into()), count: Some(7) }));
        assert_eq!(filter("name=&count="), Ok(Filter { name: None, count: None }));
    }

    impl Repeats for Filter {
        const KEY: &'static str = "tag";
    }

    #[test]
    fn one_key_may_come_several_times_and_its_values_are_kept_whole() {
        let QueryList(filter, tags) = split::<Filter>("tag=a,b&count=7&tag=&tag=%2C").unwrap();
        assert_eq!((filter.count, tags), (Some(7), vec!["a,b".to_owned(), ",".to_owned()]));
        assert_eq!(split::<Filter>("").unwrap().1, Vec::<String>::new());
        assert!(split::<Filter>("count=7&tag=a&count=8").is_err());
    }

    #[test]
    fn unknown_doubled_and_unfit_keys_are_refused_by_name() {
        for (query, named) in [("nane=a", "nane"), ("name=a&name=b", "name"), ("count=many", "count")] {
            let refused = filter(query).unwrap_err();
            assert_eq!(refused.status(), 400, "{query}");
            assert!(format!("{refused:?}").contains(named), "{refused:?}");
        }
        assert_eq!(filter("nane=a").unwrap_err().detail(), "`nane` is not known here.");
        let many = filter("count=many").unwrap_err();
        assert_eq!(many.detail(), "`count` must be a whole number that is not too large.");
    }
}
