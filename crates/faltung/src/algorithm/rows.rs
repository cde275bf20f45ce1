//! What `fft` and `overlap_save` do where the kernel lies along the last axis: rows are correlated one by one.
//!
//! A row of a block is cut into pieces that overlap by the kernel's reach, each the input of one transform
//! ([`Correlator`]), which is multiplied and transformed back while it is in the caches; its outputs are written where they
//! belong. With several input channels the spectra of all are kept, and their products summed before the way back. Outputs of
//! other strides than 1 are picked from a dense row.
//!
//! Error and refusals: see [`spectral`](super::spectral).

use std::sync::Arc;

use num_complex::Complex;

use super::{
    Cost, Needs, Prepared, Setting, Tiling, Work,
    spectral::{dense, exact, transformed},
    within,
};
use crate::{
    Accum, Dims, Problem, Refusal,
    arch::{Memory, Outputs},
    cost,
    geometry::place_of,
    line::Block,
    transform::{Correlator, Sum},
};

/// A way to cut rows into transforms.
#[derive(Debug, Clone)]
pub(super) struct Cut {
    pub(super) tiling: Tiling,
    /// Complex numbers of a transform.
    pub(super) numbers: usize,
    /// Dense outputs that one transform gives.
    pub(super) outputs: usize,
}

/// Whether rows are all there is to transform, and have transforms of their own.
pub(super) fn apply<A: Accum>(problem: &Problem) -> bool {
    A::EPSILON > 0.0 && transformed(problem) == [problem.axes.len() - 1]
}

/// Samples that one complex number of a transform holds.
pub(super) const fn each<A: Accum>() -> usize {
    if A::COMPLEX { 1 } else { 2 }
}

/// What transforms of this cut take.
pub(super) fn assess<A: Accum>(setting: &Setting<'_, A>, cut: &Cut) -> Result<Cost, Refusal> {
    let problem = setting.problem;
    exact(setting, each::<A>() * cut.numbers)?;
    let (&row, outer) = cut.tiling.tile.split_last().expect("an axis is transformed");
    let stride = problem.axes.last().map_or(1, |axis| axis.stride);
    let rows = outer.iter().map(|&n| n as f64).product::<f64>();
    let transforms = rows * dense(row, stride).div_ceil(cut.outputs) as f64;
    let (inputs, outputs) = (problem.inputs as f64, problem.outputs as f64);
    let numbers = cut.numbers as f64;
    let sums = if problem.inputs > 1 { inputs * outputs * numbers * cost::product::<A>() } else { 0.0 };
    // Where there is one input, forward and back are one way for each output.
    let ways = if problem.inputs > 1 { 0.5 * (inputs + outputs) } else { outputs };
    let tile = transforms * (ways * cost::row::<A>(cut.numbers) + sums);
    let nanoseconds = cost::tiles::<A>(problem, &cut.tiling) + cut.tiling.count(problem) * tile;
    let spectrum = (cut.numbers + MOST_SLACK).saturating_mul(size_of::<Complex<A::Real>>());
    let pairs = problem.groups * problem.inputs * problem.outputs;
    let scratch = cut.tiling.all_bytes::<A>(problem, &needs(problem.inputs, cut, stride));
    // The factors of all passes are about as many numbers again.
    let factors = (cut.numbers + cut.numbers / 4).saturating_mul(size_of::<Complex<A::Real>>());
    within(setting, Cost { nanoseconds, tables: spectrum.saturating_mul(pairs).saturating_add(factors), scratch })
}

fn needs(inputs: usize, cut: &Cut, stride: usize) -> Needs {
    let spectrum = cut.numbers.saturating_add(MOST_SLACK);
    let spectra = if inputs == 1 { spectrum } else { spectrum.saturating_mul(inputs + 1) };
    let sums = if stride == 1 { 0 } else { cut.outputs };
    Needs { spectra, sums, ..Needs::default() }
}

/// Numbers that aligning a spectrum may cost.
const MOST_SLACK: usize = 8;

/// Transforms of one length, with the spectra of the weights.
pub(super) struct Rows<A: Accum> {
    cut: Cut,
    stride: usize,
    /// Strides of the axes before the last.
    outer: Vec<usize>,
    correlator: Arc<dyn Correlator<A, A::Real>>,
    /// Of each pair of channels.
    spectra: Memory<Complex<A::Real>>,
    channels: (usize, usize),
}

