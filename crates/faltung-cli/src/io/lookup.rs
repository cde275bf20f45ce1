//! Samples looked up where they are needed, for what looks at a few of very many.
//!
//! Sounds in WAV and arrays in NPY have every sample at a place that its index tells, so their files are read there alone, a
//! block at a time, and few blocks are kept: an hour of sound costs no more than a second. Everything else (text, what is packed,
//! what comes through a pipe) is read as a whole.

use std::{cell::RefCell, collections::VecDeque};

use faltung::{AnyArray, Dtype, Number};

use super::{
    Document, Form,
    failure::{Failure, Result},
    input::Input,
};

/// Samples in a block.
const BLOCK: usize = 1 << 12;
/// Blocks that are kept.
const KEPT: usize = 64;

/// The samples of a file, in memory or looked up there.
pub struct Lookup {
    /// Extents, slowest axis first.
    pub shape: Vec<usize>,
    /// The type of the samples.
    pub dtype: Dtype,
    /// How they stand in the file.
    pub form: Form,
    samples: Samples,
}

enum Samples {
    Whole(AnyArray),
    Blocks(RefCell<Blocks>),
}

impl From<Document> for Lookup {
    /// Samples that are in memory.
    fn from(Document { array, form }: Document) -> Lookup {
        Lookup { shape: array.shape().to_vec(), dtype: array.dtype(), form, samples: Samples::Whole(array) }
    }
}

impl Lookup {
    /// Samples that stay in their file.
    pub(super) fn in_place(place: InPlace, form: Form) -> Lookup {
        let InPlace { shape, dtype, blocks } = place;
        Lookup { shape, dtype, form, samples: Samples::Blocks(RefCell::new(blocks)) }
    }

    /// The sample at an index within the shape.
    ///
    /// # Errors
    /// Whatever is wrong with the file.
    pub fn number(&self, index: &[usize]) -> Result<Number> {
        match &self.samples {
            Samples::Whole(array) => Ok(array.view().number(index)),
            Samples::Blocks(blocks) => blocks.borrow_mut().number(index),
        }
    }

    /// The samples themselves, if they are in memory.
    pub fn whole(&self) -> Option<&AnyArray> {
        match &self.samples {
            Samples::Whole(array) => Some(array),
            Samples::Blocks(_) => None,
        }
    }
}

/// Where a format's samples lie, and how they are read.
pub(super) struct InPlace {
    shape: Vec<usize>,
    dtype: Dtype,
    blocks: Blocks,
}

/// Makes samples of so many of the next bytes.
pub(super) type Decode = Box<dyn Fn(&mut Input<'_>, usize) -> Result<AnyArray>>;

impl InPlace {
    /// Samples of `size` bytes that begin where the input stands, which can go back and forth; the one at `index` is that of
    /// number `sum of index * stride`.
    pub(super) fn new(
        mut input: Input<'static>,
        (shape, strides): (Vec<usize>, Vec<usize>),
        dtype: Dtype,
        size: usize,
        decode: Decode,
    ) -> Result<InPlace> {
        let start = input.place()?;
        let count = shape.iter().product();
        let blocks = Blocks { input, start, count, strides, size, decode, kept: VecDeque::new() };
        Ok(InPlace { shape, dtype, blocks })
    }
}

struct Blocks {
    input: Input<'static>,
    /// The place of the first sample in the file.
    start: u64,
    count: usize,
    strides: Vec<usize>,
    size: usize,
    decode: Decode,
    /// Blocks by their number, the oldest first.
    kept: VecDeque<(usize, AnyArray)>,
}

impl Blocks {
    fn number(&mut self, index: &[usize]) -> Result<Number> {
        let number: usize = index.iter().zip(&self.strides).map(|(i, stride)| i * stride).sum();
        if number >= self.count {
            return Err(Failure::data(format!("there is no sample at index {index:?}")));
        }
        let (block, within) = (number / BLOCK, number % BLOCK);
        if let Some((_, samples)) = self.kept.iter().rev().find(|(kept, _)| *kept == block) {
            return Ok(samples.view().number(&[within]));
        }
        let first = block * BLOCK;
        self.input.go_to(self.start + (first * self.size) as u64)?;
        let samples = (self.decode)(&mut self.input, BLOCK.min(self.count - first))?;
        let number = samples.view().number(&[within]);
        if self.kept.len() == KEPT {
            self.kept.pop_front();
        }
        self.kept.push_back((block, samples));
        Ok(number)
    }
}
