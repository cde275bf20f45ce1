//! NPY, the format of one NumPy array: a magic, a version, a header in Python's own words, and the samples.
//!
//! The header is a dictionary literal such as `{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }`. It is read
//! by a parser that knows strings, booleans and tuples of whole numbers, and no more. Types are named as NumPy names
//! them; booleans come in as u8, and bf16 goes by `V2`, two bytes without meaning, as `ml_dtypes` stores it.
//! Layout: <https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>.

use std::io::{Read, Write};

use faltung::{AnyArray, Dtype};

use super::{
    failure::{Failure, Result},
    input::Input,
    lookup::InPlace,
    raw::{self, Layout, Order},
};

/// NumPy's names, without the byte order. Where a type has two, it is written by the first.
const NAMES: &[(&str, Dtype)] = &[
    ("f2", Dtype::F16),
    ("f4", Dtype::F32),
    ("f8", Dtype::F64),
    ("c8", Dtype::C64),
    ("c16", Dtype::C128),
    ("u1", Dtype::U8),
    ("u2", Dtype::U16),
    ("u4", Dtype::U32),
    ("u8", Dtype::U64),
    ("i1", Dtype::I8),
    ("i2", Dtype::I16),
    ("i4", Dtype::I32),
    ("i8", Dtype::I64),
    ("V2", Dtype::Bf16),
    ("b1", Dtype::U8),
];

const MAGIC: &[u8] = b"\x93NUMPY";

/// A header is a line or two; NumPy itself trusts none of more than 10,000 bytes.
const LONGEST_HEADER: usize = 1 << 16;

/// Reads one array.
pub(super) fn read(input: &mut Input<'_>) -> Result<AnyArray> {
    let header = Header::parse(&header_text(input)?)?;
    let (dtype, order) = header.dtype()?;
    // A scalar is a signal of one sample.
    let shape = if header.shape.is_empty() { &[1][..] } else { &header.shape };
    let array = raw::read(input, dtype, shape, order, header.layout)?;
    raw::check_end(input)?;
    Ok(array)
}

/// Where the samples of one array lie, in what can go back and forth.
pub(super) fn in_place(mut input: Input<'static>) -> Result<InPlace> {
    let header = Header::parse(&header_text(&mut input)?)?;
    let (dtype, order) = header.dtype()?;
    let shape = if header.shape.is_empty() { vec![1] } else { header.shape };
    raw::check_exact(&mut input, raw::checked_len(&shape)?, dtype.size())?;
    let mut strides = vec![1; shape.len()];
    match header.layout {
        Layout::Rows => (1..shape.len()).rev().for_each(|axis| strides[axis - 1] = strides[axis] * shape[axis]),
        Layout::Columns => (1..shape.len()).for_each(|axis| strides[axis] = strides[axis - 1] * shape[axis - 1]),
    }
    let decode = move |input: &mut Input<'_>, count| raw::read(input, dtype, &[count], order, Layout::Rows);
    InPlace::new(input, (shape, strides), dtype, dtype.size(), Box::new(decode))
}

/// Whether arrays of this type can be written.
pub(super) fn check(dtype: Dtype) -> Result<()> {
    name(dtype).map(|_| ())
}

fn name(dtype: Dtype) -> Result<&'static str> {
    let known = NAMES.iter().find(|(_, named)| *named == dtype).map(|(name, _)| *name);
    known.ok_or_else(|| Failure::data(format!("NPY has no type {dtype}; --dtype chooses another")))
}

/// Writes one array, little-endian, last axis fastest, version 1.0.
pub(super) fn write(out: &mut dyn Write, array: &AnyArray) -> Result<()> {
    let name = name(array.dtype())?;
    let order = if array.dtype().size() == 1 { '|' } else { '<' };
    let shape = match array.shape() {
        [n] => format!("({n},)"),
        shape => format!("({})", shape.iter().map(usize::to_string).collect::<Vec<_>>().join(", ")),
    };
    let mut header = format!("{{'descr': '{order}{name}', 'fortran_order': False, 'shape': {shape}, }}");
    // The samples begin at a multiple of 64 bytes; the header ends in a newline.
    let used = MAGIC.len() + 4 + header.len() + 1;
    header.push_str(&" ".repeat(used.next_multiple_of(64) - used));
    header.push('\n');
    let len = u16::try_from(header.len()).map_err(|_| Failure::data("NPY has no room for so many axes"))?;
    out.write_all(MAGIC)?;
    out.write_all(&[1, 0])?;
    out.write_all(&len.to_le_bytes())?;
    out.write_all(header.as_bytes())?;
    raw::write(out, array, Order::Little)
}

