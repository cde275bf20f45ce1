//! One output opened: every term of its sum.
//!
//! The engine's sum along every axis is, for the output `o`,
//!
//! ```text
//! y[o] = sum over k of w[k] * xu[o * stride + k * dilation - lead]
//! ```
//!
//! A [`Trace`] lists its terms in the order of `k`, that is, as they lie in the signal: for a convolution
//! `(f*g)(t) = sum of f(tau) g(t - tau)` in the order of `tau`. It is slow and exact where the routines are fast, and made of the
//! same [`Problem`], the same index map and the same view of the kernel, so what it tells is what a plan computes: it knows no
//! convention of its own. Nothing but the window of one output is touched, however long the signal is.
//!
//! ```
//! use faltung::{Number, Spec};
//! let trace = faltung::trace(&[3, 0, 5, 0, 2, 1], &[5, 4, 3, 2, 1], &Spec::new(), &[4])?;
//! let products: Vec<String> = trace.terms.iter().map(|term| format!("{}*{}", term.sample, term.weight)).collect();
//! assert_eq!(products, ["3*1", "0*2", "5*3", "0*4", "2*5"]);
//! assert_eq!(trace.sum, Number::Whole(28));
//! # Ok::<(), faltung::Error>(())
//! ```

mod arithmetic;
mod size;

use crate::{
    AnyView, Axis, Boundary, Dims, Error, Geometry, Kernel, Layout, Missing, Number, Operation, Problem, Result, Spec,
    Strides,
    line::{Map, Stand},
};
use arithmetic::{conjugated, constant, plus, times};
pub use size::Size;

/// All terms of one output.
///
/// ```
/// use faltung::{Boundary, Spec, trace::Origin};
/// let spec = Spec::new().boundary(Boundary::Nearest);
/// let trace = faltung::trace(&[3, 0, 5], &[10, 1], &spec, &[0])?;
/// let Origin::Virtual { source, .. } = &trace.terms[0].origin else { panic!("the first sample met is beyond the end") };
/// assert_eq!(source.as_deref(), Some(&[0][..])); // the nearest is the first
/// # Ok::<(), faltung::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    /// The output's index, slowest axis first.
    pub at: Strides,
    /// Its terms, in the order of the formula: the input channels one after the other, in each as the samples lie.
    pub terms: Vec<Term>,
    /// Their sum, added up in this order: the last running sum.
    pub sum: Number,
}

/// One term of a sum: a sample times a weight.
///
/// Whole samples and whole weights give whole products and sums, exact. All others are doubles, complex where one of the two is.
/// Integer types, and floats of less than 64 bits, round such a sum once more when a plan stores it.
///
/// ```
/// let trace = faltung::trace(&[3, 0, 5], &[10, 1], &faltung::Spec::new(), &[1])?;
/// let term = &trace.terms[0];
/// assert_eq!((term.at[0], term.weight_at[0]), (0, 1)); // f(0) g(1 - 0)
/// assert_eq!((term.sample.to_string(), term.weight.to_string(), term.product.to_string()), ("3".into(), "1".into(), "3".into()));
/// # Ok::<(), faltung::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// Which sample: an index into the input, along axes slid along perhaps beyond its ends. With upsampling, a zero between
    /// two samples has the index of the one before it.
    pub at: Strides,
    /// Where the sample comes from.
    pub origin: Origin,
    /// Which weight: an index into the kernel as it was given, not turned round.
    pub weight_at: Dims,
    /// The sample.
    pub sample: Number,
    /// The weight as it is used: normalised if that was asked for, and conjugated in a correlation.
    pub weight: Number,
    /// Sample times weight.
    pub product: Number,
    /// The sum of this product and all before it.
    pub running: Number,
}

