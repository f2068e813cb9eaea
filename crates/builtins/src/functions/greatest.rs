//! `greatest`.

use super::args;
use crate::{Env, Mismatch};
use crate::{Example, Function, Kind, Scalar};
use kamrules_model::{FaultKind, Ty, Type, Value};
use std::cmp::Ordering;

/// The function.
pub const FUNCTION: Function = Function {
    name: "greatest",
    usage: &["greatest(a, b, …)"],
    doc: "The largest of two or more numbers, amounts of money, dates, instants, durations or tiers, all of one kind. Missing when one of them is missing.",
    examples: &[
        Example { code: "greatest(3, 2.50)", gives: "3.00" },
        Example { code: "greatest($5, $7, $6.50)", gives: "7.00" },
        Example { code: "greatest(2 weeks, 10 days)", gives: "14 days" },
        Example { code: "greatest(0, -5)", gives: "0" },
    ],
    kind: Kind::Scalar(Scalar { infer, call }),
};

fn infer(args: &[Ty]) -> Result<Ty, Mismatch> {
    args::one_kind(&FUNCTION, args)
}

fn call(_: &Env<'_>, args: &[(&Value, Type)], out: Type) -> Result<Option<Value>, FaultKind> {
    args::pick(args, Ordering::Greater, out)
}
