//! The rungs of a set.

use super::atoms::Known;
use super::{Gen, MOST};
use crate::decisions::brute::look_at_all;
use crate::decisions::conds::Cond;
use crate::decisions::decision::{Decision, Rung, When, Win};
use crate::decisions::vars::{Kind, Source, VarId};

impl Gen {
    /// A few variables that go together.
    pub(super) fn some_vars(&mut self) -> Vec<VarId> {
        let all: Vec<VarId> = (0..self.schema.vars.len()).collect();
        let fields = self.fields();
        let mut out: Vec<VarId> = Vec::new();
        if self.rng.percent(20) {
            let near = *self.rng.one(&["signed", "renewed"]);
            out.extend([self.named("late_one"), self.named(near)]);
        } else if self.rng.percent(40) {
            let pairs: Vec<(VarId, VarId)> =
                fields.iter().flat_map(|&x| fields.iter().map(move |&y| (x, y))).filter(|&(x, y)| self.comparable(x, y)).collect();
            let (x, y) = *self.rng.one(&pairs);
            out.extend([x, y]);
        }
        if self.rng.percent(44) {
            let text = *self.rng.one(&["zip", "zip", "zip", "zip", "country", "country", "title"]);
            out.push(self.named(text));
        }
        let of = |source: fn(&Source) -> bool, g: &Self| {
            all.iter().copied().filter(|&var| source(&g.schema.vars[var].source)).collect::<Vec<_>>()
        };
        if self.rng.percent(24) {
            let mut some = of(|source| matches!(source, Source::Population { .. }), self);
            let start = *self.rng.one(&[0, 0, 1, 2, 3, 3, 4, 6]);
            some = some[start..(start + 2 + self.rng.below(2)).min(some.len())].to_vec();
            out.extend(some);
        }
        if self.rng.percent(28) {
            let some = of(|source| *source == Source::Computed, self);
            out.push(if self.rng.percent(40) { self.named("rank(seconded)") } else { *self.rng.one(&some) });
        }
        if self.rng.percent(22) {
            let some = of(|source| matches!(source, Source::Of(_)), self);
            let one = *self.rng.one(&some);
            out.push(one);
            if self.rng.percent(50) {
                out.extend(self.schema.parent(one));
            }
            if self.rng.percent(40) {
                out.push(*self.rng.one(&some));
            }
        }
        let wanted = 2 + self.rng.below(3);
        while out.len() < wanted {
            out.push(*self.rng.one(&fields));
        }
        out.sort_unstable();
        out.dedup();
        out.truncate(5);
        out
    }

    /// The rows a set is about, and what is known of them.
    pub(super) fn guard(&mut self, vars: &[VarId]) -> (Option<Cond>, Known) {
        let mut known = Known::new();
        if self.rng.percent(50) {
            return (None, known);
        }
        let row: Vec<VarId> =
            vars.iter().copied().filter(|&var| matches!(self.schema.vars[var].source, Source::Field | Source::Of(_))).collect();
        let mut parts = Vec::new();
        for &var in &row {
            if self.schema.may_miss(var) && self.rng.percent(60) {
                parts.push(Cond::Known(var));
                known.insert(var);
                known.extend(self.schema.parent(var));
            }
        }
        if !row.is_empty() && (parts.is_empty() || self.rng.percent(25)) {
            let cond = self.cond(&row, 1, &known);
            parts.push(cond);
        }
        (parts.into_iter().reduce(Cond::and), known)
    }

    /// What is known where a condition holds.
    fn learnt(cond: &Cond, known: &mut Known) {
        match cond {
            Cond::And(a, b) => {
                Self::learnt(a, known);
                Self::learnt(b, known);
            }
            Cond::Known(var) => drop(known.insert(*var)),
            _ => {}
        }
    }

    /// Rungs on these variables.
    pub(super) fn rungs(&mut self, vars: &[VarId], win: Win, known: &Known, most: usize) -> Vec<Rung> {
        let mut known = known.clone();
        let mut rungs = Vec::new();
        let mut first = Vec::new();
        if win != Win::Every {
            self.first_rungs(vars, win, &mut known, &mut first);
        }
        if win == Win::Every || self.rng.percent(if win == Win::First { 45 } else { 10 }) {
            let count = 1 + self.rng.below(most);
            for _ in 0..count {
                let depth = self.rng.below(3);
                rungs.push(Rung::when(self.cond(vars, depth, &known)));
            }
        } else {
            rungs.extend(self.shared_out(vars, most, &known).into_iter().map(Rung::when));
            if self.rng.percent(30) {
                self.spoil(&mut rungs, vars, &known);
            } else if rungs.len() > 1 && self.rng.percent(25) {
                rungs.pop();
                rungs.push(Rung::otherwise());
            }
        }
        if win == Win::First && self.rng.percent(60) && rungs.last().is_none_or(|rung| rung.when != When::Otherwise) {
            rungs.push(Rung::otherwise());
        }
        if win == Win::Exclusive && self.rng.percent(15) && rungs.iter().all(|rung| rung.when != When::Otherwise) {
            rungs.push(Rung::otherwise());
        }
        first.extend(rungs);
        if first.is_empty() {
            first.push(Rung::otherwise());
        }
        first
    }

