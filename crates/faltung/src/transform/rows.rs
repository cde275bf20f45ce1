//! From the samples of a row to the first pass, and from the last pass to a row of outputs.
//!
//! A row of `2 M` reals is `M` complex numbers, `c[n] = x[n] + i x[n + M]`; a row of complex numbers is itself. Either may be
//! shorter than the transform, and begin at any place in it: what is not there is zeros. Outputs that are not asked for go
//! nowhere.

use fearless_simd::prelude::*;
use num_complex::Complex;

use super::{
    Float,
    complex::MOST_LANES,
    passes::{Input, Output},
};
use crate::arch::{Chunk, Native, Simd, Vector, chunks, chunks_mut, floats, floats_mut, lanes};

/// A vector of samples at the ragged edge of a row, for any lanes.
type Edge<A> = [A; MOST_LANES];

/// The vectors in which a row begins and ends, filled up by zeros, and one of zeros alone.
///
/// They are made before the pass, and every vector is loaded from somewhere: a call within the pass, however rare, would make
/// all registers pass through memory.
struct Edges<A> {
    begin: (usize, Edge<A>),
    end: (usize, Edge<A>),
    zeros: Edge<A>,
}

impl<A: Copy + Default> Edges<A> {
    /// Of a row that begins at `at`, in vectors of `lanes`.
    fn new(row: &[A], at: usize, lanes: usize) -> Self {
        let edge = |place: usize| {
            let vector = place / lanes;
            let sample = |lane: usize| (vector * lanes + lane).checked_sub(at).and_then(|i| row.get(i)).copied();
            (vector, std::array::from_fn(|lane| sample(lane).unwrap_or_default()))
        };
        Edges { begin: edge(at), end: edge(at + row.len()), zeros: [A::default(); MOST_LANES] }
    }

    /// What stands at this vector, where no whole vector of the row does.
    #[inline(always)]
    fn get(&self, vector: usize) -> &Edge<A> {
        if vector == self.begin.0 {
            &self.begin.1
        } else if vector == self.end.0 {
            &self.end.1
        } else {
            &self.zeros
        }
    }
}

/// The whole vectors of a strand that a row has, and how many are missing before them.
struct Part<'a, C> {
    before: usize,
    there: &'a [C],
}

impl<C> Clone for Part<'_, C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C> Copy for Part<'_, C> {}

impl<'a, C> Part<'a, C> {
    const EMPTY: Self = Part { before: 0, there: &[] };

    /// Vector `j` of the strand.
    #[inline(always)]
    fn get(&self, j: usize) -> Option<&'a C> {
        self.there.get(j.wrapping_sub(self.before))
    }
}

/// The samples of a row that begins at `at` that make whole vectors of a strand, and how many are missing before them.
#[inline(always)]
fn part<A>(row: &[A], at: usize, start: usize, strand: usize, lanes: usize) -> (usize, &[A]) {
    let before = at.saturating_sub(start * lanes).div_ceil(lanes);
    let first = ((start + before) * lanes).saturating_sub(at).min(row.len());
    let most = strand.saturating_sub(before) * lanes;
    (before, &row[first..row.len().min(first.saturating_add(most))])
}

/// Reals in a transform of `strand` vectors times the radix `R`: one half is real parts, one half imaginary ones.
pub(super) struct Halves<'a, S: Simd, T: Float, const R: usize> {
    /// Vectors of a strand.
    strand: usize,
    parts: [[Part<'a, Chunk<S, T>>; 8]; 2],
    edges: Edges<T>,
}

impl<'a, S: Simd, T: Float, const R: usize> Halves<'a, S, T, R> {
    pub(super) fn new(row: &'a [T], at: usize, strand: usize) -> Self {
        let mut parts = [[Part::EMPTY; 8]; 2];
        for (number, place) in parts.iter_mut().flat_map(|half| &mut half[..R]).enumerate() {
            let (before, there) = part(row, at, number * strand, strand, lanes::<S, T>());
            *place = Part { before, there: chunks::<S, T>(there).0 };
        }
        Halves { strand, parts, edges: Edges::new(row, at, lanes::<S, T>()) }
    }

    #[inline(always)]
    fn part(&self, simd: S, half: usize, q: usize, j: usize) -> Native<S, T> {
        match self.parts[half][q].get(j) {
            Some(chunk) => Native::<S, T>::load_array_ref(simd, chunk),
            None => edge(simd, self.edges.get((half * R + q) * self.strand + j)),
        }
    }
}

#[inline(always)]
fn edge<S: Simd, T: Float>(simd: S, samples: &[T]) -> Native<S, T> {
    Native::<S, T>::from_slice(simd, &samples[..lanes::<S, T>()])
}

impl<S: Simd, T: Float, const R: usize> Input<S, T, R> for Halves<'_, S, T, R> {
    #[inline(always)]
    fn load(&self, simd: S, q: usize, j: usize) -> Vector<S, T> {
        Vector { re: self.part(simd, 0, q, j), im: self.part(simd, 1, q, j) }
    }
}

/// A row of real outputs, the first at the beginning of the transform.
pub(super) struct HalvesMut<'a, S: Simd, T: Float, const R: usize> {
    parts: [[&'a mut [Chunk<S, T>]; 8]; 2],
    /// Vectors of a strand.
    strand: usize,
    tail: Tail<'a, T>,
}

/// The outputs behind the last whole vector, and the vector that they are taken from.
struct Tail<'a, A> {
    outputs: &'a mut [A],
    vector: usize,
    made: Edge<A>,
    /// Vectors that nobody asked for.
    waste: Edge<A>,
}

