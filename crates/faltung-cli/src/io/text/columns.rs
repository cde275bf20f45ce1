//! Which of the columns are meant, and their numbers.

use faltung::{AnyArray, Array, Dtype, Number};
use num_complex::Complex;

use super::{
    super::{
        Gaps, ReadOptions,
        failure::{Failure, Result},
        input::Budget,
    },
    Cells, Decimal, Table,
    number::{self, Entry},
};

/// Chooses the column, or all of them, and makes an array of it.
pub(super) fn choose(
    cells: Cells,
    delimiter: u8,
    options: &ReadOptions,
    budget: &mut Budget,
) -> Result<(AnyArray, Table)> {
    let decimal = decimal(&cells, delimiter)?;
    let mut table = Table { delimiter, decimal, header: None, column: 0, cells };
    if has_header(&table) {
        table.header = Some(table.cells.behead());
    }
    let columns = match &options.column {
        Some(wanted) => vec![find(&table, wanted)?],
        None => numeric(&table)?,
    };
    let array = numbers(&table, &columns, options.gaps, budget)?;
    table.column = columns[0];
    // One column has no others to carry, and a grid is rewritten whole.
    if table.cells.width() == 1 || columns.len() > 1 {
        table.cells = Cells::default();
    }
    Ok((array, table))
}

/// How the numbers have their decimals: with a comma if one number proves it and none speaks against it.
fn decimal(cells: &Cells, delimiter: u8) -> Result<Decimal> {
    if delimiter == b',' {
        return Ok(Decimal::Point);
    }
    let all = || (0..cells.rows()).flat_map(|row| cells.row(row)).filter(|cell| number::comma_number(cell));
    let Some(first) = all().next() else { return Ok(Decimal::Point) };
    match all().any(number::surely_decimal) {
        true => Ok(Decimal::Comma),
        false => Err(Failure::data(format!(
            "'{first}' may have a decimal comma or mean thousands; write a point or neither"
        ))),
    }
}

/// Whether the first row names the columns.
fn has_header(table: &Table) -> bool {
    let entry = |row, column| number::parse(table.cells.get(row, column), table.decimal);
    let (mut words, mut numbers, mut above) = (false, false, false);
    for column in 0..table.cells.width() {
        match entry(0, column) {
            Entry::Number(_) => numbers = true,
            Entry::Gap => {}
            Entry::Word => {
                words = true;
                let mut below = (1..table.cells.rows()).map(|row| entry(row, column)).peekable();
                above |= below.peek().is_some() && below.all(|entry| entry != Entry::Word);
            }
        }
    }
    words && (!numbers || above)
}

/// The column of that name or place.
fn find(table: &Table, wanted: &str) -> Result<usize> {
    let named = table.header.iter().flatten().position(|name| name == wanted);
    let placed = || wanted.parse::<usize>().ok().filter(|place| (1..=table.cells.width()).contains(place));
    named.or_else(|| placed().map(|place| place - 1)).ok_or_else(|| {
        Failure::usage(format!("there is no column '{wanted}'; there are {}", list(table, 0..table.cells.width())))
    })
}

/// What a column is made of.
#[derive(Default)]
struct Contents {
    numbers: usize,
    /// The first row that has a word.
    word: Option<usize>,
}

/// The columns of numbers, if it is clear which are meant.
fn numeric(table: &Table) -> Result<Vec<usize>> {
    let contents: Vec<Contents> = (0..table.cells.width()).map(|column| contents(table, column)).collect();
    // A word among numbers is an error; a column of words alone is none of ours.
    let mixed = |c: &Contents| c.numbers > 0 && c.word.is_some();
    if let Some(column) = contents.iter().position(mixed) {
        return Err(not_a_number(table, contents[column].word.unwrap_or(0), column));
    }
    let numeric: Vec<usize> = (0..contents.len()).filter(|&column| contents[column].numbers > 0).collect();
    let words = contents.iter().any(|c| c.word.is_some());
    match numeric.len() {
        0 if table.cells.rows() == 0 => Err(Failure::data("there is a header but no line below; numbers are needed")),
        0 => match contents.iter().position(|c| c.word.is_some()) {
            Some(column) => Err(not_a_number(table, contents[column].word.unwrap_or(0), column)),
            None => Err(Failure::data("the text holds no numbers; a column of them is needed")),
        },
        2.. if words || table.header.is_some() => Err(Failure::usage(format!(
            "several columns hold numbers; choose one by --column: {}",
            list(table, numeric)
        ))),
        _ => Ok(numeric),
    }
}

