//! Integers: what sums are made in, up to the last number that is exact there, and what becomes of them.

use faltung::{
    Algorithm, AnyArray, AnyView, Array, Dtype, Kernel, Mode, Overflow, Plan, Rounding, Sample, Spec, View, ViewMut,
};

/// What the plan's sums are made in, in its own words.
fn sums(plan: &Plan) -> String {
    plan.to_string().lines().next().unwrap().rsplit(' ').next().unwrap().to_owned()
}

/// By the definition: `full`, in whole numbers.
fn defined(x: &[i128], w: &[i128]) -> Vec<i128> {
    let mut y = vec![0; x.len() + w.len() - 1];
    for (i, x) in x.iter().enumerate() {
        w.iter().enumerate().for_each(|(k, w)| y[i + k] += x * w);
    }
    y
}

fn run<T: Sample>(plan: &Plan, x: &[T]) -> Vec<T> {
    let mut y = AnyArray::zeros(T::DTYPE, plan.output_shape());
    plan.run(T::view(View::new(x, &[x.len()]).unwrap()), &mut y, &mut plan.scratch()).unwrap();
    y.typed::<T>().unwrap().into_vec()
}

fn kernel(w: &[i128]) -> Kernel {
    Kernel::whole(&[w.len()], w.to_vec()).unwrap()
}

#[test]
fn sums_are_made_in_the_fastest_lanes_that_hold_them() {
    let of = |range: i128, w: &[i128]| {
        let spec = Spec::new().overflow(Overflow::Wrap).algorithm(Algorithm::Direct).range((-range, 3));
        sums(&Plan::new(Dtype::I64, &[99], &kernel(w), &spec).unwrap())
    };
    assert_eq!([of(1 << 23, &[1, -1]), of((1 << 23) + 1, &[1, -1])], ["f32", "f64"]);
    assert_eq!([of(1 << 50, &[1, -1]), of((1 << 50) + 1, &[1, -1])], ["f64", "i64"]);
    // A weight that no float holds, though all sums are zero.
    assert_eq!(of(0, &[(1 << 60) + 1]), "i64");
    let spec =
        Spec::new().overflow(Overflow::Wrap).boundary(faltung::Boundary::Constant(faltung::Number::Whole(1 << 24)));
    let plan = |spec: &Spec| Plan::new(Dtype::U8, &[9], &kernel(&[1, 1]), &spec.clone().algorithm(Algorithm::Direct));
    assert_eq!(sums(&plan(&spec).unwrap()), "f64", "a constant counts as a sample");
    assert_eq!(sums(&plan(&Spec::new()).unwrap()), "f32");
    // Transforms are exact in doubles where they are not in singles.
    let fft = Spec::new().overflow(Overflow::Wrap).algorithm(Algorithm::Fft);
    assert_eq!(sums(&Plan::new(Dtype::U8, &[999], &kernel(&[9; 99]), &fft).unwrap()), "f64");
}

#[test]
fn factors_must_stay_exact_too() {
    // M (1 1; 1 0) is M (1 1; 1 1) - M (0 0; 0 1): sums of 3 M in all, and of 5 M on the way.
    let mut weights = vec![0; 16];
    [0, 1, 4].into_iter().for_each(|at| weights[at] = 1 << 12);
    let kernel = Kernel::whole(&[4, 4], weights).unwrap();
    let x: Vec<i32> = (0..400).map(|i| if i % 7 < 5 { 1100 - i % 2 } else { 0 }).collect();
    let by = |algorithm| {
        let spec = Spec::new().overflow(Overflow::Wrap).algorithm(algorithm);
        let plan = Plan::for_data(View::new(&x, &[20, 20]).unwrap(), &kernel, &spec).unwrap();
        let mut y = vec![0; 23 * 23];
        plan.run(View::new(&x, &[20, 20]).unwrap(), ViewMut::new(&mut y, &[23, 23]).unwrap(), &mut plan.scratch())
            .unwrap();
        (sums(&plan), y)
    };
    let (direct, separable) = (by(Algorithm::Direct), by(Algorithm::Separable));
    assert_eq!((&*direct.0, &*separable.0), ("f32", "f64"));
    assert_eq!(direct.1, separable.1);
}

