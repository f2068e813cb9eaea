//! Sets of many rungs over fields with many values.

use super::{Gen, Made, Place};
use crate::decisions::brute::Fact;
use crate::decisions::conds::{Cond, Op, Term, TextTest};
use crate::decisions::decision::{Decision, Rung, When, Win};
use crate::decisions::vars::{Kind, ONE, Source, Var, VarId, days};

/// What a box holds of one field.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Side {
    /// From one value of the pool to before another; none is without end.
    Run(Option<usize>, Option<usize>),
    /// These values or words; with the flag all others that are not mentioned.
    Some(Vec<usize>, bool),
}

/// A box: what it holds of each of the fields.
type Boxed = Vec<Side>;

/// Makes a policy with one large set.
pub fn make_large(seed: u64) -> Made {
    let mut g = Gen::new(seed ^ 0x6C61_7267_6500_0000);
    g.large_schema();
    let vars = g.fields();
    let optional: Vec<VarId> = vars.iter().copied().filter(|&var| g.schema.vars[var].optional).collect();
    let guard = optional.into_iter().map(Cond::Known).reduce(Cond::and);
    let fact = g.large_fact(&vars);
    let mut head = g.entities();
    if let Some((fact, text)) = fact {
        head.push_str(&text);
        g.facts.push(fact);
    }
    let (word, mode, rungs, win) = g.large_rungs(&vars);
    let decision = Decision { guard, win, rungs };
    let filter = super::forms::where_text(&g.schema, decision.guard.as_ref());
    let text = format!("{word} large for account{filter}{mode} {{\n{}}}", super::forms::written(&g.schema, &decision, 1, &mut 0, false));
    g.push(Place::Set("large".into(), 0), word, decision, text);
    Made { text: format!("{head}{}", g.out), head, schema: g.schema, facts: g.facts, sets: g.sets }
}

impl Gen {
    fn large_schema(&mut self) {
        let several = |stem: &str, count: usize| Kind::Pick((0..count).map(|at| format!("{stem}{at}")).collect());
        let mut fields: Vec<(&str, Kind, usize)> = vec![
            ("revenue", Kind::Money(2), 40),
            ("employees", Kind::Int, 30),
            ("score", Kind::Num(1), 20),
            ("opened", Kind::Date, 24),
            ("grace", Kind::Days, 8),
            ("state", several("S", 50), 0),
            ("industry", several("I", 12), 0),
            ("size_class", several("C", 4), 0),
            ("country", Kind::Text(false), 40),
            ("title", Kind::Text(true), 12),
            ("active", Kind::Flag, 0),
            ("partner", Kind::Flag, 0),
        ];
        let wanted = 6 + self.rng.below(5);
        while fields.len() > wanted {
            fields.remove(self.rng.below(fields.len()));
        }
        for (name, kind, count) in fields {
            let mut pool: Vec<i64> = (0..count).map(|_| self.large_value(&kind)).collect();
            pool.sort_unstable();
            pool.dedup();
            let words = if matches!(kind, Kind::Text(_)) { (0..count).map(|at| format!("w{at}")).collect() } else { Vec::new() };
            let (low, high) = (pool.first().copied().unwrap_or(0), pool.last().copied().unwrap_or(0));
            let range =
                (kind.is_ordered() && kind != Kind::Days && self.rng.percent(40)).then_some((low - kind.unit(), high + kind.unit()));
            let optional = self.rng.percent(25);
            self.schema.vars.push(Var { name: name.into(), kind, optional, source: Source::Field, range, pool, words });
        }
    }

    fn large_value(&mut self, kind: &Kind) -> i64 {
        match kind {
            Kind::Money(_) => self.rng.between(1, 400) * 25_000 * ONE,
            Kind::Int => self.rng.between(1, 5000) * 10 * ONE,
            Kind::Date => days(2020 + self.rng.between(0, 5), self.rng.between(1, 12), 1),
            Kind::Days => self.rng.between(1, 400),
            kind => self.rng.between(1, 1000) * kind.unit(),
        }
    }

