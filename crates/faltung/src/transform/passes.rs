//! The passes of the complex transform in scrambled order.
//!
//! Forward by decimation in frequency, back by decimation in time, and no permutation anywhere, since a convolution multiplies
//! spectra element by element in whatever order they lie. A pass of radix `R` cuts a block into `R` strands, combines vector
//! `j` of all strands, and turns each by its factor: no shuffles, all lanes alike. There is no inverse code: see
//! [`Vector::swap`].
//!
//! The factor of strand `q` at sample `s` of a block of `n` is `e^(-2 pi i (q + delta) s / n)`, with `delta` = 0, or -1/4 for
//! the first pass of a [right-angle](super::right_angle) transform. A table of all of them is as large as the block. So for
//! long strands it is two tables, of some hundred factors each: that of sample `a * NEAR + b` is `far[a] * near[b]`.
//!
//! Vectors `j` of a pass do not know one another, so a pass may be made in parts, some `j` at a time.
//!
//! Error: `c log2(N) eps` in the 2-norm. Cost: about `4.2 N log2 N` operations, 2 loads and 2 stores per vector and pass.

use std::ops::Range;

use num_complex::Complex;

use super::{Float, butterfly::Butterfly, roots::root};
use crate::{
    arch::{Simd, Vector, lanes},
    micro::unroll::{array, unroll},
};

/// Vectors of a strand whose factors stand in one table.
const NEAR: usize = 32;

/// All vectors of a strand, however many there are.
pub(super) const ALL: Range<usize> = 0..usize::MAX;

/// The factors of a pass of radix `R`.
pub(super) struct Factors<S: Simd, T: Float, const R: usize> {
    /// For each of the first vectors of a strand, a factor for every strand.
    near: Vec<[Vector<S, T>; R]>,
    /// For each piece of as many vectors, a further factor for every strand; none where one table holds all.
    far: Vec<[Complex<T>; R]>,
    /// Vectors of a strand.
    len: usize,
}

/// A pass of any radix.
pub(super) enum Pass<S: Simd, T: Float> {
    Two(Factors<S, T, 2>),
    Three(Factors<S, T, 3>),
    Four(Factors<S, T, 4>),
    Five(Factors<S, T, 5>),
    Eight(Factors<S, T, 8>),
}

/// Calls a routine that is generic over the radix with the factors of `$pass`.
macro_rules! with_factors {
    ($pass:expr, $factors:ident => $call:expr) => {
        match $pass {
            $crate::transform::passes::Pass::Two($factors) => $call,
            $crate::transform::passes::Pass::Three($factors) => $call,
            $crate::transform::passes::Pass::Four($factors) => $call,
            $crate::transform::passes::Pass::Five($factors) => $call,
            $crate::transform::passes::Pass::Eight($factors) => $call,
        }
    };
}

/// By how much of a bin frequencies are shifted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shift {
    None,
    /// A quarter of a bin down.
    Quarter,
}

impl Shift {
    /// `e^(-2 pi i (q + delta) s / n)`, for `s < n`.
    pub(super) fn root(self, q: usize, s: usize, n: usize) -> Complex<f64> {
        match self {
            Shift::None => root(q * s, n),
            Shift::Quarter => root(4 * q * s + 4 * n - s, 4 * n),
        }
    }
}

impl<S: Simd, T: Float, const R: usize> Factors<S, T, R> {
    /// For blocks of `n` samples.
    pub(super) fn new(simd: S, n: usize, shift: Shift) -> Self {
        let lanes = lanes::<S, T>();
        let len = n / R / lanes;
        let near = (0..len.min(NEAR))
            .map(|b| std::array::from_fn(|q| Vector::from_lanes(simd, |lane| shift.root(q, b * lanes + lane, n))))
            .collect();
        let narrow = |z: Complex<f64>| Complex::new(T::nearest(z.re), T::nearest(z.im));
        let far = match len {
            ..=NEAR => Vec::new(),
            _ => (0..len.div_ceil(NEAR))
                .map(|a| std::array::from_fn(|q| narrow(shift.root(q, a * NEAR * lanes, n))))
                .collect(),
        };
        Factors { near, far, len }
    }

