//! `max`.

use crate::{Example, Function, Kind};
use kamrules_model::AggOp;

/// The function.
pub const FUNCTION: Function = Function {
    name: "max",
    usage: &["max(entity.value where condition)"],
    doc: "The largest value among rows, or the latest day. Missing when there are no such rows.",
    examples: &[Example { code: "max(activity.date where kind = call)", gives: "2026-01-30" }],
    kind: Kind::Aggregate(AggOp::Max),
};
