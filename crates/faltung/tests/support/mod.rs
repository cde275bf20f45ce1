//! What the tests share: exact numbers, cases, their expected results, and arrays that lie oddly in memory.
//!
//! A case is made of whole numbers, real or complex, times powers of two: every storage type holds them exactly, and the
//! oracle sums them in 128 bits, so the expected result has no rounding of its own.
#![allow(dead_code, unreachable_pub)]

pub mod made;
pub mod problems;
pub mod tally;

use faltung::{
    AnyViewMut, Complex, Dtype, Kernel, Number, Operation, PerAxis, Sample, Spec, View, ViewMut,
    half::{bf16, f16},
};
use faltung_reference as oracle;

pub use oracle::{Boundary, Mode};

/// Numbers without end: splitmix64.
pub struct Rng(pub u64);

impl Rng {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    pub fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    pub fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// A whole number, at most `most` from zero.
    pub fn whole(&mut self, most: i128) -> i128 {
        self.next() as i128 % (2 * most + 1) - most
    }
}

/// A complex number of whole parts: sums and products never round.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Gauss {
    pub re: i128,
    pub im: i128,
}

pub fn whole(re: i128) -> Gauss {
    Gauss { re, im: 0 }
}

impl oracle::Number for Gauss {
    const ZERO: Self = Gauss { re: 0, im: 0 };
    fn add(self, other: Self) -> Self {
        Gauss { re: self.re + other.re, im: self.im + other.im }
    }
    fn mul(self, other: Self) -> Self {
        Gauss { re: self.re * other.re - self.im * other.im, im: self.re * other.im + self.im * other.re }
    }
    fn conj(self) -> Self {
        Gauss { re: self.re, im: -self.im }
    }
    fn magnitude(self) -> f64 {
        (self.re as f64).hypot(self.im as f64)
    }
}

/// A stored type, made of exact numbers: `z * 2^scale`, rounded to nearest.
pub trait Cast: Sample {
    fn of(z: Gauss, scale: i32) -> Self;
}

macro_rules! casts {
    ($($t:ty: |$z:ident, $s:ident| $value:expr;)+) => {
        $(impl Cast for $t { fn of($z: Gauss, $s: i32) -> Self { $value } })+
    };
}
fn float(n: i128, scale: i32) -> f64 {
    n as f64 * 2f64.powi(scale)
}
casts! {
    f16: |z, s| f16::from_f64(float(z.re, s));
    bf16: |z, s| bf16::from_f64(float(z.re, s));
    f32: |z, s| float(z.re, s) as f32;
    f64: |z, s| float(z.re, s);
    Complex<f32>: |z, s| Complex::new(float(z.re, s) as f32, float(z.im, s) as f32);
    Complex<f64>: |z, s| Complex::new(float(z.re, s), float(z.im, s));
    u8: |z, s| half_even(z.re, s) as u8;
    u16: |z, s| half_even(z.re, s) as u16;
    u32: |z, s| half_even(z.re, s) as u32;
    u64: |z, s| half_even(z.re, s) as u64;
    i8: |z, s| half_even(z.re, s) as i8;
    i16: |z, s| half_even(z.re, s) as i16;
    i32: |z, s| half_even(z.re, s) as i32;
    i64: |z, s| half_even(z.re, s) as i64;
}

/// `n * 2^scale` for a scale that is not positive, rounded half to even.
fn half_even(n: i128, scale: i32) -> i128 {
    let unit = 1i128 << -scale;
    let (down, rest) = (n.div_euclid(unit), n.rem_euclid(unit) * 2);
    down + i128::from(rest > unit || (rest == unit && down % 2 != 0))
}

