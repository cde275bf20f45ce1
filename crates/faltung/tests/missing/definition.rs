//! Random problems by every algorithm, against the definition.

use std::collections::BTreeMap;

use faltung::{
    Accuracy, Algorithm, AnyArray, AnyView, Boundary, Complex, Coverage, Dtype, Error, Estimate, Missing, Normalize,
    Number, Observation, PerAxis, Spec, View, estimate,
};
use faltung_reference::{self as oracle, Number as _};

use crate::for_dtype;
use crate::support::{
    Case, Cast, Gauss, Odd, Rng,
    made::{Size, any},
    parts,
    tally::Expected,
    whole,
};

/// The constant that stands for NaN in cases of whole numbers.
const MARKED: i128 = 5;

/// A case in which samples are missing.
struct Trial {
    case: Case,
    policy: Missing,
    normalized: bool,
    /// Whether marked constants are NaN.
    absent_constants: bool,
    present: Vec<bool>,
    variance: Vec<f64>,
    single: bool,
}

fn trial(seed: u64) -> Trial {
    let mut rng = Rng(seed);
    let dtype = rng.pick(&[Dtype::F32, Dtype::F64, Dtype::C64, Dtype::C128, Dtype::U8, Dtype::I16, Dtype::F16]);
    let dimensions = 1 + rng.below(12) / 3;
    let mut case = any(dtype, dimensions, [40, 9, 5, 4][dimensions - 1], Size::Small, &mut rng);
    case.range = None;
    let mut policies = vec![Missing::Omit, Missing::Interpolate, Missing::Interpolate];
    if !dtype.is_integer() {
        policies.push(Missing::Propagate);
    }
    let often = 1 + rng.below(9);
    let present: Vec<bool> = case.x.iter().map(|_| !rng.one_in(often)).collect();
    let variance = case.x.iter().map(|_| rng.below(9) as f64 / 4.0).collect();
    Trial {
        policy: rng.pick(&policies),
        normalized: rng.one_in(4),
        absent_constants: !dtype.is_integer() && rng.one_in(2),
        present,
        variance,
        single: rng.one_in(2),
        case,
    }
}

fn is_marked(boundary: oracle::Boundary<Gauss>) -> bool {
    matches!(boundary, oracle::Boundary::Constant(c) if c.re == MARKED)
}

impl Trial {
    /// The case with zeros for all that is missing.
    fn cleaned(&self) -> Case {
        let mut case = self.case.clone();
        let missing = case.x.iter_mut().zip(&self.present).filter(|(_, there)| !**there);
        missing.for_each(|(x, _)| *x = whole(0));
        for along in case.along.iter_mut().filter(|along| self.absent_constants && is_marked(along.spec.boundary)) {
            along.spec.boundary = oracle::Boundary::Constant(whole(0));
        }
        case
    }

    fn spec(&self, algorithm: Algorithm) -> Spec {
        let mut spec = self.case.spec().missing(self.policy).coverage(Coverage::Wanted).algorithm(algorithm);
        if let (PerAxis::Each(all), true) = (&mut spec.boundary, self.absent_constants) {
            for (boundary, along) in all.iter_mut().zip(&self.case.along) {
                if is_marked(along.spec.boundary) {
                    *boundary = Boundary::Constant(Number::Real(f64::NAN));
                }
            }
        }
        if self.normalized { spec.normalize(Normalize::AbsoluteSum) } else { spec }
    }

    /// What is the divisor of each channel's weights, in units of the weights.
    fn divisors(&self) -> Vec<f64> {
        let each = self.case.taps().0;
        self.case.w.chunks(each).map(|row| row.iter().map(|w| w.magnitude()).sum()).collect()
    }
}

/// What came of the trials.
#[derive(Default)]
struct Sums {
    cases: BTreeMap<&'static str, usize>,
    empty: usize,
    full: usize,
    between: usize,
    worst_value: f64,
    worst_share: f64,
    worst_variance: f64,
}

fn floats(array: &AnyArray) -> Vec<f64> {
    array.view().numbers().into_iter().map(|n| n.to_complex().re).collect()
}

/// A trial as arrays: masked, or NaN, or both; integers only masked. What is under a mask does not matter.
struct Arrays<T> {
    x: Odd<T>,
    mask: Odd<u8>,
}

impl<T: Cast> Arrays<T> {
    fn of(Trial { case, present, .. }: &Trial, rng: &mut Rng) -> Arrays<T> {
        let mut x = Odd::new(&case.shape, T::default(), rng);
        let mut mask = Odd::new(&case.shape, 3u8, rng);
        for (i, (at, masked)) in x.places().into_iter().zip(mask.places()).enumerate() {
            let (mark, nan) = match present[i] {
                true => (0, false),
                false if case.dtype.is_integer() => (1 + rng.below(255) as u8, false),
                false => rng.pick(&[(0, true), (7, false), (1, true)]),
            };
            x.memory[at] = if nan { T::nearest(Number::Real(f64::NAN)) } else { T::of(case.x[i], case.scale.0) };
            mask.memory[masked] = mark;
        }
        Arrays { x, mask }
    }
}

