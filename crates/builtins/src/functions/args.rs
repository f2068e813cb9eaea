//! What the functions share: which arguments suit, and how values are read.

use crate::{Env, Function, Mismatch};
use kamrules_base::Date;
use kamrules_model::{DurationKind, FaultKind, Grain, Period, Ty, Type, Value, arith};
use std::cmp::Ordering;
use std::ops::Range;
use std::sync::Arc;

/// What an argument is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Want {
    /// A text.
    Text,
    /// A whole number.
    Whole,
    /// A day.
    Date,
    /// An instant.
    Time,
    /// A period.
    Period,
}

impl Want {
    /// Whether a type suits. An unknown one always does: its finding is made.
    pub fn suits(self, kind: Type) -> bool {
        match kind {
            Type::Unknown => true,
            Type::Text { .. } => self == Self::Text,
            Type::Number { scale, .. } => self == Self::Whole && scale == 0,
            Type::Date => self == Self::Date,
            Type::Time => self == Self::Time,
            Type::Period(_) => self == Self::Period,
            _ => false,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Text => "a text",
            Self::Whole => "a whole number",
            Self::Date => "a date",
            Self::Time => "an instant (`time`)",
            Self::Period => "a period",
        }
    }
}

/// The type of a result that is missing wherever an argument is.
pub fn gives(kind: Type, args: &[Ty]) -> Ty {
    Ty { kind, optional: args.iter().any(|ty| ty.optional) }
}

/// The number of arguments does not suit.
pub fn wrong_count(function: &Function) -> Mismatch {
    let forms: Vec<String> = function.usage.iter().map(|form| format!("`{form}`")).collect();
    Mismatch { argument: None, message: format!("it is written {}", forms.join(" or ")) }
}

/// A result of type `kind` for arguments that are to be these.
pub fn fixed(function: &Function, args: &[Ty], wants: &[Want], kind: Type) -> Result<Ty, Mismatch> {
    if args.len() != wants.len() {
        return Err(wrong_count(function));
    }
    match args.iter().zip(wants).position(|(ty, want)| !want.suits(ty.kind)) {
        Some(i) => Err(Mismatch { argument: Some(i), message: format!("`{}` wants {} here", function.usage[0], wants[i].words()) }),
        None => Ok(gives(kind, args)),
    }
}

/// The type of the least or greatest of the arguments, which are of one kind that has an order.
pub fn one_kind(function: &Function, args: &[Ty]) -> Result<Ty, Mismatch> {
    if args.len() < 2 {
        return Err(wrong_count(function));
    }
    let mut kind = Type::Unknown;
    for (i, arg) in args.iter().enumerate() {
        let message = |what: &str| Mismatch { argument: Some(i), message: format!("`{}` {what}", function.name) };
        if !ordered(arg.kind) {
            return Err(message("takes numbers, money, dates, instants, durations or tiers"));
        }
        kind = join(kind, arg.kind).ok_or_else(|| message("takes values of one kind"))?;
    }
    Ok(gives(kind, args))
}

fn ordered(kind: Type) -> bool {
    match kind {
        Type::Unknown | Type::Number { .. } | Type::Money { .. } | Type::Date | Type::Time | Type::Label(_) => true,
        Type::Duration(kind) => kind != DurationKind::Calendar,
        _ => false,
    }
}

fn join(a: Type, b: Type) -> Option<Type> {
    match (a, b) {
        (Type::Unknown, other) | (other, Type::Unknown) => Some(other),
        (Type::Number { scale: a, percent: p }, Type::Number { scale: b, percent: q }) => {
            Some(Type::Number { scale: a.max(b), percent: p && q })
        }
        (Type::Money { scale: a }, Type::Money { scale: b }) => Some(Type::Money { scale: a.max(b) }),
        (a, b) => (a == b).then_some(a),
    }
}

/// The first argument that stands before (or after) all others, as a value of type `out`.
pub fn pick(args: &[(&Value, Type)], wanted: Ordering, out: Type) -> Result<Option<Value>, FaultKind> {
    let mut best = args[0];
    for &arg in &args[1..] {
        if arith::order(arg, best) == wanted {
            best = arg;
        }
    }
    arith::rescale_value(best.0, best.1, out).map(Some)
}

