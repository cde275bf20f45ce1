//! How large sums of integers may become, known before any is made.
//!
//! A sum of samples between `low` and `high` lies between `P low + N high` and `P high + N low`, where `P` and `N` are the
//! sums of the positive and of the negative weights. Real weights are summed in doubles and rounded, so the bound is rounded
//! likewise.
//!
//! Whatever the order in which a sum is made, none of its parts exceeds `max|x| (P - N)`. Where that is a whole number that a float
//! holds with all smaller ones, sums of whole numbers are exact in floats, see [`Rounds`].
//!
//! A sum that is interpolated is `P - N` times a mean, weighted by `|w|`, of samples whose signs are those of their weights.

use crate::{Boundary, Number, Problem, Rounding, kernel::Values};

/// The sums of positive and of negative weights of each output channel.
#[derive(Debug, Clone)]
pub(crate) enum Bound {
    Whole(Vec<(i128, i128)>),
    Real(Vec<(f64, f64)>),
}

/// Whether sums round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rounds {
    /// Never: integers, modulo a power of two, or whole numbers in floats that hold all that can occur.
    Never,
    /// As floats do, but the integers that they become are those of sums in doubles, see [`settle`](crate::settle).
    Settled,
    /// As floats do.
    Always,
}

impl Bound {
    /// Of weights `[group, output, input, axes..]`; `None` for complex ones.
    pub(crate) fn new(values: &Values, problem: &Problem) -> Option<Bound> {
        let per_output = problem.terms();
        match values {
            Values::Whole(all) => {
                let part = |of: &[i128], sign: i128| {
                    of.iter().filter(|w| w.signum() == sign).fold(0i128, |sum, &w| sum.saturating_add(w))
                };
                Some(Bound::Whole(all.chunks_exact(per_output).map(|of| (part(of, 1), part(of, -1))).collect()))
            }
            Values::Real(all) => {
                let part = |of: &[f64], sign: f64| of.iter().filter(|w| *w * sign > 0.0).sum();
                Some(Bound::Real(all.chunks_exact(per_output).map(|of| (part(of, 1.0), part(of, -1.0))).collect()))
            }
            Values::Complex(_) => None,
        }
    }

    /// The bound of sums that are divided by the share of the weights that had samples.
    pub(crate) fn interpolated(&self) -> Bound {
        /// All the weight on the samples, or on their opposites, or either.
        fn rows<W: Copy + PartialOrd + Default>(all: &[(W, W)], total: impl Fn(W, W) -> (W, W)) -> Vec<(W, W)> {
            let (zero, mut rows) = (W::default(), Vec::new());
            for &(p, n) in all {
                let (most, least) = total(p, n);
                rows.extend((p > zero).then_some((most, zero)));
                rows.extend((n < zero).then_some((zero, least)));
            }
            rows
        }
        match self {
            Bound::Whole(all) => Bound::Whole(rows(all, |p, n| (p.saturating_sub(n), n.saturating_sub(p)))),
            Bound::Real(all) => Bound::Real(rows(all, |p, n| (p - n, n - p))),
        }
    }

    /// The largest that a part of any sum may be, of samples up to `largest`: at least as much as any sample and any weight.
    pub(crate) fn reach(&self, largest: f64) -> f64 {
        let weights = match self {
            Bound::Whole(rows) => rows.iter().map(|&(p, n)| p.saturating_sub(n) as f64).fold(1.0, f64::max),
            Bound::Real(rows) => rows.iter().map(|&(p, n)| p - n).fold(1.0, f64::max),
        };
        largest.max(1.0) * weights
    }

    /// Least and greatest sum of samples from `low` to `high`, rounded and saturated.
    pub(crate) fn of(&self, (low, high): (i128, i128), rounding: Rounding) -> (i128, i128) {
        let (low, high) = (low.min(high), high.max(low));
        let mut all = (0i128, 0i128);
        let mut meet = |least: i128, most: i128| all = (all.0.min(least), all.1.max(most));
        match self {
            Bound::Whole(rows) => {
                let end = |p: i128, a: i128, n: i128, b: i128| p.saturating_mul(a).saturating_add(n.saturating_mul(b));
                rows.iter().for_each(|&(p, n)| meet(end(p, low, n, high), end(p, high, n, low)));
            }
            Bound::Real(rows) => {
                let (low, high) = (low as f64, high as f64);
                let end = |sum: f64| rounding.whole(sum) as i128;
                rows.iter().for_each(|&(p, n)| meet(end(p * low + n * high), end(p * high + n * low)));
            }
        }
        all
    }
}

/// The range of samples, boundary constants and inserted zeros included.
pub(crate) fn with_constants((low, high): (i128, i128), problem: &Problem) -> (i128, i128) {
    let mut all = (low, high);
    let mut meet = |n: i128| all = (all.0.min(n), all.1.max(n));
    for axis in &problem.axes {
        if axis.upsample > 1 {
            meet(0);
        }
        match axis.boundary {
            Boundary::Constant(Number::Whole(n)) => meet(n),
            Boundary::Constant(c) => {
                let c = c.to_complex().re;
                meet(c.floor() as i128);
                meet(c.ceil() as i128);
            }
            _ => {}
        }
    }
    all
}