/// Where the sample of a [`Term`] comes from.
///
/// ```
/// use faltung::{Spec, trace::Origin};
/// let trace = faltung::trace(&[3, 0, 5], &[10, 1], &Spec::new().upsample(2), &[1])?; // of 3 0 0 0 5
/// assert_eq!([&trace.terms[0].origin, &trace.terms[1].origin], [&Origin::Sample, &Origin::Gap]);
/// # Ok::<(), faltung::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub enum Origin {
    /// From the input, at the term's index.
    Sample,
    /// From a boundary: the index lies beyond the ends.
    Virtual {
        /// The axes along which it does, each with its boundary, slowest first.
        beyond: Vec<(usize, Boundary)>,
        /// The sample of the input that stands there too; none for a constant, which is that of the fastest axis beyond whose
        /// ends a constant stands.
        source: Option<Vec<usize>>,
    },
    /// A zero that upsampling put between two samples.
    Gap,
}

/// Traces the output at `at`, an index into the result, of the convolution or correlation that the spec asks for.
///
/// # Errors
/// As [`Tracer::new`] and [`Tracer::trace`].
///
/// ```
/// use faltung::{Array, Mode, Number, Operation, Spec};
/// let x = Array::new(vec![0, 0, 9, 9, 9, 0, 0, 9, 9, 9], &[2, 5])?;
/// let edge = faltung::Kernel::whole(&[1, 3], vec![1, 0, -1])?;
/// let at = |spec: Spec| faltung::trace(&x, &edge, &spec.mode(Mode::Valid), &[1, 0]).map(|trace| trace.sum);
/// assert_eq!(at(Spec::new())?, Number::Whole(9));
/// assert_eq!(at(Spec::new().operation(Operation::Correlate))?, Number::Whole(-9));
/// # Ok::<(), faltung::Error>(())
/// ```
pub fn trace<'x>(x: impl Into<AnyView<'x>>, kernel: impl Into<Kernel>, spec: &Spec, at: &[isize]) -> Result<Trace> {
    let x = x.into();
    Tracer::new(x.shape(), &kernel.into(), spec)?.trace(&x, at)
}

/// A convolution whose outputs can be traced, one after the other.
///
/// It holds no samples: these come with each call, from an array or from anywhere.
///
/// ```
/// use faltung::{Kernel, Number, Spec, trace::Tracer};
/// let tracer = Tracer::new(&[1_000_000_000], &Kernel::from(&[1, 1]), &Spec::new())?;
/// let trace = tracer.trace_by(&[500], |index| Ok(Number::Whole(index[0] as i128)))?; // a ramp that is nowhere in memory
/// assert_eq!(trace.sum, Number::Whole(499 + 500));
/// # Ok::<(), faltung::Error>(())
/// ```
#[derive(Debug)]
pub struct Tracer {
    problem: Problem,
    layout: Layout,
    shape: Dims,
    sizes: Vec<Size>,
    operation: Operation,
    /// The weights as they are used, in the order in which they were given.
    weights: Vec<Number>,
    /// The kernel as given, and as the engine sees it: `[group, output, input, axes..]`, turned round for convolutions.
    given: Geometry,
    seen: Geometry,
}

impl Tracer {
    /// For an input of shape `x`.
    ///
    /// # Errors
    /// Whatever is wrong with the shapes and options, [`Error::Untraced`] if missing samples do not propagate.
    ///
    /// ```
    /// use faltung::{Kernel, Spec, trace::Tracer};
    /// assert!(Tracer::new(&[6], &Kernel::from(&[1, 2]), &Spec::new().stride(0)).is_err());
    /// ```
    pub fn new(x: &[usize], kernel: &Kernel, spec: &Spec) -> Result<Tracer> {
        if spec.missing != Missing::Propagate {
            let advice = "leave missing samples out of the data, or let them propagate";
            return Err(Error::Untraced { option: "missing", word: spec.missing.name(), advice });
        }
        let (mut problem, layout) = spec.problem(x, kernel.shape())?;
        let sizes = Size::all(&problem, &layout, spec);
        // A problem of one output has a stride of 1; beyond that output the formula goes on in its own steps.
        sizes.iter().for_each(|size| problem.axes[size.axis - layout.first].stride = size.stride);
        let kernel = kernel.normalized(spec)?;
        let given = Geometry::dense(kernel.shape());
        let mut weights = kernel.numbers();
        if spec.operation == Operation::Correlate {
            weights.iter_mut().for_each(|weight| *weight = conjugated(*weight));
        }
        Ok(Tracer {
            seen: layout.seen_kernel(&given, spec.operation),
            sizes,
            shape: x.into(),
            operation: spec.operation,
            problem,
            layout,
            weights,
            given,
        })
    }

