//! Honest numbers: small beside loud, tiny kernels, what is not finite, what overflows.

mod support;

use faltung::{
    Accuracy, Algorithm, AnyArray, Array, Boundary, Complex, Dtype, Error, Kernel, Mode, Number, Overflow, Plan,
    Sample, Spec, convolve, convolve_any,
};
use faltung_reference as oracle;
use support::{
    Case, Cast, Gauss, Rng,
    made::{Size, any},
    parts,
};

/// The result by one algorithm; `None` where it refuses.
fn by<T: Sample>(algorithm: Algorithm, x: &Array<T>, kernel: &Kernel, spec: &Spec) -> Option<Vec<T>> {
    match convolve(x, kernel, &spec.clone().algorithm(algorithm)) {
        Ok(y) => Some(y.into_vec()),
        Err(Error::NoAlgorithm { .. }) => None,
        Err(error) => panic!("{error}"),
    }
}

fn line<T: Sample>(samples: Vec<T>) -> Array<T> {
    let n = samples.len();
    Array::new(samples, &[n]).unwrap()
}

fn close(actual: f64, expected: f64, allowed: f64, what: impl std::fmt::Display) {
    assert!((actual - expected).abs() <= allowed, "{what}: {actual:e} for {expected:e}, {allowed:e} allowed");
}

/// 1e12, then ones.
fn spike(n: usize) -> Vec<f64> {
    (0..n).map(|i| if i == 0 { 1e12 } else { 1.0 }).collect()
}

#[test]
fn a_spike_does_not_drown_what_is_small_if_componentwise() {
    // Half-integer weights of every size but the same sum: no box, nothing to slide.
    let weights: Vec<f64> = (0..1001).map(|k| if k % 2 == 0 { 1.5 } else { 0.5 }).collect();
    let flat = vec![1.0; 1001];
    let mut tested = 0;
    for (weights, algorithm) in
        [(&weights, None), (&flat, None), (&weights, Some(Algorithm::Direct)), (&flat, Some(Algorithm::RunningSum))]
    {
        let mut spec = Spec::new().mode(Mode::Valid).accuracy(Accuracy::Componentwise);
        spec.algorithm = algorithm;
        let y = convolve(&spike(20_000), weights, &spec).unwrap();
        for (o, &y) in y.data().iter().enumerate().skip(1) {
            let sum: f64 = weights.iter().sum();
            close(y, sum, 1003.0 * f64::EPSILON * sum, format_args!("{algorithm:?} at {o}"));
            tested += 1;
        }
    }
    assert_eq!(tested, 4 * 18_999);
}

#[test]
fn a_spike_costs_as_much_as_documented_if_normwise() {
    let weights: Vec<f64> = (0..1001).map(|k| if k % 2 == 0 { 1.5 } else { 0.5 }).collect();
    let sum: f64 = weights.iter().sum();
    let norm = weights.iter().map(|w| w * w).sum::<f64>().sqrt();
    let x = line(spike(200_000));
    for algorithm in [Algorithm::Fft, Algorithm::OverlapSave] {
        let y = by(algorithm, &x, &Kernel::from(&weights), &Spec::new().mode(Mode::Valid)).unwrap();
        let bound = 25.0 * 18.0 * f64::EPSILON * 1e12 * norm;
        let worst = y.iter().skip(1).map(|y| (y - sum).abs()).fold(0.0, f64::max);
        assert!(worst <= bound, "{algorithm}: {worst} of {bound}");
        assert!(worst > 1003.0 * f64::EPSILON * sum, "{algorithm} is better than documented: {worst}");
        // Blocks keep errors near: far from the spike all is right again.
        let far = y.iter().skip(100_000).map(|y| (y - sum).abs()).fold(0.0, f64::max);
        assert!(algorithm == Algorithm::Fft || far < 1e-9, "{far}");
    }
}

#[test]
fn accuracy_decides_what_the_planner_may_take() {
    let kernel = Kernel::real(&[1001], (0..1001).map(|k| 1.0 / (k + 1) as f64).collect()).unwrap();
    let plan = |accuracy| Plan::new(Dtype::F64, &[100_000], &kernel, &Spec::new().accuracy(accuracy)).unwrap();
    assert!(matches!(plan(Accuracy::Normwise).algorithm(), Algorithm::Fft | Algorithm::OverlapSave));
    assert_eq!(plan(Accuracy::Componentwise).algorithm(), Algorithm::Direct);
}

