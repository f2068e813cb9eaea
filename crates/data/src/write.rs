//! Answers to files: CSV as RFC 4180 says, and an object a line.

use std::borrow::Cow;

/// A table as CSV: a header, LF behind every row, quotes only where they are needed.
pub fn write_csv<'a, R>(header: &[&str], rows: impl IntoIterator<Item = R>) -> Vec<u8>
where
    R: IntoIterator<Item = Cow<'a, str>>,
{
    let mut out = Vec::new();
    csv_row(&mut out, header.iter().map(|name| Cow::Borrowed(*name)));
    rows.into_iter().for_each(|row| csv_row(&mut out, row));
    out
}

fn csv_row<'a>(out: &mut Vec<u8>, cells: impl IntoIterator<Item = Cow<'a, str>>) {
    let start = out.len();
    let mut count = 0;
    for cell in cells {
        if count > 0 {
            out.push(b',');
        }
        count += 1;
        csv_cell(out, &cell);
    }
    // A row of one empty cell would read as an empty line.
    if count == 1 && out.len() == start {
        out.extend_from_slice(b"\"\"");
    }
    out.push(b'\n');
}

fn csv_cell(out: &mut Vec<u8>, cell: &str) {
    let edge = |c: char| matches!(c, ' ' | '\t' | '\u{a0}');
    if !cell.contains([',', '"', '\n', '\r']) && !cell.starts_with(edge) && !cell.ends_with(edge) {
        return out.extend_from_slice(cell.as_bytes());
    }
    out.push(b'"');
    for (i, part) in cell.split('"').enumerate() {
        if i > 0 {
            out.extend_from_slice(b"\"\"");
        }
        out.extend_from_slice(part.as_bytes());
    }
    out.push(b'"');
}

/// Values as JSON Lines: each on its own line, in the order of their entries.
pub fn write_ndjson(rows: impl IntoIterator<Item = serde_json::Value>) -> Vec<u8> {
    let mut out = Vec::new();
    for row in rows {
        out.extend_from_slice(row.to_string().as_bytes());
        out.push(b'\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_stand_only_where_they_are_needed() {
        let rows = [["1", "plain text"], ["2", "a,b"], ["3", "say \"hi\""], ["4", "two\nlines"], ["5", ""], ["6", " x"]];
        let bytes = write_csv(&["id", "a name"], rows.map(|row| row.map(Cow::Borrowed)));
        let expected = "id,a name\n1,plain text\n2,\"a,b\"\n3,\"say \"\"hi\"\"\"\n4,\"two\nlines\"\n5,\n6,\" x\"\n";
        assert_eq!(String::from_utf8_lossy(&bytes), expected);
        assert_eq!(write_csv(&["id"], [[Cow::Borrowed("")]]), b"id\n\"\"\n");
    }

    #[test]
    fn objects_stand_a_line_each() {
        let rows = [serde_json::json!({"id": "1", "n": 2}), serde_json::json!({"id": "é\n", "n": null})];
        assert_eq!(String::from_utf8_lossy(&write_ndjson(rows)), "{\"id\":\"1\",\"n\":2}\n{\"id\":\"é\\n\",\"n\":null}\n");
    }
}
