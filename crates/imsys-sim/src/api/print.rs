//! `print`: rows selected, projected and encoded in pieces.

use std::borrow::Cow;

use bytes::{Bytes, BytesMut};
use tokio::time::Instant;

use super::command::Command;
use super::reply::Replies;
use crate::router::state::State;
use crate::table::Row;
use crate::table::query::Query;
use crate::table::schema::Menu;
use crate::table::value::View;
use crate::trap::Trap;

/// Replies are handed on in pieces of about this size, so that a long one can be cancelled.
const PIECE: usize = 64 << 10;
/// Words after `print` that change nothing here.
const IGNORED: [&str; 6] = [".proplist", "detail", "stats", "without-paging", "terse", "count-only"];

/// What a print says: `!re`… and how it ends.
pub(crate) struct Printed {
    /// Encoded rows.
    pub(crate) pieces: Vec<Bytes>,
    pub(crate) rows: usize,
    /// Only the number of rows was asked for.
    pub(crate) count_only: bool,
}

/// Prints a menu.
///
/// # Errors
/// An unknown parameter or a bad query word.
pub(crate) fn print(
    state: &mut State,
    menu: &'static Menu,
    command: &Command,
    view: View,
    replies: &Replies,
) -> Result<Printed, Trap> {
    let query = Query::parse(command.queries.iter().map(Vec::as_slice))?;
    if let Some((name, _)) = command.pairs(&IGNORED).first() {
        return Err(Trap::unknown_parameter(&String::from_utf8_lossy(name)));
    }
    let count_only = command.attribute("count-only").is_some();
    let proplist = command.proplist();
    let limit = if is_partial(state, menu) { 1 } else { usize::MAX };
    let mut printed = Printed { pieces: Vec::new(), rows: 0, count_only };
    let mut out = BytesMut::new();
    let matching = state.table(menu).rows().filter(|row| query.matches(|name| row.shown(menu, name, view)));
    for row in matching.take(limit) {
        printed.rows += 1;
        if count_only {
            continue;
        }
        replies.row(&mut out, attributes(menu, row, view, proplist.as_deref()));
        if out.len() >= PIECE {
            printed.pieces.push(out.split().freeze());
        }
    }
    printed.pieces.push(out.freeze());
    Ok(printed)
}

/// For some seconds after a boot one print in three of what the router learns shows a single row.
fn is_partial(state: &mut State, menu: &Menu) -> bool {
    let young = state.partial_until.is_some_and(|until| Instant::now() < until);
    matches!(menu.path, "ppp/active" | "ip/arp") && young && state.dice.chance(1.0 / 3.0)
}

/// The attributes of a row: those asked for in the order of the menu, or all.
pub(crate) fn attributes<'a>(
    menu: &'static Menu,
    row: &'a Row,
    view: View,
    proplist: Option<&'a [Vec<u8>]>,
) -> impl Iterator<Item = (&'static str, Cow<'a, [u8]>)> + 'a {
    let wanted =
        move |name: &str| proplist.is_none_or(|list| list.iter().any(|asked| asked == name.as_bytes()));
    let id = row.shown(menu, b".id", view).map(|id| (".id", id));
    id.into_iter().chain(row.cells(menu, view)).filter(move |(name, _)| wanted(name))
}