    /// Vectors of a strand.
    pub(super) fn strand(&self) -> usize {
        self.len
    }
}

impl<S: Simd, T: Float> Pass<S, T> {
    /// Of this radix, for blocks of `n` samples.
    ///
    /// # Panics
    /// If there is no such radix.
    pub(super) fn new(simd: S, radix: usize, n: usize, shift: Shift) -> Self {
        match radix {
            2 => Pass::Two(Factors::new(simd, n, shift)),
            3 => Pass::Three(Factors::new(simd, n, shift)),
            4 => Pass::Four(Factors::new(simd, n, shift)),
            5 => Pass::Five(Factors::new(simd, n, shift)),
            8 => Pass::Eight(Factors::new(simd, n, shift)),
            _ => unreachable!("there is no pass of radix {radix}"),
        }
    }

    /// Vectors of a strand.
    pub(super) fn strand(&self) -> usize {
        with_factors!(self, factors => factors.len)
    }

    /// The way forward, for all blocks of `data`: these vectors of their strands.
    #[inline(always)]
    pub(super) fn forward(&self, simd: S, data: &mut [Vector<S, T>], part: &Range<usize>) {
        with_factors!(self, factors => forward(simd, data, factors, part));
    }

    /// The way back.
    #[inline(always)]
    pub(super) fn inverse(&self, simd: S, data: &mut [Vector<S, T>], part: &Range<usize>) {
        with_factors!(self, factors => inverse(simd, data, factors, part));
    }
}

/// Where the vectors of the first pass come from.
pub(super) trait Input<S: Simd, T: Float, const R: usize> {
    /// Vector `j` of strand `q`.
    fn load(&self, simd: S, q: usize, j: usize) -> Vector<S, T>;
}

/// Where the vectors of the last pass of the way back go.
pub(super) trait Output<S: Simd, T: Float, const R: usize> {
    /// Takes vector `j` of strand `q`, with swapped parts.
    fn store(&mut self, q: usize, j: usize, value: Vector<S, T>);
    /// When all have been stored.
    fn finish(self);
}

/// The strands of a block, those of this radix.
pub(super) type Strands<'a, S, T> = [&'a mut [Vector<S, T>]; 8];

/// Cuts a block into `R` strands of `len` vectors; the others are empty.
#[inline(always)]
pub(super) fn strands<S: Simd, T: Float, const R: usize>(block: &mut [Vector<S, T>], len: usize) -> Strands<'_, S, T> {
    let mut strands: Strands<'_, S, T> = Default::default();
    let mut rest = block.chunks_exact_mut(len);
    unroll!(q in 8 => {
        if q < R {
            strands[q] = rest.next().expect("a block is R strands");
        }
    });
    strands
}

/// Takes the first `count` vectors off each strand.
#[inline(always)]
fn take<'a, S: Simd, T: Float, const R: usize>(rest: &mut Strands<'a, S, T>, count: usize) -> Strands<'a, S, T> {
    let mut heads: Strands<'a, S, T> = Default::default();
    unroll!(q in 8 => {
        if q < R {
            (heads[q], rest[q]) = std::mem::take(&mut rest[q]).split_at_mut(count);
        }
    });
    heads
}

