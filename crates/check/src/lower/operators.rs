//! Operators, and what goes with what.

use super::convert::join;
use super::Env;
use crate::checker::Checker;
use crate::known;
use kamrules_base::{Finding, Span, codes};
use kamrules_model::arith::{DIVIDE_SCALE, add_scale, multiply_scale};
use kamrules_model::{ArithOp, CompareOp, DurationKind, ExprId, Node, Ty, Type, Value};
use kamrules_syntax::ast::{self, BinaryOp, Compare, ExprKind, UnaryOp};

pub(crate) fn compare_op(op: Compare) -> CompareOp {
    match op {
        Compare::Equal => CompareOp::Equal,
        Compare::NotEqual => CompareOp::NotEqual,
        Compare::Less => CompareOp::Less,
        Compare::LessOrEqual => CompareOp::LessOrEqual,
        Compare::Greater => CompareOp::Greater,
        Compare::GreaterOrEqual => CompareOp::GreaterOrEqual,
    }
}

impl Checker {
    pub(super) fn unary(&mut self, op: UnaryOp, operand: &ast::Expr, span: Span, env: &Env) -> ExprId {
        let inner = self.expr(operand, env);
        let ty = self.ty(inner);
        let ctx = self.exprs().ctx(inner);
        match (op, ty.kind) {
            (_, Type::Unknown) => inner,
            (UnaryOp::Not, Type::Flag) => self.add(Node::Not(inner), ty, ctx, span),
            (UnaryOp::Not, _) => {
                let message = format!("`not` turns yes into no, but this is {}", self.kind_of(inner));
                self.spoil(Finding::new(codes::NOT_A_CONDITION, operand.span, message))
            }
            (UnaryOp::Negate, Type::Number { .. } | Type::Money { .. } | Type::Duration(_)) => match self.exprs().node(inner) {
                Node::Const(Value::Num(units)) => {
                    let units = -*units;
                    self.constant(Value::Num(units), ty.kind, span)
                }
                _ => self.add(Node::Negate(inner), ty, ctx, span),
            },
            (UnaryOp::Negate, _) => {
                let message = format!("a minus goes before a number, money or a duration, but this is {}", self.kind_of(inner));
                self.spoil(Finding::new(codes::WRONG_TYPES, operand.span, message))
            }
        }
    }

    pub(super) fn binary(&mut self, binary: &ast::Binary, span: Span, env: &Env) -> ExprId {
        match binary.op {
            BinaryOp::And | BinaryOp::Or => self.and_or(binary, span, env),
            BinaryOp::Compare(op) => self.comparison(compare_op(op), binary, span, env),
            BinaryOp::In => self.membership(binary, span, env),
            BinaryOp::NotIn => {
                let inside = self.membership(binary, span, env);
                self.not(inside, span)
            }
            BinaryOp::StartsWith => self.text_test("@starts_with", binary, span, env),
            BinaryOp::EndsWith => self.text_test("@ends_with", binary, span, env),
            BinaryOp::Has => self.text_test("has", binary, span, env),
            BinaryOp::Contains => self.text_test("contains", binary, span, env),
            BinaryOp::HasAnyOf => self.has_any_of(binary, span, env),
            BinaryOp::OrElse => self.or_else(binary, span, env),
            BinaryOp::Add => self.arith(ArithOp::Add, binary, span, env),
            BinaryOp::Subtract => self.arith(ArithOp::Subtract, binary, span, env),
            BinaryOp::Multiply => self.arith(ArithOp::Multiply, binary, span, env),
            BinaryOp::Divide => self.arith(ArithOp::Divide, binary, span, env),
        }
    }

    /// `not x`.
    pub fn not(&mut self, inner: ExprId, span: Span) -> ExprId {
        let (ty, ctx) = (self.ty(inner), self.exprs().ctx(inner));
        if ty.kind == Type::Unknown { inner } else { self.add(Node::Not(inner), ty, ctx, span) }
    }

