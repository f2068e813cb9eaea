//! Values of fields that bring about what is computed from them: `growth = 12%` by the sales of two years.
//!
//! The fields are tried at plain values, one of them being sought by halving; what is found is checked by computing it. Nothing is
//! claimed where nothing is found.

use crate::Place;
use crate::cut::{Content, number, value_of};
use crate::solver::Solver;
use crate::space::Region;
use crate::subject::{Key, Shape};
use crate::truth::units_of;
use kamrules_base::decimal::pow10;
use kamrules_model::{Node, Type, Value};

/// More tries than these are not made.
const MOST_TRIES: u32 = 60_000;

/// Beyond this no value is sought.
const FAR: i128 = 10_i128.pow(24);

/// The values that a region's computed subjects hang on, with values for all of them that lie in the region; none, if nothing is
/// computed there that can be taken apart, or no such values were found.
pub(crate) fn realise(solver: &Solver<'_>, region: &Region) -> Option<Vec<(Place, i128)>> {
    let mut computed: Vec<Wanted> = Vec::new();
    for (dim, cells) in region.sides() {
        let Key::Leaf(place) = solver.key(*dim) else { continue };
        if !is_computed(solver, place) {
            continue;
        }
        let Content::Runs(runs) = &solver.cuts[*dim as usize].content else { continue };
        let missing = solver.cuts[*dim as usize].missing;
        let runs: Vec<(i128, i128)> = cells.iter().filter(|&cell| Some(cell) != missing).map(|cell| runs[cell as usize]).collect();
        computed.push(Wanted { place: place.clone(), runs });
    }
    let mut bases: Vec<Place> = Vec::new();
    for wanted in &computed {
        collect(solver, &wanted.place, &mut bases)?;
    }
    if computed.is_empty() || bases.is_empty() || bases.len() > 3 {
        return None;
    }
    let ranges: Vec<Vec<(i128, i128)>> = bases.iter().map(|base| runs_of(solver, region, base)).collect();
    let mut search = Search { solver, computed: &computed, bases: &bases, ranges: &ranges, tries: MOST_TRIES };
    (0..bases.len())
        .find_map(|free| search.with_free(free, &mut vec![0; bases.len()], 0))
        .map(|values| bases.iter().cloned().zip(values).collect())
}

struct Wanted {
    place: Place,
    runs: Vec<(i128, i128)>,
}

/// Whether a value is computed from others by arithmetic or a function.
pub(crate) fn is_computed(solver: &Solver<'_>, place: &Place) -> bool {
    matches!(solver.scope.node(place.expr), Node::Arith(..) | Node::Negate(_) | Node::Rescale(_) | Node::Call(..))
}

/// The numbers, amounts and days that a value is computed from; none, if it is computed from something else.
fn collect(solver: &Solver<'_>, place: &Place, out: &mut Vec<Place>) -> Option<()> {
    let scope = &solver.scope;
    match scope.node(place.expr) {
        Node::Const(_) => Some(()),
        Node::Today if scope.setting.as_of.is_some() => Some(()),
        Node::Arith(_, a, b) => {
            collect(solver, &scope.inside(place, *a), out)?;
            collect(solver, &scope.inside(place, *b), out)
        }
        Node::Negate(a) | Node::Rescale(a) => collect(solver, &scope.inside(place, *a), out),
        Node::Call(_, args) => args.iter().try_for_each(|&arg| collect(solver, &scope.inside(place, arg), out)),
        Node::Field(_) | Node::Aggregate(_) => {
            if !matches!(scope.shape(place.expr), Shape::Units(..)) {
                return None;
            }
            if !out.contains(place) {
                out.push(place.clone());
            }
            Some(())
        }
        _ => None,
    }
}

/// The runs of values that a region allows a base.
fn runs_of(solver: &Solver<'_>, region: &Region, base: &Place) -> Vec<(i128, i128)> {
    let dim = solver.scope.subjects.iter().position(|subject| subject.key == Key::Leaf(base.clone()));
    if let Some(dim) = dim
        && let Some(cells) = region.side(dim as u32)
        && let Content::Runs(runs) = &solver.cuts[dim].content
    {
        let missing = solver.cuts[dim].missing;
        let mut allowed: Vec<(i128, i128)> = cells.iter().filter(|&cell| Some(cell) != missing).map(|cell| runs[cell as usize]).collect();
        // Amounts above zero are read more easily.
        allowed.sort_by_key(|&(low, high)| (high < 0, low < 0));
        return allowed;
    }
    match solver.scope.shape(base.expr) {
        Shape::Units(low, high) => vec![(low, high)],
        _ => Vec::new(),
    }
}

