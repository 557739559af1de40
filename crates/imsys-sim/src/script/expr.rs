//! Expressions in parentheses, and single values.

use super::ast::{Expr, Op};
use super::parse::Parser;
use super::run::Failure;
use super::text::variable_name;

impl Parser<'_> {
    /// `( … )`
    pub(super) fn group(&mut self) -> Result<Expr, Failure> {
        self.cursor.expect("(")?;
        self.cursor.enter()?;
        let value = self.either()?;
        self.cursor.skip_lines();
        self.cursor.expect(")")?;
        self.cursor.leave();
        Ok(value)
    }

    /// `a || b`
    fn either(&mut self) -> Result<Expr, Failure> {
        let mut left = self.both()?;
        while let Some(at) = self.operator(&["||"], &["or"]) {
            left = Expr::Binary(at, Op::Or, left.into(), self.both()?.into());
        }
        Ok(left)
    }

    /// `a && b`
    fn both(&mut self) -> Result<Expr, Failure> {
        let mut left = self.comparison()?;
        while let Some(at) = self.operator(&["&&"], &["and"]) {
            left = Expr::Binary(at, Op::And, left.into(), self.comparison()?.into());
        }
        Ok(left)
    }

    /// `a = b`. A concatenation on one side must stand in parentheses: which of the two binds tighter is
    /// written down nowhere.
    fn comparison(&mut self) -> Result<Expr, Failure> {
        let start = self.cursor.at;
        let left = self.concatenation()?;
        self.cursor.skip_lines();
        let at = self.cursor.at;
        let Some(op) = self.comparator() else { return Ok(left) };
        let middle = self.cursor.at;
        let right = self.concatenation()?;
        for (side, from) in [(&left, start), (&right, middle)] {
            if matches!(side, Expr::Binary(_, Op::Concat, ..)) && !self.is_grouped(from) {
                return Err(Failure {
                    at,
                    message: "put the concatenation beside this into parentheses".into(),
                });
            }
        }
        Ok(Expr::Binary(at, op, left.into(), right.into()))
    }

    fn is_grouped(&self, from: usize) -> bool {
        self.cursor.source[from..].iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'(')
    }

    pub(super) fn comparator(&mut self) -> Option<Op> {
        let known = [
            ("!=", Op::Differs),
            ("<=", Op::LessOrEqual),
            (">=", Op::GreaterOrEqual),
            ("=", Op::Equal),
            ("<", Op::Less),
            (">", Op::Greater),
            ("~", Op::Contains),
        ];
        let found = known.into_iter().find(|(text, _)| self.cursor.eat(text)).map(|(_, op)| op);
        found.or_else(|| self.cursor.eat_word("in").then_some(Op::In))
    }

    /// `a . b`
    fn concatenation(&mut self) -> Result<Expr, Failure> {
        let mut left = self.sum()?;
        while let Some(at) = self.operator(&["."], &[]) {
            left = Expr::Binary(at, Op::Concat, left.into(), self.sum()?.into());
        }
        Ok(left)
    }

    fn sum(&mut self) -> Result<Expr, Failure> {
        let mut left = self.product()?;
        loop {
            if let Some(at) = self.operator(&["+"], &[]) {
                left = Expr::Binary(at, Op::Add, left.into(), self.product()?.into());
            } else if let Some(at) = self.operator(&["-"], &[]) {
                left = Expr::Binary(at, Op::Subtract, left.into(), self.product()?.into());
            } else {
                return Ok(left);
            }
        }
    }

    fn product(&mut self) -> Result<Expr, Failure> {
        let mut left = self.unary()?;
        loop {
            if let Some(at) = self.operator(&["*"], &[]) {
                left = Expr::Binary(at, Op::Multiply, left.into(), self.unary()?.into());
            } else if let Some(at) = self.operator(&["/"], &[]) {
                left = Expr::Binary(at, Op::Divide, left.into(), self.unary()?.into());
            } else {
                return Ok(left);
            }
        }
    }

    fn unary(&mut self) -> Result<Expr, Failure> {
        self.cursor.skip_lines();
        let at = self.cursor.at;
        if self.cursor.eat("!") {
            return Ok(Expr::Not(at, self.operand()?.into()));
        }
        if self.cursor.eat("-") {
            return Ok(Expr::Negative(at, self.operand()?.into()));
        }
        match self.cursor.peek() {
            Some(b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z') => Ok(self.simple_word()),
            _ => self.value(),
        }
    }

    fn operand(&mut self) -> Result<Expr, Failure> {
        self.cursor.enter()?;
        let value = self.unary()?;
        self.cursor.leave();
        Ok(value)
    }

    /// A word inside an expression ends where an operator begins.
    fn simple_word(&mut self) -> Expr {
        let mut word = self.cursor.take_while(|byte| byte.is_ascii_alphanumeric());
        // An address or prefix: dots, colons and slashes between digits belong to it.
        while let (Some(b'.' | b':' | b'/'), Some(b'0'..=b'9')) =
            (self.cursor.peek(), self.cursor.rest().get(1).copied())
        {
            word += &self.cursor.take_while(|byte| b".:/".contains(&byte));
            word += &self.cursor.take_while(|byte| byte.is_ascii_alphanumeric());
        }
        word_value(word)
    }

    /// A single value: text, variable, command, group, or word up to the next space or bracket.
    pub(super) fn value(&mut self) -> Result<Expr, Failure> {
        match self.cursor.peek() {
            Some(b'"') => self.text(),
            Some(b'$') => {
                self.cursor.at += 1;
                let name = variable_name(&mut self.cursor);
                name.map(Expr::Variable).ok_or_else(|| self.cursor.fail("expected variable name"))
            }
            Some(b'(') => self.group(),
            Some(b'[') => self.command_value(),
            Some(byte) if is_word(byte) => Ok(word_value(self.cursor.take_while(is_word))),
            _ => Err(self.cursor.fail("syntax error")),
        }
    }

    /// `[ … ]`
    pub(super) fn command_value(&mut self) -> Result<Expr, Failure> {
        self.cursor.expect("[")?;
        self.block(b']').map(Expr::Command)
    }

    /// Takes an operator, by sign or word, and gives its place.
    fn operator(&mut self, signs: &[&str], words: &[&str]) -> Option<usize> {
        self.cursor.skip_lines();
        let at = self.cursor.at;
        let taken = signs.iter().any(|sign| self.cursor.eat(sign))
            || words.iter().any(|word| self.cursor.eat_word(word));
        taken.then_some(at)
    }
}

/// What a word without quotes may hold.
pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_graphic() && !b"\"$()[]{};=~".contains(&byte) || byte >= 0x80
}

pub(super) fn word_value(word: String) -> Expr {
    match word.as_str() {
        "yes" | "true" => return Expr::Bool(true),
        "no" | "false" => return Expr::Bool(false),
        _ => {}
    }
    if let Some(id) = crate::table::parse_id(word.as_bytes()) {
        return Expr::Id(id);
    }
    word.parse().map_or(Expr::Word(word), Expr::Number)
}
