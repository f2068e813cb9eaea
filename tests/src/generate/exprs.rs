//! Expressions of a wanted kind.

use super::{Gen, Kind, Member, Scope};

/// An expression's text, and whether it may be missing. Where it is unsure it says so: handling what is there does no harm.
pub(super) type Text = (String, bool);

impl Gen {
    /// The names of a kind that are in reach.
    pub(super) fn names(&self, scope: &Scope, kind: Kind) -> Vec<Text> {
        let mut out = Vec::new();
        let mut add = |name: String, optional: bool| {
            let known = scope.known.contains(&name);
            out.push((name, optional && !known));
        };
        if let Some(at) = scope.entity {
            for member in &self.entities[at].members {
                let name = format!("{}{}", scope.root, member.name);
                if member.kind == kind {
                    add(name.clone(), member.optional);
                }
                if let (Kind::Row(to), true) = (member.kind, member.plain()) {
                    let inner = self.entities[to].members.iter().filter(|m| m.kind == kind);
                    inner
                        .take(40)
                        .for_each(|m| add(format!("{name}.{}", m.name), m.optional || (member.optional && !scope.known.contains(&name))));
                }
            }
        }
        let kinds = |members: &[Member]| members.iter().filter(|m| m.kind == kind).cloned().collect::<Vec<_>>();
        for member in kinds(&self.globals).into_iter().chain(kinds(&scope.params)) {
            add(member.name, member.optional);
        }
        for define in &self.periodics {
            let here = define.entity.is_none() || (define.entity == scope.entity);
            if here && define.kind == kind {
                let root = if define.entity.is_some() { scope.root.as_str() } else { "" };
                let periods = scope.params.iter().filter(|p| p.name == "period" || p.name == "p").map(|p| p.name.clone());
                for period in periods.chain(["FY2024".into(), "FY2025".into()]) {
                    add(format!("{root}{}({period})", define.name), define.optional);
                }
            }
        }
        out
    }

    /// An expression of a kind that is always there.
    pub(super) fn sure(&mut self, scope: &Scope, kind: Kind, depth: usize) -> String {
        for _ in 0..6 {
            let (text, optional) = self.expr(scope, kind, depth);
            if !optional {
                return text;
            }
            if let Some(literal) = self.literal(kind) {
                return format!("({text} or else {literal})");
            }
        }
        self.literal(kind).unwrap_or_else(|| match kind {
            Kind::Time => "SURE".into(),
            _ => "today".into(),
        })
    }

    /// An expression of a kind. Of a kind that has no literals there must be a name in reach.
    pub(super) fn expr(&mut self, scope: &Scope, kind: Kind, depth: usize) -> Text {
        if depth > 0 && self.rng.percent(65) {
            let made = match kind {
                Kind::Flag => Some(self.compound_flag(scope, depth - 1)),
                Kind::Int | Kind::Num | Kind::Money => self.number(scope, kind, depth - 1),
                Kind::Text => self.text(scope, depth - 1),
                Kind::Date | Kind::Time | Kind::Days | Kind::Period(_) => self.time(scope, kind, depth - 1),
                Kind::Row(to) => self.row_of(scope, to, depth - 1),
                Kind::Months | Kind::Pick(_) | Kind::Label(_) | Kind::Labels(_) => None,
            };
            if let Some(made) = made {
                return made;
            }
        }
        self.leaf(scope, kind)
    }

    /// A name, or a literal.
    pub(super) fn leaf(&mut self, scope: &Scope, kind: Kind) -> Text {
        let names = self.names(scope, kind);
        let bare = !matches!(kind, Kind::Pick(_) | Kind::Label(_));
        match self.literal(kind).filter(|_| bare) {
            Some(literal) if names.is_empty() || self.rng.percent(20) => (literal, false),
            _ if names.is_empty() => ("today".into(), false),
            _ => self.rng.one(&names).clone(),
        }
    }

    /// A value of a kind written out; of picklists and labels only where the other side says of which.
    pub(super) fn literal(&mut self, kind: Kind) -> Option<String> {
        let n = self.rng.between(0, 60);
        Some(match kind {
            Kind::Int => n.to_string(),
            Kind::Num => format!("{}.{}", n % 20, self.rng.below(100)),
            Kind::Money => match self.rng.below(3) {
                0 => format!("${n}k"),
                1 => format!("${n}.{:02}", self.rng.below(100)),
                _ => format!("{n} USD"),
            },
            Kind::Text => format!("\"{}\"", self.rng.one(&["alpha", "beta", "98101", "é", "", "a b"])),
            Kind::Date => format!("202{}-0{}-1{}", self.rng.between(3, 5), self.rng.between(1, 9), self.rng.between(0, 9)),
            Kind::Days => [format!("{n} days"), "2 weeks".into()][self.rng.below(2)].clone(),
            Kind::Months => ["6 months", "1 quarter", "2 years"][self.rng.below(3)].into(),
            Kind::Flag => ["yes", "no"][self.rng.below(2)].into(),
            Kind::Pick(pick) => self.rng.one(&self.picks[pick]).clone(),
            Kind::Label(set) => self.rng.one(&self.sets[set].leaves).clone(),
            Kind::Period("year") => format!("FY202{}", self.rng.between(3, 5)),
            Kind::Period("quarter") => format!("FY202{}-Q{}", self.rng.between(3, 5), self.rng.between(1, 4)),
            Kind::Period("month") if !self.weeks => format!("202{}-0{}", self.rng.between(3, 5), self.rng.between(1, 9)),
            Kind::Time | Kind::Row(_) | Kind::Labels(_) | Kind::Period(_) => return None,
        })
    }

