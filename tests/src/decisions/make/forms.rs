//! Sets, tables, trees and `match`, as they are written.

use super::atoms::Known;
use super::{Gen, MadeSet, Place};
use crate::decisions::conds::{Cond, Op, Term, Test};
use crate::decisions::decision::{Decision, Rung, When, Win};
use crate::decisions::vars::{Kind, Schema, VarId};
use crate::decisions::write::Writer;

/// A branch of a tree: its tests, and the question behind it.
type Branch = (Vec<Test>, Option<Node>);

/// A question of a tree.
struct Node {
    var: VarId,
    branches: Vec<Branch>,
}

impl Gen {
    fn fresh(&mut self, stem: &str) -> String {
        self.next += 1;
        format!("{stem}_{}", self.next)
    }

    pub(super) fn writer(&self) -> Writer<'_> {
        Writer { schema: &self.schema, root: "" }
    }

    fn where_text(&self, guard: Option<&Cond>) -> String {
        where_text(&self.schema, guard)
    }

    /// One set (or two versions of one).
    pub(super) fn set(&mut self) {
        match self.rng.below(20) {
            0..=2 => self.ladder(),
            3..=6 => self.segments(),
            7..=10 => self.territories(),
            11..=13 => self.table(),
            14..=16 => self.tree(),
            17 | 18 => self.matched(),
            _ => self.every(),
        }
    }

    pub(super) fn push(&mut self, place: Place, form: &'static str, decision: Decision, text: String) {
        self.out.push_str(&text);
        self.out.push('\n');
        self.sets.push(MadeSet { place, form, decision, text });
    }

    fn ladder(&mut self) {
        let vars = self.some_vars();
        let (guard, known) = self.guard(&vars);
        let rungs = self.rungs(&vars, Win::First, &known, 6);
        let (name, filter) = (self.fresh("tiers"), self.where_text(guard.as_ref()));
        let decision = self.tidied(Decision { guard, win: Win::First, rungs });
        let text = format!("tiers {name} for account{filter} {{\n{}}}", written(&self.schema, &decision, 1, &mut 0, false));
        self.push(Place::Set(name, 0), "tiers", decision, text);
    }

    fn segments(&mut self) {
        let name = self.fresh("segments");
        let first = self.rng.percent(20);
        let (win, mode) = if first { (Win::First, " first match") } else { (Win::Exclusive, "") };
        self.versions("segments", name, win, mode, 0);
    }

    fn territories(&mut self) {
        let name = self.fresh("territories");
        let first = self.rng.percent(15);
        let (win, mode) = if first { (Win::First, " first match") } else { (Win::Exclusive, "") };
        let depth = 1 + self.rng.below(2);
        self.versions("territories", name, win, mode, depth);
    }

    fn versions(&mut self, word: &'static str, name: String, win: Win, mode: &str, depth: usize) {
        let two = self.rng.percent(12);
        let starts = if two { [" from 2025-01-01", " from 2025-09-01"].as_slice() } else { &[""] };
        for (version, from) in starts.iter().enumerate() {
            let vars = self.some_vars();
            let (guard, known) = self.guard(&vars);
            let filter = self.where_text(guard.as_ref());
            // What is nested asks for other variables than what is around it.
            let (outer, inner) = if depth > 0 && vars.len() > 1 { vars.split_at(vars.len().div_ceil(2)) } else { (&*vars, &*vars) };
            let rungs = self.rungs(outer, win, &known, if depth > 0 { 3 } else { 6 });
            let mut decision = Decision { guard, win, rungs };
            if depth > 0 {
                self.nest(&mut decision, inner, &known, depth);
            }
            let decision = self.tidied(decision);
            let text =
                format!("{word} {name} for account{from}{filter}{mode} {{\n{}}}", written(&self.schema, &decision, 1, &mut 0, false));
            let form = if two { "versions" } else { word };
            self.push(Place::Set(name.clone(), version), form, decision, text);
        }
    }

    fn every(&mut self) {
        let vars = self.some_vars();
        let (guard, known) = self.guard(&vars);
        let rungs = self.rungs(&vars, Win::Every, &known, 4);
        let filter = self.where_text(guard.as_ref());
        let decision = Decision { guard, win: Win::Every, rungs };
        let score = self.rng.percent(50);
        let (name, body) = (self.fresh("every"), written(&self.schema, &decision, 1, &mut 0, score));
        let text = if score {
            format!("scorecard {name} for account{filter} {{\n{body}}}")
        } else {
            format!("segments {name} for account{filter} every match {{\n{body}}}")
        };
        self.push(Place::Set(name, 0), "every", decision, text);
    }

    /// Tests on a variable of which one holds, with one for what is missing if that is needed.
    fn column(&mut self, var: VarId, known: &Known) -> Vec<Vec<Test>> {
        let mut tests = if self.kind(var) == Kind::Ref { vec![vec![Test::Known]] } else { self.split_tests(var) };
        if !self.is_sure(var, known) {
            match self.rng.below(6) {
                0 => {
                    let at = self.rng.below(tests.len());
                    if tests[at] != [Test::Otherwise] {
                        tests[at].push(Test::Missing);
                        return tests;
                    }
                    tests.insert(0, vec![Test::Missing]);
                }
                1 => tests = vec![vec![Test::Missing], vec![Test::Known]],
                _ => tests.insert(0, vec![Test::Missing]),
            }
        }
        tests
    }

    fn table(&mut self) {
        let mut vars = self.some_vars();
        let (guard, known) = self.guard(&vars);
        vars.truncate(1 + self.rng.below(3));
        let (name, filter) = (self.fresh("table"), self.where_text(guard.as_ref()));
        let first = self.rng.percent(35);
        let columns: Vec<Vec<Vec<Test>>> = vars.iter().map(|&var| self.column(var, &known)).collect();
        let mut otherwise = columns.iter().flatten().any(|tests| *tests == [Test::Otherwise]);
        let mut rows = self.rows(&columns);
        rows.retain(|row| row.iter().all(|tests| *tests != [Test::Otherwise]));
        if self.rng.percent(35) {
            self.spoil_rows(&mut rows, &columns);
        }
        otherwise |= self.rng.percent(15);
        if first && self.rng.percent(50) && !otherwise {
            rows.push(vec![vec![Test::Any]; vars.len()]);
        }
        if rows.is_empty() && !otherwise {
            return;
        }
        let head: Vec<&str> = vars.iter().map(|&var| self.schema.vars[var].name.as_str()).collect();
        let mut text = format!(
            "table {name} for account{filter}{} {{\n  | {} | -> | gain |\n",
            if first { " first match" } else { "" },
            head.join(" | ")
        );
        let mut rungs = Vec::new();
        for (at, row) in rows.iter().enumerate() {
            let cells: Vec<String> = vars.iter().zip(row).map(|(&var, tests)| self.writer().tests(var, tests)).collect();
            text.push_str(&format!("  | {} | -> | {at} |\n", cells.join(" | ")));
            let conds = vars.iter().zip(row).filter(|(_, tests)| **tests != [Test::Any]);
            let cond = conds.map(|(&var, tests)| Cond::Passes(var, tests.clone())).reduce(Cond::and);
            rungs.push(Rung::when(cond.unwrap_or(Cond::Always(true))));
        }
        if otherwise {
            text.push_str("  | otherwise | -> | 99 |\n");
            rungs.push(Rung::otherwise());
        }
        text.push('}');
        let decision = Decision { guard, win: if first { Win::First } else { Win::Exclusive }, rungs };
        self.push(Place::Set(name, 0), "table", decision, text);
    }

    fn rows(&mut self, columns: &[Vec<Vec<Test>>]) -> Vec<Vec<Vec<Test>>> {
        let Some((first, rest)) = columns.split_first() else { return vec![Vec::new()] };
        let mut out = Vec::new();
        for tests in first {
            if self.rng.percent(35) {
                let mut row = vec![tests.clone()];
                row.extend(rest.iter().map(|_| vec![Test::Any]));
                out.push(row);
                continue;
            }
            for mut row in self.rows(rest) {
                row.insert(0, tests.clone());
                out.push(row);
            }
        }
        out
    }

    fn spoil_rows(&mut self, rows: &mut Vec<Vec<Vec<Test>>>, columns: &[Vec<Vec<Test>>]) {
        let times = 1 + self.rng.below(2);
        for _ in 0..times {
            if rows.is_empty() {
                return;
            }
            let (at, column) = (self.rng.below(rows.len()), self.rng.below(columns.len()));
            match self.rng.below(4) {
                0 => drop(rows.remove(at)),
                1 => rows[at][column] = vec![Test::Any],
                2 => {
                    let other = self.rng.one(&columns[column]).clone();
                    if other != [Test::Otherwise] {
                        rows[at][column] = other;
                    }
                }
                _ => self.bend(&mut rows[at][column]),
            }
        }
    }

    /// Makes tests almost the same.
    fn bend(&mut self, tests: &mut Vec<Test>) {
        let at = self.rng.below(tests.len());
        tests[at] = match tests[at].clone() {
            Test::Compare(Op::Less, value) => Test::Compare(Op::AtMost, value),
            Test::Compare(Op::AtMost, value) => Test::Compare(Op::Less, value),
            Test::Compare(Op::Greater, value) => Test::Compare(Op::AtLeast, value),
            Test::Compare(Op::AtLeast, value) => Test::Compare(Op::Greater, value),
            Test::Within(low, high, open) if low < high => Test::Within(low, high, !open),
            Test::Is(_) if tests.len() > 1 => {
                tests.remove(at);
                return;
            }
            same => same,
        };
    }

    fn tree(&mut self) {
        let vars = self.some_vars();
        let (guard, known) = self.guard(&vars);
        let depth = 1 + self.rng.below(3);
        let Some(root) = self.node(&vars, &known, depth) else { return };
        let (name, filter) = (self.fresh("tree"), self.where_text(guard.as_ref()));
        let body = self.node_text(&root, 1);
        let text = format!("tree {name} for account{filter} gives {{ one, two }} {{\n{body}}}");
        let decision = Decision { guard, ..asked(&root) };
        self.push(Place::Set(name, 0), "tree", decision, text);
    }

    fn node(&mut self, vars: &[VarId], known: &Known, depth: usize) -> Option<Node> {
        let rest: Vec<VarId> = vars.iter().copied().filter(|&var| self.kind(var) != Kind::Ref).collect();
        if rest.is_empty() {
            return None;
        }
        let var = *self.rng.one(&rest);
        let mut tests = self.column(var, known);
        if self.rng.percent(15) && tests.len() > 1 {
            let at = self.rng.below(tests.len());
            if !tests[at].contains(&Test::Missing) {
                tests.remove(at);
            }
        }
        if self.rng.percent(20) {
            let at = self.rng.below(tests.len());
            self.bend(&mut tests[at]);
        }
        let branches = tests
            .into_iter()
            .map(|tests| {
                let mut inside = known.clone();
                if !tests.contains(&Test::Missing) && !tests.contains(&Test::Otherwise) {
                    inside.insert(var);
                    inside.extend(self.schema.parent(var));
                }
                // Now and then the same is asked again.
                let others: Vec<VarId> =
                    if self.rng.percent(80) { rest.iter().copied().filter(|&other| other != var).collect() } else { rest.clone() };
                let deeper = (depth > 1 && self.rng.percent(60)).then(|| self.node(&others, &inside, depth - 1)).flatten();
                (tests, deeper)
            })
            .collect();
        Some(Node { var, branches })
    }

    fn node_text(&self, node: &Node, indent: usize) -> String {
        let pad = "  ".repeat(indent);
        let mut out = format!("{pad}\"What of it?\" {} {{\n", self.schema.vars[node.var].name);
        for (at, (tests, deeper)) in node.branches.iter().enumerate() {
            let tests = self.writer().tests(node.var, tests);
            match deeper {
                Some(deeper) => out.push_str(&format!("{pad}  {tests} -> \n{}", self.node_text(deeper, indent + 2))),
                None => out.push_str(&format!("{pad}  {tests} -> {}\n", ["one", "two"][at % 2])),
            }
        }
        out.push_str(&format!("{pad}}}\n"));
        out
    }

    /// A `match` that is the value of a define.
    fn matched(&mut self) {
        let vars = self.some_vars();
        let known = Known::new();
        let pairs: Vec<(VarId, VarId)> = vars.iter().flat_map(|&x| vars.iter().map(move |&y| (x, y))).collect();
        let sure = |g: &Self, var: VarId| !g.schema.may_miss(var);
        let pair = pairs.into_iter().find(|&(x, y)| self.comparable(x, y) && sure(self, x) && sure(self, y));
        let name = self.fresh("matched");
        if let (Some((x, y)), true) = (pair, self.rng.percent(60)) {
            self.matched_pair(&name, x, y);
            return;
        }
        let rest: Vec<VarId> = vars.iter().copied().filter(|&var| self.kind(var) != Kind::Ref).collect();
        if rest.is_empty() {
            return;
        }
        let var = *self.rng.one(&rest);
        let mut tests = self.column(var, &known);
        if self.rng.percent(30) && tests.len() > 1 {
            let at = self.rng.below(tests.len());
            if !tests[at].contains(&Test::Missing) {
                tests.remove(at);
            }
        }
        if self.rng.percent(30) {
            let at = self.rng.below(tests.len());
            self.bend(&mut tests[at]);
        }
        let arms: Vec<String> =
            tests.iter().enumerate().map(|(at, tests)| format!("{} -> {at}", self.writer().tests(var, tests))).collect();
        let text = format!("define account.{name} = match {} {{ {} }}", self.schema.vars[var].name, arms.join(", "));
        let decision = asked(&Node { var, branches: tests.into_iter().map(|tests| (tests, None)).collect() });
        self.push(Place::Define(name), "match", decision, text);
    }

    fn matched_pair(&mut self, name: &str, x: VarId, y: VarId) {
        let subject = Term::Minus(Box::new(Term::Var(x)), Box::new(Term::Var(y)));
        let kind = self.writer().kind(&subject);
        let unit = kind.unit();
        let (low, high) = (unit, unit * self.rng.between(2, 3));
        let mut tests = vec![Test::Compare(Op::Less, low), Test::Within(low, high, true), Test::Compare(Op::AtLeast, high)];
        if self.rng.percent(30) {
            tests[1] = Test::Within(low, high, false);
        }
        if self.rng.percent(20) {
            tests.remove(self.rng.below(3));
        }
        let one = |test: &Test| match test {
            Test::Compare(op, value) => Cond::Compare(*op, subject.clone(), Term::Const(kind.clone(), *value)),
            Test::Within(low, high, open) => Cond::Within(subject.clone(), *low, *high, *open),
            _ => Cond::Always(true),
        };
        let rungs = tests.iter().map(|test| Rung::when(one(test))).collect();
        let arms: Vec<String> = tests
            .iter()
            .enumerate()
            .map(|(at, test)| format!("{} -> {at}", self.writer().tests_of(&kind, None, std::slice::from_ref(test))))
            .collect();
        let text = format!("define account.{name} = match {} {{ {} }}", self.writer().term(&subject), arms.join(", "));
        self.push(Place::Define(name.to_owned()), "match", Decision { guard: None, win: Win::Exclusive, rungs }, text);
    }
}

