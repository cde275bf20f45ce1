//! The modes of one axis: what they begin with, how long they are, and when there is nothing to compute.

use faltung_reference::{Boundary, Mode, Mode::*, Spec, convolve_1d, correlate_1d};

fn spec(mode: Mode) -> Spec<i128> {
    Spec::new(mode)
}

/// `(lead, out)` of the axis for `len` samples and `kernel` weights.
fn lead_and_out(spec: Spec<i128>, len: usize, kernel: usize) -> Option<(i64, usize)> {
    spec.axis(len, kernel).map(|axis| (axis.lead, axis.out))
}

#[test]
fn the_modes_cut_pieces_out_of_the_full_result() {
    // Sums of three neighbours; the full result begins and ends with fewer.
    let (x, w) = ([1, 2, 3, 4], [1, 1, 1]);
    assert_eq!(convolve_1d(&x, &w, &spec(Full)).unwrap(), [1, 3, 6, 9, 7, 4]);
    assert_eq!(convolve_1d(&x, &w, &spec(Same)).unwrap(), [3, 6, 9, 7]);
    assert_eq!(convolve_1d(&x, &w, &spec(Valid)).unwrap(), [6, 9]);
    assert_eq!(convolve_1d(&x, &w, &spec(Padded(0, 0))).unwrap(), [6, 9]);
    assert_eq!(convolve_1d(&x, &w, &spec(Padded(2, 1))).unwrap(), [1, 3, 6, 9, 7]);
    assert_eq!(convolve_1d(&x, &w, &spec(Padded(3, 0))).unwrap(), [0, 1, 3, 6, 9]);
}

#[test]
fn same_with_even_weights_starts_at_half_the_reach_rounded_down() {
    assert_eq!(convolve_1d(&[1, 2, 3, 4], &[1, 0, 0, 0], &spec(Same)).unwrap(), [2, 3, 4, 0]);
    assert_eq!(convolve_1d(&[1, 2, 3, 4], &[0, 1, 0, 0], &spec(Same)).unwrap(), [1, 2, 3, 4]);
    assert_eq!(convolve_1d(&[1, 2, 3, 4], &[0, 1], &spec(Same)).unwrap(), [0, 1, 2, 3]);
}

#[test]
fn an_anchor_replaces_the_start_of_same() {
    let anchored = |anchor| convolve_1d(&[1, 2, 3, 4], &[1, 1, 1], &Spec { anchor: Some(anchor), ..spec(Same) });
    assert_eq!(anchored(0).unwrap(), [1, 3, 6, 9], "causal");
    assert_eq!(anchored(1).unwrap(), [3, 6, 9, 7], "as without an anchor");
    assert_eq!(anchored(2).unwrap(), [6, 9, 7, 4], "anticausal");
    assert_eq!(anchored(3), None, "beyond the reach of the weights");
}

#[test]
fn a_stride_takes_every_stride_th_output() {
    // Full is 1 3 6 9 12 9 5.
    let (x, w) = ([1, 2, 3, 4, 5], [1, 1, 1]);
    let strided = |mode, stride| convolve_1d(&x, &w, &Spec { stride, ..spec(mode) }).unwrap();
    assert_eq!(strided(Full, 2), [1, 6, 12, 5]);
    assert_eq!(strided(Full, 3), [1, 9, 5]);
    assert_eq!(strided(Same, 2), [3, 9, 9]);
    assert_eq!(strided(Valid, 2), [6, 12]);
    assert_eq!(strided(Valid, 9), [6]);
}

#[test]
fn a_dilation_spreads_the_weights() {
    // The weights act as 1 0 10: the full result is the signal, and ten times the signal two later.
    let (x, w) = ([1, 2, 3, 4], [1, 10]);
    let dilated = |mode| convolve_1d(&x, &w, &Spec { dilation: 2, ..spec(mode) }).unwrap();
    assert_eq!(dilated(Full), [1, 2, 13, 24, 30, 40]);
    assert_eq!(dilated(Same), [2, 13, 24, 30]);
    assert_eq!(dilated(Valid), [13, 24]);
}

#[test]
fn upsampling_spreads_the_signal() {
    // The signal acts as 1 0 2 0 3, and the triangle 1 2 1 interpolates it linearly (doubled).
    let (x, w) = ([1, 2, 3], [1, 2, 1]);
    let upsampled = |mode| convolve_1d(&x, &w, &Spec { upsample: 2, ..spec(mode) }).unwrap();
    assert_eq!(upsampled(Full), [1, 2, 3, 4, 5, 6, 3]);
    assert_eq!(upsampled(Same), [2, 3, 4, 5, 6]);
    assert_eq!(upsampled(Valid), [3, 4, 5]);
}

#[test]
fn stride_dilation_and_upsampling_work_together() {
    // xu = 1 0 0 2 0 0 3; weights 1 . 10 . 100; full = 1 0 10 2 100 20 3 200 30 0 300; every second of it.
    let all = Spec { stride: 2, dilation: 2, upsample: 3, ..spec(Full) };
    assert_eq!(convolve_1d(&[1, 2, 3], &[1, 10, 100], &all).unwrap(), [1, 10, 100, 3, 30, 300]);
    // Same starts at 2*(3-1)/2 = 2 and has span 7: 10 2 100 20 3 200 30; every second of it.
    assert_eq!(convolve_1d(&[1, 2, 3], &[1, 10, 100], &Spec { mode: Same, ..all }).unwrap(), [10, 100, 3, 30]);
}

