//! Conditions to formulas: when a flag is yes, when it is no, when a value is there.

use crate::formula::{Formula, Outcomes};
use crate::scope::Scope;
use crate::subject::{Key, Place, Test, TextAsk, TextTest};
use kamrules_builtins::Kind;
use kamrules_model::{
    ArithOp, CompareOp, Condition, DecisionId, ExprId, FunctionId, ListSource, Node, Outcome, PopulationFact, PopulationOp, Type, Value,
};

/// Room that must be left on the stack, and what is added when it is not.
const RED_ZONE: usize = 128 * 1024;
const MORE_STACK: usize = 4 * 1024 * 1024;

impl Scope<'_> {
    /// When a flag is known to be yes, or known to be no.
    pub fn truth(&mut self, at: &Place, want: bool) -> Formula {
        let key = (at.clone(), want);
        if let Some(done) = self.truths.get(&key) {
            return done.clone();
        }
        let formula = stacker::maybe_grow(RED_ZONE, MORE_STACK, || self.find_truth(at, want));
        self.truths.insert(key, formula.clone());
        formula
    }

    fn find_truth(&mut self, at: &Place, want: bool) -> Formula {
        let inside = |scope: &Self, expr: &ExprId| scope.inside(at, *expr);
        match self.node(at.expr) {
            Node::Const(Value::Flag(yes)) => Formula::of(*yes == want),
            Node::Missing => Formula::No,
            Node::Not(inner) => {
                let inner = inside(self, inner);
                self.truth(&inner, !want)
            }
            Node::And(a, b) | Node::Or(a, b) => {
                let all = matches!(self.node(at.expr), Node::And(..)) == want;
                let (a, b) = (inside(self, a), inside(self, b));
                let (a, b) = (self.truth(&a, want), self.truth(&b, want));
                if all { a.and(b) } else { a.or(b) }
            }
            Node::IsKnown(inner) => {
                let inner = inside(self, inner);
                let known = self.known(&inner);
                if want { known } else { known.not() }
            }
            Node::Compare(op, a, b) => {
                let (a, b) = (inside(self, a), inside(self, b));
                self.compare(*op, &a, &b, want)
            }
            Node::OneOf(subject, values) => {
                let (place, kind) = (inside(self, subject), self.ty(*subject).kind);
                match self.one_of(&place, values, kind, want) {
                    Some(formula) => formula,
                    None => self.flag_leaf(at, want),
                }
            }
            Node::InList(subject, list) => {
                let place = inside(self, subject);
                match self.texts_of(*list) {
                    Some(values) => self.text_asked(&place, &TextAsk::In(values), want),
                    None => self.flag_leaf(at, want),
                }
            }
            Node::LabelIn(subject, codes) => {
                let place = inside(self, subject);
                match self.ty(*subject).kind {
                    Type::Label(_) => self.tested(&place, &Test::Values(sorted(codes)), want),
                    _ => self.flag_leaf(at, want),
                }
            }
            Node::InPeriod(day, period) => {
                let bounds = match self.constant(*period) {
                    Some(Value::Period(period)) => self.setting.model.settings.calendar.bounds(period),
                    _ => None,
                };
                let place = inside(self, day);
                match bounds {
                    Some((first, last)) => self.tested(&place, &Test::Units(vec![(first.0.into(), last.0.into())]), want),
                    None => self.flag_leaf(at, want),
                }
            }
            Node::Call(function, args) => self.text_call(at, *function, args, want),
            Node::Population(fact) if self.rank_beside(fact).is_some() => {
                // `top 10 by x` is `rank(x) <= 10`; where both are asked, they are one.
                let (rank, most) = self.rank_beside(fact).unwrap_or((at.expr, 0));
                let rank = inside(self, &rank);
                self.tested(&rank, &Test::Units(vec![(1, most)]), want)
            }
            _ => match self.cases(at) {
                Some(cases) => {
                    let parts: Vec<Formula> = cases.into_iter().map(|(when, value)| when.and(self.truth(&value, want))).collect();
                    Formula::any(parts)
                }
                None => self.flag_leaf(at, want),
            },
        }
    }

    /// A flag that is taken as it comes.
    fn flag_leaf(&mut self, at: &Place, want: bool) -> Formula {
        self.on_leaf(at, Test::Values(vec![1]), want)
    }

    /// A test on what is taken as it comes; where it is known.
    pub fn on_leaf(&mut self, at: &Place, test: Test, want: bool) -> Formula {
        let subject = self.leaf(at);
        let known = if self.subjects[subject as usize].misses { self.operands_known(at) } else { self.known(at) };
        known.and(self.is(subject, test, Outcomes::wished(want)))
    }

    /// A test on a value, through the cases it falls into.
    pub fn tested(&mut self, at: &Place, test: &Test, want: bool) -> Formula {
        if let Node::Const(value) = self.node(at.expr) {
            return Formula::of(passes(value, test) == want);
        }
        match self.cases(at) {
            Some(cases) => {
                let parts: Vec<Formula> = cases.into_iter().map(|(when, value)| when.and(self.tested(&value, test, want))).collect();
                Formula::any(parts)
            }
            None if matches!(self.node(at.expr), Node::Missing) => Formula::No,
            None => self.on_leaf(at, test.clone(), want),
        }
    }

    /// When a value is one of some; none, if that cannot be said of such values.
    pub fn one_of(&mut self, at: &Place, values: &[Value], kind: Type, want: bool) -> Option<Formula> {
        Some(match kind {
            Type::Period(_) => {
                let day = self.day_of_period(at)?;
                let calendar = &self.setting.model.settings.calendar;
                let bounds = values.iter().map(|value| if let Value::Period(period) = value { calendar.bounds(*period) } else { None });
                let mut runs: Vec<(i128, i128)> =
                    bounds.map(|bounds| bounds.map(|(a, b)| (a.0.into(), b.0.into()))).collect::<Option<_>>()?;
                runs.sort_unstable();
                self.tested(&day, &Test::Units(joined(runs)), want)
            }
            Type::Text { .. } => {
                let mut syms: Vec<_> =
                    values.iter().filter_map(|value| if let Value::Text(sym) = value { Some(*sym) } else { None }).collect();
                syms.sort_unstable();
                syms.dedup();
                self.text_asked(at, &TextAsk::In(syms), want)
            }
            Type::Flag | Type::Pick(_) | Type::Label(_) => {
                let codes: Vec<u32> = values.iter().filter_map(code_of).collect();
                self.tested(at, &Test::Values(sorted(&codes)), want)
            }
            _ => {
                let mut units: Vec<i128> = values.iter().map(units_of).collect::<Option<_>>()?;
                units.sort_unstable();
                units.dedup();
                self.tested_units(at, kind, units.into_iter().map(|unit| (unit, unit)).collect(), want)
            }
        })
    }

    /// A test on units at the scale of `kind`; the cases of a value may have other scales.
    fn tested_units(&mut self, at: &Place, kind: Type, runs: Vec<(i128, i128)>, want: bool) -> Formula {
        let place = at.clone();
        let each: Vec<Formula> = runs
            .iter()
            .map(|&(low, high)| if low == high { self.compare_with(CompareOp::Equal, &place, low, kind, want) } else { Formula::No })
            .collect();
        // Many values of a plain field are one test.
        if self.cases(at).is_none() && self.ty(at.expr).kind.scale() == kind.scale() && self.is_plain(at) {
            return self.on_leaf(at, Test::Units(joined(runs)), want);
        }
        if want { Formula::any(each) } else { Formula::all(each) }
    }

    /// The texts of a list, if they are known.
    fn texts_of(&self, list: kamrules_model::ListId) -> Option<Vec<kamrules_model::Sym>> {
        let mut texts: Vec<_> = match &self.setting.model.list(list).values {
            ListSource::Values(_, values) => {
                values.iter().filter_map(|value| if let Value::Text(sym) = value { Some(*sym) } else { None }).collect()
            }
            ListSource::File(..) => self.setting.lists.get(&list)?.clone(),
        };
        texts.sort_unstable();
        texts.dedup();
        Some(texts)
    }

    /// A question about a text.
    pub fn text_asked(&mut self, at: &Place, ask: &TextAsk, want: bool) -> Formula {
        let (mut views, mut place) = (Vec::new(), at.clone());
        loop {
            if let Some(cases) = self.cases(&place) {
                let ask = TextTest { views: views.into_iter().rev().collect(), ask: ask.clone() };
                let parts: Vec<Formula> = cases.into_iter().map(|(when, value)| when.and(self.viewed(&value, &ask, want))).collect();
                return Formula::any(parts);
            }
            let Node::Call(function, args) = self.node(place.expr) else { break };
            let Some((inner, rest)) = self.one_text(*function, args) else { break };
            views.push((*function, rest));
            place = self.inside(&place, inner);
        }
        let ask = TextTest { views: views.into_iter().rev().collect(), ask: ask.clone() };
        self.viewed(&place, &ask, want)
    }

    fn viewed(&mut self, at: &Place, test: &TextTest, want: bool) -> Formula {
        match self.node(at.expr) {
            Node::Const(Value::Text(sym)) => {
                let text = self.setting.model.texts.get(*sym);
                Formula::of(crate::cut::text::passes(self.setting.model, test, &text) == want)
            }
            Node::Missing => Formula::No,
            _ => match self.cases(at) {
                Some(cases) => {
                    let parts: Vec<Formula> = cases.into_iter().map(|(when, value)| when.and(self.viewed(&value, test, want))).collect();
                    Formula::any(parts)
                }
                None if is_part(test) && self.is_crowded(at.expr) => {
                    let subject = self.subject(Key::Part(at.clone(), test.clone()));
                    let known = self.known(at);
                    known.and(self.is(subject, Test::Values(vec![1]), Outcomes::wished(want)))
                }
                None => self.on_leaf(at, Test::Text(test.clone()), want),
            },
        }
    }

    /// The text and the constants of a function from one text and constants to a text.
    fn one_text(&self, function: FunctionId, args: &[ExprId]) -> Option<(ExprId, Vec<Value>)> {
        let Kind::Scalar(_) = &kamrules_builtins::get(function).kind else { return None };
        let (&inner, rest) = args.split_first()?;
        let text = |expr: ExprId| matches!(self.ty(expr).kind, Type::Text { .. });
        let gives_text = matches!(kamrules_builtins::get(function).name, "@fold" | "left" | "right" | "lower" | "upper");
        if !text(inner) || !gives_text {
            return None;
        }
        let rest: Option<Vec<Value>> = rest.iter().map(|&arg| self.constant(arg)).collect();
        Some((inner, rest?))
    }

    fn text_call(&mut self, at: &Place, function: FunctionId, args: &[ExprId], want: bool) -> Formula {
        let asks = matches!(kamrules_builtins::get(function).name, "@starts_with" | "@ends_with" | "contains" | "has" | "@code_in");
        let rest: Option<Vec<Value>> = args.iter().skip(1).map(|&arg| self.constant(arg)).collect();
        match (asks, args.first(), rest) {
            (true, Some(&text), Some(rest)) => {
                let place = self.inside(at, text);
                self.text_asked(&place, &TextAsk::Call(function, rest), want)
            }
            _ => self.flag_leaf(at, want),
        }
    }

    /// The values that an expression falls into, each with when it is that one; none, if it is not made of cases.
    pub fn cases(&mut self, at: &Place) -> Option<Vec<(Formula, Place)>> {
        let node = self.node(at.expr);
        if !matches!(node, Node::Through { .. }) {
            if self.fuel == 0 {
                return None;
            }
            self.fuel -= 1;
        }
        let inside = |scope: &Self, expr: &ExprId| scope.inside(at, *expr);
        match node {
            Node::If(condition, then, otherwise) => {
                let condition = inside(self, condition);
                let (yes, no) = (self.truth(&condition, true), self.truth(&condition, false));
                Some(vec![(yes, inside(self, then)), (no, inside(self, otherwise))])
            }
            Node::OrElse(first, second) => {
                let first = inside(self, first);
                let known = self.known(&first);
                let missing = known.not();
                Some(vec![(known, first), (missing, inside(self, second))])
            }
            Node::Through { reference, value } => {
                let reference = inside(self, reference);
                let (known, place) = self.beyond(&reference, *value);
                Some(vec![(known, place)])
            }
            Node::Rescale(inner) if self.ty(*inner).kind.scale() <= self.ty(at.expr).kind.scale() => {
                Some(vec![(Formula::Yes, inside(self, inner))])
            }
            Node::Decide(decision) if self.setting.model.decision(*decision).set.is_none() => self.arms(at, *decision),
            _ => None,
        }
    }

    /// A value about the row that a reference names: when there is such a row, and where the value stands.
    pub fn beyond(&mut self, reference: &Place, value: ExprId) -> (Formula, Place) {
        let known = self.known(reference);
        let mut path = reference.path.clone();
        let (more, last) = self.steps(reference.expr);
        path.extend(more);
        path.push(last);
        (known, self.place(&path, value))
    }

    // `a.b` as a reference is `b` about the row that `a` names.
    fn steps(&self, reference: ExprId) -> (Vec<ExprId>, ExprId) {
        match self.node(reference) {
            Node::Through { reference, value } => {
                let (mut more, last) = self.steps(*reference);
                more.push(last);
                let (inner, end) = self.steps(*value);
                more.extend(inner);
                (more, end)
            }
            _ => (Vec::new(), reference),
        }
    }

    fn arms(&mut self, at: &Place, id: DecisionId) -> Option<Vec<(Formula, Place)>> {
        let decision = self.setting.model.decision(id);
        let mut out = Vec::new();
        for (i, rung) in decision.rungs.iter().enumerate() {
            let Outcome::Value(value) = rung.outcome else { return None };
            out.push((self.effective(at, id, i)?, self.inside(at, value)));
        }
        Some(out)
    }

    /// When a rung of a decision without a name gives the answer.
    fn effective(&mut self, at: &Place, id: DecisionId, rung: usize) -> Option<Formula> {
        let decision = self.setting.model.decision(id);
        let holds = |scope: &mut Self, rung: &kamrules_model::Rung| match rung.when {
            Condition::When(when) => {
                let place = scope.inside(at, when);
                Some(scope.truth(&place, true))
            }
            Condition::Otherwise | Condition::Each { .. } => None,
        };
        let guard = match decision.guard {
            Some(guard) => {
                let place = self.inside(at, guard);
                self.truth(&place, true)
            }
            None => Formula::Yes,
        };
        let own = match decision.rungs[rung].when {
            Condition::When(_) => holds(self, &decision.rungs[rung])?,
            Condition::Otherwise => Formula::Yes,
            Condition::Each { .. } => return None,
        };
        let mut parts = vec![guard, own];
        for (i, other) in decision.rungs.iter().enumerate() {
            if crate::plan::takes_from(decision, i, rung)
                && let Some(formula) = holds(self, other)
            {
                parts.push(formula.not());
            }
        }
        Some(Formula::all(parts))
    }

    /// When a value is there.
    pub fn known(&mut self, at: &Place) -> Formula {
        if !self.ty(at.expr).optional {
            return Formula::Yes;
        }
        if let Some(done) = self.knowns.get(at) {
            return done.clone();
        }
        let formula = stacker::maybe_grow(RED_ZONE, MORE_STACK, || self.find_known(at));
        self.knowns.insert(at.clone(), formula.clone());
        formula
    }

    fn find_known(&mut self, at: &Place) -> Formula {
        if let Some(cases) = self.cases(at) {
            let parts: Vec<Formula> = cases.into_iter().map(|(when, value)| when.and(self.known(&value))).collect();
            return Formula::any(parts);
        }
        match self.node(at.expr) {
            Node::Const(_) | Node::IsKnown(_) | Node::Today | Node::Row(_) => Formula::Yes,
            Node::Missing => Formula::No,
            Node::And(..) | Node::Or(..) | Node::Not(_) => self.truth(at, true).or(self.truth(at, false)),
            Node::Arith(ArithOp::Divide, a, b) => {
                let (a, b) = (self.inside(at, *a), self.inside(at, *b));
                let operands = self.known(&a).and(self.known(&b));
                let kind = self.ty(b.expr).kind;
                operands.and(self.compare_with(CompareOp::NotEqual, &b, 0, kind, true))
            }
            _ => {
                let operands = self.operands_known(at);
                let subject = self.leaf_that_misses(at);
                match subject {
                    Some(subject) => operands.and(self.is(subject, Test::Any, Outcomes::KNOWN)),
                    None => operands,
                }
            }
        }
    }

    fn leaf_that_misses(&mut self, at: &Place) -> Option<u32> {
        let subject = self.leaf(at);
        self.subjects[subject as usize].misses.then_some(subject)
    }

    /// When all that a value is strictly made of is there.
    fn operands_known(&mut self, at: &Place) -> Formula {
        let mut parts = Vec::new();
        let operands: Vec<ExprId> = match self.node(at.expr) {
            Node::Negate(a) | Node::Rescale(a) | Node::OneOf(a, _) | Node::InList(a, _) | Node::LabelIn(a, _) | Node::LabelRow(a, _) => {
                vec![*a]
            }
            Node::Arith(_, a, b) | Node::Compare(_, a, b) | Node::InPeriod(a, b) => vec![*a, *b],
            Node::Call(_, args) => args.to_vec(),
            Node::Split { total, .. } => vec![*total],
            Node::Population(fact) => {
                let mut of = vec![fact.value];
                of.extend(fact.within);
                if let Some(population) = fact.population {
                    let population = self.inside(at, population);
                    parts.push(self.truth(&population, true));
                }
                of
            }
            Node::Decide(decision) => {
                if let Some(guard) = self.setting.model.decision(*decision).guard {
                    let guard = self.inside(at, guard);
                    parts.push(self.truth(&guard, true));
                }
                Vec::new()
            }
            _ => Vec::new(),
        };
        for operand in operands {
            let place = self.inside(at, operand);
            parts.push(self.known(&place));
        }
        Formula::all(parts)
    }

    /// Whether nothing is computed to get a value.
    pub fn is_plain(&self, at: &Place) -> bool {
        !matches!(self.node(at.expr), Node::Arith(..) | Node::Negate(_) | Node::Rescale(_))
    }

    /// That the table of a rung `each` has a row for this one, when its rows are not at hand.
    pub fn each_leaf(&mut self, path: &[ExprId], decision: DecisionId, rung: u32) -> Formula {
        let subject = self.subject(Key::Each(decision, rung, path.to_vec()));
        self.is(subject, Test::Values(vec![1]), Outcomes::YES)
    }

    /// The rank that a `top n by x` is about, where the policy asks for it, and its greatest value.
    fn rank_beside(&self, fact: &PopulationFact) -> Option<(ExprId, i128)> {
        if fact.op != PopulationOp::Top || fact.percent || fact.amount.units <= 0 {
            return None;
        }
        let model = self.setting.model;
        let rank = (0..model.exprs.len() as u32).map(ExprId).find(|&id| match self.node(id) {
            Node::Population(other) => {
                other.op == PopulationOp::Rank
                    && (other.entity, other.value, other.within, other.population)
                        == (fact.entity, fact.value, fact.within, fact.population)
            }
            _ => false,
        })?;
        // A row belongs while fewer than the amount come before it.
        let unit = kamrules_base::decimal::pow10(u32::from(fact.amount.scale));
        Some((rank, -(-fact.amount.units).div_euclid(unit)))
    }

    /// Facts that follow from one another: the fact with the smaller share (or number) implies that with the greater.
    pub fn implied(&self, a: ExprId, b: ExprId) -> bool {
        let (Node::Population(x), Node::Population(y)) = (self.node(a), self.node(b)) else { return false };
        let same = x.op == y.op
            && x.percent == y.percent
            && (x.entity, x.value, x.within, x.population) == (y.entity, y.value, y.within, y.population);
        let graded = matches!(x.op, PopulationOp::Top | PopulationOp::Bottom | PopulationOp::First | PopulationOp::Last);
        same && graded && kamrules_model::arith::compare_numbers(x.amount.units, x.amount.scale, y.amount.units, y.amount.scale).is_lt()
    }
}

