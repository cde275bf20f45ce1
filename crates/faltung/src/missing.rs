//! Samples that are missing: what becomes of the sums, how much of the kernel had samples, and how sure the result is.
//!
//! A sample is *missing* if it is NaN (in either part) or masked; infinities are not missing. What a boundary takes from a
//! sample is missing if that sample is. A boundary's constant is missing if it is NaN, and the zeros of upsampling are
//! present: they were put there knowingly. With the weights as the plan uses them (turned, conjugated, normalised), an
//! output is made of the terms of its window, weight `w`, sample `x` and variance `v`:
//!
//! ```text
//! S = sum over present of w x        c = sum over present of |w| / sum over all of |w|        V = sum over present of |w|^2 v
//! ```
//!
//! over all input channels. `c` is the *coverage*. What is asked for ([`Missing`]) decides what the output is:
//!
//! | | y | variance |
//! |---|---|---|
//! | `propagate` | NaN where a missing sample is in the window, whatever its weight | likewise |
//! | `omit` | `S` | `V` |
//! | `interpolate` | `S / c`, NaN where `c = 0` | `V / c^2` |
//! | `raise` | an error where a sample of the signal is missing, else as `propagate` | likewise |
//!
//! `V` takes the errors of all terms to be independent, also where a boundary shows one sample several times; constants and
//! the zeros of upsampling have none.
//!
//! # How it is computed
//!
//! Each of the sums is a convolution of its own, so each is a [`Plan`] of its own: `S` of the signal with zeros for what is
//! missing, `c` of ones and zeros by `|w|`, `V` of the variances by `|w|^2`. So every option works with every algorithm here
//! too, and there is no code that slides. Whether a window has no sample, or misses none, is decided by whole numbers: a
//! count of the present samples with weights that are not zero, which no algorithm rounds. There `c` is exactly 0 or 1, and
//! nothing is divided. What is divided, or may be small beside its neighbours as variances may, is made by algorithms whose errors
//! are small beside each output's own terms ([`Accuracy::Componentwise`](crate::Accuracy::Componentwise)), unless one is forced: a
//! transform's errors, small beside the loudest sample near, would be divided by shares of a millionth.
//!
//! Nothing of this runs before something is found to be missing, or wanted; then the plans are made, once, and kept.
//! Normalised convolution is Knutsson and Westin, *Normalized and differential convolution*, CVPR 1993.

mod finding;
mod helpers;
mod weighing;

pub(crate) use finding::{filled, present};
pub(crate) use helpers::Helpers;

use crate::{AnyArray, AnyView, AnyViewMut, Dtype, Error, Kernel, Plan, Result, Scratch, Spec, View, error::words};
use finding::Finding;

words! { "policy for missing samples",
    /// What becomes of outputs whose window holds samples that are missing: NaN, or masked in an [`Observation`].
    ///
    /// With `S` the sum over the samples present, and `c` the share of the weights (in absolute values) that meet one. A
    /// boundary's constant that is NaN is missing too, so `constant:nan` and `interpolate` divide by what lies within.
    /// `omit` is `astropy.convolution.convolve(.., nan_treatment='fill', fill_value=0)`, `interpolate` for positive weights its
    /// `nan_treatment='interpolate'`.
    ///
    /// With weights of both signs, `c` is still the share of their absolute values; Astropy divides by their signed sum, which
    /// may be near zero. Where all weights are zero, `c` is 1.
    ///
    /// Errors: those of `S`, see [`Accuracy`](crate::Accuracy); where samples are interpolated `S` and `c` (made in doubles) are
    /// [`Componentwise`](crate::Accuracy::Componentwise), and so is the variance, unless an algorithm is forced.
    ///
    /// Cost: the data are read once more; where something is missing, they are copied, and `interpolate` makes one or two
    /// convolutions of bytes more. [`Spec::max_memory`] then holds for each of them, the copies of input and output come on
    /// top, and [`Spec::progress`] begins anew with each. [`Spec::algorithm`] forces the algorithm of `S`, and that of the
    /// others where it takes them.
    ///
    /// ```
    /// use faltung::{Missing, Mode, Spec, convolve};
    /// let x = [1.0, f64::NAN, 3.0, 5.0];
    /// let y = |missing| convolve(&x, &[0.5, 0.5], &Spec::new().mode(Mode::Valid).missing(missing));
    /// assert_eq!(y(Missing::Omit)?.data(), [0.5, 1.5, 4.0]);
    /// assert_eq!(y(Missing::Interpolate)?.data(), [1.0, 3.0, 4.0]);
    /// assert!(y(Missing::Propagate)?.data()[0].is_nan());
    /// assert!(y(Missing::Raise).is_err());
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub enum Missing {
        /// NaN, as arithmetic has it. The default. Integers have no NaN: masked ones are an error.
        Propagate = "propagate",
        /// `y = S`: as if missing samples were zeros.
        Omit = "omit",
        /// `y = S / c`: as if missing samples were like those around; NaN where `c` is 0, for integers an error.
        Interpolate = "interpolate",
        /// An error that tells how many samples of the signal are missing, and where the first one is.
        Raise = "raise",
    }
}

