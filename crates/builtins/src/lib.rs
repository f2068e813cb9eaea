//! The functions of the language, one file each: how it is called, what it takes and gives, what it computes, examples
//! that are run as tests.
//!
//! [`all`] is the table; a [`kamrules_model::FunctionId`] is an index into it. Aggregates and facts about a population are listed
//! with their documentation, but computed by the evaluator.
//!
//! This crate knows no syntax, no files, and nothing of rows.

#[cfg(test)]
mod examples;
mod functions;

pub use functions::all;

use kamrules_model::{AggOp, Calendar, FaultKind, FunctionId, PopulationOp, Texts, Ty, Type, Value};

/// A function of the language.
pub struct Function {
    /// Its name. One that starts with `@` has no name in the language: an operator or a form of its own stands for it.
    pub name: &'static str,
    /// How it is called, a form each: `round(x)`, `round(x, decimals)`.
    pub usage: &'static [&'static str],
    /// What it gives, in a sentence or two, with units and what becomes of missing values.
    pub doc: &'static str,
    /// Examples.
    pub examples: &'static [Example],
    /// What it is.
    pub kind: Kind,
}

/// What a function is.
pub enum Kind {
    /// It computes a value from values.
    Scalar(Scalar),
    /// It computes a value from many rows.
    Aggregate(AggOp),
    /// It says something of a row's place in its population.
    Population(PopulationOp),
    /// `ultimate`: it follows references.
    Ultimate,
}

/// How a value is computed.
pub type Call = fn(&Env<'_>, &[(&Value, Type)], Type) -> Result<Option<Value>, FaultKind>;

/// A function from values to a value.
pub struct Scalar {
    /// The type of the result for arguments of these types (each `optional` as it is; a missing argument makes the result missing,
    /// so the result is optional at least where an argument is).
    pub infer: fn(&[Ty]) -> Result<Ty, Mismatch>,
    /// The value for known arguments with their types and the result's type; `None` is missing.
    pub call: Call,
}

/// An expression and what it gives, as [`kamrules_model::show`] writes it.
pub struct Example {
    /// The call; for aggregates a readable form that is not run by itself.
    pub code: &'static str,
    /// What it gives.
    pub gives: &'static str,
}

/// Why arguments do not suit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// Which argument, from 0; none when their number does not suit.
    pub argument: Option<usize>,
    /// What is wanted: "`round` rounds a number or money".
    pub message: String,
}

/// What scalar functions may know beside their arguments.
pub struct Env<'a> {
    /// The policy's calendar.
    pub calendar: &'a Calendar,
    /// The policy's IANA time zone; UTC if none.
    pub timezone: Option<&'a str>,
    /// The interned texts.
    pub texts: &'a Texts,
}

/// A function by its id.
pub fn get(id: FunctionId) -> &'static Function {
    &all()[id.index()]
}

/// A function by its name.
pub fn find(name: &str) -> Option<(FunctionId, &'static Function)> {
    let index = all().iter().position(|function| function.name == name)?;
    Some((FunctionId(index as u32), &all()[index]))
}
