//! An attribute that reads the same on every label and that no rule asks for.

use crate::Policy;
use crate::look::key;
use crate::walk::rungs;
use crate::words::Words;
use kamrules_base::{Finding, Span, codes};
use kamrules_syntax::ast::{Attr, ItemKind, Set};

/// From how many labels on it is odd that all say the same.
const LABELS: usize = 3;

/// Attributes that tell nobody anything. What differs from label to label is for people to read, and a good thing.
pub(crate) fn unread_attribute(policy: &Policy<'_>, words: &Words) -> Vec<Finding> {
    let sets: Vec<&Set> = policy
        .items()
        .filter_map(|item| match &item.kind {
            ItemKind::Set(set) => Some(set),
            _ => None,
        })
        .collect();
    let everywhere: Vec<Span> = sets.iter().flat_map(|set| rungs(set)).flat_map(|rung| &rung.attrs).map(|attr| attr.name.span).collect();
    sets.into_iter().flat_map(|set| constant(policy, words, set, &everywhere)).collect()
}

fn constant(policy: &Policy<'_>, words: &Words, set: &Set, everywhere: &[Span]) -> Vec<Finding> {
    let all: Vec<&Attr> = rungs(set).into_iter().flat_map(|rung| &rung.attrs).collect();
    let mut found = Vec::new();
    for (at, attr) in all.iter().enumerate() {
        let same: Vec<&&Attr> = all.iter().filter(|other| other.name.text == attr.name.text).collect();
        let first = all[..at].iter().all(|other| other.name.text != attr.name.text);
        let value = key(policy, attr.value.span);
        if !first || same.len() < LABELS || same.iter().any(|other| key(policy, other.value.span) != value) {
            continue;
        }
        if words.elsewhere(&attr.name.text, everywhere) {
            continue;
        }
        let name = &attr.name.text;
        let finding =
            Finding::new(codes::UNREAD_ATTRIBUTE, attr.name.span, format!("`{name}` is `{value}` on every label, and no rule asks for it"));
        found.push(finding.help("give some label another value, or take it out"));
    }
    found
}