/// Calls a function that is generic over the storage type with the type that a `Dtype` names.
#[macro_export]
macro_rules! for_dtype {
    ($dtype:expr, $call:ident :: <_> ( $($arg:expr),* )) => {{
        use faltung::{Complex, Dtype, half::{bf16, f16}};
        match $dtype {
            Dtype::F16 => $call::<f16>($($arg),*),
            Dtype::Bf16 => $call::<bf16>($($arg),*),
            Dtype::F32 => $call::<f32>($($arg),*),
            Dtype::F64 => $call::<f64>($($arg),*),
            Dtype::C64 => $call::<Complex<f32>>($($arg),*),
            Dtype::C128 => $call::<Complex<f64>>($($arg),*),
            Dtype::U8 => $call::<u8>($($arg),*),
            Dtype::U16 => $call::<u16>($($arg),*),
            Dtype::U32 => $call::<u32>($($arg),*),
            Dtype::U64 => $call::<u64>($($arg),*),
            Dtype::I8 => $call::<i8>($($arg),*),
            Dtype::I16 => $call::<i16>($($arg),*),
            Dtype::I32 => $call::<i32>($($arg),*),
            Dtype::I64 => $call::<i64>($($arg),*),
        }
    }};
}

/// What happens along one axis of the input.
#[derive(Debug, Clone, Copy)]
pub struct Along {
    pub axis: usize,
    pub kernel: usize,
    pub spec: oracle::Spec<Gauss>,
}

/// Groups, and inputs and outputs of each.
#[derive(Debug, Clone, Copy)]
pub struct Channels {
    pub groups: usize,
    pub inputs: usize,
    pub outputs: usize,
}

/// A convolution in exact numbers. Samples are `x * 2^scale.0`, weights `w * 2^scale.1`.
#[derive(Debug, Clone)]
pub struct Case {
    pub dtype: Dtype,
    pub shape: Vec<usize>,
    pub along: Vec<Along>,
    pub channels: Option<Channels>,
    pub operation: Operation,
    pub x: Vec<Gauss>,
    pub w: Vec<Gauss>,
    pub scale: (i32, i32),
    /// The largest whole number promised of integer data.
    pub range: Option<i128>,
    /// Whether no sum of direct, separable (of rank one) or running_sum rounds.
    pub exact: bool,
    /// Products of vectors that the kernel is a sum of, if it was made so.
    pub rank: Option<usize>,
}

impl Case {
    fn first(&self) -> usize {
        self.along.iter().map(|along| along.axis).min().unwrap_or(self.shape.len())
    }

    pub fn kernel_shape(&self) -> Vec<usize> {
        let channels = self.channels.map_or(vec![], |c| vec![c.groups * c.outputs, c.inputs]);
        channels.into_iter().chain(self.along.iter().map(|along| along.kernel)).collect()
    }

    pub fn number(&self, z: Gauss, scale: i32) -> Number {
        match self.dtype.is_complex() {
            true => Number::Complex(Complex::new(float(z.re, scale), float(z.im, scale))),
            false if scale == 0 => Number::Whole(z.re),
            false => Number::Real(float(z.re, scale)),
        }
    }

    /// What the engine is asked.
    pub fn spec(&self) -> Spec {
        fn each<T: Copy>(all: &[Along], value: impl Fn(&Along) -> T) -> PerAxis<T> {
            PerAxis::Each(all.iter().map(value).collect())
        }
        let all = &self.along[..];
        let mut spec = Spec::new()
            .operation(self.operation)
            .axes(all.iter().map(|along| along.axis as isize).collect::<Vec<_>>())
            .mode(each(all, |along| mode(along.spec.mode)))
            .boundary(each(all, |along| self.boundary(along.spec.boundary)))
            .stride(each(all, |along| along.spec.stride))
            .dilation(each(all, |along| along.spec.dilation))
            .upsample(each(all, |along| along.spec.upsample))
            .overflow(faltung::Overflow::Wrap);
        if all.iter().all(|along| along.spec.anchor.is_some()) {
            spec = spec.anchor(each(all, |along| along.spec.anchor.expect("just looked")));
        }
        spec.groups = self.channels.map(|channels| channels.groups);
        spec.range = self.range.filter(|_| self.dtype.is_integer()).map(|most| (-most, most));
        spec
    }