    /// Shape of the input.
    ///
    /// ```
    /// # use faltung::{Kernel, Spec, trace::Tracer};
    /// assert_eq!(Tracer::new(&[6], &Kernel::from(&[1, 2]), &Spec::new())?.input_shape(), [6]);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn input_shape(&self) -> &[usize] {
        &self.shape
    }

    /// Shape of the result.
    ///
    /// ```
    /// # use faltung::{Kernel, Spec, trace::Tracer};
    /// assert_eq!(Tracer::new(&[6], &Kernel::from(&[1, 2]), &Spec::new())?.output_shape()[..], [7]);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn output_shape(&self) -> Dims {
        self.layout.user_shape(&self.problem.y_shape())
    }

    /// Shape of the kernel.
    ///
    /// ```
    /// # use faltung::{Kernel, Spec, trace::Tracer};
    /// assert_eq!(Tracer::new(&[6], &Kernel::from(&[1, 2]), &Spec::new())?.kernel_shape(), [2]);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn kernel_shape(&self) -> &[usize] {
        self.given.shape()
    }

    /// The weights as they are used, normalised or conjugated, in the order in which they were given.
    ///
    /// ```
    /// # use faltung::{Kernel, Number, Spec, trace::Tracer};
    /// let tracer = Tracer::new(&[6], &Kernel::from(&[1, 2]), &Spec::new())?;
    /// assert_eq!(tracer.weights(), [Number::Whole(1), Number::Whole(2)]);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn weights(&self) -> &[Number] {
        &self.weights
    }

    /// Whether the kernel is turned round.
    ///
    /// ```
    /// # use faltung::{Kernel, Operation, Spec, trace::Tracer};
    /// assert_eq!(Tracer::new(&[6], &Kernel::from(&[1]), &Spec::new())?.operation(), Operation::Convolve);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn operation(&self) -> Operation {
        self.operation
    }

    /// The numbers that make each output length, for the axes slid along, in the kernel's order.
    ///
    /// ```
    /// # use faltung::{Kernel, Spec, trace::Tracer};
    /// let tracer = Tracer::new(&[6], &Kernel::from(&[5, 4, 3, 2, 1]), &Spec::new())?;
    /// assert_eq!((tracer.sizes()[0].span, tracer.sizes()[0].out), (5, 10));
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn sizes(&self) -> &[Size] {
        &self.sizes
    }

    /// Input channels that each output sums over; 1 without groups.
    ///
    /// ```
    /// # use faltung::{Kernel, Spec, trace::Tracer};
    /// assert_eq!(Tracer::new(&[6], &Kernel::from(&[1, 2]), &Spec::new())?.channels(), 1);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn channels(&self) -> usize {
        self.problem.inputs
    }

    /// Traces the output at `at`, an index into the result.
    ///
    /// Along the axes slid along the index may lie beyond the result's ends: the formula goes on there, into what a boundary makes
    /// of the signal.
    ///
    /// # Errors
    /// [`Error::Shape`] if the input is of another shape; [`Error::Position`] if there is no such output;
    /// [`Error::TooWide`] if a whole sum leaves 128 bits.
    ///
    /// # Cost
    /// One pass over the window: time and memory are those of its terms.
    ///
    /// ```
    /// # use faltung::{Kernel, Number, Spec, trace::Tracer};
    /// let tracer = Tracer::new(&[3], &Kernel::from(&[10, 1]), &Spec::new())?;
    /// let sums: faltung::Result<Vec<_>> = (-1..=4).map(|t| Ok(tracer.trace(&[3, 0, 5], &[t])?.sum)).collect();
    /// assert_eq!(sums?, [0, 30, 3, 50, 5, 0].map(Number::Whole));
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn trace<'x>(&self, x: impl Into<AnyView<'x>>, at: &[isize]) -> Result<Trace> {
        let x = x.into();
        if x.shape() != &self.shape[..] {
            let (expected, actual) = (self.shape.to_vec(), x.shape().to_vec());
            return Err(Error::Shape { what: "the input", expected, actual });
        }
        self.trace_by(at, |index| Ok(x.number(index)))
    }

    /// Traces the output at `at`, of samples that `sample` gives: of those asked for alone.
    ///
    /// # Errors
    /// As [`trace`](Self::trace), and whatever `sample` says.
    ///
    /// ```
    /// # use faltung::{Kernel, Number, Spec, trace::Tracer};
    /// let tracer = Tracer::new(&[10_000_000], &Kernel::from(&[1, 1]), &Spec::new())?;
    /// let mut asked = 0;
    /// tracer.trace_by(&[5_000_000], |_| { asked += 1; Ok::<_, faltung::Error>(Number::Whole(0)) })?;
    /// assert_eq!(asked, 2);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn trace_by<E: From<Error>>(
        &self,
        at: &[isize],
        sample: impl FnMut(&[usize]) -> Result<Number, E>,
    ) -> Result<Trace, E> {
        let mut terms = Vec::with_capacity(self.problem.inputs * self.problem.volume());
        let sum = self.walk(at, sample, |term| terms.push(term))?;
        Ok(Trace { at: at.into(), terms, sum })
    }

    /// Shows the terms of the output at `at` to `visit`, one after the other, and gives their sum: for kernels so large that
    /// their terms are not kept.
    ///
    /// # Errors
    /// As [`trace_by`](Self::trace_by). Terms before what was wrong have been shown then.
    ///
    /// ```
    /// # use faltung::{Kernel, Number, Spec, trace::Tracer};
    /// let tracer = Tracer::new(&[1_000_000], &Kernel::from(&vec![1; 1000]), &Spec::new())?;
    /// let mut largest = 0;
    /// let even = |index: &[usize]| Ok::<_, faltung::Error>(Number::Whole(2 * index[0] as i128));
    /// let sum = tracer.walk(&[5000], even, |term| largest = largest.max(term.product.whole().unwrap_or(0)))?;
    /// assert_eq!((sum, largest), (Number::Whole((4001..=5000).sum::<i128>() * 2), 10_000));
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn walk<E: From<Error>>(
        &self,
        at: &[isize],
        mut sample: impl FnMut(&[usize]) -> Result<Number, E>,
        mut visit: impl FnMut(Term),
    ) -> Result<Number, E> {
        let place = self.place(at)?;
        let window: Vec<Vec<Tap>> =
            self.problem.axes.iter().zip(&place.axes).map(|(axis, &first)| taps(axis, first)).collect();
        let extents: Dims = window.iter().map(Vec::len).collect();
        let mut running = Number::Whole(0);
        for input in 0..self.problem.inputs {
            for number in 0..self.problem.volume() {
                let k = index_of(number, &extents);
                let mut term = self.term(&place, input, &k, &window);
                term.sample = match &term.origin {
                    Origin::Sample => sample(&inside(&term.at))?,
                    Origin::Virtual { source: Some(source), .. } => sample(source)?,
                    Origin::Virtual { beyond, source: None } => constant(beyond),
                    Origin::Gap => Number::Whole(0),
                };
                term.product = times(term.sample, term.weight)?;
                running = plus(running, term.product)?;
                term.running = running;
                visit(term);
            }
        }
        Ok(running)
    }

    /// The term of one weight, without its sample.
    fn term(&self, place: &Place, input: usize, k: &[usize], window: &[Vec<Tap>]) -> Term {
        let taps = || k.iter().zip(window).map(|(&k, taps)| taps[k]);
        let channel = self.layout.has_channels().then_some((place.group * self.problem.inputs + input) as isize);
        let at: Strides = place.batch.iter().copied().chain(channel).chain(taps().map(|tap| tap.at)).collect();
        let seen: Dims = [place.group, place.output, input].into_iter().chain(k.iter().copied()).collect();
        let weight = self.seen.place(&seen);
        let zero = Number::Whole(0);
        Term {
            origin: self.origin(&at, taps()),
            at,
            weight_at: index_of(weight, self.given.shape()),
            sample: zero,
            weight: self.weights[weight],
            product: zero,
            running: zero,
        }
    }

    /// What the taps of all axes come to: the signal is extended first, then zeros come between any two neighbours.
    fn origin(&self, at: &[isize], taps: impl Iterator<Item = Tap>) -> Origin {
        let first = at.len() - self.problem.axes.len();
        let mut beyond = Vec::new();
        let mut source: Vec<usize> = at[..first].iter().map(|&i| i as usize).collect();
        let (mut constant, mut gap) = (false, false);
        for (number, (tap, axis)) in taps.zip(&self.problem.axes).enumerate() {
            if !(0..axis.len as isize).contains(&tap.at) {
                beyond.push((first + number, axis.boundary));
            }
            match tap.stand {
                Stand::Sample(index) => source.push(index),
                Stand::Constant => constant = true,
                Stand::Gap => gap = true,
            }
        }
        match () {
            () if gap => Origin::Gap,
            () if constant => Origin::Virtual { beyond, source: None },
            () if beyond.is_empty() => Origin::Sample,
            () => Origin::Virtual { beyond, source: Some(source) },
        }
    }

    /// The output at `at` as the engine sees it.
    fn place(&self, at: &[isize]) -> Result<Place> {
        let shape = self.output_shape();
        let refuse = |problem| {
            let (position, shape) = (at.to_vec(), shape.to_vec());
            Err(Error::Position { position, shape, problem })
        };
        if at.len() != shape.len() {
            return refuse("give one number for each axis of the result");
        }
        if self.shape.contains(&0) {
            return refuse("an empty input has no outputs to explain");
        }
        let slid = |axis: usize| self.layout.axes.contains(&axis);
        let within = |axis: usize| (0..shape[axis] as isize).contains(&at[axis]);
        if !(0..at.len()).all(|axis| slid(axis) || within(axis)) {
            return refuse("along axes that are not slid along, it must lie within the result");
        }
        let first = at.len() - self.problem.axes.len();
        let (channel, batch) = match self.layout.has_channels() {
            true => (at[first - 1] as usize, &at[..first - 1]),
            false => (0, &at[..first]),
        };
        let starts = self.problem.axes.iter().zip(&at[first..]).map(|(axis, &o)| {
            let start = o.checked_mul(axis.stride as isize)?.checked_sub(axis.lead)?;
            Some(start).filter(|start| start.unsigned_abs() <= isize::MAX as usize / 4)
        });
        let Some(axes) = starts.collect() else { return refuse("give one that is nearer to the result") };
        let (group, output) = (channel / self.problem.outputs, channel % self.problem.outputs);
        Ok(Place { batch: batch.into(), group, output, axes })
    }
}

