//! `first`.

use crate::{Example, Function, Kind};
use kamrules_model::AggOp;

/// The function.
pub const FUNCTION: Function = Function {
    name: "first",
    usage: &["first(entity.value by order)"],
    doc: "The value of the first row by some order; rows that stand alike go by their key. Missing when there are no such rows.",
    examples: &[Example { code: "first(sale.amount by date)", gives: "1200.00" }],
    kind: Kind::Aggregate(AggOp::First),
};
