//! Policies made at random, formatted: a second time changes nothing, and they mean the same.

use kamrules_base::world::MemoryWorld;
use kamrules_base::{FileId, Finding};
use kamrules_eval::{Answers, Options, columns};
use kamrules_syntax::format::format;
use kamrules_tests::{generate, policy, told};

fn answers(text: &str, files: &[(String, String)]) -> Option<Answers> {
    let policy = policy(&[("made.kam", text)]);
    if policy.findings.iter().any(Finding::is_error) {
        return None;
    }
    let model = &policy.checked.model;
    let world = MemoryWorld::new(files.to_vec());
    let loaded = kamrules_data::load(model, &policy.sources, &world, &[]);
    Some(columns::run(model, &loaded.book, &Options { as_of: model.settings.as_of, threads: 1 }))
}

#[test]
fn what_is_formatted_stays_and_means_the_same() {
    let (mut same, mut unclean) = (0, 0);
    for seed in 0..40 {
        let case = generate::generate(seed);
        let once = format(FileId(0), &case.policy)
            .unwrap_or_else(|findings| panic!("seed {seed}: {:?}", findings.iter().map(told).collect::<Vec<_>>()));
        let twice = format(FileId(0), &once)
            .unwrap_or_else(|findings| panic!("seed {seed}, formatted: {:?}", findings.iter().map(told).collect::<Vec<_>>()));
        assert_eq!(once, twice, "seed {seed}: formatting again changes something");
        let before = answers(&case.policy, &case.files);
        let after = answers(&once, &case.files);
        assert!(before == after, "seed {seed}: the formatted policy has other answers");
        same += usize::from(before.is_some());
        unclean += usize::from(before.is_none());
    }
    assert!(same > 19 * unclean, "too few policies are clean: {unclean} are not");
}
