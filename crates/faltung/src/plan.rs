//! Plans: made once for a shape, a type and a kernel, run many times.
//!
//! The planner asks every algorithm what it would cost, takes the cheapest, and keeps all answers: print a [`Plan`] to see
//! them. What a plan needs besides its input and output is one [`Scratch`], which it makes and which may be reused.

use crate::{
    Accum, Algorithm, AnyView, AnyViewMut, Cost, Dims, Dtype, Error, Geometry, Kernel, Layout, Missing, Operation,
    Overflow, Problem, Refusal, Result, Spec,
    accum::Sums,
    bound::{Bound, Rounds, with_constants},
    error::Result as Outcome,
    exec::Run,
    kernel::Values,
    missing::Helpers,
    pool::pool,
};

mod check;
pub(crate) mod choice;
mod cores;
mod parts;
mod shown;

pub use cores::Scratch;

use check::{Check, check_array, check_numbers};
use choice::{Wanted, asked_threads, choose, whole_ways, workers};
use cores::Cores;

/// How the arrays that come are seen.
enum Seen {
    /// By the layout of a user's arrays.
    Layout(Layout),
    /// As they are.
    Canonical,
}

impl Seen {
    fn canonical(&self, geometry: &Geometry) -> Geometry {
        match self {
            Seen::Layout(layout) => layout.canonical(geometry),
            Seen::Canonical => geometry.clone(),
        }
    }

    fn user_shape(&self, shape: &[usize]) -> Dims {
        match self {
            Seen::Layout(layout) => layout.user_shape(shape),
            Seen::Canonical => shape.into(),
        }
    }
}

/// A convolution made ready for arrays of one shape and type.
///
/// It holds the weights as its algorithm wants them, and may be shared by threads, each with a [`Scratch`] of its own.
/// Printed, it tells the algorithm chosen, its predicted time and memory, and what every other one said.
///
/// ```
/// use faltung::{Dtype, Kernel, Plan, Spec};
/// let plan = Plan::new(Dtype::F32, &[6], &Kernel::from(&[5, 4, 3, 2, 1]), &Spec::new())?;
/// let mut scratch = plan.scratch();
/// let mut likes = vec![0.0f32; 10];
/// plan.run(&[3.0f32, 0.0, 5.0, 0.0, 2.0, 1.0], &mut likes, &mut scratch)?;
/// assert_eq!(likes, [15.0, 12.0, 34.0, 26.0, 28.0, 23.0, 15.0, 7.0, 4.0, 1.0]);
/// let shown = plan.to_string(); // the algorithm, its cost, and why not the others
/// assert!(shown.starts_with("convolve of 6 f32 by 5 weights gives 10 f32, summed in f32\n"));
/// assert!(shown.contains("running_sum  refuses: the kernel's weights are not all the same"));
/// # Ok::<(), faltung::Error>(())
/// ```
pub struct Plan {
    id: usize,
    seen: Seen,
    x_shape: Dims,
    y_shape: Dims,
    dtype: Dtype,
    output: Dtype,
    problem: Problem,
    cores: Cores,
    /// Whether its sums round.
    rounds: Rounds,
    /// How large they may be, in absolute value.
    reach: f64,
    algorithm: Algorithm,
    cost: Cost,
    answers: Vec<(Algorithm, Outcome<Cost, Refusal>)>,
    weights: usize,
    workers: usize,
    check: Option<Check>,
    helpers: Helpers,
    spec: Spec,
}

