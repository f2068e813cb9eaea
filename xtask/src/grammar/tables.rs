//! LALR(1) states by propagation of lookaheads (Aho, Sethi, Ullman, "Compilers", algorithms 4.12 and 4.13).

use super::bnf::{Bnf, END, Symbol};
use std::collections::{BTreeMap, HashMap};

/// What to do at a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Take it and go to the state.
    Shift(usize),
    /// A production is complete.
    Reduce(usize),
    /// The text is complete.
    Accept,
}

/// The tables, and what was found wrong while building them.
#[derive(Debug, Clone, Default)]
pub struct Tables {
    /// By state and terminal.
    pub actions: Vec<HashMap<usize, Action>>,
    /// By state and rule.
    pub gotos: Vec<HashMap<usize, usize>>,
    /// Each conflict in words.
    pub conflicts: Vec<String>,
}

/// A set of terminals; the last bit marks what comes from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Set([u64; 4]);

const OUTSIDE: usize = 255;

impl Set {
    fn of(terminal: usize) -> Self {
        let mut set = Self::default();
        set.add(terminal);
        set
    }
    fn add(&mut self, terminal: usize) {
        self.0[terminal / 64] |= 1 << (terminal % 64);
    }
    fn has(&self, terminal: usize) -> bool {
        self.0[terminal / 64] & (1 << (terminal % 64)) != 0
    }
    fn remove(&mut self, terminal: usize) {
        self.0[terminal / 64] &= !(1 << (terminal % 64));
    }
    /// Adds all of the other; whether that changed anything.
    fn join(&mut self, other: &Self) -> bool {
        let before = *self;
        self.0.iter_mut().zip(other.0).for_each(|(mine, theirs)| *mine |= theirs);
        *self != before
    }
    fn members(&self) -> impl Iterator<Item = usize> {
        (0..OUTSIDE).filter(|terminal| self.has(*terminal))
    }
}

/// A production and how much of it has been seen.
type Item = (usize, usize);

struct Builder<'a> {
    bnf: &'a Bnf,
    /// The productions of the grammar, and `start = first rule` behind them.
    productions: Vec<(usize, Vec<Symbol>)>,
    by_rule: Vec<Vec<usize>>,
    first: Vec<(Set, bool)>,
    /// The kernel items of each state.
    kernels: Vec<Vec<Item>>,
    moves: Vec<BTreeMap<Symbol, usize>>,
}

/// Builds the tables of a grammar.
pub fn build(bnf: &Bnf) -> Tables {
    assert!(bnf.terminals.len() < OUTSIDE, "a set of terminals holds {OUTSIDE}");
    let mut productions = bnf.productions.clone();
    productions.push((bnf.rules.len(), vec![Symbol::Rule(0)]));
    let mut by_rule = vec![Vec::new(); bnf.rules.len() + 1];
    for (number, (rule, _)) in productions.iter().enumerate() {
        by_rule[*rule].push(number);
    }
    let mut builder = Builder { bnf, productions, by_rule, first: Vec::new(), kernels: Vec::new(), moves: Vec::new() };
    builder.firsts();
    builder.states();
    let lookaheads = builder.lookaheads();
    builder.tables(&lookaheads)
}

