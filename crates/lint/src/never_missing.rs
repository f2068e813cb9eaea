//! `employees or else 0` where the field `employees` is never missing.

use crate::Policy;
use crate::look::is_loaded;
use crate::walk::Walk;
use kamrules_base::{Finding, Span, codes};
use kamrules_model::{ExprId, Node};
use kamrules_syntax::ast::{BinaryOp, ExprKind};
use rustc_hash::FxHashMap;

/// Fields that have something to fall back on and never need it.
pub(crate) fn never_missing(policy: &Policy<'_>, walk: &Walk<'_>) -> Vec<Finding> {
    // What is written once may be lowered several times, as the body of a define with parameters is.
    let (exprs, mut sure): (_, FxHashMap<Span, bool>) = (&policy.model.exprs, FxHashMap::default());
    for id in (0..exprs.len() as u32).map(ExprId) {
        if let Node::OrElse(left, _) = exprs.node(id) {
            let known = !exprs.ty(*left).optional;
            sure.entry(exprs.span(id)).and_modify(|all| *all &= known).or_insert(known);
        }
    }
    let mut found = Vec::new();
    for (_, expr) in &walk.exprs {
        let ExprKind::Binary(binary) = &expr.kind else { continue };
        // A formula that cannot be missing for the numbers it is given here may be for others, and a label is where two rungs claim a row.
        let plain = is_loaded(policy, &binary.left);
        if binary.op != BinaryOp::OrElse || !plain || sure.get(&expr.span) != Some(&true) {
            continue;
        }
        let left = policy.sources.text(binary.left.span);
        let tail = binary.op_span.to(binary.right.span);
        let finding = Finding::new(codes::NEVER_MISSING, tail, format!("`{left}` is never missing, so this is never used"))
            .help(format!("write `{left}` alone; or, if it can be missing in the data, write `?` behind its type"));
        found.push(finding.fix(format!("write `{left}`"), expr.span, left));
    }
    found
}
