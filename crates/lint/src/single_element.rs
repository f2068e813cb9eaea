//! `x in ["A"]`: a list of one value.

use crate::Policy;
use crate::look::kind_of;
use crate::walk::Walk;
use kamrules_base::{Finding, codes};
use kamrules_model::Type;
use kamrules_syntax::ast::{BinaryOp, Expr, ExprKind, Literal};

/// Lists of one value behind `in`.
pub(crate) fn single_element(policy: &Policy<'_>, walk: &Walk<'_>) -> Vec<Finding> {
    walk.exprs.iter().filter_map(|(_, expr)| single(policy, expr)).collect()
}

fn single(policy: &Policy<'_>, expr: &Expr) -> Option<Finding> {
    let ExprKind::Binary(binary) = &expr.kind else { return None };
    let sign = match binary.op {
        BinaryOp::In => "=",
        BinaryOp::NotIn => "!=",
        _ => return None,
    };
    let ExprKind::List(elements) = &binary.right.kind else { return None };
    let [only] = elements.as_slice() else { return None };
    // `in` also asks for the territories below one, and for the days of a period: there it is no long way of writing `=`.
    let plain = match &only.kind {
        ExprKind::Literal(literal) => !matches!(literal, Literal::Period(_)),
        ExprKind::Name(_) => matches!(kind_of(policy, &binary.left), Some(Type::Pick(_))),
        _ => false,
    };
    let mended = format!("{} {sign} {}", policy.sources.text(binary.left.span), policy.sources.text(only.span));
    let finding = || Finding::new(codes::SINGLE_ELEMENT, binary.right.span, "a list of one value");
    plain.then(|| finding().help(format!("write `{mended}`")).fix(format!("write `{mended}`"), expr.span, mended.clone()))
}
