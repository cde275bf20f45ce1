//! Laws that hold whatever the numbers: linear, commutative, associative, shift, impulse, and the adjoints.

mod support;

use faltung::{
    Array, Boundary, Complex, Dtype, Kernel, Mode, Operation, Sample, Spec, convolve, correlate, input_gradient,
    weight_gradient,
};
use faltung_reference as oracle;
use proptest::{collection::vec, prelude::*};
use support::{
    Case, Cast, Gauss, Rng,
    made::{Size, any},
    parts, transposed,
};

fn full(x: &[i64], w: &[i64]) -> Vec<i64> {
    convolve(x, w, &Spec::new()).unwrap().into_vec()
}

fn samples(from: usize) -> impl Strategy<Value = Vec<i64>> {
    vec(-99i64..100, from..40)
}

fn boundary() -> impl Strategy<Value = Boundary> {
    prop_oneof![
        Just(Boundary::zero()),
        Just(Boundary::Nearest),
        Just(Boundary::Reflect),
        Just(Boundary::Mirror),
        Just(Boundary::Wrap)
    ]
}

fn mode() -> impl Strategy<Value = Mode> {
    prop_oneof![
        Just(Mode::Full),
        Just(Mode::Same),
        (0..9usize, 0..9usize).prop_map(|(before, after)| Mode::Padded { before: before + 12, after })
    ]
}

fn added(a: &[i64], times: i64, b: &[i64]) -> Vec<i64> {
    a.iter().zip(b).map(|(a, b)| a + times * b).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn it_is_linear_in_the_signal_and_in_the_kernel(
        both in vec((-99i64..100, -99i64..100), 1..40), weights in vec((-9i64..10, -9i64..10), 1..12), times in -9i64..10,
        boundary in boundary(), mode in mode(), stride in 1..4usize, dilation in 1..3usize, upsample in 1..3usize,
    ) {
        let spec = Spec::new().mode(mode).boundary(boundary).stride(stride).dilation(dilation).upsample(upsample);
        let spec = match mode {
            Mode::Padded { before, after } => spec.mode(Mode::Padded { before: before + 22, after }),
            _ => spec,
        };
        let (a, b): (Vec<_>, Vec<_>) = both.into_iter().unzip();
        let (v, w): (Vec<_>, Vec<_>) = weights.into_iter().unzip();
        let run = |x: &[i64], w: &[i64]| convolve(x, w, &spec).unwrap().into_vec();
        prop_assert_eq!(run(&added(&a, times, &b), &w), added(&run(&a, &w), times, &run(&b, &w)));
        prop_assert_eq!(run(&a, &added(&v, times, &w)), added(&run(&a, &v), times, &run(&a, &w)));
    }

    #[test]
    fn signal_and_kernel_may_be_exchanged(x in samples(1), w in samples(1)) {
        prop_assert_eq!(full(&x, &w), full(&w, &x));
    }

    #[test]
    fn kernels_may_be_convolved_first(x in samples(1), v in samples(1), w in samples(1)) {
        prop_assert_eq!(full(&full(&x, &v), &w), full(&x, &full(&v, &w)));
    }

    #[test]
    fn a_later_signal_gives_a_later_result(x in samples(1), w in samples(1), shift in 0..20usize) {
        let late = |all: &[i64]| [vec![0; shift], all.to_vec()].concat();
        prop_assert_eq!(full(&late(&x), &w), late(&full(&x, &w)));
    }

    #[test]
    fn a_periodic_signal_may_be_turned(x in samples(1), w in samples(1), turn in 0..40usize) {
        let spec = Spec::new().mode(Mode::Same).boundary(Boundary::Wrap);
        let run = |x: &[i64]| convolve(x, &w, &spec).unwrap().into_vec();
        let turned = |all: &[i64]| { let mut all = all.to_vec(); let n = all.len(); all.rotate_left(turn % n); all };
        prop_assert_eq!(run(&turned(&x)), turned(&run(&x)));
    }

    #[test]
    fn an_impulse_shows_the_kernel(w in samples(1), before in 0..9usize, after in 0..9usize) {
        let x = [vec![0; before], vec![1], vec![0; after]].concat();
        let framed = |w: Vec<i64>| [vec![0; before], w, vec![0; after]].concat();
        prop_assert_eq!(full(&x, &w), framed(w.clone()));
        let turned: Vec<i64> = w.iter().rev().copied().collect();
        prop_assert_eq!(correlate(&x, &w, &Spec::new()).unwrap().into_vec(), framed(turned));
    }

    #[test]
    fn steps_leave_out_stretch_and_spread(
        x in samples(1), w in vec(-9i64..10, 1..9), stride in 1..5usize, dilation in 1..5usize, upsample in 1..5usize,
    ) {
        let spread = |all: &[i64], by: usize| {
            let mut spread = vec![0; (all.len() - 1) * by + 1];
            all.iter().enumerate().for_each(|(i, &n)| spread[i * by] = n);
            spread
        };
        let spec = Spec::new().stride(stride).dilation(dilation).upsample(upsample);
        let dense = full(&spread(&x, upsample), &spread(&w, dilation));
        let every: Vec<i64> = dense.into_iter().step_by(stride).collect();
        prop_assert_eq!(convolve(&x, &w, &spec).unwrap().into_vec(), every);
    }

    #[test]
    fn a_product_of_kernels_is_one_after_the_other(
        x in vec(-99i64..100, 30), v in vec(-9i64..10, 1..7), w in vec(-9i64..10, 1..7), boundary in boundary(),
    ) {
        let x = Array::new(x, &[5, 6]).unwrap();
        let product: Vec<i64> = v.iter().flat_map(|v| w.iter().map(move |w| v * w)).collect();
        let product = Kernel::from(&Array::new(product, &[v.len(), w.len()]).unwrap());
        let spec = Spec::new().boundary(boundary).mode(Mode::Same);
        let rows = convolve(&x, &v, &spec.clone().axes([0])).unwrap();
        let both = convolve(&rows, &w, &spec.clone().axes([1])).unwrap();
        prop_assert_eq!(convolve(&x, product, &spec).unwrap(), both);
    }
}

