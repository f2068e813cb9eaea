//! Looks at every account there can be.

use super::conds::{Cond, Row, eval};
use super::decision::{Decision, When, Win};
use super::domains::{Marks, domains};
use super::vars::{Held, Schema, Source, Val, VarId};
use std::collections::BTreeSet;

/// A fact about the data.
#[derive(Debug, Clone)]
pub struct Fact {
    /// For a fact about rows that are referred to: by which variable.
    pub of: Option<VarId>,
    /// The rows it is about.
    pub filter: Option<Cond>,
    /// What holds for them.
    pub holds: Cond,
}

impl Fact {
    /// Whether a row may be so.
    pub fn allows(&self, row: &dyn Row) -> bool {
        let concerned = self.of.is_none_or(|of| row.get(of).is_some());
        let asked = self.filter.as_ref().is_none_or(|filter| eval(filter, row) == Some(true));
        !concerned || !asked || eval(&self.holds, row) == Some(true)
    }
}

/// What was found about a decision.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// The places of the rungs that lead to it.
    pub path: Vec<usize>,
    /// Whether there is any row that it decides.
    pub asked: bool,
    /// Pairs of rungs of which neither beats the other.
    pub overlaps: BTreeSet<(usize, usize)>,
    /// Whether a row is left over.
    pub gap: bool,
    /// The rungs that never hold for a row unless one above beats them.
    pub never: BTreeSet<usize>,
    /// The rungs that never are the only one to stand.
    pub never_alone: BTreeSet<usize>,
}

impl Found {
    /// Whether something is wrong.
    pub fn is_faulty(&self) -> bool {
        self.gap || !self.overlaps.is_empty() || !self.never.is_empty()
    }
}

/// The values of variables at one point of their domains.
struct Point<'a> {
    schema: &'a Schema,
    domains: &'a [Vec<Held>],
    at: &'a [usize],
}

impl Row for Point<'_> {
    fn get(&self, var: VarId) -> Option<&Val> {
        match self.schema.parent(var) {
            Some(parent) if self.get(parent).is_none() => None,
            _ => self.domains[var][self.at[var]].as_ref(),
        }
    }
}

/// A condition, with what it comes to noted where it hangs on one variable.
enum Fast {
    Table(VarId, Vec<Option<bool>>),
    And(Box<Self>, Box<Self>),
    Or(Box<Self>, Box<Self>),
    Not(Box<Self>),
    Slow(Cond),
}

struct FastDecision {
    guard: Option<Fast>,
    win: Win,
    rungs: Vec<FastRung>,
    found: usize,
}

struct FastRung {
    overrides: bool,
    when: Option<Fast>,
    nested: Option<FastDecision>,
}

/// The values that one point of a domain stands for, all else being missing.
struct Single<'a>(VarId, Option<&'a Val>);

impl Row for Single<'_> {
    fn get(&self, var: VarId) -> Option<&Val> {
        if var == self.0 { self.1 } else { None }
    }
}

fn fast(domains: &[Vec<Held>], of: &Cond) -> Fast {
    let mut marks = Marks::default();
    marks.cond(of);
    let mut vars = marks.vars.iter();
    if let (Some(&var), None) = (vars.next(), vars.next()) {
        let values = domains[var].iter().map(Option::as_ref).chain([None]);
        return Fast::Table(var, values.map(|value| eval(of, &Single(var, value))).collect());
    }
    let both = |a: &Cond, b: &Cond| (Box::new(fast(domains, a)), Box::new(fast(domains, b)));
    match of {
        Cond::And(a, b) => {
            let (a, b) = both(a, b);
            Fast::And(a, b)
        }
        Cond::Or(a, b) => {
            let (a, b) = both(a, b);
            Fast::Or(a, b)
        }
        Cond::Not(a) => Fast::Not(Box::new(fast(domains, a))),
        of => Fast::Slow(of.clone()),
    }
}

impl Fast {
    fn eval(&self, point: &Point<'_>) -> Option<bool> {
        match self {
            Self::Table(var, outcomes) => {
                let beyond = point.schema.parent(*var).is_some_and(|parent| point.get(parent).is_none());
                if beyond { outcomes.last().copied().flatten() } else { outcomes[point.at[*var]] }
            }
            Self::And(a, b) => match a.eval(point) {
                Some(false) => Some(false),
                Some(true) => b.eval(point),
                None => b.eval(point).filter(|yes| !yes),
            },
            Self::Or(a, b) => match a.eval(point) {
                Some(true) => Some(true),
                Some(false) => b.eval(point),
                None => b.eval(point).filter(|yes| *yes),
            },
            Self::Not(a) => a.eval(point).map(|yes| !yes),
            Self::Slow(cond) => eval(cond, point),
        }
    }
}

fn prepare(domains: &[Vec<Held>], of: &Decision, path: Vec<usize>, found: &mut Vec<Found>) -> FastDecision {
    let mine = found.len();
    let all: BTreeSet<usize> = (0..of.rungs.len()).collect();
    found.push(Found { path: path.clone(), never: all.clone(), never_alone: all, ..Found::default() });
    let mut rungs = Vec::new();
    for (at, rung) in of.rungs.iter().enumerate() {
        let when = match &rung.when {
            When::Is(cond) => Some(fast(domains, cond)),
            When::Otherwise => None,
        };
        let mut inner = path.clone();
        inner.push(at);
        let nested = rung.nested.as_ref().map(|nested| prepare(domains, nested, inner, found));
        rungs.push(FastRung { overrides: rung.overrides, when, nested });
    }
    FastDecision { guard: of.guard.as_ref().map(|guard| fast(domains, guard)), win: of.win, rungs, found: mine }
}

