//! A checked policy as plain typed data, and the data it runs on as columns.
//!
//! In order: [`ids`] name things, [`ty`] says what kind of value an expression has, [`value`] holds values, faults and
//! cells, [`calendar`] knows the policy's periods, [`arith`] calculates exactly, [`texts`] interns text, [`expr`] is the
//! hash-consed arena of expressions, [`decision`] the one form all decisions are lowered to, [`policy`] the whole
//! [`Model`], [`book`] the data as columns, and [`show`] writes values out.
//!
//! This crate knows no syntax and no files.

pub mod arith;
pub mod book;
pub mod calendar;
pub mod decision;
pub mod expr;
pub mod ids;
pub mod policy;
pub mod show;
pub mod texts;
pub mod ty;
pub mod value;
pub mod zone;

pub use book::{Book, Cells, Column, States, Table};
pub use calendar::{Calendar, Grain, Period};
pub use decision::{Condition, Decision, Outcome, Rung, Win};
pub use expr::{AggOp, Aggregate, ArithOp, CompareOp, Exprs, MessagePart, Node, PopulationFact, PopulationOp};
pub use ids::*;
pub use policy::*;
pub use texts::{Sym, Texts};
pub use ty::{DurationKind, Ty, Type};
pub use value::{Cell, Duration, Fault, FaultKind, LabelValue, Value};
