//! Rates of exchange whose last day lies more than a year before the policy's.

use crate::Policy;
use kamrules_base::{Finding, codes};
use kamrules_syntax::ast::{ItemKind, Rate, Rates};

/// After how many months a rate is no longer taken to be today's.
const MONTHS: i64 = 12;

/// The last rate of each currency, where it is old.
pub(crate) fn stale_rates(policy: &Policy<'_>) -> Vec<Finding> {
    let Some(today) = policy.model.settings.as_of else { return Vec::new() };
    let mut latest: Vec<&Rate> = Vec::new();
    for item in policy.items() {
        let ItemKind::Rates(Rates::Listed(rates)) = &item.kind else { continue };
        for rate in rates {
            match latest.iter_mut().find(|known| known.left.currency == rate.left.currency) {
                Some(known) if known.from < rate.from => *known = rate,
                Some(_) => {}
                None => latest.push(rate),
            }
        }
    }
    let old = latest.into_iter().filter(|rate| rate.from.add_months(MONTHS).is_some_and(|end| end < today));
    old.map(|rate| {
        let message = format!("the last rate of {} is of {}, and the policy is as of {today}", rate.left.currency, rate.from);
        Finding::new(codes::STALE_RATES, rate.span, message).help("add the rates since then: amounts of today are converted at this one")
    })
    .collect()
}
