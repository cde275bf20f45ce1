//! Where the samples of an array lie in its memory: extents and strides.

use smallvec::SmallVec;

use crate::{Error, Result};

/// Extents, axis by axis: a vector that keeps up to eight in place.
///
/// ```
/// assert_eq!(faltung::Dims::from_slice(&[2, 3])[..], [2, 3]);
/// ```
pub type Dims = SmallVec<[usize; 8]>;
/// Strides in samples, axis by axis.
///
/// ```
/// assert_eq!(faltung::Strides::from_slice(&[3, -1])[..], [3, -1]);
/// ```
pub type Strides = SmallVec<[isize; 8]>;

/// Where the samples of a view lie in its memory: the one at index `i` at `offset + sum over axes of i * stride`.
///
/// ```
/// use faltung::Geometry;
/// let rows = Geometry::dense(&[2, 3]);
/// assert_eq!((rows.shape(), rows.strides()), (&[2, 3][..], &[3, 1][..]));
/// ```
#[derive(Debug, PartialEq, Eq)]
pub struct Geometry {
    /// Place of the first sample.
    pub(crate) offset: usize,
    /// Extents.
    pub(crate) shape: Dims,
    /// Distances between neighbours.
    pub(crate) strides: Strides,
}

impl Clone for Geometry {
    /// Copies the numbers at once: small arrays spend much of their time on shapes.
    fn clone(&self) -> Self {
        let (shape, strides) = (Dims::from_slice(&self.shape), Strides::from_slice(&self.strides));
        Geometry { offset: self.offset, shape, strides }
    }
}

impl Geometry {
    /// Dense, slowest axis first.
    ///
    /// ```
    /// assert_eq!(faltung::Geometry::dense(&[4, 2, 3]).strides(), [6, 3, 1]);
    /// ```
    pub fn dense(shape: &[usize]) -> Geometry {
        let strides = dense_strides(shape).iter().map(|&s| s as isize).collect();
        Geometry { offset: 0, shape: Dims::from_slice(shape), strides }
    }

    /// Extents, slowest axis first.
    ///
    /// ```
    /// assert_eq!(faltung::Geometry::dense(&[4, 2]).shape(), [4, 2]);
    /// ```
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// Strides in samples.
    ///
    /// ```
    /// assert_eq!(faltung::Geometry::dense(&[4, 2]).strides(), [2, 1]);
    /// ```
    pub fn strides(&self) -> &[isize] {
        &self.strides
    }

    /// Number of samples.
    ///
    /// ```
    /// assert_eq!(faltung::Geometry::dense(&[4, 2]).len(), 8);
    /// ```
    pub fn len(&self) -> usize {
        if self.is_empty() { 0 } else { self.shape.iter().product() }
    }

