//! Kernels of 3 by 3 with a quarter of the multiplications.
//!
//! A tile of 4 by 4 outputs is made of 6 by 6 samples. These, the weights and the outputs are transformed along both axes by small
//! matrices ([`winograd`](crate::micro::winograd)), so that 36 products take the place of 144 (Lavin and Gray, *Fast algorithms for
//! convolutional neural networks*, 2016). Transforms of samples serve all output channels, and outputs are transformed back once for
//! all input channels, so it pays where there are many of both; what is left are 36 products of matrices, channels by tiles, by
//! the routine of [`gemm`](crate::micro::gemm).
//!
//! Lanes are neighbouring tiles. A row of samples is sorted by remainders of four first, so that the samples of neighbouring tiles
//! are neighbours; it is then transformed along the row, once for the two tiles above one another that share it, and the tiles of
//! all rows follow one another, however narrow a picture is.
//!
//! Error: `500 (inputs + 30) eps |w| |x|`, where `|x|` is that of the 36 samples of a tile, of all channels; in practice some
//! millionths of the largest outputs in single precision, ten times as much as a direct sum's. It is not small beside each output's own terms.
//! Cost per output: 2.25 multiplications for each channel, and about 20 operations for each of both sides.

use super::{
    Cost, Method, Needs, Prepared, Setting, Tiling, Work,
    packing::{in_use, is_float, only_floats},
    within,
};
use crate::{
    Accum, Accuracy, Axis, Problem, Refusal,
    arch::{self, Lanes, Outputs, Simd, dispatch},
    bound::Rounds,
    cost,
    kernel::weights::Weights,
    line::Block,
    micro::{
        gemm::{ABREAST, Begun, Target, product, rows},
        unroll::unroll,
        winograd::{GROWTH, OUTPUTS, POINTS, WEIGHTS, outputs, samples, weights},
    },
};

/// Bytes of values of samples and outputs that are taken at once.
const BYTES: usize = 4 << 20;

/// Values of a tile.
const VALUES: usize = POINTS * POINTS;

/// Numbers by which the values of one point lie further apart than they must, so that they do not meet in a cache.
const APART: usize = 48;

pub(crate) struct Winograd;

struct Ready<A> {
    tiling: Tiling,
    tile: Tile,
    /// Values of weights: for each group and point, rows after rows, `[input][row]`.
    values: Vec<A>,
}

/// How tiles of 4 by 4 outputs lie in one of the engine's tiles.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Tile {
    inputs: usize,
    outputs: usize,
    /// Tiles of 4 by 4 across and along rows.
    down: usize,
    along: usize,
    lanes: usize,
    /// Outputs of a tile in registers.
    rows: usize,
}

/// Predicted time of a grid, in nanoseconds, without what all algorithms have to do.
fn nanoseconds<A: Accum>(tile: &Tile, count: f64) -> f64 {
    let outputs = tile.outputs.next_multiple_of(tile.rows);
    let vectors = (tile.filled() / tile.lanes) as f64;
    let products = VALUES as f64 * tile.inputs as f64 * cost::gemm::<A>(outputs);
    let weights = (tile.values() * size_of::<A>()) as f64 * cost::STREAM;
    count * (vectors * (products + cost::TILES * (tile.inputs + tile.outputs) as f64) + weights)
}

/// The cheapest grid: rows of tiles as long as fit, and as many as waste few lanes.
fn grid<A: Accum>(problem: &Problem) -> (Tiling, Tile) {
    let (lanes, block) = in_use::<A>();
    let axes = &problem.axes;
    let [.., down, along] = &axes[..] else { unreachable!("two axes are asked for") };
    let channels = problem.inputs.saturating_add(problem.outputs);
    let most = (BYTES / VALUES / size_of::<A>() / channels).max(lanes);
    let longest = along.out.div_ceil(OUTPUTS).max(1);
    let along = if longest <= most { longest } else { most / lanes * lanes };
    let highest = down.out.div_ceil(OUTPUTS).max(1);
    let of = |down: usize| {
        let (inputs, outputs) = (problem.inputs, problem.outputs);
        let outputs_along = |(at, axis): (usize, &Axis)| match axes.len() - at {
            1 => (OUTPUTS * along).min(axis.out.max(1)),
            2 => (OUTPUTS * down).min(axis.out.max(1)),
            _ => 1,
        };
        let tiling = Tiling::of(problem, axes.iter().enumerate().map(outputs_along).collect());
        (tiling, Tile { inputs, outputs, down, along, lanes, rows: rows(block) })
    };
    let all = (1..=(most / along).clamp(1, highest)).map(of);
    let time = |(tiling, tile): &(Tiling, Tile)| nanoseconds::<A>(tile, tiling.count(problem));
    all.min_by(|a, b| time(a).total_cmp(&time(b))).expect("one row of tiles at least")
}

