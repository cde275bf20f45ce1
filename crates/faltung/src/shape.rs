//! Modes, strides and dilations become integers here, and nothing below knows them by name.
//!
//! Everything we compute is one sum along every axis,
//!
//! ```text
//! y[o] = sum over k of w[k] * xu[o * stride + k * dilation - lead]
//! ```
//!
//! where `xu` is the extended signal with `upsample - 1` zeros between samples. A [`Mode`] chooses `lead` and the number
//! of outputs; convolution is this correlation with the weights turned round once.
//!
//! Both gradients have the same form again. To the input, swap stride and upsampling and turn the weights round:
//! `x[j]` meets `y[o]` through `w[k]` where `j * upsample = o * stride + k * dilation - lead`, so
//! `j * upsample + (K - 1 - k) * dilation - ((K - 1) * dilation - lead) = o * stride`: a correlation of the upsampled `y`
//! with `lead' = (K - 1) * dilation - lead`. To the weights, swap stride and dilation, and let `y` be the kernel. So the
//! backward passes are [`Problem`]s, not code.

use crate::{Boundary, Dims, Error, Result};

/// How much of the result is wanted, along one axis.
///
/// With a signal of `n` samples (after upsampling), a kernel that spans `s = dilation * (K - 1) + 1`, and a stride `t`:
///
/// | mode | first output is where | outputs |
/// |---|---|---|
/// | `Full` | the kernel first touches the signal | `ceil((n + s - 1) / t)` |
/// | `Same` | `(s - 1) / 2`, rounded down, outputs later, or the anchor | `ceil(n / t)` |
/// | `Valid` | the kernel first lies within the signal | `ceil((n - s + 1) / t)` |
/// | `Padded` | the signal has been extended by so many samples, then as `Valid` | `ceil((n + before + after - s + 1) / t)` |
///
/// An empty signal gives an empty result in all modes but `Valid`. A kernel that spans more than the signal is an error in
/// `Valid`, as is one that spans more than the padded signal in `Padded`. (NumPy and SciPy exchange the two in `valid`;
/// NumPy also in `same`.) What the padding is made of, the [`Boundary`] says. Words: `full`, `same`, `valid`,
/// `padded:BEFORE:AFTER`.
///
/// ```
/// use faltung::{Mode, Spec, convolve};
/// let y = |mode| convolve(&[1, 2, 3, 4], &[1, 10, 100], &Spec::new().mode(mode));
/// assert_eq!(y(Mode::Full)?.data(), [1, 12, 123, 234, 340, 400]);
/// assert_eq!(y(Mode::Same)?.data(), [12, 123, 234, 340]);
/// assert_eq!(y(Mode::Valid)?.data(), [123, 234]);
/// assert_eq!(y("padded:1:0".parse()?)?.data(), [12, 123, 234]);
/// # Ok::<(), faltung::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Mode {
    /// Every output that a sample has a part in.
    #[default]
    Full,
    /// As many outputs as samples, the kernel's middle (or anchor) on each.
    ///
    /// The middle of an even kernel is the later of its two middle weights as they slide over the signal, that is, the
    /// earlier as they are written: `[1, 2, 3, 4]` with `[1, 0, 0, 0]` is `[2, 3, 4, 0]`, as in `scipy.signal`
    /// (`scipy.ndimage` and MATLAB give `[3, 4, 0, 0]`: anchor 2).
    Same,
    /// Only outputs for which the whole kernel lies within the signal.
    Valid,
    /// The signal extended by so many samples at each end, then as `Valid`.
    Padded {
        /// Samples added before the first.
        before: usize,
        /// Samples added after the last.
        after: usize,
    },
}

impl Mode {
    /// Samples that it adds before the first and after the last, along an axis that it has made.
    pub(crate) fn padding(self, axis: &Axis) -> (usize, usize) {
        let before = axis.lead.unsigned_abs();
        let after = match self {
            Mode::Full => axis.reach(),
            Mode::Same => axis.reach() - before,
            Mode::Valid => 0,
            Mode::Padded { after, .. } => after,
        };
        (before, after)
    }
}

