//! From the question that people ask to the integers of an [`Axis`].
//!
//! `Full` has every output that a sample takes part in, `Same` as many outputs as samples, `Valid` only outputs that see
//! nothing beyond the ends, and `Padded` says how far beyond them to go. All four cut a piece out of one dense sequence,
//! and the stride then takes every stride-th of that piece. With `reach = dilation*(K-1)`, the distance from the
//! first weight to the last, and `span = (n-1)*upsample + 1`, the length of the upsampled signal:
//!
//! | mode | lead | dense length |
//! |---|---|---|
//! | `Full` | `reach` | `span + reach` |
//! | `Same` | `reach - anchor` | `span` |
//! | `Valid` | `0` | `span - reach` |
//! | `Padded(a, b)` | `a` | `span + a + b - reach` |

use crate::{Axis, Boundary, Number};

/// Which outputs are computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Every output that a sample takes part in.
    Full,
    /// As many outputs as samples (upsampled, then strided), from the `anchor`-th of the full result on.
    Same,
    /// Only outputs that see nothing beyond the ends.
    Valid,
    /// So many upsampled samples of the extension before the signal, and so many after it.
    Padded(usize, usize),
}

/// What is asked of one axis. [`Spec::new`] gives the plain case, and struct update syntax the rest:
///
/// ```
/// use faltung_reference::{Boundary, Mode, Spec};
///
/// let spec: Spec<i128> = Spec { stride: 2, boundary: Boundary::Mirror, ..Spec::new(Mode::Same) };
/// let axis = spec.axis(5, 3).unwrap();
/// assert_eq!((axis.out, axis.lead), (3, 1));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spec<T> {
    /// Which outputs are computed.
    pub mode: Mode,
    /// Where in the full result `Same` starts, `0..=dilation*(K-1)`; `None` is half of that, rounded down. Zero is causal.
    /// The other modes do not read it.
    pub anchor: Option<usize>,
    /// The step from one output to the next.
    pub stride: usize,
    /// The step from one weight to the next.
    pub dilation: usize,
    /// The step from one sample to the next.
    pub upsample: usize,
    /// What lies beyond the ends.
    pub boundary: Boundary<T>,
}

impl<T: Number> Spec<T> {
    /// The plain case of this mode: all steps are 1, and zeros lie beyond the ends.
    pub fn new(mode: Mode) -> Self {
        let boundary = Boundary::Constant(T::ZERO);
        Spec { mode, anchor: None, stride: 1, dilation: 1, upsample: 1, boundary }
    }

    /// The axis for `len` samples and `kernel` weights, or `None` where no output is possible.
    ///
    /// An empty signal has an empty result in every mode but `Valid`. `None` comes from:
    ///
    /// - `Valid` and `Padded`, if the weights reach further than the (padded) signal does;
    /// - `Valid`, if the signal is empty;
    /// - `Same`, if the anchor is greater than `dilation*(K-1)`;
    /// - no weights at all, or a step of zero.
    pub fn axis(&self, len: usize, kernel: usize) -> Option<Axis<T>> {
        let &Spec { mode, anchor, stride, dilation, upsample, boundary } = self;
        if kernel == 0 || stride == 0 || dilation == 0 || upsample == 0 {
            return None;
        }
        let reach = dilation * (kernel - 1);
        let lead = match mode {
            Mode::Full => reach,
            Mode::Same => reach.checked_sub(anchor.unwrap_or(reach / 2))?,
            Mode::Valid => 0,
            Mode::Padded(before, _) => before,
        };
        let dense = if len == 0 {
            if mode == Mode::Valid {
                return None;
            }
            0
        } else {
            let span = (len - 1) * upsample + 1;
            match mode {
                Mode::Full => span + reach,
                Mode::Same => span,
                Mode::Valid => at_least_one(span, reach)?,
                Mode::Padded(before, after) => at_least_one(span + before + after, reach)?,
            }
        };
        let out = dense.div_ceil(stride);
        Some(Axis { len, kernel, out, stride, dilation, upsample, lead: lead as i64, boundary })
    }
}

/// How often weights of this reach fit into so many samples: `samples - reach`, or `None` where that is less than one.
fn at_least_one(samples: usize, reach: usize) -> Option<usize> {
    samples.checked_sub(reach).filter(|&dense| dense >= 1)
}
