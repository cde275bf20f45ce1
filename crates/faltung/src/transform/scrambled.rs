//! A transform of one length on one instruction set.

use super::{
    Float,
    lane_steps::LaneSteps,
    passes::{Pass, Shift, radices},
};
use crate::arch::{Simd, lanes};

/// The passes of a transform, and its last steps.
pub(super) struct Scrambled<S: Simd, T: Float> {
    pub(super) simd: S,
    pub(super) vectors: usize,
    pub(super) passes: Vec<Pass<S, T>>,
    pub(super) lane_steps: LaneSteps<S, T>,
}

impl<S: Simd, T: Float> Scrambled<S, T> {
    /// Of `len` complex numbers: lanes times four, times twos, threes and fives. The first pass shifts frequencies, if any.
    ///
    /// # Panics
    /// If `len` is no such number.
    pub(super) fn new(simd: S, len: usize, shift: Shift) -> Self {
        let vectors = len / lanes::<S, T>();
        let radices = radices(vectors).filter(|_| vectors * lanes::<S, T>() == len);
        let radices = radices.unwrap_or_else(|| panic!("there is no transform of {len} numbers"));
        let mut n = len;
        let mut passes = Vec::new();
        for radix in radices {
            passes.push(Pass::new(simd, radix, n, if n == len { shift } else { Shift::None }));
            n /= radix;
        }
        Scrambled { simd, vectors, passes, lane_steps: LaneSteps::new(simd) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        arch::{Vector, dispatch, levels},
        transform::kept,
    };
    use fearless_simd::prelude::*;
    use num_complex::Complex;

    fn spectra_agree<S: Simd, T: Float>(simd: S, len: usize) {
        let lanes = lanes::<S, T>();
        let sample = |i: usize| Complex::new(((i * 37) % 101) as f64 - 50.0, ((i * 53) % 89) as f64 - 44.0);
        let plan = Scrambled::<S, T>::new(simd, len, Shift::None);
        let mut data: Vec<_> =
            (0..plan.vectors).map(|v| Vector::<S, T>::from_lanes(simd, |lane| sample(v * lanes + lane))).collect();
        simd.vectorize(
            #[inline(always)]
            || {
                plan.passes.iter().for_each(|pass| pass.forward(simd, &mut data));
                plan.lane_steps.forward(&mut data);
            },
        );
        let mut expected: Vec<_> = (0..len).map(sample).collect();
        let norm = expected.iter().map(|z| z.norm_sqr()).sum::<f64>().sqrt();
        kept::complex::<f64>(len).0.process(&mut expected);
        let numbers = |data: &[Vector<S, T>]| -> Vec<Complex<f64>> {
            data.iter()
                .flat_map(|z| {
                    (0..lanes).map(|lane| Complex::new(z.re.as_slice()[lane].into(), z.im.as_slice()[lane].into()))
                })
                .collect()
        };
        // Scrambled: the same numbers in another order.
        let mut got = numbers(&data);
        let eps = if size_of::<T>() == 4 { f32::EPSILON.into() } else { f64::EPSILON };
        let tolerance = (len as f64).log2() * eps * norm;
        for z in &expected {
            let nearest = (0..got.len()).min_by(|&a, &b| (got[a] - z).norm().total_cmp(&(got[b] - z).norm())).unwrap();
            assert!(
                (got[nearest] - z).norm() <= tolerance * (len as f64).sqrt(),
                "{len}: {z} is missing, nearest {}",
                got[nearest]
            );
            got.swap_remove(nearest);
        }
        // And back.
        data.iter_mut().for_each(|z| *z = z.swap());
        simd.vectorize(
            #[inline(always)]
            || {
                plan.lane_steps.inverse(&mut data);
                plan.passes.iter().rev().for_each(|pass| pass.inverse(simd, &mut data));
            },
        );
        for (i, z) in numbers(&data).into_iter().enumerate() {
            let back = Complex::new(z.im, z.re) / len as f64;
            assert!((back - sample(i)).norm() <= tolerance, "{len}: sample {i}");
        }
    }

    #[test]
    fn spectra_are_those_of_rustfft_but_for_their_order() {
        for level in levels() {
            for factor in [1, 2, 3, 4, 5, 6, 8, 9, 15, 16, 20, 25, 32, 48, 64, 75, 128] {
                dispatch!(level, simd => {
                    spectra_agree::<_, f32>(simd, factor * 4 * lanes_of::<_, f32>(simd));
                    spectra_agree::<_, f64>(simd, factor * 4 * lanes_of::<_, f64>(simd));
                });
            }
        }
    }

    fn lanes_of<S: Simd, T: Float>(_: S) -> usize {
        lanes::<S, T>()
    }
}