    fn boundary(&self, boundary: Boundary<Gauss>) -> faltung::Boundary {
        match boundary {
            Boundary::Constant(c) => faltung::Boundary::Constant(self.number(c, self.scale.0)),
            of_samples => of_samples.word().and_then(|word| word.parse().ok()).expect("both know the same words"),
        }
    }

    /// The kernel that the engine is given.
    pub fn weights(&self) -> Kernel {
        let (shape, scale) = (self.kernel_shape(), self.scale.1);
        let real = |w: &Gauss| float(w.re, scale);
        let kernel = match (self.dtype.is_complex(), scale) {
            (true, _) => {
                let complex = |w: &Gauss| Complex::new(float(w.re, scale), float(w.im, scale));
                Kernel::complex(&shape, self.w.iter().map(complex).collect())
            }
            (false, 0) => Kernel::whole(&shape, self.w.iter().map(|w| w.re).collect()),
            _ => Kernel::real(&shape, self.w.iter().map(real).collect()),
        };
        kernel.expect("as many weights as the shape says")
    }

    /// The same as the definition sees it; `None` where it has no outputs. Axes before the channels are the batch.
    pub fn problem(&self) -> Option<oracle::Problem<Gauss>> {
        let (batch, channels, from) = match self.channels {
            None => (1, Channels { groups: 1, inputs: 1, outputs: 1 }, 0),
            Some(channels) => (self.shape[..self.first() - 1].iter().product(), channels, self.first()),
        };
        let axis = |axis: usize| match self.along.iter().find(|along| along.axis == axis) {
            Some(along) => along.spec.axis(self.shape[axis], along.kernel),
            None => oracle::Spec::new(Mode::Full).axis(self.shape[axis], 1),
        };
        let axes = (from..self.shape.len()).map(axis).collect::<Option<Vec<_>>>()?;
        let Channels { groups, inputs, outputs } = channels;
        Some(oracle::Problem { batch, groups, inputs, outputs, axes })
    }

    /// The problem in other numbers.
    pub fn problem_in<T: oracle::Number>(&self, number: impl Fn(Gauss) -> T) -> Option<oracle::Problem<T>> {
        let oracle::Problem { batch, groups, inputs, outputs, axes } = self.problem()?;
        let axis = |axis: &oracle::Axis<Gauss>| {
            let &oracle::Axis { len, kernel, out, stride, dilation, upsample, lead, boundary } = axis;
            let boundary = boundary.map(&number);
            oracle::Axis { len, kernel, out, stride, dilation, upsample, lead, boundary }
        };
        Some(oracle::Problem { batch, groups, inputs, outputs, axes: axes.iter().map(axis).collect() })
    }

    /// The weights that the definition correlates with: axes in the input's order, turned round or conjugated.
    pub fn reference_weights(&self) -> Vec<Gauss> {
        let shape: Vec<usize> = self.along.iter().map(|along| along.kernel).collect();
        let mut order: Vec<usize> = (0..shape.len()).collect();
        order.sort_by_key(|&k| self.along[k].axis);
        let volume: usize = shape.iter().product();
        let sorted = self.w.chunks(volume).flat_map(|block| transposed(block, &shape, &order));
        match self.operation {
            Operation::Convolve => oracle::flip(&sorted.collect::<Vec<_>>(), &shape),
            Operation::Correlate => sorted.map(oracle::Number::conj).collect(),
        }
    }

    /// Weights of each output, and the sum of the extents of the kernel.
    pub fn taps(&self) -> (usize, usize) {
        let inputs = self.channels.map_or(1, |c| c.inputs);
        let volume: usize = self.along.iter().map(|along| along.kernel).product();
        (inputs * volume, self.along.iter().map(|along| along.kernel).sum())
    }
}

