//! Cases worked by hand, and what is refused.

use faltung::{
    Algorithm, Array, Boundary, Coverage, Dtype, Error, Kernel, Missing, Mode, Normalize, Observation, Overflow, Plan,
    Progress, Rounding, Spec, View, convolve, convolve_any, estimate, input_gradient, weight_gradient,
};

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
