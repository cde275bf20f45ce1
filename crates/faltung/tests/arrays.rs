//! Arrays as they lie in other people's memory: ndarray slices in and out, strided views, overlapping ones.

use faltung::{
    AnyView, Array, Boundary, Complex, Dtype, Error, Kernel, Mode, Number, Overflow, Plan, Sample, Spec, View, ViewMut,
    convolve, half,
};

fn plan(x: &[usize], kernel: &Kernel) -> Plan {
    Plan::new(Dtype::F32, x, kernel, &Spec::new().mode(Mode::Same).boundary(Boundary::Mirror)).unwrap()
}

#[cfg(feature = "ndarray")]
mod of_ndarray {
    use super::*;
    use ndarray::{Array3, ArrayD, Axis, s};

    fn volume() -> Array3<f32> {
        Array3::from_shape_fn((6, 7, 8), |(i, j, k)| ((i * 31 + j * 17 + k * 7) % 23) as f32)
    }

    #[test]
    fn slices_go_in_and_out() {
        let volume = volume();
        let slice = volume.slice(s![1..;2, ..;-1, 1..7]);
        let turned = slice.permuted_axes([2, 0, 1]);
        let dense = Array::new(turned.iter().copied().collect(), turned.shape()).unwrap();
        let kernel = Kernel::whole(&[3, 2, 3], (0..18).map(|w| w * w % 7 - 2).collect()).unwrap();
        let plan = plan(turned.shape(), &kernel);
        let mut expected = Array::<f32>::zeros(turned.shape());
        plan.run(&dense, &mut expected, &mut plan.scratch()).unwrap();

        let mut into = Array3::from_elem((6, 14, 7), -7.5f32);
        let mut part = into.slice_mut(s![.., 1..;2, ..;-1]);
        part.invert_axis(Axis(0));
        let mut part = part.slice_mut(s![.., ..3, ..]);
        assert_eq!(part.shape(), turned.shape());
        plan.run(View::from(&turned), ViewMut::from(&mut part), &mut plan.scratch()).unwrap();
        assert_eq!(part.iter().copied().collect::<Vec<_>>(), expected.data());
        assert_eq!(into.iter().filter(|y| **y == -7.5).count(), 6 * 14 * 7 - expected.data().len());
        let owned: ArrayD<f32> = expected.into();
        assert_eq!(owned.shape(), [6, 3, 7]);
    }

    #[test]
    fn a_disjoint_half_may_be_written_beside_another() {
        let volume = volume();
        let kernel = Kernel::whole(&[1, 1, 1], vec![2]).unwrap();
        let mut into = Array3::<f32>::zeros((6, 7, 16));
        let (mut left, mut right) = into.view_mut().split_at(Axis(2), 8);
        let plan = plan(&[6, 7, 8], &kernel);
        plan.run(View::from(&volume), ViewMut::from(&mut left), &mut plan.scratch()).unwrap();
        right.fill(5.0);
        assert_eq!(into.slice(s![.., .., ..8]), &volume * 2.0);
        assert!(into.slice(s![.., .., 8..]).iter().all(|y| *y == 5.0));
    }

    #[test]
    fn empty_and_broadcast_arrays_are_arrays() {
        let empty = Array3::<f32>::zeros((3, 0, 2));
        let y = convolve(&empty, Kernel::whole(&[1, 2, 2], vec![1; 4]).unwrap(), &Spec::new()).unwrap();
        assert_eq!(y.shape(), [3, 0, 3]);
        let row = ndarray::arr1(&[1.0f32, 2.0, 3.0]);
        let rows = row.broadcast((4, 3)).unwrap();
        let y = convolve(View::from(&rows), &[1.0, 1.0], &Spec::new().axes([1])).unwrap();
        assert_eq!(y.data(), [1.0, 3.0, 5.0, 3.0].repeat(4));
    }
}

