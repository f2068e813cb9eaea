//! `share`.

use crate::{Example, Function, Kind};
use kamrules_model::AggOp;

/// The function.
pub const FUNCTION: Function = Function {
    name: "share",
    usage: &["share(entity where condition)"],
    doc: "The share of rows for which a condition is yes, from 0 to 1, to 12 decimals. Missing when there are no such rows.",
    examples: &[Example { code: "share(customer where churned)", gives: "0.250000000000" }],
    kind: Kind::Aggregate(AggOp::Share),
};
