//! Decisions: whether at most one rung holds, whether always one does, and whether each is ever reached.
//!
//! [`plan`](crate::plan) says what every condition demands, for a decision and all that are nested in it; then the subjects are cut, and
//! `Examine` asks, from the outer decision inwards. A nested decision is asked only about rows that get to it.

use crate::Setting;
use crate::example::example;
use crate::formula::Formula;
use crate::plan::{Plan, plan, takes_from};
use crate::scope::Scope;
use crate::solver::{Solver, product};
use crate::space::{Cover, Index, Region, Steps, overlaps};
use crate::subject::{Key, Place};
use crate::verdict::{Asked, Reason, Verdict, What, Why};
use kamrules_model::{Condition, DecisionId, EntityId, ExprId, Node, Outcome, Win};

/// More overlaps of one decision than these are not listed.
const MOST_OVERLAPS: usize = 20;

/// The rows that get to a decision.
struct Inside {
    regions: Vec<Region>,
    // What others have taken of them, and which.
    taken: Vec<Region>,
    takers: Vec<(DecisionId, u32)>,
    // What rungs beside those further out claim as well: that is told already, and no example for anything else.
    rivals: Vec<Region>,
}

/// As [`decision`]. The rungs beside `same as` are asked about without it: the label that it gives is the one that another row's own
/// rungs give, and that row may be one for which `same as` would hold, too.
pub fn with_own(setting: &Setting<'_>, id: DecisionId) -> Vec<Verdict> {
    match own(setting, id) {
        Some(own) => {
            let mut out = ask(setting, own, &[], false);
            out.extend(ask(setting, id, &[], true));
            out
        }
        None => ask(setting, id, &[], false),
    }
}