words! { "wish for coverage",
    /// Whether [`estimate`] and [`Plan::estimate`] tell the coverage of each output. All other calls have no place for it.
    ///
    /// ```
    /// use faltung::Coverage;
    /// assert_eq!("wanted".parse(), Ok(Coverage::Wanted));
    /// ```
    pub enum Coverage {
        /// Only where it is needed: where what is missing is interpolated. The default.
        Unwanted = "unwanted",
        /// Always.
        Wanted = "wanted",
    }
}

/// A signal with what is known about its samples: which are masked, and how sure each is.
///
/// ```
/// use faltung::{Missing, Observation, Spec, estimate};
/// let seen = Observation::new(&[2.0, 99.0, 4.0]).mask(&[0, 1, 0]).variance(&[0.5, 0.0, 1.0]);
/// let estimate = estimate(&seen, &[2.0], &Spec::new().missing(Missing::Omit))?;
/// assert_eq!(estimate.values.typed::<f64>()?.data(), [4.0, 0.0, 8.0]);
/// assert_eq!(estimate.variance.unwrap().typed::<f64>()?.data(), [2.0, 0.0, 4.0]);
/// # Ok::<(), faltung::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Observation<'a> {
    x: AnyView<'a>,
    mask: Option<View<'a, u8>>,
    variance: Option<AnyView<'a>>,
}

impl<'a> Observation<'a> {
    /// A signal of which nothing more is known: NaN is missing, all else is there.
    ///
    /// ```
    /// use faltung::{Observation, Spec, estimate};
    /// let estimate = estimate(&Observation::new(&[1, 2]), &[1, 1], &Spec::new())?;
    /// assert_eq!(estimate.values.typed::<i32>()?.data(), [1, 3, 2]);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn new(x: impl Into<AnyView<'a>>) -> Observation<'a> {
        Observation { x: x.into(), mask: None, variance: None }
    }

    /// Says which samples are missing: those where the mask, of the signal's shape, is not 0.
    ///
    /// ```
    /// use faltung::{Error, Missing, Observation, Spec, estimate};
    /// let seen = Observation::new(&[1, 2, 3]).mask(&[0, 1, 1]);
    /// let raised = estimate(&seen, &[1, 1], &Spec::new().missing(Missing::Raise));
    /// assert_eq!(raised, Err(Error::Missing { count: 2, first: vec![1] }));
    /// ```
    pub fn mask(mut self, mask: impl Into<View<'a, u8>>) -> Observation<'a> {
        self.mask = Some(mask.into());
        self
    }

    /// Says how sure each sample is: its variance, f32 or f64, of the signal's shape. That of missing samples is not looked at.
    ///
    /// ```
    /// use faltung::{Observation, Spec, estimate};
    /// let seen = Observation::new(&[1, 2]).variance(&[0.25f32, 1.0]);
    /// let variance = estimate(&seen, &[2, 2], &Spec::new())?.variance.unwrap();
    /// assert_eq!(variance.typed::<f32>()?.data(), [1.0, 5.0, 4.0]);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn variance(mut self, variance: impl Into<AnyView<'a>>) -> Observation<'a> {
        self.variance = Some(variance.into());
        self
    }

    /// Everything must have the shape of the plan's input, and be of a type that can be used.
    fn check(&self, shape: &[usize]) -> Result<()> {
        let parts = [
            ("the input", Some(self.x.shape())),
            ("the mask", self.mask.as_ref().map(View::shape)),
            ("the variance", self.variance.as_ref().map(AnyView::shape)),
        ];
        for (what, actual) in parts {
            if let Some(actual) = actual.filter(|actual| *actual != shape) {
                return Err(Error::Shape { what, expected: shape.to_vec(), actual: actual.to_vec() });
            }
        }
        match self.variance.as_ref().map(AnyView::dtype) {
            None | Some(Dtype::F32 | Dtype::F64) => Ok(()),
            Some(other) => {
                Err(Error::Type { what: "the variance", expected: "f32 or f64".to_owned(), actual: other.to_string() })
            }
        }
    }
}

