//! Where each word of a policy is mentioned: as a name, or inside the braces of a text that has some. Comments mention nothing.

use crate::Policy;
use kamrules_base::Span;
use kamrules_syntax::{TokenKind, lex};
use rustc_hash::FxHashMap;

/// The places of each word.
pub(crate) struct Words {
    places: FxHashMap<String, Vec<Span>>,
}

impl Words {
    /// Reads the texts of the policy's files.
    pub fn of(policy: &Policy<'_>) -> Self {
        let mut words = Self { places: FxHashMap::default() };
        for (file, _) in policy.files {
            let text = &policy.sources.get(*file).text;
            for token in lex(*file, text) {
                let said = &text[token.span.range()];
                match token.kind {
                    TokenKind::Word => words.keep(said, token.span),
                    TokenKind::Text if said.contains('{') => words.keep_braces(said, token.span),
                    _ => {}
                }
            }
        }
        words
    }

    fn keep(&mut self, word: &str, span: Span) {
        match self.places.get_mut(word) {
            Some(places) => places.push(span),
            None => drop(self.places.insert(word.to_owned(), vec![span])),
        }
    }

    fn keep_braces(&mut self, text: &str, span: Span) {
        for piece in text.split('{').skip(1) {
            let inside = piece.split('}').next().unwrap_or_default();
            inside.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()).for_each(|word| self.keep(word, span));
        }
    }

    /// Where a word is mentioned.
    pub fn places(&self, word: &str) -> &[Span] {
        self.places.get(word).map_or(&[], Vec::as_slice)
    }

    /// Whether a word is mentioned anywhere but at these places.
    pub fn elsewhere(&self, word: &str, but: &[Span]) -> bool {
        self.places(word).iter().any(|place| !but.contains(place))
    }

    /// Whether a word is mentioned in a part of the text.
    pub fn inside(&self, word: &str, part: Span) -> bool {
        self.places(word).iter().any(|place| place.file == part.file && part.start <= place.start && place.end <= part.end)
    }
}