impl<A: Accum> Rows<A> {
    /// Transforms the weights.
    pub(super) fn new(setting: &Setting<'_, A>, cut: Cut) -> Self {
        let (problem, weights) = (setting.problem, setting.weights);
        let (last, outer) = problem.axes.split_last().expect("an axis is transformed");
        let correlator = A::correlator(cut.numbers).expect("floats have transforms of rows");
        let mut spectra = Memory::new(weights.pairs().count() * correlator.numbers());
        // As they stand where nothing has to be done to them: they may be as many as the samples.
        let plain = last.dilation == 1 && !A::COMPLEX;
        let mut spread = vec![A::ZERO; if plain { 0 } else { last.reach() + 1 }];
        for ((g, o, i), spectrum) in weights.pairs().zip(spectra.chunks_exact_mut(correlator.numbers())) {
            if plain {
                correlator.weigh(weights.pair(g, o, i), spectrum);
                continue;
            }
            for (place, w) in spread.iter_mut().step_by(last.dilation).zip(weights.pair(g, o, i)) {
                *place = A::from_spectral(w.to_spectral().conj());
            }
            correlator.weigh(&spread, spectrum);
        }
        Rows {
            cut,
            stride: last.stride,
            outer: outer.iter().map(|axis| axis.stride).collect(),
            correlator,
            spectra,
            channels: (weights.outputs, weights.inputs),
        }
    }

    fn weights(&self, group: usize, output: usize, input: usize) -> &[Complex<A::Real>] {
        let (outputs, inputs) = self.channels;
        let size = self.correlator.numbers();
        &self.spectra[((group * outputs + output) * inputs + input) * size..][..size]
    }

    /// The outputs of one transform, of all channels: from what `piece` tells of each input channel; `each` is given the number of
    /// an output channel, and what fills a row of it.
    fn row<'x>(
        &self,
        group: usize,
        piece: impl Fn(usize) -> &'x [A],
        work: &mut [Complex<A::Real>],
        mut each: impl FnMut(usize, &mut dyn FnMut(&mut [A])),
    ) where
        A: 'x,
    {
        let (outputs, inputs) = self.channels;
        // Where there are any, a transform holds the row from its beginning.
        let at = *self.cut.tiling.zeros.last().expect("an axis is transformed");
        if inputs == 1 {
            for output in 0..outputs {
                let weights = self.weights(group, output, 0);
                each(output, &mut |y| self.correlator.correlate(piece(0), at, weights, y, work));
            }
            return;
        }
        let size = self.correlator.numbers();
        let (spectra, sums) = work.split_at_mut(inputs * size);
        for (input, spectrum) in spectra.chunks_exact_mut(size).enumerate() {
            self.correlator.forward(piece(input), at, spectrum);
        }
        for output in 0..outputs {
            for (input, spectrum) in spectra.chunks_exact(size).enumerate() {
                let how = if input == 0 { Sum::Begin } else { Sum::Add };
                self.correlator.multiply(spectrum, self.weights(group, output, input), sums, how);
            }
            each(output, &mut |y| self.correlator.inverse(sums, y));
        }
    }
}

impl<A: Accum> Prepared<A> for Rows<A> {
    fn tiling(&self) -> &Tiling {
        &self.cut.tiling
    }

    fn needs(&self) -> Needs {
        needs(self.channels.1, &self.cut, self.stride)
    }

    fn is_local(&self) -> bool {
        false
    }

    fn run(&self, group: usize, x: &Block<'_, A>, y: &mut Outputs<'_, A>, work: &mut Work<A>) {
        let extent = Dims::from_slice(y.extent());
        let (&row, outer) = extent.split_last().expect("an axis is transformed");
        // Outputs of a transform, and samples between the first ones of two.
        let most = (self.cut.outputs - 1) / self.stride + 1;
        let apart: Vec<usize> = x.strides[1..].iter().zip(&self.outer).map(|(place, stride)| place * stride).collect();
        for number in 0..outer.iter().product() {
            let base = place_of(number, outer, &apart);
            for first in (0..row).step_by(most) {
                let count = most.min(row - first);
                let piece = |input: usize| {
                    let samples = &x.data[input * x.strides[0] + base..][..x.shape[x.shape.len() - 1]];
                    let rest = &samples[(first * self.stride).min(samples.len())..];
                    &rest[..rest.len().min(self.correlator.len())]
                };
                let Work { spectra, sums, .. } = work;
                self.row(group, piece, spectra, |output, fill| {
                    let mut y = y.part(0, output, 1);
                    let y = &mut y.row(number)[first..][..count];
                    if self.stride == 1 {
                        return fill(y);
                    }
                    let dense = &mut sums[..dense(count, self.stride)];
                    fill(dense);
                    y.iter_mut().zip(dense.iter().step_by(self.stride)).for_each(|(y, &sum)| *y = sum);
                });
            }
        }
    }
}
