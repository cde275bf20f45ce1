//! From memory to blocks: the stage where storage type, strides, boundary and upsampling end.
//!
//! What an algorithm sees is a [`Block`]: sums, dense or nearly so, extended beyond the signal's ends where outputs reach
//! there. Of the sum in [`shape`](crate::shape) only `y[o] = sum of w[k] * block[o * stride + k * dilation]` is left. A
//! [`Map`] says for each axis where the samples of a block come from, in runs; a [`Source`] follows the maps of all axes, or
//! lends its own memory where nothing has to be done.

use crate::{
    Accum, Axis, Boundary, Dims, Number, Sample, Stored, View,
    geometry::{dense_strides, place_of},
    view::ByteOrder,
};

/// Where a run of samples of an axis comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// The signal, from this sample on.
    At(usize),
    /// The signal, from this sample backwards.
    Back(usize),
    /// The same sample again and again.
    Still(usize),
    /// The boundary's constant.
    Constant,
    /// Between two samples: zero.
    Gap,
}

impl Origin {
    /// For a run from the signal, where samples lie `stride` apart: how far ahead it begins, and how far apart its samples lie.
    fn walk(self, stride: isize) -> Option<(isize, isize)> {
        match self {
            Origin::At(from) => Some((from as isize * stride, stride)),
            Origin::Back(from) => Some((from as isize * stride, -stride)),
            Origin::Still(from) => Some((from as isize * stride, 0)),
            Origin::Constant | Origin::Gap => None,
        }
    }
}

/// What stands at one place of the extended, upsampled axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Stand {
    /// This sample of the signal.
    Sample(usize),
    /// The boundary's constant.
    Constant,
    /// Between two samples: zero.
    Gap,
}

/// Where the samples of a block come from, along one axis.
#[derive(Debug, Default)]
pub(crate) struct Map {
    runs: Vec<(Origin, usize)>,
    len: usize,
    constant: Option<Number>,
}

impl Map {
    /// Maps the `len` samples of the extended, upsampled axis from `start` on.
    pub(crate) fn set(&mut self, axis: &Axis, start: isize, len: usize) {
        self.runs.clear();
        self.len = len;
        self.constant = match axis.boundary {
            Boundary::Constant(c) => Some(c),
            _ => None,
        };
        if axis.upsample == 1 {
            self.extend(axis, start, len);
            return;
        }
        let upsample = axis.upsample as isize;
        let mut at = start;
        let end = start + len as isize;
        while at < end {
            match at.rem_euclid(upsample) {
                0 => {
                    self.extend(axis, at.div_euclid(upsample), 1);
                    at += 1;
                }
                past => {
                    let gap = (upsample - past).min(end - at);
                    self.push(Origin::Gap, gap as usize);
                    at += gap;
                }
            }
        }
    }

    /// What stands at one place of the extended, upsampled axis.
    pub(crate) fn stand(&mut self, axis: &Axis, place: isize) -> Stand {
        self.set(axis, place, 1);
        match self.runs[0].0 {
            Origin::At(sample) | Origin::Back(sample) | Origin::Still(sample) => Stand::Sample(sample),
            Origin::Constant => Stand::Constant,
            Origin::Gap => Stand::Gap,
        }
    }

    /// Maps the whole of an axis of channels.
    pub(crate) fn set_whole(&mut self, len: usize) {
        self.runs.clear();
        self.len = len;
        self.push(Origin::At(0), len);
    }

    /// Adds `len` samples of the extended axis from `start` on: outside, inside at once, outside.
    fn extend(&mut self, axis: &Axis, start: isize, len: usize) {
        let end = start + len as isize;
        let inside = start.clamp(0, axis.len as isize)..end.clamp(0, axis.len as isize);
        let outside = |map: &mut Map, range: std::ops::Range<isize>| match axis.boundary {
            Boundary::Constant(_) => map.push(Origin::Constant, range.len()),
            _ => range.for_each(|i| {
                let source = axis.boundary.source(i, axis.len).expect("only constants have no source");
                map.push(Origin::At(source), 1);
            }),
        };
        if inside.is_empty() {
            return outside(self, start..end);
        }
        outside(self, start..inside.start);
        self.push(Origin::At(inside.start as usize), inside.len());
        outside(self, inside.end..end);
    }

