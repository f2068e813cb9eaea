//! Policies with decision sets, out of a seed.
//!
//! About half of the sets are made out of conditions of which exactly one holds, said in various ways; many of these are then bent, so that
//! something may be wrong with them. The others are made without such care. What really is wrong is found out elsewhere.

mod atoms;
mod forms;
mod large;
mod parts;
mod rungs;
mod schema;

pub use large::make_large;

use super::brute::Fact;
use super::decision::{Decision, Win};
use super::vars::{Schema, days};
use crate::generate::Rng;

/// Where the generator itself looks at accounts, it looks at no more than these.
const MOST: usize = 20_000;

/// Where a decision stands in the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In a version of a named set.
    Set(String, usize),
    /// In a define, as its value.
    Define(String),
}

/// A decision, and where it stands.
#[derive(Debug, Clone)]
pub struct MadeSet {
    /// Where.
    pub place: Place,
    /// What form it has.
    pub form: &'static str,
    /// The decision.
    pub decision: Decision,
    /// As it is written.
    pub text: String,
}

/// A policy.
#[derive(Debug, Clone)]
pub struct Made {
    /// Its text.
    pub text: String,
    /// What of it stands before the sets.
    pub head: String,
    /// What its conditions speak of.
    pub schema: Schema,
    /// The facts about the data.
    pub facts: Vec<Fact>,
    /// Its decisions.
    pub sets: Vec<MadeSet>,
}

/// The state.
struct Gen {
    rng: Rng,
    schema: Schema,
    facts: Vec<Fact>,
    today: i64,
    out: String,
    next: usize,
    sets: Vec<MadeSet>,
}

/// A decision as segments of that name.
pub fn as_segments(schema: &Schema, name: &str, decision: &Decision) -> String {
    let filter = forms::where_text(schema, decision.guard.as_ref());
    let mode = match decision.win {
        Win::First => " first match",
        Win::Exclusive => "",
        Win::Every => " every match",
    };
    format!("territories {name} for account{filter}{mode} {{\n{}}}", forms::written(schema, decision, 1, &mut 0, false))
}

/// Makes a policy with so many sets.
pub fn make(seed: u64, sets: usize) -> Made {
    let mut g = Gen::new(seed ^ 0x6B61_6D72_756C_6573);
    g.make_schema();
    g.make_facts();
    let head = format!("{}{}", g.entities(), g.out);
    g.out.clear();
    for _ in 0..sets {
        g.set();
    }
    Made { text: format!("{head}{}", g.out), head, schema: g.schema, facts: g.facts, sets: g.sets }
}

impl Gen {
    fn new(seed: u64) -> Self {
        let rng = Rng::new(seed);
        let mut g = Self {
            rng,
            schema: Schema::default(),
            facts: Vec::new(),
            today: days(2025, 6, 28),
            out: String::new(),
            next: 0,
            sets: Vec::new(),
        };
        g.today += g.rng.between(0, 4);
        g
    }
}