    fn number(&mut self, scope: &Scope, kind: Kind, depth: usize) -> Option<Text> {
        let (a, x) = self.expr(scope, kind, depth);
        let factor = if kind == Kind::Money { Kind::Num } else { kind };
        Some(match self.rng.below(16) {
            0 | 1 => {
                let (b, y) = self.expr(scope, kind, depth);
                (format!("({a} {} {b})", self.rng.one(&["+", "-"])), x || y)
            }
            2 => {
                let (b, y) = self.expr(scope, factor, depth);
                (format!("({a} * {b})"), x || y)
            }
            3 if kind != Kind::Int => {
                let (b, _) = self.expr(scope, Kind::Num, depth);
                (format!("({a} / {b})"), true)
            }
            4 if kind == Kind::Num => {
                let by = *self.rng.one(&[Kind::Money, Kind::Int, Kind::Days]);
                let (b, c) = (self.expr(scope, by, depth).0, self.expr(scope, by, depth).0);
                (format!("({b} / {c})"), true)
            }
            5 => {
                let (b, y) = self.expr(scope, kind, depth);
                (format!("{}({a}, {b})", self.rng.one(&["least", "greatest"])), x || y)
            }
            6 => (format!("abs({a})"), x),
            7 if kind != Kind::Int => (format!("round({a}, {})", self.rng.below(4)), x),
            7 => self.counted(scope, depth),
            8 => (format!("(-{a})"), x),
            9 => (format!("({a} or else {})", self.literal(kind)?), false),
            10 if kind == Kind::Num => {
                // A bare whole number would read as a slip beside a percentage.
                let names = self.names(scope, Kind::Int);
                if names.is_empty() { (a, x) } else { self.rng.one(&names).clone() }
            }
            10 if kind == Kind::Int => self.place(scope, "rank"),
            11 if kind == Kind::Num => self.place(scope, "share_of_total"),
            12 => self.either(scope, kind, depth)?,
            13 => self.matched(scope, kind, depth)?,
            _ => self.aggregate(scope, kind, depth)?,
        })
    }

    /// A whole number out of texts, dates and periods.
    fn counted(&mut self, scope: &Scope, depth: usize) -> Text {
        match self.rng.below(4) {
            0 => {
                let (text, x) = self.expr(scope, Kind::Text, depth);
                (format!("length({text})"), x)
            }
            1 => {
                let (period, x) = self.expr(scope, Kind::Period("quarter"), depth);
                (format!("days_in({period})"), x)
            }
            n => {
                let ((a, x), (b, y)) = (self.expr(scope, Kind::Date, depth), self.expr(scope, Kind::Date, depth));
                (format!("{}({a}, {b})", ["months_between", "days_between"][n % 2]), x || y)
            }
        }
    }

    /// The row's place in its population; where there is no row, something else.
    fn place(&mut self, scope: &Scope, name: &str) -> Text {
        match self.ranked(scope) {
            Some(value) => match self.within(scope) {
                Some(field) => (format!("{name}({value} within {field})"), true),
                None => (format!("{name}({value})"), true),
            },
            None => self.leaf(scope, if name == "rank" { Kind::Int } else { Kind::Num }),
        }
    }

    /// A number or money of the row that is always there.
    pub(super) fn ranked(&mut self, scope: &Scope) -> Option<String> {
        let at = scope.entity.filter(|_| scope.group.is_none() && scope.root.is_empty())?;
        let numbers: Vec<Member> = self.entities[at]
            .members
            .iter()
            .filter(|m| matches!(m.kind, Kind::Int | Kind::Num | Kind::Money))
            .filter(|m| self.varies(at, m))
            .cloned()
            .collect();
        if numbers.is_empty() {
            return None;
        }
        let member = self.rng.one(&numbers).clone();
        let known = !member.optional || scope.known.contains(&member.name);
        if known {
            return Some(member.name);
        }
        Some(format!("({} or else {})", member.name, self.literal(member.kind)?))
    }

    /// Whether a member is sure to hang on the row: a define or a quota may come out the same for all.
    fn varies(&self, at: usize, member: &Member) -> bool {
        member.name.starts_with("fit_") || self.entities[at].fields.iter().any(|field| field.name == member.name)
    }

