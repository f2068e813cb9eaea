//! Settings, entities, their rows, lists and facts.

use super::{Entity, Field, Gen, Kind, Rng, Scope};

/// How a field's values are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Plain,
    Key,
    Unique,
    Fold,
    /// Whole numbers in a range.
    Range(i64, i64),
    Decimals(usize),
    Percent,
    /// Now and then a number so large that sums and products of it overflow.
    Large,
    American,
}

const TEXTS: [&str; 14] = [
    "alpha",
    "beta",
    "Alpha",
    "north west",
    "West-End 12",
    "00123",
    "98101",
    "98102",
    "Zürich, ZH",
    "a \"quoted\" word",
    "é",
    "x",
    "director of sales",
    "VP",
];

impl Gen {
    pub(super) fn settings(&mut self) {
        let year = match self.rng.below(4) {
            0 => "calendar",
            1 => "starts in july, named by its end",
            2 => "starts in april, named by its start",
            _ => "weeks 4-4-5",
        };
        self.weeks = year.starts_with("weeks");
        self.line(format!(
            "policy \"Made up\" {{ currency USD fiscal year {year} as of 2025-0{}-1{} }}",
            1 + self.rng.clone().below(9),
            self.rng.clone().below(9)
        ));
    }

    pub(super) fn entities(&mut self, seed: u64) {
        let count = 2 + self.rng.below(3);
        for at in 0..count {
            self.make_entity(at);
        }
        for at in 0..count {
            // Some tables take more than one batch, some none.
            let rows = match self.rng.below(12) {
                0 => 0,
                1 => 1,
                2 if seed.is_multiple_of(10) => 2100 + self.rng.below(2500),
                _ => 2 + self.rng.below(40),
            };
            for row in 0..rows {
                let cells = self.row(at, row);
                self.entities[at].rows.push(cells);
            }
        }
    }

    fn make_entity(&mut self, at: usize) {
        let name = self.fresh(["account", "deal", "visit", "rep"][at % 4]);
        self.entities.push(Entity { name: name.clone(), ..Entity::default() });
        let two = at > 0 && self.rng.percent(15);
        if two {
            let to = self.rng.below(at);
            if self.entities[to].key.len() == 1 {
                self.field(at, "ref", Kind::Row(to), false, Form::Plain);
            } else {
                self.field(at, "part", Kind::Text, false, Form::Plain);
            }
            self.field(at, "line", Kind::Int, false, Form::Range(0, 1_000_000));
            self.entities[at].key = vec![0, 1];
        } else {
            self.field(at, "id", Kind::Text, false, Form::Key);
            self.entities[at].key = vec![0];
        }
        for other in 0..at {
            let times = if self.entities[other].key.len() == 1 { [1, 1, 1, 0, 2][self.rng.below(5)] } else { 0 };
            for _ in 0..times {
                let optional = self.rng.percent(40);
                self.field(at, "ref", Kind::Row(other), optional, Form::Plain);
            }
        }
        if !two && self.rng.percent(50) {
            self.field(at, "parent", Kind::Row(at), true, Form::Plain);
        }
        let fields = 4 + self.rng.below(7);
        for _ in 0..fields {
            self.any_field(at);
        }
        self.write_entity(at);
    }

    fn any_field(&mut self, at: usize) {
        let optional = self.rng.percent(35);
        match self.rng.below(16) {
            0 => self.field(at, "text", Kind::Text, optional, Form::Plain),
            1 => self.field(at, "mail", Kind::Text, optional, Form::Fold),
            2 => self.field(at, "code", Kind::Text, false, Form::Unique),
            3 | 4 => self.field(at, "size", Kind::Int, optional, Form::Plain),
            5 => self.field(at, "score", Kind::Int, optional, Form::Range(0, 10)),
            6 => self.field(at, "weight", Kind::Num, optional, Form::Decimals(2)),
            7 => self.field(at, "share", Kind::Num, optional, Form::Percent),
            8 | 9 => self.field(at, "amount", Kind::Money, optional, Form::Plain),
            10 => self.field(at, "worth", Kind::Money, optional, Form::Large),
            11 => self.field(at, "day", Kind::Date, optional, Form::Plain),
            12 => self.field(at, "since", Kind::Date, optional, Form::American),
            13 => self.field(at, "active", Kind::Flag, optional, Form::Plain),
            14 => {
                let pick = self.pick();
                self.field(at, "kind", Kind::Pick(pick), optional, Form::Plain);
            }
            _ if self.rng.percent(50) => self.field(at, "seen", Kind::Time, optional, Form::Plain),
            _ => self.field(at, "term", Kind::Days, optional, Form::Plain),
        }
    }

