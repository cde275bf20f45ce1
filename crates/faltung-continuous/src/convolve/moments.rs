//! Moments of exponentials: the numbers that are left where one piece lies wholly within another.
//!
//! ```text
//! M(k, z, a) = integral over v from 0 to a of v^k e^(z v) = a^(k+1) W(k, z a),     W(k, y) = integral from 0 to 1 of w^k e^(y w)
//! ```
//!
//! The textbook's `W(k, y) = (e^y - k W(k-1, y)) / y` divides what has cancelled by a small number when `y` is small. So:
//!
//! - for `|y| <= k + 1` the series `W = e^y Σ (-y)^i / ((k+1)(k+2)...(k+1+i))`: each term is smaller than the one before, and the
//!   sum of their sizes is at most about twice the result, for every direction of `y`;
//! - for larger `|y|` the recursion, upwards from `W(0, y) = (e^y - 1) / y`: each step shrinks what came before by `k / |y| < 1`.

use num_complex::Complex64;

use crate::{Number, complex::Complex};

/// `M(k, z, a)`; for no end, `k! / (-z)^(k+1)`, which needs `z` to fall.
pub(super) fn moment(k: u32, z: Complex, a: Option<Number>) -> Complex {
    let Some(a) = a else {
        let numerator = (1..=i64::from(k)).fold(Number::ONE, |product, i| product * Number::whole(i));
        return Complex::from(numerator) / (-z).power(k + 1);
    };
    let scale = a.power(k + 1);
    if z.is_exactly_zero() {
        return Complex::from(scale / Number::whole(i64::from(k) + 1));
    }
    let y = z.times(a);
    let value = unit(k, y.value());
    // The integral of the sizes, beside which errors are small, and that of its slope with y.
    let size = |k: u32| unit(k, Complex64::new(y.value().re, 0.0)).re;
    let error = 40.0 * f64::EPSILON * size(k) + size(k + 1) * y.error_of_value();
    Complex::near(value, error).times(scale)
}

/// `W(k, y)`.
fn unit(k: u32, y: Complex64) -> Complex64 {
    if y.norm() <= f64::from(k) + 1.0 { series(k, y) } else { recursion(k, y) }
}

fn series(k: u32, y: Complex64) -> Complex64 {
    let mut term = Complex64::from(1.0 / (f64::from(k) + 1.0));
    let mut sum = term;
    for i in 1..500 {
        term *= -y / (f64::from(k) + 1.0 + f64::from(i));
        sum += term;
        if term.norm() < 1e-18 * sum.norm() {
            break;
        }
    }
    sum * y.exp()
}

fn recursion(k: u32, y: Complex64) -> Complex64 {
    let end = y.exp();
    (1..=k).fold((end - 1.0) / y, |before, i| (end - before * f64::from(i)) / y)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The integral by a sum of many midpoints, in groups so small that it is right to ten digits.
    fn by_midpoints(k: u32, y: Complex64) -> Complex64 {
        const N: u32 = 200_000;
        let at = |i: u32| (f64::from(i) + 0.5) / f64::from(N);
        (0..N).map(|i| (y * at(i)).exp() * at(i).powi(k as i32)).sum::<Complex64>() / f64::from(N)
    }

    #[test]
    fn moments_are_right_for_small_and_large_rates_in_every_direction() {
        for k in [0, 1, 3, 8] {
            for (re, im) in [(0.0, 1e-6), (0.5, 0.0), (-0.5, 2.0), (3.9, 0.1), (-6.0, 0.0), (0.0, 9.5), (7.0, -7.0)] {
                let y = Complex64::new(re, im);
                let (seen, expected) = (unit(k, y), by_midpoints(k, y));
                assert!((seen - expected).norm() < 1e-8 * re.exp().max(1.0), "W({k}, {y}) = {seen}, not {expected}");
            }
        }
    }

    #[test]
    fn both_ways_agree_where_they_meet() {
        for k in [0u32, 2, 5, 20] {
            for turn in 0..8 {
                let y = Complex64::from_polar(f64::from(k) + 1.0, f64::from(turn) * std::f64::consts::FRAC_PI_4);
                let (first, second) = (series(k, y), recursion(k, y));
                let size = unit(k, Complex64::from(y.re)).re;
                assert!((first - second).norm() < 1e-14 * size, "W({k}) at {y}: {first} and {second}");
            }
        }
    }

    #[test]
    fn whole_numbers_stay_whole() {
        assert_eq!(moment(2, Complex::ZERO, Some(Number::whole(3))).re.as_fraction(), Some((9, 1)));
        assert_eq!(moment(3, Number::whole(-2).into(), None).re.as_fraction(), Some((3, 8)));
    }
}
