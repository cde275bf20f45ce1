//! What memory holds and what sums are made in.
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
//! | u8 ... u64, i8 ... i64, real weights | f64, rounded as [`Rounding`] says |
//!
//! Adding a storage type is one `impl` by the macros below and one line in the list of [`Dtype`]s in `any.rs`.

use std::fmt;

use half::{bf16, f16};
use num_complex::Complex;

use crate::{
    Dtype,
    any::{Sinks, Sources},
    arch,
    error::words,
    line::Source,
};

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
}

/// A number as the user writes it: exact where it is whole.
///
/// ```
/// use faltung::Number;
/// assert_eq!("9007199254740993".parse(), Ok(Number::Whole((1 << 53) + 1))); // no double holds it
/// assert_eq!("0.5".parse(), Ok(Number::Real(0.5)));
/// assert_eq!("1+2i".parse(), Ok(Number::Complex(faltung::Complex::new(1.0, 2.0))));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Number {
    /// A whole number.
    Whole(i128),
    /// A real number.
    Real(f64),
    /// A complex number.
    Complex(Complex<f64>),
}

impl Number {
    /// The nearest complex number.
    ///
    /// ```
    /// assert_eq!(faltung::Number::Whole(3).to_complex(), faltung::Complex::new(3.0, 0.0));
    /// ```
    pub fn to_complex(self) -> Complex<f64> {
        match self {
            Number::Whole(n) => Complex::new(n as f64, 0.0),
            Number::Real(r) => Complex::new(r, 0.0),
            Number::Complex(z) => z,
        }
    }

    /// Whether it is zero.
    ///
    /// ```
    /// assert!(faltung::Number::Real(-0.0).is_zero() && !faltung::Number::Real(1e-300).is_zero());
    /// ```
    pub fn is_zero(self) -> bool {
        self.to_complex() == Complex::new(0.0, 0.0)
    }

    /// The whole number that it is, if it is one (a real one of less than 2^126).
    ///
    /// ```
    /// use faltung::Number;
    /// assert_eq!((Number::Real(3.0).whole(), Number::Real(3.5).whole()), (Some(3), None));
    /// ```
    pub fn whole(self) -> Option<i128> {
        match self {
            Number::Whole(n) => Some(n),
            Number::Real(r) if r.fract() == 0.0 && r.abs() < 2f64.powi(126) => Some(r as i128),
            _ => None,
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Number::Whole(n) => n.fmt(f),
            Number::Real(r) => r.fmt(f),
            Number::Complex(z) => z.fmt(f),
        }
    }
}

/// A type that memory may hold. What its sums are made in follows from it and from the weights:
///
/// | samples | sums |
/// |---|---|
/// | f16, bf16, f32 | f32 |
/// | f64 | f64 |
/// | complex of f32 or f64 | the same |
/// | integers, whole weights | i64 modulo 2^64, exact wherever the result fits; i128 to saturate beyond that |
/// | integers, real weights | f64, rounded as [`Rounding`] says |
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
}

