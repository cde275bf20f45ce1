//! The direct sum of a row: `y[i] = sum over taps of weight * x[offset + i]`.
//!
//! Taps are pairs of an offset and a weight, so one routine serves every dimension, dilation and number of channels: all of
//! them are distances in a block. Vectors of outputs stand in registers while the taps pass by.
//!
//! A vector of samples for each tap and each vector of outputs caps a core at half its speed, since it multiplies twice in the
//! time that it loads once. So taps are taken in *combs*, `Q` of them as far from one another as `B` vectors of outputs are.
//! Output vector `b` meets tap `q` in sample vector `b + q`: `B + Q - 1` loads for `B Q` multiplications. There are two kinds:
//!
//! - *Along* a row: taps that are neighbours, each a vector's length from the next. For kernels longer than a vector.
//! - *Across* rows: taps of one column, and output vectors one above the other, two abreast. For kernels with several weights
//!   along a slower axis, however few: a sample vector serves all the rows that it belongs to.
//!
//! Cost per vector of outputs: one multiplication and `(B + Q - 1) / (B Q)` loads for each tap; one load where there is no comb.
//! Error: `(taps + 1) eps sum |w| |x|`: every output is summed in the same order, wherever it falls in a tile.

use crate::{
    Accum,
    arch::{self, Lanes, Outputs, Pitched, Simd, Store, Strip, dispatch},
    micro::unroll::unroll,
};

/// Taps of a comb that are taken at once; also the vectors of a smaller block.
const TEETH: usize = 4;

/// Columns of vectors that combs across rows take abreast.
const COLUMNS: usize = 2;

/// What one row reads, and with which weights.
pub(crate) struct Taps<'a, A> {
    /// Where each weight's first sample stands, from the row's base.
    pub(crate) offsets: &'a [usize],
    /// The weights, as many.
    pub(crate) weights: &'a [A],
    /// How they are taken together.
    pub(crate) order: Order,
}

/// In which order sums are made: the same for all outputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// As the taps stand.
    Plain,
    /// By combs of neighbours, so many at a time.
    Along {
        /// More than a vector holds.
        neighbours: usize,
    },
    /// By combs across rows.
    Across {
        /// Weights along the axis across which combs lie.
        teeth: usize,
        /// How far apart they stand among the taps.
        step: usize,
    },
}

/// Computes rows of outputs, each of samples from its base on: `y[i] = sum of weight * x[base + offset + i]`.
pub(crate) fn rows<A: Accum>(taps: &Taps<'_, A>, x: &[A], y: &mut Outputs<'_, A>, base: impl Fn(usize) -> usize) {
    dispatch!(arch::level(), simd => {
        for at in 0..y.rows() {
            any_row::<_, A>(simd, taps, &x[base(at)..], y.row(at));
        }
    });
}

/// One row, by blocks of as many vectors as the set has registers for.
#[inline(always)]
fn any_row<S: Simd, A: Accum>(simd: S, taps: &Taps<'_, A>, x: &[A], y: &mut [A]) {
    match A::Lanes::<S>::BLOCK {
        16 => row::<S, A, 16>(simd, taps, x, y),
        10 => row::<S, A, 10>(simd, taps, x, y),
        _ => row::<S, A, TEETH>(simd, taps, x, y),
    }
}

/// Blocks of `B` vectors, then of a few, in short rows of one; the last ends where the row ends, and overlaps its neighbour.
#[inline(always)]
fn row<S: Simd, A: Accum, const B: usize>(simd: S, taps: &Taps<'_, A>, x: &[A], y: &mut [A]) {
    let lanes = A::Lanes::<S>::LEN;
    let mut at = 0;
    while at + B * lanes <= y.len() {
        block::<S, A, B>(simd, taps, &x[at..], &mut y[at..]);
        at += B * lanes;
    }
    while at < y.len() && TEETH * lanes <= y.len() {
        let place = at.min(y.len() - TEETH * lanes);
        block::<S, A, TEETH>(simd, taps, &x[place..], &mut y[place..]);
        at = place + TEETH * lanes;
    }
    while at + lanes <= y.len() {
        one::<S, A>(simd, taps, &x[at..], &mut y[at..]);
        at += lanes;
    }
    if at == y.len() {
        // Nothing is left.
    } else if let Some(last) = y.len().checked_sub(lanes) {
        one::<S, A>(simd, taps, &x[last..], &mut y[last..]);
    } else {
        few::<S, A>(simd, taps, x, y);
    }
}

