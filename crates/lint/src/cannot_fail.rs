//! `must … { count(contact) >= 0 }`: an obligation that everybody meets by its form alone.

use crate::Policy;
use crate::test_cannot_fail::{always_holds, sure};
use kamrules_base::{Finding, codes};
use kamrules_syntax::ast::ItemKind;

/// Obligations that nothing can break.
pub(crate) fn cannot_fail(policy: &Policy<'_>) -> Vec<Finding> {
    let model = policy.model;
    let mut found = Vec::new();
    for item in policy.items() {
        let ItemKind::Obligation(duty) = &item.kind else { continue };
        let lowered = model.obligations.iter().find(|known| known.span == duty.head.name.span);
        if lowered.is_some_and(|known| always_holds(model, sure(model, known.holds))) {
            let message = format!("`{}` cannot be broken: this is always yes", duty.head.name.text);
            found.push(Finding::new(codes::CANNOT_FAIL, duty.condition.span, message).help("ask for something that a row can lack"));
        }
    }
    found
}
