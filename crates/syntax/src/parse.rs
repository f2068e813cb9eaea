//! Text to tree: tokens, mended where what was meant is plain, cut into items, each parsed for itself.

use crate::ast::{Expr, File};
use crate::balance::{balance, shallow};
use crate::explain::{explain, no_item};
use crate::grammar::item::{Rules, rules};
use crate::grammar::{Notes, P};
use crate::lex::lex;
use crate::repair::{repair, trivia};
use crate::split::split;
use crate::tok::Tok;
use crate::view::{join, view};
use chumsky::error::{EmptyErr, Rich};
use chumsky::prelude::*;
use kamrules_base::{FileId, Finding, Span, codes, finding};
use std::borrow::Cow;

/// Parses a file. Every item that can be made out is in the tree, and every mistake in the findings.
pub fn parse(file: FileId, text: &str) -> (File, Vec<Finding>) {
    let mut found = Vec::new();
    let (toks, docs) = prepare(file, text, 0, &mut found);
    let mended = found.len();
    let pieces: Vec<Cow<'_, [Tok<'_>]>> = split(&toks).into_iter().map(|range| balanced(text, 0, &toks[range], &mut found)).collect();
    let (fast, mut slow) = (rules::<EmptyErr>(), None);
    let mut items = Vec::with_capacity(pieces.len());
    for piece in &pieces {
        if piece.is_empty() {
            continue;
        }
        if let Some(finding) = no_item(piece) {
            found.push(finding);
            continue;
        }
        items.extend(run(piece, &docs, |r| &r.item, |r| &r.item, &fast, &mut slow, &mut found));
    }
    let broken = pieces.iter().filter_map(|piece| broken(piece, &found[mended..])).collect();
    finding::sort(&mut found);
    first_of(&mut found);
    (File { items, broken }, found)
}

/// How many findings about one file are told.
const MOST: usize = 1_000;

/// Keeps the first findings of a file that is hardly one, and says that there are more.
fn first_of(found: &mut Vec<Finding>) {
    if let Some(next) = found.get(MOST) {
        let span = next.span().unwrap_or_default();
        let more = Finding::new(codes::UNFINISHED, span, format!("there are {} more mistakes from here on", found.len() - MOST));
        found.truncate(MOST);
        found.push(more.help("mend the first ones: many of the others may come of them"));
    }
}

/// Where a piece stands, if a mistake in it could not be mended.
fn broken(piece: &[Tok<'_>], found: &[Finding]) -> Option<Span> {
    let span = piece.first()?.span.to(piece.last()?.span);
    let inside = |at: Span| span.start <= at.start && at.start <= span.end;
    found.iter().any(|finding| finding.is_error() && finding.span().is_some_and(inside)).then_some(span)
}

/// Parses a lone expression that starts `offset` bytes into its file.
pub fn parse_expr(file: FileId, text: &str, offset: u32) -> (Option<Expr>, Vec<Finding>) {
    lone(file, text, offset, |r| &r.expr, |r| &r.expr)
}

/// Parses expressions with commas between, the first of which starts `offset` bytes into its file.
pub fn parse_exprs(file: FileId, text: &str, offset: u32) -> (Vec<Expr>, Vec<Finding>) {
    let (exprs, found) = lone(file, text, offset, |r| &r.exprs, |r| &r.exprs);
    (exprs.unwrap_or_default(), found)
}

type Choose<'t, O, E> = for<'r> fn(&'r Rules<'t, E>) -> &'r P<'t, O, E>;
type Wordy<'t> = Rich<'t, Tok<'t>>;

fn lone<O>(
    file: FileId,
    text: &str,
    offset: u32,
    fast: for<'t, 'r> fn(&'r Rules<'t, EmptyErr>) -> &'r P<'t, O, EmptyErr>,
    slow: for<'t, 'r> fn(&'r Rules<'t, Wordy<'t>>) -> &'r P<'t, O, Wordy<'t>>,
) -> (Option<O>, Vec<Finding>) {
    let mut found = Vec::new();
    let (toks, docs) = prepare(file, text, offset, &mut found);
    let toks = balanced(text, offset, &toks, &mut found);
    if toks.is_empty() {
        if found.is_empty() {
            found.push(crate::explain::nothing(Span::new(file, offset as usize, offset as usize + text.len())));
        }
        return (None, found);
    }
    let out = run(&toks, &docs, fast, slow, &rules(), &mut None, &mut found);
    finding::sort(&mut found);
    (out, found)
}

/// The tokens as the grammar wants them: mended, joined, and without trivia.
fn prepare<'t>(file: FileId, text: &'t str, offset: u32, found: &mut Vec<Finding>) -> (Vec<Tok<'t>>, Vec<String>) {
    let mut tokens = lex(file, text);
    for token in &mut tokens {
        token.span.start += offset;
        token.span.end += offset;
    }
    shallow(text, offset, &mut tokens, found);
    trivia(text, offset, &tokens, found);
    let seen = view(text, &tokens, offset);
    let mut toks = repair(text, offset, seen.toks, found);
    join(&mut toks);
    (toks, seen.docs)
}

fn balanced<'t, 'a>(text: &str, offset: u32, toks: &'a [Tok<'t>], found: &mut Vec<Finding>) -> Cow<'a, [Tok<'t>]> {
    balance(text, offset, toks, found).map_or(Cow::Borrowed(toks), Cow::Owned)
}