impl<A: Accum> Method<A> for Winograd {
    fn assess(&self, setting: &Setting<'_, A>) -> Result<Cost, Refusal> {
        let problem = setting.problem;
        let is_three = |axis: &Axis| axis.kernel == WEIGHTS && axis.stride == 1 && axis.dilation == 1;
        let is_free = |axis: &Axis| axis.kernel == 1 && axis.stride == 1;
        match &problem.axes[..] {
            [others @ .., down, along] if is_three(down) && is_three(along) && others.iter().all(is_free) => {}
            _ => {
                return Err(Refusal::because(
                    "the kernel is not of 3 by 3 along the last two axes, without stride and dilation",
                ));
            }
        }
        only_floats::<A>()?;
        if setting.rounds != Rounds::Always {
            return Err(Refusal::because("it rounds, and sums of integers must be exact"));
        }
        if setting.accuracy == Accuracy::Componentwise {
            return Err(Refusal::because("errors are not small beside each output's own terms"));
        }
        let (tiling, tile) = grid::<A>(problem);
        let nanoseconds = cost::tiles::<A>(problem, &tiling) + nanoseconds::<A>(&tile, tiling.count(problem));
        let tables = tile.values().saturating_mul(problem.groups * size_of::<A>());
        let scratch = tiling.all_bytes::<A>(problem, &tile.needs());
        within(setting, Cost { nanoseconds, tables, scratch })
    }

    fn prepare(&self, setting: &Setting<'_, A>) -> Box<dyn Prepared<A>> {
        let (tiling, tile) = grid::<A>(setting.problem);
        let values = match tile.rows {
            8 => values::<A, 8>(setting.weights),
            4 => values::<A, 4>(setting.weights),
            _ => values::<A, 2>(setting.weights),
        };
        Box::new(Ready { tiling, tile, values })
    }
}

/// The values of all weights, `R` rows side by side, with zeros for rows that there are not.
fn values<A: Accum, const R: usize>(all: &Weights<A>) -> Vec<A> {
    let (inputs, outputs) = (all.inputs, all.outputs);
    let point = inputs * outputs.next_multiple_of(R);
    let mut values = vec![A::ZERO; all.groups * VALUES * point];
    for (group, values) in values.chunks_exact_mut(VALUES * point).enumerate() {
        let group = all.group(group);
        for (first, input) in (0..outputs).step_by(R).flat_map(|first| (0..inputs).map(move |input| (first, input))) {
            let mut taps = [[[A::ZERO; R]; WEIGHTS]; WEIGHTS];
            for r in 0..R.min(outputs - first) {
                let pair = &group[((first + r) * inputs + input) * WEIGHTS * WEIGHTS..];
                for (tap, &weight) in pair[..WEIGHTS * WEIGHTS].iter().enumerate() {
                    taps[tap % WEIGHTS][tap / WEIGHTS][r] = weight;
                }
            }
            let [a, b, c] = taps.map(weights);
            for down in 0..POINTS {
                for (along, value) in weights([a[down], b[down], c[down]]).iter().enumerate() {
                    let place = (down * POINTS + along) * point + (first * inputs + input * R);
                    values[place..][..R].copy_from_slice(value);
                }
            }
        }
    }
    values
}

impl<A: Accum> Prepared<A> for Ready<A> {
    fn tiling(&self) -> &Tiling {
        &self.tiling
    }

    fn needs(&self) -> Needs {
        self.tile.needs()
    }

    fn is_local(&self) -> bool {
        false
    }

    fn growth(&self) -> f64 {
        GROWTH * GROWTH
    }

