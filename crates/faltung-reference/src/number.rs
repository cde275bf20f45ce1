//! The numbers that can be summed.
//!
//! Whole numbers are the first choice of a test: `i128` never rounds, and overflow of so wide a type is a mistake in the
//! test, so it is left to Rust, which panics in builds that check arithmetic. `f64` and `f32` round as every
//! other program does. [`Complex`] is a pair of `f64`, exact too as long as its parts are small whole numbers.

/// What the definition asks of a number: a zero, a sum, a product, and for the gradients a conjugate.
pub trait Number: Copy {
    /// The neutral element of [`add`](Number::add).
    const ZERO: Self;

    /// `self + other`.
    fn add(self, other: Self) -> Self;

    /// `self * other`.
    fn mul(self, other: Self) -> Self;

    /// The complex conjugate: the number itself where it is real.
    fn conj(self) -> Self;

    /// The absolute value `|self|`, rounded to double precision.
    fn magnitude(self) -> f64;
}

macro_rules! real_numbers {
    ($($real:ty),*) => {$(
        impl Number for $real {
            const ZERO: Self = 0 as $real;
            fn add(self, other: Self) -> Self { self + other }
            fn mul(self, other: Self) -> Self { self * other }
            fn conj(self) -> Self { self }
            fn magnitude(self) -> f64 { self.abs() as f64 }
        }
    )*};
}

real_numbers!(i128, f64, f32);

/// The complex number `re + im i`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Complex {
    /// The real part.
    pub re: f64,
    /// The imaginary part.
    pub im: f64,
}

impl Number for Complex {
    const ZERO: Self = Complex { re: 0.0, im: 0.0 };

    fn add(self, other: Self) -> Self {
        Complex { re: self.re + other.re, im: self.im + other.im }
    }

    fn mul(self, other: Self) -> Self {
        Complex { re: self.re * other.re - self.im * other.im, im: self.re * other.im + self.im * other.re }
    }

    fn conj(self) -> Self {
        Complex { re: self.re, im: -self.im }
    }

    fn magnitude(self) -> f64 {
        self.re.hypot(self.im)
    }
}