/// Every algorithm on kernels that are tiny: the same as with the kernel at full size, times the scale.
fn tiny_kernels_are_kernels<T: Cast>(scale: i32, eps: f64) {
    let kernels: [(&[usize], &[i128]); 6] = [
        (&[3], &[-1, 0, 1]),
        (&[5], &[0, 0, 0, 1, 2]),
        (&[4], &[1, 1, 1, 1]),
        (&[3, 3], &[1, 0, -1, 2, 0, -2, 1, 0, -1]),
        (&[3, 3], &[1; 9]),
        (&[4, 4], &[1, 1, 1, 1, 1, 2, 3, 4, 1, 1, 1, 1, 1, 2, 3, 4]),
    ];
    for (shape, weights) in kernels {
        let extent = if shape.len() == 1 { vec![300] } else { vec![17, 19] };
        let n = extent.iter().product::<usize>() as i128;
        let x: Vec<i128> = (0..n).map(|i| i * i * 7 % 23 - 11).collect();
        let array = Array::new(x.iter().map(|&n| T::of(support::whole(n), 0)).collect(), &extent).unwrap();
        let kernel = Kernel::real(shape, weights.iter().map(|&w| w as f64 * 2f64.powi(scale)).collect()).unwrap();
        let exact = convolve(
            &Array::new(x.iter().map(|&n| n as i64).collect(), &extent).unwrap(),
            Kernel::whole(shape, weights.to_vec()).unwrap(),
            &Spec::new().algorithm(Algorithm::Direct),
        )
        .unwrap();
        let mut taken = 0;
        for &algorithm in Algorithm::ALL {
            let Some(y) = by(algorithm, &array, &kernel, &Spec::new()) else { continue };
            taken += 1;
            let largest = weights.iter().map(|w| w.abs()).max().unwrap() as f64 * 2f64.powi(scale);
            let allowed = 25.0 * 10.0 * eps * largest * weights.len() as f64 * 11.0 * (n as f64).sqrt();
            for (y, &exact) in y.iter().zip(exact.data()) {
                let expected = exact as f64 * 2f64.powi(scale);
                close(parts(*y).re, expected, allowed, format_args!("{algorithm} {shape:?} 2^{scale}"));
            }
            assert!(
                y.iter().any(|y| parts(*y).re.abs() >= largest),
                "{algorithm} takes {shape:?} 2^{scale} for nothing"
            );
        }
        let separable = usize::from(shape.len() == 2);
        let boxed = usize::from(weights.iter().all(|w| *w == 1));
        // Lanes along terms, and Winograd's small transforms, are for real floats.
        let of_floats = usize::from(!T::DTYPE.is_complex()) * (1 + usize::from(shape == [3, 3]));
        assert_eq!(taken, 3 + separable + boxed + of_floats, "{shape:?} at 2^{scale}");
    }
}

#[test]
fn tiny_kernels_are_kernels_for_every_algorithm() {
    // 2^-57 is 6.9e-18.
    for scale in [0, -57, -90] {
        tiny_kernels_are_kernels::<f32>(scale, f32::EPSILON as f64);
        tiny_kernels_are_kernels::<Complex<f32>>(scale, f32::EPSILON as f64);
    }
    for scale in [-57, -300, -900, 900] {
        tiny_kernels_are_kernels::<f64>(scale, f64::EPSILON);
        tiny_kernels_are_kernels::<Complex<f64>>(scale, f64::EPSILON);
    }
}

/// A sample that is not finite, or the constant beyond the ends.
fn infect(case: &mut Case, rng: &mut Rng) -> (Vec<(usize, Complex<f64>)>, Option<f64>) {
    let bad = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY];
    let mut samples = Vec::new();
    if !case.x.is_empty() {
        for _ in 0..1 + rng.below(3) {
            let im = if case.dtype.is_complex() && rng.one_in(2) { rng.pick(&bad) } else { 0.0 };
            samples.push((rng.below(case.x.len()), Complex::new(rng.pick(&bad), im)));
        }
    }
    let constant = rng.one_in(4).then(|| rng.pick(&bad));
    (samples, constant)
}

fn number(z: Complex<f64>) -> oracle::Complex {
    oracle::Complex { re: z.re, im: z.im }
}

/// The same class: finite, or the same infinity, or NaN. Of complex numbers only whether they are finite.
fn same_class(dtype: Dtype, a: Complex<f64>, b: oracle::Complex) -> bool {
    let class = |re: f64| {
        if re.is_finite() {
            0
        } else if re.is_nan() {
            1
        } else {
            2 + i32::from(re > 0.0)
        }
    };
    match dtype.is_complex() {
        true => (a.re.is_finite() && a.im.is_finite()) == (b.re.is_finite() && b.im.is_finite()),
        false => class(a.re) == class(b.re),
    }
}

