//! Passes across rows: an element of the transform is a row of vectors, or a plane of rows, and all of it is turned by one factor.
//!
//! The same decimation as in [`passes`](super::passes), there and back, without any shuffles, whatever the number of lanes.
//! Only the vectors of an element that hold anything are combined: the first `used` of them.
//!
//! Real samples enter by the right angle ([`correlator`](super::correlator)) across their slowest axis: of `2 n` rows the first `n`
//! are real parts and the others imaginary ones, so that vectors are loaded as they lie. The first pass reads rows of samples, and
//! the last pass of the way back makes rows of outputs.
//!
//! Cost: as for passes along rows, 2 loads and 2 stores per vector and pass. Error: `c log2(n) eps` in the 2-norm.

// The number of a vector runs over all strands at once.
#![allow(clippy::needless_range_loop)]

use fearless_simd::prelude::*;
use num_complex::Complex;

use super::{
    Float,
    butterfly::Butterfly,
    complex::MOST_LANES,
    passes::{Shift, Strands, strands, twist},
    roots::root,
};
use crate::{
    arch::{Chunk, Native, Simd, Vector, chunks, chunks_mut, lanes},
    micro::unroll::{array, unroll},
};

/// A pass across `radix * len` elements.
pub(super) struct Across<T> {
    radix: usize,
    /// Elements of a strand.
    pub(super) len: usize,
    /// For each element of a strand, a factor for every strand.
    factors: Vec<[Complex<T>; 8]>,
    /// By which strands are turned before the first pass combines them.
    twists: [Complex<T>; 8],
}

/// What one pass takes of elements, in vectors.
#[derive(Clone, Copy)]
pub(super) struct Element {
    pub(super) vectors: usize,
    /// How many of them are not zeros.
    pub(super) used: usize,
}

/// The rows of samples that become element `j` of all strands: real parts, then imaginary ones, all of one length.
pub(super) type Rows<'a, T> = [[&'a [T]; 8]; 2];

/// Rows of samples as vectors, one for each strand.
type Chunks<'a, S, T> = [&'a [Chunk<S, T>]; 8];

/// The same, to be written.
type ChunksMut<'a, S, T> = [&'a mut [Chunk<S, T>]; 8];

/// Calls a routine that is generic over the radix.
macro_rules! with_radix {
    ($radix:expr, $R:ident => $call:expr) => {
        match $radix {
            3 => {
                const $R: usize = 3;
                $call
            }
            4 => {
                const $R: usize = 4;
                $call
            }
            5 => {
                const $R: usize = 5;
                $call
            }
            8 => {
                const $R: usize = 8;
                $call
            }
            radix => unreachable!("there is no pass of radix {radix}"),
        }
    };
}

impl<T: Float> Across<T> {
    /// Of this radix, across blocks of `n` elements.
    pub(super) fn new(radix: usize, n: usize, shift: Shift) -> Self {
        let narrow = |z: Complex<f64>| Complex::new(T::nearest(z.re), T::nearest(z.im));
        let factors = (0..n / radix).map(|j| std::array::from_fn(|q| narrow(shift.root(q, j, n)))).collect();
        let twists = std::array::from_fn(|q| narrow(root(q, 4 * radix).conj()));
        Across { radix, len: n / radix, factors, twists }
    }

    /// Elements of a block.
    pub(super) fn block(&self) -> usize {
        self.radix * self.len
    }

    /// Strands of a block.
    pub(super) fn radix(&self) -> usize {
        self.radix
    }

    /// The way forward, for all blocks of `data`.
    #[inline(always)]
    pub(super) fn forward<S: Simd>(&self, simd: S, data: &mut [Vector<S, T>], element: Element) {
        with_radix!(self.radix, R => self.forward_by::<S, R>(simd, data, element));
    }

