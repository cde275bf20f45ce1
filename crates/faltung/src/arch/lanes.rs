//! Vectors of sums: what a routine may ask of an instruction set.
#![allow(unsafe_code)]

use fearless_simd::{SimdFloatElement, prelude::*};
use num_complex::Complex;

use super::Store;
#[cfg(target_arch = "x86_64")]
use super::{Level, transpose::cast};
use crate::Accum;

/// A vector of `LEN` sums of type `A` in the instruction set `S`.
pub(crate) trait Lanes<S: Simd, A>: Copy {
    /// Lanes.
    const LEN: usize;
    /// Vectors of sums that stand in registers, beside those that a comb of four multiplies: 16, 10 or 4.
    const BLOCK: usize;
    /// The same sum in all lanes.
    fn splat(simd: S, value: A) -> Self;
    /// The first `LEN` of a slice that has as many.
    fn load(simd: S, from: &[A]) -> Self;
    /// Into the first `LEN` of a slice that has as many.
    fn store(self, to: &mut [A]);
    /// The same past the caches, where the set can and the slice begins on a whole vector's place. End with [`fence`](super::fence).
    #[inline(always)]
    fn stream(self, to: &mut [A]) {
        self.store(to);
    }
    /// Into memory, one way or the other.
    #[inline(always)]
    fn put(self, to: &mut [A], store: Store) {
        match store {
            Store::Cached => self.store(to),
            Store::Streamed => self.stream(to),
        }
    }
    /// Whether [`slide`](Self::slide) takes less than a load: vectors are as long as lines of the caches, so that all loads but those
    /// from whole places take two.
    const SLIDES: bool = false;
    /// The lanes from `SHIFT` on, and then the first of `next`.
    fn slide<const SHIFT: usize>(self, next: Self) -> Self;
    /// `self * factor + sum`, fused where the set can.
    fn mul_add(self, factor: Self, sum: Self) -> Self;
    /// `self + other`.
    fn plus(self, other: Self) -> Self;
    /// `self * factor`.
    fn times(self, factor: Self) -> Self;
}

/// Whether vectors of so many bytes come 32 registers at a time, and not 16.
const fn is_wide(bytes: usize) -> bool {
    bytes == 64
}

/// A vector of real floats.
#[derive(Clone, Copy)]
pub(crate) struct Real<S: Simd, T: SimdFloatElement>(T::Native<S>);

impl<S: Simd, T: SimdFloatElement> Lanes<S, T> for Real<S, T> {
    const LEN: usize = <T::Native<S> as SimdBase<S>>::LEN;
    const BLOCK: usize = if is_wide(Self::LEN * size_of::<T>()) { 16 } else { 10 };
    const SLIDES: bool = is_wide(Self::LEN * size_of::<T>());
    #[inline(always)]
    fn splat(simd: S, value: T) -> Self {
        Real(T::Native::<S>::splat(simd, value))
    }
    #[inline(always)]
    fn load(simd: S, from: &[T]) -> Self {
        Real(T::Native::<S>::from_slice(simd, &from[..Self::LEN]))
    }
    #[inline(always)]
    fn store(self, to: &mut [T]) {
        self.0.store_slice(&mut to[..Self::LEN]);
    }
    #[inline(always)]
    fn stream(self, to: &mut [T]) {
        #[cfg(target_arch = "x86_64")]
        {
            use std::arch::x86_64::{_mm256_stream_ps, _mm512_stream_ps};
            let to = &mut to[..Self::LEN];
            let place = to.as_mut_ptr();
            let aligned = place.addr().is_multiple_of(size_of_val(to));
            match self.0.token().level() {
                Level::Avx512(_) if aligned => {
                    // SAFETY: the token proves AVX-512; the place is a whole vector's, aligned and uniquely borrowed.
                    return unsafe { _mm512_stream_ps(place.cast(), cast(self.0)) };
                }
                Level::Avx2(_) if aligned => {
                    // SAFETY: the token proves AVX; the place is a whole vector's, aligned and uniquely borrowed.
                    return unsafe { _mm256_stream_ps(place.cast(), cast(self.0)) };
                }
                _ => {}
            }
        }
        self.store(to);
    }
    #[inline(always)]
    fn slide<const SHIFT: usize>(self, next: Self) -> Self {
        Real(self.0.slide::<SHIFT>(next.0))
    }
    #[inline(always)]
    fn mul_add(self, factor: Self, sum: Self) -> Self {
        Real(self.0.mul_add(factor.0, sum.0))
    }
    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        Real(self.0 + other.0)
    }
    #[inline(always)]
    fn times(self, factor: Self) -> Self {
        Real(self.0 * factor.0)
    }
}