/// The decision without its rungs `same as`, if it has such.
fn own(setting: &Setting<'_>, id: DecisionId) -> Option<DecisionId> {
    let model = setting.model;
    let set = model.decision(id).set?;
    model.decision(id).rungs.iter().find_map(|rung| match rung.outcome {
        Outcome::Nested(inner) => own(setting, inner),
        Outcome::Value(value) => match model.exprs.node(value) {
            Node::Through { value, .. } => match model.exprs.node(*value) {
                Node::Decide(own) if model.decision(*own).set == Some(set) => Some(*own),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    })
}

/// What is wrong with a decision and those nested in it. `when` are conditions under which it is asked at all: each with whether it
/// is yes or no; several lists are several occasions.
pub fn decision(setting: &Setting<'_>, id: DecisionId, when: &[Vec<(ExprId, bool)>]) -> Vec<Verdict> {
    ask(setting, id, when, false)
}

/// `borrowed`: only about the rungs `same as`.
fn ask(setting: &Setting<'_>, id: DecisionId, when: &[Vec<(ExprId, bool)>], borrowed: bool) -> Vec<Verdict> {
    let mut scope = Scope::new(setting);
    let mut occasions = Vec::new();
    for list in when {
        let parts: Vec<Formula> = list.iter().map(|&(expr, want)| scope.truth(&Place { path: Vec::new(), expr }, want)).collect();
        occasions.push(Formula::all(parts));
    }
    let occasion = if when.is_empty() { Formula::Yes } else { Formula::any(occasions) };
    let plan = plan(&mut scope, id);
    let entity = setting.model.decision(id).ctx.entity();
    let mut solver = Solver::new(scope, entity);
    let mut out = Vec::new();
    let guard = occasion.and(plan.guard.clone());
    match solver.regions(&guard) {
        Some(regions) => {
            let inside = Inside { regions, taken: Vec::new(), takers: Vec::new(), rivals: Vec::new() };
            let mut examine = Examine { solver: &mut solver, entity, out: &mut out, borrowed };
            examine.decision(&plan, &inside);
        }
        None => {
            let at = setting.model.decision(id).guard.or_else(|| when.iter().flatten().map(|(expr, _)| *expr).next());
            let reason = at.map_or(Reason::Steps, Reason::Cases);
            out.push(Verdict { decision: id, what: What::NotProved { question: Asked::Anything, reason }, facts: Vec::new() });
        }
    }
    out
}

struct Examine<'s, 'a> {
    solver: &'s mut Solver<'a>,
    entity: Option<EntityId>,
    out: &'s mut Vec<Verdict>,
    // Only what concerns rungs `same as` is told.
    borrowed: bool,
}

impl Examine<'_, '_> {
    fn say(&mut self, plan: &Plan, what: What) {
        let decision = self.solver.scope.setting.model.decision(plan.id);
        let same_as = |rung: u32| matches!(decision.rungs[rung as usize].outcome, Outcome::Value(_));
        let concerned = match &what {
            What::Overlap { rungs, .. } => rungs.iter().any(|&rung| same_as(rung)),
            What::Unreachable { rung, why } => same_as(*rung) && *why != Why::NothingLeft,
            What::Gap { .. } => false,
            What::NotProved { question, .. } => match question {
                Asked::Reachable(rung) | Asked::SomeReachable(rung, _) => same_as(*rung),
                Asked::Exclusive => decision.rungs.iter().any(|rung| matches!(rung.outcome, Outcome::Value(_))),
                Asked::Complete => false,
                Asked::Anything => true,
            },
        };
        if self.borrowed && !concerned {
            return;
        }
        let mut facts = match what {
            What::Unreachable { .. } => std::mem::take(&mut self.solver.used),
            _ => Vec::new(),
        };
        facts.sort_unstable();
        facts.dedup();
        self.out.push(Verdict { decision: plan.id, what, facts });
    }

    fn decision(&mut self, plan: &Plan, inside: &Inside) {
        let decision = self.solver.scope.setting.model.decision(plan.id);
        // By rung, its regions among the rows that get here; none for `otherwise`.
        let mut regions: Vec<Option<Vec<Region>>> = Vec::new();
        for (i, rung) in plan.rungs.iter().enumerate() {
            let Some(when) = &rung.when else {
                regions.push(None);
                continue;
            };
            let own = self.solver.regions(when);
            let here = own.as_ref().and_then(|own| product(own, &inside.regions));
            let (Some(own), Some(here)) = (own, here) else {
                let reason = if let Condition::When(expr) = decision.rungs[i].when { Reason::Cases(expr) } else { Reason::Steps };
                self.say(plan, What::NotProved { question: Asked::Anything, reason });
                return;
            };
            let here = match self.is_dead(plan, i, &own, &here, inside) {
                true => Vec::new(),
                false => here,
            };
            regions.push(Some(here));
        }
        match decision.win {
            Win::First => {
                self.unreached(plan, &regions, inside);
                self.gap(plan, &regions, inside);
            }
            Win::Exclusive => {
                self.overlaps(plan, &regions, inside);
                if decision.rungs.iter().any(|rung| rung.overrides) {
                    self.unreached(plan, &regions, inside);
                }
                self.gap(plan, &regions, inside);
            }
            Win::Every | Win::Sum => {}
        }
        self.nested(plan, &regions, inside);
    }

    /// A rung that never holds where its decision is asked.
    fn is_dead(&mut self, plan: &Plan, rung: usize, own: &[Region], here: &[Region], inside: &Inside) -> bool {
        self.solver.used.clear();
        let taken: Vec<&Region> = inside.taken.iter().collect();
        let mut undecided = false;
        for region in here {
            match self.solver.cover(region, &taken) {
                Cover::Whole(_) => {}
                Cover::Open(_) => return false,
                Cover::TooLong => undecided = true,
            }
        }
        if undecided {
            self.say(plan, What::NotProved { question: Asked::Reachable(rung as u32), reason: Reason::Steps });
            return false;
        }
        let never = own.iter().all(|region| matches!(self.solver.cover(region, &[]), Cover::Whole(_)));
        let why = if never {
            Why::Never(self.solver.guilty(&plan.rungs[rung].parts))
        } else if inside.regions.is_empty() {
            // Nothing at all gets to the decision: that is said of the rung it is nested in.
            return true;
        } else {
            match self.taken_above(here, inside) {
                Some(takers) => Why::Taken(takers),
                None => Why::Outside,
            }
        };
        self.say(plan, What::Unreachable { rung: rung as u32, why });
        true
    }

    /// The rungs further out that take all rows for which a rung would hold; none, if no such row gets here in the first place.
    fn taken_above(&mut self, here: &[Region], inside: &Inside) -> Option<Vec<(DecisionId, u32)>> {
        let taken: Vec<&Region> = inside.taken.iter().collect();
        let mut takers = Vec::new();
        for region in here {
            if let Cover::Whole(needed) = self.solver.cover(region, &taken) {
                takers.extend(needed.into_iter().filter_map(|at| inside.takers.get(at).copied()));
            }
        }
        takers.sort_unstable();
        takers.dedup();
        (!takers.is_empty()).then_some(takers)
    }

    /// Each rung against those above it that take rows from it: all of a ladder, of an exclusive set those that override.
    fn unreached(&mut self, plan: &Plan, regions: &[Option<Vec<Region>>], inside: &Inside) {
        self.solver.refill();
        let decision = self.solver.scope.setting.model.decision(plan.id);
        let takes = |rung: usize| decision.win == Win::First || decision.rungs[rung].overrides;
        let (space, impossible) = (self.solver.space.clone(), self.solver.impossible.clone());
        let mut above: Vec<&Region> = impossible.iter().chain(&inside.taken).collect();
        let fixed = above.len();
        let (mut owners, mut firsts) = (Vec::new(), Vec::new());
        for (i, mine) in regions.iter().enumerate() {
            firsts.push(above.len());
            if let (Some(mine), true) = (mine, takes(i)) {
                above.extend(mine);
                owners.extend(mine.iter().map(|_| i as u32));
            }
        }
        let index = Index::new(&space, above);
        let mut unproved: Vec<u32> = Vec::new();
        for (i, mine) in regions.iter().enumerate() {
            let Some(mine) = mine.as_ref().filter(|mine| !mine.is_empty() && firsts[i] > fixed) else { continue };
            let mut by: Vec<u32> = Vec::new();
            self.solver.used.clear();
            let mut answer = Some(true);
            for region in mine {
                match self.solver.cover_first(&index, region, firsts[i]) {
                    Cover::Whole(needed) => {
                        by.extend(needed.iter().filter_map(|at| owners.get(at.checked_sub(fixed)?)));
                        needed.iter().for_each(|&at| self.solver.note(at));
                    }
                    Cover::Open(_) => {
                        answer = Some(false);
                        break;
                    }
                    Cover::TooLong => answer = None,
                }
            }
            let rung = i as u32;
            match answer {
                Some(false) => {}
                Some(true) => {
                    by.sort_unstable();
                    by.dedup();
                    self.say(plan, What::Unreachable { rung, why: Why::Swallowed(by) });
                }
                None => unproved.push(rung),
            }
        }
        match unproved.as_slice() {
            [] => {}
            [rung] => self.say(plan, What::NotProved { question: Asked::Reachable(*rung), reason: Reason::Steps }),
            [first, more @ ..] => {
                let question = Asked::SomeReachable(*first, more.len() as u32);
                self.say(plan, What::NotProved { question, reason: Reason::Steps });
            }
        }
    }

    fn overlaps(&mut self, plan: &Plan, regions: &[Option<Vec<Region>>], inside: &Inside) {
        self.solver.refill();
        let decision = self.solver.scope.setting.model.decision(plan.id);
        for (i, rung) in decision.rungs.iter().enumerate() {
            if let Condition::Each { keys, .. } = &rung.when
                && self.may_repeat(plan.id, i as u32, keys)
                && let Some((_, outer)) = keys.first()
            {
                self.say(plan, What::NotProved { question: Asked::Exclusive, reason: Reason::Data(*outer) });
                return;
            }
        }
        let owned: Vec<(u32, &Region)> = regions
            .iter()
            .enumerate()
            .filter_map(|(i, mine)| mine.as_ref().map(|mine| (i as u32, mine)))
            .flat_map(|(i, mine)| mine.iter().map(move |region| (i, region)))
            .collect();
        let steps = self.solver.scope.setting.steps.saturating_mul(10);
        let Some(pairs) = overlaps(&self.solver.space, &owned, &mut Steps::new(steps)) else {
            self.say(plan, What::NotProved { question: Asked::Exclusive, reason: Reason::Steps });
            return;
        };
        let overrides = decision.rungs.iter().any(|rung| rung.overrides);
        let mut told = 0;
        for (i, j) in pairs {
            if decision.rungs[i as usize].overrides || told >= MOST_OVERLAPS {
                continue;
            }
            // What overrides both, or the lower one, keeps them apart.
            let over: Vec<&Region> = (0..if overrides { j } else { 0 })
                .filter(|&k| decision.rungs[k as usize].overrides)
                .filter_map(|k| regions[k as usize].as_ref())
                .flatten()
                .chain(&inside.taken)
                .collect();
            // An example that nothing else is wrong with, if there is one.
            let alone: Vec<&Region> = over.iter().copied().chain(&inside.rivals).collect();
            let found = match inside.rivals.is_empty() {
                true => None,
                false => self.overlap([i, j], regions, &alone),
            };
            if let Some(what) = found.or_else(|| self.overlap([i, j], regions, &over)) {
                told += 1;
                let over = matches!(what, What::NotProved { .. });
                self.say(plan, what);
                if over {
                    return;
                }
            }
        }
    }

    /// Whether two rows of a table may go with one row: its rows are not at hand, and no key of it is unique; or two rows have the same keys.
    fn may_repeat(&self, id: DecisionId, rung: u32, keys: &[(ExprId, ExprId)]) -> bool {
        let setting = self.solver.scope.setting;
        match setting.each.get(&(id, rung)) {
            Some(rows) => {
                let mut seen = rustc_hash::FxHashSet::default();
                rows.iter().any(|row| !seen.insert(row))
            }
            None => !keys.iter().any(|(inner, _)| match setting.model.exprs.node(*inner) {
                Node::Field(field) => setting.model.field(*field).unique || setting.model.entity(field.entity).key == [field.index],
                _ => false,
            }),
        }
    }

    fn overlap(&mut self, rungs: [u32; 2], regions: &[Option<Vec<Region>>], over: &[&Region]) -> Option<What> {
        let [one, other] = rungs.map(|rung| regions[rung as usize].as_deref().unwrap_or_default());
        let mut unsure: Option<What> = None;
        for a in one {
            for both in other.iter().filter_map(|b| a.and(b)) {
                match self.solver.cover(&both, over) {
                    Cover::Whole(_) => {}
                    Cover::TooLong => return Some(What::NotProved { question: Asked::Exclusive, reason: Reason::Steps }),
                    Cover::Open(region) => {
                        let region = self.trimmed(region, &both, over);
                        if let Some(expr) = self.hangs_on_data(&region) {
                            unsure = unsure.or(Some(What::NotProved { question: Asked::Exclusive, reason: Reason::Data(expr) }));
                            continue;
                        }
                        let (example, sure) = example(self.solver, &region, self.entity);
                        let what = What::Overlap { rungs, example, sure };
                        if sure {
                            return Some(what);
                        }
                        unsure = unsure.or(Some(what));
                    }
                }
            }
        }
        unsure
    }

    /// An open region without what only keeps it possible: what a fact about the data then adds need not be said.
    fn trimmed(&self, region: Region, target: &Region, own: &[&Region]) -> Region {
        let bound: Vec<u32> = self.solver.bounds().dims().collect();
        let mut out = region;
        for dim in out.sides().iter().map(|(dim, _)| *dim).collect::<Vec<_>>() {
            if target.side(dim).is_some() || bound.contains(&dim) {
                continue;
            }
            let wider = out.clone().without(dim);
            if !own.iter().any(|region| region.meets(&wider)) {
                out = wider;
            }
        }
        out
    }

    /// Whether an example hangs on a table that is known with the data only; an expression of that rung.
    fn hangs_on_data(&self, region: &Region) -> Option<ExprId> {
        let model = self.solver.scope.setting.model;
        region.sides().iter().find_map(|(dim, _)| match self.solver.key(*dim) {
            Key::Each(decision, rung, _) => match &model.decision(*decision).rungs[*rung as usize].when {
                Condition::Each { keys, .. } => keys.first().map(|(_, outer)| *outer),
                _ => None,
            },
            _ => None,
        })
    }

    fn gap(&mut self, plan: &Plan, regions: &[Option<Vec<Region>>], inside: &Inside) {
        self.solver.refill();
        let own: Vec<&Region> = regions.iter().flatten().flatten().chain(&inside.taken).collect();
        let otherwise = plan.rungs.iter().position(|rung| rung.when.is_none());
        // An example that nothing else is wrong with, if there is one.
        let alone: Vec<&Region> = own.iter().copied().chain(&inside.rivals).collect();
        let clear = |solver: &mut Solver<'_>, target: &Region| matches!(solver.cover(target, &alone), Cover::Open(_));
        let own = if otherwise.is_none() && !inside.rivals.is_empty() && inside.regions.iter().any(|target| clear(self.solver, target)) {
            alone
        } else {
            own
        };
        let mut unsure: Option<What> = None;
        self.solver.used.clear();
        for target in &inside.regions {
            match self.solver.cover(target, &own) {
                Cover::Whole(_) => {}
                Cover::Open(_) if otherwise.is_some() => return,
                Cover::TooLong => {
                    let question = otherwise.map_or(Asked::Complete, |rung| Asked::Reachable(rung as u32));
                    self.say(plan, What::NotProved { question, reason: Reason::Steps });
                    return;
                }
                Cover::Open(region) => {
                    let region = self.trimmed(region, target, &own);
                    let what = match self.hangs_on_data(&region) {
                        Some(expr) => What::NotProved { question: Asked::Complete, reason: Reason::Data(expr) },
                        None => {
                            let (example, sure) = example(self.solver, &region, self.entity);
                            What::Gap { example, sure }
                        }
                    };
                    if matches!(what, What::Gap { sure: true, .. }) {
                        self.say(plan, what);
                        return;
                    }
                    unsure = unsure.or(Some(what));
                }
            }
        }
        match (unsure, otherwise) {
            (Some(what), _) => self.say(plan, what),
            (None, Some(rung)) if !inside.regions.is_empty() => {
                self.say(plan, What::Unreachable { rung: rung as u32, why: Why::NothingLeft });
            }
            _ => {}
        }
    }

    fn nested(&mut self, plan: &Plan, regions: &[Option<Vec<Region>>], inside: &Inside) {
        let decision = self.solver.scope.setting.model.decision(plan.id);
        for (i, rung) in plan.rungs.iter().enumerate() {
            let Some(nested) = &rung.nested else { continue };
            // Another tree that a leaf leads to is asked about by itself.
            if self.solver.scope.setting.model.decision(nested.id).set != decision.set {
                continue;
            }
            let (mut taken, mut takers) = (inside.taken.clone(), inside.takers.clone());
            let mut take = |k: usize| {
                for region in regions[k].iter().flatten() {
                    taken.push(region.clone());
                    takers.push((plan.id, k as u32));
                }
            };
            (0..regions.len()).filter(|&k| takes_from(decision, k, i)).for_each(&mut take);
            let own = regions[i].as_ref().unwrap_or(&inside.regions);
            let guarded = self.solver.regions(&nested.guard).and_then(|guard| product(own, &guard));
            let Some(own) = guarded else {
                let at = self.solver.scope.setting.model.decision(nested.id).guard;
                self.say(nested, What::NotProved { question: Asked::Anything, reason: at.map_or(Reason::Steps, Reason::Cases) });
                continue;
            };
            if !own.is_empty() {
                let mut rivals = inside.rivals.clone();
                if decision.win == Win::Exclusive {
                    let others = (0..regions.len()).filter(|&k| k != i && regions[i].is_some());
                    rivals.extend(
                        others
                            .filter_map(|k| regions[k].as_ref())
                            .flatten()
                            .filter(|region| own.iter().any(|mine| mine.meets(region)))
                            .cloned(),
                    );
                }
                self.decision(nested, &Inside { regions: own, taken, takers, rivals });
            }
        }
    }
}
