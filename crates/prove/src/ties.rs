//! What labels and the fields they come from say of one another, and what it means that two fields are equal.

use crate::cut::Content;
use crate::formula::{Formula, Outcomes};
use crate::plan::answers;
use crate::scope::Scope;
use crate::solver::Solver;
use crate::space::{Dim, Region};
use crate::subject::{Key, Place, Shape, Test, TextAsk, TextTest};
use crate::verdict::Held;
use kamrules_model::{DecisionId, Node, Outcome, Type, Value};

/// A set with more answers than this is not tied to its labels.
const MOST_ANSWERS: usize = 400;

/// Labels that rows cannot have: those whose rungs do not hold. Only of sets that share something with what is asked already.
pub(crate) fn labels(scope: &mut Scope<'_>, done: &mut Vec<u32>) -> Vec<Formula> {
    let mut out = Vec::new();
    for subject in 0..scope.subjects.len() as u32 {
        let Some((place, decision)) = label_of(scope, subject) else { continue };
        if done.contains(&subject)
            || !place.path.is_empty()
            || scope.setting.model.decision(decision).rungs.len() > MOST_ANSWERS
            || borrows(scope, decision)
        {
            continue;
        }
        done.push(subject);
        let known = scope.subjects.len() as u32;
        let mut trial = Vec::new();
        let mut shares = false;
        for answer in answers(scope, decision) {
            answer.when.literals(&mut |literal| shares |= literal.subject < known && literal.subject != subject);
            trial.push(answer);
        }
        if !shares || trial.len() > MOST_ANSWERS {
            continue;
        }
        let Type::Label(set) = scope.ty(place.expr).kind else { continue };
        let names: Vec<String> = scope.setting.model.set(set).labels.iter().map(|label| label.name.clone()).collect();
        for (code, name) in names.iter().enumerate() {
            let given = trial.iter().filter(|answer| answer.name == *name);
            let given: Vec<Formula> =
                given.map(|answer| answer.when.clone().and(Formula::all(answer.taken.iter().map(Formula::not)))).collect();
            if given.is_empty() {
                continue;
            }
            let has = scope.is(subject, Test::Values(vec![code as u32]), Outcomes::YES);
            out.push(has.and(Formula::any(given).not()));
        }
    }
    out
}

/// Whether a rung gives the label of another row, which can be any.
fn borrows(scope: &Scope<'_>, id: DecisionId) -> bool {
    scope.setting.model.decision(id).rungs.iter().any(|rung| match rung.outcome {
        Outcome::Nested(inner) => borrows(scope, inner),
        Outcome::Value(_) => true,
        _ => false,
    })
}

/// The decision that a subject is the label of.
fn label_of(scope: &Scope<'_>, subject: u32) -> Option<(Place, DecisionId)> {
    match &scope.subjects[subject as usize].key {
        Key::Leaf(place) => match scope.node(place.expr) {
            Node::Decide(decision) if matches!(scope.ty(place.expr).kind, Type::Label(_)) => Some((place.clone(), *decision)),
            _ => None,
        },
        _ => None,
    }
}

/// A region around this one in which a text is one that is named, and has parts that this one has not, or lacks parts that it has.
pub(crate) fn named_text(solver: &Solver<'_>, region: &Region) -> Option<Region> {
    let model = solver.scope.setting.model;
    let parts: Vec<(Dim, &Place, &TextTest, Vec<u32>)> = region
        .sides()
        .iter()
        .filter_map(|(dim, cells)| match solver.key(*dim) {
            Key::Part(place, test) => Some((*dim, place, test, codes(solver, *dim, cells))),
            _ => None,
        })
        .collect();
    parts.iter().find_map(|(_, place, ..)| {
        let dim = dim_of(solver, place)?;
        let side = region.side(dim)?;
        let Content::Texts(texts) = &solver.cuts[dim as usize].content else { return None };
        if side.iter().any(|cell| !is_single(solver, dim, cell)) {
            return None;
        }
        let own: Vec<_> = parts.iter().filter(|(_, other, ..)| other == place).collect();
        let fits =
            |text: &String| own.iter().all(|(_, _, test, wanted)| wanted.contains(&u32::from(crate::cut::text::passes(model, test, text))));
        if side.iter().filter_map(|cell| texts.get(cell as usize)).any(fits) {
            return None;
        }
        let mut lemma = Region::whole().within(dim, side)?;
        for (part, ..) in own {
            lemma = lemma.within(*part, region.side(*part)?)?;
        }
        Some(lemma)
    })
}

/// A region around this one in which two fields are said to be equal and cannot be, or different and cannot be.
pub(crate) fn lemma(solver: &Solver<'_>, region: &Region) -> Option<Region> {
    region.sides().iter().find_map(|(dim, cells)| {
        let (a, b) = unordered(solver, *dim)?;
        let ((one, one_open), (other, other_open)) = (candidates(solver, region, a, b)?, candidates(solver, region, b, a)?);
        let wanted = codes(solver, *dim, cells);
        let may_equal = one.iter().any(|value| other.contains(value));
        let may_differ = one_open || other_open || one.iter().any(|x| other.iter().any(|y| x != y));
        if (wanted.contains(&1) && may_equal) || (wanted.contains(&0) && may_differ) {
            return None;
        }
        let mut lemma = Region::whole().within(*dim, cells)?;
        for place in [a, b] {
            if let Some((dim, side)) = dim_of(solver, place).and_then(|dim| region.side(dim).map(|side| (dim, side))) {
                lemma = lemma.within(dim, side)?;
            }
        }
        Some(lemma)
    })
}

