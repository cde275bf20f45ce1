//! Both gradients: by hand where that is short, and everywhere by the law that defines an adjoint.

use faltung_reference::{
    Axis, Boundary, Complex, Mode, Number, Problem, Spec, correlate, input_gradient, weight_gradient,
};

fn axis(boundary: Boundary<i128>, mode: Mode, len: usize, kernel: usize) -> Axis<i128> {
    Spec { boundary, ..Spec::new(mode) }.axis(len, kernel).unwrap()
}

#[test]
fn the_gradients_of_a_short_sum() {
    // y0 = a x0 + b x1, y1 = a x1 + b x2
    let problem = Problem::single(vec![axis(Boundary::Constant(0), Mode::Valid, 3, 2)]);
    let (x, weights, gy) = ([1, 2, 3], [10, 20], [1, 100]);
    assert_eq!(input_gradient(&problem, &gy, &weights), [10, 20 + 1000, 2000]);
    assert_eq!(weight_gradient(&problem, &x, &gy), [1 + 200, 2 + 300]);
}

#[test]
fn a_sample_collects_from_wherever_the_boundary_shows_it() {
    // one weight of 1, one output for each place from -3 to 5 around three samples
    let gy = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];
    let collected = |boundary| {
        let axis = Axis { len: 3, kernel: 1, out: 9, stride: 1, dilation: 1, upsample: 1, lead: 3, boundary };
        input_gradient(&Problem::single(vec![axis]), &gy, &[1])
    };
    assert_eq!(collected(Boundary::Constant(7)), [1_000, 10_000, 100_000]);
    assert_eq!(collected(Boundary::Nearest), [1_111, 10_000, 111_100_000]);
    assert_eq!(collected(Boundary::Reflect), [100_001_100, 10_010_010, 1_100_001]);
    assert_eq!(collected(Boundary::Mirror), [10_001_000, 101_010_101, 100_010]);
    assert_eq!(collected(Boundary::Wrap), [1_001_001, 10_010_010, 100_100_100]);
}

#[test]
fn constants_beyond_the_ends_move_the_weights_but_no_sample() {
    // y0 = 7a + b x0, y1 = a x0 + 7b
    let problem = Problem::single(vec![axis(Boundary::Constant(7), Mode::Full, 1, 2)]);
    assert_eq!(input_gradient(&problem, &[1, 100], &[3, 5]), [5 + 300]);
    assert_eq!(weight_gradient(&problem, &[2], &[1, 100]), [7 + 200, 2 + 700]);
}

#[test]
fn weights_collect_from_the_whole_batch() {
    let problem = Problem { batch: 2, ..Problem::single(vec![axis(Boundary::Constant(0), Mode::Valid, 1, 1)]) };
    assert_eq!(weight_gradient(&problem, &[2, 3], &[10, 100]), [20 + 300]);
    assert_eq!(input_gradient(&problem, &[10, 100], &[7]), [70, 700]);
}

#[test]
fn complex_gradients_conjugate_the_other_factor() {
    let axis = Spec::new(Mode::Valid).axis(1, 1).unwrap();
    let problem = Problem::single(vec![axis]);
    let one_plus_two_i = [Complex { re: 1.0, im: 2.0 }];
    let three_plus_i = [Complex { re: 3.0, im: 1.0 }];
    // (3 + i)(1 - 2i) = 5 - 5i
    assert_eq!(input_gradient(&problem, &three_plus_i, &one_plus_two_i), [Complex { re: 5.0, im: -5.0 }]);
    assert_eq!(weight_gradient(&problem, &one_plus_two_i, &three_plus_i), [Complex { re: 5.0, im: -5.0 }]);
}

/// `<a, b> = sum a * conj(b)`.
fn inner<T: Number>(a: &[T], b: &[T]) -> T {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).fold(T::ZERO, |sum, (a, b)| sum.add(a.mul(b.conj())))
}

