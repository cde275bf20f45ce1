//! The convolution of two signals, in closed form where there is one.
//!
//! ```text
//! (f*g)(t) = integral over τ of f(τ) g(t - τ)
//! ```
//!
//! It is linear in both, so each pair of parts is convolved by itself. An impulse shifts and scales the other signal, exactly. Two
//! pieces of closed form are convolved region by region ([`pieces`], [`gaussian`]). If one pair of pieces has no closed form, the
//! integral over all pieces is found by quadrature at each place that is asked for. Whether the integral exists is asked first
//! ([`converge`]).

mod causal;
mod converge;
mod gaussian;
mod moments;
mod pieces;
mod trace;

use crate::{
    Error, Number, Result, Signal,
    quadrature::Integral,
    signal::{Body, Impulse, form::Form, term::Term as Summand},
};

use pieces::{Contribution, Interval};
pub use trace::{Overlap, Term, Trace};

/// The convolution of two signals: a formula, or values by quadrature, or the sum of both.
#[derive(Clone, Debug)]
pub struct Convolution {
    f: Signal,
    g: Signal,
    exact: Signal,
    /// Whether the pieces of `f` and `g` are convolved by quadrature, and only their impulses by formula.
    method: Method,
}

/// How a convolution is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// By a formula for all `t`.
    Exact,
    /// By quadrature at each `t`.
    Quadrature,
}

/// A value, and how far it may be from the truth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Value {
    /// The value.
    pub value: f64,
    /// A bound on its error.
    pub bound: f64,
}

/// More pairs of powers than this are left to quadrature.
const MOST_PAIRS: usize = 5000;

/// Results of a higher power than this are left to quadrature. The series for rates that are nearly equal has some forty.
const HIGHEST_POWER: u32 = 64;

/// The convolution of `f` and `g`.
///
/// # Errors
/// [`Error::Divergent`] if the integral does not exist, or is not known to; [`Error::Overflow`] for numbers beyond doubles.
///
/// ```
/// use faltung_continuous::{Method, Signal, convolve};
///
/// let (pulse, decay): (Signal, Signal) = ("rect(t)".parse()?, "exp(-t)*step(t)".parse()?);
/// let charge = convolve(&pulse, &pulse)?;
/// assert_eq!(
///     charge.formula().unwrap().to_string(),
///     "piecewise(1 + t for -1 <= t < 0; 1 - t for 0 <= t < 1; 0 otherwise)"
/// );
/// let charge = convolve(&pulse, &decay)?;
/// assert_eq!(charge.method(), Method::Exact);
/// let expected = 1.0 - (-1f64).exp(); // charged for a time of 1
/// assert!((charge.at(0.5)?.value - expected).abs() <= charge.at(0.5)?.bound);
/// # Ok::<(), faltung_continuous::Error>(())
/// ```
pub fn convolve(f: &Signal, g: &Signal) -> Result<Convolution> {
    converge::check(f, g)?;
    let mut exact = impulses(f, g)?;
    let method = match formula(f, g)? {
        Some(formula) => {
            exact = exact.plus(&formula)?;
            Method::Exact
        }
        None => Method::Quadrature,
    };
    Ok(Convolution { f: f.clone(), g: g.clone(), exact: exact.checked()?, method })
}

/// What impulses of either make of the other.
fn impulses(f: &Signal, g: &Signal) -> Result<Signal> {
    let functions = Signal { impulses: Vec::new(), ..f.clone() };
    let moved = |signal: &Signal, impulse: &Impulse| signal.shifted(impulse.at).scaled(impulse.weight);
    let parts = f.impulses.iter().map(|impulse| moved(g, impulse));
    let parts = parts.chain(g.impulses.iter().map(|impulse| moved(&functions, impulse)));
    Signal::total(&parts.collect::<Vec<_>>())
}

/// The convolution of all pieces, if each pair has a closed form.
fn formula(f: &Signal, g: &Signal) -> Result<Option<Signal>> {
    let (Some(f), Some(g)) = (layers(f), layers(g)) else { return Ok(None) };
    let powers = |form: &Form| form.terms.iter().map(|term| term.power as usize + 1).sum::<usize>();
    let count = |layers: &[Contribution]| layers.iter().map(|(_, form)| powers(form)).sum::<usize>();
    if count(&f) * count(&g) > MOST_PAIRS {
        return Ok(None);
    }
    let mut parts = Vec::new();
    for p in &f {
        for q in &g {
            let Some(contributions) = pair(p, q) else { return Ok(None) };
            let part = |(on, form): Contribution| Signal::between(on.from, on.to, Body::Closed(form)).merged();
            parts.push(Signal::total(&contributions.into_iter().map(part).collect::<Vec<_>>())?);
        }
    }
    let formula = Signal::total(&parts)?;
    let finite = formula.bodies.iter().all(|body| matches!(body, Body::Closed(form) if form.is_finite()));
    Ok(Some(formula).filter(|_| finite))
}

