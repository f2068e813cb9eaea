//! What the tests gave as workflow commands of GitHub Actions: why tests fail, beside their expectations, and how many passed.

use crate::findings_github::{commands, one_line};
use crate::paint::printable;
use crate::report::Report;
use kamrules_session::testing::TestOutcome;

/// The lines. Each report goes with the tests that were run; none of them where the rules are at fault.
pub fn render(reports: &[(&Report<'_>, &[TestOutcome])]) -> String {
    let mut out = String::new();
    for (report, _) in reports {
        out.push_str(&commands(std::slice::from_ref(*report)));
    }
    for (report, tests) in reports {
        let count = |library: bool| {
            let tests = || tests.iter().filter(move |test| test.library == library);
            format!("{} of {}", tests().filter(|test| test.passed()).count(), tests().count())
        };
        let library =
            if tests.iter().any(|test| test.library) { format!(", and {} of the standard library", count(true)) } else { String::new() };
        out.push_str(&format!("kamrules: {}: {} tests passed{library}\n", one_line(&report.policy), count(false)));
    }
    printable(out, false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn a_failing_test_is_a_command() {
        samples::tested(|report, tests| insta::assert_snapshot!(render(&[(report, tests)])));
    }
}
