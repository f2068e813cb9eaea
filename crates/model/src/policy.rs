//! The whole policy: what `check` makes of the files, and all that later passes know.

use crate::{
    ActionId, Calendar, CompareOp, Ctx, Decision, DecisionId, EntityId, ExprId, Exprs, FieldId, Grain, ListId, MetricId, Period, PickId,
    SetId, Texts, Ty, Type, Value,
};
use kamrules_base::{Date, Decimal, FileId, Lever, Span};
use rustc_hash::FxHashMap;

/// A checked policy. The lists are indexed by the ids of [`crate::ids`].
#[derive(Debug, Clone, Default)]
pub struct Model {
    /// What `policy` says.
    pub settings: Settings,
    /// Exchange rates.
    pub rates: Option<Rates>,
    /// The texts that the rules mention.
    pub texts: Texts,
    /// The expressions.
    pub exprs: Exprs,
    /// The entities, in the order of the files.
    pub entities: Vec<Entity>,
    /// The picklists.
    pub picks: Vec<Picklist>,
    /// The lists.
    pub lists: Vec<List>,
    /// The facts that rows must meet at load.
    pub facts: Vec<Fact>,
    /// The defines without parameters.
    pub defines: Vec<Define>,
    /// What calls of defines with parameters are written as: `sales(FY2020)`.
    pub calls: FxHashMap<ExprId, String>,
    /// The decisions; those of a set are reached through [`Set::versions`].
    pub decisions: Vec<Decision>,
    /// The named sets, tables and trees.
    pub sets: Vec<Set>,
    /// The actions.
    pub actions: Vec<Action>,
    /// The quotas.
    pub quotas: Vec<Quota>,
    /// The metrics.
    pub metrics: Vec<Metric>,
    /// The obligations.
    pub obligations: Vec<Obligation>,
    /// The cadences.
    pub cadences: Vec<Cadence>,
    /// The owner assignments: typed, not yet evaluated.
    pub assigns: Vec<Assign>,
    /// The tests.
    pub tests: Vec<TestCase>,
}

/// What `policy` says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    /// The policy's name; empty if no `policy` item says it.
    pub name: String,
    /// The ISO code of the currency that money is counted in.
    pub currency: Option<String>,
    /// An IANA time zone for instants without an offset; UTC if it is not said.
    pub timezone: Option<String>,
    /// The day that `today` is.
    pub as_of: Option<Date>,
    /// The calendar.
    pub calendar: Calendar,
    /// The levels of findings, in the order they are said.
    pub levels: Vec<LevelSetting>,
}

/// `allow unused_list because "kept for next year"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LevelSetting {
    /// What is said of the level.
    pub lever: Lever,
    /// The finding's name or code, as written.
    pub finding: String,
    /// Where that stands.
    pub place: Span,
    /// Why; nothing if it is not said.
    pub reason: Option<String>,
    /// The whole clause.
    pub span: Span,
}

/// Exchange rates into the policy's currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rates {
    /// Written out, ascending by currency and day.
    Listed(Vec<Rate>),
    /// A file with the columns `currency`, `rate` (what one unit is worth in the policy's currency) and `from`.
    File(Source),
}

/// What one unit of a foreign currency is worth from a day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rate {
    /// The foreign currency's ISO code.
    pub currency: String,
    /// The first day.
    pub from: Date,
    /// What one unit is worth.
    pub rate: Decimal,
}

/// A file named in the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The path or glob as written, relative to the file that names it.
    pub path: String,
    /// The file that names it.
    pub file: FileId,
    /// Where.
    pub span: Span,
}

/// A kind of row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entity {
    /// Its name.
    pub name: String,
    /// Its doc comment.
    pub doc: Option<String>,
    /// The file it is loaded from; an entity without one is empty unless the command line binds it.
    pub source: Option<Source>,
    /// Its fields.
    pub fields: Vec<Field>,
    /// The indices of the fields that make up its key: none, one or several.
    pub key: Vec<u32>,
    /// Where its name stands.
    pub span: Span,
}

