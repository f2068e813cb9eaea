//! Running a policy on its data: load, set aside what its facts forbid, compute, gather.

use crate::Policy;
use crate::gather::{self, ConflictRow, ValueFault};
use kamrules_base::codes::{BAD_BINDING, NO_TODAY};
use kamrules_base::{Date, Finding, World, near};
use kamrules_data::{DataFault, Loaded, SetAside};
use kamrules_eval::{Answers, Options};
use kamrules_model::{Book, Cell, Column, Ctx, EntityId, ExprId, Model, Node};

/// How a policy is to be run.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// Other sources for entities: their names and where to read them.
    pub data: Vec<(String, String)>,
    /// The day that `today` is; the policy's own if it is not said.
    pub as_of: Option<Date>,
    /// How many threads may work; 0 for as many as the machine has.
    pub threads: usize,
}

/// What a run gave.
pub struct Run {
    /// How it was run.
    pub options: Options,
    /// The rows that were kept.
    pub book: Book,
    /// What the policy says of them.
    pub answers: Answers,
    /// The value that each metric's goal is compared with.
    pub goals: Vec<Cell>,
    /// What was wrong with the data, in the order of sources, rows and columns.
    pub data_faults: Vec<DataFault>,
    /// How many rows of each source were set aside.
    pub set_aside: Vec<SetAside>,
    /// Values that could not be computed.
    pub value_faults: Vec<ValueFault>,
    /// Rows that two rungs claim, or none.
    pub conflicts: Vec<ConflictRow>,
}

impl Run {
    /// How many rows are at fault: those set aside, and those at which a value could not be computed.
    pub fn bad_rows(&self) -> u64 {
        let aside: u64 = self.set_aside.iter().map(|source| source.own + source.cascaded).sum();
        aside + self.value_faults.len() as u64
    }

    /// The musts that are broken: their index in the model, and for how many rows.
    pub fn broken_musts(&self, model: &Model) -> Vec<(usize, usize)> {
        let broken = |(i, answer): (usize, &kamrules_eval::ObligationAnswer)| {
            (model.obligations[i].must && !answer.failed.is_empty()).then_some((i, answer.failed.len()))
        };
        self.answers.obligations.iter().enumerate().filter_map(broken).collect()
    }
}

/// The data of a run, before anything is computed.
pub struct Data {
    /// How it is run.
    pub options: Options,
    /// What was loaded.
    pub loaded: Loaded,
}

impl Policy {
    /// Loads the data and computes everything the policy says of them.
    ///
    /// # Errors
    /// What keeps the run from being made: an entity that is not there, an unreadable source, no day for `today`.
    pub fn evaluate(&self, world: &dyn World, request: &Request) -> Result<Run, Vec<Finding>> {
        let Data { options, loaded } = self.load(world, request)?;
        let model = self.model();
        let book = loaded.book;
        let rows: usize = book.tables.iter().map(|table| table.rows).sum();
        world.progress("deciding: rows", rows as u64, 0);
        let answers = kamrules_eval::columns::run(model, &book, &options);
        let goals = goals(model, &book, &options);
        let value_faults = gather::value_faults(model, &book, &answers);
        let conflicts = gather::conflicts(model, &book, &answers);
        Ok(Run { options, book, answers, goals, data_faults: loaded.faults, set_aside: loaded.set_aside, value_faults, conflicts })
    }

    /// Loads the data and sets aside the rows that the policy's facts forbid.
    ///
    /// # Errors
    /// As [`Policy::evaluate`].
    pub fn load(&self, world: &dyn World, request: &Request) -> Result<Data, Vec<Finding>> {
        let model = self.model();
        let bindings = bind(model, &request.data)?;
        let options = Options { as_of: request.as_of.or(model.settings.as_of), threads: request.threads };
        if options.as_of.is_none()
            && let Some(at) = first_today(model)
        {
            let finding = Finding::new(NO_TODAY, model.exprs.span(at), "the rules ask for `today`, and it is not said which day that is");
            return Err(vec![finding.help("write `as of` and a day in `policy`, or run with `--as-of`")]);
        }
        let mut loaded = kamrules_data::load(model, &self.sources, world, &bindings);
        if !loaded.blocking.is_empty() {
            return Err(std::mem::take(&mut loaded.blocking));
        }
        self.apply_facts(&mut loaded, &options);
        Ok(Data { options, loaded })
    }

    /// Sets aside the rows for which a fact is not yes, fact by fact, so that a row is reported once.
    pub(crate) fn apply_facts(&self, loaded: &mut Loaded, options: &Options) {
        let model = self.model();
        if model.facts.is_empty() {
            return;
        }
        let about = |fact: &kamrules_model::Fact| Ctx::Entity(fact.entity);
        let exprs: Vec<(ExprId, Ctx)> =
            model.facts.iter().flat_map(|fact| [fact.filter.unwrap_or(fact.holds), fact.holds].map(|expr| (expr, about(fact)))).collect();
        let columns = kamrules_eval::columns::columns(model, &loaded.book, options, &exprs);
        let broken = gather::broken_facts(model, &self.sources, &loaded.book, &columns);
        kamrules_data::set_aside(model, loaded, broken);
    }
}

fn bind(model: &Model, data: &[(String, String)]) -> Result<Vec<(EntityId, String)>, Vec<Finding>> {
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    for (name, source) in data {
        match model.entity_named(name) {
            Some(entity) => good.push((entity, source.clone())),
            None => {
                let finding = Finding::without_place(BAD_BINDING, format!("`--data {name}={source}`: there is no entity `{name}`"));
                bad.push(match near::nearest(name, model.entities.iter().map(|entity| entity.name.as_str())) {
                    Some(meant) => finding.help(format!("did you mean `{meant}`?")),
                    None => finding,
                });
            }
        }
    }
    if bad.is_empty() { Ok(good) } else { Err(bad) }
}

fn first_today(model: &Model) -> Option<ExprId> {
    (0..model.exprs.len() as u32).map(ExprId).find(|&id| matches!(model.exprs.node(id), Node::Today))
}

fn goals(model: &Model, book: &Book, options: &Options) -> Vec<Cell> {
    let exprs: Vec<ExprId> = model.metrics.iter().filter_map(|metric| metric.goal.map(|(_, goal)| goal)).collect();
    let mut columns = columns(model, book, options, &exprs).into_iter();
    let mut first = || columns.next().map_or(Cell::Missing, |column: Column| if column.is_empty() { Cell::Missing } else { column.get(0) });
    model.metrics.iter().map(|metric| if metric.goal.is_some() { first() } else { Cell::Missing }).collect()
}

/// Expressions over all rows of what they are about; what is about the policy is one row.
pub(crate) fn columns(model: &Model, book: &Book, options: &Options, exprs: &[ExprId]) -> Vec<Column> {
    let wanted: Vec<(ExprId, Ctx)> = exprs.iter().map(|&expr| (expr, model.exprs.ctx(expr))).collect();
    kamrules_eval::columns::columns(model, book, options, &wanted)
}
