//! Interned text: equal texts have equal symbols, so that comparing them compares integers.

use rustc_hash::FxHashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// An interned text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sym(pub u32);

/// The texts of a policy and its data. Texts can be added behind a shared reference; none is ever removed.
///
/// Symbols say nothing of order, and their numbers may differ from run to run: nothing that is printed may hang on them.
#[derive(Debug, Default)]
pub struct Texts {
    inner: RwLock<Inner>,
}

#[derive(Debug, Default, Clone)]
struct Inner {
    texts: Vec<Arc<str>>,
    symbols: FxHashMap<Arc<str>, Sym>,
}

impl Clone for Texts {
    fn clone(&self) -> Self {
        Self { inner: RwLock::new(self.read().clone()) }
    }
}

impl Texts {
    /// The symbol of a text, taken in if it is new.
    pub fn intern(&self, text: &str) -> Sym {
        if let Some(&sym) = self.read().symbols.get(text) {
            return sym;
        }
        let mut inner = self.inner.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(&sym) = inner.symbols.get(text) {
            return sym;
        }
        let sym = Sym(inner.texts.len() as u32);
        let shared: Arc<str> = text.into();
        inner.texts.push(shared.clone());
        inner.symbols.insert(shared, sym);
        sym
    }

    /// The symbol of a text that is known already.
    pub fn find(&self, text: &str) -> Option<Sym> {
        self.read().symbols.get(text).copied()
    }

    /// The text of a symbol.
    pub fn get(&self, sym: Sym) -> Arc<str> {
        self.read().texts[sym.0 as usize].clone()
    }

    /// A copy of the list of texts, for many look-ups without a lock.
    pub fn snapshot(&self) -> Vec<Arc<str>> {
        self.read().texts.clone()
    }

    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.read().texts.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, Inner> {
        self.inner.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A text without its case: each character by Unicode's table of simple case foldings, so that it keeps its number of characters.
pub fn fold(text: &str) -> String {
    text.chars().map(fold_char).collect()
}

/// A character without its case.
pub fn fold_char(c: char) -> char {
    unicode_case_mapping::case_folded(c).and_then(|code| char::from_u32(code.get())).unwrap_or(c)
}
