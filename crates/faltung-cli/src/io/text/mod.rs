//! Numbers in lines and columns: CSV, TSV and whatever spreadsheets, scripts and instruments make of them.
//!
//! Reading takes five steps, a file each: [`sniff`] finds the delimiter, [`cells`] takes the lines apart, [`columns`]
//! chooses what is meant, and [`number`] makes numbers of it, while [`mod@write`] goes the way back. What is taken:
//!
//! - Cells apart by tab, `;`, `,` or white space; quoted or not; lines ending in LF or CRLF; UTF-8 with or without BOM.
//!   Empty lines and lines that begin with `#` are passed over.
//! - A header, if no cell of the first line is a number, or if one is a word above a column of numbers.
//! - One column of numbers, alone or among words such as dates; or the one named by `--column`, by its name or by its
//!   place, counted from 1. It becomes a signal of shape `[n]`; the other columns are kept beside it.
//! - Several columns of numbers without a header: a grid of shape `[rows, columns]`. A single row is a signal, as it is
//!   on the command line.
//! - Whole numbers as i64, as u64 if they need it; all others as f64; complex ones (`1+2i`) as c128.
//! - A decimal comma where the delimiter is another and one number at least cannot mean thousands (`1,234` could).
//! - Gaps (an empty cell, `NA`, `N/A`, `null`) as NaN on request. `NaN` and `inf` are numbers.

mod cells;
mod columns;
mod number;
mod sniff;
mod write;

pub use cells::Cells;
pub(super) use write::{Extent, write};

use faltung::AnyArray;

use super::{
    ReadOptions,
    failure::{Failure, Result},
    input::Input,
};

/// What a text says besides the numbers that were read from it.
#[derive(Debug, Clone)]
pub struct Table {
    /// Between cells; a space stands for any white space.
    pub delimiter: u8,
    /// How a number's whole part ends.
    pub decimal: Decimal,
    /// The names of the columns, if there are any.
    pub header: Option<Vec<String>>,
    /// The place of the column that was read, from 0.
    pub column: usize,
    /// All cells, to carry the other columns along; empty where there are none.
    pub cells: Cells,
}

/// How a number's whole part ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Decimal {
    /// `1.5`.
    #[default]
    Point,
    /// `1,5`.
    Comma,
}

impl Default for Table {
    /// Bare numbers, as they are given on a command line.
    fn default() -> Table {
        Table { delimiter: b',', decimal: Decimal::Point, header: None, column: 0, cells: Cells::default() }
    }
}

impl Table {
    /// What a column is called: its name, or its place counted from 1.
    fn column_name(&self, column: usize) -> String {
        match self.header.as_ref().and_then(|header| header.get(column)) {
            Some(name) => format!("column {} ({name})", column + 1),
            None => format!("column {}", column + 1),
        }
    }
}

/// How many bytes show how a text is written.
const SAMPLE: usize = 1 << 16;

/// Reads a column or a grid.
pub(super) fn read(mut input: Input<'_>, options: &ReadOptions) -> Result<(AnyArray, Table)> {
    let head = input.head(SAMPLE)?;
    let delimiter = sniff::delimiter(&head, head.len() < SAMPLE);
    let cells = cells::read(&mut input, delimiter, &head)?;
    if cells.rows() == 0 {
        return Err(Failure::data("the text holds no numbers; a column of them is needed"));
    }
    columns::choose(cells, delimiter, options, &mut input.budget)
}