fn contents(table: &Table, column: usize) -> Contents {
    let mut contents = Contents::default();
    for row in 0..table.cells.rows() {
        match number::parse(table.cells.get(row, column), table.decimal) {
            Entry::Number(_) => contents.numbers += 1,
            Entry::Word if contents.word.is_none() => contents.word = Some(row),
            _ => {}
        }
        // Enough is known.
        if contents.numbers > 0 && contents.word.is_some() {
            break;
        }
    }
    contents
}

/// Columns as they can be named.
fn list(table: &Table, columns: impl IntoIterator<Item = usize>) -> String {
    const MOST: usize = 20;
    let mut names: Vec<String> = columns.into_iter().take(MOST + 1).map(|column| short_name(table, column)).collect();
    if names.len() > MOST {
        names[MOST] = "...".into();
    }
    names.join(", ")
}

fn short_name(table: &Table, column: usize) -> String {
    match table.header.as_ref().and_then(|header| header.get(column)) {
        Some(name) => format!("{} ({name})", column + 1),
        None => (column + 1).to_string(),
    }
}

fn not_a_number(table: &Table, row: usize, column: usize) -> Failure {
    const MOST: usize = 40;
    let cell = table.cells.get(row, column);
    let shown: String = cell.chars().take(MOST).collect();
    let more = if shown.len() < cell.len() { "..." } else { "" };
    Failure::data(format!(
        "line {}, {}: '{}{more}' is not a number; numbers such as 15, -0.5 or 1e-3 are accepted",
        table.cells.line(row),
        table.column_name(column),
        shown.escape_debug(),
    ))
}

/// The cells of these columns, row by row, as an array of the smallest of the types that holds them.
fn numbers(table: &Table, columns: &[usize], gaps: Gaps, budget: &mut Budget) -> Result<AnyArray> {
    let rows = table.cells.rows();
    let entry = |row: usize, column: usize| match number::parse(table.cells.get(row, column), table.decimal) {
        Entry::Number(number) => Ok(number),
        Entry::Gap if gaps == Gaps::Nan => Ok(Number::Real(f64::NAN)),
        Entry::Gap => Err(Failure::data(format!(
            "line {}, {}: there is a gap; a number is needed, or --gaps nan to take gaps as NaN",
            table.cells.line(row),
            table.column_name(column),
        ))),
        Entry::Word => Err(not_a_number(table, row, column)),
    };
    let mut kind = Kind::default();
    for row in 0..rows {
        for &column in columns {
            kind.add(entry(row, column)?);
        }
    }
    let shape = match (rows, columns.len()) {
        (1, n) | (n, 1) => vec![n],
        (rows, width) => vec![rows, width],
    };
    let dtype = kind.dtype();
    budget.pay(rows * columns.len() * dtype.size())?;
    let all = (0..rows).flat_map(|row| columns.iter().map(move |&column| (row, column)));
    let all = all.map(|(row, column)| entry(row, column).expect("each entry was a number above"));
    Ok(match dtype {
        Dtype::I64 => Array::new(all.map(|n| n.whole().unwrap_or(0) as i64).collect(), &shape)?.into(),
        Dtype::U64 => Array::new(all.map(|n| n.whole().unwrap_or(0) as u64).collect(), &shape)?.into(),
        Dtype::F64 => Array::new(all.map(|n| n.to_complex().re).collect(), &shape)?.into(),
        _ => Array::<Complex<f64>>::new(all.map(Number::to_complex).collect(), &shape)?.into(),
    })
}

/// What numbers have been seen.
#[derive(Default)]
struct Kind {
    complex: bool,
    real: bool,
    low: i128,
    high: i128,
}

impl Kind {
    fn add(&mut self, number: Number) {
        match number {
            Number::Whole(whole) => (self.low, self.high) = (self.low.min(whole), self.high.max(whole)),
            Number::Real(_) => self.real = true,
            Number::Complex(_) => self.complex = true,
        }
    }

    fn dtype(&self) -> Dtype {
        match () {
            _ if self.complex => Dtype::C128,
            _ if self.real => Dtype::F64,
            _ => Dtype::I64.widened(self.low, self.high).unwrap_or(Dtype::F64),
        }
    }
}
