//! `every`.

use crate::{Example, Function, Kind};
use kamrules_model::AggOp;

/// The function.
pub const FUNCTION: Function = Function {
    name: "every",
    usage: &["every(entity.condition where condition)"],
    doc: "Whether a condition is yes for all rows. Yes of none.",
    examples: &[Example { code: "every(contact.consented)", gives: "true" }],
    kind: Kind::Aggregate(AggOp::Every),
};