    /// `a and b` of conditions already lowered.
    pub fn and(&mut self, left: ExprId, right: ExprId, span: Span) -> ExprId {
        if self.is_unknown(left) || self.is_unknown(right) {
            return self.unknown(span);
        }
        let optional = self.ty(left).optional || {
            let yes = known::facts(self.exprs(), left, true);
            known::may_be_missing(self.exprs(), right, &yes)
        };
        let ctx = self.join_ctx(&[left, right]);
        self.add(Node::And(left, right), Ty { kind: Type::Flag, optional }, ctx, span)
    }

    /// `a or b` of conditions already lowered.
    pub fn or(&mut self, left: ExprId, right: ExprId, span: Span) -> ExprId {
        if self.is_unknown(left) || self.is_unknown(right) {
            return self.unknown(span);
        }
        let optional = self.ty(left).optional || {
            let no = known::facts(self.exprs(), left, false);
            known::may_be_missing(self.exprs(), right, &no)
        };
        let ctx = self.join_ctx(&[left, right]);
        self.add(Node::Or(left, right), Ty { kind: Type::Flag, optional }, ctx, span)
    }

    fn and_or(&mut self, binary: &ast::Binary, span: Span, env: &Env) -> ExprId {
        let is_and = binary.op == BinaryOp::And;
        let word = if is_and { "and" } else { "or" };
        if let Some(finding) = self.or_after_equals(binary, span, env) {
            return self.spoil(finding);
        }
        let left = self.side_of_logic(&binary.left, env, word);
        let inner = env.knowing(known::facts(self.exprs(), left, is_and));
        let right = self.side_of_logic(&binary.right, &inner, word);
        if is_and { self.and(left, right, span) } else { self.or(left, right, span) }
    }

    /// `industry = bank or retail`, where `in [bank, retail]` is meant: the right is a bare value of what the left compares.
    fn or_after_equals(&mut self, binary: &ast::Binary, span: Span, env: &Env) -> Option<Finding> {
        let ExprKind::Name(value) = &binary.right.kind else { return None };
        let ExprKind::Binary(equality) = &binary.left.kind else { return None };
        if binary.op != BinaryOp::Or || equality.op != BinaryOp::Compare(Compare::Equal) || self.is_in_reach(value, env) {
            return None;
        }
        let before = self.findings.len();
        let subject = self.expr(&equality.left, env);
        self.findings.truncate(before);
        let want = self.kind(subject);
        self.wanted_value(value, binary.right.span, Some(want))?;
        let (subject, first) = (self.source(equality.left.span), self.source(equality.right.span));
        let mended = format!("{subject} in [{first}, {value}]");
        let finding = Finding::new(codes::OR_AFTER_EQUALS, span, format!("`or` joins conditions, and `{value}` alone is none"));
        Some(finding.help(format!("did you mean `{mended}`?")).fix(format!("write `{mended}`"), span, mended))
    }

    fn side_of_logic(&mut self, side: &ast::Expr, env: &Env, word: &str) -> ExprId {
        let id = self.expr_as(side, env, Some(Type::Flag));
        match self.kind(id) {
            Type::Flag | Type::Unknown => id,
            _ => {
                let message = format!("`{word}` joins conditions, but this is {}", self.kind_of(id));
                self.spoil(Finding::new(codes::NOT_A_CONDITION, side.span, message).help("repeat what is compared: `state = \"CA\" or state = \"OR\"`, or `state in [\"CA\", \"OR\"]`"))
            }
        }
    }