/// A case of small whole numbers, one of several types, and the gradient of its outputs.
fn case(seed: u64) -> Option<(Case, Vec<Gauss>)> {
    let mut rng = Rng(seed);
    let dtype = rng.pick(&[Dtype::I64, Dtype::I64, Dtype::I32, Dtype::F64, Dtype::F32, Dtype::C64, Dtype::C128]);
    let dimensions = 1 + rng.below(4);
    let mut case = any(dtype, dimensions, [30, 9, 5, 4][dimensions - 1], Size::Small, &mut rng);
    (case.scale, case.range) = ((0, 0), None);
    let outputs: usize = case.problem()?.output_shape().iter().product();
    let complex = dtype.is_complex();
    let part = |rng: &mut Rng, some: bool| if some { rng.whole(9) } else { 0 };
    let g = (0..outputs).map(|_| Gauss { re: part(&mut rng, true), im: part(&mut rng, complex) }).collect();
    Some((case, g))
}

fn array<T: Cast>(all: &[Gauss], shape: &[usize]) -> Array<T> {
    Array::new(all.iter().map(|&z| T::of(z, 0)).collect(), shape).unwrap()
}

/// `<a, b>`, the sum of `a * conj(b)`.
fn inner<T: Sample>(a: &[Complex<f64>], b: &[T]) -> Complex<f64> {
    a.iter().zip(b).map(|(&a, &b)| a * parts(b).conj()).sum()
}

fn all_parts<T: Sample>(array: &Array<T>) -> Vec<Complex<f64>> {
    array.data().iter().map(|&sample| parts(sample)).collect()
}