    /// The way back.
    #[inline(always)]
    pub(super) fn inverse<S: Simd>(&self, simd: S, data: &mut [Vector<S, T>], element: Element) {
        with_radix!(self.radix, R => self.inverse_by::<S, R>(simd, data, element));
    }

    /// The first pass for the `j`-th elements of all strands, from rows of samples to the rows that begin at vector `at` of them.
    #[inline(always)]
    pub(super) fn first<S: Simd>(
        &self,
        simd: S,
        j: usize,
        rows: &Rows<'_, T>,
        data: &mut [Vector<S, T>],
        vectors: usize,
        at: usize,
    ) {
        with_radix!(self.radix, R => self.first_by::<S, R>(simd, j, rows, data, vectors, at));
    }

    /// The last pass for the `j`-th elements of all strands: `used` vectors from vector `at` on, to rows of outputs that lie
    /// one after the other, real parts of all strands first.
    #[inline(always)]
    pub(super) fn last<S: Simd>(
        &self,
        simd: S,
        j: usize,
        data: &mut [Vector<S, T>],
        element: Element,
        at: usize,
        rows: &mut [T],
    ) {
        with_radix!(self.radix, R => self.last_by::<S, R>(simd, j, data, element, at, rows));
    }

    #[inline(always)]
    fn factors<S: Simd, const R: usize>(&self, simd: S, j: usize) -> [Vector<S, T>; R] {
        array!(q in R, from Vector::zero(simd) => Vector::splat(simd, self.factors[j][q]))
    }

    #[inline(always)]
    fn forward_by<S: Simd, const R: usize>(&self, simd: S, data: &mut [Vector<S, T>], element: Element)
    where
        [Vector<S, T>; R]: Butterfly<S>,
    {
        for block in data.chunks_exact_mut(R * self.len * element.vectors) {
            for j in 0..self.len {
                let strands = rows_of::<S, T, R>(block, self.len * element.vectors, j * element.vectors, element.used);
                let factors = self.factors::<S, R>(simd, j);
                for v in 0..element.used {
                    let y = array!(q in R, from strands[0][v] => strands[q][v]).dft(simd);
                    strands[0][v] = y[0];
                    unroll!(q in 8 => {
                        if 0 < q && q < R {
                            strands[q][v] = y[q] * factors[q];
                        }
                    });
                }
            }
        }
    }

    #[inline(always)]
    fn inverse_by<S: Simd, const R: usize>(&self, simd: S, data: &mut [Vector<S, T>], element: Element)
    where
        [Vector<S, T>; R]: Butterfly<S>,
    {
        for block in data.chunks_exact_mut(R * self.len * element.vectors) {
            for j in 0..self.len {
                let strands = rows_of::<S, T, R>(block, self.len * element.vectors, j * element.vectors, element.used);
                let factors = self.factors::<S, R>(simd, j);
                for v in 0..element.used {
                    let y = array!(q in R, from strands[0][v] => match q {
                        0 => strands[0][v],
                        _ => strands[q][v] * factors[q],
                    })
                    .dft(simd);
                    unroll!(q in 8 => {
                        if q < R {
                            strands[q][v] = y[q];
                        }
                    });
                }
            }
        }
    }

