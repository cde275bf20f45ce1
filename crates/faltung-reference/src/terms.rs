//! The one walk over the definition: every term of every sum, in the order in which it stands in the formula.

use crate::{Axis, Boundary, Number, Problem};

/// One product of the sum: `c[weight] * sample` is a part of `y[output]`.
pub(crate) struct Term<T> {
    /// The place in the output array.
    pub(crate) output: usize,
    /// The place in the array of weights.
    pub(crate) weight: usize,
    /// What the weight is multiplied with.
    pub(crate) sample: Sample<T>,
}

/// An element of the extended and upsampled signal `xu`: where it comes from.
pub(crate) enum Sample<T> {
    /// The signal, at this place.
    Stored(usize),
    /// The constant beyond its ends.
    Constant(T),
    /// A zero that upsampling inserted.
    Inserted,
}

impl<T: Number> Sample<T> {
    /// The value of this element, for the signal `x`.
    pub(crate) fn value(&self, x: &[T]) -> T {
        match *self {
            Sample::Stored(place) => x[place],
            Sample::Constant(constant) => constant,
            Sample::Inserted => T::ZERO,
        }
    }
}

/// Shows every term of the problem to `visit`. The terms of one output come in a row, in the order of their weights.
pub(crate) fn each_term<T: Number>(problem: &Problem<T>, mut visit: impl FnMut(Term<T>)) {
    let &Problem { batch, groups, inputs, outputs, ref axes } = problem;
    let out_shape: Vec<usize> = axes.iter().map(|axis| axis.out).collect();
    let kernel_shape: Vec<usize> = axes.iter().map(|axis| axis.kernel).collect();
    let (out_indices, kernel_indices) = (indices(&out_shape), indices(&kernel_shape));

    for b in 0..batch {
        for g in 0..groups {
            for p in 0..outputs {
                for o in &out_indices {
                    for q in 0..inputs {
                        for k in &kernel_indices {
                            let output_channel = g * outputs + p;
                            let input_channel = g * inputs + q;
                            visit(Term {
                                output: place(b * groups * outputs + output_channel, o, &out_shape),
                                weight: place(output_channel * inputs + q, k, &kernel_shape),
                                sample: sample(axes, b * groups * inputs + input_channel, o, k),
                            });
                        }
                    }
                }
            }
        }
    }
}

/// The element of `xu` that output `o` multiplies with weight `k`, in one channel of the input, counted through the batch.
fn sample<T: Number>(axes: &[Axis<T>], channel: usize, o: &[usize], k: &[usize]) -> Sample<T> {
    let mut place = channel;
    let mut constant = None;
    for ((axis, &o), &k) in axes.iter().zip(o).zip(k) {
        let position = (o * axis.stride + k * axis.dilation) as i64 - axis.lead;
        match sample_on_axis(axis, position) {
            Sample::Stored(i) => place = place * axis.len + i,
            Sample::Constant(value) => constant = Some(value),
            Sample::Inserted => return Sample::Inserted,
        }
    }
    match constant {
        Some(value) => Sample::Constant(value),
        None => Sample::Stored(place),
    }
}

/// `xu[position]` along one axis.
fn sample_on_axis<T: Number>(axis: &Axis<T>, position: i64) -> Sample<T> {
    let upsample = axis.upsample as i64;
    if position.rem_euclid(upsample) != 0 {
        return Sample::Inserted;
    }
    match (axis.boundary.source(position.div_euclid(upsample), axis.len), axis.boundary) {
        (Some(i), _) => Sample::Stored(i),
        (None, Boundary::Constant(constant)) => Sample::Constant(constant),
        (None, _) => unreachable!("every other boundary repeats a sample"),
    }
}

/// Where an element lies in a row-major array that consists of channels of this shape.
fn place(channel: usize, index: &[usize], shape: &[usize]) -> usize {
    index.iter().zip(shape).fold(channel, |place, (&i, &len)| place * len + i)
}

/// Every index of an array of this shape, in the order in which its elements lie in memory.
fn indices(shape: &[usize]) -> Vec<Vec<usize>> {
    let mut all = vec![vec![]];
    for &len in shape {
        all = all.iter().flat_map(|index| (0..len).map(move |i| [index.as_slice(), &[i]].concat())).collect();
    }
    all
}
