//! Two values that do not go together: what to say, and the way out.

use super::convert::join;
use crate::checker::Checker;
use kamrules_base::{Finding, Span, codes};
use kamrules_model::{ArithOp, CompareOp, DurationKind, ExprId, Node, Type, Value};

impl Checker {
    pub(super) fn comparison_fault(&self, op: CompareOp, left: (ExprId, Span), right: (ExprId, Span), span: Span) -> Option<Finding> {
        let (a, b) = (self.kind(left.0), self.kind(right.0));
        let ordered = !matches!(op, CompareOp::Equal | CompareOp::NotEqual);
        if let Some(finding) = self.percent_slip(left, right).or_else(|| self.percent_slip(right, left)).filter(|_| ordered) {
            return Some(finding);
        }
        match (a, b) {
            (Type::Duration(x), Type::Duration(y))
                if !ordered && (x == DurationKind::Calendar || y == DurationKind::Calendar) && join(a, b).is_some() =>
            {
                None
            }
            (Type::Duration(x), Type::Duration(y)) if x != y || x == DurationKind::Calendar => Some(days_and_months(x, y, span)),
            (Type::Text { .. }, Type::Text { .. }) if ordered => Some(Finding::new(codes::TEXT_ORDER, span, "text has no order").help(
                "codes of one length can be asked for as a range: `zip in \"98000\"..\"98999\"`; a number is loaded with type `number`",
            )),
            (Type::Label(x), Type::Label(y)) if x == y && ordered && self.model.set(x).kind != kamrules_model::SetKind::Tiers => {
                let name = &self.model.set(x).name;
                Some(
                    Finding::new(codes::TEXT_ORDER, span, format!("only tiers have an order; `{name}` has none"))
                        .help("name the labels: `in [a, b]`"),
                )
            }
            (Type::Labels(_), _) | (_, Type::Labels(_)) => Some(
                Finding::new(codes::WRONG_TYPES, span, "this set gives any number of labels")
                    .help("ask for one of them with `contains`: `overlays contains named`"),
            ),
            (Type::Pick(_) | Type::Flag | Type::Row(_) | Type::Period(_), _) if ordered && join(a, b).is_some() => Some(
                Finding::new(codes::TEXT_ORDER, span, format!("{} has no order", crate::words::kind(&self.model, a)))
                    .help("compare with `=`, `!=` or `in [ … ]`"),
            ),
            _ if join(a, b).is_some() => None,
            _ => Some(self.mismatch(left, right, span)),
        }
    }

    /// `growth >= 10`, where ten per cent is meant.
    fn percent_slip(&self, percentage: (ExprId, Span), number: (ExprId, Span)) -> Option<Finding> {
        let Type::Number { percent: true, .. } = self.kind(percentage.0) else { return None };
        let Type::Number { scale, percent: false } = self.kind(number.0) else { return None };
        let Node::Const(Value::Num(units)) = self.exprs().node(number.0) else { return None };
        let written = self.source(number.1);
        if units.abs() < 2 * kamrules_base::decimal::pow10(u32::from(scale)) || written.contains('.') {
            return None;
        }
        let whole = kamrules_base::Decimal::new(units * 100, scale).normal();
        Some(
            Finding::new(codes::PERCENT_SLIP, number.1, format!("this is compared with a percentage: {written} would be {whole}%"))
                .also(percentage.1, "a percentage")
                .help(format!("did you mean `{written}%`? if not, write `{whole}%`"))
                .fix(format!("write `{written}%`"), number.1, format!("{written}%")),
        )
    }

    /// Two values that do not go together.
    fn mismatch(&self, left: (ExprId, Span), right: (ExprId, Span), span: Span) -> Finding {
        let (a, b) = (self.kind(left.0), self.kind(right.0));
        match (a, b) {
            (Type::Money { .. }, Type::Number { .. }) => self.money_and_number(right),
            (Type::Number { .. }, Type::Money { .. }) => self.money_and_number(left),
            (Type::Row(entity), Type::Text { .. } | Type::Number { .. }) => self.row_and_value(entity, left.1, span),
            (Type::Text { .. } | Type::Number { .. }, Type::Row(entity)) => self.row_and_value(entity, right.1, span),
            (Type::Date, Type::Text { .. }) => self.date_in_quotes(right),
            (Type::Text { .. }, Type::Date) => self.date_in_quotes(left),
            (Type::Number { .. }, Type::Text { .. }) => self.number_in_quotes(right, span),
            (Type::Text { .. }, Type::Number { .. }) => self.quotes_missing(right),
            (Type::Flag, Type::Text { .. }) | (Type::Text { .. }, Type::Flag) => {
                Finding::new(codes::WRONG_TYPES, span, "yes or no is compared with text").help("write `yes` or `no`, without quotes")
            }
            (Type::Number { .. }, Type::Duration(_)) | (Type::Duration(_), Type::Number { .. }) => {
                Finding::new(codes::WRONG_TYPES, span, "a bare number is compared with a span of time")
                    .help("say the unit: `14 days`, `6 months`")
            }
            (Type::Date | Type::Time, Type::Period(_)) => Finding::new(codes::WRONG_TYPES, span, "a date is compared with a period")
                .help("ask whether it lies in it: `date in FY2026`"),
            _ => {
                let (x, y) = (self.kind_of(left.0), self.kind_of(right.0));
                Finding::new(codes::WRONG_TYPES, span, format!("{x} is compared with {y}")).also(left.1, x).also(right.1, y)
            }
        }
    }

