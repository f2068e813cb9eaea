//! Decisions: the rungs are asked of the rows that still need them, then each outcome is computed for the rows it won.

use super::batch::Batch;
use super::vector::{View, blank, copy, put};
use crate::Conflict;
use kamrules_model::arith::{self, Sum};
use kamrules_model::{Cell, Column, Condition, Decision, DecisionId, ExprId, FaultKind, LabelValue, Outcome, Rung, Type, Value, Win};

/// A row of a decision that two rungs claim, or none.
pub(super) type Claimed = Conflict;

/// A decision under way: the expression it is, its id, the rungs above it by name.
#[derive(Clone)]
struct Place {
    expr: ExprId,
    top: DecisionId,
    kind: Type,
    above: Vec<String>,
}

/// A rung that holds for a row: which, and for an `each` rung through which row.
#[derive(Clone, Copy)]
struct Claim {
    rung: usize,
    row: u32,
}

/// What a rung says of the rows asked.
struct Asked {
    /// The rows for which it holds; a row that several rows of a table match comes several times.
    holds: Vec<(u32, u32)>,
    /// The rows for which it cannot be said.
    bad: Vec<(u32, Cell)>,
}

impl Batch<'_> {
    /// Decides rows.
    pub(super) fn decide(&mut self, expr: ExprId, id: DecisionId, rows: &[u32], out: &mut Column) {
        let kind = self.engine.model.decision(id).ty.kind;
        self.decide_within(&Place { expr, top: id, kind, above: Vec::new() }, id, rows, out);
    }

    fn decide_within(&mut self, place: &Place, id: DecisionId, rows: &[u32], out: &mut Column) {
        let decision = self.engine.model.decision(id);
        let rows = match decision.guard {
            Some(guard) => self.guarded(guard, rows, out),
            None => rows.to_vec(),
        };
        match decision.win {
            Win::First => self.first(place, id, decision, rows, out),
            Win::Exclusive => self.exclusive(place, id, decision, rows, out),
            Win::Every | Win::Sum => self.every(place, id, decision, &rows, out),
        }
    }

    /// The rows for which a guard is yes; the others have no answer.
    fn guarded(&mut self, guard: ExprId, rows: &[u32], out: &mut Column) -> Vec<u32> {
        self.ensure(guard, rows);
        let view = self.view(guard);
        let mut kept = Vec::with_capacity(rows.len());
        for &row in rows {
            match view.trouble(row) {
                None if view.flag(row) => kept.push(row),
                None | Some(Cell::Missing) => put(out, row, Cell::Missing),
                Some(bad) => put(out, row, bad),
            }
        }
        kept
    }

    /// Asks a rung of rows; `otherwise` is asked last, by its decision.
    fn ask(&mut self, id: DecisionId, index: usize, rung: &Rung, rows: &[u32]) -> Asked {
        let mut asked = Asked { holds: Vec::new(), bad: Vec::new() };
        match &rung.when {
            Condition::Otherwise => {}
            Condition::When(condition) => {
                self.ensure(*condition, rows);
                let view = self.view(*condition);
                for &row in rows {
                    match view.trouble(row) {
                        None if view.flag(row) => asked.holds.push((row, 0)),
                        None | Some(Cell::Missing) => {}
                        Some(bad) => asked.bad.push((row, bad)),
                    }
                }
            }
            Condition::Each { keys, guard, .. } => self.ask_table(id, index, keys, *guard, rows, &mut asked),
        }
        asked
    }

    fn ask_table(
        &mut self,
        id: DecisionId,
        index: usize,
        keys: &[(ExprId, ExprId)],
        guard: Option<ExprId>,
        rows: &[u32],
        asked: &mut Asked,
    ) {
        let mut rows = rows.to_vec();
        if let Some(guard) = guard {
            self.ensure(guard, &rows);
            let view = self.view(guard);
            rows.retain(|&row| match view.trouble(row) {
                None => view.flag(row),
                Some(Cell::Missing) => false,
                Some(bad) => {
                    asked.bad.push((row, bad));
                    false
                }
            });
        }
        keys.iter().for_each(|key| self.ensure(key.1, &rows));
        let views: Vec<View<'_>> = keys.iter().map(|key| self.view(key.1)).collect();
        let matches = &self.engine.matches[&(id, index as u32)];
        for row in rows {
            match super::vector::first_trouble(&views, row) {
                Some(Cell::Missing) => {}
                Some(bad) => asked.bad.push((row, bad)),
                None => match matches.of(&views, row) {
                    Ok(found) => asked.holds.extend(found.iter().map(|&matched| (row, matched))),
                    Err(fault) => asked.bad.push((row, Cell::Fault(fault))),
                },
            }
        }
        asked.bad.sort_by_key(|(row, _)| *row);
    }

    fn first(&mut self, place: &Place, id: DecisionId, decision: &Decision, mut rows: Vec<u32>, out: &mut Column) {
        for (index, rung) in decision.rungs.iter().enumerate() {
            if rows.is_empty() {
                return;
            }
            let mut asked = self.ask(id, index, rung, &rows);
            asked.holds.dedup_by_key(|(row, _)| *row);
            settle(&mut rows, &asked);
            asked.bad.into_iter().for_each(|(row, bad)| put(out, row, bad));
            self.give(place, rung, &asked.holds, out);
        }
        self.nobody(place, decision, &rows, out);
    }

    /// Rows that no rung claims: `otherwise` takes them, else it is a conflict.
    fn nobody(&mut self, place: &Place, decision: &Decision, rows: &[u32], out: &mut Column) {
        if rows.is_empty() {
            return;
        }
        match decision.rungs.iter().find(|rung| rung.when == Condition::Otherwise) {
            Some(rung) => {
                let rows: Vec<(u32, u32)> = rows.iter().map(|&row| (row, 0)).collect();
                self.give(place, rung, &rows, out);
            }
            None => rows.iter().for_each(|&row| self.conflict(place, decision, row, &[], out)),
        }
    }

    fn exclusive(&mut self, place: &Place, id: DecisionId, decision: &Decision, rows: Vec<u32>, out: &mut Column) {
        let mut claims: Vec<(u32, Claim)> = Vec::with_capacity(rows.len());
        let (mut open, mut faulty) = (rows.clone(), Vec::new());
        for (index, rung) in decision.rungs.iter().enumerate() {
            if open.is_empty() {
                break;
            }
            let asked = self.ask(id, index, rung, &open);
            claims.extend(asked.holds.iter().map(|&(row, matched)| (row, Claim { rung: index, row: matched })));
            if rung.overrides {
                settle(&mut open, &asked);
            } else {
                settle(&mut open, &Asked { holds: Vec::new(), bad: asked.bad.clone() });
            }
            for (row, bad) in asked.bad {
                faulty.push(row);
                put(out, row, bad);
            }
        }
        faulty.sort_unstable();
        claims.retain(|(row, _)| faulty.binary_search(row).is_err());
        claims.sort_by_key(|(row, claim)| (*row, claim.rung));
        let mut won: Vec<Vec<(u32, u32)>> = vec![Vec::new(); decision.rungs.len()];
        let (mut unclaimed, mut at) = (Vec::new(), 0);
        for row in rows {
            let end = at + claims[at..].iter().take_while(|(other, _)| *other == row).count();
            match &claims[at..end] {
                [] if faulty.binary_search(&row).is_ok() => {}
                [] => unclaimed.push(row),
                [(_, claim)] => won[claim.rung].push((row, claim.row)),
                several => {
                    let several: Vec<Claim> = several.iter().map(|(_, claim)| *claim).collect();
                    self.conflict(place, decision, row, &several, out);
                }
            }
            at = end;
        }
        for (rung, rows) in decision.rungs.iter().zip(won) {
            self.give(place, rung, &rows, out);
        }
        self.nobody(place, decision, &unclaimed, out);
    }

    /// Writes what a rung gives to the rows it won, with the rows that an `each` rung matched.
    fn give(&mut self, place: &Place, rung: &Rung, won: &[(u32, u32)], out: &mut Column) {
        if won.is_empty() {
            return;
        }
        let rows = || won.iter().map(|(row, _)| *row).collect::<Vec<_>>();
        match &rung.outcome {
            Outcome::Label(code) => {
                for &(row, matched) in won {
                    let label = LabelValue { code: *code, row: matched };
                    let value = match place.kind {
                        Type::Labels(_) => Value::Labels([label].into()),
                        _ => Value::Label(label),
                    };
                    put(out, row, Cell::Known(value));
                }
            }
            Outcome::Points(points) => won.iter().for_each(|(row, _)| put(out, *row, Cell::Known(Value::Num(*points)))),
            Outcome::Value(value) => {
                let rows = rows();
                self.ensure(*value, &rows);
                self.copy_rescaled(place, *value, &rows, out);
            }
            Outcome::Nested(nested) => {
                let below = Place {
                    expr: self.engine.decides.get(nested).copied().unwrap_or(place.expr),
                    top: place.top,
                    kind: self.engine.model.decision(*nested).ty.kind,
                    above: place.above.iter().cloned().chain([rung.name.to_string()]).collect(),
                };
                self.decide_within(&below, *nested, &rows(), out);
            }
        }
    }

    /// Arms may have fewer decimals than their `match`.
    fn copy_rescaled(&self, place: &Place, value: ExprId, rows: &[u32], out: &mut Column) {
        let (view, from) = (self.view(value), self.engine.model.ty(value).kind);
        if from.scale() == place.kind.scale() {
            return copy(out, view, rows);
        }
        for &row in rows {
            let cell = match view.get(row) {
                Cell::Known(known) => {
                    arith::rescale_value(&known, from, place.kind).map_or_else(|kind| self.fault(place.expr, row, kind), Cell::Known)
                }
                other => other,
            };
            put(out, row, cell);
        }
    }

    /// Every rung that holds counts: its labels are gathered, or its points added up.
    fn every(&mut self, place: &Place, id: DecisionId, decision: &Decision, rows: &[u32], out: &mut Column) {
        let width = out.len();
        let (mut trouble, mut held) = (vec![None; width], vec![false; width]);
        let mut won: Vec<(usize, Vec<(u32, u32)>)> = Vec::new();
        for (index, rung) in decision.rungs.iter().enumerate() {
            let asked = self.ask(id, index, rung, rows);
            for (row, bad) in asked.bad {
                worse(&mut trouble[row as usize], bad);
            }
            asked.holds.iter().for_each(|(row, _)| held[*row as usize] = true);
            won.push((index, asked.holds));
        }
        if let Some(index) = decision.rungs.iter().position(|rung| rung.when == Condition::Otherwise) {
            let left = rows.iter().filter(|row| !held[**row as usize] && trouble[**row as usize].is_none());
            won.push((index, left.map(|&row| (row, 0)).collect()));
        }
        let mut parts = Parts { labels: vec![Vec::new(); width], points: vec![Sum::default(); width], trouble };
        for (index, won) in won {
            self.take(place, &decision.rungs[index], &won, &mut parts);
        }
        for &row in rows {
            let cell = match (parts.trouble[row as usize].take(), decision.win) {
                (Some(bad), _) => bad,
                (None, Win::Sum) => {
                    let total = parts.points[row as usize].total();
                    total.map_or_else(|kind| self.fault(place.expr, row, kind), |n| Cell::Known(Value::Num(n)))
                }
                (None, _) => {
                    let mut labels = std::mem::take(&mut parts.labels[row as usize]);
                    labels.sort_unstable();
                    labels.dedup();
                    Cell::Known(Value::Labels(labels.into_boxed_slice()))
                }
            };
            put(out, row, cell);
        }
    }

    /// Takes what a rung gives to the rows for which it holds.
    fn take(&mut self, place: &Place, rung: &Rung, won: &[(u32, u32)], parts: &mut Parts) {
        let kind = match rung.outcome {
            Outcome::Label(code) => {
                let label = |row: u32| LabelValue { code, row };
                return won.iter().for_each(|&(row, matched)| parts.labels[row as usize].push(label(matched)));
            }
            Outcome::Points(points) => return won.iter().for_each(|(row, _)| parts.points[*row as usize].add(points)),
            Outcome::Nested(nested) => self.engine.model.decision(nested).ty.kind,
            Outcome::Value(_) => place.kind,
        };
        let mut given = blank(kind, parts.trouble.len());
        let mut once: Vec<(u32, u32)> = won.to_vec();
        once.dedup_by_key(|(row, _)| *row);
        self.give(place, rung, &once, &mut given);
        for (row, _) in won {
            let row = *row as usize;
            match given.get(row) {
                Cell::Known(Value::Label(label)) => parts.labels[row].push(label),
                Cell::Known(Value::Labels(labels)) => parts.labels[row].extend(labels.iter().copied()),
                Cell::Known(Value::Num(points)) => parts.points[row].add(points),
                Cell::Known(other) => unreachable!("only labels and points are gathered: {other:?}"),
                bad => worse(&mut parts.trouble[row], bad),
            }
        }
    }

    /// A row that several rungs claim, or none: in a named set it has no label and is recorded, else it is a fault.
    fn conflict(&mut self, place: &Place, decision: &Decision, row: u32, claims: &[Claim], out: &mut Column) {
        if decision.set.is_none() {
            let kind = if claims.is_empty() { FaultKind::NoArm } else { FaultKind::TwoArms };
            return put(out, row, self.fault(place.expr, row, kind));
        }
        put(out, row, Cell::Missing);
        let label = |claim: &Claim| match decision.rungs[claim.rung].outcome {
            Outcome::Label(code) => Some(LabelValue { code, row: claim.row }),
            _ => None,
        };
        let conflict = Conflict {
            row: self.row(row),
            rungs: claims.iter().map(|claim| self.rung_name(place, decision, *claim)).collect(),
            within: place.above.join(" / "),
            labels: claims.iter().filter_map(label).collect(),
        };
        self.claimed.push((place.top, conflict));
    }

    fn rung_name(&self, place: &Place, decision: &Decision, claim: Claim) -> String {
        let rung = &decision.rungs[claim.rung];
        let own = match rung.when {
            Condition::Each { rows, .. } => {
                format!("{} {}", rung.name, self.engine.book.key(self.engine.model, rows, claim.row))
            }
            _ => rung.name.to_string(),
        };
        place.above.iter().cloned().chain([own]).collect::<Vec<_>>().join(" / ")
    }
}

