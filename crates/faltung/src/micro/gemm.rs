//! A product of matrices, `y[r, c] = sum over d of w[d, r] x[d, c]`, for a few rows and a panel of columns.
//!
//! Vectors run along the columns. A tile of some rows by some vectors of sums stands in registers while the depth passes by: for
//! each step the vectors of `x` are loaded once for all rows, and a weight is spread over the lanes once for all vectors. With 32
//! registers these are eight rows by three vectors: 24 multiplications for 3 loads and 8 spread weights, so that the multipliers
//! never wait.
//!
//! Operands lie in the order in which they are read: weights as `[d][row]`, panels as `[d][column]`.
//! Error: `depth eps sum |w| |x|`.

use crate::{
    Accum,
    arch::{Lanes, Simd},
    micro::unroll::unroll,
};

/// Vectors of a panel, at most.
pub(crate) const ABREAST: usize = 3;

/// Rows that are made at once, where so many vectors stand in registers ([`Lanes::BLOCK`]).
pub(crate) const fn rows(block: usize) -> usize {
    match block {
        16 => 8,
        10 => 4,
        _ => 2,
    }
}

/// Where sums go.
pub(crate) struct Target<'a, A> {
    /// Rows, `pitch` apart: as many as there are weights at each depth.
    pub(crate) sums: &'a mut [A],
    pub(crate) pitch: usize,
    /// Whether sums are there to be added to.
    pub(crate) begun: Begun,
}

/// Whether a sum goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Begun {
    /// It begins.
    No,
    /// Some of its terms were summed before.
    Yes,
}

/// Multiplies [`rows`] rows of weights by a panel of `vectors` vectors, at most [`ABREAST`].
#[inline(always)]
pub(crate) fn product<S: Simd, A: Accum>(simd: S, weights: &[A], panel: &[A], vectors: usize, target: Target<'_, A>) {
    match const { rows(A::Lanes::<S>::BLOCK) } {
        8 => some_rows::<S, A, 8>(simd, weights, panel, vectors, target),
        4 => some_rows::<S, A, 4>(simd, weights, panel, vectors, target),
        _ => some_rows::<S, A, 2>(simd, weights, panel, vectors, target),
    }
}

#[inline(always)]
fn some_rows<S: Simd, A: Accum, const R: usize>(
    simd: S,
    weights: &[A],
    panel: &[A],
    vectors: usize,
    target: Target<'_, A>,
) {
    match vectors {
        1 => tile::<S, A, R, 1>(simd, weights, panel, target),
        2 => tile::<S, A, R, 2>(simd, weights, panel, target),
        _ => tile::<S, A, R, ABREAST>(simd, weights, panel, target),
    }
}

/// `R` rows by `V` vectors.
#[inline(always)]
fn tile<S: Simd, A: Accum, const R: usize, const V: usize>(simd: S, weights: &[A], panel: &[A], target: Target<'_, A>) {
    let lanes = A::Lanes::<S>::LEN;
    let mut sums = [[A::Lanes::<S>::splat(simd, A::ZERO); V]; R];
    for (weights, x) in weights.chunks_exact(R).zip(panel.chunks_exact(V * lanes)) {
        let mut loaded = [A::Lanes::<S>::splat(simd, A::ZERO); V];
        unroll!(v in 4 => {
            if v < V {
                loaded[v] = A::Lanes::<S>::load(simd, &x[v * lanes..]);
            }
        });
        unroll!(r in 8 => {
            if r < R {
                let weight = A::Lanes::<S>::splat(simd, weights[r]);
                unroll!(v in 4 => {
                    if v < V {
                        sums[r][v] = loaded[v].mul_add(weight, sums[r][v]);
                    }
                });
            }
        });
    }
    let Target { sums: all, pitch, begun } = target;
    unroll!(r in 8 => {
        if r < R {
            let row = &mut all[r * pitch..][..V * lanes];
            unroll!(v in 4 => {
                if v < V {
                    let place = &mut row[v * lanes..];
                    let sum = match begun {
                        Begun::No => sums[r][v],
                        Begun::Yes => A::Lanes::<S>::load(simd, place).plus(sums[r][v]),
                    };
                    sum.store(place);
                }
            });
        }
    });
}
