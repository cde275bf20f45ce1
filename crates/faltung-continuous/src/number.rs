//! Numbers that know how well they are known.
//!
//! A [`Number`] is a rational while it can be one, so that a third stays a third and sums of thirds are whole. Where it cannot,
//! because it came from an exponential or outgrew 128 bits, it is a double with a bound on its error, and arithmetic carries the
//! bound along:
//!
//! ```text
//! error(a + b) = error(a) + error(b) + u |a + b|
//! error(a b)   = |a| error(b) + |b| error(a) + error(a) error(b) + u |a b|          u = 2^-52
//! ```
//!
//! A sum that cannot be told from zero is zero, with that bound: terms that cancel disappear from formulas, and what they may
//! have left behind stays in the bound. By the same rule two numbers are equal if nothing tells them apart.

use std::{
    cmp::Ordering,
    ops::{Add, Div, Mul, Neg, Sub},
};

use num_rational::Ratio;
use num_traits::{CheckedAdd, CheckedDiv, CheckedMul, Signed, Zero};

/// The relative error of one operation, twice what rounding to nearest makes.
const ROUNDING: f64 = f64::EPSILON;

/// A real number: a rational, or a double with a bound on its error.
///
/// ```
/// use faltung_continuous::Number;
///
/// let third = Number::fraction(1, 3);
/// assert_eq!((third + third + third).value(), 1.0);
/// assert_eq!((third.to_string(), third.error()), ("1/3".into(), 0.0));
/// assert!(third.exp().error() < 1e-15);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Number(Kind);

#[derive(Clone, Copy, Debug)]
enum Kind {
    Exact(Ratio<i128>),
    Approximate { value: f64, error: f64 },
}

use Kind::{Approximate, Exact};

impl Number {
    /// Nothing.
    pub const ZERO: Number = Number(Exact(Ratio::new_raw(0, 1)));
    /// One.
    pub const ONE: Number = Number(Exact(Ratio::new_raw(1, 1)));

    /// A whole number.
    pub fn whole(number: i64) -> Number {
        Number(Exact(Ratio::from_integer(number.into())))
    }

    /// `(-1)^power`.
    pub(crate) fn alternating(power: u32) -> Number {
        Number::whole(if power.is_multiple_of(2) { 1 } else { -1 })
    }

    /// A fraction; not a number if `denominator` is 0.
    pub fn fraction(numerator: i64, denominator: i64) -> Number {
        match denominator {
            0 => Number::near(f64::NAN, 0.0),
            _ => Number(Exact(Ratio::new(numerator.into(), denominator.into()))),
        }
    }

    /// A double, as the rational that it is: 0.5 is one half, and 0.1 what the double 0.1 holds.
    pub fn of(value: f64) -> Number {
        let exact = Ratio::<i128>::approximate_float(value).filter(|ratio| same_double(*ratio, value));
        match exact {
            Some(ratio) => Number(Exact(ratio)),
            None => Number::near(value, 0.0),
        }
    }

    /// A double that is known to within `error`.
    pub fn near(value: f64, error: f64) -> Number {
        Number(Approximate { value, error })
    }

    /// The ratio of a circle's circumference to its diameter.
    pub fn pi() -> Number {
        Number::near(std::f64::consts::PI, ROUNDING)
    }

    /// A decimal number as it is written, exactly: `0.1` is a tenth. `None` if `text` is none.
    pub fn read(text: &str) -> Option<Number> {
        let value: f64 = text.parse().ok()?;
        let exact = decimal(text).filter(moderate).map(|ratio| Number(Exact(ratio)));
        let near = || Number::near(value, ROUNDING * value.abs() + underflow(value));
        Some(exact.unwrap_or_else(near))
    }

    /// The nearest double.
    pub fn value(self) -> f64 {
        match self.0 {
            Exact(ratio) => double(ratio),
            Approximate { value, .. } => value,
        }
    }