#[inline(always)]
fn block<S: Simd, A: Accum, const B: usize>(simd: S, taps: &Taps<'_, A>, x: &[A], y: &mut [A]) {
    match taps.order {
        Order::Along { neighbours } => combs::<S, A, B>(simd, neighbours, taps, x, y),
        _ => plain::<S, A, B>(simd, taps, x, y),
    }
}

/// `B` vectors of a row, for taps that are neighbours.
#[inline(always)]
fn combs<S: Simd, A: Accum, const B: usize>(simd: S, neighbours: usize, taps: &Taps<'_, A>, x: &[A], y: &mut [A]) {
    let lanes = A::Lanes::<S>::LEN;
    let mut sums = [A::Lanes::<S>::splat(simd, A::ZERO); B];
    let (full, rest) = (neighbours / lanes, neighbours % lanes);
    for (offsets, weights) in taps.offsets.chunks_exact(neighbours).zip(taps.weights.chunks_exact(neighbours)) {
        let mut x = &x[offsets[0]..];
        let mut weights = weights;
        for _ in 0..full / TEETH {
            for r in 0..lanes {
                comb::<S, A, B, TEETH>(simd, &x[r..], &weights[r..], &mut sums);
            }
            (x, weights) = (&x[TEETH * lanes..], &weights[TEETH * lanes..]);
        }
        for r in 0..lanes.min(weights.len()) {
            let (x, weights) = (&x[r..], &weights[r..]);
            match full % TEETH + usize::from(r < rest) {
                1 => comb::<S, A, B, 1>(simd, x, weights, &mut sums),
                2 => comb::<S, A, B, 2>(simd, x, weights, &mut sums),
                3 => comb::<S, A, B, 3>(simd, x, weights, &mut sums),
                _ => comb::<S, A, B, TEETH>(simd, x, weights, &mut sums),
            }
        }
    }
    unroll!(b in 20 => {
        if b < B {
            sums[b].store(&mut y[b * lanes..]);
        }
    });
}

/// Adds `Q` taps, each a vector's length from the next, to `B` vectors.
#[inline(always)]
fn comb<S: Simd, A: Accum, const B: usize, const Q: usize>(
    simd: S,
    x: &[A],
    weights: &[A],
    sums: &mut [A::Lanes<S>; B],
) {
    let lanes = A::Lanes::<S>::LEN;
    let x = &x[..(B + Q - 1) * lanes];
    let mut teeth = [A::Lanes::<S>::splat(simd, A::ZERO); Q];
    unroll!(q in 4 => {
        if q < Q {
            teeth[q] = A::Lanes::<S>::splat(simd, weights[q * lanes]);
        }
    });
    unroll!(t in 20 => {
        if t < B + Q - 1 {
            let x = A::Lanes::<S>::load(simd, &x[t * lanes..]);
            unroll!(q in 4 => {
                if q < Q && q <= t && t - q < B {
                    sums[t - q] = x.mul_add(teeth[q], sums[t - q]);
                }
            });
        }
    });
}

/// Does something with the number of every tap, in the order of sums. A macro, since a closure need not be inlined, and would
/// then lose the instruction set.
macro_rules! for_each_tap {
    ($taps:expr, $lanes:expr, $tap:ident => $body:block) => {{
        let count = $taps.offsets.len();
        match $taps.order {
            Order::Plain => {
                for $tap in 0..count $body
            }
            Order::Along { neighbours } => {
                for line in (0..count).step_by(neighbours) {
                    for first in (0..neighbours).step_by(TEETH * $lanes) {
                        for r in 0..$lanes.min(neighbours - first) {
                            let end = neighbours.min(first + TEETH * $lanes);
                            for $tap in (line + first + r..line + end).step_by($lanes) $body
                        }
                    }
                }
            }
            Order::Across { teeth, step } => {
                for slab in (0..count).step_by(teeth * step) {
                    for first in slab..slab + step {
                        for $tap in (first..first + teeth * step).step_by(step) $body
                    }
                }
            }
        }
    }};
}

