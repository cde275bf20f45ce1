//! To and from the arrays of `ndarray`.

use std::borrow::Cow;

use ndarray::{ArrayBase, ArrayD, Data, DataMut, Dimension, IxDyn};

use crate::{Array, Geometry, View, ViewMut};

/// Reads the array's own memory; if there are gaps in it, a copy.
///
/// ```
/// use faltung::{Mode, Spec, convolve};
/// let picture = ndarray::array![[1, 2, 3], [4, 5, 6]];
/// let rows = Spec::new().axes([1]).mode(Mode::Valid);
/// let y: ndarray::ArrayD<i32> = convolve(&picture, &[1, 1], &rows)?.into();
/// assert_eq!(y, ndarray::array![[3, 5], [9, 11]].into_dyn());
/// # Ok::<(), faltung::Error>(())
/// ```
impl<'a, T: Copy, S: Data<Elem = T>, D: Dimension> From<&'a ArrayBase<S, D>> for View<'a, T> {
    fn from(array: &'a ArrayBase<S, D>) -> Self {
        let (data, strides): (Cow<'a, [T]>, _) = match array.as_slice_memory_order() {
            Some(memory) => (memory.into(), array.strides().iter().copied().collect()),
            None => (array.iter().copied().collect::<Vec<T>>().into(), Geometry::dense(array.shape()).strides),
        };
        // The memory begins at the lowest sample, the view at its first one.
        let back =
            array.shape().iter().zip(&strides).map(|(&n, &s): (_, &isize)| (n as isize - 1).max(0) * (-s).max(0));
        let geometry = Geometry { offset: back.sum::<isize>() as usize, shape: array.shape().into(), strides };
        View::from_parts(data, geometry).expect("an ndarray view lies in its memory")
    }
}

/// Writes the array's own memory, gaps or not.
impl<'a, T: Copy, S: DataMut<Elem = T>, D: Dimension> From<&'a mut ArrayBase<S, D>> for ViewMut<'a, T> {
    fn from(array: &'a mut ArrayBase<S, D>) -> Self {
        ViewMut::of_ndarray(array.view_mut().into_dyn())
    }
}

/// The same memory.
impl<T: Copy> From<Array<T>> for ArrayD<T> {
    fn from(array: Array<T>) -> Self {
        let shape = IxDyn(array.shape());
        ArrayD::from_shape_vec(shape, array.into_vec()).expect("an array has as many samples as its shape says")
    }
}
