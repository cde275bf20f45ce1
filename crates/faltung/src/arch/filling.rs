//! One array, written by many threads.
//!
//! Tiles of an array do not lie apart in memory, so slices cannot prove that two threads write different samples. A
//! [`Filling`] proves it otherwise: it owns the view, cuts it by a fixed [`Grid`], and hands out each [`Tile`] once; a tile
//! is stored by value, and only within its own bounds. No two samples of the view share memory, which the view has checked.
#![allow(unsafe_code)]

use std::{
    marker::PhantomData,
    sync::atomic::{AtomicUsize, Ordering},
};

use smallvec::SmallVec;

use super::Outputs;
use crate::{Accum, AnyViewMut, Dims, Narrow, Stored, ViewMut};

/// Memory to be written, and only written.
#[derive(Debug)]
pub(crate) struct Cells<'a, T> {
    start: *mut T,
    len: usize,
    memory: PhantomData<&'a mut [T]>,
}

// SAFETY: cells are written through `Sink::store` only, by whoever holds the tile; `T` may be sent.
unsafe impl<T: Send> Send for Cells<'_, T> {}
// SAFETY: as above: what is shared is the right to write one's own tile.
unsafe impl<T: Send> Sync for Cells<'_, T> {}

impl<'a, T> Cells<'a, T> {
    pub(crate) fn new(memory: &'a mut [T]) -> Self {
        Cells { start: memory.as_mut_ptr(), len: memory.len(), memory: PhantomData }
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }
}

#[cfg(feature = "ndarray")]
impl<'a, T: Copy> ViewMut<'a, T> {
    /// The samples of an `ndarray` view, gaps between them untouched.
    pub(crate) fn of_ndarray(mut view: ndarray::ArrayViewMutD<'a, T>) -> Self {
        let reach = view.shape().iter().zip(view.strides()).map(|(&n, &s)| (n as isize - 1) * s);
        let (low, high) = reach.fold((0, 0), |(low, high), end| (low + end.min(0), high + end.max(0)));
        let empty = view.is_empty();
        let (offset, len) = if empty { (0, 0) } else { (low.unsigned_abs(), (high - low) as usize + 1) };
        let geometry =
            crate::Geometry { offset, shape: view.shape().into(), strides: view.strides().iter().copied().collect() };
        let first = view.as_mut_ptr();
        // SAFETY: `low` is where the lowest sample of a view that is not empty lies, in the same allocation.
        let start = if empty { first } else { unsafe { first.offset(low) } };
        let cells = Cells { start, len, memory: PhantomData };
        ViewMut::from_parts(cells, geometry).expect("an ndarray view shows each sample once")
    }
}

/// How an array is cut into tiles: the same tiles whatever the number of threads.
#[derive(Debug, Clone)]
pub(crate) struct Grid {
    shape: Dims,
    tile: Dims,
    count: usize,
}

impl Grid {
    /// `shape`, cut into tiles of at most `tile` each.
    pub(crate) fn new(shape: &[usize], tile: &[usize]) -> Grid {
        assert_eq!(shape.len(), tile.len(), "a tile has as many dimensions as the array");
        let tile: Dims = tile.iter().map(|&t| t.max(1)).collect();
        let count = shape.iter().zip(&tile).map(|(n, t)| n.div_ceil(*t)).product();
        Grid { shape: Dims::from_slice(shape), tile, count }
    }

    /// Number of tiles.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// First sample and extents of a tile.
    fn tile(&self, mut index: usize) -> (Dims, Dims) {
        if self.count == 1 {
            return (SmallVec::from_elem(0, self.shape.len()), Dims::from_slice(&self.shape));
        }
        let mut origin = Dims::from_slice(&self.shape);
        for axis in (0..self.shape.len()).rev() {
            let across = self.shape[axis].div_ceil(self.tile[axis]);
            origin[axis] = index % across * self.tile[axis];
            index /= across;
        }
        let mut extent = Dims::from_slice(&self.tile);
        for axis in 0..self.shape.len() {
            extent[axis] = extent[axis].min(self.shape[axis] - origin[axis]);
        }
        (origin, extent)
    }
}

/// An array being written, tile by tile.
pub(crate) struct Filling<'a> {
    view: AnyViewMut<'a>,
    grid: &'a Grid,
    next: AtomicUsize,
}

impl<'a> Filling<'a> {
    /// Starts to write a view, to be cut as `grid` says.
    ///
    /// # Panics
    /// If the grid is for another shape.
    pub(crate) fn new(view: AnyViewMut<'a>, grid: &'a Grid) -> Self {
        assert_eq!(view.geometry().shape(), &grid.shape[..], "the grid is for this view");
        Filling { view, grid, next: AtomicUsize::new(0) }
    }

    /// The next tile, until there is none.
    pub(crate) fn take(&self) -> Option<Tile<'_, 'a>> {
        let index = self.next.fetch_add(1, Ordering::Relaxed);
        (index < self.grid.count).then(|| {
            let (origin, extent) = self.grid.tile(index);
            Tile { filling: self, origin, extent }
        })
    }
}

/// The right to write one part of an array, once.
pub(crate) struct Tile<'f, 'a> {
    filling: &'f Filling<'a>,
    origin: Dims,
    extent: Dims,
}

impl Tile<'_, '_> {
    /// Its first sample.
    pub(crate) fn origin(&self) -> &[usize] {
        &self.origin
    }

    /// Its extents.
    pub(crate) fn extent(&self) -> &[usize] {
        &self.extent
    }

