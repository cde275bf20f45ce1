//! Arrays as memory and geometry: any number of dimensions, any strides.
//!
//! A [`View`] reads, a [`ViewMut`] writes, an [`Array`] owns. Axes go slowest first, strides count samples and may be
//! negative or (to read only) zero. Turning, cutting and permuting change the [`Geometry`] and never touch a sample.

use std::borrow::Cow;

use crate::{Array, Dims, Error, Geometry, Result, Sample, Strides, arch, geometry::check_dense};

/// An array to be read, of any strides. Turning and permuting copy no sample.
///
/// Made from slices, vectors, arrays of Rust, [`Array`] and, with the feature `ndarray`, its arrays.
///
/// ```
/// use faltung::View;
/// let samples = [1, 2, 3, 4, 5, 6];
/// let rows = View::new(&samples, &[2, 3])?;
/// assert_eq!(rows.get(&[1, 0]), 4);
/// // The same memory, columns first, each column upwards:
/// assert_eq!(rows.permuted(&[1, 0]).reversed(1).to_vec(), [4, 1, 5, 2, 6, 3]);
/// # Ok::<(), faltung::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct View<'a, T: Clone> {
    data: Cow<'a, [T]>,
    geometry: Geometry,
    order: ByteOrder,
}

/// In which order the bytes of a number lie in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ByteOrder {
    /// As the machine has them.
    Native,
    /// The other way round.
    Swapped,
}

impl<'a, T: Clone> View<'a, T> {
    /// All of `data`, dense, slowest axis first.
    ///
    /// # Errors
    /// [`Error::Memory`] if the shape does not have exactly as many samples.
    ///
    /// ```
    /// let rows = faltung::View::new(&[1, 2, 3, 4, 5, 6], &[2, 3])?;
    /// assert_eq!(rows.get(&[1, 2]), 6);
    /// assert!(faltung::View::new(&[1, 2, 3], &[2, 2]).is_err());
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn new(data: &'a [T], shape: &[usize]) -> Result<Self> {
        check_dense(shape, data.len())?;
        Ok(View::dense(data, shape))
    }

    /// Part of `data`: the sample at index 0 is `data[offset]`, neighbours along an axis lie a stride apart.
    ///
    /// # Errors
    /// [`Error::Memory`] if a sample would lie outside `data`.
    ///
    /// # Panics
    /// If there are not as many strides as extents.
    ///
    /// ```
    /// let odd = faltung::View::with_strides(&[1, 2, 3, 4, 5], &[3], &[-2], 4)?;
    /// assert_eq!(odd.to_vec(), [5, 3, 1]);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn with_strides(data: &'a [T], shape: &[usize], strides: &[isize], offset: usize) -> Result<Self> {
        Self::from_parts(Cow::Borrowed(data), geometry(shape, strides, offset))
    }

    /// All of `data`, which has as many samples as the shape says.
    pub(crate) fn dense(data: &'a [T], shape: &[usize]) -> Self {
        View { data: Cow::Borrowed(data), geometry: Geometry::dense(shape), order: ByteOrder::Native }
    }

    pub(crate) fn from_parts(data: Cow<'a, [T]>, geometry: Geometry) -> Result<Self> {
        geometry.check_memory(data.len())?;
        Ok(View { data, geometry, order: ByteOrder::Native })
    }

    /// Where the samples lie.
    ///
    /// ```
    /// let rows = faltung::View::new(&[1, 2, 3, 4], &[2, 2])?;
    /// assert_eq!(rows.geometry().strides(), [2, 1]);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn geometry(&self) -> &Geometry {
        &self.geometry
    }

    /// Extents, slowest axis first.
    ///
    /// ```
    /// assert_eq!(faltung::View::from(&[1, 2]).shape(), [2]);
    /// ```
    pub fn shape(&self) -> &[usize] {
        &self.geometry.shape
    }

    /// The memory, more than the view shows perhaps, with the bytes of its numbers in [`order`](Self::order).
    pub(crate) fn memory(&self) -> &[T] {
        &self.data
    }

    /// The order of the bytes of the numbers in memory.
    pub(crate) fn order(&self) -> ByteOrder {
        self.order
    }

    /// The same memory seen otherwise: by a geometry made from the view's own.
    pub(crate) fn seen_as(&self, geometry: Geometry) -> View<'_, T> {
        debug_assert!(geometry.check_memory(self.data.len()).is_ok(), "a geometry made from the view's own");
        View { data: Cow::Borrowed(&self.data), geometry, order: self.order }
    }

    /// The axes in another order: the new axis `i` is the old axis `order[i]`.
    ///
    /// # Panics
    /// If `order` does not name every axis once.
    ///
    /// ```
    /// let rows = faltung::View::new(&[1, 2, 3, 4], &[2, 2])?;
    /// assert_eq!(rows.permuted(&[1, 0]).to_vec(), [1, 3, 2, 4]);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn permuted(&self, order: &[usize]) -> View<'_, T> {
        self.seen_as(self.geometry.permuted(order))
    }

    /// The axis turned round.
    ///
    /// # Panics
    /// If there is no such axis.
    ///
    /// ```
    /// assert_eq!(faltung::View::from(&[1, 2, 3]).reversed(0).to_vec(), [3, 2, 1]);
    /// ```
    pub fn reversed(&self, axis: usize) -> View<'_, T> {
        self.seen_as(self.geometry.reversed(axis))
    }
}