fn near(a: Complex<f64>, b: Complex<f64>, dtype: Dtype) -> bool {
    let slack = if dtype.is_integer() { 0.0 } else { 1e-4 * (1.0 + b.norm()) };
    (a - b).norm() <= slack
}

fn assert_same<T: Sample>(actual: &Array<T>, expected: &[Gauss], case: &Case, what: &str) {
    assert_eq!(actual.data().len(), expected.len());
    for (i, (&a, &e)) in actual.data().iter().zip(expected).enumerate() {
        let e = Complex::new(e.re as f64, e.im as f64);
        let slack = if case.dtype.is_integer() { 0.0 } else { 1e-3 };
        assert!((parts(a) - e).norm() <= slack, "{what}: {a:?} for {e} at {i} of {case}");
    }
}

/// Both gradients: what the oracle says, and adjoint to the convolution itself.
fn gradients<T: Cast>(case: &Case, g: &[Gauss]) {
    let spec = case.spec();
    let problem = case.problem().unwrap();
    let kernel = case.weights();
    let run = |x: &Array<T>, kernel: &Kernel| match case.operation {
        Operation::Convolve => convolve(x, kernel, &spec).unwrap(),
        Operation::Correlate => correlate(x, kernel, &spec).unwrap(),
    };
    let x = array::<T>(&case.x, &case.shape);
    let y = run(&x, &kernel);
    let g_array = array::<T>(g, y.shape());

    let gx = input_gradient(&g_array, &kernel, &case.shape, &spec).unwrap();
    assert_same(&gx, &oracle::input_gradient(&problem, g, &case.reference_weights()), case, "input");
    // Constants make the map affine: the linear part is what it adds to nothing.
    let nothing = run(&Array::zeros(&case.shape), &kernel);
    let linear: Vec<_> = all_parts(&y).into_iter().zip(all_parts(&nothing)).map(|(y, zero)| y - zero).collect();
    let (a, b) = (inner(&linear, g_array.data()), inner(&all_parts(&x), gx.data()));
    assert!(near(a, b, case.dtype), "<Ax, y> = {a}, <x, A'y> = {b} in {case}");

    let gw = weight_gradient(&x, &g_array, &case.kernel_shape(), &spec).unwrap();
    assert_same(&gw, &weights_back(case, &oracle::weight_gradient(&problem, &case.x, g)), case, "weights");
    let w = array::<T>(&case.w, &case.kernel_shape());
    let (a, b) = (inner(&all_parts(&y), g_array.data()), inner(&all_parts(&w), gw.data()));
    // Correlation is linear in the conjugate of the kernel.
    let b = if case.operation == Operation::Correlate { b.conj() } else { b };
    assert!(near(a, b, case.dtype), "<Wx, y> = {a}, <w, W'y> = {b} in {case}");
}

/// The gradient of what the definition correlates with as one of the weights that were given.
fn weights_back(case: &Case, gradient: &[Gauss]) -> Vec<Gauss> {
    let mut order: Vec<usize> = (0..case.along.len()).collect();
    order.sort_by_key(|&k| case.along[k].axis);
    let sorted: Vec<usize> = order.iter().map(|&k| case.along[k].kernel).collect();
    let gradient = match case.operation {
        Operation::Convolve => oracle::flip(gradient, &sorted),
        Operation::Correlate => gradient.iter().map(|&z| oracle::Number::conj(z)).collect(),
    };
    let back: Vec<usize> = (0..order.len()).map(|k| order.iter().position(|&o| o == k).unwrap()).collect();
    gradient.chunks(sorted.iter().product()).flat_map(|block| transposed(block, &sorted, &back)).collect()
}

#[test]
fn both_gradients_are_the_adjoints() {
    let tested = (0..20_000).filter_map(case).filter(|(case, g)| {
        for_dtype!(case.dtype, gradients::<_>(case, g));
        !g.is_empty()
    });
    let tested = tested.count();
    assert!(tested > 8_000, "{tested}");
}
