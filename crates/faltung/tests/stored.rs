//! What SciPy and NumPy gave: the same numbers, by our words for theirs. `golden/make.py` wrote them.

use std::str::FromStr;

use faltung::{
    Array, Boundary, Complex, Error, Kernel, Mode, Number, Operation, PerAxis, Sample, Spec, convolve, correlate,
};

struct Stored<'a> {
    name: &'a str,
    options: Vec<(&'a str, &'a str)>,
    x: Array<Complex<f64>>,
    w: Array<Complex<f64>>,
    y: Array<Complex<f64>>,
}

fn array(line: &str) -> Array<Complex<f64>> {
    let (shape, numbers) = line[2..].split_once(" :").expect("a shape and numbers");
    let shape: Vec<usize> = shape.split('x').map(|n| n.parse().unwrap()).collect();
    let number = |word: &str| Number::from_str(word).unwrap().to_complex();
    Array::new(numbers.split_whitespace().map(number).collect(), &shape).unwrap()
}

fn stored(text: &str) -> Vec<Stored<'_>> {
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    lines
        .chunks_exact(5)
        .map(|lines| Stored {
            name: lines[0],
            options: lines[1].split(' ').map(|option| option.split_once('=').unwrap()).collect(),
            x: array(lines[2]),
            w: array(lines[3]),
            y: array(lines[4]),
        })
        .collect()
}

fn numbers<T: FromStr<Err: std::fmt::Debug>>(value: &str) -> Vec<T> {
    value.split(',').map(|n| n.parse().unwrap()).collect()
}

fn spec(options: &[(&str, &str)]) -> Result<Spec, Error> {
    options.iter().try_fold(Spec::new(), |spec, &(option, value)| {
        Ok(match option {
            "mode" => spec.mode(Mode::from_str(value)?),
            "boundary" => spec.boundary(Boundary::from_str(value)?),
            "operation" => spec.operation(value.parse()?),
            "anchor" => spec.anchor(PerAxis::from(numbers::<usize>(value))),
            "axes" => spec.axes(numbers::<isize>(value)),
            "upsample" => spec.upsample(numbers::<usize>(value)),
            "stride" => spec.stride(numbers::<usize>(value)),
            other => panic!("unknown option {other}"),
        })
    })
}

#[test]
fn scipy_and_numpy_gave_the_same() {
    let all = stored(include_str!("../../../golden/vectors.txt"));
    assert!(all.len() > 120, "{}", all.len());
    for case in all {
        agrees(&case, &case.x);
        if case.x.data().iter().chain(case.w.data()).all(|z| z.im == 0.0) {
            let real = case.x.data().iter().map(|z| z.re).collect();
            agrees(&case, &Array::new(real, case.x.shape()).unwrap());
        }
    }
}

fn agrees<T: Sample>(case: &Stored<'_>, x: &Array<T>) {
    let spec = spec(&case.options).unwrap();
    let real = || Kernel::real(case.w.shape(), case.w.data().iter().map(|z| z.re).collect()).unwrap();
    let kernel = if T::DTYPE.is_complex() { Kernel::from(&case.w) } else { real() };
    let y = match spec.operation {
        Operation::Convolve => convolve(x, &kernel, &spec).unwrap(),
        Operation::Correlate => correlate(x, &kernel, &spec).unwrap(),
    };
    assert_eq!(y.shape(), case.y.shape(), "{} {:?}", case.name, case.options);
    for (ours, theirs) in y.data().iter().zip(case.y.data()) {
        let ours = ours.number().to_complex();
        assert!((ours - theirs).norm() < 1e-11, "{} {:?}: {ours} for {theirs}", case.name, case.options);
    }
}
