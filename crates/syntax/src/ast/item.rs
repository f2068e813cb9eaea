//! Items: what stands at the top level of a `.kam` file.

use super::{Expr, Literal, Name, Path, Tests, Text};
use kamrules_base::{Date, Decimal, Lever, Span};

/// A parsed `.kam` file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct File {
    /// Its items in order; one that did not parse at all is left out, its finding made.
    pub items: Vec<Item>,
    /// Where items stand in which something could not be made out: what they declare may be lacking from the tree.
    pub broken: Vec<Span>,
}

/// An item with its doc comment and place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The `##` lines before it, without the marks, joined by line breaks.
    pub doc: Option<String>,
    /// What it is.
    pub kind: ItemKind,
    /// From its keyword to its end.
    pub span: Span,
    /// The keyword that starts it.
    pub keyword: Span,
}

/// The kinds of item.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is named as its keyword")]
pub enum ItemKind {
    Policy(Policy),
    Rates(Rates),
    Entity(Entity),
    List(List),
    Always(Always),
    Define(Define),
    /// `tiers`, `segments`, `territories` or `scorecard`.
    Set(Set),
    Table(Table),
    Tree(Tree),
    Action(Action),
    Assign(Assign),
    Quota(Quota),
    Metric(Metric),
    Obligation(Obligation),
    Cadence(Cadence),
    Test(TestItem),
}

/// `policy "…" { … }`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Its name.
    pub name: Text,
    /// Its clauses in order.
    pub clauses: Vec<PolicyClause>,
}

/// A clause of `policy`, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyClause {
    /// Which.
    pub kind: PolicyClauseKind,
    /// Its place.
    pub span: Span,
}

/// The clauses of `policy`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PolicyClauseKind {
    /// `currency USD`
    Currency(Name),
    /// `timezone "Europe/Berlin"`
    Timezone(Text),
    /// `as of 2020-06-30`
    AsOf(Date),
    /// `fiscal year calendar`
    FiscalCalendar,
    /// `fiscal year weeks 4-4-5`: the weeks of a quarter's three months.
    FiscalWeeks([u32; 3]),
    /// `fiscal year starts in july`
    FiscalStarts(Name),
    /// `named by its end` (true) or `named by its start` (false)
    NamedByEnd(bool),
    /// `allow unused_list because "kept for next year"`: a finding's name or code, and the reason.
    Level(Lever, Name, Option<Text>),
}

/// `rates { … }` or `rates from "…"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rates {
    /// Out of a file.
    From(Text),
    /// Written out.
    Listed(Vec<Rate>),
}

/// `1 EUR = 1.09 USD from 2026-01-01`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rate {
    /// The foreign side.
    pub left: super::Money,
    /// What it is worth.
    pub right: super::Money,
    /// The first day it holds.
    pub from: Date,
    /// Its place.
    pub span: Span,
}

/// `entity NAME from "…" { … }`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entity {
    /// Its name.
    pub name: Name,
    /// The file it is loaded from.
    pub source: Option<Text>,
    /// `key (order, line)`: the fields of a key of several.
    pub key: Vec<Name>,
    /// The fields.
    pub fields: Vec<Field>,
}

/// A field of an entity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The `##` lines before it.
    pub doc: Option<String>,
    /// Its name; any word.
    pub name: Name,
    /// Its type.
    pub ty: FieldType,
    /// Whether it ends in `?`.
    pub optional: bool,
    /// What follows the type, in order.
    pub modifiers: Vec<Modifier>,
    /// Its place.
    pub span: Span,
}

/// The type of a field as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldType {
    /// `text`, `money`, an entity …, or a scaled `number(2)`.
    Named(Name, Option<u32>),
    /// `one of { … }`.
    OneOf(Vec<Pick>),
}

/// A value of a picklist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pick {
    /// Its name in rules. The picklist's last may be `other`: whatever else is in the data.
    pub name: Name,
    /// How the data spell it; the first is the one shown.
    pub spellings: Vec<Text>,
}

/// What may follow a field's type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Modifier {
    /// Which.
    pub kind: ModifierKind,
    /// Its place.
    pub span: Span,
}

