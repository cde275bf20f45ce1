//! What is asked for, one value with named fields: every option of every call.

use std::sync::Arc;

use smallvec::SmallVec;

use crate::{
    Algorithm, Axis, Boundary, Coverage, Error, Missing, Mode, Overflow, Problem, Progress, Result, Rounding,
    error::words,
    kernel::Normalize,
    layout::{Layout, channel_counts},
    shape::Request,
};

words! { "operation",
    /// Whether the kernel is turned round.
    ///
    /// ```
    /// use faltung::{Operation, Spec, convolve_any};
    /// let of = |operation| convolve_any(&[1, 2, 4], &[0, 1, 10], &Spec::new().operation(operation))?.typed::<i32>();
    /// assert_eq!(of(Operation::Convolve)?.data(), [0, 1, 12, 24, 40]);
    /// assert_eq!(of("correlate".parse()?)?.data(), [10, 21, 42, 4, 0]);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub enum Operation {
        /// `y[n] = sum of w[k] x[n - k]`: the kernel is turned round. A kernel of `[0, 1]` delays.
        Convolve = "convolve",
        /// `y[n] = sum of conj(w[k]) x[n + k]`: the kernel slides as it is, complex ones conjugated.
        ///
        /// The result starts where the kernel's last weight meets the first sample, as in `scipy.signal.correlate`.
        Correlate = "correlate",
    }
}

words! { "accuracy",
    /// What rounding errors are measured against.
    ///
    /// `eps` is the distance from 1 to the next number of the type that sums are made in (see [`Sample`](crate::Sample)):
    /// 2^-23 for single, 2^-52 for double precision, twice as much for complex samples. Half precision and integers with real
    /// weights are rounded once more to be stored. Integers with whole weights are exact either way. The bound of each
    /// algorithm stands at [`Algorithm`].
    ///
    /// ```
    /// use faltung::{Accuracy, Algorithm, Dtype, Kernel, Plan, Spec};
    /// // 1e12 and then ones: a transform may be wrong by 25 * 4 * 2^-23 * 1e12, and lose the ones.
    /// let plan = |accuracy| {
    ///     let spec = Spec::new().accuracy(accuracy).algorithm(Algorithm::Fft);
    ///     Plan::new(Dtype::F32, &[16], &Kernel::from(&[0.5, 0.25]), &spec)
    /// };
    /// assert!(plan(Accuracy::Normwise).is_ok());
    /// assert!(plan(Accuracy::Componentwise).is_err());
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub enum Accuracy {
        /// Errors small beside the loudest samples near: `c log2(N) eps |w| |x|`, with 2-norms over the `N` samples of
        /// a transform, and `c` = 25; for kernels split into several terms see [`Algorithm::Separable`]. The default. See Higham, *Accuracy and Stability of Numerical Algorithms*, chapter 24.
        Normwise = "normwise",
        /// Errors small beside each output's own terms: `c eps sum |w| |x|` over the `inputs` channels and `K` weights that an
        /// output is made of, with `c` = `inputs * K + 2` for the direct sum, or about as much for the other algorithms
        /// that are left (see each [`Algorithm`]). Rules out transforms, and kernels split into several terms.
        Componentwise = "componentwise",
    }
}

/// An option that is the same for all axes, or given for each of those slid along.
///
/// Made from one value, or from an array or vector of them.
///
/// ```
/// use faltung::{Array, Kernel, Spec, convolve};
/// let x = Array::new(vec![1, 2, 3, 4, 5, 6], &[3, 2])?;
/// let one = Kernel::whole(&[1, 1], vec![1])?;
/// assert_eq!(convolve(&x, &one, &Spec::new().stride(2))?.data(), [1, 5]);
/// assert_eq!(convolve(&x, &one, &Spec::new().stride([2, 1]))?.data(), [1, 2, 5, 6]);
/// # Ok::<(), faltung::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub enum PerAxis<T> {
    /// The same for all.
    All(T),
    /// One for each, in the order of the axes.
    Each(SmallVec<[T; 3]>),
}

impl<T: Copy> PerAxis<T> {
    pub(crate) fn check(&self, option: &'static str, expected: usize) -> Result<()> {
        match self {
            PerAxis::Each(values) if values.len() != expected => {
                Err(Error::PerAxis { option, expected, actual: values.len() })
            }
            _ => Ok(()),
        }
    }

