//! The territories of examples/adventureworks: proved complete and exclusive, and what is said when they are not.

use kamrules_base::codes::{GAP, OVERLAP};
use kamrules_base::{Finding, Level};
use kamrules_render::findings_text::render;
use kamrules_session::CheckOptions;
use kamrules_tests::{checked, root, texts, told};

/// The example's rules and data.
fn example() -> Vec<(String, String)> {
    let folder = root().join("examples/adventureworks");
    let data = texts(&folder.join("data"), "csv").into_iter().map(|(name, text)| (format!("data/{name}"), text));
    texts(&folder, "kam").into_iter().chain(data).collect()
}

/// The same with something else in place of a text that stands in it once.
fn with(mut files: Vec<(String, String)>, old: &str, new: &str) -> Vec<(String, String)> {
    let holding: Vec<&mut (String, String)> = files.iter_mut().filter(|(_, text)| text.contains(old)).collect();
    let [(_, text)] = holding.try_into().unwrap_or_else(|all: Vec<_>| panic!("`{old}` stands in {} files", all.len()));
    assert_eq!(text.matches(old).count(), 1, "`{old}` stands there once");
    *text = text.replace(old, new);
    files
}

/// What is said of them beyond notes, each as the terminal shows it.
fn said(files: &[(String, String)], data: bool) -> Vec<(Finding, String)> {
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let (sources, findings) = checked(&files, &CheckOptions { data, ..CheckOptions::default() });
    let show = |finding: Finding| {
        let text = render(std::slice::from_ref(&finding), &sources, false);
        (finding, text)
    };
    findings.into_iter().filter(|finding| finding.level != Level::Note).map(show).collect()
}

#[test]
fn the_territories_are_complete_and_exclusive_without_an_otherwise() {
    let files = example();
    let territories = &files.iter().find(|(name, _)| name == "territories.kam").expect("the example has territories").1;
    assert!(territories.lines().all(|line| line.starts_with('#') || !line.contains("otherwise")));
    let said: Vec<String> = said(&files, false).iter().map(|(finding, _)| told(finding)).collect();
    assert!(said.is_empty(), "{said:#?}");
}

#[test]
fn a_state_that_is_taken_out_of_its_list_is_the_example_of_the_gap() {
    for (list, without, state) in
        [("[AZ, CA, NM, TX]", "[AZ, CA, TX]", "NM"), ("[CT, IN, MA, ME, NH, NY, OH, RI]", "[CT, IN, MA, ME, NH, NY, OH]", "RI")]
    {
        let said = said(&with(example(), &format!("when state in {list}"), &format!("when state in {without}")), false);
        let [(finding, text)] = said.as_slice() else { panic!("{:#?}", said.iter().map(|(_, text)| text).collect::<Vec<_>>()) };
        assert_eq!(finding.code, GAP, "{text}");
        assert!(text.contains(&format!("state = {state}")), "{text}");
        assert!(!text.contains("zip") && !text.contains("employees"), "only what matters is shown:\n{text}");
    }
}

#[test]
fn two_segments_of_the_same_accounts_overlap_and_the_data_hold_139_of_them() {
    let field = "revenue    : money    from \"AnnualRevenue\"\n";
    let files = with(example(), field, &format!("{field}  volume : money from \"AnnualSales\"\n"));
    let files = with(
        files,
        "## How well an account fits",
        &format!("{}\n## How well an account fits", include_str!("../proofs/adventureworks/desks.kam")),
    );
    let said = said(&files, true);
    let [(finding, text)] = said.as_slice() else { panic!("{:#?}", said.iter().map(|(_, text)| text).collect::<Vec<_>>()) };
    assert_eq!(finding.code, OVERLAP, "{text}");
    for shown in ["kind = warehouse", "country = US", "volume = $1_500_000", "139"] {
        assert!(text.contains(shown), "`{shown}` is not shown:\n{text}");
    }
}
