//! `lower`.

use super::args::{self, Want};
use crate::{Env, Mismatch};
use crate::{Example, Function, Kind, Scalar};
use kamrules_model::{FaultKind, Ty, Type, Value};

/// The function.
pub const FUNCTION: Function = Function {
    name: "lower",
    usage: &["lower(text)"],
    doc: "A text in small letters.",
    examples: &[Example { code: "lower(\"ACME AG\")", gives: "acme ag" }, Example { code: "lower(\"ÉCOLE\")", gives: "école" }],
    kind: Kind::Scalar(Scalar { infer, call }),
};

fn infer(args: &[Ty]) -> Result<Ty, Mismatch> {
    args::fixed(&FUNCTION, args, &[Want::Text], args.first().map_or(Type::TEXT, |ty| ty.kind))
}

fn call(env: &Env<'_>, args: &[(&Value, Type)], _: Type) -> Result<Option<Value>, FaultKind> {
    let small = |c: char| args::mapped(c, &unicode_case_mapping::to_lowercase(c));
    let text: String = args::text(env, args[0].0).chars().flat_map(small).collect();
    Ok(Some(args::intern(env, &text)))
}
