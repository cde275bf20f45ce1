//! Correlation of blocks in several dimensions, by transforms across rows and along them.
//!
//! A block is rows along its last axis. Across all slower axes elements are whole rows or planes ([`across`](super::across)), the
//! slowest by the right angle, since that costs real samples nothing there; along the rows the transform is a plain complex one.
//! The kernel may have one weight along an axis: then the block is not transformed along it, and all places there meet the
//! same numbers of the kernel's spectrum.
//!
//! One pass sweeps the block as it reads the samples. Then each strand is taken by itself: further passes, the next axis, the
//! rows, the product, and all the way back, while it is in the first caches. One last pass sweeps the block and makes rows of
//! outputs. So a tile that fits a second-level cache is moved three times, whatever the number of its dimensions.
//!
//! Error: `c log2(N) eps |x| |w|`, as for any transform.

use num_complex::Complex;
use smallvec::SmallVec;

use super::{
    Float, Sum,
    across::{Across, Element, Rows, radices},
    complex::constant,
    lane_steps::LaneSteps,
    passes::{self, Pass, Shift},
};
use crate::{
    Dims,
    arch::{self, Level, Simd, Vector, dispatch, lanes, vectors, vectors_mut, with_slack},
    geometry::place_of,
};

/// Rows of samples, numbered slowest axis first, of a block of such extents.
#[derive(Clone, Copy)]
pub(crate) struct Input<'a, 'f, A> {
    pub(crate) extents: &'f [usize],
    pub(crate) row: &'f dyn Fn(usize) -> &'a [A],
}

/// What is given rows of outputs, numbered likewise.
pub(crate) struct Output<'f, A> {
    pub(crate) extents: &'f [usize],
    pub(crate) put: &'f mut dyn FnMut(usize, &[A]),
}

/// Correlates blocks of `A` by transforms of `T`. Spectra are slices of [`numbers`](Self::numbers), in an order of their own.
pub(crate) trait BlockCorrelator<A, T>: Send + Sync {
    /// Numbers of a block's spectrum.
    fn numbers(&self) -> usize;
    /// Numbers of the kernel's spectrum.
    fn weights(&self) -> usize;
    /// Samples of scratch on the way back.
    fn rows(&self) -> usize;
    /// The spectrum of weights, dense in a block of such extents.
    fn weigh(&self, weights: &[A], extents: &[usize], spectrum: &mut [Complex<T>]);
    /// The spectrum of a block.
    fn forward(&self, block: Input<'_, '_, A>, spectrum: &mut [Complex<T>]);
    /// The spectrum of a block times that of weights: into `sums`, or added to them.
    fn multiply(&self, block: &[Complex<T>], weights: &[Complex<T>], sums: &mut [Complex<T>], how: Sum);
    /// The first outputs whose spectrum is `sums`.
    fn inverse(&self, sums: &mut [Complex<T>], outputs: Output<'_, A>, rows: &mut [T]);
    /// All of it, for one block and its weights: faster than its parts.
    fn correlate(
        &self,
        block: Input<'_, '_, A>,
        weights: &[Complex<T>],
        outputs: Output<'_, A>,
        work: &mut [Complex<T>],
        rows: &mut [T],
    );
}

/// Samples of a transform along one axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Size {
    /// So many are transformed.
    Transformed(usize),
    /// So many go through as they are.
    Alike(usize),
}

impl Size {
    /// How many, either way.
    pub(crate) fn samples(self) -> usize {
        match self {
            Size::Transformed(n) | Size::Alike(n) => n,
        }
    }
}

/// An axis across rows.
struct Slow<T> {
    passes: Vec<Across<T>>,
    /// Elements, those of complex numbers on the slowest axis.
    len: usize,
    /// Vectors of an element.
    element: usize,
    /// Vectors of the kernel's spectrum that an element meets.
    weights: usize,
}

/// What is done with a row.
enum Row<S: Simd, T: Float> {
    Transformed { passes: Vec<Pass<S, T>>, lane_steps: LaneSteps<S, T> },
    Alike,
}

struct Plan<S: Simd, T: Float> {
    simd: S,
    slow: Vec<Slow<T>>,
    /// Whole rows of an element of each axis across rows.
    places: Dims,
    row: Row<S, T>,
    /// Vectors of a row.
    width: usize,
    sizes: Vec<Size>,
    /// A row that a block does not have.
    zeros: Vec<T>,
}

