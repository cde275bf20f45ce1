//! How sums become integers: rounded, and brought into the type's range by a policy.

use crate::error::words;

words! { "overflow policy",
    /// What happens when a sum does not fit the result's integer type.
    ///
    /// Whether sums may overflow is decided before any is made: samples between `low` and `high` give sums between
    /// `P low + N high` and `P high + N low`, where `P` and `N` are the sums of the positive and of the negative weights.
    /// `low` and `high` are found in the data, or promised by [`Spec::range`](crate::Spec::range). NumPy and `scipy.signal`
    /// wrap, OpenCV saturates.
    ///
    /// ```
    /// use faltung::{Overflow, Spec, convolve};
    /// let (x, w) = ([200u8, 100], [1u8, 1]);
    /// assert!(convolve(&x, &w, &Spec::new()).is_err()); // 300 does not fit, and is found out before computing
    /// assert_eq!(convolve(&x, &w, &Spec::new().overflow(Overflow::Wrap))?.data(), [200, 44, 100]);
    /// assert_eq!(convolve(&x, &w, &Spec::new().overflow(Overflow::Saturate))?.data(), [200, 255, 100]);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub enum Overflow {
        /// An error before computing, if a bound from the data and the weights exceeds the type. The default.
        Error = "error",
        /// The smallest type of up to 64 bits that holds the bound, else an error.
        Widen = "widen",
        /// Sums modulo 2 to the number of bits, as two's complement.
        Wrap = "wrap",
        /// The nearest value that the type holds; the sum itself does not overflow.
        Saturate = "saturate",
    }
}

words! { "rounding",
    /// How sums in doubles, of integer data and real weights, become integers.
    ///
    /// Sums may be made in singles where the integers are known to be the same.
    ///
    /// Sums of whole weights are whole and never rounded. What is rounded is the computed sum: cut towards zero, one that
    /// should be 3 and has become 2.9999999999999996 on the way is 2. NumPy and OpenCV (`saturate_cast`) round to nearest,
    /// `scipy.ndimage` towards zero.
    ///
    /// ```
    /// use faltung::{Rounding, Spec, convolve};
    /// let y = |rounding| convolve(&[5, -5, 7], &[0.5], &Spec::new().rounding(rounding));
    /// assert_eq!(y(Rounding::Nearest)?.data(), [2, -2, 4]); // of 2.5, -2.5, 3.5
    /// assert_eq!(y("toward_zero".parse()?)?.data(), [2, -2, 3]);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub enum Rounding {
        /// To the nearest integer, halves to the even one. The default.
        Nearest = "nearest",
        /// To the next integer nearer zero: the fraction is cut off.
        TowardZero = "toward_zero",
    }
}

impl Rounding {
    /// The sum as a whole number.
    #[inline(always)]
    pub(crate) fn whole(self, sum: f64) -> f64 {
        /// From here up to twice as much, neighbouring doubles differ by one.
        const ONES: f64 = (1u64 << 52) as f64;
        // Rounding is a call where the instruction set has no instruction for it; arithmetic does the same for small sums.
        match self {
            Rounding::Nearest if sum.abs() < ONES / 2.0 => (sum + 1.5 * ONES) - 1.5 * ONES,
            Rounding::Nearest => sum.round_ties_even(),
            Rounding::TowardZero if sum.abs() < ONES => sum as i64 as f64,
            Rounding::TowardZero => sum.trunc(),
        }
    }
}

/// How sums become samples.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Narrow {
    pub(crate) overflow: Overflow,
    pub(crate) rounding: Rounding,
    pub(crate) reach: Reach,
}

/// How large sums in floats may be, in absolute value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// At most [`small`](Small::SMALL).
    Small,
    /// Of any size.
    Any,
}

/// Floats that become integers by one addition: from [`ONES`](Self::ONES) up to twice as much, neighbours differ by one, so
/// that a number brought there is rounded, half to even, and stands in its last bits as an integer.
pub(crate) trait Small: Copy + PartialOrd {
    /// Where neighbours begin to differ by one.
    const ONES: Self;
    /// So far numbers may lie from the middle between there and twice as much.
    const SMALL: f64;

    /// A number that is small as a whole one, rounded so.
    fn to_whole(self, rounding: Rounding) -> i64;
}

/// Stamps the floats: their type, the integers of their size, and bits of their fraction.
macro_rules! small {
    ($($float:ident, $int:ident, $bits:literal;)+) => {$(
        impl Small for $float {
            const ONES: Self = (1u64 << $bits) as $float;
            const SMALL: f64 = (1u64 << ($bits - 1)) as f64;
            #[inline(always)]
            fn to_whole(self, rounding: Rounding) -> i64 {
                const MIDDLE: $float = 1.5 * <$float as Small>::ONES;
                let sum = match rounding {
                    Rounding::Nearest => self,
                    Rounding::TowardZero => self.trunc(),
                };
                (((sum + MIDDLE).to_bits() as $int).wrapping_sub(MIDDLE.to_bits() as $int)).into()
            }
        }
    )+};
}
small! { f32, i32, 23; f64, i64, 52; }

/// A small sum as an integer of a type that reaches from `low` to `high`, of which the caller takes as many bits as it has.
#[inline(always)]
pub(crate) fn narrow_small<A: Small>(sum: A, (low, high): (A, A), narrow: Narrow) -> i64 {
    // Written so that it is one instruction each, whatever a NaN would be.
    let sum = match narrow.overflow {
        Overflow::Wrap => sum,
        _ if sum < low => low,
        _ if sum > high => high,
        _ => sum,
    };
    sum.to_whole(narrow.rounding)
}

/// A whole float modulo 2^64, as two's complement.
#[inline(always)]
pub(crate) fn wrap(whole: f64) -> u64 {
    if whole.abs() < 2f64.powi(63) {
        return whole as i64 as u64;
    }
    // Exact: the remainder of two floats is a float, and a whole one below 2^64 is an i128.
    (whole % 2f64.powi(64)) as i128 as u64
}

#[cfg(test)]
mod tests {
    use super::{Rounding, wrap};

    #[test]
    fn sums_are_rounded_half_to_even_or_cut() {
        let sums = (-4000..4000).map(|i| f64::from(i) / 8.0);
        let ends = [51, 52, 53, 62].map(|bits| 2f64.powi(bits)).into_iter();
        let far = ends.flat_map(|end| [end - 2.5, end - 1.0, end - 0.5, end, end + 1.5, end + 2.0]);
        for sum in sums.chain(far).flat_map(|sum| [sum, -sum]) {
            assert_eq!(Rounding::Nearest.whole(sum), sum.round_ties_even(), "{sum}");
            assert_eq!(Rounding::TowardZero.whole(sum), sum.trunc(), "{sum}");
        }
        assert!(Rounding::Nearest.whole(f64::NAN).is_nan() && Rounding::TowardZero.whole(f64::NAN).is_nan());
    }

    #[test]
    fn negative_sums_wrap_exactly() {
        assert_eq!([-2.0, 3.0, -2f64.powi(64) - 4096.0].map(wrap), [u64::MAX - 1, 3, 0u64.wrapping_sub(4096)]);
        assert_eq!([2f64.powi(63), -2f64.powi(63), 2f64.powi(64)].map(wrap), [1 << 63, 1 << 63, 0]);
    }
}
