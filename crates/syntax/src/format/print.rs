//! Lays a [`Doc`] out in lines of at most [`WIDTH`] columns.

use super::doc::Doc;

/// The columns of a line.
pub(super) const WIDTH: usize = 110;

/// Comments at line ends are not moved farther right than this to stand in one column.
const COMMENT_COLUMN: usize = 90;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Flat,
    Break,
}

/// What is still to be printed.
#[derive(Clone, Copy)]
enum Work<'a> {
    Doc(&'a Doc),
    /// The pieces of a fill but the first.
    Rest(&'a [Doc]),
}

type Command<'a> = (usize, Mode, Work<'a>);

/// A line of the page and the comment at its end.
#[derive(Default)]
struct Row {
    text: String,
    comment: Option<String>,
}

#[derive(Default)]
struct Page {
    done: Vec<Row>,
    line: String,
    indent: usize,
    /// Where the line begins: what was set in when the line before it ended.
    start: usize,
    /// Comments that wait for the end of the line.
    waiting: Vec<String>,
    /// Whether the line is a comment, so that nothing may follow on it.
    closed: bool,
}

/// The page, with a line break at its end unless it is empty.
pub(super) fn print(doc: &Doc) -> String {
    let mut page = Page::default();
    let mut stack: Vec<Command> = vec![(0, Mode::Break, Work::Doc(doc))];
    while let Some((indent, mode, work)) = stack.pop() {
        page.indent = indent;
        match work {
            Work::Doc(doc) => step(&mut page, doc, indent, mode, &mut stack),
            Work::Rest(docs) => rest(&mut page, docs, indent, &mut stack),
        }
    }
    page.newline();
    page.finish()
}

fn step<'a>(page: &mut Page, doc: &'a Doc, indent: usize, mode: Mode, stack: &mut Vec<Command<'a>>) {
    match doc {
        Doc::Text(text) => page.text(text),
        Doc::Flat(text) | Doc::Line(text) if mode == Mode::Flat => page.text(text),
        Doc::Pad(blanks) if mode == Mode::Break => page.text(&" ".repeat(*blanks)),
        Doc::Flat(_) | Doc::Pad(_) => {}
        Doc::Line(_) | Doc::Hard => page.newline(),
        Doc::Concat(docs) => stack.extend(docs.iter().rev().map(|doc| (indent, mode, Work::Doc(doc)))),
        Doc::Nest(columns, inner) => stack.push((indent + columns, mode, Work::Doc(inner))),
        Doc::Group(inner) => {
            let flat = mode == Mode::Flat || fits(inner, stack, page.room());
            stack.push((indent, if flat { Mode::Flat } else { Mode::Break }, Work::Doc(inner)));
        }
        Doc::Fill(docs) => {
            if let Some((first, others)) = docs.split_first() {
                piece(page, first, others, indent, stack);
            }
        }
        Doc::Trailing(comment) => page.waiting.push(comment.clone()),
        Doc::Own(comment) => page.own(comment),
    }
}

/// The next piece of a fill: on the line if it fits there, else on the next one.
fn rest<'a>(page: &mut Page, docs: &'a [Doc], indent: usize, stack: &mut Vec<Command<'a>>) {
    let Some((first, others)) = docs.split_first() else { return };
    let below: &[Command] = if others.is_empty() { stack } else { &[] };
    if page.is_open() && fits(first, below, page.room().saturating_sub(1)) {
        page.text(" ");
    } else {
        page.newline();
    }
    piece(page, first, others, indent, stack);
}

fn piece<'a>(page: &Page, first: &'a Doc, others: &'a [Doc], indent: usize, stack: &mut Vec<Command<'a>>) {
    if !others.is_empty() {
        stack.push((indent, Mode::Break, Work::Rest(others)));
    }
    let mode = if fits(first, stack, page.room()) { Mode::Flat } else { Mode::Break };
    stack.push((indent, mode, Work::Doc(first)));
}