/// What the rungs of a decision in which all count give to each row.
struct Parts {
    labels: Vec<Vec<LabelValue>>,
    points: Vec<Sum>,
    trouble: Vec<Option<Cell>>,
}

/// Keeps of two reasons the one that decides: the first fault, else missing.
fn worse(trouble: &mut Option<Cell>, bad: Cell) {
    let keep = match (&*trouble, &bad) {
        (None, _) => false,
        (Some(Cell::Fault(_)), _) => true,
        (_, Cell::Fault(_)) => false,
        (Some(Cell::Missing), _) => true,
        (_, other) => *other != Cell::Missing,
    };
    if !keep {
        *trouble = Some(bad);
    }
}

/// Leaves the rows that a rung neither took nor failed on. All lists ascend.
fn settle(rows: &mut Vec<u32>, asked: &Asked) {
    if asked.holds.is_empty() && asked.bad.is_empty() {
        return;
    }
    let (mut holds, mut bad) = (asked.holds.iter().peekable(), asked.bad.iter().peekable());
    rows.retain(|&row| {
        while holds.next_if(|(other, _)| *other < row).is_some() {}
        while bad.next_if(|(other, _)| *other < row).is_some() {}
        holds.peek().is_none_or(|(other, _)| *other != row) && bad.peek().is_none_or(|(other, _)| *other != row)
    });
}
