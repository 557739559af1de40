//! Query words: a program for a small stack machine (MikroTik documentation, "API", queries).

use std::borrow::Cow;
use std::cmp::Ordering;
use std::net::Ipv4Addr;

use crate::trap::Trap;

/// The query words of one command; without words every row matches.
#[derive(Debug, Clone, Default)]
pub(crate) struct Query {
    ops: Vec<Op>,
}

#[derive(Debug, Clone)]
enum Op {
    Has(Box<[u8]>, bool),
    Compare(Box<[u8]>, Ordering, Box<[u8]>),
    Apply(Vec<Step>),
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Not,
    And,
    Or,
    Copy(usize),
    Keep(usize),
}

impl Query {
    /// Reads words without their leading `?`.
    ///
    /// # Errors
    /// A word that is no query.
    pub(crate) fn parse<'a>(words: impl Iterator<Item = &'a [u8]>) -> Result<Self, Trap> {
        words.map(op).collect::<Result<_, _>>().map(|ops| Self { ops })
    }

    /// Whether a row matches; `get` gives its properties, `None` for one that is not set.
    pub(crate) fn matches<'a>(&self, get: impl Fn(&[u8]) -> Option<Cow<'a, [u8]>>) -> bool {
        let mut stack = Stack::default();
        for op in &self.ops {
            match op {
                Op::Has(name, wanted) => stack.0.push(get(name).is_some() == *wanted),
                Op::Compare(name, wanted, value) => {
                    stack.0.push(get(name).is_some_and(|own| compare(&own, value) == *wanted));
                }
                Op::Apply(steps) => steps.iter().for_each(|step| stack.apply(*step)),
            }
        }
        !stack.0.contains(&false)
    }
}

/// Booleans; below the last one lie infinitely many `true`.
#[derive(Default)]
struct Stack(Vec<bool>);

impl Stack {
    fn pop(&mut self) -> bool {
        self.0.pop().unwrap_or(true)
    }

    fn at(&self, index: usize) -> bool {
        self.0.iter().rev().nth(index).copied().unwrap_or(true)
    }

    fn apply(&mut self, step: Step) {
        match step {
            Step::Not => {
                let top = self.pop();
                self.0.push(!top);
            }
            Step::And => {
                let (one, two) = (self.pop(), self.pop());
                self.0.push(one && two);
            }
            Step::Or => {
                let (one, two) = (self.pop(), self.pop());
                self.0.push(one || two);
            }
            Step::Copy(index) => self.0.push(self.at(index)),
            Step::Keep(index) => self.0 = vec![self.at(index)],
        }
    }
}

fn op(word: &[u8]) -> Result<Op, Trap> {
    let Some((first, rest)) = word.split_first() else { return Err(Trap::plain("invalid query")) };
    match first {
        b'#' => steps(rest).map(Op::Apply),
        b'-' => Ok(Op::Has(rest.into(), false)),
        b'=' => comparison(rest, Ordering::Equal),
        b'<' => comparison(rest, Ordering::Less),
        b'>' => comparison(rest, Ordering::Greater),
        _ => comparison(word, Ordering::Equal),
    }
}

fn comparison(word: &[u8], wanted: Ordering) -> Result<Op, Trap> {
    match word.iter().position(|byte| *byte == b'=') {
        Some(equals) => Ok(Op::Compare(word[..equals].into(), wanted, word[equals + 1..].into())),
        None if wanted == Ordering::Equal => Ok(Op::Has(word.into(), true)),
        None => Err(Trap::plain("invalid query")),
    }
}

/// `!`, `&`, `|`; digits are an index into the stack, `.` ends an index or copies the top.
fn steps(word: &[u8]) -> Result<Vec<Step>, Trap> {
    let mut steps = Vec::new();
    let mut rest = word;
    while let Some(first) = rest.first() {
        if first.is_ascii_digit() {
            let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            let index = std::str::from_utf8(&rest[..digits]).ok().and_then(|text| text.parse().ok());
            let index = index.ok_or_else(|| Trap::plain("invalid query"))?;
            rest = &rest[digits..];
            steps.push(if rest.is_empty() { Step::Keep(index) } else { Step::Copy(index) });
            rest = rest.strip_prefix(b".").unwrap_or(rest);
            continue;
        }
        steps.push(match first {
            b'!' => Step::Not,
            b'&' => Step::And,
            b'|' => Step::Or,
            b'.' => Step::Copy(0),
            _ => return Err(Trap::plain("invalid query")),
        });
        rest = &rest[1..];
    }
    Ok(steps)
}

