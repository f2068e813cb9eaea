//! Takes every place out of a tree, so that two trees can be compared by what they say.

use super::*;
use kamrules_base::{Date, Decimal, Span};

/// Sets every span in the tree to the default.
pub fn strip_spans(file: &mut File) {
    file.items.strip();
    file.broken.clear();
}

trait Strip {
    fn strip(&mut self);
}

impl Strip for Span {
    fn strip(&mut self) {
        *self = Self::default();
    }
}

impl<T: Strip> Strip for Vec<T> {
    fn strip(&mut self) {
        self.iter_mut().for_each(Strip::strip);
    }
}

impl<T: Strip> Strip for Option<T> {
    fn strip(&mut self) {
        self.iter_mut().for_each(Strip::strip);
    }
}

impl<T: Strip> Strip for Box<T> {
    fn strip(&mut self) {
        (**self).strip();
    }
}

impl<A: Strip, B: Strip> Strip for (A, B) {
    fn strip(&mut self) {
        self.0.strip();
        self.1.strip();
    }
}

impl<A: Strip, B: Strip, C: Strip> Strip for (A, B, C) {
    fn strip(&mut self) {
        self.0.strip();
        self.1.strip();
        self.2.strip();
    }
}

/// Types that hold no place.
macro_rules! plain {
    ($($ty:ty),*) => { $(impl Strip for $ty { fn strip(&mut self) {} })* };
}

/// Structs, by those of their parts that hold places.
macro_rules! parts {
    ($($ty:ident { $($part:ident),* })*) => { $(impl Strip for $ty { fn strip(&mut self) { $(self.$part.strip();)* } })* };
}

plain!(Date, Decimal, Mode, Compare);
parts! {
    Name { span } Text { span } Path { parts, span } Expr { kind, span } Binary { op_span, left, right } Range { low, high }
    If { condition, then, otherwise } Match { subject, arms } Arm { tests, value, span }
    Population { amount, amount_span, value, within } Arg { value, within, via, filter, by, span }
    Tests { alternatives, span } Test { kind, span } Item { kind, span, keyword } Policy { name, clauses } PolicyClause { kind, span }
    Rate { span } Entity { name, source, key, fields } Field { name, ty, modifiers, span } Pick { name, spellings }
    Modifier { kind, span } List { name, values } Always { entity, filter, fact } Define { path, params, value } Param { name, ty }
    Head { name, display, entity, by, within, from, filter } Set { head, mode, rungs }
    Rung { kind, overrides, when, attrs, children, span } Attr { name, value, span }
    Table { head, mode, inputs, outputs, heading, rows } Row { cells, values, span } Tree { head, gives, root }
    Node { question, subject, branches, span } Branch { tests, target, span } Action { head, attrs } Assign { head, clauses }
    AssignClause { kind, span } Quota { head, clauses } QuotaClause { kind, span } Metric { head, clauses } MetricClause { kind, span }
    Obligation { head, condition } Cadence { head, every, since, action } TestItem { name, as_of, clauses }
    Expect { condition, row, span }
}

impl Strip for ExprKind {
    fn strip(&mut self) {
        match self {
            Self::Error | Self::Name(_) | Self::This => {}
            Self::Literal(literal) => literal.strip(),
            Self::List(all) => all.strip(),
            Self::Paren(inner) | Self::Unary(_, inner) | Self::IsKnown(inner, _) => inner.strip(),
            Self::Field(base, name) => {
                base.strip();
                name.strip();
            }
            Self::Call(callee, args) => {
                callee.strip();
                args.strip();
            }
            Self::Binary(binary) => binary.strip(),
            Self::Range(range) => range.strip(),
            Self::If(conditional) => conditional.strip(),
            Self::Match(matching) => matching.strip(),
            Self::Population(population) => population.strip(),
        }
    }
}

impl Strip for TestKind {
    fn strip(&mut self) {
        match self {
            Self::Equals(value) | Self::Compare(_, value) => value.strip(),
            Self::Range(range) => range.strip(),
            Self::Error | Self::Known | Self::Missing | Self::Otherwise | Self::Any => {}
        }
    }
}

impl Strip for Literal {
    fn strip(&mut self) {
        if let Self::Text(text) = self {
            text.strip();
        }
    }
}

