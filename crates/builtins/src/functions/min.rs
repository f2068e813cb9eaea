//! `min`.

use crate::{Example, Function, Kind};
use kamrules_model::AggOp;

/// The function.
pub const FUNCTION: Function = Function {
    name: "min",
    usage: &["min(entity.value where condition)"],
    doc: "The smallest value among rows, or the earliest day. Missing when there are no such rows.",
    examples: &[Example { code: "min(sale.date)", gives: "2019-07-04" }],
    kind: Kind::Aggregate(AggOp::Min),
};
