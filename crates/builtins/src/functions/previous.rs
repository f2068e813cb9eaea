//! `previous`.

use super::args::{self, Want};
use crate::{Env, Mismatch};
use crate::{Example, Function, Kind, Scalar};
use kamrules_model::{FaultKind, Ty, Type, Value};

/// The function.
pub const FUNCTION: Function = Function {
    name: "previous",
    usage: &["previous(period)"],
    doc: "The period of the same length just before this one.",
    examples: &[
        Example { code: "previous(FY2026-Q1)", gives: "FY2025-Q4" },
        Example { code: "previous(2026-01)", gives: "2025-12" },
        Example { code: "previous(FY2025..FY2026)", gives: "FY2023..FY2024" },
    ],
    kind: Kind::Scalar(Scalar { infer, call }),
};

fn infer(args: &[Ty]) -> Result<Ty, Mismatch> {
    args::fixed(&FUNCTION, args, &[Want::Period], args.first().map_or(Type::Period(None), |ty| ty.kind))
}

fn call(_: &Env<'_>, args: &[(&Value, Type)], _: Type) -> Result<Option<Value>, FaultKind> {
    args::period(args[0].0).shift(-1).map(|period| Some(Value::Period(period))).ok_or(FaultKind::DateRange)
}
