//! Which kinds of conditions a decision has, so that none is forgotten.

use super::brute::{Fact, bears, marks};
use super::conds::{Cond, Op, Term, Test, TextTest};
use super::decision::{Decision, When, Win};
use super::vars::{Kind, Schema, Source, VarId};
use std::collections::BTreeSet;

/// The kinds that every long run must have met often.
pub const KINDS: [&str; 40] = [
    "integer",
    "number",
    "money",
    "date",
    "duration",
    "text",
    "code",
    "picklist",
    "flag",
    "optional",
    "reference",
    "reference's field",
    "optional reference",
    "two fields",
    "difference",
    "dates apart",
    "today",
    "months",
    "population",
    "population implied",
    "aggregate",
    "rank",
    "fact",
    "range",
    "and",
    "or",
    "not",
    "list",
    "named list",
    "in range",
    "half-open range",
    "or else",
    "is known",
    "is missing",
    "starts with",
    "ends with",
    "contains",
    "has",
    "if",
    "match",
];

struct Kinds<'a> {
    schema: &'a Schema,
    out: BTreeSet<&'static str>,
}

/// The kinds of conditions of a decision, its guard, and the facts that bear on it.
pub fn kinds(schema: &Schema, facts: &[Fact], decision: &Decision) -> BTreeSet<&'static str> {
    let mut kinds = Kinds { schema, out: BTreeSet::new() };
    kinds.decision(decision);
    let marks = marks(schema, facts, decision);
    let vars: Vec<VarId> = marks.vars.iter().copied().collect();
    for fact in facts.iter().filter(|fact| bears(fact, &vars)) {
        kinds.out.insert("fact");
        kinds.cond(&fact.holds);
        fact.filter.iter().for_each(|filter| kinds.cond(filter));
    }
    for (at, a) in vars.iter().enumerate() {
        for b in &vars[at + 1..] {
            if let (Source::Population { family: x, .. }, Source::Population { family: y, .. }) =
                (&schema.vars[*a].source, &schema.vars[*b].source)
                && x == y
            {
                kinds.out.insert("population implied");
            }
        }
    }
    if marks.links.iter().any(|(_, _, apart)| *apart != 0) {
        kinds.out.insert("difference");
    }
    kinds.out
}

