//! Every option of the sum, on a few numbers.

use crate::support::Trial;

/// The lines that `faltung convolve` prints.
fn sums(words: &str) -> String {
    Trial::new().lines(&format!("convolve {words}"))
}

#[test]
fn the_default_is_the_full_result_with_zeros_beyond_the_ends() {
    assert_eq!(sums("3,0,5,0,2,1 5,4,3,2,1"), "15 12 34 26 28 23 15 7 4 1");
}

#[test]
fn modes_choose_how_much_of_it() {
    assert_eq!(sums("1,2,4 1,10,100 --mode full"), "1 12 124 240 400");
    assert_eq!(sums("1,2,4 1,10,100 --mode same"), "12 124 240");
    assert_eq!(sums("1,2,4 1,10,100 --mode valid"), "124");
    assert_eq!(sums("1,2,4 1,10,100 --pad 1"), "12 124 240");
    assert_eq!(sums("1,2,4 1,10,100 --pad 2:0"), "1 12 124");
    assert_eq!(sums("1,2;3,4 1,1;1,1 --mode full,valid"), "3 10 7");
}

#[test]
fn boundaries_say_what_is_beyond_the_ends() {
    let same = |boundary: &str| sums(&format!("1,2,4 1,1,1 --mode same --boundary {boundary}"));
    assert_eq!(same("constant"), "3 7 6");
    assert_eq!(same("constant:10"), "13 7 16");
    assert_eq!(same("constant:-10"), "-7 7 -4");
    assert_eq!(same("constant:0.5"), "3.5 7 6.5");
    assert_eq!(same("nearest"), "4 7 10");
    assert_eq!(same("reflect"), "4 7 10");
    assert_eq!(same("mirror"), "5 7 8");
    assert_eq!(same("wrap"), "7 7 7");
    assert_eq!(sums("1,2;3,4 1,1,1;1,1,1;1,1,1 --mode same --boundary wrap,constant:0"), "17,17 13,13");
}

#[test]
fn axes_are_named_from_either_end() {
    assert_eq!(sums("1,2;3,4 1,1 --axis 0"), "1,2 4,6 3,4");
    assert_eq!(sums("1,2;3,4 1,1 --axis 1"), "1,3,2 3,7,4");
    assert_eq!(sums("1,2;3,4 1,1 --axis -1"), "1,3,2 3,7,4");
    // The kernel's first axis lies along the input's last.
    assert_eq!(sums("1,2;3,4 1;10 --axis 1,0"), "1,12,20 3,34,40");
}

#[test]
fn strides_and_dilations_skip() {
    assert_eq!(sums("1,2,4,8 1,1 --stride 2"), "1 6 8");
    assert_eq!(sums("1,2,4,8 1,1 --dilation 2"), "1 2 5 10 4 8");
    assert_eq!(sums("1,2;3,4 1 --axis 0 --stride 2"), "1,2");
    assert_eq!(sums("1,2,3;4,5,6 1;1 --stride 1,2 --mode same"), "1,3 5,9");
    assert_eq!(sums("1;2;3 1;1 --dilation 2,1"), "1 2 4 2 3");
}

#[test]
fn an_anchor_shifts_mode_same() {
    assert_eq!(sums("1,2,4 1,10,100 --anchor 0"), "1 12 124");
    assert_eq!(sums("1,2,4 1,10,100 --anchor 2 --mode same"), "124 240 400");
}

#[test]
fn correlation_does_not_turn_the_kernel_round() {
    assert_eq!(sums("1,2,4 0,1,10 --correlate"), "10 21 42 4 0");
    assert_eq!(sums("1,2,4 0,1,10"), "0 1 12 24 40");
}

#[test]
fn every_algorithm_gives_the_same() {
    for algorithm in ["direct", "fft", "overlap_save", "running_sum"] {
        assert_eq!(sums(&format!("3,0,5,0,2,1 1,1,1 --algorithm {algorithm}")), "3 3 8 5 7 3 3 1", "{algorithm}");
    }
    assert_eq!(sums("1,2;3,4 1,1;1,1 --algorithm separable"), "1,3,2 4,10,6 3,7,4");
}

