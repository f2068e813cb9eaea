//! Comparisons to formulas: with a constant, of two fields, of sums and differences.

use crate::formula::{Formula, Outcomes};
use crate::scope::{Scope, is_ordered};
use crate::subject::{Key, Place, Test, TextAsk};
use crate::truth::{code_of, sorted, units_of};
use kamrules_base::Date;
use kamrules_base::decimal::{MAX_SCALE, MAX_UNITS, pow10};
use kamrules_model::{ArithOp, CompareOp, Duration, DurationKind, ExprId, LabelValue, Node, Type, Value, arith};

/// Beyond this no value is looked for.
const FAR: i128 = 10_i128.pow(24);

/// A sum of places times whole numbers and a whole number, all at a scale: what it is worth is that over ten to the scale.
struct Linear {
    scale: u8,
    terms: Vec<(Place, i128)>,
    constant: i128,
}

impl Scope<'_> {
    /// When a comparison is yes, or no.
    pub fn compare(&mut self, op: CompareOp, a: &Place, b: &Place, want: bool) -> Formula {
        for (this, other, flip) in [(a, b, false), (b, a, true)] {
            if matches!(self.node(this.expr), Node::Missing) {
                return Formula::No;
            }
            if let Some(cases) = self.cases(this) {
                let parts: Vec<Formula> = cases
                    .into_iter()
                    .map(|(when, value)| {
                        when.and(if flip { self.compare(op, other, &value, want) } else { self.compare(op, &value, other, want) })
                    })
                    .collect();
                return Formula::any(parts);
            }
        }
        self.compare_leaves(op, a, b, want)
    }

    /// A comparison with a constant of a type.
    pub fn compare_with(&mut self, op: CompareOp, a: &Place, units: i128, kind: Type, want: bool) -> Formula {
        if let Some(cases) = self.cases(a) {
            let parts: Vec<Formula> =
                cases.into_iter().map(|(when, value)| when.and(self.compare_with(op, &value, units, kind, want))).collect();
            return Formula::any(parts);
        }
        let scale = kind.scale().unwrap_or(0);
        let constant = Linear { scale, terms: Vec::new(), constant: units };
        match self.linear(a).and_then(|linear| minus(linear, constant)) {
            Some(difference) if self.can_solve(&difference) => {
                let known = self.known(a);
                known.and(self.solve(op, &difference, want))
            }
            _ => self.against(op, a, units, scale, want),
        }
    }

    /// A comparison of what is taken as it comes with a constant of a scale.
    fn against(&mut self, op: CompareOp, at: &Place, constant: i128, scale: u8, want: bool) -> Formula {
        let own = self.ty(at.expr).kind.scale().unwrap_or(0);
        let (factor, constant) = if scale >= own {
            (pow10(u32::from(scale - own)), constant)
        } else {
            (1, constant.saturating_mul(pow10(u32::from(own - scale))))
        };
        self.in_runs(at, runs(op, factor, constant.saturating_neg()), want)
    }

    /// Whether what is taken as it comes lies in some runs of its units; asked of the one field that it rises or falls with.
    fn in_runs(&mut self, at: &Place, runs: Vec<(i128, i128)>, want: bool) -> Formula {
        if let Node::Call(function, args) = self.node(at.expr)
            && let ("length", &[text]) = (kamrules_builtins::get(*function).name, &**args)
        {
            let text = self.inside(at, text);
            return self.text_asked(&text, &TextAsk::Length(runs), want);
        }
        match self.only_base(at).filter(|base| base != at) {
            Some(base) => {
                let runs = self.pulled_back(at, &base, &runs);
                self.on_leaf(&base, Test::Units(runs), want)
            }
            None => self.on_leaf(at, Test::Units(runs), want),
        }
    }

    /// The one field (or other leaf) that a value rises or falls with, all else in it being constant.
    fn only_base(&self, at: &Place) -> Option<Place> {
        let constant = |expr: ExprId| self.constant(expr).is_some();
        match self.node(at.expr) {
            Node::Negate(a) | Node::Rescale(a) => self.only_base(&self.inside(at, *a)),
            Node::Arith(ArithOp::Add | ArithOp::Subtract | ArithOp::Multiply, a, b) if constant(*a) => self.only_base(&self.inside(at, *b)),
            Node::Arith(_, a, b) if constant(*b) => self.only_base(&self.inside(at, *a)),
            Node::Call(function, args)
                if kamrules_builtins::get(*function).name == "round" && args.iter().skip(1).all(|&arg| constant(arg)) =>
            {
                self.only_base(&self.inside(at, *args.first()?))
            }
            _ => {
                (is_units(self.ty(at.expr).kind) && self.is_plain(at) && !matches!(self.node(at.expr), Node::Call(..))).then(|| at.clone())
            }
        }
    }

    /// The units of the base for which a value lies in some runs; found by halving, since it only rises or only falls.
    fn pulled_back(&self, at: &Place, base: &Place, runs: &[(i128, i128)]) -> Vec<(i128, i128)> {
        let (low, high) = match self.shape(base.expr) {
            crate::subject::Shape::Units(low, high) => (low.max(-FAR), high.min(FAR)),
            _ => (-FAR, FAR),
        };
        let kind = self.ty(base.expr).kind;
        let at_base = |units: i128| self.compute(at, &|place| if place == base { crate::cut::value_of(kind, units) } else { None });
        let value = |units: i128| at_base(units).as_ref().and_then(units_of);
        // At the ends of time and of numbers there may be no value.
        let step = (high - low) / 64 + 1;
        let ends = (0..64)
            .map(|n| low + n * step)
            .find(|&end| value(end).is_some())
            .zip((0..64).map(|n| high - n * step).find(|&end| value(end).is_some()));
        let Some((low, high)) = ends.filter(|(low, high)| low <= high) else { return Vec::new() };
        let (first, last) = (value(low).unwrap_or_default(), value(high).unwrap_or_default());
        let rising = first <= last;
        let first_where = |reached: &dyn Fn(i128) -> bool| {
            let (mut from, mut to) = (low, high + 1);
            while from < to {
                let middle = from + (to - from).div_euclid(2);
                if value(middle).is_some_and(reached) { to = middle } else { from = middle + 1 }
            }
            from
        };
        let mut out = Vec::new();
        for &(a, b) in runs {
            let (from, to) = if rising {
                (first_where(&|value| value >= a), first_where(&|value| value > b))
            } else {
                (first_where(&|value| value <= b), first_where(&|value| value < a))
            };
            if from < to {
                // At an end of what was looked at the run goes on for ever.
                out.push((if from == low { -MAX_UNITS } else { from }, if to == high + 1 { MAX_UNITS } else { to - 1 }));
            }
        }
        out.sort_unstable();
        out
    }

    fn can_solve(&self, difference: &Linear) -> bool {
        difference.terms.len() < 2 || self.opposite(difference).is_some()
    }

    fn compare_leaves(&mut self, op: CompareOp, a: &Place, b: &Place, want: bool) -> Formula {
        if let (Node::Const(x), Node::Const(y)) = (self.node(a.expr), self.node(b.expr)) {
            return Formula::of(arith::compare(op, (x, self.ty(a.expr).kind), (y, self.ty(b.expr).kind)) == want);
        }
        match (self.constant(a.expr), self.constant(b.expr)) {
            (_, Some(value)) if !is_units(self.ty(a.expr).kind) => self.compare_choice(op, a, b, &value, want),
            (Some(value), _) if !is_units(self.ty(b.expr).kind) => self.compare_choice(op.mirrored(), b, a, &value, want),
            _ => self.compare_units(op, a, b, want),
        }
    }

    /// With a text, a picklist's value, a label or a flag.
    fn compare_choice(&mut self, op: CompareOp, a: &Place, b: &Place, value: &Value, want: bool) -> Formula {
        let kind = self.ty(a.expr).kind;
        match (value, kind) {
            (Value::Text(sym), _) if matches!(op, CompareOp::Equal | CompareOp::NotEqual) => {
                self.text_asked(a, &TextAsk::In(vec![*sym]), want == (op == CompareOp::Equal))
            }
            (Value::Label(label), Type::Label(set)) => {
                let codes = (0..self.setting.model.set(set).labels.len() as u32).filter(|&code| {
                    let one = Value::Label(LabelValue { code, row: label.row });
                    arith::compare(op, (&one, kind), (value, kind))
                });
                let codes: Vec<u32> = codes.collect();
                self.tested(a, &Test::Values(codes), want)
            }
            (Value::Period(period), _) if matches!(op, CompareOp::Equal | CompareOp::NotEqual) => match self.day_of_period(a) {
                Some(day) => match self.setting.model.settings.calendar.bounds(*period) {
                    Some((first, last)) => {
                        let test = Test::Units(vec![(first.0.into(), last.0.into())]);
                        self.tested(&day, &test, want == (op == CompareOp::Equal))
                    }
                    None => self.relation(op, a, b, want),
                },
                None => self.relation(op, a, b, want),
            },
            (Value::Flag(_) | Value::Pick(_), _) if matches!(op, CompareOp::Equal | CompareOp::NotEqual) => {
                let code = code_of(value).into_iter().collect::<Vec<_>>();
                if kind == Type::Flag {
                    let yes = (value == &Value::Flag(true)) == (op == CompareOp::Equal);
                    return self.truth(a, yes == want);
                }
                self.tested(a, &Test::Values(sorted(&code)), want == (op == CompareOp::Equal))
            }
            _ => self.relation(op, a, b, want),
        }
    }

    /// The day whose period an expression is: of `quarter_of(day)` the day.
    pub fn day_of_period(&self, at: &Place) -> Option<Place> {
        let Node::Call(function, args) = self.node(at.expr) else { return None };
        let name = kamrules_builtins::get(*function).name;
        let (&[day], "year_of" | "quarter_of" | "month_of" | "week_of") = (&**args, name) else { return None };
        (self.ty(day).kind == Type::Date).then(|| self.inside(at, day))
    }

    fn compare_units(&mut self, op: CompareOp, a: &Place, b: &Place, want: bool) -> Formula {
        let kinds = [self.ty(a.expr).kind, self.ty(b.expr).kind];
        if kinds.iter().all(|&kind| is_units(kind)) {
            if let Some(formula) = self.compare_shifted(op, a, b, want).or_else(|| self.compare_shifted(op.mirrored(), b, a, want)) {
                return formula;
            }
            if let (Some(x), Some(y)) = (self.linear(a), self.linear(b))
                && let Some(difference) = minus(x, y)
                && self.can_solve(&difference)
            {
                // What cancels out must be there nevertheless.
                let known = self.known(a).and(self.known(b));
                return known.and(self.solve(op, &difference, want));
            }
            for (this, other, op) in [(a, b, op), (b, a, op.mirrored())] {
                if let Some(constant) = self.linear(other).filter(|linear| linear.terms.is_empty()) {
                    return self.against(op, this, constant.constant, constant.scale, want);
                }
            }
        }
        self.relation(op, a, b, want)
    }

    /// `last + 6 months < 2026-01-01`: the days of `last` for which it holds are a run, found by halving.
    fn compare_shifted(&mut self, op: CompareOp, a: &Place, b: &Place, want: bool) -> Option<Formula> {
        let Node::Arith(which @ (ArithOp::Add | ArithOp::Subtract), day, by) = self.node(a.expr) else { return None };
        let (Type::Date, Node::Const(Value::Duration(by))) = (self.ty(*day).kind, self.node(*by)) else { return None };
        let sign = if *which == ArithOp::Add { 1 } else { -1 };
        let target = i64::try_from(self.constant_day(b)?).ok()?;
        if by.months == 0 {
            return None;
        }
        let shifted = |day: i64| -> i64 {
            let date = Date(day as i32).add_months(sign * i64::from(by.months)).and_then(|date| date.add_days(sign * i64::from(by.days)));
            date.map_or(if (sign > 0) == (by.months > 0) { i64::MAX } else { i64::MIN }, |date| date.0.into())
        };
        let first_at = |target: i64| {
            let (mut low, mut high) = (i64::from(Date::MIN.0), i64::from(Date::MAX.0) + 1);
            while low < high {
                let middle = low + (high - low).div_euclid(2);
                if shifted(middle) >= target { high = middle } else { low = middle + 1 }
            }
            i128::from(low)
        };
        // From `reaches` on the sum is the day or later; from `passes` on it is later.
        let (reaches, passes) = (first_at(target), first_at(target + 1));
        let place = self.inside(a, *day);
        let run = match op {
            CompareOp::Less => vec![(-MAX_UNITS, reaches - 1)],
            CompareOp::LessOrEqual => vec![(-MAX_UNITS, passes - 1)],
            CompareOp::Greater => vec![(passes, MAX_UNITS)],
            CompareOp::GreaterOrEqual => vec![(reaches, MAX_UNITS)],
            CompareOp::Equal | CompareOp::NotEqual => vec![(reaches, passes - 1)],
        };
        let run: Vec<(i128, i128)> = run.into_iter().filter(|(low, high)| low <= high).collect();
        Some(self.tested(&place, &Test::Units(run), want == (op != CompareOp::NotEqual)))
    }

    fn constant_day(&self, at: &Place) -> Option<i128> {
        self.constant(at.expr).as_ref().filter(|value| matches!(value, Value::Date(_))).and_then(units_of)
    }

    /// `difference op 0`, of no, one or two opposite terms.
    fn solve(&mut self, op: CompareOp, difference: &Linear, want: bool) -> Formula {
        match difference.terms.as_slice() {
            [] => Formula::of(op.holds(difference.constant.cmp(&0)) == want),
            [(place, factor)] => {
                let runs = runs(op, *factor, difference.constant);
                self.in_runs(place, runs, want)
            }
            _ => match self.opposite(difference) {
                Some((first, second, factor, scale)) => {
                    let subject = self.subject(Key::Difference(first.clone(), second.clone(), scale));
                    let test = Test::Units(runs(op, factor, difference.constant));
                    let known = self.known(&first).and(self.known(&second));
                    known.and(self.is(subject, test, Outcomes::wished(want)))
                }
                None => Formula::No,
            },
        }
    }

    /// Two terms as a multiple of the difference of their places: the smaller place first, so that `x - y` and `y - x` are one
    /// subject; the multiple, and the scale in whose units the difference is.
    fn opposite(&self, difference: &Linear) -> Option<(Place, Place, i128, u8)> {
        let [one, other] = difference.terms.as_slice() else { return None };
        let (first, second) = if one.0 <= other.0 { (one, other) } else { (other, one) };
        let scale_of = |place: &Place| self.ty(place.expr).kind.scale().unwrap_or(0);
        let scale = scale_of(&first.0).max(scale_of(&second.0));
        let unit = |place: &Place| pow10(u32::from(scale - scale_of(place)));
        let factor = first.1 / unit(&first.0);
        let fits = factor * unit(&first.0) == first.1 && factor.checked_mul(unit(&second.0))?.checked_neg()? == second.1;
        fits.then(|| (first.0.clone(), second.0.clone(), factor, scale))
    }

    /// How two values compare, taken as it comes.
    fn relation(&mut self, op: CompareOp, a: &Place, b: &Place, want: bool) -> Formula {
        let (first, second, op) = if a <= b { (a, b, op) } else { (b, a, op.mirrored()) };
        let subject = self.subject(Key::Relation(first.clone(), second.clone()));
        let ordered = is_ordered(self.ty(first.expr).kind);
        let codes: Vec<u32> = if ordered {
            use std::cmp::Ordering::{Equal, Greater, Less};
            [Less, Equal, Greater].iter().enumerate().filter(|(_, ordering)| op.holds(**ordering)).map(|(code, _)| code as u32).collect()
        } else {
            vec![u32::from(op == CompareOp::Equal)]
        };
        let known = self.known(first).and(self.known(second));
        known.and(self.is(subject, Test::Values(codes), Outcomes::wished(want)))
    }

    /// An expression as a sum of places; the place itself, if it is nothing of the kind. None, if the numbers are too large.
    fn linear(&mut self, at: &Place) -> Option<Linear> {
        let kind = self.ty(at.expr).kind;
        let scale = kind.scale().unwrap_or(0);
        let alone = |at: &Place| Some(Linear { scale, terms: vec![(at.clone(), 1)], constant: 0 });
        match self.node(at.expr) {
            _ if let Some(value) = self.constant(at.expr) => Some(Linear { scale, terms: Vec::new(), constant: units(&value, kind)? }),
            Node::Today => match self.setting.as_of {
                Some(day) => Some(Linear { scale, terms: Vec::new(), constant: day.0.into() }),
                None => alone(at),
            },
            Node::Negate(inner) => {
                let inner = self.inside(at, *inner);
                self.linear(&inner).and_then(|linear| times(linear, -1))
            }
            Node::Rescale(inner) if self.ty(*inner).kind.scale() <= kind.scale() => {
                let inner = self.inside(at, *inner);
                self.linear(&inner)
            }
            Node::Through { reference, value } => {
                // Reached only inside of sums: what the reference demands is said by `known`.
                let reference = self.inside(at, *reference);
                let (_, place) = self.beyond(&reference, *value);
                self.linear(&place)
            }
            Node::Arith(op @ (ArithOp::Add | ArithOp::Subtract), a, b) if self.adds_plainly(at, *a, *b) => {
                let (a, b) = (self.inside(at, *a), self.inside(at, *b));
                let (x, y) = (self.linear(&a)?, self.linear(&b)?);
                if *op == ArithOp::Add { times(y, -1).and_then(|y| minus(x, y)) } else { minus(x, y) }
            }
            Node::Arith(ArithOp::Multiply, a, b) => {
                let factor = |expr: &ExprId| match self.node(*expr) {
                    Node::Const(Value::Num(units)) => Some((*units, self.ty(*expr).kind.scale().unwrap_or(0))),
                    _ => None,
                };
                let (factor, other) = match (factor(a), factor(b)) {
                    (_, Some(factor)) => (factor, *a),
                    (Some(factor), _) => (factor, *b),
                    _ => return alone(at),
                };
                let other_scale = self.ty(other).kind.scale();
                if other_scale.is_none_or(|scale| scale + factor.1 > MAX_SCALE) {
                    return alone(at);
                }
                let place = self.inside(at, other);
                let inner = self.linear(&place)?;
                let scale = inner.scale + factor.1;
                times(inner, factor.0).map(|linear| Linear { scale, ..linear })
            }
            Node::Call(function, args) if kamrules_builtins::get(*function).name == "days_between" && args.len() == 2 => {
                let (a, b) = (self.inside(at, args[0]), self.inside(at, args[1]));
                let (x, y) = (self.linear(&a)?, self.linear(&b)?);
                minus(y, x)
            }
            _ => alone(at),
        }
    }

    // Months are no fixed number of days, and instants are counted in other units than durations.
    fn adds_plainly(&self, at: &Place, a: ExprId, b: ExprId) -> bool {
        let kinds = [self.ty(at.expr).kind, self.ty(a).kind, self.ty(b).kind];
        let plain = |kind: &Type| {
            matches!(
                kind,
                Type::Number { .. }
                    | Type::Money { .. }
                    | Type::Date
                    | Type::Duration(DurationKind::Days | DurationKind::Months | DurationKind::Clock)
            )
        };
        let months = kinds.contains(&Type::Duration(DurationKind::Months)) && kinds.contains(&Type::Date);
        kinds.iter().all(plain) && !months
    }
}

