//! Arrays that own their samples.

use bytemuck::Zeroable;

use crate::{Dims, Error, Geometry, Result, View, ViewMut, arch, geometry::check_dense};

/// An array that owns its samples, dense, slowest axis first.
///
/// ```
/// use faltung::Array;
/// let array = Array::new(vec![1.0, 2.0, 3.0, 4.0], &[2, 2])?;
/// assert_eq!((array.get(&[1, 0]), array.shape()), (3.0, &[2, 2][..]));
/// # Ok::<(), faltung::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Array<T> {
    data: Vec<T>,
    shape: Dims,
}

impl<T: Copy> Array<T> {
    /// `data` in the given shape.
    ///
    /// # Errors
    /// [`Error::Memory`] if the shape does not have exactly as many samples.
    ///
    /// ```
    /// assert_eq!(faltung::Array::new(vec![1, 2, 3, 4], &[2, 2])?.get(&[1, 0]), 3);
    /// assert!(faltung::Array::new(vec![1, 2, 3], &[2, 2]).is_err());
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn new(data: Vec<T>, shape: &[usize]) -> Result<Self> {
        check_dense(shape, data.len())?;
        Ok(Array { data, shape: shape.into() })
    }

    /// Zeros, or what stands for them.
    ///
    /// # Panics
    /// If they are more bytes than can be addressed.
    ///
    /// ```
    /// assert_eq!(faltung::Array::<i32>::zeros(&[2, 2]).data(), [0; 4]);
    /// ```
    pub fn zeros(shape: &[usize]) -> Self
    where
        T: Default,
    {
        let len = shape.iter().try_fold(1usize, |all, &n| all.checked_mul(n)).expect("an array fits into memory");
        Array { data: vec![T::default(); len], shape: shape.into() }
    }

    /// Zeros, if there is memory for them.
    ///
    /// # Errors
    /// [`Error::Allocation`] if there is not.
    pub(crate) fn try_zeros(shape: &[usize]) -> Result<Self>
    where
        T: Zeroable,
    {
        let len = shape.iter().fold(1usize, |all, &n| all.saturating_mul(n));
        let data = arch::try_zeros(len)
            .ok_or(Error::Allocation { what: "the result", bytes: len.saturating_mul(size_of::<T>()) })?;
        Ok(Array { data, shape: shape.into() })
    }

    /// Extents, slowest axis first.
    ///
    /// ```
    /// assert_eq!(faltung::Array::<f32>::zeros(&[2, 3]).shape(), [2, 3]);
    /// ```
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// All samples, slowest axis first.
    ///
    /// ```
    /// assert_eq!(faltung::Array::new(vec![1, 2], &[2, 1])?.data(), [1, 2]);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn data(&self) -> &[T] {
        &self.data
    }

    /// All samples, to be changed.
    ///
    /// ```
    /// let mut array = faltung::Array::new(vec![1, 2], &[2])?;
    /// array.data_mut()[1] = 5;
    /// assert_eq!(array.data(), [1, 5]);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn data_mut(&mut self) -> &mut [T] {
        &mut self.data
    }

    /// The memory itself.
    ///
    /// Copies nothing.
    ///
    /// ```
    /// assert_eq!(faltung::Array::new(vec![1, 2], &[2])?.into_vec(), vec![1, 2]);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn into_vec(self) -> Vec<T> {
        self.data
    }

    /// The sample at `index`.
    ///
    /// # Panics
    /// If the index is outside.
    ///
    /// ```
    /// let rows = faltung::Array::new(vec![1, 2, 3, 4, 5, 6], &[2, 3])?;
    /// assert_eq!(rows.get(&[1, 0]), 4);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn get(&self, index: &[usize]) -> T {
        self.data[Geometry::dense(&self.shape).place(index)]
    }

    /// To be read.
    ///
    /// ```
    /// assert_eq!(faltung::Array::new(vec![1, 2], &[2])?.view().reversed(0).to_vec(), [2, 1]);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn view(&self) -> View<'_, T> {
        View::dense(&self.data, &self.shape)
    }

    /// To be written.
    ///
    /// ```
    /// assert_eq!(faltung::Array::<u8>::zeros(&[2, 3]).view_mut().shape(), [2, 3]);
    /// ```
    pub fn view_mut(&mut self) -> ViewMut<'_, T> {
        ViewMut::dense(&mut self.data, &self.shape)
    }
}
