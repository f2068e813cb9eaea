//! `count`.

use crate::{Example, Function, Kind};
use kamrules_model::AggOp;

/// The function.
pub const FUNCTION: Function = Function {
    name: "count",
    usage: &["count(entity where condition)", "count(all entity where condition)"],
    doc: "How many rows there are: the row's own, or with `all` every row. 0 of none.",
    examples: &[Example { code: "count(contact where role = influencer)", gives: "3" }],
    kind: Kind::Aggregate(AggOp::Count),
};
