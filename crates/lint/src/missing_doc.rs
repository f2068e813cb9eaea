//! Decisions and numbers that go to people without a word of what they are.

use crate::Policy;
use crate::look::head;
use kamrules_base::{Finding, codes};
use kamrules_syntax::ast::ItemKind;

/// Sets, tables, trees, quotas and metrics with neither a display name nor a comment.
pub(crate) fn missing_doc(policy: &Policy<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for item in policy.items().filter(|item| item.doc.is_none()) {
        let told =
            matches!(item.kind, ItemKind::Set(_) | ItemKind::Table(_) | ItemKind::Tree(_) | ItemKind::Quota(_) | ItemKind::Metric(_));
        let Some((head, _)) = head(item).filter(|(head, _)| told && head.display.is_none()) else { continue };
        let name = &head.name.text;
        let finding = Finding::new(codes::MISSING_DOC, head.name.span, format!("nothing says what `{name}` is"));
        found.push(finding.help(format!("write a line with `##` above it, or a name for people behind it: `{name} \"…\"`")));
    }
    found
}
