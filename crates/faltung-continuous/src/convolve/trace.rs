//! One value of a convolution, taken apart: what overlaps at `t`, and what each part of the overlap gives.

use crate::{
    Error, Result, Signal,
    quadrature::{self, Integral, Panels, WANTED},
    signal::Body,
};

use super::{Convolution, Value};

/// The value of a convolution at one `t`, with all that makes it up.
///
/// ```
/// use faltung_continuous::{Signal, convolve};
///
/// let (f, g): (Signal, Signal) = ("rect(t)".parse()?, "2*rect(t) + 3*delta(t)".parse()?);
/// let trace = convolve(&f, &g)?.trace(&f, &g, 0.25)?;
/// assert_eq!((trace.overlaps[0].from, trace.overlaps[0].to), (-0.25, 0.5));
/// assert!((trace.overlaps[0].integral.value - 1.5).abs() < 1e-12);
/// assert_eq!((trace.terms[0].weight, trace.terms[0].factor), (3.0, 1.0)); // 3 f(0.25)
/// assert!((trace.value.value - 4.5).abs() < 1e-12);
/// # Ok::<(), faltung_continuous::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Trace {
    /// The place.
    pub t: f64,
    /// Where the product `f(τ) g(t - τ)` is not zero, piece by piece, in order of `τ`.
    pub overlaps: Vec<Overlap>,
    /// What impulses pick out.
    pub terms: Vec<Term>,
    /// The value: the sum of all integrals and of all terms.
    pub value: Value,
}

/// An interval of `τ` on which the product has one formula.
#[derive(Clone, Copy, Debug)]
pub struct Overlap {
    /// Where it begins; may be infinite.
    pub from: f64,
    /// Where it ends; may be infinite.
    pub to: f64,
    /// The integral over it.
    pub integral: Integral,
}

/// An impulse of one signal that picks a value of the other.
#[derive(Clone, Copy, Debug)]
pub struct Term {
    /// The `τ` where it is.
    pub tau: f64,
    /// The weight of the impulse.
    pub weight: f64,
    /// The value of the other signal there.
    pub factor: f64,
}

impl Convolution {
    /// What makes up the value at `t`. `f` and `g` are the signals that were convolved.
    ///
    /// # Errors
    /// As [`at`](Self::at).
    pub fn trace(&self, f: &Signal, g: &Signal, t: f64) -> Result<Trace> {
        let value = self.at(t)?;
        let mut overlaps = Vec::new();
        for ends in stretches(f, g, t) {
            let integral = over(f, g, t, &ends)?;
            overlaps.push(Overlap { from: ends[0], to: ends[ends.len() - 1], integral });
        }
        let of_f = f.impulses().iter().map(|impulse| {
            let tau = impulse.at.value();
            Term { tau, weight: impulse.weight.value(), factor: g.at(t - tau) }
        });
        let of_g = g.impulses().iter().map(|impulse| {
            let tau = t - impulse.at.value();
            Term { tau, weight: impulse.weight.value(), factor: f.at(tau) }
        });
        let mut terms: Vec<Term> = of_f.chain(of_g).filter(|term| term.factor != 0.0).collect();
        terms.sort_by(|a, b| a.tau.total_cmp(&b.tau));
        Ok(Trace { t, overlaps, terms, value })
    }
}

/// The integral of `f(τ) g(t - τ)` over all `τ`.
pub(super) fn integral(f: &Signal, g: &Signal, t: f64) -> Result<Integral> {
    let mut all = Integral { value: 0.0, bound: 0.0, size: 0.0 };
    for ends in stretches(f, g, t) {
        let part = over(f, g, t, &ends)?;
        all.value += part.value;
        all.bound += part.bound;
        all.size += part.size;
    }
    Ok(all)
}

/// The integral over one stretch, given as its ends with steep places between them.
fn over(f: &Signal, g: &Signal, t: f64, places: &[f64]) -> Result<Integral> {
    let (first, second) = bodies(f, g, t, places[0], places[places.len() - 1]);
    let product = |tau: f64| {
        let ((a, e), (b, d)) = (first.at(tau), second.at(t - tau));
        // g is taken at t - τ, which is rounded.
        (a * b, a.abs() * d + b.abs() * e + e * d + 2.0 * f64::EPSILON * (a * b).abs())
    };
    let frequency = first.open().frequency() + second.open().frequency();
    quadrature::integral(product, &Panels { places: places.to_vec(), frequency }).map_err(|reached| Error::Unreached {
        at: t,
        wanted: WANTED,
        reached,
        hint: "it may diverge here, or its waves be too many",
    })
}

/// The pieces of both that meet between two places.
fn bodies<'a>(f: &'a Signal, g: &'a Signal, t: f64, from: f64, to: f64) -> (&'a Body, &'a Body) {
    let middle = match (from.is_finite(), to.is_finite()) {
        (true, true) => 0.5 * (from + to),
        (true, false) => from + 1.0 + from.abs(),
        (false, true) => to - 1.0 - to.abs(),
        (false, false) => 0.0,
    };
    (f.body_at(middle), g.body_at(t - middle))
}

/// The stretches of `τ` on which neither signal has a breakpoint and the product is not zero, each as its ends with steep places
/// between them.
fn stretches(f: &Signal, g: &Signal, t: f64) -> Vec<Vec<f64>> {
    let mut cuts: Vec<f64> = f.breaks.iter().map(|at| at.value()).collect();
    cuts.extend(g.breaks.iter().map(|at| t - at.value()));
    cuts.extend([f64::NEG_INFINITY, f64::INFINITY]);
    cuts.sort_by(f64::total_cmp);
    cuts.dedup();
    let stretch = |ends: &[f64]| {
        let (from, to) = (ends[0], ends[1]);
        let (first, second) = bodies(f, g, t, from, to);
        if first.is_zero() || second.is_zero() {
            return None;
        }
        let (mut steep, mut turned) = (Vec::new(), Vec::new());
        first.open().landmarks(&mut steep);
        second.open().landmarks(&mut turned);
        steep.extend(turned.into_iter().map(|at| t - at));
        steep.retain(|&at| from < at && at < to);
        steep.extend([from, to]);
        steep.sort_by(f64::total_cmp);
        steep.dedup();
        Some(steep)
    };
    cuts.windows(2).filter_map(stretch).collect()
}
