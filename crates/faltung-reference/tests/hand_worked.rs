//! Cases that a reader can check on paper: the article's example, two axes, channels, groups, batches, complex numbers.

use faltung_reference::{Axis, Boundary, Complex, Mode, Problem, Spec, convolve_1d, correlate, flip, magnitude};

/// An axis of the plain case: every step is 1, and zeros lie beyond the ends.
fn plain(mode: Mode, len: usize, kernel: usize) -> Axis<i128> {
    Spec::new(mode).axis(len, kernel).unwrap()
}

#[test]
fn the_likes_of_all_posts_add_up() {
    // Each post gets 5 likes per unit of its worth on its day, 4 on the next, and so on.
    let (posts, likes) = ([3, 0, 5, 0, 2, 1], [5, 4, 3, 2, 1]);
    let total = convolve_1d::<i128>(&posts, &likes, &Spec::new(Mode::Full)).unwrap();
    assert_eq!(total, [15, 12, 34, 26, 28, 23, 15, 7, 4, 1]);
}

#[test]
fn digits_convolve_as_numbers_multiply() {
    // 321 * 132, lowest digit first, before carrying.
    let digits = convolve_1d::<i128>(&[1, 2, 3], &[2, 3, 1], &Spec::new(Mode::Full)).unwrap();
    assert_eq!(digits, [2, 7, 13, 11, 3]);
    assert_eq!(digits.iter().rev().fold(0, |number, digit| 10 * number + digit), 321 * 132);
}

#[test]
fn floats_of_both_widths_give_the_same() {
    let spec = Spec::<f64>::new(Mode::Full);
    assert_eq!(convolve_1d(&[1.0, 2.0], &[0.5, 0.25], &spec).unwrap(), [0.5, 1.25, 0.5]);
    let spec = Spec::<f32>::new(Mode::Full);
    assert_eq!(convolve_1d(&[1.0, 2.0], &[0.5, 0.25], &spec).unwrap(), [0.5, 1.25, 0.5]);
}

#[test]
fn complex_numbers_multiply_as_such_and_are_not_conjugated() {
    let c = |re, im| Complex { re, im };
    let x = [c(1.0, 2.0), c(0.0, 1.0)];
    let w = [c(3.0, 1.0), c(0.0, -1.0)];
    let y = convolve_1d(&x, &w, &Spec::new(Mode::Full)).unwrap();
    let first = c(1.0, 7.0); //  (1 + 2i)(3 + i)
    let second = c(1.0, 2.0); // (1 + 2i)(-i) + i(3 + i) = (2 - i) + (-1 + 3i)
    let third = c(1.0, 0.0); //  i(-i)
    assert_eq!(y, [first, second, third]);
}

#[test]
fn two_axes_slide_a_window_over_a_picture() {
    let picture = [
        1, 2, 3, //
        4, 5, 6, //
        7, 8, 9,
    ];
    let weights = [
        1, 10, //
        100, 1000,
    ];
    let valid = Problem::single(vec![plain(Mode::Valid, 3, 2), plain(Mode::Valid, 3, 2)]);
    assert_eq!(correlate(&valid, &picture, &weights), [5421, 6532, 8754, 9865]);
    assert_eq!(correlate(&valid, &picture, &flip(&weights, &[2, 2])), [1245, 2356, 4578, 5689]);

    // Full along the rows' axis only: a row of zeros above and one below.
    let tall = Problem::single(vec![plain(Mode::Full, 3, 2), plain(Mode::Valid, 3, 2)]);
    assert_eq!(correlate(&tall, &picture, &weights), [2100, 3200, 5421, 6532, 8754, 9865, 87, 98]);
}

#[test]
fn each_axis_has_its_own_steps_and_boundary() {
    // Two rows of three; the rows wrap round, the columns are dilated by two.
    let picture = [1, 2, 3, 4, 5, 6];
    let rows = Spec { boundary: Boundary::Wrap, anchor: Some(0), ..Spec::new(Mode::Same) }.axis(2, 2).unwrap();
    let columns = Spec { dilation: 2, ..Spec::new(Mode::Valid) }.axis(3, 2).unwrap();
    let problem = Problem::single(vec![rows, columns]);
    // 1 * above left + 10 * above right + 100 * left + 1000 * right, the row above the first being the last
    assert_eq!(correlate(&problem, &picture, &[1, 10, 100, 1000]), [4 + 60 + 100 + 3000, 1 + 30 + 400 + 6000]);
}

#[test]
fn three_axes_sum_over_a_cube() {
    let axes = vec![plain(Mode::Valid, 2, 2); 3];
    let cube = [1, 2, 3, 4, 5, 6, 7, 8];
    let digits = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000];
    assert_eq!(correlate(&Problem::single(axes), &cube, &digits), [87_654_321]);
}

