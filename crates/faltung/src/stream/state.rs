//! What a stream remembers, as a value.

use super::{
    Stream, Streamed,
    stage::{Sets, WORDS},
};
use crate::{Error, Result, instruction_set};

/// What a [`Stream`] remembers of the samples that have come: a plain value, to be kept anywhere.
///
/// It is no good for another stream than one made alike, on the same instruction set: spectra are kept in its order.
///
/// ```
/// use faltung::{Latency, Stream, StreamState};
/// let mut stream = Stream::<f32>::new(&[0, 1], Latency::Zero)?;
/// let mut y = [0.0];
/// stream.process(&[&[7.0]], &mut [&mut y])?;
/// let bytes = stream.save()?.to_bytes();
///
/// let mut other = Stream::<f32>::new(&[0, 1], Latency::Zero)?;
/// other.restore(&StreamState::from_bytes(&bytes)?)?;
/// other.process(&[&[8.0]], &mut [&mut y])?;
/// assert_eq!(y, [7.0]);
/// # Ok::<(), faltung::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct StreamState<T> {
    /// How the stream is made.
    make: String,
    /// Samples taken, work owed as its bits, and where each stage is.
    words: Vec<u64>,
    /// All numbers, one after the other.
    numbers: Vec<T>,
}

/// What a state begins with, as bytes.
const MAGIC: &[u8; 8] = b"faltung\x01";

impl<T: Streamed> StreamState<T> {
    /// As bytes: a mark, then the words and the numbers, each part behind its length, all little-endian.
    ///
    /// ```
    /// # use faltung::{Latency, Stream};
    /// let state = Stream::<f64>::new(&[1], Latency::Zero)?.save()?;
    /// assert_eq!(&state.to_bytes()[..7], b"faltung");
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        let mut put = |part: &[u8]| {
            bytes.extend((part.len() as u64).to_le_bytes());
            bytes.extend(part);
        };
        put(self.make.as_bytes());
        put(&self.words.iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<_>>());
        put(&self.numbers.iter().flat_map(|number| little(*number)).collect::<Vec<_>>());
        bytes
    }

    /// From such bytes.
    ///
    /// # Errors
    /// [`Error::Stream`] for others.
    ///
    /// ```
    /// assert!(faltung::StreamState::<f32>::from_bytes(b"anything").is_err());
    /// ```
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let read = || {
            let mut rest = bytes.strip_prefix(MAGIC)?;
            let mut part = || {
                let (len, after) = rest.split_first_chunk()?;
                let len = usize::try_from(u64::from_le_bytes(*len)).ok().filter(|&len| len <= after.len())?;
                let (part, after) = after.split_at(len);
                rest = after;
                Some(part)
            };
            let make = String::from_utf8(part()?.to_vec()).ok()?;
            let words = part()?.as_chunks().0.iter().map(|word| u64::from_le_bytes(*word)).collect();
            let numbers = bytemuck::pod_collect_to_vec::<u8, T>(whole::<T>(part()?)?).into_iter();
            let numbers = if cfg!(target_endian = "big") {
                numbers.map(|number| number.swapped()).collect()
            } else {
                numbers.collect()
            };
            rest.is_empty().then_some(StreamState { make, words, numbers })
        };
        read()
            .ok_or_else(|| Error::Stream("these bytes are no state of a stream: give those that one has saved".into()))
    }
}

/// Bytes, if they are whole numbers.
fn whole<T>(bytes: &[u8]) -> Option<&[u8]> {
    bytes.len().is_multiple_of(size_of::<T>()).then_some(bytes)
}

/// The bytes of a number, the lowest first.
fn little<T: Streamed>(number: T) -> Vec<u8> {
    let mut bytes = bytemuck::bytes_of(&number).to_vec();
    if cfg!(target_endian = "big") {
        bytes.reverse();
    }
    bytes
}