/// Whether a piece fits on the rest of the line with what follows it up to the next place where a line may break.
fn fits(doc: &Doc, rest: &[Command], room: usize) -> bool {
    let mut room = room as isize;
    let mut commented = false;
    let mut after = rest.iter().rev();
    let mut stack = vec![(Mode::Flat, doc)];
    let mut inside = true;
    loop {
        let Some((mode, doc)) = stack.pop() else {
            let Some((_, mode, Work::Doc(doc))) = after.next() else { return true };
            inside = false;
            stack.push((*mode, doc));
            continue;
        };
        let piece = match doc {
            Doc::Text(text) => text.as_str(),
            Doc::Flat(text) if mode == Mode::Flat => text,
            Doc::Flat(_) | Doc::Pad(_) => "",
            Doc::Line(text) if mode == Mode::Flat => text,
            Doc::Line(_) => return true,
            Doc::Hard | Doc::Own(_) => return !inside,
            Doc::Trailing(_) => {
                commented = true;
                continue;
            }
            Doc::Concat(docs) => {
                stack.extend(docs.iter().rev().map(|doc| (mode, doc)));
                continue;
            }
            Doc::Fill(docs) => {
                room -= docs.len().saturating_sub(1) as isize;
                stack.extend(docs.iter().rev().map(|doc| (mode, doc)));
                continue;
            }
            Doc::Group(inner) | Doc::Nest(_, inner) => {
                stack.push((mode, inner));
                continue;
            }
        };
        if commented && !matches!(piece.trim(), "" | ",") {
            return !inside;
        }
        room -= piece.chars().count() as isize;
        if room < 0 {
            return false;
        }
    }
}

impl Page {
    fn room(&self) -> usize {
        let used = if self.line.is_empty() { self.start } else { self.line.chars().count() };
        WIDTH.saturating_sub(used)
    }

    /// Whether something may follow on the line.
    fn is_open(&self) -> bool {
        !self.closed && self.waiting.is_empty()
    }

    /// Writes on the line. A comma goes before a comment that waits for the end of the line; anything else goes below it.
    fn text(&mut self, text: &str) {
        let blank = text.trim().is_empty();
        let broken = self.closed || (!self.waiting.is_empty() && text != ",");
        if blank && (broken || self.line.is_empty()) {
            return;
        }
        if broken {
            self.below();
        }
        if self.line.is_empty() {
            self.line.push_str(&" ".repeat(self.start));
        }
        self.line.push_str(text);
    }

    fn own(&mut self, comment: &str) {
        if !self.line.is_empty() || !self.waiting.is_empty() {
            self.below();
        }
        self.text(comment);
        self.closed = true;
    }

    /// A line break that a comment asks for: what follows a comment on its own line stands right below it.
    fn below(&mut self) {
        let start = if self.closed { self.start } else { self.indent };
        self.newline();
        self.start = start;
    }

    fn newline(&mut self) {
        let mut waiting = std::mem::take(&mut self.waiting).into_iter();
        let text = std::mem::take(&mut self.line).trim_end().to_owned();
        self.closed = false;
        self.start = self.indent;
        self.done.push(Row { text, comment: waiting.next() });
        for comment in waiting {
            let text = " ".repeat(self.indent) + &comment;
            self.done.push(Row { text, comment: None });
        }
    }

    /// The lines, the comments at the ends of neighbouring lines in one column.
    fn finish(self) -> String {
        let mut out = String::new();
        let mut column = 0;
        for (index, row) in self.done.iter().enumerate() {
            out.push_str(&row.text);
            if let Some(comment) = &row.comment {
                if index == 0 || self.done[index - 1].comment.is_none() {
                    column = comment_column(&self.done[index..]);
                }
                let width = row.text.chars().count();
                let gap = if width == 0 { 0 } else { 2 };
                out.push_str(&" ".repeat(gap.max(column.saturating_sub(width))));
                out.push_str(comment);
            }
            out.push('\n');
        }
        let end = out.trim_end().len();
        out.truncate(end);
        if !out.is_empty() {
            out.push('\n');
        }
        out
    }
}

/// The column of the comments at the ends of the lines from here on.
fn comment_column(rows: &[Row]) -> usize {
    let run = rows.iter().take_while(|row| row.comment.is_some());
    run.map(|row| row.text.chars().count() + 2).filter(|column| *column <= COMMENT_COLUMN).max().unwrap_or(0)
}