#[test]
fn correlation_is_convolution_with_the_weights_turned_round() {
    assert_eq!(correlate_1d(&[1, 2, 3], &[1, 10, 100], &spec(Full)).unwrap(), [100, 210, 321, 32, 3]);
    assert_eq!(convolve_1d(&[1, 2, 3], &[1, 10, 100], &spec(Full)).unwrap(), [1, 12, 123, 230, 300]);
}

#[test]
fn a_boundary_fills_what_a_mode_reads_beyond_the_ends() {
    let bounded = |boundary| convolve_1d(&[1, 2, 4], &[1, 1, 1], &Spec { boundary, ..spec(Same) }).unwrap();
    assert_eq!(bounded(Boundary::Constant(10)), [13, 7, 16]);
    assert_eq!(bounded(Boundary::Nearest), [4, 7, 10]);
    assert_eq!(bounded(Boundary::Reflect), [4, 7, 10]);
    assert_eq!(bounded(Boundary::Mirror), [5, 7, 8]);
    assert_eq!(bounded(Boundary::Wrap), [7, 7, 7]);
}

#[test]
fn weights_longer_than_the_signal_are_no_trouble_but_for_valid() {
    let (x, w) = ([1, 2], [1, 10, 100, 1000]);
    assert_eq!(convolve_1d(&x, &w, &spec(Full)).unwrap(), [1, 12, 120, 1200, 2000]);
    assert_eq!(convolve_1d(&x, &w, &spec(Same)).unwrap(), [12, 120]);
    assert_eq!(convolve_1d(&x, &w, &spec(Valid)), None);
    assert_eq!(convolve_1d(&x, &w, &spec(Padded(1, 0))), None);
    assert_eq!(convolve_1d(&x, &w, &spec(Padded(1, 1))).unwrap(), [120]);
    // wrapped: the signal is 1 2 1 2 1 2.., and the newest sample has weight 1
    let wrapped = Spec { boundary: Boundary::Wrap, ..spec(Same) };
    assert_eq!(convolve_1d(&x, &w, &wrapped).unwrap(), [2 + 10 + 200 + 1000, 1 + 20 + 100 + 2000]);
}

#[test]
fn one_sample_and_one_weight_are_one_product_in_every_mode() {
    for mode in [Full, Same, Valid, Padded(0, 0)] {
        for boundary in [Boundary::Constant(9), Boundary::Nearest, Boundary::Reflect, Boundary::Mirror, Boundary::Wrap]
        {
            assert_eq!(convolve_1d(&[6], &[7], &Spec { boundary, ..spec(mode) }).unwrap(), [42]);
        }
    }
}

#[test]
fn lead_and_length_follow_the_table() {
    // n = 5, K = 4, dilation 3, upsample 2: reach 9, span 9.
    let spread = |mode| Spec { dilation: 3, upsample: 2, ..spec(mode) };
    assert_eq!(lead_and_out(spread(Full), 5, 4), Some((9, 18)));
    assert_eq!(lead_and_out(spread(Same), 5, 4), Some((5, 9)));
    assert_eq!(lead_and_out(spread(Valid), 5, 4), None);
    assert_eq!(lead_and_out(spread(Padded(1, 0)), 5, 4), Some((1, 1)));
    assert_eq!(lead_and_out(Spec { stride: 4, ..spread(Full) }, 5, 4), Some((9, 5)));
    assert_eq!(lead_and_out(Spec { stride: 4, ..spread(Same) }, 5, 4), Some((5, 3)));
}

#[test]
fn an_empty_signal_has_an_empty_result_but_no_valid_one() {
    assert_eq!(convolve_1d(&[], &[1, 2], &spec(Full)).unwrap(), []);
    assert_eq!(convolve_1d(&[], &[1, 2], &spec(Same)).unwrap(), []);
    assert_eq!(convolve_1d(&[], &[1, 2], &spec(Padded(5, 5))).unwrap(), []);
    assert_eq!(convolve_1d(&[], &[1, 2], &spec(Valid)), None);
    let wrapped = Spec { boundary: Boundary::Wrap, ..spec(Full) };
    assert_eq!(convolve_1d(&[], &[1, 2], &wrapped).unwrap(), []);
}

#[test]
fn no_weights_and_steps_of_zero_have_no_result() {
    assert_eq!(convolve_1d(&[1, 2], &[], &spec(Full)), None);
    assert_eq!(lead_and_out(Spec { stride: 0, ..spec(Full) }, 4, 2), None);
    assert_eq!(lead_and_out(Spec { dilation: 0, ..spec(Full) }, 4, 2), None);
    assert_eq!(lead_and_out(Spec { upsample: 0, ..spec(Full) }, 4, 2), None);
}