    fn run(&self, group: usize, x: &Block<'_, A>, y: &mut Outputs<'_, A>, work: &mut Work<A>) {
        let values = &self.values[group * self.tile.values()..][..self.tile.values()];
        let axes = y.extent().len();
        let [down, along] = [axes - 2, axes - 1].map(|axis| y.extent()[axis].div_ceil(OUTPUTS));
        let tile = Tile { down, along, ..self.tile };
        let mut rest = &mut work.sums[..];
        let [before, after, planes, phases, made] =
            tile.parts().map(|part| rest.split_off_mut(..part).expect("as many as are needed"));
        if const { is_float::<A>() } {
            dispatch!(arch::level(), simd => {
                for input in 0..tile.inputs {
                    tile.transform_rows::<_, A>(simd, x, input, phases, planes);
                    tile.transform_columns::<_, A>(simd, planes, input, before);
                }
                tile.multiply::<_, A>(simd, values, before, after);
                for output in 0..tile.outputs {
                    tile.transform_back::<_, A>(simd, after, output, made);
                    tile.store(made, output, y);
                }
            });
        }
    }
}

/// Six vectors, each from a place that depends on its number. A macro, since a closure need not be inlined, and would then lose
/// the instruction set.
macro_rules! load_six {
    ($simd:ident, $set:ident, $sum:ident, $number:ident => $from:expr) => {{
        let mut six = [$sum::Lanes::<$set>::splat($simd, $sum::ZERO); POINTS];
        unroll!($number in 6 => {
            six[$number] = $sum::Lanes::<$set>::load($simd, $from);
        });
        six
    }};
}

impl Tile {
    /// Values of the weights of one group.
    fn values(&self) -> usize {
        VALUES * self.inputs * self.outputs.next_multiple_of(self.rows)
    }

    /// Tiles of 4 by 4, filled up to whole vectors.
    fn filled(&self) -> usize {
        (self.down * self.along).next_multiple_of(self.lanes)
    }

    /// From one point's values to the next one's, for so many channels.
    fn point(&self, channels: usize) -> usize {
        channels.next_multiple_of(self.rows).saturating_mul(self.filled()).saturating_add(APART)
    }

    /// One of the planes in which rows of a channel are kept that were transformed along themselves.
    fn plane(&self) -> usize {
        (self.down + 1) * self.along + self.lanes
    }

    /// A row of samples with the same remainder of four.
    fn phase(&self) -> usize {
        self.along + 1 + self.lanes
    }

    /// Values of samples and of outputs, planes, phases, and outputs of a channel.
    fn parts(&self) -> [usize; 5] {
        let values = |channels| VALUES.saturating_mul(self.point(channels)).saturating_add(self.lanes);
        let planes = POINTS * OUTPUTS * self.plane();
        let made = OUTPUTS * OUTPUTS * self.filled();
        [values(self.inputs), values(self.outputs), planes, OUTPUTS * self.phase(), made]
    }

    fn needs(&self) -> Needs {
        Needs { sums: self.parts().into_iter().fold(0, usize::saturating_add), ..Needs::default() }
    }

    /// Transforms the rows of a channel along themselves: `planes[point][row % 4][row / 4][tile]`.
    #[inline(always)]
    fn transform_rows<S: Simd, A: Accum>(
        &self,
        simd: S,
        x: &Block<'_, A>,
        input: usize,
        phases: &mut [A],
        planes: &mut [A],
    ) {
        let &Tile { down, along, lanes, .. } = self;
        let (phase, plane) = (self.phase(), self.plane());
        let axes = x.shape.len();
        let (count, len, pitch) = (x.shape[axes - 2], x.shape[axes - 1], x.strides[axes - 2]);
        for row in 0..OUTPUTS * down + WEIGHTS - 1 {
            let samples_of_row = if row < count { &x.data[input * x.strides[0] + row * pitch..][..len] } else { &[] };
            sort(samples_of_row, phase, phases);
            let place = row / OUTPUTS * along;
            for at in (0..along).step_by(lanes) {
                let row_of_tiles =
                    load_six!(simd, S, A, column => &phases[column % OUTPUTS * phase + at + column / OUTPUTS..]);
                let values = samples::<S, A>(simd, row_of_tiles);
                unroll!(point in 6 => {
                    values[point].store(&mut planes[(point * OUTPUTS + row % OUTPUTS) * plane + place + at..]);
                });
            }
        }
    }

    /// Transforms a channel across its rows: what comes out are panels.
    #[inline(always)]
    fn transform_columns<S: Simd, A: Accum>(&self, simd: S, planes: &[A], input: usize, values: &mut [A]) {
        let &Tile { along, lanes, .. } = self;
        let (plane, apart) = (self.plane(), self.point(self.inputs));
        let vectors = self.filled() / lanes;
        for vector in 0..vectors {
            let first = vector / ABREAST * ABREAST;
            let abreast = ABREAST.min(vectors - first);
            let place = (first * self.inputs + input * abreast + vector - first) * lanes;
            for point in 0..POINTS {
                let column = load_six!(simd, S, A, row => {
                    &planes[(point * OUTPUTS + row % OUTPUTS) * plane + row / OUTPUTS * along + vector * lanes..]
                });
                let all = samples::<S, A>(simd, column);
                unroll!(down in 6 => {
                    all[down].store(&mut values[(down * POINTS + point) * apart + place..]);
                });
            }
        }
    }