/// A loaded field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its doc comment.
    pub doc: Option<String>,
    /// Its type.
    pub ty: Ty,
    /// The column it is read from; the field's name if it is not said.
    pub column: String,
    /// Whether the column was said.
    pub column_said: bool,
    /// Whether no two rows may share a value (a key of one field is unique as well).
    pub unique: bool,
    /// For a reference: the field of the other entity whose value the column holds.
    pub by: Option<u32>,
    /// Least and greatest value at the type's scale, both inside; for dates days.
    pub range: Option<(i128, i128)>,
    /// The notation that `as` says: `M/D/YYYY`, `1.234,50`, `15` …
    pub notation: Option<String>,
    /// What else is empty.
    pub blanks: Vec<String>,
    /// Money in the currency named by the field with the first index, at the day named by the field with the second.
    pub currency: Option<(u32, Option<u32>)>,
    /// Where its name stands.
    pub span: Span,
}

/// A picklist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picklist {
    /// Its values.
    pub values: Vec<PickValue>,
    /// The index of the value that takes all text that is not listed, if there is one.
    pub other: Option<u32>,
    /// What it is called in messages: `account.kind`.
    pub name: String,
    /// Where it is written.
    pub span: Span,
}

/// A value of a picklist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PickValue {
    /// Its name in rules.
    pub name: String,
    /// Its spellings in data; the name itself if none is said.
    pub spellings: Vec<String>,
}

/// A list of texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// Its name.
    pub name: String,
    /// Its doc comment.
    pub doc: Option<String>,
    /// Its values.
    pub values: ListSource,
    /// Where its name stands.
    pub span: Span,
}

/// Where the values of a list come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListSource {
    /// Written out: values of this type.
    Values(Type, Vec<Value>),
    /// Texts in a column (the first, if none is said) of a file.
    File(Source, Option<String>),
}

/// A fact about the data; a row for which it is not yes is set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// The entity.
    pub entity: EntityId,
    /// The rows it is about.
    pub filter: Option<ExprId>,
    /// What holds for them; about the row's own fields and those of the rows it refers to.
    pub holds: ExprId,
    /// Where it is written.
    pub span: Span,
}

/// A define without parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Define {
    /// The entity it is a field of, if any.
    pub entity: Option<EntityId>,
    /// Its name.
    pub name: String,
    /// Its doc comment.
    pub doc: Option<String>,
    /// Its value.
    pub expr: ExprId,
    /// Where its name stands.
    pub span: Span,
    /// Whether it belongs to the standard library.
    pub library: bool,
}

/// What a named decision is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each is named as its keyword")]
pub enum SetKind {
    Tiers,
    Segments,
    Territories,
    Scorecard,
    Table,
    Tree,
}

impl SetKind {
    /// Its keyword.
    pub fn word(self) -> &'static str {
        match self {
            Self::Tiers => "tiers",
            Self::Segments => "segments",
            Self::Territories => "territories",
            Self::Scorecard => "scorecard",
            Self::Table => "table",
            Self::Tree => "tree",
        }
    }
}

/// A named decision set, table or tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Set {
    /// What it is.
    pub kind: SetKind,
    /// Its name.
    pub name: String,
    /// Its display name.
    pub display: Option<String>,
    /// Its doc comment.
    pub doc: Option<String>,
    /// Whose rows it decides.
    pub entity: EntityId,
    /// Whether any number of labels may hold.
    pub every: bool,
    /// Its labels, of all its versions.
    pub labels: Vec<Label>,
    /// Its attributes (a table's output columns), about rows of `entity`.
    pub attrs: Vec<SetAttr>,
    /// Its versions, the earliest first.
    pub versions: Vec<Version>,
    /// The answer in force on `today`: a label, labels, or points.
    pub answer: ExprId,
    /// Where its name stands.
    pub span: Span,
}

/// A label of a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Its name; of a table's row `row 1`, of an `each` rung the entity's name.
    pub name: String,
    /// Its display name.
    pub display: Option<String>,
    /// The label it is nested in.
    pub parent: Option<u32>,
    /// Whether labels are nested in it: then it is no answer itself.
    pub group: bool,
    /// The entity whose rows are the labels, for an `each` rung.
    pub each: Option<EntityId>,
    /// The action that it stands for, in a tree.
    pub action: Option<ActionId>,
    /// Where it is first written.
    pub span: Span,
}

