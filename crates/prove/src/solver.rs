//! Formulas to regions of a space, and what is impossible there: facts, what follows from the form of conditions, differences.

use crate::bounds::Bounds;
use crate::cut::{Cut, cut};
use crate::formula::{Formula, Outcomes};
use crate::scope::Scope;
use crate::space::{Cells, Check, Cover, Dim, Index, Region, Space, Steps, cover};
use crate::subject::{Key, Place, Test};
use crate::ties;
use kamrules_model::{EntityId, ExprId, Node, Type};
use std::cell::Cell;

/// A condition that falls into more cases than this is not proved.
const MOST_CASES: usize = 4_000;

/// Questions of one kind share their steps; when these are used up, each further one still gets this part of them.
const LEAST: u64 = 400;

/// A question's space.
pub(crate) struct Solver<'a> {
    /// The subjects; a dimension each.
    pub scope: Scope<'a>,
    /// Their cells.
    pub cuts: Vec<Cut>,
    /// The space of these cells.
    pub space: Space,
    /// What cannot be.
    pub impossible: Vec<Region>,
    // The fact that each of these comes from, if it comes from one.
    origins: Vec<Option<u32>>,
    /// The facts that answers hung on since this was last emptied.
    pub used: Vec<u32>,
    bounds: Bounds,
    steps: u64,
    // What is left for questions of the present kind.
    left: Cell<u64>,
}

impl<'a> Solver<'a> {
    /// The space of a scope whose conditions are all known, with the facts that touch it. `of` is whose rows it is about.
    pub fn new(mut scope: Scope<'a>, of: Option<EntityId>) -> Self {
        let mut impossible;
        let (mut tied, mut labels) = (Vec::new(), Vec::new());
        loop {
            // What is subtracted is a subject of its own: facts may be about it.
            let before = scope.subjects.len();
            let terms: Vec<Place> = scope
                .subjects
                .iter()
                .flat_map(|subject| match &subject.key {
                    Key::Difference(a, b, _) => vec![a.clone(), b.clone()],
                    _ => Vec::new(),
                })
                .collect();
            for place in &terms {
                scope.leaf(place);
            }
            labels.extend(ties::labels(&mut scope, &mut tied).into_iter().map(|formula| (None, formula)));
            impossible = facts(&mut scope, of);
            if scope.subjects.len() == before {
                break;
            }
        }
        impossible.extend(labels);
        impossible.extend(implications(&mut scope).into_iter().map(|formula| (None, formula)));
        let cuts: Vec<Cut> = scope.subjects.iter().map(|subject| cut(&scope, subject)).collect();
        let space = Space { cells: cuts.iter().map(|cut| cut.count).collect() };
        let bounds = Bounds::new(&scope);
        let steps = scope.setting.steps;
        let mut solver = Self {
            scope,
            cuts,
            space,
            impossible: Vec::new(),
            origins: Vec::new(),
            used: Vec::new(),
            bounds,
            steps,
            left: Cell::new(steps),
        };
        for (origin, formula) in &impossible {
            let regions = solver.regions(formula).unwrap_or_default();
            solver.origins.extend(regions.iter().map(|_| *origin));
            solver.impossible.extend(regions);
        }
        solver
    }

    /// The regions that make up a formula; none, if they are too many.
    pub fn regions(&self, formula: &Formula) -> Option<Vec<Region>> {
        match formula {
            Formula::Yes => Some(vec![Region::whole()]),
            Formula::No => Some(Vec::new()),
            Formula::Is(literal) => {
                let cells = self.cuts[literal.subject as usize].cells(literal.test, literal.outcomes);
                Some(Region::whole().within(literal.subject, &cells).into_iter().collect())
            }
            Formula::Any(parts) => {
                // What is demanded of one subject is one region, however many tests it takes: `A or B or C` of a picklist.
                let (merged, others) = self.merged(parts);
                if let Some(whole) = merged.iter().position(|region| region.sides().is_empty()) {
                    return Some(vec![merged[whole].clone()]);
                }
                let mut out = merged;
                for part in others {
                    for region in self.regions(part)? {
                        add(&mut out, region);
                    }
                    if out.len() > MOST_CASES {
                        return None;
                    }
                }
                Some(out)
            }
            Formula::All(parts) => {
                // Plain literals first: they cut down what follows.
                let plain = parts.iter().filter(|part| matches!(part, Formula::Is(_)));
                let others = parts.iter().filter(|part| !matches!(part, Formula::Is(_)));
                let mut region = Region::whole();
                for part in plain {
                    let Formula::Is(literal) = part else { continue };
                    let cells = self.cuts[literal.subject as usize].cells(literal.test, literal.outcomes);
                    match region.within(literal.subject, &cells) {
                        Some(narrower) => region = narrower,
                        None => return Some(Vec::new()),
                    }
                }
                let mut out = vec![region];
                for part in others {
                    out = product(&out, &self.regions(part)?)?;
                    if out.is_empty() {
                        break;
                    }
                }
                Some(out)
            }
        }
    }

