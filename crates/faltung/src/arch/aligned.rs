//! Memory whose numbers begin where lines of the caches do.
//!
//! A slice of spectra has its vectors in its aligned part, which in a copy may begin elsewhere. Here it begins at the beginning, so
//! that copies are copies.
#![allow(unsafe_code)]

use std::{
    marker::PhantomData,
    ops::{Deref, DerefMut},
};

use bytemuck::{Pod, Zeroable};

use super::pages::zeros;

/// A line of the caches.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
struct Line([u64; 8]);

// SAFETY: eight words, of which any bits are numbers, and zeros are.
unsafe impl Zeroable for Line {}
// SAFETY: as above; 64 bytes aligned to 64 have no padding.
unsafe impl Pod for Line {}

/// So many numbers, zeros at first.
#[derive(Clone)]
pub(crate) struct Aligned<T> {
    lines: Vec<Line>,
    count: usize,
    numbers: PhantomData<T>,
}

impl<T: Pod> Aligned<T> {
    /// # Panics
    /// If there is no memory for them.
    pub(crate) fn new(count: usize) -> Self {
        let bytes = count.checked_mul(size_of::<T>()).expect("memory that can be addressed");
        Aligned { lines: zeros(bytes.div_ceil(size_of::<Line>())), count, numbers: PhantomData }
    }
}

impl<T: Pod> Deref for Aligned<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        &bytemuck::cast_slice(&self.lines)[..self.count]
    }
}

impl<T: Pod> DerefMut for Aligned<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut bytemuck::cast_slice_mut(&mut self.lines)[..self.count]
    }
}
