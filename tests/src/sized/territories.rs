//! Territories of states and bands of revenue, nested; complete because facts say which country a state is in.

use std::fmt::Write;

/// How many states each country has, and into how many lists they are put.
const COUNTRIES: [(&str, usize, usize); 4] = [("US", 50, 12), ("CA", 13, 4), ("DE", 16, 5), ("FR", 13, 3)];

/// The first revenue of each band but the lowest.
const BANDS: [&str; 4] = ["$1M", "$5M", "$20M", "$100M"];

/// 120 territories: lists of states by five bands of revenue. Of two countries the lists are a level of their own; of the others
/// each territory names its states and its band. No `otherwise` anywhere.
pub fn territories() -> String {
    let mut text = String::from(
        "policy \"Territories\" {\n  currency USD\n  as of 2026-06-30\n}\n\nentity account {\n  id : text key\n  revenue : money\n",
    );
    let names: Vec<&str> = COUNTRIES.iter().map(|country| country.0).collect();
    let states: Vec<String> = COUNTRIES.iter().flat_map(|&(country, count, _)| (0..count).map(move |state| name(country, state))).collect();
    let _ = writeln!(text, "  country : one of {{ {} }}\n  state : one of {{ {} }}\n}}\n", names.join(", "), states.join(", "));
    for (country, count, _) in COUNTRIES {
        let states: Vec<String> = (0..count).map(|state| name(country, state)).collect();
        let _ = writeln!(text, "always account where state in [{}]: country = {country}", states.join(", "));
    }
    text.push_str("\n## Who sells where.\nterritories coverage \"Coverage\" for account {\n");
    for (at, (country, count, lists)) in COUNTRIES.into_iter().enumerate() {
        let _ = writeln!(text, "  {} when country = {country} {{", country.to_lowercase());
        for list in 0..lists {
            let states: Vec<String> = (list..count).step_by(lists).map(|state| name(country, state)).collect();
            let (label, states) = (format!("{}_{list:02}", country.to_lowercase()), states.join(", "));
            if at < 2 {
                let _ = writeln!(text, "    {label} when state in [{states}] {{");
                for at in 0..=BANDS.len() {
                    let _ = writeln!(text, "      {label}_{at} when {}", band(at));
                }
                text.push_str("    }\n");
            } else {
                for at in 0..=BANDS.len() {
                    let _ = writeln!(text, "    {label}_{at} when state in [{states}] and {}", band(at));
                }
            }
        }
        text.push_str("  }\n");
    }
    text + "}\n"
}

fn name(country: &str, state: usize) -> String {
    format!("{country}_{state:02}")
}

fn band(at: usize) -> String {
    match (at.checked_sub(1).map(|below| BANDS[below]), BANDS.get(at)) {
        (Some(from), Some(to)) => format!("revenue in {from}..<{to}"),
        (Some(from), None) => format!("revenue >= {from}"),
        (None, Some(to)) => format!("revenue < {to}"),
        (None, None) => "yes".to_owned(),
    }
}
