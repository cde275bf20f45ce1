//! Kernels: always the weights, as the user means them.
//!
//! A [`Kernel`] holds weights exactly as they were given: whole numbers stay whole, so that integer data meet integer
//! arithmetic, and real ones are doubles until the type of the sums is known. Named kernels, with their normalisation,
//! are functions of this module. Turning round and conjugating happen once, when a plan is made.
//!
//! ```
//! use faltung::{Mode, Spec, convolve, kernel};
//! // The slope of a ramp: 2 from sample to sample, times 8 for Sobel's weights.
//! let ramp = faltung::Array::new((0..5).flat_map(|_| [0, 2, 4, 6]).collect(), &[5, 4])?;
//! let slope = convolve(&ramp, kernel::sobel(1, 2)?, &Spec::new().mode(Mode::Valid))?;
//! assert_eq!(slope.data(), [16; 6]);
//! # Ok::<(), faltung::Error>(())
//! ```

mod check;
mod edges;
pub(crate) mod factors;
mod list;
mod named;
mod normalize;
mod pictures;
mod responses;
mod smooth;
pub(crate) mod weights;

pub use edges::{Neighbours, laplacian, laplacian_of_gaussian, prewitt, scharr, sharpen, sobel, unsharp};
pub use list::{Entry, LIST, Parameter};
pub use named::named;
pub use normalize::Normalize;
pub use pictures::{disk, gabor, motion};
pub use responses::{Scale, exponential, rc, rlc};
pub use smooth::{boxcar, gaussian, ones};

use num_complex::Complex;

use crate::{AnyArray, AnyView, Array, Dims, Dtype, Geometry, Number, Result, Sample, View, geometry::check_dense};

/// Weights in any number of dimensions, as the user means them: turning round and conjugating are left to the plan.
///
/// Whole numbers, doubles or complex doubles. Made from what a [`View`] can be made from, of any [`Sample`]: integers
/// become whole numbers, floats of any precision doubles. With channels ([`Spec::groups`](crate::Spec::groups)) the first
/// two axes are outputs and inputs of each group.
///
/// ```
/// use faltung::Kernel;
/// let box3 = Kernel::from(&[1, 1, 1]);
/// assert!(box3.is_whole());
/// let square = Kernel::real(&[2, 2], vec![0.25; 4])?;
/// assert_eq!(square.shape(), [2, 2]);
/// # Ok::<(), faltung::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Kernel {
    shape: Dims,
    values: Values,
}

/// The weights themselves, of the simplest kind that holds them all.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Values {
    Whole(Vec<i128>),
    Real(Vec<f64>),
    Complex(Vec<Complex<f64>>),
}

impl Values {
    /// The absolute values, rounded.
    pub(crate) fn magnitudes(&self) -> Vec<f64> {
        match self {
            Values::Whole(all) => all.iter().map(|w| w.unsigned_abs() as f64).collect(),
            Values::Real(all) => all.iter().map(|w| w.abs()).collect(),
            Values::Complex(all) => all.iter().map(|w| w.norm()).collect(),
        }
    }
}

