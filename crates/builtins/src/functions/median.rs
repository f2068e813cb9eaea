//! `median`.

use crate::{Example, Function, Kind};
use kamrules_model::AggOp;

/// The function.
pub const FUNCTION: Function = Function {
    name: "median",
    usage: &["median(entity.value where condition)"],
    doc: "The middle of a value over rows when they stand in order; of an even number the mean of the two in the middle. Missing when there are no such rows.",
    examples: &[Example { code: "median(deal.days_open)", gives: "21.000000000000" }],
    kind: Kind::Aggregate(AggOp::Median),
};
