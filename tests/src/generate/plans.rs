//! Defines, quotas and metrics.

use super::{Gen, Kind, Member, Periodic, Scope};

impl Gen {
    pub(super) fn define(&mut self) {
        let at = self.rng.percent(85).then(|| self.entity());
        let scope = at.map(Scope::of).unwrap_or_default();
        let mut kinds = vec![
            Kind::Int,
            Kind::Num,
            Kind::Money,
            Kind::Money,
            Kind::Text,
            Kind::Date,
            Kind::Flag,
            Kind::Flag,
            Kind::Period("month"),
            Kind::Period("year"),
        ];
        if let Some(at) = at {
            kinds.extend(self.entities[at].members.iter().map(|m| m.kind).filter(|k| matches!(k, Kind::Row(_) | Kind::Days)));
            if self.rng.percent(25) {
                kinds = vec![Kind::Row(at)];
            }
        }
        let kind = *self.rng.one(&kinds);
        let (value, optional) = match (kind, at) {
            (Kind::Row(to), Some(_)) => {
                if self.names(&scope, kind).is_empty() && self.entities[to].fields.iter().all(|f| f.kind != kind) {
                    return;
                }
                self.expr(&scope, kind, 2)
            }
            _ => self.expr(&scope, kind, 3),
        };
        let name = self.fresh("made");
        let path = at.map_or(name.clone(), |at| format!("{}.{name}", self.entities[at].name));
        self.line(format!("define {path} = {value}"));
        self.declare(at, name, kind, optional);
    }

    pub(super) fn define_in_period(&mut self) {
        let at = self.rng.percent(80).then(|| self.entity());
        let mut scope = at.map(Scope::of).unwrap_or_default();
        scope.params.push(Member { name: "p".into(), kind: Kind::Period("any"), optional: false });
        let kind = *self.rng.one(&[Kind::Int, Kind::Money, Kind::Money, Kind::Num]);
        let (value, optional) = self.expr(&scope, kind, 3);
        let name = self.fresh("in_period");
        let path = at.map_or(name.clone(), |at| format!("{}.{name}", self.entities[at].name));
        self.line(format!("define {path}(p: period) = {value}"));
        self.periodics.push(Periodic { entity: at, name, kind, optional });
    }

    pub(super) fn quota(&mut self) {
        let (at, name) = (self.entity(), self.fresh("quota"));
        let (filter, mut scope) = self.header(at);
        scope.params.push(Member { name: "period".into(), kind: Kind::Period("any"), optional: false });
        let (grain, span, split) = match self.rng.below(6) {
            0 => ("month", "FY2025-Q1", "30%, 30%, 40%"),
            1 if self.weeks => ("week", "FY2025-Q1", ""),
            2 => ("year", "FY2024..FY2025", "33.3%, 66.7%"),
            _ => ("quarter", "FY2025", "12.5%, 37.5%, 0%, 50%"),
        };
        let kind = *self.rng.one(&[Kind::Money, Kind::Money, Kind::Int, Kind::Num]);
        let (target, actual) = (self.expr(&scope, kind, 2).0, self.expr(&scope, kind, 3).0);
        let entity = self.entities[at].name.clone();
        let mut text = format!("quota {name} \"Quota\" for {entity} by {grain} in {span}{filter} {{\n  target = {target}\n");
        let has_actual = self.rng.percent(80);
        if has_actual {
            text.push_str(&format!("  actual = {actual}\n"));
        }
        let split = kind == Kind::Money && !split.is_empty() && self.rng.percent(50);
        if split {
            text.push_str(&format!(
                "  split {}\n",
                match grain {
                    "month" => "30%, 30%, 40%",
                    "year" => "33.3%, 66.7%",
                    _ => "12.5%, 37.5%, 0%, 50%",
                }
            ));
        }
        self.line(format!("{text}}}"));
        let whole = span.split("..").next().unwrap_or(span);
        let asked = if grain == "year" { "FY2024" } else { whole };
        self.declare(Some(at), format!("{name}({asked}).target"), kind, true);
        if has_actual {
            self.declare(Some(at), format!("{name}({asked}).attainment"), Kind::Num, true);
            self.declare(Some(at), format!("{name}({asked}).remaining"), kind, true);
        }
    }

    pub(super) fn metric(&mut self) {
        let name = self.fresh("metric");
        let kind = *self.rng.one(&[Kind::Money, Kind::Int, Kind::Num]);
        let at = self.rng.percent(75).then(|| self.entity());
        let (mut filter, mut by, mut groups) = (String::new(), Vec::new(), Vec::new());
        if let Some(at) = at {
            filter = self.header(at).0;
            let fit = |m: &&Member| {
                m.plain()
                    && matches!(
                        m.kind,
                        Kind::Pick(_) | Kind::Flag | Kind::Row(_) | Kind::Text | Kind::Label(_) | Kind::Int | Kind::Period(_)
                    )
            };
            let names: Vec<Member> = self.entities[at].members.iter().filter(fit).cloned().collect();
            for _ in 0..self.rng.below(3) {
                if let Some(member) = names.get(self.rng.below(names.len().max(1)))
                    && !by.contains(&member.name)
                {
                    by.push(member.name.clone());
                    groups.push(member.clone());
                }
            }
        }
        let mut scope = Scope { group: at, params: groups, ..Scope::default() };
        let mut span = String::new();
        if self.rng.percent(50) {
            let (grain, periods) = *self.rng.one(&[("quarter", "FY2025"), ("year", "FY2023..FY2025"), ("month", "FY2024-Q4")]);
            by.push(grain.into());
            span = format!(" in {periods}");
            scope.params.push(Member { name: "period".into(), kind: Kind::Period("any"), optional: false });
        }
        let whose = at.map_or(String::new(), |at| format!(" for {}", self.entities[at].name));
        let by = if by.is_empty() { String::new() } else { format!(" by {}", by.join(", ")) };
        let value = self.group_value(&scope, kind);
        let goal = if self.rng.percent(50) {
            format!("  goal {} {}", self.rng.one(&[">=", "<"]), self.literal(kind).unwrap_or_default())
        } else {
            String::new()
        };
        self.line(format!("metric {name} \"Metric\"{whose}{by}{span}{filter} {{ value = {value}{goal} }}"));
        if at.is_none() && span.is_empty() {
            self.declare(None, name, kind, true);
        }
    }

    fn group_value(&mut self, scope: &Scope, kind: Kind) -> String {
        for _ in 0..6 {
            if let Some((a, _)) = self.aggregate(scope, kind, 1) {
                return match self.rng.below(4) {
                    0 => match self.aggregate(scope, kind, 1) {
                        Some((b, _)) => format!("({a} {} {b})", self.rng.one(&["+", "-"])),
                        None => a,
                    },
                    1 => format!("({a} or else {})", self.literal(kind).unwrap_or_default()),
                    _ => a,
                };
            }
        }
        self.literal(kind).unwrap_or_default()
    }
}
