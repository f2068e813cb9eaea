//! The grammar in chumsky, rule by rule: the pieces all rules are made of, then [`expr`], [`head`], [`item`] and their kin.
//!
//! Every parser is generic over its error: nothing at all for the fast first run, [`chumsky::error::Rich`] for the second.
//! Mistakes with a plain remedy are read as what was meant and noted in [`Notes`]; the others fail, and recovery goes on
//! at the next rung, field, clause, row or branch.

pub(crate) mod clause;
pub(crate) mod decide;
pub(crate) mod entity;
pub(crate) mod expr;
pub(crate) mod head;
pub(crate) mod item;

use crate::ast::{Name, Text};
use crate::lex::TokenKind;
use crate::tok::Tok;
use chumsky::error::{Error, LabelError};
use chumsky::input::{Checkpoint, Cursor, MapExtra};
use chumsky::inspector::Inspector;
use chumsky::prelude::*;
use chumsky::util::MaybeRef;
use kamrules_base::{Finding, Span};

/// What is parsed.
pub(crate) type In<'t> = &'t [Tok<'t>];
/// The types a parser carries along.
pub(crate) type Ex<'t, E> = extra::Full<E, Notes<'t>, ()>;
/// A rule of the grammar.
pub(crate) type P<'t, O, E> = Boxed<'t, 't, In<'t>, O, Ex<'t, E>>;
/// What a closure of a rule may ask.
pub(crate) type Extra<'t, 'b, E> = MapExtra<'t, 'b, In<'t>, Ex<'t, E>>;

/// An error type of the grammar.
pub(crate) trait Fault<'t>: Error<'t, In<'t>> + LabelError<'t, In<'t>, &'static str> + 't {}
impl<'t, E: Error<'t, In<'t>> + LabelError<'t, In<'t>, &'static str> + 't> Fault<'t> for E {}

/// What is known besides the tokens, and the findings of rules that went on. What a rule noted is forgotten when the
/// parser goes back behind it.
pub(crate) struct Notes<'t> {
    /// The tokens that are parsed.
    pub toks: In<'t>,
    /// Doc comments, by [`Tok::doc`] less one.
    pub docs: &'t [String],
    /// The findings so far.
    pub found: Vec<Finding>,
}

impl Notes<'_> {
    /// The place of a range of tokens; that behind the last token when the range is empty.
    pub fn span(&self, range: SimpleSpan<usize>) -> Span {
        match self.toks.get(range.start..range.end) {
            Some([one]) => one.span,
            Some([first, .., last]) => first.span.to(last.span),
            _ => self.before(range.start).map_or_else(|| self.toks.first().map_or_else(Span::default, |t| t.span), |t| t.span.after()),
        }
    }

    /// The token before an index.
    pub fn before(&self, index: usize) -> Option<&Tok<'_>> {
        index.checked_sub(1).and_then(|i| self.toks.get(i))
    }

    /// The doc comment of a token.
    pub fn doc(&self, index: usize) -> Option<String> {
        let doc = self.toks.get(index)?.doc.checked_sub(1)?;
        self.docs.get(doc as usize).cloned()
    }
}

impl<'t> Inspector<'t, In<'t>> for Notes<'t> {
    type Checkpoint = usize;

    fn on_token(&mut self, _: &Tok<'t>) {}

    fn on_save<'parse>(&self, _: &Cursor<'t, 'parse, In<'t>>) -> usize {
        self.found.len()
    }

    fn on_rewind<'parse>(&mut self, marker: &Checkpoint<'t, 'parse, In<'t>, usize>) {
        self.found.truncate(*marker.inspector());
    }
}

/// The place of what a rule matched.
pub(crate) fn place<'t, E: Fault<'t>>(e: &mut Extra<'t, '_, E>) -> Span {
    let range = e.span();
    e.state().span(range)
}

/// One token that `read` can make something of; `label` says what was wanted.
pub(crate) fn take<'t, O: 't, E: Fault<'t>>(label: &'static str, read: impl Fn(&'t Tok<'t>) -> Option<O> + 't) -> P<'t, O, E> {
    custom(move |inp: &mut chumsky::input::InputRef<'t, '_, In<'t>, Ex<'t, E>>| {
        let before = inp.cursor();
        let next = inp.next_ref();
        match next.and_then(&read) {
            Some(out) => Ok(out),
            None => {
                let span = inp.span_since(&before);
                Err(<E as LabelError<'t, In<'t>, &'static str>>::expected_found([label], next.map(MaybeRef::Ref), span))
            }
        }
    })
    .boxed()
}

/// Goes on only where the coming tokens look right; takes none.
pub(crate) fn look<'t, E: Fault<'t>>(label: &'static str, looks: fn(In<'t>) -> bool) -> P<'t, (), E> {
    look_around(label, move |toks, at| looks(&toks[at..]))
}

