//! The same condition on two lines of a scorecard, or of a set in which every match counts.

use crate::Policy;
use crate::look::key;
use kamrules_base::{Finding, Span, codes};
use kamrules_syntax::ast::{ItemKind, Mode, Rung, RungKind, SetKind, When};
use rustc_hash::FxHashMap;

/// Conditions that stand twice where that is no overlap.
pub(crate) fn duplicate_rung(policy: &Policy<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for item in policy.items() {
        match &item.kind {
            ItemKind::Set(set) if set.kind == SetKind::Scorecard => {
                siblings(policy, &set.rungs, "its points count twice", &mut found);
            }
            ItemKind::Set(set) if matches!(set.mode, Some((Mode::EveryMatch | Mode::Sum, _))) => {
                siblings(policy, &set.rungs, "whoever has one label has the other", &mut found);
            }
            ItemKind::Table(table) if matches!(table.mode, Some((Mode::EveryMatch | Mode::Sum, _))) => {
                let rows = table.rows.iter().filter_map(|row| Some((row.cells.first()?.span.to(row.cells.last()?.span), row.span)));
                repeated(policy, rows, "both count", &mut found);
            }
            _ => {}
        }
    }
    found
}

fn siblings(policy: &Policy<'_>, rungs: &[Rung], what: &str, found: &mut Vec<Finding>) {
    let conditions = rungs.iter().filter_map(|rung| match (&rung.when, &rung.kind) {
        (When::Condition(condition), RungKind::Label { name, .. }) => Some((condition.span, name.span)),
        _ => None,
    });
    repeated(policy, conditions, what, found);
    rungs.iter().for_each(|rung| siblings(policy, &rung.children, what, found));
}

fn repeated(policy: &Policy<'_>, conditions: impl Iterator<Item = (Span, Span)>, what: &str, found: &mut Vec<Finding>) {
    let mut seen: FxHashMap<String, Span> = FxHashMap::default();
    for (condition, place) in conditions {
        match seen.get(&key(policy, condition)) {
            Some(first) => found.push(
                Finding::new(codes::DUPLICATE_RUNG, place, format!("the same condition as above: {what}"))
                    .also(*first, "the first")
                    .help("take one of the two out, or change its condition"),
            ),
            None => drop(seen.insert(key(policy, condition), place)),
        }
    }
}