/// For each axis across rows, what its passes take.
type Elements = SmallVec<[Element; 8]>;

/// Bytes that are transformed along all further axes before the next are taken up: with their spectra they stay in a
/// first-level cache.
const FLAT: usize = 1 << 14;

/// Which way is gone.
#[derive(Clone, Copy)]
enum Way<'a, S: Simd, T: Float> {
    Forward,
    Back,
    /// Both, with the product between them.
    Both(&'a [Vector<S, T>]),
}

impl<S: Simd, T: Float> Way<'_, S, T> {
    /// The same for a part of the block that meets `count` vectors of weights.
    fn part(self, first: usize, count: usize) -> Self {
        match self {
            Way::Both(weights) => Way::Both(&weights[first..][..count]),
            way => way,
        }
    }
}

impl<S: Simd, T: Float> Plan<S, T> {
    fn new(simd: S, sizes: &[Size]) -> Self {
        let (last, outer) = sizes.split_last().expect("a block has axes");
        let (row, width, weights) = match *last {
            Size::Alike(n) => (Row::Alike, n.div_ceil(lanes::<S, T>()), 1),
            Size::Transformed(n) => {
                let width = n / lanes::<S, T>();
                let mut rest = n;
                let radices = row_radices(width).unwrap_or_else(|| panic!("there are no rows of {n} numbers"));
                let pass = |radix| {
                    let pass = Pass::new(simd, radix, rest, Shift::None);
                    rest /= radix;
                    pass
                };
                let passes = radices.into_iter().map(pass).collect();
                (Row::Transformed { passes, lane_steps: LaneSteps::new(simd) }, width, width)
            }
        };
        let mut slow = Vec::new();
        let (mut element, mut weights) = (width, weights);
        for (axis, size) in outer.iter().enumerate().rev() {
            let (len, passes) = match *size {
                Size::Alike(n) => (n, Vec::new()),
                Size::Transformed(n) => {
                    let (n, shift) = if axis == 0 { (n / 2, Shift::Quarter) } else { (n, Shift::None) };
                    let radices = radices(n).unwrap_or_else(|| panic!("there is no transform across {n} rows"));
                    let mut rest = n;
                    let pass = |radix| {
                        let pass = Across::new(radix, rest, if rest == n { shift } else { Shift::None });
                        rest /= radix;
                        pass
                    };
                    (n, radices.into_iter().map(pass).collect())
                }
            };
            let transformed = !passes.is_empty();
            slow.push(Slow { passes, len, element, weights });
            element *= len;
            weights *= if transformed { len } else { 1 };
        }
        slow.reverse();
        let places = slow.iter().map(|slow| slow.element / width).collect();
        let zeros = vec![T::default(); width * lanes::<S, T>()];
        Plan { simd, slow, places, row, width, sizes: sizes.to_vec(), zeros }
    }

    /// Vectors of a block.
    fn vectors(&self) -> usize {
        self.slow[0].len * self.slow[0].element
    }

    /// Vectors of the kernel's spectrum.
    fn weight_vectors(&self) -> usize {
        self.slow[0].len * self.slow[0].weights
    }

    /// For each axis across rows the vectors of an element that a block of such extents fills.
    fn elements(&self, extents: &[usize]) -> Elements {
        let (row, outer) = extents.split_last().expect("a block has axes");
        let place = |axis: usize| -> usize {
            outer.iter().zip(&self.places).skip(axis + 1).map(|(&n, place)| (n.max(1) - 1) * place).sum()
        };
        let used = |axis: usize| place(axis) * self.width + row.div_ceil(lanes::<S, T>());
        let element = |(axis, slow): (usize, &Slow<T>)| Element { vectors: slow.element, used: used(axis) };
        self.slow.iter().enumerate().map(element).collect()
    }

