//! Proofs about decisions: at most one rung holds, always one holds, every rung is reached; with an example for what is not so.
//!
//! [`space`] is the finite geometry beneath, without any meaning. What a verdict is stands in [`verdict`].
//! This crate sees no syntax and no data, and evaluates nothing: its examples are to be replayed by whoever shows them.

mod bounds;
mod compare;
mod compute;
mod conditions;
mod cut;
mod decisions;
pub mod differ;
mod example;
mod formula;
pub mod graft;
mod occasions;
mod plan;
mod realise;
mod scope;
mod solver;
pub mod space;
mod subject;
mod ties;
mod truth;
pub mod verdict;

pub use conditions::conditions;
pub use differ::{Comparison, Difference, compare};
pub use graft::graft;
pub use subject::Place;
pub use verdict::{Asked, Example, Flaw, FlawKind, Held, Reason, Verdict, What, Why};

use kamrules_base::Date;
use kamrules_model::{DecisionId, ListId, Model, Sym, Value};
use rustc_hash::FxHashMap;

/// What is known from the start.
pub struct Setting<'a> {
    /// The policy.
    pub model: &'a Model,
    /// The day that `today` is; any day, if it is not said.
    pub as_of: Option<Date>,
    /// The texts of lists that are read from files, as far as they are at hand.
    pub lists: FxHashMap<ListId, Vec<Sym>>,
    /// For rungs `each` whose table is at hand: the values that the present row's side of each key must have, a list for each row.
    pub each: FxHashMap<(DecisionId, u32), Vec<Vec<Value>>>,
    /// How many steps the questions of one kind about a decision may take together: whether two rungs meet, whether one is left over, whether each is
    /// reached. When they are used up, each further question of that kind still gets a small part.
    pub steps: u64,
}

/// What is wrong with the decisions of a policy: the named ones, all versions of each, with the questions and rungs nested in them,
/// and each `match` on the occasions on which it is asked.
pub fn prove(setting: &Setting<'_>) -> Vec<Verdict> {
    let mut out = Vec::new();
    for set in &setting.model.sets {
        for version in &set.versions {
            out.extend(decisions::with_own(setting, version.decision));
        }
    }
    for (id, occasions) in occasions::occasions(setting.model).matches {
        let occasions: Vec<_> = if occasions.iter().any(Vec::is_empty) { Vec::new() } else { occasions };
        out.extend(decisions::decision(setting, id, &occasions));
    }
    out
}
