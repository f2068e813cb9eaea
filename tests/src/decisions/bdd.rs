//! A second method for decisions with more accounts than can be looked at: binary decision diagrams.
//!
//! The place of a variable's value in its domain is written in bits, and each bit is a variable of the diagrams. A condition becomes
//! two of them: where it is yes, and where it is no.

use super::brute::{Fact, Found, Looked, bears, marks};
use super::conds::{Cond, Row, eval, passes};
use super::decision::{Decision, When, Win};
use super::domains::{Marks, domains};
use super::vars::{Held, Schema, Source, Val, VarId};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// A diagram, by its place.
type Bdd = u32;

const NO: Bdd = 0;
const YES: Bdd = 1;

/// Diagrams, each once.
struct Store {
    nodes: Vec<(u32, Bdd, Bdd)>,
    places: FxHashMap<(u32, Bdd, Bdd), Bdd>,
    done: FxHashMap<(Bdd, Bdd, Bdd), Bdd>,
}

impl Store {
    fn new() -> Self {
        Self { nodes: vec![(u32::MAX, NO, NO), (u32::MAX, YES, YES)], places: FxHashMap::default(), done: FxHashMap::default() }
    }

    fn node(&mut self, bit: u32, low: Bdd, high: Bdd) -> Bdd {
        if low == high {
            return low;
        }
        let next = self.nodes.len() as Bdd;
        let at = *self.places.entry((bit, low, high)).or_insert(next);
        if at == next {
            self.nodes.push((bit, low, high));
        }
        at
    }

    /// The second where the first is yes, the third where it is no.
    fn choose(&mut self, f: Bdd, g: Bdd, h: Bdd) -> Bdd {
        match (f, g, h) {
            (YES, ..) => return g,
            (NO, ..) => return h,
            (_, YES, NO) => return f,
            _ if g == h => return g,
            _ => {}
        }
        if let Some(&done) = self.done.get(&(f, g, h)) {
            return done;
        }
        let bit = [f, g, h].into_iter().map(|of| self.nodes[of as usize].0).min().unwrap_or(u32::MAX);
        let side = |store: &Self, of: Bdd, high: bool| {
            let node = store.nodes[of as usize];
            if node.0 != bit {
                of
            } else if high {
                node.2
            } else {
                node.1
            }
        };
        let [a, b, c] = [f, g, h].map(|of| side(self, of, false));
        let low = self.choose(a, b, c);
        let [a, b, c] = [f, g, h].map(|of| side(self, of, true));
        let high = self.choose(a, b, c);
        let made = self.node(bit, low, high);
        self.done.insert((f, g, h), made);
        made
    }

    fn and(&mut self, a: Bdd, b: Bdd) -> Bdd {
        self.choose(a, b, NO)
    }

    fn or(&mut self, a: Bdd, b: Bdd) -> Bdd {
        self.choose(a, YES, b)
    }

    fn not(&mut self, a: Bdd) -> Bdd {
        self.choose(a, NO, YES)
    }
}

/// Where a condition is yes, and where it is no.
#[derive(Clone, Copy)]
struct Truth {
    yes: Bdd,
    no: Bdd,
}

struct Diagrams<'a> {
    store: Store,
    schema: &'a Schema,
    domains: Vec<Vec<Held>>,
    // The first bit of each variable, and how many it has.
    bits: Vec<(u32, u32)>,
}

