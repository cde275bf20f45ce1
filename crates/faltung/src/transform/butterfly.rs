//! Discrete Fourier transforms of a few points, each point a vector: what passes are made of.

use super::{Float, complex::constant};
use crate::arch::{Simd, Vector};

/// The discrete Fourier transform of as many points as the array has, in natural order.
pub(super) trait Butterfly<S: Simd>: Sized {
    /// `y[k] = sum of x[j] e^(-2 pi i j k / R)`.
    fn dft(self, simd: S) -> Self;
}

impl<S: Simd, T: Float> Butterfly<S> for [Vector<S, T>; 2] {
    #[inline(always)]
    fn dft(self, _: S) -> Self {
        let [a, b] = self;
        [a + b, a - b]
    }
}

impl<S: Simd, T: Float> Butterfly<S> for [Vector<S, T>; 3] {
    #[inline(always)]
    fn dft(self, simd: S) -> Self {
        let [a, b, c] = self;
        let (sum, gap) = (b + c, b - c);
        let sine = constant::<S, T>(simd, 0.75f64.sqrt());
        let (mid, gap) =
            (a.add_times(constant::<S, T>(simd, -0.5), sum), Vector { re: gap.re * sine, im: gap.im * sine });
        [a + sum, mid.sub_i(gap), mid.add_i(gap)]
    }
}

impl<S: Simd, T: Float> Butterfly<S> for [Vector<S, T>; 4] {
    #[inline(always)]
    fn dft(self, _: S) -> Self {
        let [a, b, c, d] = self;
        let (p, q, r, s) = (a + c, a - c, b + d, b - d);
        [p + r, q.sub_i(s), p - r, q.add_i(s)]
    }
}

impl<S: Simd, T: Float> Butterfly<S> for [Vector<S, T>; 5] {
    #[inline(always)]
    fn dft(self, simd: S) -> Self {
        let [a, b, c, d, e] = self;
        let angle = core::f64::consts::TAU / 5.0;
        let (c1, c2) = (constant::<S, T>(simd, angle.cos()), constant::<S, T>(simd, (2.0 * angle).cos()));
        let (s1, s2, minus_s1) = (
            constant::<S, T>(simd, angle.sin()),
            constant::<S, T>(simd, (2.0 * angle).sin()),
            constant::<S, T>(simd, -angle.sin()),
        );
        let (p, q, r, s) = (b + e, b - e, c + d, c - d);
        let (even1, even2) = (a.add_times(c1, p).add_times(c2, r), a.add_times(c2, p).add_times(c1, r));
        let zero = Vector::zero(simd);
        let (odd1, odd2) = (zero.add_times(s1, q).add_times(s2, s), zero.add_times(s2, q).add_times(minus_s1, s));
        [a + p + r, even1.sub_i(odd1), even2.sub_i(odd2), even2.add_i(odd2), even1.add_i(odd1)]
    }
}

impl<S: Simd, T: Float> Butterfly<S> for [Vector<S, T>; 8] {
    #[inline(always)]
    fn dft(self, simd: S) -> Self {
        let [a, b, c, d, e, f, g, h] = self;
        let even = [a, c, e, g].dft(simd);
        let odd = [b, d, f, h].dft(simd);
        let half = constant::<S, T>(simd, core::f64::consts::FRAC_1_SQRT_2);
        // One and three eighths of a turn: sums and differences of the parts, times the root of a half.
        let one = Vector { re: odd[1].re + odd[1].im, im: odd[1].im - odd[1].re };
        let three = Vector { re: odd[3].im - odd[3].re, im: -(odd[3].re + odd[3].im) };
        [
            even[0] + odd[0],
            even[1].add_times(half, one),
            even[2].sub_i(odd[2]),
            even[3].add_times(half, three),
            even[0] - odd[0],
            even[1].add_times(-half, one),
            even[2].add_i(odd[2]),
            even[3].add_times(-half, three),
        ]
    }
}
