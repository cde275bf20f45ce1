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
//! | u8 ... u64, i8 ... i64, whole weights | i64 modulo 2^64, exact wherever the result fits; i128 to saturate beyond that |
//! | u8 ... u64, i8 ... i64, real weights | f64, rounded as [`Rounding`](crate::Rounding) says |
//!
//! Adding a storage type is one `impl` by the macros below and one line in the list of [`Dtype`]s in `any.rs`.

use std::fmt;

use half::{bf16, f16};
use num_complex::Complex;

use crate::{Accum, Dtype, Narrow, Number, Overflow, narrow::wrap};

/// A type that memory may hold. What its sums are made in follows from it and from the weights:
///
/// | samples | sums |
/// |---|---|
/// | f16, bf16, f32 | f32 |
/// | f64 | f64 |
/// | complex of f32 or f64 | the same |
/// | integers, whole weights | i64 modulo 2^64, exact wherever the result fits; i128 to saturate beyond that |
/// | integers, real weights | f64, rounded as [`Rounding`](crate::Rounding) says |
///
/// The trait cannot be implemented outside this crate.
///
/// ```
/// use faltung::{Dtype, Sample};
/// assert_eq!(u8::DTYPE, Dtype::U8);
/// assert_eq!(half::f16::DTYPE.to_string(), "f16");
/// ```
pub trait Sample: crate::any::Listed + Copy + Default + PartialEq + fmt::Debug + Send + Sync + 'static {
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
}

/// How `Self` in memory becomes sums of type `A`, and sums become it.
pub(crate) trait Stored<A: Accum>: Sample {
    /// The value as a sum, exact (but for 64-bit integers in f64: nearest).
    fn widen(self) -> A;
    /// The sum as a value: floats to nearest, half to even; integers as `narrow` says.
    fn narrow(sum: A, narrow: Narrow) -> Self;
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

/// Stamps the integers: whole sums modulo 2^64, whole sums without end, and real sums.
macro_rules! stored_whole {
    ($($int:ident, $dtype:ident;)+) => {$(
        impl Sample for $int {
            const DTYPE: Dtype = Dtype::$dtype;
            fn number(self) -> Number { Number::Whole(self.into()) }
            fn nearest(number: Number) -> Self { <i128 as Accum>::nearest(number) as $int }
            fn plus(self, other: Self) -> Self { self.wrapping_add(other) }
            #[inline(always)]
            fn swapped(self) -> Self { self.swap_bytes() }
        }
        impl Stored<i64> for $int {
            #[inline(always)]
            fn widen(self) -> i64 { self as i64 }
            #[inline(always)]
            fn narrow(sum: i64, narrow: Narrow) -> Self {
                match narrow.overflow {
                    Overflow::Saturate => (sum as i128).clamp($int::MIN as i128, $int::MAX as i128) as $int,
                    _ => sum as $int,
                }
            }
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
        impl Stored<f64> for $int {
            #[inline(always)]
            fn widen(self) -> f64 { self as f64 }
            #[inline(always)]
            fn narrow(sum: f64, narrow: Narrow) -> Self {
                let rounded = narrow.rounding.whole(sum);
                match narrow.overflow {
                    Overflow::Wrap => wrap(rounded) as $int,
                    _ => rounded as $int,
                }
            }
        }
    )+};
}
stored_whole! { u8, U8; u16, U16; u32, U32; u64, U64; i8, I8; i16, I16; i32, I32; i64, I64; }
