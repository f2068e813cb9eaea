//! Whole policies as text, with books as CSV that fit them, made at random from a seed.
//!
//! `schema` makes entities and their rows, `exprs` and `flags` make expressions of a wanted kind (with `aggregates` and `arms`), and
//! `sets`, `plans` and `duties` make items out of these. What an item declares is in reach of the items made after it, so there are no
//! cycles. Nearly every policy checks clean; the generator is told by kinds, not by the checker.

mod aggregates;
mod arms;
mod duties;
mod exprs;
mod flags;
mod plans;
pub mod rng;
mod schema;
mod sets;

pub use rng::Rng;

/// A policy and a book.
#[derive(Debug, Clone)]
pub struct Case {
    /// The policy's text.
    pub policy: String,
    /// The files it reads: name and text.
    pub files: Vec<(String, String)>,
    /// How many rows there are in all of them.
    pub rows: usize,
}

/// What kind of value an expression has, as far as the generator needs to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Int,
    Num,
    Money,
    Text,
    Date,
    Time,
    Days,
    Months,
    Flag,
    Pick(usize),
    Row(usize),
    Label(usize),
    Labels(usize),
    Period(&'static str),
}

/// A name that can be used: a field, a define, something declared.
#[derive(Debug, Clone)]
struct Member {
    name: String,
    kind: Kind,
    optional: bool,
}

impl Member {
    /// Whether it is one word, so that it can stand behind `via`, `within` and `by`.
    fn plain(&self) -> bool {
        self.name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    }
}

#[derive(Debug, Clone, Default)]
struct Entity {
    name: String,
    members: Vec<Member>,
    fields: Vec<Field>,
    /// The indices of the key's fields.
    key: Vec<usize>,
    /// Its rows as they stand in the file.
    rows: Vec<Vec<String>>,
}

/// A loaded field; all fields are members as well.
#[derive(Debug, Clone)]
struct Field {
    name: String,
    kind: Kind,
    optional: bool,
    form: schema::Form,
    /// For a reference: the field of the other entity that it holds.
    by: usize,
}

#[derive(Debug, Clone)]
struct Set {
    leaves: Vec<String>,
    groups: Vec<String>,
    tiers: bool,
}

/// A define with a period as its parameter.
#[derive(Debug, Clone)]
struct Periodic {
    entity: Option<usize>,
    name: String,
    kind: Kind,
    optional: bool,
}

/// Where an expression stands: what is in reach, and what is known to be there.
#[derive(Debug, Clone, Default)]
struct Scope {
    /// Whose row it is about.
    entity: Option<usize>,
    /// What stands before a member's name: nothing, or the entity's name and a dot.
    root: String,
    /// Whether it is inside an aggregate, where there is no `this`.
    inner: bool,
    /// The entity whose groups it is about.
    group: Option<usize>,
    /// Members known to be there.
    known: Vec<String>,
    /// Parameters, and the keys of groups.
    params: Vec<Member>,
}

impl Scope {
    fn of(entity: usize) -> Self {
        Self { entity: Some(entity), ..Self::default() }
    }
}

/// The generator's state.
struct Gen {
    rng: Rng,
    out: String,
    next: usize,
    weeks: bool,
    entities: Vec<Entity>,
    picks: Vec<Vec<String>>,
    lists: Vec<String>,
    sets: Vec<Set>,
    globals: Vec<Member>,
    periodics: Vec<Periodic>,
    actions: Vec<(String, usize)>,
}

/// Makes a policy and a book from a seed.
pub fn generate(seed: u64) -> Case {
    let mut g = Gen {
        rng: Rng::new(seed),
        out: String::new(),
        next: 0,
        weeks: false,
        entities: Vec::new(),
        picks: Vec::new(),
        lists: Vec::new(),
        sets: Vec::new(),
        globals: Vec::new(),
        periodics: Vec::new(),
        actions: Vec::new(),
    };
    g.settings();
    g.entities(seed);
    g.lists_and_facts();
    let items = 6 + g.rng.below(14);
    for _ in 0..items {
        g.item();
    }
    let files = g.entities.iter().map(schema::csv).collect();
    let rows = g.entities.iter().map(|entity| entity.rows.len()).sum();
    Case { policy: g.out, files, rows }
}

impl Gen {
    fn item(&mut self) {
        match self.rng.below(20) {
            0..=4 => self.define(),
            5 => self.define_in_period(),
            6 => self.tiers(),
            7 | 8 => self.exclusive(),
            9 => self.territories(),
            10 => self.scorecard(),
            11 => self.every_match(),
            12 => self.table(),
            13 => self.tree(),
            14 | 15 => self.quota(),
            16 | 17 => self.metric(),
            18 => self.obligation(),
            _ => self.cadence(),
        }
    }

    /// A name that is not used yet.
    fn fresh(&mut self, stem: &str) -> String {
        self.next += 1;
        format!("{stem}_{}", self.next)
    }

    fn line(&mut self, text: impl AsRef<str>) {
        self.out.push_str(text.as_ref());
        self.out.push('\n');
    }

    fn entity(&mut self) -> usize {
        self.rng.below(self.entities.len())
    }

    fn declare(&mut self, entity: Option<usize>, name: String, kind: Kind, optional: bool) {
        let member = Member { name, kind, optional };
        match entity {
            Some(entity) => self.entities[entity].members.push(member),
            None => self.globals.push(member),
        }
    }

    /// A `where` for a header, or none, and what is in reach behind it.
    fn header(&mut self, entity: usize) -> (String, Scope) {
        let mut scope = Scope::of(entity);
        if self.rng.percent(45) {
            return (String::new(), scope);
        }
        let mut parts = Vec::new();
        let optional: Vec<String> =
            self.entities[entity].members.iter().filter(|m| m.optional && m.plain()).map(|m| m.name.clone()).collect();
        if !optional.is_empty() && self.rng.percent(60) {
            let name = self.rng.one(&optional).clone();
            parts.push(format!("{name} is known"));
            scope.known.push(name);
        }
        if parts.is_empty() || self.rng.percent(40) {
            let condition = self.flag(&scope, 1).0;
            parts.push(condition);
        }
        (format!(" where {}", parts.join(" and ")), scope)
    }
}
