//! Why: for one row, every value, every decision with its rungs and what each hung on, quotas, obligations and cadences.

use crate::evaluate::{Data, Request};
use crate::{Policy, gather};
use kamrules_base::codes::NO_SUCH_ROW;
use kamrules_base::{Date, Finding, Sources, Span, World, near};
use kamrules_eval::rows::{self, Held, Operand, RungTrace, Trace, Walk};
use kamrules_model::{ActionId, Book, Cell, EntityId, ExprId, Model, Node, Period, SetId, Type, Value};

/// A row of the book.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowRef {
    /// The entity.
    pub entity: EntityId,
    /// The row.
    pub row: u32,
}

/// A value with its name and type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// What it is called.
    pub name: String,
    /// What it is.
    pub cell: Cell,
    /// Of which type.
    pub ty: Type,
}

/// Everything the policy says of one row, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The row.
    pub at: RowRef,
    /// Its key.
    pub key: String,
    /// Where it was loaded from, and the row a spreadsheet shows there.
    pub source: (String, u32),
    /// Its fields.
    pub fields: Vec<Shown>,
    /// Its derived values.
    pub defines: Vec<Shown>,
    /// The decisions about it.
    pub decisions: Vec<DecisionWhy>,
    /// The quotas it holds.
    pub quotas: Vec<QuotaWhy>,
    /// The obligations it is subject to.
    pub obligations: Vec<ObligationWhy>,
    /// The cadences it is subject to.
    pub cadences: Vec<CadenceWhy>,
}

/// How a decision fell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionWhy {
    /// The set.
    pub set: SetId,
    /// The answer.
    pub answer: Cell,
    /// Its type.
    pub ty: Type,
    /// What the set's `where` says, when it leaves the row out.
    pub outside: Option<Reason>,
    /// The rungs that were looked at, in order, nested ones below theirs.
    pub steps: Vec<Step>,
    /// The answer's attributes.
    pub attrs: Vec<Shown>,
    /// The action a tree leads to, with its attributes.
    pub action: Option<(ActionId, Vec<Shown>)>,
}

/// One rung, as it was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// How deep it is nested.
    pub depth: usize,
    /// What it is called.
    pub name: String,
    /// The question whose branch it is, on the first branch.
    pub question: Option<String>,
    /// What came of it.
    pub state: StepState,
    /// What it hung on.
    pub reasons: Vec<Reason>,
    /// Where it is written.
    pub span: Span,
}

/// What came of a rung.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepState {
    /// It holds and gives the answer.
    Won,
    /// It holds, but one that overrides it or stands above it wins.
    Beaten,
    /// It holds, and so does another: a conflict.
    Conflict,
    /// It does not hold.
    No,
    /// Its condition cannot be computed.
    Fault,
    /// One above it won already.
    NotReached,
}

impl StepState {
    /// The word that is printed.
    pub fn word(self) -> &'static str {
        match self {
            Self::Won => "yes",
            Self::Beaten => "holds, but another wins",
            Self::Conflict => "holds, and so does another",
            Self::No => "no",
            Self::Fault => "cannot be computed",
            Self::NotReached => "not reached",
        }
    }
}

/// A part of a condition: as written, whether it holds, and the values in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// As it is written.
    pub text: String,
    /// What it gives.
    pub holds: Cell,
    /// The values it hangs on.
    pub values: Vec<Shown>,
}

/// A quota in one period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuotaWhy {
    /// Its index in the model.
    pub quota: usize,
    /// The period.
    pub period: Period,
    /// Whether the period is yet to begin: then there is a target only.
    pub ahead: bool,
    /// Target, actual, attainment, remaining: as far as the quota has them.
    pub values: Vec<Shown>,
}

/// An obligation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObligationWhy {
    /// Its index in the model.
    pub obligation: usize,
    /// Whether it holds, and what that hung on.
    pub reasons: Vec<Reason>,
    /// The whole.
    pub holds: Cell,
}

/// A cadence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CadenceWhy {
    /// Its index in the model.
    pub cadence: usize,
    /// The day it is due.
    pub due: Cell,
}