impl<'a, T: Sample> View<'a, T> {
    /// The same memory, its numbers read with their bytes in the other order: what a machine of the other kind has written.
    /// Copies nothing.
    ///
    /// ```
    /// use faltung::{Spec, View, convolve};
    /// let foreign = [0x0100u16, 0x0200]; // 1 and 2, as a machine of the other byte order writes them
    /// assert_eq!(convolve(View::from(&foreign).swapped(), &[1, 1], &Spec::new())?.data(), [1, 3, 2]);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn swapped(self) -> View<'a, T> {
        let order = match self.order {
            ByteOrder::Native => ByteOrder::Swapped,
            ByteOrder::Swapped => ByteOrder::Native,
        };
        View { order, ..self }
    }

    /// The sample at a place in memory.
    pub(crate) fn at(&self, place: usize) -> T {
        match self.order {
            ByteOrder::Native => self.data[place],
            ByteOrder::Swapped => self.data[place].swapped(),
        }
    }

    /// The sample at `index`.
    ///
    /// # Panics
    /// If the index is outside.
    ///
    /// ```
    /// let rows = faltung::View::new(&[1, 2, 3, 4, 5, 6], &[2, 3])?;
    /// assert_eq!(rows.get(&[1, 0]), 4);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn get(&self, index: &[usize]) -> T {
        self.at(self.geometry.place(index))
    }

    /// All samples, slowest axis first.
    ///
    /// A copy.
    ///
    /// ```
    /// assert_eq!(faltung::View::from(&[1, 2]).reversed(0).to_vec(), [2, 1]);
    /// ```
    pub fn to_vec(&self) -> Vec<T> {
        if let Some(dense) = self.as_dense() {
            return dense.to_vec();
        }
        let mut all = Vec::with_capacity(self.geometry.len());
        self.geometry.for_each_place(|place| all.push(self.at(place)));
        all
    }

    /// Whether a dense copy of the view would be the memory itself.
    pub(crate) fn as_dense(&self) -> Option<&[T]> {
        let is_dense =
            self.order == ByteOrder::Native && self.geometry.strides == Geometry::dense(self.shape()).strides;
        is_dense.then(|| &self.data[self.geometry.offset..][..self.geometry.len()])
    }
}

/// An array to be written, by many threads at once; no sample is at two places.
///
/// ```
/// use faltung::{Dtype, Kernel, Plan, Spec, ViewMut};
/// let plan = Plan::new(Dtype::F64, &[2], &Kernel::from(&[1, 10]), &Spec::new())?;
/// let mut backwards = [0.0; 3];
/// let y = ViewMut::with_strides(&mut backwards, &[3], &[-1], 2)?;
/// plan.run(&[1.0, 2.0], y, &mut plan.scratch())?;
/// assert_eq!(backwards, [20.0, 12.0, 1.0]);
/// # Ok::<(), faltung::Error>(())
/// ```
#[derive(Debug)]
pub struct ViewMut<'a, T> {
    pub(crate) cells: arch::Cells<'a, T>,
    pub(crate) geometry: Geometry,
}

