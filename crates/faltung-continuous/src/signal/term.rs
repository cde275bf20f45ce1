//! Terms: what closed forms are sums of.
//!
//! ```text
//! Re( c u^n e^(s u) ) e^(-α u²) [erf(β u + upper) - erf(β u + lower)]          u = t - origin
//! ```
//!
//! with a complex coefficient `c` and rate `s`, so that polynomials, exponentials, sines, cosines and Gaussians are one thing.
//! The bracket is there only in what Gaussians leave behind when they are convolved; its ends may be infinite. Since
//! `Re(A) Re(B) = Re(A B + A conj(B)) / 2`, products of terms are two terms, and everything else is done without ever asking
//! whether a term is a sine.
//!
//! A term keeps its own origin, because polynomials far from theirs cancel and exponentials overflow. Exponentials get the end of
//! the piece that they stand on ([`Form::settled`](super::form::Form::settled)), Gaussians their centre, where `s` has no real part.

use crate::{Number, complex::Complex};

use super::erf::between;

/// One term of a closed form.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Term {
    pub(crate) coefficient: Complex,
    pub(crate) power: u32,
    /// `s`; its imaginary part is not below zero.
    pub(crate) rate: Complex,
    /// `α`, not below zero; exactly zero where there is no Gaussian.
    pub(crate) sharpness: Number,
    pub(crate) origin: Number,
    pub(crate) edges: Option<Edges>,
}

/// The difference of two error functions, `erf(slope u + upper) - erf(slope u + lower)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Edges {
    /// Above zero.
    pub(crate) slope: Number,
    /// `None` where its error function is 1 everywhere.
    pub(crate) upper: Option<Number>,
    /// `None` where its error function is -1 everywhere.
    pub(crate) lower: Option<Number>,
}

/// The largest power of `t` that closed forms hold; what exceeds it has none here.
pub(crate) const MOST_POWER: u32 = 32;

/// The largest exponent by which an exponential is multiplied for the sake of another origin.
const FAR: f64 = 300.0;

impl Term {
    /// `c t^n`.
    pub(crate) fn monomial(coefficient: Number, power: u32) -> Term {
        Term::exponential(coefficient.into(), power, Complex::ZERO, Number::ZERO)
    }

    /// `Re(c u^n e^(s u))` with `u = t - origin`.
    pub(crate) fn exponential(coefficient: Complex, power: u32, rate: Complex, origin: Number) -> Term {
        Term { coefficient, power, rate, sharpness: Number::ZERO, origin, edges: None }.upright()
    }

    pub(crate) fn is_gaussian(&self) -> bool {
        !self.sharpness.is_exactly_zero()
    }

    /// Whether it is a polynomial times an exponential times a sine, and no more.
    pub(crate) fn is_plain(&self) -> bool {
        !self.is_gaussian() && self.edges.is_none()
    }

    /// Whether it is part of a polynomial.
    pub(crate) fn is_polynomial(&self) -> bool {
        self.is_plain() && self.rate.is_zero()
    }

    /// The same real function with a frequency that is not below zero, and without the part of `c` that does not matter.
    fn upright(mut self) -> Term {
        if self.rate.im.sign() < 0 {
            (self.rate, self.coefficient) = (self.rate.conjugate(), self.coefficient.conjugate());
        }
        if self.rate.im.is_zero() {
            self.rate.im = Number::ZERO;
            self.coefficient.im = Number::ZERO;
        }
        self
    }

    pub(crate) fn scaled(mut self, factor: Number) -> Term {
        self.coefficient = self.coefficient.times(factor);
        self
    }

    /// The function `d` later: its value at `t` is that of the old one at `t - d`.
    pub(crate) fn shifted(mut self, d: Number) -> Term {
        self.origin = self.origin + d;
        self
    }

    /// The function of `a t`, for `a` other than zero.
    pub(crate) fn stretched(self, a: Number) -> Term {
        let coefficient = self.coefficient.times(a.power(self.power));
        let edges = self.edges.map(|edges| match a.sign() < 0 {
            // erf is odd: the ends change places and signs.
            true => Edges {
                slope: edges.slope * -a,
                upper: edges.lower.map(|end| -end),
                lower: edges.upper.map(|end| -end),
            },
            false => Edges { slope: edges.slope * a, ..edges },
        });
        let (rate, sharpness) = (self.rate.times(a), self.sharpness * a * a);
        Term { coefficient, rate, sharpness, origin: self.origin / a, edges, ..self }.upright()
    }

    /// The same function about another origin: several terms, since `(v + d)^n` is several powers of `v`.
    pub(crate) fn about(&self, origin: Number) -> Vec<Term> {
        let d = origin - self.origin;
        if d.is_exactly_zero() {
            return vec![*self];
        }
        let factor = (self.rate.times(d) - Complex::from(self.sharpness * d * d)).exp();
        let rate = self.rate - Complex::from(self.sharpness * d * Number::whole(2));
        let edges = self.edges.map(|edges| {
            let move_on = |end: Option<Number>| end.map(|end| end + edges.slope * d);
            Edges { slope: edges.slope, upper: move_on(edges.upper), lower: move_on(edges.lower) }
        });
        // From the highest power down, since each takes one more d.
        let mut distance = Number::ONE;
        let mut terms: Vec<Term> = binomials(self.power)
            .map(|(k, choices)| {
                let coefficient = self.coefficient.times(choices * distance) * factor;
                distance = distance * d;
                Term { coefficient, power: self.power - k, rate, origin, edges, ..*self }.upright()
            })
            .collect();
        terms.reverse();
        terms
    }

