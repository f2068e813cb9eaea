//! Example rows: of a region the most readable point, said in values of fields and of what is computed.

use crate::Place;
use crate::cut::{Content, number, value_of};
use crate::realise::{is_computed, realise};
use crate::solver::Solver;
use crate::space::{Dim, Region};
use crate::subject::{Key, TextAsk, TextTest};
use crate::ties::related;
use crate::verdict::{Example, Held};
use kamrules_model::{AggOp, Aggregate, EntityId, ExprId, Node, Type, Value};
use rustc_hash::FxHashSet;

/// An example of a region, and whether it surely can exist.
pub(crate) fn example(solver: &Solver<'_>, region: &Region, entity: Option<EntityId>) -> (Example, bool) {
    let mut values: Vec<(Place, Held)> = Vec::new();
    let found = solver.bounds().values(solver, region);
    let mut whole = found.is_some();
    let mut bound = found.unwrap_or_default();
    let realised = if bound.is_empty() { realise(solver, region) } else { None };
    let apart = realised.is_some();
    bound.extend(realised.unwrap_or_default());
    let related = related(solver, region);
    let texts = with_parts(solver, region);
    values.extend(texts.iter().flatten().cloned());
    // What is computed from fields is what they give, and is not to be said beside them.
    for (place, units) in &bound {
        if is_computed(solver, place) {
            whole = false;
            continue;
        }
        if let Some(value) = value_of(solver.scope.ty(place.expr).kind, *units) {
            values.push((place.clone(), Held::Value(value)));
        }
    }
    for (place, held) in related.iter().flatten() {
        if !values.iter().any(|(known, _)| known == place) {
            values.push((place.clone(), held.clone()));
        }
    }
    for (dim, cells) in region.sides() {
        let Key::Leaf(place) = solver.key(*dim) else { continue };
        if values.iter().any(|(known, _)| known == place) {
            continue;
        }
        if is_computed(solver, place) && !matches!(solver.cuts[*dim as usize].content, Content::Texts(_)) {
            whole &= apart;
            continue;
        }
        let cut = &solver.cuts[*dim as usize];
        // The missing value only where nothing else will do.
        let known = cells.iter().filter(|&cell| Some(cell) != cut.missing);
        let held = match known.min_by_key(|&cell| strangeness(solver, *dim, cell)) {
            Some(cell) => held(solver, *dim, cell),
            None => Some(Held::Missing),
        };
        values.extend(held.map(|held| (place.clone(), held)));
    }
    // In the order of the fields, as the reader knows them.
    values.sort_by_cached_key(|(place, _)| {
        let field = match solver.scope.node(place.expr) {
            Node::Field(field) => field.index,
            _ => u32::MAX,
        };
        (place.path.clone(), field, place.expr)
    });
    let sure = whole && texts.is_some() && related.is_some() && (apart || is_sure(solver, region)) && aggregates_apart(solver, &values);
    (Example { entity, values }, sure)
}