/// The same with what stands before: all tokens of the item, and the index of the next.
pub(crate) fn look_around<'t, E: Fault<'t>>(label: &'static str, looks: impl Fn(In<'t>, usize) -> bool + 't) -> P<'t, (), E> {
    custom(move |inp: &mut chumsky::input::InputRef<'t, '_, In<'t>, Ex<'t, E>>| {
        let cursor = inp.cursor();
        let at = *cursor.inner();
        let toks = inp.state().toks;
        if looks(toks, at) {
            return Ok(());
        }
        let next = inp.peek_ref();
        let span = inp.span_since(&cursor);
        Err(<E as LabelError<'t, In<'t>, &'static str>>::expected_found([label], next.map(MaybeRef::Ref), span))
    })
    .boxed()
}

/// Takes tokens, at least one, up to where `starts` sees the next clause, or the brace that closes the present one.
pub(crate) fn skip<'t, E: Fault<'t>>(starts: fn(In<'t>) -> bool) -> P<'t, (), E> {
    custom(move |inp: &mut chumsky::input::InputRef<'t, '_, In<'t>, Ex<'t, E>>| {
        let cursor = inp.cursor();
        let at = *cursor.inner();
        let toks = inp.state().toks;
        let taken = skipped(&toks[at..], starts);
        for _ in 0..taken {
            inp.skip();
        }
        if taken > 0 {
            return Ok(());
        }
        let span = inp.span_since(&cursor);
        Err(<E as LabelError<'t, In<'t>, &'static str>>::expected_found([], None, span))
    })
    .boxed()
}

fn skipped<'t>(toks: In<'t>, starts: fn(In<'t>) -> bool) -> usize {
    let mut depth = 0_usize;
    for (i, tok) in toks.iter().enumerate() {
        match tok.kind {
            TokenKind::LBrace | TokenKind::LParen | TokenKind::LBracket => depth += 1,
            TokenKind::RBrace | TokenKind::RParen | TokenKind::RBracket if depth == 0 => return i,
            TokenKind::RBrace | TokenKind::RParen | TokenKind::RBracket => depth -= 1,
            _ => {}
        }
        if depth == 0 && toks.get(i + 1).is_some() && starts(&toks[i + 1..]) {
            return i + 1;
        }
    }
    toks.len()
}

/// Any number of clauses up to the closing brace; one that fails is passed over up to where the next one starts.
pub(crate) fn many<'t, O: 't, E: Fault<'t>>(clause: P<'t, O, E>, starts: fn(In<'t>) -> bool) -> P<'t, Vec<O>, E> {
    let one = clause.map(Some).recover_with(via_parser(skip(starts).map(|()| None)));
    not_closing().ignore_then(one).repeated().collect::<Vec<_>>().map(|all: Vec<Option<O>>| all.into_iter().flatten().collect()).boxed()
}

/// Goes on only where no closing brace stands.
pub(crate) fn not_closing<'t, E: Fault<'t>>() -> P<'t, (), E> {
    look("}", |toks| !matches!(toks, [] | [Tok { kind: TokenKind::RBrace, .. }, ..]))
}

/// A sign or other single kind of token.
pub(crate) fn sign<'t, E: Fault<'t>>(kind: TokenKind, label: &'static str) -> P<'t, Span, E> {
    take(label, move |tok| (tok.kind == kind).then_some(tok.span))
}

/// A word of the language, or several that were joined.
pub(crate) fn word<'t, E: Fault<'t>>(word: &'static str) -> P<'t, Span, E> {
    take(word, move |tok| tok.is(word).then_some(tok.span))
}

/// A word that is not reserved.
pub(crate) fn name<'t, E: Fault<'t>>() -> P<'t, Name, E> {
    take("a name", |tok| tok.is_name().then(|| name_of(tok)))
}

/// Any word, where no keyword can stand.
pub(crate) fn any_word<'t, E: Fault<'t>>() -> P<'t, Name, E> {
    take("a name", |tok| tok.is_word().then(|| name_of(tok)))
}

/// A text in quotes.
pub(crate) fn text<'t, E: Fault<'t>>() -> P<'t, Text, E> {
    take("a text in quotes", |tok| matches!(tok.kind, TokenKind::Text | TokenKind::OddText | TokenKind::OpenText).then(|| tok.quoted()))
}

/// The name a word stands for.
pub(crate) fn name_of(tok: &Tok<'_>) -> Name {
    Name { text: tok.text.to_owned(), span: tok.span }
}

/// `,`
pub(crate) fn comma<'t, E: Fault<'t>>() -> P<'t, Span, E> {
    sign(TokenKind::Comma, ",")
}

/// `{`
pub(crate) fn open<'t, E: Fault<'t>>() -> P<'t, Span, E> {
    sign(TokenKind::LBrace, "{")
}

/// `}`
pub(crate) fn close<'t, E: Fault<'t>>() -> P<'t, Span, E> {
    sign(TokenKind::RBrace, "}")
}

/// One or more of a rule with commas between; where a comma is forgotten before something that can only be the next
/// element, it is noted and the list goes on.
pub(crate) fn commas<'t, O: 't, E: Fault<'t>>(element: P<'t, O, E>, starts: fn(&Tok<'_>) -> bool) -> P<'t, Vec<O>, E> {
    let forgotten = any_ref().filter(move |tok: &&Tok<'t>| starts(tok)).rewind().validate(|tok: &Tok<'t>, e: &mut Extra<'t, '_, E>, _| {
        let range = e.span();
        let at = e.state().before(range.start).map_or(tok.span, |t| t.span.after());
        let finding = crate::mistakes::comma_missing(tok, at);
        e.state().found.push(finding);
    });
    let next = comma().ignored().or(forgotten).boxed();
    element
        .clone()
        .map(|first| vec![first])
        .foldl(next.ignore_then(element).repeated(), |mut all, one| {
            all.push(one);
            all
        })
        .boxed()
}