fn footprint<T: Cast>(
    case: &Case,
    samples: &[(usize, Complex<f64>)],
    constant: Option<f64>,
    cast: fn(Complex<f64>) -> T,
) -> usize {
    let complex = |z: Gauss| oracle::Complex { re: z.re as f64, im: z.im as f64 };
    // The marked constant stands for the one that is not finite.
    let marked = |z: Gauss| match constant {
        Some(c) if z.re == 5 => oracle::Complex { re: c, im: 0.0 },
        _ => complex(z),
    };
    let Some(problem) = case.problem_in(marked) else { return 0 };
    let mut x: Vec<oracle::Complex> = case.x.iter().map(|&z| complex(z)).collect();
    let mut samples_in = case.x.iter().map(|&z| T::of(z, 0)).collect::<Vec<_>>();
    for &(at, value) in samples {
        x[at] = number(value);
        samples_in[at] = cast(value);
    }
    let weights: Vec<oracle::Complex> = case.reference_weights().into_iter().map(complex).collect();
    let expected = oracle::correlate(&problem, &x, &weights);
    // A real product has no imaginary part that could make a NaN of it.
    let expected: Vec<oracle::Complex> = match case.dtype.is_complex() {
        true => expected,
        false => {
            let real = |z: oracle::Complex| z.re;
            let problem = case.problem_in(|z| real(marked(z))).unwrap();
            let x: Vec<f64> = x.into_iter().map(real).collect();
            let w: Vec<f64> = weights.into_iter().map(real).collect();
            oracle::correlate(&problem, &x, &w).into_iter().map(|re| oracle::Complex { re, im: 0.0 }).collect()
        }
    };
    let mut spec = case.spec();
    if let (faltung::PerAxis::Each(all), Some(c)) = (&mut spec.boundary, constant) {
        for boundary in all.iter_mut().filter(|b| matches!(b, Boundary::Constant(n) if n.to_complex().re == 5.0)) {
            *boundary = Boundary::Constant(Number::Real(c));
        }
    }
    let x = Array::new(samples_in, &case.shape).unwrap();
    let mut tested = 0;
    for &algorithm in Algorithm::ALL {
        let Ok(plan) = Plan::new(case.dtype, &case.shape, &case.weights(), &spec.clone().algorithm(algorithm)) else {
            continue;
        };
        let mut y = Array::<T>::zeros(plan.output_shape());
        plan.run(&x, &mut y, &mut plan.scratch()).unwrap();
        for (i, (y, expected)) in y.data().iter().zip(&expected).enumerate() {
            let y = parts(*y);
            assert!(
                same_class(case.dtype, y, *expected),
                "{algorithm} gives {y} for {expected:?} at {i}: {samples:?} {constant:?} {case}"
            );
            if expected.re.is_finite() && expected.im.is_finite() {
                let error = (y.re - expected.re).hypot(y.im - expected.im);
                assert!(error < 0.02, "{algorithm} is {error} off at {i}: {samples:?} {case}");
            }
            tested += 1;
        }
    }
    tested
}

#[test]
fn what_is_not_finite_reaches_exactly_the_outputs_whose_window_holds_it() {
    let mut tested = 0;
    for index in 0..6_000 {
        let mut rng = Rng(index);
        let dtype = rng.pick(&[Dtype::F32, Dtype::F64, Dtype::C64, Dtype::C128]);
        let dimensions = 1 + rng.below(3);
        let mut case = any(dtype, dimensions, [60, 9, 5][dimensions - 1], Size::Small, &mut rng);
        case.scale = (0, 0);
        let (samples, constant) = infect(&mut case, &mut rng);
        tested += match dtype {
            Dtype::F32 => footprint(&case, &samples, constant, |z| z.re as f32),
            Dtype::F64 => footprint(&case, &samples, constant, |z| z.re),
            Dtype::C64 => footprint(&case, &samples, constant, |z| Complex::new(z.re as f32, z.im as f32)),
            _ => footprint(&case, &samples, constant, |z| z),
        };
    }
    assert!(tested > 200_000, "{tested}");
}

#[test]
fn a_zero_weight_meets_an_infinity_too() {
    let x = line(vec![1.0f32, 1.0, f32::INFINITY, 1.0, 1.0, 1.0, 1.0]);
    for algorithm in [Algorithm::Direct, Algorithm::Fft, Algorithm::OverlapSave] {
        let y = by(algorithm, &x, &Kernel::real(&[3], vec![1.0, 0.0, 2.0]).unwrap(), &Spec::new()).unwrap();
        assert!(y[2] == f32::INFINITY && y[3].is_nan() && y[4] == f32::INFINITY, "{algorithm}: {y:?}");
        assert!(y.iter().enumerate().all(|(i, y)| (2..5).contains(&i) || y.is_finite()), "{algorithm}: {y:?}");
    }
}