    /// Its memory from the axis `first` on, if it holds sums of type `A` in rows: to be written in place.
    pub(crate) fn lend<A: Accum>(&mut self, first: usize) -> Option<Outputs<'_, A>> {
        let sink = A::sink(self.filling.view.sinks()).expect("a plan was made for these sums");
        // SAFETY: the grid is as large as the view, its tiles are apart, and each was handed out once; see the module.
        unsafe { sink.lend(&self.origin, &self.extent, first) }
    }

    /// Writes all of it: dense sums, slowest axis first.
    ///
    /// # Panics
    /// If there are not exactly as many sums, or they do not narrow into the samples.
    pub(crate) fn store<A: Accum>(self, sums: &[A], narrow: Narrow) {
        assert_eq!(sums.len(), self.extent.iter().product::<usize>(), "a tile is written whole");
        let sink = A::sink(self.filling.view.sinks()).expect("a plan was made for these sums");
        // SAFETY: the grid is as large as the view, its tiles are apart, and each was handed out once; see the module.
        unsafe { sink.store(&self.origin, &self.extent, sums, narrow) }
    }
}

/// A place for sums of type `A`.
pub(crate) trait Sink<A>: Sync {
    /// Writes `sums`, dense, to the samples from `origin` on, `extent` along each axis.
    ///
    /// # Safety
    /// The samples lie within the view, there are as many sums, and nobody else writes these samples meanwhile.
    unsafe fn store(&self, origin: &[usize], extent: &[usize], sums: &[A], narrow: Narrow);

    /// The same samples as sums to be written in place, if memory holds sums in rows; axes before `first` have one place.
    ///
    /// # Safety
    /// The samples lie within the view, and nobody else reads or writes them while they are lent.
    unsafe fn lend(&self, origin: &[usize], extent: &[usize], first: usize) -> Option<Outputs<'_, A>>;
}

impl<T: Copy> ViewMut<'_, T> {
    /// The place of a sample.
    fn place(&self, index: &[usize]) -> usize {
        let geometry = self.geometry();
        let ahead = index.iter().zip(geometry.strides()).map(|(&i, &s)| i as isize * s).sum();
        geometry.offset.checked_add_signed(ahead).expect("a tile lies in its view")
    }
}

impl<A: Accum, T: Stored<A>> Sink<A> for ViewMut<'_, T> {
    unsafe fn store(&self, origin: &[usize], extent: &[usize], sums: &[A], narrow: Narrow) {
        let place = self.place(origin) as isize;
        // SAFETY: the caller's, and the view has checked that all its samples lie in its memory.
        unsafe { store(&self.cells, place, extent, self.geometry().strides(), sums, narrow) }
    }

    unsafe fn lend(&self, origin: &[usize], extent: &[usize], first: usize) -> Option<Outputs<'_, A>> {
        let sums = T::as_sums_to_write(self.cells.start)?;
        let (shape, strides) = (&extent[first..], &self.geometry().strides()[first..]);
        let in_order = strides.iter().zip(shape).all(|(&stride, &n)| stride >= 0 || n == 1);
        let in_rows = strides.last() == Some(&1) || shape.last() == Some(&1);
        if !in_order || !in_rows {
            return None;
        }
        let mut strides: Dims = strides.iter().map(|&stride| stride.unsigned_abs()).collect();
        *strides.last_mut()? = 1;
        // SAFETY: the view has checked that all its samples lie in its memory; the rest is the caller's.
        unsafe { Some(Outputs::lent(sums.add(self.place(origin)), shape, strides)) }
    }
}

/// Writes a dense block of sums, axis by axis.
///
/// # Safety
/// All places lie in the cells, and nobody else writes them meanwhile.
unsafe fn store<A: Accum, T: Stored<A>>(
    cells: &Cells<'_, T>,
    place: isize,
    extent: &[usize],
    strides: &[isize],
    sums: &[A],
    narrow: Narrow,
) {
    let stored = |sum: A| T::narrow(sum, narrow);
    match (extent, strides) {
        // Rows that follow one another in memory are one row.
        (&[.., rows, row], &[.., far, 1]) if extent.len() == 2 && (far == row as isize || rows == 1) => {
            // SAFETY: the caller's.
            unsafe { store(cells, place, &[rows * row], &[1], sums, narrow) }
        }
        ([row], [1]) => {
            debug_assert!(place >= 0 && place as usize + row <= cells.len);
            // SAFETY: the caller's: these samples follow one another in the cells, and are ours.
            let all = unsafe { std::slice::from_raw_parts_mut(cells.start.offset(place), *row) };
            T::narrow_all(&sums[..*row], all, narrow);
        }
        ([row], [stride]) => {
            debug_assert!(place >= 0 && (place as usize) < cells.len);
            for (i, &sum) in sums[..*row].iter().enumerate() {
                // SAFETY: the caller's: this sample lies in the cells and is ours.
                unsafe { cells.start.offset(place + i as isize * stride).write(stored(sum)) };
            }
        }
        ([n, extent @ ..], [stride, strides @ ..]) => {
            let inner: usize = extent.iter().product();
            for i in 0..*n {
                // SAFETY: the caller's.
                unsafe {
                    store(cells, place + i as isize * stride, extent, strides, &sums[i * inner..][..inner], narrow);
                }
            }
        }
        // SAFETY: a view without axes has one sample, and it is ours.
        _ => unsafe { cells.start.offset(place).write(stored(sums[0])) },
    }
}
