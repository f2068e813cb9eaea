//! Conditions as they are written in a policy.

use super::conds::{Cond, Op, Term, Test, TextTest};
use super::vars::{Kind, Schema, Val, VarId, decimal};

/// What a condition is written for.
#[derive(Debug, Clone, Copy)]
pub struct Writer<'a> {
    /// The variables.
    pub schema: &'a Schema,
    /// What to leave out of names: `region.`, in a fact about regions.
    pub root: &'a str,
}

impl Writer<'_> {
    /// A variable's name.
    pub fn name(&self, var: VarId) -> &str {
        let name = &self.schema.vars[var].name;
        name.strip_prefix(self.root).unwrap_or(name)
    }

    /// The kind of a term's values.
    pub fn kind(&self, of: &Term) -> Kind {
        match of {
            Term::Var(var) | Term::OrElse(var, _) => self.schema.vars[*var].kind.clone(),
            Term::Const(kind, _) => kind.clone(),
            Term::Today(_) | Term::Months(..) => Kind::Date,
            Term::Plus(a, _) | Term::If(_, a, _) => self.kind(a),
            Term::Minus(a, b) => match (self.kind(a), self.kind(b)) {
                (Kind::Date, Kind::Date) => Kind::Days,
                (kind, _) => kind,
            },
            Term::Match(_, arms) => arms.first().map_or(Kind::Int, |(_, value)| self.kind(value)),
        }
    }

    /// A term, in parentheses if it is more than a name.
    pub fn term(&self, of: &Term) -> String {
        match of {
            Term::Var(var) => self.name(*var).to_owned(),
            Term::Const(kind, value) => kind.written(*value),
            Term::Today(_) => "today".to_owned(),
            Term::Plus(a, by) => {
                let kind = match self.kind(a) {
                    Kind::Date => Kind::Days,
                    kind => kind,
                };
                format!("({} {} {})", self.term(a), if *by < 0 { "-" } else { "+" }, kind.written(by.abs()))
            }
            Term::Months(a, by) => {
                let (sign, by) = (if *by < 0 { "-" } else { "+" }, by.abs());
                let by = if by % 12 == 0 { format!("{} years", by / 12) } else { format!("{by} months") };
                format!("({} {sign} {by})", self.term(a))
            }
            Term::Minus(a, b) => format!("({} - {})", self.term(a), self.term(b)),
            Term::OrElse(var, value) => format!("({} or else {})", self.name(*var), self.schema.vars[*var].kind.written(*value)),
            Term::If(asked, a, b) => format!("(if {} then {} else {})", self.cond(asked), self.term(a), self.term(b)),
            Term::Match(var, arms) => {
                let arms: Vec<String> =
                    arms.iter().map(|(tests, value)| format!("{} -> {}", self.tests(*var, tests), self.term(value))).collect();
                format!("(match {} {{ {} }})", self.name(*var), arms.join(", "))
            }
        }
    }

    /// A condition; in parentheses if it has parts.
    pub fn cond(&self, of: &Cond) -> String {
        match of {
            Cond::Always(yes) => Kind::Flag.written(i64::from(*yes)),
            Cond::And(a, b) => format!("({} and {})", self.cond(a), self.cond(b)),
            Cond::Or(a, b) => format!("({} or {})", self.cond(a), self.cond(b)),
            Cond::Not(a) => match &**a {
                Cond::Known(var) => format!("{} is missing", self.name(*var)),
                Cond::In(..) | Cond::Text(_, TextTest::In(..) | TextTest::Code(..)) if self.cond(a).contains(" in ") => {
                    self.cond(a).replacen(" in ", " not in ", 1)
                }
                a => format!("not ({})", self.cond(a)),
            },
            Cond::Compare(op, a, b) => format!("{} {} {}", self.term(a), op.written(), self.term(b)),
            Cond::In(var, _, Some(list)) => format!("{} in {list}", self.name(*var)),
            Cond::In(var, values, None) => {
                let values: Vec<String> = values.iter().map(|value| self.schema.vars[*var].kind.written(*value)).collect();
                format!("{} in [{}]", self.name(*var), values.join(", "))
            }
            Cond::Within(a, low, high, open) => {
                let kind = self.kind(a);
                format!("{} in {}{}{}", self.term(a), kind.written(*low), dots(*open), kind.written(*high))
            }
            Cond::Text(var, TextTest::Left(count, part)) => format!("left({}, {count}) = {}", self.name(*var), self.text(*var, part)),
            Cond::Text(var, TextTest::Right(count, part)) => format!("right({}, {count}) = {}", self.name(*var), self.text(*var, part)),
            Cond::Text(var, test) => format!("{} {}", self.name(*var), self.text_test(*var, test)),
            Cond::Known(var) => format!("{} is known", self.name(*var)),
            Cond::Yes(var) => self.name(*var).to_owned(),
            Cond::Passes(var, tests) => format!("(match {} {{ {} -> yes, otherwise -> no }})", self.name(*var), self.tests(*var, tests)),
            Cond::If(asked, a, b) => format!("(if {} then {} else {})", self.cond(asked), self.cond(a), self.cond(b)),
            Cond::Match(var, arms) => {
                let arms: Vec<String> =
                    arms.iter().map(|(tests, value)| format!("{} -> {}", self.tests(*var, tests), self.cond(value))).collect();
                format!("(match {} {{ {} }})", self.name(*var), arms.join(", "))
            }
            Cond::OrElse(a, value) => format!("(({}) or else {})", self.cond(a), Kind::Flag.written(i64::from(*value))),
        }
    }

    /// A text as written: capitals mean nothing where a field ignores case.
    fn text(&self, var: VarId, text: &str) -> String {
        match self.schema.vars[var].kind {
            Kind::Text(true) if text.len() % 2 == 1 => format!("\"{}\"", text.to_uppercase()),
            _ => format!("\"{text}\""),
        }
    }

    fn text_test(&self, var: VarId, test: &TextTest) -> String {
        let list = |texts: &[String]| texts.iter().map(|text| self.text(var, text)).collect::<Vec<_>>().join(", ");
        match test {
            TextTest::In(_, Some(name)) => format!("in {name}"),
            TextTest::In(texts, None) => match texts.as_slice() {
                [only] => format!("= {}", self.text(var, only)),
                several => format!("in [{}]", list(several)),
            },
            TextTest::Starts(part) => format!("starts with {}", self.text(var, part)),
            TextTest::Ends(part) => format!("ends with {}", self.text(var, part)),
            TextTest::Contains(part) => format!("contains {}", self.text(var, part)),
            TextTest::Has(words) => match words.as_slice() {
                [only] => format!("has {}", self.text(var, only)),
                several => format!("has any of [{}]", list(several)),
            },
            TextTest::Left(..) | TextTest::Right(..) => String::new(),
            TextTest::Code(low, high) => format!("in \"{low}\"..\"{high}\""),
        }
    }

    /// Tests on a variable.
    pub fn tests(&self, var: VarId, tests: &[Test]) -> String {
        self.tests_of(&self.schema.vars[var].kind, Some(var), tests)
    }

    /// Tests on a value of a kind.
    pub fn tests_of(&self, kind: &Kind, var: Option<VarId>, tests: &[Test]) -> String {
        let one = |test: &Test| match test {
            Test::Is(Val::Num(value)) => kind.written(*value),
            Test::Is(Val::Text(text)) => var.map_or_else(|| format!("\"{text}\""), |var| self.text(var, text)),
            Test::Compare(op, value) => format!("{} {}", op.written(), kind.written(*value)),
            Test::Within(low, high, open) => format!("{}{}{}", kind.written(*low), dots(*open), kind.written(*high)),
            Test::Known => "known".to_owned(),
            Test::Missing => "missing".to_owned(),
            Test::Otherwise => "otherwise".to_owned(),
            Test::Any => "*".to_owned(),
        };
        tests.iter().map(one).collect::<Vec<_>>().join(" or ")
    }

    /// A field as its entity declares it.
    pub fn declared(&self, var: VarId) -> String {
        let of = &self.schema.vars[var];
        let name = of.name.rsplit('.').next().unwrap_or(&of.name);
        let ty = match &of.kind {
            Kind::Int => "integer".to_owned(),
            Kind::Num(scale) => format!("number({scale})"),
            Kind::Money(scale) => format!("money({scale})"),
            Kind::Date => "date".to_owned(),
            Kind::Days => "duration".to_owned(),
            Kind::Text(_) => "text".to_owned(),
            Kind::Pick(values) => format!("one of {{ {} }}", values.join(", ")),
            Kind::Flag => "flag".to_owned(),
            Kind::Ref => "region".to_owned(),
        };
        let optional = if of.optional { "?" } else { "" };
        let range = match &of.range {
            Some((low, high)) => format!(" in {}..{}", signed(&of.kind, *low), signed(&of.kind, *high)),
            None => String::new(),
        };
        let fold = if of.kind == Kind::Text(true) { " ignoring case" } else { "" };
        format!("{name}: {ty}{optional}{range}{fold}")
    }
}

fn dots(open: bool) -> &'static str {
    if open { "..<" } else { ".." }
}

fn signed(kind: &Kind, value: i64) -> String {
    if value < 0 && kind.is_ordered() && !matches!(kind, Kind::Date) { format!("-{}", kind.written(-value)) } else { kind.written(value) }
}

/// An equality or its opposite, of a variable.
pub fn is(var: VarId, kind: &Kind, op: Op, value: i64) -> Cond {
    debug_assert!(matches!(op, Op::Equal | Op::NotEqual), "{}", decimal(value));
    Cond::Compare(op, Term::Var(var), Term::Const(kind.clone(), value))
}
