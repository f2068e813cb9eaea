//! The state of the pass: the model as it grows, and what has been lowered already.

use crate::collect::Symbols;
use kamrules_base::{Code, FileId, Finding, Sources, Span, codes};
use kamrules_model::{Ctx, Decision, DecisionId, ExprId, Exprs, Model, Node, Ty, Type, Value};
use kamrules_syntax::ast;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

/// How many names of a circle are printed.
const LONGEST_CIRCLE: usize = 12;

/// An item of the policy: which file, which item in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct ItemRef(pub u32, pub u32);

/// What outlives the pass, so that more expressions can be lowered later.
#[derive(Default)]
pub(crate) struct Tables {
    pub files: Arc<Vec<(FileId, ast::File)>>,
    pub library: Option<FileId>,
    pub symbols: Symbols,
    /// What has been lowered: a define with its arguments, a set's answer, …
    pub done: FxHashMap<Key, ExprId>,
    /// The texts of the files, to name branches by what is written.
    pub texts: FxHashMap<FileId, Arc<str>>,
    /// Where `today` is first asked for.
    pub uses_today: Option<Span>,
    /// Whether the finding that no currency is said is made.
    pub no_currency_said: bool,
    /// Defines that need themselves without end, each time with other arguments.
    pub endless: FxHashSet<ItemRef>,
    /// Circles of trees that are told already, by the names of the trees in order.
    pub circles: FxHashSet<Vec<String>>,
    /// Decisions, so that equal ones are one.
    pub decisions: FxHashMap<Decision, DecisionId>,
}

/// Something that is lowered once, on demand.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    /// A define with its arguments.
    Define(ItemRef, Vec<ExprId>),
    /// The answer of a set (by its index) in force on `today`.
    Set(u32),
    /// The answer of one version of a set, by the version's index.
    Version(u32, u32),
    /// The same without the rungs `same as`.
    OwnRungs(u32, u32),
    /// An attribute of a version of a set.
    Attr(u32, u32, String),
    /// An obligation, a cadence.
    Item(ItemRef),
    /// A part of a quota in a period.
    Quota(ItemRef, kamrules_model::Period, &'static str),
    /// A metric in a period.
    Metric(ItemRef, Option<kamrules_model::Period>),
}

/// The state of the pass.
pub(crate) struct Checker {
    pub model: Model,
    pub findings: Vec<Finding>,
    pub tables: Tables,
    /// Where each expression was last written, for findings: equal ones are one in the arena.
    pub places: FxHashMap<ExprId, Span>,
    /// What is being lowered, the outermost first, with the place that asked for it.
    pub stack: Vec<(Key, String, Span)>,
}

impl Checker {
    pub fn new(files: Arc<Vec<(FileId, ast::File)>>, library: Option<FileId>, sources: &Sources) -> Self {
        let texts = files.iter().map(|(id, _)| (*id, sources.get(*id).text.clone())).collect();
        let tables = Tables { files, library, texts, ..Tables::default() };
        Self::resume(Model::default(), tables)
    }

    pub fn resume(model: Model, tables: Tables) -> Self {
        Self { model, findings: Vec::new(), tables, places: FxHashMap::default(), stack: Vec::new() }
    }

    /// The items of all files in order, behind a handle of their own.
    pub fn items(&self) -> (Arc<Vec<(FileId, ast::File)>>, Vec<ItemRef>) {
        let files = self.tables.files.clone();
        let refs =
            files.iter().enumerate().flat_map(|(f, (_, file))| (0..file.items.len()).map(move |i| ItemRef(f as u32, i as u32))).collect();
        (files, refs)
    }

    /// Whether a place lies in the standard library.
    pub fn in_library(&self, span: Span) -> bool {
        self.tables.library == Some(span.file)
    }

