//! Cases run by every algorithm and compared with the oracle, and what came of it.

use std::{collections::BTreeMap, fmt, sync::Mutex};

use faltung::{Accuracy, Algorithm, Complex, Dtype, Error, Plan, Sample};
use faltung_reference::{self as oracle, Number as _};

use super::{Case, Cast, Gauss, Odd, Rng, parts};

/// `c` in the error of transforms, `c log2(N) eps |x| |w|`.
const ERROR: f64 = 25.0;

/// What algorithms say that need more memory than allowed.
const MEMORY: &str = "needs bytes with one thread, and are allowed";

/// What came of all cases.
#[derive(Default)]
pub struct Tally {
    cases: BTreeMap<String, Algorithmic>,
    refusals: BTreeMap<(String, String), usize>,
    /// Cases that have no outputs, or none possible.
    pub empty: usize,
}

#[derive(Default, Clone, Copy)]
struct Algorithmic {
    cases: usize,
    exact: usize,
    worst: f64,
}

impl Tally {
    /// Comparisons with the oracle in all, those without outputs not counted.
    pub fn total(&self) -> usize {
        self.cases.values().map(|a| a.cases).sum()
    }

    pub fn merge(&mut self, other: Tally) {
        for (name, one) in other.cases {
            let all = self.cases.entry(name).or_default();
            *all = Algorithmic {
                cases: all.cases + one.cases,
                exact: all.exact + one.exact,
                worst: all.worst.max(one.worst),
            };
        }
        other.refusals.into_iter().for_each(|(key, n)| *self.refusals.entry(key).or_default() += n);
        self.empty += other.empty;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<14} {:>9} {:>12} {:>18}", "", "cases", "to the bit", "worst error/bound")?;
        for (name, a) in &self.cases {
            writeln!(f, "{name:<14} {:>9} {:>12} {:>18.4}", a.cases, a.exact, a.worst)?;
        }
        writeln!(f, "{:<14} {:>9}", "no outputs", self.empty)?;
        for ((name, reason), n) in &self.refusals {
            writeln!(f, "{name:<14} {n:>9} refused: {reason}")?;
        }
        write!(f, "{} cases", self.total())
    }
}

/// A refusal without its numbers.
fn class(reason: &str) -> String {
    let words = reason.split(' ').filter(|word| !word.contains(|c: char| c.is_ascii_digit()) && *word != "inf");
    words.collect::<Vec<_>>().join(" ")
}

/// Runs a case by every algorithm and by the planner's choice, and compares.
///
/// # Panics
/// If a result is wrong.
pub fn check(case: &Case, rng: &mut Rng, tally: &Mutex<Tally>) {
    let expected = Expected::of(case);
    let mut own = Tally::default();
    for algorithm in Algorithm::ALL.iter().copied().map(Some).chain([None]) {
        crate::for_dtype!(case.dtype, check_one::<_>(case, algorithm, expected.as_ref(), rng, &mut own));
    }
    tally.lock().unwrap().merge(own);
}