    /// How far the number may be from the truth: 0 for rationals.
    pub fn error(self) -> f64 {
        match self.0 {
            Exact(_) => 0.0,
            Approximate { error, .. } => error,
        }
    }

    /// How far [`value`](Self::value) may be from the truth.
    pub fn error_of_value(self) -> f64 {
        match self.0 {
            Exact(ratio) if ratio.is_integer() && ratio.numer().abs() < 1 << 53 => 0.0,
            // Numerator, denominator and quotient are rounded.
            Exact(_) => 2.0 * ROUNDING * self.value().abs(),
            Approximate { error, .. } => error,
        }
    }

    /// Numerator and denominator, if the number is a rational.
    pub fn as_fraction(self) -> Option<(i128, i128)> {
        match self.0 {
            Exact(ratio) => Some((*ratio.numer(), *ratio.denom())),
            Approximate { .. } => None,
        }
    }

    /// Whether the number cannot be told from zero.
    pub fn is_zero(self) -> bool {
        match self.0 {
            Exact(ratio) => ratio.is_zero(),
            // What has left the doubles may be anything, and is not to disappear.
            Approximate { value, error } => value.abs() <= error && error.is_finite(),
        }
    }

    /// Whether it is zero and nothing else.
    pub(crate) fn is_exactly_zero(self) -> bool {
        matches!(self.0, Exact(ratio) if ratio.is_zero())
    }

    /// Whether the number is the rational 1.
    pub(crate) fn is_one(self) -> bool {
        self.as_fraction() == Some((1, 1))
    }

    /// Whether it is a number that a double can hold.
    pub(crate) fn is_finite(self) -> bool {
        self.value().is_finite() && self.error().is_finite()
    }

    /// -1, 0 or 1; 0 where the sign cannot be told.
    pub(crate) fn sign(self) -> i32 {
        match self.is_zero() {
            true => 0,
            false if self.value() < 0.0 => -1,
            false => 1,
        }
    }

    /// Without its sign.
    pub fn abs(self) -> Number {
        if self.value() < 0.0 { -self } else { self }
    }

    /// `self` to the power of a whole number.
    pub(crate) fn power(self, exponent: u32) -> Number {
        (0..exponent).fold(Number::ONE, |product, _| product * self)
    }

    /// e to the power of `self`.
    pub fn exp(self) -> Number {
        if self.is_exactly_zero() {
            return Number::ONE;
        }
        let value = self.value().exp();
        Number::near(value, value * (self.error_of_value().exp_m1() + 2.0 * ROUNDING) + underflow(value))
    }

    /// The natural logarithm; not a number unless `self` is above zero.
    pub fn ln(self) -> Number {
        if self.is_one() {
            return Number::ZERO;
        }
        let value = self.value().ln();
        Number::near(value, self.error_of_value() / self.value() * 2.0 + 2.0 * ROUNDING * value.abs())
    }

    /// The square root, exact for squares of rationals; not a number below zero.
    pub fn sqrt(self) -> Number {
        let root =
            |whole: i128| Some(whole).filter(|&n| n >= 0).map(i128::isqrt).filter(|&r| r.checked_mul(r) == Some(whole));
        if let Exact(ratio) = self.0
            && let (Some(numerator), Some(denominator)) = (root(*ratio.numer()), root(*ratio.denom()))
        {
            return Number(Exact(Ratio::new(numerator, denominator)));
        }
        let value = self.value().sqrt();
        Number::near(value, self.error_of_value() / value + ROUNDING * value)
    }

    /// The error function.
    pub(crate) fn erf(self) -> Number {
        if self.is_exactly_zero() {
            return Number::ZERO;
        }
        let value = libm::erf(self.value());
        Number::near(value, 1.2 * self.error_of_value() + 2.0 * ROUNDING * value.abs())
    }

