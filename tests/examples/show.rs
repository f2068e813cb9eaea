#![allow(missing_docs, clippy::print_stdout)]
fn main() {
    let seed = std::env::args().nth(1).expect("a seed").parse().expect("a number");
    let case = kamrules_tests::generate::generate(seed);
    println!("{}", case.policy);
    let policy = kamrules_tests::policy(&[("made.kam", &case.policy)]);
    for finding in &policy.findings {
        let at = finding.span().map(|span| policy.sources.line_column(span));
        println!("{at:?} {}", kamrules_tests::told(finding));
        if let Some((line, column)) = at { let l = case.policy.lines().nth(line - 1).unwrap_or(""); println!("   {}", l.chars().skip(column.saturating_sub(100)).take(200).collect::<String>()); }
    }
}
