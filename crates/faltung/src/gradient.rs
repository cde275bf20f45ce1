//! The two gradients of a convolution: problems of the same kind, run by the same engine.
//!
//! A convolution is linear in its input and in its weights, so each gradient is the adjoint of a linear map:
//! `<conv(x, w), g> = <x, input_gradient(g, w)> = <w, weight_gradient(x, g)>`, with `<a, b> = sum of a * conj(b)`. How the
//! integers change is told in [`shape`](crate::shape); here arrays are put in the order that those problems want. Where the
//! boundary is made of samples, the gradient to what lies beyond the ends belongs to the samples that stand there: it is
//! folded back.

use crate::{
    AnyArray, AnyView, Array, Complex, Dtype, Error, Geometry, Kernel, Missing, Number, Operation, Plan, Problem,
    Result, Sample, Spec, View, ViewMut, any::Listed, kernel::Normalize, layout::Layout,
};

/// The gradient to the input of a convolution: what each sample contributes to all outputs, weighted by `outputs`.
///
/// For the full convolution `y[n] = sum of w[k] x[n - k]` it is `gradient[j] = sum over n of conj(w[n - j]) outputs[n]`; in
/// general the adjoint, `<convolve(x, w), g> = <x, input_gradient(g, w)>` with `<a, b> = sum of a * conj(b)`.
///
/// `outputs` has the shape of the convolution's result (for an input of shape `input` and the same kernel and spec), the
/// gradient that of the input. What a boundary takes from a sample is added to that sample; constants beyond the ends have
/// no gradient. Integers wrap, whatever the spec says. The error is bounded as [`Accuracy`](crate::Accuracy) says, where
/// `x` is `outputs`. With groups, as `torch.nn.grad.conv2d_input`.
///
/// # Errors
/// As [`convolve`](crate::convolve); [`Error::Shape`] if `outputs` has another shape than the result; [`Error::Gradient`] if
/// the spec omits or interpolates what is missing.
///
/// # Cost
/// A convolution of its own, planned and allocated anew in each call.
///
/// ```
/// use faltung::{Mode, Spec, input_gradient};
/// let spec = Spec::new().mode(Mode::Valid);
/// // y[0] = 3 x[0] + 2 x[1], y[1] = 3 x[1] + 2 x[2]: convolution turns the kernel round.
/// let gradient = input_gradient(&[1.0, 10.0], &[2.0, 3.0], &[3], &spec)?;
/// assert_eq!(gradient.data(), [3.0, 32.0, 20.0]);
/// # Ok::<(), faltung::Error>(())
/// ```
pub fn input_gradient<'a, T: Sample>(
    outputs: impl Into<View<'a, T>>,
    kernel: impl Into<Kernel>,
    input: &[usize],
    spec: &Spec,
) -> Result<Array<T>> {
    refuse_missing(spec)?;
    let (outputs, kernel) = (outputs.into(), kernel.into());
    let kernel = kernel.normalized(spec)?;
    let (problem, layout) = spec.problem(input, kernel.shape())?;
    check("the gradient of the outputs", &layout.user_shape(&problem.y_shape()), outputs.shape())?;
    if problem.outputs_in_all() == 0 || problem.x_shape().contains(&0) {
        return Ok(Array::zeros(input));
    }
    // Turned round for the gradient; a convolution's kernel was turned round already.
    let mut seen = layout.canonical_kernel(&Geometry::dense(kernel.shape()));
    if spec.operation == Operation::Correlate {
        seen = (3..seen.shape().len()).fold(seen, |seen, axis| seen.reversed(axis));
    }
    let exchanged: Vec<usize> = [0, 2, 1].into_iter().chain(3..seen.shape().len()).collect();
    let values = kernel.seen_as(&seen.permuted(&exchanged), spec.operation == Operation::Convolve);

    let folds = is_folded(&problem);
    // What is still to be folded is kept in a type as wide as the sums.
    let between = match T::DTYPE {
        Dtype::F16 | Dtype::Bf16 if folds => Dtype::F32,
        dtype if dtype.is_integer() && folds && !kernel.is_whole() => Dtype::F64,
        dtype => dtype,
    };
    let plan = Plan::of_problem(T::DTYPE, between, problem.input_gradient(), values, &quiet(spec))?;
    let mut extended = AnyArray::try_zeros(between, plan.output_shape())?;
    let outputs = T::view(outputs.seen_as(layout.canonical(outputs.geometry())));
    plan.run(outputs, &mut extended, &mut plan.scratch())?;
    if !folds {
        return extended.reshaped(input)?.typed();
    }
    let folded = fold(&problem, &extended).reshaped(input)?;
    match between == T::DTYPE {
        true => folded.typed(),
        false => {
            let rounded = |number| match number {
                Number::Real(sum) if T::DTYPE.is_integer() => Number::Real(spec.rounding.whole(sum)),
                other => other,
            };
            let numbers: Vec<Number> = folded.view().numbers().into_iter().map(rounded).collect();
            AnyArray::of_numbers(T::DTYPE, &numbers, input)?.typed()
        }
    }
}

