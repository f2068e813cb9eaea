//! A decision for a row: which rungs hold, and which answer they share.

use super::gather::{self, Place, Wanted};
use super::{Nothing, Walk, logic};
use kamrules_model::arith::{self, Sum};
use kamrules_model::{Cell, Condition, Ctx, Decision, DecisionId, ExprId, FaultKind, LabelValue, Outcome, Type, Value, Win};

/// What came of a decision for a row.
pub struct Decided {
    /// The answer.
    pub answer: Cell,
    /// The rungs that were looked at, in order, and whether they held.
    pub visited: Vec<(u32, Hold)>,
    /// The rungs that share the answer; those of a conflict are none of them.
    pub won: Vec<u32>,
    /// The claims on the row, if two rungs make one, or none does: each the rung and the row of an `each` rung.
    pub conflict: Option<Vec<Claim>>,
}

/// A rung, and the row that it holds for where it stands for the rows of an entity.
pub type Claim = (u32, Option<u32>);

/// Whether a rung holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hold {
    /// It does; an `each` rung for these rows.
    Yes(Option<Vec<u32>>),
    /// It does not.
    No,
    /// It cannot be said, or only known to be missing: it does not hold.
    Nothing(Nothing),
}

/// Decides; faults of the decision itself are those of `at`.
pub fn decide(walk: &Walk<'_>, id: DecisionId, row: u32, at: ExprId) -> Decided {
    let decision = walk.model.decision(id);
    let row = if decision.ctx == Ctx::Policy { 0 } else { row };
    let guard = decision.guard.map_or(Ok(Value::Flag(true)), |guard| Nothing::of(walk.value(guard, row)));
    let out = match guard {
        Ok(Value::Flag(true)) => match decision.win {
            Win::First => first(walk, id, row, at),
            Win::Exclusive => exclusive(walk, id, row, at),
            Win::Every | Win::Sum => all(walk, id, row, at),
        },
        Ok(_) => Decided::without(Cell::Missing),
        Err(nothing) => Decided::without(nothing.into()),
    };
    if let Some(seen) = &walk.seen {
        seen.borrow_mut().won.extend(out.won.iter().map(|&rung| (id, rung)));
    }
    out
}

impl Decided {
    fn without(answer: Cell) -> Self {
        Self { answer, visited: Vec::new(), won: Vec::new(), conflict: None }
    }
}

fn first(walk: &Walk<'_>, id: DecisionId, row: u32, at: ExprId) -> Decided {
    first_from(walk, id, row, at, 0)
}

fn first_from(walk: &Walk<'_>, id: DecisionId, row: u32, at: ExprId, start: u32) -> Decided {
    let decision = walk.model.decision(id);
    let mut visited = Vec::new();
    for rung in start..decision.rungs.len() as u32 {
        let Some(hold) = holds(walk, id, rung, row) else { continue };
        visited.push((rung, hold.clone()));
        match hold {
            Hold::Yes(rows) => {
                let claim = (rung, rows.and_then(|rows| rows.first().copied()));
                let answer = outcome(walk, decision, claim, row, at);
                return Decided { answer, visited, won: vec![rung], conflict: None };
            }
            Hold::Nothing(Nothing::Fault(fault)) => return Decided { visited, ..Decided::without(Cell::Fault(fault)) },
            Hold::Nothing(Nothing::Unset(field)) => {
                // An `each` rung gives another label for each row: its answer cannot be the one of a rung below.
                let each = matches!(decision.rungs[rung as usize].when, Condition::Each { .. });
                let yes = if each { Cell::Unset(field) } else { outcome(walk, decision, (rung, None), row, at) };
                let rest = stacker::maybe_grow(super::RED_ZONE, super::MORE_STACK, || first_from(walk, id, row, at, rung + 1));
                visited.extend(rest.visited);
                let answer = logic::either(Cell::Unset(field), yes, rest.answer);
                let won = if matches!(answer, Cell::Unset(_)) { Vec::new() } else { rest.won };
                return Decided { answer, visited, won, conflict: None };
            }
            Hold::No | Hold::Nothing(Nothing::Missing) => {}
        }
    }
    settle(walk, id, row, at, Decided { visited, ..Decided::without(Cell::Missing) })
}

