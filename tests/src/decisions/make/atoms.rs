//! Conditions on one or two variables.

use super::Gen;
use crate::decisions::conds::{Cond, Op, Term, Test, TextTest};
use crate::decisions::vars::{Kind, Source, Val, VarId};
use std::collections::BTreeSet;

/// The variables known to be there.
pub(super) type Known = BTreeSet<VarId>;

impl Gen {
    pub(super) fn kind(&self, var: VarId) -> Kind {
        self.schema.vars[var].kind.clone()
    }

    /// A value to compare a variable with.
    pub(super) fn value(&mut self, var: VarId) -> i64 {
        let of = &self.schema.vars[var];
        let unit = of.kind.unit();
        let value = of.pool[self.rng.below(of.pool.len())];
        match self.rng.below(12) {
            0 => value + unit,
            1 => (value - unit).max(0),
            _ => value,
        }
    }

    fn constant(&mut self, var: VarId) -> Term {
        let value = self.value(var);
        Term::Const(self.kind(var), value)
    }

    /// A condition on a variable that is there.
    pub(super) fn atom(&mut self, var: VarId) -> Cond {
        match self.kind(var) {
            Kind::Ref => Cond::Known(var),
            Kind::Flag => match self.rng.below(4) {
                0 => Cond::Yes(var).negated(),
                1 if self.schema.vars[var].source == Source::Field => {
                    let yes = self.rng.below(2) as i64;
                    Cond::Compare(Op::Equal, Term::Var(var), Term::Const(Kind::Flag, yes))
                }
                _ => Cond::Yes(var),
            },
            Kind::Pick(values) => {
                let one = self.rng.below(values.len()) as i64;
                let is = |op| Cond::Compare(op, Term::Var(var), Term::Const(Kind::Pick(values.clone()), one));
                match self.rng.below(8) {
                    0 | 1 => is(Op::Equal),
                    2 => is(Op::NotEqual),
                    n => {
                        let mut some: Vec<i64> = (0..values.len() as i64).filter(|_| self.rng.percent(50)).collect();
                        some.push(one);
                        some.dedup();
                        let any = Cond::In(var, some, None);
                        if n == 4 { any.negated() } else { any }
                    }
                }
            }
            Kind::Text(_) => self.text_atom(var),
            kind => self.ordered_atom(var, &kind),
        }
    }

    fn text_atom(&mut self, var: VarId) -> Cond {
        let words = self.schema.vars[var].words.clone();
        let word = |g: &mut Self| g.rng.one(&words).clone();
        let zip = words.iter().any(|word| word == "150");
        let fold = self.kind(var) == Kind::Text(true);
        let test = match self.rng.below(13) {
            0 | 1 => TextTest::In(vec![word(self)], None),
            2 | 3 => {
                let mut some = vec![word(self), word(self)];
                some.dedup();
                TextTest::In(some, None)
            }
            4 if !fold => {
                let (name, texts) =
                    if zip { ("low_codes", ["100", "150", "98"].as_slice()) } else { ("named", ["Acme GmbH", "Zed KG"].as_slice()) };
                TextTest::In(texts.iter().map(|&text| text.to_owned()).collect(), Some(name.into()))
            }
            5..=7 | 10 if zip => {
                let (a, b) = (self.rng.between(100, 200), self.rng.between(0, 60));
                let low = if self.rng.percent(50) { [100, 150, 200][self.rng.below(3)] } else { a };
                let high = if self.rng.percent(50) { [149, 199, 299][self.rng.below(3)] } else { a + b };
                TextTest::Code(low.min(high).to_string(), low.max(high).to_string())
            }
            8 if zip && self.rng.percent(30) => TextTest::Left(2, ["15", "98", "1"][self.rng.below(3)].into()),
            9 if !fold && self.rng.percent(15) => TextTest::Right(2, if zip { "99" } else { "AG" }.into()),
            8 | 12 if zip => TextTest::Starts(["1", "15", "98"][self.rng.below(3)].into()),
            _ if zip => TextTest::Ends(["0", "9"][self.rng.below(2)].into()),
            4 | 5 | 12 => TextTest::Starts(if fold { "acme" } else { ["Acme", "sub", "Bo"][self.rng.below(3)] }.into()),
            6 => TextTest::Ends(if fold { "gmbh" } else { ["GmbH", "KG", "VIP desk"][self.rng.below(3)] }.into()),
            7 | 9 | 11 => TextTest::Contains(if fold { "me g" } else { ["VIP", "sub", "me G"][self.rng.below(3)] }.into()),
            8 => TextTest::Has(vec![["vip", "gmbh"][self.rng.below(2)].into()]),
            _ => TextTest::Has(vec!["vip".into(), "kg".into()]),
        };
        let cond = Cond::Text(var, test);
        if self.rng.percent(20) { cond.negated() } else { cond }
    }

