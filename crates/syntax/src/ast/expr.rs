//! Expressions, tests on a value, and literals.

use super::{Name, Text};
use kamrules_base::{Date, Decimal, Span};

/// An expression with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Its place.
    pub span: Span,
}

/// The forms of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExprKind {
    /// Something that did not parse; the finding is already made.
    Error,
    /// A bare name.
    Name(String),
    /// `this`.
    This,
    /// A literal.
    Literal(Literal),
    /// `[a, b]`.
    List(Vec<Expr>),
    /// `(a)`, kept so that the formatter gives it back.
    Paren(Box<Expr>),
    /// `base.name`; the name is empty when it is missing.
    Field(Box<Expr>, Name),
    /// `callee(args)`; the callee is a name or a field.
    Call(Box<Expr>, Vec<Arg>),
    /// `-a` or `not a`.
    Unary(UnaryOp, Box<Expr>),
    /// An operator between two operands.
    Binary(Box<Binary>),
    /// `lo..hi` or `lo..<hi`.
    Range(Box<Range>),
    /// `a is known` (true) or `a is missing` (false).
    IsKnown(Box<Expr>, bool),
    /// `if c then a else b`.
    If(Box<If>),
    /// `match x { … }`.
    Match(Box<Match>),
    /// `top 10 by x`, `first 80% of x within region`.
    Population(Box<Population>),
}

/// Operators before an operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UnaryOp {
    /// `-`
    Negate,
    /// `not`
    Not,
}

/// An operator between two operands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binary {
    /// Which.
    pub op: BinaryOp,
    /// The place of the operator itself.
    pub op_span: Span,
    /// The left operand.
    pub left: Expr,
    /// The right operand.
    pub right: Expr,
}

/// Operators between two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each is named as it is written")]
pub enum BinaryOp {
    Or,
    And,
    Compare(Compare),
    In,
    NotIn,
    StartsWith,
    EndsWith,
    Has,
    HasAnyOf,
    Contains,
    OrElse,
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// Comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each is named as it is written")]
pub enum Compare {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// `lo..hi` holds both ends; `lo..<hi` stops before `hi`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    /// The lower end.
    pub low: Expr,
    /// The upper end.
    pub high: Expr,
    /// Whether it is written `..<`.
    pub half_open: bool,
}

/// `if … then … else …`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct If {
    /// The condition.
    pub condition: Expr,
    /// The value when it holds.
    pub then: Expr,
    /// The value otherwise.
    pub otherwise: Expr,
}

/// `match x { tests -> value, … }`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// What is tested.
    pub subject: Expr,
    /// The arms.
    pub arms: Vec<Arm>,
}

/// An arm of a `match`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arm {
    /// When it is taken.
    pub tests: Tests,
    /// Its value.
    pub value: Expr,
    /// The whole arm, without the comma.
    pub span: Span,
}

/// A readable test over the whole population.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Population {
    /// Which end, and whether rows or their sum are counted.
    pub kind: PopulationKind,
    /// `10` or `20%`: [`Literal::Number`] or [`Literal::Percent`].
    pub amount: Literal,
    /// Its place.
    pub amount_span: Span,
    /// What is ordered or summed.
    pub value: Expr,
    /// `within FIELD`.
    pub within: Option<Name>,
}

/// `top … by`, `bottom … by` (rows are counted), `first … of`, `last … of` (the value is summed).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each is named as it is written")]
pub enum PopulationKind {
    Top,
    Bottom,
    First,
    Last,
}

/// An argument of a call: an expression, and the tail that only aggregates have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arg {
    /// The `all` in front: every row there is.
    pub all: bool,
    /// The expression.
    pub value: Expr,
    /// `within FIELD`.
    pub within: Option<Name>,
    /// `via FIELD`.
    pub via: Option<Name>,
    /// `where CONDITION`.
    pub filter: Option<Expr>,
    /// `by x`.
    pub by: Option<Expr>,
    /// The whole argument.
    pub span: Span,
}

/// Tests on a value, joined by `or`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tests {
    /// At least one test.
    pub alternatives: Vec<Test>,
    /// The whole.
    pub span: Span,
}

/// One test on a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Test {
    /// Which.
    pub kind: TestKind,
    /// Its place.
    pub span: Span,
}

/// The forms of a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TestKind {
    /// Something that did not parse; the finding is already made.
    Error,
    /// A value it equals: a name, a literal, or a literal with a minus.
    Equals(Expr),
    /// `< 50`.
    Compare(Compare, Expr),
    /// `40..70`, `40..<70`.
    Range(Range),
    /// `known`.
    Known,
    /// `missing`.
    Missing,
    /// `otherwise`.
    Otherwise,
    /// `*`, in a table cell.
    Any,
}

/// A value written out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Literal {
    /// `42`, `250k`.
    Number(Decimal),
    /// `12%`, as the number 0.12.
    Percent(Decimal),
    /// `$5M`, `5M USD`.
    Money(Money),
    /// `14 days`.
    Duration(u32, DurationUnit),
    /// `2026-02-01`.
    Date(Date),
    /// `FY2026-Q1`.
    Period(PeriodLiteral),
    /// `"…"`.
    Text(Text),
    /// `yes`, `no`.
    Flag(bool),
}

/// An amount with its currency as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Money {
    /// The amount.
    pub amount: Decimal,
    /// A symbol (`$`, `€`, `£`, `¥`) or an ISO code (`USD`).
    pub currency: String,
}

/// Units of a duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each is named as it is written")]
pub enum DurationUnit {
    Minutes,
    Hours,
    Days,
    Weeks,
    Months,
    Quarters,
    Years,
}

/// A period written out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PeriodLiteral {
    /// `FY2026`.
    Year(i32),
    /// `FY2026-Q1`.
    Quarter(i32, u32),
    /// `2026-02`.
    Month(i32, u32),
}