    /// Both sides of a comparison: a bare name is first a value of the other side's picklist.
    fn both_sides(&mut self, left: &ast::Expr, right: &ast::Expr, env: &Env) -> (ExprId, ExprId) {
        let bare = |expr: &ast::Expr| match &expr.kind {
            ExprKind::Name(name) => Some(name.clone()),
            _ => None,
        };
        let right_first = match (bare(left), bare(right)) {
            (Some(left), None) => !self.is_in_reach(&left, env),
            (Some(left), Some(right)) => !self.is_in_reach(&left, env) && self.is_in_reach(&right, env),
            _ => false,
        };
        if right_first {
            let b = self.expr(right, env);
            let want = self.kind(b);
            let a = self.expr_as(left, env, Some(want));
            (a, b)
        } else {
            let a = self.expr(left, env);
            let want = self.kind(a);
            let b = self.expr_as(right, env, Some(want));
            (a, b)
        }
    }

    fn comparison(&mut self, op: CompareOp, binary: &ast::Binary, span: Span, env: &Env) -> ExprId {
        let (left, right) = self.both_sides(&binary.left, &binary.right, env);
        self.compare(op, (left, binary.left.span), (right, binary.right.span), span)
    }

    /// A comparison of two values already lowered.
    pub fn compare(&mut self, op: CompareOp, left: (ExprId, Span), right: (ExprId, Span), span: Span) -> ExprId {
        let (a, b) = (self.kind(left.0), self.kind(right.0));
        if a == Type::Unknown || b == Type::Unknown {
            return self.unknown(span);
        }
        if let Some(finding) = self.comparison_fault(op, left, right, span) {
            return self.spoil(finding);
        }
        if let Some(code) = self.label_constant(right.0) {
            return self.compare_label(op, left.0, code, span);
        }
        if let Some(code) = self.label_constant(left.0) {
            return self.compare_label(mirror(op), right.0, code, span);
        }
        let (l, r) = self.fold_if_needed(left.0, right.0, span);
        let optional = self.ty(l).optional || self.ty(r).optional;
        let ctx = self.join_ctx(&[l, r]);
        self.add(Node::Compare(op, l, r), Ty { kind: Type::Flag, optional }, ctx, span)
    }

    fn label_constant(&self, id: ExprId) -> Option<u32> {
        match (self.exprs().node(id), self.kind(id)) {
            (Node::Const(Value::Label(label)), Type::Label(_)) => Some(label.code),
            _ => None,
        }
    }

    /// A label compared with one written out: earlier labels are greater.
    fn compare_label(&mut self, op: CompareOp, label: ExprId, code: u32, span: Span) -> ExprId {
        let Type::Label(set) = self.kind(label) else { return self.unknown(span) };
        let codes: Vec<u32> = self.model.set(set).leaves_where(|other| op.holds(code.cmp(&other)));
        self.label_in(label, codes, span)
    }

    /// Whether a label is one of these.
    pub fn label_in(&mut self, label: ExprId, codes: Vec<u32>, span: Span) -> ExprId {
        let (ty, ctx) = (self.ty(label), self.exprs().ctx(label));
        self.add(Node::LabelIn(label, codes.into()), Ty { kind: Type::Flag, optional: ty.optional }, ctx, span)
    }

    /// Text of a field that ignores case is folded on both sides.
    fn fold_if_needed(&mut self, left: ExprId, right: ExprId, span: Span) -> (ExprId, ExprId) {
        let folds = |kind| matches!(kind, Type::Text { fold: true });
        if !folds(self.kind(left)) && !folds(self.kind(right)) {
            return (left, right);
        }
        (self.builtin("@fold", vec![left], &[span], span), self.builtin("@fold", vec![right], &[span], span))
    }

