//! `upper`.

use super::args::{self, Want};
use crate::{Env, Mismatch};
use crate::{Example, Function, Kind, Scalar};
use kamrules_model::{FaultKind, Ty, Type, Value};

/// The function.
pub const FUNCTION: Function = Function {
    name: "upper",
    usage: &["upper(text)"],
    doc: "A text in capitals.",
    examples: &[Example { code: "upper(\"acme ag\")", gives: "ACME AG" }, Example { code: "upper(\"straße\")", gives: "STRASSE" }],
    kind: Kind::Scalar(Scalar { infer, call }),
};

fn infer(args: &[Ty]) -> Result<Ty, Mismatch> {
    args::fixed(&FUNCTION, args, &[Want::Text], args.first().map_or(Type::TEXT, |ty| ty.kind))
}

fn call(env: &Env<'_>, args: &[(&Value, Type)], _: Type) -> Result<Option<Value>, FaultKind> {
    let capital = |c: char| args::mapped(c, &unicode_case_mapping::to_uppercase(c));
    let text: String = args::text(env, args[0].0).chars().flat_map(capital).collect();
    Ok(Some(args::intern(env, &text)))
}
