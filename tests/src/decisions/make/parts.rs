//! Conditions as a whole: made at random, and such of which exactly one holds.

use super::Gen;
use super::atoms::Known;
use crate::decisions::conds::{Cond, Op, Term, Test, TextTest};
use crate::decisions::vars::{Kind, Val, VarId};

impl Gen {
    /// Two variables of these that can be compared and are there.
    fn pair_of(&mut self, vars: &[VarId], known: &Known) -> Option<(VarId, VarId)> {
        let sure = |g: &Self, var: VarId| known.contains(&var) || !g.schema.may_miss(var);
        let mut pairs = Vec::new();
        for &x in vars {
            pairs.extend(vars.iter().filter(|&&y| self.comparable(x, y) && sure(self, x) && sure(self, y)).map(|&y| (x, y)));
        }
        if pairs.is_empty() { None } else { Some(*self.rng.one(&pairs)) }
    }

    /// A condition on some variables.
    pub(super) fn cond(&mut self, vars: &[VarId], depth: usize, known: &Known) -> Cond {
        if depth == 0 || self.rng.percent(20) {
            if self.rng.percent(30)
                && let Some((x, y)) = self.pair_of(vars, known)
            {
                return self.pair(x, y);
            }
            let var = *self.rng.one(vars);
            return self.guarded(var, known);
        }
        let a = self.cond(vars, depth - 1, known);
        match self.rng.below(10) {
            0..=3 => {
                let mut inner = known.clone();
                if let Cond::Known(var) = a {
                    inner.insert(var);
                }
                a.and(self.cond(vars, depth - 1, &inner))
            }
            4..=6 => a.or(self.cond(vars, depth - 1, known)),
            7 => a.negated(),
            8 => {
                let (then, other) = (self.cond(vars, depth - 1, known), self.cond(vars, depth - 1, known));
                if let Some(cond) = self.chosen(vars, known) { cond } else { Cond::If(Box::new(a), Box::new(then), Box::new(other)) }
            }
            _ => {
                let Some(var) = self.splittable(vars, known) else { return a };
                let arms = self.split_tests(var).into_iter().map(|tests| (tests, self.cond(vars, depth - 1, known))).collect();
                Cond::Match(var, arms)
            }
        }
    }

    /// A number compared with one that hangs on another variable.
    fn chosen(&mut self, vars: &[VarId], known: &Known) -> Option<Cond> {
        let ordered: Vec<VarId> = vars.iter().copied().filter(|&var| self.kind(var).is_ordered() && self.is_sure(var, known)).collect();
        if ordered.is_empty() || self.rng.percent(40) {
            return None;
        }
        let var = *self.rng.one(&ordered);
        let kind = self.kind(var);
        let others: Vec<VarId> = vars.iter().copied().filter(|&other| other != var).collect();
        let by = self.splittable(&others, known)?;
        let tests = self.split_tests(by);
        let right = if let ([a, _], Kind::Flag) = (tests.as_slice(), self.kind(by)) {
            debug_assert_eq!(a, &vec![Test::Is(Val::Num(1))]);
            let (then, other) = (self.value(var), self.value(var));
            Term::If(Box::new(Cond::Yes(by)), Box::new(Term::Const(kind.clone(), then)), Box::new(Term::Const(kind, other)))
        } else {
            Term::Match(by, tests.into_iter().map(|tests| (tests, Term::Const(kind.clone(), self.value(var)))).collect())
        };
        let op = [Op::Less, Op::AtMost, Op::Greater, Op::AtLeast][self.rng.below(4)];
        Some(Cond::Compare(op, Term::Var(var), right))
    }

    pub(super) fn is_sure(&self, var: VarId, known: &Known) -> bool {
        known.contains(&var) || !self.schema.may_miss(var)
    }

    /// A variable that is there and can be the subject of tests.
    pub(super) fn splittable(&mut self, vars: &[VarId], known: &Known) -> Option<VarId> {
        let sure: Vec<VarId> = vars.iter().copied().filter(|&var| self.is_sure(var, known) && self.kind(var) != Kind::Ref).collect();
        if sure.is_empty() { None } else { Some(*self.rng.one(&sure)) }
    }