/// Some variables' values, all else being missing.
struct Given<'a>(&'a [(VarId, Option<&'a Val>)]);

impl Row for Given<'_> {
    fn get(&self, var: VarId) -> Option<&Val> {
        self.0.iter().find(|(known, _)| *known == var).and_then(|(_, value)| *value)
    }
}

impl Diagrams<'_> {
    /// Where a variable has one of these places in its domain; of a variable behind a missing reference nothing is said here.
    fn places(&mut self, var: VarId, wanted: &[bool]) -> Bdd {
        let (first, count) = self.bits[var];
        self.codes(first, count, 0, wanted)
    }

    fn codes(&mut self, bit: u32, left: u32, code: usize, wanted: &[bool]) -> Bdd {
        if left == 0 {
            return if wanted.get(code).copied().unwrap_or(false) { YES } else { NO };
        }
        let low = self.codes(bit + 1, left - 1, code, wanted);
        let high = self.codes(bit + 1, left - 1, code + (1 << (left - 1)), wanted);
        self.store.node(bit, low, high)
    }

    /// Where a reference is missing.
    fn beyond(&mut self, var: VarId) -> Bdd {
        let Some(parent) = self.schema.parent(var) else { return NO };
        let wanted: Vec<bool> = self.domains[parent].iter().map(Option::is_none).collect();
        self.places(parent, &wanted)
    }

    /// Where what is said of one variable holds.
    fn single(&mut self, var: VarId, holds: &dyn Fn(Option<&Val>) -> bool) -> Bdd {
        let wanted: Vec<bool> = self.domains[var].iter().map(|held| holds(held.as_ref())).collect();
        let here = self.places(var, &wanted);
        let beyond = self.beyond(var);
        self.store.choose(beyond, if holds(None) { YES } else { NO }, here)
    }

    /// A condition on a few variables, all of whose values are put together.
    fn table(&mut self, of: &Cond, vars: &[VarId], fixed: &mut Vec<(VarId, Option<Val>)>) -> Truth {
        let Some((&var, rest)) = vars.split_first() else {
            let values: Vec<(VarId, Option<&Val>)> = fixed.iter().map(|(var, value)| (*var, value.as_ref())).collect();
            let come = eval(of, &Given(&values));
            return Truth { yes: if come == Some(true) { YES } else { NO }, no: if come == Some(false) { YES } else { NO } };
        };
        let mut out = Truth { yes: NO, no: NO };
        let mut values: Vec<Option<Val>> = self.domains[var].clone();
        if !values.contains(&None) && self.schema.parent(var).is_some() {
            values.push(None);
        }
        for value in values {
            let here = self.single(var, &|held| held == value.as_ref());
            fixed.push((var, value));
            let inner = self.table(of, rest, fixed);
            fixed.pop();
            let (yes, no) = (self.store.and(here, inner.yes), self.store.and(here, inner.no));
            out = Truth { yes: self.store.or(out.yes, yes), no: self.store.or(out.no, no) };
        }
        out
    }

    fn truth(&mut self, of: &Cond) -> Truth {
        let flip = |truth: Truth| Truth { yes: truth.no, no: truth.yes };
        match of {
            Cond::Always(yes) => Truth { yes: if *yes { YES } else { NO }, no: if *yes { NO } else { YES } },
            Cond::And(a, b) => {
                let (a, b) = (self.truth(a), self.truth(b));
                Truth { yes: self.store.and(a.yes, b.yes), no: self.store.or(a.no, b.no) }
            }
            Cond::Or(a, b) => {
                let (a, b) = (self.truth(a), self.truth(b));
                Truth { yes: self.store.or(a.yes, b.yes), no: self.store.and(a.no, b.no) }
            }
            Cond::Not(a) => flip(self.truth(a)),
            Cond::If(asked, a, b) => {
                let (asked, a, b) = (self.truth(asked), self.truth(a), self.truth(b));
                let mut either = |a: Bdd, b: Bdd| {
                    let (then, other) = (self.store.and(asked.yes, a), self.store.and(asked.no, b));
                    self.store.or(then, other)
                };
                Truth { yes: either(a.yes, b.yes), no: either(a.no, b.no) }
            }
            Cond::OrElse(a, value) => {
                let a = self.truth(a);
                let (not_yes, not_no) = (self.store.not(a.yes), self.store.not(a.no));
                if *value { Truth { yes: not_no, no: a.no } } else { Truth { yes: a.yes, no: not_yes } }
            }
            Cond::Passes(var, tests) => {
                let yes = self.single(*var, &|held| passes(tests, held));
                Truth { yes, no: self.store.not(yes) }
            }
            of => {
                let mut marks = Marks::default();
                marks.cond(of);
                let vars: Vec<VarId> = marks.vars.into_iter().collect();
                if let [var] = vars.as_slice() {
                    let come = |held: Option<&Val>| eval(of, &Given(&[(*var, held)]));
                    let yes = self.single(*var, &|held| come(held) == Some(true));
                    let no = self.single(*var, &|held| come(held) == Some(false));
                    return Truth { yes, no };
                }
                self.table(of, &vars, &mut Vec::new())
            }
        }
    }

    fn yes(&mut self, of: &Cond) -> Bdd {
        self.truth(of).yes
    }

    /// The rows there can be.
    fn possible(&mut self, vars: &[VarId], facts: &[Fact]) -> Bdd {
        let mut all = YES;
        for &var in vars {
            let valid = self.places(var, &vec![true; self.domains[var].len()]);
            all = self.store.and(all, valid);
        }
        for fact in facts.iter().filter(|fact| bears(fact, vars)) {
            let mut allowed = self.yes(&fact.holds);
            if let Some(filter) = &fact.filter {
                let asked = self.yes(filter);
                allowed = self.store.choose(asked, allowed, YES);
            }
            if let Some(of) = fact.of {
                let there = self.single(of, &|held| held.is_some());
                allowed = self.store.choose(there, allowed, YES);
            }
            all = self.store.and(all, allowed);
        }
        for &a in vars {
            for &b in vars {
                if let (Source::Population { family: x, amount: less }, Source::Population { family: y, amount: more }) =
                    (&self.schema.vars[a].source, &self.schema.vars[b].source)
                    && x == y
                    && less < more
                {
                    let (inner, outer) = (self.yes(&Cond::Yes(a)), self.yes(&Cond::Yes(b)));
                    let implied = self.store.choose(inner, outer, YES);
                    all = self.store.and(all, implied);
                }
            }
        }
        all
    }

    fn decision(&mut self, of: &Decision, rows: Bdd, path: &[usize], out: &mut Vec<Found>) {
        let mut rows = rows;
        if let Some(guard) = &of.guard {
            let guard = self.yes(guard);
            rows = self.store.and(rows, guard);
        }
        let mut found = Found { path: path.to_vec(), asked: rows != NO, ..Found::default() };
        let mine = out.len();
        out.push(found.clone());
        // Where rungs hold, each without what one above has taken from it.
        let (mut all, mut beaten, mut standing) = (Vec::new(), NO, Vec::new());
        for rung in &of.rungs {
            let When::Is(cond) = &rung.when else {
                standing.push(None);
                continue;
            };
            let cond = self.yes(cond);
            let holds = self.store.and(cond, rows);
            all.push(holds);
            let free = self.store.not(beaten);
            standing.push(Some(self.store.and(holds, free)));
            if of.win == Win::First || (of.win == Win::Exclusive && rung.overrides) {
                beaten = self.store.or(beaten, holds);
            }
        }
        let any = self.any(all);
        let none = self.store.not(any);
        let left = self.store.and(rows, none);
        let standing: Vec<Bdd> = standing.into_iter().map(|stands| stands.unwrap_or(left)).collect();
        let otherwise = of.rungs.iter().any(|rung| rung.when == When::Otherwise);
        found.gap = left != NO && !otherwise && of.win != Win::Every;
        found.never = (0..standing.len()).filter(|&at| standing[at] == NO).collect();
        if of.win == Win::Exclusive {
            found.overlaps = self.overlaps(&standing);
        }
        out[mine] = found;
        for (at, rung) in of.rungs.iter().enumerate() {
            if let Some(nested) = &rung.nested {
                let path: Vec<usize> = path.iter().copied().chain([at]).collect();
                self.decision(nested, standing[at], &path, out);
            }
        }
    }

    /// Where any of them is yes; two and two, since what is half put together is large.
    fn any(&mut self, mut all: Vec<Bdd>) -> Bdd {
        while all.len() > 1 {
            all = all.chunks(2).map(|pair| if let [a, b] = *pair { self.store.or(a, b) } else { pair[0] }).collect();
        }
        all.pop().unwrap_or(NO)
    }

    fn overlaps(&mut self, standing: &[Bdd]) -> BTreeSet<(usize, usize)> {
        let mut out = BTreeSet::new();
        for (j, &stands) in standing.iter().enumerate() {
            for (i, &other) in standing[..j].iter().enumerate() {
                if self.store.and(stands, other) != NO {
                    out.insert((i, j));
                }
            }
        }
        out
    }
}

/// What is wrong with a decision, as [`super::brute::look_at_all`] says it; none, if its variables have too many values.
pub fn look_by_diagrams(schema: &Schema, facts: &[Fact], decision: &Decision) -> Option<Looked> {
    let marks = marks(schema, facts, decision);
    let vars: Vec<VarId> = marks.vars.iter().copied().collect();
    let domains = domains(schema, &marks)?;
    let (mut bits, mut next) = (Vec::new(), 0);
    for domain in &domains {
        let count = usize::BITS - (domain.len() - 1).leading_zeros();
        bits.push((next, count));
        next += count;
    }
    let mut diagrams = Diagrams { store: Store::new(), schema, domains, bits };
    let rows = diagrams.possible(&vars, facts);
    let mut found = Vec::new();
    diagrams.decision(decision, rows, &[], &mut found);
    Some(Looked { found, accounts: diagrams.store.nodes.len(), domains: diagrams.domains, vars })
}