    /// Multiplies the values of all points: `after[point][output][tile]`.
    #[inline(always)]
    fn multiply<S: Simd, A: Accum>(&self, simd: S, weights: &[A], before: &[A], after: &mut [A]) {
        let &Tile { lanes, rows, .. } = self;
        let filled = self.filled();
        let mut strips = weights.chunks_exact(self.inputs * rows);
        for point in 0..VALUES {
            let before = &before[point * self.point(self.inputs)..];
            let after = &mut after[point * self.point(self.outputs)..];
            for (output, weights) in (0..self.outputs).step_by(rows).zip(&mut strips) {
                for at in (0..filled / lanes).step_by(ABREAST) {
                    let abreast = ABREAST.min(filled / lanes - at);
                    let panel = &before[at * lanes * self.inputs..][..abreast * lanes * self.inputs];
                    let sums = &mut after[output * filled + at * lanes..];
                    product::<S, A>(simd, weights, panel, abreast, Target { sums, pitch: filled, begun: Begun::No });
                }
            }
        }
    }

    /// Makes the outputs of a channel: `made[row % 4][column % 4][tile]`.
    #[inline(always)]
    fn transform_back<S: Simd, A: Accum>(&self, simd: S, after: &[A], output: usize, made: &mut [A]) {
        let lanes = self.lanes;
        let (filled, apart) = (self.filled(), self.point(self.outputs));
        for at in (0..filled).step_by(lanes) {
            let place = output * filled + at;
            let mut columns = [[A::Lanes::<S>::splat(simd, A::ZERO); POINTS]; OUTPUTS];
            unroll!(point in 6 => {
                let values = load_six!(simd, S, A, row => &after[(row * POINTS + point) * apart + place..]);
                let column = outputs::<S, A>(simd, values);
                unroll!(row in 4 => {
                    columns[row][point] = column[row];
                });
            });
            unroll!(row in 4 => {
                let all = outputs::<S, A>(simd, columns[row]);
                unroll!(column in 4 => {
                    all[column].store(&mut made[(row * OUTPUTS + column) * filled + at..]);
                });
            });
        }
    }

    /// Puts the outputs of a channel in their places.
    #[inline(always)]
    fn store<A: Accum>(&self, made: &[A], output: usize, y: &mut Outputs<'_, A>) {
        let (along, filled) = (self.along, self.filled());
        let count = y.extent()[y.extent().len() - 2];
        for row in 0..count {
            let place = row % OUTPUTS * OUTPUTS * filled + row / OUTPUTS * along;
            let [a, b, c, d] = [0, 1, 2, 3].map(|column| &made[place + column * filled..][..along]);
            let (fours, rest) = y.row(output * count + row).as_chunks_mut::<OUTPUTS>();
            for ((((four, a), b), c), d) in fours.iter_mut().zip(a).zip(b).zip(c).zip(d) {
                *four = [*a, *b, *c, *d];
            }
            for (column, y) in rest.iter_mut().enumerate() {
                *y = [a, b, c, d][column][fours.len()];
            }
        }
    }
}

/// Sorts a row of samples by their remainders of four, with zeros after the last.
#[inline(always)]
fn sort<A: Accum>(row: &[A], phase: usize, sorted: &mut [A]) {
    let (fours, rest) = row.as_chunks::<OUTPUTS>();
    let (a, others) = sorted.split_at_mut(phase);
    let (b, others) = others.split_at_mut(phase);
    let (c, d) = others.split_at_mut(phase);
    for ((((four, a), b), c), d) in fours.iter().zip(&mut *a).zip(&mut *b).zip(&mut *c).zip(&mut *d) {
        [*a, *b, *c, *d] = *four;
    }
    for (remainder, sorted) in [a, b, c, &mut d[..phase]].into_iter().enumerate() {
        sorted[fours.len()..].fill(A::ZERO);
        if let Some(&sample) = rest.get(remainder) {
            sorted[fours.len()] = sample;
        }
    }
}