#[test]
fn accuracy_may_be_asked_for_in_each_output() {
    // Beside 1e12, a transform would lose the ones.
    assert_eq!(sums("1e12,1,1 1,1 --accuracy componentwise"), "1000000000000 1000000000001 2 1");
    assert_eq!(sums("1,1 1,1 --accuracy normwise"), "1 2 1");
}

#[test]
fn what_is_missing_propagates_or_is_left_out_or_interpolated() {
    let valid = |policy: &str| sums(&format!("2,nan,6,8 1,1 --mode valid --missing {policy}"));
    assert_eq!(valid("propagate"), "NaN NaN 14");
    assert_eq!(valid("omit"), "2 6 14");
    assert_eq!(valid("interpolate"), "4 12 14");
    let error = Trial::new().complains("convolve 2,nan,6 1,1 --missing raise");
    assert!(
        error.contains("samples are missing: 1, the first at index [1]") && error.contains("--missing omit"),
        "{error}"
    );
    // Means of what there is: gaps of a table, and nothing beyond the ends.
    let trial = Trial::new().file("a.csv", "day,x\n1,1\n2,\n3,4\n");
    let mean = "convolve a.csv 1,1,1 --column x --gaps nan --normalize sum --missing interpolate --mode same";
    assert_eq!(trial.lines(&format!("{mean} --boundary constant:nan")), "1 2.5 4");
}

#[test]
fn kernels_may_be_normalised() {
    assert_eq!(sums("4,8,4 1,2,1 --mode valid --normalize sum"), "6");
    assert_eq!(sums("4,8 -1,1 --mode valid --normalize absolute_sum"), "-2");
    assert_eq!(sums("4,8 1,1 --mode valid --normalize none"), "12");
    let error = Trial::new().complains("convolve 4,8 -1,1 --normalize sum");
    assert!(error.contains("--normalize absolute_sum or none"), "{error}");
}

#[test]
fn overflow_is_an_error_or_a_policy() {
    let bytes = |policy: &str| sums(&format!("200,100 1,1 --dtype u8 --overflow {policy}"));
    assert_eq!(bytes("widen"), "200 300 100");
    assert_eq!(bytes("wrap"), "200 44 100");
    assert_eq!(bytes("saturate"), "200 255 100");
    assert!(Trial::new().complains("convolve 200,100 1,1 --dtype u8 --overflow error").contains("u8 holds 0 to 255"));
}

#[test]
fn types_are_taken_and_given() {
    assert_eq!(sums("1,2 0.5,0.25"), "0.5 1.25 0.5");
    // By rounding half to even: 0.5 and 1.25 and 0.5.
    assert_eq!(sums("1,2 0.5,0.25 --dtype i64"), "0 1 0");
    assert_eq!(sums("1,2 0.1 --dtype f32"), "0.1 0.2");
    assert_eq!(sums("16777217 1"), "16777217");
    assert_eq!(sums("16777217 1 --dtype f32"), "16777216");
    assert_eq!(sums("1,2 1+2i"), "1+2i 2+4i");
    assert_eq!(sums("1+2i,3 2 --dtype c64"), "2+4i 6+0i");
}

#[test]
fn work_may_be_bounded() {
    assert_eq!(sums("1,2 1,1 --threads 1"), "1 3 2");
    assert_eq!(sums("1,2 1,1 --threads 3 --max-memory 64K"), "1 3 2");
}

#[test]
fn numbers_may_begin_with_a_minus_and_options_still_work() {
    assert_eq!(sums("-1,2 -.5 --mode same"), "0.5 -1");
    assert_eq!(sums("1,2,3 -1,0,1"), "-1 -2 -2 2 3");
    assert_eq!(sums("1,2;3,4 -1 --axis -1"), "-1,-2 -3,-4");
}

#[test]
fn kernels_have_names() {
    assert_eq!(sums("1,2,6 ones:3 --mode same"), "3 9 8");
    assert_eq!(sums("3,6,9 box:3 --mode valid"), "6");
    assert_eq!(sums("1,2,4 sobel:x --mode valid"), "3");
}

#[test]
fn numbers_that_are_no_numbers_reach_the_outputs_whose_window_holds_them() {
    assert_eq!(sums("1,nan,1,1 1,0 --mode full"), "1 NaN NaN 1 0");
    assert_eq!(sums("1,inf,1 1,1"), "1 inf inf 1");
}