    pub(crate) fn get(&self, axis: usize) -> T {
        match self {
            PerAxis::All(value) => *value,
            PerAxis::Each(values) => values[axis],
        }
    }
}

impl<T> From<T> for PerAxis<T> {
    fn from(value: T) -> Self {
        PerAxis::All(value)
    }
}

impl<T, const N: usize> From<[T; N]> for PerAxis<T> {
    fn from(values: [T; N]) -> Self {
        PerAxis::Each(values.into_iter().collect())
    }
}

impl<T> From<Vec<T>> for PerAxis<T> {
    fn from(values: Vec<T>) -> Self {
        PerAxis::Each(values.into())
    }
}

/// Everything that can be said about a convolution besides its arrays.
///
/// Begin with [`Spec::new`] and set what differs; each field has a setter of its name, with an example.
///
/// ```
/// use faltung::{Boundary, Mode, Spec, convolve};
/// let spec = Spec::new().mode(Mode::Same).boundary(Boundary::Nearest).stride(2);
/// assert_eq!(convolve(&[1, 2, 3, 4], &[1, 1, 1], &spec)?.data(), [4, 9]);
/// # Ok::<(), faltung::Error>(())
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Spec {
    /// Whether the kernel is turned round.
    pub operation: Operation,
    /// The axes to slide along, negative ones from the end; `None` for all.
    pub axes: Option<Vec<isize>>,
    /// Groups of channels, where the axis before the first one slid along is one of channels.
    pub groups: Option<usize>,
    /// How much of the result is wanted.
    pub mode: PerAxis<Mode>,
    /// What lies beyond the ends.
    pub boundary: PerAxis<Boundary>,
    /// Samples from one output to the next.
    pub stride: PerAxis<usize>,
    /// Samples from one weight to the next.
    pub dilation: PerAxis<usize>,
    /// One more than the zeros put between samples. The signal is extended first, then upsampled.
    pub upsample: PerAxis<usize>,
    /// Where in the full result mode `same` starts, instead of at `dilation * (K - 1) / 2`; 0 is causal.
    pub anchor: Option<PerAxis<usize>>,
    /// What rounding errors are measured against.
    pub accuracy: Accuracy,
    /// What happens when a sum does not fit the result's integer type.
    pub overflow: Overflow,
    /// How real sums of integer data become integers.
    pub rounding: Rounding,
    /// What the weights of each output channel are divided by.
    pub normalize: Normalize,
    /// What becomes of samples that are missing.
    pub missing: Missing,
    /// Whether [`estimate`](crate::estimate) tells what share of the weights had samples.
    pub coverage: Coverage,
    /// Least and greatest sample that integer data may have, where that is known; else what their type holds.
    pub range: Option<(i128, i128)>,
    /// The algorithm, if not the cheapest.
    pub algorithm: Option<Algorithm>,
    /// Threads to work with; `None` for [`default_threads`](crate::default_threads).
    pub threads: Option<usize>,
    /// Bytes that a plan and its scratch may take, in all; `None` for no limit.
    pub max_memory: Option<usize>,
    /// Where to tell how far the work is.
    pub progress: Option<Arc<Progress>>,
}

impl Default for Spec {
    fn default() -> Self {
        Spec {
            operation: Operation::Convolve,
            axes: None,
            groups: None,
            mode: Mode::Full.into(),
            boundary: Boundary::zero().into(),
            stride: 1.into(),
            dilation: 1.into(),
            upsample: 1.into(),
            anchor: None,
            accuracy: Accuracy::Normwise,
            overflow: Overflow::Error,
            rounding: Rounding::Nearest,
            normalize: Normalize::None,
            missing: Missing::Propagate,
            coverage: Coverage::Unwanted,
            range: None,
            algorithm: None,
            threads: None,
            max_memory: None,
            progress: None,
        }
    }
}

