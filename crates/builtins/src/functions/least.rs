//! `least`.

use super::args;
use crate::{Env, Mismatch};
use crate::{Example, Function, Kind, Scalar};
use kamrules_model::{FaultKind, Ty, Type, Value};
use std::cmp::Ordering;

/// The function.
pub const FUNCTION: Function = Function {
    name: "least",
    usage: &["least(a, b, …)"],
    doc: "The smallest of two or more numbers, amounts of money, dates, instants, durations or tiers, all of one kind. Missing when one of them is missing.",
    examples: &[
        Example { code: "least(3, 2.50)", gives: "2.50" },
        Example { code: "least($5, $7, $6.50)", gives: "5.00" },
        Example { code: "least(2026-01-31, 2026-02-01)", gives: "2026-01-31" },
        Example { code: "least(3, missing)", gives: "missing" },
    ],
    kind: Kind::Scalar(Scalar { infer, call }),
};

fn infer(args: &[Ty]) -> Result<Ty, Mismatch> {
    args::one_kind(&FUNCTION, args)
}

fn call(_: &Env<'_>, args: &[(&Value, Type)], out: Type) -> Result<Option<Value>, FaultKind> {
    args::pick(args, Ordering::Less, out)
}