    /// Whether there are no samples.
    ///
    /// ```
    /// assert!(faltung::Geometry::dense(&[4, 0]).is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.shape.contains(&0)
    }

    /// The axes in another order: the new axis `i` is the old axis `order[i]`.
    ///
    /// # Panics
    /// If `order` does not name every axis once.
    ///
    /// ```
    /// assert_eq!(faltung::Geometry::dense(&[4, 2, 3]).permuted(&[2, 0, 1]).strides(), [1, 6, 3]);
    /// ```
    pub fn permuted(&self, order: &[usize]) -> Geometry {
        let mut seen = vec![false; self.shape.len()];
        assert_eq!(order.len(), seen.len(), "every axis is named once");
        for &axis in order {
            assert!(!std::mem::replace(&mut seen[axis], true), "every axis is named once");
        }
        Geometry {
            offset: self.offset,
            shape: order.iter().map(|&a| self.shape[a]).collect(),
            strides: order.iter().map(|&a| self.strides[a]).collect(),
        }
    }

    /// The axis turned round.
    ///
    /// # Panics
    /// If there is no such axis.
    ///
    /// ```
    /// assert_eq!(faltung::Geometry::dense(&[4, 2]).reversed(0).strides(), [-2, 1]);
    /// ```
    pub fn reversed(&self, axis: usize) -> Geometry {
        let mut turned = self.clone();
        if self.shape[axis] > 0 {
            let last = (self.shape[axis] - 1) as isize * self.strides[axis];
            turned.offset = turned.offset.checked_add_signed(last).expect("a view's samples lie in its memory");
        }
        turned.strides[axis] = -self.strides[axis];
        turned
    }

    /// Without the axes along which there is one sample.
    pub(crate) fn squeezed(&self) -> Geometry {
        let several = || (0..self.shape.len()).filter(|&axis| self.shape[axis] != 1);
        Geometry {
            offset: self.offset,
            shape: several().map(|axis| self.shape[axis]).collect(),
            strides: several().map(|axis| self.strides[axis]).collect(),
        }
    }

    /// One place along an axis, which is gone then.
    pub(crate) fn at(&self, axis: usize, index: usize) -> Geometry {
        let mut one = self.clone();
        one.offset = self.offset.wrapping_add_signed(index as isize * self.strides[axis]);
        (_, _) = (one.shape.remove(axis), one.strides.remove(axis));
        one
    }

    /// The axis as two: `outer` slower ones of the rest each.
    pub(crate) fn split(&self, axis: usize, outer: usize) -> Geometry {
        let inner = self.shape[axis] / outer.max(1);
        let mut split = self.clone();
        split.shape[axis] = inner;
        split.shape.insert(axis, outer);
        split.strides.insert(axis, self.strides[axis] * inner as isize);
        split
    }

    /// With as many axes of one sample each before `axis`.
    pub(crate) fn inserted(&self, axis: usize, count: usize) -> Geometry {
        fn insert<T: Copy>(all: &[T], axis: usize, count: usize, one: T) -> SmallVec<[T; 8]>
        where
            [T; 8]: smallvec::Array<Item = T>,
        {
            let mut more = SmallVec::from_slice(&all[..axis]);
            (0..count).for_each(|_| more.push(one));
            more.extend_from_slice(&all[axis..]);
            more
        }
        let (shape, strides) = (insert(&self.shape, axis, count, 1), insert(&self.strides, axis, count, 0));
        Geometry { offset: self.offset, shape, strides }
    }

    /// Lowest and highest place of a sample, if there is any.
    pub(crate) fn span(&self) -> Option<(i128, i128)> {
        if self.is_empty() {
            return None;
        }
        let reach = |(&n, &s): (&usize, &isize)| (n as i128 - 1) * s as i128;
        let (mut low, mut high) = (self.offset as i128, self.offset as i128);
        for end in self.shape.iter().zip(&self.strides).map(reach) {
            low += end.min(0);
            high += end.max(0);
        }
        Some((low, high))
    }

    pub(crate) fn check_memory(&self, cells: usize) -> Result<()> {
        match self.span() {
            Some((low, high)) if low < 0 || high >= cells as i128 => Err(Error::Memory {
                shape: self.shape.to_vec(),
                expected: usize::try_from(high + 1 - low.min(0)).unwrap_or(usize::MAX),
                actual: cells,
            }),
            _ => Ok(()),
        }
    }

    /// Whether no sample is shown twice.
    pub(crate) fn is_injective(&self) -> bool {
        if self.is_empty() {
            return true;
        }
        // Surely so where each stride exceeds the reach of all smaller ones; else look.
        let mut axes: SmallVec<[(usize, usize); 6]> = self
            .shape
            .iter()
            .zip(&self.strides)
            .filter(|(n, _)| **n > 1)
            .map(|(&n, &s)| (s.unsigned_abs(), n))
            .collect();
        axes.sort_unstable();
        let mut reach = 0;
        axes.iter().all(|&(stride, n)| {
            let apart = stride > reach;
            reach += (n - 1) * stride;
            apart
        }) || self.places_differ()
    }

    fn places_differ(&self) -> bool {
        let mut places = Vec::with_capacity(self.len());
        self.for_each_place(|at| places.push(at));
        places.sort_unstable();
        places.windows(2).all(|pair| pair[0] != pair[1])
    }

    /// Place of the sample at `index`.
    pub(crate) fn place(&self, index: &[usize]) -> usize {
        assert_eq!(index.len(), self.shape.len(), "an index has one number for each axis");
        let ahead = index.iter().zip(&self.shape).zip(&self.strides).map(|((&i, &n), &s)| {
            assert!(i < n, "index {index:?} is outside a view of shape {:?}", self.shape);
            i as isize * s
        });
        self.offset.checked_add_signed(ahead.sum()).expect("a view's samples lie in its memory")
    }

    /// Calls `each` with the place of every sample, in order.
    pub(crate) fn for_each_place(&self, mut each: impl FnMut(usize)) {
        self.for_each_row(|mut at, len, step| {
            for _ in 0..len {
                each(at);
                at = at.wrapping_add_signed(step);
            }
        });
    }

    /// Calls `each` with the first place of every row (along the last axis), in order, its samples and their distance.
    pub(crate) fn for_each_row(&self, mut each: impl FnMut(usize, usize, isize)) {
        if self.is_empty() {
            return;
        }
        let Some((&len, outer)) = self.shape.split_last() else { return each(self.offset, 1, 1) };
        let mut index: Dims = SmallVec::from_elem(0, outer.len());
        let mut at = self.offset as isize;
        loop {
            each(at as usize, len, self.strides[outer.len()]);
            let mut axis = outer.len();
            loop {
                if axis == 0 {
                    return;
                }
                axis -= 1;
                index[axis] += 1;
                at += self.strides[axis];
                if index[axis] < outer[axis] {
                    break;
                }
                at -= outer[axis] as isize * self.strides[axis];
                index[axis] = 0;
            }
        }
    }
}

/// Strides of dense memory, slowest axis first.
pub(crate) fn dense_strides(shape: &[usize]) -> Dims {
    let mut strides: Dims = SmallVec::from_elem(1, shape.len());
    for axis in (1..shape.len()).rev() {
        strides[axis - 1] = strides[axis] * shape[axis].max(1);
    }
    strides
}

/// The index of the sample of this number, counted slowest axis first.
pub(crate) fn index_of(number: usize, extents: &[usize]) -> Dims {
    let mut index = Dims::from_slice(extents);
    let mut rest = number;
    for at in index.iter_mut().rev() {
        (*at, rest) = (rest % *at, rest / *at);
    }
    index
}

/// Where the sample of this number lies, of a block of such extents, counted slowest axis first.
pub(crate) fn place_of(number: usize, extents: &[usize], strides: &[usize]) -> usize {
    let mut rest = number;
    let mut place = 0;
    for (extent, stride) in extents.iter().zip(strides).rev() {
        place += rest % extent * stride;
        rest /= extent;
    }
    place
}

/// Checks that a shape has exactly as many samples as there are.
pub(crate) fn check_dense(shape: &[usize], actual: usize) -> Result<()> {
    let expected = shape.iter().try_fold(1usize, |all, &n| all.checked_mul(n));
    match expected {
        Some(expected) if expected == actual => Ok(()),
        _ => Err(Error::Memory { shape: shape.to_vec(), expected: expected.unwrap_or(usize::MAX), actual }),
    }
}
