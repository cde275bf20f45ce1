//! Numbers as text.

use std::io::Write;

use faltung::{AnyArray, Number};

use super::{
    super::{
        failure::{Failure, Result},
        raw,
    },
    Table,
    number::{self, Precision},
};

/// How much is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Extent {
    /// Numbers alone, for programs to read.
    Numbers,
    /// The column's name too, and the columns beside it if there are as many rows as there were.
    Table,
}

/// Writes the array: one value a line, or a row a line, with an empty line between the planes of more than two axes.
pub(in super::super) fn write(out: &mut dyn Write, array: &AnyArray, table: &Table, extent: Extent) -> Result<()> {
    let shape = array.shape();
    let precision = if is_single(array) { Precision::Single } else { Precision::Double };
    let numbers = raw::numbers(array);
    let print = |number: Number, text: &mut String| number::print(number, precision, table.decimal, text);
    let carries = extent == Extent::Table && shape.len() == 1;
    match shape {
        [rows] if carries && *rows == table.cells.rows() && *rows > 0 => write_table(out, numbers, table, print),
        _ => {
            if let Some(name) = table.header.as_ref().and_then(|header| header.get(table.column)).filter(|_| carries) {
                write_record(out, table.delimiter, [name.as_str()])?;
            }
            write_rows(out, numbers, shape, table.delimiter, print)
        }
    }
}

/// Whether the samples have no more digits than an f32.
fn is_single(array: &AnyArray) -> bool {
    use faltung::Dtype::*;
    matches!(array.dtype(), F16 | Bf16 | F32 | C64)
}

fn write_rows(
    out: &mut dyn Write,
    mut numbers: impl Iterator<Item = Number>,
    shape: &[usize],
    delimiter: u8,
    print: impl Fn(Number, &mut String),
) -> Result<()> {
    let (height, width) = match shape {
        [.., height, width] => (*height, *width),
        [rows] => (*rows, 1),
        [] => (1, 1),
    };
    let rows: usize = shape.iter().product::<usize>().checked_div(width).unwrap_or(0);
    let mut line = String::new();
    for row in 0..rows {
        line.clear();
        if row > 0 && row.is_multiple_of(height) {
            line.push('\n');
        }
        for (column, number) in numbers.by_ref().take(width).enumerate() {
            if column > 0 {
                line.push(delimiter.into());
            }
            print(number, &mut line);
        }
        line.push('\n');
        out.write_all(line.as_bytes())?;
    }
    Ok(())
}

/// The table as it was, with other numbers in the one column.
fn write_table(
    out: &mut dyn Write,
    numbers: impl Iterator<Item = Number>,
    table: &Table,
    print: impl Fn(Number, &mut String),
) -> Result<()> {
    let mut records = writer(out, table.delimiter);
    if let Some(header) = &table.header {
        records.write_record(header).map_err(failed)?;
    }
    let mut text = String::new();
    for (row, number) in numbers.enumerate() {
        text.clear();
        print(number, &mut text);
        for (column, cell) in table.cells.row(row).enumerate() {
            records.write_field(if column == table.column { &text } else { cell }).map_err(failed)?;
        }
        records.write_record(None::<&[u8]>).map_err(failed)?;
    }
    Ok(records.flush()?)
}

fn write_record<'a>(out: &mut dyn Write, delimiter: u8, cells: impl IntoIterator<Item = &'a str>) -> Result<()> {
    let mut records = writer(out, delimiter);
    records.write_record(cells).map_err(failed)?;
    Ok(records.flush()?)
}

/// Quotes where it must, also before a `#`, which would begin a comment.
fn writer(out: &mut dyn Write, delimiter: u8) -> csv::Writer<&mut dyn Write> {
    csv::WriterBuilder::new().delimiter(delimiter).comment(Some(b'#')).from_writer(out)
}

fn failed(error: csv::Error) -> Failure {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error.into(),
        kind => Failure::data(format!("{kind:?}")),
    }
}
