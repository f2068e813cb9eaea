//! Runs a model over a book of data, in two ways that agree to the bit.
//!
//! [`columns`] computes whole columns, batch by batch and in parallel: what `eval` prints. [`rows`] walks one row at a time and
//! can say why: what `test` and `explain` use. [`answers`] is what a run gives, [`testing`] runs the tests written in the language.
//!
//! This crate knows no syntax and does no I/O.

pub mod answers;
pub mod columns;
pub mod rows;
pub mod testing;

pub use answers::*;
