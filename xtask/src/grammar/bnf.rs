//! Rules without `? * + |`: each option is written out in its place, each repetition becomes a rule of its own.
//!
//! Writing options out in place, instead of as empty rules, leaves the choice open for as long as the texts agree, which
//! is what keeps `split 20%, 80%,` and its like free of conflicts.

use crate::ebnf::{Node, Rule};
use std::collections::{BTreeSet, HashMap};

/// A terminal or a rule, by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Symbol {
    /// A word, sign or kind of word: an index into [`Bnf::terminals`].
    Terminal(usize),
    /// An index into [`Bnf::rules`].
    Rule(usize),
}

/// A grammar written out.
#[derive(Debug, Clone, Default)]
pub struct Bnf {
    /// Names of the terminals; the first is the end of the text, the second any word that is no keyword. Both are named so that
    /// no word of a grammar can have their name.
    pub terminals: Vec<String>,
    /// Names of the rules; the first is the start.
    pub rules: Vec<String>,
    /// A rule and what it may stand for.
    pub productions: Vec<(usize, Vec<Symbol>)>,
}

/// The terminal of the end of the text.
pub const END: usize = 0;
/// The terminal of a word that is a keyword nowhere.
pub const WORD: usize = 1;

impl Bnf {
    /// The number of a terminal.
    pub fn terminal(&self, name: &str) -> Option<usize> {
        self.terminals.iter().position(|known| known == name)
    }
}

/// Writes the rules out. `N` and `ANY` become rules over the words of the grammar and the reserved ones.
pub fn desugar(rules: &[Rule], reserved: &[String]) -> Result<Bnf, String> {
    let mut names: HashMap<String, usize> = HashMap::new();
    let mut bnf = Bnf { terminals: vec!["the end".to_owned(), "a name".to_owned()], ..Bnf::default() };
    for name in rules.iter().map(|rule| rule.name.as_str()).chain(["N", "ANY"]) {
        if names.insert(name.to_owned(), bnf.rules.len()).is_some() {
            return Err(format!("kam.ebnf: the rule `{name}` is written twice"));
        }
        bnf.rules.push(name.to_owned());
    }
    let mut pass = Pass { bnf, names, made: HashMap::new() };
    for rule in rules {
        let of = pass.names[&rule.name];
        for alternative in pass.alternatives(&rule.body)? {
            pass.bnf.productions.push((of, alternative));
        }
    }
    pass.words(rules, reserved);
    Ok(pass.bnf)
}

struct Pass {
    bnf: Bnf,
    names: HashMap<String, usize>,
    /// Repetitions already made, by what they repeat.
    made: HashMap<Vec<Vec<Symbol>>, usize>,
}

impl Pass {
    /// Everything that a part may stand for.
    fn alternatives(&mut self, node: &Node) -> Result<Vec<Vec<Symbol>>, String> {
        Ok(match node {
            Node::Literal(word) => vec![vec![self.terminal(word)]],
            Node::Symbol(name) => vec![vec![self.symbol(name)?]],
            Node::Choice(branches) => {
                let branches: Result<Vec<_>, _> = branches.iter().map(|branch| self.alternatives(branch)).collect();
                branches?.concat()
            }
            Node::Optional(inner) => [vec![Vec::new()], self.alternatives(inner)?].concat(),
            Node::Some(inner) => vec![vec![self.repetition(inner)?]],
            Node::Any(inner) => vec![Vec::new(), vec![self.repetition(inner)?]],
            Node::Sequence(parts) => {
                let mut whole = vec![Vec::new()];
                for part in parts {
                    let next = self.alternatives(part)?;
                    whole = whole
                        .iter()
                        .flat_map(|left: &Vec<Symbol>| next.iter().map(|right| [left.clone(), right.clone()].concat()))
                        .collect();
                }
                whole
            }
        })
    }

    fn repetition(&mut self, inner: &Node) -> Result<Symbol, String> {
        let once = self.alternatives(inner)?;
        if let Some(rule) = self.made.get(&once) {
            return Ok(Symbol::Rule(*rule));
        }
        let rule = self.bnf.rules.len();
        self.bnf.rules.push(format!("repeated_{rule}"));
        self.made.insert(once.clone(), rule);
        for alternative in once {
            let again = [vec![Symbol::Rule(rule)], alternative.clone()].concat();
            self.bnf.productions.push((rule, alternative));
            self.bnf.productions.push((rule, again));
        }
        Ok(Symbol::Rule(rule))
    }

    fn symbol(&mut self, name: &str) -> Result<Symbol, String> {
        if let Some(rule) = self.names.get(name) {
            return Ok(Symbol::Rule(*rule));
        }
        if name.chars().all(|c| c.is_uppercase() || c == '_') {
            return Ok(self.terminal(name));
        }
        Err(format!("kam.ebnf: there is no rule `{name}`"))
    }

    fn terminal(&mut self, name: &str) -> Symbol {
        let number = self.bnf.terminal(name).unwrap_or_else(|| {
            self.bnf.terminals.push(name.to_owned());
            self.bnf.terminals.len() - 1
        });
        Symbol::Terminal(number)
    }

    /// `N` is any word but the reserved ones, `ANY` any word.
    fn words(&mut self, rules: &[Rule], reserved: &[String]) {
        let mut words = BTreeSet::new();
        rules.iter().for_each(|rule| collect(&rule.body, &mut words));
        words.extend(reserved.iter().cloned());
        let (name, any) = (self.names["N"], self.names["ANY"]);
        for rule in [name, any] {
            self.bnf.productions.push((rule, vec![Symbol::Terminal(WORD)]));
        }
        for word in words {
            let terminal = self.terminal(&word);
            if !reserved.contains(&word) {
                self.bnf.productions.push((name, vec![terminal]));
            }
            self.bnf.productions.push((any, vec![terminal]));
        }
    }
}

/// The literals of a rule that are words.
pub fn collect(node: &Node, words: &mut BTreeSet<String>) {
    match node {
        Node::Literal(word) if word.starts_with(char::is_alphabetic) => {
            words.insert(word.clone());
        }
        Node::Literal(_) | Node::Symbol(_) => {}
        Node::Sequence(parts) | Node::Choice(parts) => parts.iter().for_each(|part| collect(part, words)),
        Node::Optional(inner) | Node::Any(inner) | Node::Some(inner) => collect(inner, words),
    }
}
