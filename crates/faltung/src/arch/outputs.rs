//! The outputs of a tile, wherever they are: in scratch, or in the memory of the result.
//!
//! Either way they are rows: samples of the last axis follow one another, rows lie anywhere. A routine that fills several rows
//! at once takes a [`Strip`] of them. Large results bypass the caches: see [`Store`].
#![allow(unsafe_code)]

use std::marker::PhantomData;

use super::{Lanes, Simd};
use crate::{
    Accum, Dims,
    geometry::{dense_strides, place_of},
};

/// Whether what is stored is wanted in the caches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Store {
    /// It will be read again soon.
    Cached,
    /// There is more of it than caches hold: it bypasses them, so that no line is read only to be overwritten.
    Streamed,
}

/// Outputs to be written: `[output, axes..]`.
pub(crate) struct Outputs<'t, A> {
    start: *mut A,
    shape: Dims,
    strides: Dims,
    store: Store,
    memory: PhantomData<&'t mut [A]>,
}

impl<'t, A> Outputs<'t, A> {
    /// In a slice, dense.
    ///
    /// # Panics
    /// If the slice has another length.
    pub(crate) fn dense(all: &'t mut [A], shape: &[usize]) -> Self {
        assert_eq!(all.len(), shape.iter().product::<usize>(), "outputs are dense");
        let (shape, strides) = (Dims::from_slice(shape), dense_strides(shape));
        Outputs { start: all.as_mut_ptr(), shape, strides, store: Store::Cached, memory: PhantomData }
    }

    /// In memory that is lent for `'t`.
    ///
    /// # Safety
    /// All samples of this shape and these strides lie in one allocation, no two in one place, and nobody else reads or writes
    /// them for `'t`. The last stride is 1, or the last extent.
    pub(super) unsafe fn lent(start: *mut A, shape: &[usize], strides: Dims) -> Self {
        Outputs { start, shape: Dims::from_slice(shape), strides, store: Store::Cached, memory: PhantomData }
    }

    /// How they are stored.
    pub(crate) fn store(&self) -> Store {
        self.store
    }

    /// Sets how they are stored.
    pub(crate) fn set_store(&mut self, store: Store) {
        self.store = store;
    }

    /// Extents: channels, then axes.
    pub(crate) fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// Outputs along the axes.
    pub(crate) fn extent(&self) -> &[usize] {
        &self.shape[1..]
    }

    /// Distances between neighbours.
    pub(crate) fn strides(&self) -> &[usize] {
        &self.strides
    }

    /// A part of each axis: `count` outputs from `first` on.
    ///
    /// # Panics
    /// If there are not as many.
    pub(crate) fn part(&mut self, axis: usize, first: usize, count: usize) -> Outputs<'_, A> {
        assert!(first + count <= self.shape[axis], "a part of an axis");
        let mut shape = Dims::from_slice(&self.shape);
        shape[axis] = count;
        // SAFETY: within the allocation, or one past its end where the part is empty.
        let start = unsafe { self.start.add(first * self.strides[axis]) };
        Outputs { start, shape, strides: Dims::from_slice(&self.strides), store: self.store, memory: PhantomData }
    }

    /// One place along each of `count` axes from `first` on: that of number `at`, slowest axis first.
    ///
    /// # Panics
    /// If there is no such place.
    pub(crate) fn place(&mut self, first: usize, count: usize, at: usize) -> Outputs<'_, A> {
        let axes = first..first + count;
        assert!(at < self.shape[axes.clone()].iter().product(), "a place of the tile");
        let ahead = place_of(at, &self.shape[axes.clone()], &self.strides[axes.clone()]);
        let mut shape = Dims::from_slice(&self.shape);
        shape[axes].fill(1);
        // SAFETY: that place lies within the allocation.
        let start = unsafe { self.start.add(ahead) };
        Outputs { start, shape, strides: Dims::from_slice(&self.strides), store: self.store, memory: PhantomData }
    }

    /// The axes from `first` on as one axis.
    ///
    /// # Panics
    /// If its outputs do not follow one another.
    pub(crate) fn merged(&mut self, first: usize) -> Outputs<'_, A> {
        let merged = &self.shape[first..];
        assert_eq!(self.strides[first..], dense_strides(merged)[..], "rows that follow one another are one row");
        let (mut shape, mut strides) =
            (Dims::from_slice(&self.shape[..first]), Dims::from_slice(&self.strides[..first]));
        shape.push(merged.iter().product());
        strides.push(1);
        Outputs { start: self.start, shape, strides, store: self.store, memory: PhantomData }
    }

    /// The last axes, as many as follow one another, as one: rows as long as they can be.
    pub(crate) fn in_rows(&mut self) -> Outputs<'_, A> {
        let (mut first, mut row) = (self.shape.len(), 1);
        while first > 1 && (self.shape[first - 1] == 1 || self.strides[first - 1] == row) {
            first -= 1;
            row *= self.shape[first];
        }
        let with_last = |all: &[usize], last: usize| all[..first].iter().copied().chain([last]).collect();
        let (shape, strides): (Dims, Dims) = (with_last(&self.shape, row), with_last(&self.strides, 1));
        Outputs { start: self.start, shape, strides, store: self.store, memory: PhantomData }
    }

    /// Number of rows.
    pub(crate) fn rows(&self) -> usize {
        self.shape[..self.shape.len() - 1].iter().product()
    }

    /// A row of outputs along the last axis; rows are counted slowest axis first.
    pub(crate) fn row(&mut self, at: usize) -> &mut [A] {
        let (&len, outer) = self.shape.split_last().expect("outputs have channels");
        assert!(at < outer.iter().product(), "a row of the tile");
        let place = place_of(at, outer, &self.strides);
        // SAFETY: a row of this tile, borrowed with it.
        unsafe { std::slice::from_raw_parts_mut(self.start.add(place), len) }
    }

    /// The output of a channel whose place along the axes is `at`, slowest axis first.
    pub(crate) fn at(&mut self, channel: usize, at: usize) -> &mut A {
        let (rows, len) = (self.rows() / self.shape[0], self.shape[self.shape.len() - 1]);
        if self.shape.len() == 1 {
            return &mut self.row(0)[channel];
        }
        &mut self.row(channel * rows + at / len)[at % len]
    }

    /// Calls `each` with the number of every row, in order, and the row.
    pub(crate) fn for_each_row(&mut self, mut each: impl FnMut(usize, &mut [A])) {
        (0..self.rows()).for_each(|at| each(at, self.row(at)));
    }

    /// The rows along `axis` from its first output on, those of row number `at`: as many as there are outputs along it.
    ///
    /// # Panics
    /// If `at` is no such row.
    pub(crate) fn strip(&mut self, axis: usize, at: usize) -> Strip<'_, A> {
        let last = self.shape.len() - 1;
        let outer = self.shape[..last].iter().enumerate().map(|(a, &n)| if a == axis { 1 } else { n });
        let outer: Dims = outer.collect();
        assert!(at < outer.iter().product() && axis < last, "a strip of the tile");
        let place = place_of(at, &outer, &self.strides);
        // SAFETY: a row of this tile, borrowed with it.
        let start = unsafe { self.start.add(place) };
        Strip {
            start,
            pitch: self.strides[axis],
            count: self.shape[axis],
            len: self.shape[last],
            store: self.store,
            memory: PhantomData,
        }
    }
}

