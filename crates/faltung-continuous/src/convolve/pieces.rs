//! Two pieces of polynomials, exponentials and sines, convolved region by region.
//!
//! With one piece of length `A` and one of length `B >= A`, both from zero on, and `x` the time since both began:
//!
//! ```text
//! 0 <= x < A        both have begun and neither has ended: the integral from 0 to x          causal
//! A <= x < B        the shorter lies within the longer: the integral over all of it          moments
//! B <= x < A + B    both end: the first case with time turned round
//! ```
//!
//! Lengths may be infinite. Where both begin at minus infinity, time is turned round. Where one has no end and the other no
//! beginning the integral is over what they share, to infinity, and there are two regions.

use crate::{
    Number,
    complex::Complex,
    signal::{
        form::Form,
        term::{Term, binomials},
    },
};

use super::{
    causal::{Atom, causal},
    moments::moment,
};

/// Where a piece lies; `None` is infinitely far.
#[derive(Clone, Copy, Debug)]
pub(super) struct Interval {
    pub(super) from: Option<Number>,
    pub(super) to: Option<Number>,
}

/// What two terms contribute, and where.
pub(super) type Contribution = (Interval, Form);

/// The convolution of two plain terms on their intervals, which must converge.
pub(super) fn convolve(f: &Term, on: Interval, g: &Term, over: Interval) -> Vec<Contribution> {
    match (halves(on), halves(over)) {
        (None, None) => {}
        (f_halves, g_halves) => {
            let (f_halves, g_halves) = (f_halves.unwrap_or(vec![on]), g_halves.unwrap_or(vec![over]));
            let each = |on: Interval| g_halves.iter().flat_map(move |&over| convolve(f, on, g, over));
            return f_halves.iter().copied().flat_map(each).collect();
        }
    }
    match (on.from, on.to, over.from, over.to) {
        (Some(a), _, Some(c), _) => forwards(f, a, on.to, g, c, over.to),
        (Some(a), None, None, Some(d)) => opposite(f, a, g, d),
        (None, Some(b), Some(c), None) => opposite(g, c, f, b),
        _ => turned(convolve(
            &f.stretched(-Number::ONE),
            turned_interval(on),
            &g.stretched(-Number::ONE),
            turned_interval(over),
        )),
    }
}

/// The halves of the whole line.
fn halves(interval: Interval) -> Option<Vec<Interval>> {
    let zero = Some(Number::ZERO);
    match interval {
        Interval { from: None, to: None } => {
            Some(vec![Interval { from: None, to: zero }, Interval { from: zero, to: None }])
        }
        _ => None,
    }
}

fn turned_interval(interval: Interval) -> Interval {
    let minus = |end: Option<Number>| end.map(|end| -end);
    Interval { from: minus(interval.to), to: minus(interval.from) }
}

fn turned(contributions: Vec<Contribution>) -> Vec<Contribution> {
    let turn =
        |(interval, form): Contribution| (turned_interval(interval), form.map(|term| term.stretched(-Number::ONE)));
    contributions.into_iter().map(turn).collect()
}

/// A term about a place, as complex atoms.
fn atoms(term: &Term, about: Number) -> Vec<Atom> {
    let atom = |term: Term| Atom { coefficient: term.coefficient, power: term.power, rate: term.rate };
    term.about(about).into_iter().map(atom).collect()
}

/// Complex atoms about a place, as the real form that their real part is.
fn form(atoms: Vec<Atom>, about: Number) -> Form {
    let term = |atom: Atom| Term::exponential(atom.coefficient, atom.power, atom.rate, about);
    Form { terms: atoms.into_iter().map(term).collect() }
}

/// All products of atoms, as `Re(A) Re(B) = Re(A B + A conj(B)) / 2` has them.
fn products(a: &[Atom], b: &[Atom], product: impl Fn(&Atom, &Atom) -> Vec<Atom>) -> Vec<Atom> {
    let mut all = Vec::new();
    for a in a {
        for b in b {
            if a.rate.is_real() || b.rate.is_real() {
                all.extend(product(a, b));
                continue;
            }
            let half = |atom: Atom| Atom { coefficient: atom.coefficient.times(Number::fraction(1, 2)), ..atom };
            let conjugate = Atom { coefficient: b.coefficient.conjugate(), rate: b.rate.conjugate(), ..*b };
            all.extend(product(a, b).into_iter().map(half));
            all.extend(product(a, &conjugate).into_iter().map(half));
        }
    }
    all
}

