//! Under which conditions the `match`es and `if`s of a policy are asked at all: what stands before them in `and`, `or`, `if`, a `where` or a rung.

use kamrules_model::{Condition, Ctx, DecisionId, ExprId, Model, Node, Outcome, Win};
use rustc_hash::{FxHashMap, FxHashSet};

/// Conditions that hold where an expression is looked at, each with whether it is yes or no.
pub(crate) type Occasion = Vec<(ExprId, bool)>;

/// A `match` that is looked at on more occasions than this is asked on any.
const MOST: usize = 64;

/// More visits than this are not made: what is not visited is asked on any occasion.
const MOST_VISITS: usize = 200_000;

/// What is asked somewhere in the rules, each with its occasions; an empty occasion is any.
pub(crate) struct Occasions {
    /// Every `match`.
    pub matches: Vec<(DecisionId, Vec<Occasion>)>,
    /// The conditions of `if`s, and those of the rows that are aggregated, with the word before them; not those of defines with parameters, which may be so for
    /// one argument and otherwise for another.
    pub conditions: Vec<(ExprId, &'static str, Vec<Occasion>)>,
}

/// All occasions.
pub(crate) fn occasions(model: &Model) -> Occasions {
    let (matches, conditions) = (FxHashMap::default(), FxHashMap::default());
    let mut walk = Walk { model, plain: plain(model), matches, conditions, seen: FxHashSet::default(), called: false };
    for define in model.defines.iter().filter(|define| !define.library) {
        walk.visit(define.expr, &Vec::new());
    }
    for set in &model.sets {
        for version in &set.versions {
            walk.visit(version.answer, &Vec::new());
        }
        for attr in &set.attrs {
            walk.visit(attr.expr, &Vec::new());
        }
    }
    for action in &model.actions {
        action.attrs.iter().for_each(|(_, expr)| walk.visit(*expr, &Vec::new()));
    }
    for quota in &model.quotas {
        for cell in quota.periods.iter().chain(&quota.total) {
            let when: Occasion = cell.applies.iter().map(|&applies| (applies, true)).collect();
            for expr in [cell.target, cell.actual].into_iter().flatten() {
                walk.visit(expr, &when);
            }
        }
    }
    for metric in &model.metrics {
        metric.cells.iter().for_each(|(_, expr)| walk.visit(*expr, &Vec::new()));
    }
    for (filter, expr) in model
        .obligations
        .iter()
        .map(|obligation| (obligation.filter, obligation.holds))
        .chain(model.cadences.iter().map(|cadence| (cadence.filter, cadence.due)))
        .chain(model.facts.iter().map(|fact| (fact.filter, fact.holds)))
    {
        let when: Occasion = filter.iter().map(|&filter| (filter, true)).collect();
        walk.visit(expr, &when);
    }
    let mut matches: Vec<_> = walk.matches.into_iter().collect();
    let mut conditions: Vec<_> = walk.conditions.into_iter().map(|((id, word), when)| (id, word, when)).collect();
    matches.sort_by_key(|(id, _)| *id);
    conditions.sort_by_key(|(id, word, _)| (*id, *word));
    Occasions { matches, conditions }
}

fn note(occasions: &mut Vec<Occasion>, when: &Occasion) {
    if occasions.len() >= MOST || when.is_empty() {
        *occasions = vec![Vec::new()];
    } else if !occasions.iter().any(|known| known.is_empty() || known == when) {
        occasions.push(when.clone());
    }
}

/// By expression, whether nothing is asked in it that would be noted.
fn plain(model: &Model) -> Vec<bool> {
    let mut plain: Vec<bool> = Vec::with_capacity(model.exprs.len());
    let mut decisions = FxHashMap::default();
    for id in (0..model.exprs.len() as u32).map(ExprId) {
        // Operands come before what is made of them.
        let is = |expr: ExprId| plain.get(expr.0 as usize).copied().unwrap_or(false);
        let all = match model.exprs.node(id) {
            Node::If(..) | Node::Aggregate(_) | Node::Population(_) | Node::Message(_) => false,
            Node::Through { reference, value } => is(*reference) && is(*value),
            Node::Decide(decision) => plain_decision(model, *decision, &is, &mut decisions),
            node => {
                let mut all = true;
                crate::conditions::operands(node, &mut |operand| all &= is(operand));
                all
            }
        };
        plain.push(all);
    }
    plain
}

fn plain_decision(model: &Model, id: DecisionId, is: &dyn Fn(ExprId) -> bool, known: &mut FxHashMap<DecisionId, bool>) -> bool {
    if let Some(&known) = known.get(&id) {
        return known;
    }
    let decision = model.decision(id);
    let all = (decision.set.is_some() || decision.win != Win::Exclusive)
        && decision.guard.is_none_or(is)
        && decision.rungs.iter().all(|rung| {
            let condition = if let Condition::When(condition) = rung.when { is(condition) } else { true };
            condition
                && match rung.outcome {
                    Outcome::Nested(nested) => plain_decision(model, nested, is, known),
                    Outcome::Value(value) => is(value),
                    Outcome::Label(_) | Outcome::Points(_) => true,
                }
        });
    known.insert(id, all);
    all
}

struct Walk<'a> {
    model: &'a Model,
    // By expression.
    plain: Vec<bool>,
    matches: FxHashMap<DecisionId, Vec<Occasion>>,
    conditions: FxHashMap<(ExprId, &'static str), Vec<Occasion>>,
    // Whether what is visited belongs to a define with parameters.
    called: bool,
    seen: FxHashSet<(ExprId, Occasion)>,
}

impl Walk<'_> {
    fn visit(&mut self, expr: ExprId, when: &Occasion) {
        if self.plain[expr.0 as usize] || self.seen.len() > MOST_VISITS || !self.seen.insert((expr, when.clone())) {
            return;
        }
        let before = self.called;
        self.called |= self.model.calls.contains_key(&expr);
        stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || self.look(expr, when));
        self.called = before;
    }

    fn look(&mut self, expr: ExprId, when: &Occasion) {
        let also = |condition: ExprId, yes: bool| {
            let mut more = when.clone();
            if !more.contains(&(condition, yes)) {
                more.push((condition, yes));
            }
            more
        };
        match self.model.exprs.node(expr) {
            Node::And(a, b) => {
                self.visit(*a, when);
                self.visit(*b, &also(*a, true));
            }
            Node::Or(a, b) => {
                self.visit(*a, when);
                self.visit(*b, &also(*a, false));
            }
            Node::If(condition, then, otherwise) => {
                // What is about the policy alone is a version of a set that is in force, and an obligation looks at its rows only.
                let own = self.model.exprs.ctx(*condition) == Ctx::Policy || when.contains(&(*condition, true));
                if !self.called && !own {
                    note(self.conditions.entry((*condition, "if")).or_default(), when);
                }
                self.visit(*condition, when);
                self.visit(*then, &also(*condition, true));
                self.visit(*otherwise, &also(*condition, false));
            }
            Node::Decide(id) => self.decision(*id, when),
            // These are about other rows, of which nothing is known but what they say themselves.
            Node::Through { reference, value } => {
                self.visit(*reference, when);
                self.visit(*value, &Vec::new());
            }
            Node::Aggregate(aggregate) => {
                let inner: Occasion = aggregate.filter.iter().map(|&filter| (filter, true)).collect();
                aggregate.filter.iter().for_each(|&filter| self.visit(filter, &Vec::new()));
                if let (Some(filter), false) = (aggregate.filter, self.called) {
                    self.conditions.insert((filter, "where"), vec![Vec::new()]);
                }
                aggregate.value.iter().chain(&aggregate.order).for_each(|&value| self.visit(value, &inner));
                for &(there, here) in &aggregate.keys {
                    self.visit(there, &inner);
                    self.visit(here, when);
                }
            }
            Node::Population(fact) => {
                let inner: Occasion = fact.population.iter().map(|&population| (population, true)).collect();
                fact.population.iter().for_each(|&population| self.visit(population, &Vec::new()));
                self.visit(fact.value, &inner);
                fact.within.iter().for_each(|&within| self.visit(within, &inner));
            }
            Node::Not(a) | Node::Negate(a) | Node::IsKnown(a) | Node::Rescale(a) | Node::OneOf(a, _) | Node::InList(a, _) => {
                self.visit(*a, when)
            }
            Node::LabelIn(a, _) | Node::LabelRow(a, _) | Node::Ultimate(a) => self.visit(*a, when),
            Node::Arith(_, a, b) | Node::Compare(_, a, b) | Node::OrElse(a, b) | Node::InPeriod(a, b) => {
                self.visit(*a, when);
                self.visit(*b, when);
            }
            Node::Call(_, args) => args.iter().for_each(|&arg| self.visit(arg, when)),
            Node::Split { total, .. } => self.visit(*total, when),
            Node::Message(parts) => {
                for part in parts {
                    if let kamrules_model::MessagePart::Value(value) = part {
                        self.visit(*value, when);
                    }
                }
            }
            Node::Const(_) | Node::Missing | Node::Today | Node::Row(_) | Node::Field(_) | Node::GroupKey(..) => {}
        }
    }

    fn decision(&mut self, id: DecisionId, when: &Occasion) {
        let decision = self.model.decision(id);
        // What an attribute is for each label is a ladder without a name, and no `match`.
        if decision.set.is_none() && decision.win == Win::Exclusive {
            note(self.matches.entry(id).or_default(), when);
        }
        let mut inside = when.clone();
        if let Some(guard) = decision.guard {
            self.visit(guard, when);
            inside.push((guard, true));
        }
        for rung in &decision.rungs {
            let mut here = inside.clone();
            if let Condition::When(condition) = rung.when {
                self.visit(condition, &inside);
                here.push((condition, true));
            }
            match rung.outcome {
                Outcome::Nested(nested) => self.decision(nested, &here),
                Outcome::Value(value) => self.visit(value, &here),
                Outcome::Label(_) | Outcome::Points(_) => {}
            }
            if let (Win::First, Condition::When(condition)) = (decision.win, &rung.when) {
                inside.push((*condition, false));
                inside.truncate(8);
            }
        }
    }
}