impl Policy {
    /// Why everything about one row is as it is. The key may name its entity first, `account:17`; without it each row of that
    /// key is explained. The book that the values speak of comes with it.
    ///
    /// # Errors
    /// When there is no such row, or the data cannot be loaded.
    pub fn explain(&self, world: &dyn World, request: &Request, key: &str) -> Result<(Book, Vec<Explanation>), Vec<Finding>> {
        let Data { options, loaded } = self.load(world, request)?;
        let rows = find(self.model(), &loaded.book, key)?;
        let walk = Walk::new(self.model(), &loaded.book, options.as_of);
        let ask = Ask { model: self.model(), sources: &self.sources, walk: &walk, as_of: options.as_of };
        let explanations = rows.into_iter().map(|at| ask.explain(at)).collect();
        Ok((loaded.book, explanations))
    }
}

/// The rows with a key, of any entity or of the one named.
fn find(model: &Model, book: &Book, wanted: &str) -> Result<Vec<RowRef>, Vec<Finding>> {
    let (only, key) = match wanted.split_once(':') {
        Some((name, key)) if model.entity_named(name).is_some() => (model.entity_named(name), key),
        _ => (None, wanted),
    };
    let entities = (0..model.entities.len() as u32).map(EntityId).filter(|entity| only.is_none_or(|only| only == *entity));
    let mut rows = Vec::new();
    let mut keys = Vec::new();
    for entity in entities {
        for row in 0..book.table(entity).rows as u32 {
            let at = book.key(model, entity, row);
            if at == key.trim() {
                rows.push(RowRef { entity, row });
            }
            keys.push(at);
        }
    }
    if !rows.is_empty() {
        return Ok(rows);
    }
    let finding = Finding::without_place(NO_SUCH_ROW, format!("no row has the key `{wanted}`"));
    let meant = (keys.len() < 100_000).then(|| near::nearest(key, keys.iter().map(String::as_str))).flatten();
    Err(vec![match meant {
        Some(meant) => finding.help(format!("did you mean `{meant}`?")),
        None => finding.help("a row that was set aside has no answers: `kamrules eval` says why it was"),
    }])
}

/// What an explanation asks.
struct Ask<'a> {
    model: &'a Model,
    sources: &'a Sources,
    walk: &'a Walk<'a>,
    as_of: Option<Date>,
}

