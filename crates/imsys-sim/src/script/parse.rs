//! Statements: where a command works, what it is called, what it is given.

use super::ast::{Arg, Block, Command, Expr, Name, Op, Statement, Where};
use super::cursor::Cursor;
use super::expr::is_word;
use super::run::Failure;
use super::{builtin, fetch, menu};
use crate::table::menus;
use crate::table::schema::Menu;
use crate::version::Version;

/// Reads statements one after the other. It follows menu lines, so it knows where it is.
pub(super) struct Parser<'a> {
    pub(super) cursor: Cursor<'a>,
    pub(super) version: Version,
    /// Where commands without a path work: `user/group`, or nothing at the root.
    here: String,
}

impl<'a> Parser<'a> {
    pub(super) fn new(source: &'a [u8], version: Version) -> Self {
        Self { cursor: Cursor::new(source), version, here: String::new() }
    }

    /// The next statement; `None` at the end, `Some(Ok(None))` for a comment or a bare semicolon.
    pub(super) fn next_statement(&mut self) -> Option<Result<Option<Statement>, Failure>> {
        self.cursor.skip_lines();
        match self.cursor.peek()? {
            b'}' | b']' => Some(Err(self.cursor.fail("syntax error"))),
            _ => Some(self.statement()),
        }
    }

    /// Whether the line of the last statement is over.
    pub(super) fn at_line_end(&mut self) -> bool {
        self.cursor.skip_spaces();
        matches!(self.cursor.peek(), None | Some(b'\n'))
    }

    /// Gives a line up and goes to the next.
    pub(super) fn skip_line(&mut self) {
        self.cursor.leave_all();
        self.cursor.take_while(|byte| byte != b'\n');
    }

    fn statement(&mut self) -> Result<Option<Statement>, Failure> {
        let statement = match self.cursor.peek() {
            Some(b'#') => {
                self.cursor.take_while(|byte| byte != b'\n');
                return Ok(None);
            }
            Some(b';') => None,
            Some(b'{') => {
                self.cursor.at += 1;
                Some(Statement::Scope(self.block(b'}')?))
            }
            Some(b':') => Some(self.global()?),
            Some(_) => Some(self.in_menu()?),
            None => None,
        };
        self.cursor.skip_spaces();
        if !self.cursor.eat(";") && !matches!(self.cursor.peek(), None | Some(b'\n' | b'}' | b']')) {
            return Err(self.cursor.fail("expected end of command"));
        }
        Ok(statement)
    }

    /// Statements up to a closing bracket, which is taken.
    pub(super) fn block(&mut self, close: u8) -> Result<Block, Failure> {
        let start = self.cursor.at;
        let here = self.here.clone();
        self.cursor.enter()?;
        let mut statements = Vec::new();
        loop {
            self.cursor.skip_lines();
            match self.cursor.peek() {
                Some(byte) if byte == close => break,
                None => return Err(Failure { at: start, message: "expected closing brace".into() }),
                Some(b'}' | b']') => return Err(self.cursor.fail("syntax error")),
                Some(_) => statements.extend(self.statement()?),
            }
        }
        self.cursor.at += 1;
        self.cursor.leave();
        self.here = here;
        Ok(Block(statements))
    }

    /// `:name …`
    fn global(&mut self) -> Result<Statement, Failure> {
        let at = self.cursor.at;
        self.cursor.at += 1;
        let name = self.cursor.take_while(|byte| byte.is_ascii_alphanumeric());
        if !builtin::is_known(&name, self.version) {
            return Err(Failure { at, message: format!("bad command name {name}") });
        }
        let args = self.args(&name, |key| builtin::takes(&name, key))?;
        Ok(Statement::Command(Command { at, name: Name::Global(name), args, filter: None }))
    }

