//! `last`.

use crate::{Example, Function, Kind};
use kamrules_model::AggOp;

/// The function.
pub const FUNCTION: Function = Function {
    name: "last",
    usage: &["last(entity.value by order)"],
    doc: "The value of the last row by some order; rows that stand alike go by their key. Missing when there are no such rows.",
    examples: &[Example { code: "last(activity.kind by date)", gives: "call" }],
    kind: Kind::Aggregate(AggOp::Last),
};
