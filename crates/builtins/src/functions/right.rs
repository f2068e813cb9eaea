//! `right`.

use super::args::{self, Want};
use crate::{Env, Mismatch};
use crate::{Example, Function, Kind, Scalar};
use kamrules_model::{FaultKind, Ty, Type, Value};

/// The function.
pub const FUNCTION: Function = Function {
    name: "right",
    usage: &["right(text, n)"],
    doc: "The last n characters of a text; the whole text when it is shorter.",
    examples: &[Example { code: "right(\"98101-2233\", 4)", gives: "2233" }, Example { code: "right(\"ab\", 5)", gives: "ab" }],
    kind: Kind::Scalar(Scalar { infer, call }),
};

fn infer(args: &[Ty]) -> Result<Ty, Mismatch> {
    args::fixed(&FUNCTION, args, &[Want::Text, Want::Whole], args.first().map_or(Type::TEXT, |ty| ty.kind))
}

fn call(env: &Env<'_>, args: &[(&Value, Type)], _: Type) -> Result<Option<Value>, FaultKind> {
    let count = args::count(args[1].0)?;
    let text = args::text(env, args[0].0);
    let skip = text.chars().count().saturating_sub(count);
    Ok(Some(args::intern(env, &text.chars().skip(skip).collect::<String>())))
}
