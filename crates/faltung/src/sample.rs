//! What memory holds, and how it becomes sums and sums become it.
//!
//! Memory holds many types ([`Sample`]), sums are made in few ([`Accum`]): a stored type widens into an accumulator on
//! the way in and narrows on the way out, and everything between knows accumulators only.
//!
//! | stored | sums |
//! |---|---|
//! | f16, bf16, f32 | f32 |
//! | f64 | f64 |
//! | c64, c128 (complex of f32, f64) | the same |
//! | integers, whole weights | exact: f32 up to 2^24, f64 up to 2^51, else i64 modulo 2^64; i128 to saturate beyond |
//! | integers, real weights | f64, or f32 with the same integers after rounding, see `settle.rs` |
//!
//! Adding a storage type is one `impl` by the macros below and one line in the list of [`Dtype`]s in `any.rs`.

use std::fmt;

use half::{bf16, f16};
use num_complex::Complex;

use crate::{
    Accum, Dtype, Narrow, Number, Overflow,
    micro::convert::{each, ends, narrow_all},
    narrow::{Reach, narrow_small, wrap},
};

/// A type that memory may hold. What its sums are made in follows from it and from the weights:
///
/// | samples | sums |
/// |---|---|
/// | f16, bf16, f32 | f32 |
/// | f64 | f64 |
/// | complex of f32 or f64 | the same |
/// | integers, whole weights | whole numbers, exact wherever the result fits: see below |
/// | integers, real weights | f64, rounded as [`Rounding`](crate::Rounding) says |
///
/// With real weights, sums are made in f32 too where numbers are small and only few sums come so near a half (or, where they are
/// cut, a whole number) that f32 might round them otherwise; these few are made again in f64. The result is the same to the bit as if
/// all sums of the direct algorithm had been made in f64.
///
/// Sums of whole numbers are made in f32 where no part of any can exceed 2^24, for that is known beforehand from the range of the
/// samples and the weights; in f64 up to 2^51; beyond that in i64 modulo 2^64, and in i128 to saturate beyond that. The
/// result is the same to the bit; [`Spec::range`](crate::Spec::range) and [`Plan::for_data`](crate::Plan::for_data) tell a plan
/// of a range smaller than the type's.
///
/// The trait cannot be implemented outside this crate.
///
/// ```
/// use faltung::{Dtype, Sample};
/// assert_eq!(u8::DTYPE, Dtype::U8);
/// assert_eq!(half::f16::DTYPE.to_string(), "f16");
/// ```
pub trait Sample:
    crate::any::Listed + bytemuck::Zeroable + Copy + Default + PartialEq + fmt::Debug + Send + Sync + 'static
{
    /// Its place in the list of types.
    const DTYPE: Dtype;

    /// As a number, exactly.
    ///
    /// ```
    /// use faltung::{Number, Sample};
    /// assert_eq!((7u8.number(), 0.5f32.number()), (Number::Whole(7), Number::Real(0.5)));
    /// ```
    fn number(self) -> Number;
    /// The nearest to a number, half to even; integers wrap, and an imaginary part that it cannot hold is dropped.
    ///
    /// ```
    /// use faltung::{Number, Sample};
    /// assert_eq!((u8::nearest(Number::Real(2.5)), u8::nearest(Number::Whole(257))), (2, 1));
    /// ```
    fn nearest(number: Number) -> Self;
    /// The sum; integers wrap.
    ///
    /// ```
    /// assert_eq!(faltung::Sample::plus(200u8, 100), 44);
    /// ```
    fn plus(self, other: Self) -> Self;
    /// The number whose bytes are these in the other order, each part of a complex one for itself.
    ///
    /// ```
    /// use faltung::Sample;
    /// assert_eq!((0x0102u16.swapped(), 0.5f32.swapped().swapped()), (0x0201, 0.5));
    /// ```
    fn swapped(self) -> Self;
    /// Least and greatest of integers; `None` of other numbers, and of none.
    ///
    /// ```
    /// use faltung::Sample;
    /// assert_eq!((i8::extent(&[3, -5, 4]), f32::extent(&[3.0])), (Some((-5, 4)), None));
    /// ```
    fn extent(_: &[Self]) -> Option<(i128, i128)> {
        None
    }
}

