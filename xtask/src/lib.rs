//! Development commands, as functions that tests call too.
//!
//! [`words`] reads `grammar/keywords.toml`; [`ebnf`] reads `grammar/kam.ebnf`; [`grammar`] turns the rules into LALR(1)
//! tables, reports their conflicts and runs them as a second parser; [`page`] and [`table`] write what is generated from
//! both; [`findings`], [`functions`] and [`library`] write pages of the documentation from what the product says of itself; [`generate`]
//! puts the files in place or says which are out of date.
//!
//! Nothing here is part of the product, and nothing of the product depends on it.

pub mod ebnf;
pub mod findings;
pub mod functions;
pub mod generate;
pub mod grammar;
pub mod library;
pub mod page;
pub mod table;
pub mod words;

use std::path::{Path, PathBuf};

/// The folder of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the manifest lies in a folder of the workspace").to_path_buf()
}