/// The modifiers of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ModifierKind {
    /// `key`
    Key,
    /// `unique`
    Unique,
    /// `from "Column"`
    From(Text),
    /// `in lo..hi`: literals, a minus inside them; the flag is `..<`.
    InRange(Expr, Expr, bool),
    /// `in currency_code at date`: money in the currency that a field names, at the day that a field names.
    InCurrency(Name, Option<Name>),
    /// `as "M/D/YYYY"`
    As(Text),
    /// `by employee_id`: a reference by another unique field.
    By(Name),
    /// `ignoring case`
    IgnoringCase,
    /// `blank as "n/a" or "-"`
    BlankAs(Vec<Text>),
}

/// `list NAME = […]` or `list NAME from "file" "column"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// Its name.
    pub name: Name,
    /// Its values.
    pub values: ListValues,
}

/// Where the values of a list come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListValues {
    /// Written out.
    Listed(Vec<Expr>),
    /// A column (the first, if none is named) of a file.
    From(Text, Option<Text>),
}

/// `always ENTITY where …: fact`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Always {
    /// The entity.
    pub entity: Name,
    /// The rows it is about.
    pub filter: Option<Expr>,
    /// What holds for them.
    pub fact: Expr,
}

/// `define account.sales(p: period) = …`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Define {
    /// `name`, or `entity.name`.
    pub path: Path,
    /// Its parameters.
    pub params: Vec<Param>,
    /// Its value.
    pub value: Expr,
}

/// A parameter of a define.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Param {
    /// Its name.
    pub name: Name,
    /// Its type, if said: `number`, `money`, `period` …
    pub ty: Option<Name>,
}

/// The header all items share; the checker says which parts do not suit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The item's name.
    pub name: Name,
    /// The display name behind it.
    pub display: Option<Text>,
    /// `for ENTITY`
    pub entity: Option<Name>,
    /// `by GRAIN, …`
    pub by: Vec<Path>,
    /// `in PERIOD` or `in SET`
    pub within: Option<InClause>,
    /// `from DATE`
    pub from: Option<(Date, Span)>,
    /// `where CONDITION`
    pub filter: Option<Expr>,
}

/// What stands behind a header's `in`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InClause {
    /// `FY2026` or `FY2025..FY2026`.
    Periods(super::PeriodLiteral, Option<super::PeriodLiteral>, Span),
    /// The name of a set.
    Set(Name),
}

/// The way to win that stands behind a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    /// `first match`
    FirstMatch,
    /// `every match`
    EveryMatch,
    /// `sum`
    Sum,
}

/// `tiers`, `segments`, `territories`, `scorecard`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each is named as its keyword")]
pub enum SetKind {
    Tiers,
    Segments,
    Territories,
    Scorecard,
}

/// A decision set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Set {
    /// Its keyword.
    pub kind: SetKind,
    /// Its header.
    pub head: Head,
    /// Its mode, if said.
    pub mode: Option<(Mode, Span)>,
    /// Its rungs.
    pub rungs: Vec<Rung>,
}

/// One rung of a decision set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rung {
    /// What it gives.
    pub kind: RungKind,
    /// `overrides`, with its place.
    pub overrides: Option<Span>,
    /// `when CONDITION` or `otherwise`; nothing where the grammar lets it out.
    pub when: When,
    /// `{ attribute = value, … }`
    pub attrs: Vec<Attr>,
    /// Rungs below it.
    pub children: Vec<Rung>,
    /// Its place.
    pub span: Span,
}

/// What a rung gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RungKind {
    /// A label, its display name, and in a scorecard its points.
    Label {
        /// The label.
        name: Name,
        /// The display name behind it.
        display: Option<Text>,
        /// `+15` or `-15`.
        points: Option<(Decimal, Span)>,
    },
    /// `same as hq`.
    SameAs(Path),
    /// `each zip_rep`.
    Each(Name),
}

/// When a rung holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum When {
    /// `when CONDITION`
    Condition(Expr),
    /// `otherwise`
    Otherwise(Span),
    /// Nothing was written.
    Unsaid,
}

/// `name = value`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attr {
    /// The attribute; any word.
    pub name: Name,
    /// Its value.
    pub value: Expr,
    /// The whole, without the comma.
    pub span: Span,
}

/// A decision table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its header.
    pub head: Head,
    /// Its mode, if said.
    pub mode: Option<(Mode, Span)>,
    /// What the left columns test.
    pub inputs: Vec<Expr>,
    /// The names of the right columns.
    pub outputs: Vec<Name>,
    /// The place of the row of headings.
    pub heading: Span,
    /// Its rows.
    pub rows: Vec<Row>,
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The tests, one per input; or a single `otherwise`.
    pub cells: Vec<Tests>,
    /// The values, one per output.
    pub values: Vec<Expr>,
    /// Its place.
    pub span: Span,
}

