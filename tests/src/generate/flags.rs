//! Conditions.

use super::exprs::Text;
use super::{Gen, Kind, Scope};

impl Gen {
    /// A condition that is always yes or no.
    pub(super) fn flag(&mut self, scope: &Scope, depth: usize) -> Text {
        let (text, optional) = self.compound_flag(scope, depth);
        if optional { (format!("({text} or else {})", self.rng.one(&["yes", "no"])), false) } else { (text, false) }
    }

    /// A condition that may be missing.
    pub(super) fn compound_flag(&mut self, scope: &Scope, depth: usize) -> Text {
        for _ in 0..5 {
            if let Some(made) = self.try_flag(scope, depth) {
                return made;
            }
        }
        self.comparison(scope, Kind::Int, depth)
    }

    fn try_flag(&mut self, scope: &Scope, depth: usize) -> Option<Text> {
        let less = depth.saturating_sub(1);
        Some(match self.rng.below(24) {
            0..=3 => {
                let kind = *self.rng.one(&[Kind::Int, Kind::Num, Kind::Money, Kind::Money, Kind::Date, Kind::Days]);
                self.comparison(scope, kind, less)
            }
            4..=6 => self.equality(scope, less)?,
            7..=9 if depth > 0 => {
                let ((a, x), (b, y)) = (self.compound_flag(scope, less), self.compound_flag(scope, less));
                (format!("({a} {} {b})", self.rng.one(&["and", "or"])), x || y)
            }
            10 if depth > 0 => {
                let (a, x) = self.compound_flag(scope, less);
                (format!("(not {a})"), x)
            }
            11 | 12 => {
                let kind = self.some_kind(scope)?;
                let (a, _) = self.expr(scope, kind, less);
                (format!("({a} is {})", self.rng.one(&["known", "missing"])), false)
            }
            13 => self.listed(scope)?,
            14 => self.ranged(scope, less),
            15 => {
                let period = self.rng.one(&["FY2024", "FY2025", "FY2024-Q3", "FY2024..FY2025"]).to_string();
                let param: Vec<String> =
                    scope.params.iter().filter(|p| matches!(p.kind, Kind::Period(_))).map(|p| p.name.clone()).collect();
                let period = param.first().cloned().unwrap_or(period);
                let (a, x) = self.expr(scope, Kind::Date, less);
                (format!("({a} in {period})"), x)
            }
            16 | 17 => self.text_test(scope, less),
            18 => self.label_test(scope)?,
            19 => self.population(scope)?,
            20 => self.rows_test(scope, less)?,
            21 => self.named(scope, Kind::Flag)?,
            22 if depth > 0 => {
                let ((a, _), (b, x), (c, y)) = (self.flag(scope, less), self.compound_flag(scope, less), self.compound_flag(scope, less));
                (format!("(if {a} then {b} else {c})"), x || y)
            }
            _ => self.known_then(scope, less)?,
        })
    }

    pub(super) fn named(&mut self, scope: &Scope, kind: Kind) -> Option<Text> {
        let names = self.names(scope, kind);
        if names.is_empty() { None } else { Some(self.rng.one(&names).clone()) }
    }

    fn comparison(&mut self, scope: &Scope, kind: Kind, depth: usize) -> Text {
        let (a, x) = self.left_side(scope, kind, depth);
        let (b, y) = if self.rng.percent(50) {
            (self.literal(kind).unwrap_or_else(|| "today".into()), false)
        } else {
            self.expr(scope, kind, depth)
        };
        (format!("({a} {} {b})", self.rng.one(&["<", "<=", ">", ">=", "=", "!="])), x || y)
    }

    /// A word before `=` starts an attribute, and so the unit of a duration that is written out stands in parentheses there.
    fn left_side(&mut self, scope: &Scope, kind: Kind, depth: usize) -> Text {
        let (text, optional) = self.expr(scope, kind, depth);
        if kind == Kind::Days && text.starts_with(|c: char| c.is_ascii_digit()) {
            (format!("({text})"), optional)
        } else {
            (text, optional)
        }
    }

    /// A kind of which there is something in reach.
    fn some_kind(&mut self, scope: &Scope) -> Option<Kind> {
        let mut kinds: Vec<Kind> = scope.params.iter().map(|p| p.kind).collect();
        if let Some(at) = scope.entity {
            kinds.extend(self.entities[at].members.iter().map(|m| m.kind));
        }
        kinds.retain(|kind| !matches!(kind, Kind::Labels(_)));
        if kinds.is_empty() { None } else { Some(*self.rng.one(&kinds)) }
    }

    fn equality(&mut self, scope: &Scope, depth: usize) -> Option<Text> {
        let kind = self.some_kind(scope).filter(|kind| !matches!(kind, Kind::Num | Kind::Time | Kind::Months))?;
        let (a, x) =
            if matches!(kind, Kind::Pick(_) | Kind::Label(_)) { self.named(scope, kind)? } else { self.left_side(scope, kind, depth) };
        let (b, y) = match self.literal(kind).filter(|_| self.rng.percent(60)) {
            Some(literal) => (literal, false),
            None => match kind {
                Kind::Row(_) | Kind::Pick(_) | Kind::Label(_) => self.named(scope, kind)?,
                _ => self.expr(scope, kind, depth),
            },
        };
        Some((format!("({a} {} {b})", self.rng.one(&["=", "!="])), x || y))
    }

