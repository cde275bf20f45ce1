//! Cases made at random, or one by one.

use faltung::{Dtype, Operation};
use faltung_reference as oracle;

use super::{Along, Boundary, Case, Channels, Gauss, Mode, Rng, whole};

/// How large the numbers are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Size {
    /// So small that no sum rounds.
    Small,
    /// As large as the type holds.
    Large,
}

/// What the kernel is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Made {
    /// Any weights.
    Any,
    /// The same weight everywhere.
    Box,
    /// The sum of so many products of vectors.
    Products(usize),
}

/// A case with numbers at random, for all that has been decided about shapes.
pub fn filled(
    dtype: Dtype,
    shape: Vec<usize>,
    along: Vec<Along>,
    channels: Option<Channels>,
    (size, made): (Size, Made),
    rng: &mut Rng,
) -> Case {
    let scale = match (dtype, size) {
        (Dtype::F16 | Dtype::Bf16, Size::Small) => rng.pick(&[(0, 0), (-1, -1)]),
        (Dtype::F16 | Dtype::Bf16, Size::Large) => (-9, -24),
        (Dtype::F32 | Dtype::C64, Size::Large) => (-20, -24),
        _ if dtype.is_integer() => (0, if rng.one_in(3) && size == Size::Small { -2 } else { 0 }),
        (_, Size::Large) => (-50, -52),
        _ => rng.pick(&[(0, 0), (-3, -2), (4, -60)]),
    };
    let unsigned = dtype.range().is_some_and(|(least, _)| least == 0);
    let (bits, weight_bits) = match (dtype, size) {
        (_, Size::Small) => (3, 2),
        (Dtype::F16, _) => (11, 24),
        (Dtype::Bf16, _) => (8, 24),
        (Dtype::F32 | Dtype::C64, _) => (24, 24),
        (Dtype::F64 | Dtype::C128, _) => (53, 53),
        (integer, _) => (8 * integer.size() as u32 - u32::from(!unsigned), 30),
    };
    let positive = unsigned && scale.1 != 0;
    let mut number = |bits: u32, positive: bool, complex: bool| {
        let mut part = || match positive {
            true => (rng.next() >> (64 - bits)) as i128,
            false => rng.whole((1 << bits) - 1),
        };
        Gauss { re: part(), im: if complex { part() } else { 0 } }
    };
    let complex = dtype.is_complex();
    let along_sizes: Vec<usize> = along.iter().map(|along| along.kernel).collect();
    let volume: usize = along_sizes.iter().product();
    let pairs = channels.map_or(1, |c| c.groups * c.inputs * c.outputs);
    let mut w = Vec::new();
    for _ in 0..pairs {
        match made {
            Made::Any => w.extend((0..volume).map(|_| number(weight_bits, positive, complex))),
            Made::Box => w.extend(vec![number(weight_bits, positive, complex); volume]),
            Made::Products(rank) => {
                let mut sum = vec![oracle::Number::ZERO; volume];
                for _ in 0..rank {
                    let vectors: Vec<Vec<Gauss>> = along_sizes
                        .iter()
                        .map(|&n| {
                            // Powers of two: quotients of them are exact.
                            let part = weight_bits as usize / along_sizes.len();
                            let exponent = |z: Gauss| whole(z.re.signum() << (z.re.unsigned_abs() % 2));
                            let factor = |z| if size == Size::Small { exponent(z) } else { z };
                            (0..n).map(|_| factor(number(part.max(2) as u32, positive, false))).collect()
                        })
                        .collect();
                    for (at, sum) in sum.iter_mut().enumerate() {
                        let mut rest = at;
                        let mut product = whole(1);
                        for vector in vectors.iter().rev() {
                            product = oracle::Number::mul(product, vector[rest % vector.len()]);
                            rest /= vector.len();
                        }
                        *sum = oracle::Number::add(*sum, product);
                    }
                }
                w.extend(sum);
            }
        }
    }
    let x = (0..shape.iter().product()).map(|_| number(bits, unsigned, complex)).collect();
    let operation = rng.pick(&[Operation::Convolve, Operation::Correlate]);
    let range = (size == Size::Small && rng.one_in(2)).then_some(9);
    let rank = match made {
        Made::Box => Some(1),
        Made::Products(rank) => Some(rank),
        Made::Any => None,
    };
    Case { dtype, shape, along, channels, operation, x, w, scale, range, exact: size == Size::Small, rank }
}

