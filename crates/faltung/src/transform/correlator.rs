//! Correlation of rows of samples with weights, by transforms of one length.
//!
//! A row of `2 M` reals is made one of `M` complex numbers, `c[n] = x[n] + i x[n + M]`, by setting `z^M = i` in the polynomial
//! `sum of x[n] z^n`: the *right-angle* convolution (Nussbaumer, *Fast Fourier Transform and Convolution Algorithms*, 1982;
//! Crandall and Fagin, *Discrete weighted transforms and large-integer arithmetic*, 1994). Products of such polynomials are
//! right modulo `z^M - i`, whose roots are `e^(-2 pi i (k - 1/4) / M)`: a transform whose frequencies are shifted by a
//! quarter of a bin. Only its first pass differs from a plain one. There is no half-spectrum to be untangled, every bin is
//! multiplied like every other, and the product is a convolution of `2 M` reals, but that what wraps around comes back
//! negated: `overlap_save` throws it away, `fft` has zeros there.
//!
//! The product by the conjugate spectrum is the correlation: `y[o] = sum of w[k] x[o + k]`.
//!
//! Error: `c log2(N) eps |w| |x|` with 2-norms, as for any transform: all factors are of absolute value 1.

use std::ops::Range;

use num_complex::Complex;

use super::{
    Float,
    kept::{Correlators, Tables},
    parts::{Part, Piece},
    passes::{ALL, Pass, Shift, first, last},
    roots::root,
    rows::{Halves, HalvesMut, Whole, WholeMut},
    scrambled::{Scrambled, Use},
};
use crate::{
    arch::{self, Level, Simd, Vector, dispatch, vectors, vectors_mut},
    micro::unroll::unroll,
};

/// Vectors of a spectrum that are multiplied together.
const SLICE: usize = 4;

/// Correlates rows of `A` by transforms of `T`. Spectra are slices of [`numbers`](Self::numbers), in an order of their own.
pub(crate) trait Correlator<A, T>: Send + Sync {
    /// Samples of a transform.
    fn len(&self) -> usize;
    /// Numbers of a spectrum.
    fn numbers(&self) -> usize;
    /// The spectrum of weights.
    fn weigh(&self, weights: &[A], spectrum: &mut [Complex<T>]);
    /// The spectrum of a row that begins at `at`.
    fn forward(&self, row: &[A], at: usize, spectrum: &mut [Complex<T>]);
    /// The spectrum of a row times that of weights: into `sums`, or added to them.
    fn multiply(&self, row: &[Complex<T>], weights: &[Complex<T>], sums: &mut [Complex<T>], how: Sum);
    /// The first outputs whose spectrum is `sums`.
    fn inverse(&self, sums: &mut [Complex<T>], outputs: &mut [A]);
    /// The parts of a transform, in the order of the way forward.
    fn parts(&self) -> &[Part];
    /// One part of [`forward`](Self::forward); all of them in order are the whole.
    fn forward_part(&self, part: usize, row: &[A], at: usize, spectrum: &mut [Complex<T>]);
    /// One part of [`inverse`](Self::inverse), which are to be made in the opposite order, for as many outputs as make whole vectors.
    fn inverse_part(&self, part: usize, sums: &mut [Complex<T>], outputs: &mut [A]);
    /// Slices of a spectrum: so many equal parts, each some vectors.
    fn slices(&self) -> usize;
    /// Into these slices of `sums`, or added to them: the products of so many spectra with as many of weights. All begin on aligned places.
    fn accumulate(
        &self,
        rows: Spectra<'_, T>,
        weights: Spectra<'_, T>,
        count: usize,
        sums: &mut [Complex<T>],
        slices: &Range<usize>,
        how: Sum,
    );
    /// All of it, for one row and its weights: faster than its parts.
    fn correlate(&self, row: &[A], at: usize, weights: &[Complex<T>], outputs: &mut [A], work: &mut [Complex<T>]);
}

/// Spectra that are multiplied together, slice by slice: `[slice, spectrum]`, so that what is read together lies together. They begin
/// on an aligned place.
#[derive(Clone, Copy)]
pub(crate) struct Spectra<'a, T> {
    pub(crate) all: &'a [Complex<T>],
    /// How many there are.
    pub(crate) count: usize,
    /// The first that is meant.
    pub(crate) first: usize,
}