/// Calls `$body` with the pieces of strands `$strands` that share a further factor, as far as they lie in `$part`:
/// `(pieces, first vector, near, far)`.
macro_rules! for_each_piece {
    ($block:expr, $factors:expr, $part:expr, ($strands:ident, $first:ident, $near:ident, $far:ident) => $body:expr) => {{
        let end = $part.end.min($factors.len);
        let mut rest = strands::<S, T, R>($block, $factors.len);
        if $part.start > 0 {
            take::<S, T, R>(&mut rest, $part.start.min(end));
        }
        if $factors.far.is_empty() {
            let near = &$factors.near[$part.start.min(end)..end];
            let ($strands, $first, $near, $far) = (rest, $part.start, near, None::<&[Complex<T>; R]>);
            $body
        } else {
            let mut first = $part.start;
            while first < end {
                let (a, b) = (first / NEAR, first % NEAR);
                let count = (NEAR - b).min(end - first);
                let far = Some(&$factors.far[a]);
                let ($strands, $first, $near, $far) =
                    (take::<S, T, R>(&mut rest, count), first, &$factors.near[b..][..count], far);
                $body;
                first += count;
            }
        }
    }};
}

/// The factor of a strand.
#[inline(always)]
fn factor<S: Simd, T: Float, const R: usize>(
    simd: S,
    near: &[Vector<S, T>; R],
    far: Option<&[Complex<T>; R]>,
    q: usize,
) -> Vector<S, T> {
    match far {
        None => near[q],
        Some(far) => near[q] * Vector::splat(simd, far[q]),
    }
}

/// Decimation in frequency: combine the strands, then turn each by its factor.
#[inline(always)]
fn forward<S: Simd, T: Float, const R: usize>(
    simd: S,
    data: &mut [Vector<S, T>],
    factors: &Factors<S, T, R>,
    part: &Range<usize>,
) where
    [Vector<S, T>; R]: Butterfly<S>,
{
    for block in data.chunks_exact_mut(R * factors.len) {
        for_each_piece!(block, factors, part, (strands, _first, near, far) => forward_piece(simd, strands, near, far));
    }
}

#[inline(always)]
fn forward_piece<S: Simd, T: Float, const R: usize>(
    simd: S,
    strands: Strands<'_, S, T>,
    near: &[[Vector<S, T>; R]],
    far: Option<&[Complex<T>; R]>,
) where
    [Vector<S, T>; R]: Butterfly<S>,
{
    for j in 0..near.len() {
        let y = array!(q in R, from strands[0][j] => strands[q][j]).dft(simd);
        strands[0][j] = y[0];
        unroll!(q in 8 => {
            if 0 < q && q < R {
                strands[q][j] = y[q] * factor(simd, &near[j], far, q);
            }
        });
    }
}

/// Decimation in time: turn each strand by its factor, then combine them.
#[inline(always)]
fn inverse<S: Simd, T: Float, const R: usize>(
    simd: S,
    data: &mut [Vector<S, T>],
    factors: &Factors<S, T, R>,
    part: &Range<usize>,
) where
    [Vector<S, T>; R]: Butterfly<S>,
{
    for block in data.chunks_exact_mut(R * factors.len) {
        for_each_piece!(block, factors, part, (strands, _first, near, far) => inverse_piece(simd, strands, near, far));
    }
}

#[inline(always)]
fn inverse_piece<S: Simd, T: Float, const R: usize>(
    simd: S,
    strands: Strands<'_, S, T>,
    near: &[[Vector<S, T>; R]],
    far: Option<&[Complex<T>; R]>,
) where
    [Vector<S, T>; R]: Butterfly<S>,
{
    for j in 0..near.len() {
        let turned = array!(q in R, from strands[0][j] => match q {
            0 => strands[0][j],
            _ => strands[q][j] * factor(simd, &near[j], far, q),
        });
        let y = turned.dft(simd);
        unroll!(q in 8 => {
            if q < R {
                strands[q][j] = y[q];
            }
        });
    }
}