    /// Rungs for what is missing, and others that override.
    fn first_rungs(&mut self, vars: &[VarId], win: Win, known: &mut Known, out: &mut Vec<Rung>) {
        let before = known.clone();
        for &var in vars {
            if self.is_sure(var, known) || self.schema.vars[var].source == Source::Computed || !self.rng.percent(40) {
                continue;
            }
            let cond = if self.schema.vars[var].kind == Kind::Ref { Cond::missing(var) } else { self.maybe_said_twice(var) };
            out.push(Rung { overrides: win == Win::Exclusive, ..Rung::when(cond) });
            known.insert(var);
            known.extend(self.schema.parent(var));
        }
        if win == Win::Exclusive && self.rng.percent(22) {
            let last = self.rng.percent(70);
            let cond = self.cond(vars, 1, if last { known } else { &before });
            let rung = Rung { overrides: true, ..Rung::when(cond) };
            if last { out.push(rung) } else { out.insert(0, rung) }
        }
    }

    fn maybe_said_twice(&mut self, var: VarId) -> Cond {
        let missing = Cond::missing(var);
        if self.rng.percent(15) { missing.or(Cond::Always(false)) } else { missing }
    }

    /// Makes something wrong with them, perhaps.
    fn spoil(&mut self, rungs: &mut Vec<Rung>, vars: &[VarId], known: &Known) {
        let times = 1 + self.rng.below(2);
        for _ in 0..times {
            if rungs.is_empty() {
                return;
            }
            let at = self.rng.below(rungs.len());
            let When::Is(cond) = rungs[at].when.clone() else { continue };
            match self.rng.below(9) {
                0 if rungs.len() > 1 => drop(rungs.remove(at)),
                1..=4 => rungs[at] = Rung::when(self.bent(&cond)),
                5 => {
                    let more = self.cond(vars, 1, known);
                    rungs[at] = Rung::when(cond.or(more));
                }
                6 => {
                    let more = self.cond(vars, 1, known);
                    rungs[at] = Rung::when(cond.and(more));
                }
                7 => {
                    let more = self.cond(vars, 2, known);
                    rungs.push(Rung::when(more));
                }
                _ => {
                    let again = self.disguised(cond);
                    rungs.insert(self.rng.below(rungs.len() + 1), Rung::when(again));
                }
            }
        }
    }

    /// Now and then, without the rungs that nothing reaches.
    pub(super) fn tidied(&mut self, mut decision: Decision) -> Decision {
        if self.rng.percent(45) {
            return decision;
        }
        for _ in 0..3 {
            let Some(looked) = look_at_all(&self.schema, &self.facts, &decision, MOST) else { break };
            // The inner ones first, so that the places of the outer ones stay as they are.
            for found in looked.found.iter().rev().filter(|found| found.asked) {
                let Some(inner) = found.path.iter().try_fold(&mut decision, |of, &at| of.rungs[at].nested.as_mut()) else { continue };
                for &at in found.never.iter().rev() {
                    // Rungs below may rely on one for what is missing.
                    let relied_on = matches!(&inner.rungs[at].when, When::Is(Cond::Not(_) | Cond::Or(..)));
                    if inner.rungs.len() > 1 && !(relied_on && (inner.rungs[at].overrides || inner.win == Win::First)) {
                        inner.rungs.remove(at);
                    }
                }
            }
        }
        decision
    }

    /// Puts decisions into some rungs of an exclusive set.
    pub(super) fn nest(&mut self, decision: &mut Decision, vars: &[VarId], known: &Known, depth: usize) {
        let mut below = known.clone();
        for rung in &mut decision.rungs {
            let mut inside = below.clone();
            if let When::Is(Cond::Not(inner)) = &rung.when
                && let (Cond::Known(var), true) = (&**inner, rung.overrides || decision.win == Win::First)
            {
                below.insert(*var);
            }
            if !self.rng.percent(35) {
                continue;
            }
            if let When::Is(cond) = &rung.when {
                Self::learnt(cond, &mut inside);
            }
            let rungs = self.rungs(vars, decision.win, &inside, 3);
            let mut nested = Decision { guard: None, win: decision.win, rungs };
            if depth > 1 {
                self.nest(&mut nested, vars, &inside, depth - 1);
            }
            rung.nested = Some(nested);
        }
    }
}