impl<A: Copy> Outputs<'_, A> {
    /// Sets all of them.
    pub(crate) fn fill(&mut self, value: A) {
        self.in_rows().for_each_row(|_, row| row.fill(value));
    }
}

impl<A: Accum> Outputs<'_, A> {
    /// Adds sums, dense.
    pub(crate) fn add(&mut self, sums: &[A]) {
        let mut rest = sums;
        self.in_rows().for_each_row(|_, row| {
            let (now, later) = rest.split_at(row.len());
            rest = later;
            row.iter_mut().zip(now).for_each(|(y, &sum)| *y = y.plus(sum));
        });
    }
}

/// Rows of outputs, equally far from one another.
pub(crate) struct Strip<'t, A> {
    start: *mut A,
    pitch: usize,
    count: usize,
    len: usize,
    store: Store,
    memory: PhantomData<&'t mut [A]>,
}

impl<A> Strip<'_, A> {
    /// Number of rows.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// Outputs of a row.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// How they are stored.
    pub(crate) fn store(&self) -> Store {
        self.store
    }

    /// A row from the output `at` on.
    #[inline(always)]
    pub(crate) fn row(&mut self, number: usize, at: usize) -> &mut [A] {
        assert!(number < self.count && at <= self.len, "a row of the strip");
        // SAFETY: within the row of this number, which is borrowed with the strip.
        unsafe { std::slice::from_raw_parts_mut(self.start.add(number * self.pitch + at), self.len - at) }
    }

    /// Stores a vector into a row.
    #[inline(always)]
    pub(crate) fn put<S: Simd>(&mut self, number: usize, at: usize, sums: impl Lanes<S, A>) {
        let store = self.store;
        sums.put(self.row(number, at), store);
    }

    /// Outputs of the first row before the first that lies on a place of so many bytes.
    pub(crate) fn lead(&self, bytes: usize) -> usize {
        self.start.align_offset(bytes)
    }
}

/// Rows of samples, equally far from one another, each `span` long.
pub(crate) struct Pitched<'a, A> {
    start: *const A,
    pitch: usize,
    rows: usize,
    span: usize,
    memory: PhantomData<&'a [A]>,
}

impl<'a, A> Pitched<'a, A> {
    /// `rows` rows of `samples`, `pitch` apart.
    ///
    /// # Panics
    /// If there are not as many samples.
    #[inline(always)]
    pub(crate) fn new(samples: &'a [A], pitch: usize, rows: usize, span: usize) -> Self {
        assert!(pitch.saturating_mul(rows - 1).saturating_add(span) <= samples.len(), "rows lie within their samples");
        Pitched { start: samples.as_ptr(), pitch, rows, span, memory: PhantomData }
    }

    /// A row. Where its number is a constant, nothing is checked when it runs.
    #[inline(always)]
    pub(crate) fn row(&self, number: usize) -> &'a [A] {
        assert!(number < self.rows, "a row that there is");
        // SAFETY: `new` has checked that this row lies within the samples.
        unsafe { std::slice::from_raw_parts(self.start.add(number * self.pitch), self.span) }
    }
}

/// Asks for the line of memory where the number `place` of `all` stands: it will be read soon. A place beyond the end does no harm.
#[inline(always)]
pub(crate) fn prefetch<A>(all: &[A], place: usize) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: SSE is in the x86-64 baseline, and this instruction reads nothing, wherever it points.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(all.as_ptr().wrapping_add(place).cast()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (all, place);
}

/// Waits until what was streamed can be seen by all threads.
pub(crate) fn fence() {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: SSE is in the x86-64 baseline.
    unsafe {
        std::arch::x86_64::_mm_sfence();
    }
}