impl Strip for ItemKind {
    fn strip(&mut self) {
        match self {
            Self::Policy(item) => item.strip(),
            Self::Rates(Rates::From(file)) => file.strip(),
            Self::Rates(Rates::Listed(rates)) => rates.strip(),
            Self::Entity(item) => item.strip(),
            Self::List(item) => item.strip(),
            Self::Always(item) => item.strip(),
            Self::Define(item) => item.strip(),
            Self::Set(item) => item.strip(),
            Self::Table(item) => item.strip(),
            Self::Tree(item) => item.strip(),
            Self::Action(item) => item.strip(),
            Self::Assign(item) => item.strip(),
            Self::Quota(item) => item.strip(),
            Self::Metric(item) => item.strip(),
            Self::Obligation(item) => item.strip(),
            Self::Cadence(item) => item.strip(),
            Self::Test(item) => item.strip(),
        }
    }
}

impl Strip for PolicyClauseKind {
    fn strip(&mut self) {
        match self {
            Self::Currency(name) | Self::FiscalStarts(name) => name.strip(),
            Self::Timezone(text) => text.strip(),
            Self::Level(_, name, reason) => {
                name.strip();
                reason.strip();
            }
            Self::AsOf(_) | Self::FiscalCalendar | Self::FiscalWeeks(_) | Self::NamedByEnd(_) => {}
        }
    }
}

impl Strip for FieldType {
    fn strip(&mut self) {
        match self {
            Self::Named(name, _) => name.strip(),
            Self::OneOf(picks) => picks.strip(),
        }
    }
}

impl Strip for ModifierKind {
    fn strip(&mut self) {
        match self {
            Self::From(text) | Self::As(text) => text.strip(),
            Self::InRange(low, high, _) => {
                low.strip();
                high.strip();
            }
            Self::InCurrency(currency, day) => {
                currency.strip();
                day.strip();
            }
            Self::By(name) => name.strip(),
            Self::BlankAs(texts) => texts.strip(),
            Self::Key | Self::Unique | Self::IgnoringCase => {}
        }
    }
}

impl Strip for ListValues {
    fn strip(&mut self) {
        match self {
            Self::Listed(values) => values.strip(),
            Self::From(file, column) => {
                file.strip();
                column.strip();
            }
        }
    }
}

impl Strip for InClause {
    fn strip(&mut self) {
        match self {
            Self::Periods(_, _, span) => span.strip(),
            Self::Set(name) => name.strip(),
        }
    }
}

impl Strip for RungKind {
    fn strip(&mut self) {
        match self {
            Self::Label { name, display, points } => {
                name.strip();
                display.strip();
                points.strip();
            }
            Self::SameAs(path) => path.strip(),
            Self::Each(name) => name.strip(),
        }
    }
}

impl Strip for When {
    fn strip(&mut self) {
        match self {
            Self::Condition(condition) => condition.strip(),
            Self::Otherwise(span) => span.strip(),
            Self::Unsaid => {}
        }
    }
}

impl Strip for Target {
    fn strip(&mut self) {
        match self {
            Self::Leaf(name) => name.strip(),
            Self::Node(node) => node.strip(),
        }
    }
}

impl Strip for AssignClauseKind {
    fn strip(&mut self) {
        match self {
            Self::Candidates(entity, filter) => {
                entity.strip();
                filter.strip();
            }
            Self::Capacity(value) | Self::Workload(value) | Self::Prefer(value) => value.strip(),
            Self::Keep(value, when) => {
                value.strip();
                when.strip();
            }
        }
    }
}

impl Strip for QuotaClauseKind {
    fn strip(&mut self) {
        match self {
            Self::Target(value) | Self::Actual(value) => value.strip(),
            Self::Split(shares) => shares.strip(),
        }
    }
}

impl Strip for MetricClauseKind {
    fn strip(&mut self) {
        match self {
            Self::Value(value) | Self::Goal(_, value) => value.strip(),
        }
    }
}

impl Strip for TestClause {
    fn strip(&mut self) {
        match self {
            Self::Row { entity, attrs, span } => {
                entity.strip();
                attrs.strip();
                span.strip();
            }
            Self::Rows(entity, file) => {
                entity.strip();
                file.strip();
            }
            Self::Expect(expect) => expect.strip(),
        }
    }
}
