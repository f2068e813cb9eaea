//! Aggregates over own rows, all rows, and rows matched by `=`.

use super::exprs::Text;
use super::{Gen, Kind, Scope};

/// Over whose rows, and how that is written.
struct Rows {
    at: usize,
    all: bool,
    via: Option<String>,
}

impl Gen {
    /// An aggregate of a kind.
    pub(super) fn aggregate(&mut self, scope: &Scope, kind: Kind, depth: usize) -> Option<Text> {
        // An aggregate names its rows first; another inside its value would be taken for them.
        if !scope.root.is_empty() {
            return None;
        }
        let rows = self.rows(scope)?;
        let inner = self.inside(scope, &rows);
        let all = if rows.all { "all " } else { "" };
        let name = self.entities[rows.at].name.clone();
        let (call, value, optional, by) = match (kind, self.rng.below(5)) {
            (Kind::Int, 0..=2) => ("count", name, false, false),
            (Kind::Int, 3) | (Kind::Num | Kind::Money, 0 | 1) => ("sum", self.value(&inner, rows.at, kind)?, false, false),
            (Kind::Num, 2) => ("share", name, true, false),
            (Kind::Num | Kind::Money, 2 | 3) => (*self.rng.one(&["average", "median"]), self.value(&inner, rows.at, kind)?, true, false),
            (Kind::Int | Kind::Num | Kind::Money | Kind::Date, 4) => {
                (*self.rng.one(&["min", "max"]), self.value(&inner, rows.at, kind)?, true, false)
            }
            (Kind::Row(to), _) if to == rows.at => {
                let call = *self.rng.one(&["only", "first", "last"]);
                (call, name, true, call != "only")
            }
            _ => {
                let call = *self.rng.one(&["only", "first", "last"]);
                (call, self.value(&inner, rows.at, kind)?, true, call != "only")
            }
        };
        let mut text = format!("{call}({all}{value}");
        text.push_str(&rows.via.as_ref().map_or(String::new(), |field| format!(" via {field}")));
        text.push_str(&self.condition(scope, &rows, depth, call == "share"));
        if by {
            let kind = *self.rng.one(&[Kind::Int, Kind::Date, Kind::Money]);
            let order = self.sure(&Scope { root: String::new(), ..inner }, kind, 0);
            text.push_str(&format!(" by {order}"));
        }
        text.push(')');
        Some((text, optional))
    }

    /// `any` or `every` of rows, as a condition.
    pub(super) fn rows_test(&mut self, scope: &Scope, depth: usize) -> Option<Text> {
        if !scope.root.is_empty() {
            return None;
        }
        let rows = self.rows(scope)?;
        let all = if rows.all { "all " } else { "" };
        let via = rows.via.as_ref().map_or(String::new(), |field| format!(" via {field}"));
        let name = self.entities[rows.at].name.clone();
        let condition = self.condition(scope, &rows, depth, true);
        Some((format!("{}({all}{name}{via}{condition})", self.rng.one(&["any", "every"])), false))
    }

    fn rows(&mut self, scope: &Scope) -> Option<Rows> {
        let at = self.entity();
        let refers = |to: usize| -> Vec<String> {
            self.entities[at].fields.iter().filter(|f| f.kind == Kind::Row(to)).map(|f| f.name.clone()).collect()
        };
        if let Some(entity) = scope.group {
            // A group's own rows, or rows that refer to them.
            if at == entity && refers(entity).is_empty() {
                return Some(Rows { at, all: false, via: None });
            }
            let single = refers(entity).len() == 1 && at != entity;
            return Some(Rows { at, all: !single, via: None });
        }
        let Some(entity) = scope.entity else { return Some(Rows { at, all: self.rng.percent(50), via: None }) };
        let fields = refers(entity);
        let (own, said) = (self.rng.percent(65), self.rng.percent(20));
        Some(match fields.len() {
            0 => Rows { at, all: true, via: None },
            _ if !own => Rows { at, all: true, via: None },
            1 if !said => Rows { at, all: false, via: None },
            _ => Rows { at, all: false, via: Some(self.rng.one(&fields).clone()) },
        })
    }

