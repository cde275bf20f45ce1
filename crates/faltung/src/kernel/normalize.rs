//! Weights brought to a sum of one, as [`Spec::normalize`](crate::Spec::normalize) asks: done to the kernel, before anything
//! else is.

use std::{borrow::Cow, ops::Div};

use num_complex::Complex;

use super::{Kernel, Values, check::total};
use crate::{Error, Result, Spec, error::words};

words! { "normalisation",
    /// What the weights of each output channel are divided by.
    ///
    /// Whole weights become real by it, and integer data are then summed in doubles and rounded, see
    /// [`Rounding`](crate::Rounding). A sum of weights that rounding could have made of zero is an error.
    ///
    /// ```
    /// use faltung::{Normalize, Spec, convolve};
    /// let y = |w: [f64; 3], normalize| convolve(&[4.0], &w, &Spec::new().normalize(normalize));
    /// assert_eq!(y([1.0, 2.0, 1.0], Normalize::Sum)?.data(), [1.0, 2.0, 1.0]);
    /// assert_eq!(y([-1.0, 0.0, 1.0], Normalize::AbsoluteSum)?.data(), [-2.0, 0.0, 2.0]);
    /// assert!(y([-1.0, 0.0, 1.0], Normalize::Sum).is_err()); // the weights add up to 0
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub enum Normalize {
        /// Nothing: weights are used as they are. The default.
        None = "none",
        /// Their sum `sum of w`: what is constant stays as it is.
        Sum = "sum",
        /// The sum of their absolute values `sum of |w|`: no result is larger than the largest sample.
        AbsoluteSum = "absolute_sum",
    }
}

impl Kernel {
    /// The weights divided by what the spec says, each output channel for itself.
    ///
    /// # Errors
    /// [`Error::Normalize`] where there is nothing to divide by.
    pub(crate) fn normalized(&self, spec: &Spec) -> Result<Cow<'_, Kernel>> {
        if spec.normalize == Normalize::None || self.is_empty() {
            return Ok(Cow::Borrowed(self));
        }
        let channels = if spec.groups.is_some() { self.shape.first().copied().unwrap_or(1) } else { 1 };
        let each = self.len() / channels;
        let values = match &self.values {
            Values::Whole(all) => {
                let all: Vec<f64> = all.iter().map(|&w| w as f64).collect();
                Values::Real(divided(&all, each, spec.normalize, real)?)
            }
            Values::Real(all) => Values::Real(divided(all, each, spec.normalize, real)?),
            Values::Complex(all) => Values::Complex(divided(all, each, spec.normalize, complex)?),
        };
        Ok(Cow::Owned(Kernel { shape: self.shape.clone(), values }))
    }
}

/// The sum, and that of the absolute values.
fn real(weights: &[f64]) -> (f64, f64) {
    (total(weights), total(&weights.iter().map(|w| w.abs()).collect::<Vec<_>>()))
}

fn complex(weights: &[Complex<f64>]) -> (Complex<f64>, f64) {
    let part = |of: fn(&Complex<f64>) -> f64| total(&weights.iter().map(of).collect::<Vec<_>>());
    (Complex::new(part(|w| w.re), part(|w| w.im)), part(|w| w.norm()))
}

/// The weights of each output channel, divided.
fn divided<W>(weights: &[W], each: usize, by: Normalize, sums: fn(&[W]) -> (W, f64)) -> Result<Vec<W>>
where
    W: Copy + From<f64> + Into<Complex<f64>> + Div<Output = W> + Div<f64, Output = W>,
{
    let mut all = Vec::with_capacity(weights.len());
    for (output, weights) in weights.chunks_exact(each).enumerate() {
        // Brought near one first, so that neither sums nor quotients leave the range.
        let sizes = weights.iter().map(|&w| w.into()).map(|z: Complex<f64>| z.re.abs().max(z.im.abs()));
        let largest =
            sizes.reduce(|a, b| if a >= b || a.is_nan() { a } else { b }).filter(|&most| most != 0.0).unwrap_or(1.0);
        let weights: Vec<W> = weights.iter().map(|&w| w / largest).collect();
        let (sum, magnitude) = sums(&weights);
        let size = sum.into().norm();
        // As many roundings as there are weights may have made of zero what is no larger than this.
        let (divisor, told) = match by {
            Normalize::AbsoluteSum => (W::from(magnitude), magnitude > 0.0),
            _ => (sum, size > each as f64 * f64::EPSILON * magnitude),
        };
        if !told || !magnitude.is_finite() {
            let advice = match by {
                _ if !magnitude.is_finite() => "give finite weights",
                _ if magnitude > 0.0 => "choose normalize absolute_sum or none",
                _ => "give a weight that is not zero, or choose normalize none",
            };
            return Err(Error::Normalize { output, sum: size * largest, magnitude: magnitude * largest, advice });
        }
        all.extend(weights.into_iter().map(|w| w / divisor));
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_output_channel_is_divided_by_its_own_sum() {
        let kernel = Kernel::whole(&[2, 1, 2], vec![1, 3, -1, 2]).unwrap();
        let by =
            |normalize| kernel.normalized(&Spec::new().groups(1).normalize(normalize)).unwrap().into_owned().values;
        assert_eq!(by(Normalize::Sum), Values::Real(vec![0.25, 0.75, -1.0, 2.0]));
        assert_eq!(by(Normalize::AbsoluteSum), Values::Real(vec![0.25, 0.75, -1.0 / 3.0, 2.0 / 3.0]));
        assert_eq!(by(Normalize::None), Values::Whole(vec![1, 3, -1, 2]));
    }

    #[test]
    fn complex_weights_have_a_complex_sum() {
        let i = Complex::new(0.0, 1.0);
        let kernel = Kernel::complex(&[2], vec![i, i]).unwrap();
        let normalized = kernel.normalized(&Spec::new().normalize(Normalize::Sum)).unwrap().into_owned();
        assert_eq!(normalized.values, Values::Complex(vec![Complex::new(0.5, 0.0); 2]));
    }

    #[test]
    fn a_sum_that_may_be_zero_but_for_rounding_is_refused() {
        let refused = |weights: &[f64], normalize| {
            Kernel::from(weights).normalized(&Spec::new().normalize(normalize)).unwrap_err().to_string()
        };
        let message = refused(&[0.1, 0.2, -0.3], Normalize::Sum);
        assert!(message.contains("cannot be told from 0") && message.ends_with("absolute_sum or none"), "{message}");
        assert!(refused(&[0.0, 0.0], Normalize::AbsoluteSum).contains("not zero"));
        assert!(refused(&[f64::INFINITY, 1.0], Normalize::AbsoluteSum).ends_with("give finite weights"));
        // Scale does not matter.
        let complex = |scale: f64| {
            let weights = [1.0, 3.0].map(|w| Complex::new(w * scale, w * scale));
            let kernel = Kernel::complex(&[2], weights.to_vec()).unwrap();
            kernel.normalized(&Spec::new().normalize(Normalize::Sum)).unwrap().into_owned().values
        };
        let quarters = Values::Complex(vec![Complex::new(0.25, 0.0), Complex::new(0.75, 0.0)]);
        assert!([1e-300, 1.0, 1e300].iter().all(|&scale| complex(scale) == quarters));
        let huge = Kernel::from(&[1e308; 4]).normalized(&Spec::new().normalize(Normalize::Sum)).unwrap().into_owned();
        assert_eq!(huge.values, Values::Real(vec![0.25; 4]));
        assert!(Kernel::from(&[1e-300, 2e-300]).normalized(&Spec::new().normalize(Normalize::Sum)).is_ok());
    }
}