/// An output as the engine sees it.
struct Place {
    batch: Strides,
    group: usize,
    output: usize,
    /// Where its window begins along each axis of the problem, in upsampled samples.
    axes: Strides,
}

/// What a weight meets along one axis.
#[derive(Debug, Clone, Copy)]
struct Tap {
    /// The index of the sample, perhaps beyond the ends.
    at: isize,
    stand: Stand,
}

/// What the weights meet along an axis, by the engine's own map, for a window that begins at `first`.
fn taps(axis: &Axis, first: isize) -> Vec<Tap> {
    let mut map = Map::default();
    let place = |k: usize| first + (k * axis.dilation) as isize;
    let tap = |at: isize| Tap { at: at.div_euclid(axis.upsample as isize), stand: map.stand(axis, at) };
    (0..axis.kernel).map(place).map(tap).collect()
}

/// The index of a sample that lies within the input.
fn inside(at: &[isize]) -> Dims {
    at.iter().map(|&i| i as usize).collect()
}

/// The index of the sample of this number in a dense array.
fn index_of(number: usize, shape: &[usize]) -> Dims {
    let mut rest = number;
    let mut index: Dims = shape.iter().map(|_| 0).collect();
    for (i, &extent) in index.iter_mut().zip(shape).rev() {
        *i = rest % extent;
        rest /= extent;
    }
    index
}