    /// Adds a run, to the last one if it goes on so.
    fn push(&mut self, origin: Origin, len: usize) {
        use Origin::{At, Back, Constant, Gap, Still};
        if len == 0 {
            return;
        }
        let longer = self.runs.last().and_then(|&(last, had)| match (last, origin) {
            (At(from), At(next)) if from + had == next => Some(At(from)),
            (At(from), At(next)) if (had, len) == (1, 1) && next + 1 == from => Some(Back(from)),
            (At(from), At(next)) if (had, len) == (1, 1) && next == from => Some(Still(from)),
            (Back(from), At(next)) if len == 1 && next + had == from => Some(last),
            (Still(from), At(next)) if len == 1 && next == from => Some(last),
            (Constant, Constant) | (Gap, Gap) => Some(last),
            _ => None,
        });
        match (longer, self.runs.last_mut()) {
            (Some(origin), Some(last)) => *last = (origin, last.1 + len),
            _ => self.runs.push((origin, len)),
        }
    }

    /// Most runs that the samples of a block of `len` may come in.
    pub(crate) fn most_runs(axis: &Axis, len: usize) -> usize {
        let alike = matches!(axis.boundary, Boundary::Constant(_)) && axis.upsample == 1;
        if alike { 3 } else { len.saturating_add(1) }
    }

    /// Room for so many runs.
    pub(crate) fn with_capacity(runs: usize) -> Map {
        Map { runs: Vec::with_capacity(runs), ..Map::default() }
    }

    /// Bytes of so many runs.
    pub(crate) fn bytes(runs: usize) -> usize {
        runs.saturating_mul(size_of::<(Origin, usize)>())
    }

    /// Samples.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// The boundary's constant.
    fn constant<A: Accum>(&self) -> A {
        match self.constant.expect("constants come from a constant boundary") {
            // By far the most are zeros, and asked for at every end of a row.
            Number::Whole(0) => A::ZERO,
            constant => A::nearest(constant),
        }
    }

    /// The first sample, if all lie within the signal, in order.
    fn inside(&self) -> Option<usize> {
        match self.runs[..] {
            [(Origin::At(start), _)] => Some(start),
            _ => None,
        }
    }
}

/// Samples that an algorithm reads: `[input, axes..]`.
#[derive(Debug, Clone)]
pub(crate) struct Block<'a, A> {
    pub(crate) data: &'a [A],
    pub(crate) shape: Dims,
    /// Distances between neighbours; 1 along the last axis.
    pub(crate) strides: Dims,
}

impl<'a, A: Copy> Block<'a, A> {
    /// Dense, at the beginning of a slice.
    pub(crate) fn dense(data: &'a [A], shape: &[usize]) -> Self {
        let data = &data[..shape.iter().product()];
        Block { data, shape: Dims::from_slice(shape), strides: dense_strides(shape) }
    }

    /// All of it, if it is dense.
    pub(crate) fn as_dense(&self) -> Option<&'a [A]> {
        (self.strides[..] == dense_strides(&self.shape)[..]).then(|| &self.data[..self.shape.iter().product()])
    }

    /// Copies all of it, dense.
    pub(crate) fn copy_to(&self, to: &mut [A]) {
        let row = self.shape.last().copied().unwrap_or(1);
        self.for_each_row(|at, from| to[at * row..][..row].copy_from_slice(from));
    }

    /// Calls `each` with the number of every row (along the last axis), in order, and the row.
    pub(crate) fn for_each_row(&self, mut each: impl FnMut(usize, &'a [A])) {
        let (&row, outer) = self.shape.split_last().expect("a block has channels");
        for at in 0..outer.iter().product() {
            each(at, &self.data[place_of(at, outer, &self.strides)..][..row]);
        }
    }

    /// One channel of it, as a block of one channel.
    pub(crate) fn channel(&self, input: usize) -> Block<'a, A> {
        let mut shape = self.shape.clone();
        shape[0] = 1;
        Block { data: &self.data[input * self.strides[0]..], shape, strides: self.strides.clone() }
    }
}

