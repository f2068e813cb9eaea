//! Tests that share out the values of a subject.

use super::{Gen, Kind, Scope};

impl Gen {
    /// A subject, and tests of which exactly one holds for each of its values (now and then not: the walks are to agree on that too).
    pub(super) fn parted(&mut self, scope: &Scope, depth: usize) -> Option<(String, Vec<String>)> {
        let (subject, tests, _) = self.parted_with(scope, depth)?;
        Some((subject, tests))
    }

    /// Likewise, and for each test the condition that says the same.
    pub(super) fn parted_with(&mut self, scope: &Scope, depth: usize) -> Option<(String, Vec<String>, Vec<String>)> {
        let mut kinds = vec![Kind::Int, Kind::Money, Kind::Num, Kind::Date, Kind::Text, Kind::Flag, Kind::Days];
        if let Some(at) = scope.entity {
            kinds.extend(self.entities[at].members.iter().map(|m| m.kind).filter(|k| matches!(k, Kind::Pick(_) | Kind::Label(_))));
        }
        let kind = *self.rng.one(&kinds);
        let (subject, optional) = match kind {
            Kind::Pick(_) | Kind::Label(_) => self.named(scope, kind)?,
            _ => self.expr(scope, kind, depth),
        };
        let (mut tests, mut conditions) = self.tests(kind, &subject);
        if optional {
            tests.insert(0, "missing".into());
            conditions.insert(0, format!("{subject} is missing"));
        }
        if self.rng.percent(6) && tests.len() > 1 {
            let at = self.rng.below(tests.len());
            if tests[at] != "missing" {
                tests.remove(at);
                conditions.remove(at);
            }
        }
        Some((subject, tests, conditions))
    }

    fn tests(&mut self, kind: Kind, subject: &str) -> (Vec<String>, Vec<String>) {
        let both = |tests: Vec<String>| {
            let conditions = tests.iter().map(|test| format!("{subject} {test}")).collect();
            (tests, conditions)
        };
        let (low, high) = match kind {
            Kind::Int => ("3", "40"),
            Kind::Money => ("$50", "$1k"),
            Kind::Num => ("0.5", "10.25"),
            Kind::Date => ("2024-03-01", "2025-01-01"),
            Kind::Days => ("10 days", "5 weeks"),
            Kind::Flag => return (vec!["yes".into(), "no".into()], vec![subject.into(), format!("not {subject}")]),
            Kind::Pick(pick) => return self.values(self.picks[pick].clone(), subject),
            Kind::Label(set) => return self.values(self.sets[set].leaves.clone(), subject),
            _ => {
                let tests = vec!["\"alpha\" or \"beta\"".into(), "\"98101\"".into(), "otherwise".into()];
                let conditions = vec![
                    format!("{subject} in [\"alpha\", \"beta\"]"),
                    format!("{subject} = \"98101\""),
                    format!("{subject} not in [\"alpha\", \"beta\", \"98101\"]"),
                ];
                return (tests, conditions);
            }
        };
        match self.rng.below(3) {
            0 => both(vec![format!("< {low}"), format!(">= {low}")]),
            1 => both(vec![format!("<= {high}"), format!("> {high}")]),
            _ => {
                let tests = vec![format!("< {low}"), format!("{low}..<{high}"), format!(">= {high}")];
                let conditions = vec![format!("{subject} < {low}"), format!("{subject} in {low}..<{high}"), format!("{subject} >= {high}")];
                (tests, conditions)
            }
        }
    }

    fn values(&mut self, values: Vec<String>, subject: &str) -> (Vec<String>, Vec<String>) {
        let cut = 1 + self.rng.below(values.len());
        let (a, b) = values.split_at(cut);
        let part = |part: &[String]| (part.join(" or "), format!("{subject} in [{}]", part.join(", ")));
        let (first, rest) = (part(a), part(b));
        if b.is_empty() {
            return (vec![first.0], vec![first.1]);
        }
        let last = if self.rng.percent(30) { "otherwise".to_owned() } else { rest.0 };
        (vec![first.0, last], vec![first.1, rest.1])
    }
}
