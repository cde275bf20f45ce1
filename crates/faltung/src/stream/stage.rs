//! A stage: partitions of one length, in the frequency domain.
//!
//! For each input the spectra of its last blocks are kept (a *frequency-domain delay line*); an output's spectrum is the sum of
//! their products with those of the partitions, and is transformed back once for all inputs. Blocks overlap: a transform takes
//! up two, and of what comes back the part is kept that nothing wraps around into.
//!
//! Of spectra that are multiplied together, slices that are read together lie together: `[slice, spectrum]`.
//!
//! The work of a block is a list of units, each of some tenths of a microsecond, which are made one by one when there is
//! time. For a stage whose results are due two blocks later these are all: transforms, products, transforms back. Where they are
//! due earlier, only the products with spectra that are known before the block is complete can be made ahead.

use std::{ops::Range, sync::Arc};

use num_complex::Complex;

use super::{
    Streamed,
    history::History,
    layout::{Cut, Size, Timing},
    response::Weights,
};
use crate::{
    Result,
    arch::Aligned,
    cost,
    transform::{self, Correlator, Spectra, Sum},
};

/// Slices that are put where they are kept together.
const KEPT: usize = 16;

/// Nanoseconds that a unit of products takes, about.
const UNIT: f64 = 300.0;

/// As many samples are whole vectors of any set.
const WHOLE: usize = 16;

/// Responses that a stream may follow at a time: one, and during an exchange the next.
pub(super) const SETS: usize = 2;

/// Words that tell where a stage is.
pub(super) const WORDS: usize = 4;

/// The transform of a stage.
pub(super) fn transform<T: Streamed>(cut: &Cut) -> Arc<dyn Correlator<T, T>> {
    transform::correlator(cut.numbers)
}

/// Some work.
#[derive(Clone, Copy)]
enum Unit {
    Forward {
        input: usize,
        part: usize,
    },
    /// Puts slices of a spectrum from one to another where they are kept.
    Keep {
        input: usize,
        first: usize,
        end: usize,
    },
    /// Slices from one to another.
    Multiply {
        output: usize,
        first: usize,
        end: usize,
    },
    Inverse {
        output: usize,
        part: usize,
    },
}

/// Units with what they take, in nanoseconds by the model of costs.
type Units = Arc<[(Unit, f64)]>;

/// Which responses are followed: places of `SETS`.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Sets {
    pub(super) first: usize,
    pub(super) count: usize,
}

impl Sets {
    pub(super) fn iter(self) -> impl Iterator<Item = usize> {
        (0..self.count).map(move |at| (self.first + at) % SETS)
    }
}

/// The weights of the responses that there are.
pub(super) type Followed<T> = [Option<Arc<Weights<T>>>; SETS];

/// What a stage works with: the samples, the responses, and how late it is.
#[derive(Clone, Copy)]
pub(super) struct Given<'a, T: Streamed> {
    pub(super) history: &'a History<T>,
    pub(super) followed: &'a Followed<T>,
    /// Samples that have come: a block ends here.
    pub(super) time: u64,
}

#[derive(Clone)]
pub(super) struct Stage<T: Streamed> {
    pub(super) cut: Cut,
    at: usize,
    inputs: usize,
    outputs: usize,
    transform: Arc<dyn Correlator<T, T>>,
    /// A spectrum of each input, in work.
    work: Aligned<Complex<T>>,
    /// `[input, slice, slot]`: the newest, then the older ones, around the end.
    spectra: Aligned<Complex<T>>,
    newest: usize,
    /// Of outputs, `[set, output]`.
    sums: Aligned<Complex<T>>,
    /// Samples of a row of outputs: whole vectors, of which a block's are the first.
    row: usize,
    /// Outputs in work and outputs to be heard, `[set, output, sample]`.
    made: Vec<T>,
    ready: Vec<T>,
    /// What is to be made once, and then for each set.
    once: Units,
    each: Units,
    /// The next unit, and which sets the units of this block are for.
    next: usize,
    sets: Sets,
    /// When the block ended that is in work.
    since: u64,
}