/// Runs a rule over the tokens: first without saying what is wrong, and again with it where something is.
fn run<'t, O>(
    toks: &'t [Tok<'t>],
    docs: &'t [String],
    pick_fast: Choose<'t, O, EmptyErr>,
    pick_slow: Choose<'t, O, Wordy<'t>>,
    fast: &Rules<'t, EmptyErr>,
    slow: &mut Option<Rules<'t, Wordy<'t>>>,
    found: &mut Vec<Finding>,
) -> Option<O> {
    let mut notes = Notes { toks, docs, found: Vec::new() };
    let (out, errors) = pick_fast(fast).parse_with_state(toks, &mut notes).into_output_errors();
    if errors.is_empty() && out.is_some() {
        found.append(&mut notes.found);
        return out;
    }
    let slow = slow.get_or_insert_with(rules);
    let mut notes = Notes { toks, docs, found: Vec::new() };
    let (out, errors) = pick_slow(slow)
        .clone()
        .then_ignore(end().recover_with(via_parser(any().repeated().at_least(1))))
        .parse_with_state(toks, &mut notes)
        .into_output_errors();
    found.append(&mut notes.found);
    found.extend(errors.iter().map(|error| explain(toks, error)));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ast::{ExprKind, ItemKind, RungKind, strip_spans};

    #[test]
    fn a_lone_expression_has_its_places_shifted() {
        let (expr, found) = parse_expr(FileId(3), "abc = A", 100);
        let expr = expr.expect("it parses");
        assert!(found.is_empty());
        assert_eq!((expr.span.start, expr.span.end, expr.span.file), (100, 107, FileId(3)));
        assert_eq!(parse_expr(FileId(0), "", 0).1.len(), 1);
        assert_eq!(parse_expr(FileId(0), "a b", 0).1.len(), 1);
        assert_eq!(parse_exprs(FileId(0), "id, abc, revenue * 2", 0).0.len(), 3);
        assert_eq!(parse_exprs(FileId(0), "id,, abc", 0).1.len(), 1);
    }

    #[test]
    fn what_is_good_beside_a_mistake_is_in_the_tree() {
        let text = "tiers abc for account {\n  A when x\n  B whn y\n  C otherwise\n}\ndefine a.x = 1\n";
        let (file, found) = parse(FileId(0), text);
        assert_eq!((file.items.len(), found.len()), (2, 1));
        let ItemKind::Set(set) = &file.items[0].kind else { panic!("a set") };
        let labels: Vec<&str> = set
            .rungs
            .iter()
            .filter_map(|r| match &r.kind {
                RungKind::Label { name, .. } => Some(name.text.as_str()),
                _ => None,
            })
            .collect();
        assert_eq!(labels, ["A", "C"]);
    }

    #[test]
    fn binding_is_as_the_grammar_says() {
        let cases = [
            ("a or b and not c = d", "a or (b and (not (c = d)))"),
            ("a + b * -c or else d = e", "((a + (b * (-c))) or else d) = e"),
            ("a in b + 1..c", "a in ((b + 1)..c)"),
            ("a - b - c", "(a - b) - c"),
        ];
        for (plain, explicit) in cases {
            assert_eq!(shape(plain), shape(explicit), "{plain}");
        }
    }

    fn shape(text: &str) -> Expr {
        let (mut file, found) = parse(FileId(0), &format!("define a.x = {text}"));
        assert!(found.is_empty(), "{found:?}");
        strip_spans(&mut file);
        let Some(ItemKind::Define(define)) = file.items.pop().map(|i| i.kind) else { panic!("a define") };
        bare(define.value)
    }

    /// The expression without its parentheses.
    fn bare(expr: Expr) -> Expr {
        let kind = match expr.kind {
            ExprKind::Paren(inner) => return bare(*inner),
            ExprKind::Unary(op, inner) => ExprKind::Unary(op, Box::new(bare(*inner))),
            ExprKind::Binary(mut b) => {
                (b.left, b.right) = (bare(b.left), bare(b.right));
                ExprKind::Binary(b)
            }
            ExprKind::Range(mut r) => {
                (r.low, r.high) = (bare(r.low), bare(r.high));
                ExprKind::Range(r)
            }
            kind => kind,
        };
        Expr { kind, ..expr }
    }
}
