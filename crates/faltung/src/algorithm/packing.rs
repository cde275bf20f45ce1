//! What the algorithms for many channels share: which sums they are for, what vectors there are, and weights in the order in
//! which they are read.

use std::ops::Range;

use super::Refusal;
use crate::{
    Accum,
    arch::{self, Lanes, Simd, dispatch},
    kernel::weights::Weights,
};

/// Whether sums are of real floats. Layers of networks are made of these, and no routine for layers is compiled for others.
pub(super) const fn is_float<A: Accum>() -> bool {
    !A::COMPLEX && A::EPSILON > 0.0
}

/// Refuses sums that are not of real floats.
pub(super) fn only_floats<A: Accum>() -> Result<(), Refusal> {
    match is_float::<A>() {
        true => Ok(()),
        false => Err(Refusal::because("its sums are not of real floats")),
    }
}

/// Of the instruction set in use: lanes of a vector of sums, and how many vectors stand in registers ([`Lanes::BLOCK`]).
pub(super) fn in_use<A: Accum>() -> (usize, usize) {
    #[inline(always)]
    fn of<S: Simd, A: Accum>(_: S) -> (usize, usize) {
        (A::Lanes::<S>::LEN, A::Lanes::<S>::BLOCK)
    }
    dispatch!(arch::level(), simd => of::<_, A>(simd))
}

/// `0..all` in pieces of `some`, and of what is left.
pub(super) fn pieces(all: usize, some: usize) -> impl Iterator<Item = Range<usize>> {
    (0..all).step_by(some).map(move |first| first..all.min(first + some))
}

/// The weights as they are read: for each group, terms after terms, `depth` at a time; of these, outputs after outputs, `width` at a
/// time; of these, `[term][output]`. Outputs are filled up to `filled` with zeros.
pub(super) fn interleaved<A: Accum>(weights: &Weights<A>, depth: usize, (filled, width): (usize, usize)) -> Vec<A> {
    let terms = weights.inputs * weights.volume();
    let mut all = arch::zeros(weights.groups * filled * terms);
    let mut rest = &mut all[..];
    for group in 0..weights.groups {
        let weights_of_group = weights.group(group);
        for depth in pieces(terms, depth) {
            for strip in pieces(filled, width) {
                let here = rest.split_off_mut(..depth.len() * strip.len()).expect("as many as there are");
                let width = strip.len();
                for (at, output) in strip.enumerate().filter(|(_, output)| *output < weights.outputs) {
                    let row = &weights_of_group[output * terms..][depth.clone()];
                    here[at..].iter_mut().step_by(width).zip(row).for_each(|(place, &weight)| *place = weight);
                }
            }
        }
    }
    all
}