    /// The regions of the plain literals among some parts of which one is to hold, one for each subject; and the other parts.
    fn merged<'f>(&self, parts: &'f [Formula]) -> (Vec<Region>, Vec<&'f Formula>) {
        let (mut sides, mut others): (Vec<(u32, Cells)>, Vec<&Formula>) = Default::default();
        for part in parts {
            let Formula::Is(literal) = part else {
                others.push(part);
                continue;
            };
            let cells = self.cuts[literal.subject as usize].cells(literal.test, literal.outcomes);
            match sides.iter_mut().find(|side| side.0 == literal.subject) {
                Some(side) => side.1 = side.1.or(&cells),
                None => sides.push((literal.subject, cells)),
            }
        }
        (sides.into_iter().filter_map(|(subject, cells)| Region::whole().within(subject, &cells)).collect(), others)
    }

    /// Whether nothing meets a formula; none, if it was not found out.
    pub fn is_empty(&mut self, formula: &Formula) -> Option<bool> {
        for region in self.regions(formula)? {
            match self.cover(&region, &[]) {
                Cover::Whole(_) => {}
                Cover::Open(_) => return Some(false),
                Cover::TooLong => return None,
            }
        }
        Some(true)
    }

    /// Of some parts that cannot all be so those that cannot be together, none of them superfluous.
    pub fn guilty(&mut self, parts: &[(ExprId, Formula)]) -> Vec<ExprId> {
        let mut kept: Vec<usize> = (0..parts.len()).collect();
        for part in 0..parts.len() {
            let without: Vec<usize> = kept.iter().copied().filter(|&other| other != part).collect();
            if self.is_empty(&Formula::all(without.iter().map(|&other| parts[other].1.clone()))) == Some(true) {
                kept = without;
            }
        }
        kept.into_iter().map(|part| parts[part].0).collect()
    }

    /// Whether regions cover a target, what is impossible aside.
    pub fn cover(&mut self, target: &Region, by: &[&Region]) -> Cover {
        if by.is_empty() && self.impossible.is_empty() && self.lemma(target).is_none() {
            return Cover::Open(target.clone());
        }
        let all: Vec<&Region> = by.iter().copied().chain(&self.impossible).collect();
        let mut learned = Vec::new();
        let mut check = |region: &Region| match self.lemma(region) {
            Some(lemma) => {
                learned.push(lemma.clone());
                Check::Impossible(lemma)
            }
            None => Check::Possible,
        };
        let mut steps = self.allowed();
        let found = cover(&self.space, target, &all, &mut check, &mut steps);
        self.spend(&steps);
        let own = by.len();
        if let Cover::Whole(needed) = &found {
            for at in needed.iter().filter_map(|at| at.checked_sub(own)) {
                self.used.extend(self.origins.get(at).copied().flatten());
            }
        }
        self.origins.extend(learned.iter().map(|_| None));
        self.impossible.extend(learned);
        match found {
            Cover::Whole(needed) => Cover::Whole(needed.into_iter().filter(|&at| at < own).collect()),
            other => other,
        }
    }

    /// A region around this one in which no row lies, if none lies in this one.
    fn lemma(&self, region: &Region) -> Option<Region> {
        self.bounds.lemma(self, region).or_else(|| ties::lemma(self, region)).or_else(|| ties::named_text(self, region))
    }

    /// Whether the first so many regions of an index cover a target. The index begins with all that is impossible.
    pub fn cover_first(&self, index: &Index<'_>, target: &Region, first: usize) -> Cover {
        let mut check = |region: &Region| self.lemma(region).map_or(Check::Possible, Check::Impossible);
        let mut steps = self.allowed();
        let found = index.cover(target, first, &mut check, &mut steps);
        self.spend(&steps);
        found
    }

    /// Gives questions of another kind steps of their own.
    pub fn refill(&self) {
        self.left.set(self.steps);
    }

    fn allowed(&self) -> Steps {
        Steps::new(self.left.get().max(self.steps / LEAST))
    }

    fn spend(&self, after: &Steps) {
        let given = self.left.get().max(self.steps / LEAST);
        self.left.set(self.left.get().saturating_sub(given - after.left()));
    }

    /// Notes that an answer hung on something impossible, if it is a fact.
    pub fn note(&mut self, at: usize) {
        self.used.extend(self.origins.get(at).copied().flatten());
    }

    /// The bounds between subjects.
    pub fn bounds(&self) -> &Bounds {
        &self.bounds
    }

    /// The subject of a dimension.
    pub fn key(&self, dim: Dim) -> &Key {
        &self.scope.subjects[dim as usize].key
    }
}

