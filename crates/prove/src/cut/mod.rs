//! Cuts the values of each subject into cells: values of one cell pass the same tests.
//!
//! The cell of the missing value, where there is one, is the last.

pub(crate) mod number;
pub(crate) mod text;

use crate::formula::Outcomes;
use crate::scope::{Scope, Subject};
use crate::space::Cells;
use crate::subject::{Key, Shape, Test};
use kamrules_model::{DurationKind, Node, Type};

/// The cells of a subject.
pub(crate) struct Cut {
    /// What is in each cell, the missing value's not among them.
    pub content: Content,
    /// How many cells there are.
    pub count: u32,
    /// The missing value's cell.
    pub missing: Option<u32>,
    /// By test, the cells of values that pass it.
    pub passed: Vec<Cells>,
}

/// What is in cells.
pub(crate) enum Content {
    /// Runs of units, both ends inside, ascending.
    Runs(Vec<(i128, i128)>),
    /// Values that pass the same tests.
    Values(Vec<Vec<u32>>),
    /// A text that stands for the others.
    Texts(Vec<String>),
    /// That there is something.
    There,
}

impl Cut {
    /// The cells that a literal's outcomes allow.
    pub fn cells(&self, test: u32, outcomes: Outcomes) -> Cells {
        let passed = &self.passed[test as usize];
        let mut cells = Cells::none(self.count);
        if outcomes.has(Outcomes::YES) {
            cells = cells.or(passed);
        }
        if outcomes.has(Outcomes::NO) {
            let mut not = passed.not();
            if let Some(missing) = self.missing {
                not = not.minus(&Cells::range(self.count, missing, missing + 1));
            }
            cells = cells.or(&not);
        }
        if let (true, Some(missing)) = (outcomes.has(Outcomes::MISSING), self.missing) {
            cells = cells.or(&Cells::range(self.count, missing, missing + 1));
        }
        cells
    }
}

/// The cells of a subject.
pub(crate) fn cut(scope: &Scope<'_>, subject: &Subject) -> Cut {
    let (content, passed) = match &subject.shape {
        Shape::Units(low, high) => {
            let runs: Vec<&[(i128, i128)]> =
                subject.tests.iter().map(|test| if let Test::Units(runs) = test { runs.as_slice() } else { &[] }).collect();
            let cells = number::cut(*low, *high, &runs);
            let passed = subject.tests.iter().map(|test| number::passed(&cells, test, subject.misses)).collect();
            (Content::Runs(cells), passed)
        }
        Shape::Values(count) => values(scope, subject, *count),
        Shape::Relation { ordered } => values(scope, subject, if *ordered { 3 } else { 2 }),
        Shape::Text => text::cut(scope.setting.model, subject),
        Shape::There => {
            let count = 1 + u32::from(subject.misses);
            let passed = subject.tests.iter().map(|test| Cells::filter(count, |cell| cell == 0 && *test == Test::Any)).collect();
            (Content::There, passed)
        }
    };
    let values = match &content {
        Content::Runs(cells) => cells.len(),
        Content::Values(cells) => cells.len(),
        Content::Texts(cells) => cells.len(),
        Content::There => 1,
    } as u32;
    Cut { content, count: values + u32::from(subject.misses), missing: subject.misses.then_some(values), passed }
}

fn values(scope: &Scope<'_>, subject: &Subject, count: u32) -> (Content, Vec<Cells>) {
    let passes = |value: u32, test: &Test| match test {
        Test::Any => true,
        Test::Values(values) => values.binary_search(&value).is_ok(),
        _ => false,
    };
    // Values that pass the same tests share a cell.
    let mut cells: Vec<(Vec<bool>, Vec<u32>)> = Vec::new();
    for value in (0..count).filter(|&value| is_possible(scope, subject, value)) {
        let signature: Vec<bool> = subject.tests.iter().map(|test| passes(value, test)).collect();
        match cells.iter_mut().find(|cell| cell.0 == signature) {
            Some(cell) => cell.1.push(value),
            None => cells.push((signature, vec![value])),
        }
    }
    if cells.is_empty() {
        cells.push((subject.tests.iter().map(|test| *test == Test::Any).collect(), vec![0]));
    }
    let total = cells.len() as u32 + u32::from(subject.misses);
    let passed = (0..subject.tests.len())
        .map(|test| Cells::filter(total, |cell| cells.get(cell as usize).is_some_and(|cell| cell.0[test])))
        .collect();
    (Content::Values(cells.into_iter().map(|cell| cell.1).collect()), passed)
}

// A label in which others are nested is no answer, and a `match` or `if` of labels gives only those in its arms.
fn is_possible(scope: &Scope<'_>, subject: &Subject, value: u32) -> bool {
    match &subject.key {
        Key::Leaf(place) => match scope.ty(place.expr).kind {
            Type::Label(set) => {
                let given = |decision: &kamrules_model::DecisionId| gives(scope, *decision).contains(&value);
                let model = scope.setting.model;
                !model.set(set).labels[value as usize].group
                    && match scope.node(place.expr) {
                        Node::Decide(decision) => given(decision),
                        _ => true,
                    }
            }
            _ => true,
        },
        Key::Relation(..) | Key::Difference(..) | Key::Part(..) | Key::Each(..) => true,
    }
}

/// The labels that a decision can give, by what its rungs say.
fn gives(scope: &Scope<'_>, id: kamrules_model::DecisionId) -> Vec<u32> {
    use kamrules_model::Outcome;
    let model = scope.setting.model;
    let mut out = Vec::new();
    for rung in &model.decision(id).rungs {
        match rung.outcome {
            Outcome::Label(code) => out.push(code),
            Outcome::Nested(inner) => out.extend(gives(scope, inner)),
            Outcome::Value(_) | Outcome::Points(_) => {
                let all = model.decision(id).set.map_or(0, |set| model.set(set).labels.len());
                out.extend(0..all as u32);
            }
        }
    }
    out
}

/// The units of a type, for people: days of dates and so on stay as they are.
pub(crate) fn value_of(kind: Type, units: i128) -> Option<kamrules_model::Value> {
    use kamrules_model::{Duration, Value};
    Some(match kind {
        Type::Number { .. } | Type::Money { .. } => Value::Num(units),
        Type::Date => Value::Date(i32::try_from(units).ok()?),
        Type::Time => Value::Time(i64::try_from(units).ok()?),
        Type::Duration(DurationKind::Days) => Value::Duration(Duration { days: i32::try_from(units).ok()?, ..Duration::default() }),
        Type::Duration(DurationKind::Months) => Value::Duration(Duration { months: i32::try_from(units).ok()?, ..Duration::default() }),
        Type::Duration(DurationKind::Clock) => Value::Duration(Duration { seconds: i64::try_from(units).ok()?, ..Duration::default() }),
        _ => return None,
    })
}
