//! `country in ["US", "CA", "US"]`: a value that stands in a condition's list twice.

use crate::Policy;
use crate::look::key;
use crate::walk::Walk;
use kamrules_base::{Finding, Span, codes};
use kamrules_syntax::ast::ExprKind;
use rustc_hash::FxHashMap;

/// Values that a list inside of an expression holds twice; those of a `list` item are the checker's.
pub(crate) fn repeated_element(policy: &Policy<'_>, walk: &Walk<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (_, expr) in &walk.exprs {
        let ExprKind::List(elements) = &expr.kind else { continue };
        let mut seen: FxHashMap<String, Span> = FxHashMap::default();
        for pair in 0..elements.len() {
            let element = &elements[pair];
            let value = key(policy, element.span);
            let Some(first) = seen.get(&value) else {
                seen.insert(value, element.span);
                continue;
            };
            let finding = Finding::new(codes::REPEATED_ELEMENT, element.span, format!("`{value}` stands in this list twice"))
                .also(*first, "the first")
                .help("take one out, unless one of the two is a slip for something else");
            let gone = Span { start: elements[pair - 1].span.end, ..element.span };
            found.push(finding.fix(format!("take the second `{value}` out"), gone, ""));
        }
    }
    found
}
