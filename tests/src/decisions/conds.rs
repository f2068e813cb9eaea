//! Conditions, and what they come to: yes, no, or missing.

use super::vars::{Held, Kind, Val, VarId, months_on};

/// A value that may depend on the row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Term {
    /// A variable.
    Var(VarId),
    /// A constant of a kind.
    Const(Kind, i64),
    /// The policy's day.
    Today(i64),
    /// So much more (or less) than a term.
    Plus(Box<Term>, i64),
    /// So many months later (or earlier).
    Months(Box<Term>, i64),
    /// The first minus the second.
    Minus(Box<Term>, Box<Term>),
    /// The variable, or a constant if it is missing.
    OrElse(VarId, i64),
    /// The one or the other.
    If(Box<Cond>, Box<Term>, Box<Term>),
    /// By the tests on a variable.
    Match(VarId, Vec<(Vec<Test>, Term)>),
}

/// One of the six comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is named as it is spoken")]
pub enum Op {
    Equal,
    NotEqual,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

impl Op {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Equal, Self::NotEqual, Self::Less, Self::AtMost, Self::Greater, Self::AtLeast];

    /// Whether it holds between two numbers.
    pub fn holds(self, a: i64, b: i64) -> bool {
        match self {
            Self::Equal => a == b,
            Self::NotEqual => a != b,
            Self::Less => a < b,
            Self::AtMost => a <= b,
            Self::Greater => a > b,
            Self::AtLeast => a >= b,
        }
    }

    /// The comparison that holds where this one does not.
    pub fn opposite(self) -> Self {
        match self {
            Self::Equal => Self::NotEqual,
            Self::NotEqual => Self::Equal,
            Self::Less => Self::AtLeast,
            Self::AtMost => Self::Greater,
            Self::Greater => Self::AtMost,
            Self::AtLeast => Self::Less,
        }
    }

    /// The same with its sides changed over.
    pub fn mirrored(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::AtMost => Self::AtLeast,
            Self::Greater => Self::Less,
            Self::AtLeast => Self::AtMost,
            same => same,
        }
    }

    /// As it is written.
    pub fn written(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Greater => ">",
            Self::AtLeast => ">=",
        }
    }
}

/// What is asked of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextTest {
    /// Whether it is one of these; with a name, of the list of that name.
    In(Vec<String>, Option<String>),
    /// Whether it starts so.
    Starts(String),
    /// Whether it ends so.
    Ends(String),
    /// Whether it has this in it.
    Contains(String),
    /// Whether it has one of these words in it.
    Has(Vec<String>),
    /// Whether its first so many characters are this.
    Left(usize, String),
    /// Whether its last so many characters are this.
    Right(usize, String),
    /// Whether it is a code of that length from the first to the second.
    Code(String, String),
}

/// A test on a value, as in tables, trees and `match`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// Equal to it.
    Is(Val),
    /// A comparison.
    Compare(Op, i64),
    /// From the first to the second; with the flag, before the second.
    Within(i64, i64, bool),
    /// It is there.
    Known,
    /// It is not there.
    Missing,
    /// What no other test takes.
    Otherwise,
    /// Whatever it is.
    Any,
}

/// A condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cond {
    /// Yes or no.
    Always(bool),
    /// Both.
    And(Box<Cond>, Box<Cond>),
    /// Either.
    Or(Box<Cond>, Box<Cond>),
    /// Not so.
    Not(Box<Cond>),
    /// A comparison.
    Compare(Op, Term, Term),
    /// A number, day or picklist value is one of these; with a name, of the list of that name.
    In(VarId, Vec<i64>, Option<String>),
    /// From the first to the second; with the flag, before the second.
    Within(Term, i64, i64, bool),
    /// About a text.
    Text(VarId, TextTest),
    /// It is there.
    Known(VarId),
    /// A flag is yes.
    Yes(VarId),
    /// One of the tests holds for a variable: what a row of a table or a branch asks.
    Passes(VarId, Vec<Test>),
    /// The one or the other.
    If(Box<Cond>, Box<Cond>, Box<Cond>),
    /// By the tests on a variable.
    Match(VarId, Vec<(Vec<Test>, Cond)>),
    /// The condition, or this if it is missing.
    OrElse(Box<Cond>, bool),
}

impl Cond {
    /// Both.
    pub fn and(self, other: Self) -> Self {
        Self::And(Box::new(self), Box::new(other))
    }

    /// Either.
    pub fn or(self, other: Self) -> Self {
        Self::Or(Box::new(self), Box::new(other))
    }

    /// Not so.
    #[must_use]
    pub fn negated(self) -> Self {
        Self::Not(Box::new(self))
    }

    /// A variable is not there.
    pub fn missing(var: VarId) -> Self {
        Self::Known(var).negated()
    }
}

/// Where the values come from.
pub trait Row {
    /// What a variable holds.
    fn get(&self, var: VarId) -> Option<&Val>;

    /// The number a variable holds.
    fn number(&self, var: VarId) -> Option<i64> {
        match self.get(var)? {
            Val::Num(value) => Some(*value),
            Val::Text(_) => None,
        }
    }
}