/// How `Self` in memory becomes sums of type `A`, and sums become it.
pub(crate) trait Stored<A: Accum>: Sample {
    /// The value as a sum, exact (but for 64-bit integers in f64: nearest).
    fn widen(self) -> A;
    /// The sum as a value: floats to nearest, half to even; integers as `narrow` says.
    fn narrow(sum: A, narrow: Narrow) -> Self;
    /// All values as sums.
    fn widen_all(all: &[Self], sums: &mut [A]) {
        sums.iter_mut().zip(all).for_each(|(sum, sample)| *sum = sample.widen());
    }
    /// All sums as values.
    fn narrow_all(sums: &[A], all: &mut [Self], narrow: Narrow) {
        all.iter_mut().zip(sums).for_each(|(sample, &sum)| *sample = Self::narrow(sum, narrow));
    }
    /// The memory itself, where it holds sums already.
    fn as_sums(_: &[Self]) -> Option<&[A]> {
        None
    }
    /// Where to write such memory.
    fn as_sums_to_write(_: *mut Self) -> Option<*mut A> {
        None
    }
}

/// Stamps the types whose memory holds sums already.
macro_rules! stored_as_sums {
    ($($sample:ty, $dtype:ident, $number:expr, $swapped:expr;)+) => {$(
        impl Sample for $sample {
            const DTYPE: Dtype = Dtype::$dtype;
            fn number(self) -> Number { $number(self) }
            fn nearest(number: Number) -> Self { <$sample as Accum>::nearest(number) }
            fn plus(self, other: Self) -> Self { self + other }
            #[inline(always)]
            fn swapped(self) -> Self { $swapped(self) }
        }
        impl Stored<$sample> for $sample {
            #[inline(always)]
            fn widen(self) -> $sample { self }
            #[inline(always)]
            fn narrow(sum: $sample, _: Narrow) -> Self { sum }
            fn widen_all(all: &[Self], sums: &mut [$sample]) { sums.copy_from_slice(all); }
            fn narrow_all(sums: &[$sample], all: &mut [Self], _: Narrow) { all.copy_from_slice(sums); }
            fn as_sums(all: &[Self]) -> Option<&[$sample]> { Some(all) }
            fn as_sums_to_write(start: *mut Self) -> Option<*mut $sample> { Some(start) }
        }
    )+};
}
stored_as_sums! {
    f32, F32, |x: f32| Number::Real(x.into()), |x: f32| f32::from_bits(x.to_bits().swap_bytes());
    f64, F64, Number::Real, |x: f64| f64::from_bits(x.to_bits().swap_bytes());
    Complex<f32>, C64, |z: Complex<f32>| Number::Complex(Complex::new(z.re.into(), z.im.into())), both;
    Complex<f64>, C128, Number::Complex, both;
}

/// Both parts with their bytes in the other order.
#[inline(always)]
fn both<T: Sample>(z: Complex<T>) -> Complex<T> {
    Complex { re: z.re.swapped(), im: z.im.swapped() }
}

/// Stamps the half-precision floats, which are stored only.
macro_rules! stored_half {
    ($($half:ident, $dtype:ident;)+) => {$(
        impl Sample for $half {
            const DTYPE: Dtype = Dtype::$dtype;
            fn number(self) -> Number { Number::Real(self.to_f64()) }
            fn nearest(number: Number) -> Self { $half::from_f64(number.to_complex().re) }
            fn plus(self, other: Self) -> Self { self + other }
            #[inline(always)]
            fn swapped(self) -> Self { $half::from_bits(self.to_bits().swap_bytes()) }
        }
        impl Stored<f32> for $half {
            #[inline(always)]
            fn widen(self) -> f32 { self.to_f32() }
            #[inline(always)]
            fn narrow(sum: f32, _: Narrow) -> Self { $half::from_f32(sum) }
        }
    )+};
}
stored_half! { f16, F16; bf16, Bf16; }

