//! Literals, and bringing values to one type.

use super::Env;
use crate::checker::Checker;
use kamrules_base::decimal::{Decimal, pow10};
use kamrules_base::{Finding, Span, codes};
use kamrules_model::{Ctx, Duration, DurationKind, ExprId, Grain, Node, Period, Ty, Type, Value};
use kamrules_syntax::ast::{self, DurationUnit, Literal, PeriodLiteral};

impl Checker {
    pub(super) fn literal(&mut self, literal: &Literal, span: Span, want: Option<Type>) -> ExprId {
        match literal {
            Literal::Number(number) => decimal_const(self, *number, false, span),
            Literal::Percent(number) => decimal_const(self, *number, true, span),
            Literal::Money(money) => money_literal(self, money, span),
            Literal::Duration(count, unit) => self.duration(*count, *unit, span),
            Literal::Date(date) => self.constant(Value::Date(date.0), Type::Date, span),
            Literal::Period(period) => {
                let period = period_of(*period);
                self.constant(Value::Period(period), Type::Period(Some(period.grain)), span)
            }
            Literal::Text(text) => self.text(&text.value, span, want),
            Literal::Flag(yes) => self.flag(*yes, span),
        }
    }

    /// A text; beside a picklist that is a slip of its own.
    fn text(&mut self, text: &str, span: Span, want: Option<Type>) -> ExprId {
        if let Some(Type::Pick(pick)) = want {
            let list = self.model.pick(pick).clone();
            let value = list.values.iter().find(|v| v.name == text || v.spellings.iter().any(|s| s.trim() == text.trim()));
            let mut finding =
                Finding::new(codes::TEXT_FOR_VALUE, span, format!("`{}` is a picklist: its values are written without quotes", list.name))
                    .also(list.span, "the values are listed here");
            finding = match value {
                Some(value) => finding.help(format!("write `{}`", value.name)).fix(format!("write `{}`", value.name), span, &value.name),
                None => {
                    let names: Vec<&str> = list.values.iter().map(|v| v.name.as_str()).collect();
                    finding.help(format!("its values are {}", crate::words::ordered(&names, 12)))
                }
            };
            return self.spoil(finding);
        }
        let sym = self.model.texts.intern(text);
        self.constant(Value::Text(sym), Type::TEXT, span)
    }

    fn duration(&mut self, count: u32, unit: DurationUnit, span: Span) -> ExprId {
        let n = i64::from(count);
        let (months, days, seconds, kind) = match unit {
            DurationUnit::Minutes => (0, 0, n * 60, DurationKind::Clock),
            DurationUnit::Hours => (0, 0, n * 3600, DurationKind::Clock),
            DurationUnit::Days => (0, n, 0, DurationKind::Days),
            DurationUnit::Weeks => (0, n * 7, 0, DurationKind::Days),
            DurationUnit::Months => (n, 0, 0, DurationKind::Months),
            DurationUnit::Quarters => (n * 3, 0, 0, DurationKind::Months),
            DurationUnit::Years => (n * 12, 0, 0, DurationKind::Months),
        };
        match (i32::try_from(months), i32::try_from(days)) {
            (Ok(months), Ok(days)) => self.constant(Value::Duration(Duration { months, days, seconds }), Type::Duration(kind), span),
            _ => self
                .spoil(Finding::new(codes::WRONG_ARGUMENT, span, "this duration is longer than the calendar").help("write a shorter one")),
        }
    }

    /// A run of periods written `FY2025..FY2026`, if that is what a range is.
    pub(super) fn period_run(&mut self, range: &ast::Range, span: Span) -> Option<ExprId> {
        let period = |expr: &ast::Expr| match &expr.kind {
            ast::ExprKind::Literal(Literal::Period(period)) => Some(period_of(*period)),
            _ => None,
        };
        let (low, high) = (period(&range.low)?, period(&range.high)?);
        match join_periods(low, high).filter(|_| !range.half_open) {
            Some(run) => Some(self.constant(Value::Period(run), Type::Period(Some(run.grain)), span)),
            None => Some(self.spoil(run_finding(span))),
        }
    }

