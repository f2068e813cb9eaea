//! "Did you mean": the nearest of some names.

/// A longer word is no slip of a name.
const LONGEST: usize = 80;

/// The candidate nearest to `wanted`, when it is near enough to be a slip of the finger, another case, or a part of it.
pub fn nearest<'a>(wanted: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if wanted.len() > LONGEST {
        return None;
    }
    let folded = fold(wanted);
    let limit = (folded.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .filter(|candidate| *candidate != wanted)
        .map(|candidate| (fold(candidate), candidate))
        .filter(|(text, _)| text.len() <= 2 * folded.len() + LONGEST)
        .map(|(text, candidate)| (score(&folded, &text, limit), candidate))
        .filter(|(score, _)| *score <= limit)
        .min_by_key(|(score, candidate)| (*score, candidate.len(), *candidate))
        .map(|(_, candidate)| candidate)
}

fn fold(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn score(a: &str, b: &str, limit: usize) -> usize {
    if a.len() >= 4 && b.len() >= 4 && (a.contains(b) || b.contains(a)) {
        return distance(a, b).min(1);
    }
    // Words that differ in length by more than the limit are further apart than that.
    if a.chars().count().abs_diff(b.chars().count()) > limit { usize::MAX } else { distance(a, b) }
}

/// Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours.
pub fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let (mut before, mut last) = (vec![0; b.len() + 1], (0..=b.len()).collect::<Vec<_>>());
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let same = usize::from(a[i - 1] != b[j - 1]);
            row[j] = (last[j] + 1).min(row[j - 1] + 1).min(last[j - 1] + same);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_slips_other_cases_and_parts() {
        let names = ["industry", "employees", "AnnualRevenue", "state"];
        for (wanted, found) in [("industy", "industry"), ("employes", "employees"), ("annual_revenue", "AnnualRevenue"), ("sate", "state")]
        {
            assert_eq!(nearest(wanted, names), Some(found));
        }
        assert_eq!(nearest("warehouse", names), None);
    }
}