/// A type that sums are made in.
pub(crate) trait Accum: Copy + PartialEq + fmt::Debug + Send + Sync + 'static {
    /// Its name.
    const NAME: &'static str;
    /// Nothing.
    const ZERO: Self;
    /// Twice the largest relative error of one operation; 0 where sums are exact.
    const EPSILON: f64;
    /// Whether conjugation does anything.
    const COMPLEX: bool;
    /// The reals in which its transforms are made.
    type Real: crate::transform::Float;
    /// Its vectors in an instruction set.
    type Lanes<S: arch::Simd>: arch::Lanes<S, Self>;

    /// The sum; integers wrap.
    fn plus(self, other: Self) -> Self;
    /// The product; integers wrap.
    fn times(self, other: Self) -> Self;
    /// The quotient, if it is exact or rounding is allowed to it.
    fn over(self, other: Self) -> Option<Self>;
    /// Neither infinite nor NaN.
    fn is_finite(self) -> bool;
    /// The absolute value, rounded.
    fn magnitude(self) -> f64;
    /// The nearest to a number; an imaginary part that it cannot hold is dropped.
    fn nearest(number: Number) -> Self;
    /// As a complex number of its transforms.
    fn to_spectral(self) -> Complex<Self::Real>;
    /// From a complex number of its transforms: the nearest.
    fn from_spectral(z: Complex<Self::Real>) -> Self;
    /// A view of samples as a source of these sums, if they widen into them.
    fn source(all: Sources<'_>) -> Option<&dyn Source<Self>>;
    /// A view to be written as a place for these sums, if they narrow into its samples.
    fn sink(all: Sinks<'_>) -> Option<&dyn arch::Sink<Self>>;
}

/// Stamps the accumulators that are floats, and the complex numbers of them.
macro_rules! float_accum {
    ($float:ident, $complex:ident) => {
        impl Accum for $float {
            const NAME: &'static str = stringify!($float);
            const ZERO: Self = 0.0;
            const EPSILON: f64 = $float::EPSILON as f64;
            const COMPLEX: bool = false;
            type Real = $float;
            type Lanes<S: arch::Simd> = arch::Real<S, $float>;
            #[inline(always)]
            fn plus(self, other: Self) -> Self {
                self + other
            }
            #[inline(always)]
            fn times(self, other: Self) -> Self {
                self * other
            }
            fn over(self, other: Self) -> Option<Self> {
                Some(self / other)
            }
            #[inline(always)]
            fn is_finite(self) -> bool {
                $float::is_finite(self)
            }
            fn magnitude(self) -> f64 {
                self.abs() as f64
            }
            fn nearest(number: Number) -> Self {
                match number {
                    Number::Whole(n) => n as $float,
                    Number::Real(r) => r as $float,
                    Number::Complex(z) => z.re as $float,
                }
            }
            #[inline(always)]
            fn to_spectral(self) -> Complex<$float> {
                Complex::new(self, 0.0)
            }
            #[inline(always)]
            fn from_spectral(z: Complex<$float>) -> Self {
                z.re
            }
            fn source(all: Sources<'_>) -> Option<&dyn Source<Self>> {
                all.$float
            }
            fn sink(all: Sinks<'_>) -> Option<&dyn arch::Sink<Self>> {
                all.$float
            }
        }

        impl Accum for Complex<$float> {
            const NAME: &'static str = concat!("complex ", stringify!($float));
            const ZERO: Self = Complex::new(0.0, 0.0);
            const EPSILON: f64 = $float::EPSILON as f64;
            const COMPLEX: bool = true;
            type Real = $float;
            type Lanes<S: arch::Simd> = arch::Pair<S, $float>;
            #[inline(always)]
            fn plus(self, other: Self) -> Self {
                self + other
            }
            #[inline(always)]
            fn times(self, other: Self) -> Self {
                self * other
            }
            fn over(self, other: Self) -> Option<Self> {
                // Brought near one first: the quotient is formed by squares, which would leave the range.
                let scale = other.re.abs().max(other.im.abs());
                Some((self / scale) / (other / scale))
            }
            #[inline(always)]
            fn is_finite(self) -> bool {
                self.re.is_finite() && self.im.is_finite()
            }
            fn magnitude(self) -> f64 {
                Complex::new(self.re as f64, self.im as f64).norm()
            }
            fn nearest(number: Number) -> Self {
                let z = number.to_complex();
                Complex::new(z.re as $float, z.im as $float)
            }
            #[inline(always)]
            fn to_spectral(self) -> Complex<$float> {
                self
            }
            #[inline(always)]
            fn from_spectral(z: Complex<$float>) -> Self {
                z
            }
            fn source(all: Sources<'_>) -> Option<&dyn Source<Self>> {
                all.$complex
            }
            fn sink(all: Sinks<'_>) -> Option<&dyn arch::Sink<Self>> {
                all.$complex
            }
        }
    };
}
float_accum!(f32, c64);
float_accum!(f64, c128);

/// Stamps the accumulators that are integers: two's complement, and transforms in f64 under a proven bound.
macro_rules! whole_accum {
    ($int:ident, $lanes:ty) => {
        impl Accum for $int {
            const NAME: &'static str = stringify!($int);
            const ZERO: Self = 0;
            const EPSILON: f64 = 0.0;
            const COMPLEX: bool = false;
            type Real = f64;
            type Lanes<S: arch::Simd> = $lanes;
            #[inline(always)]
            fn plus(self, other: Self) -> Self {
                self.wrapping_add(other)
            }
            #[inline(always)]
            fn times(self, other: Self) -> Self {
                self.wrapping_mul(other)
            }
            fn over(self, other: Self) -> Option<Self> {
                (self.checked_rem(other)? == 0).then(|| self / other)
            }
            #[inline(always)]
            fn is_finite(self) -> bool {
                true
            }
            fn magnitude(self) -> f64 {
                self.unsigned_abs() as f64
            }
            fn nearest(number: Number) -> Self {
                match number {
                    Number::Whole(n) => n as $int,
                    Number::Real(r) => r.round_ties_even() as i128 as $int,
                    Number::Complex(z) => z.re.round_ties_even() as i128 as $int,
                }
            }
            #[inline(always)]
            fn to_spectral(self) -> Complex<f64> {
                Complex::new(self as f64, 0.0)
            }
            #[inline(always)]
            fn from_spectral(z: Complex<f64>) -> Self {
                z.re.round_ties_even() as $int
            }
            fn source(all: Sources<'_>) -> Option<&dyn Source<Self>> {
                all.$int
            }
            fn sink(all: Sinks<'_>) -> Option<&dyn arch::Sink<Self>> {
                all.$int
            }
        }
    };
}
whole_accum!(i64, arch::Whole<S>);
whole_accum!(i128, arch::One<i128>);

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

/// A whole float modulo 2^64, as two's complement.
#[inline(always)]
fn wrap(whole: f64) -> u64 {
    if whole.abs() < 2f64.powi(63) {
        return whole as i64 as u64;
    }
    // Exact: the remainder of two floats is a float, and a whole one below 2^64 is an i128.
    (whole % 2f64.powi(64)) as i128 as u64
}

#[cfg(test)]
mod tests {
    use super::{Accum, Complex, Rounding, wrap};

    #[test]
    fn complex_quotients_are_right_at_any_scale() {
        for scale in [1.0, 1e-30, 1e30f32] {
            for (a, b) in [((1.0, 7.0), (1.0, 2.0)), ((7.0, -1.0), (-2.0, 1.0)), ((0.0, -8.0), (0.0, 4.0))] {
                let (a, b) = (Complex::new(a.0, a.1) * scale, Complex::new(b.0, b.1) * scale);
                let quotient = a.over(b).unwrap();
                assert!((quotient * b - a).norm() <= 4.0 * f32::EPSILON * a.norm(), "{a} / {b} = {quotient}");
            }
        }
    }

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