/// A vector of complex floats: a real one of the real parts, and one of the imaginary parts.
#[derive(Clone, Copy)]
pub(crate) struct Pair<S: Simd, T: SimdFloatElement> {
    re: T::Native<S>,
    im: T::Native<S>,
}

impl<S: Simd, T: SimdFloatElement> Lanes<S, Complex<T>> for Pair<S, T> {
    const LEN: usize = <T::Native<S> as SimdBase<S>>::LEN;
    const BLOCK: usize = if is_wide(Self::LEN * size_of::<T>()) { 10 } else { 4 };
    #[inline(always)]
    fn splat(simd: S, value: Complex<T>) -> Self {
        Pair { re: T::Native::<S>::splat(simd, value.re), im: T::Native::<S>::splat(simd, value.im) }
    }
    #[inline(always)]
    fn load(simd: S, from: &[Complex<T>]) -> Self {
        let from = &from[..Self::LEN];
        Pair {
            re: T::Native::<S>::from_fn(simd, |lane| from[lane].re),
            im: T::Native::<S>::from_fn(simd, |lane| from[lane].im),
        }
    }
    #[inline(always)]
    fn store(self, to: &mut [Complex<T>]) {
        for (lane, to) in to[..Self::LEN].iter_mut().enumerate() {
            *to = Complex { re: self.re.as_slice()[lane], im: self.im.as_slice()[lane] };
        }
    }
    #[inline(always)]
    fn slide<const SHIFT: usize>(self, next: Self) -> Self {
        Pair { re: self.re.slide::<SHIFT>(next.re), im: self.im.slide::<SHIFT>(next.im) }
    }
    #[inline(always)]
    fn mul_add(self, factor: Self, sum: Self) -> Self {
        Pair {
            re: self.re.mul_add(factor.re, (-self.im).mul_add(factor.im, sum.re)),
            im: self.re.mul_add(factor.im, self.im.mul_add(factor.re, sum.im)),
        }
    }
    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        Pair { re: self.re + other.re, im: self.im + other.im }
    }
    #[inline(always)]
    fn times(self, factor: Self) -> Self {
        Pair {
            re: self.re.mul_add(factor.re, -(self.im * factor.im)),
            im: self.re.mul_add(factor.im, self.im * factor.re),
        }
    }
}

/// A vector of 64-bit integers, modulo 2^64.
#[derive(Clone, Copy)]
pub(crate) struct Whole<S: Simd>(S::i64s);

impl<S: Simd> Lanes<S, i64> for Whole<S> {
    const LEN: usize = <S::i64s as SimdBase<S>>::LEN;
    const BLOCK: usize = if is_wide(Self::LEN * size_of::<i64>()) { 16 } else { 4 };
    const SLIDES: bool = is_wide(Self::LEN * size_of::<i64>());
    #[inline(always)]
    fn splat(simd: S, value: i64) -> Self {
        Whole(S::i64s::splat(simd, value))
    }
    #[inline(always)]
    fn load(simd: S, from: &[i64]) -> Self {
        Whole(S::i64s::from_slice(simd, &from[..Self::LEN]))
    }
    #[inline(always)]
    fn store(self, to: &mut [i64]) {
        self.0.store_slice(&mut to[..Self::LEN]);
    }
    #[inline(always)]
    fn slide<const SHIFT: usize>(self, next: Self) -> Self {
        Whole(self.0.slide::<SHIFT>(next.0))
    }
    #[inline(always)]
    fn mul_add(self, factor: Self, sum: Self) -> Self {
        Whole(self.0 * factor.0 + sum.0)
    }
    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        Whole(self.0 + other.0)
    }
    #[inline(always)]
    fn times(self, factor: Self) -> Self {
        Whole(self.0 * factor.0)
    }
}

/// One sum, where a set has no vectors of its type.
#[derive(Debug, Clone, Copy)]
pub(crate) struct One<A>(A);

impl<S: Simd, A: Accum> Lanes<S, A> for One<A> {
    const LEN: usize = 1;
    const BLOCK: usize = 4;
    #[inline(always)]
    fn splat(_: S, value: A) -> Self {
        One(value)
    }
    #[inline(always)]
    fn load(_: S, from: &[A]) -> Self {
        One(from[0])
    }
    #[inline(always)]
    fn store(self, to: &mut [A]) {
        to[0] = self.0;
    }
    #[inline(always)]
    fn slide<const SHIFT: usize>(self, next: Self) -> Self {
        if SHIFT == 0 { self } else { next }
    }
    #[inline(always)]
    fn mul_add(self, factor: Self, sum: Self) -> Self {
        One(self.0.times(factor.0).plus(sum.0))
    }
    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        One(self.0.plus(other.0))
    }
    #[inline(always)]
    fn times(self, factor: Self) -> Self {
        One(self.0.times(factor.0))
    }
}
