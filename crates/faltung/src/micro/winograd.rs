//! The three small transforms of a convolution of four outputs by three weights with six multiplications.
//!
//! Samples, weights and outputs are values of polynomials at the points 0, 1, -1, 1/2, -2 and infinity: `y = A' ((G w) * (B' x))`,
//! where `*` multiplies value by value (Winograd, *Arithmetic complexity of computations*, 1980). Any six points would do. With
//! these the errors are a third of those with 0, 1, -1, 2, -2 and infinity, for five additions more.

use crate::{
    Accum, Number,
    arch::{Lanes, Simd},
};

/// Outputs of a tile along an axis.
pub(crate) const OUTPUTS: usize = 4;
/// Weights.
pub(crate) const WEIGHTS: usize = 3;
/// Samples, and points.
pub(crate) const POINTS: usize = 6;

/// How many times as large as the largest sample, times the sum of the weights, what is added up for an output may be, along
/// each axis: the largest row of `|A'| |G| |B'|`, for weights that lie where `G` is largest.
pub(crate) const GROWTH: f64 = 17.6;

/// Values of samples: `B' x`.
#[inline(always)]
pub(crate) fn samples<S: Simd, A: Accum>(simd: S, x: [A::Lanes<S>; POINTS]) -> [A::Lanes<S>; POINTS] {
    let by = |factor: f64| A::Lanes::<S>::splat(simd, A::nearest(Number::Real(factor)));
    let minus = by(-1.0);
    let (u, v) = (x[3].mul_add(minus, x[1]), x[4].mul_add(minus, x[2]));
    let (outer, inner) = (x[2].mul_add(minus, x[0]), x[3].mul_add(minus, x[5]));
    [
        u.mul_add(by(-1.5), v.mul_add(minus, outer)),
        x[3].plus(x[4]).mul_add(by(3.0), u.mul_add(by(-2.0), v)),
        x[3].mul_add(minus, x[2]).mul_add(by(3.0), u.mul_add(minus, v).times(by(2.0))),
        u.mul_add(by(2.0), v),
        v.mul_add(by(-2.0), u),
        v.mul_add(by(-1.5), u.plus(inner)),
    ]
}

/// Outputs of values: `A' m`.
#[inline(always)]
pub(crate) fn outputs<S: Simd, A: Accum>(simd: S, m: [A::Lanes<S>; POINTS]) -> [A::Lanes<S>; OUTPUTS] {
    let by = |factor: f64| A::Lanes::<S>::splat(simd, A::nearest(Number::Real(factor)));
    let (even, odd) = (m[1].plus(m[2]), m[2].mul_add(by(-1.0), m[1]));
    [
        m[0].plus(even).plus(m[3].plus(m[4])),
        m[4].mul_add(by(-2.0), m[3].mul_add(by(0.5), odd)),
        m[4].mul_add(by(4.0), m[3].mul_add(by(0.25), even)),
        m[4].mul_add(by(-8.0), m[3].mul_add(by(0.125), odd)).plus(m[5]),
    ]
}

/// Values of weights, of `R` kernels at once: `G w`.
#[inline(always)]
pub(crate) fn weights<A: Accum, const R: usize>(w: [[A; R]; WEIGHTS]) -> [[A; R]; POINTS] {
    let by = |factor: f64| A::nearest(Number::Real(factor));
    let (sixth, fifteenth, thirtieth) = (by(1.0 / 6.0), by(4.0 / 15.0), by(1.0 / 30.0));
    let (two, four, minus) = (by(2.0), by(4.0), by(-1.0));
    let mut values = [[A::ZERO; R]; POINTS];
    for r in 0..R {
        let [a, b, c] = [w[0][r], w[1][r], w[2][r]];
        let (even, odd) = (a.plus(c).times(sixth), b.times(sixth));
        values[0][r] = a;
        values[1][r] = even.plus(odd);
        values[2][r] = even.plus(odd.times(minus));
        values[3][r] = a.times(four).plus(b.times(two)).plus(c).times(fifteenth);
        values[4][r] = a.plus(b.times(two).times(minus)).plus(c.times(four)).times(thirtieth);
        values[5][r] = c;
    }
    values
}