/// By every algorithm, the estimate of a trial is the definition's.
fn check<T: Cast>(trial: &Trial, rng: &mut Rng, sums: &mut Sums) {
    let case = &trial.case;
    let Some(judge) = Judge::of(trial) else { return };
    let Arrays { x, mask } = Arrays::<T>::of(trial, rng);
    let singles: Vec<f32> = trial.variance.iter().map(|&v| v as f32).collect();
    let variance = match trial.single {
        true => AnyView::from(View::new(&singles, &case.shape).unwrap()),
        false => AnyView::from(View::new(&trial.variance, &case.shape).unwrap()),
    };
    let observation = Observation::new(T::view(x.view())).mask(mask.view()).variance(variance);
    for &algorithm in Algorithm::ALL {
        let came = match estimate(&observation, case.weights(), &trial.spec(algorithm)) {
            Err(Error::NoAlgorithm { .. }) => continue,
            Err(Error::NoNan { .. }) if trial.policy == Missing::Interpolate && case.dtype.is_integer() => {
                assert!(judge.observed.iter().any(|o| o.weighty == 0 && o.lost > 0), "{case}");
                *sums.cases.entry("integers without a sample").or_default() += 1;
                continue;
            }
            Err(error) => panic!("{error}\nin {case}"),
            Ok(came) => came,
        };
        *sums.cases.entry(trial.policy.name()).or_default() += 1;
        judge.compare::<T>(algorithm, came, sums);
    }
}

/// What is expected of a trial.
struct Judge<'a> {
    trial: &'a Trial,
    cleaned: Case,
    expected: Expected,
    observed: Vec<oracle::Observed<Gauss>>,
    divisors: Vec<f64>,
    /// Outputs of a channel.
    volume: usize,
    /// The 2-norm of the squares of all weights.
    squares: f64,
    /// Half the width of a number in the sums: `eps`.
    eps: f64,
    /// `25 log2(N) sqrt(N)`, for at least as many samples as a transform may have: the bound of transforms of ones.
    spectral: f64,
}

