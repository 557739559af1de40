//! Running a tree: variables, control, expressions.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::Effects;
use super::ast::{Arg, Block, Command, Expr, Name, Op, Piece, Statement};
use super::value::Value;
use crate::router::state::State;
use crate::trap::Trap;

/// Commands that one script may run.
const STEPS: u32 = 200_000;

/// Why a script stops, and at which offset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure {
    pub(super) at: usize,
    pub(super) message: String,
}

impl Failure {
    pub(super) fn new(at: usize, message: impl Into<String>) -> Self {
        Self { at, message: message.into() }
    }

    pub(super) fn trap(at: usize) -> impl Fn(Trap) -> Self {
        move |trap| Self { at, message: trap.message }
    }
}

/// A script that runs.
pub(super) struct Run<'a> {
    pub(super) state: &'a mut State,
    pub(super) effects: Effects,
    scopes: Vec<HashMap<String, Value>>,
    globals: HashMap<String, Value>,
    steps: u32,
}

impl<'a> Run<'a> {
    pub(super) fn new(state: &'a mut State) -> Self {
        Self { state, effects: Effects::default(), scopes: Vec::new(), globals: HashMap::new(), steps: 0 }
    }

    pub(super) fn into_effects(self) -> Effects {
        self.effects
    }

    /// Begins a scope.
    pub(super) fn enter(&mut self, variables: HashMap<String, Value>) {
        self.scopes.push(variables);
    }

    /// Ends a scope; its variables are gone.
    pub(super) fn leave(&mut self) {
        self.scopes.pop();
    }

    /// Runs statements in the scope that is open; the value is that of the last command.
    pub(super) fn block(&mut self, block: &Block) -> Result<Value, Failure> {
        let mut last = Value::Nothing;
        for statement in &block.0 {
            last = match statement {
                Statement::Go => Value::Nothing,
                Statement::Scope(inner) => self.scope(inner, HashMap::new())?,
                Statement::Command(command) => self.command(command)?,
            };
        }
        Ok(last)
    }

    /// Runs statements in a scope of their own.
    pub(super) fn scope(
        &mut self,
        block: &Block,
        variables: HashMap<String, Value>,
    ) -> Result<Value, Failure> {
        self.enter(variables);
        let result = self.block(block);
        self.leave();
        result
    }

    fn command(&mut self, command: &Command) -> Result<Value, Failure> {
        self.steps += 1;
        if self.steps > STEPS {
            return Err(Failure::new(command.at, "the script does not end"));
        }
        match &command.name {
            Name::Global(name) => self.builtin(name, command),
            Name::Menu { path, verb } if path == "tool" && verb == "fetch" => self.fetch(command),
            Name::Menu { path, verb } => self.menu(path, verb, command),
        }
    }