impl Set {
    /// The codes of the answers at or below a label.
    pub fn leaves(&self, code: u32) -> Vec<u32> {
        let below = |mut at: u32| loop {
            if at == code {
                return true;
            }
            match self.labels[at as usize].parent {
                Some(parent) => at = parent,
                None => return false,
            }
        };
        self.leaves_where(below)
    }

    /// The codes of the answers that meet a condition.
    pub fn leaves_where(&self, condition: impl Fn(u32) -> bool) -> Vec<u32> {
        (0..self.labels.len() as u32).filter(|&at| !self.labels[at as usize].group && condition(at)).collect()
    }
}

/// A version of a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// The first day it is in force; always, if it is not said.
    pub from: Option<Date>,
    /// The decision.
    pub decision: DecisionId,
    /// Its answer.
    pub answer: ExprId,
    /// Where it is written.
    pub span: Span,
}

/// An attribute of a set's labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAttr {
    /// Its name.
    pub name: String,
    /// Its value for the label in force on `today`, about rows of the set's entity.
    pub expr: ExprId,
    /// Where it is first written.
    pub span: Span,
}

/// An action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// Its name.
    pub name: String,
    /// Its display name.
    pub display: Option<String>,
    /// Its doc comment.
    pub doc: Option<String>,
    /// Whose rows it is for.
    pub entity: EntityId,
    /// Its attributes in order: `owner`, `channel`, `due`, `message` and whatever else is written.
    pub attrs: Vec<(String, ExprId)>,
    /// Where its name stands.
    pub span: Span,
}

/// A quota.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quota {
    /// Its name.
    pub name: String,
    /// Its display name.
    pub display: Option<String>,
    /// Its doc comment.
    pub doc: Option<String>,
    /// Who holds it.
    pub holder: EntityId,
    /// Its periods in order.
    pub periods: Vec<QuotaCell>,
    /// Its whole span, when that is more than one period.
    pub total: Option<QuotaCell>,
    /// The shares, when the target of the whole span is split.
    pub split: bool,
    /// Where its name stands.
    pub span: Span,
}

/// A quota in one period, about rows of the holder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuotaCell {
    /// The period.
    pub period: Period,
    /// Which rows hold it.
    pub applies: Option<ExprId>,
    /// The target, money to the cent.
    pub target: Option<ExprId>,
    /// The actual, money to the cent.
    pub actual: Option<ExprId>,
    /// actual ÷ target; missing without a target.
    pub attainment: Option<ExprId>,
    /// target − actual.
    pub remaining: Option<ExprId>,
}

/// A metric.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metric {
    /// Its name.
    pub name: String,
    /// Its display name.
    pub display: Option<String>,
    /// Its doc comment.
    pub doc: Option<String>,
    /// Whose rows are grouped.
    pub entity: Option<EntityId>,
    /// Which rows count.
    pub filter: Option<ExprId>,
    /// What they are grouped by, about rows of `entity`.
    pub groups: Vec<ExprId>,
    /// The values: one per period, or one without. About [`Ctx::Group`] if there are groups, else [`Ctx::Policy`].
    pub cells: Vec<(Option<Period>, ExprId)>,
    /// The goal: a comparison and what the value is compared with, about the policy.
    pub goal: Option<(CompareOp, ExprId)>,
    /// Where its name stands.
    pub span: Span,
}

/// An obligation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obligation {
    /// Its name.
    pub name: String,
    /// What it demands, in words.
    pub display: Option<String>,
    /// Its doc comment.
    pub doc: Option<String>,
    /// Whether it is a `must`.
    pub must: bool,
    /// Whose rows it is about; none: the policy as a whole.
    pub entity: Option<EntityId>,
    /// Which rows.
    pub filter: Option<ExprId>,
    /// What is to hold.
    pub holds: ExprId,
    /// Where its name stands.
    pub span: Span,
}