    pub(super) fn money_and_number(&self, number: (ExprId, Span)) -> Finding {
        let currency = self.model.settings.currency.as_deref().unwrap_or("USD");
        let written = self.source(number.1);
        let finding = Finding::new(codes::MONEY_AND_NUMBER, number.1, "money and a bare number do not go together").here("a bare number");
        if !matches!(self.exprs().node(number.0), Node::Const(_)) {
            return finding.help("multiply the number by an amount, or load the field as `money`");
        }
        let money = match currency {
            "USD" => format!("${written}"),
            "EUR" => format!("€{written}"),
            "GBP" => format!("£{written}"),
            code => format!("{written} {code}"),
        };
        finding.help(format!("write `{money}`")).fix(format!("write `{money}`"), number.1, money)
    }

    fn row_and_value(&self, entity: kamrules_model::EntityId, at: Span, span: Span) -> Finding {
        let entity = self.model.entity(entity);
        let key = entity.key.first().map_or("id", |&i| entity.fields[i as usize].name.as_str());
        let written = self.source(at);
        Finding::new(codes::WRONG_TYPES, span, format!("`{written}` is a row of `{}`, not a value", entity.name))
            .also(at, format!("a row of `{}`", entity.name))
            .help(format!("compare a field of it: `{written}.{key}`"))
    }

    fn date_in_quotes(&self, text: (ExprId, Span)) -> Finding {
        let written = self.source(text.1);
        let bare = written.trim_matches('"');
        let finding = Finding::new(codes::WRONG_TYPES, text.1, "a date is written without quotes, year first");
        match kamrules_base::Date::parse_iso(bare) {
            Some(date) => finding.help(format!("write `{date}`")).fix(format!("write `{date}`"), text.1, date.to_string()),
            None => finding.help("write it as `2026-02-01`"),
        }
    }

    fn number_in_quotes(&self, text: (ExprId, Span), span: Span) -> Finding {
        let written = self.source(text.1);
        let bare = written.trim_matches('"').to_owned();
        let finding = Finding::new(codes::WRONG_TYPES, span, "a number is compared with text").also(text.1, "text");
        match kamrules_base::Decimal::parse(&bare) {
            Some(_) => finding.help(format!("write `{bare}` without quotes")).fix(format!("write `{bare}`"), text.1, bare),
            None => finding.help("compare it with a number"),
        }
    }

    fn quotes_missing(&self, number: (ExprId, Span)) -> Finding {
        let written = self.source(number.1);
        Finding::new(codes::WRONG_TYPES, number.1, "text is compared with a number")
            .help(format!("write it in quotes: `\"{written}\"`; or load the field as `number`"))
            .fix(format!("write `\"{written}\"`"), number.1, format!("\"{written}\""))
    }

    pub(super) fn arith_fault(&self, op: ArithOp, left: (ExprId, Span), right: (ExprId, Span), span: Span) -> Finding {
        let (a, b) = (self.kind(left.0), self.kind(right.0));
        let word = match op {
            ArithOp::Add => "added to",
            ArithOp::Subtract => "subtracted from",
            ArithOp::Multiply => "multiplied by",
            ArithOp::Divide => "divided by",
        };
        match (a, b) {
            (Type::Money { .. }, Type::Number { .. }) => self.money_and_number(right),
            (Type::Number { .. }, Type::Money { .. }) if op != ArithOp::Divide => self.money_and_number(left),
            (Type::Date, Type::Number { .. }) => Finding::new(codes::WRONG_TYPES, right.1, "a date and a bare number do not go together")
                .help(format!("say the unit: `{} days`, `{} months`", self.source(right.1), self.source(right.1))),
            (Type::Duration(x), Type::Duration(y)) => days_and_months(x, y, span),
            (Type::Date, Type::Duration(DurationKind::Clock)) => {
                Finding::new(codes::CLOCK_AND_CALENDAR, right.1, "hours and minutes do not go with a date")
                    .help("add days or months, or use a `time`")
            }
            (Type::Time, Type::Duration(_)) => Finding::new(codes::CLOCK_AND_CALENDAR, right.1, "days and months do not go with a time")
                .help("take its day first: `date(…)`, or add hours"),
            _ => {
                let (x, y) = (self.kind_of(left.0), self.kind_of(right.0));
                let message =
                    if op == ArithOp::Subtract { format!("{y} cannot be {word} {x}") } else { format!("{x} cannot be {word} {y}") };
                Finding::new(codes::WRONG_TYPES, span, message).also(left.1, x).also(right.1, y)
            }
        }
    }
}

fn days_and_months(a: DurationKind, b: DurationKind, span: Span) -> Finding {
    if a == DurationKind::Clock || b == DurationKind::Clock {
        return Finding::new(codes::CLOCK_AND_CALENDAR, span, "hours and minutes never mix with days and months")
            .help("say both in hours, or both in days");
    }
    Finding::new(codes::DAYS_AND_MONTHS, span, "days and months cannot be compared: months differ in length")
        .help("move a date instead: `last_contact + 6 months < today`")
}