/// Whether values of a type are counted in units.
pub(crate) fn is_units(kind: Type) -> bool {
    match kind {
        Type::Number { .. } | Type::Money { .. } | Type::Date | Type::Time => true,
        Type::Duration(kind) => kind != DurationKind::Calendar,
        _ => false,
    }
}

fn units(value: &Value, kind: Type) -> Option<i128> {
    match (value, kind) {
        (Value::Duration(Duration { months, days, seconds }), Type::Duration(kind)) => match kind {
            DurationKind::Months => Some((*months).into()),
            DurationKind::Days => Some((*days).into()),
            DurationKind::Clock => Some((*seconds).into()),
            DurationKind::Calendar => None,
        },
        _ => units_of(value),
    }
}

fn times(linear: Linear, factor: i128) -> Option<Linear> {
    let terms: Option<Vec<(Place, i128)>> =
        linear.terms.into_iter().map(|(place, times)| Some((place, times.checked_mul(factor)?))).collect();
    Some(Linear {
        scale: linear.scale,
        terms: terms?.into_iter().filter(|term| term.1 != 0).collect(),
        constant: linear.constant.checked_mul(factor)?,
    })
}

fn at_scale(linear: Linear, scale: u8) -> Option<Linear> {
    let by = pow10(u32::from(scale - linear.scale));
    times(linear, by).map(|linear| Linear { scale, ..linear })
}

