//! Entities, their fields and facts about them.

use super::{Gen, MOST};
use crate::decisions::brute::{Fact, look_at_all};
use crate::decisions::conds::{Cond, Op, Term};
use crate::decisions::decision::{Decision, Rung, Win};
use crate::decisions::vars::{Kind, ONE, Source, Var, VarId, days};
use crate::decisions::write::Writer;

const NAMES: [&str; 8] = ["Acme GmbH", "Acme AG", "Bolt GmbH", "vip", "Acme", "Zed KG", "sub VIP desk", "subway"];
const CODES: [&str; 8] = ["100", "101", "149", "150", "199", "200", "98", "155"];

impl Gen {
    fn var(&mut self, name: &str, kind: Kind, optional: bool, source: Source) -> VarId {
        let (range, pool) = self.range_and_pool(&kind, name);
        let words = match (&kind, name) {
            (Kind::Text(_), "zip") => CODES.iter().map(|&text| text.to_owned()).collect(),
            (Kind::Text(true), _) => NAMES.iter().map(|text| text.to_lowercase()).collect(),
            _ => NAMES.iter().map(|&text| text.to_owned()).collect(),
        };
        self.schema.vars.push(Var { name: name.to_owned(), kind, optional, source, range, pool, words });
        self.schema.vars.len() - 1
    }

    fn range_and_pool(&mut self, kind: &Kind, name: &str) -> (Option<(i64, i64)>, Vec<i64>) {
        let ranged = self.rng.percent(60);
        match kind {
            Kind::Date => {
                // Some dates lie a quarter later, so that they can be many days apart.
                let late = name.starts_with("late");
                let base = if late { days(2025, 9, 26) } else { days(2025, 6, 27) };
                let start = base + self.rng.between(0, 2);
                let width = self.rng.between(3, 6);
                let pool = (0..2).map(|_| start + self.rng.between(0, width)).collect();
                ((ranged || late).then_some((start, start + width)), pool)
            }
            Kind::Days => (None, (0..2).map(|_| self.rng.between(1, 8)).collect()),
            kind if kind.is_ordered() => {
                let unit = kind.unit();
                let computed = name.contains('(');
                let low = if self.rng.percent(20) && !computed { -1 } else { i64::from(self.rng.percent(30)) };
                let width = self.rng.between(2, 4) * if unit < ONE { 2 } else { 1 };
                let value = |g: &mut Self| (low + g.rng.between(0, width)) * unit;
                let pool = (0..3).map(|_| value(self).max(0)).collect();
                ((ranged && !computed).then_some((low * unit, (low + width) * unit)), pool)
            }
            _ => (None, Vec::new()),
        }
    }

    /// Fields of the row, of rows it refers to, population facts and aggregates.
    pub(super) fn make_schema(&mut self) {
        let pick = |names: &[&str]| Kind::Pick(names.iter().map(|&name| name.to_owned()).collect());
        let scale = |g: &mut Self| g.rng.below(3) as u8;
        let mut fields: Vec<(&str, Kind)> = vec![
            ("seats", Kind::Int),
            ("size", Kind::Int),
            ("weight", Kind::Num(1)),
            ("quality", Kind::Num(scale(self))),
            ("revenue", Kind::Money(scale(self))),
            ("spend", Kind::Money(scale(self))),
            ("signed", Kind::Date),
            ("renewed", Kind::Date),
            ("late_one", Kind::Date),
            ("grace", Kind::Days),
            ("idle", Kind::Days),
            ("country", Kind::Text(false)),
            ("title", Kind::Text(self.rng.percent(50))),
            ("zip", Kind::Text(false)),
            ("industry", pick(&["retail", "bank", "farm"])),
            ("stage", pick(&["open", "won", "lost", "idle_stage"])),
            ("active", Kind::Flag),
            ("partner", Kind::Flag),
        ];
        // The order says nothing, so that places in it do not either.
        for at in (1..fields.len()).rev() {
            let other = self.rng.below(at + 1);
            fields.swap(at, other);
        }
        for (name, kind) in fields {
            let optional = self.rng.percent(30);
            self.var(name, kind, optional, Source::Field);
        }
        let refs: Vec<VarId> = ["region", "home"]
            .into_iter()
            .map(|name| {
                let optional = self.rng.percent(50);
                self.var(name, Kind::Ref, optional, Source::Field)
            })
            .collect();
        let inner = [("area", pick(&["north", "south", "east"])), ("level", Kind::Int), ("code", Kind::Text(false))];
        for (name, kind) in inner {
            let optional = self.rng.percent(25);
            let first = self.var(&format!("region.{name}"), kind, optional, Source::Of(refs[0]));
            let mut same = self.schema.vars[first].clone();
            same.name = format!("home.{name}");
            same.source = Source::Of(refs[1]);
            self.schema.vars.push(same);
        }
        let mut population = |text: &str, family: &str, amount: u32| {
            let source = Source::Population { family: family.to_owned(), amount };
            self.var(text, Kind::Flag, false, source);
        };
        population("first 80% of ranked", "first", 80);
        population("first 95% of ranked", "first", 95);
        population("first 50% of ranked", "first", 50);
        population("top 10 by ranked", "top", 10);
        population("top 20 by ranked", "top", 20);
        population("top 20% by ranked", "top%", 20);
        population("bottom 5 by ranked", "bottom", 5);
        population("bottom 15 by ranked", "bottom", 15);
        for (name, kind) in [
            ("count(contact)", Kind::Int),
            ("count(contact where lead)", Kind::Int),
            ("sum(contact.score)", Kind::Int),
            ("rank(seconded)", Kind::Int),
            ("any(contact where lead)", Kind::Flag),
        ] {
            self.var(name, kind, false, Source::Computed);
        }
        self.var("max(contact.score)", Kind::Int, true, Source::Computed);
    }

