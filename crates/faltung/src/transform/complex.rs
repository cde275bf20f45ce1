//! Arithmetic of complex vectors.

use std::ops::{Add, Mul, Sub};

use fearless_simd::prelude::*;
use num_complex::Complex;

use super::Float;
use crate::arch::{Native, Simd, Vector, lanes};

/// As many lanes as any set has.
pub(super) const MOST_LANES: usize = 16;

/// A vector whose lanes are all `value`.
#[inline(always)]
pub(super) fn splat<S: Simd, T: Float>(simd: S, value: T) -> Native<S, T> {
    Native::<S, T>::splat(simd, value)
}

/// A vector whose lanes are all the value nearest to `value`.
#[inline(always)]
pub(super) fn constant<S: Simd, T: Float>(simd: S, value: f64) -> Native<S, T> {
    splat(simd, T::nearest(value))
}

impl<S: Simd, T: Float> Vector<S, T> {
    /// Zero in all lanes.
    #[inline(always)]
    pub(super) fn zero(simd: S) -> Self {
        let zero = splat(simd, T::default());
        Vector { re: zero, im: zero }
    }

    /// The same number in all lanes.
    #[inline(always)]
    pub(super) fn splat(simd: S, number: Complex<T>) -> Self {
        Vector { re: splat(simd, number.re), im: splat(simd, number.im) }
    }

    /// For each lane the number that `value` tells, in double precision.
    pub(super) fn from_lanes(simd: S, value: impl Fn(usize) -> Complex<f64>) -> Self {
        let mut all = [Complex::default(); MOST_LANES];
        (0..lanes::<S, T>()).for_each(|lane| all[lane] = value(lane));
        Vector {
            re: Native::<S, T>::from_fn(simd, |lane| T::nearest(all[lane].re)),
            im: Native::<S, T>::from_fn(simd, |lane| T::nearest(all[lane].im)),
        }
    }

    /// `re - i im`.
    #[inline(always)]
    pub(super) fn conj(self) -> Self {
        Vector { re: self.re, im: -self.im }
    }

    /// Both parts times a real number.
    #[inline(always)]
    pub(super) fn scale(self, factor: Native<S, T>) -> Self {
        Vector { re: self.re * factor, im: self.im * factor }
    }

    /// `im + i re`. Since `swap(z) = i conj(z)`, a forward transform of swapped data is the swapped inverse transform:
    /// one renaming of registers saves all inverse code.
    #[inline(always)]
    pub(super) fn swap(self) -> Self {
        Vector { re: self.im, im: self.re }
    }

    /// `self + i other`.
    #[inline(always)]
    pub(super) fn add_i(self, other: Self) -> Self {
        Vector { re: self.re - other.im, im: self.im + other.re }
    }

    /// `self - i other`.
    #[inline(always)]
    pub(super) fn sub_i(self, other: Self) -> Self {
        Vector { re: self.re + other.im, im: self.im - other.re }
    }

    /// `self + a b`.
    #[inline(always)]
    pub(super) fn add_product(self, a: Self, b: Self) -> Self {
        Vector {
            re: (-a.im).mul_add(b.im, a.re.mul_add(b.re, self.re)),
            im: a.im.mul_add(b.re, a.re.mul_add(b.im, self.im)),
        }
    }

    /// `self + factor * other`, for a real factor.
    #[inline(always)]
    pub(super) fn add_times(self, factor: Native<S, T>, other: Self) -> Self {
        Vector { re: other.re.mul_add(factor, self.re), im: other.im.mul_add(factor, self.im) }
    }
}

impl<S: Simd, T: Float> Add for Vector<S, T> {
    type Output = Self;
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Vector { re: self.re + other.re, im: self.im + other.im }
    }
}

impl<S: Simd, T: Float> Sub for Vector<S, T> {
    type Output = Self;
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        Vector { re: self.re - other.re, im: self.im - other.im }
    }
}

impl<S: Simd, T: Float> Mul for Vector<S, T> {
    type Output = Self;
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        Vector { re: self.re.mul_sub(other.re, self.im * other.im), im: self.re.mul_add(other.im, self.im * other.re) }
    }
}