    fn pick(&mut self) -> usize {
        let values = (0..2 + self.rng.below(4)).map(|_| self.fresh("value")).collect();
        self.picks.push(values);
        self.picks.len() - 1
    }

    fn field(&mut self, at: usize, stem: &str, kind: Kind, optional: bool, form: Form) {
        let name = self.fresh(stem);
        let by = match kind {
            Kind::Row(to) if to != at => {
                let unique: Vec<usize> = (0..self.entities[to].fields.len())
                    .filter(|&i| matches!(self.entities[to].fields[i].form, Form::Unique | Form::Key))
                    .collect();
                *self.rng.one(&unique)
            }
            _ => 0,
        };
        self.entities[at].fields.push(Field { name: name.clone(), kind, optional, form, by });
        self.declare(Some(at), name, kind, optional);
    }

    fn write_entity(&mut self, at: usize) {
        let entity = self.entities[at].clone();
        self.line(format!("\n## One {}.\nentity {} from \"{}.csv\" {{", entity.name, entity.name, entity.name));
        if let [a, b] = entity.key[..] {
            self.line(format!("  key ({}, {})", entity.fields[a].name, entity.fields[b].name));
        }
        for field in &entity.fields {
            let mut ty = match field.kind {
                Kind::Text => "text".to_owned(),
                Kind::Int => "integer".into(),
                Kind::Num if field.form == Form::Percent => "percent".into(),
                Kind::Num => "number(2)".into(),
                Kind::Money => ["money", "money(2)"][field.name.len() % 2].into(),
                Kind::Date => "date".into(),
                Kind::Time => "time".into(),
                Kind::Days => "duration".into(),
                Kind::Flag => "flag".into(),
                Kind::Pick(pick) => format!("one of {{ {} }}", self.picks[pick].join(", ")),
                Kind::Row(to) => self.entities[to].name.clone(),
                Kind::Months | Kind::Label(_) | Kind::Labels(_) | Kind::Period(_) => unreachable!("no field is made of these"),
            };
            if field.optional {
                ty.push('?');
            }
            match (field.kind, field.form) {
                (Kind::Row(to), _) if field.by != 0 => ty = format!("{ty} by {}", self.entities[to].fields[field.by].name),
                (_, Form::Key) => ty.push_str(" key"),
                (_, Form::Unique) => ty.push_str(" unique"),
                (_, Form::Fold) => ty.push_str(" ignoring case"),
                (_, Form::Range(low, high)) => ty = format!("{ty} in {low}..{high}"),
                (_, Form::American) => ty.push_str(" as \"M/D/YYYY\""),
                _ => {}
            }
            self.line(format!("  {} : {ty} from \"Column {}\"", field.name, field.name));
        }
        self.line("}");
    }

    fn row(&mut self, at: usize, row: usize) -> Vec<String> {
        let fields = self.entities[at].fields.clone();
        fields.iter().map(|field| self.cell(at, row, field)).collect()
    }