/// A decision tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    /// Its header.
    pub head: Head,
    /// `gives { … }`
    pub gives: Vec<Name>,
    /// Its first question.
    pub root: Node,
}

/// A question of a tree and its branches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// The question in words.
    pub question: Text,
    /// What is tested.
    pub subject: Expr,
    /// The branches.
    pub branches: Vec<Branch>,
    /// Its place.
    pub span: Span,
}

/// A branch of a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// When it is taken.
    pub tests: Tests,
    /// Where it leads.
    pub target: Target,
    /// Its place.
    pub span: Span,
}

/// Where a branch leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// An action, another tree, or a label that the tree gives.
    Leaf(Name),
    /// The next question.
    Node(Box<Node>),
}

/// `action NAME "…" for ENTITY { … }`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// Its header.
    pub head: Head,
    /// Its attributes.
    pub attrs: Vec<Attr>,
}

/// `assign NAME for ENTITY in SET { … }`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assign {
    /// Its header.
    pub head: Head,
    /// Its clauses.
    pub clauses: Vec<AssignClause>,
}

/// A clause of `assign`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssignClause {
    /// Which.
    pub kind: AssignClauseKind,
    /// Its place.
    pub span: Span,
}

/// The clauses of `assign`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AssignClauseKind {
    /// `candidates ENTITY where …`
    Candidates(Name, Option<Expr>),
    /// `capacity 5..10`
    Capacity(Expr),
    /// `workload x`
    Workload(Expr),
    /// `keep x when …`
    Keep(Expr, Expr),
    /// `prefer x`
    Prefer(Expr),
}

/// `quota NAME for ENTITY by GRAIN in PERIOD { … }`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quota {
    /// Its header.
    pub head: Head,
    /// Its clauses.
    pub clauses: Vec<QuotaClause>,
}

/// A clause of `quota`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuotaClause {
    /// Which.
    pub kind: QuotaClauseKind,
    /// Its place.
    pub span: Span,
}

/// The clauses of `quota`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QuotaClauseKind {
    /// `target = …`
    Target(Expr),
    /// `actual = …`
    Actual(Expr),
    /// `split 20%, 80%`: fractions with their places.
    Split(Vec<(Decimal, Span)>),
}

/// `metric NAME … { … }`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metric {
    /// Its header.
    pub head: Head,
    /// Its clauses.
    pub clauses: Vec<MetricClause>,
}

/// A clause of `metric`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetricClause {
    /// Which.
    pub kind: MetricClauseKind,
    /// Its place.
    pub span: Span,
}

/// The clauses of `metric`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MetricClauseKind {
    /// `value = …`
    Value(Expr),
    /// `goal >= 90%`
    Goal(super::Compare, Expr),
}

/// `must` or `should`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obligation {
    /// Whether it is `must`.
    pub must: bool,
    /// Its header.
    pub head: Head,
    /// What is to hold.
    pub condition: Expr,
}

/// `cadence NAME for ENTITY { every x since y action z }`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cadence {
    /// Its header.
    pub head: Head,
    /// How often.
    pub every: Expr,
    /// Since when.
    pub since: Expr,
    /// What is then to be done.
    pub action: Name,
}

/// `test "…" as of DATE { … }`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestItem {
    /// Its name.
    pub name: Text,
    /// The day it is as of.
    pub as_of: Option<(Date, Span)>,
    /// Its clauses in order.
    pub clauses: Vec<TestClause>,
}

/// A clause of a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TestClause {
    /// `ENTITY { field = value, … }`
    Row {
        /// The entity.
        entity: Name,
        /// What the row holds.
        attrs: Vec<Attr>,
        /// The whole.
        span: Span,
    },
    /// `ENTITY from "file"`
    Rows(Name, Text),
    /// `expect …`, one element of the list.
    Expect(Expect),
}

/// One expectation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expect {
    /// What is to hold.
    pub condition: Expr,
    /// `for contact 1`: an entity and which of its rows in the test, from 1.
    pub row: Option<(Name, Literal, Span)>,
    /// The whole.
    pub span: Span,
}