/// Adds a region unless it lies in one that is there; those that lie in it go.
fn add(regions: &mut Vec<Region>, region: Region) {
    if regions.len() < 64 {
        if regions.iter().any(|other| region.is_within(other)) {
            return;
        }
        regions.retain(|other| !other.is_within(&region));
    }
    regions.push(region);
}

/// What is in one of each; none, if they are too many.
pub(crate) fn product(a: &[Region], b: &[Region]) -> Option<Vec<Region>> {
    if let ([whole], rest) | (rest, [whole]) = (a, b)
        && whole.sides().is_empty()
    {
        return Some(rest.to_vec());
    }
    let mut out = Vec::new();
    for one in a {
        for other in b {
            if let Some(both) = one.and(other) {
                add(&mut out, both);
                if out.len() > MOST_CASES {
                    return None;
                }
            }
        }
    }
    Some(out)
}

/// What the policy's facts about the data forbid, as far as it touches the subjects; also for rows that are reached by reference.
fn facts(scope: &mut Scope<'_>, of: Option<EntityId>) -> Vec<(Option<u32>, Formula)> {
    let model = scope.setting.model;
    let (mut out, mut done) = (Vec::new(), Vec::new());
    loop {
        let before = done.len();
        for (path, entity) in reached(scope, of) {
            for (i, fact) in model.facts.iter().enumerate() {
                if fact.entity != entity || done.contains(&(i, path.clone())) {
                    continue;
                }
                let known = scope.subjects.len() as u32;
                let (filter, holds) = (fact.filter.map(|filter| scope.place(&path, filter)), scope.place(&path, fact.holds));
                let filter = filter.map_or(Formula::Yes, |filter| scope.truth(&filter, true));
                let broken = filter.and(scope.truth(&holds, true).not());
                let mut touches = false;
                broken.literals(&mut |literal| touches |= literal.subject < known);
                if touches {
                    done.push((i, path.clone()));
                    out.push((Some(i as u32), broken));
                }
            }
        }
        if done.len() == before {
            return out;
        }
    }
}

/// The rows that the subjects are about, with the paths to them.
fn reached(scope: &Scope<'_>, of: Option<EntityId>) -> Vec<(Vec<ExprId>, EntityId)> {
    let mut out: Vec<(Vec<ExprId>, EntityId)> = of.map(|entity| (Vec::new(), entity)).into_iter().collect();
    for subject in &scope.subjects {
        let paths = match &subject.key {
            Key::Leaf(place) => vec![&place.path],
            Key::Difference(a, b, _) | Key::Relation(a, b) => vec![&a.path, &b.path],
            Key::Part(place, _) => vec![&place.path],
            Key::Each(..) => Vec::new(),
        };
        for path in paths {
            for end in 1..=path.len() {
                if let Type::Row(entity) = scope.ty(path[end - 1]).kind
                    && !out.iter().any(|(known, _)| known == &path[..end])
                {
                    out.push((path[..end].to_vec(), entity));
                }
            }
        }
    }
    out
}

/// What the form of population facts says: who is in the first 80% is in the first 95%.
fn implications(scope: &mut Scope<'_>) -> Vec<Formula> {
    let facts: Vec<(u32, ExprId, Vec<ExprId>)> = scope
        .subjects
        .iter()
        .enumerate()
        .filter_map(|(i, subject)| match &subject.key {
            Key::Leaf(place) if matches!(scope.node(place.expr), Node::Population(_)) => Some((i as u32, place.expr, place.path.clone())),
            _ => None,
        })
        .collect();
    let mut out = Vec::new();
    for (a, a_expr, a_path) in &facts {
        for (b, b_expr, b_path) in &facts {
            if a_path == b_path && scope.implied(*a_expr, *b_expr) {
                let yes = Test::Values(vec![1]);
                out.push(scope.is(*a, yes.clone(), Outcomes::YES).and(scope.is(*b, yes, Outcomes::NO)));
            }
        }
    }
    out
}