/// Two pieces that begin at `a` and `c`.
fn forwards(f: &Term, a: Number, b: Option<Number>, g: &Term, c: Number, d: Option<Number>) -> Vec<Contribution> {
    let length = |from: Number, to: Option<Number>| to.map(|to| to - from);
    let (lf, lg) = (length(a, b), length(c, d));
    let swapped = match (lf, lg) {
        (None, Some(_)) => true,
        (Some(lf), Some(lg)) => lf > lg,
        _ => false,
    };
    if swapped {
        return forwards(g, c, d, f, a, b);
    }
    let begin = a + c;
    let first = products(&atoms(f, a), &atoms(g, c), |f, g| causal(f, g, lf));
    let Some(lf) = lf else {
        return vec![(Interval { from: Some(begin), to: None }, form(first, begin))];
    };
    let full = begin + lf;
    let mut all = vec![(Interval { from: Some(begin), to: Some(full) }, form(first, begin))];
    let leave = lg.map(|lg| begin + lg);
    if leave != Some(full) {
        let within = products(&atoms(f, a), &atoms(g, c), |f, g| within(f, lf, g));
        all.push((Interval { from: Some(full), to: leave }, form(within, full)));
    }
    if let (Some(b), Some(d), Some(leave)) = (b, d, leave) {
        let back = |term: &Term, end: Number| atoms(&term.stretched(-Number::ONE), -end);
        let last = products(&back(f, b), &back(g, d), |f, g| causal(f, g, Some(lf)));
        let last = form(last, -(b + d)).map(|term| term.stretched(-Number::ONE));
        all.push((Interval { from: Some(leave), to: Some(b + d) }, last));
    }
    all
}

/// `f` on `[0, length)` wholly within `g`, about the place `y = 0` where it first is: `integral of f(u) g(y + length - u)`.
fn within(f: &Atom, length: Number, g: &Atom) -> Vec<Atom> {
    let (m, n) = (f.power, g.power);
    let coefficient = f.coefficient * g.coefficient;
    let apart = g.rate - f.rate;
    // Of the two exponentials under the integral, the one that falls is taken along.
    let from_the_end = apart.value().re <= 0.0;
    let outside = if from_the_end { f.rate } else { g.rate }.times(length).exp();
    let (powers, z) = if from_the_end { (m, apart) } else { (0, -apart) };
    binomials(n)
        .map(|(k, choices)| {
            // Powers of (length - v) that are left to expand.
            let expanded = if from_the_end { powers } else { n - k };
            let kept = if from_the_end { n - k } else { m };
            let sum = binomials(expanded).fold(Complex::ZERO, |sum, (j, ways)| {
                let sign = Number::alternating(j);
                sum + moment(kept + j, z, Some(length)).times(sign * ways * length.power(expanded - j))
            });
            Atom { coefficient: coefficient.times(choices) * outside * sum, power: k, rate: g.rate }
        })
        .collect()
}

/// `f` on `[a, ∞)` and `g` on `(-∞, d)`.
fn opposite(f: &Term, a: Number, g: &Term, d: Number) -> Vec<Contribution> {
    // What goes on by the rate of one of them, with powers of its own.
    let part = |f: &Atom, g: &Atom, goes_on: &Atom, odd: fn(u32, u32) -> u32| {
        let (powers, z) = (f.power + g.power, f.rate - g.rate);
        let atom = |(k, choices): (u32, Number)| Atom {
            coefficient: f.coefficient
                * g.coefficient.times(choices * Number::alternating(odd(g.power, k)))
                * moment(powers - k, z, None),
            power: k,
            rate: goes_on.rate,
        };
        binomials(goes_on.power).map(atom).collect::<Vec<_>>()
    };
    let (f, g) = (atoms(f, a), atoms(g, d));
    let after = products(&f, &g, |f, g| part(f, g, f, |n, _| n));
    let before = products(&f, &g, |f, g| part(f, g, g, |n, k| n - k));
    let at = a + d;
    vec![
        (Interval { from: Some(at), to: None }, form(after, at)),
        (Interval { from: None, to: Some(at) }, form(before, at)),
    ]
}