    /// The same value at the scale of a type.
    pub fn at_scale_of(&mut self, id: ExprId, kind: Type) -> ExprId {
        match (self.kind(id).scale(), kind.scale()) {
            (Some(now), Some(wanted)) if now != wanted => self.rescale(id, wanted),
            _ => id,
        }
    }

    /// The same number at another scale.
    pub fn rescale(&mut self, id: ExprId, scale: u8) -> ExprId {
        let ty = self.ty(id);
        let span = self.exprs().span(id);
        if ty.kind.scale() == Some(scale) {
            return id;
        }
        if let (Node::Const(Value::Num(units)), Some(from)) = (self.exprs().node(id), ty.kind.scale())
            && let Some(units) = kamrules_base::decimal::rescale(*units, from, scale)
        {
            return self.constant(Value::Num(units), ty.kind.with_scale(scale), span);
        }
        let ctx = self.exprs().ctx(id);
        self.add(Node::Rescale(id), Ty { kind: ty.kind.with_scale(scale), ..ty }, ctx, span)
    }

    /// Brings values to one type: numbers to the largest scale. Makes one finding when they do not go together.
    pub fn unify(&mut self, values: &[(ExprId, Span, &Env)], what: &str) -> (Vec<ExprId>, Ty) {
        let mut joined: Option<Type> = None;
        let mut optional = false;
        for (id, span, env) in values {
            let kind = self.kind(*id);
            optional |= crate::known::may_be_missing(self.exprs(), *id, &env.known);
            joined = match joined {
                None | Some(Type::Unknown) => Some(kind),
                Some(before) => match join(before, kind) {
                    Some(both) => Some(both),
                    None => {
                        let (a, b) = (crate::words::kind(&self.model, before), crate::words::kind(&self.model, kind));
                        let finding = Finding::new(codes::MIXED_TYPES, *span, format!("{what} give one kind of value, here {a} and {b}"))
                            .also(values[0].1, format!("this is {a}"));
                        self.report(finding);
                        return (values.iter().map(|(id, ..)| *id).collect(), Ty::known(Type::Unknown));
                    }
                },
            };
        }
        let kind = joined.unwrap_or(Type::Unknown);
        let spoiled = values.iter().any(|(id, ..)| self.is_unknown(*id));
        let ids = values.iter().map(|(id, ..)| self.at_scale_of(*id, kind)).collect();
        (ids, Ty { kind: if spoiled { Type::Unknown } else { kind }, optional })
    }
}

/// The type that values of both types go into, if there is one.
pub(crate) fn join(a: Type, b: Type) -> Option<Type> {
    match (a, b) {
        (Type::Unknown, other) | (other, Type::Unknown) => Some(other),
        (Type::Number { scale: a, percent: p }, Type::Number { scale: b, percent: q }) => {
            Some(Type::Number { scale: a.max(b), percent: p && q })
        }
        (Type::Money { scale: a }, Type::Money { scale: b }) => Some(Type::Money { scale: a.max(b) }),
        (Type::Text { fold: a }, Type::Text { fold: b }) => Some(Type::Text { fold: a || b }),
        (Type::Duration(a), Type::Duration(b)) if a == b => Some(Type::Duration(a)),
        (Type::Duration(a), Type::Duration(b)) if a != DurationKind::Clock && b != DurationKind::Clock => {
            Some(Type::Duration(DurationKind::Calendar))
        }
        (Type::Period(a), Type::Period(b)) => Some(Type::Period(if a == b { a } else { None })),
        (a, b) => (a == b).then_some(a),
    }
}