    /// The cosine of an angle in radians.
    pub fn cos(self) -> Number {
        match self.is_exactly_zero() {
            true => Number::ONE,
            false => Number::near(self.value().cos(), self.error_of_value() + ROUNDING).settled(),
        }
    }

    /// The sine of an angle in radians.
    pub fn sin(self) -> Number {
        match self.is_exactly_zero() {
            true => Number::ZERO,
            false => Number::near(self.value().sin(), self.error_of_value() + ROUNDING).settled(),
        }
    }

    /// What cannot be told from zero, as zero.
    fn settled(self) -> Number {
        match self.0 {
            Approximate { value, error } if self.is_zero() => Number::near(0.0, value.abs() + error),
            _ => self,
        }
    }

    /// A double as the result of one operation on others, of which `error` came.
    fn rounded(value: f64, error: f64) -> Number {
        Number::near(value, error + ROUNDING * value.abs() + underflow(value)).settled()
    }
}

/// What may have been lost because it is too small for a double: it is not nothing.
fn underflow(value: f64) -> f64 {
    if value.abs() < f64::MIN_POSITIVE { f64::MIN_POSITIVE } else { 0.0 }
}

fn double(ratio: Ratio<i128>) -> f64 {
    *ratio.numer() as f64 / *ratio.denom() as f64
}

/// Whether a rational is so far from the ends of 128 bits that negation and reduction cannot leave them.
fn moderate(ratio: &Ratio<i128>) -> bool {
    ratio.numer().unsigned_abs() < 1 << 120 && ratio.denom().unsigned_abs() < 1 << 120
}

/// Whether a rational is a double, and not only near it: its denominator a power of two, and nothing lost in conversion.
fn same_double(ratio: Ratio<i128>, value: f64) -> bool {
    double(ratio) == value && ratio.denom().count_ones() == 1 && ratio.numer().unsigned_abs() < 1 << 53
}