fn check_one<T: Cast>(
    case: &Case,
    algorithm: Option<Algorithm>,
    expected: Option<&Expected>,
    rng: &mut Rng,
    tally: &mut Tally,
) {
    let mut spec = case.spec().threads(1 + rng.below(3));
    spec.algorithm = algorithm;
    if rng.one_in(4) {
        spec.accuracy = Accuracy::Componentwise;
    }
    // Little memory makes small tiles.
    spec.max_memory = rng.one_in(3).then(|| 300 << rng.below(8));
    let plan = Plan::new(case.dtype, &case.shape, &case.weights(), &spec);
    let plan = match (plan, expected, algorithm) {
        (Err(Error::NoAlgorithm { refusals }), ..) => {
            let only_memory =
                refusals.iter().any(|(who, why)| *who == Algorithm::Direct && class(&why.to_string()) == MEMORY);
            assert!(
                only_memory || algorithm.is_some_and(|forced| forced != Algorithm::Direct),
                "refused by all: {case}"
            );
            for (who, why) in refusals {
                *tally.refusals.entry((who.to_string(), class(&why.to_string()))).or_default() += 1;
            }
            return;
        }
        (Err(Error::NothingValid { .. }), None, _) => {
            tally.empty += 1;
            return;
        }
        (Err(error), ..) => panic!("{error}\nin {case}"),
        (Ok(_), None, _) => panic!("a plan where nothing is possible: {case}"),
        (Ok(plan), ..) => plan,
    };
    let expected = expected.expect("matched above");
    assert_eq!(plan.output_shape().iter().product::<usize>(), expected.y.len(), "{case}");
    assert!(spec.max_memory.is_none_or(|limit| plan.memory() <= limit), "{plan}\nis beyond {:?}", spec.max_memory);
    let mut scratch = plan.scratch();

    let garbage = T::of(Gauss { re: 9, im: -5 }, 0);
    let mut x = Odd::new(&case.shape, garbage, rng);
    let places = x.places();
    places.iter().zip(&case.x).for_each(|(&at, &z)| x.memory[at] = T::of(z, case.scale.0));
    let mut y = Odd::new(plan.output_shape(), garbage, rng);
    if rng.one_in(2) {
        // Scratch and output hold what came of other samples.
        let mut other = Odd::new(&case.shape, dirt::<T>(case), rng);
        other.memory.iter_mut().step_by(3).for_each(|sample| *sample = T::of(Gauss { re: 1, im: 1 }, 0));
        plan.run(T::view(other.view()), y.view_mut(), &mut scratch).expect("dirt is fine");
        y.memory.fill(garbage);
    }
    plan.run(T::view(x.view()), y.view_mut(), &mut scratch).unwrap_or_else(|error| panic!("{error}\nin {case}"));

    let places = y.places();
    let mut gaps = y.memory.clone();
    places.iter().for_each(|&at| gaps[at] = garbage);
    assert!(gaps.iter().all(|&sample| sample == garbage), "gaps of the output were written: {case}");
    let actual: Vec<T> = places.iter().map(|&at| y.memory[at]).collect();
    let worst = expected.compare(case, (plan.algorithm(), spec.accuracy), &actual);
    let name = algorithm.map_or("(planner)".to_owned(), |algorithm| algorithm.to_string());
    if actual.is_empty() {
        tally.empty += 1;
        return;
    }
    let one = tally.cases.entry(name).or_default();
    one.cases += 1;
    one.exact += usize::from(worst == 0.0);
    one.worst = one.worst.max(worst);
}

/// What a scratch may be dirty with.
fn dirt<T: Cast>(case: &Case) -> T {
    match case.dtype.is_integer() {
        true => T::of(Gauss { re: 2, im: 0 }, 0),
        // Larger than any number: infinite.
        false => T::of(Gauss { re: i128::MAX, im: 1 }, 900),
    }
}

/// The result by definition, and what errors are measured against.
pub struct Expected {
    pub y: Vec<Gauss>,
    /// `sum |w| |x|` of each output.
    magnitude: Vec<f64>,
    /// `sum |x| max |w|` of each output.
    coarse: Vec<f64>,
    /// `log2(N) |x| |w|`, 2-norms of all that a transform may hold.
    spectral: f64,
    /// `|x| |w|`.
    norms: f64,
}

impl Expected {
    /// `None` where there is no output.
    pub fn of(case: &Case) -> Option<Expected> {
        let problem = case.problem()?;
        let weights = case.reference_weights();
        let largest = weights.iter().map(|w| w.magnitude()).fold(0.0, f64::max) as i128 + 1;
        let (norms, logarithm) = norms(case, &weights);
        let flat = vec![super::whole(largest); weights.len()];
        Some(Expected {
            y: oracle::correlate(&problem, &case.x, &weights),
            magnitude: oracle::magnitude(&problem, &case.x, &weights),
            coarse: if case.rank == Some(1) { vec![] } else { oracle::magnitude(&problem, &case.x, &flat) },
            spectral: logarithm * norms,
            norms,
        })
    }

    /// The largest error, as a part of what is allowed.
    ///
    /// # Panics
    /// If it is more than that.
    fn compare<T: Cast>(&self, case: &Case, (algorithm, accuracy): (Algorithm, Accuracy), actual: &[T]) -> f64 {
        let scale = case.scale.0 + case.scale.1;
        let mut worst: f64 = 0.0;
        for (i, (&actual, &y)) in actual.iter().zip(&self.y).enumerate() {
            let exact = T::of(y, scale);
            if actual == exact {
                continue;
            }
            let allowed = self.allowed(case, (algorithm, accuracy), i) * 2f64.powi(scale);
            let got = parts(actual);
            let error = apart(case.dtype, distance(got.re, y.re, scale)).hypot(distance(got.im, y.im, scale));
            let error = (error - storage(case.dtype, exact)).max(0.0);
            assert!(
                error <= allowed,
                "{algorithm} gives {actual:?} for {exact:?} at {i}: {error:e} off, {allowed:e} allowed\nin {case}"
            );
            worst = worst.max(if error == 0.0 { 0.0 } else { error / allowed });
        }
        let some = self.y.iter().any(|&y| parts(T::of(y, scale)) != Complex::ZERO);
        let silent = some && actual.iter().all(|&y| parts(y) == Complex::ZERO);
        assert!(!silent, "{algorithm} gives nothing but zeros: {case}");
        worst
    }

