//! `not (a != b)`: two negatives where a plain word says it.

use crate::Policy;
use crate::look::bare;
use crate::walk::Walk;
use kamrules_base::{Finding, codes};
use kamrules_syntax::ast::{BinaryOp, Compare, Expr, ExprKind, UnaryOp};

/// Negations of something that is negated itself.
pub(crate) fn double_negative(policy: &Policy<'_>, walk: &Walk<'_>) -> Vec<Finding> {
    walk.exprs.iter().filter_map(|(_, expr)| doubled(policy, expr)).collect()
}

fn doubled(policy: &Policy<'_>, expr: &Expr) -> Option<Finding> {
    let ExprKind::Unary(UnaryOp::Not, inner) = &expr.kind else { return None };
    let text = |expr: &Expr| policy.sources.text(expr.span);
    let plain = match &bare(inner).kind {
        ExprKind::Unary(UnaryOp::Not, kept) => text(kept).to_owned(),
        ExprKind::IsKnown(subject, false) => format!("{} is known", text(subject)),
        ExprKind::Binary(binary) => {
            let sign = match binary.op {
                BinaryOp::Compare(Compare::NotEqual) => "=",
                BinaryOp::NotIn => "in",
                _ => return None,
            };
            format!("{} {sign} {}", text(&binary.left), text(&binary.right))
        }
        _ => return None,
    };
    let finding = Finding::new(codes::DOUBLE_NEGATIVE, expr.span, "two negatives: this says the same without either");
    Some(finding.help(format!("write `{plain}`")).fix(format!("write `{plain}`"), expr.span, plain))
}
