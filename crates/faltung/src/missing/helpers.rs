//! Steps of a plan that knows of missing samples: coverage, sums divided by it, variances.

use std::sync::OnceLock;

use num_complex::Complex;
use smallvec::SmallVec;

use super::{
    Coverage, Missing,
    finding::Finding,
    weighing::{Cover, Weighing, check_finite, single},
};
use crate::{
    Accum, Accuracy, Algorithm, AnyArray, AnyView, AnyViewMut, Array, Boundary, Dtype, Error, Geometry, Number,
    Overflow, Plan, Problem, Result, Scratch, Spec,
    arch::{Filling, Grid},
    geometry::index_of,
    kernel::{Normalize, Values},
};

/// The plans that a plan makes where samples are missing, when they first are.
pub(crate) struct Helpers {
    /// For each axis, whether the constant beyond its ends is missing.
    absent: SmallVec<[bool; 8]>,
    weighing: OnceLock<Box<Weighing>>,
    variance: OnceLock<Box<Spread>>,
    /// The same sums with errors small beside each output's own terms, to be divided by small shares.
    careful: OnceLock<Box<Plan>>,
}

/// Variances and their weights.
struct Spread {
    plan: Plan,
    /// The largest weight of each channel, by which the others were divided.
    scales: Vec<f64>,
}

impl Helpers {
    /// Takes constants that are missing out of a problem, where they do not propagate.
    pub(crate) fn new(problem: &mut Problem, missing: Missing) -> Helpers {
        let is_nan = |c: Complex<f64>| c.re.is_nan() || c.im.is_nan();
        let is_absent = |boundary: &Boundary| matches!(boundary, Boundary::Constant(c) if is_nan(c.to_complex()));
        let absent: SmallVec<_> = problem.axes.iter().map(|axis| is_absent(&axis.boundary)).collect();
        if matches!(missing, Missing::Omit | Missing::Interpolate) {
            let axes = problem.axes.iter_mut().zip(&absent).filter(|(_, absent)| **absent);
            axes.for_each(|(axis, _)| axis.boundary = Boundary::zero());
        }
        Helpers { absent, weighing: OnceLock::new(), variance: OnceLock::new(), careful: OnceLock::new() }
    }

    /// Whether nothing is missing, in the signal and beyond its ends.
    fn is_complete(&self, found: &Finding<'_>) -> bool {
        found.present().is_none() && !self.absent.contains(&true)
    }

    /// A problem with other constants beyond its ends.
    fn bounded(&self, problem: &Problem, constant: impl Fn(bool) -> Number) -> Problem {
        let mut bounded = problem.clone();
        for (axis, &absent) in bounded.axes.iter_mut().zip(&self.absent) {
            if let Boundary::Constant(_) = axis.boundary {
                axis.boundary = Boundary::Constant(constant(absent));
            }
        }
        bounded
    }
}

/// What is kept, made when it is first asked for.
fn kept<T>(place: &OnceLock<Box<T>>, make: impl FnOnce() -> Result<T>) -> Result<&T> {
    match place.get() {
        Some(made) => Ok(made),
        None => {
            let made = make()?;
            Ok(place.get_or_init(|| Box::new(made)))
        }
    }
}

/// A plan beside another: the same work, of other numbers. Its errors are small beside each output's own terms, since what
/// comes of it may be divided by a small share, or be a small variance near a large one; but for algorithms that were forced.
fn beside(spec: &Spec, dtype: Dtype, output: Dtype, problem: &Problem, values: Values) -> Result<Plan> {
    let spec = spec.clone().missing(Missing::Propagate).normalize(Normalize::None);
    let make = |spec: &Spec| Plan::of_problem(dtype, output, problem.clone(), values.clone(), spec);
    let careful = Spec { algorithm: None, ..spec.clone() }.accuracy(Accuracy::Componentwise);
    if spec.algorithm.is_none() {
        return make(&careful);
    }
    match make(&spec) {
        // What was forced takes other weights only.
        Err(Error::NoAlgorithm { .. }) => make(&careful),
        made => made,
    }
}

/// A plan beside another for whole numbers of 0 or 1, or doubles.
fn weighed(spec: &Spec, dtype: Dtype, output: Dtype, problem: &Problem, values: Values) -> Result<Plan> {
    let mut spec = spec.clone().overflow(Overflow::Wrap);
    spec.range = dtype.is_integer().then_some((0, 1));
    beside(&spec, dtype, output, problem, values)
}

