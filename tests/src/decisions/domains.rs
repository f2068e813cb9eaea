//! The values that matter: for each variable as many as there are ways in which the conditions can come out.

use super::conds::{Cond, Term, Test, TextTest};
use super::decision::{Decision, When};
use super::vars::{Held, Kind, Schema, Source, Val, VarId};
use std::collections::{BTreeMap, BTreeSet};

/// What conditions compare with what.
#[derive(Debug, Clone, Default)]
pub struct Marks {
    /// The variables spoken of.
    pub vars: BTreeSet<VarId>,
    /// The numbers, days and durations that a variable is compared with.
    pub points: BTreeMap<VarId, BTreeSet<i64>>,
    /// Days around which a variable's cut may lie, since months are added to it.
    pub around: BTreeMap<VarId, BTreeSet<i64>>,
    /// The tests on the texts of a variable.
    pub texts: BTreeMap<VarId, Vec<TextTest>>,
    /// Pairs of variables that are compared, and what is added to one of them.
    pub links: Vec<(VarId, VarId, i64)>,
    /// Whether more than two variables meet in one comparison.
    pub beyond: bool,
}

/// A sum of at most a variable, minus a variable, and a constant.
#[derive(Debug, Clone, Default)]
struct Leaf {
    plus: Vec<VarId>,
    minus: Vec<VarId>,
    offset: i64,
    months: i64,
}

impl Marks {
    /// Takes in a condition.
    pub fn cond(&mut self, of: &Cond) {
        match of {
            Cond::Always(_) => {}
            Cond::And(a, b) | Cond::Or(a, b) => {
                self.cond(a);
                self.cond(b);
            }
            Cond::Not(a) | Cond::OrElse(a, _) => self.cond(a),
            Cond::If(a, b, c) => [a, b, c].into_iter().for_each(|cond| self.cond(cond)),
            Cond::Compare(_, a, b) => self.compare(a, b),
            Cond::Within(a, low, high, _) => {
                for end in [low, high] {
                    self.compare(a, &Term::Const(Kind::Int, *end));
                }
            }
            Cond::In(var, values, _) => {
                self.vars.insert(*var);
                self.points.entry(*var).or_default().extend(values);
            }
            Cond::Text(var, test) => {
                self.vars.insert(*var);
                self.texts.entry(*var).or_default().push(test.clone());
            }
            Cond::Known(var) | Cond::Yes(var) => drop(self.vars.insert(*var)),
            Cond::Passes(var, tests) => self.tests(*var, tests),
            Cond::Match(var, arms) => {
                for (tests, value) in arms {
                    self.tests(*var, tests);
                    self.cond(value);
                }
            }
        }
    }

    fn tests(&mut self, var: VarId, tests: &[Test]) {
        self.vars.insert(var);
        for test in tests {
            let points = self.points.entry(var).or_default();
            match test {
                Test::Is(Val::Num(value)) | Test::Compare(_, value) => drop(points.insert(*value)),
                Test::Within(low, high, _) => points.extend([*low, *high]),
                Test::Is(Val::Text(text)) => self.texts.entry(var).or_default().push(TextTest::In(vec![text.clone()], None)),
                _ => {}
            }
        }
    }

    fn leaves(&mut self, of: &Term) -> Vec<Leaf> {
        match of {
            Term::Var(var) => {
                self.vars.insert(*var);
                vec![Leaf { plus: vec![*var], ..Leaf::default() }]
            }
            Term::Const(_, value) | Term::Today(value) => vec![Leaf { offset: *value, ..Leaf::default() }],
            Term::Plus(a, by) => {
                let mut leaves = self.leaves(a);
                leaves.iter_mut().for_each(|leaf| leaf.offset += by);
                leaves
            }
            Term::Months(a, by) => {
                let mut leaves = self.leaves(a);
                leaves.iter_mut().for_each(|leaf| leaf.months += by);
                leaves
            }
            Term::Minus(a, b) => {
                let (a, b) = (self.leaves(a), self.leaves(b));
                minus(&a, &b)
            }
            Term::OrElse(var, value) => {
                self.vars.insert(*var);
                vec![Leaf { plus: vec![*var], ..Leaf::default() }, Leaf { offset: *value, ..Leaf::default() }]
            }
            Term::If(asked, a, b) => {
                self.cond(asked);
                let mut leaves = self.leaves(a);
                leaves.extend(self.leaves(b));
                leaves
            }
            Term::Match(var, arms) => arms
                .iter()
                .flat_map(|(tests, value)| {
                    self.tests(*var, tests);
                    self.leaves(value)
                })
                .collect(),
        }
    }

    fn compare(&mut self, a: &Term, b: &Term) {
        let (a, b) = (self.leaves(a), self.leaves(b));
        for leaf in minus(&a, &b) {
            // Both sides may name the same variable.
            let (mut plus, mut minus) = (leaf.plus.clone(), leaf.minus.clone());
            plus.retain(|var| !leaf.minus.contains(var));
            minus.retain(|var| !leaf.plus.contains(var));
            match (plus.as_slice(), minus.as_slice(), leaf.months) {
                ([], [], _) => {}
                ([x], [], 0) => drop(self.points.entry(*x).or_default().insert(-leaf.offset)),
                ([], [x], 0) => drop(self.points.entry(*x).or_default().insert(leaf.offset)),
                ([x], [], months) => drop(self.around.entry(*x).or_default().insert(-leaf.offset - months * 365 / 12)),
                ([], [x], months) => drop(self.around.entry(*x).or_default().insert(leaf.offset + months * 365 / 12)),
                ([x], [y], 0) => self.links.push((*x, *y, leaf.offset)),
                _ => self.beyond = true,
            }
        }
    }

