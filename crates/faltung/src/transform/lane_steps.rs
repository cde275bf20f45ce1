//! The last steps of a transform, within vectors.
//!
//! When blocks have become single vectors, `log2 L` steps are left. They run on four vectors at once, after transpositions
//! that bring the parts of a vector into different registers: first its blocks of 128 bits, then the lanes of a block. Fused
//! with the product and the way back they load and store once, and eight registers hold all data.

use super::{Float, butterfly::Butterfly, roots::root};
use crate::{
    arch::{self, Native, Simd, Vector},
    micro::unroll::array,
};

/// The factors between the steps.
pub(super) struct LaneSteps<S: Simd, T: Float> {
    simd: S,
    roots: [Vector<S, T>; 4],
}

impl<S: Simd, T: Float> LaneSteps<S, T> {
    pub(super) fn new(simd: S) -> Self {
        let (lanes, blocks) = (arch::lanes::<S, T>(), arch::blocks::<S, T>());
        let roots =
            std::array::from_fn(|q| Vector::from_lanes(simd, |lane| root(q * (lane % (lanes / blocks)), lanes)));
        LaneSteps { simd, roots }
    }

    /// The steps of the forward transform.
    #[inline(always)]
    pub(super) fn forward(&self, data: &mut [Vector<S, T>]) {
        for four in data.as_chunks_mut::<4>().0 {
            [*four] = self.lanes_forward([*four]);
        }
    }

    /// The steps of the way back, from a spectrum with swapped parts.
    #[inline(always)]
    pub(super) fn inverse(&self, data: &mut [Vector<S, T>]) {
        for four in data.as_chunks_mut::<4>().0 {
            [*four] = self.lanes_inverse([*four]);
        }
    }

    /// The lane steps of the forward transform, the product with `spectrum`, and the lane steps of the way back,
    /// with swapped parts from here on.
    #[inline(always)]
    pub(super) fn product(&self, data: &mut [Vector<S, T>], spectrum: &[Vector<S, T>]) {
        let (data, spectrum) = (data.as_chunks_mut::<4>().0, spectrum.as_chunks::<4>().0);
        if arch::registers(self.simd) == 32 {
            // One group of four is a chain of some eighty cycles: two at once hide half of it, and 32 registers hold both.
            let (pairs, rest) = data.as_chunks_mut::<2>();
            let (pair_weights, rest_weights) = spectrum.as_chunks::<2>();
            self.groups(pairs, pair_weights);
            self.groups(rest.as_chunks_mut::<1>().0, rest_weights.as_chunks::<1>().0);
        } else {
            self.groups(data.as_chunks_mut::<1>().0, spectrum.as_chunks::<1>().0);
        }
    }

    #[inline(always)]
    fn groups<const G: usize>(&self, data: &mut [[[Vector<S, T>; 4]; G]], spectrum: &[[[Vector<S, T>; 4]; G]]) {
        for (z, w) in data.iter_mut().zip(spectrum) {
            let y = self.lanes_forward(*z);
            let y = array!(g in G, from y[0] => [
                (y[g][0] * w[g][0]).swap(),
                (y[g][1] * w[g][1]).swap(),
                (y[g][2] * w[g][2]).swap(),
                (y[g][3] * w[g][3]).swap(),
            ]);
            *z = self.lanes_inverse(y);
        }
    }

    /// The steps between the blocks of a vector, then those between the lanes of a block.
    #[inline(always)]
    fn lanes_forward<const G: usize>(&self, z: [[Vector<S, T>; 4]; G]) -> [[Vector<S, T>; 4]; G] {
        let (blocks, lanes) = (arch::blocks::<S, T>(), arch::lanes::<S, T>() / arch::blocks::<S, T>());
        let z = array!(g in G, from z[0] => transpose(arch::transpose_blocks::<S, T>, z[g]));
        let z = array!(g in G, from z[0] => self.twist(self.combine(z[g], blocks)));
        let z = array!(g in G, from z[0] => transpose(arch::transpose_lanes::<S, T>, z[g]));
        array!(g in G, from z[0] => self.combine(z[g], lanes))
    }

    /// The same backwards.
    #[inline(always)]
    fn lanes_inverse<const G: usize>(&self, z: [[Vector<S, T>; 4]; G]) -> [[Vector<S, T>; 4]; G] {
        let (blocks, lanes) = (arch::blocks::<S, T>(), arch::lanes::<S, T>() / arch::blocks::<S, T>());
        let z = array!(g in G, from z[0] => self.combine(z[g], lanes));
        let z = array!(g in G, from z[0] => transpose(arch::transpose_lanes::<S, T>, z[g]));
        let z = array!(g in G, from z[0] => self.combine(self.twist(z[g]), blocks));
        array!(g in G, from z[0] => transpose(arch::transpose_blocks::<S, T>, z[g]))
    }

    /// A transform of four, or two of two, or nothing.
    #[inline(always)]
    fn combine(&self, z: [Vector<S, T>; 4], points: usize) -> [Vector<S, T>; 4] {
        match points {
            4 => z.dft(self.simd),
            2 => [z[0] + z[1], z[0] - z[1], z[2] + z[3], z[2] - z[3]],
            _ => z,
        }
    }

    #[inline(always)]
    fn twist(&self, z: [Vector<S, T>; 4]) -> [Vector<S, T>; 4] {
        let r = &self.roots;
        match arch::blocks::<S, T>() {
            4 => [z[0], z[1] * r[1], z[2] * r[2], z[3] * r[3]],
            2 => [z[0], z[1] * r[1], z[2], z[3] * r[1]],
            _ => z,
        }
    }
}

#[inline(always)]
fn transpose<S: Simd, T: Float>(
    how: impl Fn([Native<S, T>; 4]) -> [Native<S, T>; 4],
    [a, b, c, d]: [Vector<S, T>; 4],
) -> [Vector<S, T>; 4] {
    let (re, im) = (how([a.re, b.re, c.re, d.re]), how([a.im, b.im, c.im, d.im]));
    let pair = |k: usize| Vector { re: re[k], im: im[k] };
    [pair(0), pair(1), pair(2), pair(3)]
}
