//! Samples as bytes, in either byte order: what NPY and IDX consist of after their headers.

use std::io::{Read, Write};

use faltung::{AnyArray, Array, Dtype, Number, Sample, View};
use half::{bf16, f16};
use num_complex::Complex;

use super::{
    failure::{Failure, Result},
    input::{Budget, Input},
};

/// Which byte of a number comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// The least significant one.
    Little,
    /// The most significant one.
    Big,
}

/// Which axis is the fastest in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// The last: rows lie together.
    Rows,
    /// The first: columns lie together, as in Fortran.
    Columns,
}

/// A sample that has a form in bytes.
trait Element: Sample {
    /// From as many bytes as it is large.
    fn from_bytes(bytes: &[u8], order: Order) -> Self;
    /// Appends its bytes.
    fn put(self, order: Order, out: &mut Vec<u8>);
}

/// Stamps the types whose bytes the standard library knows.
macro_rules! number_elements {
    ($($number:ty),+) => {$(
        impl Element for $number {
            fn from_bytes(bytes: &[u8], order: Order) -> Self {
                let bytes = bytes.try_into().expect("as many bytes as the type has");
                match order {
                    Order::Little => <$number>::from_le_bytes(bytes),
                    Order::Big => <$number>::from_be_bytes(bytes),
                }
            }
            fn put(self, order: Order, out: &mut Vec<u8>) {
                match order {
                    Order::Little => out.extend(self.to_le_bytes()),
                    Order::Big => out.extend(self.to_be_bytes()),
                }
            }
        }
    )+};
}
number_elements!(f16, bf16, f32, f64, u8, u16, u32, u64, i8, i16, i32, i64);

/// Real part first.
impl<T: Element> Element for Complex<T>
where
    Complex<T>: Sample,
{
    fn from_bytes(bytes: &[u8], order: Order) -> Self {
        let (re, im) = bytes.split_at(bytes.len() / 2);
        Complex::new(T::from_bytes(re, order), T::from_bytes(im, order))
    }
    fn put(self, order: Order, out: &mut Vec<u8>) {
        self.re.put(order, out);
        self.im.put(order, out);
    }
}

/// Stamps the way from a type known at run time to the type. A storage type that is not in the list is refused by the
/// formats made of bytes until it is entered here.
macro_rules! elements {
    ($($variant:ident $sample:ty;)+) => {
        /// An array of `shape` from the next bytes; no more memory is taken than there are bytes.
        pub(super) fn read(input: &mut Input<'_>, dtype: Dtype, shape: &[usize], order: Order, layout: Layout)
            -> Result<AnyArray>
        {
            let count = checked_len(shape)?;
            $(if dtype == Dtype::$variant {
                let samples = take::<$sample>(input, count, order)?;
                return Ok(arranged(samples, shape, layout, &mut input.budget)?.into());
            })+
            Err(Failure::data(format!("samples of type {dtype} have no form in bytes here")))
        }

        /// Writes all samples, slowest axis first.
        pub(super) fn write(out: &mut dyn Write, array: &AnyArray, order: Order) -> Result<()> {
            $(if let AnyArray::$variant(array) = array {
                return give(out, array.data(), order);
            })+
            Err(Failure::data(format!("samples of type {} have no form in bytes here", array.dtype())))
        }

        /// Every sample as a number, slowest axis first.
        pub(super) fn numbers(array: &AnyArray) -> Box<dyn Iterator<Item = Number> + '_> {
            $(if let AnyArray::$variant(array) = array {
                return Box::new(array.data().iter().map(|sample| sample.number()));
            })+
            Box::new(array.view().numbers().into_iter())
        }
    };
}
elements! {
    F16 f16; Bf16 bf16; F32 f32; F64 f64; C64 Complex<f32>; C128 Complex<f64>;
    U8 u8; U16 u16; U32 u32; U64 u64; I8 i8; I16 i16; I32 i32; I64 i64;
}