impl Kinds<'_> {
    fn decision(&mut self, of: &Decision) {
        of.guard.iter().for_each(|guard| {
            self.out.insert("where");
            self.cond(guard);
        });
        if of.win == Win::First {
            self.out.insert("ladder");
        }
        for rung in &of.rungs {
            if rung.overrides {
                self.out.insert("overrides");
            }
            match &rung.when {
                When::Is(cond) => self.cond(cond),
                When::Otherwise => drop(self.out.insert("otherwise")),
            }
            if let Some(nested) = &rung.nested {
                self.out.insert("nested");
                self.decision(nested);
            }
        }
    }

    fn var(&mut self, var: VarId) {
        let of = &self.schema.vars[var];
        self.out.insert(match &of.kind {
            Kind::Int => "integer",
            Kind::Num(_) => "number",
            Kind::Money(_) => "money",
            Kind::Date => "date",
            Kind::Days => "duration",
            Kind::Text(_) => "text",
            Kind::Pick(_) => "picklist",
            Kind::Flag => "flag",
            Kind::Ref => "reference",
        });
        if of.optional {
            self.out.insert("optional");
        }
        if of.range.is_some() {
            self.out.insert("range");
        }
        match &of.source {
            Source::Of(parent) => {
                self.out.insert("reference's field");
                if self.schema.vars[*parent].optional {
                    self.out.insert("optional reference");
                }
            }
            Source::Population { .. } => drop(self.out.insert("population")),
            Source::Computed if of.name.starts_with("rank") => drop(self.out.insert("rank")),
            Source::Computed => drop(self.out.insert("aggregate")),
            Source::Field => {}
        }
    }

    fn tests(&mut self, var: VarId, tests: &[Test]) {
        self.var(var);
        for test in tests {
            match test {
                Test::Within(_, _, open) => drop(self.out.insert(if *open { "half-open range" } else { "in range" })),
                Test::Known => drop(self.out.insert("is known")),
                Test::Missing => drop(self.out.insert("is missing")),
                Test::Compare(Op::Equal | Op::NotEqual, _) | Test::Otherwise | Test::Any | Test::Compare(..) | Test::Is(_) => {}
            }
        }
        if tests.len() > 1 {
            self.out.insert("or");
        }
    }

    fn term(&mut self, of: &Term) {
        match of {
            Term::Var(var) => self.var(*var),
            Term::Const(..) => {}
            Term::Today(_) => drop(self.out.insert("today")),
            Term::Plus(a, _) => self.term(a),
            Term::Months(a, _) => {
                self.out.insert("months");
                self.term(a);
            }
            Term::Minus(a, b) => {
                self.term(a);
                self.term(b);
                if matches!((&**a, &**b), (Term::Var(x), Term::Var(_)) if self.schema.vars[*x].kind == Kind::Date) {
                    self.out.insert("dates apart");
                }
            }
            Term::OrElse(var, _) => {
                self.out.insert("or else");
                self.var(*var);
            }
            Term::If(asked, a, b) => {
                self.out.insert("if");
                self.cond(asked);
                self.term(a);
                self.term(b);
            }
            Term::Match(var, arms) => {
                self.out.insert("match");
                arms.iter().for_each(|(tests, value)| {
                    self.tests(*var, tests);
                    self.term(value);
                });
            }
        }
    }

    fn cond(&mut self, of: &Cond) {
        match of {
            Cond::Always(_) => {}
            Cond::And(a, b) => {
                self.out.insert("and");
                self.cond(a);
                self.cond(b);
            }
            Cond::Or(a, b) => {
                self.out.insert("or");
                self.cond(a);
                self.cond(b);
            }
            Cond::Not(a) => {
                self.out.insert(if matches!(**a, Cond::Known(_)) { "is missing" } else { "not" });
                self.cond(a);
            }
            Cond::Compare(_, a, b) => {
                self.term(a);
                self.term(b);
                let mut marks = super::domains::Marks::default();
                marks.cond(of);
                if !marks.links.is_empty() {
                    self.out.insert("two fields");
                }
            }
            Cond::In(var, _, list) => {
                self.out.insert(if list.is_some() { "named list" } else { "list" });
                self.var(*var);
            }
            Cond::Within(a, _, _, open) => {
                self.out.insert(if *open { "half-open range" } else { "in range" });
                self.term(a);
            }
            Cond::Text(var, test) => {
                self.out.insert(match test {
                    TextTest::In(_, Some(_)) => "named list",
                    TextTest::In(_, None) => "list",
                    TextTest::Starts(_) => "starts with",
                    TextTest::Ends(_) => "ends with",
                    TextTest::Contains(_) => "contains",
                    TextTest::Has(_) => "has",
                    TextTest::Code(..) => "code",
                    TextTest::Left(..) | TextTest::Right(..) => "part of a text",
                });
                self.var(*var);
            }
            Cond::Known(var) => {
                self.out.insert("is known");
                self.var(*var);
            }
            Cond::Yes(var) => self.var(*var),
            Cond::Passes(var, tests) => self.tests(*var, tests),
            Cond::If(a, b, c) => {
                self.out.insert("if");
                [a, b, c].into_iter().for_each(|cond| self.cond(cond));
            }
            Cond::Match(var, arms) => {
                self.out.insert("match");
                arms.iter().for_each(|(tests, value)| {
                    self.tests(*var, tests);
                    self.cond(value);
                });
            }
            Cond::OrElse(a, _) => {
                self.out.insert("or else");
                self.cond(a);
            }
        }
    }
}
