//! Words for messages.

use kamrules_model::{DurationKind, Model, Type};

/// Names in backticks, joined, at most `most` of them.
pub(crate) fn list<'a>(names: impl IntoIterator<Item = &'a str>, most: usize) -> String {
    let mut names: Vec<&str> = names.into_iter().collect();
    if names.is_empty() {
        return "none yet".into();
    }
    names.sort_unstable();
    ordered(&names, most)
}

/// The same, in the given order.
pub(crate) fn ordered(names: &[&str], most: usize) -> String {
    let shown: Vec<String> = names.iter().take(most).map(|name| format!("`{name}`")).collect();
    let more = names.len().saturating_sub(most);
    if more > 0 { format!("{} and {more} more", shown.join(", ")) } else { shown.join(", ") }
}

/// A type, as people call it, with its article.
pub(crate) fn kind(model: &Model, kind: Type) -> String {
    match kind {
        Type::Unknown => "something unknown".into(),
        Type::Text { .. } => "text".into(),
        Type::Number { percent: true, .. } => "a percentage".into(),
        Type::Number { scale: 0, .. } => "a whole number".into(),
        Type::Number { .. } => "a number".into(),
        Type::Money { .. } => "money".into(),
        Type::Date => "a date".into(),
        Type::Time => "a time".into(),
        Type::Duration(DurationKind::Days) => "a number of days".into(),
        Type::Duration(DurationKind::Months) => "a number of months".into(),
        Type::Duration(DurationKind::Calendar) => "a duration".into(),
        Type::Duration(DurationKind::Clock) => "a number of hours".into(),
        Type::Flag => "yes or no".into(),
        Type::Pick(pick) => format!("a value of the picklist `{}`", model.pick(pick).name),
        Type::Row(entity) => format!("a row of `{}`", model.entity(entity).name),
        Type::Period(_) => "a period".into(),
        Type::Label(set) => format!("a label of `{}`", model.set(set).name),
        Type::Labels(set) => format!("labels of `{}`", model.set(set).name),
    }
}