/// What samples can be read from as sums of type `A`.
pub(crate) trait Source<A>: Sync {
    /// Copies the samples that `maps` name (for the last axes) into a dense block; the other axes stay at `base`.
    fn gather(&self, base: usize, maps: &[Map], block: &mut [A]);
    /// The memory itself, if it holds what [`gather`](Self::gather) would have copied.
    fn lend(&self, base: usize, maps: &[Map]) -> Option<Block<'_, A>>;
}

impl<A: Accum, T: Stored<A>> Source<A> for View<'_, T> {
    fn gather(&self, base: usize, maps: &[Map], block: &mut [A]) {
        let strides = self.geometry().strides();
        let strides = &strides[strides.len() - maps.len()..];
        // From this axis on, the block is the memory.
        let mut dense = maps.len();
        let mut volume = 1;
        while dense > 0 && strides[dense - 1] == volume as isize && maps[dense - 1].inside() == Some(0) {
            dense -= 1;
            volume *= maps[dense].len;
        }
        let gather = Gather { memory: self.memory(), order: self.order(), maps, strides, dense };
        gather.fill(0, Part::Place(base as isize), block);
    }

    fn lend(&self, base: usize, maps: &[Map]) -> Option<Block<'_, A>> {
        let strides = self.geometry().strides();
        let strides = &strides[strides.len() - maps.len()..];
        let sums = T::as_sums(self.memory()).filter(|_| self.order() == ByteOrder::Native)?;
        let (mut start, mut end) = (base, base);
        for (map, &stride) in maps.iter().zip(strides) {
            let stride = usize::try_from(stride).ok()?;
            start += map.inside()? * stride;
            end += (map.inside()? + map.len - 1) * stride;
        }
        let shape: Dims = maps.iter().map(|map| map.len).collect();
        let strides: Dims = strides.iter().map(|&s| s as usize).collect();
        let last_is_dense = strides.last() == Some(&1) || shape.last() == Some(&1);
        last_is_dense.then(|| Block { data: &sums[start..=end], shape, strides })
    }
}

/// What a part of a block consists of.
#[derive(Clone, Copy)]
enum Part<A> {
    /// Samples, from this place in memory on.
    Place(isize),
    /// The same everywhere, unless a faster axis says otherwise: it is extended later.
    Same(A),
}

struct Gather<'a, T> {
    memory: &'a [T],
    order: ByteOrder,
    maps: &'a [Map],
    strides: &'a [isize],
    dense: usize,
}