impl std::fmt::Display for Mode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Mode::Full => f.write_str("full"),
            Mode::Same => f.write_str("same"),
            Mode::Valid => f.write_str("valid"),
            Mode::Padded { before, after } => write!(f, "padded:{before}:{after}"),
        }
    }
}

/// `full`, `same`, `valid`, `padded:BEFORE:AFTER`.
impl std::str::FromStr for Mode {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        let padded = || {
            let (before, after) = text.strip_prefix("padded:")?.split_once(':')?;
            Some(Mode::Padded { before: before.parse().ok()?, after: after.parse().ok()? })
        };
        match text {
            "full" => Ok(Mode::Full),
            "same" => Ok(Mode::Same),
            "valid" => Ok(Mode::Valid),
            _ => padded().ok_or_else(|| Error::word("mode", text, ["full", "same", "valid", "padded:BEFORE:AFTER"])),
        }
    }
}

/// One axis of a [`Problem`]: the integers of `y[o] = sum over k of w[k] xu[o * stride + k * dilation - lead]`, and what
/// lies beyond the ends. `xu` is the extended signal with `upsample - 1` zeros between samples.
///
/// ```
/// use faltung::{Mode, Spec};
/// let (problem, _) = Spec::new().mode(Mode::Same).problem(&[6], &[5])?;
/// let axis = &problem.axes[0];
/// assert_eq!((axis.len, axis.kernel, axis.out, axis.lead), (6, 5, 6, 2));
/// # Ok::<(), faltung::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// Samples of the signal.
    pub len: usize,
    /// Weights of the kernel.
    pub kernel: usize,
    /// Outputs.
    pub out: usize,
    /// Samples from one output to the next.
    pub stride: usize,
    /// Samples from one weight to the next.
    pub dilation: usize,
    /// One more than the zeros between samples.
    pub upsample: usize,
    /// Samples that the first output's first weight lies before the signal's first sample.
    pub lead: isize,
    /// What lies beyond the ends.
    pub boundary: Boundary,
}

impl Axis {
    /// An axis along which nothing is summed.
    pub(crate) fn identity(len: usize) -> Axis {
        let boundary = Boundary::zero();
        Axis { len, kernel: 1, out: len, stride: 1, dilation: 1, upsample: 1, lead: 0, boundary }
    }

    /// Samples from the first weight to the last: `(kernel - 1) * dilation`.
    ///
    /// ```
    /// let (problem, _) = faltung::Spec::new().dilation(2).problem(&[9], &[4])?;
    /// assert_eq!(problem.axes[0].reach(), 6);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn reach(&self) -> usize {
        (self.kernel - 1) * self.dilation
    }

    /// Samples that `outputs` neighbouring outputs are made of: `(outputs - 1) * stride + reach + 1`.
    ///
    /// ```
    /// let (problem, _) = faltung::Spec::new().stride(2).problem(&[9], &[4])?;
    /// assert_eq!(problem.axes[0].needed(3), 8); // windows of 4 from 0, 2 and 4 on
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn needed(&self, outputs: usize) -> usize {
        (outputs.max(1) - 1) * self.stride + self.reach() + 1
    }

    /// Whether each output is made of the sample of the same number alone.
    ///
    /// ```
    /// let (problem, _) = faltung::Spec::new().axes([1]).problem(&[2, 3], &[3])?;
    /// assert!(problem.axes[0].is_identity() && !problem.axes[1].is_identity());
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn is_identity(&self) -> bool {
        self.kernel == 1 && self.stride == 1 && self.upsample == 1 && self.lead == 0 && self.out == self.len
    }
}

