//! Transforms of blocks in any number of dimensions, along some of their axes.
//!
//! One-dimensional transforms are rustfft's and realfft's; this module takes them along any axis of a dense block. The last
//! transformed axis of a real block is transformed first and gives half a spectrum (`N / 2 + 1` numbers), the other axes
//! follow as complex ones. Lines that are not contiguous are brought together several at a time, so that whole pieces of
//! cache lines are moved.
//!
//! Error of a transform, its inverse and the product between: at most `c log2(N) eps |x| |w|` in 2-norms, with `c` of
//! [`ERROR`]; see Higham, *Accuracy and Stability of Numerical Algorithms*, chapter 24, and for the constant Brent,
//! Percival and Zimmermann, *Error bounds on complex floating-point multiplication*, Mathematics of Computation 76 (2007).

mod across;
mod blocks;
mod butterfly;
mod complex;
mod correlator;
mod kept;
mod lane_steps;
mod parts;
mod passes;
mod roots;
mod rows;
mod scrambled;

use std::sync::{Arc, Mutex};

use num_complex::Complex;
use realfft::{ComplexToReal, RealToComplex};
use rustfft::Fft;

use crate::{
    Dims,
    arch::{self, SimdFloatElement, dispatch},
};
use kept::Tables;

pub(crate) use blocks::{BlockCorrelator, Input, Output, Place, Size, block_correlator, block_lengths};
pub(crate) use correlator::{Correlator, Samples, Spectra, Sum};
pub(crate) use kept::correlator;

/// The reals that transforms are made in.
pub(crate) trait Float:
    bytemuck::Pod + rustfft::FftNum + num_complex::ComplexFloat<Real = Self> + SimdFloatElement + Default + Into<f64>
{
    /// The nearest to a double: for roots of unity and scales.
    fn nearest(value: f64) -> Self;
    /// The tables of its transforms that are kept.
    fn tables() -> &'static Mutex<Tables<Self>>;
}

/// The constant in the error bound: twice the 12.7 that radix-2 transforms of both operands and back come to, for the
/// other radices and the passes between real and complex.
pub(crate) const ERROR: f64 = 25.0;

/// Lines brought together at once.
const TOGETHER: usize = 16;

/// A length with a fast transform: the least `2^a 3^b 5^c`, even, of at least `n`.
pub(crate) fn good_len(n: usize) -> usize {
    let mut best = n.next_power_of_two().max(2);
    let mut five = 1;
    while five < best {
        let mut three = five;
        while three < best {
            let twos = n.div_ceil(three).next_power_of_two().max(2);
            best = best.min(three.saturating_mul(twos));
            three = three.saturating_mul(3);
        }
        five = five.saturating_mul(5);
    }
    best
}

/// Lengths of transforms of rows, from `least` to `most` complex numbers, ascending.
pub(crate) fn lengths<F: Float>(least: usize, most: usize) -> Vec<usize> {
    let unit = dispatch!(arch::level(), simd => passes::unit::<_, F>(simd));
    let mut lengths = passes::smooth(unit, least, most);
    // An odd factor stands between two even passes.
    lengths.retain(|n| {
        let (units, odd) = (n / unit, (n / unit) >> (n / unit).trailing_zeros());
        odd == 1 || units >= 4 * odd
    });
    lengths
}

/// One transformed axis.
struct Line<F> {
    axis: usize,
    forward: Arc<dyn Fft<F>>,
    inverse: Arc<dyn Fft<F>>,
}

/// The halved axis of a real block.
struct Half<F> {
    axis: usize,
    forward: Arc<dyn RealToComplex<F>>,
    inverse: Arc<dyn ComplexToReal<F>>,
}

/// Transforms of dense blocks of one shape.
pub(crate) struct Transform<F> {
    shape: Dims,
    half: Option<Half<F>>,
    /// The other axes, in the order of the way forward.
    lines: Vec<Line<F>>,
}

