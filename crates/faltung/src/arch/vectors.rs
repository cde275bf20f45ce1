//! Slices of samples as slices of native vectors, for the routines of `transform`.
#![allow(unsafe_code)]

use fearless_simd::{Simd, SimdFloatElement, prelude::*};
use num_complex::Complex;

/// The native vector of the floats `T` in the set `S`.
pub(crate) type Native<S, T> = <T as SimdFloatElement>::Native<S>;

/// The same as an array: what a slice of samples consists of.
pub(crate) type Chunk<S, T> = <Native<S, T> as SimdBase<S>>::Array;

/// Lanes of a vector.
pub(crate) const fn lanes<S: Simd, T: SimdFloatElement>() -> usize {
    Native::<S, T>::LEN
}

/// Vector registers of the set: a constant, once inlined.
#[inline(always)]
pub(crate) fn registers<S: Simd>(simd: S) -> usize {
    match simd.level() {
        #[cfg(target_arch = "x86_64")]
        super::Level::Avx512(_) => 32,
        #[cfg(target_arch = "aarch64")]
        super::Level::Neon(_) => 32,
        _ => 16,
    }
}

const fn assert_array<S: Simd, T: SimdFloatElement>() {
    assert!(size_of::<Chunk<S, T>>() == Native::<S, T>::LEN * size_of::<T>());
    assert!(align_of::<Chunk<S, T>>() == align_of::<T>());
}

/// The samples as arrays of one vector each, and what is left: `as_chunks` for a length that depends on the set.
#[inline(always)]
pub(crate) fn chunks<S: Simd, T: SimdFloatElement>(samples: &[T]) -> (&[Chunk<S, T>], &[T]) {
    const { assert_array::<S, T>() };
    let count = samples.len() / lanes::<S, T>();
    let (whole, rest) = samples.split_at(count * lanes::<S, T>());
    // SAFETY: `Chunk` is `[T; LEN]` (size and alignment are asserted above), and `whole` has `count * LEN` samples.
    (unsafe { core::slice::from_raw_parts(whole.as_ptr().cast(), count) }, rest)
}

/// [`chunks`], to be written.
#[inline(always)]
pub(crate) fn chunks_mut<S: Simd, T: SimdFloatElement>(samples: &mut [T]) -> (&mut [Chunk<S, T>], &mut [T]) {
    const { assert_array::<S, T>() };
    let count = samples.len() / lanes::<S, T>();
    let (whole, rest) = samples.split_at_mut(count * lanes::<S, T>());
    // SAFETY: as in `chunks`; the borrow of `whole` is unique.
    (unsafe { core::slice::from_raw_parts_mut(whole.as_mut_ptr().cast(), count) }, rest)
}

/// Complex vectors: real parts in one native vector, imaginary parts in another.
#[derive(Clone, Copy)]
#[repr(C)]
pub(crate) struct Vector<S: Simd, T: SimdFloatElement> {
    /// Real parts.
    pub(crate) re: Native<S, T>,
    /// Imaginary parts.
    pub(crate) im: Native<S, T>,
}

const fn assert_vector<S: Simd, T: SimdFloatElement>() {
    assert!(size_of::<Vector<S, T>>() == Native::<S, T>::LEN * size_of::<Complex<T>>());
    assert!(align_of::<Vector<S, T>>() <= ALIGNED);
}

/// What vectors are aligned to, at most.
const ALIGNED: usize = 64;

/// Numbers that a slice must have so that an aligned part of it has `numbers`.
pub(crate) const fn with_slack<T>(numbers: usize) -> usize {
    numbers.saturating_add(ALIGNED / size_of::<Complex<T>>())
}

/// The first `count` vectors of the aligned part of a slice that has [`with_slack`]. The token proves the set.
#[inline(always)]
pub(crate) fn vectors<S: Simd, T: SimdFloatElement>(_: S, numbers: &[Complex<T>], count: usize) -> &[Vector<S, T>] {
    const { assert_vector::<S, T>() };
    let lead = numbers.as_ptr().align_offset(ALIGNED);
    let part = &numbers[lead..][..count * lanes::<S, T>()];
    // SAFETY: a `Vector` is floats and the set's token of no size, which the caller holds; its size is asserted to be that of
    // `LEN` numbers, of which `part` has `count` times as many, and `part` is aligned by the choice of `lead`.
    unsafe { core::slice::from_raw_parts(part.as_ptr().cast(), count) }
}

/// [`vectors`], to be written.
#[inline(always)]
pub(crate) fn vectors_mut<S: Simd, T: SimdFloatElement>(
    _: S,
    numbers: &mut [Complex<T>],
    count: usize,
) -> &mut [Vector<S, T>] {
    const { assert_vector::<S, T>() };
    let lead = numbers.as_ptr().align_offset(ALIGNED);
    let part = &mut numbers[lead..][..count * lanes::<S, T>()];
    // SAFETY: as in `vectors`; the borrow of `part` is unique, and any bits are floats.
    unsafe { core::slice::from_raw_parts_mut(part.as_mut_ptr().cast(), count) }
}

/// Complex numbers as their parts, each real one before its imaginary one.
#[inline(always)]
pub(crate) fn floats<T>(numbers: &[Complex<T>]) -> &[T] {
    // SAFETY: `Complex<T>` is `repr(C)` of two `T`, so it has their alignment and twice the size.
    unsafe { core::slice::from_raw_parts(numbers.as_ptr().cast(), 2 * numbers.len()) }
}

/// [`floats`], to be written.
#[inline(always)]
pub(crate) fn floats_mut<T>(numbers: &mut [Complex<T>]) -> &mut [T] {
    // SAFETY: as in `floats`; the borrow is unique.
    unsafe { core::slice::from_raw_parts_mut(numbers.as_mut_ptr().cast(), 2 * numbers.len()) }
}