    fn comparison_fault(&self, op: CompareOp, left: (ExprId, Span), right: (ExprId, Span), span: Span) -> Option<Finding> {
        let (a, b) = (self.kind(left.0), self.kind(right.0));
        let ordered = !matches!(op, CompareOp::Equal | CompareOp::NotEqual);
        if let Some(finding) = self.percent_slip(left, right).or_else(|| self.percent_slip(right, left)).filter(|_| ordered) {
            return Some(finding);
        }
        match (a, b) {
            (Type::Duration(x), Type::Duration(y)) if !ordered && (x == DurationKind::Calendar || y == DurationKind::Calendar) && join(a, b).is_some() => None,
            (Type::Duration(x), Type::Duration(y)) if x != y || x == DurationKind::Calendar => Some(days_and_months(x, y, span)),
            (Type::Text { .. }, Type::Text { .. }) if ordered => Some(
                Finding::new(codes::TEXT_ORDER, span, "text has no order")
                    .help("codes of one length can be asked for as a range: `zip in \"98000\"..\"98999\"`; a number is loaded with type `number`"),
            ),
            (Type::Label(x), Type::Label(y)) if x == y && ordered && self.model.set(x).kind != kamrules_model::SetKind::Tiers => {
                let name = &self.model.set(x).name;
                Some(Finding::new(codes::TEXT_ORDER, span, format!("only tiers have an order; `{name}` has none")).help("name the labels: `in [a, b]`"))
            }
            (Type::Labels(_), _) | (_, Type::Labels(_)) => Some(
                Finding::new(codes::WRONG_TYPES, span, "this set gives any number of labels").help("ask for one of them with `contains`: `overlays contains named`"),
            ),
            (Type::Pick(_) | Type::Flag | Type::Row(_) | Type::Period(_), _) if ordered && join(a, b).is_some() => Some(Finding::new(
                codes::TEXT_ORDER,
                span,
                format!("{} has no order", crate::words::kind(&self.model, a)),
            )
            .help("compare with `=`, `!=` or `in [ … ]`")),
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
                Finding::new(codes::WRONG_TYPES, span, "a bare number is compared with a span of time").help("say the unit: `14 days`, `6 months`")
            }
            (Type::Date | Type::Time, Type::Period(_)) => {
                Finding::new(codes::WRONG_TYPES, span, "a date is compared with a period").help("ask whether it lies in it: `date in FY2026`")
            }
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

    fn or_else(&mut self, binary: &ast::Binary, span: Span, env: &Env) -> ExprId {
        let left = self.expr(&binary.left, env);
        let want = super::convert::literal_type_hint(self.kind(left));
        let right = self.expr_as(&binary.right, env, want);
        let (ids, ty) = self.unify(&[(left, binary.left.span, env), (right, binary.right.span, env)], "both sides of `or else`");
        if ty.kind == Type::Unknown {
            return self.unknown(span);
        }
        let optional = self.ty(right).optional;
        let ctx = self.join_ctx(&ids);
        self.add(Node::OrElse(ids[0], ids[1]), Ty { kind: ty.kind, optional }, ctx, span)
    }

    fn arith(&mut self, op: ArithOp, binary: &ast::Binary, span: Span, env: &Env) -> ExprId {
        let left = self.expr(&binary.left, env);
        let right = self.expr(&binary.right, env);
        let (a, b) = (self.kind(left), self.kind(right));
        if a == Type::Unknown || b == Type::Unknown {
            return self.unknown(span);
        }
        let Some(kind) = arith_type(op, a, b) else {
            let finding = self.arith_fault(op, (left, binary.left.span), (right, binary.right.span), span);
            return self.spoil(finding);
        };
        let zero = op == ArithOp::Divide && !known::constant_nonzero(self.exprs(), right);
        let optional = self.ty(left).optional || self.ty(right).optional || zero;
        let ctx = self.join_ctx(&[left, right]);
        self.add(Node::Arith(op, left, right), Ty { kind, optional }, ctx, span)
    }

    fn arith_fault(&self, op: ArithOp, left: (ExprId, Span), right: (ExprId, Span), span: Span) -> Finding {
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
                Finding::new(codes::CLOCK_AND_CALENDAR, right.1, "hours and minutes do not go with a date").help("add days or months, or use a `time`")
            }
            (Type::Time, Type::Duration(_)) => {
                Finding::new(codes::CLOCK_AND_CALENDAR, right.1, "days and months do not go with a time").help("take its day first: `date(…)`, or add hours")
            }
            _ => {
                let (x, y) = (self.kind_of(left.0), self.kind_of(right.0));
                let message = if op == ArithOp::Subtract { format!("{y} cannot be {word} {x}") } else { format!("{x} cannot be {word} {y}") };
                Finding::new(codes::WRONG_TYPES, span, message).also(left.1, x).also(right.1, y)
            }
        }
    }
}

