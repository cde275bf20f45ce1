//! Tables in characters: columns apart by blanks, the marked one in brackets, folded where the terminal is narrow.

use super::{TextStyle, Tone, padded, width};
use crate::{Cell, Emphasis, RowKind, Table};

/// What stands between two columns.
const GAP: usize = 2;

/// The table, its caption above it.
pub(super) fn table(table: &Table, style: &TextStyle) -> String {
    let mut out = super::wrapped(&style.say(&table.caption), style.width);
    let laid = Laid::new(table, style);
    let blocks = laid.blocks(style.width);
    for (at, block) in blocks.iter().enumerate() {
        if at > 0 {
            out.push('\n');
        }
        out.push_str(&laid.block(block));
    }
    out
}

/// A table whose texts are set, and whose columns have widths.
struct Laid<'a> {
    table: &'a Table,
    style: &'a TextStyle,
    headings: Vec<String>,
    rows: Vec<Vec<String>>,
    widths: Vec<usize>,
}

impl<'a> Laid<'a> {
    fn new(table: &'a Table, style: &'a TextStyle) -> Laid<'a> {
        let columns = table.columns.len();
        let bracketed: Vec<bool> = (0..columns)
            .map(|column| {
                table.marked == Some(column)
                    || table.rows.iter().any(|row| row.cells[column].emphasis == Emphasis::Marked)
            })
            .collect();
        let set = |text: &str, column: usize, marked: bool| {
            let text = style.say(text);
            match (bracketed[column], marked && !text.is_empty()) {
                (false, _) => text,
                (true, true) => format!("[{text}]"),
                (true, false) => format!(" {text} "),
            }
        };
        let is_marked = |cell: &Cell, column: usize| table.marked == Some(column) || cell.emphasis == Emphasis::Marked;
        let headings: Vec<String> = (0..columns)
            .map(|column| set(&table.columns[column].heading, column, table.marked == Some(column)))
            .collect();
        let cells = |row: &crate::Row| {
            row.cells.iter().enumerate().map(|(at, cell)| set(&cell.text, at, is_marked(cell, at))).collect()
        };
        let rows: Vec<Vec<String>> = table.rows.iter().map(cells).collect();
        let widest = |column: usize| {
            rows.iter().map(|row| width(&row[column])).chain([width(&headings[column])]).max().unwrap_or(0)
        };
        let widths = (0..columns).map(widest).collect();
        Laid { table, style, headings, rows, widths }
    }

    /// The columns of each block that fits the width; the first column begins each.
    fn blocks(&self, most: usize) -> Vec<Vec<usize>> {
        let first = self.widths.first().copied().unwrap_or(0);
        let mut blocks = vec![vec![]];
        let mut used = first;
        for column in 1..self.widths.len() {
            let wanted = GAP + self.widths[column];
            let block: &mut Vec<usize> = blocks.last_mut().expect("there is a block");
            if used + wanted > most && !block.is_empty() {
                blocks.push(vec![column]);
                used = first + wanted;
            } else {
                block.push(column);
                used += wanted;
            }
        }
        blocks.iter().map(|block| [0].into_iter().chain(block.iter().copied()).collect()).collect()
    }

    fn block(&self, columns: &[usize]) -> String {
        let mut out = self.line(columns, |column| (&self.headings[column], Tone::Bold));
        let whole = columns.iter().map(|&column| self.widths[column]).sum::<usize>() + GAP * (columns.len() - 1);
        for (row, texts) in self.table.rows.iter().zip(&self.rows) {
            if row.kind == RowKind::Total {
                out.push_str(&self.style.sign('─', '-').to_string().repeat(whole));
                out.push('\n');
            }
            out.push_str(&self.line(columns, |column| {
                let tone = match row.cells[column].emphasis {
                    Emphasis::Faint => Tone::Dim,
                    Emphasis::Marked => Tone::Bold,
                    Emphasis::Plain if self.table.marked == Some(column) => Tone::Bold,
                    Emphasis::Plain => Tone::Plain,
                };
                (&texts[column], tone)
            }));
        }
        out
    }

    fn line<'t>(&self, columns: &[usize], text: impl Fn(usize) -> (&'t String, Tone)) -> String {
        let cells = columns.iter().map(|&column| {
            let (text, tone) = text(column);
            let cell = padded(text, self.widths[column], self.table.columns[column].align);
            let (before, after) = (cell.len() - cell.trim_start().len(), cell.len() - cell.trim_end().len());
            match cell.trim().is_empty() {
                true => cell,
                // Colours for the letters, not for the blanks around them.
                false => {
                    let letters = self.style.paint(tone, cell.trim());
                    format!("{}{letters}{}", " ".repeat(before), " ".repeat(after))
                }
            }
        });
        let line = cells.collect::<Vec<_>>().join(&" ".repeat(GAP));
        line.trim_end().to_owned() + "\n"
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Colour, Letters};
    use super::*;
    use crate::{Align, Column, Row};

    fn sample() -> Table {
        let column = |heading: &str| Column { heading: heading.to_owned(), align: Align::Right };
        let row = |kind, texts: [&str; 4]| Row {
            kind,
            cells: texts.map(|text| Cell { text: text.to_owned(), ..Cell::default() }).to_vec(),
        };
        Table {
            id: "t".to_owned(),
            caption: "A table".to_owned(),
            columns: ["", "0", "1", "2"].map(column).to_vec(),
            rows: vec![row(RowKind::Body, ["f(0)", "15", "12", ""]), row(RowKind::Total, ["sum", "15", "12", "0"])],
            marked: Some(2),
        }
    }

    #[test]
    fn the_marked_column_stands_in_brackets() {
        let shown = table(&sample(), &TextStyle::default());
        assert_eq!(shown, "A table\n       0   [1]  2\nf(0)  15  [12]\n─────────────────\n sum  15  [12]  0\n");
    }

    #[test]
    fn what_is_too_wide_is_folded_with_its_headings() {
        let style = TextStyle { width: 10, letters: Letters::Ascii, colour: Colour::None };
        let shown = table(&sample(), &style);
        let folded = "A table\n       0\nf(0)  15\n--------\n sum  15\n\n       [1]\nf(0)  [12]\n----------\n sum  [12]\n\n      2\nf(0)\n-------\n sum  0\n";
        assert_eq!(shown, folded);
    }

    #[test]
    fn colours_come_only_where_they_are_wanted() {
        let plain = table(&sample(), &TextStyle::default());
        let coloured = table(&sample(), &TextStyle { colour: Colour::Ansi, ..TextStyle::default() });
        assert!(!plain.contains('\x1b') && coloured.contains("\x1b[1m[12]\x1b[0m"));
    }
}
