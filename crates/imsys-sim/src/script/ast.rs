//! A script as a tree. Every node that can fail knows its offset in the source.

/// Statements that share variables.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Block(pub(super) Vec<Statement>);

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Statement {
    /// A menu alone on its line; the parser has already followed it.
    Go,
    /// `{ … }`
    Scope(Block),
    Command(Command),
}

/// `:if …`, `add …`, `/tool fetch …`
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Command {
    pub(super) at: usize,
    pub(super) name: Name,
    pub(super) args: Vec<Arg>,
    /// What `find` looks for.
    pub(super) filter: Option<Where>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Name {
    /// `:put`, without its colon.
    Global(String),
    /// `add` in `user/group`.
    Menu { path: String, verb: String },
}

/// `key=value`, a value alone, or a word alone.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Arg {
    pub(super) at: usize,
    pub(super) key: Option<String>,
    pub(super) value: Expr,
}

/// The condition of a `find`.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Where {
    Compare {
        column: String,
        op: Op,
        value: Expr,
    },
    /// A flag's name alone.
    Set(String),
    Not(Box<Self>),
    And(Box<Self>, Box<Self>),
    Or(Box<Self>, Box<Self>),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Expr {
    /// A text with variables and commands in it.
    Text(Vec<Piece>),
    Number(i64),
    Bool(bool),
    /// `*3`
    Id(u32),
    /// A word without quotes.
    Word(String),
    Variable(String),
    /// `[ … ]`
    Command(Block),
    /// `{ … }` after `do=` and its like.
    Code(Block),
    /// `{ a; b }`
    Array(Vec<Self>),
    /// `{ … }` as the value of a property: its text.
    Source(Vec<u8>),
    Not(usize, Box<Self>),
    Negative(usize, Box<Self>),
    Binary(usize, Op, Box<Self>, Box<Self>),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Piece {
    Plain(Vec<u8>),
    Value(Expr),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Op {
    Or,
    And,
    Equal,
    Differs,
    Less,
    Greater,
    LessOrEqual,
    GreaterOrEqual,
    /// `~`, here without patterns: the text is found within.
    Contains,
    In,
    Concat,
    Add,
    Subtract,
    Multiply,
    Divide,
}