fn days_and_months(a: DurationKind, b: DurationKind, span: Span) -> Finding {
    if a == DurationKind::Clock || b == DurationKind::Clock {
        return Finding::new(codes::CLOCK_AND_CALENDAR, span, "hours and minutes never mix with days and months").help("say both in hours, or both in days");
    }
    Finding::new(codes::DAYS_AND_MONTHS, span, "days and months cannot be compared: months differ in length")
        .help("move a date instead: `last_contact + 6 months < today`")
}

fn mirror(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Less => CompareOp::Greater,
        CompareOp::LessOrEqual => CompareOp::GreaterOrEqual,
        CompareOp::Greater => CompareOp::Less,
        CompareOp::GreaterOrEqual => CompareOp::LessOrEqual,
        same => same,
    }
}

/// The type of a sum, difference, product or quotient, if there is one.
pub(crate) fn arith_type(op: ArithOp, a: Type, b: Type) -> Option<Type> {
    use DurationKind::{Calendar, Clock, Days};
    let number = |scale, percent| Some(Type::Number { scale, percent });
    match (op, a, b) {
        (ArithOp::Add | ArithOp::Subtract, Type::Number { scale: x, percent: p }, Type::Number { scale: y, percent: q }) => number(add_scale(x, y), p || q),
        (ArithOp::Add | ArithOp::Subtract, Type::Money { scale: x }, Type::Money { scale: y }) => Some(Type::Money { scale: add_scale(x, y) }),
        (ArithOp::Subtract, Type::Date, Type::Date) => Some(Type::Duration(Days)),
        (ArithOp::Subtract, Type::Time, Type::Time) => Some(Type::Duration(Clock)),
        (ArithOp::Add | ArithOp::Subtract, Type::Date, Type::Duration(kind)) if kind != Clock => Some(Type::Date),
        (ArithOp::Add, Type::Duration(kind), Type::Date) if kind != Clock => Some(Type::Date),
        (ArithOp::Add | ArithOp::Subtract, Type::Time, Type::Duration(Clock)) => Some(Type::Time),
        (ArithOp::Add, Type::Duration(Clock), Type::Time) => Some(Type::Time),
        (ArithOp::Add | ArithOp::Subtract, Type::Duration(x), Type::Duration(y)) if x == y => Some(Type::Duration(x)),
        (ArithOp::Add | ArithOp::Subtract, Type::Duration(x), Type::Duration(y)) if x != Clock && y != Clock => Some(Type::Duration(Calendar)),
        (ArithOp::Multiply, Type::Number { scale: x, .. }, Type::Number { scale: y, .. }) => number(multiply_scale(x, y), false),
        (ArithOp::Multiply, Type::Money { scale: x }, Type::Number { scale: y, .. }) => Some(Type::Money { scale: multiply_scale(x, y) }),
        (ArithOp::Multiply, Type::Number { scale: x, .. }, Type::Money { scale: y }) => Some(Type::Money { scale: multiply_scale(x, y) }),
        (ArithOp::Multiply, Type::Duration(kind), Type::Number { scale: 0, .. }) => Some(Type::Duration(kind)),
        (ArithOp::Multiply, Type::Number { scale: 0, .. }, Type::Duration(kind)) => Some(Type::Duration(kind)),
        (ArithOp::Divide, Type::Number { .. }, Type::Number { .. }) => number(DIVIDE_SCALE, false),
        (ArithOp::Divide, Type::Money { .. }, Type::Number { .. }) => Some(Type::Money { scale: DIVIDE_SCALE }),
        (ArithOp::Divide, Type::Money { .. }, Type::Money { .. }) => number(DIVIDE_SCALE, true),
        (ArithOp::Divide, Type::Duration(x), Type::Duration(y)) if x == y && x != Calendar => number(DIVIDE_SCALE, false),
        _ => None,
    }
}