/// `B` vectors of a row, tap after tap.
#[inline(always)]
fn plain<S: Simd, A: Accum, const B: usize>(simd: S, taps: &Taps<'_, A>, x: &[A], y: &mut [A]) {
    let lanes = A::Lanes::<S>::LEN;
    let mut sums = [A::Lanes::<S>::splat(simd, A::ZERO); B];
    for_each_tap!(taps, lanes, tap => {
        let x = &x[taps.offsets[tap]..][..B * lanes];
        let weight = A::Lanes::<S>::splat(simd, taps.weights[tap]);
        unroll!(b in 20 => {
            if b < B {
                sums[b] = A::Lanes::<S>::load(simd, &x[b * lanes..]).mul_add(weight, sums[b]);
            }
        });
    });
    unroll!(b in 20 => {
        if b < B {
            sums[b].store(&mut y[b * lanes..]);
        }
    });
}

/// One vector of outputs.
#[inline(always)]
fn one<S: Simd, A: Accum>(simd: S, taps: &Taps<'_, A>, x: &[A], y: &mut [A]) {
    let lanes = A::Lanes::<S>::LEN;
    let mut sums = A::Lanes::<S>::splat(simd, A::ZERO);
    for_each_tap!(taps, lanes, tap => {
        let weight = A::Lanes::<S>::splat(simd, taps.weights[tap]);
        sums = A::Lanes::<S>::load(simd, &x[taps.offsets[tap]..]).mul_add(weight, sums);
    });
    sums.store(y);
}

/// Fewer outputs than lanes: by vectors that are filled up, so that sums round as everywhere.
#[inline(always)]
fn few<S: Simd, A: Accum>(simd: S, taps: &Taps<'_, A>, x: &[A], y: &mut [A]) {
    /// As many lanes as any set has.
    const MOST: usize = 16;
    let lanes = A::Lanes::<S>::LEN;
    let mut sums = A::Lanes::<S>::splat(simd, A::ZERO);
    let mut filled = [A::ZERO; MOST];
    for_each_tap!(taps, lanes, tap => {
        let offset = taps.offsets[tap];
        filled[..y.len()].copy_from_slice(&x[offset..offset + y.len()]);
        let weight = A::Lanes::<S>::splat(simd, taps.weights[tap]);
        sums = A::Lanes::<S>::load(simd, &filled).mul_add(weight, sums);
    });
    sums.store(&mut filled);
    y.copy_from_slice(&filled[..y.len()]);
}

/// Computes strips of outputs along an axis of `y` by combs across their rows, each strip of samples from its base on:
/// `y[r, i] = sum of weight * x[base + r * pitch + offset + i]`.
///
/// # Panics
/// If the taps are not in the order [`Order::Across`].
pub(crate) fn strips<A: Accum>(
    taps: &Taps<'_, A>,
    pitch: usize,
    x: &[A],
    (y, axis): (&mut Outputs<'_, A>, usize),
    base: impl Fn(usize) -> usize,
) {
    let Order::Across { teeth, step } = taps.order else { panic!("combs across rows") };
    let taps = Across { taps, pitch, teeth, step };
    dispatch!(arch::level(), simd => {
        for at in 0..y.rows() / y.shape()[axis] {
            taps.any_strip::<_>(simd, &x[base(at)..], y.strip(axis, at));
        }
    });
}

/// Taps that are taken across rows.
#[derive(Clone, Copy)]
struct Across<'a, A> {
    taps: &'a Taps<'a, A>,
    pitch: usize,
    teeth: usize,
    step: usize,
}