fn look(of: &FastDecision, point: &Point<'_>, found: &mut [Found]) {
    if of.guard.as_ref().is_some_and(|guard| guard.eval(point) != Some(true)) {
        return;
    }
    let holds = |rung: &FastRung| rung.when.as_ref().is_some_and(|when| when.eval(point) == Some(true));
    let mut standing = Vec::new();
    for (at, rung) in of.rungs.iter().enumerate() {
        if holds(rung) {
            standing.push(at);
            if of.win == Win::First || (of.win == Win::Exclusive && rung.overrides) {
                break;
            }
        }
    }
    if standing.is_empty() {
        standing.extend(of.rungs.iter().position(|rung| rung.when.is_none()));
    }
    let mine = &mut found[of.found];
    mine.asked = true;
    mine.gap |= standing.is_empty() && of.win != Win::Every;
    for (i, a) in standing.iter().enumerate() {
        mine.never.remove(a);
        if of.win == Win::Exclusive {
            mine.overlaps.extend(standing[i + 1..].iter().map(|b| (*a, *b)));
        }
    }
    if standing.len() == 1 || of.win == Win::Every {
        standing.iter().for_each(|at| {
            mine.never_alone.remove(at);
        });
    }
    for at in standing {
        if let Some(nested) = &of.rungs[at].nested {
            look(nested, point, found);
        }
    }
}

/// What comes of looking at every account.
#[derive(Debug, Clone)]
pub struct Looked {
    /// By decision, the outer ones first, as in [`Decision::all`].
    pub found: Vec<Found>,
    /// How many accounts were looked at.
    pub accounts: usize,
    /// The values that were put together.
    pub domains: Vec<Vec<Held>>,
    /// The variables that mattered.
    pub vars: Vec<VarId>,
}

/// What conditions and the facts that bear on them speak of.
pub fn marks(schema: &Schema, facts: &[Fact], decision: &Decision) -> Marks {
    let mut marks = Marks::default();
    marks.decision(decision);
    let mut left: Vec<&Fact> = facts.iter().collect();
    loop {
        let before = left.len();
        left.retain(|fact| {
            let mut theirs = Marks::default();
            theirs.cond(&fact.holds);
            fact.filter.iter().for_each(|filter| theirs.cond(filter));
            let bears = theirs.vars.iter().any(|var| marks.vars.contains(var));
            if bears {
                marks.cond(&fact.holds);
                fact.filter.iter().for_each(|filter| marks.cond(filter));
            }
            !bears
        });
        if left.len() == before {
            break;
        }
    }
    let parents: Vec<VarId> = marks.vars.iter().filter_map(|&var| schema.parent(var)).collect();
    marks.vars.extend(parents);
    marks
}

/// Whether population facts of one family agree: who is among the first ten is among the first twenty.
pub fn is_consistent(schema: &Schema, vars: &[VarId], row: &dyn Row) -> bool {
    let mut facts = vars.iter().filter_map(|&var| match &schema.vars[var].source {
        Source::Population { family, amount } => Some((family, *amount, row.number(var)? == 1)),
        _ => None,
    });
    let all: Vec<_> = facts.by_ref().collect();
    all.iter().all(|a| all.iter().all(|b| a.0 != b.0 || a.1 >= b.1 || !a.2 || b.2))
}

/// Looks at every account; none, if there are more than so many.
pub fn look_at_all(schema: &Schema, facts: &[Fact], decision: &Decision, most: usize) -> Option<Looked> {
    let marks = marks(schema, facts, decision);
    let vars: Vec<VarId> = marks.vars.iter().copied().collect();
    let domains = domains(schema, &marks)?;
    let total = vars.iter().try_fold(1_usize, |total, &var| total.checked_mul(domains[var].len()))?;
    if total > most {
        return None;
    }
    let mut found = Vec::new();
    let prepared = prepare(&domains, decision, Vec::new(), &mut found);
    let facts: Vec<&Fact> = facts.iter().filter(|fact| bears(fact, &vars)).collect();
    let mut at = vec![0; schema.vars.len()];
    let mut accounts = 0;
    loop {
        let point = Point { schema, domains: &domains, at: &at };
        // What lies behind a missing reference is looked at once.
        let twice = vars.iter().any(|&var| at[var] != 0 && schema.parent(var).is_some_and(|parent| point.get(parent).is_none()));
        if !twice && is_consistent(schema, &vars, &point) && facts.iter().all(|fact| fact.allows(&point)) {
            accounts += 1;
            look(&prepared, &point, &mut found);
        }
        if !vars.iter().any(|&var| {
            at[var] = (at[var] + 1) % domains[var].len();
            at[var] != 0
        }) {
            return Some(Looked { found, accounts, domains, vars });
        }
    }
}

/// Whether a fact is about some of these variables (then all of its variables are among them).
pub fn bears(fact: &Fact, vars: &[VarId]) -> bool {
    let mut marks = Marks::default();
    marks.cond(&fact.holds);
    fact.filter.iter().for_each(|filter| marks.cond(filter));
    marks.vars.iter().any(|var| vars.contains(var))
}
