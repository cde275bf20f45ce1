//! Complex numbers of [`Number`]s, as far as rates and coefficients of exponentials need them.

use std::ops::{Add, Div, Mul, Neg, Sub};

use num_complex::Complex64;

use crate::Number;

/// A complex number that knows how well it is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Complex {
    /// The real part.
    pub(crate) re: Number,
    /// The imaginary part.
    pub(crate) im: Number,
}

impl Complex {
    /// Nothing.
    pub(crate) const ZERO: Complex = Complex { re: Number::ZERO, im: Number::ZERO };
    /// One.
    pub(crate) const ONE: Complex = Complex { re: Number::ONE, im: Number::ZERO };

    pub(crate) fn new(re: Number, im: Number) -> Complex {
        Complex { re, im }
    }

    /// A double-precision result that is off by no more than `error` in each part.
    pub(crate) fn near(value: Complex64, error: f64) -> Complex {
        Complex { re: Number::near(value.re, error), im: Number::near(value.im, error) }
    }

    pub(crate) fn value(self) -> Complex64 {
        Complex64::new(self.re.value(), self.im.value())
    }

    /// A bound on the distance of [`value`](Self::value) from the truth.
    pub(crate) fn error_of_value(self) -> f64 {
        self.re.error_of_value().hypot(self.im.error_of_value())
    }

    pub(crate) fn is_zero(self) -> bool {
        self.re.is_zero() && self.im.is_zero()
    }

    pub(crate) fn is_exactly_zero(self) -> bool {
        self.re.is_exactly_zero() && self.im.is_exactly_zero()
    }

    pub(crate) fn is_real(self) -> bool {
        self.im.is_zero()
    }

    pub(crate) fn is_finite(self) -> bool {
        self.re.is_finite() && self.im.is_finite()
    }

    pub(crate) fn conjugate(self) -> Complex {
        Complex { re: self.re, im: -self.im }
    }

    pub(crate) fn times(self, factor: Number) -> Complex {
        Complex { re: self.re * factor, im: self.im * factor }
    }

    pub(crate) fn power(self, exponent: u32) -> Complex {
        (0..exponent).fold(Complex::ONE, |product, _| product * self)
    }

    /// e to the power of `self`.
    pub(crate) fn exp(self) -> Complex {
        let size = self.re.exp();
        Complex { re: size * self.im.cos(), im: size * self.im.sin() }
    }
}

impl From<Number> for Complex {
    fn from(re: Number) -> Complex {
        Complex { re, im: Number::ZERO }
    }
}

impl Add for Complex {
    type Output = Complex;

    fn add(self, other: Complex) -> Complex {
        Complex { re: self.re + other.re, im: self.im + other.im }
    }
}

impl Sub for Complex {
    type Output = Complex;

    fn sub(self, other: Complex) -> Complex {
        self + -other
    }
}

impl Neg for Complex {
    type Output = Complex;

    fn neg(self) -> Complex {
        Complex { re: -self.re, im: -self.im }
    }
}

impl Mul for Complex {
    type Output = Complex;

    fn mul(self, other: Complex) -> Complex {
        Complex { re: self.re * other.re - self.im * other.im, im: self.re * other.im + self.im * other.re }
    }
}

impl Div for Complex {
    type Output = Complex;

    fn div(self, other: Complex) -> Complex {
        if other.im.is_exactly_zero() {
            return Complex { re: self.re / other.re, im: self.im / other.re };
        }
        let square = other.re * other.re + other.im * other.im;
        let product = self * other.conjugate();
        Complex { re: product.re / square, im: product.im / square }
    }
}
