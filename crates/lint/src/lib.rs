//! What a policy is allowed to say but probably does not mean: unused items, numbers repeated, tests that prove nothing.
//!
//! A lint is a file named for what it finds, with one entry function from a [`Policy`] to findings. [`lint`] runs them all.
//! Which of them are allowed, warned of or denied is not known here, nor what the data hold.

use kamrules_base::{FileId, Finding, Sources};
use kamrules_model::Model;
use kamrules_syntax::ast;

/// A policy that was checked.
pub struct Policy<'a> {
    /// Its files as they were parsed, the standard library not among them.
    pub files: &'a [(FileId, ast::File)],
    /// Their texts.
    pub sources: &'a Sources,
    /// What the checker made of them.
    pub model: &'a Model,
}

/// Everything that is probably not meant, in no particular order.
pub fn lint(_policy: &Policy<'_>) -> Vec<Finding> {
    Vec::new()
}
