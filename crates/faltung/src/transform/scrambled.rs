//! A transform of one length on one instruction set, and the convolution by it.
//!
//! Blocks beyond the first caches are taken apart by recursion: one pass over the block, then each strand is transformed,
//! multiplied and transformed back by itself, while it is near, then the pass of the way back. So only the outermost passes
//! sweep memory, whatever the sizes of the caches.

use std::ops::Range;

use super::{
    Float,
    complex::constant,
    lane_steps::LaneSteps,
    parts::{Part, Piece, cut},
    passes::{ALL, Pass, Shift, radices},
};
use crate::arch::{Simd, Vector, lanes};

/// Bytes of a block whose passes are made one after the other: with its spectrum it stays in a first-level cache.
const FLAT: usize = 1 << 14;

/// The passes of a transform, and its last steps.
pub(super) struct Scrambled<S: Simd, T: Float> {
    pub(super) simd: S,
    pub(super) vectors: usize,
    pub(super) passes: Vec<Pass<S, T>>,
    lane_steps: LaneSteps<S, T>,
    /// The way forward in parts.
    pub(super) parts: Vec<Part>,
}

/// What a spectrum is for.
#[derive(Clone, Copy)]
pub(super) enum Use {
    /// To be multiplied by that of weights.
    Samples,
    /// To be multiplied by: conjugate, since weights slide forward, and scaled so that the way back need not.
    Weights,
}

impl<S: Simd, T: Float> Scrambled<S, T> {
    /// Of `len` complex numbers: lanes times four, times twos, threes and fives. The first pass shifts frequencies, if any.
    ///
    /// # Panics
    /// If `len` is no such number.
    pub(super) fn new(simd: S, len: usize, shift: Shift) -> Self {
        let vectors = len / lanes::<S, T>();
        let radices = radices(vectors).filter(|_| vectors * lanes::<S, T>() == len);
        let radices = radices.unwrap_or_else(|| panic!("there is no transform of {len} numbers"));
        let mut n = len;
        let mut passes = Vec::new();
        for radix in radices {
            passes.push(Pass::new(simd, radix, n, if n == len { shift } else { Shift::None }));
            n /= radix;
        }
        let parts = cut(&passes, vectors);
        Scrambled { simd, vectors, passes, lane_steps: LaneSteps::new(simd), parts }
    }

    /// Vectors of a block that the pass at this depth takes; one where there is none.
    fn block(&self, depth: usize) -> usize {
        match depth.checked_sub(1) {
            None => self.vectors,
            Some(before) => self.passes.get(before).map_or(1, Pass::strand),
        }
    }

    /// Whether so many vectors are to be taken apart into blocks: the last steps take four vectors of a block at once.
    fn is_split(vectors: usize, block: usize) -> bool {
        vectors * size_of::<Vector<S, T>>() > FLAT && block < vectors && block.is_multiple_of(4)
    }

    /// The passes from this one on, and the last steps, for all blocks of `data`.
    pub(super) fn forward(&self, depth: usize, data: &mut [Vector<S, T>], what: Use) {
        let (block, strand) = (self.block(depth), self.block(depth + 1));
        if Self::is_split(data.len(), block) {
            data.chunks_exact_mut(block).for_each(|block| self.forward(depth, block, what));
        } else if Self::is_split(data.len(), strand) {
            self.down(&self.passes[depth..=depth], data, &ALL);
            self.forward(depth + 1, data, what);
        } else {
            self.down(&self.passes[depth..], data, &ALL);
            self.finish(data, what);
        }
    }

    /// The way back of [`forward`](Self::forward), from a spectrum with swapped parts.
    pub(super) fn inverse(&self, depth: usize, data: &mut [Vector<S, T>]) {
        let (block, strand) = (self.block(depth), self.block(depth + 1));
        if Self::is_split(data.len(), block) {
            data.chunks_exact_mut(block).for_each(|block| self.inverse(depth, block));
        } else if Self::is_split(data.len(), strand) {
            self.inverse(depth + 1, data);
            self.up(&self.passes[depth..=depth], data, &ALL);
        } else {
            self.begin_inverse(data);
            self.up(&self.passes[depth..], data, &ALL);
        }
    }

    /// Forward, the product with the spectrum of weights, and back: what is left has its parts swapped.
    pub(super) fn convolve(&self, depth: usize, data: &mut [Vector<S, T>], weights: &[Vector<S, T>]) {
        let (block, strand) = (self.block(depth), self.block(depth + 1));
        if Self::is_split(data.len(), block) {
            let blocks = data.chunks_exact_mut(block).zip(weights.chunks_exact(block));
            blocks.for_each(|(block, weights)| self.convolve(depth, block, weights));
        } else if Self::is_split(data.len(), strand) {
            self.down(&self.passes[depth..=depth], data, &ALL);
            self.convolve(depth + 1, data, weights);
            self.up(&self.passes[depth..=depth], data, &ALL);
        } else {
            self.down(&self.passes[depth..], data, &ALL);
            self.multiply(data, weights);
            self.up(&self.passes[depth..], data, &ALL);
        }
    }

    /// One part of the way forward, behind the first pass.
    pub(super) fn forward_part(&self, piece: &Piece, data: &mut [Vector<S, T>]) {
        match piece {
            Piece::First(_) => {}
            Piece::Pass { depth, block, vectors } => {
                self.down(&self.passes[*depth..=*depth], &mut data[block.clone()], vectors);
            }
            Piece::Rest { depth, blocks } => {
                self.down(&self.passes[*depth..], &mut data[blocks.clone()], &ALL);
                self.finish(&mut data[blocks.clone()], Use::Samples);
            }
        }
    }

