//! `40% * fit + 30% * health + 20% * growth`: weights that nearly make 100%.

use crate::look::{bare, chain};
use crate::walk::Walk;
use kamrules_base::{Decimal, Finding, Span, codes};
use kamrules_syntax::ast::{BinaryOp, Expr, ExprKind, Literal};
use rustc_hash::FxHashSet;

/// Nearer to the whole than this, in percent, weights were meant to make it.
const NEAR: i128 = 15;
/// Digits behind the point that sums are compared at.
const SCALE: u8 = 6;

/// Sums in which each part has a share in front, whose shares make nearly the whole and not quite.
pub(crate) fn weights(walk: &Walk<'_>) -> Vec<Finding> {
    let (mut found, mut inside) = (Vec::new(), FxHashSet::<Span>::default());
    for (_, expr) in &walk.exprs {
        let ExprKind::Binary(binary) = &expr.kind else { continue };
        if binary.op != BinaryOp::Add {
            continue;
        }
        for side in [&binary.left, &binary.right] {
            inside.insert(bare(side).span);
        }
        if !inside.contains(&expr.span) {
            found.extend(near_whole(expr));
        }
    }
    found
}

fn near_whole(expr: &Expr) -> Option<Finding> {
    let terms = chain(expr, BinaryOp::Add);
    let shares: Vec<i128> = terms.into_iter().map(share).collect::<Option<_>>()?;
    let (sum, whole) = (shares.iter().sum::<i128>(), kamrules_base::decimal::pow10(SCALE.into()));
    if sum == whole || (sum - whole).abs() * 100 > whole * NEAR {
        return None;
    }
    let percent = Decimal::new(sum, SCALE - 2).normal();
    Some(
        Finding::new(codes::WEIGHTS, expr.span, format!("these weights make {percent}%, not 100%"))
            .help("a part may have been taken out or added without the others being changed: make them 100%"),
    )
}

/// The share in front of, or behind, a part of a sum.
fn share(term: &Expr) -> Option<i128> {
    let ExprKind::Binary(binary) = &term.kind else { return None };
    if binary.op != BinaryOp::Multiply {
        return None;
    }
    let part = |expr: &Expr| match &bare(expr).kind {
        ExprKind::Literal(Literal::Percent(part)) => Some(*part),
        ExprKind::Literal(Literal::Number(part)) if part.normal().scale > 0 => Some(*part),
        _ => None,
    };
    let (left, right) = (part(&binary.left), part(&binary.right));
    let share = left.xor(right)?.rescale(SCALE)?.units;
    (0 < share && share < kamrules_base::decimal::pow10(SCALE.into())).then_some(share)
}