struct Search<'s, 'a> {
    solver: &'s Solver<'a>,
    computed: &'s [Wanted],
    bases: &'s [Place],
    ranges: &'s [Vec<(i128, i128)>],
    tries: u32,
}

impl Search<'_, '_> {
    /// All bases but the free one at plain values, from `at` on.
    fn with_free(&mut self, free: usize, values: &mut Vec<i128>, at: usize) -> Option<Vec<i128>> {
        if self.tries == 0 {
            return None;
        }
        if at == self.bases.len() {
            return self.seek(free, values);
        }
        if at == free {
            return self.with_free(free, values, at + 1);
        }
        for value in self.plain(at) {
            values[at] = value;
            if let Some(found) = self.with_free(free, values, at + 1) {
                return Some(found);
            }
        }
        None
    }

    /// Plain values of a base.
    fn plain(&self, base: usize) -> Vec<i128> {
        let kind = self.solver.scope.ty(self.bases[base].expr).kind;
        let mut out = Vec::new();
        for &(low, high) in &self.ranges[base] {
            out.push(number::readable(kind, low, high));
            let unit = pow10(u32::from(kind.scale().unwrap_or(0)));
            let today = self.solver.scope.setting.as_of.map_or(20_000, |day| i128::from(day.0));
            let tries: Vec<i128> = match kind {
                Type::Date => [0, 1, 7, 30, 100, 365, 1000].iter().flat_map(|days| [today - days, today + days]).collect(),
                _ => [1, 2, 5, 10, 100, 1_000, 10_000, 100_000, 1_000_000, -1, -100].iter().map(|n| n * unit).collect(),
            };
            out.extend(tries.into_iter().filter(|value| low <= *value && *value <= high));
            out.extend([low, high].into_iter().filter(|value| value.abs() < FAR));
        }
        let mut seen = Vec::new();
        out.retain(|value| {
            !seen.contains(value) && {
                seen.push(*value);
                true
            }
        });
        out
    }

    /// A value of the free base that brings the first computed value into its runs, and the others with it.
    fn seek(&mut self, free: usize, values: &mut [i128]) -> Option<Vec<i128>> {
        for &(low, high) in &self.ranges[free].clone() {
            let (low, high) = (low.max(-FAR), high.min(FAR));
            for value in self.plain(free) {
                values[free] = value;
                if self.fits(values) {
                    return Some(values.to_vec());
                }
            }
            for run in self.computed[0].runs.clone() {
                if let Some(value) = self.halve(free, values, (low, high), run) {
                    values[free] = value;
                    if self.fits(values) {
                        return Some(values.to_vec());
                    }
                }
            }
        }
        None
    }

    /// Where the first computed value enters a run, if it only rises or only falls with the free base.
    fn halve(&mut self, free: usize, values: &mut [i128], (mut low, mut high): (i128, i128), run: (i128, i128)) -> Option<i128> {
        let first = self.computed[0].place.clone();
        let mut value = |search: &mut Self, at: i128| {
            values[free] = at;
            search.tries = search.tries.saturating_sub(1);
            search.compute(&first, values).as_ref().and_then(units_of)
        };
        let (at_low, at_high) = (value(self, low)?, value(self, high)?);
        let rising = at_low <= at_high;
        let target = if rising { run.0 } else { run.1 };
        while low < high && self.tries > 0 {
            let middle = low + (high - low).div_euclid(2);
            let reached = value(self, middle)?;
            let there = if rising { reached >= target } else { reached <= target };
            if there { high = middle } else { low = middle + 1 }
        }
        Some(low)
    }

    /// Whether values bring all that is computed into its runs.
    fn fits(&mut self, values: &[i128]) -> bool {
        self.tries = self.tries.saturating_sub(1);
        self.computed.iter().all(|wanted| {
            let units = self.compute(&wanted.place, values).as_ref().and_then(units_of);
            units.is_some_and(|units| wanted.runs.iter().any(|&(low, high)| low <= units && units <= high))
        })
    }

    fn compute(&self, place: &Place, values: &[i128]) -> Option<Value> {
        let scope = &self.solver.scope;
        let said = |at: &Place| {
            let base = self.bases.iter().position(|base| base == at)?;
            value_of(scope.ty(at.expr).kind, values[base])
        };
        scope.compute(place, &said)
    }
}
