//! What differences say: when `x - y` lies in a run, and `y - z` in another, `x` and `z` are bound to one another.
//!
//! A region is possible only if there are whole numbers for all that is subtracted. It is found out by shortest paths; a cycle
//! that gets shorter and shorter names the bounds that cannot be together, and these make a region that no row lies in.

use crate::cut::Content;
use crate::scope::Scope;
use crate::solver::Solver;
use crate::space::{Cells, Dim, Region};
use crate::subject::{Key, Place, Shape};
use kamrules_base::Date;
use kamrules_base::decimal::pow10;
use kamrules_model::{AggOp, Aggregate, ArithOp, ExprId, Node, Type, Value};

/// Beyond this no number is told from another; sums of several such do not overflow.
const FAR: i128 = 10_i128.pow(33);

/// At most so many ways to choose among runs of cells with holes between them.
const MOST_WAYS: usize = 256;

/// The subtractions of a question.
pub(crate) struct Bounds {
    terms: Vec<Term>,
    differences: Vec<Difference>,
    // The first is at most the second: counts of rows that are among others.
    orders: Vec<(usize, usize)>,
    // The first is so many days above the second: a day and that day moved by months.
    moved: Vec<(usize, usize, i128, i128)>,
    scale: u8,
}

struct Term {
    place: Place,
    // The dimension that is about it alone, if there is one.
    dim: Option<Dim>,
    scale: u8,
    low: i128,
    high: i128,
}

struct Difference {
    dim: Dim,
    first: usize,
    second: usize,
    scale: u8,
}

// `to - from <= most`, on account of a bound of a dimension.
struct Edge {
    from: usize,
    to: usize,
    most: i128,
    why: Option<(Dim, End)>,
}

// Bounds that cannot be together.
type Blame = Vec<(Dim, End)>;

#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Low,
    High,
}

impl Bounds {
    pub fn new(scope: &Scope<'_>) -> Self {
        let mut bounds = Self { terms: Vec::new(), differences: Vec::new(), orders: Vec::new(), moved: Vec::new(), scale: 0 };
        for (dim, subject) in scope.subjects.iter().enumerate() {
            let Key::Difference(a, b, scale) = &subject.key else { continue };
            let (first, second) = (bounds.term(scope, a), bounds.term(scope, b));
            bounds.scale = bounds.scale.max(*scale);
            bounds.differences.push(Difference { dim: dim as Dim, first, second, scale: *scale });
        }
        for (small, large) in among(scope) {
            let pair = (bounds.term(scope, &small), bounds.term(scope, &large));
            bounds.orders.push(pair);
        }
        for at in 0..bounds.terms.len() {
            let place = bounds.terms[at].place.clone();
            if let Some((day, low, high)) = moved_by_months(scope, &place) {
                let day = bounds.term(scope, &day);
                bounds.moved.push((at, day, low, high));
            }
        }
        bounds
    }

    fn term(&mut self, scope: &Scope<'_>, place: &Place) -> usize {
        if let Some(at) = self.terms.iter().position(|term| term.place == *place) {
            return at;
        }
        let dim = scope.subjects.iter().position(|subject| subject.key == Key::Leaf(place.clone()));
        let (low, high) = match scope.shape(place.expr) {
            Shape::Units(low, high) => (low, high),
            _ => (-FAR, FAR),
        };
        let scale = scope.ty(place.expr).kind.scale().unwrap_or(0);
        self.terms.push(Term { place: place.clone(), dim: dim.map(|dim| dim as Dim), scale, low, high });
        self.terms.len() - 1
    }

    /// Whether one of two counts is known to be at most the other.
    pub fn ordered(&self, a: &Place, b: &Place) -> bool {
        let place = |at: usize| &self.terms[at].place;
        self.orders.iter().any(|&(x, y)| (place(x) == a && place(y) == b) || (place(x) == b && place(y) == a))
    }