#[test]
fn an_overflow_on_the_way_does_not_flood() {
    let mut samples = vec![1.0f32; 400];
    samples[200..204].fill(0.9 * f32::MAX);
    let quarter = Kernel::real(&[4], vec![0.25; 4]).unwrap();
    for &algorithm in Algorithm::ALL {
        let Some(y) = by(algorithm, &line(samples.clone()), &quarter, &Spec::new()) else { continue };
        assert!(y.iter().all(|y| y.is_finite()), "{algorithm} overflows on the way");
        close((y[203] / f32::MAX).into(), 0.9, 1e-6, algorithm);
        assert!(algorithm == Algorithm::Fft || (y[100] - 1.0).abs() < 1e-5, "{algorithm}: {}", y[100]);
    }
    // Where the sum itself overflows, it is infinite there and nowhere else.
    let ones = Kernel::real(&[2], vec![1.0; 2]).unwrap();
    for &algorithm in Algorithm::ALL {
        let Some(y) = by(algorithm, &line(samples.clone()), &ones, &Spec::new()) else { continue };
        let infinite: Vec<usize> = (0..y.len()).filter(|&i| y[i] == f32::INFINITY).collect();
        assert_eq!(infinite, [201, 202, 203], "{algorithm}");
        assert!(y.iter().all(|y| !y.is_nan()), "{algorithm}");
    }
    let square = Array::new(samples, &[20, 20]).unwrap();
    let kernel = Kernel::real(&[2, 2], vec![0.25; 4]).unwrap();
    for &algorithm in Algorithm::ALL {
        let Some(y) = by(algorithm, &square, &kernel, &Spec::new()) else { continue };
        assert!(y.iter().all(|y| y.is_finite()), "{algorithm} overflows on the way");
    }
}

/// The policies' results, by every algorithm that takes it.
fn policies<T: Sample>(x: &[T], w: &[i128], wrapped: &[T], saturated: &[T], widened: Option<AnyArray>) {
    let kernel = Kernel::whole(&[w.len()], w.to_vec()).unwrap();
    let x = line(x.to_vec());
    let error = convolve(&x, &kernel, &Spec::new()).unwrap_err();
    assert!(matches!(error, Error::Overflow { dtype, .. } if dtype == T::DTYPE), "{error}");
    assert!(error.to_string().contains("choose overflow widen, wrap or saturate"), "{error}");
    for &algorithm in Algorithm::ALL {
        let result = |overflow| by(algorithm, &x, &kernel, &Spec::new().overflow(overflow));
        result(Overflow::Wrap).into_iter().for_each(|y| assert_eq!(y, wrapped, "{algorithm}"));
        result(Overflow::Saturate).into_iter().for_each(|y| assert_eq!(y, saturated, "{algorithm}"));
        match convolve_any(&x, &kernel, &Spec::new().overflow(Overflow::Widen).algorithm(algorithm)) {
            Ok(y) => assert_eq!(Some(y), widened, "{algorithm}"),
            Err(Error::NoAlgorithm { .. }) => {}
            Err(error) => assert!(widened.is_none() && matches!(error, Error::TooWide { .. }), "{error}"),
        }
    }
}

fn some<T: Sample>(samples: Vec<T>) -> Option<AnyArray>
where
    AnyArray: From<Array<T>>,
{
    Some(AnyArray::from(line(samples)))
}

#[test]
fn integers_overflow_as_the_policy_says() {
    policies(&[200u8, 100], &[1, 1], &[200, 44, 100], &[200, 255, 100], some(vec![200u16, 300, 100]));
    policies(&[200u8, 100], &[1, -1], &[200, 156, 156], &[200, 0, 0], some(vec![200i16, -100, -100]));
    policies(&[200u8, 100], &[1 << 20], &[0, 0], &[255, 255], some(vec![200u32 << 20, 100 << 20]));
    policies(&[-128i8, 127], &[1, 1], &[-128, -1, 127], &[-128, -1, 127], some(vec![-128i16, -1, 127]));
    policies(&[i16::MIN], &[-1], &[i16::MIN], &[i16::MAX], some(vec![32768i32]));
    policies(
        &[u32::MAX; 2],
        &[1, 1],
        &[u32::MAX, u32::MAX - 1, u32::MAX],
        &[u32::MAX; 3],
        some(vec![0xffff_ffffu64, 0x1_ffff_fffe, 0xffff_ffff]),
    );
    policies(
        &[i32::MIN, -1],
        &[1, 1],
        &[i32::MIN, i32::MAX, -1],
        &[i32::MIN, i32::MIN, -1],
        some(vec![-2147483648i64, -2147483649, -1]),
    );
    policies(&[u16::MAX, 1], &[-1], &[1, u16::MAX], &[0, 0], some(vec![-65535i32, -1]));
    policies(
        &[i64::MAX, 1],
        &[1, 1],
        &[i64::MAX, i64::MIN, 1],
        &[i64::MAX, i64::MAX, 1],
        some(vec![i64::MAX as u64, 1 << 63, 1]),
    );
    policies(&[i64::MIN, 5], &[-1], &[i64::MIN, -5], &[i64::MAX, -5], None);
    policies(&[u64::MAX, 2], &[1, 1], &[u64::MAX, 1, 2], &[u64::MAX, u64::MAX, 2], None);
}

