//! Between memory and sums: whole rows at a time, in vectors of the instruction set in use.

use crate::{
    Accum, Narrow, Overflow, Rounding, Stored,
    arch::{self, dispatch},
    narrow::Reach,
};

/// Makes one of each, by a conversion without branches, so that the loop is one over vectors.
pub(crate) fn each<X: Copy, Y>(from: &[X], to: &mut [Y], convert: impl Fn(X) -> Y) {
    dispatch!(arch::level(), _simd => {
        for (to, &from) in to.iter_mut().zip(from) {
            *to = convert(from);
        }
    });
}

/// Least and greatest of all.
pub(crate) fn ends<T: Copy + Ord>(all: &[T]) -> Option<(T, T)> {
    let &first = all.first()?;
    Some(dispatch!(arch::level(), _simd => {
        let mut ends = (first, first);
        for &one in all {
            ends = (ends.0.min(one), ends.1.max(one));
        }
        ends
    }))
}

/// Narrows all sums, by a loop for each policy, in which it is a constant.
pub(crate) fn narrow_all<A: Accum, T: Stored<A>>(sums: &[A], to: &mut [T], narrow: Narrow) {
    let narrow = match narrow.overflow {
        // Sums that are known to fit stay what they are. (Those in integers may have wrapped: bits are all that they are.)
        Overflow::Error | Overflow::Widen if A::EPSILON > 0.0 => Narrow { overflow: Overflow::Saturate, ..narrow },
        _ => narrow,
    };
    macro_rules! choose {
        ($($overflow:ident $rounding:ident)+) => {
            match (narrow.overflow, narrow.rounding, narrow.reach) {
                $((Overflow::$overflow, Rounding::$rounding, Reach::Small) => each(sums, to, |sum| {
                    let (overflow, rounding) = (Overflow::$overflow, Rounding::$rounding);
                    T::narrow(sum, Narrow { overflow, rounding, reach: Reach::Small })
                }),)+
                _ => each(sums, to, |sum| T::narrow(sum, narrow)),
            }
        };
    }
    choose!(Wrap Nearest Wrap TowardZero Saturate Nearest Saturate TowardZero);
}