    fn ordered_atom(&mut self, var: VarId, kind: &Kind) -> Cond {
        let op = *self.rng.one(&Op::ALL);
        let ordered = [Op::Less, Op::AtMost, Op::Greater, Op::AtLeast][self.rng.below(4)];
        let x = Term::Var(var);
        match self.rng.below(20) {
            0..=3 => {
                let (a, b) = (self.value(var), self.value(var));
                let (low, high) = (a.min(b), a.max(b));
                let open = self.rng.percent(50) && low < high;
                Cond::Within(x, low, high, open)
            }
            4 if *kind == Kind::Int && self.rng.percent(50) => Cond::In(var, vec![100, 300], Some("sizes".into())),
            4 => {
                let mut some = vec![self.value(var), self.value(var)];
                some.dedup();
                Cond::In(var, some, None)
            }
            5 => {
                let c = self.constant(var);
                Cond::Compare(ordered, c, x)
            }
            6 if *kind == Kind::Int => {
                let half = self.value(var) + 50;
                Cond::Compare(ordered, x, Term::Const(Kind::Num(1), half))
            }
            7..=9 if *kind == Kind::Date => Cond::Compare(ordered, x, Term::Today(self.today)),
            10 | 11 if *kind == Kind::Date => {
                let by = self.rng.between(1, 4);
                Cond::Compare(ordered, Term::Plus(Box::new(x), by), Term::Today(self.today))
            }
            12 | 13 if *kind == Kind::Date => {
                let by = self.rng.between(1, 4);
                Cond::Compare(ordered, Term::Minus(Box::new(Term::Today(self.today)), Box::new(x)), Term::Const(Kind::Days, by))
            }
            14..=17 if *kind == Kind::Date => {
                let months = *self.rng.one(&[1, 2, 6, 8, 12]);
                let day = crate::decisions::vars::months_on(self.value(var), months);
                Cond::Compare(ordered, Term::Months(Box::new(x), months), Term::Const(Kind::Date, day))
            }
            7 | 8 => {
                let c = self.constant(var);
                let by = kind.unit() * self.rng.between(1, 2);
                Cond::Compare(op, Term::Plus(Box::new(x), by), c)
            }
            _ => {
                let c = self.constant(var);
                Cond::Compare(op, x, c)
            }
        }
    }

    /// Whether two variables can be compared with one another.
    pub(super) fn comparable(&self, a: VarId, b: VarId) -> bool {
        let group = |var: VarId| match self.schema.vars[var].kind {
            Kind::Int | Kind::Num(0 | 1) => 1,
            Kind::Money(0 | 1) => 2,
            Kind::Date => 3,
            Kind::Days => 4,
            _ => 0,
        };
        a != b && group(a) == group(b) && group(a) > 0
    }

    /// A comparison of two variables that are there.
    pub(super) fn pair(&mut self, x: VarId, y: VarId) -> Cond {
        let op = *self.rng.one(&Op::ALL);
        let (kind, unit) = (self.kind(x), self.kind(x).unit());
        let apart = if kind == Kind::Date && (self.schema.vars[x].pool[0] - self.schema.vars[y].pool[0]).abs() > 30 {
            (self.schema.vars[x].pool[0] - self.schema.vars[y].pool[0]).abs() + self.rng.between(-2, 2)
        } else {
            unit * self.rng.between(1, 2)
        };
        let (x, y) = (Term::Var(x), Term::Var(y));
        match self.rng.below(6) {
            0..=4 if kind == Kind::Date || self.rng.percent(40) => {
                let kind = if kind == Kind::Date { Kind::Days } else { kind };
                Cond::Compare(op, Term::Minus(Box::new(x), Box::new(y)), Term::Const(kind, apart))
            }
            2 => Cond::Compare(op, Term::Plus(Box::new(x), apart), y),
            3 => Cond::Compare(op, x, Term::Plus(Box::new(y), -apart)),
            _ => Cond::Compare(op, x, y),
        }
    }