impl Kernel {
    /// Whole weights, slowest axis first.
    ///
    /// # Errors
    /// [`Error::Memory`](crate::Error::Memory) if the shape does not have exactly as many.
    ///
    /// ```
    /// let sobel = faltung::Kernel::whole(&[3, 3], vec![1, 0, -1, 2, 0, -2, 1, 0, -1])?;
    /// assert_eq!(sobel, faltung::kernel::sobel(1, 2)?);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn whole(shape: &[usize], weights: Vec<i128>) -> Result<Kernel> {
        View::new(&weights, shape)?;
        Ok(Kernel { shape: shape.into(), values: Values::Whole(weights) })
    }

    /// Real weights, slowest axis first.
    ///
    /// # Errors
    /// [`Error::Memory`](crate::Error::Memory) if the shape does not have exactly as many.
    ///
    /// ```
    /// assert_eq!(faltung::Kernel::real(&[2], vec![0.5, 0.5])?, faltung::kernel::boxcar(&[2])?);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn real(shape: &[usize], weights: Vec<f64>) -> Result<Kernel> {
        View::new(&weights, shape)?;
        Ok(Kernel { shape: shape.into(), values: Values::Real(weights) })
    }

    /// Complex weights, slowest axis first.
    ///
    /// # Errors
    /// [`Error::Memory`](crate::Error::Memory) if the shape does not have exactly as many.
    ///
    /// ```
    /// # use faltung::{Complex, Kernel, Spec, correlate};
    /// let i = Complex::new(0.0, 1.0);
    /// let y = correlate(&[i], Kernel::complex(&[1], vec![i])?, &Spec::new())?;
    /// assert_eq!(y.data(), [Complex::new(1.0, 0.0)]); // conj(i) i
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn complex(shape: &[usize], weights: Vec<Complex<f64>>) -> Result<Kernel> {
        View::new(&weights, shape)?;
        Ok(Kernel { shape: shape.into(), values: Values::Complex(weights) })
    }

    /// Extents, slowest axis first.
    ///
    /// ```
    /// assert_eq!(faltung::kernel::ones(&[3, 5])?.shape(), [3, 5]);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// Number of weights.
    ///
    /// ```
    /// assert_eq!(faltung::kernel::ones(&[3, 5])?.len(), 15);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn len(&self) -> usize {
        self.shape.iter().product()
    }

    /// Whether there are no weights.
    ///
    /// Such a kernel can be made, but no plan takes it.
    ///
    /// ```
    /// assert!(faltung::Kernel::real(&[0], vec![])?.is_empty());
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether all weights are whole numbers and were given as such.
    ///
    /// ```
    /// # use faltung::Kernel;
    /// assert!(Kernel::from(&[1, 2]).is_whole() && !Kernel::from(&[1.0, 2.0]).is_whole());
    /// ```
    pub fn is_whole(&self) -> bool {
        matches!(self.values, Values::Whole(_))
    }

    /// Whether the weights are complex numbers.
    ///
    /// ```
    /// assert!(!faltung::Kernel::from(&[1.0, 2.0]).is_complex());
    /// ```
    pub fn is_complex(&self) -> bool {
        matches!(self.values, Values::Complex(_))
    }

    /// What kind of numbers the weights are.
    pub(crate) fn kind(&self) -> &'static str {
        match self.values {
            Values::Whole(_) => "whole",
            Values::Real(_) => "real",
            Values::Complex(_) => "complex",
        }
    }

    /// The weights in the order that a geometry shows them, perhaps conjugated.
    pub(crate) fn seen_as(&self, seen: &Geometry, conjugated: bool) -> Values {
        fn collect<W: Copy>(all: &[W], seen: &Geometry, make: impl Fn(W) -> W) -> Vec<W> {
            let mut weights = Vec::with_capacity(all.len());
            seen.for_each_row(|at, len, step| {
                weights.extend((0..len).map(|i| make(all[at.wrapping_add_signed(i as isize * step)])));
            });
            weights
        }
        match &self.values {
            Values::Whole(all) => Values::Whole(collect(all, seen, |w| w)),
            Values::Real(all) => Values::Real(collect(all, seen, |w| w)),
            Values::Complex(all) => Values::Complex(collect(all, seen, |w| if conjugated { w.conj() } else { w })),
        }
    }

    /// The weights as numbers, slowest axis first.
    ///
    /// ```
    /// # use faltung::{Kernel, Number};
    /// assert_eq!(Kernel::from(&[1, 2]).numbers(), [Number::Whole(1), Number::Whole(2)]);
    /// ```
    pub fn numbers(&self) -> Vec<Number> {
        match &self.values {
            Values::Whole(all) => all.iter().copied().map(Number::Whole).collect(),
            Values::Real(all) => all.iter().copied().map(Number::Real).collect(),
            Values::Complex(all) => all.iter().copied().map(Number::Complex).collect(),
        }
    }

    /// The weights as an array: i64 if they are whole and fit, else f64 or c128.
    ///
    /// ```
    /// # use faltung::kernel::ones;
    /// assert_eq!(ones(&[2])?.to_array().typed::<i64>()?.data(), [1, 1]);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn to_array(&self) -> AnyArray {
        let shape = &self.shape;
        let whole = |all: &Vec<i128>| all.iter().map(|&w| i64::try_from(w).ok()).collect::<Option<Vec<_>>>();
        let array = match &self.values {
            Values::Whole(all) => match whole(all) {
                Some(all) => Array::new(all, shape).map(AnyArray::I64),
                None => Array::new(all.iter().map(|&w| w as f64).collect(), shape).map(AnyArray::F64),
            },
            Values::Real(all) => Array::new(all.clone(), shape).map(AnyArray::F64),
            Values::Complex(all) => Array::new(all.clone(), shape).map(AnyArray::C128),
        };
        array.expect("a kernel has as many weights as its shape says")
    }

    /// The same weights in another shape.
    ///
    /// # Errors
    /// [`Error::Memory`](crate::Error::Memory) if the shape does not have exactly as many.
    ///
    /// ```
    /// # use faltung::Kernel;
    /// let column = Kernel::from(&[1, 2, 1]).reshaped(&[3, 1])?;
    /// assert_eq!(column.shape(), [3, 1]);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn reshaped(mut self, shape: &[usize]) -> Result<Kernel> {
        check_dense(shape, self.len())?;
        self.shape = shape.into();
        Ok(self)
    }
}

impl<T: Sample> From<View<'_, T>> for Kernel {
    fn from(view: View<'_, T>) -> Kernel {
        let values = match T::DTYPE {
            dtype if dtype.is_integer() => {
                let whole = |w: T| w.number().whole().expect("integers are whole");
                Values::Whole(view.to_vec().into_iter().map(whole).collect())
            }
            Dtype::C64 | Dtype::C128 => {
                Values::Complex(view.to_vec().into_iter().map(|w| w.number().to_complex()).collect())
            }
            _ => Values::Real(view.to_vec().into_iter().map(|w| w.number().to_complex().re).collect()),
        };
        Kernel { shape: view.shape().into(), values }
    }
}

impl From<AnyView<'_>> for Kernel {
    fn from(view: AnyView<'_>) -> Kernel {
        view.kernel()
    }
}

impl From<&AnyArray> for Kernel {
    fn from(array: &AnyArray) -> Kernel {
        array.view().kernel()
    }
}

impl<T: Sample> From<&Array<T>> for Kernel {
    fn from(array: &Array<T>) -> Kernel {
        array.view().into()
    }
}

impl<T: Sample> From<&[T]> for Kernel {
    fn from(line: &[T]) -> Kernel {
        View::from(line).into()
    }
}

impl<T: Sample> From<&Vec<T>> for Kernel {
    fn from(line: &Vec<T>) -> Kernel {
        View::from(line).into()
    }
}

impl<T: Sample, const N: usize> From<&[T; N]> for Kernel {
    fn from(line: &[T; N]) -> Kernel {
        View::from(line).into()
    }
}

impl From<&Kernel> for Kernel {
    fn from(kernel: &Kernel) -> Kernel {
        kernel.clone()
    }
}
