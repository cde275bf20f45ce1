//! Whether all of a row is finite: asked of every block and every result of an algorithm that spreads what is not.

use crate::{
    Accum,
    arch::{self, Simd, dispatch},
};

/// Samples that are looked at before it is asked whether one was found: a loop that might end at each is not vectorised.
const TOGETHER: usize = 1 << 10;

/// Whether every one is neither infinite nor NaN.
pub(crate) fn all_finite<A: Accum>(row: &[A]) -> bool {
    dispatch!(arch::level(), simd => all(simd, row, A::is_finite))
}

/// Whether every one is a number, and each of its parts of at most this absolute value.
pub(crate) fn all_within<A: Accum>(row: &[A], limit: A::Real) -> bool {
    dispatch!(arch::level(), simd => all(simd, row, |sample| sample.is_within(limit)))
}

#[inline(always)]
fn all<S: Simd, A: Accum>(simd: S, row: &[A], is_so: impl Fn(A) -> bool) -> bool {
    simd.vectorize(
        #[inline(always)]
        || {
            for part in row.chunks(TOGETHER) {
                let mut so = true;
                for &sample in part {
                    so &= is_so(sample);
                }
                if !so {
                    return false;
                }
            }
            true
        },
    )
}

#[cfg(test)]
mod tests {
    use super::{TOGETHER, all_finite};

    #[test]
    fn one_that_is_not_is_found_wherever_it_stands() {
        for len in [1, 15, 16, 17, TOGETHER - 1, TOGETHER, TOGETHER + 1] {
            for at in [0, len / 2, len - 1] {
                let mut row = vec![1.0f32; len];
                assert!(all_finite(&row));
                for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
                    row[at] = bad;
                    assert!(!all_finite(&row), "{bad} at {at} of {len}");
                }
            }
        }
    }
}
