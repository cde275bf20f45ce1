//! Each boundary against its picture.

use faltung_reference::{Axis, Boundary, Boundary::*, Problem, correlate};

/// The extended signal `abcd...` of `n` samples from place `from` to before `to`; `k` is the constant.
fn picture(boundary: Boundary<i128>, n: usize, from: i64, to: i64) -> String {
    (from..to).map(|i| boundary.source(i, n).map_or('k', |source| (b'a' + source as u8) as char)).collect()
}

#[test]
fn four_samples_look_like_the_picture() {
    assert_eq!(picture(Constant(7), 4, -4, 8), "kkkk abcd kkkk".replace(' ', ""));
    assert_eq!(picture(Nearest, 4, -4, 8), "aaaa abcd dddd".replace(' ', ""));
    assert_eq!(picture(Reflect, 4, -4, 8), "dcba abcd dcba".replace(' ', ""));
    assert_eq!(picture(Mirror, 4, -3, 7), "dcb abcd cba".replace(' ', ""));
    assert_eq!(picture(Wrap, 4, -4, 8), "abcd abcd abcd".replace(' ', ""));
}

#[test]
fn beyond_one_length_the_picture_goes_on() {
    assert_eq!(picture(Nearest, 4, 8, 17), "ddddddddd");
    assert_eq!(picture(Reflect, 4, -12, 16), "dcba abcd dcba abcd dcba abcd dcba".replace(' ', ""));
    assert_eq!(picture(Mirror, 4, -9, 13), "dcb abcd cb abcd cb abcd cba".replace(' ', ""));
    assert_eq!(picture(Wrap, 4, -9, 11), "d abcd abcd abcd abcd abc".replace(' ', ""));
}

#[test]
fn very_far_places_have_their_sample() {
    let far = 24_000_000_000; // a whole number of periods of each boundary of four samples: 8, 6 and 4
    for (boundary, here) in [(Reflect, "dcbaabcddcba"), (Mirror, "cdcbabcdcbab"), (Wrap, "abcdabcdabcd")] {
        assert_eq!(picture(boundary, 4, far - 4, far + 8), here, "{boundary:?}");
        assert_eq!(picture(boundary, 4, -far - 4, -far + 8), here, "{boundary:?}");
    }
    assert_eq!(picture(Nearest, 4, -far, -far + 2), "aa");
    assert_eq!(picture(Nearest, 4, far, far + 2), "dd");
    assert_eq!(picture(Constant(7), 4, far, far + 2), "kk");
}

#[test]
fn two_samples_and_one_sample_are_enough() {
    assert_eq!(picture(Nearest, 2, -3, 5), "aaa ab bbb".replace(' ', ""));
    assert_eq!(picture(Reflect, 2, -4, 6), "abba ab baab".replace(' ', ""));
    assert_eq!(picture(Mirror, 2, -3, 5), "bab ab aba".replace(' ', ""));
    assert_eq!(picture(Wrap, 2, -3, 5), "bab ab aba".replace(' ', ""));
    for boundary in [Nearest, Reflect, Mirror, Wrap] {
        assert_eq!(picture(boundary, 1, -3, 4), "aaaaaaa", "{boundary:?}");
    }
    assert_eq!(picture(Constant(7), 1, -3, 4), "kkkakkk");
}

#[test]
fn no_samples_leave_only_the_constant() {
    assert_eq!(picture(Constant(7), 0, -2, 2), "kkkk");
}

#[test]
#[should_panic(expected = "no samples to repeat")]
fn no_samples_cannot_be_repeated() {
    Wrap::<i128>.source(0, 0);
}

/// Reads `xu` itself: one weight of 1, so `y[o] = xu[o - lead]`.
fn extended(x: &[i128], upsample: usize, lead: i64, out: usize, boundary: Boundary<i128>) -> Vec<i128> {
    let axis = Axis { len: x.len(), kernel: 1, out, stride: 1, dilation: 1, upsample, lead, boundary };
    correlate(&Problem::single(vec![axis]), x, &[1])
}

#[test]
fn the_sum_reads_the_picture() {
    let x = [1, 2, 3];
    assert_eq!(extended(&x, 1, 3, 9, Constant(7)), [7, 7, 7, 1, 2, 3, 7, 7, 7]);
    assert_eq!(extended(&x, 1, 3, 9, Nearest), [1, 1, 1, 1, 2, 3, 3, 3, 3]);
    assert_eq!(extended(&x, 1, 3, 9, Reflect), [3, 2, 1, 1, 2, 3, 3, 2, 1]);
    assert_eq!(extended(&x, 1, 3, 9, Mirror), [2, 3, 2, 1, 2, 3, 2, 1, 2]);
    assert_eq!(extended(&x, 1, 3, 9, Wrap), [1, 2, 3, 1, 2, 3, 1, 2, 3]);
}

#[test]
fn a_negative_lead_begins_inside() {
    assert_eq!(extended(&[1, 2, 3], 1, -2, 3, Constant(7)), [3, 7, 7]);
}

#[test]
fn zeros_are_inserted_after_the_signal_is_extended() {
    let x = [1, 2];
    // Extended by two on both sides: 7 7 1 2 7 7, or 2 1 1 2 2 1; then two zeros after each.
    assert_eq!(extended(&x, 3, 6, 18, Constant(7)), [7, 0, 0, 7, 0, 0, 1, 0, 0, 2, 0, 0, 7, 0, 0, 7, 0, 0]);
    assert_eq!(extended(&x, 3, 6, 18, Reflect), [2, 0, 0, 1, 0, 0, 1, 0, 0, 2, 0, 0, 2, 0, 0, 1, 0, 0]);
    // From one place and from two places before a multiple of three.
    assert_eq!(extended(&x, 3, 4, 6, Nearest), [0, 1, 0, 0, 1, 0]);
    assert_eq!(extended(&x, 3, 5, 6, Nearest), [0, 0, 1, 0, 0, 1]);
}

#[test]
fn the_fastest_axis_outside_names_the_constant_and_inserted_zeros_come_first() {
    let axis = |upsample, constant| Axis {
        len: 1,
        kernel: 1,
        out: 3,
        stride: 1,
        dilation: 1,
        upsample,
        lead: 1,
        boundary: Constant(constant),
    };
    let y = correlate(&Problem::single(vec![axis(1, 8), axis(1, 9)]), &[5], &[1]);
    assert_eq!(y, [9, 8, 9, 9, 5, 9, 9, 8, 9]);
    let y = correlate(&Problem::single(vec![axis(2, 8), axis(1, 9)]), &[5], &[1]);
    assert_eq!(y, [0, 0, 0, 9, 5, 9, 0, 0, 0]);
}
