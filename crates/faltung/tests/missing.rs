//! Missing samples, coverage and variances, against the definition; normalised kernels; rounding.

mod support;

use std::collections::BTreeMap;

use faltung::{
    Accuracy, Algorithm, AnyArray, AnyView, Array, Boundary, Complex, Coverage, Dtype, Error, Estimate, Kernel,
    Missing, Mode, Normalize, Number, Observation, Overflow, PerAxis, Plan, Progress, Rounding, Spec, View, convolve,
    convolve_any, estimate, input_gradient, weight_gradient,
};
use faltung_reference::{self as oracle, Number as _};
use support::{
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

/// Bits, so that NaN is equal to itself.
fn bits(all: &[f64]) -> Vec<u64> {
    all.iter().map(|y| y.to_bits()).collect()
}

#[test]
fn where_nothing_is_missing_it_is_the_plain_result_to_the_bit() {
    let x: Vec<f64> = (0..500).map(|i| (i as f64 * 0.7).sin() * 1e3).collect();
    let mut holed = x.clone();
    holed[250] = f64::NAN;
    let w: Vec<f64> = (0..31).map(|k| 1.0 / (k + 1) as f64).collect();
    for algorithm in [Algorithm::Direct, Algorithm::OverlapSave, Algorithm::Fft] {
        let spec = Spec::new().mode(Mode::Valid).algorithm(algorithm);
        let plain = convolve(&x, &w, &spec).unwrap();
        for policy in [Missing::Omit, Missing::Interpolate, Missing::Raise] {
            assert_eq!(bits(convolve(&x, &w, &spec.clone().missing(policy)).unwrap().data()), bits(plain.data()));
        }
        let zeroed: Vec<f64> = holed.iter().map(|x| if x.is_nan() { 0.0 } else { *x }).collect();
        let same_plan = convolve(&zeroed, &w, &spec).unwrap();
        let filled = convolve(&holed, &w, &spec.clone().missing(Missing::Interpolate)).unwrap();
        let outside = |y: &Array<f64>| bits(&[&y.data()[..220], &y.data()[251..]].concat());
        assert_eq!(outside(&filled), outside(&same_plan), "{algorithm}");
        assert!((220..251).all(|i| filled.data()[i] != same_plan.data()[i]), "{algorithm}");
    }
    let wanted = Spec::new().coverage(Coverage::Wanted);
    let came = estimate(&Observation::new(&[1.0f32, 2.0]).mask(&[0, 0]), &[1.0], &wanted).unwrap();
    assert_eq!(came.coverage.unwrap().typed::<f32>().unwrap().data(), [1.0; 2]);
    assert_eq!(came.variance, None);
}

#[test]
fn a_plan_finds_what_is_missing_run_after_run_and_writes_any_view() {
    let spec = Spec::new().mode(Mode::Same).missing(Missing::Interpolate);
    let plan = Plan::new(Dtype::F32, &[4], &Kernel::from(&[1.0, 1.0, 1.0]), &spec).unwrap();
    let mut scratch = plan.scratch();
    let nan = f32::NAN;
    for (x, expected) in [
        ([1.0, nan, 3.0, 5.0], [1.5, 6.0, 12.0, 8.0]),
        ([1.0, 2.0, 3.0, 5.0], [3.0, 6.0, 10.0, 8.0]),
        ([nan, nan, 4.0, nan], [0.0, 12.0, 12.0, 6.0]),
    ] {
        let mut backwards = [9.0f32; 8];
        let y = faltung::ViewMut::with_strides(&mut backwards, &[4], &[-2], 7).unwrap();
        plan.run(&x, y, &mut scratch).unwrap();
        let y: Vec<f32> = backwards.iter().rev().step_by(2).copied().collect();
        // Zeros beyond the ends are present; of the last, only the one beyond the first is.
        assert_eq!(y, expected);
        assert!(backwards.iter().step_by(2).all(|&gap| gap == 9.0));
    }
}

#[test]
fn a_constant_of_nan_divides_by_what_lies_within() {
    let nan: Boundary = "constant:nan".parse().unwrap();
    let spec = Spec::new().mode(Mode::Same).boundary(nan);
    let y = |policy| convolve(&[3.0, 6.0, 9.0], &[1.0, 1.0, 1.0], &spec.clone().missing(policy)).unwrap().into_vec();
    assert_eq!(y(Missing::Interpolate), [13.5, 18.0, 22.5]);
    assert_eq!(y(Missing::Omit), [9.0, 18.0, 15.0]);
    assert_eq!(bits(&y(Missing::Propagate)[1..2]), bits(&[18.0]));
    // It is no sample of the signal, so there is nothing to raise.
    assert!(y(Missing::Raise)[0].is_nan());
}

#[test]
fn infinities_are_not_missing() {
    let x = [1.0, f64::INFINITY, f64::NAN, 2.0, 2.0];
    let y = convolve(&x, &[1.0, 1.0], &Spec::new().mode(Mode::Valid).missing(Missing::Interpolate)).unwrap();
    assert_eq!(y.data(), [f64::INFINITY, f64::INFINITY, 4.0, 4.0]);
}

#[test]
fn raising_tells_how_many_and_where() {
    let x = Array::new(vec![1.0, 2.0, 3.0, f64::NAN, 5.0, 6.0], &[2, 3]).unwrap();
    let kernel = Kernel::real(&[1, 1], vec![1.0]).unwrap();
    let spec = Spec::new().missing(Missing::Raise);
    let error = convolve(&x, &kernel, &spec).unwrap_err();
    assert_eq!(error, Error::Missing { count: 1, first: vec![1, 0] });
    assert!(error.to_string().ends_with("fill them in, or choose missing omit or interpolate"));
    let mask = [0, 0, 1, 1, 0, 1];
    let seen = Observation::new(&x).mask(View::new(&mask, &[2, 3]).unwrap());
    assert_eq!(estimate(&seen, &kernel, &spec), Err(Error::Missing { count: 3, first: vec![0, 2] }));
}

/// Integers, the second of them masked, in mode valid.
fn masked(x: &[i32], w: &[i32], spec: Spec) -> Result<Vec<i32>, Error> {
    let mask: Vec<u8> = (0..x.len()).map(|i| u8::from(i == 1)).collect();
    let came = estimate(&Observation::new(x).mask(&mask), w, &spec.mode(Mode::Valid))?;
    Ok(came.values.typed::<i32>().unwrap().into_vec())
}

#[test]
fn masked_integers_are_omitted_or_interpolated() {
    let by = |policy| masked(&[1, 1000, 4, -6], &[1, 2, 1], Spec::new().missing(policy));
    assert_eq!(by(Missing::Omit), Ok(vec![5, 2]));
    assert_eq!(by(Missing::Interpolate), Ok(vec![10, 3])); // 5 * 4 / 2; 2 * 4 / 3 is 2.67
    let cut = Spec::new().missing(Missing::Interpolate).rounding(Rounding::TowardZero);
    assert_eq!(masked(&[1, 1000, 4, -6], &[1, 2, 1], cut.clone()), Ok(vec![10, 2]));
    assert_eq!(masked(&[-1, 0, -4, 6], &[1, 2, 1], cut), Ok(vec![-10, -2]));
    let error = by(Missing::Propagate).unwrap_err();
    assert!(error.to_string().contains("i32 has no NaN") && error.to_string().contains("omit"), "{error}");
    let empty = masked(&[1, 2], &[1], Spec::new().missing(Missing::Interpolate)).unwrap_err();
    assert!(empty.to_string().starts_with("no sample is in the window of output [1], and i32"), "{empty}");
    assert_eq!(masked(&[1, 2], &[1], Spec::new().missing(Missing::Omit)), Ok(vec![1, 0]));
}

#[test]
fn interpolated_integers_are_exact_and_overflow_as_the_policy_says() {
    // 2^62 - 1 has more digits than a double: S * 3 / 2 is exact, in 128 bits.
    let big = (1i64 << 62) - 1;
    let x = [big, 7, 0];
    let seen = Observation::new(&x);
    let spec = Spec::new().mode(Mode::Valid).missing(Missing::Interpolate);
    let came = estimate(&seen.mask(&[0, 1, 0]), &[1, 1, 1], &spec.clone().overflow(Overflow::Wrap)).unwrap();
    assert_eq!(came.values.typed::<i64>().unwrap().data(), [6917529027641081854]); // of ...854.5, to even

    let seen = Observation::new(&[200u8, 250]).mask(&[0, 1]);
    let by = |overflow| estimate(&seen, &[1, 1], &spec.clone().overflow(overflow)).map(|came| came.values);
    assert!(matches!(by(Overflow::Error), Err(Error::Overflow { highest: 400, .. })));
    assert_eq!(by(Overflow::Saturate).unwrap().typed::<u8>().unwrap().data(), [255]);
    assert_eq!(by(Overflow::Wrap).unwrap().typed::<u8>().unwrap().data(), [144]);
    assert_eq!(by(Overflow::Widen).unwrap().typed::<u16>().unwrap().data(), [400]);
    // Of differences more may come than of any plain sum: 200 * 2 / 1 here, where 200 - x is at most 200.
    let lone = estimate(&seen, &[-1, 1], &spec.clone().overflow(Overflow::Widen)).unwrap();
    assert_eq!(lone.values.typed::<i16>().unwrap().data(), [400]);
}

#[test]
fn what_does_not_fit_is_an_error() {
    let x = Observation::new(&[1.0, 2.0]);
    let error = |seen: &Observation<'_>| estimate(seen, &[1.0], &Spec::new()).unwrap_err().to_string();
    assert!(error(&x.clone().mask(&[0; 3])).starts_with("the mask has shape [3]"));
    assert!(error(&x.clone().variance(&[0.0; 1])).starts_with("the variance has shape [1]"));
    assert!(error(&x.clone().variance(&[1u8, 1])).contains("f32 or f64 is needed"));
    assert!(error(&x.clone().variance(&[1.0, -1.0])).contains("at index [1] is -1"));
    assert!(error(&x.clone().variance(&[f32::NAN, 0.0])).contains("at index [0] is NaN"));
    let masked = x.mask(&[1, 0]).variance(&[f64::NAN, 1.0]);
    let omitted = estimate(&masked, &[2.0], &Spec::new().missing(Missing::Omit)).unwrap();
    assert_eq!(omitted.variance.unwrap().typed::<f64>().unwrap().data(), [0.0, 4.0]);
    let endless = estimate(&masked, &[f64::INFINITY], &Spec::new().missing(Missing::Omit)).unwrap_err();
    assert!(endless.to_string().ends_with("need finite weights"), "{endless}");
}

#[test]
fn what_is_cancelled_stops() {
    let progress = std::sync::Arc::new(Progress::default());
    progress.cancel();
    let spec = Spec::new().missing(Missing::Interpolate).progress(progress);
    assert_eq!(convolve(&[1.0, f64::NAN], &[1.0, 2.0], &spec), Err(Error::Cancelled));
}

#[test]
fn small_shares_are_right_beside_large_ones() {
    // Only the last of the weights, a millionth, meets a sample.
    let w = [1.0, 1e-3, 1e-6];
    for algorithm in [Algorithm::Direct, Algorithm::Fft] {
        let spec = Spec::new().mode(Mode::Valid).missing(Missing::Interpolate).algorithm(algorithm);
        let y = convolve(&[3.0, f64::NAN, f64::NAN], &w, &spec).unwrap();
        assert!((y.data()[0] / 3.003003 - 1.0).abs() < 1e-6, "{algorithm}: {:?}", y.data());
    }
}

#[test]
fn normalised_kernels_keep_what_is_constant() {
    let spec = Spec::new().mode(Mode::Valid).normalize(Normalize::Sum);
    assert_eq!(convolve(&[7.0; 4], &[1, 2, 1], &spec).unwrap().data(), [7.0; 2]);
    assert_eq!(convolve(&[7u8; 4], &[1, 2, 1], &spec).unwrap().data(), [7; 2]);
    let x = Array::new(vec![2.0, 4.0], &[1, 2]).unwrap();
    let two = Kernel::whole(&[2, 1, 2], vec![1, 3, 2, 2]).unwrap();
    assert_eq!(convolve(&x, &two, &spec.clone().groups(1)).unwrap().data(), [2.5, 3.0]);
    assert!(matches!(convolve(&[1.0; 3], &[1.0, -1.0], &spec), Err(Error::Normalize { output: 0, .. })));
    let slope = spec.clone().normalize(Normalize::AbsoluteSum);
    assert_eq!(convolve(&[1.0, 5.0], &[1, -1], &slope).unwrap().data(), [2.0]);
    // It need not be known before: Plan and gradient do the same.
    let g = input_gradient(&[4.0], &[1, 3], &[2], &spec).unwrap();
    assert_eq!(g.data(), [3.0, 1.0]);
    let refused = weight_gradient(&[1.0, 2.0], &[1.0], &[2], &spec).unwrap_err();
    assert!(refused.to_string().contains("does not take normalize sum"), "{refused}");
}

#[test]
fn gradients_refuse_what_they_cannot_know() {
    let spec = Spec::new().missing(Missing::Interpolate);
    let refused = input_gradient(&[1.0], &[1.0], &[1], &spec).unwrap_err();
    assert!(refused.to_string().contains("does not take missing interpolate"), "{refused}");
    assert!(weight_gradient(&[1.0], &[1.0], &[1], &spec.missing(Missing::Omit)).is_err());
}

#[test]
fn real_sums_of_integers_are_cut_towards_zero_on_request() {
    let x = [1i16, 3, -1, -3, 5, -5];
    let half = |overflow| Spec::new().rounding(Rounding::TowardZero).overflow(overflow);
    assert_eq!(convolve(&x, &[0.5], &half(Overflow::Error)).unwrap().data(), [0, 1, 0, -1, 2, -2]);
    // Sums of quarters are exact in doubles, but for transforms, which may come to less than a whole number.
    for algorithm in [Algorithm::Direct, Algorithm::RunningSum] {
        let spec = half(Overflow::Error).algorithm(algorithm).mode(Mode::Valid);
        assert_eq!(convolve(&x, &[0.25, 0.25], &spec).unwrap().data(), [1, 0, -1, 0, 0], "{algorithm}");
    }
    // 255.9 is 255: within the type, if cut.
    let over = [1.5f64];
    assert_eq!(convolve(&[170u8, 171], &over, &half(Overflow::Saturate)).unwrap().data(), [255, 255]);
    assert_eq!(convolve(&[170u8, 171], &over, &half(Overflow::Wrap)).unwrap().data(), [255, 0]);
    assert_eq!(convolve(&[170u8], &[1.505], &half(Overflow::Error)).unwrap().data(), [255]); // of 255.85
    let nearest = convolve(&[170u8], &[1.505], &Spec::new());
    assert!(matches!(nearest, Err(Error::Overflow { highest: 256, .. })), "{nearest:?}");
    let wide = convolve_any(&[170u8, 171], &over, &half(Overflow::Widen)).unwrap();
    assert_eq!(wide.typed::<u16>().unwrap().data(), [255, 256]);
    assert_eq!(convolve(&[1u8], &[-0.9], &half(Overflow::Error)).unwrap().data(), [0]);
    let spec = half(Overflow::Error).boundary(Boundary::Nearest).mode(Mode::Same);
    assert_eq!(input_gradient(&[-3i32, 0], &[0.0, 0.5], &[2], &spec).unwrap().data(), [-1, 0]);
}

/// A Gaussian that is far wider than the share of it that meets samples: its tail, divided by a millionth.
#[test]
fn a_small_share_does_not_magnify_the_errors_of_a_transform() {
    let kernel = faltung::kernel::gaussian(&[20.0], &[0], 8.0).unwrap();
    let mut x = vec![3.0f32; 4000];
    x[1900..2090].fill(f32::NAN);
    let spec = Spec::new().mode(Mode::Same).boundary(Boundary::Reflect).missing(Missing::Interpolate);
    let plan = Plan::new(Dtype::F32, &[4000], &kernel, &spec).unwrap();
    assert!(matches!(plan.algorithm(), Algorithm::Fft | Algorithm::OverlapSave), "else this tests nothing");
    let y = convolve(&x, &kernel, &spec).unwrap();
    assert!(y.data().iter().all(|y| (y - 3.0).abs() < 1e-5), "{:?}", y.data().iter().copied().reduce(f32::max));
}

#[test]
fn one_large_variance_does_not_drown_the_others() {
    let kernel = faltung::kernel::gaussian(&[50.0], &[0], 4.0).unwrap();
    let (x, mut variance) = (vec![1.0f64; 4000], vec![1.0f64; 4000]);
    variance[1000] = 1e30;
    let spec = Spec::new().mode(Mode::Same);
    let estimate = estimate(&Observation::new(&x).variance(&variance), &kernel, &spec).unwrap();
    let spread = estimate.variance.unwrap().typed::<f64>().unwrap();
    let expected: f64 = kernel.numbers().iter().map(|w| w.to_complex().norm_sqr()).sum();
    assert!(spread.data()[1300..3700].iter().all(|v| (v / expected - 1.0).abs() < 1e-12));
}

#[test]
fn phases_that_no_output_is_in_take_neither_time_nor_memory() {
    let far = 1_000_000_000;
    let spec = Spec::new().mode(Mode::Same).upsample(far).stride(far).missing(Missing::Interpolate);
    let y = convolve(&[1.0, f64::NAN, 3.0], &[0.25, 0.5, 1.0], &spec).unwrap();
    // Between two samples that are present zeros; beside the gap too: the other weights meet zeros that are there.
    assert_eq!((y.data()[0], y.data()[2]), (0.5, 1.5));
    assert_eq!(y.data()[1], 0.0);
}
