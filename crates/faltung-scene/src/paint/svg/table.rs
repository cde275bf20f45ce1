//! Tables: as wide as their words are, with words broken into lines where they are long, folded where there are many columns.

use super::{
    SMALL, Style,
    block::{Anchor, Block, Line},
    letters::{ABOVE, widest_word, width, wrapped},
    marks::told,
    xml::Value,
};
use crate::{Align, Cell, Emphasis, RowKind, Table};

/// Blank at both sides of a cell, and above and below its words.
const ASIDE: f64 = 9.0;
const ABOUT: f64 = 5.0;
/// From a line of a cell to the next.
const STEP: f64 = 17.0;

/// The table with its caption above it.
pub(super) fn table(table: &Table, style: &Style<'_>, most: f64) -> Block {
    let caption = super::block::paragraph(&table.caption, SMALL, style.colours.muted, most);
    let mut block = Block { width: caption.width, height: caption.height + 4.0, ..Block::default() };
    block.xml.open("g", &[("id", (&style.id(&format!("table-{}", table.id))).into())]);
    block.xml.append(&caption.xml);
    block.words.extend(caption.words);
    for columns in folds(table, most) {
        Fold { table, style, columns }.paint(&mut block);
    }
    block.xml.close("g");
    block
}

/// The columns of each piece of a table, with their widths. Each begins with the first column.
fn folds(table: &Table, most: f64) -> Vec<Vec<(usize, f64)>> {
    let texts = |column: usize| {
        let cells = table.rows.iter().map(move |row| &row.cells[column].text);
        [&table.columns[column].heading].into_iter().chain(cells)
    };
    let natural = |column: usize| texts(column).map(|text| width(text, SMALL)).fold(0.0, f64::max) + 2.0 * ASIDE;
    let least = |column: usize| match table.columns[column].align {
        Align::Right => natural(column),
        // A long word, such as a call of a library, is broken within.
        Align::Left => {
            texts(column).map(|text| widest_word(text, SMALL)).fold(0.0, f64::max).min(most * 0.28) + 2.0 * ASIDE
        }
    };
    let all: Vec<(f64, f64)> = (0..table.columns.len()).map(|column| (natural(column), least(column))).collect();
    let mut pieces: Vec<Vec<usize>> = vec![vec![0]];
    for column in 1..all.len() {
        let piece = pieces.last_mut().expect("there is a piece");
        let used: f64 = piece.iter().map(|&column| all[column].1).sum();
        match used + all[column].1 > most && piece.len() > 1 {
            true => pieces.push(vec![0, column]),
            false => piece.push(column),
        }
    }
    pieces.iter().map(|piece| stretched(piece, &all, most)).collect()
}

/// Widths between the least and the natural ones, those of words as wide as there is room.
fn stretched(piece: &[usize], all: &[(f64, f64)], most: f64) -> Vec<(usize, f64)> {
    let sum = |width: fn(&(f64, f64)) -> f64| piece.iter().map(|&column| width(&all[column])).sum::<f64>();
    let (natural, least) = (sum(|width| width.0), sum(|width| width.1));
    let share = if natural > least { ((most - least) / (natural - least)).clamp(0.0, 1.0) } else { 1.0 };
    piece.iter().map(|&column| (column, all[column].1 + share * (all[column].0 - all[column].1))).collect()
}

/// A piece of a table.
struct Fold<'a> {
    table: &'a Table,
    style: &'a Style<'a>,
    columns: Vec<(usize, f64)>,
}

impl Fold<'_> {
    fn paint(&self, block: &mut Block) {
        let whole: f64 = self.columns.iter().map(|(_, width)| width).sum();
        block.width = block.width.max(whole);
        let (top, muted) = (block.height, self.style.colours.muted);
        let mut body = Block { height: top, ..Block::default() };
        let headings: Vec<Cell> =
            self.table.columns.iter().map(|column| Cell { text: column.heading.clone(), ..Cell::default() }).collect();
        self.row(&mut body, &headings, Some(muted));
        rule(&mut body, whole, muted);
        for row in &self.table.rows {
            if row.kind == RowKind::Total {
                rule(&mut body, whole, muted);
            }
            self.row(&mut body, &row.cells, None);
        }
        self.band(block, top, body.height - top);
        block.xml.append(&body.xml);
        block.words.extend(body.words);
        block.height = body.height + 8.0;
    }

    /// The marked column: a tint behind it, and a frame around it.
    fn band(&self, block: &mut Block, top: f64, height: f64) {
        let mut x = 0.0;
        for (column, width) in &self.columns {
            if self.table.marked == Some(*column) {
                self.tinted(block, [x + 1.0, top], [width - 2.0, height]);
            }
            x += width;
        }
    }

    fn tinted(&self, block: &mut Block, [x, y]: [f64; 2], [width, height]: [f64; 2]) {
        let colours = self.style.colours;
        let place =
            [("x", x.into()), ("y", y.into()), ("width", width.into()), ("height", height.into()), ("rx", 3.0.into())];
        let pen: [(&str, Value<'_>); 2] = [("fill", colours.tint.into()), ("stroke", colours.muted.into())];
        block.xml.empty("rect", &[&place[..], &pen[..]].concat());
    }

    /// A row as high as its highest cell.
    fn row(&self, block: &mut Block, cells: &[Cell], colour: Option<&str>) {
        let lines: Vec<Vec<String>> = self
            .columns
            .iter()
            .map(|(column, width)| wrapped(&cells[*column].text, SMALL, width - 2.0 * ASIDE + 0.01))
            .collect();
        let height = lines.iter().map(Vec::len).max().unwrap_or(1) as f64 * STEP + 2.0 * ABOUT - 3.0;
        let mut x = 0.0;
        for ((column, width), lines) in self.columns.iter().zip(&lines) {
            let cell = &cells[*column];
            if cell.emphasis == Emphasis::Marked {
                self.tinted(block, [x + 1.0, block.height + 1.0], [width - 2.0, height - 2.0]);
            }
            let colour = colour.unwrap_or(match cell.emphasis {
                Emphasis::Faint => self.style.colours.muted,
                Emphasis::Plain | Emphasis::Marked => self.style.colours.ink,
            });
            let (x_words, anchor) = match self.table.columns[*column].align {
                Align::Left => (x + ASIDE, Anchor::Start),
                Align::Right => (x + width - ASIDE, Anchor::End),
            };
            let value = cell.value.map(told);
            let mut more: Vec<(&str, Value<'_>)> = Vec::new();
            more.extend(cell.term.as_ref().map(|term| ("data-term", term.into())));
            more.extend(value.as_ref().map(|value| ("data-value", value.into())));
            for (number, words) in lines.iter().enumerate() {
                let y = block.height + ABOUT + number as f64 * STEP + ABOVE * SMALL;
                block.write(&Line { x: x_words, y, size: SMALL, anchor, colour }, &more, words);
            }
            x += width;
        }
        block.height += height;
    }
}

/// A line across the table.
fn rule(block: &mut Block, whole: f64, colour: &str) {
    let y = block.height.into();
    block
        .xml
        .empty("line", &[("x1", 0.0.into()), ("y1", y), ("x2", whole.into()), ("y2", y), ("stroke", colour.into())]);
}