fn exclusive(walk: &Walk<'_>, id: DecisionId, row: u32, at: ExprId) -> Decided {
    let decision = walk.model.decision(id);
    let (mut visited, mut claims, mut unset) = (Vec::new(), Vec::<Claim>::new(), None);
    for rung in 0..decision.rungs.len() as u32 {
        let Some(hold) = holds(walk, id, rung, row) else { continue };
        visited.push((rung, hold.clone()));
        match hold {
            Hold::Yes(rows) => {
                claims.extend(claims_of(rung, rows));
                if decision.rungs[rung as usize].overrides {
                    break;
                }
            }
            Hold::Nothing(Nothing::Fault(fault)) => return Decided { visited, ..Decided::without(Cell::Fault(fault)) },
            Hold::Nothing(Nothing::Unset(field)) => unset = unset.or(Some(field)),
            Hold::No | Hold::Nothing(Nothing::Missing) => {}
        }
    }
    let so_far = Decided { visited, ..Decided::without(Cell::Missing) };
    match (unset, claims.as_slice()) {
        (Some(field), _) => Decided { answer: Cell::Unset(field), ..so_far },
        (None, []) => settle(walk, id, row, at, so_far),
        (None, [claim]) => {
            let answer = outcome(walk, decision, *claim, row, at);
            Decided { answer, won: vec![claim.0], ..so_far }
        }
        (None, _) => conflict(walk, decision, row, at, claims, so_far),
    }
}

fn claims_of(rung: u32, rows: Option<Vec<u32>>) -> Vec<Claim> {
    match rows {
        Some(rows) => rows.into_iter().map(|row| (rung, Some(row))).collect(),
        None => vec![(rung, None)],
    }
}

// No rung holds: what stands behind `otherwise`, or a conflict.
fn settle(walk: &Walk<'_>, id: DecisionId, row: u32, at: ExprId, so_far: Decided) -> Decided {
    let decision = walk.model.decision(id);
    match otherwise(decision) {
        Some(rung) => {
            let answer = outcome(walk, decision, (rung, None), row, at);
            let mut visited = so_far.visited;
            visited.push((rung, Hold::Yes(None)));
            Decided { answer, visited, won: vec![rung], conflict: None }
        }
        None => conflict(walk, decision, row, at, Vec::new(), so_far),
    }
}

fn otherwise(decision: &Decision) -> Option<u32> {
    decision.rungs.iter().position(|rung| rung.when == Condition::Otherwise).map(|rung| rung as u32)
}

fn conflict(walk: &Walk<'_>, decision: &Decision, row: u32, at: ExprId, claims: Vec<Claim>, so_far: Decided) -> Decided {
    let kind = if claims.is_empty() { FaultKind::NoArm } else { FaultKind::TwoArms };
    let answer = if decision.set.is_some() { Cell::Missing } else { Cell::Fault(walk.fault(at, row, kind)) };
    Decided { answer, conflict: Some(claims), ..so_far }
}

// Every rung counts: labels are gathered, or points added up.
fn all(walk: &Walk<'_>, id: DecisionId, row: u32, at: ExprId) -> Decided {
    let decision = walk.model.decision(id);
    let (mut visited, mut claims, mut nothing) = (Vec::new(), Vec::<Claim>::new(), None::<Nothing>);
    for rung in 0..decision.rungs.len() as u32 {
        let Some(hold) = holds(walk, id, rung, row) else { continue };
        visited.push((rung, hold.clone()));
        match hold {
            Hold::Yes(rows) => claims.extend(claims_of(rung, rows)),
            Hold::No | Hold::Nothing(Nothing::Missing) => {}
            Hold::Nothing(reason) => nothing = Some(nothing.map_or(reason, |earlier| earlier.with(reason))),
        }
    }
    if let (true, None, Some(rung)) = (claims.is_empty(), nothing, otherwise(decision)) {
        visited.push((rung, Hold::Yes(None)));
        claims.push((rung, None));
    }
    let mut parts = Vec::with_capacity(claims.len());
    for claim in &claims {
        match Nothing::of(outcome(walk, decision, *claim, row, at)) {
            Ok(value) => parts.push(value),
            Err(reason) => nothing = Some(nothing.map_or(reason, |earlier| earlier.with(reason))),
        }
    }
    let mut won: Vec<u32> = claims.iter().map(|claim| claim.0).collect();
    won.dedup();
    match nothing {
        Some(nothing) => Decided { visited, ..Decided::without(nothing.into()) },
        None => Decided { answer: walk.known_or_fault(at, row, together(decision.win, &parts)), visited, won, conflict: None },
    }
}