#[test]
fn overlapping_windows_may_be_read() {
    let line: Vec<f64> = (0..10).map(f64::from).collect();
    // Row i is line[i..i + 4].
    let windows = View::with_strides(&line, &[7, 4], &[1, 1], 0).unwrap();
    let y = convolve(&windows, &[1.0, 2.0], &Spec::new().axes([1]).mode(Mode::Valid)).unwrap();
    let expected: Vec<f64> = (0..7).flat_map(|i| (0..3).map(move |j| f64::from(3 * (i + j) + 1))).collect();
    assert_eq!(y.data(), expected);
    // A stride of zero: one row, seen seven times.
    let rows = View::with_strides(&line, &[7, 4], &[0, 1], 2).unwrap();
    let y = convolve(&rows, &[1.0], &Spec::new().axes([0])).unwrap();
    assert_eq!(y.data(), [2.0, 3.0, 4.0, 5.0].repeat(7));
}

#[test]
fn a_view_stays_within_its_memory_and_shows_a_written_sample_once() {
    let mut line = [0.0f32; 12];
    for (shape, strides, offset) in
        [([3, 4], [4, 1], 1), ([3, 4], [-4, 1], 0), ([2, 2], [1, 11], 0), ([2, 2], [isize::MAX, 1], 0)]
    {
        let error = View::with_strides(&line, &shape, &strides, offset).unwrap_err();
        assert!(matches!(error, Error::Memory { actual: 12, .. }), "{error}");
    }
    for (shape, strides) in [([3, 4], [1, 1]), ([2, 3], [0, 1]), ([3, 3], [1, 2]), ([2, 2], [0, 0])] {
        let error = ViewMut::with_strides(&mut line, &shape, &strides, 0).unwrap_err();
        assert!(matches!(error, Error::Overlap { .. }), "{error}");
    }
    for (shape, strides, offset) in [
        ([3, 4], [4, 1], 0),
        ([3, 4], [1, 3], 0),
        ([2, 3], [3, 2], 0),
        ([3, 4], [-1, -3], 11),
        ([0, 4], [isize::MAX, 9], 12),
    ] {
        assert!(ViewMut::with_strides(&mut line, &shape, &strides, offset).is_ok(), "{shape:?} {strides:?}");
    }
}

#[test]
fn arrays_of_another_shape_or_type_are_refused() {
    let plan = plan(&[4], &Kernel::from(&[1.0]));
    let (x, mut y) = ([0.0f32; 4], [0.0f32; 4]);
    let mut scratch = plan.scratch();
    assert!(matches!(plan.run(&x[..3], &mut y, &mut scratch), Err(Error::Shape { what: "the input", .. })));
    assert!(matches!(plan.run(&x, &mut y[1..], &mut scratch), Err(Error::Shape { what: "the output", .. })));
    assert!(matches!(plan.run(&[0.0f64; 4], &mut y, &mut scratch), Err(Error::Type { what: "the input", .. })));
    assert!(plan.run(&x, &mut y, &mut scratch).is_ok());
}

#[test]
fn numbers_of_the_other_byte_order_are_read_in_place() {
    fn check<T: Sample>() {
        let samples: Vec<T> = (0..60).map(|i| T::nearest(Number::Whole(i * 7 % 23))).collect();
        let foreign: Vec<T> = samples.iter().map(|sample| sample.swapped()).collect();
        let kernel = Kernel::whole(&[2, 3], vec![1, 0, 2, 1, 0, 1]).unwrap();
        let spec = Spec::new().mode(Mode::Same).boundary(Boundary::Reflect).overflow(Overflow::Wrap);
        for (shape, strides, offset) in [([6, 10], [10, 1], 0), ([10, 6], [-1, 10], 9), ([5, 4], [12, 2], 1)] {
            let native = View::with_strides(&samples, &shape, &strides, offset).unwrap();
            let other = View::with_strides(&foreign, &shape, &strides, offset).unwrap().swapped();
            assert_eq!(native.to_vec(), other.to_vec());
            assert_eq!(native.get(&[1, 2]), other.get(&[1, 2]));
            assert_eq!(convolve(native, &kernel, &spec), convolve(other, &kernel, &spec), "{}", T::DTYPE);
        }
        let weights = View::new(&foreign[..4], &[4]).unwrap().swapped();
        assert_eq!(Kernel::from(weights), Kernel::from(&samples[..4]));
        assert_eq!(AnyView::from(&foreign).swapped().extent(), AnyView::from(&samples).extent());
    }
    check::<half::f16>();
    check::<half::bf16>();
    check::<f32>();
    check::<f64>();
    check::<Complex<f32>>();
    check::<Complex<f64>>();
    check::<u8>();
    check::<u16>();
    check::<i32>();
    check::<u64>();
}