pub fn mode(mode: Mode) -> faltung::Mode {
    match mode {
        Mode::Full => faltung::Mode::Full,
        Mode::Same => faltung::Mode::Same,
        Mode::Valid => faltung::Mode::Valid,
        Mode::Padded(before, after) => faltung::Mode::Padded { before, after },
    }
}

/// The array with its axes in another order: the new axis `i` is the old axis `order[i]`.
pub fn transposed<T: Copy>(from: &[T], shape: &[usize], order: &[usize]) -> Vec<T> {
    let stride = |axis: usize| shape[axis + 1..].iter().product::<usize>();
    order
        .iter()
        .fold(vec![0], |places, &axis| {
            places.iter().flat_map(|place| (0..shape[axis]).map(move |i| place + i * stride(axis))).collect()
        })
        .iter()
        .map(|&place| from[place])
        .collect()
}

/// Memory in which an array lies with its axes in any order and direction, and gaps between its samples.
pub struct Odd<T> {
    pub memory: Vec<T>,
    pub shape: Vec<usize>,
    pub strides: Vec<isize>,
    pub offset: usize,
}

impl<T: Sample> Odd<T> {
    pub fn new(shape: &[usize], fill: T, rng: &mut Rng) -> Odd<T> {
        let mut strides = vec![0; shape.len()];
        let (mut reach, mut offset) = (1, 0);
        let mut left: Vec<usize> = (0..shape.len()).collect();
        let dense = rng.one_in(2);
        while !left.is_empty() {
            let axis = left.remove(if dense { left.len() - 1 } else { rng.below(left.len()) });
            let stride = reach + if dense { 0 } else { rng.below(3) };
            let back = !dense && rng.one_in(3);
            offset += if back { stride * shape[axis].saturating_sub(1) } else { 0 };
            strides[axis] = if back { -(stride as isize) } else { stride as isize };
            reach += stride * shape[axis].saturating_sub(1);
        }
        let len = if shape.contains(&0) { 0 } else { offset.max(reach) + usize::from(!dense) * rng.below(4) };
        Odd { memory: vec![fill; len], shape: shape.to_vec(), strides, offset: if len == 0 { 0 } else { offset } }
    }

    /// Places of all samples, slowest axis first.
    pub fn places(&self) -> Vec<usize> {
        let start = vec![self.offset as isize];
        let all = self.shape.iter().zip(&self.strides).fold(start, |places, (&n, &stride)| {
            places.iter().flat_map(|place| (0..n as isize).map(move |i| place + i * stride)).collect()
        });
        all.into_iter().map(|place| place as usize).collect()
    }

    pub fn view(&self) -> View<'_, T> {
        View::with_strides(&self.memory, &self.shape, &self.strides, self.offset).expect("it lies in its memory")
    }

    pub fn view_mut(&mut self) -> AnyViewMut<'_> {
        let view = ViewMut::with_strides(&mut self.memory, &self.shape, &self.strides, self.offset);
        T::view_mut(view.expect("it lies in its memory, each sample once"))
    }
}

/// Both parts of a sample.
pub fn parts<T: Sample>(sample: T) -> Complex<f64> {
    sample.number().to_complex()
}

/// In one line, without most of its numbers.
impl std::fmt::Display for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Case { dtype, shape, operation, scale, range, exact, rank, channels, .. } = self;
        write!(
            f,
            "{operation} {dtype} {shape:?} scale {scale:?} range {range:?} exact {exact} rank {rank:?} {channels:?}"
        )?;
        self.along.iter().try_for_each(|along| write!(f, "\n  {along:?}"))?;
        let some = |all: &[Gauss]| all.iter().take(24).map(|z| (z.re, z.im)).collect::<Vec<_>>();
        write!(f, "\n  x {:?}\n  w {:?}", some(&self.x), some(&self.w))
    }
}