    /// One part of the way back, before the last pass, from a spectrum whose parts are not yet swapped.
    pub(super) fn inverse_part(&self, piece: &Piece, data: &mut [Vector<S, T>]) {
        match piece {
            Piece::First(_) => {}
            Piece::Pass { depth, block, vectors } => {
                self.up(&self.passes[*depth..=*depth], &mut data[block.clone()], vectors);
            }
            Piece::Rest { depth, blocks } => {
                let data = &mut data[blocks.clone()];
                self.swap(data);
                self.begin_inverse(data);
                self.up(&self.passes[*depth..], data, &ALL);
            }
        }
    }

    /// Swaps the parts of all numbers.
    pub(super) fn swap(&self, data: &mut [Vector<S, T>]) {
        self.simd.vectorize(
            #[inline(always)]
            || {
                for z in data {
                    *z = z.swap();
                }
            },
        );
    }

    // Each of these stands once in the program, however often it is called: they are most of the code.

    #[inline(never)]
    fn down(&self, passes: &[Pass<S, T>], data: &mut [Vector<S, T>], part: &Range<usize>) {
        self.simd.vectorize(
            #[inline(always)]
            || {
                for pass in passes {
                    pass.forward(self.simd, data, part);
                }
            },
        );
    }

    #[inline(never)]
    fn up(&self, passes: &[Pass<S, T>], data: &mut [Vector<S, T>], part: &Range<usize>) {
        self.simd.vectorize(
            #[inline(always)]
            || {
                for pass in passes.iter().rev() {
                    pass.inverse(self.simd, data, part);
                }
            },
        );
    }

    #[inline(never)]
    fn multiply(&self, data: &mut [Vector<S, T>], weights: &[Vector<S, T>]) {
        self.simd.vectorize(
            #[inline(always)]
            || self.lane_steps.product(data, weights),
        );
    }

    #[inline(never)]
    fn finish(&self, data: &mut [Vector<S, T>], what: Use) {
        let simd = self.simd;
        simd.vectorize(
            #[inline(always)]
            || {
                self.lane_steps.forward(data);
                if let Use::Weights = what {
                    let scale = constant::<S, T>(simd, 1.0 / (self.vectors * lanes::<S, T>()) as f64);
                    for z in data {
                        *z = z.conj().scale(scale);
                    }
                }
            },
        );
    }

    #[inline(never)]
    fn begin_inverse(&self, data: &mut [Vector<S, T>]) {
        self.simd.vectorize(
            #[inline(always)]
            || self.lane_steps.inverse(data),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        arch::{Vector, dispatch, levels},
        transform::kept,
    };
    use fearless_simd::prelude::*;
    use num_complex::Complex;

    fn spectra_agree<S: Simd, T: Float>(simd: S, len: usize) {
        let lanes = lanes::<S, T>();
        let sample = |i: usize| Complex::new(((i * 37) % 101) as f64 - 50.0, ((i * 53) % 89) as f64 - 44.0);
        let plan = Scrambled::<S, T>::new(simd, len, Shift::None);
        let mut data: Vec<_> =
            (0..plan.vectors).map(|v| Vector::<S, T>::from_lanes(simd, |lane| sample(v * lanes + lane))).collect();
        plan.forward(0, &mut data, Use::Samples);
        let mut expected: Vec<_> = (0..len).map(sample).collect();
        let norm = expected.iter().map(|z| z.norm_sqr()).sum::<f64>().sqrt();
        kept::complex::<f64>(len).0.process(&mut expected);
        let numbers = |data: &[Vector<S, T>]| -> Vec<Complex<f64>> {
            data.iter()
                .flat_map(|z| {
                    (0..lanes).map(|lane| Complex::new(z.re.as_slice()[lane].into(), z.im.as_slice()[lane].into()))
                })
                .collect()
        };
        // Scrambled: the same numbers in another order.
        let mut got = numbers(&data);
        let eps = if size_of::<T>() == 4 { f32::EPSILON.into() } else { f64::EPSILON };
        let tolerance = 2.0 * (len as f64).log2() * eps * norm;
        for z in &expected {
            let nearest = (0..got.len()).min_by(|&a, &b| (got[a] - z).norm().total_cmp(&(got[b] - z).norm())).unwrap();
            assert!(
                (got[nearest] - z).norm() <= tolerance * (len as f64).sqrt(),
                "{len}: {z} is missing, nearest {}",
                got[nearest]
            );
            got.swap_remove(nearest);
        }
        // And back.
        data.iter_mut().for_each(|z| *z = z.swap());
        plan.inverse(0, &mut data);
        for (i, z) in numbers(&data).into_iter().enumerate() {
            let back = Complex::new(z.im, z.re) / len as f64;
            assert!((back - sample(i)).norm() <= tolerance, "{len}: sample {i}");
        }
    }

    #[test]
    fn spectra_are_those_of_rustfft_but_for_their_order() {
        for level in levels() {
            for factor in [1, 2, 3, 4, 5, 6, 8, 9, 15, 16, 20, 25, 32, 48, 64, 75, 128] {
                dispatch!(level, simd => {
                    spectra_agree::<_, f32>(simd, factor * 4 * lanes_of::<_, f32>(simd));
                    spectra_agree::<_, f64>(simd, factor * 4 * lanes_of::<_, f64>(simd));
                });
            }
        }
    }

    fn lanes_of<S: Simd, T: Float>(_: S) -> usize {
        lanes::<S, T>()
    }
}
