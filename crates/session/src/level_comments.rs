//! Comments that set the level of findings: `# kamrules allow unused_list: kept for next year`.
//!
//! On a line of its own such a comment is about the whole of what begins on the next line that is not a comment: an item, a rung, a row, a
//! branch, a field, an attribute or a clause. At the end of a line it is about what begins on that line and about what ends there.

use kamrules_base::{Code, FileId, Finding, Lever, Span, codes, near};
use kamrules_syntax::{Token, TokenKind, constructs, lex};

/// A comment that sets the level of findings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LevelComment {
    /// What is said of the level.
    pub lever: Lever,
    /// The findings, by name or code, each with its place.
    pub names: Vec<(String, Span)>,
    /// Whether a reason is given.
    pub has_reason: bool,
    /// The comment.
    pub span: Span,
    /// What would be taken out with it: its line, or the blanks before it.
    pub whole: Span,
    /// The ranges that a finding has to begin in.
    pub about: Vec<Span>,
}

/// The comments of a file that set levels, and those that nearly do.
pub(crate) fn level_comments(file: FileId, text: &str) -> (Vec<LevelComment>, Vec<Finding>) {
    if !text.to_ascii_lowercase().contains(WORD) {
        return (Vec::new(), Vec::new());
    }
    let tokens = lex(file, text);
    let (mut comments, mut findings, mut pieces) = (Vec::new(), Vec::new(), None);
    for (at, token) in tokens.iter().enumerate().filter(|(_, token)| token.kind == TokenKind::Comment) {
        match read(text, token.span) {
            Some(Ok((lever, names, has_reason))) => {
                let token = Token {
                    span: Span { end: token.span.start + text[token.span.range()].trim_end().len() as u32, ..token.span },
                    ..*token
                };
                let pieces = pieces.get_or_insert_with(|| constructs(&kamrules_syntax::parse(file, text).0, text));
                let line = line(text, token.span);
                let (own, about) = about(text, &tokens, at, line, pieces);
                let whole = if own { line } else { Span { start: code_end(&tokens[..at]), ..token.span } };
                comments.push(LevelComment { lever, names, has_reason, span: token.span, whole, about });
            }
            Some(Err(finding)) => findings.push(*finding),
            None => {}
        }
    }
    (comments, findings)
}

/// What such a comment starts with.
const WORD: &str = "kamrules";

type Read = (Lever, Vec<(String, Span)>, bool);

/// What a comment says, if it speaks to us.
fn read(text: &str, span: Span) -> Option<Result<Read, Box<Finding>>> {
    let comment = &text[span.range()];
    let start = comment.trim_start_matches('#').trim_start();
    let (word, rest) = start.split_at_checked(WORD.len()).filter(|(word, _)| word.eq_ignore_ascii_case(WORD))?;
    let said = rest.trim_start_matches(':').trim_start();
    if said.len() == rest.len() {
        return None;
    }
    let exact = word == WORD && !rest.starts_with(':');
    let word: &str = said.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let at = |part: &str| {
        let start = part.as_ptr() as usize - text.as_ptr() as usize;
        Span::new(span.file, start, start + part.len())
    };
    let Some(lever) = Lever::parse(word) else {
        let meant = near::nearest(word, Lever::ALL.map(Lever::word))?;
        // `kamrules allows one owner for each account` is a sentence, and names no finding.
        let next = said[word.len()..].split(|c: char| !c.is_alphanumeric() && c != '_').find(|word| !word.is_empty())?;
        near::nearest(next, codes::all().map(|info| info.name)).or(Code::named(next).map(|_| next))?;
        let finding = Finding::new(codes::MISSPELT_LEVEL, at(word), format!("`{word}` sets no level; did you mean `{meant}`?"));
        return Some(Err(Box::new(finding.fix(format!("write `{meant}`"), at(word), meant))));
    };
    if !exact {
        // Nearly right is wrong in silence; but a sentence about kamrules names no finding.
        let next = said[word.len()..].split(|c: char| !c.is_alphanumeric() && c != '_').find(|word| !word.is_empty())?;
        Code::named(next)?;
        let head = &start[..start.len() - said.len()];
        let message = format!("`{}` sets no level: it is written `# kamrules {} {next}: reason`", head.trim(), lever.word());
        return Some(Err(Box::new(Finding::new(codes::MISSPELT_LEVEL, at(head), message).fix("write `kamrules `", at(head), "kamrules "))));
    }
    let rest = &said[word.len()..];
    let (names, reason) = rest.split_once(':').unwrap_or((rest, ""));
    // What is no name ends the list: a reason without its colon is not read as the name of a finding.
    let names = names.split(',').map(|name| name.split_whitespace().next().unwrap_or(name.trim_start()));
    let names = names.map(|name| (name.to_owned(), at(name))).collect();
    Some(Ok((lever, names, !reason.trim().is_empty())))
}

