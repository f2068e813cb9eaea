//! What was found by looking at every account, against what is proved.

use super::brute::{Fact, Found, Looked, is_consistent};
use super::conds::Row;
use super::decision::{Decision, Win};
use super::make::{Made, MadeSet, Place};
use super::vars::{Held, Kind, ONE, Schema, Source, Val, VarId};
use crate::Policy;
use crate::generate::Rng;
use kamrules_model::{DecisionId, Model, Node, Outcome, Type, Value};
use kamrules_prove::{Example, Verdict, What};
use std::collections::BTreeSet;

/// The prover lists no more overlaps of one decision than these.
const MOST_OVERLAPS: usize = 20;
/// So many accounts are tried for what an example leaves open.
const MOST_TRIED: usize = 200;

/// What came of the comparison of one set.
#[derive(Debug, Clone, Default)]
pub struct Compared {
    /// What is not the same, in words.
    pub differences: Vec<String>,
    /// What was not proved.
    pub not_proved: Vec<String>,
    /// How many examples were replayed.
    pub replayed: usize,
    /// Examples that speak of something else than variables, or are unsure.
    pub unclear: usize,
}

/// The decision that a set became.
pub fn decision_of(model: &Model, set: &MadeSet) -> Option<DecisionId> {
    match &set.place {
        Place::Set(name, version) => Some(model.sets.iter().find(|set| set.name == *name)?.versions.get(*version)?.decision),
        Place::Define(name) => match model.exprs.node(model.defines.iter().find(|define| define.name == *name)?.expr) {
            Node::Decide(id) => Some(*id),
            _ => None,
        },
    }
}

/// The decision at the end of a path of rungs.
pub fn below(model: &Model, id: DecisionId, path: &[usize]) -> Option<DecisionId> {
    path.iter().try_fold(id, |id, &rung| match model.decision(id).rungs.get(rung)?.outcome {
        Outcome::Nested(inner) => Some(inner),
        _ => None,
    })
}

/// Compares what was found about a set with the verdicts about it.
pub fn compare(policy: &Policy, made: &Made, set: &MadeSet, looked: &Looked, verdicts: &[Verdict]) -> Compared {
    let model = &policy.checked.model;
    let mut out = Compared::default();
    let Some(root) = decision_of(model, set) else {
        out.differences.push("the set is not found in the model".into());
        return out;
    };
    for found in &looked.found {
        let Some(id) = below(model, root, &found.path) else {
            out.differences.push(format!("no decision at {:?}", found.path));
            continue;
        };
        let mine: Vec<&What> = verdicts.iter().filter(|verdict| verdict.decision == id).map(|verdict| &verdict.what).collect();
        let unproved: Vec<String> =
            mine.iter().filter(|what| matches!(what, What::NotProved { .. })).map(|what| format!("{what:?}")).collect();
        if !unproved.is_empty() {
            out.not_proved.extend(unproved);
            continue;
        }
        // Where no row gets to a decision, that is said of what leads there.
        if found.asked {
            same(found, &mine, &mut out);
            let replay = Replay { policy, made, set, looked, path: &found.path };
            mine.iter().for_each(|what| replay.what(what, &mut out));
        }
    }
    out
}

fn same(found: &Found, verdicts: &[&What], out: &mut Compared) {
    let pairs: Vec<(usize, usize)> = verdicts
        .iter()
        .filter_map(|what| if let What::Overlap { rungs: [a, b], .. } = what { Some((*a as usize, *b as usize)) } else { None })
        .collect();
    let overlaps: BTreeSet<(usize, usize)> = pairs.iter().copied().collect();
    let gap = verdicts.iter().any(|what| matches!(what, What::Gap { .. }));
    let unreachable: BTreeSet<usize> =
        verdicts.iter().filter_map(|what| if let What::Unreachable { rung, .. } = what { Some(*rung as usize) } else { None }).collect();
    let mut differ = |what: &str, accounts: &dyn std::fmt::Debug, proved: &dyn std::fmt::Debug| {
        out.differences.push(format!("{what} at {:?}: {accounts:?} by looking at all accounts, {proved:?} proved", found.path));
    };
    let cut = overlaps.len() >= MOST_OVERLAPS && overlaps.is_subset(&found.overlaps);
    if overlaps != found.overlaps && !cut {
        differ("overlaps", &found.overlaps, &overlaps);
    }
    if pairs.len() != overlaps.len() {
        differ("overlaps said twice", &found.overlaps, &pairs);
    }
    if gap != found.gap {
        differ("gap", &found.gap, &gap);
    }
    if unreachable != found.never {
        differ("unreachable", &found.never, &unreachable);
    }
}

