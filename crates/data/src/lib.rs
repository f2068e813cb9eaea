//! Sources to columns, answers to files.
//!
//! In order: `locate` finds the files, `decode` turns bytes into text, `scan` cuts delimited text into cells in
//! place and `json` (with `json_split`) does so for JSON, `source` makes one kind of row of both, `header` matches columns to fields,
//! `cell` reads one cell (with `number`, `dates`, `rates` and, for what is wrong, `advice`), `work` fills the tables, `link` checks keys and
//! follows references, `load` orders all that, and `write` goes the other way. Beside it `inspect` looks at files
//! that no policy speaks of yet, and `starter` writes the policy to begin with.
//!
//! This crate knows entities and their fields, and nothing of rules.

#![allow(clippy::result_large_err, reason = "a finding is made once per file at most, and boxing it would only hide it")]

mod advice;
mod cell;
mod dates;
mod decode;
mod header;
mod inspect;
mod json;
mod json_split;
mod link;
mod load;
mod locate;
mod naming;
mod number;
mod profile;
mod rates;
mod scan;
mod source;
mod starter;
mod work;
mod write;

pub use header::check_headers;
pub use inspect::{ColumnGuess, FileGuess, Guess, Inspection, inspect};
pub use load::{load, load_entity_from, load_some, set_aside};
pub use starter::starter;
pub use write::{write_csv, write_ndjson};

use kamrules_base::{Code, Finding};
use kamrules_model::Book;

/// A book as it was loaded, and what was wrong with the sources.
#[derive(Debug, Clone, Default)]
pub struct Loaded {
    /// The rows that were kept.
    pub book: Book,
    /// What was wrong, in the order of sources, rows and columns.
    pub faults: Vec<DataFault>,
    /// How many rows of each source were set aside.
    pub set_aside: Vec<SetAside>,
    /// What keeps the run from being made at all: an unreadable file, a missing column. Such an entity's table is empty.
    pub blocking: Vec<Finding>,
}

/// Something wrong in a source: its row is set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataFault {
    /// The source, as it is named in the policy or on the command line (a glob's match by its path).
    pub source: String,
    /// The row a spreadsheet shows (the header is 1); for JSON Lines the line; for JSON the element, from 1.
    pub row: u32,
    /// The column; empty when the whole row is meant.
    pub column: String,
    /// The value as it stands there.
    pub value: String,
    /// The code of its page.
    pub code: Code,
    /// What was wanted, in a sentence.
    pub message: String,
    /// Whether the row is set aside only because of another row it refers to.
    pub cascaded: bool,
}

/// How many rows of a source were set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    /// The source.
    pub source: String,
    /// How many for faults of their own.
    pub own: u64,
    /// How many because of a row they refer to.
    pub cascaded: u64,
}
