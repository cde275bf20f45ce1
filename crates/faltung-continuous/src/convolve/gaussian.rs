//! Gaussians, convolved with one another and with pieces of exponentials.
//!
//! On the whole line, with `q = α + β` and `u = β x / q + w`, the exponent separates:
//!
//! ```text
//! -α u² + s u - β (x - u)² + r (x - u) = -(α β / q) x² + (s β + r α) / q x - q w² + (s - r) w
//! ```
//!
//! so a Gaussian with another, or with an exponential (`α = 0`), is a Gaussian or an exponential again, times moments over `w`.
//! A real exponential on a part `[A, B]` of the line leaves incomplete moments, that are error functions: with
//! `y = x + s / (2 β)` and `w` from `A - y` to `B - y`
//!
//! ```text
//! J_0 = sqrt(π/β)/2 [erf(sqrt(β) (y - A)) - erf(sqrt(β) (y - B))]
//! J_k = [(A - y)^(k-1) e^(-β (A-y)²) - (B - y)^(k-1) e^(-β (B-y)²) + (k - 1) J_(k-2)] / (2 β)
//! ```

use crate::{
    Number,
    complex::Complex,
    signal::{
        form::Form,
        term::{Edges, Term, binomials},
    },
};

use super::pieces::{Contribution, Interval};

const EVERYWHERE: Interval = Interval { from: None, to: None };

/// The convolution of two terms of which one at least is a Gaussian on the whole line; `None` if it has no closed form here.
pub(super) fn convolve(f: &Term, on: Interval, g: &Term, over: Interval) -> Option<Vec<Contribution>> {
    let whole = |interval: Interval| interval.from.is_none() && interval.to.is_none();
    if f.edges.is_some() || g.edges.is_some() {
        return None;
    }
    let form = match (whole(on), whole(over)) {
        (true, true) => everywhere(f, g),
        (false, true) if g.is_gaussian() && f.is_plain() => in_part(f, on, g)?,
        (true, false) if f.is_gaussian() && g.is_plain() => in_part(g, over, f)?,
        _ => return None,
    };
    Some(vec![(EVERYWHERE, form)])
}

fn everywhere(f: &Term, g: &Term) -> Form {
    let half = Number::fraction(1, 2);
    let terms = match f.rate.is_real() || g.rate.is_real() {
        true => separated(f, g),
        false => {
            let conjugate = Term { coefficient: g.coefficient.conjugate(), rate: g.rate.conjugate(), ..*g };
            [separated(f, g), separated(f, &conjugate)].concat().into_iter().map(|term| term.scaled(half)).collect()
        }
    };
    Form { terms }
}

fn separated(f: &Term, g: &Term) -> Vec<Term> {
    let (alpha, beta) = (f.sharpness, g.sharpness);
    let q = alpha + beta;
    let moments = moments(f.power + g.power, q, f.rate - g.rate);
    let rate = (f.rate.times(beta) + g.rate.times(alpha)).times(Number::ONE / q);
    let mut terms = Vec::new();
    // (β x / q + w)^m (α x / q - w)^n
    for (i, ways) in binomials(f.power) {
        for (j, choices) in binomials(g.power) {
            let (p, k) = (f.power - i, g.power - j);
            let sign = Number::whole(if j % 2 == 0 { 1 } else { -1 });
            let number = ways * choices * sign * (beta / q).power(p) * (alpha / q).power(k);
            let coefficient = f.coefficient * g.coefficient.times(number) * moments[(i + j) as usize];
            let flat = Term::exponential(coefficient, p + k, rate, f.origin + g.origin);
            terms.push(Term { sharpness: alpha * beta / q, ..flat });
        }
    }
    terms.retain(|term| !term.coefficient.is_exactly_zero());
    terms
}

/// The integrals of `w^k e^(-q w² + z w)` over the line, for k from 0 to `most`.
fn moments(most: u32, q: Number, z: Complex) -> Vec<Complex> {
    let twice = Complex::from(q * Number::whole(2));
    let bell = (z * z).times(Number::ONE / (q * Number::whole(4))).exp();
    let mut moments = vec![bell.times((Number::pi() / q).sqrt())];
    for k in 1..=most as usize {
        let before = k.checked_sub(2).map_or(Complex::ZERO, |two| moments[two].times(Number::whole(k as i64 - 1)));
        moments.push((z * moments[k - 1] + before) / twice);
    }
    moments
}

/// A real exponential on a part of the line, with a Gaussian without waves on all of it.
fn in_part(f: &Term, on: Interval, g: &Term) -> Option<Form> {
    if !f.rate.is_real() || !g.rate.is_real() || !g.rate.re.is_zero() {
        return None;
    }
    let (beta, s) = (g.sharpness, f.rate.re);
    let h = s / (beta * Number::whole(2));
    let at = f.origin + g.origin - h;
    let ends = [on.from, on.to].map(|end| end.map(|end| end - f.origin));
    let integrals = incomplete(f.power + g.power, beta, at, ends);
    let outer = (-(s * s) / (beta * Number::whole(4))).exp() * f.coefficient.re * g.coefficient.re;
    let mut terms = Vec::new();
    // (w + y)^m (-1)^n (w + h)^n
    for (i, ways) in binomials(f.power) {
        for (j, choices) in binomials(g.power) {
            let sign = Number::whole(if g.power % 2 == 0 { 1 } else { -1 });
            let number = outer * sign * ways * choices * h.power(g.power - j);
            let factor = Term::exponential(number.into(), f.power - i, s.into(), at);
            for integral in &integrals[(i + j) as usize] {
                terms.extend(factor.product(integral)?);
            }
        }
    }
    terms.retain(|term| !term.coefficient.is_exactly_zero());
    Some(Form { terms })
}

/// `J_0` to `J_most` as functions of `y = t - at`.
fn incomplete(most: u32, beta: Number, at: Number, [from, to]: [Option<Number>; 2]) -> Vec<Vec<Term>> {
    let (root, twice) = (beta.sqrt(), beta * Number::whole(2));
    let height = (Number::pi() / beta).sqrt() * Number::fraction(1, 2);
    let edges = Edges { slope: root, upper: from.map(|a| -(root * a)), lower: to.map(|b| -(root * b)) };
    let plain = Term::exponential(height.into(), 0, Complex::ZERO, at);
    let mut integrals = vec![vec![Term { edges: Some(edges), ..plain }]];
    for k in 1..=most {
        // (A - y)^(k-1) = (-1)^(k-1) (y - A)^(k-1)
        let sign = Number::whole(if k % 2 == 1 { 1 } else { -1 });
        let bell = |end: Number, sign: Number| {
            let flat = Term::exponential((sign / twice).into(), k - 1, Complex::ZERO, at + end);
            Term { sharpness: beta, ..flat }
        };
        let mut terms: Vec<Term> = from.map(|a| bell(a, sign)).into_iter().chain(to.map(|b| bell(b, -sign))).collect();
        if k >= 2 {
            let factor = Number::whole(i64::from(k) - 1) / twice;
            terms.extend(integrals[k as usize - 2].iter().map(|term| term.scaled(factor)));
        }
        integrals.push(terms);
    }
    integrals
}