/// What is asked for along one axis, before it is known what it comes to.
pub(crate) struct Request {
    pub(crate) axis: usize,
    pub(crate) len: usize,
    pub(crate) kernel: usize,
    pub(crate) mode: Mode,
    pub(crate) stride: usize,
    pub(crate) dilation: usize,
    pub(crate) upsample: usize,
    pub(crate) anchor: Option<usize>,
    pub(crate) boundary: Boundary,
}

impl Request {
    /// The integers that it comes to.
    pub(crate) fn resolve(self) -> Result<Axis> {
        let Request { axis, len, kernel, mode, stride, dilation, upsample, anchor, boundary } = self;
        for (option, value) in [("stride", stride), ("dilation", dilation), ("upsample", upsample)] {
            if value == 0 {
                return Err(Error::Zero { option, axis });
            }
            sum(value, 0).ok_or(Error::TooLarge { what: option, axis })?;
        }
        let too_large = |what| Error::TooLarge { what, axis };
        let reach = product(kernel - 1, dilation).ok_or(too_large("the dilated kernel"))?;
        let signal = match len {
            0 => 0,
            _ => product(len - 1, upsample).and_then(|n| sum(n, 1)).ok_or(too_large("the upsampled signal"))?,
        };
        let start = match (anchor, mode) {
            (None, _) => reach / 2,
            (Some(anchor), Mode::Same) if anchor <= reach => anchor,
            (Some(anchor), Mode::Same) => {
                let problem = format!("is outside the kernel: it must be 0 (causal) to {reach}");
                return Err(Error::Anchor { anchor, axis, problem });
            }
            (Some(anchor), _) => {
                let problem = format!("needs mode same, but the mode is {mode}: an anchor chooses where same starts");
                return Err(Error::Anchor { anchor, axis, problem });
            }
        };
        let full = sum(signal, reach).ok_or(too_large("the result"))?;
        let (lead, dense) = match mode {
            Mode::Full => (reach, full),
            Mode::Same => (reach - start, signal),
            Mode::Valid => (0, signal.saturating_sub(reach)),
            Mode::Padded { before, after } => {
                let padded = sum(signal, before).and_then(|n| sum(n, after)).ok_or(too_large("the padded signal"))?;
                (before, padded.saturating_sub(reach))
            }
        };
        let padding = match mode {
            Mode::Valid => Some(0),
            Mode::Padded { before, after } if len > 0 => Some(before + after),
            _ => None,
        };
        if let Some(padding) = padding
            && dense == 0
        {
            return Err(Error::NothingValid { axis, signal: signal + padding, kernel: reach + 1 });
        }
        let out = if len == 0 { 0 } else { dense.div_ceil(stride) };
        // What cannot matter is 1, so that no table is made for it.
        let stride = if out <= 1 { 1 } else { stride };
        let dilation = if kernel == 1 { 1 } else { dilation };
        Ok(Axis { len, kernel, out, stride, dilation, upsample, lead: lead as isize, boundary })
    }
}

/// The product, if it can be an index.
fn product(a: usize, b: usize) -> Option<usize> {
    a.checked_mul(b).filter(|&n| n <= isize::MAX as usize / 4)
}

/// The sum, if it can be an index.
fn sum(a: usize, b: usize) -> Option<usize> {
    a.checked_add(b).filter(|&n| n <= isize::MAX as usize / 4)
}

/// A convolution, an upsampled one, or a gradient of one: integers only.
///
/// Arrays are seen as `x[batch.., group, input, axes..]`, `w[group, output, input, axes..]` and
/// `y[batch.., group, output, axes..]`; see [`Layout`](crate::Layout) for how users' arrays become these.
///
/// ```
/// // A layer of a network: 8 pictures of 3 channels, 16 kernels of 5 by 5.
/// let (problem, _) = faltung::Spec::new().groups(1).problem(&[8, 3, 28, 28], &[16, 3, 5, 5])?;
/// assert_eq!((&problem.batch[..], problem.inputs, problem.outputs), (&[8][..], 3, 16));
/// # Ok::<(), faltung::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// Extents of the axes over which nothing is shared.
    pub batch: Dims,
    /// Groups of channels that do not mix.
    pub groups: usize,
    /// Channels summed over, in each group.
    pub inputs: usize,
    /// Channels made, in each group.
    pub outputs: usize,
    /// The axes along which the kernel slides, slowest first.
    pub axes: Vec<Axis>,
}

