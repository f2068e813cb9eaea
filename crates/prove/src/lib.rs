//! Proofs about decisions: at most one rung holds, always one holds, every rung is reached; with an example for what is not so.
//!
//! [`space`] is the finite geometry beneath, without any meaning. What a verdict is stands in [`verdict`].
//! This crate sees no syntax and no data, and evaluates nothing: its examples are to be replayed by whoever shows them.

pub mod space;
pub mod verdict;

pub use verdict::{Asked, Example, Flaw, FlawKind, Held, Reason, Verdict, What, Why};