/// A whole number.
pub fn whole(value: &Value) -> i128 {
    match value {
        Value::Num(n) => *n,
        other => unreachable!("the checker lets only numbers through: {other:?}"),
    }
}

/// A number of characters, which is not below zero.
pub fn count(value: &Value) -> Result<usize, FaultKind> {
    match whole(value) {
        n if n < 0 => Err(FaultKind::Argument),
        n => Ok(usize::try_from(n).unwrap_or(usize::MAX)),
    }
}

/// A day.
pub fn day(value: &Value) -> Date {
    match value {
        Value::Date(day) => Date(*day),
        other => unreachable!("the checker lets only dates through: {other:?}"),
    }
}

/// A period.
pub fn period(value: &Value) -> Period {
    match value {
        Value::Period(period) => *period,
        other => unreachable!("the checker lets only periods through: {other:?}"),
    }
}

/// The first and last day of a period.
pub fn bounds(env: &Env<'_>, value: &Value) -> Result<(Date, Date), FaultKind> {
    env.calendar.bounds(period(value)).ok_or(FaultKind::DateRange)
}

/// The period of a grain that holds a day.
pub fn period_of(env: &Env<'_>, grain: Grain, value: &Value) -> Result<Option<Value>, FaultKind> {
    let period = env.calendar.period_of(grain, day(value)).ok_or(FaultKind::DateRange)?;
    Ok(Some(Value::Period(period)))
}

/// A text.
pub fn text(env: &Env<'_>, value: &Value) -> Arc<str> {
    match value {
        Value::Text(sym) => env.texts.get(*sym),
        other => unreachable!("the checker lets only texts through: {other:?}"),
    }
}

/// A text as a value.
pub fn intern(env: &Env<'_>, text: &str) -> Value {
    Value::Text(env.texts.intern(text))
}

/// Whether one of the arguments is a text that ignores case.
pub fn ignores_case(args: &[(&Value, Type)]) -> bool {
    args.iter().any(|(_, ty)| *ty == Type::Text { fold: true })
}

/// An argument as it is compared: without its case if one of the arguments ignores case.
pub fn comparable(env: &Env<'_>, args: &[(&Value, Type)], i: usize) -> Arc<str> {
    let text = text(env, args[i].0);
    if ignores_case(args) { fold(&text).into() } else { text }
}

pub use kamrules_model::texts::{fold, fold_char};

/// A character's mapping as the tables give it: zeros stand for nothing, and all zeros for the character itself.
pub fn mapped(c: char, codes: &[u32]) -> Vec<char> {
    let out: Vec<char> = codes.iter().filter(|&&code| code != 0).filter_map(|&code| char::from_u32(code)).collect();
    if out.is_empty() { vec![c] } else { out }
}

/// Where a mark stands in a text first, in bytes.
pub fn find(text: &str, mark: &str, ignoring_case: bool) -> Option<Range<usize>> {
    if !ignoring_case {
        return text.find(mark).map(|at| at..at + mark.len());
    }
    let mark = fold(mark);
    let places = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    places.into_iter().find_map(|at| Some(at..at + folded_prefix(&text[at..], &mark)?))
}

// How many bytes of a text the folded mark covers at its start.
fn folded_prefix(text: &str, mark: &str) -> Option<usize> {
    let mut rest = text.chars();
    mark.chars().all(|m| rest.next().map(fold_char) == Some(m)).then(|| text.len() - rest.as_str().len())
}

/// Whether a text has a word or phrase in it, whatever its case, with no letter or digit directly beside it.
pub fn has_word(text: &str, word: &str) -> bool {
    let (text, word) = (fold(text), fold(word));
    let word = word.trim();
    let (Some(first), Some(last)) = (word.chars().next(), word.chars().next_back()) else { return false };
    let apart = |edge: char, beside: Option<char>| !edge.is_alphanumeric() || !beside.is_some_and(char::is_alphanumeric);
    text.char_indices().any(|(at, _)| {
        let Some(after) = text[at..].strip_prefix(word) else { return false };
        apart(first, text[..at].chars().next_back()) && apart(last, after.chars().next())
    })
}
