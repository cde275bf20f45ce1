//! One value of a convolution, taken apart: what overlaps at `t`, and what each part of the overlap gives.

use crate::{
    Error, Number, Result, Signal,
    quadrature::{self, Integral, Panels, Point, WANTED},
    signal::Body,
};

use super::{Convolution, Value, finite};

/// The value of a convolution at one `t`, with all that makes it up.
///
/// ```
/// use faltung_continuous::{Signal, convolve};
///
/// let (f, g): (Signal, Signal) = ("rect(t)".parse()?, "2*rect(t) + 3*delta(t)".parse()?);
/// let trace = convolve(&f, &g)?.trace(0.25)?;
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
    /// What makes up the value at `t`.
    ///
    /// # Errors
    /// As [`at`](Self::at).
    pub fn trace(&self, t: f64) -> Result<Trace> {
        finite(t)?;
        let (f, g) = self.operands();
        let overlaps = overlaps_at(f, g, t)?;
        let value = self.value(t, overlaps.iter().map(|overlap| overlap.integral).sum())?;
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
    Ok(overlaps_at(f, g, t)?.iter().map(|overlap| overlap.integral).sum())
}

/// Where the product is not zero, with the integrals over it.
fn overlaps_at(f: &Signal, g: &Signal, t: f64) -> Result<Vec<Overlap>> {
    let overlap = |stretch: Vec<Place>| {
        let integral = over(f, g, t, &stretch)?;
        Ok(Overlap { from: stretch[0].tau, to: stretch[stretch.len() - 1].tau, integral })
    };
    stretches(f, g, t).into_iter().map(overlap).collect()
}

/// The integral over one stretch.
fn over(f: &Signal, g: &Signal, t: f64, stretch: &[Place]) -> Result<Integral> {
    let (first, second) = bodies(f, g, t, stretch[0].tau, stretch[stretch.len() - 1].tau);
    let near: Vec<(Near, Near)> = stretch.iter().map(|place| place.sides(first, second, t)).collect();
    let middle = Place::at(0.0).sides(first, second, t);
    let product = |point: Point| {
        let (f, g) = point.place.map_or(&middle, |k| &near[k]);
        let ((a, e), (b, d)) = (f.at(point.distance), g.at(-point.distance));
        (a * b, a.abs() * d + b.abs() * e + e * d + 2.0 * f64::EPSILON * (a * b).abs())
    };
    let places = stretch.iter().map(|place| place.tau).collect();
    let frequency = first.open().frequency() + second.open().frequency();
    quadrature::integral(product, &Panels { places, frequency }).map_err(|reached| Error::Unreached {
        at: t,
        wanted: WANTED,
        reached,
        hint: "it may diverge here, or its waves be too many",
    })
}

/// A place on the line of `τ`, with the breakpoints that lie there.
#[derive(Clone, Copy)]
struct Place {
    tau: f64,
    /// The breakpoint of `f`.
    first: Option<Number>,
    /// The breakpoint of `g`, at `t - τ`.
    second: Option<Number>,
}

impl Place {
    fn at(tau: f64) -> Place {
        Place { tau, first: None, second: None }
    }

    /// Both functions as seen from here.
    fn sides(&self, first: &Body, second: &Body, t: f64) -> (Near, Near) {
        let off = f64::EPSILON * self.tau.abs().max(t.abs());
        (Near::new(first, self.tau, off, self.first), Near::new(second, t - self.tau, 2.0 * off, self.second))
    }
}

/// A function in the neighbourhood of a place: about a breakpoint of its own it is known as precisely as the distance is.
struct Near {
    body: Body,
    from: f64,
    /// How far the place may be from the truth.
    off: f64,
}

impl Near {
    fn new(body: &Body, place: f64, off: f64, breakpoint: Option<Number>) -> Near {
        match breakpoint {
            Some(at) => Near { body: body.shifted(-at), from: 0.0, off: 0.0 },
            None => Near { body: body.clone(), from: place, off },
        }
    }

    fn at(&self, distance: f64) -> (f64, f64) {
        let u = self.from + distance;
        self.body.at(u, self.off + f64::EPSILON * u.abs())
    }
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
fn stretches(f: &Signal, g: &Signal, t: f64) -> Vec<Vec<Place>> {
    let mut cuts: Vec<Place> = [f64::NEG_INFINITY, f64::INFINITY].map(Place::at).to_vec();
    cuts.extend(f.breaks.iter().map(|&at| Place { first: Some(at), ..Place::at(at.value()) }));
    cuts.extend(g.breaks.iter().map(|&at| Place { second: Some(at), ..Place::at(t - at.value()) }));
    let cuts = in_order(cuts);
    let stretch = |ends: &[Place]| {
        let (from, to) = (ends[0].tau, ends[1].tau);
        let (first, second) = bodies(f, g, t, from, to);
        if first.is_zero() || second.is_zero() {
            return None;
        }
        let (mut steep, mut turned) = (Vec::new(), Vec::new());
        first.open().landmarks(&mut steep);
        second.open().landmarks(&mut turned);
        steep.extend(turned.into_iter().map(|at| t - at));
        steep.retain(|&at| from < at && at < to);
        Some(in_order(steep.into_iter().map(Place::at).chain(ends.iter().copied()).collect()))
    };
    cuts.windows(2).filter_map(stretch).collect()
}

/// In order, places at one number being one place.
fn in_order(mut places: Vec<Place>) -> Vec<Place> {
    places.sort_by(|a, b| a.tau.total_cmp(&b.tau));
    places.dedup_by(|next, kept| {
        let same = next.tau == kept.tau;
        if same {
            kept.first = kept.first.or(next.first);
            kept.second = kept.second.or(next.second);
        }
        same
    });
    places
}