    fn listed(&mut self, scope: &Scope) -> Option<Text> {
        let not = *self.rng.one(&["", "not "]);
        let kind = self.some_kind(scope)?;
        let (a, x) = match kind {
            Kind::Pick(_) | Kind::Label(_) => self.named(scope, kind)?,
            Kind::Text | Kind::Int => self.leaf(scope, kind),
            _ => return None,
        };
        if kind == Kind::Text && self.rng.percent(50) {
            return Some((format!("({a} {not}in {})", self.rng.one(&self.lists)), x));
        }
        if kind == Kind::Text && self.rng.percent(30) {
            return Some((format!("({a} {not}in \"98000\"..\"98999\")"), x));
        }
        let (b, c) = (self.literal(kind)?, self.literal(kind)?);
        let list = if b == c { b } else { format!("{b}, {c}") };
        Some((format!("({a} {not}in [{list}])"), x))
    }

    fn ranged(&mut self, scope: &Scope, depth: usize) -> Text {
        let dots = *self.rng.one(&["..", "..<"]);
        let (kind, low, high) = match self.rng.below(3) {
            0 => (Kind::Int, "1", "20"),
            1 => (Kind::Money, "$10", "$5k"),
            _ => (Kind::Date, "2024-03-01", "2025-02-28"),
        };
        let (a, x) = self.expr(scope, kind, depth);
        (format!("({a} in {low}{dots}{high})"), x)
    }

    fn text_test(&mut self, scope: &Scope, depth: usize) -> Text {
        let (a, x) = self.expr(scope, Kind::Text, depth);
        let test = match self.rng.below(5) {
            0 => format!("starts with \"{}\"", self.rng.one(&["a", "00", "Z"])),
            1 => format!("ends with \"{}\"", self.rng.one(&["a", "01", ".com"])),
            2 => format!("has \"{}\"", self.rng.one(&["west", "vp", "a b"])),
            3 => format!("contains \"{}\"", self.rng.one(&["l", "1", "é"])),
            _ => "has any of [\"director\", \"vp\", \"é\"]".into(),
        };
        (format!("({a} {test})"), x)
    }

    fn label_test(&mut self, scope: &Scope) -> Option<Text> {
        let at = scope.entity?;
        let labelled: Vec<(String, bool, Kind)> = self.entities[at]
            .members
            .iter()
            .filter(|m| matches!(m.kind, Kind::Label(_) | Kind::Labels(_)))
            .map(|m| (format!("{}{}", scope.root, m.name), m.optional, m.kind))
            .collect();
        if labelled.is_empty() {
            return None;
        }
        let (name, optional, kind) = self.rng.one(&labelled).clone();
        let (Kind::Label(set) | Kind::Labels(set)) = kind else { return None };
        let set = self.sets[set].clone();
        let leaf = self.rng.one(&set.leaves).clone();
        let test = match kind {
            Kind::Labels(_) => format!("{name} contains {leaf}"),
            _ if set.tiers => format!("{name} {} {leaf}", self.rng.one(&["<", "<=", ">", ">="])),
            _ if !set.groups.is_empty() => format!("{name} in {}", self.rng.one(&set.groups)),
            _ => format!("{name} != {leaf}"),
        };
        Some((format!("({test})"), optional))
    }

    fn population(&mut self, scope: &Scope) -> Option<Text> {
        let value = self.ranked(scope)?;
        let within = self.within(scope).map_or(String::new(), |field| format!(" within {field}"));
        let test = match self.rng.below(6) {
            0 => format!("top {} by", 1 + self.rng.below(9)),
            1 => format!("bottom {} by", 1 + self.rng.below(9)),
            2 => format!("top {}% by", 1 + self.rng.below(100)),
            3 => format!("last {}% of", 1 + self.rng.below(100)),
            _ => format!("first {}% of", 1 + self.rng.below(100)),
        };
        Some((format!("({test} {value}{within})"), true))
    }

    /// `x is known and x > 5`: what may be missing is handled by the left of `and`.
    fn known_then(&mut self, scope: &Scope, depth: usize) -> Option<Text> {
        let kind = *self.rng.one(&[Kind::Int, Kind::Money, Kind::Num, Kind::Date]);
        let names: Vec<Text> = self.names(scope, kind).into_iter().filter(|(name, optional)| *optional && !name.contains('(')).collect();
        if names.is_empty() {
            return None;
        }
        let name = self.rng.one(&names).0.clone();
        let (b, y) = self.expr(scope, kind, depth);
        Some(if self.rng.percent(50) {
            (format!("({name} is known and {name} > {b})"), y)
        } else {
            (format!("({name} is missing or {name} <= {b})"), y)
        })
    }
}