    /// The first pass.
    fn first(&self, block: Input<'_, '_, T>, data: &mut [Vector<S, T>]) {
        let (&row, outer) = block.extents.split_last().expect("a block has axes");
        let (slow, pass) = (&self.slow[0], &self.slow[0].passes[0]);
        let inner = &outer[1..];
        let covered = inner.iter().product::<usize>() * row.div_ceil(lanes::<S, T>());
        if covered < slow.element {
            data.fill(Vector::zero(self.simd));
        }
        let zeros = &self.zeros[..row];
        let count = inner.iter().product::<usize>();
        for j in 0..pass.len {
            for number in 0..count {
                let mut rows: Rows<'_, T> = [[zeros; 8]; 2];
                for (half, rows) in rows.iter_mut().enumerate() {
                    for (q, place) in rows[..pass.radix()].iter_mut().enumerate() {
                        let at = half * slow.len + q * pass.len + j;
                        if at < outer[0] {
                            *place = (block.row)(at * count + number);
                        }
                    }
                }
                let at = place_of(number, inner, &self.places[1..]) * self.width;
                let simd = self.simd;
                simd.vectorize(
                    #[inline(always)]
                    || pass.first(simd, j, &rows, data, slow.element, at),
                );
            }
        }
    }

    /// The last pass.
    fn last(&self, data: &mut [Vector<S, T>], outputs: Output<'_, T>, rows: &mut [T]) {
        let (&row, outer) = outputs.extents.split_last().expect("a block has axes");
        let (slow, pass) = (&self.slow[0], &self.slow[0].passes[0]);
        let inner = &outer[1..];
        let count = inner.iter().product::<usize>();
        let used = row.div_ceil(lanes::<S, T>());
        let element = Element { vectors: slow.element, used };
        let simd = self.simd;
        for j in 0..pass.len {
            if j >= outer[0] {
                break;
            }
            for number in 0..count {
                let at = place_of(number, inner, &self.places[1..]) * self.width;
                simd.vectorize(
                    #[inline(always)]
                    || pass.last(simd, j, data, element, at, rows),
                );
                for (q, made) in rows.chunks_exact(used * lanes::<S, T>()).take(2 * pass.radix()).enumerate() {
                    let at = q * pass.len + j;
                    if at < outer[0] {
                        (outputs.put)(at * count + number, &made[..row]);
                    }
                }
            }
        }
    }

    /// The passes from this one on, across this axis and all faster ones, for all blocks of `data`.
    fn walk(
        &self,
        axis: usize,
        depth: usize,
        data: &mut [Vector<S, T>],
        way: Way<'_, S, T>,
        elements: [&[Element]; 2],
    ) {
        let Some(slow) = self.slow.get(axis) else { return self.rows(data, way) };
        let alike = slow.passes.is_empty();
        let (block, weights) = match slow.passes.get(depth) {
            Some(pass) => (pass.block() * slow.element, pass.block() * slow.weights),
            None => (slow.element, slow.weights),
        };
        let innermost = axis + 1 == self.slow.len();
        let is_large = size_of_val(data) > FLAT;
        match slow.passes.get(depth) {
            _ if is_large && block < data.len() => {
                let step = if alike { 0 } else { weights };
                for (number, block) in data.chunks_exact_mut(block).enumerate() {
                    self.walk(axis, depth, block, way.part(number * step, weights), elements);
                }
            }
            Some(pass) => {
                let simd = self.simd;
                if !matches!(way, Way::Back) {
                    simd.vectorize(
                        #[inline(always)]
                        || pass.forward(simd, data, elements[0][axis]),
                    );
                }
                self.walk(axis, depth + 1, data, way, elements);
                if !matches!(way, Way::Forward) {
                    simd.vectorize(
                        #[inline(always)]
                        || pass.inverse(simd, data, elements[1][axis]),
                    );
                }
            }
            None if innermost && !alike => self.rows(data, way),
            None => {
                let step = if alike { 0 } else { weights };
                for (number, element) in data.chunks_exact_mut(slow.element).enumerate() {
                    self.walk(axis + 1, 0, element, way.part(number * step, weights), elements);
                }
            }
        }
    }

