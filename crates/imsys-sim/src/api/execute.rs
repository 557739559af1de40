//! Commands: which are known, who may give them, what they do.

use bytes::{Bytes, BytesMut};

use super::command::Command;
use super::listen::Subscriber;
use super::login::Account;
use super::outlet::Outlet;
use super::ping::{self, Ping};
use super::print::print;
use super::reply::Replies;
use crate::router::state::State;
use crate::table::menus::{is_directory, verb};
use crate::table::query::Query;
use crate::table::schema::{GUARDED, LISTEN, Menu, SINGLE};
use crate::table::{Id, spell_id};
use crate::trap::Trap;

/// What a command leads to.
pub(crate) enum Outcome {
    /// Rows, in pieces that may be cancelled between, then what ends the reply.
    Reply { pieces: Vec<Bytes>, end: Bytes },
    /// It listens; there is nothing to say yet.
    Listening,
    /// It asks somebody and takes its time, while other commands go on.
    Ping(Ping),
}

/// Who gives the command.
pub(crate) struct Caller<'a> {
    pub(crate) account: &'a Account,
    pub(crate) connection: u64,
    pub(crate) outlet: &'a Outlet,
    pub(crate) replies: Replies,
}

/// Carries out a command.
pub(crate) fn execute(state: &mut State, command: &Command, caller: &Caller<'_>) -> Outcome {
    state.catch_up();
    let doubled = state.conditions.duplicate_traps;
    let result = if ping::is_ping(state, command) {
        ping::read(state, command, caller.account).map(Outcome::Ping)
    } else {
        find(state, command)
            .and_then(|menu| permitted(menu, command, caller.account).map(|()| menu))
            .and_then(|menu| run(state, menu, command, caller))
    };
    result.unwrap_or_else(|trap| {
        let mut end = BytesMut::new();
        for _ in 0..if doubled { 2 } else { 1 } {
            caller.replies.trap(&mut end, &trap);
        }
        caller.replies.done(&mut end);
        Outcome::Reply { pieces: Vec::new(), end: end.freeze() }
    })
}

fn find(state: &State, command: &Command) -> Result<&'static Menu, Trap> {
    if !command.rooted {
        return Err(Trap::plain("no such command prefix"));
    }
    if let Some(menu) = state.menu(&command.path) {
        return Ok(menu);
    }
    let mut known = String::new();
    for part in command.path.split('/').filter(|part| !part.is_empty()) {
        known = if known.is_empty() { part.to_owned() } else { format!("{known}/{part}") };
        if !is_directory(&known, state.version) {
            return Err(Trap::no_such_menu(part));
        }
    }
    Err(Trap::no_such_command())
}

fn permitted(menu: &Menu, command: &Command, account: &Account) -> Result<(), Trap> {
    let needed = match command.verb.as_str() {
        "print" | "getall" | "get" | "listen" => "read",
        _ if menu.allows(GUARDED) => "policy",
        _ => "write",
    };
    if account.may(needed) { Ok(()) } else { Err(Trap::not_permitted()) }
}

fn run(
    state: &mut State,
    menu: &'static Menu,
    command: &Command,
    caller: &Caller<'_>,
) -> Result<Outcome, Trap> {
    match command.verb.as_str() {
        "print" | "getall" => rows(state, menu, command, caller),
        "get" => get(state, menu, command, caller),
        "listen" if menu.allows(LISTEN) => listen(state, menu, command, caller),
        other if verb(other).is_some() => write(state, menu, command).map(|ret| end(&caller.replies, ret)),
        _ => Err(Trap::no_such_command()),
    }
}

fn rows(
    state: &mut State,
    menu: &'static Menu,
    command: &Command,
    caller: &Caller<'_>,
) -> Result<Outcome, Trap> {
    let view = state.view(caller.account.may("sensitive"));
    let printed = print(state, menu, command, view, &caller.replies)?;
    let mut end = BytesMut::new();
    if printed.count_only {
        caller.replies.done_with(&mut end, printed.rows.to_string());
    } else {
        if printed.rows == 0 && state.version.says_empty() {
            caller.replies.empty(&mut end);
        }
        caller.replies.done(&mut end);
    }
    Ok(Outcome::Reply { pieces: printed.pieces, end: end.freeze() })
}