impl Problem {
    /// Shape of `x` as the engine sees it.
    ///
    /// ```
    /// let (problem, _) = faltung::Spec::new().groups(1).problem(&[8, 3, 28, 28], &[16, 3, 5, 5])?;
    /// assert_eq!(problem.x_shape()[..], [8, 1, 3, 28, 28]);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn x_shape(&self) -> Dims {
        self.shape(self.inputs, |axis| axis.len)
    }

    /// Shape of `y` as the engine sees it.
    ///
    /// ```
    /// let (problem, _) = faltung::Spec::new().groups(1).problem(&[8, 3, 28, 28], &[16, 3, 5, 5])?;
    /// assert_eq!(problem.y_shape()[..], [8, 1, 16, 32, 32]);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn y_shape(&self) -> Dims {
        self.shape(self.outputs, |axis| axis.out)
    }

    fn shape(&self, channels: usize, extent: impl Fn(&Axis) -> usize) -> Dims {
        let channels = [self.groups, channels];
        self.batch.iter().copied().chain(channels).chain(self.axes.iter().map(extent)).collect()
    }

    /// Weights of one input channel for one output channel.
    ///
    /// ```
    /// let (problem, _) = faltung::Spec::new().groups(1).problem(&[8, 3, 28, 28], &[16, 3, 5, 5])?;
    /// assert_eq!(problem.volume(), 25);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn volume(&self) -> usize {
        self.axes.iter().map(|axis| axis.kernel).product()
    }

    /// Weights of one output: those of all input channels of its group.
    pub(crate) fn terms(&self) -> usize {
        self.inputs * self.volume()
    }

    /// Outputs in all.
    ///
    /// ```
    /// let (problem, _) = faltung::Spec::new().groups(1).problem(&[8, 3, 28, 28], &[16, 3, 5, 5])?;
    /// assert_eq!(problem.outputs_in_all(), 8 * 16 * 32 * 32);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn outputs_in_all(&self) -> usize {
        self.y_shape().iter().product()
    }

    /// The gradient to the input: a problem that takes `y`, with weights turned round and inputs and outputs exchanged.
    ///
    /// What comes out is the gradient to the *extended* signal, from [`extended`](Self::extended) on; where the boundary
    /// is not constant it is still to be folded back.
    ///
    /// ```
    /// let (problem, _) = faltung::Spec::new().stride(2).problem(&[6], &[3])?;
    /// let gradient = problem.input_gradient();
    /// assert_eq!((gradient.axes[0].len, gradient.axes[0].out, gradient.axes[0].upsample), (4, 6, 2));
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn input_gradient(&self) -> Problem {
        let turn = |axis: &Axis| {
            let (start, len) = extended(axis);
            Axis {
                len: axis.out,
                kernel: axis.kernel,
                out: len,
                stride: axis.upsample,
                dilation: axis.dilation,
                upsample: axis.stride,
                lead: axis.reach() as isize - axis.lead - start * axis.upsample as isize,
                boundary: Boundary::zero(),
            }
        };
        let axes = self.axes.iter().map(turn).collect();
        Problem { batch: self.batch.clone(), groups: self.groups, inputs: self.outputs, outputs: self.inputs, axes }
    }

    /// For each axis the first place and the number of samples of the extended signal that outputs are made of, at least
    /// the signal itself.
    ///
    /// ```
    /// # use faltung::{Boundary, Spec};
    /// let (problem, _) = Spec::new().boundary(Boundary::Wrap).problem(&[6], &[3])?;
    /// assert_eq!(problem.extended(), [(-2, 10)]); // two more at either end
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn extended(&self) -> Vec<(isize, usize)> {
        self.axes.iter().map(extended).collect()
    }

    /// The gradient to the weights: a problem that takes `x`, with `y` as its kernel.
    ///
    /// Its batch is this one's inputs, its inputs are this one's batch (taken as one axis).
    ///
    /// ```
    /// let (problem, _) = faltung::Spec::new().problem(&[6], &[3])?;
    /// let gradient = problem.weight_gradient();
    /// assert_eq!((gradient.axes[0].kernel, gradient.axes[0].out), (8, 3));
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn weight_gradient(&self) -> Problem {
        let turn = |axis: &Axis| Axis {
            kernel: axis.out,
            out: axis.kernel,
            stride: axis.dilation,
            dilation: axis.stride,
            ..axis.clone()
        };
        Problem {
            batch: [self.inputs].as_slice().into(),
            groups: self.groups,
            inputs: self.batch.iter().product(),
            outputs: self.outputs,
            axes: self.axes.iter().map(turn).collect(),
        }
    }
}