#[test]
fn axes_of_length_one_change_nothing() {
    let line = plain(Mode::Full, 3, 2);
    let point = plain(Mode::Same, 1, 1);
    for axes in [vec![line], vec![point, line], vec![line, point], vec![point, line, point]] {
        assert_eq!(correlate(&Problem::single(axes), &[1, 2, 3], &[1, 10]), [10, 21, 32, 3]);
    }
}

#[test]
fn without_spatial_axes_it_is_a_product_of_matrices() {
    let problem = Problem { batch: 2, groups: 1, inputs: 2, outputs: 3, axes: vec![] };
    let y = correlate(&problem, &[1, 2, 3, 4], &[1, 0, 0, 1, 10, 100]);
    assert_eq!(y, [1, 2, 210, 3, 4, 430]);
}

#[test]
fn input_channels_are_summed_and_output_channels_are_not() {
    let problem = Problem { batch: 1, groups: 1, inputs: 2, outputs: 2, axes: vec![plain(Mode::Valid, 3, 2)] };
    let x = [
        1, 2, 3, // first input
        4, 5, 6, // second input
    ];
    let weights = [
        1, 10, 100, 1000, // first output: of the first input, of the second
        1, 0, 0, -1, // second output
    ];
    assert_eq!(correlate(&problem, &x, &weights), [5421, 6532, 1 - 5, 2 - 6]);
}

#[test]
fn groups_do_not_see_each_other() {
    let problem = Problem { batch: 1, groups: 2, inputs: 1, outputs: 2, axes: vec![plain(Mode::Valid, 2, 2)] };
    let x = [
        1, 2, // input of the first group
        3, 4, // input of the second
    ];
    let weights = [
        1, 10, 10, 1, // both outputs of the first group
        1, 100, 100, 1, // both outputs of the second
    ];
    assert_eq!(correlate(&problem, &x, &weights), [21, 12, 403, 304]);
}

#[test]
fn two_groups_of_two_inputs_take_their_own() {
    let problem = Problem { batch: 1, groups: 2, inputs: 2, outputs: 1, axes: vec![plain(Mode::Valid, 1, 1)] };
    assert_eq!(correlate(&problem, &[1, 2, 3, 4], &[1, 10, 100, 1000]), [21, 4300]);
}

#[test]
fn examples_of_a_batch_share_the_weights() {
    let problem = Problem { batch: 2, groups: 2, inputs: 1, outputs: 1, axes: vec![plain(Mode::Full, 1, 2)] };
    // one sample each; every result is both weights times that sample, turned round
    let y = correlate(&problem, &[1, 2, 3, 4], &[5, 6, 7, 8]);
    assert_eq!(y, [6, 5, 16, 14, 18, 15, 32, 28]);
}

#[test]
fn a_batch_of_none_is_empty() {
    let problem = Problem { batch: 0, groups: 1, inputs: 1, outputs: 1, axes: vec![plain(Mode::Full, 3, 2)] };
    assert_eq!(correlate(&problem, &[], &[1, 2]), []);
}

#[test]
fn channels_that_sum_nothing_are_zero() {
    let problem = Problem { batch: 1, groups: 1, inputs: 0, outputs: 1, axes: vec![plain(Mode::Full, 2, 2)] };
    assert_eq!(correlate(&problem, &[], &[]), [0, 0, 0]);
}

#[test]
fn flipping_turns_every_spatial_axis_round_and_no_channel() {
    assert_eq!(flip(&[1, 2, 3], &[3]), [3, 2, 1]);
    assert_eq!(flip(&[1, 2, 3, 4, 5, 6], &[3]), [3, 2, 1, 6, 5, 4], "two channels");
    assert_eq!(flip(&[1, 2, 3, 4, 5, 6], &[2, 3]), [6, 5, 4, 3, 2, 1], "one channel of two rows");
    assert_eq!(flip(&[1, 2, 3], &[]), [1, 2, 3], "three channels without spatial axes");
    assert_eq!(flip::<i128>(&[], &[0]), []);
}

#[test]
fn the_magnitude_has_no_cancellation() {
    let problem = Problem::single(vec![plain(Mode::Valid, 3, 3)]);
    assert_eq!(correlate(&problem, &[1, -2, 3], &[1, 1, -1]), [-4]);
    assert_eq!(magnitude(&problem, &[1, -2, 3], &[1, 1, -1]), [6.0]);

    let axis = Spec::new(Mode::Valid).axis(2, 2).unwrap();
    let x = [Complex { re: 3.0, im: 4.0 }, Complex { re: 0.0, im: -1.0 }];
    let w = [Complex { re: 0.0, im: 2.0 }, Complex { re: -7.0, im: 0.0 }];
    assert_eq!(magnitude(&Problem::single(vec![axis]), &x, &w), [5.0 * 2.0 + 1.0 * 7.0]);
}

#[test]
#[should_panic(expected = "x has 2 elements")]
fn a_signal_of_another_length_is_refused() {
    correlate(&Problem::single(vec![plain(Mode::Full, 3, 1)]), &[1, 2], &[1]);
}
