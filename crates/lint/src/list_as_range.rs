//! `zip in ["98000", "98001", "98002"]`: a list of values without a hole.

use crate::Policy;
use crate::look::{has_comment, kind_of};
use crate::walk::Walk;
use kamrules_base::{Finding, codes};
use kamrules_model::Type;
use kamrules_syntax::ast::{BinaryOp, Expr, ExprKind, Literal};

/// From how many values on a range reads better than a list.
const LEAST: usize = 3;

/// Lists behind `in` whose values follow each other.
pub(crate) fn list_as_range(policy: &Policy<'_>, walk: &Walk<'_>) -> Vec<Finding> {
    walk.exprs.iter().filter_map(|(_, expr)| range(policy, expr)).collect()
}

fn range(policy: &Policy<'_>, expr: &Expr) -> Option<Finding> {
    let ExprKind::Binary(binary) = &expr.kind else { return None };
    let (BinaryOp::In | BinaryOp::NotIn, ExprKind::List(elements)) = (binary.op, &binary.right.kind) else { return None };
    if elements.len() < LEAST || has_comment(policy, binary.right.span) {
        return None;
    }
    let mended = match kind_of(policy, &binary.left) {
        Some(Type::Number { scale: 0, percent: false }) => numbers(elements).map(|(low, high)| format!("{low}..{high}")),
        _ => codes_in_a_row(elements),
    }?;
    let finding = Finding::new(codes::LIST_AS_RANGE, binary.right.span, format!("these {} values follow each other", elements.len()));
    Some(finding.help(format!("a range says it: `{mended}`")).fix(format!("write `{mended}`"), binary.right.span, mended))
}

fn numbers(elements: &[Expr]) -> Option<(i128, i128)> {
    let number = |expr: &Expr| match &expr.kind {
        ExprKind::Literal(Literal::Number(number)) if number.scale == 0 => Some(number.units),
        _ => None,
    };
    let mut values: Vec<i128> = elements.iter().map(number).collect::<Option<_>>()?;
    values.sort_unstable();
    let (low, high) = (*values.first()?, *values.last()?);
    values.windows(2).all(|pair| pair[1] == pair[0] + 1).then_some((low, high))
}

/// Codes of one length that differ in their last digit alone: nothing else lies between them.
fn codes_in_a_row(elements: &[Expr]) -> Option<String> {
    let code = |expr: &'_ Expr| match &expr.kind {
        ExprKind::Literal(Literal::Text(text)) if text.value.bytes().all(|byte| byte.is_ascii_digit()) => Some(text.value.clone()),
        _ => None,
    };
    let mut values: Vec<String> = elements.iter().map(code).collect::<Option<_>>()?;
    values.sort_unstable();
    let digit = |value: &String| Some((value.get(..value.len().checked_sub(1)?)?.to_owned(), *value.as_bytes().last()?));
    let parts: Vec<(String, u8)> = values.iter().map(digit).collect::<Option<_>>()?;
    let follow = parts.windows(2).all(|pair| pair[0].0 == pair[1].0 && pair[0].1 + 1 == pair[1].1);
    follow.then(|| format!("\"{}\"..\"{}\"", values[0], values[values.len() - 1]))
}