impl<T: Streamed> Stream<T> {
    /// What must be the same so that a state fits.
    fn make(&self) -> String {
        format!("{self} on {}", instruction_set())
    }

    /// What it remembers. The response is no part of it.
    ///
    /// # Errors
    /// [`Error::Stream`] while responses are exchanged.
    ///
    /// ```
    /// # use faltung::{Latency, Stream};
    /// let stream = Stream::<f32>::new(&[1, 2], Latency::Zero)?;
    /// assert_eq!(stream.save()?, stream.clone().save()?);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn save(&self) -> Result<StreamState<T>> {
        if let Some(left) = self.exchanging() {
            return Err(Error::Stream(format!("an exchange goes on for {left} more samples: save the state then")));
        }
        // An exchange that is over may not have been ended yet.
        let first = if self.fade.is_some() { 1 - self.sets.first } else { self.sets.first };
        let places = self.stages.iter().flat_map(|stage| stage.place_in_work()).map(|word| word as u64);
        let words = [self.time, self.owed.to_bits(), first as u64].into_iter().chain(places).collect();
        let parts = self.stages.iter().flat_map(|stage| stage.numbers());
        let numbers = std::iter::once(self.history.all()).chain(parts).flatten().copied().collect();
        Ok(StreamState { make: self.make(), words, numbers })
    }

    /// Goes on from where the state was saved, to the bit. An exchange that goes on is over.
    ///
    /// # Errors
    /// [`Error::Stream`] if the state is of a stream made otherwise. Nothing changes then.
    ///
    /// ```
    /// # use faltung::{Latency, Stream};
    /// let short = Stream::<f32>::new(&[1, 2], Latency::Zero)?;
    /// let mut long = Stream::<f32>::new(&[1, 2, 3], Latency::Zero)?;
    /// assert!(long.restore(&short.save()?).is_err());
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn restore(&mut self, state: &StreamState<T>) -> Result<()> {
        let fits =
            |problem: String| Error::Stream(format!("{problem}: restore a stream that is made as the saved one was"));
        let make = self.make();
        if state.make != make {
            return Err(fits(format!("the state is of {}, and this is {make}", state.make)));
        }
        match self.places(state) {
            Some(places) => self.take(state, &places),
            None => return Err(fits("the state is damaged".to_owned())),
        }
        Ok(())
    }

    /// Where each stage is, if the state can be one of this stream.
    fn places(&self, state: &StreamState<T>) -> Option<Vec<[usize; WORDS]>> {
        let [_, _, first, rest @ ..] = &state.words[..] else { return None };
        let (places, more) = rest.as_chunks::<WORDS>();
        let places: Vec<_> = places.iter().map(|place| place.map(|word| word as usize)).collect();
        let parts = self.stages.iter().flat_map(|stage| stage.numbers());
        let numbers = self.history.all().len() + parts.map(<[T]>::len).sum::<usize>();
        let all = places.len() == self.stages.len() && more.is_empty() && *first < 2 && state.numbers.len() == numbers;
        (all && self.stages.iter().zip(&places).all(|(stage, &place)| stage.has_place(place))).then_some(places)
    }

    fn take(&mut self, state: &StreamState<T>, places: &[[usize; WORDS]]) {
        if self.fade.is_some() {
            self.end_exchange();
        }
        let first = state.words[2] as usize;
        if first != self.sets.first {
            self.followed.swap(0, 1);
            self.sets = Sets { first, count: 1 };
        }
        (self.time, self.owed) = (state.words[0], f64::from_bits(state.words[1]));
        let mut rest = &state.numbers[..];
        let mut fill = |place: &mut [T]| {
            let (numbers, after) = rest.split_at(place.len());
            place.copy_from_slice(numbers);
            rest = after;
        };
        fill(self.history.all_mut());
        for (stage, &at) in self.stages.iter_mut().zip(places) {
            stage.numbers_mut().into_iter().for_each(&mut fill);
            stage.go_to(at, self.time);
        }
    }
}
