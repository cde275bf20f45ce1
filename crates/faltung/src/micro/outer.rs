//! Sums of many terms for a few places and many outputs: `y[p, r] = sum over d of x[d, p] w[d, r]`, an outer product at each step.
//!
//! Vectors run along the outputs. A tile of some places by two vectors of sums stands in registers; at each step two vectors of
//! weights are loaded, and a sample of each place is spread over the lanes. Samples are taken from where they are, wherever that
//! is, so nothing is copied: places lie equally far apart, and a table says where each step begins.
//!
//! Error: `depth eps sum |w| |x|`.

use crate::{
    Accum,
    arch::{Lanes, Pitched, Simd},
    micro::unroll::unroll,
};

/// Vectors of outputs, at most.
pub(crate) const ABREAST: usize = 2;

/// Places that are made at once, at most, where so many vectors stand in registers ([`Lanes::BLOCK`]).
pub(crate) const fn places(block: usize) -> usize {
    match block {
        16 => 12,
        10 => 4,
        _ => 2,
    }
}

/// What is multiplied.
pub(crate) struct Factors<'a, A> {
    /// `[step][output]`, whole vectors of outputs.
    pub(crate) weights: &'a [A],
    /// Samples, of which the first place's first one is the first.
    pub(crate) x: &'a [A],
    /// Where each step's samples begin.
    pub(crate) offsets: &'a [usize],
    /// From a place to the next.
    pub(crate) pitch: usize,
}

/// Adds to the sums of `count` places by `vectors` vectors of outputs; from a place's sums to the next one's it is `apart`.
#[inline(always)]
pub(crate) fn product<S: Simd, A: Accum>(
    simd: S,
    factors: &Factors<'_, A>,
    (count, vectors): (usize, usize),
    sums: &mut [A],
    apart: usize,
) {
    match const { places(A::Lanes::<S>::BLOCK) } {
        12 => strip::<S, A, 12>(simd, factors, (count, vectors), sums, apart),
        4 => strip::<S, A, 4>(simd, factors, (count, vectors), sums, apart),
        _ => strip::<S, A, 2>(simd, factors, (count, vectors), sums, apart),
    }
}

/// Tiles of `P` places, then of fewer.
#[inline(always)]
fn strip<S: Simd, A: Accum, const P: usize>(
    simd: S,
    factors: &Factors<'_, A>,
    (count, vectors): (usize, usize),
    sums: &mut [A],
    apart: usize,
) {
    let mut at = 0;
    while at < count {
        let left = count - at;
        // Few places wait for their own sums: none or at least three are left for later, if that can be.
        let leaves = |some: &usize| *some <= left && !(1..3).contains(&(left - some));
        let most = P.min(4);
        let otherwise = if left > most { most } else { 1 };
        let some = [P, 6, 4, 3].into_iter().filter(|some| *some <= P).find(leaves).unwrap_or(otherwise);
        let here = Factors { x: &factors.x[at * factors.pitch..], ..*factors };
        let sums = &mut sums[at * apart..];
        match (some, vectors) {
            (1, 1) => tile::<S, A, 1, 1>(simd, &here, sums, apart),
            (1, _) => tile::<S, A, 1, ABREAST>(simd, &here, sums, apart),
            (3, 1) if P > 3 => tile::<S, A, 3, 1>(simd, &here, sums, apart),
            (3, _) if P > 3 => tile::<S, A, 3, ABREAST>(simd, &here, sums, apart),
            (4, 1) if P > 4 => tile::<S, A, 4, 1>(simd, &here, sums, apart),
            (4, _) if P > 4 => tile::<S, A, 4, ABREAST>(simd, &here, sums, apart),
            (6, 1) if P > 6 => tile::<S, A, 6, 1>(simd, &here, sums, apart),
            (6, _) if P > 6 => tile::<S, A, 6, ABREAST>(simd, &here, sums, apart),
            (_, 1) => tile::<S, A, P, 1>(simd, &here, sums, apart),
            _ => tile::<S, A, P, ABREAST>(simd, &here, sums, apart),
        }
        at += some;
    }
}

/// `P` places by `V` vectors.
#[inline(always)]
fn tile<S: Simd, A: Accum, const P: usize, const V: usize>(
    simd: S,
    factors: &Factors<'_, A>,
    sums: &mut [A],
    apart: usize,
) {
    let lanes = A::Lanes::<S>::LEN;
    let mut all = [[A::Lanes::<S>::splat(simd, A::ZERO); V]; P];
    for (weights, &offset) in factors.weights.chunks_exact(V * lanes).zip(factors.offsets) {
        let x = Pitched::new(&factors.x[offset..], factors.pitch, P, 1);
        let mut loaded = [A::Lanes::<S>::splat(simd, A::ZERO); V];
        unroll!(v in 2 => {
            if v < V {
                loaded[v] = A::Lanes::<S>::load(simd, &weights[v * lanes..]);
            }
        });
        unroll!(p in 20 => {
            if p < P {
                let sample = A::Lanes::<S>::splat(simd, x.row(p)[0]);
                unroll!(v in 2 => {
                    if v < V {
                        all[p][v] = loaded[v].mul_add(sample, all[p][v]);
                    }
                });
            }
        });
    }
    unroll!(p in 20 => {
        if p < P {
            let row = &mut sums[p * apart..][..V * lanes];
            unroll!(v in 2 => {
                if v < V {
                    let place = &mut row[v * lanes..];
                    A::Lanes::<S>::load(simd, place).plus(all[p][v]).store(place);
                }
            });
        }
    });
}