/// An example as a whole row, with what it leaves open filled in some way; none, if it speaks of something else than variables.
pub fn filled(policy: &Policy, made: &Made, set: &MadeSet, looked: &Looked, what: &What) -> Option<Vec<Held>> {
    let replay = Replay { policy, made, set, looked, path: &[] };
    let (What::Overlap { example, .. } | What::Gap { example, .. }) = what else { return None };
    let said = replay.said(example).ok()?;
    replay.rows(&said).map(|row| row.1).find(|row| is_possible(&made.schema, &made.facts, &looked.vars, &Filled(&made.schema, row.clone())))
}

/// An example, to be tried.
struct Replay<'a> {
    policy: &'a Policy,
    made: &'a Made,
    set: &'a MadeSet,
    looked: &'a Looked,
    path: &'a [usize],
}

/// A row, part of whose values an example says.
struct Filled<'a>(&'a Schema, Vec<Held>);

impl Row for Filled<'_> {
    fn get(&self, var: VarId) -> Option<&Val> {
        match self.0.parent(var) {
            Some(parent) if self.get(parent).is_none() => None,
            _ => self.1[var].as_ref(),
        }
    }
}

impl Replay<'_> {
    fn what(&self, what: &What, out: &mut Compared) {
        let (example, sure) = match what {
            What::Overlap { example, sure, .. } | What::Gap { example, sure } => (example, *sure),
            _ => return,
        };
        let said = match self.said(example) {
            Ok(said) => said,
            Err(other) => {
                out.unclear += 1;
                if sure {
                    out.differences.push(format!("a sure example speaks of {other}"));
                }
                return;
            }
        };
        if !sure {
            out.unclear += 1;
        }
        out.replayed += 1;
        if let Some(wrong) = self.wrong(what, &said) {
            out.differences.push(format!("the example {said:?} at {:?} for {what:?}: {wrong}", self.path));
        }
    }

    /// What an example says of variables.
    fn said(&self, example: &Example) -> Result<Vec<(VarId, Held)>, String> {
        let model = &self.policy.checked.model;
        let schema = &self.made.schema;
        let mut out = Vec::new();
        for (place, held) in &example.values {
            let mut names: Vec<String> = Vec::new();
            for id in place.path.iter().chain([&place.expr]) {
                match model.exprs.node(*id) {
                    Node::Field(field) => names.push(model.entities[field.entity.index()].fields[field.index as usize].name.clone()),
                    _ => names.push(self.policy.sources.text(model.exprs.span(*id)).to_owned()),
                }
            }
            let name = names.join(".");
            let var = schema.vars.iter().position(|var| var.name == name).ok_or_else(|| name.clone())?;
            let value = match held {
                kamrules_prove::Held::Missing => None,
                kamrules_prove::Held::There => Some(Val::Num(1)),
                kamrules_prove::Held::Value(value) => {
                    Some(self.value(value, model.ty(place.expr).kind, var).ok_or_else(|| format!("{name} = {value:?}"))?)
                }
            };
            // Who has a level has a region.
            if let (Some(parent), Some(_)) = (schema.parent(var), &value)
                && !out.iter().any(|(known, _)| *known == parent)
            {
                out.push((parent, Some(Val::Num(1))));
            }
            out.push((var, value));
        }
        Ok(out)
    }

    fn value(&self, value: &Value, kind: Type, var: VarId) -> Option<Val> {
        Some(Val::Num(match value {
            Value::Num(units) => {
                let power = 10_i128.pow(u32::from(kind.scale()?));
                let hundredths = units.checked_mul(i128::from(ONE))?;
                (hundredths % power == 0).then_some(i64::try_from(hundredths / power).ok()?)?
            }
            Value::Date(day) => i64::from(*day),
            Value::Duration(duration) => i64::from(duration.days),
            Value::Flag(yes) => i64::from(*yes),
            Value::Pick(at) => i64::from(*at),
            Value::Row(_) => 1,
            Value::Text(sym) => {
                let text = self.policy.checked.model.texts.get(*sym).to_string();
                let fold = self.made.schema.vars[var].kind == Kind::Text(true);
                return Some(Val::Text(if fold { text.to_lowercase() } else { text }));
            }
            _ => return None,
        }))
    }

    /// What is wrong with an example: whatever it leaves open, the fault must show.
    fn wrong(&self, what: &What, said: &[(VarId, Held)]) -> Option<String> {
        let schema = &self.made.schema;
        for (var, held) in said {
            let of = &schema.vars[*var];
            if held.is_none() && !of.optional {
                return Some(format!("{} is never missing", of.name));
            }
            if let (Some(Val::Num(value)), Some((low, high))) = (held, of.range)
                && !(low..=high).contains(value)
            {
                return Some(format!("{} is out of its range", of.name));
            }
        }
        let mut possible = false;
        for row in self.rows(said) {
            if !is_possible(schema, &self.made.facts, &self.looked.vars, &row) {
                continue;
            }
            possible = true;
            if !self.shows(what, &row) {
                let shown: Vec<String> =
                    self.looked.vars.iter().map(|&var| format!("{} = {:?}", schema.vars[var].name, row.get(var))).collect();
                return Some(format!("not for {}", shown.join(", ")));
            }
        }
        (!possible).then(|| "there is no such row".to_owned())
    }

    /// Rows of which an example says a part.
    fn rows(&self, said: &[(VarId, Held)]) -> impl Iterator<Item = Filled<'_>> {
        let open: Vec<VarId> = self.looked.vars.iter().copied().filter(|var| !said.iter().any(|(known, _)| known == var)).collect();
        let total = open.iter().try_fold(1_usize, |total, &var| total.checked_mul(self.looked.domains[var].len())).unwrap_or(usize::MAX);
        let mut rng = Rng::new(total as u64);
        let said = said.to_vec();
        (0..total.min(MOST_TRIED)).map(move |turn| {
            let mut left = turn;
            let mut row = Filled(&self.made.schema, vec![None; self.made.schema.vars.len()]);
            for &var in &open {
                let domain = &self.looked.domains[var];
                let at = if total <= MOST_TRIED { left % domain.len() } else { rng.below(domain.len()) };
                left /= domain.len();
                row.1[var] = domain[at].clone();
            }
            said.iter().for_each(|(var, held)| row.1[*var] = held.clone());
            row
        })
    }

    fn shows(&self, what: &What, row: &dyn Row) -> bool {
        let Some(decision) = reached(&self.set.decision, self.path, row) else { return false };
        let standing = decision.standing(&decision.holding(row));
        match what {
            What::Overlap { rungs, .. } => decision.win == Win::Exclusive && rungs.iter().all(|rung| standing.contains(&(*rung as usize))),
            What::Gap { .. } => standing.is_empty(),
            _ => true,
        }
    }
}

/// The decision at the end of a path, if the row gets there.
fn reached<'a>(decision: &'a Decision, path: &[usize], row: &dyn Row) -> Option<&'a Decision> {
    if !decision.is_about(row) {
        return None;
    }
    let Some((rung, rest)) = path.split_first() else { return Some(decision) };
    let standing = decision.standing(&decision.holding(row));
    if !standing.contains(rung) {
        return None;
    }
    reached(decision.rungs[*rung].nested.as_ref()?, rest, row)
}

/// Whether a row may be in the data.
fn is_possible(schema: &Schema, facts: &[Fact], vars: &[VarId], row: &dyn Row) -> bool {
    let population = |var: &VarId| matches!(schema.vars[*var].source, Source::Population { .. });
    let concerned: Vec<VarId> = vars.iter().copied().filter(population).collect();
    let bearing = facts.iter().filter(|fact| super::brute::bears(fact, vars));
    is_consistent(schema, &concerned, row) && bearing.into_iter().all(|fact| fact.allows(row))
}