/// The number of samples, if an array of that shape can exist at all.
///
/// An empty axis does not excuse the others: `[0, 2^63]` holds nothing, but every sum over its extents would overflow.
pub(super) fn checked_len(shape: &[usize]) -> Result<usize> {
    const MOST_AXES: usize = 64;
    if shape.len() > MOST_AXES {
        return Err(Failure::data(format!("it claims {} axes; at most {MOST_AXES} are taken", shape.len())));
    }
    let extent = shape.iter().try_fold(1usize, |all, &n| all.checked_mul(n.max(1)));
    match extent {
        Some(extent) if extent <= isize::MAX as usize / 16 => Ok(shape.iter().product()),
        _ => Err(Failure::data(format!("its shape {shape:?} is larger than any memory"))),
    }
}

const CHUNK: usize = 1 << 16;

fn take<T: Element>(input: &mut Input<'_>, count: usize, order: Order) -> Result<Vec<T>> {
    decode(input, count, size_of::<T>(), |bytes| T::from_bytes(bytes, order))
}

/// The number of bytes that remain, where it is known: as many as `count` samples of `size` bytes at least.
pub(super) fn check_there(input: &mut Input<'_>, count: usize, size: usize) -> Result<Option<u64>> {
    let bytes = count as u64 * size as u64; // who calls has seen that it fits
    let remaining = input.remaining()?;
    match remaining.filter(|&there| bytes > there) {
        Some(there) => {
            let message = format!("it announces {bytes} bytes of samples but holds {there}; a complete file is needed");
            Err(Failure::data(message))
        }
        None => Ok(remaining),
    }
}

/// `count` values, each decoded by `value` from `size` bytes.
pub(super) fn decode<T>(
    input: &mut Input<'_>,
    count: usize,
    size: usize,
    value: impl Fn(&[u8]) -> T,
) -> Result<Vec<T>> {
    let remaining = check_there(input, count, size)?;
    input.budget.pay(count.saturating_mul(size_of::<T>()))?;
    let mut all = Vec::with_capacity(if remaining.is_some() { count } else { 0 });
    let mut chunk = vec![0; CHUNK / size * size];
    while all.len() < count {
        let part_len = chunk.len().min((count - all.len()) * size);
        let part = &mut chunk[..part_len];
        input.read_exact(part)?;
        all.extend(part.chunks_exact(size).map(&value));
    }
    Ok(all)
}

/// The samples with the last axis fastest.
fn arranged<T: Sample>(samples: Vec<T>, shape: &[usize], layout: Layout, budget: &mut Budget) -> Result<Array<T>> {
    if layout == Layout::Rows || shape.len() < 2 {
        return Ok(Array::new(samples, shape)?);
    }
    budget.pay(samples.len() * size_of::<T>())?;
    let axes = 0..shape.len();
    let stored: Vec<usize> = shape.iter().rev().copied().collect();
    let turned = View::new(&samples, &stored)?.permuted(&axes.rev().collect::<Vec<_>>()).to_vec();
    Ok(Array::new(turned, shape)?)
}

fn give<T: Element>(out: &mut dyn Write, samples: &[T], order: Order) -> Result<()> {
    let mut bytes = Vec::with_capacity(CHUNK);
    for part in samples.chunks(CHUNK / size_of::<T>()) {
        bytes.clear();
        part.iter().for_each(|&sample| sample.put(order, &mut bytes));
        out.write_all(&bytes)?;
    }
    Ok(())
}

/// Refuses bytes after the end: they would be dropped in silence.
pub(super) fn check_end(input: &mut Input<'_>) -> Result<()> {
    match input.read(&mut [0])? {
        0 => Ok(()),
        _ => Err(too_many()),
    }
}

/// Checks that exactly so many samples of `size` bytes follow, in what can go back and forth.
pub(super) fn check_exact(input: &mut Input<'_>, count: usize, size: usize) -> Result<()> {
    match check_there(input, count, size)? {
        Some(there) if there > count as u64 * size as u64 => Err(too_many()),
        _ => Ok(()),
    }
}

fn too_many() -> Failure {
    Failure::data("there are more bytes than its header announces; one array to a file is accepted")
}