impl<T: Streamed> Stage<T> {
    pub(super) fn new(at: usize, cut: Cut, size: Size) -> Result<Self> {
        let Size { inputs, outputs, .. } = size;
        let transform = transform::<T>(&cut);
        let numbers = transform.numbers();
        let (once, each) = units(&*transform, &cut, size);
        let row = cut.block.next_multiple_of(WHOLE);
        let mut stage = Stage {
            at,
            row,
            inputs,
            outputs,
            work: Aligned::new(inputs * numbers, "a stream")?,
            spectra: Aligned::new(inputs * cut.partitions * cut.numbers, "a stream")?,
            newest: 0,
            sums: Aligned::new(SETS * outputs * numbers, "a stream")?,
            made: vec![T::ZERO; SETS * outputs * row],
            ready: vec![T::ZERO; SETS * outputs * row],
            once,
            each,
            next: 0,
            sets: Sets { first: 0, count: 1 },
            since: 0,
            transform,
            cut,
        };
        stage.clear(Sets { first: 0, count: 1 });
        Ok(stage)
    }

    /// As if nothing but zeros had come.
    pub(super) fn clear(&mut self, sets: Sets) {
        for numbers in [&mut self.work, &mut self.spectra, &mut self.sums] {
            numbers.fill(Complex::new(T::ZERO, T::ZERO));
        }
        self.made.fill(T::ZERO);
        self.ready.fill(T::ZERO);
        (self.newest, self.since, self.sets) = (0, 0, sets);
        self.next = self.units();
    }

    /// What the units of a sample take, for one set.
    pub(super) fn pace(&self) -> f64 {
        self.once.iter().chain(self.each.iter()).map(|(_, work)| work).sum::<f64>() / self.cut.block as f64
    }

    fn units(&self) -> usize {
        self.once.len() + self.sets.count * self.each.len()
    }

    /// Whether there is a unit to be made.
    pub(super) fn is_busy(&self) -> bool {
        self.next < self.units()
    }

    /// Samples to the end of a block.
    pub(super) fn to_go(&self, time: u64) -> usize {
        self.cut.block - self.place(time)
    }

    /// Samples since a block began.
    pub(super) fn place(&self, time: u64) -> usize {
        (time % self.cut.block as u64) as usize
    }

    /// What a set adds to an output from `time` on.
    pub(super) fn heard(&self, set: usize, output: usize, time: u64) -> &[T] {
        &self.ready[(set * self.outputs + output) * self.row..][..self.cut.block][self.place(time)..]
    }

    /// Makes one unit; tells what it took.
    pub(super) fn step(&mut self, given: Given<'_, T>) -> f64 {
        let ((unit, work), round) = match self.next.checked_sub(self.once.len()) {
            None => (self.once[self.next], 0),
            Some(rest) => (self.each[rest % self.each.len()], rest / self.each.len()),
        };
        let set = (self.sets.first + round) % SETS;
        self.next += 1;
        match unit {
            Unit::Forward { input, part } => self.forward(given.history, input, Some(part)),
            Unit::Keep { input, first, end } => self.keep(input, &(first..end)),
            Unit::Multiply { output, first, end } => self.multiply(given.followed, (set, output), &(first..end)),
            Unit::Inverse { output, part } => self.inverse((set, output), part),
        }
        work
    }

    /// Makes all units that are left; tells what they took.
    pub(super) fn finish(&mut self, given: Given<'_, T>) -> f64 {
        let mut work = 0.0;
        while self.is_busy() {
            work += self.step(given);
        }
        work
    }

    /// A block is complete: what is due now is to be heard, and the units of this block begin.
    pub(super) fn begin(&mut self, given: Given<'_, T>, sets: Sets) {
        match self.cut.timing {
            Timing::Later => {
                std::mem::swap(&mut self.made, &mut self.ready);
                self.take_up(given.time);
            }
            Timing::Next => {
                self.take_up(given.time);
                self.now(given);
                std::mem::swap(&mut self.made, &mut self.ready);
            }
            Timing::Within => {
                self.take_up(given.time);
                self.forward_now(given.history);
            }
        }
        self.restart(sets);
    }

    /// The units of a block begin.
    fn restart(&mut self, sets: Sets) {
        self.sets = sets;
        self.next = 0;
    }

    /// Room for the spectra of the block that ends now.
    fn take_up(&mut self, time: u64) {
        self.newest = (self.newest + self.cut.partitions - 1) % self.cut.partitions;
        self.since = time;
    }

    /// All that had to wait for the block: its spectra, their products, and the way back.
    fn now(&mut self, given: Given<'_, T>) {
        self.forward_now(given.history);
        let how = if self.cut.partitions == 1 { Sum::Begin } else { Sum::Add };
        for set in self.sets.iter() {
            let Some(weights) = &given.followed[set] else { continue };
            for output in 0..self.outputs {
                self.products((set, output), weights, 0..1, &(0..self.transform.slices()), how);
                self.back((set, output));
            }
        }
    }

