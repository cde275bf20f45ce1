//! Integers by real weights: summed in single precision, with the integers that sums in double precision become.

use faltung::{
    Algorithm, AnyArray, AnyView, Array, Boundary, Kernel, Mode, Number, Overflow, Plan, Rounding, Sample, Spec, View,
};

/// Numbers that look random.
struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) % n
    }
}

/// Outputs that are not those of double precision, and whether the plan sums in single precision.
fn differing<T: Sample + Into<f64>>(x: &[T], shape: &[usize], kernel: &Kernel, spec: &Spec) -> (usize, bool)
where
    for<'a> AnyView<'a>: From<View<'a, T>>,
{
    let view = View::new(x, shape).unwrap();
    let plan = Plan::for_data(view.clone(), kernel, spec).unwrap();
    let in_singles = plan.to_string().lines().next().unwrap().contains("summed in f32");
    let mut y = AnyArray::zeros(T::DTYPE, plan.output_shape());
    plan.run(view, &mut y, &mut plan.scratch()).unwrap();
    let real: Vec<f64> = x.iter().map(|&x| x.into()).collect();
    let spec = spec.clone().algorithm(Algorithm::Direct);
    let sums = faltung::convolve(&Array::new(real, shape).unwrap(), kernel.clone(), &spec).unwrap();
    let (low, high) = T::DTYPE.range().unwrap();
    let wanted = sums.data().iter().map(|&sum| {
        let whole = match spec.rounding {
            Rounding::Nearest => sum.round_ties_even(),
            Rounding::TowardZero => sum.trunc(),
        } as i128;
        match spec.overflow {
            Overflow::Wrap => (whole - low).rem_euclid(high - low + 1) + low,
            _ => whole.clamp(low, high),
        }
    });
    let actual = y.typed::<T>().unwrap().into_vec();
    let differing = actual.into_iter().zip(wanted).filter(|(y, wanted)| y.number() != Number::Whole(*wanted)).count();
    (differing, in_singles)
}

/// Pictures of a type: noise, flat ones, ramps, and flat with some noise.
fn pictures(shape: &[usize], least: i64, most: i64) -> Vec<Vec<i64>> {
    let n: usize = shape.iter().product();
    let row = *shape.last().unwrap();
    let mut random = Random(7);
    let mut noise = |i: usize| least + (random.below((most - least + 1) as u64) as i64) * i64::from(i < usize::MAX);
    vec![
        (0..n).map(&mut noise).collect(),
        vec![most; n],
        vec![most / 2 + 1; n],
        (0..n).map(|i| least + (i % row + i / row) as i64 % (most - least + 1)).collect(),
        (0..n).map(|i| if i / 37 % 5 == 0 { noise(i) } else { most / 3 }).collect(),
    ]
}

/// Kernels of so many weights: as they come, of sum one, a mean, halves, decimals, and of both signs.
fn kernels(shape: &[usize]) -> Vec<Kernel> {
    let n: usize = shape.iter().product();
    let mut random = Random(n as u64);
    let any: Vec<f64> = (0..n).map(|_| (1 + random.below(1000)) as f64 / 1000.0 / n as f64).collect();
    let total: f64 = any.iter().sum();
    let all = [
        any.clone(),
        any.iter().map(|w| w / total).collect(),
        vec![1.0 / n as f64; n],
        (0..n).map(|i| (i % 4) as f64 / 8.0).collect(),
        (0..n).map(|i| (i % 7) as f64 / 10.0 / n as f64).collect(),
        any.iter().enumerate().map(|(i, w)| if i % 3 == 1 { -w } else { *w }).collect(),
    ];
    all.into_iter().map(|weights| Kernel::real(shape, weights).unwrap()).collect()
}

