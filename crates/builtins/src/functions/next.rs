//! `next`.

use super::args::{self, Want};
use crate::{Env, Mismatch};
use crate::{Example, Function, Kind, Scalar};
use kamrules_model::{FaultKind, Ty, Type, Value};

/// The function.
pub const FUNCTION: Function = Function {
    name: "next",
    usage: &["next(period)"],
    doc: "The period of the same length just after this one.",
    examples: &[Example { code: "next(FY2026)", gives: "FY2027" }, Example { code: "next(2025-12)", gives: "2026-01" }],
    kind: Kind::Scalar(Scalar { infer, call }),
};

fn infer(args: &[Ty]) -> Result<Ty, Mismatch> {
    args::fixed(&FUNCTION, args, &[Want::Period], args.first().map_or(Type::Period(None), |ty| ty.kind))
}

fn call(_: &Env<'_>, args: &[(&Value, Type)], _: Type) -> Result<Option<Value>, FaultKind> {
    args::period(args[0].0).shift(1).map(|period| Some(Value::Period(period))).ok_or(FaultKind::DateRange)
}