    /// Makes a finding and goes on.
    pub fn report(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// Makes a finding about an expression, which becomes unknown.
    pub fn spoil(&mut self, finding: Finding) -> ExprId {
        let span = finding.span().unwrap_or_default();
        self.report(finding);
        self.unknown(span)
    }

    /// A short form of [`Checker::report`].
    pub fn say(&mut self, code: Code, span: Span, message: impl Into<String>) {
        self.report(Finding::new(code, span, message));
    }

    /// An expression whose finding is already made.
    pub fn unknown(&mut self, span: Span) -> ExprId {
        self.model.exprs.add(Node::Missing, Ty::known(Type::Unknown), Ctx::Policy, span)
    }

    /// Takes back what is said of a name that may be declared in an item which did not parse: its own finding comes first.
    pub fn forgive_broken_items(&mut self) {
        let files = self.tables.files.clone();
        let broken: Vec<Span> = files.iter().flat_map(|(_, file)| file.broken.iter().copied()).collect();
        if broken.is_empty() {
            return;
        }
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let text = |span: Span| self.tables.texts.get(&span.file).and_then(|text| text.get(span.range())).unwrap_or_default();
        let words: FxHashSet<&str> = broken.iter().flat_map(|&span| text(span).split(|c| !is_word(c))).collect();
        let inside = |at: Span| broken.iter().any(|span| span.file == at.file && span.start <= at.start && at.end <= span.end);
        let hangs_on_it = |finding: &Finding| {
            let names = finding.code.0 / 100 == 2 || [codes::LEAF, codes::FIELD_TYPE, codes::AGGREGATE_ROWS].contains(&finding.code);
            names && finding.span().is_some_and(|at| !inside(at) && text(at).split(|c| !is_word(c)).any(|word| words.contains(word)))
        };
        let kept: Vec<Finding> = self.findings.iter().filter(|finding| !hangs_on_it(finding)).cloned().collect();
        self.findings = kept;
    }

    /// Adds a node; its context is that of its operands.
    pub fn add(&mut self, node: Node, ty: Ty, ctx: Ctx, span: Span) -> ExprId {
        self.model.exprs.add(node, ty, ctx, span)
    }

    /// A constant.
    pub fn constant(&mut self, value: Value, kind: Type, span: Span) -> ExprId {
        self.add(Node::Const(value), Ty::known(kind), Ctx::Policy, span)
    }

    /// A flag written out.
    pub fn flag(&mut self, yes: bool, span: Span) -> ExprId {
        self.constant(Value::Flag(yes), Type::Flag, span)
    }

    /// The arena.
    pub fn exprs(&self) -> &Exprs {
        &self.model.exprs
    }

    /// The type of an expression.
    pub fn ty(&self, id: ExprId) -> Ty {
        self.model.exprs.ty(id)
    }

    /// The kind of an expression's type.
    pub fn kind(&self, id: ExprId) -> Type {
        self.ty(id).kind
    }

    /// Whether the finding about an expression is already made.
    pub fn is_unknown(&self, id: ExprId) -> bool {
        self.kind(id) == Type::Unknown
    }

    /// The context of something made of these operands: that of the first which is about rows.
    pub fn join_ctx(&self, operands: &[ExprId]) -> Ctx {
        operands.iter().map(|&id| self.model.exprs.ctx(id)).find(|ctx| *ctx != Ctx::Policy).unwrap_or(Ctx::Policy)
    }

    /// Lowers something once; asked for it while it is being lowered, prints the cycle.
    pub fn once(&mut self, key: Key, name: &str, span: Span, lower: impl FnOnce(&mut Self) -> ExprId) -> ExprId {
        if let Some(&id) = self.tables.done.get(&key) {
            return id;
        }
        if let Some(at) = self.stack.iter().position(|(open, ..)| *open == key) {
            return self.cycle(at, span);
        }
        self.stack.push((key.clone(), name.to_owned(), span));
        let id = lower(self);
        self.stack.pop();
        self.tables.done.insert(key, id);
        id
    }

    fn cycle(&mut self, at: usize, span: Span) -> ExprId {
        let names: Vec<String> = self.stack[at..].iter().map(|(_, name, _)| format!("`{name}`")).collect();
        let first = names[0].clone();
        let path = match names.len() {
            1 => format!("{first} needs itself"),
            n if n > LONGEST_CIRCLE => {
                format!("{} → … {} more … → {first}", names[..LONGEST_CIRCLE / 2].join(" → "), n - LONGEST_CIRCLE / 2)
            }
            _ => format!("{} → {first}", names.join(" → ")),
        };
        let mut finding = Finding::new(codes::CYCLE, span, format!("these values go round in a circle: {path}"))
            .here(format!("needs {first} again"))
            .help("compute one of them from loaded fields, or from a part that does not need the others");
        for (_, name, asked) in self.stack[at + 1..].iter().take(LONGEST_CIRCLE) {
            finding = finding.also(*asked, format!("needs `{name}`"));
        }
        self.spoil(finding)
    }
}