    /// The dimensions that hang together.
    pub fn dims(&self) -> impl Iterator<Item = Dim> + '_ {
        self.differences.iter().map(|difference| difference.dim).chain(self.terms.iter().filter_map(|term| term.dim))
    }

    /// A region around a part of this one in which no row lies, if none lies in this one.
    pub fn lemma(&self, solver: &Solver<'_>, region: &Region) -> Option<Region> {
        let side = |at: usize| self.terms[at].dim.is_some_and(|dim| region.side(dim).is_some());
        let bound = self.differences.iter().any(|difference| region.side(difference.dim).is_some());
        if !bound && !self.orders.iter().any(|&(small, large)| side(small) && side(large)) {
            return None;
        }
        let ways = self.ways(solver, region)?;
        let mut found = None;
        for way in &ways {
            match self.solve(solver, way, &[]) {
                Ok(_) => return None,
                Err(why) => found = Some(why),
            }
        }
        match (ways.len(), found) {
            (1, Some(why)) => Some(self.widened(solver, region, &ways[0], &why)),
            _ => {
                // Every way fails, each for its own reason: the dimensions as they stand.
                let sides = self.dims().filter_map(|dim| region.side(dim).map(|cells| (dim, cells)));
                sides.into_iter().try_fold(Region::whole(), |lemma, (dim, cells)| lemma.within(dim, cells))
            }
        }
    }

    /// Values for all terms whose differences a region speaks of; readable ones, chosen one after the other. None, if none were found.
    pub fn values(&self, solver: &Solver<'_>, region: &Region) -> Option<Vec<(Place, i128)>> {
        let side = |at: usize| self.terms[at].dim.is_some_and(|dim| region.side(dim).is_some());
        let missing = |at: usize| {
            let side = self.terms[at].dim.and_then(|dim| region.side(dim).map(|side| (dim, side)));
            side.is_some_and(|(dim, side)| runs_of(side, solver.cuts[dim as usize].missing).is_empty())
        };
        let mut touched: Vec<usize> = self
            .differences
            .iter()
            .filter(|difference| region.side(difference.dim).is_some() && !missing(difference.first) && !missing(difference.second))
            .flat_map(|difference| [difference.first, difference.second])
            .chain(self.orders.iter().filter(|&&(small, large)| side(small) && side(large)).flat_map(|&(small, large)| [small, large]))
            .collect();
        // Whole numbers first: decimals find their place between them, but not the other way round.
        touched.sort_by_key(|&at| (self.terms[at].scale, at));
        touched.dedup();
        if touched.is_empty() {
            return Some(Vec::new());
        }
        let unit = |at: usize| pow10(u32::from(self.scale - self.terms[at].scale));
        self.ways(solver, region)?.iter().find_map(|way| {
            let mut fixed = Vec::new();
            self.choose(solver, way, &touched, &mut fixed, &mut 200)
                .then(|| fixed.iter().map(|&(at, value)| (self.terms[at].place.clone(), value / unit(at))).collect())
        })
    }

    /// Fixes one term after the other; where that leads nowhere, at another of its values.
    fn choose(
        &self,
        solver: &Solver<'_>,
        way: &[(Dim, u32, u32)],
        terms: &[usize],
        fixed: &mut Vec<(usize, i128)>,
        tries: &mut u32,
    ) -> bool {
        let Some((&at, rest)) = terms.split_first() else { return true };
        let Ok((low, high)) = self.solve(solver, way, fixed).map(|spans| spans[at]) else { return false };
        let term = &self.terms[at];
        let unit = pow10(u32::from(self.scale - term.scale));
        let (low, high) = (-(-low).div_euclid(unit), high.div_euclid(unit));
        if low > high {
            return false;
        }
        let readable = crate::cut::number::readable(solver.scope.ty(term.place.expr).kind, low, high);
        let near = (1..8).flat_map(|step| [readable + step, readable - step]);
        for value in [readable, low, high].into_iter().chain(near).filter(|value| low <= *value && *value <= high) {
            if *tries == 0 {
                return false;
            }
            *tries -= 1;
            fixed.push((at, value * unit));
            if self.solve(solver, way, fixed).is_ok() && self.choose(solver, way, rest, fixed, tries) {
                return true;
            }
            fixed.pop();
        }
        false
    }

    // By dimension the run of cells that is looked at.
    fn ways(&self, solver: &Solver<'_>, region: &Region) -> Option<Vec<Vec<(Dim, u32, u32)>>> {
        let mut ways: Vec<Vec<(Dim, u32, u32)>> = vec![Vec::new()];
        let mut dims: Vec<Dim> = self.dims().collect();
        dims.sort_unstable();
        dims.dedup();
        for dim in dims {
            let Some(cells) = region.side(dim) else { continue };
            let runs = runs_of(cells, solver.cuts[dim as usize].missing);
            // Where only the missing value is left there is nothing to subtract: a run that ends before it begins says so.
            if runs.is_empty() {
                ways.iter_mut().for_each(|way| way.push((dim, 1, 0)));
                continue;
            }
            if ways.len() * runs.len() > MOST_WAYS {
                return None;
            }
            ways = ways
                .iter()
                .flat_map(|way| {
                    runs.iter().map(move |&(low, high)| {
                        let mut way = way.clone();
                        way.push((dim, low, high));
                        way
                    })
                })
                .collect();
        }
        Some(ways)
    }

    /// The least and the greatest value of each term; or the bounds that cannot be together.
    fn solve(&self, solver: &Solver<'_>, way: &[(Dim, u32, u32)], fixed: &[(usize, i128)]) -> Result<Vec<(i128, i128)>, Blame> {
        let edges = self.edges(solver, way, fixed);
        let zero = self.terms.len();
        // From zero forwards: the greatest values; against the edges: the least.
        let most = shortest(&edges, zero, false)?;
        let least = shortest(&edges, zero, true)?;
        let spans = (0..zero).map(|at| (-least[at], most[at])).collect();
        if self.terms.iter().all(|term| term.scale == self.scale) {
            return Ok(spans);
        }
        // Whole numbers among decimals: all bounds are looked at, since none by itself is to blame.
        self.stepped(&edges).ok_or_else(|| way.iter().flat_map(|&(dim, ..)| [(dim, End::Low), (dim, End::High)]).collect())
    }

    /// As [`Self::solve`], where terms step by different units: every bound between two is cut down to what both can reach.
    fn stepped(&self, edges: &[Edge]) -> Option<Vec<(i128, i128)>> {
        let zero = self.terms.len();
        let unit = |at: usize| if at == zero { i128::MAX } else { pow10(u32::from(self.scale - self.terms[at].scale)) };
        let mut most = vec![vec![4 * FAR; zero + 1]; zero + 1];
        (0..=zero).for_each(|at| most[at][at] = 0);
        // `most[a][b]`: how much b is above a at most.
        for edge in edges {
            let step = unit(edge.from).min(unit(edge.to));
            let cut = edge.most.div_euclid(step) * step;
            most[edge.from][edge.to] = most[edge.from][edge.to].min(cut);
        }
        for _ in 0..=zero + 1 {
            let before = most.clone();
            for through in 0..=zero {
                for from in 0..=zero {
                    for to in 0..=zero {
                        let step = unit(from).min(unit(to));
                        let way = (most[from][through] + most[through][to]).min(4 * FAR);
                        let way = if from == to { way } else { way.div_euclid(step) * step };
                        most[from][to] = most[from][to].min(way);
                    }
                }
            }
            if (0..=zero).any(|at| most[at][at] < 0) {
                return None;
            }
            if most == before {
                break;
            }
        }
        Some((0..zero).map(|at| (-most[at][zero], most[zero][at])).collect())
    }

    fn edges(&self, solver: &Solver<'_>, way: &[(Dim, u32, u32)], fixed: &[(usize, i128)]) -> Vec<Edge> {
        let zero = self.terms.len();
        let bound = |dim: Dim, scale: u8| -> Option<(i128, i128)> {
            let &(_, low, high) = way.iter().find(|(of, low, high)| *of == dim && low <= high)?;
            let Content::Runs(runs) = &solver.cuts[dim as usize].content else { return None };
            let unit = pow10(u32::from(self.scale - scale));
            Some((far(runs[low as usize].0, unit), far(runs[high as usize].1, unit)))
        };
        let mut edges = Vec::new();
        for (at, term) in self.terms.iter().enumerate() {
            let unit = pow10(u32::from(self.scale - term.scale));
            edges.push(Edge { from: zero, to: at, most: far(term.high, unit), why: None });
            edges.push(Edge { from: at, to: zero, most: -far(term.low, unit), why: None });
            if let Some(dim) = term.dim
                && let Some((low, high)) = bound(dim, term.scale)
            {
                edges.push(Edge { from: zero, to: at, most: high, why: Some((dim, End::High)) });
                edges.push(Edge { from: at, to: zero, most: -low, why: Some((dim, End::Low)) });
            }
        }
        for &(at, value) in fixed {
            edges.push(Edge { from: zero, to: at, most: value, why: None });
            edges.push(Edge { from: at, to: zero, most: -value, why: None });
        }
        for &(small, large) in &self.orders {
            edges.push(Edge { from: large, to: small, most: 0, why: None });
        }
        let unit = pow10(u32::from(self.scale));
        for &(moved, day, low, high) in &self.moved {
            edges.push(Edge { from: day, to: moved, most: high * unit, why: None });
            edges.push(Edge { from: moved, to: day, most: -low * unit, why: None });
        }
        let missing = |at: usize| self.terms[at].dim.is_some_and(|dim| way.contains(&(dim, 1, 0)));
        for difference in self.differences.iter().filter(|difference| !missing(difference.first) && !missing(difference.second)) {
            if let Some((low, high)) = bound(difference.dim, difference.scale) {
                let (first, second) = (difference.first, difference.second);
                edges.push(Edge { from: second, to: first, most: high, why: Some((difference.dim, End::High)) });
                edges.push(Edge { from: first, to: second, most: -low, why: Some((difference.dim, End::Low)) });
            }
        }
        edges
    }

    /// The region of all that fails for the same bounds.
    fn widened(&self, solver: &Solver<'_>, region: &Region, way: &[(Dim, u32, u32)], why: &[(Dim, End)]) -> Region {
        let mut lemma = Region::whole();
        for &(dim, low, high) in way {
            let needs = |end: End| why.contains(&(dim, end));
            if !needs(End::Low) && !needs(End::High) {
                continue;
            }
            let count = solver.cuts[dim as usize].count;
            let values = solver.cuts[dim as usize].missing.unwrap_or(count);
            let from = if needs(End::Low) { low } else { 0 };
            let to = if needs(End::High) { high + 1 } else { values };
            let wider = lemma.clone().within(dim, &Cells::range(count, from, to));
            lemma = wider.unwrap_or(lemma);
        }
        debug_assert!(lemma.meets(region));
        lemma
    }
}