    /// Of [`Timing::Within`]: the block that ends now came whole. What it comes to is to be heard from its beginning on.
    pub(super) fn whole(&mut self, given: Given<'_, T>, sets: Sets) {
        self.take_up(given.time);
        self.now(given);
        std::mem::swap(&mut self.made, &mut self.ready);
        self.restart(sets);
    }

    /// Of [`Timing::Within`]: the block that begins now comes in pieces. What the blocks before it come to is to be heard.
    pub(super) fn before(&mut self) {
        for set in self.sets.iter() {
            for output in 0..self.outputs {
                if self.cut.partitions > 1 {
                    self.back((set, output));
                } else {
                    self.row_mut(set, output).fill(T::ZERO);
                }
            }
        }
        std::mem::swap(&mut self.made, &mut self.ready);
    }

    fn row_mut(&mut self, set: usize, output: usize) -> &mut [T] {
        &mut self.made[(set * self.outputs + output) * self.row..][..self.row]
    }

    /// The spectra of the last two blocks of all inputs.
    fn forward_now(&mut self, history: &History<T>) {
        for input in 0..self.inputs {
            self.forward(history, input, None);
            self.keep(input, &(0..self.transform.slices()));
        }
    }

    /// The spectrum of the last two blocks of an input, or one part of its transform.
    fn forward(&mut self, history: &History<T>, input: usize, part: Option<usize>) {
        let (block, numbers) = (self.cut.block, self.transform.numbers());
        let row = &history.from(input, self.since.wrapping_sub(2 * block as u64))[..2 * block];
        let spectrum = &mut self.work[input * numbers..][..numbers];
        match part {
            None => self.transform.forward(row, 0, spectrum),
            Some(part) => self.transform.forward_part(part, row, 0, spectrum),
        }
    }

    /// Puts slices of an input's spectrum into its slot.
    fn keep(&mut self, input: usize, slices: &Range<usize>) {
        let (all, numbers) = (self.cut.partitions, self.cut.numbers);
        let kept = &mut self.spectra[input * all * numbers..][..all * numbers];
        let spectrum = &self.work[input * self.transform.numbers()..][..numbers];
        keep(spectrum, kept, self.newest, all, slices, numbers / self.transform.slices());
    }

    /// Slices of the products of one output: all of them, or those that are known before a block is complete.
    fn multiply(&mut self, followed: &Followed<T>, place: (usize, usize), slices: &Range<usize>) {
        let Some(weights) = &followed[place.0] else { return };
        let first = if self.cut.timing == Timing::Later { 0 } else { 1 };
        self.products(place, weights, first..self.cut.partitions, slices, Sum::Begin);
    }

    /// Sums of products of the newest spectra with those of these partitions, for all inputs.
    fn products(
        &mut self,
        (set, output): (usize, usize),
        weights: &Weights<T>,
        partitions: Range<usize>,
        slices: &Range<usize>,
        mut how: Sum,
    ) {
        let (all, numbers) = (self.cut.partitions, self.transform.numbers());
        let sums = &mut self.sums[(set * self.outputs + output) * numbers..][..numbers];
        // Around the end of the slots in two runs.
        let before = partitions.len().min(all - self.newest);
        let runs = [(self.newest, 0..before), (0, before..partitions.len())];
        let len = all * self.cut.numbers;
        for input in 0..self.inputs {
            let pair = output * self.inputs + input;
            if !weights.present[pair] {
                continue;
            }
            let spectra = &weights.stages[self.at][pair * len..][..len];
            let rows = &self.spectra[input * len..][..len];
            for (slot, run) in runs.iter().filter(|(_, run)| !run.is_empty()) {
                let rows = Spectra { all: rows, count: all, first: *slot };
                let weights = Spectra { all: spectra, count: all, first: partitions.start + run.start };
                self.transform.accumulate(rows, weights, run.len(), sums, slices, how);
                how = Sum::Add;
            }
        }
        if how == Sum::Begin {
            let none = Spectra { all: &[], count: 0, first: 0 };
            self.transform.accumulate(none, none, 0, sums, slices, how);
        }
    }

