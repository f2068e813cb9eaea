//! Names that differ by one letter: `account_tier` beside `acount_tier`.

use crate::Policy;
use kamrules_base::{Finding, Span, codes, near};
use kamrules_syntax::ast::{ItemKind, Name};

/// Shorter words differ by a letter as a matter of course.
const LEAST: usize = 6;

/// Names that stand beside each other where one is probably a slip for the other.
pub(crate) fn alike(policy: &Policy<'_>) -> Vec<Finding> {
    let mut groups: Vec<(String, Vec<(&str, Span)>)> = Vec::new();
    let mut keep = |group: String, name: &Name| {
        let text: &str = policy.sources.text(name.span);
        match groups.iter_mut().find(|(known, _)| *known == group) {
            Some((_, names)) => names.push((text, name.span)),
            None => groups.push((group, vec![(text, name.span)])),
        }
    };
    for item in policy.items() {
        match &item.kind {
            ItemKind::Entity(entity) => entity.fields.iter().for_each(|field| keep(entity.name.text.clone(), &field.name)),
            ItemKind::Define(define) => match define.path.parts.as_slice() {
                [name] => keep(String::new(), name),
                [entity, name] => keep(entity.text.clone(), name),
                _ => {}
            },
            ItemKind::List(list) => keep(String::new(), &list.name),
            _ => {
                if let Some((head, _)) = crate::look::head(item) {
                    keep(head.entity.as_ref().map(|entity| entity.text.clone()).unwrap_or_default(), &head.name);
                }
            }
        }
    }
    groups.iter().flat_map(|(_, names)| among(names)).collect()
}

fn among(names: &[(&str, Span)]) -> Vec<Finding> {
    let mut found = Vec::new();
    for (at, (name, span)) in names.iter().enumerate() {
        let Some((other, first)) = names[..at].iter().find(|(other, _)| is_slip(name, other)) else { continue };
        found.push(
            Finding::new(codes::ALIKE, *span, format!("`{name}` and `{other}` differ by a letter"))
                .also(*first, "the other")
                .help("use one of them if they are the same thing, or names that nobody can mix up"),
        );
    }
    found
}

/// Whether two names have the same words but for one letter within one of them, or for where the words are parted.
fn is_slip(a: &str, b: &str) -> bool {
    let ends = |name: &str| (name.bytes().next(), name.bytes().next_back());
    if a == b || a.len().min(b.len()) < LEAST || a.len().abs_diff(b.len()) > 2 || ends(a) != ends(b) {
        return false;
    }
    if a.replace('_', "") == b.replace('_', "") {
        return true;
    }
    let (first, second): (Vec<&str>, Vec<&str>) = (a.split('_').collect(), b.split('_').collect());
    let mut different = first.iter().zip(&second).filter(|(x, y)| x != y);
    match (different.next(), different.next()) {
        (Some((x, y)), None) if first.len() == second.len() => is_slip_of_word(x, y),
        _ => false,
    }
}

/// One letter within a word: not its first or last, which make plurals, other forms and other words, and no digit.
fn is_slip_of_word(a: &str, b: &str) -> bool {
    let plain = |word: &str| word.len() >= LEAST && word.chars().all(char::is_alphabetic);
    let ends = |word: &str| (word.chars().next(), word.chars().next_back());
    plain(a) && plain(b) && ends(a) == ends(b) && near::distance(a, b) == 1
}

#[cfg(test)]
mod tests {
    use super::is_slip;

    #[test]
    fn a_letter_within_a_word_is_a_slip_and_other_words_are_not() {
        for (a, b) in [("account_tier", "acount_tier"), ("headquarters", "headqarters"), ("full_time", "fulltime"), ("reveune", "revenue")]
        {
            assert!(is_slip(a, b), "{a} {b}");
        }
        for (a, b) in [
            ("account", "accounts"),
            ("growth_2025", "growth_2026"),
            ("rate_a", "rate_b"),
            ("renewed_on", "renewal_on"),
            ("import_share", "export_share"),
            ("sales", "sales"),
        ] {
            assert!(!is_slip(a, b), "{a} {b}");
        }
    }
}