    /// Along rows, and the product.
    fn rows(&self, data: &mut [Vector<S, T>], way: Way<'_, S, T>) {
        self.simd.vectorize(
            #[inline(always)]
            || match &self.row {
                Row::Alike => {
                    let Way::Both(weights) = way else { return };
                    for (row, &w) in data.chunks_exact_mut(self.width).zip(weights) {
                        for z in row {
                            *z = (*z * w).swap();
                        }
                    }
                }
                Row::Transformed { passes, lane_steps } => {
                    if !matches!(way, Way::Back) {
                        for pass in passes {
                            pass.forward(self.simd, data, &passes::ALL);
                        }
                    }
                    match way {
                        Way::Forward => lane_steps.forward(data),
                        Way::Back => lane_steps.inverse(data),
                        Way::Both(weights) => lane_steps.product(data, weights),
                    }
                    if !matches!(way, Way::Forward) {
                        for pass in passes.iter().rev() {
                            pass.inverse(self.simd, data, &passes::ALL);
                        }
                    }
                }
            },
        );
    }

    /// The part of [`multiply`](BlockCorrelator::multiply) from this axis on.
    fn product(&self, axis: usize, x: &[Vector<S, T>], weights: &[Vector<S, T>], sums: &mut [Vector<S, T>], how: Sum) {
        let Some(slow) = self.slow.get(axis) else {
            let simd = self.simd;
            return simd.vectorize(
                #[inline(always)]
                || {
                    for (at, (sum, &x)) in sums.iter_mut().zip(x).enumerate() {
                        let w = match self.row {
                            Row::Transformed { .. } => weights[at],
                            Row::Alike => weights[0],
                        };
                        *sum = match how {
                            Sum::Begin => x * w,
                            Sum::Add => *sum + x * w,
                        };
                    }
                },
            );
        };
        let step = if slow.passes.is_empty() { 0 } else { slow.weights };
        for (number, (x, sums)) in x.chunks_exact(slow.element).zip(sums.chunks_exact_mut(slow.element)).enumerate() {
            self.product(axis + 1, x, &weights[number * step..][..slow.weights], sums, how);
        }
    }
}

impl<S: Simd, T: Float> BlockCorrelator<T, T> for Plan<S, T> {
    fn numbers(&self) -> usize {
        with_slack::<T>(self.vectors() * lanes::<S, T>())
    }

    fn weights(&self) -> usize {
        with_slack::<T>(self.weight_vectors() * lanes::<S, T>())
    }

    fn rows(&self) -> usize {
        2 * self.slow[0].passes[0].radix() * self.width * lanes::<S, T>()
    }

    fn weigh(&self, weights: &[T], extents: &[usize], spectrum: &mut [Complex<T>]) {
        let simd = self.simd;
        let alone = |&size: &Size| match size {
            Size::Alike(_) => Size::Alike(1),
            transformed => transformed,
        };
        let plan = Plan::<S, T>::new(simd, &self.sizes.iter().map(alone).collect::<Vec<_>>());
        // Where rows are not transformed, all lanes hold the same number.
        let (each, mut extents) = (if matches!(self.row, Row::Alike) { lanes::<S, T>() } else { 1 }, extents.to_vec());
        let wide: Vec<T> = weights.iter().flat_map(|&w| std::iter::repeat_n(w, each)).collect();
        let row = extents.last_mut().expect("a block has axes");
        *row *= each;
        let row = *row;
        let input = Input { extents: &extents, row: &|number| &wide[number * row..][..row] };
        plan.forward(input, spectrum);
        let numbers: usize =
            self.sizes.iter().map(|&size| if let Size::Transformed(n) = size { n } else { 1 }).product();
        let scale = constant::<S, T>(simd, 2.0 / numbers as f64);
        simd.vectorize(
            #[inline(always)]
            || {
                for z in vectors_mut(simd, spectrum, self.weight_vectors()) {
                    *z = z.conj().scale(scale);
                }
            },
        );
    }

    fn forward(&self, block: Input<'_, '_, T>, spectrum: &mut [Complex<T>]) {
        let data = vectors_mut(self.simd, spectrum, self.vectors());
        let elements = self.elements(block.extents);
        self.first(block, data);
        self.walk(0, 1, data, Way::Forward, [&elements; 2]);
    }

    fn multiply(&self, block: &[Complex<T>], weights: &[Complex<T>], sums: &mut [Complex<T>], how: Sum) {
        let block = vectors(self.simd, block, self.vectors());
        let weights = vectors(self.simd, weights, self.weight_vectors());
        self.product(0, block, weights, vectors_mut(self.simd, sums, self.vectors()), how);
    }