impl Plan {
    /// The coverage, if it is wanted or needed; `None` too where nothing is missing, and it is 1 everywhere.
    pub(super) fn cover(&self, found: &Finding<'_>, wanted: Coverage) -> Result<Option<Cover>> {
        let (helpers, problem) = (self.helpers(), self.problem());
        let needed = wanted == Coverage::Wanted || self.spec().missing == Missing::Interpolate;
        if !needed || helpers.is_complete(found) || problem.outputs_in_all() == 0 {
            return Ok(None);
        }
        let weighing = kept(&helpers.weighing, || {
            let sizes = self.magnitudes();
            check_finite(&sizes, self.dtype())?;
            let problem = helpers.bounded(problem, |absent| Number::Whole(i128::from(!absent)));
            Weighing::new(&problem, &sizes, |output, values| weighed(self.spec(), Dtype::U8, output, &problem, values))
        })?;
        let shape = self.input_shape();
        let present = found.present().map_or_else(|| vec![1; shape.iter().product()], <[u8]>::to_vec);
        let present = Array::new(present, shape)?;
        weighing.cover(&present, &self.canonical(&Geometry::dense(shape))).map(Some)
    }

    /// The coverage as an array.
    pub(super) fn shares(&self, cover: Option<&Cover>) -> Result<AnyArray> {
        let shape = self.output_shape();
        let all: Vec<f64> = match cover {
            Some(cover) => cover.shares().collect(),
            None => vec![1.0; shape.iter().product()],
        };
        match self.sums_dtype() {
            Dtype::F32 | Dtype::C64 => Array::new(all.into_iter().map(single).collect(), shape).map(AnyArray::F32),
            _ => Array::new(all, shape).map(AnyArray::F64),
        }
    }

    /// The sums, divided by the coverage where that is asked for.
    pub(super) fn sum_found(
        &self,
        found: &Finding<'_>,
        cover: Option<&Cover>,
        y: AnyViewMut<'_>,
        scratch: &mut Scratch,
    ) -> Result<()> {
        let x = found.x();
        if matches!(self.spec().missing, Missing::Omit | Missing::Interpolate) && !self.helpers().is_complete(found) {
            // The zeros that stand for what is missing must meet finite weights.
            check_finite(&self.magnitudes(), self.dtype())?;
        }
        let cover = match cover {
            Some(cover) if self.spec().missing == Missing::Interpolate && !cover.is_whole() => cover,
            _ => return self.sum(&x, y, scratch),
        };
        if self.dtype().is_integer()
            && let Some(empty) = cover.first_empty()
        {
            return Err(Error::NoNan {
                what: format!("no sample is in the window of output {:?}", &index_of(empty, self.output_shape())[..]),
                dtype: self.dtype(),
                advice: "choose missing omit, or convert the data to floats",
            });
        }
        let sums = self.careful_sums(&x, scratch)?;
        let pair = |re: f64, im: f64, at| Complex::new(cover.over(re, at), cover.over(im, at));
        let whole = |sum: i128, at| cover.whole_over(sum, at, self.spec().rounding);
        match sums {
            AnyArray::F32(sums) => self.store(y, sums, |s, at| cover.over(s.into(), at) as f32),
            AnyArray::F64(sums) => self.store(y, sums, |s, at| cover.over(s, at)),
            AnyArray::C64(sums) => self.store(y, sums, |s: Complex<f32>, at| {
                let z = pair(s.re.into(), s.im.into(), at);
                Complex::new(z.re as f32, z.im as f32)
            }),
            AnyArray::C128(sums) => self.store(y, sums, |s: Complex<f64>, at| pair(s.re, s.im, at)),
            AnyArray::U64(sums) => self.store(y, sums, |s, at| whole(s.into(), at)),
            AnyArray::I64(sums) => self.store(y, sums, |s, at| whole(s.into(), at)),
            other => unreachable!("{} are no sums", other.dtype()),
        }
        Ok(())
    }

    /// The sums as they are, to be divided by shares that may be small.
    fn careful_sums(&self, x: &AnyView<'_>, scratch: &mut Scratch) -> Result<AnyArray> {
        let (spec, sums) = (self.spec(), self.sums_dtype());
        let is_careful = match self.algorithm() {
            Algorithm::Direct | Algorithm::RunningSum => true,
            _ => spec.accuracy == Accuracy::Componentwise || spec.algorithm.is_some() || sums.is_integer(),
        };
        if is_careful {
            let mut y = AnyArray::try_zeros(sums, self.output_shape())?;
            self.sum(x, y.view_mut(), scratch)?;
            return Ok(y);
        }
        let make = || beside(spec, self.dtype(), sums, self.problem(), self.values());
        let plan = kept(&self.helpers().careful, make)?;
        let mut y = AnyArray::try_zeros(sums, plan.output_shape())?;
        plan.run(x.seen_as(self.canonical(x.geometry())), y.view_mut(), &mut plan.scratch())?;
        Ok(y)
    }