/// Rows of integers from and to sums that have vectors.
macro_rules! whole_rows {
    ($sum:ident) => {
        fn widen_all(all: &[Self], sums: &mut [$sum]) {
            each(all, sums, <Self as Stored<$sum>>::widen);
        }
        fn narrow_all(sums: &[$sum], all: &mut [Self], narrow: Narrow) {
            narrow_all(sums, all, narrow);
        }
    };
}

/// Stamps the integers: sums in floats, whole sums modulo 2^64, and whole sums without end.
macro_rules! stored_whole {
    ($($int:ident, $dtype:ident;)+) => {$(
        impl Sample for $int {
            const DTYPE: Dtype = Dtype::$dtype;
            fn number(self) -> Number { Number::Whole(self.into()) }
            fn nearest(number: Number) -> Self { <i128 as Accum>::nearest(number) as $int }
            fn plus(self, other: Self) -> Self { self.wrapping_add(other) }
            #[inline(always)]
            fn swapped(self) -> Self { self.swap_bytes() }
            fn extent(all: &[Self]) -> Option<(i128, i128)> {
                ends(all).map(|(least, most)| (least.into(), most.into()))
            }
        }
        impl Stored<f32> for $int {
            #[inline(always)]
            fn widen(self) -> f32 {
                // Vectors of 32 bits have an instruction for it, and what a plan brings here is below 2^24.
                self as i32 as f32
            }
            #[inline(always)]
            fn narrow(sum: f32, narrow: Narrow) -> Self {
                match narrow.reach {
                    Reach::Small => narrow_small(sum, ($int::MIN as f32, $int::MAX as f32), narrow) as $int,
                    // Exact as a double, and there it is small.
                    Reach::Any => narrow_small(f64::from(sum), ($int::MIN as f64, $int::MAX as f64), narrow) as $int,
                }
            }
            whole_rows!(f32);
        }
        impl Stored<f64> for $int {
            #[inline(always)]
            fn widen(self) -> f64 { self as f64 }
            #[inline(always)]
            fn narrow(sum: f64, narrow: Narrow) -> Self {
                match (narrow.reach, narrow.overflow) {
                    (Reach::Small, _) => narrow_small(sum, ($int::MIN as f64, $int::MAX as f64), narrow) as $int,
                    (Reach::Any, Overflow::Wrap) => wrap(narrow.rounding.whole(sum)) as $int,
                    (Reach::Any, _) => narrow.rounding.whole(sum) as $int,
                }
            }
            whole_rows!(f64);
        }
        impl Stored<i64> for $int {
            #[inline(always)]
            fn widen(self) -> i64 { self as i64 }
            #[inline(always)]
            fn narrow(sum: i64, narrow: Narrow) -> Self {
                /// The ends of the type, or of the sums where those are nearer.
                const LEAST: i64 = if ($int::MIN as i128) < i64::MIN as i128 { i64::MIN } else { $int::MIN as i64 };
                const MOST: i64 = if ($int::MAX as i128) > i64::MAX as i128 { i64::MAX } else { $int::MAX as i64 };
                match narrow.overflow {
                    Overflow::Saturate => sum.clamp(LEAST, MOST) as $int,
                    _ => sum as $int,
                }
            }
            whole_rows!(i64);
        }
        impl Stored<i128> for $int {
            #[inline(always)]
            fn widen(self) -> i128 { self as i128 }
            #[inline(always)]
            fn narrow(sum: i128, narrow: Narrow) -> Self {
                match narrow.overflow {
                    Overflow::Saturate => sum.clamp($int::MIN as i128, $int::MAX as i128) as $int,
                    _ => sum as $int,
                }
            }
        }
    )+};
}

stored_whole! { u8, U8; u16, U16; u32, U32; u64, U64; i8, I8; i16, I16; i32, I32; i64, I64; }
