//! `round`.

use super::args::{self, Want};
use crate::{Env, Mismatch};
use crate::{Example, Function, Kind, Scalar};
use kamrules_base::decimal::MAX_SCALE;
use kamrules_model::{FaultKind, Ty, Type, Value, arith};

/// The function.
pub const FUNCTION: Function = Function {
    name: "round",
    usage: &["round(x)", "round(x, decimals)"],
    doc: "Rounds half away from zero, as spreadsheets do: money to the cent, a number to a whole number, or either to as many decimals (0 to 12) as are said. Missing when the number is missing.",
    examples: &[
        Example { code: "round($2.345)", gives: "2.35" },
        Example { code: "round(2.5)", gives: "3" },
        Example { code: "round(-2.5)", gives: "-3" },
        Example { code: "round(2.345, 2)", gives: "2.350" },
        Example { code: "round(1250, 0)", gives: "1250" },
    ],
    kind: Kind::Scalar(Scalar { infer, call }),
};

fn infer(args: &[Ty]) -> Result<Ty, Mismatch> {
    if args.len() != 1 && args.len() != 2 {
        return Err(args::wrong_count(&FUNCTION));
    }
    let decimals = args.get(1).is_none_or(|ty| Want::Whole.suits(ty.kind));
    if !decimals {
        return Err(Mismatch { argument: Some(1), message: "`round` wants a whole number of decimals, 0 to 12".into() });
    }
    let kind = match (args[0].kind, args.len()) {
        (Type::Money { .. }, 1) => Type::Money { scale: 2 },
        (Type::Number { .. }, 1) => Type::INTEGER,
        (kind @ (Type::Money { .. } | Type::Number { .. } | Type::Unknown), _) => kind,
        _ => return Err(Mismatch { argument: Some(0), message: "`round` rounds a number or money".into() }),
    };
    Ok(args::gives(kind, args))
}

// With two arguments the result keeps the scale of the first: how many decimals are meant is no part of a type.
fn call(_: &Env<'_>, args: &[(&Value, Type)], out: Type) -> Result<Option<Value>, FaultKind> {
    let (value, ty) = args[0];
    let Some(&(decimals, _)) = args.get(1) else { return arith::rescale_value(value, ty, out).map(Some) };
    let decimals = u8::try_from(args::whole(decimals)).ok().filter(|&n| n <= MAX_SCALE).ok_or(FaultKind::Argument)?;
    let short = if ty.scale().is_some_and(|scale| decimals < scale) { ty.with_scale(decimals) } else { ty };
    let rounded = arith::rescale_value(value, ty, short)?;
    arith::rescale_value(&rounded, short, out).map(Some)
}