    fn inverse(&self, sums: &mut [Complex<T>], outputs: Output<'_, T>, rows: &mut [T]) {
        let data = vectors_mut(self.simd, sums, self.vectors());
        let elements = self.elements(outputs.extents);
        self.simd.vectorize(
            #[inline(always)]
            || {
                for z in &mut *data {
                    *z = z.swap();
                }
            },
        );
        self.walk(0, 1, data, Way::Back, [&elements; 2]);
        self.last(data, outputs, rows);
    }

    fn correlate(
        &self,
        block: Input<'_, '_, T>,
        weights: &[Complex<T>],
        outputs: Output<'_, T>,
        work: &mut [Complex<T>],
        rows: &mut [T],
    ) {
        let data = vectors_mut(self.simd, work, self.vectors());
        let weights = vectors(self.simd, weights, self.weight_vectors());
        let (before, after) = (self.elements(block.extents), self.elements(outputs.extents));
        self.first(block, data);
        self.walk(0, 1, data, Way::Both(weights), [&before, &after]);
        self.last(data, outputs, rows);
    }
}

/// A correlator of blocks; for its sizes see [`sizes`].
pub(crate) fn block_correlator<T: Float>(level: Level, sizes: &[Size]) -> Box<dyn BlockCorrelator<T, T>> {
    dispatch!(level, simd => Box::new(Plan::new(simd, sizes)) as Box<dyn BlockCorrelator<T, T>>)
}

/// The most vectors of a row, where they are no multiple of 4: the last steps then take vectors of several rows at once.
const NARROW: usize = 16;

/// The radices of passes along rows of so many vectors.
fn row_radices(width: usize) -> Option<Vec<usize>> {
    if width.is_multiple_of(4) {
        return passes::radices(width);
    }
    let (mut rest, mut radices) = (width, Vec::new());
    for radix in [5, 3, 2] {
        while rest.is_multiple_of(radix) {
            radices.push(radix);
            rest /= radix;
        }
    }
    (rest == 1 && width <= NARROW).then_some(radices)
}

/// Where an axis stands in a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// The slowest one.
    Slowest,
    /// Another one across rows.
    Slow,
    /// Along the rows, next to an axis that is transformed.
    Row,
    /// Along the rows, next to one that is not.
    LoneRow,
}

/// Samples that an axis can be transformed by, from `least` to `most`, ascending.
pub(crate) fn block_lengths<T: Float>(place: Place, least: usize, most: usize) -> Vec<usize> {
    let lanes = dispatch!(arch::level(), simd => lanes_of::<_, T>(simd));
    let unit = match place {
        Place::Slowest => 8,
        Place::Slow => 4,
        Place::Row => lanes,
        Place::LoneRow => 4 * lanes,
    };
    let mut all = passes::smooth(unit, least, most);
    if place == Place::Row {
        all.retain(|&n| row_radices(n / lanes).is_some());
    }
    all
}

fn lanes_of<S: Simd, T: Float>(_: S) -> usize {
    lanes::<S, T>()
}

#[cfg(test)]
mod tests {
    use super::{
        Size::{Alike as L, Transformed as N},
        *,
    };
    use crate::{
        arch::levels,
        geometry::{dense_strides, index_of},
    };

    /// A number that is whole, and not like its neighbours.
    fn number(i: usize) -> f64 {
        ((i * 37) % 31) as f64 - 15.0
    }

    /// The definition, for the output at this place of a dense block.
    fn expected(data: &[usize], kernel: &[usize], at: &[usize]) -> f64 {
        let tap = |k: usize| {
            let place: Dims = at.iter().zip(index_of(k, kernel)).map(|(o, k)| o + k).collect();
            let is_inside = place.iter().zip(data).all(|(i, n)| i < n);
            let sample = place.iter().zip(dense_strides(data)).map(|(i, stride)| i * stride).sum();
            if is_inside { number(k + 5) * number(sample) } else { 0.0 }
        };
        (0..kernel.iter().product()).map(tap).sum()
    }