impl<'a, T: Float> Spectra<'a, T> {
    /// A slice of `count` of them.
    #[inline(always)]
    fn slice<S: Simd>(&self, simd: S, slice: usize, count: usize) -> &'a [[Vector<S, T>; SLICE]] {
        let numbers = SLICE * arch::lanes::<S, T>();
        let part = &self.all[(slice * self.count + self.first) * numbers..][..count * numbers];
        vectors(simd, part, count * SLICE).as_chunks().0
    }
}

/// What becomes of a product.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sum {
    Begin,
    Add,
}

/// A type of samples that rows are made of.
pub(crate) trait Samples<T: Float>: Copy + PartialEq + Send + Sync + 'static {
    /// How many of them one complex number holds.
    const EACH: usize;
    /// By how much the frequencies of their transforms are shifted.
    const SHIFT: Shift;
    /// Their correlators among the tables that are kept.
    fn kept(tables: &mut Tables<T>) -> &mut Correlators<Self, T>;
    /// These vectors of the first pass, from a row that begins at `at`.
    fn first<S: Simd>(plan: &Plan<S, T>, row: &[Self], at: usize, data: &mut [Vector<S, T>], vectors: &Range<usize>);
    /// The last pass, to a row.
    fn last<S: Simd>(plan: &Plan<S, T>, data: &mut [Vector<S, T>], row: &mut [Self], vectors: &Range<usize>);
}

/// A correlator on one instruction set.
pub(crate) struct Plan<S: Simd, T: Float> {
    scrambled: Scrambled<S, T>,
    /// By which strands are turned before the first pass combines them, where frequencies are shifted by a quarter.
    twists: [Complex<T>; 8],
}

/// The radix of the first pass is one of these, since vectors come by fours.
macro_rules! with_first_factors {
    ($pass:expr, $factors:ident => $call:expr) => {
        match $pass {
            Pass::Four($factors) => $call,
            Pass::Eight($factors) => $call,
            _ => unreachable!("the first pass is of radix 4 or 8"),
        }
    };
}

impl<T: Float> Samples<T> for T {
    const EACH: usize = 2;
    const SHIFT: Shift = Shift::Quarter;
    fn kept(tables: &mut Tables<T>) -> &mut Correlators<T, T> {
        &mut tables.rows
    }
    #[inline(always)]
    fn first<S: Simd>(plan: &Plan<S, T>, row: &[T], at: usize, data: &mut [Vector<S, T>], vectors: &Range<usize>) {
        let simd = plan.scrambled.simd;
        with_first_factors!(&plan.scrambled.passes[0], factors => {
            first(simd, &Halves::new(row, at, factors.strand()), data, factors, plan.twists.first_chunk(), vectors);
        });
    }
    #[inline(always)]
    fn last<S: Simd>(plan: &Plan<S, T>, data: &mut [Vector<S, T>], row: &mut [T], vectors: &Range<usize>) {
        let simd = plan.scrambled.simd;
        with_first_factors!(&plan.scrambled.passes[0], factors => {
            last(simd, data, HalvesMut::new(row, factors.strand()), factors, plan.twists.first_chunk(), vectors);
        });
    }
}

impl<T: Float> Samples<T> for Complex<T> {
    const EACH: usize = 1;
    const SHIFT: Shift = Shift::None;
    fn kept(tables: &mut Tables<T>) -> &mut Correlators<Self, T> {
        &mut tables.complex_rows
    }
    #[inline(always)]
    fn first<S: Simd>(plan: &Plan<S, T>, row: &[Self], at: usize, data: &mut [Vector<S, T>], vectors: &Range<usize>) {
        let simd = plan.scrambled.simd;
        with_first_factors!(&plan.scrambled.passes[0], factors => {
            first(simd, &Whole::new(row, at, factors.strand()), data, factors, None, vectors);
        });
    }
    #[inline(always)]
    fn last<S: Simd>(plan: &Plan<S, T>, data: &mut [Vector<S, T>], row: &mut [Self], vectors: &Range<usize>) {
        let simd = plan.scrambled.simd;
        with_first_factors!(&plan.scrambled.passes[0], factors => {
            last(simd, data, WholeMut::new(row, factors.strand()), factors, None, vectors);
        });
    }
}