fn together(win: Win, parts: &[Value]) -> Result<Option<Value>, FaultKind> {
    let mut labels: Vec<LabelValue> = Vec::new();
    let mut points = Sum::default();
    for part in parts {
        match part {
            Value::Label(label) => labels.push(*label),
            Value::Labels(several) => labels.extend(several.iter().copied()),
            Value::Num(n) => points.add(*n),
            other => unreachable!("only labels and points are gathered: {other:?}"),
        }
    }
    if win == Win::Sum {
        return points.total().map(|total| Some(Value::Num(total)));
    }
    labels.sort_unstable();
    labels.dedup();
    Ok(Some(Value::Labels(labels.into())))
}

/// Whether a rung holds; nothing for `otherwise`, which waits for the others.
fn holds(walk: &Walk<'_>, id: DecisionId, rung: u32, row: u32) -> Option<Hold> {
    match &walk.model.decision(id).rungs[rung as usize].when {
        Condition::Otherwise => None,
        Condition::When(condition) => Some(match Nothing::of(walk.value(*condition, row)) {
            Ok(Value::Flag(true)) => Hold::Yes(None),
            Ok(_) => Hold::No,
            Err(nothing) => Hold::Nothing(nothing),
        }),
        Condition::Each { rows, keys, filter, guard } => {
            let wanted = Wanted { rows: *rows, keys, filter: *filter, guard: *guard };
            Some(holds_each(walk, Place::Each(id, rung), wanted, row))
        }
    }
}

fn holds_each(walk: &Walk<'_>, place: Place, wanted: Wanted<'_>, row: u32) -> Hold {
    match gather::own(walk, place, wanted, row) {
        Err(nothing) => Hold::Nothing(nothing),
        Ok(None) => Hold::No,
        Ok(Some((_, group))) => match (group.fault, group.unset) {
            (Some(fault), _) => Hold::Nothing(Nothing::Fault(fault)),
            (None, Some(field)) => Hold::Nothing(Nothing::Unset(field)),
            (None, None) if group.rows.is_empty() => Hold::No,
            (None, None) => Hold::Yes(Some(group.rows)),
        },
    }
}

fn outcome(walk: &Walk<'_>, decision: &Decision, (rung, each): Claim, row: u32, at: ExprId) -> Cell {
    let cell = match &decision.rungs[rung as usize].outcome {
        Outcome::Label(code) => Cell::Known(Value::Label(LabelValue { code: *code, row: each.unwrap_or(0) })),
        Outcome::Nested(nested) => {
            let at = walk.decides.get(nested).copied().unwrap_or(at);
            stacker::maybe_grow(super::RED_ZONE, super::MORE_STACK, || decide(walk, *nested, row, at)).answer
        }
        Outcome::Value(value) => rescaled(walk, *value, row, decision.ty.kind, at),
        Outcome::Points(points) => Cell::Known(Value::Num(*points)),
    };
    match (cell, decision.ty.kind) {
        (Cell::Known(Value::Label(label)), Type::Labels(_)) => Cell::Known(Value::Labels([label].into())),
        (cell, _) => cell,
    }
}

// Arms may have fewer decimals than their `match`.
fn rescaled(walk: &Walk<'_>, value: ExprId, row: u32, out: Type, at: ExprId) -> Cell {
    match walk.value(value, row) {
        Cell::Known(known) => {
            let moved = arith::rescale_value(&known, walk.model.ty(value).kind, out);
            walk.known_or_fault(at, row, moved.map(Some))
        }
        other => other,
    }
}
