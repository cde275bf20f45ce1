//! A table of text, held in one piece of memory.

use std::{
    cell::Cell,
    io::{self, BufRead, BufReader, Read},
};

use super::super::{
    failure::{Failure, Result},
    input::{Budget, Input},
};

/// Cells in rows of equal width.
#[derive(Debug, Clone, Default)]
pub struct Cells {
    width: usize,
    /// All cells, one behind another.
    text: String,
    /// Where each ends.
    ends: Vec<usize>,
    /// The line in the file where each row begins, from 1.
    lines: Vec<u64>,
}

impl Cells {
    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.lines.len()
    }

    /// Number of columns.
    pub fn width(&self) -> usize {
        self.width
    }

    /// The cell in a row and a column, from 0.
    ///
    /// # Panics
    /// If there is none.
    pub fn get(&self, row: usize, column: usize) -> &str {
        assert!(column < self.width, "column {column} of {}", self.width);
        let at = row * self.width + column;
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.text[start..self.ends[at]]
    }

    /// A row.
    pub fn row(&self, row: usize) -> impl Iterator<Item = &str> {
        (0..self.width).map(move |column| self.get(row, column))
    }

    /// The line in the file where a row begins, from 1.
    pub(super) fn line(&self, row: usize) -> u64 {
        self.lines[row]
    }

    /// Takes the first row away.
    pub(super) fn behead(&mut self) -> Vec<String> {
        let header: Vec<String> = self.row(0).map(|name| name.trim().to_owned()).collect();
        let end = self.ends[self.width - 1];
        self.text.drain(..end);
        self.ends.drain(..self.width);
        self.ends.iter_mut().for_each(|cell| *cell -= end);
        self.lines.remove(0);
        header
    }

    fn push<'a>(&mut self, line: u64, row: impl Iterator<Item = &'a str>, budget: &mut Budget) -> Result<()> {
        let (cells, bytes) = (self.ends.len(), self.text.len());
        for cell in row {
            self.text.push_str(cell);
            self.ends.push(self.text.len());
        }
        let width = self.ends.len() - cells;
        if !self.lines.is_empty() && width != self.width {
            return Err(Failure::data(format!(
                "line {line} has {width} cells and the lines before have {}; rows of equal length are needed",
                self.width
            )));
        }
        self.width = width;
        self.lines.push(line);
        budget.pay((width + 1) * size_of::<usize>() + self.text.len() - bytes)
    }
}

/// The longest row that a compressed file may hold: one without end would never be counted.
const LONGEST_ROW: usize = 1 << 26;

/// All rows of a text whose beginning is `head`.
pub(super) fn read(input: &mut Input<'_>, delimiter: u8, head: &[u8]) -> Result<Cells> {
    const BOM: &[u8] = b"\xef\xbb\xbf";
    if head.starts_with(BOM) {
        input.read_exact(&mut [0; 3])?;
    }
    let mut budget = input.budget.clone();
    let (since_row, longest) = (Cell::new(0), LONGEST_ROW.min(budget.left()));
    let mut lines = BufReader::new(Counted { bytes: input, since_row: &since_row, longest });
    let (mut cells, mut record, mut text, mut line) = (Cells::default(), Record::new(delimiter), Vec::new(), 0);
    while lines.read_until(b'\n', &mut text)? > 0 {
        line += 1;
        let row = std::str::from_utf8(&text)
            .map_err(|_| Failure::data(format!("line {line} is not UTF-8; save the text as UTF-8")))?;
        if record.is_open() {
            record.feed(line, &text, &mut |line, row| cells.push(line, row, &mut budget))?;
        } else if !is_passed_over(row, delimiter) {
            since_row.set(0);
            match delimiter {
                b' ' => cells.push(line, row.split_whitespace(), &mut budget)?,
                _ => record.feed(line, &text, &mut |line, row| cells.push(line, row, &mut budget))?,
            }
        }
        text.clear();
    }
    record.feed(line, &[], &mut |line, row| cells.push(line, row, &mut budget))?;
    input.budget = budget;
    Ok(cells)
}

/// Whether a line is empty or a remark.
fn is_passed_over(row: &str, delimiter: u8) -> bool {
    let row = if delimiter == b' ' { row.trim() } else { row.trim_end_matches(['\r', '\n']) };
    row.is_empty() || row.starts_with('#')
}

/// A row that is being taken apart; quoted cells make it go over several lines.
struct Record {
    reader: csv_core::Reader,
    /// The line where it began, if it has.
    begin: Option<u64>,
    text: Vec<u8>,
    text_len: usize,
    ends: Vec<usize>,
    width: usize,
}

impl Record {
    fn new(delimiter: u8) -> Record {
        let reader = csv_core::ReaderBuilder::new().delimiter(delimiter).build();
        Record { reader, begin: None, text: vec![0; 256], text_len: 0, ends: vec![0; 16], width: 0 }
    }

    /// Whether the last line did not end it.
    fn is_open(&self) -> bool {
        self.begin.is_some()
    }

    /// Takes a line, or nothing at the end of the text, and gives rows that are complete to `done`.
    fn feed(&mut self, line: u64, mut bytes: &[u8], done: &mut Done<'_>) -> Result<()> {
        use csv_core::ReadRecordResult::*;
        let end = bytes.is_empty();
        loop {
            self.begin = self.begin.or(Some(line).filter(|_| !end));
            let (text, ends) = (&mut self.text[self.text_len..], &mut self.ends[self.width..]);
            let (result, used, written, ended) = self.reader.read_record(bytes, text, ends);
            bytes = &bytes[used..];
            self.text_len += written;
            self.width += ended;
            match result {
                OutputFull => self.text.resize(self.text.len() * 2, 0),
                OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                InputEmpty | End => return Ok(()),
                Record => {
                    self.give(done)?;
                    // What is left of a line is its newline, or another row after a bare carriage return.
                    if matches!(bytes, [] | [b'\n']) {
                        return Ok(());
                    }
                }
            }
        }
    }

    fn give(&mut self, done: &mut Done<'_>) -> Result<()> {
        let line = self.begin.take().unwrap_or(0);
        let (text, ends) = (&self.text[..self.text_len], &self.ends[..self.width]);
        let text = std::str::from_utf8(text).map_err(|_| Failure::data(format!("line {line} is not UTF-8")))?;
        let starts = std::iter::once(0).chain(ends.iter().copied());
        done(line, &mut starts.zip(ends).map(|(start, &end)| &text[start..end]))?;
        (self.text_len, self.width) = (0, 0);
        Ok(())
    }
}

/// Takes the line of a row and its cells.
type Done<'a> = dyn FnMut(u64, &mut dyn Iterator<Item = &str>) -> Result<()> + 'a;

/// Counts the bytes since the last row.
struct Counted<'a, 'b> {
    bytes: &'a mut Input<'b>,
    since_row: &'a Cell<usize>,
    longest: usize,
}

impl Read for Counted<'_, '_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.bytes.read(into)?;
        self.since_row.set(self.since_row.get() + count);
        if self.since_row.get() > self.longest && self.longest < usize::MAX {
            return Err(Failure::data("there is no row in 64 MB of text; rows of numbers are needed").into());
        }
        Ok(count)
    }
}
