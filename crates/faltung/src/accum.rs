//! What sums are made in: a few types, each with its vectors and its transforms; and the lists of all of them.

use std::{fmt, sync::Arc};

use num_complex::Complex;

use crate::{
    Number, arch,
    line::Source,
    transform::{self, BlockCorrelator, Correlator, Size},
};

/// The kinds of sums, by the names that the list of storage types uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(non_camel_case_types)]
pub(crate) enum Sums {
    f32,
    f64,
    c64,
    c128,
    i64,
    i128,
}

/// A view as a source of each kind of sums that its samples widen into.
#[derive(Default)]
pub(crate) struct Sources<'a> {
    pub(crate) f32: Option<&'a dyn Source<f32>>,
    pub(crate) f64: Option<&'a dyn Source<f64>>,
    pub(crate) c64: Option<&'a dyn Source<Complex<f32>>>,
    pub(crate) c128: Option<&'a dyn Source<Complex<f64>>>,
    pub(crate) i64: Option<&'a dyn Source<i64>>,
    pub(crate) i128: Option<&'a dyn Source<i128>>,
}

/// A view as a place for each kind of sums that narrow into its samples.
#[derive(Default)]
pub(crate) struct Sinks<'a> {
    pub(crate) f32: Option<&'a dyn arch::Sink<f32>>,
    pub(crate) f64: Option<&'a dyn arch::Sink<f64>>,
    pub(crate) c64: Option<&'a dyn arch::Sink<Complex<f32>>>,
    pub(crate) c128: Option<&'a dyn arch::Sink<Complex<f64>>>,
    pub(crate) i64: Option<&'a dyn arch::Sink<i64>>,
    pub(crate) i128: Option<&'a dyn arch::Sink<i128>>,
}

/// A type that sums are made in.
pub(crate) trait Accum: bytemuck::Pod + Copy + PartialEq + fmt::Debug + Send + Sync + 'static {
    /// Its name.
    const NAME: &'static str;
    /// Nothing.
    const ZERO: Self;
    /// Twice the largest relative error of one operation; 0 where sums are always exact.
    const EPSILON: f64;
    /// Whole numbers up to here are exact and become samples without loss.
    const WHOLE: f64;
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
    /// A number, each of its parts of at most this absolute value. Integers always are.
    fn is_within(self, limit: Self::Real) -> bool;
    /// The absolute value, rounded.
    fn magnitude(self) -> f64;
    /// The nearest to a number; an imaginary part that it cannot hold is dropped.
    fn nearest(number: Number) -> Self;
    /// As a complex number of its transforms.
    fn to_spectral(self) -> Complex<Self::Real>;
    /// From a complex number of its transforms: the nearest.
    fn from_spectral(z: Complex<Self::Real>) -> Self;
    /// Correlates rows of them by transforms of so many complex numbers, where they are floats.
    fn correlator(_numbers: usize) -> Option<Arc<dyn Correlator<Self, Self::Real>>> {
        None
    }
    /// Correlates blocks of them by transforms of such sizes, where they are reals.
    fn block_correlator(_sizes: &[Size]) -> Option<Box<dyn BlockCorrelator<Self, Self::Real>>> {
        None
    }
    /// A view of samples as a source of these sums, if they widen into them.
    fn source(all: Sources<'_>) -> Option<&dyn Source<Self>>;
    /// A view to be written as a place for these sums, if they narrow into its samples.
    fn sink(all: Sinks<'_>) -> Option<&dyn arch::Sink<Self>>;
}

/// Stamps the accumulators that are floats, and the complex numbers of them.
macro_rules! float_accum {
    ($float:ident, $complex:ident, $whole:expr) => {
        impl Accum for $float {
            const NAME: &'static str = stringify!($float);
            const ZERO: Self = 0.0;
            const EPSILON: f64 = $float::EPSILON as f64;
            const WHOLE: f64 = $whole;
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
            #[inline(always)]
            fn is_within(self, limit: $float) -> bool {
                self.abs() <= limit
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
            fn correlator(numbers: usize) -> Option<Arc<dyn Correlator<Self, $float>>> {
                Some(transform::correlator(numbers))
            }
            fn block_correlator(sizes: &[Size]) -> Option<Box<dyn BlockCorrelator<$float, $float>>> {
                Some(transform::block_correlator(arch::level(), sizes))
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
            const WHOLE: f64 = 0.0;
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
            #[inline(always)]
            fn is_within(self, limit: $float) -> bool {
                (self.re.abs() <= limit) & (self.im.abs() <= limit)
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
            fn correlator(numbers: usize) -> Option<Arc<dyn Correlator<Self, $float>>> {
                Some(transform::correlator(numbers))
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
float_accum!(f32, c64, (1u64 << 24) as f64);
// Doubles hold twice and four times as much too, but become integers by another way there.
float_accum!(f64, c128, (1u64 << 51) as f64);

/// Stamps the accumulators that are integers: two's complement, and transforms in f64 under a proven bound.
macro_rules! whole_accum {
    ($int:ident, $lanes:ty) => {
        impl Accum for $int {
            const NAME: &'static str = stringify!($int);
            const ZERO: Self = 0;
            const EPSILON: f64 = 0.0;
            const WHOLE: f64 = f64::INFINITY;
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
            #[inline(always)]
            fn is_within(self, _: f64) -> bool {
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

#[cfg(test)]
mod tests {
    use super::{Accum, Complex};

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
}