impl<S: Simd, T: Float> Plan<S, T> {
    fn new(simd: S, len: usize, shift: Shift) -> Self {
        let scrambled = Scrambled::new(simd, len, shift);
        let radix = match scrambled.passes[0] {
            Pass::Four(_) => 4,
            _ => 8,
        };
        let twists = std::array::from_fn(|q| {
            let z = root(q, 4 * radix).conj();
            Complex::new(T::nearest(z.re), T::nearest(z.im))
        });
        Plan { scrambled, twists }
    }

    /// The spectrum of a row.
    fn spectrum<A: Samples<T>>(&self, row: &[A], at: usize, spectrum: &mut [Complex<T>], what: Use) {
        let data = vectors_mut(self.scrambled.simd, spectrum, self.scrambled.vectors);
        self.scrambled.simd.vectorize(
            #[inline(always)]
            || A::first(self, row, at, data, &ALL),
        );
        self.scrambled.forward(1, data, what);
    }
}

impl<S: Simd, T: Float, A: Samples<T>> Correlator<A, T> for Plan<S, T> {
    fn len(&self) -> usize {
        A::EACH * self.scrambled.vectors * arch::lanes::<S, T>()
    }

    fn numbers(&self) -> usize {
        arch::with_slack::<T>(self.scrambled.vectors * arch::lanes::<S, T>())
    }

    fn weigh(&self, weights: &[A], spectrum: &mut [Complex<T>]) {
        self.spectrum(weights, 0, spectrum, Use::Weights);
    }

    fn forward(&self, row: &[A], at: usize, spectrum: &mut [Complex<T>]) {
        self.spectrum(row, at, spectrum, Use::Samples);
    }

    fn multiply(&self, row: &[Complex<T>], weights: &[Complex<T>], sums: &mut [Complex<T>], how: Sum) {
        let (simd, count) = (self.scrambled.simd, self.scrambled.vectors);
        let (row, weights) = (vectors(simd, row, count), vectors(simd, weights, count));
        let sums = vectors_mut(simd, sums, count);
        simd.vectorize(
            #[inline(always)]
            || {
                for ((sum, x), w) in sums.iter_mut().zip(row).zip(weights) {
                    *sum = match how {
                        Sum::Begin => *x * *w,
                        Sum::Add => *sum + *x * *w,
                    };
                }
            },
        );
    }

    fn inverse(&self, sums: &mut [Complex<T>], outputs: &mut [A]) {
        let simd = self.scrambled.simd;
        let data = vectors_mut(simd, sums, self.scrambled.vectors);
        self.scrambled.swap(data);
        self.scrambled.inverse(1, data);
        simd.vectorize(
            #[inline(always)]
            || A::last(self, data, outputs, &ALL),
        );
    }

    fn parts(&self) -> &[Part] {
        &self.scrambled.parts
    }

    fn forward_part(&self, part: usize, row: &[A], at: usize, spectrum: &mut [Complex<T>]) {
        let simd = self.scrambled.simd;
        let data = vectors_mut(simd, spectrum, self.scrambled.vectors);
        match &self.scrambled.parts[part].piece {
            Piece::First(vectors) => simd.vectorize(
                #[inline(always)]
                || A::first(self, row, at, data, vectors),
            ),
            piece => self.scrambled.forward_part(piece, data),
        }
    }

    fn inverse_part(&self, part: usize, sums: &mut [Complex<T>], outputs: &mut [A]) {
        let simd = self.scrambled.simd;
        let data = vectors_mut(simd, sums, self.scrambled.vectors);
        match &self.scrambled.parts[part].piece {
            Piece::First(vectors) => simd.vectorize(
                #[inline(always)]
                || A::last(self, data, outputs, vectors),
            ),
            piece => self.scrambled.inverse_part(piece, data),
        }
    }

