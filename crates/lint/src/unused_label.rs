//! A label that a tree `gives` and no branch leads to.

use crate::Policy;
use crate::walk::nodes;
use kamrules_base::{Finding, Span, codes};
use kamrules_syntax::ast::{ItemKind, Name, Target, Tree};

/// Labels of trees that are never given.
pub(crate) fn unused_label(policy: &Policy<'_>) -> Vec<Finding> {
    let trees = policy.items().filter_map(|item| match &item.kind {
        ItemKind::Tree(tree) => Some(tree),
        _ => None,
    });
    trees.flat_map(unreached).collect()
}

fn unreached(tree: &Tree) -> Vec<Finding> {
    let branches = nodes(tree).into_iter().flat_map(|node| &node.branches);
    let leaves: Vec<&str> = branches
        .filter_map(|branch| match &branch.target {
            Target::Leaf(name) => Some(name.text.as_str()),
            Target::Node(_) => None,
        })
        .collect();
    let given: Vec<&Name> = tree.gives.iter().collect();
    let lost = given.iter().enumerate().filter(|(_, label)| !leaves.contains(&label.text.as_str()));
    lost.map(|(at, label)| {
        let finding =
            Finding::new(codes::UNUSED_LABEL, label.span, format!("no branch of `{}` leads to `{}`", tree.head.name.text, label.text))
                .help("let a branch lead to it, or take it out");
        // With its comma: the one behind it for the first, the one before it for the others.
        let gone = match (at.checked_sub(1).map(|before| given[before]), given.get(at + 1)) {
            (Some(before), _) => Span { start: before.span.end, ..label.span },
            (None, Some(next)) => Span { end: next.span.start, ..label.span },
            (None, None) => return finding,
        };
        finding.fix(format!("take `{}` out", label.text), gone, "")
    })
    .collect()
}