/// The pieces of a signal of closed forms, Gaussians that go on over several as one: they have closed forms where parts have none.
fn layers(signal: &Signal) -> Option<Vec<Contribution>> {
    let mut pieces: Vec<Contribution> = Vec::new();
    for piece in signal.pieces() {
        let Body::Closed(form) = piece.body else { return None };
        pieces.push((Interval { from: piece.from, to: piece.to }, form.clone()));
    }
    let mut layers = Vec::new();
    for first in 0..pieces.len() {
        let gaussians: Vec<Summand> = pieces[first].1.terms.iter().filter(|term| term.is_gaussian()).copied().collect();
        for gaussian in gaussians {
            let place = |(_, form): &Contribution| form.terms.iter().position(|term| *term == gaussian);
            let count = pieces[first..].iter().take_while(|piece| place(piece).is_some()).count();
            if count < 2 {
                continue;
            }
            let run = &mut pieces[first..first + count];
            layers.push((Interval { from: run[0].0.from, to: run[count - 1].0.to }, Form { terms: vec![gaussian] }));
            for piece in run {
                let at = place(piece).expect("the run is made of pieces that have it");
                piece.1.terms.remove(at);
            }
        }
    }
    layers.extend(pieces);
    layers.retain(|(_, form)| !form.is_zero());
    Some(layers)
}

/// What two pieces contribute, if it has a closed form.
fn pair((on, f): &Contribution, (over, g): &Contribution) -> Option<Vec<Contribution>> {
    let mut all: Vec<Contribution> = Vec::new();
    for a in &f.terms {
        for b in &g.terms {
            let contributions = match a.is_plain() && b.is_plain() {
                true => pieces::convolve(a, *on, b, *over),
                false => gaussian::convolve(a, *on, b, *over)?,
            };
            for (interval, form) in contributions {
                if form.terms.iter().any(|term| term.power > HIGHEST_POWER) {
                    return None;
                }
                // Contributions of one pair have few intervals in common.
                let same = |(other, _): &&mut Contribution| other.from == interval.from && other.to == interval.to;
                match all.iter_mut().find(same) {
                    Some((_, whole)) => *whole = whole.plus(&form),
                    None => all.push((interval, form)),
                }
            }
        }
    }
    Some(all)
}

fn finite(t: f64) -> Result<()> {
    match t.is_finite() {
        true => Ok(()),
        false => Err(Error::Parameter { name: "t", value: t, expected: "a finite number" }),
    }
}

/// An integral, as a value.
impl From<Integral> for Value {
    fn from(Integral { value, bound, .. }: Integral) -> Value {
        Value { value, bound }
    }
}

impl Convolution {
    /// The signals that were convolved.
    pub fn operands(&self) -> (&Signal, &Signal) {
        (&self.f, &self.g)
    }

    /// How it is computed.
    pub fn method(&self) -> Method {
        self.method
    }

    /// The result as a signal, if it has a closed form.
    pub fn formula(&self) -> Option<&Signal> {
        Some(&self.exact).filter(|_| self.method == Method::Exact)
    }

    /// The value at `t`, from the right at a jump, with a bound on its error. Impulses have no value and are left out.
    ///
    /// # Errors
    /// [`Error::Unreached`] if quadrature cannot find the integral, which may not exist at this `t`.
    pub fn at(&self, t: f64) -> Result<Value> {
        finite(t)?;
        let integral = match self.method {
            Method::Exact => Integral::default(),
            Method::Quadrature => trace::integral(&self.f, &self.g, t)?,
        };
        self.value(t, integral)
    }

    /// The value at `t`, with the integral over all pieces where there is no formula for it.
    fn value(&self, t: f64, integral: Integral) -> Result<Value> {
        let (value, bound) = self.exact.value(t);
        let all = match self.method {
            Method::Exact => Value { value, bound },
            Method::Quadrature => Value { value: value + integral.value, bound: bound + integral.bound },
        };
        match all.value.is_finite() && all.bound.is_finite() {
            true => Ok(all),
            false => Err(Error::Overflow { what: "the value" }),
        }
    }

    /// The places where the result may have another formula: breakpoints of the formula, or all sums of breakpoints of both.
    pub fn breakpoints(&self) -> Vec<Number> {
        let mut places = self.exact.breaks.clone();
        if self.method == Method::Quadrature {
            places.extend(self.f.breaks.iter().flat_map(|&a| self.g.breaks.iter().map(move |&b| a + b)));
        }
        places.sort_by(|a, b| a.value().total_cmp(&b.value()));
        places.dedup_by(|a, b| a == b);
        places
    }

    /// The impulses of the result.
    pub fn impulses(&self) -> &[Impulse] {
        self.exact.impulses()
    }

    /// An interval outside of which the result is zero, with infinite ends where it has none; `None` if it is zero everywhere.
    pub fn support(&self) -> Option<(f64, f64)> {
        let sum = |(a, b): (f64, f64), (c, d): (f64, f64)| (a + c, b + d);
        let functions = match self.method {
            Method::Exact => None,
            Method::Quadrature => self.f.support().zip(self.g.support()).map(|(f, g)| sum(f, g)),
        };
        let all = self.exact.support().into_iter().chain(functions);
        all.reduce(|all, each| (all.0.min(each.0), all.1.max(each.1)))
    }
}
