//! The samples that have come last, of every input: a ring whose beginning is repeated behind its end, so that the last
//! samples always lie in one piece.

use crate::Accum;

/// The last samples of some channels.
#[derive(Clone)]
pub(super) struct History<T> {
    /// Samples of a ring, a power of two.
    ring: usize,
    /// Samples of a row: a ring, and its beginning again.
    row: usize,
    data: Vec<T>,
}

impl<T: Accum> History<T> {
    /// Keeps the last `kept` samples, of which any `window` lie in one piece.
    pub(super) fn new(channels: usize, kept: usize, window: usize) -> Self {
        let ring = kept.max(window).max(1).next_power_of_two();
        History { ring, row: ring + window, data: vec![T::ZERO; channels * (ring + window)] }
    }

    /// Samples from the beginning of a channel to that of the next.
    pub(super) fn row(&self) -> usize {
        self.row
    }

    fn place(&self, time: u64) -> usize {
        time as usize & (self.ring - 1)
    }

    /// Writes samples of a channel from `time` on, no more than a window. Subnormal numbers become zeros.
    pub(super) fn write(&mut self, channel: usize, time: u64, samples: &[T], make: impl Fn(T) -> T) {
        let (at, row) = (self.place(time), &mut self.data[channel * self.row..][..self.row]);
        let first = samples.len().min(self.ring - at);
        for (start, part) in [(at, &samples[..first]), (0, &samples[first..])] {
            row[start..][..part.len()].iter_mut().zip(part).for_each(|(place, &sample)| *place = make(sample));
            if let Some(again @ 1..) = (self.row - self.ring).checked_sub(start) {
                let again = again.min(part.len());
                row.copy_within(start..start + again, self.ring + start);
            }
        }
    }

    /// What lies from `time` on in this channel, and behind it the other channels.
    pub(super) fn from(&self, channel: usize, time: u64) -> &[T] {
        &self.data[channel * self.row + self.place(time)..]
    }

    pub(super) fn clear(&mut self) {
        self.data.fill(T::ZERO);
    }

    /// All that is kept.
    pub(super) fn all(&self) -> &[T] {
        &self.data
    }

    /// The same, to be written.
    pub(super) fn all_mut(&mut self) -> &mut [T] {
        &mut self.data
    }
}
