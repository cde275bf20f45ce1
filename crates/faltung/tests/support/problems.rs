//! Problems of every kind, for what all plans have in common.

use faltung::{Boundary, Dtype, Kernel, Mode, Spec};

/// What every algorithm can be asked to do, in one to three dimensions.
pub fn problems() -> Vec<(Dtype, Vec<usize>, Kernel, Spec)> {
    let ones = |shape: &[usize]| Kernel::real(shape, vec![1.0; shape.iter().product()]).unwrap();
    let whole = |shape: &[usize]| Kernel::whole(shape, vec![1; shape.iter().product()]).unwrap();
    let same = |boundary| Spec::new().mode(Mode::Same).boundary(boundary).threads(1);
    vec![
        (Dtype::F32, vec![5_000], ones(&[31]), same(Boundary::Reflect)),
        (Dtype::F64, vec![900], ones(&[2_000]), same(Boundary::Mirror)),
        (Dtype::C64, vec![3_000], ones(&[9]), same(Boundary::zero()).stride(3).dilation(2)),
        (Dtype::I16, vec![3_000], whole(&[9]), same(Boundary::Wrap).overflow(faltung::Overflow::Wrap)),
        (Dtype::F16, vec![3_000], ones(&[9]), same(Boundary::Nearest).upsample(3)),
        (Dtype::F32, vec![150, 170], ones(&[7, 5]), same(Boundary::Reflect)),
        (Dtype::F64, vec![90, 80], ones(&[5, 5]), same(Boundary::Wrap).stride([2, 3]).upsample([1, 2])),
        (Dtype::U8, vec![90, 80, 3], ones(&[5, 5]).clone(), same(Boundary::Reflect).axes([0, 1])),
        (Dtype::F32, vec![3, 4, 40, 40], ones(&[6, 2, 3, 3]), same(Boundary::zero()).groups(2)),
        (Dtype::C128, vec![20, 21, 22], ones(&[3, 3, 3]), same(Boundary::Mirror)),
        (Dtype::F32, vec![2, 3, 6, 6, 6, 6], ones(&[2, 2, 2, 2]), same(Boundary::Mirror).axes([2, 3, 4, 5])),
    ]
}