    /// A condition on a variable that is looked after where the variable may be missing.
    pub(super) fn guarded(&mut self, var: VarId, known: &Known) -> Cond {
        if known.contains(&var) || !self.schema.may_miss(var) {
            return self.wrapped(var);
        }
        let kind = self.kind(var);
        if kind == Kind::Ref {
            return if self.rng.percent(70) { Cond::Known(var) } else { Cond::missing(var) };
        }
        let computed = self.schema.vars[var].source == Source::Computed;
        match self.rng.below(12) {
            0 if !computed => Cond::Known(var),
            1 if !computed => Cond::missing(var),
            2 | 3 if !computed => Cond::missing(var).or(self.atom(var)),
            4 | 5 => Cond::OrElse(Box::new(self.atom(var)), self.rng.percent(25)),
            6 | 7 if kind.is_ordered() => {
                let (other, c, op) = (self.value(var), self.constant(var), *self.rng.one(&Op::ALL));
                Cond::Compare(op, Term::OrElse(var, other), c)
            }
            8 if !computed => Cond::If(Box::new(Cond::Known(var)), Box::new(self.atom(var)), Box::new(Cond::Always(self.rng.percent(30)))),
            _ if computed => Cond::OrElse(Box::new(self.atom(var)), false),
            _ => {
                let inner = self.atom(var);
                let known = Cond::Known(var).and(inner);
                if self.rng.percent(15) { known.negated() } else { known }
            }
        }
    }

    /// A condition on a variable that is there, now and then as a `match` or an `if`.
    fn wrapped(&mut self, var: VarId) -> Cond {
        if self.rng.percent(88) || self.kind(var) == Kind::Ref {
            return self.atom(var);
        }
        let tests = self.split_tests(var);
        let arms = tests.into_iter().map(|tests| (tests, Cond::Always(self.rng.percent(50)))).collect();
        Cond::Match(var, arms)
    }

    /// Tests on a variable that is there, of which exactly one holds for each value.
    pub(super) fn split_tests(&mut self, var: VarId) -> Vec<Vec<Test>> {
        let number = |value: i64| Test::Is(Val::Num(value));
        match self.kind(var) {
            Kind::Flag => vec![vec![number(1)], vec![number(0)]],
            Kind::Pick(values) => {
                let mut parts: Vec<Vec<Test>> = vec![Vec::new(); 2 + self.rng.below(2)];
                for value in 0..values.len() {
                    let at = self.rng.below(parts.len());
                    parts[at].push(number(value as i64));
                }
                parts.retain(|part| !part.is_empty());
                if parts.len() > 1 && self.rng.percent(25) {
                    let last = parts.len() - 1;
                    parts[last] = vec![Test::Otherwise];
                }
                parts
            }
            Kind::Text(_) => {
                let words = self.schema.vars[var].words.clone();
                let a = self.rng.below(words.len());
                let b = (a + 1 + self.rng.below(words.len() - 1)) % words.len();
                let is = |at: usize| Test::Is(Val::Text(words[at].clone()));
                if self.rng.percent(50) {
                    vec![vec![is(a), is(b)], vec![Test::Otherwise]]
                } else {
                    vec![vec![is(a)], vec![is(b)], vec![Test::Otherwise]]
                }
            }
            Kind::Ref => vec![vec![Test::Known], vec![Test::Missing]],
            _ => {
                let (a, b) = (self.value(var), self.value(var));
                let (low, high) = (a.min(b), a.max(b));
                if low == high {
                    return match self.rng.below(2) {
                        0 => vec![vec![Test::Compare(Op::Less, low)], vec![Test::Compare(Op::AtLeast, low)]],
                        _ => vec![vec![Test::Compare(Op::AtMost, low)], vec![Test::Compare(Op::Greater, low)]],
                    };
                }
                match self.rng.below(3) {
                    0 => vec![
                        vec![Test::Compare(Op::Less, low)],
                        vec![Test::Within(low, high, true)],
                        vec![Test::Compare(Op::AtLeast, high)],
                    ],
                    1 => vec![
                        vec![Test::Compare(Op::Less, low)],
                        vec![Test::Within(low, high, false)],
                        vec![Test::Compare(Op::Greater, high)],
                    ],
                    _ => vec![vec![Test::Compare(Op::Less, low), Test::Compare(Op::AtLeast, high)], vec![Test::Within(low, high, true)]],
                }
            }
        }
    }
}