/// See [`Problem::extended`]. Constants have no gradient, so there the signal itself is enough.
fn extended(axis: &Axis) -> (isize, usize) {
    if matches!(axis.boundary, Boundary::Constant(_)) || axis.out == 0 {
        return (0, axis.len);
    }
    let upsample = axis.upsample as isize;
    let first = (-axis.lead).div_euclid(upsample) + ((-axis.lead).rem_euclid(upsample) > 0) as isize;
    let last = (-axis.lead + axis.needed(axis.out) as isize - 1).div_euclid(upsample);
    let start = first.min(0);
    (start, (last.max(axis.len as isize - 1) - start + 1) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(len: usize, kernel: usize, mode: Mode, stride: usize, dilation: usize) -> Result<(usize, isize)> {
        let (upsample, anchor, boundary) = (1, None, Boundary::zero());
        let request = Request { axis: 0, len, kernel, mode, stride, dilation, upsample, anchor, boundary };
        request.resolve().map(|axis| (axis.out, axis.lead))
    }

    #[test]
    fn modes_are_a_lead_and_a_length() {
        assert_eq!(axis(6, 5, Mode::Full, 1, 1), Ok((10, 4)));
        assert_eq!(axis(6, 5, Mode::Same, 1, 1), Ok((6, 2)));
        assert_eq!(axis(6, 4, Mode::Same, 1, 1), Ok((6, 2)));
        assert_eq!(axis(6, 5, Mode::Valid, 1, 1), Ok((2, 0)));
        assert_eq!(axis(6, 3, Mode::Valid, 2, 2), Ok((1, 0)));
        assert_eq!(axis(6, 3, Mode::Padded { before: 1, after: 0 }, 2, 1), Ok((3, 1)));
        assert_eq!(axis(0, 3, Mode::Full, 1, 1), Ok((0, 2)));
    }

    #[test]
    fn what_cannot_be_is_said() {
        assert_eq!(axis(2, 3, Mode::Valid, 1, 1), Err(Error::NothingValid { axis: 0, signal: 2, kernel: 3 }));
        assert_eq!(axis(2, 3, Mode::Full, 0, 1), Err(Error::Zero { option: "stride", axis: 0 }));
        assert!(matches!(axis(2, 3, Mode::Full, 1, usize::MAX / 2), Err(Error::TooLarge { .. })));
    }

    #[test]
    fn the_gradient_of_the_gradient_is_the_problem() {
        let boundary = Boundary::zero();
        let request = Request {
            axis: 0,
            len: 9,
            kernel: 3,
            mode: Mode::Same,
            stride: 2,
            dilation: 2,
            upsample: 3,
            anchor: None,
            boundary,
        };
        let axes = vec![request.resolve().unwrap()];
        let problem = Problem { batch: Dims::new(), groups: 1, inputs: 2, outputs: 3, axes };
        assert_eq!(problem.input_gradient().input_gradient(), problem);
    }
}
