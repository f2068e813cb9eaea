//! What the conditions of a decision demand, and of those nested in it, before any subject is cut into cells.

use crate::formula::Formula;
use crate::scope::Scope;
use crate::subject::Place;
use kamrules_model::{Condition, Decision, DecisionId, ExprId, Node, Outcome, Value, Win};

/// What the conditions of a decision demand.
pub(crate) struct Plan {
    /// Which decision.
    pub id: DecisionId,
    /// Which rows it is about.
    pub guard: Formula,
    /// Its rungs.
    pub rungs: Vec<Planned>,
}

/// What the condition of a rung demands.
pub(crate) struct Planned {
    /// When it holds; none for `otherwise`.
    pub when: Option<Formula>,
    /// The parts of the condition joined by `and`, each with what it demands.
    pub parts: Vec<(ExprId, Formula)>,
    /// The decision behind it.
    pub nested: Option<Plan>,
}

/// The plan of a decision.
pub(crate) fn plan(scope: &mut Scope<'_>, id: DecisionId) -> Plan {
    let model = scope.setting.model;
    let decision = model.decision(id);
    let here = |expr: ExprId| Place { path: Vec::new(), expr };
    let guard = decision.guard.map_or(Formula::Yes, |guard| scope.truth(&here(guard), true));
    let rungs = decision.rungs.iter().enumerate().map(|(i, rung)| {
        let (when, parts) = match &rung.when {
            Condition::When(expr) => {
                let mut parts = Vec::new();
                conjuncts(scope, *expr, &mut parts);
                let parts: Vec<(ExprId, Formula)> = parts.into_iter().map(|expr| (expr, scope.truth(&here(expr), true))).collect();
                (Some(scope.truth(&here(*expr), true)), parts)
            }
            Condition::Otherwise => (None, Vec::new()),
            Condition::Each { keys, guard, .. } => (Some(each(scope, (id, i as u32), keys, *guard)), Vec::new()),
        };
        let nested = match rung.outcome {
            Outcome::Nested(inner) => Some(plan(scope, inner)),
            _ => None,
        };
        Planned { when, parts, nested }
    });
    let rungs: Vec<Planned> = rungs.collect();
    Plan { id, guard, rungs }
}

/// Whether the first of two rungs takes from the second what holds for both: `otherwise` gives way to all others, in a ladder each rung to
/// those above it, in an exclusive decision to those above it that override.
pub(crate) fn takes_from(decision: &Decision, first: usize, second: usize) -> bool {
    match decision.rungs[second].when {
        Condition::Otherwise => first != second,
        _ => first < second && (decision.win == Win::First || (decision.win == Win::Exclusive && decision.rungs[first].overrides)),
    }
}

/// The parts of a condition that are joined by `and`.
pub(crate) fn conjuncts(scope: &Scope<'_>, expr: ExprId, out: &mut Vec<ExprId>) {
    match scope.node(expr) {
        Node::And(a, b) => {
            conjuncts(scope, *a, out);
            conjuncts(scope, *b, out);
        }
        _ => out.push(expr),
    }
}

/// When a table has a row for this one: one of its rows' keys, where they are at hand.
fn each(scope: &mut Scope<'_>, at: (DecisionId, u32), keys: &[(ExprId, ExprId)], guard: Option<ExprId>) -> Formula {
    let here = |expr: ExprId| Place { path: Vec::new(), expr };
    let guard = guard.map_or(Formula::Yes, |guard| scope.truth(&here(guard), true));
    let Some(rows) = scope.setting.each.get(&at) else { return guard.and(scope.each_leaf(&[], at.0, at.1)) };
    let mut is_one = |outer: ExprId, values: &[Value]| scope.one_of(&here(outer), values, scope.ty(outer).kind, true);
    let found = match keys {
        [(_, outer)] => is_one(*outer, &rows.iter().filter_map(|row| row.first().cloned()).collect::<Vec<_>>()),
        _ => {
            let all = rows.iter().map(|row| {
                let each = keys.iter().zip(row).map(|((_, outer), value)| is_one(*outer, std::slice::from_ref(value)));
                each.collect::<Option<Vec<Formula>>>().map(Formula::all)
            });
            all.collect::<Option<Vec<Formula>>>().map(Formula::any)
        }
    };
    // Keys that cannot be compared before the run are as good as a table that is not there.
    guard.and(found.unwrap_or_else(|| scope.each_leaf(&[], at.0, at.1)))
}

/// An answer of a decision: when it is given, but for what others take first.
pub(crate) struct Answer {
    pub name: String,
    pub when: Formula,
    pub taken: Vec<Formula>,
}

/// The answers of a decision and those nested in it, by the names of their labels; values go by where they are written.
pub(crate) fn answers(scope: &mut Scope<'_>, id: DecisionId) -> Vec<Answer> {
    let plan = plan(scope, id);
    let mut out = Vec::new();
    gather(scope, &plan, &Formula::Yes, &[], &mut out);
    out
}

fn gather(scope: &Scope<'_>, plan: &Plan, inside: &Formula, outside: &[Formula], out: &mut Vec<Answer>) {
    let decision = scope.setting.model.decision(plan.id);
    let inside = inside.clone().and(plan.guard.clone());
    for (i, rung) in plan.rungs.iter().enumerate() {
        let mut taken = outside.to_vec();
        for (k, other) in plan.rungs.iter().enumerate() {
            if takes_from(decision, k, i) {
                taken.extend(other.when.clone());
            }
        }
        let when = inside.clone().and(rung.when.clone().unwrap_or(Formula::Yes));
        match (&rung.nested, &decision.rungs[i].outcome) {
            (Some(nested), _) => gather(scope, nested, &when, &taken, out),
            (None, Outcome::Label(code)) => {
                let label = decision.set.map(|set| scope.setting.model.set(set).labels[*code as usize].name.clone());
                out.push(Answer::new(label.unwrap_or_default(), when, taken));
            }
            (None, _) => out.push(Answer::new(decision.rungs[i].name.to_string(), when, taken)),
        }
    }
}
