//! `days_in`.

use super::args::{self, Want};
use crate::{Env, Mismatch};
use crate::{Example, Function, Kind, Scalar};
use kamrules_model::{FaultKind, Ty, Type, Value};

/// The function.
pub const FUNCTION: Function = Function {
    name: "days_in",
    usage: &["days_in(period)"],
    doc: "How many days a period has.",
    examples: &[
        Example { code: "days_in(FY2024)", gives: "366" },
        Example { code: "days_in(2026-02)", gives: "28" },
        Example { code: "days_in(FY2026-Q1)", gives: "90" },
    ],
    kind: Kind::Scalar(Scalar { infer, call }),
};

fn infer(args: &[Ty]) -> Result<Ty, Mismatch> {
    args::fixed(&FUNCTION, args, &[Want::Period], Type::INTEGER)
}

fn call(env: &Env<'_>, args: &[(&Value, Type)], _: Type) -> Result<Option<Value>, FaultKind> {
    let (start, end) = args::bounds(env, args[0].0)?;
    Ok(Some(Value::Num(i128::from(end.0) - i128::from(start.0) + 1)))
}
