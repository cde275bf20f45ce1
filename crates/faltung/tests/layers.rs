//! Layers of networks: what PyTorch gave (`golden/layers.py` wrote it), what is refused, and weights that change.

use faltung::{
    Algorithm, Array, Error, PerAxis, Problem, Spec, View,
    nn::{Conv, Images, Layer, Padding, PaddingMode, Real, bias_gradient},
};

/// Whole numbers from -5 to 5, as `golden/layers.py` makes them.
fn whole<T: Real>(shape: &[usize], seed: i64) -> Array<T> {
    let number = |place: i64| (place * place * 3 + place * (7 + seed) + seed).rem_euclid(11) - 5;
    let count = shape.iter().product::<usize>() as i64;
    Array::new((0..count).map(|place| T::nearest(faltung::Number::Whole(number(place).into()))).collect(), shape)
        .unwrap()
}

struct Stored<'a> {
    kind: &'a str,
    options: Vec<(&'a str, &'a str)>,
    results: Vec<Vec<f64>>,
}

fn stored() -> Vec<Stored<'static>> {
    let mut lines = include_str!("../../../golden/layers.txt").lines().filter(|line| !line.starts_with('#')).peekable();
    let mut all = Vec::new();
    while let Some(line) = lines.next() {
        let mut words = line.split(' ');
        let kind = words.next().unwrap();
        let options = words.map(|word| word.split_once('=').unwrap()).collect();
        let mut results = Vec::new();
        while let Some(line) = lines.next_if(|line| !line.starts_with(char::is_alphabetic)) {
            results.push(line.split(' ').map(|number| number.parse().unwrap()).collect());
        }
        all.push(Stored { kind, options, results });
    }
    all
}

impl Stored<'_> {
    fn word(&self, option: &str) -> &str {
        self.options.iter().find(|(name, _)| *name == option).unwrap_or_else(|| panic!("no {option}")).1
    }

    fn numbers(&self, option: &str) -> Vec<usize> {
        self.word(option).split(',').map(|number| number.parse().unwrap()).collect()
    }

    fn conv(&self) -> Conv {
        let pair = |both: &str| {
            let (before, after) = both.split_once(':').unwrap_or((both, both));
            (before.parse().unwrap(), after.parse().unwrap())
        };
        let padding: Vec<(usize, usize)> = self.word("padding").split(',').map(pair).collect();
        let conv = Conv::new().stride(self.numbers("stride")).dilation(self.numbers("dilation")).padding(padding);
        conv.groups(self.word("groups").parse().unwrap())
    }
}

/// What is expected, exactly; of an algorithm that rounds, nearly.
fn agree<T: Real>(ours: &Array<T>, theirs: &[f64], tolerance: f64, what: &str) {
    assert_eq!(ours.data().len(), theirs.len(), "{what}");
    let largest = theirs.iter().map(|y| y.abs()).fold(1.0, f64::max);
    for (ours, theirs) in ours.data().iter().zip(theirs) {
        let ours = ours.number().to_complex().re;
        assert!((ours - theirs).abs() <= tolerance * largest, "{what}: {ours} for {theirs}");
    }
}

/// The array with its first axis last.
fn images_last<T: Real>(array: &Array<T>) -> Array<T> {
    let order: Vec<usize> = (1..array.shape().len()).chain([0]).collect();
    let view = array.view();
    let turned = view.permuted(&order);
    Array::new(turned.to_vec(), turned.shape()).unwrap()
}

/// And back.
fn images_first<T: Real>(array: &Array<T>) -> Array<T> {
    let last = array.shape().len() - 1;
    let order: Vec<usize> = [last].into_iter().chain(0..last).collect();
    let view = array.view();
    let turned = view.permuted(&order);
    Array::new(turned.to_vec(), turned.shape()).unwrap()
}

