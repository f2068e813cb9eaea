//! `average`.

use crate::{Example, Function, Kind};
use kamrules_model::AggOp;

/// The function.
pub const FUNCTION: Function = Function {
    name: "average",
    usage: &["average(entity.value where condition)"],
    doc: "The mean of a value over rows, to 12 decimals. Missing when there are no such rows.",
    examples: &[Example { code: "average(sale.amount)", gives: "2.500000000000" }],
    kind: Kind::Aggregate(AggOp::Average),
};