    /// A fact that ties the values of one field to those of another.
    fn large_fact(&mut self, vars: &[VarId]) -> Option<(Fact, String)> {
        let (x, y) = (*self.rng.one(vars), *self.rng.one(vars));
        let picks = |g: &Self, var: VarId| matches!(g.kind(var), Kind::Pick(_) | Kind::Flag);
        if x == y || !picks(self, x) || self.schema.vars[x].optional || self.schema.vars[y].optional || self.rng.percent(40) {
            return None;
        }
        let (filter, holds) = (self.atom(x), self.atom(y));
        let text = format!("always account where {}: {}\n", self.writer().cond(&filter), self.writer().cond(&holds));
        Some((Fact { of: None, filter: Some(filter), holds }, text))
    }

    fn whole(&self, vars: &[VarId]) -> Boxed {
        let side = |&var: &VarId| match self.kind(var) {
            Kind::Pick(values) => Side::Some((0..values.len()).collect(), false),
            Kind::Flag => Side::Some(vec![0, 1], false),
            Kind::Text(_) => Side::Some((0..self.schema.vars[var].words.len()).collect(), true),
            _ => Side::Run(None, None),
        };
        vars.iter().map(side).collect()
    }

    /// The two parts of a side, if it can be parted.
    fn parted(&mut self, var: VarId, side: &Side) -> Option<(Side, Side)> {
        match side {
            Side::Run(low, high) => {
                let (first, last) = (low.map_or(0, |low| low + 1), high.unwrap_or(self.schema.vars[var].pool.len()));
                if first >= last {
                    return None;
                }
                let at = first + self.rng.below(last - first);
                Some((Side::Run(*low, Some(at)), Side::Run(Some(at), *high)))
            }
            Side::Some(values, others) => {
                if values.len() + usize::from(*others) < 2 {
                    return None;
                }
                let (mut a, mut b) = (Vec::new(), Vec::new());
                for &value in values {
                    if self.rng.percent(50) { a.push(value) } else { b.push(value) }
                }
                if a.is_empty() || (b.is_empty() && !others) {
                    let all = [a, b].concat();
                    let cut = (all.len() / 2).max(1);
                    (a, b) = (all[..cut].to_vec(), all[cut..].to_vec());
                }
                Some((Side::Some(a, false), Side::Some(b, *others)))
            }
        }
    }

    /// Boxes of which every row is in exactly one.
    fn partition(&mut self, vars: &[VarId], count: usize) -> Vec<Boxed> {
        let mut boxes = vec![self.whole(vars)];
        for _ in 0..count * 4 {
            if boxes.len() >= count {
                break;
            }
            let (at, side) = (self.rng.below(boxes.len()), self.rng.below(vars.len()));
            if let Some((a, b)) = self.parted(vars[side], &boxes[at][side].clone()) {
                let mut other = boxes[at].clone();
                boxes[at][side] = a;
                other[side] = b;
                boxes.push(other);
            }
        }
        boxes
    }

    fn random_box(&mut self, vars: &[VarId]) -> Boxed {
        let mut made = self.whole(vars);
        let times = 2 + self.rng.below(6);
        for _ in 0..times {
            let side = self.rng.below(vars.len());
            if let Some((a, b)) = self.parted(vars[side], &made[side].clone()) {
                made[side] = if self.rng.percent(50) { a } else { b };
            }
        }
        made
    }

    fn box_cond(&mut self, vars: &[VarId], of: &Boxed) -> Cond {
        let whole = self.whole(vars);
        let mut parts = Vec::new();
        for ((&var, side), all) in vars.iter().zip(of).zip(&whole) {
            if side != all {
                parts.extend(self.side_cond(var, side));
            }
        }
        parts.into_iter().reduce(Cond::and).unwrap_or(Cond::Always(true))
    }