    /// Conditions on a variable that is there, of which exactly one holds.
    fn split(&mut self, var: VarId) -> Vec<Cond> {
        if let (Kind::Text(_), true) = (self.kind(var), self.rng.percent(60)) {
            let one = self.atom(var);
            let one = match one {
                Cond::Not(inner) => *inner,
                one => one,
            };
            return vec![one.clone(), one.negated()];
        }
        if self.rng.percent(20) {
            let one = self.atom(var);
            return vec![one.clone(), one.negated()];
        }
        let mut all = Vec::new();
        let mut values: Vec<Cond> = Vec::new();
        for tests in self.split_tests(var) {
            let cond = if tests == [Test::Otherwise] {
                let any = values.iter().cloned().reduce(Cond::or).unwrap_or(Cond::Always(false));
                any.negated()
            } else {
                self.of_tests(var, &tests)
            };
            values.push(cond.clone());
            all.push(cond);
        }
        all
    }

    /// What tests say, as a condition.
    fn of_tests(&self, var: VarId, tests: &[Test]) -> Cond {
        let kind = self.kind(var);
        let numbers: Vec<i64> =
            tests.iter().filter_map(|test| if let Test::Is(Val::Num(value)) = test { Some(*value) } else { None }).collect();
        if kind == Kind::Flag {
            return if numbers == [1] { Cond::Yes(var) } else { Cond::Yes(var).negated() };
        }
        if numbers.len() > 1 && numbers.len() == tests.len() {
            return Cond::In(var, numbers, None);
        }
        let one = |test: &Test| match test {
            Test::Is(Val::Num(value)) => Cond::Compare(Op::Equal, Term::Var(var), Term::Const(kind.clone(), *value)),
            Test::Is(Val::Text(text)) => Cond::Text(var, TextTest::In(vec![text.clone()], None)),
            Test::Compare(op, value) => Cond::Compare(*op, Term::Var(var), Term::Const(kind.clone(), *value)),
            Test::Within(low, high, open) => Cond::Within(Term::Var(var), *low, *high, *open),
            Test::Known => Cond::Known(var),
            Test::Missing => Cond::missing(var),
            Test::Otherwise | Test::Any => Cond::Always(true),
        };
        tests.iter().map(one).reduce(Cond::or).unwrap_or(Cond::Always(false))
    }

    /// Paths of which exactly one holds: each a list of conditions.
    pub(super) fn paths(&mut self, vars: &[VarId], depth: usize, known: &Known) -> Vec<Vec<Cond>> {
        if depth == 0 || vars.is_empty() {
            return vec![Vec::new()];
        }
        let var = *self.rng.one(vars);
        let mut parts: Vec<(Cond, Known)> = Vec::new();
        if !self.is_sure(var, known) {
            let mut there = known.clone();
            there.insert(var);
            if let Some(parent) = self.schema.parent(var) {
                there.insert(parent);
            }
            parts.push((Cond::missing(var), known.clone()));
            parts.push((Cond::Known(var), there));
        } else if let (true, Some((x, y))) = (self.rng.percent(35), self.pair_of(vars, known)) {
            let (x, y) = (Term::Var(x), Term::Var(y));
            let ops = [vec![Op::Less, Op::Equal, Op::Greater], vec![Op::Less, Op::AtLeast], vec![Op::AtMost, Op::Greater]]
                [self.rng.below(3)]
            .clone();
            parts.extend(ops.into_iter().map(|op| (Cond::Compare(op, x.clone(), y.clone()), known.clone())));
        } else if self.rng.percent(15) || self.kind(var) == Kind::Ref {
            let one = self.cond(vars, 1, known);
            parts.push((one.clone(), known.clone()));
            parts.push((one.negated(), known.clone()));
        } else {
            parts.extend(self.split(var).into_iter().map(|cond| (cond, known.clone())));
        }
        let mut out = Vec::new();
        for (cond, known) in parts {
            let deeper = if matches!(cond, Cond::Known(_)) { depth } else { depth - 1 };
            for mut path in self.paths(vars, deeper, &known) {
                path.insert(0, cond.clone());
                out.push(path);
            }
        }
        out
    }

