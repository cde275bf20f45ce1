//! Samples as sound cards and files have them: integers or floats of some bytes, channel after channel in each frame.
//!
//! An integer of `b` bits is divided by `2^(b-1)`, so that full scale is 1; unsigned ones are centred there first. Back, a
//! value is rounded half to even. 1 itself, which no integer reaches, becomes the greatest one; beyond that samples are
//! clipped, and counted.

use super::{
    failure::{Failure, Result},
    raw::Order,
    sound::Sound,
};

/// What the bits of a sample are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// An integer, two's complement.
    Signed,
    /// An integer whose middle is silence.
    Unsigned,
    /// A float as IEEE 754 has it.
    Float,
}

impl Encoding {
    /// All of them.
    pub const ALL: &[Encoding] = &[Encoding::Signed, Encoding::Unsigned, Encoding::Float];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Signed => "signed",
            Encoding::Unsigned => "unsigned",
            Encoding::Float => "float",
        }
    }
}

/// How samples are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pcm {
    encoding: Encoding,
    bits: u16,
    order: Order,
}

impl Pcm {
    /// Samples of so many bits.
    ///
    /// # Errors
    /// A [`Failure`] for bits that no sample of this encoding has.
    pub fn new(encoding: Encoding, bits: u16, order: Order) -> Result<Pcm> {
        match (encoding, bits) {
            (Encoding::Float, 32 | 64) | (Encoding::Signed | Encoding::Unsigned, 8 | 16 | 24 | 32) => {
                Ok(Pcm { encoding, bits, order })
            }
            (Encoding::Float, _) => Err(Failure::usage(format!("floats of {bits} bits are not known: 32 or 64 are"))),
            (_, _) => Err(Failure::usage(format!("integers of {bits} bits are not known: 8, 16, 24 and 32 are"))),
        }
    }

    /// Samples as a WAV has them.
    pub(super) fn of_wav(sound: &Sound) -> Pcm {
        let encoding = match (sound.float, sound.bits) {
            (true, _) => Encoding::Float,
            (false, 8) => Encoding::Unsigned,
            (false, _) => Encoding::Signed,
        };
        Pcm { encoding, bits: sound.bits, order: Order::Little }
    }

    /// Bytes of a sample.
    pub fn size(&self) -> usize {
        usize::from(self.bits / 8)
    }

    /// Appends the samples of whole frames to the channels.
    pub fn decode(&self, bytes: &[u8], channels: &mut [Vec<f64>]) {
        let size = self.size();
        let frame = size * channels.len();
        for (at, channel) in channels.iter_mut().enumerate() {
            let samples = bytes.chunks_exact(frame).map(|frame| &frame[at * size..][..size]);
            channel.extend(samples.map(|sample| self.value(sample)));
        }
    }

    fn value(&self, sample: &[u8]) -> f64 {
        let mut bytes = [0; 8];
        bytes[..sample.len()].copy_from_slice(sample);
        if self.order == Order::Big {
            bytes[..sample.len()].reverse();
        }
        let raw = u64::from_le_bytes(bytes);
        let above = 64 - u32::from(self.bits);
        let step = Sound::step(self.bits);
        match (self.encoding, self.bits) {
            (Encoding::Signed, _) => ((raw << above) as i64 >> above) as f64 / step,
            (Encoding::Unsigned, _) => (raw as f64 - step) / step,
            (Encoding::Float, 32) => f32::from_bits(raw as u32).into(),
            (Encoding::Float, _) => f64::from_bits(raw),
        }
    }

    /// Appends the channels, times `gain`, frame by frame, and tells how many samples were clipped. `None` if a value is
    /// beyond what floats of 32 bits hold.
    pub fn encode(&self, channels: &[&[f64]], gain: f64, out: &mut Vec<u8>) -> Option<u64> {
        let size = self.size();
        let frames = channels.first().map_or(0, |channel| channel.len());
        out.reserve(frames * channels.len() * size);
        let mut clipped = 0;
        for frame in 0..frames {
            for channel in channels {
                let value = gain * channel[frame];
                clipped += u64::from(self.encoding != Encoding::Float && value.abs() > 1.0);
                let mut bytes = self.raw(value)?.to_le_bytes();
                if self.order == Order::Big {
                    bytes[..size].reverse();
                }
                out.extend(&bytes[..size]);
            }
        }
        Some(clipped)
    }

    fn raw(&self, value: f64) -> Option<u64> {
        let step = Sound::step(self.bits);
        let level = || (value * step).round_ties_even().clamp(-step, step - 1.0);
        match (self.encoding, self.bits) {
            (Encoding::Signed, _) => Some(level() as i64 as u64),
            (Encoding::Unsigned, _) => Some((level() + step) as u64),
            (Encoding::Float, 32) if value.is_finite() && !(value as f32).is_finite() => None,
            (Encoding::Float, 32) => Some((value as f32).to_bits().into()),
            (Encoding::Float, _) => Some(value.to_bits()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bytes of one channel, and how many were clipped.
    fn encoded(encoding: Encoding, bits: u16, order: Order, values: &[f64]) -> (Vec<u8>, u64) {
        let mut out = Vec::new();
        let clipped = Pcm::new(encoding, bits, order).unwrap().encode(&[values], 1.0, &mut out).unwrap();
        (out, clipped)
    }

    #[test]
    fn the_same_level_in_all_encodings() {
        let half = [0.5, -1.0];
        assert_eq!(encoded(Encoding::Signed, 8, Order::Little, &half).0, [0x40, 0x80]);
        assert_eq!(encoded(Encoding::Unsigned, 8, Order::Little, &half).0, [0xc0, 0]);
        assert_eq!(encoded(Encoding::Signed, 16, Order::Big, &half).0, [0x40, 0, 0x80, 0]);
        assert_eq!(encoded(Encoding::Unsigned, 16, Order::Little, &half).0, [0, 0xc0, 0, 0]);
        assert_eq!(encoded(Encoding::Signed, 24, Order::Little, &half).0, [0, 0, 0x40, 0, 0, 0x80]);
        assert_eq!(encoded(Encoding::Float, 32, Order::Big, &half).0, [0x3f, 0, 0, 0, 0xbf, 0x80, 0, 0]);
    }

    #[test]
    fn what_is_written_is_read() {
        let values = [0.0, 0.5, -0.25, -1.0, 127.0 / 128.0];
        for encoding in Encoding::ALL {
            for bits in [8, 16, 24, 32, 64] {
                for order in [Order::Little, Order::Big] {
                    let Ok(pcm) = Pcm::new(*encoding, bits, order) else { continue };
                    let mut bytes = Vec::new();
                    pcm.encode(&[&values, &values], 1.0, &mut bytes);
                    let mut back = [Vec::new(), Vec::new()];
                    pcm.decode(&bytes, &mut back);
                    assert_eq!(back, [values, values], "{pcm:?}");
                }
            }
        }
    }

    #[test]
    fn beyond_full_scale_is_counted() {
        let values = [1.0, 1.1, -1.0, -3.0];
        let (bytes, clipped) = encoded(Encoding::Signed, 8, Order::Little, &values);
        assert_eq!((bytes, clipped), (vec![127, 127, 0x80, 0x80], 2));
        assert_eq!(encoded(Encoding::Float, 64, Order::Little, &values).1, 0);
        let pcm = Pcm::new(Encoding::Float, 32, Order::Little).unwrap();
        assert_eq!(pcm.encode(&[&[1e300]], 1.0, &mut Vec::new()), None);
    }
}