/// The rational that a decimal number is, if 128 bits hold it.
fn decimal(text: &str) -> Option<Ratio<i128>> {
    let (digits, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let exponent: i32 = exponent.parse::<i32>().ok()?.checked_sub(part.len().try_into().ok()?)?;
    let mantissa: i128 = format!("{whole}{part}").parse().ok()?;
    let scale = 10i128.checked_pow(exponent.unsigned_abs())?;
    match exponent < 0 {
        true => Some(Ratio::new(mantissa, scale)),
        false => Some(Ratio::from_integer(mantissa.checked_mul(scale)?)),
    }
}

impl Add for Number {
    type Output = Number;

    fn add(self, other: Number) -> Number {
        if let (Exact(a), Exact(b)) = (self.0, other.0)
            && let Some(sum) = a.checked_add(&b).filter(moderate)
        {
            return Number(Exact(sum));
        }
        match (self.is_exactly_zero(), other.is_exactly_zero()) {
            (true, _) => other,
            (_, true) => self,
            _ => Number::rounded(self.value() + other.value(), self.error_of_value() + other.error_of_value()),
        }
    }
}

impl Mul for Number {
    type Output = Number;

    fn mul(self, other: Number) -> Number {
        if let (Exact(a), Exact(b)) = (self.0, other.0)
            && let Some(product) = a.checked_mul(&b).filter(moderate)
        {
            return Number(Exact(product));
        }
        if self.is_exactly_zero() || other.is_exactly_zero() {
            return Number::ZERO;
        }
        match (self.is_one(), other.is_one()) {
            (true, _) => other,
            (_, true) => self,
            _ => {
                let (a, b) = (self.value(), other.value());
                let (e, f) = (self.error_of_value(), other.error_of_value());
                Number::rounded(a * b, a.abs() * f + b.abs() * e + e * f)
            }
        }
    }
}

impl Div for Number {
    type Output = Number;

    fn div(self, other: Number) -> Number {
        if let (Exact(a), Exact(b)) = (self.0, other.0)
            && !b.is_zero()
            && let Some(quotient) = a.checked_div(&b).filter(moderate)
        {
            return Number(Exact(quotient));
        }
        if other.is_one() || (self.is_exactly_zero() && !other.is_zero()) {
            return self;
        }
        let (quotient, least) = (self.value() / other.value(), other.value().abs() - other.error_of_value());
        let error = if least > 0.0 {
            (self.error_of_value() + quotient.abs() * other.error_of_value()) / least
        } else {
            f64::INFINITY
        };
        Number::rounded(quotient, error)
    }
}

impl Neg for Number {
    type Output = Number;

    fn neg(self) -> Number {
        match self.0 {
            Exact(ratio) => Number(Exact(-ratio)),
            Approximate { value, error } => Number::near(-value, error),
        }
    }
}

impl Sub for Number {
    type Output = Number;

    fn sub(self, other: Number) -> Number {
        self + -other
    }
}

/// Numbers are equal if nothing tells them apart.
impl PartialEq for Number {
    fn eq(&self, other: &Number) -> bool {
        (*self - *other).is_zero()
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Number) -> Option<Ordering> {
        let difference = *self - *other;
        if difference.is_zero() { Some(Ordering::Equal) } else { difference.value().partial_cmp(&0.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rationals_stay_rationals() {
        let third = Number::fraction(1, 3);
        assert_eq!((third * third + Number::whole(2)).as_fraction(), Some((19, 9)));
        assert_eq!(Number::read("0.1").unwrap().as_fraction(), Some((1, 10)));
        assert_eq!(Number::read("2.5e3").unwrap().as_fraction(), Some((2500, 1)));
        assert_eq!(Number::of(0.375).as_fraction(), Some((3, 8)));
        assert_eq!(Number::of(0.1).value(), 0.1);
        assert_eq!(Number::fraction(9, 16).sqrt().as_fraction(), Some((3, 4)));
    }

    #[test]
    fn what_outgrows_128_bits_becomes_a_double_with_a_bound() {
        let large = Number::whole(i64::MAX).power(5);
        assert!(large.as_fraction().is_none());
        assert!((large.value() / 9.223372036854776e18f64.powi(5) - 1.0).abs() < 1e-14 && large.error() > 0.0);
        assert_eq!(Number::read("1e-300").unwrap().value(), 1e-300);
    }

    #[test]
    fn sums_that_cancel_are_zero_within_their_bound() {
        let e = Number::ONE.exp();
        let rest = e * e - Number::whole(2).exp();
        assert!(rest.is_zero() && rest.error() > 0.0 && rest.error() < 1e-13);
        assert!(e * e == Number::whole(2).exp() && e < Number::fraction(2719, 1000));
        assert!(Number::pi().sin().is_zero());
    }

    #[test]
    fn bounds_hold() {
        let root = Number::whole(2).sqrt();
        assert!((root.power(2).value() - 2.0).abs() <= root.power(2).error());
        let one = Number::ONE.exp().ln();
        assert!((one.value() - 1.0).abs() <= one.error() && one.error() < 2e-15);
    }

    #[test]
    fn what_is_too_small_is_zero_within_a_bound() {
        let least = Number::whole(-1000).exp();
        let product = Number::read("1e-200").unwrap() * Number::read("1e-200").unwrap();
        for number in [least, product, Number::read("1e-400").unwrap()] {
            assert!(number.is_zero() && !number.is_exactly_zero() && number.error() > 0.0);
        }
    }

    #[test]
    fn what_is_too_large_is_not_zero() {
        let large = Number::whole(1000).exp();
        assert!(!large.is_zero() && !large.is_finite() && !large.exp().is_finite() && !(-large).exp().is_finite());
    }

    #[test]
    fn division_by_zero_is_not_finite() {
        assert!(!(Number::ONE / Number::ZERO).is_finite() && !Number::fraction(1, 0).is_finite());
        assert!(!(Number::ONE / Number::pi().sin()).is_finite());
    }
}
