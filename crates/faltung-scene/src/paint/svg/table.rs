//! Tables: columns as wide as their cells; words wrap where there is no room, and a table that is still too wide is folded.

use super::{
    LABEL, MARGIN, NOTE,
    canvas::{Anchor, Canvas, Paint, Rect, Words, escaped},
    measure::{width, wrapped},
};
use crate::{Align, Cell, Emphasis, RowKind, Table};

const SIZE: f64 = 12.0;
/// From one line of text to the next.
const LEADING: f64 = 16.0;
/// Beside the text of a cell, and above and below it.
const BESIDE: f64 = 8.0;
const ABOVE: f64 = 4.0;
/// Words are not wrapped to less than this.
const LEAST: f64 = 90.0;

/// Paints a table from `top` on; gives where it ends.
pub(super) fn paint(canvas: &mut Canvas<'_>, table: &Table, top: f64) -> f64 {
    let room = canvas.look.width - 2.0 * MARGIN;
    let widths = widths(table, room);
    let mut y = top;
    if !table.caption.is_empty() {
        y = super::lines(canvas, &table.caption, (NOTE, canvas.palette.quiet), y) + 4.0;
    }
    for columns in folded(&widths, room) {
        y = part(canvas, table, &columns, &widths, y) + 10.0;
    }
    y - 10.0
}

/// How wide each column is: as its widest text, but words give way where all together have no room.
fn widths(table: &Table, room: f64) -> Vec<f64> {
    let natural = |at: usize| {
        let cells = table.rows.iter().map(|row| width(&row.cells[at].text, SIZE));
        cells.fold(width(&table.columns[at].heading, LABEL), f64::max) + 2.0 * BESIDE
    };
    let mut widths: Vec<f64> = (0..table.columns.len()).map(natural).collect();
    // Columns of numbers are alike, if there is room.
    let numbers = |at: &usize| *at > 0 && table.columns[*at].align == Align::Right;
    let widest = (0..widths.len()).filter(numbers).map(|at| widths[at]).fold(0.0, f64::max);
    let alike: Vec<f64> = (0..widths.len()).map(|at| if numbers(&at) { widest } else { widths[at] }).collect();
    if alike.iter().sum::<f64>() <= room {
        widths = alike;
    }
    let too_wide = widths.iter().sum::<f64>() - room;
    let words = |at: &usize| table.columns[*at].align == Align::Left && widths[*at] > LEAST;
    let giving: Vec<usize> = (0..widths.len()).filter(words).collect();
    let to_give: f64 = giving.iter().map(|&at| widths[at] - LEAST).sum();
    if too_wide > 0.0 && to_give > 0.0 {
        let share = (too_wide / to_give).min(1.0);
        giving.iter().for_each(|&at| widths[at] -= share * (widths[at] - LEAST));
    }
    // No column is wider than what it shares with that of the rows' headings.
    widths[0] = widths[0].min(0.5 * room);
    let most = room - widths[0];
    widths.iter_mut().skip(1).for_each(|width| *width = width.min(most));
    widths
}

/// Columns that stand beside one another; the first, of the rows' headings, stands in each part.
fn folded(widths: &[f64], room: f64) -> Vec<Vec<usize>> {
    let mut parts = vec![vec![0]];
    let mut taken = widths[0];
    for (at, width) in widths.iter().enumerate().skip(1) {
        let part = parts.last_mut().expect("there is a part");
        if taken + width <= room || part.len() == 1 {
            part.push(at);
            taken += width;
        } else {
            parts.push(vec![0, at]);
            taken = widths[0] + width;
        }
    }
    parts
}

/// Paints some columns of all rows; gives where they end.
fn part(canvas: &mut Canvas<'_>, table: &Table, columns: &[usize], widths: &[f64], top: f64) -> f64 {
    let palette = canvas.palette;
    let edges: Vec<f64> = columns.iter().fold(vec![MARGIN], |mut edges, &at| {
        edges.push(edges[edges.len() - 1] + widths[at]);
        edges
    });
    let right = edges[columns.len()];
    let heading = |at: usize| wrapped(&table.columns[at].heading, LABEL, widths[at] - 2.0 * BESIDE);
    let body = |at: usize, cell: &Cell| wrapped(&cell.text, SIZE, widths[at] - 2.0 * BESIDE + 0.01);
    let tall = |lines: usize| lines as f64 * LEADING + 2.0 * ABOVE;
    let head = tall(columns.iter().map(|&at| heading(at).len()).max().unwrap_or(1));
    let rows: Vec<f64> = table
        .rows
        .iter()
        .map(|row| tall(columns.iter().map(|&at| body(at, &row.cells[at]).len()).max().unwrap_or(1)))
        .collect();
    let bottom = top + head + rows.iter().sum::<f64>();

    let marked = columns.iter().position(|at| Some(*at) == table.marked);
    if let Some(at) = marked {
        let rect = Rect { left: edges[at] + 1.0, top, right: edges[at + 1] - 1.0, bottom };
        let paint = Paint { fill: Some(palette.tint.to_owned()), ..Paint::stroke(palette.marker, 1.5) };
        canvas.rect(rect, &paint);
    }
    for (column, &at) in columns.iter().enumerate() {
        let colour = if marked == Some(column) { palette.marker } else { palette.quiet };
        cell(canvas, &heading(at), (LABEL, colour), (table.columns[at].align, edges[column], widths[at]), top);
    }
    canvas.line([MARGIN, top + head], [right, top + head], &Paint::stroke(palette.rule, 1.0));
    let mut y = top + head;
    for (row, height) in table.rows.iter().zip(rows) {
        if row.kind == RowKind::Total {
            canvas.line([MARGIN, y], [right, y], &Paint::stroke(palette.rule, 1.5));
        }
        for (column, &at) in columns.iter().enumerate() {
            let content = &row.cells[at];
            let colour = match content.emphasis {
                Emphasis::Plain => palette.ink,
                Emphasis::Marked => palette.marker,
                Emphasis::Faint => palette.quiet,
            };
            canvas.open(&attributes(content));
            if content.emphasis == Emphasis::Marked && !content.text.is_empty() {
                let side = (edges[column] + 2.5, edges[column + 1] - 2.5);
                let rect = Rect { left: side.0, top: y + 2.5, right: side.1, bottom: y + height - 2.5 };
                canvas.rect(rect, &Paint::stroke(palette.marker, 1.0));
            }
            let place = (table.columns[at].align, edges[column], widths[at]);
            cell(canvas, &body(at, content), (SIZE, colour), place, y);
            canvas.close();
        }
        y += height;
    }
    canvas.line([MARGIN, bottom], [right, bottom], &Paint::stroke(palette.guide, 1.0));
    bottom
}

/// The lines of a cell whose left edge, width and top are given.
fn cell(
    canvas: &mut Canvas<'_>,
    lines: &[String],
    (size, colour): (f64, &'static str),
    (align, left, wide): (Align, f64, f64),
    top: f64,
) {
    let (anchor, x) = match align {
        Align::Left => (Anchor::Start, left + BESIDE),
        Align::Right => (Anchor::End, left + wide - BESIDE),
    };
    for (at, line) in lines.iter().enumerate() {
        canvas.text(Words { text: line, size, colour, anchor }, x, top + ABOVE + at as f64 * LEADING + size);
    }
}

fn attributes(cell: &Cell) -> String {
    let term = cell.term.as_ref().map(|term| format!(" data-term=\"{}\"", escaped(term)));
    let value = cell.value.map(|value| format!(" data-value=\"{value}\""));
    term.unwrap_or_default() + &value.unwrap_or_default()
}
