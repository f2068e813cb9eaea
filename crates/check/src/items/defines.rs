//! Defines.

use super::items_of;
use crate::checker::Checker;
use crate::lower::Env;
use kamrules_model::{Ctx, Define, DurationKind, ExprId, Node, Ty, Type};
use kamrules_syntax::ast;

/// Lowers every define: those without parameters become fields, the bodies of the others are looked at once.
pub(crate) fn defines(cx: &mut Checker) {
    for (at, item, define) in items_of!(cx, Define) {
        let Some(name) = define.path.parts.last() else { continue };
        let ctx = cx.define_ctx(&define);
        if define.path.parts.len() == 2 && ctx == Ctx::Policy {
            continue;
        }
        if !define.params.is_empty() {
            look_at_body(cx, &define, ctx);
            continue;
        }
        let expr = cx.define(at, Vec::new(), name.span);
        let entity = match ctx {
            Ctx::Entity(entity) => Some(entity),
            _ => None,
        };
        let library = cx.in_library(name.span);
        if !cx.is_unknown(expr) {
            cx.model.defines.push(Define { entity, name: name.text.clone(), doc: item.doc.clone(), expr, span: name.span, library });
        }
    }
}

/// A body with parameters of which only the types are known; without a type anything goes.
fn look_at_body(cx: &mut Checker, define: &ast::Define, ctx: Ctx) {
    let mut env = Env::about(ctx);
    for param in &define.params {
        let value = placeholder(cx, param);
        env.params.push((param.name.text.clone(), value));
    }
    cx.expr(&define.value, &env);
}

fn placeholder(cx: &mut Checker, param: &ast::Param) -> ExprId {
    let kind = match param.ty.as_ref().map(|ty| ty.text.as_str()) {
        Some("number") => Type::number(6),
        Some("percent") => Type::Number { scale: 6, percent: true },
        Some("integer") => Type::INTEGER,
        Some("money") => Type::Money { scale: 6 },
        Some("period") => Type::Period(None),
        Some("date") => Type::Date,
        Some("time") => Type::Time,
        Some("duration") => Type::Duration(DurationKind::Days),
        Some("text") => Type::TEXT,
        Some("flag") => Type::Flag,
        _ => Type::Unknown,
    };
    cx.add(Node::Missing, Ty::known(kind), Ctx::Policy, param.name.span)
}