/// Whole numbers from -8 to 8 without a visible pattern.
fn numbers(seed: u64, shape: &[usize]) -> Vec<i128> {
    let mut state = seed;
    let next = |_| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) as i128 % 17 - 8
    };
    (0..shape.iter().product()).map(next).collect()
}

/// Complex numbers with such parts.
fn complex_numbers(seed: u64, shape: &[usize]) -> Vec<Complex> {
    let parts = numbers(seed, shape).into_iter().zip(numbers(seed + 100, shape));
    parts.map(|(re, im)| Complex { re: re as f64, im: im as f64 }).collect()
}

/// Every axis of small steps and lengths for this boundary, for both odd and even leads, negative ones included.
fn axes<T: Number>(boundary: Boundary<T>) -> Vec<Axis<T>> {
    let mut axes = vec![];
    for (len, kernel) in [(1, 1), (1, 4), (2, 5), (5, 2), (7, 3)] {
        for (stride, dilation, upsample) in [(1, 1, 1), (2, 1, 1), (1, 3, 1), (1, 1, 2), (3, 2, 1), (2, 3, 3)] {
            for lead in [-2, 0, 1, 4] {
                axes.push(Axis { len, kernel, out: 6, stride, dilation, upsample, lead, boundary });
            }
        }
    }
    axes
}

/// `<Ax, y> = <x, A^T y>` for both gradients, whichever numbers `draw` gives.
fn assert_adjoint<T: Number + PartialEq + std::fmt::Debug>(problem: &Problem<T>, draw: fn(u64, &[usize]) -> Vec<T>) {
    let x = draw(1, &problem.input_shape());
    let weights = draw(2, &problem.weight_shape());
    let gy = draw(3, &problem.output_shape());
    let left = inner(&correlate(problem, &x, &weights), &gy);
    assert_eq!(left, inner(&x, &input_gradient(problem, &gy, &weights)), "input: {problem:?}");
    assert_eq!(left, inner(&weights, &weight_gradient(problem, &x, &gy)), "weights: {problem:?}");
}

fn linear_boundaries<T: Number>() -> [Boundary<T>; 5] {
    [Boundary::Constant(T::ZERO), Boundary::Nearest, Boundary::Reflect, Boundary::Mirror, Boundary::Wrap]
}

#[test]
fn both_gradients_are_adjoints_on_one_axis() {
    for axis in linear_boundaries().into_iter().flat_map(axes) {
        assert_adjoint(&Problem::single(vec![axis]), numbers);
    }
}

#[test]
fn both_gradients_are_adjoints_with_channels_groups_and_batch_on_two_axes() {
    let fast = axes(Boundary::Reflect);
    for boundary in linear_boundaries() {
        for (slow, fast) in axes(boundary).into_iter().step_by(7).zip(fast.iter().rev().step_by(5)) {
            let problem = Problem { batch: 2, groups: 2, inputs: 3, outputs: 2, axes: vec![slow, *fast] };
            assert_adjoint(&problem, numbers);
        }
    }
}

#[test]
fn both_gradients_are_adjoints_for_complex_numbers() {
    for axis in linear_boundaries().into_iter().flat_map(axes) {
        let problem = Problem { inputs: 2, ..Problem::single(vec![axis]) };
        assert_adjoint(&problem, complex_numbers);
    }
}

#[test]
fn with_a_constant_the_map_is_affine_and_the_law_holds_for_its_linear_part() {
    for axis in axes(Boundary::Constant(5)) {
        let problem = Problem::single(vec![axis]);
        let x = numbers(1, &problem.input_shape());
        let weights = numbers(2, &problem.weight_shape());
        let gy = numbers(3, &problem.output_shape());
        let y = correlate(&problem, &x, &weights);
        let y_of_zero = correlate(&problem, &vec![0; x.len()], &weights);
        let gx = input_gradient(&problem, &gy, &weights);
        assert_eq!(inner(&y, &gy) - inner(&y_of_zero, &gy), inner(&x, &gx));
        assert_eq!(inner(&y, &gy), inner(&weights, &weight_gradient(&problem, &x, &gy)));
    }
}
