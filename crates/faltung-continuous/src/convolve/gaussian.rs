//! Gaussians, convolved with one another and with pieces of exponentials.
//!
//! On the whole line, with `q = α + β` and `u = β x / q + w`, the exponent separates:
//!
//! ```text
//! -α u² + s u - β (x - u)² + r (x - u) = -(α β / q) x² + (s β + r α) / q x - q w² + (s - r) w
//! ```
//!
//! so a Gaussian with another, or with an exponential (`α = 0`), is a Gaussian or an exponential again, times moments over `w`.
//! A real exponential on a part `[a, b]` of the line and a Gaussian on a part `[c, d]`, either of which may be all of it, leave
//! incomplete moments: with `y = x + s / (2 β)`
//!
//! ```text
//! J_k = integral over w from A to B of w^k e^(-β w²),    A = max(a - y, x - d - y),    B = min(b - y, x - c - y)
//! J_0 = sqrt(π/β)/2 [erf(sqrt(β) B) - erf(sqrt(β) A)]
//! J_k = [A^(k-1) e^(-β A²) - B^(k-1) e^(-β B²) + (k - 1) J_(k-2)] / (2 β)
//! ```
//!
//! Between `a + c`, `a + d`, `b + c` and `b + d` each end is one of the two: `a - y` moves with `t` and gives error functions and
//! Gaussians, `x - d - y` is a number and gives numbers.

use crate::{
    Number,
    complex::Complex,
    signal::{
        form::Form,
        term::{Edges, Term, binomials},
    },
};

use super::pieces::{Contribution, Interval};