fn check<T: Real>(case: &Stored<'_>, algorithm: Option<Algorithm>, rounding: f64) {
    let mode: PaddingMode = case.word("padding_mode").parse().unwrap();
    let mut conv = case.conv().padding_mode(mode);
    conv.algorithm = algorithm;
    let (x, w) = (whole::<T>(&case.numbers("x"), 1), whole::<T>(&case.numbers("w"), 2));
    let bias = whole::<T>(&[w.shape()[0]], 3);
    let what = format!("{:?} by {algorithm:?}", case.options);
    let forced = |result: Result<Array<T>, Error>| match result {
        Err(Error::NoAlgorithm { .. }) if algorithm.is_some() => None,
        result => Some(result.unwrap_or_else(|error| panic!("{what}: {error}"))),
    };
    let tolerance = if algorithm == Some(Algorithm::Winograd) || algorithm.is_none() { rounding } else { 0.0 };
    let y_shape = conv.output_shape(x.shape(), w.shape()).unwrap();
    let gradient = whole::<T>(&y_shape, 4);
    if let Some(y) = forced(conv.forward(&x, &w, Some(bias.data()))) {
        assert_eq!(y.shape(), y_shape, "{what}");
        agree(&y, &case.results[0], tolerance, &what);
    }
    if let Some(gx) = forced(conv.input_gradient(&gradient, &w, x.shape())) {
        agree(&gx, &case.results[1], tolerance, &format!("to the input, {what}"));
    }
    if let Some(gw) = forced(conv.weight_gradient(&x, &gradient, w.shape())) {
        agree(&gw, &case.results[2], tolerance, &format!("to the weights, {what}"));
    }
    let mut gb = whole::<T>(&[w.shape()[0]], 5);
    bias_gradient(&gradient, Images::First, gb.data_mut()).unwrap();
    agree(&gb, &case.results[3], 0.0, &format!("to the bias, {what}"));

    let conv = conv.images(Images::Last);
    let (x, gradient) = (images_last(&x), images_last(&gradient));
    if let Some(y) = forced(conv.forward(&x, &w, Some(bias.data()))) {
        agree(&images_first(&y), &case.results[0], tolerance, &format!("images last, {what}"));
    }
    if let Some(gx) = forced(conv.input_gradient(&gradient, &w, x.shape())) {
        agree(&images_first(&gx), &case.results[1], tolerance, &format!("images last, to the input, {what}"));
    }
    if let Some(gw) = forced(conv.weight_gradient(&x, &gradient, w.shape())) {
        agree(&gw, &case.results[2], tolerance, &format!("images last, to the weights, {what}"));
    }
    bias_gradient(&gradient, Images::Last, gb.data_mut()).unwrap();
    agree(&gb, &case.results[3], 0.0, &format!("images last, to the bias, {what}"));
}

#[test]
fn pytorch_gave_the_same() {
    let all = stored();
    let (layers, transposed): (Vec<_>, Vec<_>) = all.iter().partition(|case| case.kind == "layer");
    assert_eq!((layers.len(), transposed.len()), (100, 25));
    for case in layers {
        let forced =
            [Algorithm::Direct, Algorithm::Gemm, Algorithm::Channels, Algorithm::Dots, Algorithm::Winograd].map(Some);
        for algorithm in forced.into_iter().chain([None]) {
            check::<f32>(case, algorithm, 1e-5);
            check::<f64>(case, algorithm, 1e-14);
        }
    }
    for case in transposed {
        let (x, w) = (whole::<f32>(&case.numbers("x"), 1), whole::<f32>(&case.numbers("w"), 2));
        let conv = case.conv();
        let bias = whole::<f32>(&[w.shape()[1] * conv.groups], 3);
        let y = conv.transposed(&x, &w, Some(bias.data()), case.numbers("output_padding")).unwrap();
        agree(&y, &case.results[0], 1e-5, &format!("transposed, {:?}", case.options));
    }
}

#[test]
fn weights_change_and_nothing_of_them_stays() {
    let conv = Conv::new().padding(1).padding_mode(PaddingMode::Circular);
    let mut layer = Layer::<f64>::new(&conv, &[2, 3, 7, 6], &[5, 3, 3, 3]).unwrap();
    let (x, g) = (whole::<f64>(&[2, 3, 7, 6], 1), whole::<f64>(&[2, 5, 7, 6], 2));
    for seed in 3..6 {
        let (w, bias) = (whole::<f64>(&[5, 3, 3, 3], seed), whole::<f64>(&[5], seed));
        let bias = (seed != 4).then(|| bias.data());
        layer.set_weights(&w, bias).unwrap();
        let (mut y, mut gx, mut gw) = (Array::zeros(&[2, 5, 7, 6]), Array::zeros(x.shape()), Array::zeros(w.shape()));
        layer.forward(&x, &mut y).unwrap();
        layer.input_gradient(&g, &mut gx).unwrap();
        layer.weight_gradient(&x, &g, &mut gw).unwrap();
        assert_eq!(y, conv.forward(&x, &w, bias).unwrap());
        assert_eq!(gx, conv.input_gradient(&g, &w, x.shape()).unwrap());
        assert_eq!(gw, conv.weight_gradient(&x, &g, w.shape()).unwrap());
    }
}

