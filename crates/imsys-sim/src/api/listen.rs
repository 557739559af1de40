//! Who listens to which menu.

use std::borrow::Cow;

use bytes::{Bytes, BytesMut};

use super::outlet::Outlet;
use super::print::attributes;
use super::reply::Replies;
use crate::table::query::Query;
use crate::table::schema::Menu;
use crate::table::value::View;
use crate::table::{Id, Row, spell_id};

/// One `listen` that runs.
#[derive(Debug)]
pub(crate) struct Subscriber {
    /// Which connection it belongs to.
    pub(crate) connection: u64,
    pub(crate) tag: Option<Bytes>,
    pub(crate) path: &'static str,
    pub(crate) proplist: Option<Vec<Vec<u8>>>,
    pub(crate) query: Query,
    /// The listener may see sensitive values.
    pub(crate) secrets: bool,
    pub(crate) replies: Replies,
    pub(crate) outlet: Outlet,
}

/// Everyone who listens.
#[derive(Debug, Default)]
pub(crate) struct Subscribers(Vec<Subscriber>);

impl Subscribers {
    pub(crate) fn add(&mut self, subscriber: Subscriber) {
        self.0.push(subscriber);
    }

    /// Whether anyone listens to `path`.
    pub(crate) fn any(&self, path: &str) -> bool {
        self.0.iter().any(|subscriber| subscriber.path == path)
    }

    /// Ends the listens of a connection with this tag; all of them when `tag` is `None`. Gives them back.
    pub(crate) fn cancel(&mut self, connection: u64, tag: Option<&[u8]>) -> Vec<Subscriber> {
        let matches = |other: &mut Subscriber| {
            other.connection == connection && tag.is_none_or(|tag| other.tag.as_deref() == Some(tag))
        };
        self.0.extract_if(.., matches).collect()
    }

    /// Pushes a row that is new or changed.
    pub(crate) fn row(&self, menu: &'static Menu, row: &Row, view: View) {
        for subscriber in self.of(menu.path) {
            let view = View { secrets: subscriber.secrets, ..view };
            if !subscriber.query.matches(|name| row.shown(menu, name, view)) {
                continue;
            }
            let mut out = BytesMut::new();
            subscriber.replies.row(&mut out, attributes(menu, row, view, subscriber.proplist.as_deref()));
            subscriber.outlet.push(out.freeze());
        }
    }

    /// Pushes `{.id, .dead=true}`.
    pub(crate) fn dead(&self, path: &str, id: Id) {
        for subscriber in self.of(path) {
            let mut out = BytesMut::new();
            let words = [(".id", Cow::from(spell_id(id))), (".dead", Cow::from("true"))];
            subscriber.replies.row(&mut out, words.iter().map(|(key, value)| (key, value.as_bytes())));
            subscriber.outlet.push(out.freeze());
        }
    }

    fn of<'a>(&'a self, path: &'a str) -> impl Iterator<Item = &'a Subscriber> {
        self.0.iter().filter(move |subscriber| subscriber.path == path)
    }
}
