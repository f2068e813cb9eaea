//! What is to be printed, with the places where a line may break (Wadler, "A prettier printer").

/// A piece of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Doc {
    /// Text without line breaks.
    Text(String),
    /// A line break; in a group that stays on one line, this text.
    Line(&'static str),
    /// A line break always.
    Hard,
    /// One behind the other.
    Concat(Vec<Doc>),
    /// On one line if it fits, else every line break of its own is taken.
    Group(Box<Doc>),
    /// Lines that begin inside are set in by so many more columns.
    Nest(usize, Box<Doc>),
    /// As many on a line as fit.
    Fill(Vec<Doc>),
    /// Written only where the group stays on one line.
    Flat(&'static str),
    /// So many blanks, only where the group does not stay on one line.
    Pad(usize),
    /// A comment at the end of the line.
    Trailing(String),
    /// A comment on a line of its own.
    Own(String),
}

/// Text.
pub(super) fn text(text: impl Into<String>) -> Doc {
    Doc::Text(text.into())
}

/// Nothing.
pub(super) fn nil() -> Doc {
    Doc::Concat(Vec::new())
}

/// A blank.
pub(super) fn space() -> Doc {
    text(" ")
}

/// A blank or a line break.
pub(super) const LINE: Doc = Doc::Line(" ");

/// Nothing or a line break.
pub(super) const SOFT: Doc = Doc::Line("");

/// One behind the other.
pub(super) fn concat(docs: impl IntoIterator<Item = Doc>) -> Doc {
    Doc::Concat(docs.into_iter().collect())
}

/// On one line if it fits.
pub(super) fn group(docs: impl IntoIterator<Item = Doc>) -> Doc {
    Doc::Group(Box::new(concat(docs)))
}

/// Set in by two columns.
pub(super) fn indent(docs: impl IntoIterator<Item = Doc>) -> Doc {
    nest(2, concat(docs))
}

/// Set in by so many columns.
pub(super) fn nest(columns: usize, doc: Doc) -> Doc {
    Doc::Nest(columns, Box::new(doc))
}

/// The pieces with something between each two.
pub(super) fn join(docs: impl IntoIterator<Item = Doc>, between: &Doc) -> Doc {
    let mut out = Vec::new();
    for doc in docs {
        if !out.is_empty() {
            out.push(between.clone());
        }
        out.push(doc);
    }
    Doc::Concat(out)
}

/// The columns a piece takes on one line; nothing if a comment or a line break stands in it.
pub(super) fn width(doc: &Doc) -> Option<usize> {
    measure(doc, false)
}

/// The columns a piece takes on one line, a comment at its end left out.
pub(super) fn width_before_comment(doc: &Doc) -> Option<usize> {
    measure(doc, true)
}

fn measure(doc: &Doc, comment_at_end: bool) -> Option<usize> {
    let mut total = 0;
    let mut commented = false;
    let mut stack = vec![doc];
    while let Some(doc) = stack.pop() {
        let piece = match doc {
            Doc::Text(text) => text.as_str(),
            Doc::Line(text) | Doc::Flat(text) => text,
            Doc::Hard | Doc::Own(_) => return None,
            Doc::Pad(_) => continue,
            Doc::Trailing(_) => {
                commented = true;
                continue;
            }
            Doc::Concat(docs) => {
                stack.extend(docs.iter().rev());
                continue;
            }
            Doc::Fill(docs) => {
                total += docs.len().saturating_sub(1);
                stack.extend(docs.iter().rev());
                continue;
            }
            Doc::Group(inner) | Doc::Nest(_, inner) => {
                stack.push(inner);
                continue;
            }
        };
        if commented && !matches!(piece.trim(), "" | ",") {
            return None;
        }
        total += piece.chars().count();
    }
    (comment_at_end || !commented).then_some(total)
}

/// The same without places where the line may break.
pub(super) fn flat(doc: Doc) -> Doc {
    match doc {
        Doc::Line(between) => text(between),
        Doc::Concat(docs) => Doc::Concat(docs.into_iter().map(flat).collect()),
        Doc::Fill(docs) => join(docs.into_iter().map(flat), &space()),
        Doc::Group(inner) | Doc::Nest(_, inner) => flat(*inner),
        other => other,
    }
}

/// Whether nothing would be printed.
pub(super) fn is_nil(doc: &Doc) -> bool {
    match doc {
        Doc::Concat(docs) => docs.iter().all(is_nil),
        Doc::Text(text) => text.is_empty(),
        Doc::Group(inner) | Doc::Nest(_, inner) => is_nil(inner),
        _ => false,
    }
}