/// Values for the fields that a region says to be equal or different; none, if what is compared are no such fields.
pub(crate) fn related(solver: &Solver<'_>, region: &Region) -> Option<Vec<(Place, Held)>> {
    let mut out: Vec<(Place, Held)> = Vec::new();
    for (dim, cells) in region.sides() {
        if !matches!(solver.key(*dim), Key::Relation(..)) {
            continue;
        }
        let (a, b) = unordered(solver, *dim)?;
        let wanted = codes(solver, *dim, cells);
        let ((one, _), (other, _)) = (candidates(solver, region, a, b)?, candidates(solver, region, b, a)?);
        let fits = |x: &Value, y: &Value| wanted.contains(&u32::from(x == y));
        let said = |place: &Place, value: &Value| {
            out.iter().find(|(known, _)| known == place).is_none_or(|(_, held)| *held == Held::Value(value.clone()))
        };
        let pair = one.iter().flat_map(|x| other.iter().map(move |y| (x, y))).find(|(x, y)| fits(x, y) && said(a, x) && said(b, y))?;
        for (place, value) in [(a, pair.0), (b, pair.1)] {
            if !out.iter().any(|(known, _)| known == place) {
                out.push((place.clone(), Held::Value(value.clone())));
            }
        }
    }
    Some(out)
}

fn unordered<'s>(solver: &'s Solver<'_>, dim: Dim) -> Option<(&'s Place, &'s Place)> {
    let Key::Relation(a, b) = solver.key(dim) else { return None };
    let plain = |place: &Place| {
        let kind = solver.scope.ty(place.expr).kind;
        matches!(solver.scope.node(place.expr), Node::Field(_)) && matches!(kind, Type::Text { .. } | Type::Pick(_) | Type::Flag)
    };
    (plain(a) && plain(b)).then_some((a, b))
}

fn codes(solver: &Solver<'_>, dim: Dim, cells: &crate::space::Cells) -> Vec<u32> {
    match &solver.cuts[dim as usize].content {
        Content::Values(values) => cells.iter().filter_map(|cell| values.get(cell as usize)).flatten().copied().collect(),
        _ => Vec::new(),
    }
}

fn dim_of(solver: &Solver<'_>, place: &Place) -> Option<Dim> {
    solver.scope.subjects.iter().position(|subject| subject.key == Key::Leaf(place.clone())).map(|dim| dim as Dim)
}

/// Values of a field that a region allows, among them all that matter beside those of the other; and whether there are more.
fn candidates(solver: &Solver<'_>, region: &Region, place: &Place, beside: &Place) -> Option<(Vec<Value>, bool)> {
    let kind = solver.scope.ty(place.expr).kind;
    let dim = dim_of(solver, place);
    let side = dim.and_then(|dim| region.side(dim));
    if let Shape::Values(count) = solver.scope.shape(place.expr) {
        let allowed: Vec<u32> = match (dim, side) {
            (Some(dim), Some(side)) => codes(solver, dim, side),
            _ => (0..count).collect(),
        };
        let value = |code: u32| if kind == Type::Flag { Value::Flag(code == 1) } else { Value::Pick(code) };
        return Some((allowed.into_iter().map(value).collect(), false));
    }
    let model = solver.scope.setting.model;
    let mut texts: Vec<String> = ["X", "Y"].map(str::to_owned).to_vec();
    for dim in [dim, dim_of(solver, beside)].into_iter().flatten() {
        if let Content::Texts(known) = &solver.cuts[dim as usize].content {
            texts.extend(known.iter().cloned());
        }
        texts.extend(named(solver, dim).iter().map(|&sym| model.texts.get(sym).to_string()));
    }
    let allowed = |text: &String| match (dim, side) {
        (Some(dim), Some(side)) => cell_of(solver, dim, text).is_some_and(|cell| side.contains(cell)),
        _ => true,
    };
    let values = texts.iter().filter(|text| allowed(text)).map(|text| Value::Text(model.texts.intern(text))).collect();
    let open = match (dim, side) {
        (Some(dim), Some(side)) => side.iter().any(|cell| !is_single(solver, dim, cell)),
        _ => true,
    };
    Some((values, open))
}

/// The texts that the tests on a subject name.
fn named(solver: &Solver<'_>, dim: Dim) -> Vec<kamrules_model::Sym> {
    let tests = &solver.scope.subjects[dim as usize].tests;
    let listed = tests.iter().filter_map(|test| match test {
        Test::Text(TextTest { ask: TextAsk::In(texts), .. }) => Some(texts),
        _ => None,
    });
    listed.flatten().copied().take(200).collect()
}

/// The cell that a text lies in.
pub(crate) fn cell_of(solver: &Solver<'_>, dim: Dim, text: &str) -> Option<u32> {
    let (subject, cut) = (&solver.scope.subjects[dim as usize], &solver.cuts[dim as usize]);
    let model = solver.scope.setting.model;
    let passed: Vec<bool> = subject
        .tests
        .iter()
        .map(|test| match test {
            Test::Text(test) => crate::cut::text::passes(model, test, text),
            _ => true,
        })
        .collect();
    (0..cut.count)
        .filter(|&cell| Some(cell) != cut.missing)
        .find(|&cell| passed.iter().enumerate().all(|(i, &yes)| cut.passed[i].contains(cell) == yes))
}

/// Whether a cell holds one text only.
fn is_single(solver: &Solver<'_>, dim: Dim, cell: u32) -> bool {
    let (subject, cut) = (&solver.scope.subjects[dim as usize], &solver.cuts[dim as usize]);
    subject.tests.iter().enumerate().any(|(i, test)| {
        let one = matches!(test, Test::Text(TextTest { views, ask: TextAsk::In(texts) }) if views.is_empty() && texts.len() == 1);
        one && cut.passed[i].contains(cell)
    })
}