    /// About its natural origin: the centre of a Gaussian, a finite end of error functions, and `home` for all else that doubles
    /// can hold there.
    pub(crate) fn settled(&self, home: Number) -> Vec<Term> {
        if self.is_gaussian() {
            let centre = self.origin + self.rate.re / (self.sharpness * Number::whole(2));
            let mut terms = self.about(centre);
            terms.iter_mut().for_each(|term| term.rate.re = Number::ZERO);
            return terms;
        }
        match self.edges.and_then(|edges| Some((edges, edges.upper.or(edges.lower)?))) {
            Some((edges, end)) => self.about(self.origin - end / edges.slope),
            None if (self.rate.re * (home - self.origin)).value().abs() > FAR => vec![*self],
            None => self.about(home),
        }
    }

    /// The product, if it is one of our terms: two brackets, or a bracket and a Gaussian, are not.
    pub(crate) fn product(&self, other: &Term) -> Option<Vec<Term>> {
        let bracketed = |a: &Term, b: &Term| a.edges.is_some() && (b.edges.is_some() || b.is_gaussian());
        if bracketed(self, other) || bracketed(other, self) || self.power + other.power > MOST_POWER {
            return None;
        }
        let origin = self.origin_with(other);
        let others = other.about(origin);
        let products = self
            .about(origin)
            .into_iter()
            .flat_map(|own| others.iter().flat_map(move |other| own.at_one_origin(other)));
        Some(products.collect())
    }

    /// Where to have the product: where neither factor leaves the doubles that need not.
    fn origin_with(&self, other: &Term) -> Number {
        match (self.is_gaussian(), other.is_gaussian()) {
            (true, true) => {
                let moment = self.sharpness * self.origin + other.sharpness * other.origin;
                moment / (self.sharpness + other.sharpness)
            }
            (false, true) => other.origin,
            (false, false) if self.rate.re.is_zero() => other.origin,
            _ => self.origin,
        }
    }

    /// The product of two terms about one origin.
    fn at_one_origin(&self, other: &Term) -> Vec<Term> {
        let product = |coefficient: Complex, rate: Complex| {
            let product = Term {
                coefficient: self.coefficient * coefficient,
                power: self.power + other.power,
                rate: self.rate + rate,
                sharpness: self.sharpness + other.sharpness,
                origin: self.origin,
                edges: self.edges.or(other.edges),
            };
            product.upright()
        };
        if self.rate.is_real() || other.rate.is_real() {
            return vec![product(other.coefficient, other.rate)];
        }
        let half = other.coefficient.times(Number::fraction(1, 2));
        vec![product(half, other.rate), product(half.conjugate(), other.rate.conjugate())]
    }

    /// Value at `t`, which is known to within `off`, and a bound on its error.
    pub(crate) fn at(&self, t: f64, off: f64) -> (f64, f64) {
        let u = t - self.origin.value();
        let moved = off + self.origin.error_of_value() + f64::EPSILON * u.abs();
        let (rate, alpha) = (self.rate.value(), self.sharpness.value());
        let (angle, exponent) = (rate.im * u, (rate.re - alpha * u) * u);
        let (size, blur) = match self.edges {
            None => (exponent.exp(), 0.0),
            Some(edges) => between(&edges, u, moved, exponent),
        };
        if size == 0.0 && blur == 0.0 {
            return (0.0, 0.0);
        }
        let c = self.coefficient.value();
        let wave = c.re * angle.cos() - c.im * angle.sin();
        let power = u.powi(self.power as i32);
        // How fast the factors change with u, and with the rate.
        let steepness = rate.norm() + 2.0 * alpha * u.abs();
        let turned = match self.power {
            0 => 0.0,
            n => f64::from(n) * (u.abs() + moved).powi(n as i32 - 1) * moved,
        };
        let inexact = (self.rate.error_of_value() + self.sharpness.error() * u.abs()) * u.abs() + steepness * moved;
        let roundings = (8.0 + exponent.abs() + angle.abs() + f64::from(self.power)) * f64::EPSILON;
        let whole = (size * power).abs();
        let error = self.coefficient.error_of_value() * whole
            + c.norm() * (whole * (roundings + inexact) + size.abs() * turned + blur * power.abs());
        (size * power * wave, if error.is_nan() { f64::INFINITY } else { error })
    }
}

/// Each k from 0 to n with the number of ways to choose k of n.
pub(crate) fn binomials(n: u32) -> impl Iterator<Item = (u32, Number)> {
    let mut choices = Number::ONE;
    (0..=n).map(move |k| {
        let these = choices;
        choices = choices * Number::whole((n - k).into()) / Number::whole(i64::from(k) + 1);
        (k, these)
    })
}

#[cfg(test)]
mod tests {
    use crate::Signal;

    #[test]
    fn what_begins_far_away_is_not_lost() {
        let at = |text: &str, t: f64| text.parse::<Signal>().unwrap().value(t);
        for (text, t, expected) in [
            ("exp(-(t + 1000))*step(t + 1000)", -999.0, (-1f64).exp()),
            ("exp(800 - t)*step(t - 800)", 801.0, (-1f64).exp()),
            ("(exp(-t)*gauss(t - 100)) / exp(-100)", 100.0, 0.398_942_280_401_432_7),
        ] {
            let (value, bound) = at(text, t);
            assert!(
                (value - expected).abs() <= bound && bound < 1e-12,
                "{text}: {value} within {bound}, not {expected}"
            );
        }
    }

    #[test]
    fn bounds_are_as_small_at_a_breakpoint_as_near_it() {
        let ramp: Signal = "(t - 5e8)^3*step(t - 5e8)".parse().unwrap();
        assert_eq!(ramp.value(5e8), (0.0, 0.0));
        assert!(ramp.value(5e8 + 1.0).1 < 1e-13);
    }
}
