//! IDX, the format of the MNIST digits: two zeros, a type, the number of axes, the extents, and the samples, big-endian.
//!
//! Layout: <https://yann.lecun.com/exdb/mnist/>.

use std::io::{Read, Write};

use faltung::{AnyArray, Dtype};

use super::{
    failure::{Failure, Result},
    input::Input,
    raw::{self, Layout, Order},
};

/// The format's numbers for types.
const TYPES: &[(u8, Dtype)] = &[
    (0x08, Dtype::U8),
    (0x09, Dtype::I8),
    (0x0b, Dtype::I16),
    (0x0c, Dtype::I32),
    (0x0d, Dtype::F32),
    (0x0e, Dtype::F64),
];

/// Reads one array.
pub(super) fn read(input: &mut Input<'_>) -> Result<AnyArray> {
    let mut start = [0; 4];
    input.read_exact(&mut start)?;
    let [0, 0, number, axes @ 1..=255] = start else {
        return Err(Failure::data("it does not begin like an IDX file"));
    };
    let known = TYPES.iter().find(|(known, _)| *known == number);
    let (_, dtype) = known.ok_or_else(|| Failure::data(format!("IDX type {number:#04x} is unknown")))?;
    let mut shape = Vec::new();
    for _ in 0..axes {
        let mut extent = [0; 4];
        input.read_exact(&mut extent)?;
        shape.push(u32::from_be_bytes(extent) as usize);
    }
    let array = raw::read(input, *dtype, &shape, Order::Big, Layout::Rows)?;
    raw::check_end(input)?;
    Ok(array)
}

/// Whether an array of this type and shape can be written.
pub(super) fn check(dtype: Dtype, shape: &[usize]) -> Result<()> {
    header(dtype, shape).map(|_| ())
}

/// Writes one array.
pub(super) fn write(out: &mut dyn Write, array: &AnyArray) -> Result<()> {
    out.write_all(&header(array.dtype(), array.shape())?)?;
    raw::write(out, array, Order::Big)
}

fn header(dtype: Dtype, shape: &[usize]) -> Result<Vec<u8>> {
    let known = TYPES.iter().find(|(_, known)| *known == dtype);
    let (number, _) = known.ok_or_else(|| {
        Failure::data(format!("IDX has no type {dtype}, only u8, i8, i16, i32, f32 and f64; --dtype chooses one"))
    })?;
    let axes = u8::try_from(shape.len()).ok().filter(|&axes| axes > 0);
    let mut header = vec![0, 0, *number, axes.ok_or_else(|| Failure::data("IDX takes 1 to 255 axes"))?];
    for &extent in shape {
        let extent = u32::try_from(extent).map_err(|_| Failure::data("IDX takes extents below 2^32"))?;
        header.extend(extent.to_be_bytes());
    }
    Ok(header)
}