/// Texts that have the parts that a region says, and lie in the region otherwise; none, if no such text was found.
fn with_parts(solver: &Solver<'_>, region: &Region) -> Option<Vec<(Place, Held)>> {
    let model = solver.scope.setting.model;
    let mut asked: Vec<(&Place, Vec<(&TextTest, bool)>)> = Vec::new();
    for (dim, cells) in region.sides() {
        let Key::Part(place, test) = solver.key(*dim) else { continue };
        let Content::Values(values) = &solver.cuts[*dim as usize].content else { continue };
        let yes = cells.iter().any(|cell| values.get(cell as usize).is_some_and(|values| values.contains(&1)));
        match asked.iter_mut().find(|(known, _)| *known == place) {
            Some((_, tests)) => tests.push((test, yes)),
            None => asked.push((place, vec![(test, yes)])),
        }
    }
    let mut out = Vec::new();
    for (place, tests) in asked {
        let own = (0..).zip(&solver.scope.subjects).find(|(_, subject)| subject.key == Key::Leaf(place.clone()));
        let bases: Vec<String> = match own.as_ref().and_then(|(dim, _)| region.side(*dim).map(|side| (*dim, side))) {
            Some((dim, side)) => match &solver.cuts[dim as usize].content {
                Content::Texts(texts) => side.iter().filter_map(|cell| texts.get(cell as usize).cloned()).take(20).collect(),
                _ => Vec::new(),
            },
            None => vec![String::new()],
        };
        let wanted: Vec<String> = tests.iter().filter(|(_, yes)| *yes).flat_map(|(test, _)| parts_of(model, test)).collect();
        let fits = |text: &String| !text.is_empty() && tests.iter().all(|(test, yes)| crate::cut::text::passes(model, test, text) == *yes);
        let all = bases.iter().flat_map(|base| {
            let joined = wanted.join(" ");
            [base.clone(), joined.clone(), format!("{base} {joined}"), format!("{base}{joined}"), "other".into(), "~".into()]
        });
        // The text lies where the region has it as a whole, too.
        let own_side = own.as_ref().and_then(|(dim, _)| region.side(*dim).map(|side| (*dim, side)));
        let mut all = all.into_iter();
        let text = all.find(|text| {
            fits(text) && own_side.is_none_or(|(dim, side)| crate::ties::cell_of(solver, dim, text).is_some_and(|cell| side.contains(cell)))
        })?;
        out.push((place.clone(), Held::Value(Value::Text(model.texts.intern(&text)))));
    }
    Some(out)
}

fn parts_of(model: &kamrules_model::Model, test: &TextTest) -> Vec<String> {
    let text = |value: &Value| if let Value::Text(sym) = value { Some(model.texts.get(*sym).to_string()) } else { None };
    match &test.ask {
        TextAsk::In(texts) => texts.iter().take(1).map(|&sym| model.texts.get(sym).to_string()).collect(),
        TextAsk::Call(_, rest) => rest.iter().filter_map(text).collect(),
        TextAsk::Length(_) => Vec::new(),
    }
}

/// How little a reader would choose a cell: what no rule names is stranger than what one does.
fn strangeness(solver: &Solver<'_>, dim: Dim, cell: u32) -> (u32, u32) {
    match &solver.cuts[dim as usize].content {
        // A bounded run says more than one without end; runs above zero more than those below.
        Content::Runs(runs) => {
            let (low, high) = runs[cell as usize];
            (u32::from(low < 0) + u32::from(high < 0), cell)
        }
        _ => (0, cell),
    }
}

fn held(solver: &Solver<'_>, dim: Dim, cell: u32) -> Option<Held> {
    let Key::Leaf(place) = solver.key(dim) else { return None };
    let kind = solver.scope.ty(place.expr).kind;
    let value = match &solver.cuts[dim as usize].content {
        Content::Runs(runs) => {
            let (low, high) = runs[cell as usize];
            value_of(kind, number::readable(kind, low, high))?
        }
        Content::Values(cells) => {
            let first = *cells[cell as usize].first()?;
            match kind {
                Type::Flag => Value::Flag(first == 1),
                Type::Pick(_) => Value::Pick(first),
                Type::Label(_) => Value::Label(kamrules_model::LabelValue { code: first, row: 0 }),
                _ => return None,
            }
        }
        Content::Texts(texts) => Value::Text(solver.scope.setting.model.texts.intern(&texts[cell as usize])),
        Content::There => return Some(Held::There),
    };
    Some(Held::Value(value))
}

/// Whether an example can surely be: not if two of its values are computed from the same, nor if it hangs on how two values
/// compare that are taken as they come.
fn is_sure(solver: &Solver<'_>, region: &Region) -> bool {
    let mut used: FxHashSet<Place> = FxHashSet::default();
    for (dim, _) in region.sides() {
        match solver.key(*dim) {
            Key::Leaf(place) => {
                let base = base(solver, place);
                if base.iter().any(|place| used.contains(place)) {
                    return false;
                }
                used.extend(base);
            }
            Key::Difference(..) | Key::Relation(..) | Key::Part(..) => {}
            Key::Each(..) => return false,
        }
    }
    true
}

