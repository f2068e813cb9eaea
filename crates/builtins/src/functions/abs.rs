//! `abs`.

use super::args;
use crate::{Env, Mismatch};
use crate::{Example, Function, Kind, Scalar};
use kamrules_model::{DurationKind, FaultKind, Ty, Type, Value, arith};

/// The function.
pub const FUNCTION: Function = Function {
    name: "abs",
    usage: &["abs(x)"],
    doc: "A number, money or duration without its sign. Missing when it is missing.",
    examples: &[
        Example { code: "abs(-3)", gives: "3" },
        Example { code: "abs($2.50)", gives: "2.50" },
        Example { code: "abs(-14 days)", gives: "14 days" },
        Example { code: "abs(missing)", gives: "missing" },
    ],
    kind: Kind::Scalar(Scalar { infer, call }),
};

fn infer(args: &[Ty]) -> Result<Ty, Mismatch> {
    let [arg] = args else { return Err(args::wrong_count(&FUNCTION)) };
    match arg.kind {
        Type::Number { .. } | Type::Money { .. } | Type::Unknown => Ok(*arg),
        Type::Duration(kind) if kind != DurationKind::Calendar => Ok(*arg),
        _ => Err(Mismatch { argument: Some(0), message: "`abs` takes a number, money, or a duration of one kind".into() }),
    }
}

fn call(_: &Env<'_>, args: &[(&Value, Type)], _: Type) -> Result<Option<Value>, FaultKind> {
    let value = args[0].0;
    let negative = match value {
        Value::Num(n) => *n < 0,
        Value::Duration(duration) => arith::amount(*duration) < 0,
        _ => false,
    };
    if negative { arith::negate(value).map(Some) } else { Ok(Some(value.clone())) }
}
