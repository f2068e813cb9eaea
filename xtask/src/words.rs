//! Reads `grammar/keywords.toml`: sections of `word = "text"` lines, in the order they are written.

/// The words of the language.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Words {
    /// Reserved words that start an item, each with its meaning.
    pub items: Vec<(String, String)>,
    /// The other reserved words, each with its meaning.
    pub reserved: Vec<(String, String)>,
    /// Words that are keywords in one construct only.
    pub clauses: Vec<Clause>,
    /// Words read as one, each with its meaning.
    pub joined: Vec<(String, String)>,
    /// Units of durations, and what they stand for.
    pub units: Vec<(String, String)>,
    /// Signs before an amount, and the code they stand for.
    pub signs: Vec<(String, String)>,
    /// Currency codes with their names.
    pub currencies: Vec<(String, String)>,
}

/// A word that is a keyword in one construct.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// The word.
    pub word: String,
    /// The construct, such as `entity`, `header` or `expression`.
    pub construct: String,
    /// What it means there.
    pub meaning: String,
}

/// Reads the table; an error names the line.
pub fn read(text: &str) -> Result<Words, String> {
    let mut words = Words::default();
    let mut section = String::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let fault = || format!("keywords.toml:{}: `{line}` is neither a section nor `word = \"text\"`", index + 1);
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = name.to_owned();
            continue;
        }
        let (word, meaning) = entry(line).ok_or_else(fault)?;
        add(&mut words, &section, word, meaning).ok_or_else(fault)?;
    }
    Ok(words)
}

fn entry(line: &str) -> Option<(String, String)> {
    let (word, text) = line.split_once(" = ")?;
    let text = text.strip_prefix('"')?.strip_suffix('"')?;
    Some((word.trim_matches('"').to_owned(), text.replace("\\\"", "\"")))
}

fn add(words: &mut Words, section: &str, word: String, meaning: String) -> Option<()> {
    if let Some(construct) = section.strip_prefix("clause.") {
        words.clauses.push(Clause { word, construct: construct.to_owned(), meaning });
        return Some(());
    }
    let list = match section {
        "items" => &mut words.items,
        "reserved" => &mut words.reserved,
        "joined" => &mut words.joined,
        "units" => &mut words.units,
        "signs" => &mut words.signs,
        "currencies" => &mut words.currencies,
        _ => return None,
    };
    list.push((word, meaning));
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_sections_in_order() {
        let words = read("# words\n[items]\npolicy = \"a\"\n[clause.entity]\nas = \"as \\\"M\\\"\"\n").expect("a good table");
        assert_eq!(words.items, [("policy".to_owned(), "a".to_owned())]);
        assert_eq!(words.clauses[0].meaning, "as \"M\"");
    }

    #[test]
    fn names_the_line_at_fault() {
        assert!(read("[items]\npolicy\n").expect_err("no meaning").contains(":2:"));
    }
}
