//! `date`.

use super::args::{self, Want};
use crate::{Env, Mismatch};
use crate::{Example, Function, Kind, Scalar};
use jiff::{Timestamp, tz::TimeZone};
use kamrules_base::Date;
use kamrules_model::{FaultKind, Ty, Type, Value};

/// The function.
pub const FUNCTION: Function = Function {
    name: "date",
    usage: &["date(time)"],
    doc: "The day of an instant, in the policy's time zone.",
    examples: &[Example { code: "date(2026-02-01T23:30:00Z)", gives: "2026-02-01" }],
    kind: Kind::Scalar(Scalar { infer, call }),
};

fn infer(args: &[Ty]) -> Result<Ty, Mismatch> {
    args::fixed(&FUNCTION, args, &[Want::Time], Type::Date)
}

fn call(env: &Env<'_>, args: &[(&Value, Type)], _: Type) -> Result<Option<Value>, FaultKind> {
    let Value::Time(micros) = args[0].0 else { unreachable!("the checker lets only instants through") };
    let zone = TimeZone::get(env.timezone.unwrap_or("UTC")).map_err(|_| FaultKind::Argument)?;
    let instant = Timestamp::from_microsecond(*micros).map_err(|_| FaultKind::DateRange)?;
    let local = zone.to_datetime(instant).date();
    let day = Date::from_ymd(i32::from(local.year()), local.month().unsigned_abs().into(), local.day().unsigned_abs().into());
    day.map(|date| Some(Value::Date(date.0))).ok_or(FaultKind::DateRange)
}