fn all<T: Sample + Into<f64>>(least: i64, most: i64, shapes: &[(&[usize], &[usize])], spec: &Spec)
where
    for<'a> AnyView<'a>: From<View<'a, T>>,
{
    let (mut plans, mut singles) = (0, 0);
    for (shape, kernel) in shapes {
        for picture in pictures(shape, least, most) {
            let x: Vec<T> = picture.iter().map(|&v| T::nearest(Number::Whole(v.into()))).collect();
            for kernel in kernels(kernel) {
                for rounding in [Rounding::Nearest, Rounding::TowardZero] {
                    for overflow in [Overflow::Wrap, Overflow::Saturate] {
                        let spec = spec.clone().rounding(rounding).overflow(overflow);
                        let (differing, in_singles) = differing(&x, shape, &kernel, &spec);
                        assert_eq!(differing, 0, "{spec:?}");
                        plans += 1;
                        singles += usize::from(in_singles);
                    }
                }
            }
        }
    }
    // Where lanes are few or sums are few, one way may cost as much as the other.
    assert!(2 * singles > plans || faltung::instruction_set() != "avx512", "{singles} of {plans} plans in singles");
}

#[test]
fn bytes_become_what_they_become_in_doubles() {
    let direct = Spec::new().algorithm(Algorithm::Direct);
    let pictures: [(&[usize], &[usize]); 5] =
        [(&[61, 300], &[3, 3]), (&[40, 97], &[7, 7]), (&[3000], &[31]), (&[9000], &[5]), (&[9, 7, 80], &[2, 3, 3])];
    all::<u8>(0, 255, &pictures, &direct);
    all::<i8>(-128, 127, &pictures[..2], &direct.clone().mode(Mode::Same).boundary(Boundary::Reflect));
    all::<u8>(0, 255, &pictures[1..], &direct.clone().stride(2).dilation(3).mode(Mode::Same));
    all::<u8>(
        0,
        255,
        &pictures[..2],
        &direct.clone().upsample(2).boundary(Boundary::Constant(Number::Real(2.5))).mode(Mode::Same),
    );
    all::<u16>(100, 4095, &pictures[..1], &direct);
}

#[test]
fn other_algorithms_agree_with_the_direct_sum_in_doubles() {
    for rounding in [Rounding::Nearest, Rounding::TowardZero] {
        for picture in pictures(&[80, 130], 0, 255) {
            let x: Vec<u8> = picture.iter().map(|&v| v as u8).collect();
            let line = [0.1, 0.25, 0.3, 0.25, 0.1];
            let product = Kernel::real(&[5, 5], line.iter().flat_map(|a| line.map(|b| a * b)).collect()).unwrap();
            // All weights are exact, but not their factors.
            let thirds = [3.0, 9.0, 5.0, 1.0, 7.0];
            let exact = thirds.iter().flat_map(|a| thirds.map(|b| a * b / 1024.0)).collect();
            let exact = Kernel::real(&[5, 5], exact).unwrap();
            let mean = Kernel::real(&[5, 5], vec![0.04; 25]).unwrap();
            let all = [(Algorithm::Separable, product), (Algorithm::Separable, exact), (Algorithm::RunningSum, mean)];
            for (algorithm, kernel) in all {
                let spec = Spec::new().algorithm(algorithm).rounding(rounding).overflow(Overflow::Saturate);
                assert_eq!(differing(&x, &[80, 130], &kernel, &spec).0, 0, "{spec:?}");
            }
        }
    }
}

#[test]
fn what_singles_cannot_tell_is_summed_in_doubles() {
    let x: Vec<u16> = (0..6000).map(|i| (i * 7919 % 65536) as u16).collect();
    let mean = |n: usize| Kernel::real(&[n], vec![1.0 / n as f64; n]).unwrap();
    let spec = Spec::new().algorithm(Algorithm::Direct);
    assert_eq!(differing(&x, &[6000], &mean(101), &spec), (0, false));
    // Halves are exact, however large.
    let halves = Kernel::real(&[4], vec![0.5, 0.25, 0.125, 0.125]).unwrap();
    assert_eq!(differing(&x, &[6000], &halves, &spec), (0, true));
    // A constant that is no single.
    let tenth = spec.clone().boundary(Boundary::Constant(Number::Real(0.1)));
    let bytes: Vec<u8> = x.iter().map(|&x| x as u8).collect();
    assert_eq!(differing(&bytes, &[6000], &mean(3), &tenth), (0, false));
    // Rows of three.
    let thirds = Kernel::real(&[3, 1], vec![0.3; 3]).unwrap();
    assert_eq!(differing(&bytes, &[2000, 3], &thirds, &spec), (0, false));
}