/// Whether a question about a text is about what is in it or how it ends.
fn is_part(test: &TextTest) -> bool {
    let right = test.views.iter().any(|(function, _)| kamrules_builtins::get(*function).name == "right");
    let asks = match &test.ask {
        TextAsk::Call(function, _) => matches!(kamrules_builtins::get(*function).name, "contains" | "has" | "@ends_with"),
        _ => false,
    };
    right || asks
}

/// Whether a constant passes a test.
fn passes(value: &Value, test: &Test) -> bool {
    match test {
        Test::Any => true,
        Test::Units(runs) => units_of(value).is_some_and(|unit| runs.iter().any(|&(low, high)| low <= unit && unit <= high)),
        Test::Values(codes) => code_of(value).is_some_and(|code| codes.binary_search(&code).is_ok()),
        Test::Text(_) => false,
    }
}

/// A value as units.
pub(crate) fn units_of(value: &Value) -> Option<i128> {
    match value {
        Value::Num(units) => Some(*units),
        Value::Date(day) => Some((*day).into()),
        Value::Time(micros) => Some((*micros).into()),
        Value::Duration(duration) => Some(kamrules_model::arith::amount(*duration)),
        _ => None,
    }
}

/// A value as its place among few.
pub(crate) fn code_of(value: &Value) -> Option<u32> {
    match value {
        Value::Flag(yes) => Some(u32::from(*yes)),
        Value::Pick(index) => Some(*index),
        Value::Label(label) => Some(label.code),
        _ => None,
    }
}

pub(crate) fn sorted(codes: &[u32]) -> Vec<u32> {
    let mut codes = codes.to_vec();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// Runs that touch, joined.
fn joined(runs: Vec<(i128, i128)>) -> Vec<(i128, i128)> {
    let mut out: Vec<(i128, i128)> = Vec::new();
    for (low, high) in runs {
        match out.last_mut() {
            Some(last) if last.1 + 1 >= low => last.1 = last.1.max(high),
            _ => out.push((low, high)),
        }
    }
    out
}