impl Ask<'_> {
    fn explain(&self, at: RowRef) -> Explanation {
        let RowRef { entity, row } = at;
        let model = self.model;
        let fields = model.entity(entity).fields.iter().zip(&self.walk.book.table(entity).columns);
        let fields = fields.map(|(field, column)| Shown { name: field.name.clone(), cell: column.get(row as usize), ty: field.ty.kind });
        let defines = model.defines.iter().filter(|define| define.entity == Some(entity));
        let sets = (0..model.sets.len() as u32).map(SetId).filter(|set| model.set(*set).entity == entity);
        Explanation {
            at,
            key: self.walk.book.key(model, entity, row),
            source: gather::source_of(self.walk.book, entity, row),
            fields: fields.collect(),
            defines: defines.map(|define| self.shown(&define.name, define.expr, row)).collect(),
            decisions: sets.map(|set| self.decision(set, row)).collect(),
            quotas: self.quotas(entity, row),
            obligations: self.obligations(entity, row),
            cadences: self.cadences(entity, row),
        }
    }

    fn shown(&self, name: &str, expr: ExprId, row: u32) -> Shown {
        Shown { name: name.into(), cell: self.walk.value(expr, row), ty: self.model.ty(expr).kind }
    }

    fn decision(&self, id: SetId, row: u32) -> DecisionWhy {
        let set = self.model.set(id);
        let answer = self.walk.value(set.answer, row);
        let version = set.versions.iter().rev().find(|version| self.walk.value(version.answer, row) == answer).or(set.versions.last());
        let trace = version.map(|version| self.walk.trace(version.decision, row));
        let mut steps = Vec::new();
        let mut outside = None;
        if let Some(trace) = &trace {
            let guard = self.model.decision(trace.decision).guard.filter(|guard| !self.walk.value(*guard, row).is_yes());
            outside = guard
                .and_then(|_| trace.guard.iter().find(|test| !test.value.is_yes() || test.negated))
                .map(|test| self.reason(test, set.span));
            if guard.is_none() {
                self.steps(trace, 0, &mut steps);
            }
        }
        let action = match &answer {
            Cell::Known(Value::Label(label)) => set.labels[label.code as usize].action,
            _ => None,
        };
        let attrs = |attrs: &[(String, ExprId)]| attrs.iter().map(|(name, expr)| self.shown(name, *expr, row)).collect();
        DecisionWhy {
            set: id,
            ty: self.model.ty(set.answer).kind,
            attrs: if matches!(answer, Cell::Known(_)) {
                set.attrs.iter().map(|attr| self.shown(&attr.name, attr.expr, row)).collect()
            } else {
                Vec::new()
            },
            action: action.map(|action| (action, attrs(&self.model.action(action).attrs))),
            answer,
            outside,
            steps,
        }
    }

    /// The rungs that were looked at, nested ones below theirs, and those that a ladder did not come to.
    fn steps(&self, trace: &Trace, depth: usize, out: &mut Vec<Step>) {
        let decision = self.model.decision(trace.decision);
        for (index, rung) in decision.rungs.iter().enumerate() {
            let question = (index == 0).then(|| decision.question.as_ref().map(ToString::to_string)).flatten();
            let visited = trace.rungs.iter().find(|visited| visited.index as usize == index);
            let state = visited.map_or(StepState::NotReached, |visited| state(trace, visited));
            let subject = trace.subject.as_ref().filter(|_| question.is_some()).map(|subject| self.subject(subject, decision.span));
            let tests = visited.map(|visited| visited.tests.as_slice()).unwrap_or_default();
            let mut reasons: Vec<Reason> = subject.into_iter().chain(tests.iter().map(|test| self.reason(test, rung.span))).collect();
            // Where the question is a flag, the branch `yes` asks just that again.
            reasons.dedup_by(|again, first| again.text == first.text && again.holds == first.holds);
            out.push(Step { depth, name: rung.name.to_string(), question, state, reasons, span: rung.span });
            if let Some(nested) = visited.and_then(|visited| visited.nested.as_deref()) {
                self.steps(nested, depth + 1, out);
            }
        }
    }

    fn subject(&self, subject: &Operand, near: Span) -> Reason {
        let text = if inside(subject.span, near) {
            one_line(self.sources.text(subject.span))
        } else {
            name_of(self.model, self.sources, subject.expr)
        };
        Reason { text, holds: subject.value.clone(), values: vec![self.operand(subject, near)] }
    }

    /// A test as written; its text is that of the place `near`, when it was first written elsewhere.
    fn reason(&self, test: &rows::Reason, near: Span) -> Reason {
        let mut values: Vec<Shown> = Vec::new();
        for shown in test.operands.iter().filter(|operand| !operand.constant).map(|operand| self.operand(operand, near)) {
            if !values.iter().any(|other| other.name == shown.name) {
                values.push(shown);
            }
        }
        let (text, holds) = (self.text(test.span, near), if test.negated { negated(&test.value) } else { test.value.clone() });
        // `x is missing` and `x not in y` are the negation of a test with the same words; a `not` in front is not among them, nor is the `no`
        // of a branch.
        let says_so = text.contains("is missing") || text.contains("not in");
        Reason { text: if test.negated && !says_so { format!("not {text}") } else { text }, holds, values }
    }

    fn text(&self, span: Span, near: Span) -> String {
        let own = one_line(self.sources.text(span));
        let around = self.sources.text(near);
        if inside(span, near) || one_line(around).contains(&own) { own } else { condition_text(around).unwrap_or(own) }
    }

    /// A value by its name; by `it`, when it has none and its text stands elsewhere.
    fn operand(&self, operand: &Operand, near: Span) -> Shown {
        let name = name_of(self.model, self.sources, operand.expr);
        let nameless = !inside(operand.span, near)
            && name == one_line(self.sources.text(operand.span))
            && !name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.');
        Shown { name: if nameless { "it".into() } else { name }, cell: operand.value.clone(), ty: operand.ty }
    }

    fn quotas(&self, entity: EntityId, row: u32) -> Vec<QuotaWhy> {
        let mut out = Vec::new();
        for (quota, item) in self.model.quotas.iter().enumerate().filter(|(_, quota)| quota.holder == entity) {
            for cell in item.periods.iter().chain(&item.total) {
                if cell.applies.is_some_and(|applies| !self.walk.value(applies, row).is_yes()) {
                    continue;
                }
                let parts =
                    [("target", cell.target), ("actual", cell.actual), ("attainment", cell.attainment), ("remaining", cell.remaining)];
                let start = self.model.settings.calendar.bounds(cell.period).map(|(start, _)| start);
                let ahead = self.as_of.zip(start).is_some_and(|(day, start)| start > day);
                let parts = &parts[..if ahead { 1 } else { parts.len() }];
                let values = parts.iter().filter_map(|(name, expr)| expr.map(|expr| self.shown(name, expr, row))).collect();
                out.push(QuotaWhy { quota, period: cell.period, ahead, values });
            }
        }
        out
    }

    fn obligations(&self, entity: EntityId, row: u32) -> Vec<ObligationWhy> {
        let concerned = |filter: Option<ExprId>| filter.is_none_or(|filter| self.walk.value(filter, row).is_yes());
        let mine = self.model.obligations.iter().enumerate().filter(|(_, o)| o.entity == Some(entity) && concerned(o.filter));
        let why = |(obligation, item): (usize, &kamrules_model::Obligation)| {
            let near = self.model.exprs.span(item.holds);
            let reasons = self.walk.reasons(item.holds, row).iter().map(|test| self.reason(test, near)).collect();
            ObligationWhy { obligation, reasons, holds: self.walk.value(item.holds, row) }
        };
        mine.map(why).collect()
    }

    fn cadences(&self, entity: EntityId, row: u32) -> Vec<CadenceWhy> {
        let concerned = |filter: Option<ExprId>| filter.is_none_or(|filter| self.walk.value(filter, row).is_yes());
        let mine = self.model.cadences.iter().enumerate().filter(|(_, c)| c.entity == entity && concerned(c.filter));
        mine.map(|(cadence, item)| CadenceWhy { cadence, due: self.walk.value(item.due, row) }).collect()
    }
}