    #[inline(always)]
    fn first_by<S: Simd, const R: usize>(
        &self,
        simd: S,
        j: usize,
        rows: &Rows<'_, T>,
        data: &mut [Vector<S, T>],
        vectors: usize,
        at: usize,
    ) where
        [Vector<S, T>; R]: Butterfly<S>,
    {
        let samples = rows[0][0].len();
        let (whole, rest) = (samples / lanes::<S, T>(), samples % lanes::<S, T>());
        let used = whole + usize::from(rest > 0);
        let strands = rows_of::<S, T, R>(data, self.len * vectors, j * vectors + at, used);
        let factors = self.factors::<S, R>(simd, j);
        let (mut re, mut im): (Chunks<'_, S, T>, Chunks<'_, S, T>) = Default::default();
        let mut edges = [[[T::default(); MOST_LANES]; 8]; 2];
        unroll!(q in 8 => {
            if q < R {
                let ((real, a), (imaginary, b)) = (chunks::<S, T>(rows[0][q]), chunks::<S, T>(rows[1][q]));
                (re[q], im[q]) = (&real[..whole], &imaginary[..whole]);
                edges[0][q][..rest].copy_from_slice(a);
                edges[1][q][..rest].copy_from_slice(b);
            }
        });
        for v in 0..whole {
            let x = array!(q in R, from Vector::zero(simd) => Vector {
                re: Native::<S, T>::load_array_ref(simd, &re[q][v]),
                im: Native::<S, T>::load_array_ref(simd, &im[q][v]),
            });
            let y = twist(simd, x, self.twists.first_chunk()).dft(simd);
            unroll!(q in 8 => {
                if q < R {
                    strands[q][v] = y[q] * factors[q];
                }
            });
        }
        if rest > 0 {
            let x = array!(q in R, from Vector::zero(simd) => Vector {
                re: Native::<S, T>::from_slice(simd, &edges[0][q][..lanes::<S, T>()]),
                im: Native::<S, T>::from_slice(simd, &edges[1][q][..lanes::<S, T>()]),
            });
            let y = twist(simd, x, self.twists.first_chunk()).dft(simd);
            unroll!(q in 8 => {
                if q < R {
                    strands[q][whole] = y[q] * factors[q];
                }
            });
        }
    }

    #[inline(always)]
    fn last_by<S: Simd, const R: usize>(
        &self,
        simd: S,
        j: usize,
        data: &mut [Vector<S, T>],
        Element { vectors, used }: Element,
        at: usize,
        rows: &mut [T],
    ) where
        [Vector<S, T>; R]: Butterfly<S>,
    {
        let strands = rows_of::<S, T, R>(data, self.len * vectors, j * vectors + at, used);
        let factors = self.factors::<S, R>(simd, j);
        let (mut re, mut im): (ChunksMut<'_, S, T>, ChunksMut<'_, S, T>) = Default::default();
        let mut all = chunks_mut::<S, T>(rows).0.chunks_exact_mut(used);
        unroll!(q in 8 => {
            if q < R {
                re[q] = all.next().expect("there is room for a row of each strand");
            }
        });
        unroll!(q in 8 => {
            if q < R {
                im[q] = all.next().expect("there is room for a row of each strand");
            }
        });
        for v in 0..used {
            let y = array!(q in R, from Vector::zero(simd) => strands[q][v] * factors[q]).dft(simd);
            let y = twist(simd, y, self.twists.first_chunk());
            unroll!(q in 8 => {
                if q < R {
                    // Parts are swapped on the way back.
                    y[q].im.store_array(&mut re[q][v]);
                    y[q].re.store_array(&mut im[q][v]);
                }
            });
        }
    }
}

/// Of every strand of a block, the `count` vectors from vector `at` on.
#[inline(always)]
fn rows_of<S: Simd, T: Float, const R: usize>(
    block: &mut [Vector<S, T>],
    strand: usize,
    at: usize,
    count: usize,
) -> Strands<'_, S, T> {
    let mut all = strands::<S, T, R>(block, strand);
    unroll!(q in 8 => {
        if q < R {
            all[q] = &mut std::mem::take(&mut all[q])[at..][..count];
        }
    });
    all
}

/// The radices of passes across so many elements; the last is 4 or 8. `None` where `elements` is no multiple of 4, or has factors
/// besides 2, 3 and 5.
pub(super) fn radices(elements: usize) -> Option<Vec<usize>> {
    let (even, odd): (Vec<usize>, Vec<usize>) =
        super::passes::radices(elements)?.into_iter().partition(|radix| radix.is_multiple_of(2));
    let (begin, end) = even.split_at(even.len() - 1);
    Some([begin, &odd, end].concat())
}