/// Whether the comment stands alone on its line, and the ranges that it is about.
fn about(text: &str, tokens: &[Token], at: usize, line: Span, pieces: &[Span]) -> (bool, Vec<Span>) {
    let before = tokens[..at].iter().rposition(|token| !token.kind.is_trivia()).map(|at| (at, &tokens[at]));
    let Some((before_at, before)) = before.filter(|(_, token)| token.span.end > line.start) else {
        let next = tokens[at..].iter().find(|token| !token.kind.is_trivia());
        let begun = next.map(|next| self::line(text, Span { start: next.span.start, ..next.span }));
        let piece = next.and_then(|next| pieces.iter().find(|piece| piece.start == next.span.start));
        return (true, piece.copied().or(begun).into_iter().collect());
    };
    // A comma belongs to what it ends, and an opening brace to the words before it.
    let last = if before.kind == TokenKind::Comma { code_end(&tokens[..before_at]) } else { before.span.end };
    let opens = |piece: &Span| before.kind == TokenKind::LBrace && piece.touches(before.span.start);
    let ended = pieces.iter().filter(|piece| piece.end == last || opens(piece)).max_by_key(|piece| piece.start);
    let ended = ended.map(|piece| Span { end: line.end, ..*piece });
    (false, std::iter::once(line).chain(ended).collect())
}

/// Where the last token ends that is no trivia.
fn code_end(tokens: &[Token]) -> u32 {
    tokens.iter().rev().find(|token| !token.kind.is_trivia()).map_or(0, |token| token.span.end)
}