impl Builder<'_> {
    /// Which terminals each rule may begin with, and whether it may be empty.
    fn firsts(&mut self) {
        self.first = vec![(Set::default(), false); self.by_rule.len()];
        loop {
            let mut changed = false;
            for (rule, body) in self.productions.clone() {
                let (set, empty) = self.first_of(&body);
                changed |= self.first[rule].0.join(&set);
                changed |= empty && !std::mem::replace(&mut self.first[rule].1, true);
            }
            if !changed {
                return;
            }
        }
    }

    fn first_of(&self, symbols: &[Symbol]) -> (Set, bool) {
        let mut set = Set::default();
        for symbol in symbols {
            match symbol {
                Symbol::Terminal(terminal) => {
                    set.add(*terminal);
                    return (set, false);
                }
                Symbol::Rule(rule) => {
                    let (first, empty) = self.first[*rule];
                    set.join(&first);
                    if !empty {
                        return (set, false);
                    }
                }
            }
        }
        (set, true)
    }

    /// The states without lookaheads, and the moves between them.
    fn states(&mut self) {
        let mut known: HashMap<Vec<Item>, usize> = HashMap::new();
        let start = vec![(self.productions.len() - 1, 0)];
        known.insert(start.clone(), 0);
        self.kernels.push(start);
        let mut at = 0;
        while at < self.kernels.len() {
            let mut next: BTreeMap<Symbol, Vec<Item>> = BTreeMap::new();
            let rules = self.closure(&self.kernels[at].iter().map(|item| (*item, Set::default())).collect::<Vec<_>>());
            let fresh = rules.keys().flat_map(|rule| self.by_rule[*rule].iter().map(|production| (*production, 0)));
            for (production, dot) in self.kernels[at].iter().copied().chain(fresh) {
                if let Some(symbol) = self.productions[production].1.get(dot) {
                    next.entry(*symbol).or_default().push((production, dot + 1));
                }
            }
            let mut moves = BTreeMap::new();
            for (symbol, mut kernel) in next {
                kernel.sort_unstable();
                kernel.dedup();
                let state = *known.entry(kernel.clone()).or_insert_with(|| {
                    self.kernels.push(kernel);
                    self.kernels.len() - 1
                });
                moves.insert(symbol, state);
            }
            self.moves.push(moves);
            at += 1;
        }
    }

    /// The rules that may begin where the items stand, and what may follow each.
    fn closure(&self, items: &[(Item, Set)]) -> BTreeMap<usize, Set> {
        let mut rules: BTreeMap<usize, Set> = BTreeMap::new();
        let mut waiting: Vec<usize> = Vec::new();
        let visit = |production: usize, dot: usize, after: &Set, rules: &mut BTreeMap<usize, Set>, waiting: &mut Vec<usize>| {
            let body = &self.productions[production].1;
            if let Some(Symbol::Rule(rule)) = body.get(dot) {
                let (mut set, empty) = self.first_of(&body[dot + 1..]);
                if empty {
                    set.join(after);
                }
                let fresh = !rules.contains_key(rule);
                if rules.entry(*rule).or_default().join(&set) || fresh {
                    waiting.push(*rule);
                }
            }
        };
        for ((production, dot), after) in items {
            visit(*production, *dot, after, &mut rules, &mut waiting);
        }
        while let Some(rule) = waiting.pop() {
            let after = rules[&rule];
            for production in &self.by_rule[rule] {
                visit(*production, 0, &after, &mut rules, &mut waiting);
            }
        }
        rules
    }

    /// What may follow each kernel item of each state once it is complete.
    fn lookaheads(&self) -> Vec<HashMap<Item, Set>> {
        let mut sets: Vec<HashMap<Item, Set>> = vec![HashMap::new(); self.kernels.len()];
        let mut links: HashMap<(usize, Item), Vec<(usize, Item)>> = HashMap::new();
        sets[0].insert((self.productions.len() - 1, 0), Set::of(END));
        for (state, kernel) in self.kernels.iter().enumerate() {
            for item in kernel {
                let rules = self.closure(&[(*item, Set::of(OUTSIDE))]);
                let fresh = rules.iter().flat_map(|(rule, set)| self.by_rule[*rule].iter().map(move |production| ((*production, 0), *set)));
                for ((production, dot), mut set) in std::iter::once((*item, Set::of(OUTSIDE))).chain(fresh) {
                    let Some(symbol) = self.productions[production].1.get(dot) else { continue };
                    let target = (self.moves[state][symbol], (production, dot + 1));
                    if set.has(OUTSIDE) {
                        links.entry((state, *item)).or_default().push(target);
                        set.remove(OUTSIDE);
                    }
                    sets[target.0].entry(target.1).or_default().join(&set);
                }
            }
        }
        let mut waiting: Vec<(usize, Item)> = links.keys().copied().collect();
        while let Some(from) = waiting.pop() {
            let set = sets[from.0].get(&from.1).copied().unwrap_or_default();
            for to in links.get(&from).into_iter().flatten() {
                if sets[to.0].entry(to.1).or_default().join(&set) {
                    waiting.push(*to);
                }
            }
        }
        sets
    }

    fn tables(&self, lookaheads: &[HashMap<Item, Set>]) -> Tables {
        let mut tables = Tables::default();
        for (state, kernel) in self.kernels.iter().enumerate() {
            let mut actions: HashMap<usize, Action> = HashMap::new();
            let mut gotos = HashMap::new();
            for (symbol, to) in &self.moves[state] {
                match symbol {
                    Symbol::Terminal(terminal) => drop(actions.insert(*terminal, Action::Shift(*to))),
                    Symbol::Rule(rule) => drop(gotos.insert(*rule, *to)),
                }
            }
            let items: Vec<(Item, Set)> =
                kernel.iter().map(|item| (*item, lookaheads[state].get(item).copied().unwrap_or_default())).collect();
            let empties = self.closure(&items).into_iter().flat_map(|(rule, set)| {
                self.by_rule[rule].iter().filter(|production| self.productions[**production].1.is_empty()).map(move |p| ((*p, 0), set))
            });
            let done = items.iter().copied().filter(|((production, dot), _)| self.productions[*production].1.len() == *dot);
            for ((production, _), set) in done.chain(empties) {
                self.reduce(production, &set, &mut actions, &mut tables.conflicts);
            }
            tables.actions.push(actions);
            tables.gotos.push(gotos);
        }
        tables
    }

    fn reduce(&self, production: usize, set: &Set, actions: &mut HashMap<usize, Action>, conflicts: &mut Vec<String>) {
        let action = if production == self.productions.len() - 1 { Action::Accept } else { Action::Reduce(production) };
        for terminal in set.members() {
            match actions.insert(terminal, action) {
                Some(other) if other != action => conflicts.push(self.conflict(terminal, other, production)),
                _ => {}
            }
        }
    }

    fn conflict(&self, terminal: usize, other: Action, production: usize) -> String {
        let before = &self.bnf.terminals[terminal];
        let complete = self.written(production);
        match other {
            Action::Reduce(other) => format!("reduce/reduce before `{before}`: `{}` or `{complete}`", self.written(other)),
            _ => format!("shift/reduce before `{before}`: go on, or complete `{complete}`"),
        }
    }

    fn written(&self, production: usize) -> String {
        let (rule, body) = &self.productions[production];
        let body: Vec<&str> = body
            .iter()
            .map(|symbol| match symbol {
                Symbol::Terminal(terminal) => self.bnf.terminals[*terminal].as_str(),
                Symbol::Rule(rule) => self.bnf.rules[*rule].as_str(),
            })
            .collect();
        format!("{} = {}", self.bnf.rules.get(*rule).map_or("start", String::as_str), body.join(" "))
    }
}