/// One axis and nothing else.
pub fn line(kernel: usize, spec: oracle::Spec<Gauss>) -> Vec<Along> {
    vec![Along { axis: 0, kernel, spec }]
}

/// The boundaries, a constant that is not zero among them.
pub fn boundaries(dtype: Dtype) -> Vec<Boundary<Gauss>> {
    let constant = Gauss { re: 5, im: if dtype.is_complex() { -3 } else { 0 } };
    let constants = [whole(0), constant].map(Boundary::Constant);
    constants.into_iter().chain(Boundary::OF_SAMPLES.map(|(_, boundary)| boundary)).collect()
}

/// Anything, in one to four dimensions, with extents up to about `most`.
pub fn any(dtype: Dtype, dimensions: usize, most: usize, size: Size, rng: &mut Rng) -> Case {
    let with_channels = dimensions > 1 && rng.one_in(3);
    let mut axes: Vec<usize> = (usize::from(with_channels)..dimensions).filter(|_| !rng.one_in(4)).collect();
    if axes.is_empty() {
        axes.push(dimensions - 1);
    }
    if rng.one_in(3) {
        axes.reverse();
    }
    let anchored = rng.one_in(5);
    let kernel_most = [7, 5, 3, 3][axes.len() - 1];
    let along: Vec<Along> = axes
        .iter()
        .map(|&axis| {
            let mode = match rng.below(4) {
                _ if anchored => Mode::Same,
                0 => Mode::Full,
                1 => Mode::Same,
                2 => Mode::Valid,
                _ => Mode::Padded(rng.below(4), rng.below(4)),
            };
            let (kernel, dilation) = (1 + rng.below(kernel_most), 1 + rng.below(4) / 2);
            let spec = oracle::Spec {
                anchor: anchored.then(|| rng.below(dilation * (kernel - 1) + 1)),
                stride: 1 + rng.below(5) / 2,
                dilation,
                upsample: 1 + rng.below(6) / 4,
                boundary: rng.pick(&boundaries(dtype)),
                ..oracle::Spec::new(mode)
            };
            Along { axis, kernel, spec }
        })
        .collect();
    let mut shape: Vec<usize> = (0..dimensions).map(|_| 1 + rng.below(most)).collect();
    if rng.one_in(25) {
        let axis = rng.below(dimensions);
        shape[axis] = 0;
    }
    let channels = with_channels.then(|| {
        let channels = Channels { groups: 1 + rng.below(2), inputs: 1 + rng.below(3), outputs: 1 + rng.below(3) };
        shape[axes.iter().min().expect("there is one") - 1] = channels.groups * channels.inputs;
        channels
    });
    let made = rng.pick(&[Made::Any, Made::Any, Made::Box, Made::Products(1), Made::Products(1), Made::Products(2)]);
    filled(dtype, shape, along, channels, (size, made), rng)
}

/// A layer of a network: many channels, small kernels, two or three dimensions with a batch before them.
pub fn layer(dtype: Dtype, size: Size, rng: &mut Rng) -> Case {
    let dimensions = 2 + rng.below(4) / 3;
    let three = rng.one_in(2);
    let along = (0..dimensions).map(|axis| {
        let kernel = if three { 3 } else { 1 + rng.below(4) };
        let plain = three || rng.one_in(2);
        let spec = oracle::Spec {
            stride: if plain { 1 } else { 1 + rng.below(3) },
            dilation: if plain { 1 } else { 1 + rng.below(2) },
            boundary: rng.pick(&boundaries(dtype)),
            ..oracle::Spec::new(Mode::Padded(rng.below(3), rng.below(3)))
        };
        Along { axis: axis + 2, kernel, spec }
    });
    let along: Vec<Along> = along.collect();
    let most = [20, 7][dimensions - 2];
    let extents: Vec<usize> = along.iter().map(|along| 1 + along.kernel + rng.below(most)).collect();
    let channels = Channels { groups: 1 + rng.below(2), inputs: 1 + rng.below(9), outputs: 1 + rng.below(18) };
    let shape = [1 + rng.below(2), channels.groups * channels.inputs].into_iter().chain(extents).collect();
    filled(dtype, shape, along, Some(channels), (size, Made::Any), rng)
}
