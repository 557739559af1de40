//! Commands of a menu, as the terminal has them: `add`, `set`, `find`, `get` and their kind.

use super::ast::{Command, Where};
use super::run::{Failure, Run, compares};
use super::value::Value;
use crate::table::menus;
use crate::table::schema::{Access, Kind, Menu, ORDERED, SINGLE};
use crate::table::{Id, Row};
use crate::version::Version;

/// `name=value`, computed.
type Pair = (Vec<u8>, Vec<u8>);

/// Whether a menu has the command in the terminal.
pub(super) fn has_verb(menu: &Menu, verb: &str) -> bool {
    match verb {
        "find" => !menu.allows(SINGLE),
        "get" => true,
        "info" | "warning" | "error" | "debug" => menu.path == "log",
        "listen" => false,
        other => menus::verb(other).is_some_and(|bit| menu.allows(bit)),
    }
}

/// Whether a command takes an argument of that name. What it does not take, the terminal refuses before
/// anything of the line runs.
pub(super) fn takes(menu: &Menu, verb: &str, key: &str, version: Version) -> bool {
    let writable = || {
        let renamed = menu.path == "ip/service" && key == "address";
        renamed || menu.column(key, version).is_some_and(|(_, column)| column.access != Access::Read)
    };
    match key {
        "numbers" => verb != "add",
        "place-before" => verb == "add" && menu.allows(ORDERED),
        "value-name" => matches!(verb, "get" | "unset"),
        "destination" => verb == "move",
        "comment" if verb == "comment" => true,
        _ => matches!(verb, "add" | "set") && writable(),
    }
}

