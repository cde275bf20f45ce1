//! The sums over the terms of a problem: the result, its magnitude, and both gradients.
//!
//! The gradients follow from the definition term by term. A term `c * xu` of output `y` sends `gy * conj(c)` back to the
//! sample that `xu` is, and `gy * conj(xu)` back to the weight `c`. Where a boundary shows one sample at
//! several places, the sample collects from all of them; constants and inserted zeros are no samples and collect nothing.
//! So both are adjoints of a linear map, in the inner product `<a, b> = sum a * conj(b)`:
//!
//! ```text
//! <correlate(x, c), gy> = <x, input_gradient(gy, c)> = <c, weight_gradient(x, gy)>
//! ```
//!
//! the first of which holds if all constants are zero, since other constants make the map of `x` affine.

use crate::terms::{Sample, each_term};
use crate::{Number, Problem};

/// The correlation of `x` with `weights`: `y[o] = sum c[k] * xu[o*stride + k*dilation - lead]`.
///
/// `x` has the problem's [input shape](Problem::input_shape), `weights` its [weight shape](Problem::weight_shape), and
/// the result its [output shape](Problem::output_shape). For the convolution, [`flip`](crate::flip) the weights.
/// The terms of an output are added in the order of their weights, beginning from zero.
///
/// # Panics
///
/// If `x` or `weights` has another length than the problem says.
pub fn correlate<T: Number>(problem: &Problem<T>, x: &[T], weights: &[T]) -> Vec<T> {
    check("x", x, problem.input_shape());
    check("weights", weights, problem.weight_shape());
    let mut y: Vec<T> = zeros(problem.output_shape());
    each_term(problem, |term| {
        let product = weights[term.weight].mul(term.sample.value(x));
        y[term.output] = y[term.output].add(product);
    });
    y
}

/// The sum of `|c| * |xu|` for each output of [`correlate`]: what bounds for rounding errors are a multiple of.
///
/// # Panics
///
/// If `x` or `weights` has another length than the problem says.
pub fn magnitude<T: Number>(problem: &Problem<T>, x: &[T], weights: &[T]) -> Vec<f64> {
    check("x", x, problem.input_shape());
    check("weights", weights, problem.weight_shape());
    let mut y: Vec<f64> = zeros(problem.output_shape());
    each_term(problem, |term| {
        y[term.output] += weights[term.weight].magnitude() * term.sample.value(x).magnitude();
    });
    y
}

/// The gradient for the input, from the gradient `gy` for the output: `gx[j] = sum gy[o] * conj(c[k])` over all `o` and
/// `k` whose element of `xu` is the sample `j`, be it directly or by the boundary.
///
/// `gy` has the problem's [output shape](Problem::output_shape), the result its [input shape](Problem::input_shape).
///
/// # Panics
///
/// If `gy` or `weights` has another length than the problem says.
pub fn input_gradient<T: Number>(problem: &Problem<T>, gy: &[T], weights: &[T]) -> Vec<T> {
    check("gy", gy, problem.output_shape());
    check("weights", weights, problem.weight_shape());
    let mut gx: Vec<T> = zeros(problem.input_shape());
    each_term(problem, |term| {
        if let Sample::Stored(j) = term.sample {
            gx[j] = gx[j].add(gy[term.output].mul(weights[term.weight].conj()));
        }
    });
    gx
}

/// The gradient for the weights, from the gradient `gy` for the output, over all outputs of the whole batch:
///
/// ```text
/// gc[k] = sum over o of gy[o] * conj(xu[o*stride + k*dilation - lead])
/// ```
///
/// Constants beyond the ends take part, being values of `xu`.
///
/// `gy` has the problem's [output shape](Problem::output_shape), the result its [weight shape](Problem::weight_shape).
///
/// # Panics
///
/// If `x` or `gy` has another length than the problem says.
pub fn weight_gradient<T: Number>(problem: &Problem<T>, x: &[T], gy: &[T]) -> Vec<T> {
    check("x", x, problem.input_shape());
    check("gy", gy, problem.output_shape());
    let mut gc: Vec<T> = zeros(problem.weight_shape());
    each_term(problem, |term| {
        let product = gy[term.output].mul(term.sample.value(x).conj());
        gc[term.weight] = gc[term.weight].add(product);
    });
    gc
}

fn zeros<T: Number>(shape: Vec<usize>) -> Vec<T> {
    vec![T::ZERO; shape.iter().product()]
}

fn check<T>(name: &str, array: &[T], shape: Vec<usize>) {
    let expected: usize = shape.iter().product();
    assert_eq!(array.len(), expected, "{name} has {} elements, shape {shape:?} has {expected}", array.len());
}