fn state(trace: &Trace, rung: &RungTrace) -> StepState {
    let claims = trace.conflict.as_ref().is_some_and(|conflict| conflict.claims.iter().any(|(index, _)| *index == rung.index));
    match rung.held {
        _ if claims => StepState::Conflict,
        _ if trace.won.contains(&rung.index) => StepState::Won,
        Held::Yes => StepState::Beaten,
        Held::Fault(_) => StepState::Fault,
        Held::No | Held::Missing | Held::Unset(_) => StepState::No,
    }
}

fn inside(span: Span, near: Span) -> bool {
    span.file == near.file && near.start <= span.start && span.end <= near.end
}

fn negated(cell: &Cell) -> Cell {
    match cell {
        Cell::Known(Value::Flag(yes)) => Cell::flag(!yes),
        other => other.clone(),
    }
}

/// What a value is called: the field, the item, or its text.
pub(crate) fn name_of(model: &Model, sources: &Sources, expr: ExprId) -> String {
    if let Some(define) = model.defines.iter().find(|define| define.expr == expr) {
        return define.name.clone();
    }
    if let Some(set) = model.sets.iter().find(|set| set.answer == expr) {
        return set.name.clone();
    }
    match model.exprs.node(expr) {
        Node::Field(field) => model.field(*field).name.clone(),
        Node::Through { reference, value } => {
            format!("{}.{}", name_of(model, sources, *reference), name_of(model, sources, *value))
        }
        Node::Today => "today".into(),
        Node::Row(entity) => format!("this {}", model.entity(*entity).name),
        Node::Decide(id) => {
            model.decision(*id).set.map_or_else(|| one_line(sources.text(model.exprs.span(expr))), |set| model.set(set).name.clone())
        }
        _ => one_line(sources.text(model.exprs.span(expr))),
    }
}

/// A text on one line.
pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The condition in a rung's text: what stands behind `when`, up to the attributes.
fn condition_text(rung: &str) -> Option<String> {
    let (_, rest) = rung.split_once(" when ")?;
    let end = rest.find('{').unwrap_or(rest.len());
    Some(one_line(&rest[..end]))
}
