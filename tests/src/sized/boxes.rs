//! All accounts there can be, cut at random into boxes: every account lies in just one.

use crate::generate::rng::Rng;

/// What the values of a field are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Whole numbers, in hundreds.
    Integer,
    /// Money, in ten thousands.
    Money,
    /// Days, each five after the one before.
    Date,
    /// Numbers with a decimal.
    Number,
    /// One of so many values.
    Pick(u32),
    /// Yes or no.
    Flag,
}

/// A field.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// Its values.
    pub kind: Kind,
}

/// The fields that a set of so many asks about are the first of these.
pub const FIELDS: [Field; 8] = [
    Field { name: "employees", kind: Kind::Integer },
    Field { name: "revenue", kind: Kind::Money },
    Field { name: "state", kind: Kind::Pick(50) },
    Field { name: "opened", kind: Kind::Date },
    Field { name: "industry", kind: Kind::Pick(24) },
    Field { name: "partner", kind: Kind::Flag },
    Field { name: "health", kind: Kind::Number },
    Field { name: "seats", kind: Kind::Integer },
];

/// The places at which the values of what is counted may be parted.
const MARKS: u32 = 600;

/// What a box has of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Side {
    /// From a mark to before another; none: no bound.
    Run(Option<u32>, Option<u32>),
    /// These values, ascending. Of a flag 0 is no, 1 is yes.
    Among(Vec<u32>),
}

impl Side {
    /// All that a field has.
    pub fn all(kind: Kind) -> Self {
        match kind {
            Kind::Pick(count) => Self::Among((0..count).collect()),
            Kind::Flag => Self::Among(vec![0, 1]),
            _ => Self::Run(None, None),
        }
    }

    /// In two at random: what the one has, the other not; none, if it cannot be parted.
    fn parted(&self, rng: &mut Rng) -> Option<(Self, Self)> {
        match self {
            Self::Run(from, to) => {
                let (low, high) = (from.unwrap_or(0) + 1, to.unwrap_or(MARKS));
                let at = (low < high).then(|| low + rng.below((high - low) as usize) as u32)?;
                Some((Self::Run(*from, Some(at)), Self::Run(Some(at), *to)))
            }
            Self::Among(values) if values.len() < 2 => None,
            Self::Among(values) => {
                let (mut one, mut other): (Vec<u32>, Vec<u32>) = values.iter().partition(|_| rng.percent(50));
                if one.is_empty() || other.is_empty() {
                    (one, other) = (vec![values[0]], values[1..].to_vec());
                }
                Some((Self::Among(one), Self::Among(other)))
            }
        }
    }

    /// This without a part that was parted off at its upper end, or off its values.
    fn without(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Run(from, _), Self::Run(end, _)) => Self::Run(*from, *end),
            (Self::Among(mine), Self::Among(others)) => Self::Among(mine.iter().copied().filter(|value| !others.contains(value)).collect()),
            _ => self.clone(),
        }
    }
}

/// What accounts there are in a part of all.
#[derive(Debug, Clone)]
pub struct Part {
    /// Of each field, what lies in the box.
    pub sides: Vec<Side>,
    /// The same, but for what the boxes before it hold: it may be wider.
    pub rest: Vec<Side>,
}

/// So many boxes over so many fields.
pub fn boxes(rungs: usize, fields: usize, seed: u64) -> Vec<Part> {
    let rng = &mut Rng::new(seed);
    let all: Vec<Side> = FIELDS[..fields].iter().map(|field| Side::all(field.kind)).collect();
    let mut out = vec![Part { sides: all.clone(), rest: all }];
    while out.len() < rungs {
        let (at, field) = (rng.below(out.len()), rng.below(fields));
        let Some((one, other)) = out[at].sides[field].parted(rng) else { continue };
        let mut after = out[at].clone();
        out[at].rest[field] = out[at].rest[field].without(&other);
        out[at].sides[field] = one;
        after.sides[field] = other;
        out.insert(at + 1, after);
    }
    out
}