/// What comes of an [`Observation`]: arrays of one shape.
///
/// ```
/// use faltung::{Coverage, Missing, Mode, Observation, Spec, estimate};
/// let spec = Spec::new().mode(Mode::Valid).missing(Missing::Interpolate).coverage(Coverage::Wanted);
/// let seen = Observation::new(&[2.0, 4.0, f64::NAN, f64::NAN]);
/// let estimate = estimate(&seen, &[3.0, 1.0], &spec)?;
/// assert_eq!(estimate.coverage.unwrap().typed::<f64>()?.data(), [1.0, 0.25, 0.0]);
/// let values = estimate.values.typed::<f64>()?;
/// assert_eq!(values.data()[..2], [14.0, 16.0]); // 3 * 4 + 1 * 2; 1 * 4 / 0.25
/// assert!(values.data()[2].is_nan());
/// # Ok::<(), faltung::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// The result, as [`convolve_any`](crate::convolve_any) gives it.
    pub values: AnyArray,
    /// For each output the share of the weights, in absolute values, that met a sample: exactly 0 where none did that
    /// is not zero, exactly 1 where each did. f32 where sums are made in single precision, else f64. There if it was wanted.
    pub coverage: Option<AnyArray>,
    /// The variance of each output, if those of the samples are independent. Of the type of the variances given, and
    /// there if they were.
    pub variance: Option<AnyArray>,
}

/// Convolves or correlates, as the spec says, what was observed: with missing samples, coverage and variances.
///
/// Everything else is as for [`convolve_any`](crate::convolve_any); of integers, masked samples do not count for the range.
///
/// # Errors
/// As [`convolve`](crate::convolve), and: [`Error::Missing`] if samples are missing and that is an error, [`Error::NoNan`] where
/// integers would have to be NaN, [`Error::Variance`] where one is negative or NaN, [`Error::Shape`] and [`Error::Type`] for
/// masks and variances.
///
/// # Cost
/// As [`Missing`] says; a variance takes one convolution of doubles more.
///
/// ```
/// use faltung::{AnyArray, Array, Boundary, Missing, Mode, Observation, Spec, estimate};
/// // A running mean of three, over a gap and not beyond the ends.
/// let spec = Spec::new().mode(Mode::Same).boundary("constant:nan".parse::<Boundary>()?).missing(Missing::Interpolate);
/// let mean = estimate(&Observation::new(&[1.0, 2.0, f64::NAN, 4.0]), &[1.0 / 3.0; 3], &spec)?;
/// assert_eq!(mean.values, AnyArray::from(Array::new(vec![1.5, 1.5, 3.0, 4.0], &[4])?));
/// # Ok::<(), faltung::Error>(())
/// ```
pub fn estimate(observation: &Observation<'_>, kernel: impl Into<Kernel>, spec: &Spec) -> Result<Estimate> {
    observation.check(observation.x.shape())?;
    let found = Finding::of(observation, spec.missing)?;
    Plan::for_data(found.x(), &kernel.into(), spec)?.estimate_found(observation, &found)
}

impl Plan {
    /// Computes what comes of an observation: [`run`](Self::run) with masks, coverage and variances.
    ///
    /// # Errors
    /// As [`run`](Self::run) and [`estimate`].
    ///
    /// # Cost
    /// Allocates the result, scratch, and what [`Missing`] says. The plans for coverage and variance are made when first
    /// needed, and kept.
    ///
    /// ```
    /// use faltung::{Dtype, Kernel, Missing, Observation, Plan, Spec};
    /// let plan = Plan::new(Dtype::F32, &[2], &Kernel::from(&[1, 1]), &Spec::new().missing(Missing::Omit))?;
    /// let estimate = plan.estimate(&Observation::new(&[1.0f32, 2.0]).mask(&[1, 0]))?;
    /// assert_eq!(estimate.values.typed::<f32>()?.data(), [0.0, 2.0, 2.0]);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn estimate(&self, observation: &Observation<'_>) -> Result<Estimate> {
        self.check_input(&observation.x)?;
        observation.check(self.input_shape())?;
        self.estimate_found(observation, &Finding::of(observation, self.spec().missing)?)
    }

    fn estimate_found(&self, observation: &Observation<'_>, found: &Finding<'_>) -> Result<Estimate> {
        let shape = self.output_shape();
        let mut values = AnyArray::try_zeros(self.output_dtype(), shape)?;
        let scratch = &mut self.scratch();
        let cover = self.cover(found, self.spec().coverage)?;
        self.sum_found(found, cover.as_ref(), values.view_mut(), scratch)?;
        let coverage = match self.spec().coverage {
            Coverage::Unwanted => None,
            Coverage::Wanted => Some(self.shares(cover.as_ref())?),
        };
        let variance = match &observation.variance {
            None => None,
            Some(variance) => Some(self.variances(variance, found, cover.as_ref())?),
        };
        Ok(Estimate { values, coverage, variance })
    }

    /// [`run`](Self::run) where NaN does not propagate.
    pub(crate) fn sum_missing(&self, x: AnyView<'_>, y: AnyViewMut<'_>, scratch: &mut Scratch) -> Result<()> {
        let observation = Observation::new(x);
        let found = Finding::of(&observation, self.spec().missing)?;
        let cover = self.cover(&found, Coverage::Unwanted)?;
        self.sum_found(&found, cover.as_ref(), y, scratch)
    }
}