/// The decision that a question is.
fn asked(node: &Node) -> Decision {
    let rung = |(tests, deeper): &Branch| {
        let when = if *tests == [Test::Otherwise] { When::Otherwise } else { When::Is(Cond::Passes(node.var, tests.clone())) };
        Rung { overrides: false, when, nested: deeper.as_ref().map(asked) }
    };
    Decision { guard: None, win: Win::Exclusive, rungs: node.branches.iter().map(rung).collect() }
}

/// A guard as it stands in a header.
pub(super) fn where_text(schema: &Schema, guard: Option<&Cond>) -> String {
    guard.map(|guard| format!(" where {}", Writer { schema, root: "" }.cond(guard))).unwrap_or_default()
}

/// The rungs of a decision.
pub(super) fn written(schema: &Schema, decision: &Decision, indent: usize, next: &mut usize, points: bool) -> String {
    let (writer, mut out) = (Writer { schema, root: "" }, String::new());
    for rung in &decision.rungs {
        *next += 1;
        let number = *next;
        let points = if points { format!(" +{number}") } else { String::new() };
        let when = match &rung.when {
            When::Is(cond) => format!("when {}", writer.cond(cond)),
            When::Otherwise => "otherwise".to_owned(),
        };
        let overrides = if rung.overrides { "overrides " } else { "" };
        let inside = rung
            .nested
            .as_ref()
            .map(|nested| format!(" {{\n{}{}}}", written(schema, nested, indent + 1, next, false), "  ".repeat(indent)));
        let label = if rung.nested.is_some() { "group" } else { "label" };
        out.push_str(&format!("{}{label}_{number}{points} {overrides}{when}{}\n", "  ".repeat(indent), inside.unwrap_or_default()));
    }
    out
}
