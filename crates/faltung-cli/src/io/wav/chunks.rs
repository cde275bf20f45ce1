//! Chunks besides format and samples: titles, cue points, what broadcasters note.
//!
//! A result that begins with its signal and has its rate keeps them, but for those that say something about each sample, which is
//! not true any more, and for padding.

use std::io::Read;

use super::skip;
use crate::io::{failure::Result, input::Input};

/// What is dropped: counts, peaks and check sums of the samples, and padding.
const DROPPED: [&[u8; 4]; 9] = [b"fact", b"PEAK", b"levl", b"MD5 ", b"JUNK", b"junk", b"PAD ", b"FLLR", b"ds64"];

/// As many bytes of chunks are kept: many times what pictures in sounds take.
const MOST: u64 = 64 << 20;

/// A chunk of a WAV.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::io) struct Chunk {
    id: [u8; 4],
    bytes: Vec<u8>,
}

impl Chunk {
    /// Bytes that it takes in a file.
    pub(in crate::io) fn len(&self) -> u64 {
        8 + self.bytes.len() as u64 + self.bytes.len() as u64 % 2
    }

    /// Appends it as it stands in a file.
    pub(in crate::io) fn put(&self, out: &mut Vec<u8>) {
        out.extend(self.id);
        out.extend((self.bytes.len() as u32).to_le_bytes());
        out.extend(&self.bytes);
        out.extend(&[0][..self.bytes.len() % 2]);
    }
}

/// Chunks that are kept.
#[derive(Default)]
pub(super) struct Chunks {
    kept: Vec<Chunk>,
    /// Bytes of those that are kept.
    taken: u64,
    /// Names of those that were too large.
    too_large: Vec<String>,
}

impl Chunks {
    /// What is kept.
    pub(super) fn kept(&self) -> &[Chunk] {
        &self.kept
    }

    /// For the chunks behind the samples of a file whose first chunks these are.
    pub(super) fn behind(self) -> Chunks {
        Chunks { kept: Vec::new(), ..self }
    }

    /// What is kept, and the names of what was too large.
    pub(super) fn end(self) -> (Vec<Chunk>, Vec<String>) {
        (self.kept, self.too_large)
    }

    /// Takes the next chunk, or passes it over.
    pub(super) fn take(&mut self, id: [u8; 4], size: u64, input: &mut Input<'_>) -> Result<()> {
        if DROPPED.contains(&&id) {
            return skip(input, size);
        }
        if self.taken + size > MOST {
            self.too_large.push(String::from_utf8_lossy(&id).into_owned());
            return skip(input, size);
        }
        let mut bytes = Vec::new();
        input.take(size).read_to_end(&mut bytes)?;
        // What is missing is told, as of chunks that are passed over.
        skip(input, size - bytes.len() as u64)?;
        self.taken += size;
        self.kept.push(Chunk { id, bytes });
        Ok(())
    }

    /// Takes all that follow the samples. A file that ends within one has no more of them.
    pub(super) fn take_all(&mut self, input: &mut Input<'_>) -> Result<()> {
        loop {
            let mut head = Vec::new();
            input.take(8).read_to_end(&mut head)?;
            let [a, b, c, d, size @ ..] = &head[..] else { return Ok(()) };
            let Ok(size) = <[u8; 4]>::try_from(size).map(u32::from_le_bytes) else { return Ok(()) };
            let before = self.kept.len();
            if self.take([*a, *b, *c, *d], size.into(), input).is_err() {
                self.kept.truncate(before);
                return Ok(());
            }
            input.take(u64::from(size % 2)).read_to_end(&mut head)?;
        }
    }
}