/// The header as it stands in the file.
fn header_text(input: &mut Input<'_>) -> Result<String> {
    let mut start = [0; 8];
    input.read_exact(&mut start)?;
    if !start.starts_with(MAGIC) {
        return Err(Failure::data("it does not begin like an NPY file"));
    }
    let len = match start[6] {
        1 => read_len::<2>(input)?,
        2 | 3 => read_len::<4>(input)?,
        version => return Err(Failure::data(format!("NPY version {version} is unknown; 1, 2 and 3 are read"))),
    };
    if len > LONGEST_HEADER {
        return Err(Failure::data(format!("its header claims {len} bytes; at most {LONGEST_HEADER} are read")));
    }
    let mut header = vec![0; len];
    input.read_exact(&mut header)?;
    String::from_utf8(header).map_err(|_| damaged())
}

fn read_len<const N: usize>(input: &mut Input<'_>) -> Result<usize> {
    let mut bytes = [0; 4];
    input.read_exact(&mut bytes[..N])?;
    Ok(u32::from_le_bytes(bytes) as usize)
}

fn damaged() -> Failure {
    Failure::data("the NPY header is damaged; one with 'descr', 'fortran_order' and 'shape' is needed")
}

/// What the header says.
struct Header {
    descr: String,
    layout: Layout,
    shape: Vec<usize>,
}

impl Header {
    fn parse(text: &str) -> Result<Header> {
        let mut parser = Parser { rest: text };
        let (mut descr, mut layout, mut shape) = (None, None, None);
        parser.expect('{')?;
        while !parser.take('}') {
            let key = parser.string()?;
            parser.expect(':')?;
            match key {
                "descr" => descr = Some(parser.type_name()?.to_owned()),
                "fortran_order" => layout = Some(parser.layout()?),
                "shape" => shape = Some(parser.tuple()?),
                _ => return Err(damaged()),
            }
            if !parser.take(',') {
                parser.expect('}')?;
                break;
            }
        }
        match (descr, layout, shape) {
            (Some(descr), Some(layout), Some(shape)) => Ok(Header { descr, layout, shape }),
            _ => Err(damaged()),
        }
    }

    fn dtype(&self) -> Result<(Dtype, Order)> {
        let (order, name) = match self.descr.split_at_checked(1) {
            Some((">", name)) => (Order::Big, name),
            Some(("<" | "|" | "=", name)) => (Order::Little, name),
            _ => (Order::Little, self.descr.as_str()),
        };
        let known = NAMES.iter().find(|(known, _)| *known == name).map(|(_, dtype)| *dtype);
        known.map(|dtype| (dtype, order)).ok_or_else(|| {
            let what = match name.chars().next() {
                Some('O') => "Python objects".to_owned(),
                Some('U' | 'S' | 'a') => "texts".to_owned(),
                Some('M' | 'm') => "dates or durations".to_owned(),
                _ => format!("samples of type '{}'", self.descr),
            };
            Failure::data(format!(
                "it holds {what}; booleans, integers of 1 to 8 bytes, floats of 2 to 8 and complex numbers are accepted"
            ))
        })
    }
}

/// As much of Python as a header has.
struct Parser<'a> {
    rest: &'a str,
}

impl<'a> Parser<'a> {
    fn take(&mut self, token: char) -> bool {
        self.rest = self.rest.trim_start();
        let after = self.rest.strip_prefix(token);
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }

    fn expect(&mut self, token: char) -> Result<()> {
        if self.take(token) { Ok(()) } else { Err(damaged()) }
    }

    fn string(&mut self) -> Result<&'a str> {
        let quote = if self.take('"') { '"' } else { '\'' };
        if quote == '\'' {
            self.expect(quote)?;
        }
        let (string, rest) = self.rest.split_once(quote).ok_or_else(damaged)?;
        self.rest = rest;
        Ok(string)
    }

    fn type_name(&mut self) -> Result<&'a str> {
        if self.take('[') {
            return Err(Failure::data("it holds records of several fields; save one field as an array of its own"));
        }
        self.string()
    }

    fn layout(&mut self) -> Result<Layout> {
        self.rest = self.rest.trim_start();
        for (word, layout) in [("True", Layout::Columns), ("False", Layout::Rows)] {
            if let Some(rest) = self.rest.strip_prefix(word) {
                self.rest = rest;
                return Ok(layout);
            }
        }
        Err(damaged())
    }

    fn tuple(&mut self) -> Result<Vec<usize>> {
        let mut numbers = Vec::new();
        self.expect('(')?;
        while !self.take(')') {
            numbers.push(self.number()?);
            self.take('L'); // of Python 2
            if !self.take(',') {
                self.expect(')')?;
                break;
            }
        }
        Ok(numbers)
    }

    fn number(&mut self) -> Result<usize> {
        self.rest = self.rest.trim_start();
        let end = self.rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(end);
        self.rest = rest;
        match digits.parse() {
            Ok(number) => Ok(number),
            Err(_) if digits.is_empty() => Err(damaged()),
            Err(_) => Err(Failure::data(format!("its shape names {digits}, which is larger than any memory"))),
        }
    }
}