fn far(value: i128, unit: i128) -> i128 {
    value.saturating_mul(unit).clamp(-FAR, FAR)
}

fn runs_of(cells: &Cells, missing: Option<u32>) -> Vec<(u32, u32)> {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for cell in cells.iter().filter(|&cell| Some(cell) != missing) {
        match runs.last_mut() {
            Some(run) if run.1 + 1 == cell => run.1 = cell,
            _ => runs.push((cell, cell)),
        }
    }
    runs
}

/// The shortest ways from a node along the edges (or against them); or the reasons on a cycle that has none.
fn shortest(edges: &[Edge], from: usize, against: bool) -> Result<Vec<i128>, Vec<(Dim, End)>> {
    let count = from + 1;
    let mut distance = vec![i128::MAX; count];
    let mut last: Vec<Option<usize>> = vec![None; count];
    distance[from] = 0;
    for round in 0..=count {
        let mut changed = None;
        for (i, edge) in edges.iter().enumerate() {
            let (a, b) = if against { (edge.to, edge.from) } else { (edge.from, edge.to) };
            if distance[a] != i128::MAX && distance[a] + edge.most < distance[b] {
                distance[b] = distance[a] + edge.most;
                last[b] = Some(i);
                changed = Some(b);
            }
        }
        match changed {
            None => return Ok(distance),
            Some(node) if round == count => return Err(cycle(edges, &last, node, count, against)),
            Some(_) => {}
        }
    }
    Ok(distance)
}

