//! `sum`.

use crate::{Example, Function, Kind};
use kamrules_model::AggOp;

/// The function.
pub const FUNCTION: Function = Function {
    name: "sum",
    usage: &["sum(entity.value where condition)"],
    doc: "The total of a value over rows. 0 of none.",
    examples: &[Example { code: "sum(sale.amount where date in FY2020)", gives: "125000.00" }],
    kind: Kind::Aggregate(AggOp::Sum),
};