    /// The first argument without a name.
    pub(super) fn first<'c>(&self, command: &'c Command) -> Result<&'c Arg, Failure> {
        let found = command.args.iter().find(|arg| arg.key.is_none());
        found.ok_or_else(|| Failure::new(command.at, "missing value(s) of argument(s)"))
    }

    /// The value of the `n`th argument without a name; `Nothing` when it is not given.
    pub(super) fn positional(&mut self, command: &Command, n: usize) -> Result<Value, Failure> {
        match command.args.iter().filter(|arg| arg.key.is_none()).nth(n) {
            Some(arg) => self.value(&arg.value, arg.at),
            None => Ok(Value::Nothing),
        }
    }

    /// The block given as `key={ … }`.
    pub(super) fn code<'c>(command: &'c Command, key: &str) -> Option<&'c Block> {
        command.args.iter().find(|arg| arg.key.as_deref() == Some(key)).and_then(|arg| match &arg.value {
            Expr::Code(block) => Some(block),
            _ => None,
        })
    }

    pub(super) fn variable(&self, name: &str) -> Value {
        let local = self.scopes.iter().rev().find_map(|scope| scope.get(name));
        local.or_else(|| self.globals.get(name)).cloned().unwrap_or_default()
    }

    pub(super) fn declare(&mut self, name: String, value: Value, global: bool) {
        match self.scopes.last_mut().filter(|_| !global) {
            Some(scope) => scope.insert(name, value),
            None => self.globals.insert(name, value),
        };
    }

    /// Sets a variable that was declared; `false` when there is none of that name.
    pub(super) fn assign(&mut self, name: &str, value: Value) -> bool {
        let local = self.scopes.iter_mut().rev().find_map(|scope| scope.get_mut(name));
        match local.or_else(|| self.globals.get_mut(name)) {
            Some(place) => *place = value,
            None => return false,
        }
        true
    }

    pub(super) fn value(&mut self, expr: &Expr, at: usize) -> Result<Value, Failure> {
        Ok(match expr {
            Expr::Text(pieces) => Value::Text(self.pieces(pieces, at)?),
            Expr::Number(number) => Value::Number(*number),
            Expr::Bool(truth) => Value::Bool(*truth),
            Expr::Id(id) => Value::Id(*id),
            Expr::Word(word) => Value::text(word),
            Expr::Variable(name) => self.variable(name),
            Expr::Command(block) => self.scope(block, HashMap::new())?,
            Expr::Code(_) => return Err(Failure::new(at, "a value was expected, not code")),
            Expr::Array(items) => {
                Value::List(items.iter().map(|item| self.value(item, at)).collect::<Result<_, _>>()?)
            }
            Expr::Source(bytes) => Value::text(bytes),
            Expr::Not(at, inner) => Value::Bool(!self.truth(inner, *at)?),
            Expr::Negative(at, inner) => Value::Number(self.number(inner, *at)?.saturating_neg()),
            Expr::Binary(at, op, left, right) => self.binary(*at, *op, left, right)?,
        })
    }

    fn pieces(&mut self, pieces: &[Piece], at: usize) -> Result<Vec<u8>, Failure> {
        let mut text = Vec::new();
        for piece in pieces {
            match piece {
                Piece::Plain(bytes) => text.extend_from_slice(bytes),
                Piece::Value(expr) => text.extend(self.value(expr, at)?.spell()),
            }
        }
        Ok(text)
    }

    pub(super) fn truth(&mut self, expr: &Expr, at: usize) -> Result<bool, Failure> {
        let value = self.value(expr, at)?;
        value.truth().ok_or_else(|| Failure::new(at, "conditional not boolean"))
    }

    fn number(&mut self, expr: &Expr, at: usize) -> Result<i64, Failure> {
        let value = self.value(expr, at)?;
        value.number().ok_or_else(|| Failure::new(at, "a number was expected"))
    }

    fn binary(&mut self, at: usize, op: Op, left: &Expr, right: &Expr) -> Result<Value, Failure> {
        Ok(match op {
            Op::Or => Value::Bool(self.truth(left, at)? || self.truth(right, at)?),
            Op::And => Value::Bool(self.truth(left, at)? && self.truth(right, at)?),
            Op::Concat => {
                Value::Text([self.value(left, at)?.spell(), self.value(right, at)?.spell()].concat())
            }
            Op::In => {
                let (item, list) = (self.value(left, at)?, self.value(right, at)?);
                Value::Bool(list.items().contains(&item))
            }
            Op::Add | Op::Subtract | Op::Multiply | Op::Divide => {
                Value::Number(self.arithmetic(at, op, left, right)?)
            }
            _ => {
                let (one, two) = (self.value(left, at)?, self.value(right, at)?);
                Value::Bool(compares(op, &one, &two))
            }
        })
    }

    fn arithmetic(&mut self, at: usize, op: Op, left: &Expr, right: &Expr) -> Result<i64, Failure> {
        let (one, two) = (self.number(left, at)?, self.number(right, at)?);
        let result = match op {
            Op::Add => one.checked_add(two),
            Op::Subtract => one.checked_sub(two),
            Op::Multiply => one.checked_mul(two),
            _ => one.checked_div(two),
        };
        result.ok_or_else(|| Failure::new(at, "division by zero"))
    }
}

/// Whether a comparison holds.
pub(super) fn compares(op: Op, one: &Value, two: &Value) -> bool {
    let order = one.compare(two);
    match op {
        Op::Equal => order == Ordering::Equal,
        Op::Differs => order != Ordering::Equal,
        Op::Less => order == Ordering::Less,
        Op::Greater => order == Ordering::Greater,
        Op::LessOrEqual => order != Ordering::Greater,
        Op::GreaterOrEqual => order != Ordering::Less,
        Op::Contains => find(&one.spell(), &two.spell(), 0).is_some(),
        _ => false,
    }
}

/// Where `needle` stands in `hay`, from `start` on.
pub(super) fn find(hay: &[u8], needle: &[u8], start: usize) -> Option<usize> {
    if needle.is_empty() {
        return Some(start.min(hay.len()));
    }
    let found = hay.get(start..)?.windows(needle.len()).position(|window| window == needle)?;
    Some(start + found)
}
