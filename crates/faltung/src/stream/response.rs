//! Responses, cut and transformed as a stream needs them.

use std::{fmt, sync::Arc};

use super::{
    Streamed,
    layout::{Layout, partition},
    stage::{keep, transform},
};
use crate::{Accum, Error, Kernel, Result, arch::Aligned};
use num_complex::Complex;

/// A response made ready for a stream: what [`Stream::exchange`](super::Stream::exchange) takes.
///
/// Made by [`Stream::response`](super::Stream::response), on any thread; copies share its memory.
#[derive(Clone)]
pub struct Response<T: Streamed> {
    pub(super) weights: Arc<Weights<T>>,
    /// What it was made for.
    pub(super) layout: Arc<Layout>,
}

impl<T: Streamed> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Response({})", self.layout)
    }
}

/// The weights of a matrix of responses.
pub(super) struct Weights<T> {
    /// Of the direct sum: `[output, input, tap]`, the last tap first.
    pub(super) head: Vec<T>,
    /// Spectra of partitions: for each stage `[output, input, slice, partition]`.
    pub(super) stages: Vec<Aligned<Complex<T>>>,
    /// For each pair `[output, input]` whether any of its taps is not 0.
    pub(super) present: Vec<bool>,
}

/// Taps of some outputs and inputs.
pub(super) struct Matrix<T> {
    pub(super) outputs: usize,
    pub(super) inputs: usize,
    pub(super) taps: usize,
    /// `[output, input, tap]`.
    values: Vec<T>,
}

impl<T: Streamed> Matrix<T> {
    /// From a kernel of one axis, or of outputs, inputs and taps.
    pub(super) fn new(kernel: &Kernel) -> Result<Matrix<T>> {
        let (outputs, inputs, taps) = match *kernel.shape() {
            [taps] => (1, 1, taps),
            [outputs, inputs, taps] => (outputs, inputs, taps),
            _ => {
                return Err(Error::Stream(format!(
                    "responses have shape {:?}: expected [taps], or [outputs, inputs, taps]",
                    kernel.shape()
                )));
            }
        };
        if kernel.is_empty() {
            return Err(Error::EmptyKernel { shape: kernel.shape().to_vec() });
        }
        if kernel.is_complex() {
            let advice = "filter with the real and the imaginary parts, each by a stream of its own";
            return Err(Error::Weights { dtype: T::DTYPE, weights: "complex", advice });
        }
        let values: Vec<T> = kernel.numbers().into_iter().map(<T as Accum>::nearest).collect();
        match values.iter().position(|w| !Accum::is_finite(*w)) {
            None => Ok(Matrix { outputs, inputs, taps, values }),
            Some(at) => Err(Error::Stream(format!(
                "tap {} of the responses is no finite {}: a stream needs numbers",
                at % taps,
                T::DTYPE
            ))),
        }
    }

    /// The taps of one pair from one place of a delayed response to another: zeros where there are none.
    fn taps(&self, pair: usize, (first, end): (usize, usize), delay: usize) -> impl DoubleEndedIterator<Item = T> {
        let row = &self.values[pair * self.taps..][..self.taps];
        (first..end).map(move |tap| tap.checked_sub(delay).and_then(|k| row.get(k)).copied().unwrap_or(T::ZERO))
    }

    /// Cut and transformed.
    pub(super) fn weights(&self, layout: &Layout) -> Result<Weights<T>> {
        let (pairs, delay) = (self.outputs * self.inputs, layout.delay);
        let direct = (layout.head - layout.direct(), layout.head);
        let head = (0..pairs).flat_map(|pair| self.taps(pair, direct, delay).rev()).collect();
        let present = self.values.chunks_exact(self.taps).map(|row| row.iter().any(|&w| w != T::ZERO)).collect();
        let stages = (0..layout.stages.len()).map(|stage| self.spectra(layout, stage)).collect::<Result<_>>()?;
        Ok(Weights { head, stages, present })
    }

    /// The spectra of a stage.
    fn spectra(&self, layout: &Layout, stage: usize) -> Result<Aligned<Complex<T>>> {
        let cut = &layout.stages[stage];
        let transform = transform::<T>(cut);
        let (_, end) = partition(layout, stage);
        let what = "a response";
        let mut spectra = Aligned::new(self.outputs * self.inputs * cut.partitions * cut.numbers, what)?;
        let mut one = Aligned::new(transform.numbers(), what)?;
        for (pair, spectra) in spectra.chunks_exact_mut(cut.partitions * cut.numbers).enumerate() {
            for p in 0..cut.partitions {
                let first = cut.first() + p * cut.block;
                // Outputs begin where the last block does, one block behind the first sample: its tap 0 is weight `block` there.
                let mut row: Vec<T> = self.taps(pair, (first, end.min(first + cut.block)), layout.delay).collect();
                row.resize(cut.block, T::ZERO);
                row.push(T::ZERO);
                row.reverse();
                transform.weigh(&row, &mut one);
                keep(&one, spectra, p, cut.partitions, &(0..transform.slices()), cut.numbers / transform.slices());
            }
        }
        Ok(spectra)
    }
}
