//! How users' arrays become what the engine sees: which axes are batch, channels, and slid along.

use smallvec::SmallVec;

use crate::{Dims, Error, Geometry, Operation, Result, Spec};

/// Inputs and outputs of each group.
pub(crate) fn channel_counts(
    inputs: usize,
    outputs: usize,
    per_group: usize,
    groups: usize,
) -> Result<(usize, usize, usize)> {
    let wrong = |problem| Err(Error::Channels { inputs, outputs, groups, per_group, problem });
    match () {
        _ if groups == 0 => wrong("there must be at least one group"),
        _ if !outputs.is_multiple_of(groups) => {
            wrong("the groups must divide the output channels (the kernel's first axis)")
        }
        _ if per_group.checked_mul(groups) != Some(inputs) => {
            wrong("the kernel's second axis must be the input channels divided by the groups")
        }
        _ => Ok((groups, per_group, outputs / groups)),
    }
}

/// Which axes of the users' arrays are batch, channels, and slid along: `x[batch.., channel, axes..]` with
/// [`groups`](Spec::groups), `x[axes..]` without. Made by [`Spec::problem`].
///
/// ```
/// let layer = faltung::Spec::new().groups(1);
/// let (_, layout) = layer.problem(&[8, 3, 28, 28], &[16, 3, 5, 5])?;
/// assert_eq!(layout, layer.problem(&[1, 3, 9, 9], &[2, 3, 5, 5])?.1); // whatever the sizes
/// # Ok::<(), faltung::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// Dimensions of the input.
    dimensions: usize,
    /// The axes slid along, in the order of the kernel's.
    pub(crate) axes: SmallVec<[usize; 3]>,
    /// The first axis of the problem; all later ones belong to it too, slid along or not.
    pub(crate) first: usize,
    /// Groups of channels on the axis before it.
    groups: Option<usize>,
}

impl Layout {
    pub(crate) fn new(spec: &Spec, dimensions: usize, kernel: usize) -> Result<Layout> {
        let channels = usize::from(spec.groups.is_some());
        // Dimensions to slide along; none is as many as a kernel without its two for channels has.
        let spatial = kernel.checked_sub(2 * channels);
        let wrong = |axes| {
            let channels = match spec.groups {
                None => "",
                Some(_) => " without its first two, which are channels, and leave one axis before them for channels",
            };
            Err(Error::Dimensions { kernel, input: dimensions, axes, channels })
        };
        let axes: SmallVec<[usize; 3]> = match &spec.axes {
            None if channels == 1 && spatial.is_some_and(|k| k < dimensions) => {
                (dimensions - spatial.unwrap_or(0)..dimensions).collect()
            }
            None => (0..dimensions).collect(),
            Some(named) => named.iter().map(|&axis| Self::axis(axis, dimensions)).collect::<Result<_>>()?,
        };
        for (i, axis) in axes.iter().enumerate() {
            if axes[..i].contains(axis) {
                return Err(Error::Axis { axis: *axis as isize, problem: "is named twice", dimensions });
            }
        }
        let slowest = axes.iter().copied().min().unwrap_or(dimensions);
        if Some(axes.len()) != spatial || slowest < channels {
            return wrong(axes.len());
        }
        // Without channels, axes before the first one slid along are as those between and after: tiles hold many lines.
        let first = slowest * channels;
        Ok(Layout { dimensions, axes, first, groups: spec.groups })
    }

    fn axis(axis: isize, dimensions: usize) -> Result<usize> {
        let counted = if axis < 0 { axis + dimensions as isize } else { axis };
        match usize::try_from(counted) {
            Ok(counted) if counted < dimensions => Ok(counted),
            _ => Err(Error::Axis { axis, problem: "does not exist", dimensions }),
        }
    }

    /// The user's array, input or output, as the engine sees it: `[batch.., group, channel, axes..]`.
    pub(crate) fn canonical(&self, array: &Geometry) -> Geometry {
        match self.groups {
            Some(groups) => array.split(self.first - 1, groups),
            None => array.inserted(self.first, 2),
        }
    }

    /// The user's shape of an array that the engine sees as `shape`.
    pub(crate) fn user_shape(&self, shape: &[usize]) -> Dims {
        let batch = self.batch();
        let channels = self.groups.map(|_| shape[batch] * shape[batch + 1]);
        shape[..batch].iter().copied().chain(channels).chain(shape[batch + 2..].iter().copied()).collect()
    }

    /// Axes of the batch.
    pub(crate) fn batch(&self) -> usize {
        self.first - usize::from(self.groups.is_some())
    }

    /// Whether the axis before the first one slid along is one of channels.
    pub(crate) fn has_channels(&self) -> bool {
        self.groups.is_some()
    }

    /// The user's kernel as the engine correlates with it: `[group, output, input, axes..]`, turned round for convolutions.
    pub(crate) fn seen_kernel(&self, kernel: &Geometry, operation: Operation) -> Geometry {
        let seen = self.canonical_kernel(kernel);
        match operation {
            Operation::Convolve => (3..seen.shape().len()).fold(seen, |seen, axis| seen.reversed(axis)),
            Operation::Correlate => seen,
        }
    }

    /// The user's kernel as the engine sees it: `[group, output, input, axes..]`, not turned round.
    pub(crate) fn canonical_kernel(&self, kernel: &Geometry) -> Geometry {
        let leading = kernel.shape().len() - self.axes.len();
        // The kernel's axes in the order of the input's.
        let mut order: Vec<usize> = (0..self.axes.len()).collect();
        order.sort_by_key(|&k| self.axes[k]);
        let order: Vec<usize> = (0..leading).chain(order.into_iter().map(|k| leading + k)).collect();
        let mut seen = kernel.permuted(&order);
        for axis in self.first..self.dimensions {
            if !self.axes.contains(&axis) {
                seen = seen.inserted(leading + axis - self.first, 1);
            }
        }
        match self.groups {
            Some(groups) => seen.split(0, groups),
            None => seen.inserted(0, 3),
        }
    }
}
