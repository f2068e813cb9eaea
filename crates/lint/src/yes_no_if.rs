//! `if a > b then yes else no`: a condition, said twice.

use crate::Policy;
use crate::look::bare;
use crate::walk::Walk;
use kamrules_base::{Finding, codes};
use kamrules_syntax::ast::{Expr, ExprKind, Literal};

/// Choices between `yes` and `no`.
pub(crate) fn yes_no_if(policy: &Policy<'_>, walk: &Walk<'_>) -> Vec<Finding> {
    walk.exprs.iter().filter_map(|(_, expr)| choice(policy, expr)).collect()
}

fn choice(policy: &Policy<'_>, expr: &Expr) -> Option<Finding> {
    let ExprKind::If(choice) = &expr.kind else { return None };
    let (then, otherwise) = (flag(&choice.then)?, flag(&choice.otherwise)?);
    let condition = policy.sources.text(choice.condition.span);
    let mended = match (then, otherwise) {
        (true, false) => condition.to_owned(),
        (false, true) => format!("not ({condition})"),
        _ => return None,
    };
    let finding = Finding::new(codes::YES_NO_IF, expr.span, "the condition is yes or no already");
    Some(finding.help(format!("write `{mended}`")).fix(format!("write `{mended}`"), expr.span, mended))
}

fn flag(expr: &Expr) -> Option<bool> {
    match &bare(expr).kind {
        ExprKind::Literal(Literal::Flag(yes)) => Some(*yes),
        _ => None,
    }
}
