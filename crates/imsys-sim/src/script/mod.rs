//! RouterOS script, as much of it as administrators paste and hooks need.
//!
//! Two ways in: [`Script::lenient`] reads the script of a PPP profile, where lines it does not know belong to
//! the administrator and are passed over; [`paste`] is a terminal, where everything must be understood, each
//! line has its own variables, and a menu line changes where the next commands work.

mod ast;
mod builtin;
mod cursor;
mod expr;
mod fetch;
mod menu;
mod parse;
mod run;
mod text;
mod value;

use std::collections::HashMap;
use std::fmt;

pub(crate) use fetch::Fetch;
use run::{Failure, Run};
pub(crate) use value::Value;

use crate::router::state::State;

/// Why a script was refused or stopped, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ScriptError {
    /// The line, from 1.
    pub line: usize,
    /// The column in bytes, from 1.
    pub column: usize,
    /// The word that stands there.
    pub token: String,
    /// What is wrong with it, in the words of RouterOS where they are known.
    pub message: String,
}

impl fmt::Display for ScriptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (line {} column {}, at \"{}\")", self.message, self.line, self.column, self.token)
    }
}

impl ScriptError {
    fn new(source: &[u8], failure: Failure) -> Self {
        let at = failure.at.min(source.len());
        let line_start =
            source[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
        Self {
            line: source[..at].iter().filter(|byte| **byte == b'\n').count() + 1,
            column: at - line_start + 1,
            token: text::token(&source[at..]),
            message: failure.message,
        }
    }
}

/// A script that was read.
#[derive(Debug)]
pub(crate) struct Script {
    block: ast::Block,
    source: Vec<u8>,
}

/// What a script did besides changing the router.
#[derive(Debug, Default)]
pub(crate) struct Effects {
    /// Lines of `:put`.
    pub(crate) output: Vec<String>,
    /// Calls of `/tool fetch`, in order.
    pub(crate) fetches: Vec<Fetch>,
}

impl Script {
    /// Reads a profile's script; statements that are not understood are passed over line by line.
    pub(crate) fn lenient(source: &[u8], state: &State) -> Self {
        let mut parser = parse::Parser::new(source, state.version);
        let mut statements = Vec::new();
        while let Some(parsed) = parser.next_statement() {
            match parsed {
                Ok(statement) => statements.extend(statement),
                Err(_) => parser.skip_line(),
            }
        }
        Self { block: ast::Block(statements), source: source.to_vec() }
    }

    /// Runs with `variables` set. What was fetched before an error is fetched.
    ///
    /// # Errors
    /// Where it stopped, together with what it had done before.
    pub(crate) fn run(
        &self,
        state: &mut State,
        variables: HashMap<String, Value>,
    ) -> (Effects, Result<(), ScriptError>) {
        let mut run = Run::new(state);
        run.enter(variables);
        let result = run.block(&self.block);
        let effects = run.into_effects();
        (effects, result.map(|_| ()).map_err(|failure| ScriptError::new(&self.source, failure)))
    }
}

/// Pastes a text into the terminal and gives the lines it prints. Stops at the first error; what was done
/// before stays done.
///
/// # Errors
/// What is not understood or fails, with its place.
pub(crate) fn paste(state: &mut State, source: &[u8]) -> (Effects, Result<(), ScriptError>) {
    let mut parser = parse::Parser::new(source, state.version);
    let mut run = Run::new(state);
    let mut line = Vec::new();
    let mut result = Ok(());
    while let Some(parsed) = parser.next_statement() {
        match parsed {
            Ok(Some(statement)) => line.push(statement),
            Ok(None) => {}
            Err(failure) => {
                // Nothing of a line runs that the terminal cannot read.
                result = Err(failure);
                break;
            }
        }
        if parser.at_line_end() {
            run.enter(HashMap::new());
            result = run.block(&ast::Block(std::mem::take(&mut line))).map(|_| ());
            run.leave();
            if result.is_err() {
                break;
            }
        }
    }
    let effects = run.into_effects();
    (effects, result.map_err(|failure| ScriptError::new(source, failure)))
}