/// Whether outputs are made of samples beyond the ends, which are samples of the signal.
pub(crate) fn is_folded(problem: &Problem) -> bool {
    problem.axes.iter().zip(problem.extended()).any(|(axis, (start, len))| start != 0 || len != axis.len)
}

/// The gradient to the extended signal as one to the signal itself: what lies beyond the ends is added to what stands there.
pub(crate) fn fold(problem: &Problem, extended: &AnyArray) -> AnyArray {
    let lines = problem.batch.len() + 2;
    let whole = |n: usize| (0..n).map(Some).collect::<Vec<_>>();
    let channels = extended.shape()[..lines].iter().map(|&n| whole(n));
    let axes = problem.axes.iter().zip(problem.extended());
    let axes = axes.map(|(axis, (start, len))| axis.boundary.fold(start, len, axis.len));
    extended.folded(&channels.chain(axes).collect::<Vec<_>>(), &problem.x_shape())
}

/// The gradient to the weights of a convolution: what each weight contributes to all outputs, weighted by `outputs`.
///
/// For the full convolution it is `gradient[k] = sum over n of conj(x[n - k]) outputs[n]`, and for the correlation
/// `gradient[k] = sum over n of x[n + k] conj(outputs[n])`.
///
/// `outputs` has the shape of the convolution's result (for the input `x`, a kernel of shape `kernel` and the same spec),
/// the gradient that of the kernel. Summed over the batch. Integers wrap, whatever the spec says. The error is bounded as
/// [`Accuracy`](crate::Accuracy) says, where `w` is `outputs` and `inputs` the number of batches. With groups, as
/// `torch.nn.grad.conv2d_weight`.
///
/// # Errors
/// As [`convolve`](crate::convolve); [`Error::Shape`] if `outputs` has another shape than the result; [`Error::Gradient`] if
/// the spec omits or interpolates what is missing, or normalises the kernel.
///
/// # Cost
/// A convolution of its own, planned and allocated anew in each call, and a copy of both arrays.
///
/// ```
/// use faltung::{Mode, Spec, weight_gradient};
/// let spec = Spec::new().mode(Mode::Valid);
/// // y[0] = w[1] x[0] + w[0] x[1], y[1] = w[1] x[1] + w[0] x[2]
/// let gradient = weight_gradient(&[5.0, 6.0, 7.0], &[1.0, 10.0], &[2], &spec)?;
/// assert_eq!(gradient.data(), [76.0, 65.0]);
/// # Ok::<(), faltung::Error>(())
/// ```
pub fn weight_gradient<'a, 'b, T: Sample>(
    x: impl Into<View<'a, T>>,
    outputs: impl Into<View<'b, T>>,
    kernel: &[usize],
    spec: &Spec,
) -> Result<Array<T>> {
    refuse_missing(spec)?;
    if spec.normalize != Normalize::None {
        let advice = "it would depend on the weights; choose normalize none and apply the rule for quotients";
        return Err(Error::Gradient { option: "normalize", word: spec.normalize.name(), advice });
    }
    let (x, outputs) = (x.into(), outputs.into());
    let (problem, layout) = spec.problem(x.shape(), kernel)?;
    check("the gradient of the outputs", &layout.user_shape(&problem.y_shape()), outputs.shape())?;
    let mut weights = Array::<T>::zeros(kernel);
    if problem.outputs_in_all() == 0 || problem.x_shape().contains(&0) {
        return Ok(weights);
    }
    let batch = problem.batch.len();
    let gradient = problem.weight_gradient();
    // The kernel is the gradient of the outputs, as [group, output, batch, axes..].
    let seen = one_batch(T::view(outputs), &layout, batch);
    let order: Vec<usize> = [1, 2, 0].into_iter().chain(3..3 + problem.axes.len()).collect();
    let values = Kernel::from(&seen).seen_as(&Geometry::dense(seen.shape()).permuted(&order), true);
    // The signal is x, as [input, group, batch, axes..].
    let seen = one_batch(T::view(x), &layout, batch);
    let order: Vec<usize> = [2, 1, 0].into_iter().chain(3..3 + problem.axes.len()).collect();
    let plan = Plan::of_problem(T::DTYPE, T::DTYPE, gradient, values, &quiet(spec))?;
    let view = seen.view();
    let view = view.seen_as(view.geometry().permuted(&order));
    // What comes out is [input, group, output, axes..], turned round as the weights were.
    let mut place = layout.canonical_kernel(&Geometry::dense(kernel));
    if spec.operation == Operation::Convolve {
        place = (3..place.shape().len()).fold(place, |place, axis| place.reversed(axis));
    }
    let order: Vec<usize> = [2, 0, 1].into_iter().chain(3..3 + problem.axes.len()).collect();
    let target: ViewMut<'_, T> = weights.view_mut().seen_as(place.permuted(&order));
    plan.run(view, T::view_mut(target), &mut plan.scratch())?;
    Ok(match spec.operation {
        Operation::Convolve => conjugated(weights),
        Operation::Correlate => weights,
    })
}

