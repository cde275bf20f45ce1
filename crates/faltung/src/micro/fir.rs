//! The direct sum of a row: `y[i] = sum over taps of weight * x[offset + i]`.
//!
//! Taps are pairs of an offset and a weight, so one routine serves every dimension, dilation and number of channels: all of
//! them are distances in a block. Vectors of outputs stand in registers while the taps pass by.
//!
//! A vector of samples for each tap and each vector of outputs caps a core at half its speed, since it multiplies twice in the
//! time that it loads once. Where more taps are neighbours than a vector holds, they are taken in *combs*: `Q` of them, each a
//! vector's length from the next, as `B` vectors of outputs are. Output vector `b` meets tap `q` in sample vector `b + q`:
//! `B + Q - 1` loads for `B Q` multiplications.
//!
//! Cost per vector of outputs: one multiplication and `(B + Q - 1) / (B Q)` loads for each tap; one load where there is no comb.
//! Error: `(taps + 1) eps sum |w| |x|`: every output is summed in the same order, wherever it falls in a row.

use crate::{
    Accum,
    arch::{self, Lanes, Simd, dispatch},
    micro::unroll::unroll,
};

/// Taps of a comb that are taken at once; also the vectors of a smaller block.
const TEETH: usize = 4;

/// What one row reads, and with which weights.
pub(crate) struct Taps<'a, A> {
    /// Where each weight's first sample stands, from the row's base.
    pub(crate) offsets: &'a [usize],
    /// The weights, as many.
    pub(crate) weights: &'a [A],
    /// How many taps at a time are neighbours.
    pub(crate) neighbours: usize,
}

/// In which order sums are made: the same for all outputs.
#[derive(Clone, Copy)]
enum Order {
    /// By combs along neighbours that are more than a vector holds.
    Combs,
    /// As the taps stand.
    Plain,
}

/// Computes rows of outputs: for each `(base, y)` the row `y[i] = sum of weight * x[base + offset + i]`.
pub(crate) fn rows<'y, A: Accum>(taps: &Taps<'_, A>, x: &[A], rows: impl Iterator<Item = (usize, &'y mut [A])>) {
    dispatch!(arch::level(), simd => {
        for (base, y) in rows {
            any_row::<_, A>(simd, taps, &x[base..], y);
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
    let order = if taps.neighbours > lanes { Order::Combs } else { Order::Plain };
    let mut at = 0;
    while at + B * lanes <= y.len() {
        block::<S, A, B>(simd, order, taps, &x[at..], &mut y[at..]);
        at += B * lanes;
    }
    while at < y.len() && TEETH * lanes <= y.len() {
        let place = at.min(y.len() - TEETH * lanes);
        block::<S, A, TEETH>(simd, order, taps, &x[place..], &mut y[place..]);
        at = place + TEETH * lanes;
    }
    while at + lanes <= y.len() {
        one::<S, A>(simd, order, taps, &x[at..], &mut y[at..]);
        at += lanes;
    }
    if at == y.len() {
        // Nothing is left.
    } else if let Some(last) = y.len().checked_sub(lanes) {
        one::<S, A>(simd, order, taps, &x[last..], &mut y[last..]);
    } else {
        few::<S, A>(simd, order, taps, x, y);
    }
}

#[inline(always)]
fn block<S: Simd, A: Accum, const B: usize>(simd: S, order: Order, taps: &Taps<'_, A>, x: &[A], y: &mut [A]) {
    match order {
        Order::Combs => combs::<S, A, B>(simd, taps, x, y),
        Order::Plain => plain::<S, A, B>(simd, taps, x, y),
    }
}

/// `B` vectors of a row, for taps that are neighbours.
#[inline(always)]
fn combs<S: Simd, A: Accum, const B: usize>(simd: S, taps: &Taps<'_, A>, x: &[A], y: &mut [A]) {
    let lanes = A::Lanes::<S>::LEN;
    let mut sums = [A::Lanes::<S>::splat(simd, A::ZERO); B];
    let (full, rest) = (taps.neighbours / lanes, taps.neighbours % lanes);
    for (offsets, weights) in taps.offsets.chunks_exact(taps.neighbours).zip(taps.weights.chunks_exact(taps.neighbours))
    {
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

/// `B` vectors of a row, tap after tap.
#[inline(always)]
fn plain<S: Simd, A: Accum, const B: usize>(simd: S, taps: &Taps<'_, A>, x: &[A], y: &mut [A]) {
    let lanes = A::Lanes::<S>::LEN;
    let mut sums = [A::Lanes::<S>::splat(simd, A::ZERO); B];
    for (&offset, &weight) in taps.offsets.iter().zip(taps.weights) {
        let x = &x[offset..offset + B * lanes];
        let weight = A::Lanes::<S>::splat(simd, weight);
        unroll!(b in 20 => {
            if b < B {
                sums[b] = A::Lanes::<S>::load(simd, &x[b * lanes..]).mul_add(weight, sums[b]);
            }
        });
    }
    unroll!(b in 20 => {
        if b < B {
            sums[b].store(&mut y[b * lanes..]);
        }
    });
}

/// Does something with the number of every tap, in the order of sums. A macro, since a closure need not be inlined, and would
/// then lose the instruction set.
macro_rules! for_each_tap {
    ($order:expr, $taps:expr, $lanes:expr, $tap:ident => $body:block) => {{
        let (count, neighbours) = ($taps.offsets.len(), $taps.neighbours);
        match $order {
            Order::Plain => {
                for $tap in 0..count $body
            }
            Order::Combs => {
                for line in (0..count).step_by(neighbours) {
                    for first in (0..neighbours).step_by(TEETH * $lanes) {
                        for r in 0..$lanes.min(neighbours - first) {
                            let end = neighbours.min(first + TEETH * $lanes);
                            for $tap in (line + first + r..line + end).step_by($lanes) $body
                        }
                    }
                }
            }
        }
    }};
}

/// One vector of outputs.
#[inline(always)]
fn one<S: Simd, A: Accum>(simd: S, order: Order, taps: &Taps<'_, A>, x: &[A], y: &mut [A]) {
    let lanes = A::Lanes::<S>::LEN;
    let mut sums = A::Lanes::<S>::splat(simd, A::ZERO);
    for_each_tap!(order, taps, lanes, tap => {
        let weight = A::Lanes::<S>::splat(simd, taps.weights[tap]);
        sums = A::Lanes::<S>::load(simd, &x[taps.offsets[tap]..]).mul_add(weight, sums);
    });
    sums.store(y);
}

/// Fewer outputs than lanes: by vectors that are filled up, so that sums round as everywhere.
#[inline(always)]
fn few<S: Simd, A: Accum>(simd: S, order: Order, taps: &Taps<'_, A>, x: &[A], y: &mut [A]) {
    /// As many lanes as any set has.
    const MOST: usize = 16;
    let lanes = A::Lanes::<S>::LEN;
    let mut sums = A::Lanes::<S>::splat(simd, A::ZERO);
    let mut filled = [A::ZERO; MOST];
    for_each_tap!(order, taps, lanes, tap => {
        let offset = taps.offsets[tap];
        filled[..y.len()].copy_from_slice(&x[offset..offset + y.len()]);
        let weight = A::Lanes::<S>::splat(simd, taps.weights[tap]);
        sums = A::Lanes::<S>::load(simd, &filled).mul_add(weight, sums);
    });
    sums.store(&mut filled);
    y.copy_from_slice(&filled[..y.len()]);
}
