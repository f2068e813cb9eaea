//! A choice whose answers are all the same.

use crate::Policy;
use crate::look::key;
use crate::walk::{Walk, nodes};
use kamrules_base::{Finding, Span, codes};
use kamrules_syntax::ast::{ExprKind, ItemKind, Target};

/// Choices that come out the same whichever way they go.
pub(crate) fn decides_nothing(policy: &Policy<'_>, walk: &Walk<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut look = |place: Span, what: &str, answers: Vec<Span>| {
        if all_alike(policy, answers.iter().copied()) {
            let answer = policy.sources.text(answers[0]);
            let told = if answer.contains('\n') { "the same".to_owned() } else { format!("`{answer}`") };
            let finding = Finding::new(codes::DECIDES_NOTHING, place, format!("whichever way {what} goes, the answer is {told}"));
            found.push(finding.help("change one of the answers, or write the answer alone"));
        }
    };
    for (_, expr) in &walk.exprs {
        match &expr.kind {
            ExprKind::If(choice) => look(choice.condition.span, "this condition", vec![choice.then.span, choice.otherwise.span]),
            ExprKind::Match(chosen) => {
                look(chosen.subject.span, "this `match`", chosen.arms.iter().map(|arm| arm.value.span).collect());
            }
            _ => {}
        }
    }
    for item in policy.items() {
        match &item.kind {
            ItemKind::Table(table) => {
                let answers = table.rows.iter().filter_map(|row| Some(row.values.first()?.span.to(row.values.last()?.span)));
                look(table.head.name.span, "this table", answers.collect());
            }
            ItemKind::Tree(tree) => {
                for node in nodes(tree) {
                    let answers = node.branches.iter().map(|branch| match &branch.target {
                        Target::Leaf(name) => name.span,
                        Target::Node(node) => node.span,
                    });
                    look(node.question.span, "this question", answers.collect());
                }
            }
            _ => {}
        }
    }
    found
}

/// Whether two answers or more are written alike.
pub(crate) fn all_alike(policy: &Policy<'_>, answers: impl Iterator<Item = Span>) -> bool {
    let mut keys = answers.map(|answer| key(policy, answer));
    let (Some(first), Some(second)) = (keys.next(), keys.next()) else { return false };
    first == second && keys.all(|other| other == first)
}