impl<A: Accum> Across<'_, A> {
    /// One strip, by bands of as many rows as the set has registers for.
    #[inline(always)]
    fn any_strip<S: Simd>(&self, simd: S, x: &[A], y: Strip<'_, A>) {
        match A::Lanes::<S>::BLOCK {
            16 => self.strip::<S, 8>(simd, x, y),
            10 => self.strip::<S, 5>(simd, x, y),
            _ => self.strip::<S, 2>(simd, x, y),
        }
    }

    /// Bands of `R` rows; the last ends where the strip ends, and overlaps its neighbour.
    #[inline(always)]
    fn strip<S: Simd, const R: usize>(&self, simd: S, x: &[A], mut y: Strip<'_, A>) {
        let count = y.count();
        if count < R || y.len() < COLUMNS * A::Lanes::<S>::LEN {
            for row in 0..count {
                self.row::<S>(simd, &x[row * self.pitch..], y.row(row, 0));
            }
            return;
        }
        let mut done = 0;
        while done < count {
            let first = done.min(count - R);
            self.band::<S, R>(simd, x, first, &mut y);
            done = first + R;
        }
    }

    /// One row, where there are too few for a band, in the same order of sums.
    #[inline(always)]
    fn row<S: Simd>(&self, simd: S, x: &[A], y: &mut [A]) {
        let lanes = A::Lanes::<S>::LEN;
        let mut at = 0;
        while at < y.len() && TEETH * lanes <= y.len() {
            let place = at.min(y.len() - TEETH * lanes);
            plain::<S, A, TEETH>(simd, self.taps, &x[place..], &mut y[place..]);
            at = place + TEETH * lanes;
        }
        while at < y.len() && lanes <= y.len() {
            let place = at.min(y.len() - lanes);
            one::<S, A>(simd, self.taps, &x[place..], &mut y[place..]);
            at = place + lanes;
        }
        if y.len() < lanes {
            few::<S, A>(simd, self.taps, x, y);
        }
    }

    /// `R` rows from `first` on, some columns of vectors at a time; the last end where the rows end.
    #[inline(always)]
    fn band<S: Simd, const R: usize>(&self, simd: S, x: &[A], first: usize, y: &mut Strip<'_, A>) {
        let width = COLUMNS * A::Lanes::<S>::LEN;
        let (x, last) = (&x[first * self.pitch..], y.len() - width);
        // What is streamed goes to whole places only, and memory need not begin on one.
        let lead = match y.store() {
            Store::Streamed => y.lead(A::Lanes::<S>::LEN * size_of::<A>()),
            Store::Cached => 0,
        };
        let mut at = 0;
        loop {
            self.patch::<S, R>(simd, x, (first, at), y);
            if at == last {
                return;
            }
            let next = if at == 0 && (1..width).contains(&lead) { lead } else { at + width };
            at = next.min(last);
        }
    }

    /// Some vectors of each of `R` rows.
    #[inline(always)]
    fn patch<S: Simd, const R: usize>(&self, simd: S, x: &[A], (first, at): (usize, usize), y: &mut Strip<'_, A>) {
        let &Across { taps, teeth, step, .. } = self;
        let mut sums = [[A::Lanes::<S>::splat(simd, A::ZERO); COLUMNS]; R];
        let slabs = taps.offsets.chunks_exact(teeth * step).zip(taps.weights.chunks_exact(teeth * step));
        for (offsets, weights) in slabs {
            for (&offset, column) in offsets[..step].iter().zip(0..) {
                let x = &x[offset + at..];
                let mut tooth = 0;
                while tooth < teeth {
                    let (x, weights) = (&x[tooth * self.pitch..], &weights[tooth * step + column..]);
                    match teeth - tooth {
                        1 => self.comb::<S, R, 1>(simd, x, weights, &mut sums),
                        2 => self.comb::<S, R, 2>(simd, x, weights, &mut sums),
                        3 => self.comb::<S, R, 3>(simd, x, weights, &mut sums),
                        _ => self.comb::<S, R, TEETH>(simd, x, weights, &mut sums),
                    }
                    tooth += TEETH;
                }
            }
        }
        unroll!(r in 8 => {
            if r < R {
                unroll!(v in 2 => {
                    y.put::<S>(first + r, at + v * A::Lanes::<S>::LEN, sums[r][v]);
                });
            }
        });
    }

    /// Adds `Q` taps, one above the other, to `R` rows of `V` vectors.
    #[inline(always)]
    fn comb<S: Simd, const R: usize, const Q: usize>(
        &self,
        simd: S,
        x: &[A],
        weights: &[A],
        sums: &mut [[A::Lanes<S>; COLUMNS]; R],
    ) {
        let lanes = A::Lanes::<S>::LEN;
        let x = Pitched::new(x, self.pitch, R + Q - 1, COLUMNS * lanes);
        let mut teeth = [A::Lanes::<S>::splat(simd, A::ZERO); Q];
        unroll!(q in 4 => {
            if q < Q {
                teeth[q] = A::Lanes::<S>::splat(simd, weights[q * self.step]);
            }
        });
        unroll!(t in 11 => {
            if t < R + Q - 1 {
                let row = x.row(t);
                unroll!(v in 2 => {
                    let x = A::Lanes::<S>::load(simd, &row[v * lanes..]);
                    unroll!(q in 4 => {
                        if q < Q && q <= t && t - q < R {
                            sums[t - q][v] = x.mul_add(teeth[q], sums[t - q][v]);
                        }
                    });
                });
            }
        });
    }
}
