//! Tiers that begin with the lowest: the tier at the top is the greatest.

use crate::Policy;
use kamrules_base::{Finding, codes};
use kamrules_syntax::ast::{ItemKind, RungKind, Set, SetKind};

/// Words for ranks, the greatest first.
const SCALES: &[&[&str]] = &[
    &["diamond", "platinum", "gold", "silver", "bronze"],
    &["strategic", "key", "growth", "standard", "basic"],
    &["very_high", "high", "medium", "low", "very_low"],
    &["huge", "large", "medium", "small", "tiny"],
    &["big", "medium", "small"],
    &["enterprise", "mid_market", "small_business"],
    &["enterprise", "mid_market", "smb"],
    &["premium", "standard", "basic"],
    &["critical", "major", "minor"],
];

/// Tiers whose names say that they run from the lowest to the greatest.
pub(crate) fn upside_down(policy: &Policy<'_>) -> Vec<Finding> {
    let sets = policy.items().filter_map(|item| match &item.kind {
        ItemKind::Set(set) if set.kind == SetKind::Tiers => Some(set),
        _ => None,
    });
    sets.filter_map(check).collect()
}

fn check(set: &Set) -> Option<Finding> {
    let labels: Vec<_> = set
        .rungs
        .iter()
        .filter_map(|rung| match &rung.kind {
            RungKind::Label { name, .. } => Some(name),
            _ => None,
        })
        .collect();
    let names: Vec<String> = labels.iter().map(|name| name.text.to_lowercase()).collect();
    let ranks = ranks(&names)?;
    let (first, last) = (labels.first()?, labels.last()?);
    if ranks.len() < 2 || !ranks.windows(2).all(|pair| pair[0] > pair[1]) {
        return None;
    }
    let (name, top, low) = (&set.head.name.text, &first.text, &last.text);
    let finding = Finding::new(codes::UPSIDE_DOWN, first.span, format!("the first tier is the greatest, and `{name}` begins with `{top}`"));
    Some(finding.also(last.span, "this is the lowest").help(format!(
        "turn the tiers round and begin with `{low}`; as they stand, `{name} >= {low}` is true of everybody, and `{name} >= {top}` of `{top}` alone"
    )))
}

/// The place of each name in the order that its words say: single letters and digits, and the words of a scale, the greatest first.
fn ranks(names: &[String]) -> Option<Vec<usize>> {
    let letter = |name: &String| {
        let letter = name.strip_prefix("tier_").unwrap_or(name);
        (letter.len() == 1).then(|| letter.bytes().next().filter(u8::is_ascii_alphanumeric).map(usize::from)).flatten()
    };
    let letters: Option<Vec<usize>> = names.iter().map(letter).collect();
    let words =
        || SCALES.iter().find_map(|scale| names.iter().map(|name| scale.iter().position(|word| word == name)).collect::<Option<Vec<_>>>());
    letters.or_else(words)
}