/// The convolution of two terms of which one at least is a Gaussian; `None` if it has no closed form here.
pub(super) fn convolve(f: &Term, on: Interval, g: &Term, over: Interval) -> Option<Vec<Contribution>> {
    let whole = |interval: Interval| interval.from.is_none() && interval.to.is_none();
    if f.edges.is_some() || g.edges.is_some() {
        return None;
    }
    match (f.is_plain(), g.is_plain()) {
        _ if whole(on) && whole(over) => Some(vec![(Interval { from: None, to: None }, everywhere(f, g))]),
        (true, false) => in_part(f, on, g, over),
        (false, true) => in_part(g, over, f, on),
        _ => None,
    }
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
            let sign = Number::alternating(j);
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

/// A real exponential and a Gaussian without waves, each on its part of the line.
fn in_part(f: &Term, on: Interval, g: &Term, over: Interval) -> Option<Vec<Contribution>> {
    if !f.rate.is_real() || !g.rate.is_real() || !g.rate.re.is_zero() {
        return None;
    }
    regions(on, over).into_iter().map(|region| Some((region.on, in_region(f, g, &region)?))).collect()
}

/// An interval of `t`, with what limits the integral over `τ` there.
struct Region {
    on: Interval,
    from: End,
    to: End,
}

/// An end of the integral.
#[derive(Clone, Copy)]
enum End {
    Infinite,
    /// At this `τ`: where `f` ends.
    Fixed(Number),
    /// At this `t - τ`: where `g` ends.
    Moving(Number),
}

/// The parts of the line of `t` between the sums of ends.
fn regions(on: Interval, over: Interval) -> Vec<Region> {
    let sum = |a: Option<Number>, b: Option<Number>| Some(a? + b?);
    let ends = [sum(on.from, over.from), sum(on.from, over.to), sum(on.to, over.from), sum(on.to, over.to)];
    let mut cuts: Vec<Number> = ends.into_iter().flatten().collect();
    cuts.sort_by(|a, b| a.value().total_cmp(&b.value()));
    cuts.dedup_by(|a, b| a == b);
    let starts = std::iter::once(None).chain(cuts.iter().copied().map(Some));
    let stops = cuts.iter().copied().map(Some).chain(std::iter::once(None));
    starts
        .zip(stops)
        .filter_map(|(start, stop)| {
            let inside = match (start, stop) {
                (None, None) => Number::ZERO,
                (Some(start), None) => start + Number::ONE,
                (None, Some(stop)) => stop - Number::ONE,
                (Some(start), Some(stop)) => (start + stop) * Number::fraction(1, 2),
            };
            // f begins at `on.from`; g ends where τ = t - over.to.
            let place = |end: Option<Number>| end.map(|end| inside - end);
            let (from, begin) = match (on.from, over.to) {
                (Some(a), d) if place(d).is_none_or(|d| a > d) => (End::Fixed(a), Some(a)),
                (_, Some(d)) => (End::Moving(d), place(Some(d))),
                _ => (End::Infinite, None),
            };
            let (to, end) = match (on.to, over.from) {
                (Some(b), c) if place(c).is_none_or(|c| b < c) => (End::Fixed(b), Some(b)),
                (_, Some(c)) => (End::Moving(c), place(Some(c))),
                _ => (End::Infinite, None),
            };
            let overlaps = begin.is_none_or(|begin| end.is_none_or(|end| begin < end));
            overlaps.then_some(Region { on: Interval { from: start, to: stop }, from, to })
        })
        .collect()
}

fn in_region(f: &Term, g: &Term, region: &Region) -> Option<Form> {
    let (beta, s) = (g.sharpness, f.rate.re);
    let h = s / (beta * Number::whole(2));
    let at = f.origin + g.origin - h;
    // w = τ - f.origin - y with y = t - at: a fixed end keeps τ, a moving one w.
    let end = |end: End| match end {
        End::Infinite => End::Infinite,
        End::Fixed(tau) => End::Fixed(tau - f.origin),
        End::Moving(rest) => End::Moving(g.origin - h - rest),
    };
    let integrals = incomplete(f.power + g.power, beta, at, end(region.from), end(region.to));
    let outer = (-(s * s) / (beta * Number::whole(4))).exp() * f.coefficient.re * g.coefficient.re;
    let mut terms = Vec::new();
    // (w + y)^m (-1)^n (w + h)^n
    for (i, ways) in binomials(f.power) {
        for (j, choices) in binomials(g.power) {
            let sign = Number::alternating(g.power);
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

/// `J_0` to `J_most` as functions of `y = t - at`. Fixed ends are told as `τ`, moving ones as `w`.
fn incomplete(most: u32, beta: Number, at: Number, from: End, to: End) -> Vec<Vec<Term>> {
    let (root, twice) = (beta.sqrt(), beta * Number::whole(2));
    let height = (Number::pi() / beta).sqrt() * Number::fraction(1, 2);
    let constant = |value: Number| Term { origin: at, ..Term::monomial(value, 0) };
    let fixed = |end: End| match end {
        End::Fixed(tau) => Some(-(root * tau)),
        _ => None,
    };
    // Error functions from -1 and up to 1, less what is missing to that where an end does not move.
    let edges = Edges { slope: root, upper: fixed(from), lower: fixed(to) };
    let mut first = match (edges.upper, edges.lower) {
        (None, None) => vec![constant(height * Number::whole(2))],
        _ => vec![Term { edges: Some(edges), ..constant(height) }],
    };
    for (end, side) in [(from, Number::ONE), (to, -Number::ONE)] {
        if let End::Moving(w) = end {
            first.push(constant(-(height * (Number::ONE + side * (root * w).erf()))));
        }
    }
    let mut integrals = vec![first];
    for k in 1..=most {
        // w^(k-1) e^(-β w²) at an end, w being τ - y there.
        let bell = |end: End, sign: Number| match end {
            End::Infinite => None,
            End::Moving(w) => Some(constant(sign / twice * w.power(k - 1) * (-(beta * w * w)).exp())),
            End::Fixed(tau) => {
                let turned = if k % 2 == 1 { sign } else { -sign };
                let flat = Term::exponential((turned / twice).into(), k - 1, Complex::ZERO, at + tau);
                Some(Term { sharpness: beta, ..flat })
            }
        };
        let mut terms: Vec<Term> = bell(from, Number::ONE).into_iter().chain(bell(to, -Number::ONE)).collect();
        if k >= 2 {
            let factor = Number::whole(i64::from(k) - 1) / twice;
            terms.extend(integrals[k as usize - 2].iter().map(|term| term.scaled(factor)));
        }
        integrals.push(terms);
    }
    integrals
}

#[cfg(test)]
mod tests {
    use crate::{Method, Signal, convolve, convolve::trace};

    /// Gaussians cut at either end, and where cuts of both signals fall in any order.
    #[test]
    fn formulas_are_what_quadrature_finds() {
        let bells = [
            "gauss(t)",
            "gauss(t)*step(t)",
            "t^2*gauss(2*t - 1)*step(1 - t)",
            "t*gauss(t)*rect(t/3)",
            "t^3*gauss(t)*rect(t - 2)",
        ];
        let others = [
            "rect(t)",
            "t*rect(t/5)",
            "exp(-t)*step(t)",
            "t^2*exp(2*t)*step(-t)",
            "exp(t/2)*rect(t/3 - 1)",
            "step(t - 1)",
        ];
        for bell in bells {
            for other in others {
                let [f, g] = [bell, other].map(|text| text.parse::<Signal>().unwrap());
                let whole = convolve(&f, &g).unwrap();
                assert_eq!(whole.method(), Method::Exact, "{bell} * {other}");
                for k in -12..=12 {
                    let t = f64::from(k) * 0.5 + 0.25;
                    let (seen, expected) = (whole.at(t).unwrap(), trace::integral(&f, &g, t).unwrap());
                    let off = (seen.value - expected.value).abs();
                    assert!(
                        off <= seen.bound + expected.bound && seen.bound < 1e-9,
                        "{bell} * {other} at {t}: {seen:?} {expected:?}"
                    );
                }
            }
        }
    }
}
