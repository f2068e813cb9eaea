//! A condition that stands on every line of a scorecard, or of a set in which every match counts.

use crate::Policy;
use crate::look::{chain, key};
use kamrules_base::{Finding, codes};
use kamrules_syntax::ast::{BinaryOp, ItemKind, Mode, Set, SetKind, When};

/// From how many lines on a condition is better said once.
const LINES: usize = 3;

/// Conditions that belong behind the `where` of the header.
pub(crate) fn repeated_condition(policy: &Policy<'_>) -> Vec<Finding> {
    let sets = policy.items().filter_map(|item| match &item.kind {
        ItemKind::Set(set) if set.kind == SetKind::Scorecard || matches!(set.mode, Some((Mode::EveryMatch, _))) => Some(set),
        _ => None,
    });
    sets.filter_map(|set| repeated(policy, set)).collect()
}

fn repeated(policy: &Policy<'_>, set: &Set) -> Option<Finding> {
    let mut conditions = set.rungs.iter().map(|rung| match &rung.when {
        When::Condition(condition) => Some(chain(condition, BinaryOp::And)),
        _ => None,
    });
    let first = conditions.next()??;
    let rest: Vec<Vec<String>> =
        conditions.map(|parts| Some(parts?.into_iter().map(|part| key(policy, part.span)).collect())).collect::<Option<_>>()?;
    if rest.len() + 1 < LINES || first.len() < 2 {
        return None;
    }
    let common = first.into_iter().find(|part| rest.iter().all(|parts| parts.contains(&key(policy, part.span))))?;
    let text = policy.sources.text(common.span);
    let finding = Finding::new(codes::REPEATED_CONDITION, common.span, format!("every line of `{}` asks for `{text}`", set.head.name.text));
    Some(finding.help(format!("say it once in the header: `where {text}`; rows it is not about then have no answer")))
}
