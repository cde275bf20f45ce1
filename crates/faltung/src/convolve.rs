//! The one call: an array, a kernel, and what is asked for.

use crate::{AnyArray, AnyView, Array, Kernel, Operation, Plan, Result, Sample, Spec, View};

/// Convolves an array with a kernel: `y[n] = sum over k of w[k] x[n - k]` along every axis named.
///
/// What is beyond the ends, how much of the result is wanted, strides and the rest are the [`Spec`]'s; by default the full
/// result along all axes, zeros beyond the ends. The shape of the result is told at [`Mode`](crate::Mode). The spec's
/// `operation` is not looked at: [`correlate`] is the sum in which the kernel is not turned round.
///
/// Integers and whole weights are summed exactly, integers and real weights in doubles, rounded as
/// [`Rounding`](crate::Rounding) says; whether sums fit the type is decided before computing, see [`Overflow`](crate::Overflow). The error of other sums is bounded as
/// [`Accuracy`](crate::Accuracy) says.
///
/// # Errors
/// Whatever is wrong with shapes, options or types, and sums that may overflow; see [`Error`](crate::Error).
///
/// # Cost
/// Makes a [`Plan`] and its scratch, runs it once, and allocates the result: for many arrays of one shape, make the plan once.
///
/// ```
/// // The likes that posts get: each post five in its first hour, four in the next, ...
/// let posts = [3, 0, 5, 0, 2, 1];
/// let likes = [5, 4, 3, 2, 1];
/// let total = faltung::convolve(&posts, &likes, &faltung::Spec::new())?;
/// assert_eq!(total.data(), [15, 12, 34, 26, 28, 23, 15, 7, 4, 1]);
/// # Ok::<(), faltung::Error>(())
/// ```
pub fn convolve<'a, T: Sample>(x: impl Into<View<'a, T>>, kernel: impl Into<Kernel>, spec: &Spec) -> Result<Array<T>> {
    run(T::view(x.into()), &kernel.into(), &spec.clone().operation(Operation::Convolve))?.typed()
}

/// Correlates an array with a kernel: `y[n] = sum over k of conj(w[k]) x[n + k]`, the kernel as it is.
///
/// The full result begins where the kernel's last weight meets the first sample. It is the kernel that is conjugated, as in
/// NumPy and SciPy, and nothing is in PyTorch. Everything else is as for [`convolve`].
///
/// # Errors
/// As [`convolve`].
///
/// ```
/// let y = faltung::correlate(&[1, 2, 4], &[0, 1, 10], &faltung::Spec::new())?;
/// assert_eq!(y.data(), [10, 21, 42, 4, 0]);
/// # Ok::<(), faltung::Error>(())
/// ```
pub fn correlate<'a, T: Sample>(x: impl Into<View<'a, T>>, kernel: impl Into<Kernel>, spec: &Spec) -> Result<Array<T>> {
    run(T::view(x.into()), &kernel.into(), &spec.clone().operation(Operation::Correlate))?.typed()
}

/// Convolves or correlates, as the spec says, an array whose type is known at run time only.
///
/// The result has the input's type, but with [`Overflow::Widen`](crate::Overflow::Widen) a wider one where sums need it.
/// Everything else is as for [`convolve`].
///
/// # Errors
/// As [`convolve`].
///
/// ```
/// use faltung::{AnyArray, Array, Dtype, Overflow, Spec, convolve_any};
/// let bytes = AnyArray::from(Array::new(vec![200u8, 100], &[2])?);
/// let sums = convolve_any(&bytes, &[1u8, 1], &Spec::new().overflow(Overflow::Widen))?;
/// assert_eq!(sums, AnyArray::from(Array::new(vec![200u16, 300, 100], &[3])?));
/// # Ok::<(), faltung::Error>(())
/// ```
pub fn convolve_any<'a>(x: impl Into<AnyView<'a>>, kernel: impl Into<Kernel>, spec: &Spec) -> Result<AnyArray> {
    run(x.into(), &kernel.into(), spec)
}

fn run(x: AnyView<'_>, kernel: &Kernel, spec: &Spec) -> Result<AnyArray> {
    let plan = Plan::for_data(&x, kernel, spec)?;
    let mut y = AnyArray::try_zeros(plan.output_dtype(), plan.output_shape())?;
    plan.run(x, &mut y, &mut plan.scratch())?;
    Ok(y)
}
