//! Two labels of a set, or two items of a kind, that people see under one name.

use crate::Policy;
use crate::look::head;
use crate::walk::rungs;
use kamrules_base::{Finding, codes};
use kamrules_syntax::ast::{ItemKind, Name, RungKind, Text};
use rustc_hash::FxHashMap;

/// Display names that are given twice.
pub(crate) fn same_display(policy: &Policy<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut items: Vec<(&'static str, &Name, &Text)> = Vec::new();
    for item in policy.items() {
        if let Some((head, word)) = head(item)
            && let Some(display) = &head.display
        {
            let other = items.iter().find(|(kind, name, text)| *kind == word && name.text != head.name.text && text.value == display.value);
            found.extend(other.map(|(_, name, text)| twice(display, (name, text))));
            items.push((word, &head.name, display));
        }
        if let ItemKind::Set(set) = &item.kind {
            labels(set, &mut found);
        }
    }
    found
}

fn labels(set: &kamrules_syntax::ast::Set, found: &mut Vec<Finding>) {
    // A territory may be called as the one it lies in; what people are answered with are the innermost.
    let mut seen: FxHashMap<&str, (&Name, &Text)> = FxHashMap::default();
    for rung in rungs(set).into_iter().filter(|rung| rung.children.is_empty()) {
        let RungKind::Label { name, display: Some(display), .. } = &rung.kind else { continue };
        match seen.get(display.value.as_str()) {
            Some(first) => found.push(twice(display, *first)),
            None => drop(seen.insert(&display.value, (name, display))),
        }
    }
}

fn twice(display: &Text, (name, first): (&Name, &Text)) -> Finding {
    Finding::new(codes::SAME_DISPLAY, display.span, format!("`{}` is shown as {:?} too", name.text, display.value))
        .also(first.span, "here")
        .help("give one of them another name, so that people can tell them apart")
}
