//! Whether sums are finite.

use crate::{
    Accum,
    arch::{self, Simd, dispatch},
};

/// Sums that are looked at together, without an early end: what the compiler makes vectors of.
const RUN: usize = 256;

/// Whether all are finite.
pub(crate) fn are_finite<A: Accum>(sums: &[A]) -> bool {
    dispatch!(arch::level(), simd => simd.vectorize(
        #[inline(always)]
        || sums.chunks(RUN).all(|run| run.iter().fold(true, |all, sum| all & sum.is_finite())),
    ))
}
