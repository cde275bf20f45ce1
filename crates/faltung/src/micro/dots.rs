//! Sums of products of rows, for some outputs and some places at once: `y[r, p] += sum over t of w[r, t] x[p + t]`.
//!
//! Vectors run along the terms, so rows must be long, and lanes are added up at the very end. A tile of some outputs by some places
//! stands in registers: at each step a vector of each output's weights and of each place is loaded, and each meets all of the others.

use crate::{
    Accum,
    arch::{Lanes, Pitched, Simd},
    micro::unroll::unroll,
};

/// Outputs that are taken at once, where so many vectors stand in registers ([`Lanes::BLOCK`]).
pub(crate) const fn outputs(block: usize) -> usize {
    if block == 16 { 4 } else { 2 }
}

/// What is multiplied.
pub(crate) struct Rows<'a, A> {
    /// Weights: rows of terms that follow one another; those of the next output lie so far apart.
    pub(crate) weights: &'a [A],
    pub(crate) apart: usize,
    /// Terms of a row, whole vectors of them.
    pub(crate) terms: usize,
    /// Samples, from the first place on.
    pub(crate) x: &'a [A],
    /// Where the samples of each row begin.
    pub(crate) offsets: &'a [usize],
    /// From a place to the next along two axes.
    pub(crate) pitches: [usize; 2],
}

/// Where sums stand: a vector of each, `[output][place]`, outputs so far apart.
pub(crate) struct Sums<'a, A> {
    pub(crate) sums: &'a mut [A],
    pub(crate) apart: usize,
    /// From a place to the next along two axes, in vectors.
    pub(crate) pitches: [usize; 2],
}

/// Adds what `R` outputs' rows and `P` by `Q` places come to.
#[inline(always)]
pub(crate) fn tile<S: Simd, A: Accum, const R: usize, const P: usize, const Q: usize>(
    simd: S,
    rows: &Rows<'_, A>,
    to: &mut Sums<'_, A>,
) {
    let lanes = A::Lanes::<S>::LEN;
    let mut sums = [[[A::Lanes::<S>::splat(simd, A::ZERO); Q]; P]; R];
    let all = rows.offsets.iter().flat_map(|&offset| (0..rows.terms).step_by(lanes).map(move |term| offset + term));
    for (step, sample) in all.enumerate() {
        let weights = Pitched::new(&rows.weights[step * lanes..], rows.apart, R, lanes);
        let mut loaded = [A::Lanes::<S>::splat(simd, A::ZERO); R];
        unroll!(r in 4 => {
            if r < R {
                loaded[r] = A::Lanes::<S>::load(simd, weights.row(r));
            }
        });
        unroll!(p in 4 => {
            if p < P {
                let x = Pitched::new(&rows.x[p * rows.pitches[0] + sample..], rows.pitches[1], Q, lanes);
                unroll!(q in 6 => {
                    if q < Q {
                        let x = A::Lanes::<S>::load(simd, x.row(q));
                        unroll!(r in 4 => {
                            if r < R {
                                sums[r][p][q] = x.mul_add(loaded[r], sums[r][p][q]);
                            }
                        });
                    }
                });
            }
        });
    }
    unroll!(r in 4 => {
        if r < R {
            unroll!(p in 4 => {
                if p < P {
                    unroll!(q in 6 => {
                        if q < Q {
                            let place = r * to.apart + (p * to.pitches[0] + q * to.pitches[1]) * lanes;
                            let place = &mut to.sums[place..][..lanes];
                            A::Lanes::<S>::load(simd, place).plus(sums[r][p][q]).store(place);
                        }
                    });
                }
            });
        }
    });
}
