//! Cells in columns: padded so that they begin below one another, as far as the lines have room.

use super::doc::{Doc, concat, is_nil, text, width, width_before_comment};
use super::print::WIDTH;

/// Pads the cells of rows, `indent` columns from the left. Empty cells take their column's width where another follows.
/// Cells wider than `cap` push what follows to the right. Where a line would become too long the last columns are left
/// unpadded, one by one. A row that is too long anyway, or has a comment inside, is what `loose` makes of it.
pub(super) fn aligned(table: Vec<Vec<Doc>>, indent: usize, cap: usize, loose: fn(Vec<Doc>) -> Doc) -> Vec<Doc> {
    let columns = table.iter().map(Vec::len).max().unwrap_or(0);
    let short = |cells: &Vec<usize>| indent + line(cells, &[]) <= WIDTH;
    let measured: Vec<Option<Vec<usize>>> = table.iter().map(|cells| measure(cells).filter(short)).collect();
    let padded = (0..columns).rev().find_map(|padded| {
        let widths = widths(&measured, padded, cap);
        let fit = measured.iter().flatten().all(|cells| indent + line(cells, &widths) <= WIDTH);
        (fit || padded == 0).then_some(widths)
    });
    let widths = padded.unwrap_or_default();
    let write = |(cells, measured): (Vec<Doc>, Option<Vec<usize>>)| match measured {
        Some(measured) => row(cells, &measured, &widths),
        None => loose(cells),
    };
    table.into_iter().zip(measured).map(write).collect()
}

/// The widths of a row's cells; nothing if a comment stands inside.
fn measure(cells: &[Doc]) -> Option<Vec<usize>> {
    let last = cells.iter().rposition(|cell| !is_nil(cell))?;
    let before: Option<Vec<usize>> = cells[..last].iter().map(width).collect();
    let mut widths = before?;
    widths.push(width_before_comment(&cells[last])?);
    Some(widths)
}

/// The widths of the first `padded` columns: of each the widest cell that another follows.
fn widths(measured: &[Option<Vec<usize>>], padded: usize, cap: usize) -> Vec<usize> {
    let of = |column: usize| {
        let followed = measured.iter().flatten().filter(|cells| column + 1 < cells.len());
        followed.map(|cells| cells[column]).filter(|width| *width <= cap).max().unwrap_or(0)
    };
    (0..padded).map(of).collect()
}

/// The length of a line with its columns padded.
fn line(cells: &[usize], widths: &[usize]) -> usize {
    let mut total = 0;
    for (column, cell) in cells.iter().enumerate() {
        let wide = if column + 1 < cells.len() { widths.get(column).copied().unwrap_or(0).max(*cell) } else { *cell };
        total += if wide > 0 { wide + 1 } else { 0 };
    }
    total.saturating_sub(1)
}

fn row(cells: Vec<Doc>, measured: &[usize], widths: &[usize]) -> Doc {
    let mut out: Vec<Doc> = Vec::new();
    let last = measured.len() - 1;
    for (column, cell) in cells.into_iter().enumerate().take(last + 1) {
        let wide = widths.get(column).copied().unwrap_or(0).max(measured[column]);
        out.push(cell);
        if column < last && wide > 0 {
            out.push(text(" ".repeat(wide + 1 - measured[column])));
        }
    }
    concat(out)
}