impl<F: Float> Transform<F> {
    /// Of blocks of `shape` along `axes`, in ascending order; real ones or complex ones.
    pub(crate) fn new(shape: &[usize], axes: &[usize], real: bool) -> Self {
        let line = |&axis: &usize| {
            let (forward, inverse) = kept::complex(shape[axis]);
            Line { axis, forward, inverse }
        };
        let (half, rest) = match axes.split_last() {
            Some((&axis, rest)) if real => {
                let (forward, inverse) = kept::real(shape[axis]);
                (Some(Half { axis, forward, inverse }), rest)
            }
            _ => (None, axes),
        };
        Transform { shape: shape.into(), lines: rest.iter().rev().map(line).collect(), half }
    }

    /// Samples of a block.
    pub(crate) fn samples(&self) -> usize {
        self.shape.iter().product()
    }

    /// Extents of a spectrum.
    pub(crate) fn spectrum_shape(&self) -> Dims {
        let mut shape = self.shape.clone();
        if let Some(half) = &self.half {
            shape[half.axis] = shape[half.axis] / 2 + 1;
        }
        shape
    }

    /// Numbers of a spectrum.
    pub(crate) fn spectrum(&self) -> usize {
        self.spectrum_shape().iter().product()
    }

    /// Scratch of a transform.
    pub(crate) fn scratch(&self) -> usize {
        let line = |line: &Line<F>| {
            let len = self.shape[line.axis];
            line.forward.get_inplace_scratch_len().max(line.inverse.get_inplace_scratch_len()) + TOGETHER * len
        };
        let half = self.half.as_ref().map_or(0, |half| {
            let len = self.shape[half.axis];
            half.forward.get_scratch_len().max(half.inverse.get_scratch_len()) + len / 2 + 1
        });
        self.lines.iter().map(line).fold(half, usize::max)
    }

    /// Reals of a line, for blocks of reals.
    pub(crate) fn line(&self) -> usize {
        self.half.as_ref().map_or(0, |half| self.shape[half.axis])
    }

    /// What [`scratch`](Self::scratch) would be at most, from the shape alone.
    pub(crate) fn scratch_bound(shape: &[usize], axes: &[usize], real: bool) -> usize {
        let times = |axis: usize| match Some(&axis) == axes.last() && real {
            true => 3,
            false => TOGETHER + 3,
        };
        axes.iter().map(|&axis| shape[axis].saturating_mul(times(axis)).saturating_add(64)).max().unwrap_or(0)
    }

    /// From a block of real samples, which are overwritten, to its spectrum.
    pub(crate) fn forward_real(
        &self,
        block: &mut [F],
        spectrum: &mut [Complex<F>],
        scratch: &mut [Complex<F>],
        line: &mut [F],
    ) {
        let half = self.half.as_ref().expect("a transform of real blocks");
        let (n, m) = (self.shape[half.axis], self.shape[half.axis] / 2 + 1);
        let inner: usize = self.shape[half.axis + 1..].iter().product();
        let (bins, rest) = scratch.split_at_mut(m);
        let failed = "the lengths are those planned for";
        if inner == 1 {
            for (x, bins) in block.chunks_exact_mut(n).zip(spectrum.chunks_exact_mut(m)) {
                half.forward.process_with_scratch(x, bins, rest).expect(failed);
            }
        } else {
            for (x, all) in block.chunks_exact(n * inner).zip(spectrum.chunks_exact_mut(m * inner)) {
                for j in 0..inner {
                    let line = &mut line[..n];
                    line.iter_mut().enumerate().for_each(|(i, place)| *place = x[i * inner + j]);
                    half.forward.process_with_scratch(line, bins, rest).expect(failed);
                    bins.iter().enumerate().for_each(|(i, &bin)| all[i * inner + j] = bin);
                }
            }
        }
        self.forward(spectrum, scratch);
    }

