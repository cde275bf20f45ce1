//! Two exponentials that begin at zero, convolved.
//!
//! ```text
//! C(x) = integral over u from 0 to x of u^m e^(s u) (x - u)^n e^(r (x - u)),     d = s - r
//! ```
//!
//! - Equal rates: `C = m! n! / (m + n + 1)! x^(m+n+1) e^(s x)`.
//! - Rates apart: partial fractions of `m! n! / ((p - s)^(m+1) (p - r)^(n+1))`. For each rate there are powers of `x`, with
//!   coefficients like `1 / d^(m+n+1)` that cancel one another when `d` is small: at the length `l` where the result is largest by
//!   about `1 / (d l)^(m+n+1)`.
//! - Rates so near that this loses more than twelve bits: the series
//!   `C = e^(r x) Σ d^k / k! (m + k)! n! / (m + n + k + 1)! x^(m+n+k+1)`, cut where it no longer matters. What is cut off is at most
//!   its last term at the rate `Re r + |d|`, and stays with the result as a term that is zero within that bound.
//!
//! In all cases coefficients carry bounds on their errors, so a loss is never silent.

use crate::{Number, complex::Complex, signal::term::binomials};

/// `c u^n e^(s u)`, complex.
#[derive(Clone, Copy, Debug)]
pub(super) struct Atom {
    pub(super) coefficient: Complex,
    pub(super) power: u32,
    pub(super) rate: Complex,
}

/// How much partial fractions may lose: a factor of 2^12.
const MOST_LOSS: f64 = 4096.0;

/// `C(x)` for two atoms, on an interval from 0 of some length.
pub(super) fn causal(a: &Atom, b: &Atom, length: Option<Number>) -> Vec<Atom> {
    let coefficient = a.coefficient * b.coefficient;
    let (m, n) = (a.power, b.power);
    let d = a.rate - b.rate;
    if d.is_zero() {
        let coefficient = coefficient.times(beta(m, n));
        return vec![Atom { coefficient, power: m + n + 1, rate: a.rate }];
    }
    let fractions = partial_fractions(a, b, coefficient);
    let steepest = a.rate.value().re.abs().max(b.rate.value().re.abs());
    let decays = if steepest > 0.0 { 1.0 / steepest } else { f64::INFINITY };
    let reach = length.map_or(f64::INFINITY, Number::value).min(decays);
    let whole = coefficient.value().norm() * beta(m, n).value() * reach.powi((m + n + 1) as i32);
    let largest = fractions.iter().map(|atom| atom.coefficient.value().norm() * reach.powi(atom.power as i32));
    let loss = largest.fold(0.0, f64::max) / whole;
    if loss.is_nan() || loss <= MOST_LOSS { fractions } else { series(a, b, length).unwrap_or(fractions) }
}

/// `m! n! / (m + n + 1)!`, the integral of `u^m (1 - u)^n` from 0 to 1.
fn beta(m: u32, n: u32) -> Number {
    // 1 / ((m + n + 1) (m + n choose n))
    let choices = binomials(m + n).nth(n as usize).map_or(Number::ONE, |(_, choices)| choices);
    Number::ONE / (choices * Number::whole(i64::from(m + n) + 1))
}

fn factorial(n: u32) -> Number {
    (1..=i64::from(n)).fold(Number::ONE, |product, k| product * Number::whole(k))
}

fn partial_fractions(a: &Atom, b: &Atom, coefficient: Complex) -> Vec<Atom> {
    let side = |of: &Atom, other: &Atom| {
        let (m, n, d) = (of.power, other.power, of.rate - other.rate);
        let both = factorial(m) * factorial(n);
        (0..=m)
            .map(|j| {
                // (-1)^(m-j) (n + m - j choose m - j) / d^(n+1+m-j) x^j / j!
                let choices = binomials(n + m - j).nth((m - j) as usize).map_or(Number::ONE, |(_, choices)| choices);
                let sign = Number::alternating(m - j);
                let number = sign * choices * both / factorial(j);
                Atom { coefficient: coefficient.times(number) / d.power(n + 1 + m - j), power: j, rate: of.rate }
            })
            .collect::<Vec<_>>()
    };
    [side(a, b), side(b, a)].concat()
}

/// The series in `d`, if it is short enough on the interval.
fn series(a: &Atom, b: &Atom, length: Option<Number>) -> Option<Vec<Atom>> {
    /// How large `|d| length` may be.
    const MOST_TURNS: f64 = 8.0;
    /// What is cut off, beside the whole.
    const CUT: f64 = 1e-18;
    // About the rate that falls faster: then real terms have one sign.
    let (a, b) = if a.rate.value().re < b.rate.value().re { (b, a) } else { (a, b) };
    let d = a.rate - b.rate;
    let size = d.value().norm();
    let turns = size * length.map_or(f64::INFINITY, Number::value);
    let fall = -a.rate.value().re.max(b.rate.value().re);
    // How large the k-th term can get, beside the first.
    let ratio = |k: u32| if turns <= MOST_TURNS { turns / f64::from(k) } else { size / (fall - size) };
    if turns > MOST_TURNS && (fall <= 0.0 || size > fall / 3.0) {
        return None;
    }
    let (m, n) = (a.power, b.power);
    let mut factor = a.coefficient * b.coefficient;
    let (mut atoms, mut left) = (Vec::new(), 1.0);
    for k in 0.. {
        if k > 0 {
            factor = factor * d.times(Number::ONE / Number::whole(k.into()));
            left *= ratio(k);
        }
        let (coefficient, power) = (factor.times(beta(m + k, n)), m + n + k + 1);
        if left < CUT {
            let bound = Number::near(0.0, 2.0 * coefficient.value().norm());
            let rate = Complex::from(Number::of(b.rate.value().re + size));
            atoms.push(Atom { coefficient: bound.into(), power, rate });
            return Some(atoms);
        }
        atoms.push(Atom { coefficient, power, rate: b.rate });
    }
    None
}