    /// Takes in a decision and all inside of it.
    pub fn decision(&mut self, of: &Decision) {
        of.guard.iter().for_each(|guard| self.cond(guard));
        for rung in &of.rungs {
            if let When::Is(cond) = &rung.when {
                self.cond(cond);
            }
            rung.nested.iter().for_each(|nested| self.decision(nested));
        }
    }
}

fn minus(a: &[Leaf], b: &[Leaf]) -> Vec<Leaf> {
    let one = |x: &Leaf, y: &Leaf| Leaf {
        plus: x.plus.iter().chain(&y.minus).copied().collect(),
        minus: x.minus.iter().chain(&y.plus).copied().collect(),
        offset: x.offset - y.offset,
        months: x.months - y.months,
    };
    a.iter().flat_map(|x| b.iter().map(move |y| one(x, y))).collect()
}

/// The values of each variable that matter; of a variable that is not spoken of one. None, if they are too many to look at.
pub fn domains(schema: &Schema, marks: &Marks) -> Option<Vec<Vec<Held>>> {
    if marks.beyond {
        return None;
    }
    (0..schema.vars.len()).map(|var| values(schema, marks, var)).collect()
}

fn values(schema: &Schema, marks: &Marks, var: VarId) -> Option<Vec<Held>> {
    let of = &schema.vars[var];
    if !marks.vars.contains(&var) {
        return Some(vec![None]);
    }
    let mut held: Vec<Held> = match &of.kind {
        Kind::Pick(values) => (0..values.len() as i64).map(|at| Some(Val::Num(at))).collect(),
        Kind::Flag => vec![Some(Val::Num(0)), Some(Val::Num(1))],
        Kind::Ref => vec![Some(Val::Num(1))],
        Kind::Text(_) => super::texts::texts(marks.texts.get(&var).map_or(&[], Vec::as_slice)),
        _ => numbers(schema, marks, var)?.into_iter().map(|value| Some(Val::Num(value))).collect(),
    };
    if of.optional {
        held.push(None);
    }
    Some(held)
}

/// The variables that are compared with this one, directly or not.
fn linked(marks: &Marks, var: VarId) -> BTreeSet<VarId> {
    let mut found = BTreeSet::from([var]);
    loop {
        let before = found.len();
        for (a, b, _) in &marks.links {
            if found.contains(a) || found.contains(b) {
                found.extend([*a, *b]);
            }
        }
        if found.len() == before {
            return found;
        }
    }
}

fn natural(schema: &Schema, var: VarId) -> (i64, i64) {
    let of = &schema.vars[var];
    let (low, high) = of.range.unwrap_or((i64::MIN / 4, i64::MAX / 4));
    match of.source {
        Source::Computed if of.name.starts_with("count") => (low.max(0), high),
        Source::Computed if of.name.starts_with("rank") => (low.max(100), high),
        _ => (low, high),
    }
}

fn numbers(schema: &Schema, marks: &Marks, var: VarId) -> Option<BTreeSet<i64>> {
    let (low, high) = natural(schema, var);
    let unit = schema.vars[var].kind.unit();
    let set = linked(marks, var);
    let mut out = BTreeSet::new();
    if set.len() > 1 {
        let points = |var: &VarId| {
            let around = marks.around.get(var).into_iter().flatten().flat_map(|day| [day - 6, day + 6]);
            let (low, high) = natural(schema, *var);
            let ends = [low, high].into_iter().filter(|end| end.abs() < i64::MAX / 8);
            let said = marks.points.get(var).into_iter().flatten().copied();
            said.chain(around).chain(ends).collect::<Vec<_>>()
        };
        let all: Vec<i64> = set.iter().flat_map(points).collect();
        let links = marks.links.iter().filter(|(a, _, _)| set.contains(a));
        let coarse = set.iter().map(|var| schema.vars[*var].kind.unit()).max().unwrap_or(unit);
        let slack = links.map(|(_, _, offset)| offset.abs()).sum::<i64>() + coarse * (set.len() as i64 + 1);
        let start = all.iter().min().unwrap_or(&0) - slack;
        let end = all.iter().max().unwrap_or(&0) + slack;
        let (start, end) = (start.max(low), end.min(high));
        if (end - start) / unit > 90 {
            return None;
        }
        out.extend((start.div_euclid(unit)..=end.div_euclid(unit)).map(|at| at * unit).filter(|value| (start..=end).contains(value)));
        return Some(out);
    }
    for point in marks.points.get(&var).into_iter().flatten() {
        let below = point.div_euclid(unit) * unit;
        out.extend([below, below + unit]);
        if below == *point {
            out.insert(below - unit);
        }
    }
    for day in marks.around.get(&var).into_iter().flatten() {
        out.extend(day - 6..=day + 6);
    }
    if let Some((low, high)) = schema.vars[var].range {
        out.extend([low, high]);
    }
    out.retain(|value| (low..=high).contains(value));
    if out.is_empty() {
        out.insert(low.max(0).min(high));
    }
    Some(out)
}
