//! Two lists that hold the same values, or all but one of them.

use crate::Policy;
use crate::look::key;
use kamrules_base::{Finding, codes};
use kamrules_syntax::ast::{ItemKind, ListValues, Name};
use rustc_hash::FxHashSet;

/// From how many values on two lists that nearly agree are no chance.
const LEAST: usize = 4;

/// Lists that look like copies.
pub(crate) fn same_list(policy: &Policy<'_>) -> Vec<Finding> {
    let lists: Vec<(&Name, FxHashSet<String>)> = policy
        .items()
        .filter_map(|item| match &item.kind {
            ItemKind::List(list) => match &list.values {
                ListValues::Listed(elements) => Some((&list.name, elements.iter().map(|element| key(policy, element.span)).collect())),
                ListValues::From(..) => None,
            },
            _ => None,
        })
        .collect();
    let mut found = Vec::new();
    for (at, (name, values)) in lists.iter().enumerate() {
        // One finding a list: with the first above it that it copies.
        if let Some(finding) = lists[..at].iter().find_map(|(other, others)| compare(name, values, other, others)) {
            found.push(finding);
        }
    }
    found
}

fn compare(name: &Name, values: &FxHashSet<String>, other: &Name, others: &FxHashSet<String>) -> Option<Finding> {
    let mut mine: Vec<&String> = values.difference(others).collect();
    let mut theirs: Vec<&String> = others.difference(values).collect();
    mine.sort();
    theirs.sort();
    match (mine.as_slice(), theirs.as_slice()) {
        ([], []) if values.len() > 1 => Some(
            Finding::new(codes::SAME_LIST, name.span, format!("`{}` holds the same values as `{}`", name.text, other.text))
                .also(other.span, "the other list")
                .help("keep one of them, so that it is changed in one place"),
        ),
        ([_] | [], [_] | []) if values.len().min(others.len()) >= LEAST => {
            let lacks = |list: &Name, values: &[&String]| values.first().map(|value| format!("`{}` lacks {value}", list.text));
            let told: Vec<String> = lacks(other, &mine).into_iter().chain(lacks(name, &theirs)).collect();
            let message = format!("`{}` holds the values of `{}` but for one: {}", name.text, other.text, told.join(", "));
            Some(
                Finding::new(codes::NEARLY_SAME_LIST, name.span, message)
                    .also(other.span, "the other list")
                    .help("if one is a copy of the other that has fallen behind, keep one"),
            )
        }
        _ => None,
    }
}
