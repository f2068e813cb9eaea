//! The grammar has no conflicts, the checker would see one, and the words of both grammar files are the same.

use std::collections::BTreeSet;
use xtask::grammar::{bnf, build, desugar, load};
use xtask::{ebnf, generate, root, words};

fn conflicts(text: &str) -> Vec<String> {
    let rules = ebnf::read(text).expect("the grammar of the test is well formed");
    build(&desugar(&rules, &[]).expect("its rules exist")).conflicts
}

#[test]
fn the_grammar_has_no_conflicts() {
    let bnf = load(&root()).expect("the grammar reads");
    let tables = build(&bnf);
    assert!(tables.conflicts.is_empty(), "{:#?}", tables.conflicts);
}

#[test]
fn the_checker_is_not_blind() {
    let ambiguous = conflicts("expr = expr \"+\" expr | NUM");
    assert!(ambiguous.iter().any(|conflict| conflict.starts_with("shift/reduce before `+`")), "{ambiguous:?}");
    let twins = conflicts("file = a | b\na = NUM\nb = NUM");
    assert!(twins.iter().any(|conflict| conflict.starts_with("reduce/reduce")), "{twins:?}");
    let foresight = conflicts("file = a \",\" NUM\na = S (\",\" S)*");
    assert!(foresight.iter().any(|conflict| conflict.starts_with("shift/reduce before `,`")), "{foresight:?}");
    assert!(conflicts("expr = expr \"+\" NUM | NUM").is_empty());
}

#[test]
fn both_grammar_files_know_the_same_words() {
    let table = words::read(&generate::source(&root(), "grammar/keywords.toml").expect("the table is there")).expect("the table reads");
    let rules = ebnf::read(&generate::source(&root(), "grammar/kam.ebnf").expect("the grammar is there")).expect("the grammar reads");
    let mut written = BTreeSet::new();
    rules.iter().for_each(|rule| bnf::collect(&rule.body, &mut written));
    let named = table.items.iter().chain(&table.reserved).map(|(word, _)| word).chain(table.clauses.iter().map(|clause| &clause.word));
    let named: BTreeSet<String> = named.cloned().collect();
    assert_eq!(written, named);
    for clause in &table.clauses {
        let reserved = table.items.iter().chain(&table.reserved).any(|(word, _)| *word == clause.word);
        assert!(!reserved, "`{}` is reserved and need not be a clause word", clause.word);
    }
}

#[test]
fn generated_files_are_up_to_date() {
    generate::check(&root()).expect("generated files are up to date");
}