impl<'a, T: Copy> ViewMut<'a, T> {
    /// All of `data`, dense, slowest axis first.
    ///
    /// # Errors
    /// [`Error::Memory`] if the shape does not have exactly as many samples.
    ///
    /// ```
    /// let mut data = [0; 6];
    /// assert_eq!(faltung::ViewMut::new(&mut data, &[2, 3])?.shape(), [2, 3]);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn new(data: &'a mut [T], shape: &[usize]) -> Result<Self> {
        check_dense(shape, data.len())?;
        Ok(ViewMut { cells: arch::Cells::new(data), geometry: Geometry::dense(shape) })
    }

    /// Part of `data`: the sample at index 0 is `data[offset]`, neighbours along an axis lie a stride apart.
    ///
    /// # Errors
    /// [`Error::Memory`] if a sample would lie outside `data`, [`Error::Overlap`] if one would be shown twice.
    ///
    /// # Panics
    /// If there are not as many strides as extents.
    ///
    /// ```
    /// # use faltung::{Error, ViewMut};
    /// let mut data = [0; 4];
    /// let strides = |s| ViewMut::with_strides(&mut data, &[2, 2], &[s, 1], 0).map(drop);
    /// assert_eq!([2, 1].map(strides).map(|made| made.is_ok()), [true, false]); // 0 1, 2 3; then 0 1, 1 2
    /// ```
    pub fn with_strides(data: &'a mut [T], shape: &[usize], strides: &[isize], offset: usize) -> Result<Self> {
        Self::from_parts(arch::Cells::new(data), geometry(shape, strides, offset))
    }

    /// All of `data`, which has as many samples as the shape says.
    pub(crate) fn dense(data: &'a mut [T], shape: &[usize]) -> Self {
        ViewMut { geometry: Geometry::dense(shape), cells: arch::Cells::new(data) }
    }

    pub(crate) fn from_parts(cells: arch::Cells<'a, T>, geometry: Geometry) -> Result<Self> {
        geometry.check_memory(cells.len())?;
        if !geometry.is_injective() {
            let (shape, strides) = (geometry.shape.to_vec(), geometry.strides.to_vec());
            return Err(Error::Overlap { shape, strides });
        }
        Ok(ViewMut { cells, geometry })
    }

    /// Where the samples lie.
    ///
    /// ```
    /// assert_eq!(faltung::ViewMut::from(&mut [1, 2]).geometry().strides(), [1]);
    /// ```
    pub fn geometry(&self) -> &Geometry {
        &self.geometry
    }

    /// Extents, slowest axis first.
    ///
    /// ```
    /// assert_eq!(faltung::ViewMut::from(&mut [1, 2]).shape(), [2]);
    /// ```
    pub fn shape(&self) -> &[usize] {
        &self.geometry.shape
    }

    /// The same memory seen otherwise: the same samples, with axes split, inserted or exchanged.
    pub(crate) fn seen_as(self, geometry: Geometry) -> Self {
        debug_assert!(geometry.check_memory(self.cells.len()).is_ok() && geometry.is_injective());
        ViewMut { cells: self.cells, geometry }
    }
}

fn geometry(shape: &[usize], strides: &[isize], offset: usize) -> Geometry {
    assert_eq!(shape.len(), strides.len(), "as many strides as extents");
    Geometry { offset, shape: Dims::from_slice(shape), strides: Strides::from_slice(strides) }
}

impl<'a, T: Clone> From<&'a [T]> for View<'a, T> {
    fn from(line: &'a [T]) -> Self {
        View::dense(line, &[line.len()])
    }
}

impl<'a, T: Clone> From<&'a Vec<T>> for View<'a, T> {
    fn from(line: &'a Vec<T>) -> Self {
        line.as_slice().into()
    }
}

impl<'a, T: Clone, const N: usize> From<&'a [T; N]> for View<'a, T> {
    fn from(line: &'a [T; N]) -> Self {
        line.as_slice().into()
    }
}

impl<'a, T: Copy> From<&'a Array<T>> for View<'a, T> {
    fn from(array: &'a Array<T>) -> Self {
        array.view()
    }
}

impl<'a, T: Clone> From<&'a View<'_, T>> for View<'a, T> {
    fn from(view: &'a View<'_, T>) -> Self {
        view.seen_as(view.geometry.clone())
    }
}

impl<'a, T: Copy> From<&'a mut [T]> for ViewMut<'a, T> {
    fn from(line: &'a mut [T]) -> Self {
        ViewMut { geometry: Geometry::dense(&[line.len()]), cells: arch::Cells::new(line) }
    }
}

impl<'a, T: Copy> From<&'a mut Vec<T>> for ViewMut<'a, T> {
    fn from(line: &'a mut Vec<T>) -> Self {
        line.as_mut_slice().into()
    }
}

impl<'a, T: Copy, const N: usize> From<&'a mut [T; N]> for ViewMut<'a, T> {
    fn from(line: &'a mut [T; N]) -> Self {
        line.as_mut_slice().into()
    }
}

impl<'a, T: Copy> From<&'a mut Array<T>> for ViewMut<'a, T> {
    fn from(array: &'a mut Array<T>) -> Self {
        array.view_mut()
    }
}