#[test]
fn saturation_looks_beyond_64_bits() {
    // 2 MAX - MAX is MAX, though on the way it is more than 64 bits hold.
    policies(
        &[i64::MAX; 3],
        &[1, 1, -1],
        &[i64::MAX, -2, i64::MAX, 0, -i64::MAX],
        &[i64::MAX, i64::MAX, i64::MAX, 0, -i64::MAX],
        None,
    );
    policies(&[u64::MAX; 2], &[3, -2], &[u64::MAX - 2, u64::MAX, 2], &[u64::MAX, u64::MAX, 0], None);
    let all = [u64::MAX; 4];
    let y = convolve(&all, &[1i64 << 60; 4], &Spec::new().overflow(Overflow::Saturate)).unwrap();
    assert_eq!(y.data(), [u64::MAX; 7]);
    let too_wide = convolve(
        &[i64::MIN; 2],
        Kernel::whole(&[1], vec![i128::MAX]).unwrap(),
        &Spec::new().overflow(Overflow::Saturate),
    );
    assert!(matches!(too_wide, Err(Error::TooWide { .. })));
}

#[test]
fn an_overflow_is_found_before_anything_is_written() {
    let kernel = Kernel::whole(&[2], vec![1, 1]).unwrap();
    let plan = Plan::new(Dtype::U8, &[2], &kernel, &Spec::new()).unwrap();
    let mut y = [7u8; 3];
    let mut scratch = plan.scratch();
    assert!(matches!(
        plan.run(&[200u8, 100], &mut y, &mut scratch),
        Err(Error::Overflow { lowest: 0, highest: 400, .. })
    ));
    assert_eq!(y, [7; 3]);
    plan.run(&[100u8, 27], &mut y, &mut scratch).unwrap();
    assert_eq!(y, [100, 127, 27]);
    let promised = Plan::new(Dtype::U8, &[2], &kernel, &Spec::new().range((0, 127))).unwrap();
    assert!(matches!(promised.run(&[128u8, 0], &mut y, &mut scratch), Err(Error::Range { .. })));
    assert_eq!(y, [100, 127, 27]);
}

#[test]
fn real_weights_on_integers_round_half_to_even() {
    let half = Kernel::real(&[1, 1], vec![0.5]).unwrap();
    let x = Array::new(vec![1i32, 3, 5, 7, -1, -3, -5, 4], &[2, 4]).unwrap();
    assert_eq!(convolve(&x, &half, &Spec::new()).unwrap().data(), [0, 2, 2, 4, 0, -2, -2, 2]);
    let (x, more) = (line(vec![255u8, 3]), Kernel::real(&[1], vec![1.5]).unwrap());
    assert!(matches!(convolve(&x, &more, &Spec::new()), Err(Error::Overflow { highest: 382, .. })));
    assert_eq!(convolve(&x, &more, &Spec::new().overflow(Overflow::Wrap)).unwrap().data(), [126, 4]);
    assert_eq!(convolve(&x, &more, &Spec::new().overflow(Overflow::Saturate)).unwrap().data(), [255, 4]);
    let wide = convolve_any(&x, &more, &Spec::new().overflow(Overflow::Widen)).unwrap();
    assert_eq!(wide, AnyArray::from(line(vec![382u16, 4])));
    let negative = Kernel::real(&[1], vec![-1.0]).unwrap();
    assert_eq!(convolve(&x, &negative, &Spec::new().overflow(Overflow::Wrap)).unwrap().data(), [1, 253]);
    assert_eq!(convolve(&x, &negative, &Spec::new().overflow(Overflow::Saturate)).unwrap().data(), [0, 0]);
}
