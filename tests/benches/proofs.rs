//! How long proofs take, and how long `check` takes as a whole: complete sets by size, nested territories, and what is hard for any method.

use divan::Bencher;
use divan::counter::ItemsCount;
use kamrules_base::world::MemoryWorld;
use kamrules_prove::space::Steps;
use kamrules_prove::{Reason, Setting, Verdict, What};
use kamrules_session::CheckOptions;
use kamrules_tests::sized::{FLAGS, SIZES, ladder, segments, table, territories, threes};
use std::path::Path;

/// Ladders take longer: each rung is held against all above it, and most of these overlap it.
const LADDERS: [(usize, usize); 3] = [(500, 6), (1_000, 6), (2_000, 6)];

fn main() {
    divan::main();
}

fn prove(policy: &kamrules_tests::Policy) -> Vec<Verdict> {
    let model = &policy.checked.model;
    let steps = Steps::OF_A_QUESTION;
    kamrules_prove::prove(&Setting { model, as_of: model.settings.as_of, lists: Default::default(), each: Default::default(), steps })
}

/// The proofs alone, of a policy that is checked; nothing may be found.
fn proofs(bencher: Bencher, text: &str, rungs: usize) {
    let policy = kamrules_tests::policy(&[("policy.kam", text)]);
    assert!(policy.findings.is_empty(), "{:?}", policy.findings.first());
    bencher.counter(ItemsCount::new(rungs)).bench_local(|| {
        let verdicts = prove(&policy);
        assert!(verdicts.is_empty(), "{:?}", verdicts.first());
    });
}

/// All that `kamrules check` does but for reading files: parse, check, prove, lint.
fn checks(bencher: Bencher, text: &str, rungs: usize) {
    let world = MemoryWorld::new([(Path::new("policy").join("policy.kam"), text.to_owned())]);
    bencher.counter(ItemsCount::new(rungs)).bench_local(|| {
        let policies = kamrules_session::Policy::open(&world, Path::new(""), Path::new("policy")).expect("a policy");
        let findings = policies[0].check(&world, &CheckOptions::default()).findings;
        assert!(!findings.iter().any(kamrules_base::Finding::is_error), "{:?}", findings.first());
    });
}

mod prove_only {
    use super::*;

    #[divan::bench(args = SIZES, max_time = 3)]
    fn segments_complete_and_exclusive(bencher: Bencher, (rungs, fields): (usize, usize)) {
        proofs(bencher, &segments(rungs, fields), rungs);
    }

    #[divan::bench(args = SIZES, max_time = 3)]
    fn table_complete_and_exclusive(bencher: Bencher, (rungs, fields): (usize, usize)) {
        proofs(bencher, &table(rungs, fields), rungs);
    }

    #[divan::bench(args = LADDERS, max_time = 3)]
    fn ladder_all_reached(bencher: Bencher, (rungs, fields): (usize, usize)) {
        proofs(bencher, &ladder(rungs, fields), rungs);
    }

    #[divan::bench]
    fn territories_nested(bencher: Bencher) {
        proofs(bencher, &territories(), 120);
    }

    /// Flags: the larger of these end in "not proved".
    #[divan::bench(args = FLAGS, sample_count = 3)]
    fn threes_of_flags(bencher: Bencher, flags: usize) {
        let policy = kamrules_tests::policy(&[("policy.kam", &threes(flags))]);
        bencher.counter(ItemsCount::new(flags)).bench_local(|| {
            let verdicts = prove(&policy);
            let unproved = verdicts.iter().any(|verdict| matches!(verdict.what, What::NotProved { reason: Reason::Steps, .. }));
            assert!(unproved == (flags > 100), "{flags} flags: {unproved}");
        });
    }
}

mod whole_check {
    use super::*;

    #[divan::bench(args = SIZES, max_time = 3)]
    fn segments_complete_and_exclusive(bencher: Bencher, (rungs, fields): (usize, usize)) {
        checks(bencher, &segments(rungs, fields), rungs);
    }

    #[divan::bench(args = SIZES, max_time = 3)]
    fn table_complete_and_exclusive(bencher: Bencher, (rungs, fields): (usize, usize)) {
        checks(bencher, &table(rungs, fields), rungs);
    }

    #[divan::bench(args = LADDERS, max_time = 3)]
    fn ladder_all_reached(bencher: Bencher, (rungs, fields): (usize, usize)) {
        checks(bencher, &ladder(rungs, fields), rungs);
    }

    #[divan::bench]
    fn territories_nested(bencher: Bencher) {
        checks(bencher, &territories(), 120);
    }
}