    fn blocks_are_correlated<T: Float>(level: Level, sizes: &[Size], data: &[usize], kernel: &[usize]) {
        let plan = block_correlator::<T>(level, sizes);
        let dirt = Complex::new(T::nearest(f64::NAN), T::nearest(f64::NAN));
        let (mut weights, mut work) = (vec![dirt; plan.weights()], vec![dirt; plan.numbers()]);
        let (mut sums, mut rows) = (work.clone(), vec![dirt.re; plan.rows()]);
        let all =
            |count: usize, first: usize| -> Vec<T> { (0..count).map(|i| T::nearest(number(i + first))).collect() };
        let (x, w) = (all(data.iter().product(), 0), all(kernel.iter().product(), 5));
        plan.weigh(&w, kernel, &mut weights);
        let out = sizes.iter().zip(kernel).zip(data).map(|((size, k), &n)| (size.samples() + 1 - k).min(n));
        let out: Vec<usize> = out.collect();
        let (row, made) = (data[data.len() - 1], out[out.len() - 1]);
        let input = Input { extents: data, row: &|at| &x[at * row..][..row] };
        let norm = |all: &[T]| all.iter().map(|&a| a.into() * a.into()).sum::<f64>().sqrt();
        let eps = if size_of::<T>() == 4 { f32::EPSILON.into() } else { f64::EPSILON };
        let bound = 3.0 * (work.len() as f64).log2() * eps * norm(&x) * norm(&w);
        let mut y = vec![dirt.re; out.iter().product()];
        let mut check = |case: &str, run: &mut dyn FnMut(Output<'_, T>)| {
            y.fill(dirt.re);
            let mut put = |at: usize, row: &[T]| y[at * made..][..made].copy_from_slice(row);
            run(Output { extents: &out, put: &mut put });
            for at in (0..y.len()).step_by(y.len() / 97 + 1) {
                let error = (y[at].into() - expected(data, kernel, &index_of(at, &out))).abs();
                assert!(error <= bound, "{case} {sizes:?} {data:?} {kernel:?}: output {at}, {error} > {bound}");
            }
        };
        check("at once", &mut |outputs| plan.correlate(input, &weights, outputs, &mut work, &mut rows));
        plan.forward(input, &mut work);
        for how in [Sum::Begin, Sum::Add, Sum::Begin] {
            plan.multiply(&work, &weights, &mut sums, how);
        }
        check("in parts", &mut |outputs| plan.inverse(&mut sums, outputs, &mut rows));
    }

    #[test]
    fn blocks_are_correlated_at_every_level() {
        let cases: [(&[Size], &[usize], &[usize]); 12] = [
            (&[N(8), N(64)], &[8, 64], &[3, 5]),
            (&[N(24), N(192)], &[20, 141], &[5, 7]),
            (&[N(40), N(160)], &[33, 17], &[9, 16]),
            (&[N(192), N(256)], &[192, 256], &[5, 7]),
            (&[N(720), N(576)], &[720, 576], &[5, 7]),
            (&[N(16), N(12), N(96)], &[16, 11, 90], &[5, 3, 7]),
            (&[N(40), N(36), N(48)], &[40, 36, 48], &[5, 3, 7]),
            (&[N(40), L(3), N(64)], &[40, 3, 60], &[5, 1, 7]),
            (&[N(40), L(100)], &[40, 100], &[9, 1]),
            (&[N(480), L(37)], &[401, 37], &[301, 1]),
            (&[N(40), L(5), N(24), L(3)], &[33, 5, 17, 3], &[9, 1, 4, 1]),
            (&[N(16), N(8), N(12), N(16)], &[12, 7, 9, 14], &[3, 2, 4, 3]),
        ];
        for level in levels() {
            for (sizes, data, kernel) in cases {
                blocks_are_correlated::<f32>(level, sizes, data, kernel);
                blocks_are_correlated::<f64>(level, sizes, data, kernel);
            }
        }
    }

    #[test]
    fn rows_and_planes_have_radices() {
        assert_eq!(radices(12), Some(vec![3, 4]));
        for n in (4..2000).step_by(4) {
            if let Some(all) = radices(n) {
                assert_eq!(all.iter().product::<usize>(), n);
                assert!(all.last().is_some_and(|radix| radix.is_multiple_of(4)));
            }
        }
        assert_eq!((row_radices(1), row_radices(6), row_radices(7)), (Some(vec![]), Some(vec![3, 2]), None));
        assert_eq!((row_radices(18), row_radices(20)), (None, Some(vec![4, 5])));
    }
}