/// Samples and weights whose sums meet the ends of what a float holds, at all places of a vector.
fn edges<T: Sample + TryFrom<i128>>(least: i128, most: i128, w: &[i128])
where
    T::Error: std::fmt::Debug,
{
    let (low, high) = T::DTYPE.range().unwrap();
    let (least, most) = (least.max(low), most.min(high));
    let x: Vec<i128> =
        (0..233).map(|i| [least, most, 0, 1, most, most - 1, least + 1, most, least][i * i % 9]).collect();
    let samples: Vec<T> = x.iter().map(|&x| T::try_from(x).unwrap()).collect();
    let exact = defined(&x, w);
    let modulus = high - low + 1;
    let mut plans = 0;
    for algorithm in Algorithm::ALL {
        for rounding in Rounding::ALL {
            for overflow in [Overflow::Wrap, Overflow::Saturate, Overflow::Error] {
                let spec = Spec::new().mode(Mode::Full).overflow(overflow).rounding(*rounding).algorithm(*algorithm);
                let Ok(plan) = Plan::for_data(T::view(View::new(&samples, &[x.len()]).unwrap()), &kernel(w), &spec)
                else {
                    continue;
                };
                plans += 1;
                let expected = exact.iter().map(|&y| match overflow {
                    Overflow::Wrap => (y - low).rem_euclid(modulus) + low,
                    _ => y.clamp(low, high),
                });
                let actual = run(&plan, &samples).into_iter().map(|y| y.number().whole().unwrap());
                assert!(actual.eq(expected), "{algorithm} {overflow} {}: {plan}", T::DTYPE);
            }
        }
    }
    assert!(plans >= 4, "{plans} plans only");
}

#[test]
fn sums_are_exact_at_the_ends_of_the_lanes() {
    fn all<T: Sample + TryFrom<i128>>()
    where
        T::Error: std::fmt::Debug,
    {
        for bits in [22, 23, 24, 25, 31, 50, 51, 52, 53, 62] {
            for (beyond, w) in
                [(0, vec![1]), (1, vec![1]), (-1, vec![-1]), (0, vec![1, 1]), (1, vec![1, -1, 1]), (1, vec![3; 17])]
            {
                let most = ((1i128 << bits) + beyond) / w.len() as i128;
                edges::<T>(-most, most, &w);
            }
            // Small samples and large weights.
            edges::<T>(-1, 1, &[1 << bits, -1]);
            edges::<T>(-7, 9, &[(1 << bits) / 9, 1, -1]);
        }
    }
    all::<u8>();
    all::<i8>();
    all::<u16>();
    all::<i16>();
    all::<u32>();
    all::<i32>();
    all::<u64>();
    all::<i64>();
}

#[test]
fn ranges_are_found_wherever_samples_lie() {
    let memory: Vec<i32> = (0..2000).map(|i| (i * 7919) % 1000 - 300).collect();
    for (shape, strides) in
        [(vec![2000], vec![1]), (vec![999], vec![2]), (vec![20, 30], vec![31, 1]), (vec![7, 9], vec![1, 50])]
    {
        let view =
            View::with_strides(&memory, &shape, &strides, 1).unwrap_or_else(|_| View::new(&memory, &shape).unwrap());
        let ends = |all: Vec<i32>| (i128::from(*all.iter().min().unwrap()), i128::from(*all.iter().max().unwrap()));
        assert_eq!(AnyView::from(view.clone()).extent(), Some(ends(view.to_vec())));
        let swapped = view.to_vec().into_iter().map(i32::swap_bytes).collect();
        assert_eq!(AnyView::from(view).swapped().extent(), Some(ends(swapped)));
    }
    assert_eq!(
        AnyView::from(&Array::<u64>::new(vec![u64::MAX, 1 << 63], &[2]).unwrap()).extent(),
        Some((1 << 63, u64::MAX.into()))
    );
    assert_eq!(AnyView::from(&Vec::<i8>::new()).extent(), None);
}
