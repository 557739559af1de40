//! Commands that work anywhere: `:if`, `:put`, `:len` and their kind.

use std::collections::HashMap;

use super::ast::{Command, Expr};
use super::run::{Failure, Run, find};
use super::value::Value;
use crate::version::Version;

const KNOWN: [&str; 19] = [
    "put", "log", "if", "do", "foreach", "for", "while", "local", "global", "set", "len", "pick", "find",
    "typeof", "tostr", "tonum", "toarray", "error", "delay",
];

/// Whether this version has the command.
pub(super) fn is_known(name: &str, version: Version) -> bool {
    KNOWN.contains(&name) || name == "convert" && version >= Version::new(7, 11)
}

/// Whether a command takes an argument of that name.
pub(super) fn takes(command: &str, key: &str) -> bool {
    let keys: &[&str] = match command {
        "if" => &["do", "else"],
        "do" => &["on-error", "while"],
        "while" => &["do"],
        "foreach" => &["in", "do"],
        "for" => &["from", "to", "step", "do"],
        "convert" => &["to", "from"],
        _ => &[],
    };
    keys.contains(&key)
}

impl Run<'_> {
    pub(super) fn builtin(&mut self, name: &str, command: &Command) -> Result<Value, Failure> {
        match name {
            "if" | "do" | "foreach" | "for" | "while" => self.control(name, command),
            "local" | "global" | "set" => self.variable_command(name, command),
            "put" => {
                let line = self.positional(command, 0)?;
                self.effects.output.push(String::from_utf8_lossy(&line.spell()).into_owned());
                Ok(line)
            }
            "log" => {
                let (topics, message) = (self.positional(command, 0)?, self.positional(command, 1)?);
                let spell = |value: Value| String::from_utf8_lossy(&value.spell()).into_owned();
                self.state.log(&format!("script,{}", spell(topics)), spell(message));
                Ok(Value::Nothing)
            }
            "error" => {
                let message = self.positional(command, 0)?.spell();
                Err(Failure::new(command.at, String::from_utf8_lossy(&message)))
            }
            "delay" => Ok(Value::Nothing),
            _ => self.function(name, command),
        }
    }

    /// Commands that only compute.
    fn function(&mut self, name: &str, command: &Command) -> Result<Value, Failure> {
        let first = self.positional(command, 0)?;
        Ok(match name {
            "len" => Value::Number(first.len() as i64),
            "typeof" => Value::text(first.kind()),
            "tostr" => Value::Text(first.spell()),
            "tonum" => first.number().map_or(Value::Nil, Value::Number),
            "toarray" => {
                let text = first.spell();
                Value::List(text.split(|byte| *byte == b',').map(Value::text).collect())
            }
            "pick" => self.pick(first, command)?,
            "find" => self.find_within(&first, command)?,
            _ => self.convert(&first, command)?,
        })
    }

    /// `:pick text begin end`: bytes, or items of a list; without an end one of them.
    fn pick(&mut self, from: Value, command: &Command) -> Result<Value, Failure> {
        let begin = self.positional(command, 1)?;
        let begin =
            begin.number().ok_or_else(|| Failure::new(command.at, "invalid value for argument begin"))?;
        let end = self.positional(command, 2)?;
        let end = if end == Value::Nothing { Some(begin.saturating_add(1)) } else { end.number() };
        let end = end.ok_or_else(|| Failure::new(command.at, "invalid value for argument end"))?;
        let clamp = |number: i64, len: usize| number.clamp(0, len as i64) as usize;
        Ok(match from {
            Value::List(items) => {
                let (begin, end) = (clamp(begin, items.len()), clamp(end, items.len()));
                Value::List(items.get(begin..end).unwrap_or_default().to_vec())
            }
            other => {
                let text = other.spell();
                let (begin, end) = (clamp(begin, text.len()), clamp(end, text.len()));
                Value::text(text.get(begin..end).unwrap_or_default())
            }
        })
    }

    /// `:find text part start`: `start` is the place after which it looks, as on a router.
    fn find_within(&mut self, whole: &Value, command: &Command) -> Result<Value, Failure> {
        let part = self.positional(command, 1)?;
        let after = self.positional(command, 2)?.number().unwrap_or(-1);
        let start = usize::try_from(after.saturating_add(1)).unwrap_or(0);
        if let Value::List(items) = whole {
            let found = items.iter().skip(start).position(|item| *item == part);
            return Ok(found.map_or(Value::Nil, |index| Value::Number((start + index) as i64)));
        }
        let found = find(&whole.spell(), &part.spell(), start);
        Ok(found.map_or(Value::Nil, |index| Value::Number(index as i64)))
    }

    /// `:convert text to=url`
    fn convert(&mut self, value: &Value, command: &Command) -> Result<Value, Failure> {
        let to = command.args.iter().find(|arg| arg.key.as_deref() == Some("to"));
        let to = to.map(|arg| self.value(&arg.value, arg.at)).transpose()?.unwrap_or_default().spell();
        match to.as_slice() {
            b"url" => Ok(Value::Text(value.spell().into_iter().flat_map(percent).collect())),
            b"hex" => {
                Ok(Value::text(value.spell().iter().map(|byte| format!("{byte:02x}")).collect::<String>()))
            }
            _ => Err(Failure::new(command.at, "input does not match any value of to")),
        }
    }

    fn control(&mut self, name: &str, command: &Command) -> Result<Value, Failure> {
        match name {
            "if" => {
                let condition = self.first(command)?;
                let key = if self.truth(&condition.value, condition.at)? { "do" } else { "else" };
                Self::code(command, key).map_or(Ok(Value::Nothing), |block| self.scope(block, HashMap::new()))
            }
            "do" => self.attempt(command),
            "while" => {
                let condition = self.first(command)?;
                while self.truth(&condition.value, condition.at)? {
                    self.body(command, HashMap::new())?;
                }
                Ok(Value::Nothing)
            }
            "foreach" => {
                let variable = self.name(command)?;
                for item in self.named(command, "in")?.items() {
                    self.body(command, HashMap::from([(variable.clone(), item)]))?;
                }
                Ok(Value::Nothing)
            }
            _ => self.count(command),
        }
    }

    /// `:do { … } on-error={ … }` or `:do { … } while=( … )`
    fn attempt(&mut self, command: &Command) -> Result<Value, Failure> {
        let Expr::Code(body) = &self.first(command)?.value else {
            return Err(Failure::new(command.at, "expected a block"));
        };
        let condition = command.args.iter().find(|arg| arg.key.as_deref() == Some("while"));
        loop {
            let result = self.scope(body, HashMap::new());
            let result = match (result, Self::code(command, "on-error")) {
                (Err(_), Some(handler)) => self.scope(handler, HashMap::new()),
                (result, _) => result,
            }?;
            match condition {
                Some(arg) if self.truth(&arg.value, arg.at)? => {}
                _ => return Ok(result),
            }
        }
    }

    fn count(&mut self, command: &Command) -> Result<Value, Failure> {
        let variable = self.name(command)?;
        let mut bound = |key| self.named(command, key).map(|value| value.number());
        let (from, to, step) = (bound("from")?.unwrap_or(0), bound("to")?.unwrap_or(0), bound("step")?);
        let step = step.unwrap_or(if from <= to { 1 } else { -1 });
        if step == 0 {
            return Err(Failure::new(command.at, "invalid value for argument step"));
        }
        let mut number = from;
        while (step > 0 && number <= to) || (step < 0 && number >= to) {
            self.body(command, HashMap::from([(variable.clone(), Value::Number(number))]))?;
            number = number.saturating_add(step);
            if number == i64::MAX || number == i64::MIN {
                break;
            }
        }
        Ok(Value::Nothing)
    }

    fn body(&mut self, command: &Command, variables: HashMap<String, Value>) -> Result<Value, Failure> {
        let block = Self::code(command, "do");
        self.scope(
            block.ok_or_else(|| Failure::new(command.at, "missing value(s) of argument(s) do"))?,
            variables,
        )
    }

    fn named(&mut self, command: &Command, key: &str) -> Result<Value, Failure> {
        match command.args.iter().find(|arg| arg.key.as_deref() == Some(key)) {
            Some(arg) => self.value(&arg.value, arg.at),
            None => Ok(Value::Nothing),
        }
    }

    /// The name of a variable, which stands without a dollar.
    fn name(&self, command: &Command) -> Result<String, Failure> {
        match &self.first(command)?.value {
            Expr::Word(name) => Ok(name.clone()),
            Expr::Text(pieces) => match pieces.as_slice() {
                [super::ast::Piece::Plain(name)] => Ok(String::from_utf8_lossy(name).into_owned()),
                _ => Err(Failure::new(command.at, "expected variable name")),
            },
            _ => Err(Failure::new(command.at, "expected variable name")),
        }
    }

    fn variable_command(&mut self, which: &str, command: &Command) -> Result<Value, Failure> {
        let name = self.name(command)?;
        let value = self.positional(command, 1)?;
        match which {
            "set" => {
                if !self.assign(&name, value) {
                    return Err(Failure::new(command.at, format!("no such variable {name}")));
                }
            }
            // Naming a global again without a value keeps what it holds.
            "global" if value == Value::Nothing => {}
            _ => self.declare(name, value, which == "global"),
        }
        Ok(Value::Nothing)
    }
}

/// A byte as it stands in a URL.
fn percent(byte: u8) -> Vec<u8> {
    if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
        vec![byte]
    } else {
        format!("%{byte:02X}").into_bytes()
    }
}
