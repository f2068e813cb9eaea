//! `closed <= 2026-06-30` where that is the policy's `as of`: a day that was meant to move along.

use crate::Policy;
use crate::walk::Walk;
use kamrules_base::{Finding, codes};
use kamrules_syntax::ast::{BinaryOp, ExprKind, ItemKind, Literal};

/// Comparisons with the day that `today` is, written out.
pub(crate) fn fixed_today(policy: &Policy<'_>, walk: &Walk<'_>) -> Vec<Finding> {
    let Some(today) = policy.model.settings.as_of else { return Vec::new() };
    let mut found = Vec::new();
    for (item, expr) in &walk.exprs {
        let ExprKind::Binary(binary) = &expr.kind else { continue };
        if matches!(item.kind, ItemKind::Test(_)) || !matches!(binary.op, BinaryOp::Compare(_)) {
            continue;
        }
        for side in [&binary.left, &binary.right] {
            if side.kind == ExprKind::Literal(Literal::Date(today)) {
                let finding = Finding::new(codes::FIXED_TODAY, side.span, "this is the day that the policy is `as of`")
                    .help("write `today`, so that it moves along with the policy's day");
                found.push(finding.fix("write `today`", side.span, "today"));
            }
        }
    }
    found
}