    /// The error allowed to an output, in units of `2^scale`.
    pub fn allowed(&self, case: &Case, (algorithm, accuracy): (Algorithm, Accuracy), i: usize) -> f64 {
        let (taps, extents) = case.taps();
        let inputs = case.channels.map_or(1, |c| c.inputs);
        let whole = case.dtype.is_integer();
        let eps = match case.dtype {
            Dtype::F16 | Dtype::Bf16 | Dtype::F32 | Dtype::C64 => f32::EPSILON as f64,
            _ => f64::EPSILON,
        };
        // Complex products have two roundings more, and errors of both parts meet.
        let eps = if case.dtype.is_complex() { 2.0 * eps } else { eps };
        let sums = match algorithm {
            _ if whole && case.scale.1 == 0 => return 0.0,
            Algorithm::Fft | Algorithm::OverlapSave => return ERROR * eps * self.spectral,
            Algorithm::Winograd => return (500 * (inputs + 30)) as f64 * eps * self.norms,
            _ if case.exact && (algorithm != Algorithm::Separable || case.rank == Some(1)) => return 0.0,
            Algorithm::Direct | Algorithm::Gemm | Algorithm::Channels | Algorithm::Dots => taps + 2,
            Algorithm::RunningSum => extents + inputs + 2,
            Algorithm::Separable => match case.rank {
                rank if rank == Some(1) || accuracy == Accuracy::Componentwise => {
                    extents + inputs + 2 * case.along.len() + 8
                }
                rank => {
                    let terms = rank.unwrap_or(12);
                    return (terms * (extents + inputs + 2 * case.along.len() + 8)) as f64 * eps * self.coarse[i];
                }
            },
        };
        sums as f64 * eps * self.magnitude[i]
    }
}

/// What storing a result may add: half a unit in the last place of a half float, one half for an integer.
fn storage<T: Sample>(dtype: Dtype, exact: T) -> f64 {
    let size = parts(exact).norm();
    match dtype {
        Dtype::F16 => (size * 2f64.powi(-11)).max(2f64.powi(-25)) * 1.01,
        Dtype::Bf16 => size * 2f64.powi(-8) * 1.01,
        _ if dtype.is_integer() => 0.5,
        _ => 0.0,
    }
}

/// A distance of integers, which may have been wrapped round.
fn apart(dtype: Dtype, distance: f64) -> f64 {
    match dtype.range() {
        None => distance,
        Some((least, most)) => {
            let modulus = (most - least + 1) as f64;
            let rest = distance % modulus;
            rest.min(modulus - rest)
        }
    }
}

/// `|actual - y * 2^scale|`, without rounding where they are near.
fn distance(actual: f64, y: i128, scale: i32) -> f64 {
    let scaled = actual * 2f64.powi(-scale);
    if !scaled.is_finite() || scaled.abs() > 2f64.powi(126) {
        return f64::INFINITY;
    }
    let floor = scaled.floor();
    ((floor as i128 - y) as f64 + (scaled - floor)).abs() * 2f64.powi(scale)
}

/// `|x| |w|` and `log2(N)`: see [`Expected`].
fn norms(case: &Case, weights: &[Gauss]) -> (f64, f64) {
    let square = |z: &Gauss| z.magnitude() * z.magnitude();
    let problem = case.problem_in(|z| square(&z)).expect("it has outputs");
    let needed = |axis: &oracle::Axis<f64>| (axis.out.max(1) - 1) * axis.stride + axis.dilation * (axis.kernel - 1) + 1;
    // The whole extended signal: correlation with one weight along each axis.
    let extended = |axis: &oracle::Axis<f64>| oracle::Axis {
        kernel: 1,
        out: if axis.out == 0 { 0 } else { needed(axis) },
        stride: 1,
        dilation: 1,
        ..*axis
    };
    let lines = oracle::Problem {
        batch: problem.batch * problem.groups * problem.inputs,
        ..oracle::Problem::single(problem.axes.iter().map(extended).collect())
    };
    let squares = oracle::correlate(&lines, &case.x.iter().map(square).collect::<Vec<_>>(), &[1.0]);
    let group = squares.len() / (problem.batch * problem.groups).max(1);
    let largest = |all: &[f64], part: usize| {
        all.chunks(part.max(1)).map(|part| part.iter().sum::<f64>()).fold(0.0, f64::max).sqrt()
    };
    let weights: Vec<f64> = weights.iter().map(square).collect();
    let output = weights.len() / (problem.groups * problem.outputs).max(1);
    let length: usize =
        problem.axes.iter().filter(|a| a.kernel > 1).map(|a| needed(a).next_power_of_two().max(2)).product();
    (largest(&squares, group) * largest(&weights, output), (length.max(2) as f64).log2())
}