/// A hint for the next arm: picklists and labels let bare names stand for their values.
pub(crate) fn literal_type_hint(kind: Type) -> Option<Type> {
    matches!(kind, Type::Pick(_) | Type::Label(_)).then_some(kind)
}

/// A number written out.
pub(crate) fn decimal_const(cx: &mut Checker, number: Decimal, percent: bool, span: Span) -> ExprId {
    if number.scale > kamrules_base::decimal::MAX_SCALE {
        return cx.spoil(Finding::new(codes::DECIMALS, span, "a number has at most 12 decimals").help("round it"));
    }
    cx.constant(Value::Num(number.units), Type::Number { scale: number.scale, percent }, span)
}

/// An amount written out; it must be in the policy's currency.
pub(crate) fn money_literal(cx: &mut Checker, money: &ast::Money, span: Span) -> ExprId {
    let policy = cx.model.settings.currency.clone();
    match &policy {
        // The library's worked examples hold in whatever currency a policy counts.
        _ if cx.in_library(span) => {}
        Some(currency) if !is_currency(&money.currency, currency) => {
            let amount = money.amount.to_string();
            return cx.spoil(
                Finding::new(
                    codes::OTHER_CURRENCY,
                    span,
                    format!("this policy counts in {currency}, this amount is in {}", money.currency),
                )
                .help(format!("write the amount in {currency}: `{amount} {currency}`; data in other currencies are converted at load")),
            );
        }
        None if !cx.tables.no_currency_said => {
            cx.tables.no_currency_said = true;
            cx.report(
                Finding::new(codes::NO_CURRENCY, span, "the policy does not say its currency")
                    .help("write it in the `policy` item: `currency USD`"),
            );
        }
        _ => {}
    }
    let amount = money.amount;
    if amount.scale > 6 {
        return cx.spoil(Finding::new(codes::DECIMALS, span, "an amount has at most 6 decimals").help("round it to the cent"));
    }
    cx.constant(Value::Num(amount.units), Type::Money { scale: amount.scale }, span)
}

/// Whether what is written before or behind an amount is this currency.
pub(crate) fn is_currency(written: &str, currency: &str) -> bool {
    match written {
        "$" => matches!(currency, "USD" | "CAD" | "AUD" | "NZD" | "SGD" | "HKD" | "MXN"),
        "€" => currency == "EUR",
        "£" => currency == "GBP",
        "¥" => matches!(currency, "JPY" | "CNY"),
        code => code == currency,
    }
}

/// A period as the model numbers it.
pub(crate) fn period_of(literal: PeriodLiteral) -> Period {
    match literal {
        PeriodLiteral::Year(year) => Period::one(Grain::Year, year),
        PeriodLiteral::Quarter(year, quarter) => Period::one(Grain::Quarter, year * 4 + quarter as i32 - 1),
        PeriodLiteral::Month(year, month) => Period::one(Grain::Month, year * 12 + month as i32 - 1),
    }
}

/// The run from one period to another of the same grain.
pub(crate) fn join_periods(low: Period, high: Period) -> Option<Period> {
    (low.grain == high.grain && low.first <= high.last).then_some(Period { grain: low.grain, first: low.first, last: high.last })
}

/// A run of periods that is none.
pub(crate) fn run_finding(span: Span) -> Finding {
    Finding::new(codes::PERIOD_RUN, span, "a run of periods goes from one to a later one of the same length")
        .help("write `FY2025..FY2026`, `FY2026-Q1..FY2026-Q3` or `2026-01..2026-06`")
}

/// The units of a decimal at a scale; `None` when it has more decimals.
pub(crate) fn units_at(number: Decimal, scale: u8) -> Option<i128> {
    let number = number.normal();
    if number.scale > scale {
        return None;
    }
    number.units.checked_mul(pow10(u32::from(scale - number.scale)))
}

impl Checker {
    /// The context of the whole policy, where constants live.
    pub fn policy_env() -> Env {
        Env::about(Ctx::Policy)
    }
}
