//! Numbers as users write them: boundary constants, weights, samples whose type is known at run time only.

use std::{fmt, str::FromStr};

use num_complex::Complex;

use crate::{Error, Result};

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

/// A whole, real or complex number (`3`, `0.5`, `1+2i`).
impl FromStr for Number {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        let text = text.trim();
        let whole = text.parse().map(Number::Whole).ok();
        let real = || text.parse().map(Number::Real).ok();
        let complex = || text.parse::<Complex<f64>>().map(Number::Complex).ok();
        // Digits that come to infinity are a number that no float holds.
        let beyond = |n: &Number| {
            let z = n.to_complex();
            (z.re.is_infinite() || z.im.is_infinite()) && text.contains(|c: char| c.is_ascii_digit())
        };
        whole.or_else(real).or_else(complex).filter(|n| !beyond(n)).ok_or_else(|| Error::Word {
            what: "number",
            word: text.to_owned(),
            suggestion: None,
            expected: "a number that a double holds, such as 3, 0.5 or 1+2i".to_owned(),
        })
    }
}