    /// One part of the way back of an output.
    fn inverse(&mut self, (set, output): (usize, usize), part: usize) {
        let (at, numbers) = (set * self.outputs + output, self.transform.numbers());
        let sums = &mut self.sums[at * numbers..][..numbers];
        self.transform.inverse_part(part, sums, &mut self.made[at * self.row..][..self.row]);
    }

    /// The way back of an output.
    fn back(&mut self, (set, output): (usize, usize)) {
        let (at, numbers) = (set * self.outputs + output, self.transform.numbers());
        let sums = &mut self.sums[at * numbers..][..numbers];
        self.transform.inverse(sums, &mut self.made[at * self.row..][..self.row]);
    }

    /// All numbers that change while it runs.
    pub(super) fn numbers_mut(&mut self) -> [&mut [T]; 5] {
        let all = [&mut self.work, &mut self.spectra, &mut self.sums];
        let [work, spectra, sums] = all.map(|all| bytemuck::cast_slice_mut(all));
        [work, spectra, sums, &mut self.made, &mut self.ready]
    }

    /// The same, to be read.
    pub(super) fn numbers(&self) -> [&[T]; 5] {
        let [work, spectra, sums] = [&self.work, &self.spectra, &self.sums].map(|all| bytemuck::cast_slice(all));
        [work, spectra, sums, &self.made, &self.ready]
    }

    /// Where it is: the newest slot, the next unit, and the sets that the units are for.
    pub(super) fn place_in_work(&self) -> [usize; WORDS] {
        [self.newest, self.next, self.sets.first, self.sets.count]
    }

    /// Goes there, `time` samples from the beginning.
    pub(super) fn go_to(&mut self, [newest, next, first, count]: [usize; WORDS], time: u64) {
        (self.newest, self.next, self.sets) = (newest, next, Sets { first, count });
        self.since = time - self.place(time) as u64;
    }

    /// Whether it could be there.
    pub(super) fn has_place(&self, [newest, next, first, count]: [usize; WORDS]) -> bool {
        let sets = first < SETS && (1..=SETS).contains(&count);
        sets && newest < self.cut.partitions && next <= self.once.len() + count * self.each.len()
    }
}

/// Puts slices of a spectrum, of so many numbers each, at a place among others.
pub(super) fn keep<T: Copy>(
    spectrum: &[Complex<T>],
    among: &mut [Complex<T>],
    place: usize,
    count: usize,
    slices: &Range<usize>,
    numbers: usize,
) {
    for slice in slices.clone() {
        let kept = &mut among[(slice * count + place) * numbers..][..numbers];
        kept.copy_from_slice(&spectrum[slice * numbers..][..numbers]);
    }
}

/// The units of a block: what is to be made once, and what for each set.
fn units<T: Streamed>(transform: &dyn Correlator<T, T>, cut: &Cut, size: Size) -> (Units, Units) {
    let Size { inputs, outputs, .. } = size;
    let (mut once, mut each) = (Vec::new(), Vec::new());
    let (parts, slices) = (transform.parts(), transform.slices());
    let all: usize = parts.iter().map(|part| part.work).sum();
    let one_way = 0.5 * cost::row::<T>(cut.numbers) / all as f64;
    let work = |part: usize| one_way * parts[part].work as f64;
    let spread = cut.timing == Timing::Later;
    for input in (0..inputs).filter(|_| spread) {
        once.extend((0..parts.len()).map(|part| (Unit::Forward { input, part }, work(part))));
        for first in (0..slices).step_by(KEPT) {
            let end = slices.min(first + KEPT);
            let copied = (end - first) * (cut.numbers / slices);
            once.push((Unit::Keep { input, first, end }, copied as f64 * 2.0 * cost::element::<T>()));
        }
    }
    let products = inputs * if spread { cut.partitions } else { cut.partitions - 1 };
    if products > 0 {
        let slice = (cut.numbers / slices * products) as f64 * cut.product::<T>(size);
        let together = ((UNIT / slice) as usize).max(1);
        // What one output has read is near for the next one.
        for first in (0..slices).step_by(together) {
            let end = slices.min(first + together);
            let work = (end - first) as f64 * slice;
            each.extend((0..outputs).map(|output| (Unit::Multiply { output, first, end }, work)));
        }
    }
    for output in (0..outputs).filter(|_| spread) {
        each.extend((0..parts.len()).rev().map(|part| (Unit::Inverse { output, part }, work(part))));
    }
    (once.into(), each.into())
}