/// `get =.id= =value-name=` answers in `=ret=`.
fn get(state: &State, menu: &'static Menu, command: &Command, caller: &Caller<'_>) -> Result<Outcome, Trap> {
    let table = state.table(menu);
    let row = match ids(state, menu, command)?.first() {
        Some(id) => table.get(*id),
        None => table.first(),
    };
    let row = row.ok_or_else(Trap::no_such_item)?;
    let name = command.attribute("value-name").ok_or_else(|| Trap::missing_value("value-name"))?;
    let value = row.shown(menu, name, state.view(caller.account.may("sensitive")));
    let known = menu.column(&String::from_utf8_lossy(name), state.version).is_some() || name == b".id";
    if !known {
        return Err(Trap::no_match("value-name"));
    }
    Ok(end(&caller.replies, Some(value.unwrap_or_default().into_owned())))
}

fn listen(
    state: &mut State,
    menu: &'static Menu,
    command: &Command,
    caller: &Caller<'_>,
) -> Result<Outcome, Trap> {
    let query = Query::parse(command.queries.iter().map(Vec::as_slice))?;
    state.subscribers.add(Subscriber {
        connection: caller.connection,
        tag: command.tag.clone(),
        path: menu.path,
        proplist: command.proplist(),
        query,
        secrets: caller.account.may("sensitive"),
        replies: caller.replies.clone(),
        outlet: caller.outlet.clone(),
    });
    Ok(Outcome::Listening)
}

/// `add` answers with the new id, everything else with nothing.
fn write(state: &mut State, menu: &'static Menu, command: &Command) -> Result<Option<Vec<u8>>, Trap> {
    let pairs = command.pairs(&[".id", "numbers", ".proplist"]);
    if command.verb == "add" {
        return state.add(menu, &pairs).map(|id| Some(spell_id(id).into_bytes()));
    }
    let ids = ids(state, menu, command)?;
    if menu.allows(SINGLE) {
        return state.set(menu, None, &pairs).map(|()| None);
    }
    if ids.is_empty() {
        return Err(Trap::missing_id());
    }
    for id in ids {
        change(state, menu, id, command, &pairs)?;
    }
    Ok(None)
}

fn change(
    state: &mut State,
    menu: &'static Menu,
    id: Id,
    command: &Command,
    pairs: &[(&[u8], &[u8])],
) -> Result<(), Trap> {
    match command.verb.as_str() {
        "set" => state.set(menu, Some(id), pairs),
        "comment" => {
            state.set(menu, Some(id), &[(b"comment", command.attribute("comment").unwrap_or_default())])
        }
        "enable" => state.set(menu, Some(id), &[(b"disabled", b"no")]),
        "disable" => state.set(menu, Some(id), &[(b"disabled", b"yes")]),
        "unset" => {
            let name = command.attribute("value-name").ok_or_else(|| Trap::missing_value("value-name"))?;
            state.unset(menu, id, name)
        }
        "move" => state.move_row(menu, id, command.attribute("destination")),
        _ => state.remove(menu, id),
    }
}

/// The rows meant by `.id` or `numbers`: one, or several with commas between.
fn ids(state: &State, menu: &'static Menu, command: &Command) -> Result<Vec<Id>, Trap> {
    let given = command.attribute(".id").or_else(|| command.attribute("numbers"));
    let Some(given) = given else { return Ok(Vec::new()) };
    given.split(|byte| *byte == b',').map(|text| state.resolve(menu, text)).collect()
}

fn end(replies: &Replies, ret: Option<Vec<u8>>) -> Outcome {
    let mut end = BytesMut::new();
    match ret {
        Some(ret) => replies.done_with(&mut end, ret),
        None => replies.done(&mut end),
    }
    Outcome::Reply { pieces: Vec::new(), end: end.freeze() }
}