fn minus(a: Linear, b: Linear) -> Option<Linear> {
    let scale = a.scale.max(b.scale);
    let (mut a, b) = (at_scale(a, scale)?, at_scale(b, scale)?);
    for (place, factor) in b.terms {
        match a.terms.iter_mut().find(|term| term.0 == place) {
            Some(term) => term.1 = term.1.checked_sub(factor)?,
            None => a.terms.push((place, factor.checked_neg()?)),
        }
    }
    a.terms.retain(|term| term.1 != 0);
    a.constant = a.constant.checked_sub(b.constant)?;
    Some(a)
}

/// The whole numbers u for which `factor * u + constant op 0`, as runs.
fn runs(op: CompareOp, factor: i128, constant: i128) -> Vec<(i128, i128)> {
    if factor < 0 {
        return runs(op.mirrored(), -factor, -constant);
    }
    // factor * u < -constant, and so on: what lies strictly below and strictly above the quotient.
    let bound = -constant;
    let (floor, exact) = (bound.div_euclid(factor), bound.rem_euclid(factor) == 0);
    let below = if exact { floor - 1 } else { floor };
    let above = floor + 1;
    let (low, high) = (-MAX_UNITS, MAX_UNITS);
    let all = match op {
        CompareOp::Less => vec![(low, below)],
        CompareOp::LessOrEqual => vec![(low, floor)],
        CompareOp::Greater => vec![(above, high)],
        CompareOp::GreaterOrEqual => vec![(if exact { floor } else { above }, high)],
        CompareOp::Equal => {
            if exact {
                vec![(floor, floor)]
            } else {
                Vec::new()
            }
        }
        CompareOp::NotEqual => {
            if exact {
                vec![(low, floor - 1), (floor + 1, high)]
            } else {
                vec![(low, high)]
            }
        }
    };
    all.into_iter().filter(|(low, high)| low <= high).collect()
}
