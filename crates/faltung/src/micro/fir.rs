//! The direct sum of a row: `y[i] = sum over taps of weight * x[offset + i]`.
//!
//! Taps are pairs of an offset and a weight, so one routine serves every dimension, dilation and number of channels: all of
//! them are distances in a block. `BLOCK` vectors of outputs stand in registers while the taps pass by.
//!
//! Cost per vector of outputs: one multiplication, one load and a share of one broadcast for each tap.
//! Error: `(taps + 1) eps sum |w| |x|`: every output is summed in the order of the taps.

use crate::{
    Accum,
    arch::{self, Lanes, Simd, dispatch},
};

/// Vectors of outputs in registers.
const BLOCK: usize = 8;

/// What one row reads, and with which weights.
pub(crate) struct Taps<'a, A> {
    /// Where each weight's first sample stands, from the row's base.
    pub(crate) offsets: &'a [usize],
    /// The weights, as many.
    pub(crate) weights: &'a [A],
}

/// Computes rows of outputs: for each `(base, y)` the row `y[i] = sum of weight * x[base + offset + i]`.
pub(crate) fn rows<'y, A: Accum>(taps: &Taps<'_, A>, x: &[A], rows: impl Iterator<Item = (usize, &'y mut [A])>) {
    dispatch!(arch::level(), simd => {
        for (base, y) in rows {
            row::<_, A>(simd, taps, &x[base..], y);
        }
    });
}

#[inline(always)]
fn row<S: Simd, A: Accum>(simd: S, taps: &Taps<'_, A>, x: &[A], y: &mut [A]) {
    let lanes = A::Lanes::<S>::LEN;
    let mut at = 0;
    while at + BLOCK * lanes <= y.len() {
        block::<S, A, BLOCK>(simd, taps, &x[at..], &mut y[at..]);
        at += BLOCK * lanes;
    }
    while at + lanes <= y.len() {
        block::<S, A, 1>(simd, taps, &x[at..], &mut y[at..]);
        at += lanes;
    }
    if at == y.len() {
        // Nothing is left.
    } else if let Some(last) = y.len().checked_sub(lanes) {
        block::<S, A, 1>(simd, taps, &x[last..], &mut y[last..]);
    } else {
        few::<S, A>(simd, taps, x, y);
    }
}

#[inline(always)]
fn block<S: Simd, A: Accum, const B: usize>(simd: S, taps: &Taps<'_, A>, x: &[A], y: &mut [A]) {
    let lanes = A::Lanes::<S>::LEN;
    let mut sums = [A::Lanes::<S>::splat(simd, A::ZERO); B];
    for (&offset, &weight) in taps.offsets.iter().zip(taps.weights) {
        let x = &x[offset..offset + B * lanes];
        let weight = A::Lanes::<S>::splat(simd, weight);
        for b in 0..B {
            sums[b] = A::Lanes::<S>::load(simd, &x[b * lanes..]).mul_add(weight, sums[b]);
        }
    }
    let y = &mut y[..B * lanes];
    for b in 0..B {
        sums[b].store(&mut y[b * lanes..]);
    }
}

/// Fewer outputs than lanes: by vectors that are filled up, so that sums round as everywhere.
#[inline(always)]
fn few<S: Simd, A: Accum>(simd: S, taps: &Taps<'_, A>, x: &[A], y: &mut [A]) {
    /// As many lanes as any set has.
    const MOST: usize = 16;
    let mut sums = A::Lanes::<S>::splat(simd, A::ZERO);
    let mut filled = [A::ZERO; MOST];
    for (&offset, &weight) in taps.offsets.iter().zip(taps.weights) {
        filled[..y.len()].copy_from_slice(&x[offset..offset + y.len()]);
        sums = A::Lanes::<S>::load(simd, &filled).mul_add(A::Lanes::<S>::splat(simd, weight), sums);
    }
    sums.store(&mut filled);
    y.copy_from_slice(&filled[..y.len()]);
}
