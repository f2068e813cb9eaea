//! An attribute that reads the same on every label and that no rule asks for.

use crate::Policy;
use crate::look::key;
use crate::walk::rungs;
use crate::words::Words;
use kamrules_base::{Finding, Span, codes};
use kamrules_syntax::ast::{Attr, ItemKind, Set};
use rustc_hash::{FxHashMap, FxHashSet};

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
    let everywhere: FxHashSet<Span> =
        sets.iter().flat_map(|set| rungs(set)).flat_map(|rung| &rung.attrs).map(|attr| attr.name.span).collect();
    sets.into_iter().flat_map(|set| constant(policy, words, set, &everywhere)).collect()
}

fn constant(policy: &Policy<'_>, words: &Words, set: &Set, everywhere: &FxHashSet<Span>) -> Vec<Finding> {
    let (mut names, mut places): (Vec<&str>, FxHashMap<&str, Vec<&Attr>>) = Default::default();
    for attr in rungs(set).into_iter().flat_map(|rung| &rung.attrs) {
        let name = attr.name.text.as_str();
        let at = places.entry(name).or_default();
        if at.is_empty() {
            names.push(name);
        }
        at.push(attr);
    }
    let mut found = Vec::new();
    for name in names {
        let attrs = &places[name];
        let value = key(policy, attrs[0].value.span);
        if attrs.len() < LABELS
            || attrs.iter().any(|other| key(policy, other.value.span) != value)
            || words.places(name).iter().any(|place| !everywhere.contains(place))
        {
            continue;
        }
        let finding = Finding::new(
            codes::UNREAD_ATTRIBUTE,
            attrs[0].name.span,
            format!("`{name}` is `{value}` on every label, and no rule asks for it"),
        );
        found.push(finding.help("give some label another value, or take it out"));
    }
    found
}
