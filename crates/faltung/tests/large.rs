//! Results so large that they bypass the caches, from tiles of which only the edges are gathered: the same as in small.

use std::ops::Range;

use faltung::{Algorithm, Array, Boundary, Kernel, Mode, Spec, convolve};

const ROWS: usize = 2100;
const COLUMNS: usize = 2051;

/// A number between -1 and 1 that looks random.
fn number(place: usize) -> f32 {
    ((place as u32).wrapping_mul(2_654_435_761) >> 8) as f32 / 2f32.powi(23) - 1.0
}

fn picture() -> Array<f32> {
    Array::new((0..ROWS * COLUMNS).map(number).collect(), &[ROWS, COLUMNS]).unwrap()
}

/// Some rows, whole.
fn some(x: &Array<f32>, rows: Range<usize>) -> Array<f32> {
    Array::new(x.data()[rows.start * COLUMNS..rows.end * COLUMNS].to_vec(), &[rows.len(), COLUMNS]).unwrap()
}

fn spec(algorithm: Algorithm) -> Spec {
    Spec::new().mode(Mode::Same).boundary(Boundary::Reflect).algorithm(algorithm)
}

/// Compares all rows of a result with those of strips, which are other tiles and do not bypass the caches.
fn compare(kernel: &Kernel, half: usize, algorithm: Algorithm, alike: impl Fn(f32, f32) -> bool) {
    const STRIP: usize = 40;
    let (x, spec) = (picture(), spec(algorithm));
    let y = convolve(&x, kernel, &spec).unwrap();
    assert!(size_of_val(y.data()) > 16 << 20, "a large result");
    let mut done = 0;
    while done < ROWS {
        let start = done.saturating_sub(half).min(ROWS - STRIP);
        let strip = convolve(&some(&x, start..start + STRIP), kernel, &spec).unwrap();
        let end = if start + STRIP == ROWS { ROWS } else { start + STRIP - half };
        let rows = |all: &Array<f32>, rows: Range<usize>| all.data()[rows.start * COLUMNS..rows.end * COLUMNS].to_vec();
        let (seen, wanted) = (rows(&y, done..end), rows(&strip, done - start..end - start));
        let other = seen.iter().zip(&wanted).position(|(&a, &b)| !alike(a, b));
        assert_eq!(other, None, "{algorithm}, rows from {done} on");
        done = end;
    }
}

#[test]
fn direct_sums_are_the_same_to_the_bit() {
    for (shape, half) in [([3, 3], 1), ([5, 4], 2), ([7, 1], 3), ([1, 19], 0), ([9, 2], 4)] {
        let kernel = Kernel::real(&shape, (0..shape[0] * shape[1]).map(|k| number(k).into()).collect()).unwrap();
        compare(&kernel, half, Algorithm::Direct, |a, b| a.to_bits() == b.to_bits());
    }
}

#[test]
fn products_of_vectors_are_the_same_but_for_rounding() {
    for (column, row) in [(3, 5), (7, 7), (2, 33)] {
        let product = |k: usize| f64::from(number(k / row)) * f64::from(number(99 + k % row));
        let kernel = Kernel::real(&[column, row], (0..column * row).map(product).collect()).unwrap();
        compare(&kernel, column / 2, Algorithm::Separable, |a, b| (a - b).abs() < 1e-5);
    }
}

#[test]
fn what_is_not_finite_stays_where_it_is() {
    let bad = [(0, 0, f32::NAN), (1000, 31, f32::INFINITY), (1003, 30, f32::NAN), (ROWS - 1, COLUMNS - 1, f32::NAN)];
    let mut samples = picture().data().to_vec();
    bad.iter().for_each(|&(row, column, value)| samples[row * COLUMNS + column] = value);
    let x = Array::new(samples, &[ROWS, COLUMNS]).unwrap();
    let kernel = Kernel::real(&[5, 7], vec![0.1; 35]).unwrap();
    for algorithm in [Algorithm::Direct, Algorithm::Separable, Algorithm::RunningSum] {
        let y = convolve(&x, &kernel, &spec(algorithm)).unwrap();
        let reached =
            |row: usize, column: usize| bad.iter().any(|&(r, c, _)| row.abs_diff(r) <= 2 && column.abs_diff(c) <= 3);
        let wrong = (0..ROWS * COLUMNS).find(|&at| y.data()[at].is_finite() == reached(at / COLUMNS, at % COLUMNS));
        assert_eq!(wrong, None, "{algorithm}");
    }
}

#[test]
fn sums_that_overflow_on_the_way_are_made_directly() {
    // The sum of two samples is beyond all numbers, their mean is not.
    let mut samples = vec![0.0f32; ROWS * COLUMNS];
    samples[1000 * COLUMNS + 1000] = 3e38;
    samples[1001 * COLUMNS + 1000] = 3e38;
    let x = Array::new(samples, &[ROWS, COLUMNS]).unwrap();
    let kernel = Kernel::real(&[3, 3], vec![1e-3; 9]).unwrap();
    for algorithm in [Algorithm::Separable, Algorithm::RunningSum, Algorithm::OverlapSave] {
        let y = convolve(&x, &kernel, &spec(algorithm)).unwrap();
        assert!(y.data().iter().all(|y| y.is_finite()), "{algorithm}");
        assert!((y.get(&[1000, 1000]) - 6e35).abs() < 1e31, "{algorithm}: {}", y.get(&[1000, 1000]));
    }
}