/// Whether no two aggregates of an example hang together: over other entities, over periods apart, sums of other amounts, or counts of
/// which it is known that one counts rows of the other.
fn aggregates_apart(solver: &Solver<'_>, values: &[(Place, Held)]) -> bool {
    let found: Vec<(&Place, &Aggregate)> = values
        .iter()
        .filter_map(|(place, _)| match solver.scope.node(place.expr) {
            Node::Aggregate(aggregate) => Some((place, aggregate.as_ref())),
            _ => None,
        })
        .collect();
    // What is added up over all rows of the entity has the example's own row among them.
    let of_own = |aggregate: &Aggregate| {
        aggregate.keys.is_empty()
            && values.iter().any(|(place, _)| {
                place.path.is_empty() && matches!(solver.scope.node(place.expr), Node::Field(field) if field.entity == aggregate.rows)
            })
    };
    if found.iter().any(|(_, aggregate)| of_own(aggregate)) {
        return false;
    }
    found.iter().enumerate().all(|(i, (a, one))| {
        found[i + 1..].iter().all(|(b, other)| {
            one.rows != other.rows
                || a.path != b.path
                || periods_apart(solver, one.filter, other.filter)
                || (one.op == AggOp::Sum && other.op == AggOp::Sum && one.value != other.value)
                || solver.bounds().ordered(a, b)
        })
    })
}

fn periods_apart(solver: &Solver<'_>, one: Option<ExprId>, other: Option<ExprId>) -> bool {
    let periods = |filter: Option<ExprId>| {
        let mut parts = Vec::new();
        filter.iter().for_each(|&filter| crate::plan::conjuncts(&solver.scope, filter, &mut parts));
        let calendar = &solver.scope.setting.model.settings.calendar;
        let bounds = parts.into_iter().filter_map(|part| match solver.scope.node(part) {
            Node::InPeriod(day, period) => match solver.scope.node(*period) {
                Node::Const(Value::Period(period)) => calendar.bounds(*period).map(|bounds| (*day, bounds)),
                _ => None,
            },
            _ => None,
        });
        bounds.collect::<Vec<_>>()
    };
    let (mine, theirs) = (periods(one), periods(other));
    mine.iter().any(|(day, (first, last))| theirs.iter().any(|(other, (start, end))| day == other && (last < start || end < first)))
}

/// The fields that a value hangs on. What is said of a row's place among all others hangs on none of its own.
fn base(solver: &Solver<'_>, place: &Place) -> Vec<Place> {
    let (mut out, mut open, mut seen) = (Vec::new(), vec![place.clone()], FxHashSet::default());
    while let Some(at) = open.pop() {
        if !seen.insert(at.clone()) {
            continue;
        }
        let scope = &solver.scope;
        let mut push = |expr| open.push(scope.inside(&at, expr));
        match scope.node(at.expr) {
            Node::Population(_) | Node::Const(_) | Node::Today | Node::Missing | Node::Row(_) => {}
            Node::Not(a) | Node::Negate(a) | Node::IsKnown(a) | Node::Rescale(a) | Node::OneOf(a, _) | Node::InList(a, _) => push(*a),
            Node::LabelIn(a, _) | Node::LabelRow(a, _) => push(*a),
            Node::And(a, b)
            | Node::Or(a, b)
            | Node::Arith(_, a, b)
            | Node::Compare(_, a, b)
            | Node::OrElse(a, b)
            | Node::InPeriod(a, b) => {
                push(*a);
                push(*b);
            }
            Node::If(a, b, c) => [*a, *b, *c].into_iter().for_each(&mut push),
            Node::Call(_, args) => args.iter().copied().for_each(&mut push),
            _ => out.push(at.clone()),
        }
    }
    out
}