/// Padding may be wider than the signal is long, which PyTorch refuses; `<conv(x), g>` tells of both at once.
#[test]
fn gradients_are_adjoint_where_padding_is_wide() {
    for mode in PaddingMode::ALL {
        let conv = Conv::new().padding(7).padding_mode(*mode).stride(2);
        let (x, w) = (whole::<f64>(&[1, 2, 3], 1), whole::<f64>(&[4, 2, 4], 2));
        let y = conv.forward(&x, &w, None).unwrap();
        let g = whole::<f64>(y.shape(), 3);
        let product = |a: &Array<f64>, b: &Array<f64>| a.data().iter().zip(b.data()).map(|(a, b)| a * b).sum::<f64>();
        let all = product(&y, &g);
        assert_eq!(product(&x, &conv.input_gradient(&g, &w, x.shape()).unwrap()), all, "{mode}");
        assert_eq!(product(&w, &conv.weight_gradient(&x, &g, w.shape()).unwrap()), all, "{mode}");
        assert!(all != 0.0);
    }
}

#[test]
fn results_do_not_depend_on_threads() {
    let (x, w) = (whole::<f32>(&[3, 8, 60, 61], 1), whole::<f32>(&[16, 8, 3, 3], 2));
    for algorithm in [Algorithm::Gemm, Algorithm::Channels, Algorithm::Winograd] {
        let of = |threads| Conv::new().padding(1).algorithm(algorithm).threads(threads).forward(&x, &w, None).unwrap();
        assert_eq!(of(1), of(3), "{algorithm}");
    }
}

#[test]
fn what_is_no_layer_is_told() {
    let told = |conv: Conv, x: &[usize], w: &[usize]| conv.output_shape(x, w).unwrap_err().to_string();
    let plain = Conv::new;
    assert!(
        told(plain(), &[1, 3, 8, 8], &[4, 3]).starts_with("an input of shape [1, 3, 8, 8] and weights of shape [4, 3]")
    );
    assert!(told(plain(), &[8, 8], &[4, 3, 3, 3]).contains("are no layer's"));
    assert!(told(plain().images(Images::Last), &[3, 8, 8], &[4, 3, 3, 3]).contains("(last)"));
    assert!(
        told(plain(), &[1, 3, 8, 8], &[4, 2, 3, 3]).contains("the kernel's second axis must be the input channels")
    );
    assert!(told(plain().groups(2), &[1, 4, 8], &[3, 2, 3]).contains("the groups must divide the output channels"));
    assert!(told(plain().groups(0), &[1, 4, 8], &[3, 2, 3]).contains("at least one group"));
    assert!(told(plain(), &[1, 1, 4], &[1, 1, 5]).contains("the signal has 4 samples"));
    assert!(told(plain().stride(0), &[1, 1, 4], &[1, 1, 2]).contains("stride is 0"));
    assert!(told(plain().stride([1, 2]), &[1, 1, 4], &[1, 1, 2]).contains("stride"));
    assert!(told(plain().padding([1, 2]), &[1, 1, 4], &[1, 1, 2]).contains("padding"));
    assert!(
        told(plain().stride(2).padding(Padding::Same), &[1, 1, 4], &[1, 1, 2]).contains("padding same needs stride 1")
    );
    assert!(told(plain().dilation(usize::MAX), &[1, 1, 4], &[1, 1, 2]).contains("too large"));
    let (x, w) = (whole::<f32>(&[1, 1, 4], 1), whole::<f32>(&[1, 1, 2], 2));
    let bias = conv_error(Conv::new().forward(&x, &w, Some(&[1.0, 2.0])));
    assert!(bias.contains("the bias has shape [2]"), "{bias}");
    let extra = conv_error(Conv::new().stride(2).transposed(&x, &w, None, 2));
    assert!(extra.contains("extra is 2 along axis 0, but may be 1 at most"), "{extra}");
    let direct = Conv::new().algorithm(Algorithm::Winograd).forward(&x, &w, None);
    assert!(matches!(direct, Err(Error::NoAlgorithm { .. })));
}

fn conv_error(result: Result<Array<f32>, Error>) -> String {
    result.unwrap_err().to_string()
}

/// A layer is a correlation with channels: the same problem, and the same numbers.
#[test]
fn a_layer_is_a_problem_of_the_engine() {
    let conv = Conv::new().stride([2, 1]).padding([1, 2]).groups(2);
    let (x, w) = (whole::<f64>(&[2, 4, 9, 8], 1), whole::<f64>(&[6, 2, 3, 4], 2));
    let mut spec = Spec::new().stride([2, 1]).groups(2);
    let padded = |padding| faltung::Mode::Padded { before: padding, after: padding };
    spec.mode = PerAxis::from([padded(1), padded(2)]);
    let (problem, _): (Problem, _) = spec.problem(x.shape(), w.shape()).unwrap();
    assert_eq!(problem.outputs_in_all(), conv.output_shape(x.shape(), w.shape()).unwrap().iter().product::<usize>());
    let y = faltung::correlate(View::from(&x), &w, &spec).unwrap();
    assert_eq!(y, conv.forward(&x, &w, None).unwrap());
}