impl<T: Sample> Gather<'_, T> {
    fn fill<A: Accum>(&self, axis: usize, part: Part<A>, block: &mut [A])
    where
        T: Stored<A>,
    {
        if axis >= self.dense
            && let Part::Place(place) = part
        {
            return self.copy(place, 1, block);
        }
        let Some(map) = self.maps.get(axis) else {
            let Part::Same(value) = part else { unreachable!("places without axes are dense") };
            block[0] = value;
            return;
        };
        let last = axis + 1 == self.maps.len();
        let inner = block.len() / map.len.max(1);
        let mut rest = block;
        for &(origin, len) in &map.runs {
            let (here, after) = rest.split_at_mut(len * inner);
            rest = after;
            let same = match (origin.walk(self.strides[axis]), part) {
                (Some((ahead, stride)), Part::Place(place)) => {
                    let place = place + ahead;
                    if last {
                        self.copy(place, stride, here);
                    } else if axis + 2 == self.maps.len() && self.dense > axis + 1 {
                        self.copy_rows(place, stride, here);
                    } else if axis + 1 == self.dense && stride == inner as isize {
                        self.copy(place, 1, here);
                    } else {
                        for (i, here) in here.chunks_exact_mut(inner.max(1)).enumerate() {
                            self.fill(axis + 1, Part::Place(place + i as isize * stride), here);
                        }
                    }
                    continue;
                }
                (Some(_), Part::Same(value)) => value,
                (None, _) if origin == Origin::Gap => {
                    here.fill(A::ZERO);
                    continue;
                }
                (None, _) => map.constant(),
            };
            match last {
                true => here.fill(same),
                false => {
                    here.chunks_exact_mut(inner.max(1)).for_each(|here| self.fill(axis + 1, Part::Same(same), here))
                }
            }
        }
    }

    /// Copies rows that lie `apart`: most are a few samples before and after one long run.
    fn copy_rows<A: Accum>(&self, place: isize, apart: isize, block: &mut [A])
    where
        T: Stored<A>,
    {
        let (map, &stride) = self.maps.last().zip(self.strides.last()).expect("there is a last axis");
        let sums = T::as_sums(self.memory).filter(|_| self.order == ByteOrder::Native);
        let mut rest = block;
        let mut place = place;
        while rest.len() >= map.len.max(1) {
            for &(origin, len) in &map.runs {
                match (origin.walk(stride), sums) {
                    (Some((ahead, 1)), Some(sums)) => copy_over(&sums[(place + ahead) as usize..], len, rest),
                    (Some((ahead, stride)), _) => self.copy(place + ahead, stride, &mut rest[..len]),
                    (None, _) => {
                        let same = if origin == Origin::Gap { A::ZERO } else { map.constant() };
                        // Filling one is a call otherwise.
                        rest[0] = same;
                        rest[1..len].iter_mut().for_each(|to| *to = same);
                    }
                }
                rest = &mut std::mem::take(&mut rest)[len..];
            }
            place += apart;
        }
    }

    /// Copies samples that lie `stride` apart.
    fn copy<A: Accum>(&self, place: isize, stride: isize, to: &mut [A])
    where
        T: Stored<A>,
    {
        match self.order {
            ByteOrder::Native if to.len() == 1 => to[0] = self.memory[place as usize].widen(),
            ByteOrder::Native if stride == 1 => T::widen_all(&self.memory[place as usize..][..to.len()], to),
            ByteOrder::Native => self.pick(place, stride, to, T::widen),
            ByteOrder::Swapped => self.pick(place, stride, to, |sample| sample.swapped().widen()),
        }
    }

    /// Makes sums of samples that lie `stride` apart.
    fn pick<A>(&self, place: isize, stride: isize, to: &mut [A], widen: impl Fn(T) -> A) {
        let mut at = place;
        for to in to {
            *to = widen(self.memory[at as usize]);
            at += stride;
        }
    }
}

/// Copies a run by pieces of a constant length, where these are there; what comes too much is written over by the next run.
#[inline(always)]
fn copy_over<A: Copy>(from: &[A], len: usize, to: &mut [A]) {
    const PIECE: usize = 8;
    let whole = len.next_multiple_of(PIECE);
    if whole > from.len() || whole > to.len() || len > 8 * PIECE {
        return to[..len].copy_from_slice(&from[..len]);
    }
    let (from, _) = from[..whole].as_chunks::<PIECE>();
    let (to, _) = to[..whole].as_chunks_mut::<PIECE>();
    to.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
}

/// Least and greatest sample of a view of integers.
pub(crate) fn extent<T: Sample>(view: &View<'_, T>) -> Option<(i128, i128)> {
    /// Samples that are brought together where they do not lie so.
    const TOGETHER: usize = 256;
    if let Some(all) = view.as_dense() {
        return T::extent(all);
    }
    let mut extent: Option<(i128, i128)> = None;
    let mut meet = |all: &mut Vec<T>| {
        let met = T::extent(all).into_iter().chain(extent);
        extent = met.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
        all.clear();
    };
    let mut some = Vec::with_capacity(TOGETHER);
    view.geometry().for_each_place(|place| {
        some.push(view.at(place));
        if some.len() == TOGETHER {
            meet(&mut some);
        }
    });
    meet(&mut some);
    extent
}