/// A rhythm of contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cadence {
    /// Its name.
    pub name: String,
    /// Its display name.
    pub display: Option<String>,
    /// Its doc comment.
    pub doc: Option<String>,
    /// Whose rows it is about.
    pub entity: EntityId,
    /// Which rows.
    pub filter: Option<ExprId>,
    /// The day it is next due: `today` when there was never a contact.
    pub due: ExprId,
    /// What is then to be done.
    pub action: ActionId,
    /// Where its name stands.
    pub span: Span,
}

/// An assignment of owners.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assign {
    /// Its name.
    pub name: String,
    /// Whose rows get an owner.
    pub entity: EntityId,
    /// In which set.
    pub set: Option<SetId>,
    /// Who can own.
    pub candidates: EntityId,
    /// Where its name stands.
    pub span: Span,
}

/// A test written in the language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestCase {
    /// Its name.
    pub name: String,
    /// The day it is as of; the policy's if it is not said.
    pub as_of: Option<Date>,
    /// Its rows in order.
    pub rows: Vec<TestRow>,
    /// Entities loaded from files.
    pub files: Vec<(EntityId, Source)>,
    /// What it expects.
    pub expects: Vec<Expectation>,
    /// Where its name stands.
    pub span: Span,
    /// Whether it belongs to the standard library.
    pub library: bool,
}

/// A row that a test makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestRow {
    /// The entity.
    pub entity: EntityId,
    /// What it holds; a field that is left out is unset, except a reference, which is then the nearest earlier row of its entity.
    pub fields: Vec<(FieldId, TestValue, Span)>,
    /// Defines and decisions whose value it pins.
    pub pins: Vec<(ExprId, TestValue, Span)>,
    /// Where it is written.
    pub span: Span,
}

/// What a test says a field holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TestValue {
    /// A value of the field's type.
    Value(Value),
    /// A reference, by the value of the other entity's key (or of the field it goes `by`), of this type.
    Key(Value, Type),
    /// Nothing.
    Missing,
}

/// One expectation of a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expectation {
    /// What is to be yes.
    pub condition: ExprId,
    /// For which row: an index into the rows of `ctx`'s entity in the test, from 0.
    pub row: u32,
    /// About which rows.
    pub ctx: Ctx,
    /// The two sides, when it is a comparison: what was got, and what was expected, as written.
    pub sides: Option<(ExprId, String)>,
    /// Where it is written.
    pub span: Span,
}

impl Model {
    /// An entity by its id.
    pub fn entity(&self, id: EntityId) -> &Entity {
        &self.entities[id.index()]
    }

    /// A field by its id.
    pub fn field(&self, id: FieldId) -> &Field {
        &self.entities[id.entity.index()].fields[id.index as usize]
    }

    /// A picklist by its id.
    pub fn pick(&self, id: PickId) -> &Picklist {
        &self.picks[id.index()]
    }

    /// A set by its id.
    pub fn set(&self, id: SetId) -> &Set {
        &self.sets[id.index()]
    }

    /// A decision by its id.
    pub fn decision(&self, id: DecisionId) -> &Decision {
        &self.decisions[id.index()]
    }

    /// A list by its id.
    pub fn list(&self, id: ListId) -> &List {
        &self.lists[id.index()]
    }

    /// An action by its id.
    pub fn action(&self, id: ActionId) -> &Action {
        &self.actions[id.index()]
    }

    /// A metric by its id.
    pub fn metric(&self, id: MetricId) -> &Metric {
        &self.metrics[id.index()]
    }

    /// An entity by its name.
    pub fn entity_named(&self, name: &str) -> Option<EntityId> {
        self.entities.iter().position(|entity| entity.name == name).map(|i| EntityId(i as u32))
    }

    /// The type of an expression.
    pub fn ty(&self, id: ExprId) -> Ty {
        self.exprs.ty(id)
    }

    /// The grain of a quota's periods.
    pub fn quota_grain(quota: &Quota) -> Option<Grain> {
        quota.periods.first().map(|cell| cell.period.grain)
    }
}
