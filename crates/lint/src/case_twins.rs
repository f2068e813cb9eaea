//! `["Alder Foods", "ALDER FOODS"]`: values of a list that differ by capitals or blanks alone.

use crate::Policy;
use crate::walk::Walk;
use kamrules_base::{Finding, Span, codes};
use kamrules_syntax::ast::{Expr, ExprKind, ItemKind, ListValues, Literal};
use rustc_hash::FxHashMap;

/// Texts of a list that people would read as one.
pub(crate) fn case_twins(policy: &Policy<'_>, walk: &Walk<'_>) -> Vec<Finding> {
    let items = policy.items().filter_map(|item| match &item.kind {
        ItemKind::List(list) => match &list.values {
            ListValues::Listed(elements) => Some(elements.as_slice()),
            ListValues::From(..) => None,
        },
        _ => None,
    });
    let inline = walk.exprs.iter().filter_map(|(_, expr)| match &expr.kind {
        ExprKind::List(elements) => Some(elements.as_slice()),
        _ => None,
    });
    items.chain(inline).flat_map(twins).collect()
}

fn twins(elements: &[Expr]) -> Vec<Finding> {
    let (mut found, mut seen) = (Vec::new(), FxHashMap::<String, (Span, &str)>::default());
    for element in elements {
        let ExprKind::Literal(Literal::Text(text)) = &element.kind else { continue };
        match seen.get(&folded(&text.value)) {
            // What is equal to the letter stands there twice, and what has blanks around it matches nothing: both have findings of their own.
            Some((first, other)) if other.trim() != text.value.trim() => found.push(
                Finding::new(codes::CASE_TWINS, element.span, format!("`{}` and `{other}` differ by capitals or blanks alone", text.value))
                    .also(*first, "the other")
                    .help(
                        "text is equal letter by letter: keep the one that the data have, or say `ignoring case` behind the field's type",
                    ),
            ),
            Some(_) => {}
            None => drop(seen.insert(folded(&text.value), (element.span, text.value.as_str()))),
        }
    }
    found
}

fn folded(text: &str) -> String {
    text.split_whitespace().flat_map(|word| word.chars().flat_map(char::to_lowercase)).collect()
}