    pub(super) fn within(&mut self, scope: &Scope) -> Option<String> {
        let at = scope.entity.filter(|_| self.rng.percent(30))?;
        let fit = |m: &&Member| m.plain() && matches!(m.kind, Kind::Pick(_) | Kind::Flag | Kind::Row(_) | Kind::Text);
        let names: Vec<String> = self.entities[at].members.iter().filter(fit).map(|m| m.name.clone()).collect();
        if names.is_empty() { None } else { Some(self.rng.one(&names).clone()) }
    }

    fn text(&mut self, scope: &Scope, depth: usize) -> Option<Text> {
        let (a, x) = self.expr(scope, Kind::Text, depth);
        Some(match self.rng.below(8) {
            0 => (format!("{}({a}, {})", self.rng.one(&["left", "right"]), self.rng.below(5)), x),
            1 => (format!("{}({a})", self.rng.one(&["upper", "lower"])), x),
            2 => (format!("{}({a}, \"{}\")", self.rng.one(&["text_before", "text_after"]), self.rng.one(&["a", " ", "01"])), true),
            3 => self.either(scope, Kind::Text, depth)?,
            4 => self.matched(scope, Kind::Text, depth)?,
            5 => (format!("({a} or else \"none\")"), false),
            _ => self.aggregate(scope, Kind::Text, depth)?,
        })
    }

    fn time(&mut self, scope: &Scope, kind: Kind, depth: usize) -> Option<Text> {
        let day = |g: &mut Self| g.expr(scope, Kind::Date, depth);
        Some(match (kind, self.rng.below(6)) {
            (Kind::Date, 0) => {
                let ((a, x), by) = (day(self), *self.rng.one(&[Kind::Days, Kind::Months]));
                let (b, y) = self.expr(scope, by, depth);
                (format!("({a} {} {b})", self.rng.one(&["+", "-"])), x || y)
            }
            (Kind::Date, 1) => ("today".into(), false),
            (Kind::Date, 2) => {
                let names = self.names(scope, Kind::Time);
                if names.is_empty() {
                    return None;
                }
                let (a, x) = self.rng.one(&names).clone();
                (format!("date({a})"), x)
            }
            (Kind::Date, 3) => {
                let (a, x) = day(self);
                (format!("{}_of({a}).{}", self.rng.one(&["year", "quarter", "month", "week"]), self.rng.one(&["start", "end"])), x)
            }
            (Kind::Date, 4) => self.either(scope, kind, depth)?,
            (Kind::Time, _) => {
                let names = self.names(scope, Kind::Time);
                if names.is_empty() {
                    return None;
                }
                let (a, x) = self.rng.one(&names).clone();
                (format!("({a} + {} hours)", self.rng.below(90)), x)
            }
            (Kind::Days, 0..=2) => {
                let ((a, x), (b, y)) = (day(self), day(self));
                (format!("({a} - {b})"), x || y)
            }
            (Kind::Days, _) => {
                let ((a, x), (b, y)) = (self.expr(scope, Kind::Days, depth), self.expr(scope, Kind::Days, depth));
                (format!("({a} + {b})"), x || y)
            }
            (Kind::Period(grain), n) => {
                let (a, x) = if n == 5 { self.expr(scope, kind, depth) } else { (format!("{grain}_of({})", "DAY"), false) };
                if n == 5 {
                    return Some((format!("{}({a})", self.rng.one(&["previous", "next"])), x));
                }
                let (b, y) = day(self);
                (a.replace("DAY", &b), x || y)
            }
            _ => self.aggregate(scope, kind, depth)?,
        })
    }

    fn row_of(&mut self, scope: &Scope, to: usize, depth: usize) -> Option<Text> {
        if scope.entity == Some(to) && !scope.inner && scope.group.is_none() {
            let parents: Vec<String> =
                self.entities[to].fields.iter().filter(|f| f.kind == Kind::Row(to)).map(|f| f.name.clone()).collect();
            if let Some(parent) = parents.first().filter(|_| self.rng.percent(70)) {
                return Some((format!("ultimate({parent})"), false));
            }
            if self.rng.percent(50) {
                return Some(("this".into(), false));
            }
        }
        self.aggregate(scope, Kind::Row(to), depth)
    }

    /// `if … then … else …`.
    fn either(&mut self, scope: &Scope, kind: Kind, depth: usize) -> Option<Text> {
        let condition = self.flag(scope, depth).0;
        let ((a, x), (b, y)) = (self.expr(scope, kind, depth), self.expr(scope, kind, depth));
        Some((format!("(if {condition} then {a} else {b})"), x || y))
    }

    /// `match … { … }`.
    fn matched(&mut self, scope: &Scope, kind: Kind, depth: usize) -> Option<Text> {
        let (subject, tests) = self.parted(scope, depth)?;
        let mut optional = false;
        let arms: Vec<String> = tests
            .iter()
            .map(|test| {
                let (value, missing) = self.expr(scope, kind, depth);
                optional |= missing;
                format!("{test} -> {value}")
            })
            .collect();
        Some((format!("(match {subject} {{ {} }})", arms.join(", ")), optional))
    }
}
