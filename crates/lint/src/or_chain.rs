//! `country = "US" or country = "CA" or country = "MX"`: a list, written out.

use crate::Policy;
use crate::look::{bare, chain, has_comment, key, kind_of};
use crate::walk::Walk;
use kamrules_base::{Finding, Span, codes};
use kamrules_model::Type;
use kamrules_syntax::ast::{BinaryOp, Compare, Expr, ExprKind, Literal};
use rustc_hash::FxHashSet;

/// From how many values on a list reads better.
const LEAST: usize = 3;

/// Chains of `or` that compare one value with others for being equal.
pub(crate) fn or_chain(policy: &Policy<'_>, walk: &Walk<'_>) -> Vec<Finding> {
    let (mut found, mut inside) = (Vec::new(), FxHashSet::<Span>::default());
    for (_, expr) in &walk.exprs {
        let ExprKind::Binary(binary) = &expr.kind else { continue };
        if binary.op != BinaryOp::Or {
            continue;
        }
        // Outer expressions come before their parts: what lies in a chain is no chain of its own.
        for side in [&binary.left, &binary.right] {
            inside.insert(bare(side).span);
        }
        if !inside.contains(&expr.span) {
            found.extend(listed(policy, expr));
        }
    }
    found
}

fn listed(policy: &Policy<'_>, expr: &Expr) -> Option<Finding> {
    let terms = chain(expr, BinaryOp::Or);
    if terms.len() < LEAST || has_comment(policy, expr.span) {
        return None;
    }
    let (mut subject, mut values): (Option<(String, &str)>, Vec<&str>) = (None, Vec::new());
    for term in terms {
        let ExprKind::Binary(binary) = &term.kind else { return None };
        let plain = match &bare(&binary.right).kind {
            ExprKind::Literal(literal) => !matches!(literal, Literal::Period(_) | Literal::Flag(_)),
            ExprKind::Name(_) => matches!(kind_of(policy, &binary.left), Some(Type::Pick(_))),
            _ => false,
        };
        let this = key(policy, binary.left.span);
        if binary.op != BinaryOp::Compare(Compare::Equal) || !plain || subject.as_ref().is_some_and(|(known, _)| *known != this) {
            return None;
        }
        subject.get_or_insert((this, policy.sources.text(binary.left.span)));
        values.push(policy.sources.text(binary.right.span));
    }
    let (_, subject) = subject?;
    let mended = format!("{subject} in [{}]", values.join(", "));
    let finding = Finding::new(codes::OR_CHAIN, expr.span, format!("`{subject}` is compared with {} values, one by one", values.len()));
    Some(finding.help(format!("a list says it: `{mended}`")).fix(format!("write `{mended}`"), expr.span, mended))
}