    fn cell(&mut self, at: usize, row: usize, field: &Field) -> String {
        if field.optional && self.rng.percent(30) {
            return String::new();
        }
        let rng = &mut self.rng;
        match (field.kind, field.form) {
            (_, Form::Key) => format!("{:05}", row * 7919 % 100_003),
            (_, Form::Unique) => format!("u{row}"),
            (_, Form::Range(0, 1_000_000)) => row.to_string(),
            (_, Form::Range(low, high)) => rng.between(low, high).to_string(),
            (Kind::Row(to), _) => self.reference(at, row, to, field),
            (Kind::Text, Form::Fold) => rng.one(&["a@x.com", "A@X.com", "ß@y.de", "ﬃ"]).to_string(),
            (Kind::Text, _) => rng.one(&TEXTS).to_string(),
            (Kind::Int, _) => rng.one(&[0, 1, 2, 3, 5, 50, -7, 1000]).to_string(),
            (Kind::Num, Form::Percent) => format!("{}%", rng.between(-20, 120)),
            (Kind::Num, _) => format!("{}.{:02}", rng.between(0, 40), rng.below(100)),
            (Kind::Money, Form::Large) if rng.percent(8) => format!("9{}", "7".repeat(29)),
            (Kind::Money, _) => {
                [format!("{}", rng.between(-100, 90_000)), format!("{}.{:02}", rng.between(0, 999), rng.below(100)), "0".into()]
                    [rng.below(3)]
                .clone()
            }
            (Kind::Date, form) => date(rng, form == Form::American),
            (Kind::Time, _) => format!("{}T{:02}:{:02}:00Z", date(rng, false), rng.below(24), rng.below(60)),
            (Kind::Days, _) => format!("{} days", rng.below(90)),
            (Kind::Flag, _) => rng.one(&["yes", "No", "TRUE", "0"]).to_string(),
            (Kind::Pick(pick), _) => rng.one(&self.picks[pick]).clone(),
            (Kind::Months | Kind::Label(_) | Kind::Labels(_) | Kind::Period(_), _) => unreachable!("no field is made of these"),
        }
    }

    fn reference(&mut self, at: usize, row: usize, to: usize, field: &Field) -> String {
        // Rows of the same entity refer to earlier rows, so that there is no circle.
        let rows = if to == at { row } else { self.entities[to].rows.len() };
        if rows == 0 {
            return String::new();
        }
        let other = self.rng.below(rows);
        self.entities[to].rows[other][field.by].clone()
    }

    pub(super) fn lists_and_facts(&mut self) {
        for _ in 0..1 + self.rng.below(2) {
            let name = self.fresh("list");
            let count = 1 + self.rng.below(4);
            let start = self.rng.below(5);
            let texts: Vec<String> =
                TEXTS[start..start + count].iter().filter(|text| !text.contains('"')).map(|text| format!("\"{text}\"")).collect();
            self.line(format!("list {name} = [{}]", texts.join(", ")));
            self.lists.push(name);
        }
        if self.rng.percent(20) {
            let at = self.entity();
            let facts: Vec<String> =
                self.entities[at].fields.iter().filter(|f| f.kind == Kind::Int && !f.optional).map(|f| f.name.clone()).collect();
            if let Some(field) = facts.first() {
                let name = self.entities[at].name.clone();
                self.line(format!("always {name}: {field} >= -100"));
            }
        }
        if self.rng.percent(50) {
            let name = self.fresh("blend");
            self.line(format!("define {name}(a, b) = (a + b) / 2"));
            let at = self.entity();
            let scope = Scope::of(at);
            let (a, b) = (self.sure(&scope, Kind::Money, 1), self.sure(&scope, Kind::Money, 1));
            let half = self.fresh("half");
            let entity = self.entities[at].name.clone();
            self.line(format!("define {entity}.{half} = {name}({a}, {b})"));
            self.declare(Some(at), half, Kind::Money, true);
        }
    }
}

fn date(rng: &mut Rng, american: bool) -> String {
    let (y, m, d) = (2023 + rng.below(3), 1 + rng.below(12), 1 + rng.below(28));
    if american { format!("{m}/{d}/{y}") } else { format!("{y}-{m:02}-{d:02}") }
}

/// An entity's file.
pub(super) fn csv(entity: &Entity) -> (String, String) {
    let quoted = |cell: &String| {
        if cell.contains([',', '"', '\n']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.clone() }
    };
    let header: Vec<String> = entity.fields.iter().map(|field| format!("Column {}", field.name)).collect();
    let mut text = header.join(",");
    text.push('\n');
    for row in &entity.rows {
        text.push_str(&row.iter().map(quoted).collect::<Vec<_>>().join(","));
        text.push('\n');
    }
    (format!("{}.csv", entity.name), text)
}