impl Checker {
    fn text_test(&mut self, function: &str, binary: &ast::Binary, span: Span, env: &Env) -> ExprId {
        let left = self.expr(&binary.left, env);
        if let Type::Labels(set) = self.kind(left) {
            return self.labels_contain(left, set, &binary.right, span);
        }
        let right = self.expr(&binary.right, env);
        let (left, right) = if function == "contains" || function.starts_with('@') { self.fold_text(left, right, span) } else { (left, right) };
        self.builtin(function, vec![left, right], &[binary.left.span, binary.right.span], span)
    }

    fn fold_text(&mut self, left: ExprId, right: ExprId, span: Span) -> (ExprId, ExprId) {
        let text = |kind| matches!(kind, Type::Text { .. });
        if text(self.kind(left)) && text(self.kind(right)) { self.fold_if_needed(left, right, span) } else { (left, right) }
    }

    fn labels_contain(&mut self, labels: ExprId, set: kamrules_model::SetId, label: &ast::Expr, span: Span) -> ExprId {
        let right = self.expr_as(label, &Self::policy_env(), Some(Type::Label(set)));
        match self.label_constant(right) {
            Some(code) => {
                let codes = self.model.set(set).leaves(code);
                self.label_in(labels, codes, span)
            }
            None if self.is_unknown(right) => right,
            None => self.spoil(Finding::new(codes::WRONG_TYPES, label.span, "a label is wanted here")),
        }
    }

    fn has_any_of(&mut self, binary: &ast::Binary, span: Span, env: &Env) -> ExprId {
        let left = self.expr(&binary.left, env);
        let ExprKind::List(elements) = &binary.right.kind else { return self.unknown(span) };
        let mut any: Option<ExprId> = None;
        for element in elements {
            let one = if let Type::Labels(set) = self.kind(left) {
                self.labels_contain(left, set, element, element.span)
            } else {
                let right = self.expr(element, env);
                self.builtin("has", vec![left, right], &[binary.left.span, element.span], element.span)
            };
            any = Some(match any {
                Some(before) => self.or(before, one, span),
                None => one,
            });
        }
        any.unwrap_or_else(|| self.flag(false, span))
    }

    /// `x in …`.
    fn membership(&mut self, binary: &ast::Binary, span: Span, env: &Env) -> ExprId {
        match &binary.right.kind {
            ExprKind::List(elements) => self.in_elements(&binary.left, elements, span, env),
            ExprKind::Range(range) => self.in_range(&binary.left, range, binary.right.span, span, env),
            _ => self.in_named(binary, span, env),
        }
    }