    fn side_cond(&mut self, var: VarId, side: &Side) -> Option<Cond> {
        let (kind, of) = (self.kind(var), &self.schema.vars[var]);
        let number = |op: Op, value: i64| Cond::Compare(op, Term::Var(var), Term::Const(kind.clone(), value));
        Some(match side {
            Side::Run(None, None) => return None,
            Side::Run(Some(low), None) => number(Op::AtLeast, of.pool[*low]),
            Side::Run(None, Some(high)) => number(Op::Less, of.pool[*high]),
            Side::Run(Some(low), Some(high)) => {
                let (low, high) = (of.pool[*low], of.pool[*high]);
                // The last value inside, said itself.
                if self.rng.percent(40) && kind.unit() == ONE {
                    Cond::Within(Term::Var(var), low, high - kind.unit(), false)
                } else {
                    Cond::Within(Term::Var(var), low, high, true)
                }
            }
            Side::Some(values, others) => match kind {
                Kind::Flag => match values.as_slice() {
                    [1] => Cond::Yes(var),
                    [0] => Cond::Yes(var).negated(),
                    _ => return None,
                },
                Kind::Text(_) => {
                    let words = |wanted: &dyn Fn(&usize) -> bool| {
                        (0..of.words.len()).filter(|at| wanted(at)).map(|at| of.words[at].clone()).collect()
                    };
                    if *others {
                        let not: Vec<String> = words(&|at| !values.contains(at));
                        Cond::Text(var, TextTest::In(not, None)).negated()
                    } else {
                        Cond::Text(var, TextTest::In(words(&|at| values.contains(at)), None))
                    }
                }
                _ => Cond::In(var, values.iter().map(|&value| value as i64).collect(), None),
            },
        })
    }

    /// Makes something wrong with one box.
    fn spoil_box(&mut self, vars: &[VarId], boxes: &mut Vec<Boxed>) {
        let at = self.rng.below(boxes.len());
        let side = self.rng.below(vars.len());
        match self.rng.below(5) {
            0 => drop(boxes.remove(at)),
            1 => boxes[at][side] = self.whole(vars)[side].clone(),
            2 => {
                let again = boxes[at].clone();
                boxes.insert(self.rng.below(boxes.len()), again);
            }
            _ => match &mut boxes[at][side] {
                Side::Run(Some(low), _) if *low > 0 => *low -= 1,
                Side::Run(low, Some(high)) if *high > low.map_or(1, |low| low + 1) => *high -= 1,
                Side::Some(values, _) if values.len() > 1 => drop(values.pop()),
                _ => {}
            },
        }
    }

    fn large_rungs(&mut self, vars: &[VarId]) -> (&'static str, &'static str, Vec<Rung>, Win) {
        let count = 60 + self.rng.below(241);
        let form = self.rng.below(10);
        if form < 3 {
            // Boxes at random: a ladder, whose lower rungs are swallowed by many together, or a few that are to exclude one another.
            let ladder = self.rng.percent(70);
            let count = if ladder { count } else { 60 };
            let mut rungs: Vec<Rung> = (0..count)
                .map(|_| {
                    let made = self.random_box(vars);
                    Rung::when(self.box_cond(vars, &made))
                })
                .collect();
            if self.rng.percent(50) {
                rungs.push(Rung::otherwise());
            }
            return if ladder { ("tiers", "", rungs, Win::First) } else { ("segments", "", rungs, Win::Exclusive) };
        }
        let mut boxes = self.partition(vars, count);
        if self.rng.percent(50) {
            for _ in 0..1 + self.rng.below(3) {
                self.spoil_box(vars, &mut boxes);
            }
        }
        for at in (1..boxes.len()).rev() {
            let other = self.rng.below(at + 1);
            boxes.swap(at, other);
        }
        let known = vars.iter().copied().collect();
        let mut conds: Vec<Cond> = boxes.iter().map(|one| self.box_cond(vars, one)).collect();
        if form >= 7 {
            // Several boxes in one rung, said differently.
            while conds.len() > count / 3 {
                let last = conds.pop().expect("some are left");
                let at = self.rng.below(conds.len());
                conds[at] = conds[at].clone().or(last);
            }
            conds = conds.into_iter().map(|cond| self.disguised(cond)).collect();
        }
        let mut rungs: Vec<Rung> = conds.into_iter().map(Rung::when).collect();
        if self.rng.percent(25) {
            let cond = self.cond(vars, 2, &known);
            rungs.insert(0, Rung { overrides: true, ..Rung::when(cond) });
        }
        if self.rng.percent(30) {
            rungs.pop();
            rungs.push(Rung::otherwise());
        }
        debug_assert!(rungs.iter().filter(|rung| rung.when == When::Otherwise).count() <= 1);
        ("territories", "", rungs, Win::Exclusive)
    }
}
