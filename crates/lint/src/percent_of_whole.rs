//! `health >= 90%` where `health` is a whole number: 90% is 0.9.

use crate::Policy;
use crate::look::{bare, kind_of};
use crate::walk::Walk;
use kamrules_base::{Finding, Span, codes};
use kamrules_model::Type;
use kamrules_syntax::ast::{BinaryOp, Expr, ExprKind, Literal, TestKind};

/// Whole numbers compared with a percentage.
pub(crate) fn percent_of_whole(policy: &Policy<'_>, walk: &Walk<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut compare = |subject: &Expr, value: &Expr| {
        let whole = matches!(kind_of(policy, subject), Some(Type::Number { scale: 0, percent: false }));
        found.extend(percent(value).filter(|_| whole).map(|span| finding(policy, subject, span)));
    };
    for (_, expr) in &walk.exprs {
        let ExprKind::Binary(binary) = &expr.kind else { continue };
        match (binary.op, &bare(&binary.right).kind) {
            (BinaryOp::Compare(_), _) => {
                compare(&binary.left, &binary.right);
                compare(&binary.right, &binary.left);
            }
            (BinaryOp::In | BinaryOp::NotIn, ExprKind::Range(range)) => {
                compare(&binary.left, &range.low);
                compare(&binary.left, &range.high);
            }
            _ => {}
        }
    }
    for (_, subject, test) in &walk.tests {
        match &test.kind {
            TestKind::Equals(value) | TestKind::Compare(_, value) => compare(subject, value),
            TestKind::Range(range) => {
                compare(subject, &range.low);
                compare(subject, &range.high);
            }
            _ => {}
        }
    }
    found
}

/// A percentage that is no whole number itself.
fn percent(value: &Expr) -> Option<Span> {
    match &bare(value).kind {
        ExprKind::Literal(Literal::Percent(part)) if part.normal().scale > 0 => Some(value.span),
        _ => None,
    }
}

fn finding(policy: &Policy<'_>, subject: &Expr, span: Span) -> Finding {
    let (subject, written) = (policy.sources.text(subject.span), policy.sources.text(span));
    let number = written.trim_end_matches('%');
    Finding::new(codes::PERCENT_OF_WHOLE, span, format!("`{subject}` is a whole number, and `{written}` is a part of 1"))
        .help(format!("write `{number}`, or declare `{subject}` as `percent as \"15\"` if its cells hold percentages"))
}