    /// `/path verb …`, `path verb …`, `verb …`, or a path alone.
    fn in_menu(&mut self) -> Result<Statement, Failure> {
        let mut path = self.here.clone();
        if self.cursor.eat("/") {
            path.clear();
        }
        let mut at = self.cursor.at;
        loop {
            let before = self.cursor.at;
            self.cursor.skip_spaces();
            self.path_slash(before)?;
            at = if self.cursor.peek().is_some_and(is_word) { self.cursor.at } else { at };
            let word = self.cursor.take_while(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte));
            let longer = if path.is_empty() { word.clone() } else { format!("{path}/{word}") };
            match word.as_str() {
                "" if matches!(self.cursor.peek(), None | Some(b'\n' | b';' | b'}' | b']')) => {
                    self.here = path;
                    return Ok(Statement::Go);
                }
                "" => return Err(self.cursor.fail("bad command name")),
                ".." => path = path.rsplit_once('/').map_or("", |(parent, _)| parent).to_owned(),
                _ if menus::is_directory(&longer, self.version) => path = longer,
                _ => return self.menu_command(at, path, word),
            }
        }
    }

    /// Version 7 also writes paths with slashes between; version 6 does not know that.
    fn path_slash(&mut self, before: usize) -> Result<(), Failure> {
        if self.cursor.peek() == Some(b'/') && self.cursor.at == before && before > 0 {
            if !self.version.slash_paths() {
                return Err(self.cursor.fail("bad command name /"));
            }
            self.cursor.at += 1;
        }
        Ok(())
    }

    fn menu_command(&mut self, at: usize, path: String, verb: String) -> Result<Statement, Failure> {
        let place = match path.as_str() {
            "tool" if verb == "fetch" => None,
            _ => match menus::menu(&path, self.version).filter(|found| menu::has_verb(found, &verb)) {
                Some(found) => Some(found),
                None => return Err(Failure { at, message: format!("bad command name {verb}") }),
            },
        };
        // What stands in brackets works in the menu of its command.
        let here = std::mem::replace(&mut self.here, path.clone());
        let mut filter = None;
        let args = match (place, verb.as_str()) {
            (None, _) => self.args(&verb, fetch::takes)?,
            (Some(place), "find") => {
                filter = self.filter(place)?;
                Vec::new()
            }
            (Some(place), _) => {
                let version = self.version;
                self.args(&verb, |key| menu::takes(place, &verb, key, version))?
            }
        };
        self.here = here;
        Ok(Statement::Command(Command { at, name: Name::Menu { path, verb }, args, filter }))
    }

    /// Arguments up to the end of the command. `takes` says whether a name is known.
    fn args(&mut self, command: &str, takes: impl Fn(&str) -> bool) -> Result<Vec<Arg>, Failure> {
        let mut args = Vec::new();
        loop {
            self.cursor.skip_spaces();
            match self.cursor.peek() {
                None | Some(b'\n' | b';' | b'}' | b']') => return Ok(args),
                Some(_) => args.push(self.arg(command, &takes)?),
            }
        }
    }

    fn arg(&mut self, command: &str, takes: &impl Fn(&str) -> bool) -> Result<Arg, Failure> {
        let at = self.cursor.at;
        if self.cursor.peek() == Some(b'{') {
            return Ok(Arg { at, key: None, value: self.braces(command, None)? });
        }
        let word = self.cursor.take_while(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte));
        if word.is_empty() || !self.cursor.eat("=") {
            self.cursor.at = at;
            return Ok(Arg { at, key: None, value: self.value()? });
        }
        if !takes(&word) {
            return Err(Failure {
                at,
                message: format!("expected end of command: unknown parameter {word}"),
            });
        }
        let value = match self.cursor.peek() {
            Some(b'{') => self.braces(command, Some(&word))?,
            None | Some(b' ' | b'\n' | b';' | b'}' | b']' | b'\t' | b'\r') => Expr::Text(Vec::new()),
            Some(_) => self.value()?,
        };
        Ok(Arg { at, key: Some(word), value })
    }

    /// `{ … }`: code, a list, or the source of a script, by who is given it.
    fn braces(&mut self, command: &str, key: Option<&str>) -> Result<Expr, Failure> {
        let code = match key {
            None => command == "do",
            Some(key) => matches!(key, "do" | "else" | "on-error" | "while"),
        };
        let start = self.cursor.at + 1;
        if code {
            self.cursor.at = start;
            return self.block(b'}').map(Expr::Code);
        }
        if builtin::is_known(command, self.version) {
            return self.list();
        }
        self.cursor.at = start;
        // The source of a property is kept as it stands, but it must be whole.
        self.block(b'}')?;
        Ok(Expr::Source(self.cursor.source[start..self.cursor.at - 1].to_vec()))
    }

    /// `{ a; b }`
    fn list(&mut self) -> Result<Expr, Failure> {
        self.cursor.expect("{")?;
        let mut items = Vec::new();
        loop {
            self.cursor.skip_lines();
            if self.cursor.eat("}") {
                return Ok(Expr::Array(items));
            }
            items.push(self.value()?);
            self.cursor.skip_lines();
            if !self.cursor.eat(";") && self.cursor.peek() != Some(b'}') {
                return Err(self.cursor.fail("syntax error"));
            }
        }
    }

    /// What stands after `find`: conditions, with `where` before them or not.
    fn filter(&mut self, place: &'static Menu) -> Result<Option<Where>, Failure> {
        self.cursor.skip_spaces();
        self.cursor.eat_word("where");
        let mut whole: Option<Where> = None;
        loop {
            self.cursor.skip_spaces();
            if matches!(self.cursor.peek(), None | Some(b'\n' | b';' | b'}' | b']' | b')')) {
                return Ok(whole);
            }
            let or = self.cursor.eat("||") || self.cursor.eat_word("or");
            let _and = !or && (self.cursor.eat("&&") || self.cursor.eat_word("and"));
            let next = self.condition(place)?;
            whole = Some(match whole {
                None => next,
                Some(before) if or => Where::Or(before.into(), next.into()),
                Some(before) => Where::And(before.into(), next.into()),
            });
        }
    }

    fn condition(&mut self, place: &'static Menu) -> Result<Where, Failure> {
        self.cursor.enter()?;
        let condition = self.one_condition(place)?;
        self.cursor.leave();
        Ok(condition)
    }

    fn one_condition(&mut self, place: &'static Menu) -> Result<Where, Failure> {
        self.cursor.skip_spaces();
        if self.cursor.eat("!") {
            return Ok(Where::Not(self.condition(place)?.into()));
        }
        if self.cursor.eat("(") {
            let inner = self.filter(place)?.ok_or_else(|| self.cursor.fail("syntax error"))?;
            self.cursor.expect(")")?;
            return Ok(inner);
        }
        let at = self.cursor.at;
        let column = self.cursor.take_while(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte));
        if place.column(&column, self.version).is_none() {
            let message = format!("expected end of command: unknown parameter {column}");
            return Err(Failure { at, message });
        }
        let Some(op) = self.comparator().filter(|op| *op != Op::In) else { return Ok(Where::Set(column)) };
        Ok(Where::Compare { column, op, value: self.value()? })
    }
}
