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

use super::pages::try_zeros;
use crate::{Error, Result};

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
    /// For `what` they are needed.
    ///
    /// # Errors
    /// [`Error::Allocation`] if there is no memory for them.
    pub(crate) fn new(count: usize, what: &'static str) -> Result<Self> {
        let bytes = count.saturating_mul(size_of::<T>());
        let lines = try_zeros(bytes.div_ceil(size_of::<Line>())).ok_or(Error::Allocation { what, bytes })?;
        Ok(Aligned { lines, count, numbers: PhantomData })
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
