//! Signals in continuous time: closed forms between breakpoints, and impulses.
//!
//! A [`Signal`] covers the whole line with pieces. On each stands a form, that is a sum of
//!
//! ```text
//! t^n e^(a t) cos(w t),   t^n e^(a t) sin(w t),   Gaussians,   and differences of error functions
//! ```
//!
//! or, where there is no such form, a function that can be evaluated only. Beside the pieces there are impulses, each with a place
//! and a weight; they are never thin pulses. Breakpoints are rational as far as that is possible, and coefficients too.
//!
//! **Values at jumps.** A piece begins with its breakpoint: all signals are continuous from the right, `step(0)` is 1, and
//! `rect(t)` is 1 for -1/2 ≤ t < 1/2. Integrals do not depend on it. [`limits`](Signal::limits) tells both sides.

mod algebra;
pub(crate) mod conditions;
mod erf;
pub(crate) mod form;
mod functions;
mod landmarks;
pub(crate) mod open;
mod print;
mod roots;
pub(crate) mod tail;
pub(crate) mod term;

use std::sync::Arc;

use crate::{Error, Number, Result};

use form::Form;
use open::Open;

/// A function on the line with closed forms between breakpoints, and impulses.
///
/// ```
/// use faltung_continuous::Signal;
///
/// let signal: Signal = "tri(t) + 3*delta(2*t - 1)".parse()?;
/// assert_eq!(signal.at(0.25), 0.75);
/// assert_eq!(signal.impulses()[0].weight.to_string(), "3/2");
/// assert_eq!(signal.support().unwrap(), (-1.0, 1.0));
/// assert_eq!(
///     signal.to_string(),
///     "piecewise(1 + t for -1 <= t < 0; 1 - t for 0 <= t < 1; 0 otherwise) + 3/2*delta(t - 1/2)"
/// );
/// # Ok::<(), faltung_continuous::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Signal {
    /// In order.
    pub(crate) breaks: Vec<Number>,
    /// One more than there are breakpoints.
    pub(crate) bodies: Vec<Body>,
    /// In order of their places, no two at one.
    pub(crate) impulses: Vec<Impulse>,
}

/// An impulse: nothing but at one place, and with the integral `weight`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Impulse {
    /// Where it is.
    pub at: Number,
    /// Its integral.
    pub weight: Number,
}

/// What stands on a piece.
#[derive(Clone, Debug)]
pub(crate) enum Body {
    Closed(Form),
    Open(Arc<Open>),
    /// No value: why, and the column of the expression that says so.
    Undefined(&'static str, usize),
}

impl Body {
    pub(crate) fn zero() -> Body {
        Body::Closed(Form::default())
    }

    pub(crate) fn is_zero(&self) -> bool {
        matches!(self, Body::Closed(form) if form.is_zero())
    }

    fn is_one(&self) -> bool {
        matches!(self, Body::Closed(form) if form.as_constant().is_some_and(Number::is_one))
    }

    /// Value at `t`, which is known to within `off`, and a bound on its error.
    pub(crate) fn at(&self, t: f64, off: f64) -> (f64, f64) {
        match self {
            Body::Closed(form) => form.at(t, off),
            Body::Open(open) => open.at(t, off),
            Body::Undefined(..) => (f64::NAN, f64::INFINITY),
        }
    }

    /// As something to be evaluated.
    pub(crate) fn open(&self) -> Arc<Open> {
        match self {
            Body::Closed(form) => Arc::new(Open::Form(form.clone())),
            Body::Open(open) => open.clone(),
            Body::Undefined(..) => Arc::new(Open::Form(Form::constant(Number::near(f64::NAN, 0.0)))),
        }
    }
}

/// One piece, with its ends; `None` where it has none.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece<'a> {
    pub(crate) from: Option<Number>,
    pub(crate) to: Option<Number>,
    pub(crate) body: &'a Body,
}

/// The most operations upon one another in an open form.
const MOST_DEPTH: usize = 100;

/// The most pieces of a signal.
pub(crate) const MOST_PIECES: usize = 1000;

impl Signal {
    /// The signal that is zero everywhere.
    pub fn zero() -> Signal {
        Signal::whole(Body::zero())
    }

    /// An impulse of some weight.
    pub fn impulse(at: Number, weight: Number) -> Signal {
        let impulses = vec![Impulse { at, weight }];
        Signal { impulses, ..Signal::zero() }.merged()
    }

    /// One form for the whole line.
    pub(crate) fn whole(body: Body) -> Signal {
        Signal { breaks: Vec::new(), bodies: vec![body], impulses: Vec::new() }
    }

    /// A form between two places, `None` being infinitely far, and zero elsewhere.
    pub(crate) fn between(from: Option<Number>, to: Option<Number>, body: Body) -> Signal {
        let mut signal =
            Signal { breaks: from.into_iter().chain(to).collect(), bodies: vec![body], impulses: Vec::new() };
        if from.is_some() {
            signal.bodies.insert(0, Body::zero());
        }
        if to.is_some() {
            signal.bodies.push(Body::zero());
        }
        signal
    }

    /// `value` between two places, and zero elsewhere.
    pub(crate) fn constant_between(from: Number, to: Number, value: Number) -> Signal {
        Signal::between(Some(from), Some(to), Body::Closed(Form::constant(value))).merged()
    }