    /// The fields whose rows are accounts.
    pub(super) fn fields(&self) -> Vec<VarId> {
        (0..self.schema.vars.len()).filter(|&var| self.schema.vars[var].source == Source::Field).collect()
    }

    /// Facts about accounts and about regions.
    pub(super) fn make_facts(&mut self) {
        let plain: Vec<VarId> = self.fields().into_iter().filter(|&var| self.schema.vars[var].kind != Kind::Ref).collect();
        for _ in 0..2 {
            if self.rng.percent(25) {
                continue;
            }
            let (x, y) = (*self.rng.one(&plain), *self.rng.one(&plain));
            if x == y {
                continue;
            }
            let known = Default::default();
            let filter = self.rng.percent(70).then(|| self.guarded(x, &known));
            let holds = self.guarded(y, &known);
            // A fact speaks of nothing that is decided.
            if filter.iter().chain([&holds]).any(|cond| matches!(cond, Cond::Match(..))) {
                continue;
            }
            let text = |g: &Self, cond: &Cond| Writer { schema: &g.schema, root: "" }.cond(cond);
            let filter_text = filter.as_ref().map(|filter| format!(" where {}", text(self, filter))).unwrap_or_default();
            let holds_text = text(self, &holds);
            self.facts.push(Fact { of: None, filter, holds: holds.clone() });
            // There must be rows for which all facts hold.
            if self.is_possible(holds) {
                self.out.push_str(&format!("always account{filter_text}: {holds_text}\n"));
            } else {
                self.facts.pop();
            }
        }
        if self.rng.percent(40) {
            let level = self.named("region.level");
            if self.schema.vars[level].optional {
                return;
            }
            let least = *self.rng.one(&self.schema.vars[level].pool.clone());
            let at_least = |var: VarId| Cond::Compare(Op::AtLeast, Term::Var(var), Term::Const(Kind::Int, least));
            self.out.push_str(&format!("always region: level >= {}\n", Kind::Int.written(least)));
            for name in ["region", "home"] {
                let (of, level) = (self.named(name), self.named(&format!("{name}.level")));
                self.facts.push(Fact { of: Some(of), filter: None, holds: at_least(level) });
            }
        }
    }

    /// Whether there are rows about which such a condition can be asked.
    fn is_possible(&self, cond: Cond) -> bool {
        let decision = Decision { guard: None, win: Win::Every, rungs: vec![Rung::when(cond)] };
        look_at_all(&self.schema, &self.facts, &decision, MOST).is_some_and(|looked| looked.found[0].asked)
    }

    /// A variable by its name.
    pub(super) fn named(&self, name: &str) -> VarId {
        self.schema.vars.iter().position(|var| var.name == name).expect("a name that is made above")
    }

    /// The head of the policy and its entities.
    pub(super) fn entities(&self) -> String {
        let writer = Writer { schema: &self.schema, root: "" };
        let of = |wanted: &dyn Fn(&Source) -> bool| {
            let vars = (0..self.schema.vars.len()).filter(|&var| wanted(&self.schema.vars[var].source));
            vars.map(|var| writer.declared(var)).collect::<Vec<_>>().join("\n  ")
        };
        let account = of(&|source| *source == Source::Field);
        let region = of(&|source| matches!(source, Source::Of(parent) if self.schema.vars[*parent].name == "region"));
        format!(
            "policy \"Made up\" {{ currency USD as of {} }}\n\
             entity region from \"region.csv\" {{\n  id: text key\n  {region}\n}}\n\
             entity account from \"account.csv\" {{\n  id: text key\n  {account}\n  ranked: money(2)\n  seconded: money(2)\n}}\n\
             entity contact from \"contact.csv\" {{ id: text key, account: account, lead: flag, score: integer }}\n\
             list named = [\"Acme GmbH\", \"Zed KG\"]\nlist low_codes = [\"100\", \"150\", \"98\"]\nlist sizes = [1, 3]\n",
            crate::decisions::vars::date(self.today),
        )
    }
}
