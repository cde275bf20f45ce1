//! What the planner chooses, says and keeps: algorithms, words, threads.

mod support;

use std::sync::Arc;

use faltung::{Accuracy, Algorithm, Boundary, Dtype, Error, Kernel, Mode, Plan, Progress, Spec, kernel};
use support::{Cast, Rng, problems::problems, whole};

#[test]
fn the_result_does_not_depend_on_the_limit_of_memory() {
    let kernel = kernel::ones(&[9, 9]).unwrap();
    let x: Vec<i32> = {
        let mut rng = Rng(1);
        (0..200 * 300).map(|_| rng.whole(99) as i32).collect()
    };
    let x = faltung::Array::new(x, &[200, 300]).unwrap();
    let run = |spec: Spec| faltung::convolve(&x, &kernel, &spec.mode(Mode::Same).boundary(Boundary::Mirror)).unwrap();
    let free = run(Spec::new());
    for limit in [4_000, 40_000, 400_000] {
        assert_eq!(run(Spec::new().max_memory(limit)), free, "{limit}");
    }
}

fn chosen(dtype: Dtype, x: &[usize], kernel: &Kernel, spec: Spec) -> Algorithm {
    Plan::new(dtype, x, kernel, &spec).unwrap().algorithm()
}

/// Weights without any structure.
fn rough(shape: &[usize]) -> Kernel {
    let mut rng = Rng(7);
    Kernel::real(shape, (0..shape.iter().product()).map(|_| rng.whole(1000) as f64).collect()).unwrap()
}

#[test]
fn the_choice_is_the_one_that_a_reader_would_expect() {
    use Algorithm::*;
    let same = || Spec::new().mode(Mode::Same).threads(1);
    assert_eq!(chosen(Dtype::F32, &[1_000_000], &rough(&[3]), same()), Direct);
    assert_eq!(chosen(Dtype::F32, &[6], &rough(&[5]), same()), Direct);
    assert_eq!(chosen(Dtype::F32, &[2048, 2048], &rough(&[3, 3]), same()), Direct);
    assert_eq!(chosen(Dtype::F32, &[1_000_000], &rough(&[10_001]), same()), OverlapSave);
    assert_eq!(chosen(Dtype::F64, &[100_000], &rough(&[100_000]), same()), Fft);
    let transforms = [Fft, OverlapSave];
    assert!(transforms.contains(&chosen(
        Dtype::F64,
        &[1000, 1000],
        &rough(&[101, 101]),
        same().boundary(Boundary::Reflect)
    )));
    let box2001 = kernel::boxcar(&[2_001]).unwrap();
    let careful = || same().accuracy(Accuracy::Componentwise);
    assert_eq!(chosen(Dtype::F64, &[1_000_000], &box2001, careful()), RunningSum);
    let product = Kernel::real(&[31, 31], (0..961).map(|i| ((i / 31 + 1) * (i % 31 + 1)) as f64).collect()).unwrap();
    assert_eq!(chosen(Dtype::F32, &[1024, 1024], &product, same()), Separable);
    // Whole numbers without a promise are beyond what transforms get exactly.
    let whole = Kernel::whole(&[1_001], vec![3; 1000].into_iter().chain([4]).collect()).unwrap();
    let wrapping = same().overflow(faltung::Overflow::Wrap);
    assert_eq!(chosen(Dtype::I64, &[100_000], &whole, wrapping.clone()), Direct);
    assert_eq!(chosen(Dtype::I64, &[100_000], &whole, wrapping.range((0, 255))), OverlapSave);
    assert_eq!(chosen(Dtype::F64, &[100_000], &rough(&[10_001]), careful()), Direct);
}

#[test]
fn the_cheapest_of_all_answers_is_taken() {
    for (dtype, x, kernel, spec) in problems() {
        let plan = Plan::new(dtype, &x, &kernel, &spec).unwrap();
        assert_eq!(plan.answers().count(), Algorithm::ALL.len());
        let costs = plan.answers().filter_map(|(who, answer)| Some((who, answer.ok()?.nanoseconds)));
        let least = costs.min_by(|a, b| a.1.total_cmp(&b.1)).unwrap();
        assert_eq!((plan.algorithm(), plan.predicted_nanoseconds()), least);
    }
}

/// Every number as `#`.
fn words(text: &str) -> String {
    let mut words = String::new();
    for c in text.chars() {
        match c {
            '0'..='9' | '.' if words.ends_with('#') => {}
            '0'..='9' => words.push('#'),
            c => words.push(c),
        }
    }
    words.replace(" us", " ns").replace(" ms", " ns").replace("KiB", "B")
}

#[test]
fn a_plan_explains_itself() {
    let spec = Spec::new().mode(Mode::Same).accuracy(Accuracy::Componentwise).threads(1);
    let plan = Plan::new(Dtype::F32, &[40, 50], &rough(&[3, 5]), &spec).unwrap();
    assert_eq!(
        words(&plan.to_string()),
        "convolve of # x # f# by # x # weights gives # x # f#, summed in f#
  direct, # thread, # B of weights, tables and scratch
> direct       # ns, # B a thread
  gemm         refuses: so few output channels share no samples
  channels     refuses: so few output channels fill no vector
  dots         # ns, # B a thread
  winograd     refuses: the kernel is not of # by # along the last two axes, without stride and dilation
  separable    refuses: the kernel is not a sum of few products of vectors
  running_sum  refuses: the kernel's weights are not all the same
  fft          refuses: its errors are small beside the loudest sample near, not beside each output
  overlap_save refuses: its errors are small beside the loudest sample near, not beside each output
"
    );
    let error = Plan::new(Dtype::F32, &[40, 50], &rough(&[3, 5]), &spec.max_memory(10)).unwrap_err();
    assert!(error.to_string().starts_with("no algorithm takes this problem: direct: needs "), "{error}");
    assert!(error.to_string().contains("and 0 are allowed; gemm: "), "{error}");
}