    fn in_elements(&mut self, left: &ast::Expr, elements: &[ast::Expr], span: Span, env: &Env) -> ExprId {
        let subject = self.expr(left, env);
        let kind = self.kind(subject);
        let mut spoiled = kind == Type::Unknown;
        let (mut values, mut codes, mut rest) = (Vec::new(), Vec::new(), Vec::new());
        for element in elements {
            let id = self.expr_as(element, env, Some(kind));
            if self.is_unknown(id) {
                spoiled = true;
            } else if let Some(code) = self.label_constant(id).filter(|_| matches!(kind, Type::Label(_))) {
                let Type::Label(set) = kind else { continue };
                codes.extend(self.model.set(set).leaves(code));
            } else if let (Node::Const(value), true) = (self.exprs().node(id).clone(), same_units(kind, self.kind(id))) {
                values.push(self.value_at_scale(value, self.kind(id), kind));
            } else {
                let one = self.compare(CompareOp::Equal, (subject, left.span), (id, element.span), element.span);
                spoiled |= self.is_unknown(one);
                rest.push(one);
            }
        }
        if spoiled {
            return self.unknown(span);
        }
        let (ty, ctx) = (Ty { kind: Type::Flag, optional: self.ty(subject).optional }, self.exprs().ctx(subject));
        let mut any: Option<ExprId> = None;
        if !codes.is_empty() {
            any = Some(self.label_in(subject, codes, span));
        }
        if !values.is_empty() {
            any = Some(self.add(Node::OneOf(subject, values.into()), ty, ctx, span));
        }
        for one in rest {
            any = Some(match any {
                Some(before) => self.or(before, one, span),
                None => one,
            });
        }
        any.unwrap_or_else(|| self.flag(false, span))
    }

    fn value_at_scale(&self, value: Value, from: Type, to: Type) -> Value {
        kamrules_model::arith::rescale_value(&value, from, to).unwrap_or(value)
    }

    fn in_range(&mut self, left: &ast::Expr, range: &ast::Range, at: Span, span: Span, env: &Env) -> ExprId {
        let subject = self.expr(left, env);
        if let Some(run) = self.period_run(range, at) {
            return self.in_period(subject, run, left.span, span);
        }
        let want = self.kind(subject);
        let low = self.expr_as(&range.low, env, Some(want));
        let high = self.expr_as(&range.high, env, Some(want));
        if matches!(want, Type::Text { .. }) && [low, high].iter().all(|&id| matches!(self.kind(id), Type::Text { .. })) {
            return self.code_range(subject, low, high, range, left.span, span);
        }
        if let (Node::Const(Value::Num(_)), Node::Const(Value::Num(_))) = (self.exprs().node(low), self.exprs().node(high))
            && self.is_empty_range(low, high, range.half_open)
        {
            return self.spoil(Finding::new(codes::EMPTY_RANGE, at, "this range is empty: it starts behind its end").help("write the smaller end first"));
        }
        let upper = if range.half_open { CompareOp::Less } else { CompareOp::LessOrEqual };
        let above = self.compare(CompareOp::GreaterOrEqual, (subject, left.span), (low, range.low.span), span);
        let below = self.compare(upper, (subject, left.span), (high, range.high.span), span);
        self.and(above, below, span)
    }

    fn is_empty_range(&self, low: ExprId, high: ExprId, half_open: bool) -> bool {
        let (Node::Const(a), Node::Const(b)) = (self.exprs().node(low), self.exprs().node(high)) else { return false };
        let ordering = kamrules_model::arith::order((a, self.kind(low)), (b, self.kind(high)));
        ordering.is_gt() || (half_open && ordering.is_eq())
    }

    fn code_range(&mut self, subject: ExprId, low: ExprId, high: ExprId, range: &ast::Range, left: Span, span: Span) -> ExprId {
        let written = |cx: &Self, at: Span| cx.source(at).trim_matches('"').chars().count();
        if range.half_open || written(self, range.low.span) != written(self, range.high.span) {
            return self.spoil(
                Finding::new(codes::TEXT_ORDER, span, "a range of codes has two ends of the same length, both inside")
                    .help("write `zip in \"98000\"..\"98999\"`"),
            );
        }
        self.builtin("@code_in", vec![subject, low, high], &[left, range.low.span, range.high.span], span)
    }