/// What a term comes to; nothing where it is missing.
pub fn term(of: &Term, row: &dyn Row) -> Option<i64> {
    match of {
        Term::Var(var) => row.number(*var),
        Term::Const(_, value) | Term::Today(value) => Some(*value),
        Term::Plus(a, by) => Some(term(a, row)? + by),
        Term::Months(a, by) => Some(months_on(term(a, row)?, *by)),
        Term::Minus(a, b) => Some(term(a, row)? - term(b, row)?),
        Term::OrElse(var, value) => Some(row.number(*var).unwrap_or(*value)),
        Term::If(asked, a, b) => match eval(asked, row)? {
            true => term(a, row),
            false => term(b, row),
        },
        Term::Match(var, arms) => arms
            .iter()
            .find(|(tests, _)| arm_holds(tests, arms.iter().map(|arm| &arm.0), row.get(*var)))
            .and_then(|(_, value)| term(value, row)),
    }
}

/// What a condition comes to; nothing where it is missing.
pub fn eval(of: &Cond, row: &dyn Row) -> Option<bool> {
    match of {
        Cond::Always(yes) => Some(*yes),
        Cond::And(a, b) => match (eval(a, row), eval(b, row)) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        },
        Cond::Or(a, b) => match (eval(a, row), eval(b, row)) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (Some(false), Some(false)) => Some(false),
            _ => None,
        },
        Cond::Not(a) => eval(a, row).map(|yes| !yes),
        Cond::Compare(op, a, b) => Some(op.holds(term(a, row)?, term(b, row)?)),
        Cond::In(var, values, _) => Some(values.contains(&row.number(*var)?)),
        Cond::Within(a, low, high, open) => {
            let value = term(a, row)?;
            Some(*low <= value && if *open { value < *high } else { value <= *high })
        }
        Cond::Text(var, test) => match row.get(*var)? {
            Val::Text(text) => Some(of_text(test, text)),
            Val::Num(_) => None,
        },
        Cond::Known(var) => Some(row.get(*var).is_some()),
        Cond::Yes(var) => Some(row.number(*var)? == 1),
        Cond::Passes(var, tests) => Some(passes(tests, row.get(*var))),
        Cond::If(asked, a, b) => match eval(asked, row)? {
            true => eval(a, row),
            false => eval(b, row),
        },
        Cond::Match(var, arms) => arms
            .iter()
            .find(|(tests, _)| arm_holds(tests, arms.iter().map(|arm| &arm.0), row.get(*var)))
            .and_then(|(_, value)| eval(value, row)),
        Cond::OrElse(a, value) => Some(eval(a, row).unwrap_or(*value)),
    }
}

/// Whether a condition is yes.
pub fn is_yes(of: &Cond, row: &dyn Row) -> bool {
    eval(of, row) == Some(true)
}

fn of_text(test: &TextTest, text: &str) -> bool {
    match test {
        TextTest::In(values, _) => values.iter().any(|value| value == text),
        TextTest::Starts(part) => text.starts_with(part.as_str()),
        TextTest::Ends(part) => text.ends_with(part.as_str()),
        TextTest::Contains(part) => text.contains(part.as_str()),
        TextTest::Has(words) => words.iter().any(|word| has(text, word)),
        TextTest::Left(count, part) => text.chars().take(*count).eq(part.chars()),
        TextTest::Right(count, part) => text.chars().skip(text.chars().count().saturating_sub(*count)).eq(part.chars()),
        // Both ends are of digits, and so is all between them.
        TextTest::Code(low, high) => {
            let digits = text.chars().all(|c| c.is_ascii_digit());
            digits && text.chars().count() == low.chars().count() && text.chars().ge(low.chars()) && text.chars().le(high.chars())
        }
    }
}

/// Whether a text has a word of letters and digits in it, whatever the capitals.
fn has(text: &str, word: &str) -> bool {
    let parts = text.split(|c: char| !c.is_alphanumeric());
    parts.into_iter().any(|part| part.eq_ignore_ascii_case(word))
}

/// Whether one of the tests holds for a value. `otherwise` is not looked at here.
pub fn passes(tests: &[Test], value: Option<&Val>) -> bool {
    tests.iter().any(|test| match (test, value) {
        (Test::Missing, value) => value.is_none(),
        (Test::Any, _) => true,
        (_, None) => false,
        (Test::Known, Some(_)) => true,
        (Test::Is(one), Some(value)) => one == value,
        (Test::Compare(op, one), Some(Val::Num(value))) => op.holds(*value, *one),
        (Test::Within(low, high, open), Some(Val::Num(value))) => low <= value && if *open { value < high } else { value <= high },
        _ => false,
    })
}

fn arm_holds<'a>(tests: &[Test], all: impl Iterator<Item = &'a Vec<Test>>, value: Option<&Val>) -> bool {
    if matches!(tests, [Test::Otherwise]) { !all.into_iter().any(|tests| passes(tests, value)) } else { passes(tests, value) }
}

/// The row with some variables' values.
impl Row for Vec<Held> {
    fn get(&self, var: VarId) -> Option<&Val> {
        self[var].as_ref()
    }
}