    fn slices(&self) -> usize {
        self.scrambled.vectors / SLICE
    }

    fn accumulate(
        &self,
        rows: Spectra<'_, T>,
        weights: Spectra<'_, T>,
        count: usize,
        sums: &mut [Complex<T>],
        slices: &Range<usize>,
        how: Sum,
    ) {
        let simd = self.scrambled.simd;
        let sums = vectors_mut(simd, sums, self.scrambled.vectors).as_chunks_mut::<SLICE>().0;
        simd.vectorize(
            #[inline(always)]
            || {
                for slice in slices.clone() {
                    let sums = &mut sums[slice];
                    let mut all = match how {
                        Sum::Begin => [Vector::zero(simd); SLICE],
                        Sum::Add => *sums,
                    };
                    for (x, w) in rows.slice(simd, slice, count).iter().zip(weights.slice(simd, slice, count)) {
                        unroll!(v in 4 => {
                            all[v] = all[v].add_product(x[v], w[v]);
                        });
                    }
                    *sums = all;
                }
            },
        );
    }

    fn correlate(&self, row: &[A], at: usize, weights: &[Complex<T>], outputs: &mut [A], work: &mut [Complex<T>]) {
        let simd = self.scrambled.simd;
        let data = vectors_mut(simd, work, self.scrambled.vectors);
        let weights = vectors(simd, weights, self.scrambled.vectors);
        simd.vectorize(
            #[inline(always)]
            || A::first(self, row, at, data, &ALL),
        );
        self.scrambled.convolve(1, data, weights);
        simd.vectorize(
            #[inline(always)]
            || A::last(self, data, outputs, &ALL),
        );
    }
}

