//! How long a result is along an axis, with the numbers that make it so.

use std::fmt;

use crate::{Boundary, Layout, Mode, Problem, Spec};

/// The numbers that make the output length along one axis slid along.
///
/// All modes have one formula: they differ in the samples that they add before and after. With a signal of `n` samples (after
/// upsampling) and a kernel that spans `s = dilation * (K - 1) + 1`,
///
/// ```text
/// out = floor((n + before + after - s) / stride) + 1
/// ```
///
/// and 0 for an empty signal. `full` adds `s - 1` on both sides, `same` as many in all, `valid` none.
///
/// ```
/// use faltung::{Kernel, Mode, Spec, trace::Tracer};
/// let spec = Spec::new().mode(Mode::Padded { before: 1, after: 1 }).stride(2);
/// let tracer = Tracer::new(&[6], &Kernel::from(&[1, 1, 1]), &spec)?;
/// let size = &tracer.sizes()[0];
/// assert_eq!(size.to_string(), "floor((6 + 1 + 1 - 3) / 2) + 1 = 3");
/// assert_eq!(size.unused, 1); // the last padded sample
/// # Ok::<(), faltung::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Size {
    /// Which axis of the input it is.
    pub axis: usize,
    /// How much of the result is wanted.
    pub mode: Mode,
    /// What lies beyond the ends.
    pub boundary: Boundary,
    /// Samples of the signal.
    pub len: usize,
    /// One more than the zeros put between samples.
    pub upsample: usize,
    /// Samples of the upsampled signal: `(len - 1) * upsample + 1`, and 0 for none.
    pub signal: usize,
    /// Weights.
    pub kernel: usize,
    /// Samples from one weight to the next.
    pub dilation: usize,
    /// Samples from the first weight to the last, both counted: `(kernel - 1) * dilation + 1`.
    pub span: usize,
    /// Samples added before the first.
    pub before: usize,
    /// Samples added after the last.
    pub after: usize,
    /// Samples from one output to the next.
    pub stride: usize,
    /// Samples at the end that no output reaches, for the stride leads past them.
    pub unused: usize,
    /// Outputs.
    pub out: usize,
}

impl Size {
    /// Those of all axes slid along, in the kernel's order.
    pub(super) fn all(problem: &Problem, layout: &Layout, spec: &Spec) -> Vec<Size> {
        let size = |(k, &axis): (usize, &usize)| {
            let numbers = &problem.axes[axis - layout.first];
            let (mode, stride, dilation) = (spec.mode.get(k), spec.stride.get(k), spec.dilation.get(k));
            let signal = numbers.len.saturating_sub(1) * numbers.upsample + usize::from(numbers.len > 0);
            let reach = numbers.reach();
            let (before, after) = mode.padding(numbers);
            let unused = if numbers.out == 0 { 0 } else { (signal + before + after - reach - 1) % stride };
            Size {
                axis,
                mode,
                boundary: numbers.boundary,
                len: numbers.len,
                upsample: numbers.upsample,
                signal,
                kernel: numbers.kernel,
                dilation,
                span: reach + 1,
                before,
                after,
                stride,
                unused,
                out: numbers.out,
            }
        };
        layout.axes.iter().enumerate().map(size).collect()
    }
}

/// The formula with its numbers.
impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Size { signal, before, after, span, stride, out, .. } = self;
        match out {
            0 => f.write_str("an empty signal: 0"),
            _ => write!(f, "floor(({signal} + {before} + {after} - {span}) / {stride}) + 1 = {out}"),
        }
    }
}
