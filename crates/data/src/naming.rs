//! Names for entities, fields and values out of what files and columns are called.

use std::path::Path;

/// Whether a word is one of the language, and so no name.
pub type Reserved<'a> = &'a dyn Fn(&str) -> bool;

/// What a file's rows are called: its name, in the singular.
pub fn entity_name(path: &str, reserved: Reserved<'_>) -> String {
    let file = Path::new(path).file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let words = snake(&file);
    let (before, last) = words.rsplit_once('_').map_or(("", words.as_str()), |(before, last)| (before, last));
    let last = singular(last);
    plain_name(&if before.is_empty() { last } else { format!("{before}_{last}") }, "row", reserved)
}

fn singular(word: &str) -> String {
    if let Some(start) = word.strip_suffix("ies").filter(|start| start.len() > 1) {
        return format!("{start}y");
    }
    if ["sses", "shes", "ches", "xes"].iter().any(|end| word.ends_with(end)) {
        return word[..word.len() - 2].to_owned();
    }
    let plural = word.ends_with('s') && !["ss", "us", "is"].iter().any(|end| word.ends_with(end)) && word.len() > 2;
    if plural { word[..word.len() - 1].to_owned() } else { word.to_owned() }
}

/// `CustomerID`, `Customer Id` and `customer-id` are all `customer_id`.
pub fn snake(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::new();
    for (i, &c) in chars.iter().enumerate() {
        if !c.is_alphanumeric() {
            if !out.ends_with('_') {
                out.push('_');
            }
            continue;
        }
        let before = i.checked_sub(1).map(|at| chars[at]);
        let next_lower = chars.get(i + 1).is_some_and(|next| next.is_lowercase());
        let starts = c.is_uppercase() && before.is_some_and(|b| b.is_lowercase() || b.is_numeric() || (b.is_uppercase() && next_lower));
        if starts && !out.ends_with('_') {
            out.push('_');
        }
        out.extend(ascii(c));
    }
    out.trim_matches('_').to_owned()
}

/// Letters with marks without them; other letters fall away, since names in rules are plain.
fn ascii(c: char) -> Vec<char> {
    let plain = match c {
        c if c.is_ascii() => return vec![c.to_ascii_lowercase()],
        'ä' | 'Ä' => "ae",
        'ö' | 'Ö' | 'ø' | 'Ø' => "oe",
        'ü' | 'Ü' => "ue",
        'ß' => "ss",
        'é' | 'è' | 'ê' | 'ë' | 'É' | 'È' => "e",
        'á' | 'à' | 'â' | 'ã' | 'å' | 'Á' | 'À' | 'Å' => "a",
        'í' | 'ì' | 'î' | 'ï' => "i",
        'ó' | 'ò' | 'ô' | 'õ' => "o",
        'ú' | 'ù' | 'û' => "u",
        'ñ' => "n",
        'ç' | 'Ç' => "c",
        _ => "",
    };
    plain.chars().collect()
}

/// A name that is no reserved word, means nothing else in reach, and begins with a letter.
pub fn plain_name(name: &str, what: &str, reserved: Reserved<'_>) -> String {
    const TAKEN: [&str; 26] = [
        "other", "text", "number", "integer", "percent", "money", "date", "time", "duration", "flag", "today", "period", "year", "quarter",
        "month", "week", "count", "sum", "average", "median", "min", "max", "any", "every", "only", "share",
    ];
    match name.chars().next() {
        None => what.to_owned(),
        Some(c) if !c.is_ascii_alphabetic() => format!("{what}_{name}"),
        Some(_) if TAKEN.contains(&name) || reserved(name) => format!("{name}_{what}"),
        Some(_) => name.to_owned(),
    }
}

/// A name that is not taken: with a number behind it if need be.
pub fn free(name: String, taken: impl Fn(&str) -> bool) -> String {
    let name = if name.is_empty() { "column".to_owned() } else { name };
    let name = if name.starts_with(|c: char| c.is_ascii_digit()) { format!("column_{name}") } else { name };
    if !taken(&name) {
        return name;
    }
    (2..).map(|n| format!("{name}_{n}")).find(|name| !taken(name)).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_plain_and_singular() {
        for (text, name) in [
            ("CustomerID", "customer_id"),
            ("Account ID", "account_id"),
            ("HTTPCode", "http_code"),
            ("State-Province", "state_province"),
            ("M01", "m01"),
            ("Straße", "strasse"),
            ("UnitsInStock", "units_in_stock"),
            ("東京", ""),
        ] {
            assert_eq!(snake(text), name, "{text}");
        }
        for (path, entity) in [
            ("data/categories.csv", "category"),
            ("order_details.csv", "order_detail"),
            ("region.csv", "region"),
            ("addresses.json", "address"),
            ("status.csv", "status"),
            ("Sales 2024.csv", "sales_2024"),
            ("tests.csv", "test_row"),
            ("2024.csv", "row_2024"),
        ] {
            assert_eq!(entity_name(path, &|word| word == "test"), entity, "{path}");
        }
    }
}