/// A correlator of rows, by transforms of so many complex numbers; for which see [`lengths`](super::lengths).
pub(super) fn correlator<A: Samples<T>, T: Float>(level: Level, numbers: usize) -> Box<dyn Correlator<A, T>> {
    dispatch!(level, simd => Box::new(Plan::new(simd, numbers, A::SHIFT)) as Box<dyn Correlator<A, T>>)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arch::{Aligned, levels};

    /// The definition, for a row that begins at `at`; what wraps around is left out.
    fn correlate(row: &[Complex<f64>], at: usize, weights: &[Complex<f64>], outputs: usize) -> Vec<Complex<f64>> {
        let sample = |i: usize| i.checked_sub(at).and_then(|i| row.get(i)).copied().unwrap_or_default();
        (0..outputs).map(|o| weights.iter().enumerate().map(|(k, w)| w * sample(o + k)).sum()).collect()
    }

    /// Numbers that are whole, and not alike.
    fn number(i: usize) -> Complex<f64> {
        Complex::new(((i * 37) % 31) as f64 - 15.0, ((i * 53) % 29) as f64 - 14.0)
    }

    fn rows_are_correlated<A: Samples<T>, T: Float>(
        level: Level,
        numbers: usize,
        narrow: impl Fn(Complex<f64>) -> A,
        wide: impl Fn(A) -> Complex<f64>,
    ) {
        let plan = correlator::<A, T>(level, numbers);
        let len = plan.len();
        let zero = Complex::new(T::default(), T::default());
        let (mut spectrum, mut work, mut sums) =
            (vec![zero; plan.numbers()], vec![zero; plan.numbers()], vec![zero; plan.numbers()]);
        for (begin, samples, taps) in
            [(0, len, 3), (0, len / 2, 7), (5, len - 5, 11), (len / 3, len / 5, len / 4), (len - 1, 1, 2)]
        {
            let row: Vec<A> = (0..samples).map(|i| narrow(number(i))).collect();
            let weights: Vec<A> = (0..taps).map(|i| narrow(number(i + 7))).collect();
            let outputs = len + 1 - taps;
            let widened = |all: &[A]| all.iter().map(|&a| wide(a)).collect::<Vec<_>>();
            let conjugated: Vec<A> = weights.iter().map(|&w| narrow(wide(w).conj())).collect();
            let expected = correlate(&widened(&row), begin, &widened(&weights), outputs);
            plan.weigh(&conjugated, &mut spectrum);
            let mut got = vec![narrow(number(1)); outputs];
            plan.correlate(&row, begin, &spectrum, &mut got, &mut work);
            let norm = |all: &[A]| all.iter().map(|&a| wide(a).norm_sqr()).sum::<f64>().sqrt();
            let eps = if size_of::<T>() == 4 { f32::EPSILON.into() } else { f64::EPSILON };
            let bound = 3.0 * (len as f64).log2() * eps * norm(&row) * norm(&weights);
            let close = |got: &[A], case: &str| {
                for (o, (&got, expected)) in got.iter().zip(&expected).enumerate() {
                    assert!((wide(got) - expected).norm() <= bound, "{case} {numbers} {begin} {samples} {taps}: {o}");
                }
            };
            close(&got, "at once");
            plan.forward(&row, begin, &mut work);
            plan.multiply(&work, &spectrum, &mut sums, Sum::Begin);
            plan.multiply(&work, &spectrum, &mut sums, Sum::Add);
            plan.multiply(&work, &spectrum, &mut sums, Sum::Begin);
            got.truncate(outputs / 2 + 3);
            plan.inverse(&mut sums, &mut got);
            close(&got, "in parts");
            in_small_parts(&*plan, &row, begin, &conjugated);
        }
    }

    /// Parts one after the other are the whole, and so are slices.
    fn in_small_parts<A: Samples<T>, T: Float>(plan: &dyn Correlator<A, T>, row: &[A], begin: usize, weights: &[A]) {
        let n = plan.numbers();
        let new = |count: usize| Aligned::<Complex<T>>::new(count * n, "a test").unwrap();
        let (mut whole, mut made, mut weight, mut sums, mut again) = (new(1), new(1), new(1), new(1), new(1));
        plan.weigh(weights, &mut weight);
        plan.forward(row, begin, &mut whole);
        (0..plan.parts().len()).for_each(|part| plan.forward_part(part, row, begin, &mut made));
        assert!(whole[..] == made[..], "{n} numbers forward");
        // Twice the same, in slices that lie together.
        let twice = |one: &[Complex<T>]| {
            let len = (plan.len() / A::EACH) / plan.slices();
            let mut two = new(2);
            let slices = two.chunks_exact_mut(2 * len).zip(one.chunks_exact(len));
            slices.for_each(|(two, one)| two.chunks_exact_mut(len).for_each(|place| place.copy_from_slice(one)));
            two
        };
        let (rows, both) = (twice(&whole), twice(&weight));
        let of = |all, count| Spectra { all, count, first: 0 };
        let half = plan.slices() / 2;
        for slices in [0..half, half..plan.slices()] {
            plan.accumulate(of(&rows, 2), of(&both, 2), 2, &mut sums, &slices, Sum::Begin);
        }
        for how in [Sum::Begin, Sum::Add] {
            plan.accumulate(of(&whole, 1), of(&weight, 1), 1, &mut again, &(0..plan.slices()), how);
        }
        let mut expected = vec![row[0]; plan.len()];
        let mut got = expected.clone();
        plan.inverse(&mut again, &mut expected);
        (0..plan.parts().len()).rev().for_each(|part| plan.inverse_part(part, &mut sums, &mut got));
        assert!(got == expected, "{n} numbers back");
    }

    #[test]
    fn rows_are_correlated_at_every_level() {
        for level in levels() {
            // The last ones are taken apart, or would be if they could.
            for factor in [1, 2, 3, 4, 5, 15, 16, 27, 36, 64, 108] {
                rows_are_correlated::<f32, f32>(level, factor * 64, |z| z.re as f32, |a| Complex::new(a.into(), 0.0));
                rows_are_correlated::<f64, f64>(level, factor * 64, |z| z.re, |a| Complex::new(a, 0.0));
                rows_are_correlated::<Complex<f32>, f32>(
                    level,
                    factor * 64,
                    |z| Complex::new(z.re as f32, z.im as f32),
                    |a| Complex::new(a.re.into(), a.im.into()),
                );
                rows_are_correlated::<Complex<f64>, f64>(level, factor * 64, |z| z, |a| a);
            }
        }
    }
}
