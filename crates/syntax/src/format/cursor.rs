//! Walks over the tokens of the text in step with the tree, and hands out the comments between them.

use super::doc::{Doc, concat, nil, space, text};
use crate::{Token, TokenKind};
use kamrules_base::Span;

/// Where the formatter stands in the text.
pub(super) struct Cursor<'a> {
    text: &'a str,
    tokens: &'a [Token],
    at: usize,
    /// Whether the token taken last has a comment at its end of the line.
    commented: bool,
    /// Comments that were passed over and belong to the next token.
    held: Vec<(bool, String)>,
    /// Whether tree and text came out of step; what is printed then is of no use.
    pub lost: bool,
}

/// A piece that stands on a line of its own, with the comments above it.
pub(super) struct Row {
    /// The comments above, each with whether an empty line stands before it.
    pub comments: Vec<(bool, String)>,
    /// Whether an empty line stands before the piece itself.
    pub blank: bool,
    /// How many columns it is set in.
    pub depth: usize,
    /// The piece; nothing for the comments at the end of a block.
    pub doc: Doc,
}

impl<'a> Cursor<'a> {
    /// At the start of a text.
    pub fn new(text: &'a str, tokens: &'a [Token]) -> Self {
        Self { text, tokens, at: 0, commented: false, held: Vec::new(), lost: false }
    }

    fn next(&self) -> Option<&Token> {
        self.tokens[self.at..].iter().find(|token| !token.kind.is_trivia())
    }

    /// The text of the next token; empty at the end.
    pub fn peek(&self) -> &'a str {
        self.next().map_or("", |token| &self.text[token.span.range()])
    }

    /// Whether that is the next token.
    pub fn is(&self, word: &str) -> bool {
        self.peek() == word
    }

    /// Whether the line ends before the next token.
    pub fn line_ends(&self) -> bool {
        self.tokens[self.at..].iter().take_while(|token| token.kind.is_trivia()).any(|token| token.kind == TokenKind::Newline)
    }

    /// Whether the line ends before the next token or with a comment just passed.
    pub fn line_ended(&self) -> bool {
        self.commented || self.line_ends()
    }

    /// The column of the next token if it is the first on its line.
    pub fn column(&self) -> Option<usize> {
        let start = self.next()?.span.range().start;
        let line = self.text[..start].rsplit('\n').next().unwrap_or_default();
        line.trim().is_empty().then(|| line.chars().count())
    }

    /// The next token with the comments before it and at the end of its line.
    pub fn token(&mut self) -> Doc {
        let before = self.own_comments();
        let Some(token) = self.next() else {
            self.lost = true;
            return before;
        };
        let written = text(&self.text[token.span.range()]);
        self.at += 1;
        self.commented = false;
        concat([before, written, self.trailing()])
    }

    /// The next token, which is to be this one.
    pub fn word(&mut self, word: &str) -> Doc {
        self.lost |= !self.is(word);
        self.token()
    }

    /// The next tokens, which are to be these, with blanks between.
    pub fn words(&mut self, words: &[&str]) -> Doc {
        super::doc::join(words.iter().map(|word| self.word(word)).collect::<Vec<_>>(), &space())
    }

    /// All tokens up to the end of the place, with blanks between, but none behind a sign.
    pub fn place(&mut self, span: Span) -> Doc {
        let mut first = nil();
        let mut rest = Vec::new();
        let mut sign = true;
        while self.next().is_some_and(|token| token.span.start < span.end) {
            let gap = if sign { nil() } else { space() };
            sign = matches!(self.peek(), "-" | "+");
            let token = self.token();
            if super::doc::is_nil(&first) { first = token } else { rest.extend([gap, token]) }
        }
        concat([first, super::doc::indent(rest)])
    }

    /// So many tokens, with blanks between.
    pub fn place_of(&mut self, count: usize) -> Doc {
        super::doc::join((0..count).map(|_| self.token()).collect::<Vec<_>>(), &space())
    }

    /// A comma that has to be there.
    pub fn comma(&mut self) -> Doc {
        self.lost |= !self.is(",");
        concat([text(","), self.optional_comma()])
    }

    /// Passes over a comma, if there is one, and gives the comment at the end of its line. Comments before the comma go
    /// behind it, to the token that follows.
    pub fn optional_comma(&mut self) -> Doc {
        if !self.is(",") {
            return nil();
        }
        self.held = self.above().0;
        self.at += 1;
        let full = self.commented || !self.held.is_empty();
        match self.trailing() {
            Doc::Trailing(comment) if full => {
                self.held.push((false, comment));
                nil()
            }
            other => other,
        }
    }

    /// A comment at the end of the line of the token just taken.
    fn trailing(&mut self) -> Doc {
        let mut at = self.at;
        while self.tokens.get(at).is_some_and(|token| token.kind == TokenKind::Space) {
            at += 1;
        }
        match self.tokens.get(at) {
            Some(token) if is_comment(token.kind) => {
                self.at = at + 1;
                self.commented = true;
                Doc::Trailing(self.comment(token))
            }
            _ => nil(),
        }
    }

    /// The comments before the next token, each on a line of its own.
    fn own_comments(&mut self) -> Doc {
        let (comments, _) = self.above();
        Doc::Concat(comments.into_iter().map(|(_, comment)| Doc::Own(comment)).collect())
    }

    fn comment(&self, token: &Token) -> String {
        self.text[token.span.range()].trim_end().to_owned()
    }

    /// The comments before the next token, each with whether an empty line stands before it, and whether one stands
    /// before the token.
    fn above(&mut self) -> (Vec<(bool, String)>, bool) {
        let mut comments = std::mem::take(&mut self.held);
        let mut breaks = 0;
        while let Some(token) = self.tokens.get(self.at).filter(|token| token.kind.is_trivia()) {
            if token.kind == TokenKind::Newline {
                breaks += 1;
            } else if is_comment(token.kind) {
                comments.push((breaks > 1, self.comment(token)));
                breaks = 0;
            }
            self.at += 1;
        }
        (comments, breaks > 1)
    }

    /// A piece on a line of its own: the comments above it, then what `write` makes of it.
    pub fn row(&mut self, write: impl FnOnce(&mut Self) -> Doc) -> Row {
        let (comments, blank) = self.above();
        let doc = write(self);
        Row { comments, blank, depth: 0, doc }
    }

    /// The comments at the end of a block.
    pub fn last_row(&mut self) -> Row {
        let (comments, _) = self.above();
        Row { comments, blank: false, depth: 0, doc: nil() }
    }
}

fn is_comment(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Comment | TokenKind::DocComment | TokenKind::OddComment)
}

/// Rows one below the other, with at most one empty line between; `between` stands where nothing forces a line break.
pub(super) fn rows(rows: Vec<Row>, between: &Doc) -> Doc {
    let mut out: Vec<Doc> = Vec::new();
    for row in rows {
        let below_comment = !row.comments.is_empty();
        for (blank, comment) in row.comments {
            let line = concat([separator(out.is_empty(), blank, &Doc::Hard), Doc::Own(comment)]);
            out.push(super::doc::nest(row.depth, line));
        }
        if !super::doc::is_nil(&row.doc) {
            let between = if below_comment { &Doc::Hard } else { between };
            let line = concat([separator(out.is_empty(), row.blank, between), row.doc]);
            out.push(super::doc::nest(row.depth, line));
        }
    }
    Doc::Concat(out)
}

fn separator(first: bool, blank: bool, between: &Doc) -> Doc {
    match (first, blank) {
        (true, _) => nil(),
        (false, true) => concat([Doc::Hard, Doc::Hard]),
        (false, false) => between.clone(),
    }
}
