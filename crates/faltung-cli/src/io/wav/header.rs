//! What is written before the samples of a WAV, and when that has to be RF64.
//!
//! RIFF has sizes of 32 bits. A file that needs more is RF64: the same chunks, all ones for the two sizes, and before the
//! others a chunk `ds64` that has them in 64 bits. Where it is not known yet how long a sound is going to be, a chunk `JUNK`
//! keeps that place free, so that the header can be written again when the samples are there.

use super::{
    Chunk, UNKNOWN,
    format::{EXTENSIBLE, FLOAT, GUID, INTEGER},
};
use crate::io::{
    failure::{Failure, Result},
    sound::Sound,
};

/// The bytes of `ds64` behind its name and size: three sizes, and the length of a table that stays empty.
const DS64: usize = 28;

/// Whether a file has a place for sizes of 64 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Long {
    Never,
    Possible,
}

/// What is written before the samples.
pub(in crate::io) struct Header {
    sound: Sound,
    channels: u16,
    before: Vec<Chunk>,
    long: Long,
}

impl Header {
    /// For a sound of so many frames, if that is known, with these chunks before its samples.
    pub(in crate::io) fn new(
        sound: &Sound,
        channels: usize,
        frames: Option<u64>,
        before: Vec<Chunk>,
    ) -> Result<Header> {
        let known = u16::try_from(channels).ok().filter(|&n| usize::from(n) * sound.size() <= usize::from(u16::MAX));
        let Some(channels) = known else {
            return Err(Failure::data(format!("a sound of {channels} channels is too large for WAV; NPY takes it")));
        };
        let mut header = Header { sound: sound.clone(), channels, before, long: Long::Never };
        // Chunks behind the samples are not known yet, and never take so much.
        const BEHIND: u64 = 1 << 30;
        if frames.is_none_or(|frames| is_long(header.riff(header.data(frames), BEHIND))) {
            header.long = Long::Possible;
        }
        Ok(header)
    }

    /// The bytes of so many frames.
    pub(in crate::io) fn data(&self, frames: u64) -> u64 {
        frames.saturating_mul(self.frame().into())
    }

    fn frame(&self) -> u16 {
        self.channels * self.sound.size() as u16
    }

    /// What a RIFF of so many bytes of samples, and of chunks behind them, has as its size.
    fn riff(&self, data: u64, behind: u64) -> u64 {
        let before: u64 = self.before.iter().map(Chunk::len).sum();
        let place = if self.long == Long::Possible { 8 + DS64 as u64 } else { 0 };
        let known = 4 + place + 8 + self.format().len() as u64 + before + 8 + behind;
        data.saturating_add(data % 2).saturating_add(known)
    }

    /// The header of so many bytes of samples and of chunks behind them.
    pub(in crate::io) fn bytes(&self, data: u64, behind: u64) -> Vec<u8> {
        let riff = self.riff(data, behind);
        let long = self.long == Long::Possible && is_long(riff);
        let short = |size: u64| if long { UNKNOWN } else { u32::try_from(size).unwrap_or(UNKNOWN) };
        let mut header = if long { b"RF64".to_vec() } else { b"RIFF".to_vec() };
        header.extend(short(riff).to_le_bytes());
        header.extend(b"WAVE");
        if self.long == Long::Possible {
            header.extend(if long { b"ds64" } else { b"JUNK" });
            header.extend((DS64 as u32).to_le_bytes());
            let sizes = if long { [riff, data, data / u64::from(self.frame())] } else { [0; 3] };
            sizes.iter().for_each(|size| header.extend(size.to_le_bytes()));
            header.extend(0u32.to_le_bytes());
        }
        let format = self.format();
        header.extend(b"fmt ");
        header.extend((format.len() as u32).to_le_bytes());
        header.extend(format);
        self.before.iter().for_each(|chunk| chunk.put(&mut header));
        header.extend(b"data");
        header.extend(short(data).to_le_bytes());
        header
    }

    fn format(&self) -> Vec<u8> {
        let Sound { rate, bits, float, speakers } = self.sound;
        let extensible = self.channels > 2 || (!float && bits > 16);
        let code = if float { FLOAT } else { INTEGER };
        let mut format = Vec::new();
        format.extend(if extensible { EXTENSIBLE } else { code }.to_le_bytes());
        format.extend(self.channels.to_le_bytes());
        format.extend(rate.to_le_bytes());
        format.extend(rate.saturating_mul(self.frame().into()).to_le_bytes());
        format.extend(self.frame().to_le_bytes());
        format.extend(bits.to_le_bytes());
        if extensible {
            // Places that do not match the channels any more are worse than none.
            let speakers = if speakers.count_ones() == u32::from(self.channels) { speakers } else { 0 };
            format.extend(22u16.to_le_bytes());
            format.extend(bits.to_le_bytes());
            format.extend(speakers.to_le_bytes());
            format.extend(code.to_le_bytes());
            format.extend(GUID);
        }
        format
    }
}

/// Whether a RIFF of this size has no place in 32 bits, of which all ones mean that the size stands elsewhere.
fn is_long(riff: u64) -> bool {
    riff >= UNKNOWN.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(frames: Option<u64>) -> Header {
        Header::new(&Sound { rate: 48_000, bits: 16, float: false, speakers: 0 }, 2, frames, Vec::new()).unwrap()
    }

    fn long(bytes: &[u8], at: usize) -> u64 {
        u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap())
    }

    #[test]
    fn all_ones_are_no_size() {
        assert!(!is_long(0xffff_fffe) && is_long(0xffff_ffff) && is_long(1 << 32));
    }

    #[test]
    fn a_short_sound_has_the_plain_header() {
        let bytes = header(Some(3)).bytes(12, 0);
        assert_eq!(bytes.len(), 44);
        assert_eq!((&bytes[..4], &bytes[4..8]), (&b"RIFF"[..], &48u32.to_le_bytes()[..]));
    }

    #[test]
    fn a_sound_beyond_four_gigabytes_is_rf64() {
        let data = 3 << 32;
        let bytes = header(Some(data / 4)).bytes(data, 10);
        assert_eq!(&bytes[..16], b"RF64\xff\xff\xff\xffWAVEds64");
        assert_eq!(long(&bytes, 20), bytes.len() as u64 - 8 + data + 10);
        assert_eq!((long(&bytes, 28), long(&bytes, 36)), (data, data / 4));
        assert_eq!(&bytes[bytes.len() - 8..], b"data\xff\xff\xff\xff");
    }

    #[test]
    fn a_sound_of_unknown_length_has_a_place_for_both() {
        let header = header(None);
        let (short, long) = (header.bytes(12, 0), header.bytes(1 << 33, 0));
        assert_eq!(short.len(), long.len());
        assert_eq!((&short[..4], &short[12..16]), (&b"RIFF"[..], &b"JUNK"[..]));
        assert_eq!((&long[..4], &long[12..16]), (&b"RF64"[..], &b"ds64"[..]));
    }
}