    /// Conditions of which exactly one holds, at most so many.
    pub(super) fn shared_out(&mut self, vars: &[VarId], most: usize, known: &Known) -> Vec<Cond> {
        let depth = 1 + self.rng.below(3);
        let mut parts: Vec<Cond> =
            self.paths(vars, depth, known).into_iter().filter_map(|path| path.into_iter().reduce(Cond::and)).collect();
        while parts.len() > most {
            let (a, b) = (self.rng.below(parts.len()), self.rng.below(parts.len()));
            if a != b {
                let other = parts[b].clone();
                parts[a] = parts[a].clone().or(other);
                parts.remove(b);
            }
        }
        parts.into_iter().map(|cond| self.disguised(cond)).collect()
    }

    /// The same, said differently.
    pub(super) fn disguised(&mut self, cond: Cond) -> Cond {
        match cond {
            Cond::And(a, b) => {
                let (a, b) = (self.disguised(*a), self.disguised(*b));
                if self.rng.percent(6) { a.negated().or(b.negated()).negated() } else { a.and(b) }
            }
            Cond::Or(a, b) => {
                let (a, b) = (self.disguised(*a), self.disguised(*b));
                if self.rng.percent(6) { a.negated().and(b.negated()).negated() } else { a.or(b) }
            }
            Cond::Not(a) if !matches!(*a, Cond::Known(_)) => self.disguised(*a).negated(),
            Cond::Compare(op, a, b) => match self.rng.below(8) {
                0 => Cond::Compare(op.mirrored(), b, a),
                1 => Cond::Compare(op.opposite(), a, b).negated(),
                _ => Cond::Compare(op, a, b),
            },
            Cond::Within(a, low, high, open) if self.rng.percent(20) => {
                let kind = crate::decisions::write::Writer { schema: &self.schema, root: "" }.kind(&a);
                let below = Cond::Compare(if open { Op::Less } else { Op::AtMost }, a.clone(), Term::Const(kind.clone(), high));
                Cond::Compare(Op::AtLeast, a, Term::Const(kind, low)).and(below)
            }
            Cond::In(var, values, None) if values.len() > 1 && self.rng.percent(20) => {
                let kind = self.kind(var);
                let one = |value: &i64| Cond::Compare(Op::Equal, Term::Var(var), Term::Const(kind.clone(), *value));
                values.iter().map(one).reduce(Cond::or).expect("several")
            }
            same => same,
        }
    }

    /// Almost the same: one number, comparison or part of it is another.
    pub(super) fn bent(&mut self, cond: &Cond) -> Cond {
        let first = self.rng.percent(50);
        match cond {
            Cond::And(a, b) if matches!(**a, Cond::Known(_)) => (**a).clone().and(self.bent(b)),
            Cond::And(a, b) if first => self.bent(a).and((**b).clone()),
            Cond::And(a, b) => (**a).clone().and(self.bent(b)),
            Cond::Or(a, b) if first => self.bent(a).or((**b).clone()),
            Cond::Or(a, b) => (**a).clone().or(self.bent(b)),
            Cond::Not(a) if !matches!(**a, Cond::Known(_)) => self.bent(a).negated(),
            Cond::Compare(op, a, Term::Const(kind, value)) if kind.is_ordered() => match self.rng.below(3) {
                0 => Cond::Compare(*op, a.clone(), Term::Const(kind.clone(), value + kind.unit())),
                1 => Cond::Compare(*op, a.clone(), Term::Const(kind.clone(), (value - kind.unit()).max(0))),
                _ => {
                    let other = match op {
                        Op::Less => Op::AtMost,
                        Op::AtMost => Op::Less,
                        Op::Greater => Op::AtLeast,
                        Op::AtLeast => Op::Greater,
                        other => other.opposite(),
                    };
                    Cond::Compare(other, a.clone(), Term::Const(kind.clone(), *value))
                }
            },
            Cond::Within(a, low, high, open) if low < high => Cond::Within(a.clone(), *low, *high, !open),
            Cond::In(var, values, None) if values.len() > 1 => Cond::In(*var, values[1..].to_vec(), None),
            Cond::Text(var, TextTest::In(texts, None)) if texts.len() > 1 => Cond::Text(*var, TextTest::In(texts[1..].to_vec(), None)),
            Cond::Compare(op, a, b) => Cond::Compare(op.opposite(), a.clone(), b.clone()),
            same => same.clone(),
        }
    }
}
