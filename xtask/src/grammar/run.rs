//! Parses with the tables: yes or no, and where not.

use super::bnf::{Bnf, END};
use super::tables::{Action, Tables};

/// A way to read the text at a place: as which terminal, and how many pieces of text that takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    /// The terminal.
    pub terminal: usize,
    /// How many pieces of text it takes.
    pub length: usize,
}

/// Where the tables refuse a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The piece of text.
    pub at: usize,
}

/// Whether the tables accept a text of `length` pieces. `read` gives the ways to read the text at a piece, the first that
/// fits is taken: a word before `:` is a field where a field may stand, and a name elsewhere.
pub fn accepts(bnf: &Bnf, tables: &Tables, length: usize, read: impl Fn(usize) -> Vec<Candidate>) -> Result<(), Refusal> {
    let mut stack = vec![0];
    let mut at = 0;
    while at < length {
        let next = read(at).into_iter().find_map(|candidate| {
            let mut moved = stack.clone();
            advance(bnf, tables, &mut moved, candidate.terminal).then_some((moved, candidate.length))
        });
        let (moved, taken) = next.ok_or(Refusal { at })?;
        stack = moved;
        at += taken;
    }
    if advance(bnf, tables, &mut stack, END) { Ok(()) } else { Err(Refusal { at }) }
}

/// Completes what can be completed before the terminal and takes it; whether that went well.
fn advance(bnf: &Bnf, tables: &Tables, stack: &mut Vec<usize>, terminal: usize) -> bool {
    loop {
        let state = *stack.last().expect("the start state is never taken away");
        match tables.actions[state].get(&terminal) {
            Some(Action::Shift(to)) => {
                stack.push(*to);
                return true;
            }
            Some(Action::Accept) => return true,
            Some(Action::Reduce(production)) => {
                let (rule, body) = &bnf.productions[*production];
                stack.truncate(stack.len() - body.len());
                let from = *stack.last().expect("the start state is never taken away");
                stack.push(tables.gotos[from][rule]);
            }
            None => return false,
        }
    }
}