/// Runs a plan for samples that round at every step, and gives the bits.
fn bits<T: Cast>(x: &[usize], kernel: &Kernel, spec: &Spec, threads: usize) -> (usize, Vec<T>) {
    let plan = Plan::new(T::DTYPE, x, kernel, &spec.clone().threads(threads)).unwrap();
    let mut rng = Rng(3);
    let samples: Vec<T> = (0..x.iter().product()).map(|_| T::of(whole(rng.whole(1 << 22)), -20)).collect();
    let samples = faltung::Array::new(samples, x).unwrap();
    let mut y = faltung::Array::<T>::zeros(plan.output_shape());
    plan.run(&samples, &mut y, &mut plan.scratch()).unwrap();
    (plan.threads(), y.into_vec())
}

#[test]
fn results_are_the_same_to_the_bit_for_any_number_of_threads() {
    let flat = |shape: &[usize]| Kernel::real(shape, vec![0.7; shape.iter().product()]).unwrap();
    let mut used = [0; 9];
    for (x, kernel) in [
        (vec![400_000], flat(&[101])),
        (vec![700, 800], flat(&[15, 13])),
        (vec![700, 800], rough(&[7, 9])),
        (vec![3, 60, 70, 80], flat(&[5, 5, 5])),
    ] {
        for &algorithm in Algorithm::ALL {
            let axes: Vec<isize> = (1..=kernel.shape().len() as isize).map(|i| -i).rev().collect();
            let spec = Spec::new().mode(Mode::Same).boundary(Boundary::Mirror).axes(axes).algorithm(algorithm);
            if Plan::new(Dtype::F32, &x, &kernel, &spec).is_err() {
                continue;
            }
            let (_, one) = bits::<f32>(&x, &kernel, &spec, 1);
            for threads in [2, 3, 8] {
                let (workers, many) = bits::<f32>(&x, &kernel, &spec, threads);
                used[workers] += 1;
                assert!(one == many, "{algorithm} by {workers} threads");
            }
        }
    }
    assert!(used[2] > 10 && used[3] > 10 && used[8] > 5, "threads were not used: {used:?}");
}

#[test]
fn scratch_of_another_plan_is_replaced() {
    let plan = |n| Plan::new(Dtype::F64, &[n], &Kernel::from(&[1.0, 2.0]), &Spec::new()).unwrap();
    let (short, long) = (plan(2), plan(3));
    let mut scratch = short.scratch();
    let mut y = [0.0; 4];
    long.run(&[1.0, 1.0, 1.0], &mut y, &mut scratch).unwrap();
    assert_eq!(y, [1.0, 3.0, 3.0, 2.0]);
    let mut other = Plan::new(Dtype::C64, &[2], &Kernel::from(&[1.0]), &Spec::new()).unwrap().scratch();
    long.run(&[1.0, 1.0, 1.0], &mut y, &mut other).unwrap();
    assert_eq!(y, [1.0, 3.0, 3.0, 2.0]);
}

#[test]
fn work_can_be_watched_and_stopped() {
    let progress = Arc::new(Progress::default());
    let spec = Spec::new().progress(progress.clone()).mode(Mode::Same);
    let plan = Plan::new(Dtype::F64, &[100_000], &rough(&[5]), &spec).unwrap();
    let (x, mut y) = (vec![1.0; 100_000], vec![0.0; 100_000]);
    plan.run(&x, &mut y, &mut plan.scratch()).unwrap();
    assert_eq!(progress.outputs(), (100_000, 100_000));
    progress.cancel();
    assert_eq!(plan.run(&x, &mut y, &mut plan.scratch()), Err(Error::Cancelled));
}

#[test]
fn what_cannot_be_is_an_error_and_no_panic() {
    let ask = |x: &[usize], kernel: &[usize], spec: Spec| {
        let kernel = Kernel::real(kernel, vec![1.0; kernel.iter().product()]).unwrap();
        Plan::new(Dtype::F64, x, &kernel, &spec).map(|plan| plan.memory())
    };
    assert!(matches!(ask(&[2, 5], &[3], Spec::new().groups(1)), Err(Error::Dimensions { .. })));
    assert!(ask(&[1], &[1, 1], Spec::new().groups(1)).is_ok());
    assert!(matches!(ask(&[5, 5], &[3], Spec::new()), Err(Error::Dimensions { .. })));
    assert!(matches!(ask(&[5], &[3], Spec::new().axes([1])), Err(Error::Axis { .. })));
    assert!(matches!(ask(&[5], &[3], Spec::new().stride([1, 2])), Err(Error::PerAxis { .. })));
    for huge in [1 << 40, 1 << 60, usize::MAX / 2, usize::MAX] {
        for (n, k) in [(10, 3), (1, 1), (1, 3), (10, 1)] {
            for spec in [Spec::new().stride(huge), Spec::new().dilation(huge), Spec::new().upsample(huge)] {
                if let Ok(bytes) = ask(&[n], &[k], spec.clone()) {
                    // What takes no outputs takes no memory.
                    let out = spec.problem(&[n], &[k]).unwrap().0.axes[0].out;
                    assert!(out > 1 << 20 || bytes < 1 << 20, "{bytes} bytes for {out} outputs: {spec:?}");
                }
            }
            let padded = Spec::new().mode(Mode::Padded { before: huge, after: huge });
            let _ = ask(&[n], &[k], padded);
        }
    }
}
