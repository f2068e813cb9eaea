//! Whether two decisions give the same answer for every row; if not, an example of each kind of difference.
//!
//! Both are of one model: two versions of a set, or what [`crate::graft()`] brought over from another policy. Answers go by the names of
//! their labels. A row that two rungs claim is taken to have the answer of either.

use crate::Setting;
use crate::example::example;
use crate::formula::Formula;
use crate::plan::{Answer, answers};
use crate::scope::Scope;
use crate::solver::{Solver, product};
use crate::space::{Cover, Region};
use crate::verdict::Example;
use kamrules_model::DecisionId;

/// A kind of difference: rows that the first gives one answer and the second another; none is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The answer of the first.
    pub from: Option<String>,
    /// The answer of the second.
    pub to: Option<String>,
    /// A row for which they differ so.
    pub example: Example,
    /// Whether the example surely can exist.
    pub sure: bool,
}

/// What came of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Comparison {
    /// All kinds of differences; none, if the decisions are equivalent.
    Differences(Vec<Difference>),
    /// It was not found out within the steps.
    NotProved,
}

/// Compares two decisions about the rows of one entity.
pub fn compare(setting: &Setting<'_>, first: DecisionId, second: DecisionId) -> Comparison {
    let mut scope = Scope::new(setting);
    let (one, other) = (answers(&mut scope, first), answers(&mut scope, second));
    let entity = setting.model.decision(first).ctx.entity();
    let mut solver = Solver::new(scope, entity);
    let (Some(one), Some(other)) = (Side::new(&solver, one), Side::new(&solver, other)) else { return Comparison::NotProved };
    let mut found: Vec<Difference> = Vec::new();
    for (from, mine, my_taken) in one.all() {
        for (to, theirs, their_taken) in other.all() {
            if from == to || found.iter().any(|known| known.from == from && known.to == to) {
                continue;
            }
            let Some(both) = product(&mine, &theirs) else { return Comparison::NotProved };
            let taken: Vec<&Region> = my_taken.iter().chain(&their_taken).collect();
            for target in &both {
                match solver.cover(target, &taken) {
                    Cover::Whole(_) => {}
                    Cover::TooLong => return Comparison::NotProved,
                    Cover::Open(region) => {
                        let (example, sure) = example(&solver, &region, entity);
                        found.push(Difference { from: from.clone(), to: to.clone(), example, sure });
                        break;
                    }
                }
            }
        }
    }
    Comparison::Differences(found)
}

/// The answers of a decision as regions.
struct Side {
    answers: Vec<(String, Vec<Region>, Vec<Region>)>,
}

impl Side {
    fn new(solver: &Solver<'_>, answers: Vec<Answer>) -> Option<Self> {
        let mut out = Vec::new();
        for answer in answers {
            let regions = solver.regions(&answer.when)?;
            let mut taken = Vec::new();
            for formula in &answer.taken {
                taken.extend(solver.regions(formula)?);
            }
            out.push((answer.name, regions, taken));
        }
        Some(Self { answers: out })
    }

    /// Each answer with its regions and what is taken from them; and no answer, for all that is in none of them.
    fn all(&self) -> Vec<(Option<String>, Vec<Region>, Vec<Region>)> {
        let mut all: Vec<_> =
            self.answers.iter().map(|(name, regions, taken)| (Some(name.clone()), regions.clone(), taken.clone())).collect();
        let any: Vec<Region> = self.answers.iter().flat_map(|(_, regions, _)| regions.clone()).collect();
        all.push((None, vec![Region::whole()], any));
        all
    }
}

impl Answer {
    /// An answer for what a formula says, but not for what others take.
    pub(crate) fn new(name: String, when: Formula, taken: Vec<Formula>) -> Self {
        Self { name, when, taken }
    }
}