fn cycle(edges: &[Edge], last: &[Option<usize>], node: usize, count: usize, against: bool) -> Vec<(Dim, End)> {
    let before = |node: usize| last[node].map(|edge| if against { edges[edge].to } else { edges[edge].from });
    let mut at = node;
    for _ in 0..count {
        at = before(at).unwrap_or(at);
    }
    let (start, mut why) = (at, Vec::new());
    while let Some(edge) = last[at] {
        why.extend(edges[edge].why);
        at = before(at).unwrap_or(start);
        if at == start {
            break;
        }
    }
    why
}

/// For a day moved by months: the day, and by how many days it is moved at least and at most.
fn moved_by_months(scope: &Scope<'_>, place: &Place) -> Option<(Place, i128, i128)> {
    let Node::Arith(op @ (ArithOp::Add | ArithOp::Subtract), day, by) = scope.node(place.expr) else { return None };
    let Some(Value::Duration(by)) = scope.constant(*by) else { return None };
    if by.months == 0 || scope.ty(*day).kind != Type::Date {
        return None;
    }
    let sign = if *op == ArithOp::Add { 1 } else { -1 };
    let by = |day: Date| {
        let moved = day.add_months(sign * i64::from(by.months))?.add_days(sign * i64::from(by.days))?;
        Some(i128::from(moved.0) - i128::from(day.0))
    };
    // With leap years, and a century that is none.
    let days = |from: i32, to: i32| Some(Date::from_ymd(from, 1, 1)?.0..Date::from_ymd(to, 1, 1)?.0);
    let all = days(2024, 2029)?.chain(days(2095, 2106)?).map(|day| by(Date(day)));
    let all: Option<Vec<i128>> = all.collect();
    let all = all?;
    Some((scope.inside(place, *day), *all.iter().min()?, *all.iter().max()?))
}