    /// Writes what becomes of each sum.
    fn store<T: Copy, A: Accum>(&self, y: AnyViewMut<'_>, sums: Array<T>, each: impl Fn(T, usize) -> A) {
        let all: Vec<A> = sums.into_vec().into_iter().enumerate().map(|(at, sum)| each(sum, at)).collect();
        let shape = self.output_shape();
        let grid = Grid::new(shape, shape);
        let filling = Filling::new(y, &grid);
        filling.take().expect("there are outputs").store(&all, self.narrow());
    }

    /// The variance of each output.
    pub(super) fn variances(
        &self,
        given: &AnyView<'_>,
        found: &Finding<'_>,
        cover: Option<&Cover>,
    ) -> Result<AnyArray> {
        let propagates = matches!(self.spec().missing, Missing::Propagate | Missing::Raise);
        let missing = if propagates { f64::NAN } else { 0.0 };
        let (helpers, problem, shape) = (self.helpers(), self.problem(), self.output_shape());
        let samples = checked(given, found.present(), missing)?;
        let mut spread = vec![0.0; shape.iter().product()];
        if problem.outputs_in_all() > 0 {
            let Spread { plan, scales } = kept(&helpers.variance, || self.spread(missing))?;
            let samples = Array::new(samples, self.input_shape())?;
            let view = samples.view();
            let seen = view.seen_as(self.canonical(view.geometry()));
            let mut sums = AnyArray::try_zeros(Dtype::F64, plan.output_shape())?;
            plan.run(AnyView::from(seen), sums.view_mut(), &mut plan.scratch())?;
            let cover = cover.filter(|_| self.spec().missing == Missing::Interpolate);
            let volume: usize = problem.axes.iter().map(|axis| axis.out).product();
            for (at, (sum, &v)) in spread.iter_mut().zip(sums.typed::<f64>()?.data()).enumerate() {
                let scale = scales[at / volume % scales.len()];
                let share = |value: f64| cover.map_or(value, |cover| cover.over(value, at));
                // Below zero only by the rounding of a transform that was forced.
                *sum = if v < 0.0 { share(0.0) } else { share(share(v * scale) * scale) };
            }
        }
        match given.dtype() {
            Dtype::F32 => Array::new(spread.into_iter().map(|v| v as f32).collect(), shape).map(AnyArray::F32),
            _ => Array::new(spread, shape).map(AnyArray::F64),
        }
    }

    /// The plan for variances: squares of weights, brought near one so that they neither vanish nor overflow.
    fn spread(&self, missing: f64) -> Result<Spread> {
        let problem = self.problem();
        let sizes = self.magnitudes();
        check_finite(&sizes, self.dtype())?;
        let constant = |absent| Number::Real(if absent { missing } else { 0.0 });
        let bounded = self.helpers().bounded(problem, constant);
        let rows = || sizes.chunks_exact(problem.inputs * problem.volume());
        let largest = |row: &[f64]| row.iter().copied().fold(0.0, f64::max);
        let squares = rows().flat_map(|row| {
            let scale = if largest(row) > 0.0 { largest(row) } else { 1.0 };
            row.iter().map(move |size| (size / scale).powi(2))
        });
        let values = Values::Real(squares.collect());
        let plan = weighed(self.spec(), Dtype::F64, Dtype::F64, &bounded, values)?;
        Ok(Spread { plan, scales: rows().map(largest).collect() })
    }
}

/// The variances in doubles, with a number for those of missing samples.
fn checked(given: &AnyView<'_>, present: Option<&[u8]>, missing: f64) -> Result<Vec<f64>> {
    let mut all: Vec<f64> = match given {
        AnyView::F32(given) => given.to_vec().into_iter().map(f64::from).collect(),
        AnyView::F64(given) => given.to_vec(),
        other => unreachable!("variances of {} were refused", other.dtype()),
    };
    for (at, value) in all.iter_mut().enumerate() {
        match present.is_none_or(|present| present[at] == 1) {
            false => *value = missing,
            true if *value >= 0.0 => {}
            true => return Err(Error::Variance { index: index_of(at, given.shape()).to_vec(), value: *value }),
        }
    }
    Ok(all)
}
