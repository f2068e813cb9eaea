//! The stable codes of findings. A code is never reused; each has a page in `docs/findings`, compiled in.
//!
//! Ranges by pass: K01 text and grammar, K02 names, K03 types, units and missing values, K04 decisions and items,
//! K05 layers and aggregates, K06 data, K07 evaluation, K08 tests, K09 the command line, K10 proofs, K11 lints.

use crate::Level;
use std::fmt;

mod data;
mod eval;
mod items;
mod layers;
mod lints;
mod names;
mod proofs;
mod syntax;
mod types;

pub use data::*;
pub use eval::*;
pub use items::*;
pub use layers::*;
pub use lints::*;
pub use names::*;
pub use proofs::*;
pub use syntax::*;
pub use types::*;

/// A finding's stable code, such as `K0301`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code(pub u16);

/// What is known of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeInfo {
    /// The code.
    pub code: Code,
    /// What it is called where its level is set: `unused_list`.
    pub name: &'static str,
    /// How much it weighs unless said otherwise.
    pub level: Level,
    /// Its page: `# K0301: title`, what it means, a case that shows it, and the way out.
    pub page: &'static str,
}

impl CodeInfo {
    /// The title on the page's first line.
    pub fn title(&self) -> &'static str {
        let first = self.page.lines().next().unwrap_or_default();
        first.split_once(": ").map_or(first, |(_, title)| title)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "K{:04}", self.0)
    }
}

impl Code {
    /// Reads `K0301` or `k0301`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix(['K', 'k'])?;
        all().find(|info| digits.len() == 4 && info.code.0.to_string().as_str() == digits.trim_start_matches('0')).map(|info| info.code)
    }

    /// Reads `K0301`, or a finding's name such as `unused_list`.
    pub fn named(text: &str) -> Option<Self> {
        Self::parse(text).or_else(|| all().find(|info| info.name == text).map(|info| info.code))
    }

    /// What is known of the code.
    pub fn info(self) -> &'static CodeInfo {
        static UNKNOWN: CodeInfo = CodeInfo { code: Code(0), name: "", level: Level::Error, page: "# K0000: unknown" };
        all().find(|info| info.code == self).unwrap_or(&UNKNOWN)
    }
}

/// Every code, in order.
#[allow(unused_qualifications, reason = "each pass has its own table")]
pub fn all() -> impl Iterator<Item = &'static CodeInfo> {
    let tables: [&[CodeInfo]; 9] =
        [syntax::TABLE, names::TABLE, types::TABLE, items::TABLE, layers::TABLE, data::TABLE, eval::TABLE, proofs::TABLE, lints::TABLE];
    tables.into_iter().flatten()
}

/// A constant's name in small letters.
const fn small<const N: usize>(name: &str) -> [u8; N] {
    let (bytes, mut out, mut at) = (name.as_bytes(), [0; N], 0);
    while at < N {
        out[at] = bytes[at].to_ascii_lowercase();
        at += 1;
    }
    out
}

/// Declares the codes of one pass: a constant and a table row each, with the page compiled in.
macro_rules! codes {
    ($($name:ident $number:literal $level:ident $page:literal)*) => {
        $(#[doc = concat!("See the page `", $page, "`.")] pub const $name: $crate::Code = $crate::Code($number);)*
        pub(super) const TABLE: &[$crate::CodeInfo] = &[$($crate::CodeInfo {
            code: $name,
            name: {
                const SMALL: [u8; stringify!($name).len()] = $crate::codes::small(stringify!($name));
                match std::str::from_utf8(&SMALL) {
                    Ok(name) => name,
                    Err(_) => "",
                }
            },
            level: $crate::Level::$level,
            page: include_str!(concat!("../../../../docs/findings/", $page, ".md")),
        }),*];
    };
}
pub(crate) use codes;

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_finding_has_a_name_of_its_own() {
        let names: BTreeSet<&str> = all().map(|info| info.name).collect();
        assert_eq!(names.len(), all().count(), "two findings have one name");
        assert!(names.iter().all(|name| name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')));
        assert_eq!(BRACKET_OPEN.info().name, "bracket_open");
        assert_eq!(Code::named("bracket_open"), Some(BRACKET_OPEN));
        assert_eq!(Code::named("k0101"), Some(BRACKET_OPEN));
        assert_eq!(Code::named("Bracket_open"), None);
    }
}