/// Pairs of counts over rows of which the first counts some that the second counts as well.
fn among(scope: &Scope<'_>) -> Vec<(Place, Place)> {
    let counts: Vec<(&Place, &Aggregate)> = scope
        .subjects
        .iter()
        .filter_map(|subject| match &subject.key {
            Key::Leaf(place) => match scope.node(place.expr) {
                Node::Aggregate(aggregate) if aggregate.op == AggOp::Count && aggregate.value.is_none() => {
                    Some((place, aggregate.as_ref()))
                }
                _ => None,
            },
            _ => None,
        })
        .collect();
    let mut out = Vec::new();
    for (a, small) in &counts {
        for (b, large) in &counts {
            let alike = a != b && a.path == b.path && (small.rows, &small.keys, small.guard) == (large.rows, &large.keys, large.guard);
            if alike && narrower(scope, small.filter, large.filter) {
                out.push(((*a).clone(), (*b).clone()));
            }
        }
    }
    out
}

/// Whether one condition is another with more joined to it by `and`.
fn narrower(scope: &Scope<'_>, small: Option<ExprId>, large: Option<ExprId>) -> bool {
    let Some(large) = large else { return true };
    let Some(small) = small else { return false };
    let parts = |expr: ExprId| {
        let mut parts = Vec::new();
        crate::plan::conjuncts(scope, expr, &mut parts);
        parts
    };
    let has = parts(small);
    parts(large).iter().all(|part| has.contains(part))
}