/// Numbers and addresses by size, truth in any spelling, everything else byte by byte.
fn compare(own: &[u8], asked: &[u8]) -> Ordering {
    if let (Some(own), Some(asked)) = (number(own), number(asked)) {
        return own.cmp(&asked);
    }
    truth(own).cmp(truth(asked))
}

fn number(bytes: &[u8]) -> Option<i128> {
    let text = std::str::from_utf8(bytes).ok()?;
    if let Ok(number) = text.parse::<i64>() {
        return Some(number.into());
    }
    text.parse::<Ipv4Addr>().ok().map(|address| u32::from(address).into())
}

fn truth(bytes: &[u8]) -> &[u8] {
    match bytes {
        b"yes" => b"true",
        b"no" => b"false",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Fields = &'static [(&'static str, &'static str)];
    const ROWS: [Fields; 2] = [
        &[("name", "ether1"), ("type", "ether"), ("actual-mtu", "1500"), ("running", "true")],
        &[
            ("name", "lo"),
            ("type", "loopback"),
            ("actual-mtu", "65536"),
            ("running", "true"),
            ("comment", "x"),
        ],
    ];

    /// The names of the matching rows.
    fn select(words: &[&str]) -> Vec<&'static str> {
        let query =
            Query::parse(words.iter().map(|word| word.strip_prefix('?').unwrap().as_bytes())).unwrap();
        let matches = |row: &Fields| {
            query.matches(|name| {
                let found = row.iter().find(|(key, _)| key.as_bytes() == name)?;
                Some(Cow::Borrowed(found.1.as_bytes()))
            })
        };
        ROWS.iter().filter(|row| matches(row)).map(|row| row[0].1).collect()
    }

    #[test]
    fn documented_queries_select_the_documented_rows() {
        assert_eq!(select(&["?type=ether"]), ["ether1"]);
        assert_eq!(select(&["?=type=ether"]), ["ether1"]);
        assert_eq!(select(&["?type=ether", "?#!"]), ["lo"]);
        assert_eq!(select(&["?type=ether", "?type=loopback", "?#|"]).len(), 2);
        assert_eq!(select(&["?>actual-mtu=1000"]).len(), 2);
        assert_eq!(select(&["?<actual-mtu=2000"]), ["ether1"]);
        assert_eq!(select(&["?running"]).len(), 2);
        assert_eq!(select(&["?-running"]).len(), 0);
        assert_eq!(select(&["?type=ether", "?running"]), ["ether1"]);
        assert_eq!(select(&["?>comment="]), ["lo"]);
        assert_eq!(select(&["?>actual-mtu=1", "?type=ether", "?#&!"]), ["lo"]);
        assert_eq!(select(&["?running=yes"]).len(), 2);
        assert_eq!(select(&[]).len(), 2);
    }

    #[test]
    fn stack_indices_copy_or_keep_and_the_bottom_is_true() {
        assert_eq!(select(&["?#|"]).len(), 2);
        assert_eq!(select(&["?type=ether", "?type=loopback", "?#1"]), ["ether1"]);
        assert_eq!(select(&["?type=ether", "?#0.!|"]).len(), 2);
        assert_eq!(select(&["?type=ether", "?#.!|"]).len(), 2);
        assert_eq!(select(&["?-running", "?#9"]).len(), 2);
    }

    #[test]
    fn a_word_that_is_no_query_is_refused() {
        for word in ["", "#x", ">mtu"] {
            assert!(Query::parse([word.as_bytes()].into_iter()).is_err(), "{word}");
        }
    }
}