impl Plan {
    /// A plan for input of type `dtype` and shape `x`.
    ///
    /// Integers and whole weights meet exactly; integers and real weights in doubles, rounded as
    /// [`Rounding`](crate::Rounding) says. With [`Overflow::Widen`] the output's type depends on the weights, see [`output_dtype`](Self::output_dtype).
    ///
    /// # Errors
    /// Whatever is wrong with the shapes, options or types; [`Error::NoAlgorithm`] where none takes it (within the memory
    /// allowed, or the one that was forced); [`Error::Overflow`] where sums of data in the promised range may overflow.
    ///
    /// # Cost
    /// Every algorithm is asked for its cost; the chosen one then copies, factors or transforms the weights.
    ///
    /// ```
    /// use faltung::{Algorithm, Dtype, Kernel, Plan, Spec};
    /// let picture = Plan::new(Dtype::U8, &[480, 640], &Kernel::whole(&[3, 3], vec![1; 9])?, &Spec::new())?;
    /// assert_eq!(picture.output_shape(), [482, 642]);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn new(dtype: Dtype, x: &[usize], kernel: &Kernel, spec: &Spec) -> Result<Plan> {
        Plan::of_arrays(dtype, x, kernel, spec, || None)
    }

    /// A plan for arrays whose range, for integers, `found` finds.
    fn of_arrays(
        dtype: Dtype,
        x: &[usize],
        kernel: &Kernel,
        spec: &Spec,
        found: impl FnOnce() -> Option<(i128, i128)>,
    ) -> Result<Plan> {
        let (problem, layout) = spec.problem(x, kernel.shape())?;
        let kernel = kernel.normalized(spec)?;
        let seen = layout.seen_kernel(&Geometry::dense(kernel.shape()), spec.operation);
        let values = kernel.seen_as(&seen, spec.operation == Operation::Correlate);
        Plan::build(dtype, problem, Seen::Layout(layout), values, kernel.kind(), spec, found)
    }

    /// A plan for an array that is there: as [`new`](Self::new), but the range of integer data is found in them where it
    /// matters and the spec promises none. Then reads them once.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    ///
    /// ```
    /// use faltung::{Dtype, Kernel, Overflow, Plan, Spec};
    /// let plan = Plan::for_data(&[3u8, 4], &Kernel::from(&[60]), &Spec::new().overflow(Overflow::Widen))?;
    /// assert_eq!(plan.output_dtype(), Dtype::U8); // 240 at most; of any bytes 15,300
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn for_data<'x>(x: impl Into<AnyView<'x>>, kernel: &Kernel, spec: &Spec) -> Result<Plan> {
        let x = x.into();
        Plan::of_arrays(x.dtype(), x.shape(), kernel, spec, || x.extent())
    }

    /// A plan for a problem and weights that stand as the engine wants them; `output` is a type that its sums narrow into.
    pub(crate) fn of_problem(
        dtype: Dtype,
        output: Dtype,
        problem: Problem,
        kernel: Values,
        spec: &Spec,
    ) -> Result<Plan> {
        let mut plan = Plan::build(dtype, problem, Seen::Canonical, kernel, "given", spec, || None)?;
        plan.output = output;
        Ok(plan)
    }

    fn build(
        dtype: Dtype,
        mut problem: Problem,
        seen: Seen,
        values: Values,
        kind: &'static str,
        spec: &Spec,
        found: impl FnOnce() -> Option<(i128, i128)>,
    ) -> Result<Plan> {
        check_numbers(dtype, &problem, &values, kind)?;
        let helpers = Helpers::new(&mut problem, spec.missing);
        let is_whole = matches!(values, Values::Whole(_));
        let mut promised = spec.range;
        let mut output = dtype;
        let mut check = None;
        let mut wide = false;
        let (mut largest, mut reach) = (f64::INFINITY, f64::INFINITY);
        if let Some(least_and_most) = dtype.range() {
            let mut bound = Bound::new(&values, &problem).expect("complex weights were refused");
            if spec.missing == Missing::Interpolate {
                bound = bound.interpolated();
            }
            let size = |(low, high): (i128, i128)| (low as f64).abs().max((high as f64).abs());
            let of_type = with_constants(least_and_most, &problem);
            let decides = match spec.overflow {
                Overflow::Error | Overflow::Widen => true,
                // It decides how fast sums may be made.
                _ if is_whole => bound.reach(size(of_type)) > f32::WHOLE,
                _ => dtype.size() == 2,
            };
            promised = promised.or_else(|| if decides { found() } else { None });
            let range = promised.map_or(of_type, |range| with_constants(range, &problem));
            largest = size(range);
            reach = bound.reach(largest);
            let (lowest, highest) = bound.of(range, spec.rounding);
            let fits = |(least, most): (i128, i128)| least <= lowest && highest <= most;
            let may_overflow = !fits(least_and_most);
            match spec.overflow {
                Overflow::Error if may_overflow && promised.is_some() => {
                    return Err(Error::Overflow { dtype, lowest, highest });
                }
                Overflow::Widen => {
                    output = dtype.widened(lowest, highest).ok_or(Error::TooWide { lowest, highest })?;
                }
                Overflow::Saturate => {
                    wide = !fits((i64::MIN.into(), i64::MAX.into()));
                    if wide && (lowest == i128::MIN || highest == i128::MAX) {
                        return Err(Error::TooWide { lowest, highest });
                    }
                }
                Overflow::Error | Overflow::Wrap => {}
            }
            check = Some(Check { bound, range: promised, may_overflow, least: lowest });
        }
        let ways = match dtype.sums() {
            [only] => vec![(*only, Rounds::Always)],
            _ if wide && is_whole => vec![(Sums::i128, Rounds::Never)],
            _ if is_whole => whole_ways(reach),
            // Sums that are wanted as they are, or divided, have no integer to be settled for.
            _ if matches!(seen, Seen::Canonical) || spec.missing == Missing::Interpolate => {
                vec![(Sums::f64, Rounds::Always)]
            }
            _ => vec![(Sums::f32, Rounds::Settled), (Sums::f64, Rounds::Always)],
        };
        let choice = choose(&ways, &Wanted { problem: &problem, values: &values, largest, reach, spec })?;
        let workers = workers(&choice, choice.cores.tiles(), spec);
        if workers > 1 {
            // Started here, so that what goes wrong does so before the first run, which finds them again.
            pool(asked_threads(spec.threads))?;
        }
        static NEXT: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
        Ok(Plan {
            id: NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed),
            x_shape: seen.user_shape(&problem.x_shape()),
            y_shape: seen.user_shape(&problem.y_shape()),
            seen,
            dtype,
            output,
            problem,
            cores: choice.cores,
            rounds: choice.rounds,
            reach,
            algorithm: choice.algorithm,
            cost: choice.cost,
            answers: choice.answers,
            weights: choice.weights,
            workers,
            check,
            helpers,
            spec: Spec { range: promised, ..spec.clone() },
        })
    }

    /// Scratch for this plan, for all its threads.
    ///
    /// ```
    /// use faltung::{Dtype, Kernel, Plan, Spec};
    /// let plan = Plan::new(Dtype::F64, &[2], &Kernel::from(&[1, 1]), &Spec::new())?;
    /// let of = |x: [f64; 2]| {
    ///     let mut y = [0.0; 3];
    ///     plan.run(&x, &mut y, &mut plan.scratch()).map(|()| y)
    /// };
    /// let (a, b) = std::thread::scope(|s| {
    ///     let a = s.spawn(|| of([1.0, 2.0]));
    ///     (a.join().unwrap(), of([5.0, 6.0]))
    /// });
    /// assert_eq!((a?, b?), ([1.0, 3.0, 2.0], [5.0, 11.0, 6.0]));
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn scratch(&self) -> Scratch {
        Scratch { workers: self.cores.workers(self.workers), id: self.id, progress: None }
    }

    /// Computes `y` from `x`: every output is written, and what `y` held before does not matter.
    ///
    /// `x` and `y` are slices, arrays or views of any strides, of the shapes and types that the plan tells. What becomes of NaN in
    /// `x`, [`Missing`] says; [`estimate`](Self::estimate) takes masks and tells coverage and variances besides.
    ///
    /// # Errors
    /// [`Error::Shape`] and [`Error::Type`] if an array is not what the plan was made for, [`Error::Range`] and
    /// [`Error::Overflow`] if integer data may overflow, [`Error::Missing`] if samples are missing and that is an error,
    /// [`Error::Threads`], [`Error::Cancelled`]. Nothing was written then, but for the last.
    ///
    /// # Cost
    /// Allocates nothing, unless the scratch is another plan's, data are not finite, or this process was forked from the one
    /// that made the plan; room for tiles of 8 MiB and more is taken by the first run that needs it. Integer data are read once
    /// more beforehand where a range was promised or sums might overflow; floats where NaN does not propagate, and copied where
    /// one is found.
    ///
    /// ```
    /// use faltung::{Dtype, Kernel, Plan, Spec, ViewMut};
    /// let plan = Plan::new(Dtype::F32, &[2], &Kernel::from(&[1, 1]), &Spec::new())?;
    /// let mut stereo = [9.0f32; 6]; // left, right, left, right, ...
    /// let left = ViewMut::with_strides(&mut stereo, &[3], &[2], 0)?;
    /// plan.run(&[1.0f32, 2.0], left, &mut plan.scratch())?;
    /// assert_eq!(stereo, [1.0, 9.0, 3.0, 9.0, 2.0, 9.0]);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn run<'x, 'y>(
        &self,
        x: impl Into<AnyView<'x>>,
        y: impl Into<AnyViewMut<'y>>,
        scratch: &mut Scratch,
    ) -> Result<()> {
        let (x, y) = (x.into(), y.into());
        self.check_input(&x)?;
        check_array("the output", (&self.y_shape, self.output), (y.geometry(), y.dtype()))?;
        match self.spec.missing {
            Missing::Propagate => self.sum(&x, y, scratch),
            _ => self.sum_missing(x, y, scratch),
        }
    }

    /// Checks that an array is of the plan's shape and type.
    pub(crate) fn check_input(&self, x: &AnyView<'_>) -> Result<()> {
        check_array("the input", (&self.x_shape, self.dtype), (x.geometry(), x.dtype()))
    }

    /// Computes the sums of `x`, of the plan's shape and type; `y` may be of any type that they narrow into.
    pub(crate) fn sum(&self, x: &AnyView<'_>, y: AnyViewMut<'_>, scratch: &mut Scratch) -> Result<()> {
        self.check_range(x)?;
        if self.y_shape.contains(&0) {
            return Ok(());
        }
        if scratch.id != self.id {
            *scratch = Scratch { progress: scratch.progress.take(), ..self.scratch() };
        }
        let x = x.seen_as(self.canonical(x.geometry()));
        let geometry = self.canonical(y.geometry());
        let y = y.seen_as(geometry);
        let pool = match self.workers {
            1 => None,
            _ => pool(asked_threads(self.spec.threads))?,
        };
        let progress = scratch.progress.as_deref().or(self.spec.progress.as_deref());
        let run = Run { narrow: self.narrow(), pool: pool.as_deref(), progress };
        self.cores.run(&x, y, &mut scratch.workers, &run)
    }

    /// Shape of the input.
    ///
    /// ```
    /// # use faltung::{Dtype, Kernel, Plan, Spec};
    /// let plan = Plan::new(Dtype::U8, &[6], &Kernel::from(&[5, 4, 3]), &Spec::new())?;
    /// assert_eq!(plan.input_shape(), [6]);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn input_shape(&self) -> &[usize] {
        &self.x_shape
    }

    /// Shape of the output.
    ///
    /// ```
    /// # use faltung::{Dtype, Kernel, Plan, Spec};
    /// let plan = Plan::new(Dtype::U8, &[6], &Kernel::from(&[5, 4, 3]), &Spec::new())?;
    /// assert_eq!(plan.output_shape(), [8]);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn output_shape(&self) -> &[usize] {
        &self.y_shape
    }

    /// Type of the output: that of the input, but with [`Overflow::Widen`] the smallest that holds all sums.
    ///
    /// ```
    /// # use faltung::{Dtype, Kernel, Plan, Spec};
    /// let spec = Spec::new().overflow(faltung::Overflow::Widen);
    /// let plan = Plan::new(Dtype::U8, &[6], &Kernel::from(&[5, 4, 3]), &spec)?;
    /// assert_eq!(plan.output_dtype(), Dtype::U16); // up to 255 * (5 + 4 + 3)
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn output_dtype(&self) -> Dtype {
        self.output
    }

    /// The algorithm chosen: the one forced, or the one of least predicted time.
    ///
    /// ```
    /// # use faltung::{Dtype, Kernel, Plan, Spec};
    /// let spec = Spec::new().algorithm(faltung::Algorithm::Fft);
    /// let plan = Plan::new(Dtype::U8, &[6], &Kernel::from(&[5, 4, 3]), &spec)?;
    /// assert_eq!(plan.algorithm(), faltung::Algorithm::Fft);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Threads that will work: no more than asked for, than memory allows, or than are worth waking.
    ///
    /// ```
    /// # use faltung::{Dtype, Kernel, Plan, Spec};
    /// let plan = Plan::new(Dtype::U8, &[6], &Kernel::from(&[5, 4, 3]), &Spec::new().threads(8))?;
    /// assert_eq!(plan.threads(), 1); // for 8 outputs
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn threads(&self) -> usize {
        self.workers
    }

    /// What every algorithm said, the chosen one among them; only that one, if it was forced.
    ///
    /// ```
    /// # use faltung::{Dtype, Kernel, Plan, Spec};
    /// let plan = Plan::new(Dtype::U8, &[6], &Kernel::from(&[5, 4, 3]), &Spec::new())?;
    /// let refused: Vec<_> = plan.answers().filter(|(_, answer)| answer.is_err()).map(|(a, _)| a.name()).collect();
    /// // one channel, one axis, and no box
    /// assert_eq!(refused, ["gemm", "channels", "winograd", "separable", "running_sum"]);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn answers(&self) -> impl Iterator<Item = (Algorithm, Result<&Cost, &Refusal>)> {
        self.answers.iter().map(|(algorithm, answer)| (*algorithm, answer.as_ref()))
    }

    /// Predicted time on one thread, in nanoseconds: counted work times constants measured on one machine, so that ratios
    /// of such times mean more than the times.
    ///
    /// ```
    /// # use faltung::{Dtype, Kernel, Plan, Spec};
    /// let plan = Plan::new(Dtype::U8, &[6], &Kernel::from(&[5, 4, 3]), &Spec::new())?;
    /// let times = plan.answers().filter_map(|(_, answer)| Some(answer.ok()?.nanoseconds));
    /// assert_eq!(times.reduce(f64::min), Some(plan.predicted_nanoseconds()));
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn predicted_nanoseconds(&self) -> f64 {
        self.cost.nanoseconds
    }

    /// Bytes of the scratch of all its threads.
    ///
    /// ```
    /// # use faltung::{Dtype, Kernel, Plan, Spec};
    /// let plan = Plan::new(Dtype::U8, &[6], &Kernel::from(&[5, 4, 3]), &Spec::new())?;
    /// assert!((1..plan.memory()).contains(&plan.scratch_memory()));
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn scratch_memory(&self) -> usize {
        self.workers * self.cost.scratch
    }

    /// Bytes of the plan's weights and tables, and of the scratch of all its threads. Not counted are input and output, and
    /// what it takes where samples are missing: see [`Missing`]. The tables of a transform are counted, though plans with
    /// transforms of one length share them.
    ///
    /// ```
    /// # use faltung::{Dtype, Kernel, Plan, Spec};
    /// let plan = Plan::new(Dtype::U8, &[6], &Kernel::from(&[5, 4, 3]), &Spec::new().max_memory(4096))?;
    /// assert!((24..=4096).contains(&plan.memory())); // three weights of eight bytes, and scratch
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn memory(&self) -> usize {
        self.weights + self.cost.tables + self.scratch_memory()
    }
}