/// The first pass, from what `input` tells; `twists` turn the strands before they are combined, and the first factor is not 1,
/// where frequencies are shifted.
#[inline(always)]
pub(super) fn first<S: Simd, T: Float, const R: usize>(
    simd: S,
    input: &impl Input<S, T, R>,
    data: &mut [Vector<S, T>],
    factors: &Factors<S, T, R>,
    twists: Option<&[Complex<T>; R]>,
    part: &Range<usize>,
) where
    [Vector<S, T>; R]: Butterfly<S>,
{
    for_each_piece!(data, factors, part, (strands, first, near, far) => {
        for j in 0..near.len() {
            let x = array!(q in R, from Vector::zero(simd) => input.load(simd, q, first + j));
            let y = twist(simd, x, twists).dft(simd);
            unroll!(q in 8 => {
                if q < R {
                    strands[q][j] = match (q, twists) {
                        (0, None) => y[0],
                        _ => y[q] * factor(simd, &near[j], far, q),
                    };
                }
            });
        }
    });
}

/// The last pass of the way back, to where `output` tells.
#[inline(always)]
pub(super) fn last<S: Simd, T: Float, const R: usize>(
    simd: S,
    data: &mut [Vector<S, T>],
    mut output: impl Output<S, T, R>,
    factors: &Factors<S, T, R>,
    twists: Option<&[Complex<T>; R]>,
    part: &Range<usize>,
) where
    [Vector<S, T>; R]: Butterfly<S>,
{
    for_each_piece!(data, factors, part, (strands, first, near, far) => {
        for j in 0..near.len() {
            let turned = array!(q in R, from strands[0][j] => match (q, twists) {
                (0, None) => strands[0][j],
                _ => strands[q][j] * factor(simd, &near[j], far, q),
            });
            let y = twist(simd, turned.dft(simd), twists);
            unroll!(q in 8 => {
                if q < R {
                    output.store(q, first + j, y[q]);
                }
            });
        }
    });
    output.finish();
}

#[inline(always)]
pub(super) fn twist<S: Simd, T: Float, const R: usize>(
    simd: S,
    x: [Vector<S, T>; R],
    twists: Option<&[Complex<T>; R]>,
) -> [Vector<S, T>; R] {
    match twists {
        None => x,
        Some(twists) => {
            array!(q in R, from x[0] => if q == 0 { x[0] } else { x[q] * Vector::splat(simd, twists[q]) })
        }
    }
}

/// Of what the length of a transform is a multiple, besides twos, threes and fives.
pub(super) fn unit<S: Simd, T: Float>(_: S) -> usize {
    4 * lanes::<S, T>()
}

/// The radices of passes over so many vectors: an even one first, since only those have code for samples; eights before fours,
/// since the first passes go over the most memory; and an even one last, so that blocks that are transformed by themselves have
/// a multiple of four vectors, which the last steps take at once. `None` where `vectors` has other factors than 2, 3 and 5, or
/// is no multiple of 4.
pub(crate) fn radices(vectors: usize) -> Option<Vec<usize>> {
    let mut rest = vectors;
    if rest == 0 || !rest.is_multiple_of(4) {
        return None;
    }
    let mut odd = Vec::new();
    for radix in [5, 3] {
        while rest.is_multiple_of(radix) {
            odd.push(radix);
            rest /= radix;
        }
    }
    if !rest.is_power_of_two() {
        return None;
    }
    let bits = rest.trailing_zeros() as usize;
    let fours = [0, 2, 1][bits % 3];
    let eights = (bits - 2 * fours) / 3;
    let mut radices: Vec<usize> = std::iter::repeat_n(8, eights).chain(std::iter::repeat_n(4, fours)).collect();
    let place = (radices.len() - 1).max(1);
    radices.splice(place..place, odd);
    Some(radices)
}

/// The multiples of `unit` from `least` to `most` whose further factors are 2, 3 and 5, ascending.
pub(super) fn smooth(unit: usize, least: usize, most: usize) -> Vec<usize> {
    let mut lengths = Vec::new();
    let mut five = unit;
    while five <= most {
        let mut three = five;
        while three <= most {
            let twos = std::iter::successors(Some(three), |n| n.checked_mul(2)).take_while(|&n| n <= most);
            lengths.extend(twos.filter(|&n| n >= least));
            three = three.saturating_mul(3);
        }
        five = five.saturating_mul(5);
    }
    lengths.sort_unstable();
    lengths
}
