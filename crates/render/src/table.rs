//! Columns that line up, for people.

use unicode_width::UnicodeWidthStr;

/// Rows of cells; columns line up, those of numbers on the right.
#[derive(Debug, Clone, Default)]
pub struct Table {
    right: Vec<bool>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table whose columns stand left (`<`) or right (`>`), a sign each.
    pub fn new(sides: &str) -> Self {
        Self { right: sides.chars().map(|side| side == '>').collect(), rows: Vec::new() }
    }

    /// Adds a row. A line break or tab inside a cell becomes a blank, so that a row stays a line.
    pub fn row<S: Into<String>>(&mut self, cells: impl IntoIterator<Item = S>) {
        self.rows.push(cells.into_iter().map(|cell| in_a_line(cell.into())).collect());
    }

    /// Writes the table, each row behind `indent` blanks, with no blanks at the ends.
    pub fn write(&self, out: &mut String, indent: usize) {
        let width = |column: usize| self.rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..self.right.len()).map(width).collect();
        for row in &self.rows {
            let mut line = " ".repeat(indent);
            for (i, (cell, width)) in row.iter().zip(&widths).enumerate() {
                if i > 0 {
                    line.push_str("  ");
                }
                let blanks = " ".repeat(width.saturating_sub(cell.width()));
                if self.right[i] { line.extend([blanks.as_str(), cell]) } else { line.extend([cell, blanks.as_str()]) }
            }
            out.push_str(line.trim_end());
            out.push('\n');
        }
    }
}

fn in_a_line(cell: String) -> String {
    if cell.contains(['\n', '\r', '\t']) { cell.replace("\r\n", " ").replace(['\n', '\r', '\t'], " ") } else { cell }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_take_two_places() {
        let mut table = Table::new("<>");
        table.row(["北京", "1"]);
        table.row(["Bonn", "22"]);
        let mut out = String::new();
        table.write(&mut out, 1);
        assert_eq!(out, " 北京   1\n Bonn  22\n");
    }
}
