//! `text_after`.

use super::args::{self, Want};
use crate::{Env, Mismatch};
use crate::{Example, Function, Kind, Scalar};
use kamrules_model::{FaultKind, Ty, Type, Value};

/// The function.
pub const FUNCTION: Function = Function {
    name: "text_after",
    usage: &["text_after(text, mark)"],
    doc: "What stands in a text after the first place where the mark is; missing when the mark is not there.",
    examples: &[
        Example { code: "text_after(\"ann@example.com\", \"@\")", gives: "example.com" },
        Example { code: "text_after(\"a-b-c\", \"-\")", gives: "b-c" },
        Example { code: "text_after(\"abc\", \"@\")", gives: "missing" },
    ],
    kind: Kind::Scalar(Scalar { infer, call }),
};

fn infer(args: &[Ty]) -> Result<Ty, Mismatch> {
    let ty = args::fixed(&FUNCTION, args, &[Want::Text, Want::Text], args.first().map_or(Type::TEXT, |ty| ty.kind))?;
    Ok(ty.or_missing(true))
}

fn call(env: &Env<'_>, args: &[(&Value, Type)], _: Type) -> Result<Option<Value>, FaultKind> {
    let (text, mark) = (args::text(env, args[0].0), args::text(env, args[1].0));
    Ok(args::find(&text, &mark, args::ignores_case(args)).map(|at| args::intern(env, &text[at.end..])))
}