    pub(crate) fn pieces(&self) -> impl Iterator<Item = Piece<'_>> {
        self.bodies.iter().enumerate().map(|(k, body)| Piece {
            from: k.checked_sub(1).map(|before| self.breaks[before]),
            to: self.breaks.get(k).copied(),
            body,
        })
    }

    /// The value at `t`, from the right at a jump; not a number where it is infinite. Impulses have no value and are left out.
    pub fn at(&self, t: f64) -> f64 {
        self.value(t).0
    }

    /// The value at `t` and a bound on its error, which counts rounding and what was not known exactly.
    pub fn value(&self, t: f64) -> (f64, f64) {
        self.body_at(t).at(t, 0.0)
    }

    pub(crate) fn body_at(&self, t: f64) -> &Body {
        &self.bodies[self.breaks.partition_point(|at| at.value() <= t)]
    }

    /// The limits at `t` from the left and from the right; they differ at jumps.
    pub fn limits(&self, t: f64) -> (f64, f64) {
        let left = self.breaks.partition_point(|at| at.value() < t);
        (self.bodies[left].at(t, 0.0).0, self.at(t))
    }

    /// The places where the formula changes, in order.
    pub fn breakpoints(&self) -> &[Number] {
        &self.breaks
    }

    /// Places within the pieces about which they change fast, in order: centres and flanks of Gaussians, and how far exponentials
    /// reach. Whoever draws the signal looks there, so that nothing narrow is missed.
    ///
    /// ```
    /// use faltung_continuous::Signal;
    /// let narrow: Signal = "gauss(1000*(t - 3))".parse()?;
    /// assert!(narrow.landmarks().iter().any(|at| narrow.at(*at) > 0.39)); // its height is 0.399
    /// # Ok::<(), faltung_continuous::Error>(())
    /// ```
    pub fn landmarks(&self) -> Vec<f64> {
        let of_piece = |piece: Piece<'_>| {
            let mut found = Vec::new();
            piece.body.open().landmarks(&mut found);
            let within = move |at: &f64| {
                piece.from.is_none_or(|from| from.value() < *at) && piece.to.is_none_or(|to| *at < to.value())
            };
            found.into_iter().filter(within).collect::<Vec<_>>()
        };
        let mut all: Vec<f64> = self.pieces().flat_map(of_piece).filter(|at| at.is_finite()).collect();
        all.sort_by(f64::total_cmp);
        all.dedup();
        all
    }

    /// The impulses, in order of their places.
    pub fn impulses(&self) -> &[Impulse] {
        &self.impulses
    }

    /// The places where the value jumps, each with the limits from the left and from the right.
    pub fn jumps(&self) -> Vec<(Number, f64, f64)> {
        let sides = |k: usize| {
            let (t, off) = (self.breaks[k].value(), self.breaks[k].error_of_value());
            let ((left, e), (right, f)) = (self.bodies[k].at(t, off), self.bodies[k + 1].at(t, off));
            ((left - right).abs() > e + f).then_some((self.breaks[k], left, right))
        };
        (0..self.breaks.len()).filter_map(sides).collect()
    }

    /// The smallest interval outside of which the signal is zero, with infinite ends where it has none; `None` if it is zero.
    pub fn support(&self) -> Option<(f64, f64)> {
        let pieces = self.pieces().filter(|piece| !piece.body.is_zero());
        let ends = pieces.map(|piece| {
            let end = |end: Option<Number>, otherwise: f64| end.map_or(otherwise, Number::value);
            (end(piece.from, f64::NEG_INFINITY), end(piece.to, f64::INFINITY))
        });
        let impulses = self.impulses.iter().map(|impulse| (impulse.at.value(), impulse.at.value()));
        ends.chain(impulses).reduce(|all, each| (all.0.min(each.0), all.1.max(each.1)))
    }

    /// Whether the signal is zero everywhere.
    pub fn is_zero(&self) -> bool {
        self.support().is_none()
    }

    /// Whether each of its pieces has a closed form.
    pub fn is_closed(&self) -> bool {
        self.bodies.iter().all(|body| matches!(body, Body::Closed(_)))
    }

    /// The signal, if what is open in it is not built so high that going through it would exhaust the stack.
    pub(crate) fn within_depth(self) -> Result<Signal> {
        let depth = |body: &Body| match body {
            Body::Open(open) => open.depth(),
            _ => 0,
        };
        match self.bodies.iter().map(depth).max() {
            Some(count) if count > MOST_DEPTH => Err(Error::TooLarge {
                what: "operations upon one another without a closed form",
                count,
                most: MOST_DEPTH,
            }),
            _ => Ok(self),
        }
    }

    /// The signal, if it has a value everywhere and no number in it has left the doubles.
    pub(crate) fn checked(self) -> Result<Signal> {
        for piece in self.pieces() {
            match piece.body {
                Body::Undefined(what, _) => {
                    return Err(Error::Undefined { what, place: print::interval(piece.from, piece.to) });
                }
                Body::Closed(form) if !form.is_finite() => return Err(Error::Overflow { what: "the formula" }),
                _ => {}
            }
        }
        let finite = |impulse: &Impulse| impulse.at.is_finite() && impulse.weight.is_finite();
        match self.breaks.iter().all(|at| at.is_finite()) && self.impulses.iter().all(finite) {
            true => Ok(self),
            false => Err(Error::Overflow { what: "the places of the formula" }),
        }
    }
}
