//! Rates of exchange in a policy whose amounts are all in its own currency.

use crate::Policy;
use kamrules_base::{Finding, codes};
use kamrules_syntax::ast::ItemKind;

/// Rates that convert nothing.
pub(crate) fn unused_rates(policy: &Policy<'_>) -> Vec<Finding> {
    if policy.model.entities.iter().flat_map(|entity| &entity.fields).any(|field| field.currency.is_some()) {
        return Vec::new();
    }
    let rates = policy.items().filter(|item| matches!(item.kind, ItemKind::Rates(_)));
    rates
        .map(|item| {
            Finding::new(codes::UNUSED_RATES, item.keyword, "no amount is converted at these rates")
                .help("say which field holds an amount's currency, `amount : money in currency at date`, or take the rates out")
        })
        .collect()
}
