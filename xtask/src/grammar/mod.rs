//! The grammar as LALR(1) tables: [`bnf`] writes the rules out without `? * + |`, [`tables`] builds the states and
//! reports conflicts, [`run`] parses with them.
//!
//! The product's parser is written by hand; these tables hold it to the published grammar and hold the grammar to one
//! token of foresight.

pub mod bnf;
pub mod run;
pub mod tables;

pub use bnf::{Bnf, Symbol, desugar};
pub use run::{Candidate, Refusal, accepts};
pub use tables::{Tables, build};

use crate::words::Words;

/// Reads both grammar files below the workspace into one BNF.
pub fn load(root: &std::path::Path) -> Result<Bnf, String> {
    let words = crate::words::read(&crate::generate::source(root, "grammar/keywords.toml")?)?;
    let rules = crate::ebnf::read(&crate::generate::source(root, "grammar/kam.ebnf")?)?;
    desugar(&rules, &reserved(&words))
}

/// Every reserved word.
pub fn reserved(words: &Words) -> Vec<String> {
    words.items.iter().chain(&words.reserved).map(|(word, _)| word.clone()).collect()
}