impl<A: Copy + Default> Tail<'_, A> {
    #[inline(always)]
    fn get(&mut self, vector: usize) -> &mut Edge<A> {
        if vector == self.vector { &mut self.made } else { &mut self.waste }
    }

    fn finish(self) {
        let count = self.outputs.len();
        self.outputs.copy_from_slice(&self.made[..count]);
    }
}

impl<'a, S: Simd, T: Float, const R: usize> HalvesMut<'a, S, T, R> {
    pub(super) fn new(row: &'a mut [T], strand: usize) -> Self {
        let (mut rest, outputs) = chunks_mut::<S, T>(row);
        let none = [T::default(); MOST_LANES];
        let tail = Tail { outputs, vector: rest.len(), made: none, waste: none };
        let mut parts: [[&'a mut [Chunk<S, T>]; 8]; 2] = Default::default();
        for place in parts.iter_mut().flat_map(|half| &mut half[..R]) {
            let count = strand.min(rest.len());
            (*place, rest) = rest.split_at_mut(count);
        }
        HalvesMut { strand, parts, tail }
    }

    #[inline(always)]
    fn put(&mut self, half: usize, q: usize, j: usize, value: Native<S, T>) {
        match self.parts[half][q].get_mut(j) {
            Some(chunk) => value.store_array(chunk),
            None => {
                let place = self.tail.get((half * R + q) * self.strand + j);
                value.store_slice(&mut place[..lanes::<S, T>()]);
            }
        }
    }
}

impl<S: Simd, T: Float, const R: usize> Output<S, T, R> for HalvesMut<'_, S, T, R> {
    #[inline(always)]
    fn store(&mut self, q: usize, j: usize, value: Vector<S, T>) {
        self.put(0, q, j, value.im);
        self.put(1, q, j, value.re);
    }

    fn finish(self) {
        self.tail.finish();
    }
}

/// Complex samples, in a transform of as many numbers.
pub(super) struct Whole<'a, S: Simd, T: Float, const R: usize> {
    strand: usize,
    parts: [Part<'a, [Chunk<S, T>; 2]>; 8],
    edges: Edges<Complex<T>>,
}

impl<'a, S: Simd, T: Float, const R: usize> Whole<'a, S, T, R> {
    pub(super) fn new(row: &'a [Complex<T>], at: usize, strand: usize) -> Self {
        let mut parts = [Part::EMPTY; 8];
        for (q, place) in parts[..R].iter_mut().enumerate() {
            let (before, there) = part(row, at, q * strand, strand, lanes::<S, T>());
            *place = Part { before, there: chunks::<S, T>(floats(there)).0.as_chunks().0 };
        }
        Whole { strand, parts, edges: Edges::new(row, at, lanes::<S, T>()) }
    }
}

impl<S: Simd, T: Float, const R: usize> Input<S, T, R> for Whole<'_, S, T, R> {
    #[inline(always)]
    fn load(&self, simd: S, q: usize, j: usize) -> Vector<S, T> {
        let (a, b) = match self.parts[q].get(j) {
            Some([a, b]) => (Native::<S, T>::load_array_ref(simd, a), Native::<S, T>::load_array_ref(simd, b)),
            None => {
                let samples = floats(self.edges.get(q * self.strand + j));
                (edge(simd, samples), edge(simd, &samples[lanes::<S, T>()..]))
            }
        };
        let (re, im) = a.deinterleave(b);
        Vector { re, im }
    }
}

/// A row of complex outputs.
pub(super) struct WholeMut<'a, S: Simd, T: Float, const R: usize> {
    parts: [&'a mut [[Chunk<S, T>; 2]]; 8],
    strand: usize,
    tail: Tail<'a, Complex<T>>,
}

impl<'a, S: Simd, T: Float, const R: usize> WholeMut<'a, S, T, R> {
    pub(super) fn new(row: &'a mut [Complex<T>], strand: usize) -> Self {
        let vectors = row.len() / lanes::<S, T>();
        let (whole, outputs) = row.split_at_mut(vectors * lanes::<S, T>());
        let none = [Complex::default(); MOST_LANES];
        let tail = Tail { outputs, vector: vectors, made: none, waste: none };
        let mut rest = chunks_mut::<S, T>(floats_mut(whole)).0.as_chunks_mut().0;
        let mut parts: [&'a mut [[Chunk<S, T>; 2]]; 8] = Default::default();
        for place in &mut parts[..R] {
            let count = strand.min(rest.len());
            (*place, rest) = rest.split_at_mut(count);
        }
        WholeMut { strand, parts, tail }
    }
}

impl<S: Simd, T: Float, const R: usize> Output<S, T, R> for WholeMut<'_, S, T, R> {
    #[inline(always)]
    fn store(&mut self, q: usize, j: usize, value: Vector<S, T>) {
        let (a, b) = value.im.interleave(value.re);
        match self.parts[q].get_mut(j) {
            Some([first, second]) => {
                a.store_array(first);
                b.store_array(second);
            }
            None => {
                let place = floats_mut(self.tail.get(q * self.strand + j));
                let (first, second) = place.split_at_mut(lanes::<S, T>());
                a.store_slice(first);
                b.store_slice(&mut second[..lanes::<S, T>()]);
            }
        }
    }

    fn finish(self) {
        self.tail.finish();
    }
}
