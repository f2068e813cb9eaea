//! `influence >= 7` here, there and in a third place: a number that wants a name.

use crate::Policy;
use crate::look::{bare, key};
use crate::walk::Walk;
use kamrules_base::{Finding, Span, codes};
use kamrules_syntax::ast::{self, BinaryOp, Expr, ExprKind, ItemKind, Literal};
use rustc_hash::FxHashMap;

/// In how many items a threshold stands before it wants a name.
const PLACES: usize = 3;
/// How many further places are shown.
const SHOWN: usize = 4;

/// Thresholds that several items compare the same value with. The bands of tables, trees and `match` are not counted: there the edges stand
/// below each other to be read.
pub(crate) fn magic_threshold(policy: &Policy<'_>, walk: &Walk<'_>) -> Vec<Finding> {
    let mut order: Vec<(String, String)> = Vec::new();
    let mut places: FxHashMap<(String, String), Vec<(Span, Span)>> = FxHashMap::default();
    let mut keep = |item: &ast::Item, subject: &Expr, value: &Expr| {
        if matches!(item.kind, ItemKind::Test(_)) || !is_threshold(value) {
            return;
        }
        let Some(name) = name_of(policy, subject) else { return };
        let threshold = (name, policy.sources.text(bare(value).span).to_owned());
        let at = places.entry(threshold.clone()).or_insert_with(|| {
            order.push(threshold);
            Vec::new()
        });
        if at.iter().all(|(known, _)| *known != item.span) {
            at.push((item.span, value.span));
        }
    };
    for (item, expr) in &walk.exprs {
        let ExprKind::Binary(binary) = &expr.kind else { continue };
        match (binary.op, &bare(&binary.right).kind) {
            (BinaryOp::Compare(_), _) => {
                keep(item, &binary.left, &binary.right);
                keep(item, &binary.right, &binary.left);
            }
            (BinaryOp::In | BinaryOp::NotIn, ExprKind::Range(range)) => {
                keep(item, &binary.left, &range.low);
                keep(item, &binary.left, &range.high);
            }
            _ => {}
        }
    }
    let wanted = order.into_iter().filter_map(|threshold| {
        let at = places.remove(&threshold)?;
        (at.len() >= PLACES).then(|| finding(&threshold, &at))
    });
    wanted.collect()
}

fn finding((name, value): &(String, String), at: &[(Span, Span)]) -> Finding {
    let message = format!("`{name}` is compared with `{value}` in {} items", at.len());
    let finding = Finding::new(codes::MAGIC_THRESHOLD, at[0].1, message)
        .help("give the threshold a name, so that it is changed in one place: with a `define` of the number, or of the whole condition");
    at[1..].iter().take(SHOWN).fold(finding, |finding, (_, span)| finding.also(*span, "and here"))
}

/// A number, amount, share or duration that says more than that there is something.
fn is_threshold(value: &Expr) -> bool {
    let ExprKind::Literal(literal) = &bare(value).kind else { return false };
    match literal {
        Literal::Number(number) | Literal::Percent(number) => !matches!((number.normal().units, number.normal().scale), (0 | 1, 0)),
        Literal::Money(money) => money.amount.units != 0,
        Literal::Duration(..) | Literal::Date(_) => true,
        Literal::Period(_) | Literal::Text(_) | Literal::Flag(_) => false,
    }
}

/// What is compared, without the path that leads to it: `account.health` is the `health` of rules about accounts.
fn name_of(policy: &Policy<'_>, subject: &Expr) -> Option<String> {
    match &bare(subject).kind {
        ExprKind::Name(name) => Some(name.clone()),
        ExprKind::Field(_, name) => Some(name.text.clone()),
        ExprKind::Call(callee, args) => {
            let args = args.iter().map(|arg| key(policy, arg.span)).collect::<Vec<_>>().join(", ");
            Some(format!("{}({args})", name_of(policy, callee)?))
        }
        _ => None,
    }
}