/// The array as `[batch, group, channel, axes..]`, all batch axes in one: a copy.
fn one_batch(array: AnyView<'_>, layout: &Layout, batch: usize) -> AnyArray {
    let seen = layout.canonical(array.geometry());
    let shape: Vec<usize> =
        std::iter::once(seen.shape()[..batch].iter().product()).chain(seen.shape()[batch..].iter().copied()).collect();
    array.seen_as(seen).dense(&shape)
}

fn conjugated<T: Sample>(array: Array<T>) -> Array<T> {
    use AnyArray::{C64, C128};
    fn conj<F: Copy + std::ops::Neg<Output = F>>(mut array: Array<Complex<F>>) -> Array<Complex<F>> {
        array.data_mut().iter_mut().for_each(|z| *z = Complex::new(z.re, -z.im));
        array
    }
    let array = match Listed::array(array) {
        C64(array) => C64(conj(array)),
        C128(array) => C128(conj(array)),
        other => other,
    };
    T::typed(array).expect("the type did not change")
}

/// What is missing changes the sum from output to output, and which samples are is not told to a gradient.
fn refuse_missing(spec: &Spec) -> Result<()> {
    match spec.missing {
        Missing::Propagate | Missing::Raise => Ok(()),
        Missing::Omit | Missing::Interpolate => Err(Error::Gradient {
            option: "missing",
            word: spec.missing.name(),
            advice: "put zeros for missing samples, divide by the coverage yourself, and choose missing propagate",
        }),
    }
}

/// The spec for a gradient: sums of integers wrap, and no promise about the data is made.
fn quiet(spec: &Spec) -> Spec {
    let mut spec = spec.clone().overflow(crate::Overflow::Wrap);
    spec.range = None;
    spec
}

fn check(what: &'static str, expected: &[usize], actual: &[usize]) -> Result<()> {
    if expected == actual {
        return Ok(());
    }
    Err(Error::Shape { what, expected: expected.to_vec(), actual: actual.to_vec() })
}
