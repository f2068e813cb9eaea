//! `days_between`.

use super::args::{self, Want};
use crate::{Env, Mismatch};
use crate::{Example, Function, Kind, Scalar};
use kamrules_model::{FaultKind, Ty, Type, Value};

/// The function.
pub const FUNCTION: Function = Function {
    name: "days_between",
    usage: &["days_between(a, b)"],
    doc: "How many days lie between two days, as a whole number: b minus a, negative when b is before a.",
    examples: &[
        Example { code: "days_between(2026-01-31, 2026-03-01)", gives: "29" },
        Example { code: "days_between(2026-03-01, 2026-01-31)", gives: "-29" },
    ],
    kind: Kind::Scalar(Scalar { infer, call }),
};

fn infer(args: &[Ty]) -> Result<Ty, Mismatch> {
    args::fixed(&FUNCTION, args, &[Want::Date, Want::Date], Type::INTEGER)
}

fn call(_: &Env<'_>, args: &[(&Value, Type)], _: Type) -> Result<Option<Value>, FaultKind> {
    let (a, b) = (args::day(args[0].0), args::day(args[1].0));
    Ok(Some(Value::Num(i128::from(b.0) - i128::from(a.0))))
}