    fn inside(&self, scope: &Scope, rows: &Rows) -> Scope {
        let params = scope.params.iter().filter(|p| p.name == "period" || p.name == "p").cloned().collect();
        Scope { entity: Some(rows.at), root: format!("{}.", self.entities[rows.at].name), inner: true, params, ..Scope::default() }
    }

    /// What is aggregated: it names a field of the rows first.
    fn value(&mut self, inner: &Scope, at: usize, kind: Kind) -> Option<String> {
        let members: Vec<(String, bool)> =
            self.entities[at].members.iter().filter(|m| m.kind == kind).map(|m| (m.name.clone(), m.optional)).collect();
        if members.is_empty() {
            return None;
        }
        let (name, optional) = self.rng.one(&members).clone();
        let name = format!("{}{name}", inner.root);
        let first = match (optional, self.literal(kind)) {
            (false, _) => name,
            (true, Some(literal)) => format!("({name} or else {literal})"),
            (true, None) => return None,
        };
        if matches!(kind, Kind::Int | Kind::Num | Kind::Money) && self.rng.percent(30) {
            let more = self.sure(inner, kind, 1);
            return Some(format!("({first} {} {more})", self.rng.one(&["+", "-"])));
        }
        Some(first)
    }

    /// The `where`, with what is equal to the outer row.
    fn condition(&mut self, scope: &Scope, rows: &Rows, depth: usize, wanted: bool) -> String {
        let inner = Scope { root: String::new(), ..self.inside(scope, rows) };
        let mut parts = Vec::new();
        if wanted || self.rng.percent(50) {
            parts.push(self.compound_flag(&inner, depth.min(1)).0);
        }
        if scope.entity.is_some() && !scope.inner && scope.group.is_none() && self.rng.percent(45) {
            parts.extend(self.equal_to_this(scope, rows.at));
        }
        if parts.is_empty() { String::new() } else { format!(" where {}", parts.join(" and ")) }
    }

    fn equal_to_this(&mut self, scope: &Scope, at: usize) -> Option<String> {
        let outer = scope.entity?;
        let fits = |kind: Kind| !matches!(kind, Kind::Labels(_) | Kind::Time | Kind::Months);
        let pairs: Vec<(String, String)> = self.entities[at]
            .members
            .iter()
            .filter(|m| fits(m.kind))
            .flat_map(|m| {
                self.entities[outer].members.iter().filter(|o| o.kind == m.kind).map(|o| (m.name.clone(), format!("this.{}", o.name)))
            })
            .collect();
        let dates =
            |of: usize| self.entities[of].members.iter().filter(|m| m.kind == Kind::Date).map(|m| m.name.clone()).collect::<Vec<_>>();
        let (inner_days, outer_days) = (dates(at), dates(outer));
        if !inner_days.is_empty() && !outer_days.is_empty() && self.rng.percent(40) {
            let grain = *self.rng.one(&["year", "quarter", "month"]);
            let (a, b) = (self.rng.one(&inner_days).clone(), self.rng.one(&outer_days).clone());
            return Some(match self.rng.below(2) {
                0 => format!("{a} in {grain}_of(this.{b})"),
                _ => format!("{grain}_of({a}) = {grain}_of(this.{b})"),
            });
        }
        let references: Vec<String> =
            self.entities[at].fields.iter().filter(|f| f.kind == Kind::Row(outer)).map(|f| f.name.clone()).collect();
        if !references.is_empty() && self.rng.percent(30) {
            return Some(format!("{} = this", self.rng.one(&references)));
        }
        if pairs.is_empty() {
            return None;
        }
        let (a, b) = self.rng.one(&pairs).clone();
        Some(if self.rng.percent(50) { format!("{a} = {b}") } else { format!("{b} = {a}") })
    }
}