/// The line that a place begins on, its end of line among it.
fn line(text: &str, span: Span) -> Span {
    let start = text[..span.start as usize].rfind('\n').map_or(0, |at| at + 1);
    let end = text[span.start as usize..].find('\n').map_or(text.len(), |at| span.start as usize + at + 1);
    Span::new(span.file, start, end)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What each comment is about: the first line of each range.
    fn found(text: &str) -> Vec<Vec<&str>> {
        let (comments, findings) = level_comments(FileId(0), text);
        assert!(findings.is_empty(), "{findings:?}");
        let first = |span: &Span| text[span.range()].lines().map(str::trim).collect::<Vec<_>>().join(" ");
        let leak = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
        comments.iter().map(|comment| comment.about.iter().map(|span| leak(first(span))).collect()).collect()
    }

    #[test]
    fn a_line_of_its_own_is_about_what_begins_next() {
        let text = "# kamrules allow tab: x\n\n## What it is.\n# and more\ntiers t for a {\n  # kamrules deny tab\n  A when x\n    > 1 { b = 1 }\n  # kamrules warn tab\n}\n";
        assert_eq!(
            found(text),
            [
                vec!["tiers t for a { # kamrules deny tab A when x > 1 { b = 1 } # kamrules warn tab }"],
                vec!["A when x > 1 { b = 1 }"],
                vec!["}"]
            ]
        );
    }

    #[test]
    fn the_end_of_a_line_is_about_that_line_and_what_ends_there() {
        let text = "define x = # kamrules deny tab\n  if a then b\n  else c # kamrules deny tab\n";
        assert_eq!(
            found(text),
            [
                vec!["define x = # kamrules deny tab"],
                vec!["else c # kamrules deny tab", "define x = # kamrules deny tab if a then b else c # kamrules deny tab"]
            ]
        );
        let text = "tiers t for a\n  where b { # kamrules deny tab\n  A when x\n  > 1, # kamrules deny tab\n}\n";
        assert_eq!(
            found(text),
            [
                vec!["where b { # kamrules deny tab", "tiers t for a where b { # kamrules deny tab"],
                vec!["> 1, # kamrules deny tab", "A when x > 1, # kamrules deny tab"]
            ]
        );
    }

    #[test]
    fn only_comments_that_speak_to_us_are_read() {
        for text in [
            "# kamrules",
            "# kamrules is good",
            "# kamrules_allow tab: x",
            "## kamrules allow tab: x",
            "# we allow tab: x",
            "# kamrules allows one owner each",
        ] {
            assert_eq!(level_comments(FileId(0), text), (Vec::new(), Vec::new()), "{text}");
        }
        let (_, findings) = level_comments(FileId(0), "# kamrules alow tab: x");
        assert_eq!(findings.len(), 1);
        let (comments, _) = level_comments(FileId(0), "#kamrules  allow tab,cycle , K0106 : why: so");
        let names: Vec<&str> = comments[0].names.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!((names, comments[0].has_reason), (vec!["tab", "cycle", "K0106"], true));
        let (comments, _) = level_comments(FileId(0), "# kamrules allow tab kept for next year");
        assert_eq!((comments[0].names[0].0.as_str(), comments[0].has_reason), ("tab", false));
    }

    /// The constructs that begin within what a file's only comment is about, by the number of the token they begin with.
    fn begun(text: &str) -> Vec<usize> {
        let (comments, _) = level_comments(FileId(0), text);
        let tokens: Vec<Token> = lex(FileId(0), text).into_iter().filter(|t| !t.kind.is_trivia() && t.kind != TokenKind::Comma).collect();
        let number = |at: u32| tokens.iter().position(|token| token.span.start == at);
        let about = &comments[0].about;
        let pieces = constructs(&kamrules_syntax::parse(FileId(0), text).0, text).into_iter();
        let inside = pieces.filter(|piece| about.iter().any(|span| span.start <= piece.start && piece.start < span.end));
        inside.filter_map(|piece| number(piece.start)).collect()
    }

    #[test]
    fn formatting_leaves_a_comment_with_what_it_is_about() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/quickstart");
        let files = std::fs::read_dir(folder).expect("the example is there").map(|entry| entry.expect("an entry").path());
        let mut count = 0;
        for path in files.filter(|path| path.extension().is_some_and(|ending| ending == "kam")) {
            let text = std::fs::read_to_string(&path).expect("a file of the example");
            let lines: Vec<&str> = text.lines().collect();
            for at in (0..lines.len()).step_by(3) {
                for own in [true, false] {
                    let mut changed: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
                    // Narrower than it should be, so that the formatter has something to do.
                    changed[at] = format!("{}{}", if own { "   # kamrules deny tab\n" } else { "" }, lines[at].trim_start());
                    // A line that is too long is broken, and what stands at its end stays with the end.
                    let long = lines[at].chars().count() > 110;
                    if !own && (long || lines[at].contains('#')) || lines[at].trim().is_empty() {
                        continue;
                    }
                    if !own {
                        changed[at].push_str(" # kamrules deny tab");
                    }
                    let before = changed.join("\n");
                    let Ok(after) = kamrules_syntax::format::format(FileId(0), &before) else { continue };
                    assert_eq!(begun(&before), begun(&after), "{}:{} {before}\n---\n{after}", path.display(), at + 1);
                    count += 1;
                }
            }
        }
        assert!(count > 100, "{count}");
    }
}