/// Stamps setters, one for each field.
macro_rules! setters {
    ($($(#[$doc:meta])* $name:ident: $from:ty => $value:expr;)+) => {
        $($(#[$doc])*
        pub fn $name(mut self, $name: $from) -> Self {
            self.$name = $value;
            self
        })+
    };
}
pub(crate) use setters;

impl Spec {
    /// Full convolution along all axes, zeros beyond the ends.
    ///
    /// ```
    /// use faltung::{Mode, Operation, Spec};
    /// let spec = Spec::new();
    /// assert_eq!((spec.operation, spec.mode), (Operation::Convolve, Mode::Full.into()));
    /// ```
    pub fn new() -> Spec {
        Spec::default()
    }

    setters! {
        /// Sets [`operation`](Self#structfield.operation).
        /// Only [`convolve_any`](crate::convolve_any), [`Plan::new`](crate::Plan::new) and the gradients look at it:
        /// [`convolve`](crate::convolve) and [`correlate`](crate::correlate) say it by their names.
        ///
        /// ```
        /// use faltung::{Operation, Spec, convolve_any};
        /// let spec = Spec::new().operation(Operation::Correlate);
        /// assert_eq!(convolve_any(&[1, 2, 4], &[0, 1, 10], &spec)?.typed::<i32>()?.data(), [10, 21, 42, 4, 0]);
        /// # Ok::<(), faltung::Error>(())
        /// ```
        operation: Operation => operation;
        /// Sets [`axes`](Self#structfield.axes).
        ///
        /// ```
        /// use faltung::{Array, Mode, Spec, convolve};
        /// let x = Array::new(vec![1, 2, 3, 4, 5, 6], &[2, 3])?;
        /// let down = Spec::new().mode(Mode::Valid).axes([0]); // or [-2]
        /// assert_eq!(convolve(&x, &[1, 1], &down)?.data(), [5, 7, 9]);
        /// # Ok::<(), faltung::Error>(())
        /// ```
        axes: impl Into<Vec<isize>> => Some(axes.into());
        /// Says that the axis before the first one slid along is one of channels, in so many groups.
        ///
        /// The kernel then has shape `[outputs, inputs / groups, ..]`. `groups(1)` is an ordinary layer of a network,
        /// as many groups as inputs a depthwise one.
        ///
        /// ```
        /// use faltung::{Array, Kernel, Spec, convolve};
        /// let x = Array::new(vec![1, 2, 3, 10, 20, 30], &[2, 3])?; // two channels of three samples
        /// let mixed = convolve(&x, &Kernel::whole(&[1, 2, 1], vec![1, 1])?, &Spec::new().groups(1))?;
        /// assert_eq!(mixed.data(), [11, 22, 33]);
        /// let apart = convolve(&x, &Kernel::whole(&[2, 1, 1], vec![2, 3])?, &Spec::new().groups(2))?;
        /// assert_eq!(apart.data(), [2, 4, 6, 30, 60, 90]);
        /// # Ok::<(), faltung::Error>(())
        /// ```
        groups: usize => Some(groups);
        /// Sets [`mode`](Self#structfield.mode).
        ///
        /// ```
        /// use faltung::{Mode, Spec, convolve};
        /// assert_eq!(convolve(&[1, 2, 3], &[1, 1], &Spec::new().mode(Mode::Valid))?.data(), [3, 5]);
        /// # Ok::<(), faltung::Error>(())
        /// ```
        mode: impl Into<PerAxis<Mode>> => mode.into();
        /// Sets [`boundary`](Self#structfield.boundary).
        ///
        /// ```
        /// use faltung::{Boundary, Spec, convolve};
        /// let spec = Spec::new().boundary(Boundary::Nearest);
        /// assert_eq!(convolve(&[1, 2], &[1, 1], &spec)?.data(), [2, 3, 4]);
        /// # Ok::<(), faltung::Error>(())
        /// ```
        boundary: impl Into<PerAxis<Boundary>> => boundary.into();
        /// Sets [`stride`](Self#structfield.stride).
        ///
        /// ```
        /// use faltung::{Spec, convolve};
        /// assert_eq!(convolve(&[1, 2, 3, 4], &[1, 1], &Spec::new().stride(2))?.data(), [1, 5, 4]); // of 1, 3, 5, 7, 4
        /// # Ok::<(), faltung::Error>(())
        /// ```
        stride: impl Into<PerAxis<usize>> => stride.into();
        /// Sets [`dilation`](Self#structfield.dilation).
        ///
        /// ```
        /// use faltung::{Spec, convolve};
        /// assert_eq!(convolve(&[1, 2, 3], &[1, 10], &Spec::new().dilation(2))?.data(), [1, 2, 13, 20, 30]);
        /// # Ok::<(), faltung::Error>(())
        /// ```
        dilation: impl Into<PerAxis<usize>> => dilation.into();
        /// Sets [`upsample`](Self#structfield.upsample).
        ///
        /// ```
        /// use faltung::{Spec, convolve};
        /// assert_eq!(convolve(&[1, 2], &[1, 1, 1], &Spec::new().upsample(2))?.data(), [1, 1, 3, 2, 2]); // of 1, 0, 2
        /// # Ok::<(), faltung::Error>(())
        /// ```
        upsample: impl Into<PerAxis<usize>> => upsample.into();
        /// Sets [`anchor`](Self#structfield.anchor).
        ///
        /// ```
        /// use faltung::{Mode, Spec, convolve};
        /// let y = |spec: Spec| convolve(&[1, 2, 3], &[1, 10, 100], &spec.mode(Mode::Same));
        /// assert_eq!(y(Spec::new())?.data(), [12, 123, 230]);
        /// assert_eq!(y(Spec::new().anchor(0))?.data(), [1, 12, 123]); // looks back only
        /// # Ok::<(), faltung::Error>(())
        /// ```
        anchor: impl Into<PerAxis<usize>> => Some(anchor.into());
        /// Sets [`accuracy`](Self#structfield.accuracy).
        ///
        /// ```
        /// use faltung::{Accuracy, Spec};
        /// let spec = Spec::new().accuracy(Accuracy::Componentwise);
        /// assert_eq!(spec.accuracy.name(), "componentwise");
        /// ```
        accuracy: Accuracy => accuracy;
        /// Sets [`overflow`](Self#structfield.overflow).
        ///
        /// ```
        /// use faltung::{Overflow, Spec, convolve};
        /// let spec = Spec::new().overflow(Overflow::Saturate);
        /// assert_eq!(convolve(&[200u8, 10], &[2u8], &spec)?.data(), [255, 20]);
        /// # Ok::<(), faltung::Error>(())
        /// ```
        overflow: Overflow => overflow;
        /// Sets [`rounding`](Self#structfield.rounding).
        ///
        /// ```
        /// use faltung::{Rounding, Spec, convolve};
        /// let spec = Spec::new().rounding(Rounding::TowardZero); // as scipy.ndimage
        /// assert_eq!(convolve(&[3, -3], &[0.9], &spec)?.data(), [2, -2]);
        /// # Ok::<(), faltung::Error>(())
        /// ```
        rounding: Rounding => rounding;
        /// Sets [`normalize`](Self#structfield.normalize). The input gradient is that of the normalised kernel; the weight
        /// gradient refuses, since it depends on the weights then.
        ///
        /// ```
        /// use faltung::{Mode, Normalize, Spec, convolve};
        /// let spec = Spec::new().mode(Mode::Valid).normalize(Normalize::Sum);
        /// assert_eq!(convolve(&[4.0, 8.0, 4.0], &[1, 2, 1], &spec)?.data(), [6.0]);
        /// # Ok::<(), faltung::Error>(())
        /// ```
        normalize: Normalize => normalize;
        /// Sets [`missing`](Self#structfield.missing).
        ///
        /// ```
        /// use faltung::{Missing, Mode, Spec, convolve};
        /// let spec = Spec::new().mode(Mode::Valid).missing(Missing::Omit);
        /// assert_eq!(convolve(&[1.0, f64::NAN, 3.0], &[1.0, 1.0], &spec)?.data(), [1.0, 3.0]);
        /// # Ok::<(), faltung::Error>(())
        /// ```
        missing: Missing => missing;
        /// Sets [`coverage`](Self#structfield.coverage).
        ///
        /// ```
        /// use faltung::{Coverage, Observation, Spec, estimate};
        /// let spec = Spec::new().coverage(Coverage::Wanted);
        /// let estimate = estimate(&Observation::new(&[1.0, f64::NAN]), &[1.0], &spec)?;
        /// assert_eq!(estimate.coverage.unwrap().typed::<f64>()?.data(), [1.0, 0.0]);
        /// # Ok::<(), faltung::Error>(())
        /// ```
        coverage: Coverage => coverage;
        /// Promises that integer data lie between two values, ends included. Data that do not are an error.
        ///
        /// ```
        /// use faltung::{Dtype, Error, Kernel, Plan, Spec};
        /// let plan = Plan::new(Dtype::U8, &[2], &Kernel::from(&[1, 1]), &Spec::new().range((0, 127)))?; // 254 fits
        /// let came = plan.run(&[100u8, 128], &mut [0u8; 3], &mut plan.scratch());
        /// assert_eq!(came, Err(Error::Range { expected: (0, 127), actual: (100, 128) }));
        /// # Ok::<(), faltung::Error>(())
        /// ```
        range: (i128, i128) => Some(range);
        /// Forces [`algorithm`](Self#structfield.algorithm).
        ///
        /// It is an error if it refuses.
        ///
        /// ```
        /// use faltung::{Algorithm, Spec, convolve};
        /// let spec = Spec::new().algorithm(Algorithm::Fft);
        /// assert_eq!(convolve(&[1, 2], &[3, 4], &spec)?.data(), [3, 10, 8]);
        /// # Ok::<(), faltung::Error>(())
        /// ```
        algorithm: Algorithm => Some(algorithm);
        /// Sets [`threads`](Self#structfield.threads). Results do not depend on it, to the bit. No more than eight for each
        /// core are started.
        ///
        /// ```
        /// use faltung::{Spec, convolve};
        /// let x = [0.1, 0.2, 0.3];
        /// let y = |threads| convolve(&x, &x, &Spec::new().threads(threads));
        /// assert_eq!(y(1)?, y(4)?);
        /// # Ok::<(), faltung::Error>(())
        /// ```
        threads: usize => Some(threads.max(1));
        /// Sets [`max_memory`](Self#structfield.max_memory), in bytes.
        ///
        /// ```
        /// use faltung::{Error, Spec, convolve};
        /// let refused = convolve(&[1.0, 2.0], &[3.0, 4.0], &Spec::new().max_memory(16));
        /// assert!(matches!(refused, Err(Error::NoAlgorithm { .. })));
        /// ```
        max_memory: usize => Some(max_memory);
        /// Sets [`progress`](Self#structfield.progress).
        ///
        /// ```
        /// use faltung::{Progress, Spec, convolve};
        /// let progress = std::sync::Arc::new(Progress::default());
        /// convolve(&[1, 2], &[1], &Spec::new().progress(progress.clone()))?;
        /// assert_eq!(progress.outputs(), (2, 2));
        /// # Ok::<(), faltung::Error>(())
        /// ```
        progress: Arc<Progress> => Some(progress);
    }

    /// The problem that these options make of a signal of shape `x` and a kernel of shape `kernel`, and how their arrays
    /// become what it takes.
    ///
    /// # Errors
    /// Whatever is wrong with the options or the shapes.
    ///
    /// ```
    /// let (problem, _) = faltung::Spec::new().problem(&[6], &[5])?;
    /// assert_eq!(problem.outputs_in_all(), 10);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn problem(&self, x: &[usize], kernel: &[usize]) -> Result<(Problem, Layout)> {
        if kernel.contains(&0) {
            return Err(Error::EmptyKernel { shape: kernel.to_vec() });
        }
        let channels = self.groups.is_some();
        let layout = Layout::new(self, x.len(), kernel.len())?;
        let spatial = &kernel[kernel.len() - layout.axes.len()..];
        let count = layout.axes.len();
        self.mode.check("mode", count)?;
        self.boundary.check("boundary", count)?;
        for (option, values) in [("stride", &self.stride), ("dilation", &self.dilation), ("upsample", &self.upsample)] {
            values.check(option, count)?;
        }
        if let Some(anchor) = &self.anchor {
            anchor.check("anchor", count)?;
        }
        let axis = |axis: usize| match layout.axes.iter().position(|&a| a == axis) {
            None => Ok(Axis::identity(x[axis])),
            Some(k) => Request {
                axis,
                len: x[axis],
                kernel: spatial[k],
                mode: self.mode.get(k),
                stride: self.stride.get(k),
                dilation: self.dilation.get(k),
                upsample: self.upsample.get(k),
                anchor: self.anchor.as_ref().map(|anchor| anchor.get(k)),
                boundary: self.boundary.get(k),
            }
            .resolve(),
        };
        let axes = (layout.first..x.len()).map(axis).collect::<Result<Vec<_>>>()?;
        let (groups, inputs, outputs) = match self.groups {
            None => (1, 1, 1),
            Some(groups) => channel_counts(x[layout.first - 1], kernel[0], kernel[1], groups)?,
        };
        let batch = x[..layout.first - usize::from(channels)].into();
        let problem = Problem { batch, groups, inputs, outputs, axes };
        // In bytes of the largest type, so that there can be such an array.
        let all = problem.y_shape().iter().try_fold(16usize, |all, &n| all.checked_mul(n));
        all.filter(|&n| n <= isize::MAX as usize).ok_or(Error::TooLarge { what: "the result", axis: layout.first })?;
        Ok((problem, layout))
    }
}
