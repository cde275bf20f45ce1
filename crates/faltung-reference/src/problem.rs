//! A convolution with every question answered: some integers for each axis, and four counts.

use crate::{Boundary, Number};

/// One spatial axis of a [`Problem`].
///
/// ```text
/// y[o] = sum over k of c[k] * xu[o*stride + k*dilation - lead]     0 <= k < kernel, 0 <= o < out
/// ```
///
/// The fields are independent here; [`Spec::axis`](crate::Spec::axis) finds the `out` and `lead` of the usual modes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axis<T> {
    /// The number of samples `n`.
    pub len: usize,
    /// The number of weights `K`.
    pub kernel: usize,
    /// The number of outputs.
    pub out: usize,
    /// The step from one output to the next, in upsampled samples.
    pub stride: usize,
    /// The step from one weight to the next, in upsampled samples.
    pub dilation: usize,
    /// The step from one sample to the next, in upsampled samples: at least 1.
    pub upsample: usize,
    /// How far before the first sample the first output begins to read, in upsampled samples; may be negative.
    pub lead: i64,
    /// What lies beyond the ends.
    pub boundary: Boundary<T>,
}

/// A convolution of dense row-major arrays, slowest axis first, with any number of spatial axes (also none).
///
/// | array | shape |
/// |---|---|
/// | input | `[batch, groups * inputs, len...]` |
/// | weights | `[groups * outputs, inputs, kernel...]` |
/// | output | `[batch, groups * outputs, out...]` |
///
/// Where axes have different constants and a place lies outside along several of them, the fastest of these axes decides:
/// the array is extended along its slowest axis first. An inserted zero of any axis comes before all of that,
/// because upsampling follows extension.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem<T> {
    /// The number of independent examples.
    pub batch: usize,
    /// The number of groups of channels; no output sees the input of another group.
    pub groups: usize,
    /// The number of input channels in each group.
    pub inputs: usize,
    /// The number of output channels in each group.
    pub outputs: usize,
    /// The spatial axes, slowest first.
    pub axes: Vec<Axis<T>>,
}

impl<T: Number> Problem<T> {
    /// One signal and one set of weights: batch, groups, inputs and outputs are all 1.
    pub fn single(axes: Vec<Axis<T>>) -> Self {
        Problem { batch: 1, groups: 1, inputs: 1, outputs: 1, axes }
    }

    /// The shape of the input: `[batch, groups * inputs, len...]`.
    pub fn input_shape(&self) -> Vec<usize> {
        self.shape(self.batch, self.groups * self.inputs, |axis| axis.len)
    }

    /// The shape of the weights: `[groups * outputs, inputs, kernel...]`.
    pub fn weight_shape(&self) -> Vec<usize> {
        self.shape(self.groups * self.outputs, self.inputs, |axis| axis.kernel)
    }

    /// The shape of the output: `[batch, groups * outputs, out...]`.
    pub fn output_shape(&self) -> Vec<usize> {
        self.shape(self.batch, self.groups * self.outputs, |axis| axis.out)
    }

    fn shape(&self, first: usize, second: usize, extent: impl Fn(&Axis<T>) -> usize) -> Vec<usize> {
        [first, second].into_iter().chain(self.axes.iter().map(extent)).collect()
    }
}
