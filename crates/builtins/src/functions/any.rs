//! `any`.

use crate::{Example, Function, Kind};
use kamrules_model::AggOp;

/// The function.
pub const FUNCTION: Function = Function {
    name: "any",
    usage: &["any(entity.condition)", "any(entity where condition)"],
    doc: "Whether a condition is yes for at least one row. No of none.",
    examples: &[Example { code: "any(contact.leaving)", gives: "false" }],
    kind: Kind::Aggregate(AggOp::Any),
};