impl Judge<'_> {
    /// `None` where there is no output, or no kernel that could be normalised.
    fn of(trial: &Trial) -> Option<Judge<'_>> {
        let case = &trial.case;
        let (problem, cleaned, divisors) = (case.problem()?, trial.cleaned(), trial.divisors());
        if trial.normalized && divisors.contains(&0.0) {
            return None;
        }
        let has_constant = |c: Gauss| !(trial.absent_constants && c.re == MARKED);
        let weights = case.reference_weights();
        let observed = oracle::observe(&problem, &case.x, &trial.present, &trial.variance, &weights, has_constant);
        let single = matches!(case.dtype, Dtype::F16 | Dtype::F32 | Dtype::C64);
        let samples = (case.x.len().max(2) * 200) as f64;
        Some(Judge {
            expected: Expected::of(&cleaned)?,
            observed,
            divisors,
            volume: problem.axes.iter().map(|axis| axis.out).product(),
            squares: case.w.iter().map(|w| w.magnitude().powi(4)).sum::<f64>().sqrt(),
            eps: if single { f32::EPSILON as f64 } else { f64::EPSILON },
            spectral: 25.0 * samples.log2() * samples.sqrt(),
            trial,
            cleaned,
        })
    }

    fn compare<T: Cast>(&self, algorithm: Algorithm, came: Estimate, sums: &mut Sums) {
        let Trial { case, policy, single, .. } = self.trial;
        let values = came.values.typed::<T>().unwrap();
        let (shares, variances) = (came.coverage.unwrap(), came.variance.unwrap());
        let is_single = self.eps > f64::EPSILON;
        assert_eq!(shares.dtype(), if is_single { Dtype::F32 } else { Dtype::F64 });
        assert_eq!(variances.dtype(), if *single { Dtype::F32 } else { Dtype::F64 });
        assert_eq!((values.shape(), values.shape()), (shares.shape(), variances.shape()));
        assert_eq!(values.data().len(), self.observed.len());
        let (shares, variances) = (floats(&shares), floats(&variances));
        for (i, seen) in self.observed.iter().enumerate() {
            let at = || format!("{algorithm} {policy} {} at {i} of {case}\n{seen:?}", self.trial.normalized);
            self.compare_share(seen, shares[i], sums, &at);
            let share = match policy {
                Missing::Interpolate if seen.lost > 0 => seen.present / seen.whole,
                _ => 1.0,
            };
            let got = parts(values.data()[i]);
            if share == 0.0 || (*policy == Missing::Propagate && seen.missing > 0) {
                assert!(got.re.is_nan() && variances[i].is_nan(), "{got}, variance {}: {}", variances[i], at());
                continue;
            }
            self.compare_value(algorithm, i, share, got, sums, &at);
            self.compare_variance(i, share, variances[i], sums, &at);
        }
    }

    /// Exactly 0, exactly 1, or between and near.
    fn compare_share(&self, seen: &oracle::Observed<Gauss>, share: f64, sums: &mut Sums, at: &dyn Fn() -> String) {
        match (seen.weighty, seen.lost) {
            (_, 0) => {
                assert_eq!(share, 1.0, "{}", at());
                sums.full += 1;
            }
            (0, _) => {
                assert_eq!(share, 0.0, "{}", at());
                sums.empty += 1;
            }
            _ => {
                assert!(share > 0.0 && share < 1.0, "{share}: {}", at());
                // The weights' 2-norm is at most their total; and the share is rounded to be stored.
                let allowed = self.spectral * f64::EPSILON + self.eps;
                let error = (share - seen.present / seen.whole).abs() / allowed;
                assert!(error <= 1.0, "{share}: {}", at());
                sums.worst_share = sums.worst_share.max(error);
                sums.between += 1;
            }
        }
    }

    /// What the weights of an output were divided by.
    fn divisor(&self, i: usize) -> f64 {
        match self.trial.normalized {
            true => self.divisors[i / self.volume % self.divisors.len()] * 2f64.powi(self.trial.case.scale.1),
            false => 1.0,
        }
    }

    /// The error of the sum and that of the share, over the share.
    fn compare_value(
        &self,
        algorithm: Algorithm,
        i: usize,
        share: f64,
        got: Complex<f64>,
        sums: &mut Sums,
        at: &dyn Fn() -> String,
    ) {
        let (case, seen) = (&self.trial.case, &self.observed[i]);
        let unit = 2f64.powi(case.scale.0 + case.scale.1) / self.divisor(i);
        let part = |sum: i128| sum as f64 * unit / share;
        let wanted = Complex::new(part(seen.sum.re), part(seen.sum.im));
        let mut summed = self.expected.allowed(&self.cleaned, (algorithm, Accuracy::Normwise), i) * unit;
        if self.trial.normalized {
            // Samples are at most 10 in size. No longer whole, weights round, and so do all sums.
            let taps = case.taps().0 as f64;
            summed += (taps * taps + self.spectral) * 10.0 * self.eps * 2f64.powi(case.scale.0);
        }
        let divided = if share < 1.0 { self.spectral * f64::EPSILON / share + 2.0 * self.eps } else { 0.0 };
        let allowed = summed / share + divided * wanted.norm();
        let error = off(case.dtype, got, wanted);
        assert!(error <= allowed, "{got} for {wanted}, {error:e} off, {allowed:e} allowed: {}", at());
        sums.worst_value = sums.worst_value.max(if error == 0.0 { 0.0 } else { error / allowed });
    }

    /// Variances are at most 2.
    fn compare_variance(&self, i: usize, share: f64, got: f64, sums: &mut Sums, at: &dyn Fn() -> String) {
        let unit = (2f64.powi(self.trial.case.scale.1) / self.divisor(i) / share).powi(2);
        let wanted = self.observed[i].variance * unit;
        let summed = self.spectral * f64::EPSILON * 2.0 * self.squares * unit;
        let divided = 2.0 * self.spectral * f64::EPSILON / share;
        let weights = 2.0 * (self.trial.case.taps().0 + 4) as f64 * self.eps;
        let stored = if self.trial.single { f32::EPSILON as f64 } else { f64::EPSILON };
        let allowed = summed + (divided + weights + stored) * wanted;
        let error = (got - wanted).abs();
        assert!(error <= allowed, "variance {got} for {wanted}, {error:e} off, {allowed:e} allowed: {}", at());
        sums.worst_variance = sums.worst_variance.max(if error == 0.0 { 0.0 } else { error / allowed });
    }
}

/// How far a result is from what was to be stored: integers wrap and round, half floats round.
fn off(dtype: Dtype, got: Complex<f64>, wanted: Complex<f64>) -> f64 {
    let error = match dtype.range() {
        None => (got - wanted).norm(),
        Some((least, most)) => {
            let modulus = (most - least + 1) as f64;
            let rest = (got.re - wanted.re).rem_euclid(modulus);
            // `wanted` itself has been rounded three times.
            rest.min(modulus - rest) - 0.5 - 4.0 * f64::EPSILON * wanted.re.abs()
        }
    };
    let stored = if dtype == Dtype::F16 { (wanted.norm() * 2f64.powi(-11)).max(2f64.powi(-25)) * 1.01 } else { 0.0 };
    (error - stored).max(0.0)
}

#[test]
fn estimates_are_those_of_the_definition() {
    let mut sums = Sums::default();
    for seed in 0..6_000 {
        let trial = trial(seed);
        let mut rng = Rng(seed ^ 0xabcd);
        for_dtype!(trial.case.dtype, check::<_>(&trial, &mut rng, &mut sums));
    }
    let total: usize = sums.cases.values().sum();
    println!("{total} cases: {:?}", sums.cases);
    println!("outputs: {} full, {} between, {} empty", sums.full, sums.between, sums.empty);
    println!(
        "worst error/bound: values {:.3}, coverage {:.3}, variance {:.3}",
        sums.worst_value, sums.worst_share, sums.worst_variance
    );
    assert!(total > 10_000, "{total}");
    assert!(sums.full > 50_000 && sums.between > 50_000 && sums.empty > 5_000);
}
