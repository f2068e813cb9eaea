//! A version of a set that another has long replaced.

use crate::Policy;
use crate::walk::Walk;
use kamrules_base::{Date, Finding, Span, codes};
use kamrules_syntax::ast::{ExprKind, Head, ItemKind};

/// After how many months nobody asks what was in force before.
const MONTHS: i64 = 12;

/// The first day of a version, if it has one, and where its name stands.
type Version = (Option<Date>, Span);

/// Versions whose successor began more than a year before the policy's day, in sets that are asked for no other day.
pub(crate) fn superseded(policy: &Policy<'_>, walk: &Walk<'_>) -> Vec<Finding> {
    let Some(today) = policy.model.settings.as_of else { return Vec::new() };
    let mut sets: Vec<(&Head, Vec<Version>)> = Vec::new();
    for item in policy.items() {
        let head = match &item.kind {
            ItemKind::Set(set) => &set.head,
            ItemKind::Table(table) => &table.head,
            ItemKind::Tree(tree) => &tree.head,
            _ => continue,
        };
        let version = (head.from.map(|(day, _)| day), head.name.span);
        let entity = |head: &Head| head.entity.as_ref().map(|name| name.text.clone());
        match sets.iter_mut().find(|(known, _)| known.name.text == head.name.text && entity(known) == entity(head)) {
            Some((_, versions)) => versions.push(version),
            None => sets.push((head, vec![version])),
        }
    }
    let mut found = Vec::new();
    for (head, mut versions) in sets.into_iter().filter(|(head, _)| !asked_by_day(walk, &head.name.text)) {
        versions.sort_by_key(|(from, _)| *from);
        for pair in versions.windows(2) {
            let ((_, old), (Some(next), since)) = (pair[0], pair[1]) else { continue };
            if next.add_months(MONTHS).is_some_and(|end| end < today) {
                let message = format!("this version of `{}` has not been in force since {next}", head.name.text);
                let finding = Finding::new(codes::SUPERSEDED, old, message).also(since, "the version that replaced it");
                found.push(finding.help("take it out, unless answers for days before then are still wanted"));
            }
        }
    }
    found
}

/// Whether something asks for the version of a day: `coverage(2026-09-01)`.
fn asked_by_day(walk: &Walk<'_>, name: &str) -> bool {
    walk.exprs.iter().any(|(_, expr)| match &expr.kind {
        ExprKind::Call(callee, _) => match &callee.kind {
            ExprKind::Name(called) => called == name,
            ExprKind::Field(_, called) => called.text == name,
            _ => false,
        },
        _ => false,
    })
}
