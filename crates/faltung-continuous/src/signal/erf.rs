//! Differences of error functions, without cancellation.
//!
//! `e^x [erf(a) - erf(b)]` appears where a Gaussian was convolved with an exponential: one factor may overflow while the other is
//! nearly nothing. Where `a` and `b` have one sign, the difference is one of complementary error functions, and these fall like
//! `e^(-a²)`, which is put together with `e^x` before either is computed.

use super::term::Edges;

/// `e^exponent [erf(slope u + upper) - erf(slope u + lower)]`, and a bound on its error if `u` is off by `moved`.
pub(super) fn between(edges: &Edges, u: f64, moved: f64, exponent: f64) -> (f64, f64) {
    let slope = edges.slope.value();
    let end = |end: Option<crate::Number>, otherwise: f64| end.map_or(otherwise, |end| slope * u + end.value());
    let (upper, lower) = (end(edges.upper, f64::INFINITY), end(edges.lower, f64::NEG_INFINITY));
    let value = if lower > 0.0 && upper > 0.0 {
        tail(lower, exponent) - tail(upper, exponent)
    } else if lower < 0.0 && upper < 0.0 {
        tail(-upper, exponent) - tail(-lower, exponent)
    } else {
        exponent.exp() * (libm::erf(upper) - libm::erf(lower))
    };
    let blur = |end: Option<crate::Number>, at: f64| match end {
        // The slope of erf is 2/sqrt(π) e^(-x²), and the argument is off by its ends' error and rounding.
        Some(end) => {
            let off = end.error_of_value()
                + (edges.slope.error_of_value() + 4.0 * f64::EPSILON * slope) * u.abs()
                + f64::EPSILON * end.value().abs()
                + slope * moved;
            2.0 * off * (exponent - at * at).exp() + tail(at.abs(), exponent) * 1e-14
        }
        None => 0.0,
    };
    let rounding = 4.0 * f64::EPSILON * value.abs() * (1.0 + exponent.abs());
    (value, blur(edges.upper, upper) + blur(edges.lower, lower) + rounding)
}

/// `e^exponent erfc(x)` for `x >= 0`.
fn tail(x: f64, exponent: f64) -> f64 {
    if x == f64::INFINITY {
        return 0.0;
    }
    match x < 4.0 {
        true => exponent.exp() * libm::erfc(x),
        false => (exponent - x * x).exp() * fraction(x) / std::f64::consts::PI.sqrt(),
    }
}

/// `sqrt(π) e^(x²) erfc(x)` as the continued fraction 1/(x + (1/2)/(x + 1/(x + (3/2)/(x + ...)))), for `x >= 4`.
fn fraction(x: f64) -> f64 {
    let below = (1..=60).rev().fold(x, |below, k| x + f64::from(k) / 2.0 / below);
    1.0 / below
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tails_continue_where_the_fraction_begins() {
        for x in [4.0, 4.5, 6.0, 10.0, 20.0] {
            let (expected, seen) = (libm::erfc(x), tail(x, 0.0));
            assert!((seen / expected - 1.0).abs() < 1e-13, "{x}: {seen} for {expected}");
        }
    }

    #[test]
    fn what_overflows_meets_what_underflows() {
        // e^(x²) erfc(x) tends to 1 / (x sqrt(π)).
        assert!((tail(100.0, 10_000.0) * 100.0 * std::f64::consts::PI.sqrt() - 1.0).abs() < 1e-4);
    }
}