    /// `x in name`: a list, a label with what is below it, or a period.
    fn in_named(&mut self, binary: &ast::Binary, span: Span, env: &Env) -> ExprId {
        let subject = self.expr(&binary.left, env);
        let kind = self.kind(subject);
        if let (ExprKind::Name(name), false) = (&binary.right.kind, kind == Type::Unknown) {
            if let Type::Label(set) = kind
                && let Some(code) = self.label_code(set, name)
            {
                let codes = self.model.set(set).leaves(code);
                return self.label_in(subject, codes, span);
            }
            if let Some(&(list, _)) = self.tables.symbols.lists.get(name.as_str())
                && !env.params.iter().any(|(param, _)| param == name)
            {
                return self.in_list(subject, list, &binary.left, span);
            }
        }
        let right = self.expr_as(&binary.right, env, Some(kind));
        match self.kind(right) {
            Type::Unknown => right,
            Type::Period(_) => self.in_period(subject, right, binary.left.span, span),
            _ if kind == Type::Unknown => subject,
            _ => {
                let names = crate::words::list(self.tables.symbols.lists.keys().map(String::as_str), 6);
                let message = format!("behind `in` stands a list, a range or a period, but this is {}", self.kind_of(right));
                self.spoil(Finding::new(codes::LIST_PLACE, binary.right.span, message).help(format!("write `in [a, b]`; the lists here: {names}")))
            }
        }
    }

    /// Whether a day lies in a period.
    pub fn in_period(&mut self, subject: ExprId, period: ExprId, left: Span, span: Span) -> ExprId {
        match self.kind(subject) {
            Type::Unknown => subject,
            Type::Date => {
                let optional = self.ty(subject).optional || self.ty(period).optional;
                let ctx = self.join_ctx(&[subject, period]);
                self.add(Node::InPeriod(subject, period), Ty { kind: Type::Flag, optional }, ctx, span)
            }
            Type::Time => {
                let day = self.builtin("date", vec![subject], &[left], span);
                self.in_period(day, period, left, span)
            }
            _ => {
                let message = format!("a date lies in a period, but this is {}", self.kind_of(subject));
                self.spoil(Finding::new(codes::WRONG_TYPES, left, message))
            }
        }
    }

    fn in_list(&mut self, subject: ExprId, list: kamrules_model::ListId, left: &ast::Expr, span: Span) -> ExprId {
        let (optional, ctx) = (self.ty(subject).optional, self.exprs().ctx(subject));
        let source = self.model.list(list).values.clone();
        match source {
            kamrules_model::ListSource::Values(kind, values) if !matches!(kind, Type::Text { .. }) => {
                if !same_units(self.kind(subject), kind) && join(self.kind(subject), kind).is_none() {
                    let (x, name) = (self.kind_of(subject), self.model.list(list).name.clone());
                    let message = format!("`{name}` lists {}, but this is {x}", crate::words::kind(&self.model, kind));
                    return self.spoil(Finding::new(codes::WRONG_TYPES, left.span, message));
                }
                let to = self.kind(subject);
                let values: Vec<Value> = values.into_iter().map(|value| self.value_at_scale(value, kind, to)).collect();
                self.add(Node::OneOf(subject, values.into()), Ty { kind: Type::Flag, optional }, ctx, span)
            }
            _ => match self.kind(subject) {
                Type::Unknown => subject,
                Type::Text { .. } => self.add(Node::InList(subject, list), Ty { kind: Type::Flag, optional }, ctx, span),
                _ => {
                    let message = format!("`{}` is a list of texts, but this is {}", self.model.list(list).name, self.kind_of(subject));
                    self.spoil(Finding::new(codes::WRONG_TYPES, left.span, message))
                }
            },
        }
    }
}

/// Whether a constant of one type can stand as a value of the other after rescaling.
fn same_units(subject: Type, constant: Type) -> bool {
    match (subject, constant) {
        (Type::Number { scale: a, .. }, Type::Number { scale: b, .. }) | (Type::Money { scale: a }, Type::Money { scale: b }) => a >= b,
        (Type::Text { fold: a }, Type::Text { .. }) => !a,
        (Type::Duration(a), Type::Duration(b)) => a == b && a != DurationKind::Calendar,
        (Type::Label(_) | Type::Labels(_), _) => false,
        (a, b) => a == b,
    }
}