impl Run<'_> {
    pub(super) fn menu(&mut self, path: &str, verb: &str, command: &Command) -> Result<Value, Failure> {
        let menu =
            self.state.menu(path).ok_or_else(|| Failure::new(command.at, "no such command or directory"))?;
        match verb {
            "find" => self.find_rows(menu, command),
            "get" => self.get(menu, command),
            "add" => {
                let pairs = self.pairs(command, &[])?;
                let pairs: Vec<_> =
                    pairs.iter().map(|(name, value)| (name.as_slice(), value.as_slice())).collect();
                self.state.add(menu, &pairs).map(Value::Id).map_err(Failure::trap(command.at))
            }
            "info" | "warning" | "error" | "debug" => {
                let message = self.positional(command, 0)?.spell();
                self.state.log(&format!("script,{verb}"), String::from_utf8_lossy(&message).into_owned());
                Ok(Value::Nothing)
            }
            _ => self.change(menu, verb, command),
        }
    }

    /// `set`, `remove` and others that name rows first.
    fn change(&mut self, menu: &'static Menu, verb: &str, command: &Command) -> Result<Value, Failure> {
        let pairs = self.pairs(command, &["numbers", "value-name", "destination"])?;
        let pairs: Vec<_> = pairs.iter().map(|(name, value)| (name.as_slice(), value.as_slice())).collect();
        let trap = Failure::trap(command.at);
        if menu.allows(SINGLE) {
            return self.state.set(menu, None, &pairs).map(|()| Value::Nothing).map_err(trap);
        }
        let word = self.positional(command, 1)?.spell();
        for id in self.targets(menu, command)? {
            match verb {
                "set" => self.state.set(menu, Some(id), &pairs),
                "comment" => self.state.set(menu, Some(id), &pairs),
                "enable" => self.state.set(menu, Some(id), &[(b"disabled", b"no")]),
                "disable" => self.state.set(menu, Some(id), &[(b"disabled", b"yes")]),
                "unset" => self.state.unset(menu, id, &word),
                "move" => self.state.move_row(menu, id, (!word.is_empty()).then_some(&word)),
                _ => self.state.remove(menu, id),
            }
            .map_err(&trap)?;
        }
        Ok(Value::Nothing)
    }

    /// The rows a command is for: what `find` gave, an id, or a name. An empty find means no rows.
    fn targets(&mut self, menu: &'static Menu, command: &Command) -> Result<Vec<Id>, Failure> {
        let numbers = command.args.iter().find(|arg| arg.key.as_deref() == Some("numbers"));
        let arg = match numbers {
            Some(arg) => arg,
            None => self.first(command)?,
        };
        let given = self.value(&arg.value, arg.at)?;
        let resolve = |item: Value| match item {
            Value::Number(number) => usize::try_from(number)
                .ok()
                .and_then(|number| self.state.table(menu).rows().nth(number))
                .map(|row| row.id)
                .ok_or_else(|| Failure::new(arg.at, "no such item")),
            other => self.state.resolve(menu, &other.spell()).map_err(Failure::trap(arg.at)),
        };
        given.items().into_iter().map(resolve).collect()
    }

    /// The arguments with names, except some.
    fn pairs(&mut self, command: &Command, without: &[&str]) -> Result<Vec<Pair>, Failure> {
        let named = command.args.iter().filter_map(|arg| Some((arg.key.as_deref()?, arg)));
        named
            .filter(|(key, _)| !without.contains(key))
            .map(|(key, arg)| Ok((key.as_bytes().to_vec(), self.value(&arg.value, arg.at)?.spell())))
            .collect()
    }

    fn find_rows(&mut self, menu: &'static Menu, command: &Command) -> Result<Value, Failure> {
        let filter = command.filter.as_ref().map(|filter| self.prepare(filter, command.at)).transpose()?;
        let view = self.state.view(true);
        let column =
            |row: &Row, name: &str| row.shown(menu, name.as_bytes(), view).map(|value| value.into_owned());
        let rows = self.state.table(menu).rows();
        let matching =
            rows.filter(|row| filter.as_ref().is_none_or(|filter| filter.holds(&|name| column(row, name))));
        Ok(Value::List(matching.map(|row| Value::Id(row.id)).collect()))
    }

    /// Computes the values of a condition once.
    fn prepare(&mut self, filter: &Where, at: usize) -> Result<Filter, Failure> {
        Ok(match filter {
            Where::Compare { column, op, value } => {
                Filter::Compare(column.clone(), *op, self.value(value, at)?)
            }
            Where::Set(column) => Filter::Set(column.clone()),
            Where::Not(inner) => Filter::Not(self.prepare(inner, at)?.into()),
            Where::And(one, two) => Filter::And(self.prepare(one, at)?.into(), self.prepare(two, at)?.into()),
            Where::Or(one, two) => Filter::Or(self.prepare(one, at)?.into(), self.prepare(two, at)?.into()),
        })
    }

    /// `get [find …] column`, `get column` where there is one row.
    fn get(&mut self, menu: &'static Menu, command: &Command) -> Result<Value, Failure> {
        let single = menu.allows(SINGLE);
        let id = match single {
            true => self.state.table(menu).first().map(|row| row.id),
            false => self.targets(menu, command)?.first().copied(),
        };
        let id = id.ok_or_else(|| Failure::new(command.at, "no such item"))?;
        let word = self.positional(command, usize::from(!single))?.spell();
        let name = String::from_utf8_lossy(&word).into_owned();
        let known = menu.column(&name, self.state.version);
        let (_, column) = known.ok_or_else(|| {
            let at = command.args.last().map_or(command.at, |arg| arg.at);
            Failure::new(at, "input does not match any value of value-name")
        })?;
        let view = self.state.view(true);
        let row = self.state.table(menu).get(id);
        let Some(text) = row.and_then(|row| row.shown(menu, &word, view)) else { return Ok(Value::Nothing) };
        Ok(match column.kind {
            Kind::Flag => Value::Bool(&*text == b"true"),
            Kind::Number => Value::text(&text).number().map_or(Value::Nothing, Value::Number),
            _ => Value::text(text),
        })
    }
}

/// A condition whose values are known.
enum Filter {
    Compare(String, super::ast::Op, Value),
    Set(String),
    Not(Box<Self>),
    And(Box<Self>, Box<Self>),
    Or(Box<Self>, Box<Self>),
}

impl Filter {
    fn holds(&self, column: &dyn Fn(&str) -> Option<Vec<u8>>) -> bool {
        match self {
            Self::Compare(name, op, value) => {
                compares(*op, &Value::Text(column(name).unwrap_or_default()), value)
            }
            Self::Set(name) => column(name).is_some_and(|text| text == b"true"),
            Self::Not(inner) => !inner.holds(column),
            Self::And(one, two) => one.holds(column) && two.holds(column),
            Self::Or(one, two) => one.holds(column) || two.holds(column),
        }
    }
}