    /// From a spectrum, which is overwritten, to a block of real samples, `samples()` times too large.
    pub(crate) fn inverse_real(
        &self,
        spectrum: &mut [Complex<F>],
        block: &mut [F],
        scratch: &mut [Complex<F>],
        line: &mut [F],
    ) {
        self.inverse(spectrum, scratch);
        let half = self.half.as_ref().expect("a transform of real blocks");
        let (n, m) = (self.shape[half.axis], self.shape[half.axis] / 2 + 1);
        let inner: usize = self.shape[half.axis + 1..].iter().product();
        let (bins, scratch) = scratch.split_at_mut(m);
        let mut process = |bins: &mut [Complex<F>], x: &mut [F]| {
            // Rounding may leave something in the imaginary parts that must be nothing.
            bins[0].im = F::zero();
            if n % 2 == 0 {
                bins[m - 1].im = F::zero();
            }
            half.inverse.process_with_scratch(bins, x, scratch).expect("the lengths are those planned for");
        };
        if inner == 1 {
            for (bins, x) in spectrum.chunks_exact_mut(m).zip(block.chunks_exact_mut(n)) {
                process(bins, x);
            }
        } else {
            for (all, x) in spectrum.chunks_exact(m * inner).zip(block.chunks_exact_mut(n * inner)) {
                for j in 0..inner {
                    bins.iter_mut().enumerate().for_each(|(i, bin)| *bin = all[i * inner + j]);
                    process(bins, &mut line[..n]);
                    line[..n].iter().enumerate().for_each(|(i, &sample)| x[i * inner + j] = sample);
                }
            }
        }
    }

    /// From a complex block (or one whose half axis is done) to its spectrum, in place.
    pub(crate) fn forward(&self, spectrum: &mut [Complex<F>], scratch: &mut [Complex<F>]) {
        for line in &self.lines {
            self.along(line.axis, &*line.forward, spectrum, scratch);
        }
    }

    /// From a spectrum to a complex block, `samples()` times too large (but for the half axis, which is left), in place.
    pub(crate) fn inverse(&self, spectrum: &mut [Complex<F>], scratch: &mut [Complex<F>]) {
        for line in self.lines.iter().rev() {
            self.along(line.axis, &*line.inverse, spectrum, scratch);
        }
    }

    fn along(&self, axis: usize, fft: &dyn Fft<F>, all: &mut [Complex<F>], scratch: &mut [Complex<F>]) {
        let shape = self.spectrum_shape();
        let n = shape[axis];
        let inner: usize = shape[axis + 1..].iter().product();
        let (lines, scratch) = scratch.split_at_mut(TOGETHER * n);
        if inner == 1 {
            return fft.process_with_scratch(all, scratch);
        }
        for all in all.chunks_exact_mut(n * inner) {
            for first in (0..inner).step_by(TOGETHER) {
                let count = TOGETHER.min(inner - first);
                let lines = &mut lines[..count * n];
                for (i, row) in all.chunks_exact(inner).enumerate() {
                    row[first..][..count].iter().enumerate().for_each(|(j, &z)| lines[j * n + i] = z);
                }
                fft.process_with_scratch(lines, scratch);
                for (i, row) in all.chunks_exact_mut(inner).enumerate() {
                    row[first..][..count].iter_mut().enumerate().for_each(|(j, z)| *z = lines[j * n + i]);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_lengths_are_even_and_smooth() {
        assert_eq!([1, 7, 17, 31, 97, 127].map(good_len), [2, 8, 18, 32, 100, 128]);
        for n in 1..3000 {
            let mut good = good_len(n);
            assert!(good >= n && good.is_multiple_of(2) && good <= (n + n / 3).max(2), "{n} -> {good}");
            for factor in [2, 3, 5] {
                while good.is_multiple_of(factor) {
                    good /= factor;
                }
            }
            assert_eq!(good, 1);
        }
    }

    #[test]
    fn a_block_returns_from_its_spectrum() {
        for axes in [&[0][..], &[1], &[2], &[0, 2], &[0, 1, 2]] {
            let transform = Transform::<f64>::new(&[4, 6, 10], axes, true);
            let start: Vec<f64> = (0..240).map(|i| ((i * 37) % 101) as f64).collect();
            let (mut block, zero) = (start.clone(), Complex::new(0.0, 0.0));
            let (mut spectrum, mut scratch) = (vec![zero; transform.spectrum()], vec![zero; transform.scratch()]);
            let mut line = vec![0.0; transform.line()];
            transform.forward_real(&mut block, &mut spectrum, &mut scratch, &mut line);
            transform.inverse_real(&mut spectrum, &mut block, &mut scratch, &mut line);
            let scale: usize = axes.iter().map(|&a| [4, 6, 10][a]).product();
            assert!(block.iter().zip(&start).all(|(a, b)| (a / scale as f64 - b).abs() < 1e-12), "{axes:?}");
        }
    }
}
