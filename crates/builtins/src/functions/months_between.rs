//! `months_between`.

use super::args::{self, Want};
use crate::{Env, Mismatch};
use crate::{Example, Function, Kind, Scalar};
use kamrules_base::Date;
use kamrules_model::{FaultKind, Ty, Type, Value};

/// The function.
pub const FUNCTION: Function = Function {
    name: "months_between",
    usage: &["months_between(a, b)"],
    doc: "How many whole months lie between two days: the largest n with a + n months <= b; negative when b is before a. A month is complete on the same day of the month, or on the last day of a month that lacks it.",
    examples: &[
        Example { code: "months_between(2026-01-15, 2026-03-14)", gives: "1" },
        Example { code: "months_between(2026-01-15, 2026-03-15)", gives: "2" },
        Example { code: "months_between(2026-01-31, 2026-02-28)", gives: "1" },
        Example { code: "months_between(2026-03-15, 2026-03-14)", gives: "-1" },
    ],
    kind: Kind::Scalar(Scalar { infer, call }),
};

fn infer(args: &[Ty]) -> Result<Ty, Mismatch> {
    args::fixed(&FUNCTION, args, &[Want::Date, Want::Date], Type::INTEGER)
}

fn call(_: &Env<'_>, args: &[(&Value, Type)], _: Type) -> Result<Option<Value>, FaultKind> {
    let (a, b) = (args::day(args[0].0), args::day(args[1].0));
    let month = |date: Date| i64::from(date.ymd().0) * 12 + i64::from(date.ymd().1);
    let months = month(b) - month(a);
    let whole = a.add_months(months).is_some_and(|day| day <= b);
    Ok(Some(Value::Num(i128::from(if whole { months } else { months - 1 }))))
}
