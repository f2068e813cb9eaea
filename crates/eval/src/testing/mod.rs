//! Runs the tests written in the language.
//!
//! `build` makes a book out of a test's rows, `judge` asks the row walk for each expectation, `coverage` says which rungs and
//! boundaries no test reached. A field that a test leaves out is unset; the test fails for it, naming it, only if the answer
//! hangs on it. The result is plain data.

mod build;
mod coverage;
mod judge;
#[cfg(test)]
mod tests;

pub use coverage::{BoundaryCoverage, Coverage, DecisionCoverage, RungCoverage};

use crate::rows::{Seen, Trace, Walk, Why};
use kamrules_base::{Date, Span};
use kamrules_model::{Book, Cell, EntityId, ExprId, Fault, FieldId, Model, TestCase, Type};
use std::sync::Arc;

/// What the tests gave.
#[derive(Debug, Clone)]
pub struct TestReport {
    /// The tests that were run, in their order.
    pub tests: Vec<TestOutcome>,
    /// What they reached.
    pub coverage: Coverage,
}

/// What a test gave.
#[derive(Debug, Clone)]
pub struct TestOutcome {
    /// Its index in the model's tests.
    pub index: usize,
    /// Its name.
    pub name: String,
    /// Where its name stands.
    pub span: Span,
    /// Whether it belongs to the standard library.
    pub library: bool,
    /// The day that was `today`.
    pub as_of: Option<Date>,
    /// Why it could not be run; then there are no expectations.
    pub problems: Vec<TestProblem>,
    /// What became of each expectation.
    pub expectations: Vec<ExpectationOutcome>,
    /// The rows it was run on, to show values with, where it did not pass.
    pub book: Option<Arc<Book>>,
}

/// Why a test could not be run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TestProblem {
    /// The file of an entity could not be loaded.
    NotLoaded {
        /// The entity.
        entity: EntityId,
        /// Where it is named.
        span: Span,
    },
    /// A reference names a row that is not there.
    NoSuchRow {
        /// The entity referred to.
        entity: EntityId,
        /// The key.
        key: String,
        /// Where it is written.
        span: Span,
    },
}

/// What became of an expectation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectationOutcome {
    /// Where it is written.
    pub span: Span,
    /// The row it is about.
    pub row: u32,
    /// Whether it was met.
    pub verdict: Verdict,
}

/// Whether an expectation was met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It was.
    Pass,
    /// It was not: what it asks is no, or missing.
    Fail(Box<Failure>),
    /// The answer hangs on a field that the test leaves out.
    Unset(FieldId, Box<Failure>),
    /// The answer is a fault.
    Fault(Fault, Box<Failure>),
    /// It is about a row that the test does not make.
    NoRow,
}

/// What was expected, what was got, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What was expected, as written; none where the expectation is no comparison.
    pub expected: Option<String>,
    /// What was got; of an expectation that is no comparison its own value.
    pub got: Got,
    /// How it came about.
    pub why: Why,
    /// The decisions that had a say.
    pub traces: Vec<Trace>,
}

/// A value that a test got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Got {
    /// The expression.
    pub expr: ExprId,
    /// Its type.
    pub ty: Type,
    /// Its value.
    pub cell: Cell,
    /// Its value for people.
    pub text: String,
}

impl TestOutcome {
    /// Whether all is as expected.
    pub fn passed(&self) -> bool {
        self.problems.is_empty() && self.expectations.iter().all(|expectation| expectation.verdict == Verdict::Pass)
    }
}

impl TestReport {
    /// How many tests passed.
    pub fn passed(&self) -> usize {
        self.tests.iter().filter(|test| test.passed()).count()
    }
}

/// Runs the tests whose name holds `filter` (all, if there is none).
///
/// `books` gives for a test, by its index, a book with the rows of the entities it loads from files and with the lists that come
/// from files; it may give none where the test and the policy need no file.
pub fn run_tests(model: &Model, books: &dyn Fn(usize) -> Option<Book>, filter: Option<&str>) -> TestReport {
    let mut seen = Seen::default();
    let wanted = |test: &TestCase| filter.is_none_or(|part| test.name.contains(part));
    let chosen = model.tests.iter().enumerate().filter(|(_, test)| wanted(test));
    let tests = chosen.map(|(index, test)| run_one(model, index, test, books(index), &mut seen)).collect();
    TestReport { tests, coverage: coverage::of(model, &seen) }
}

fn run_one(model: &Model, index: usize, test: &TestCase, book: Option<Book>, seen: &mut Seen) -> TestOutcome {
    let as_of = test.as_of.or(model.settings.as_of);
    let (name, span, library) = (test.name.clone(), test.span, test.library);
    let built = build::build(model, test, book);
    let outcome = TestOutcome { index, name, span, library, as_of, problems: built.problems, expectations: Vec::new(), book: None };
    if !outcome.problems.is_empty() {
        return outcome;
    }
    let mut walk = Walk::new(model, &built.book, as_of);
    walk.watch();
    built.pins.into_iter().for_each(|(expr, row, cell)| walk.pin(expr, row, cell));
    let expectations: Vec<_> = test.expects.iter().map(|expect| judge::judge(&walk, expect, &built.starts)).collect();
    let came_by = walk.seen();
    seen.won.extend(came_by.won);
    seen.near.extend(came_by.near);
    let outcome = TestOutcome { expectations, ..outcome };
    if outcome.passed() { outcome } else { TestOutcome { book: Some(Arc::new(built.book)), ..outcome } }
}
