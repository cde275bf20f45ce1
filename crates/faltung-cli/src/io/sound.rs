//! Sounds: frames of channels at a rate, as numbers in [-1, 1).
//!
//! Whatever a file stores, a sound is floats with full scale at 1: f32 where that holds every value exactly (integers
//! of up to 24 bits, 32-bit floats), f64 for 32-bit integers and 64-bit floats. An integer of `b` bits is divided by
//! `2^(b-1)`; the unsigned bytes of 8-bit sounds are centred at 128 first.
//!
//! Back into integers, a value is rounded half to even. 1 itself, which no integer reaches, becomes the greatest one.
//! Anything beyond full scale is refused: clipping is heard, and is done on request only.

use std::io::Write;

use faltung::AnyArray;

use super::failure::{Failure, Result};

/// What a sound's file says besides its samples.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sound {
    /// Frames in a second.
    pub rate: u32,
    /// Bits of a sample: 8, 16, 24, 32 or 64.
    pub bits: u16,
    /// Whether samples are stored as floats, not as integers.
    pub float: bool,
    /// Which loudspeaker each channel belongs to, a bit each as WAVE_FORMAT_EXTENSIBLE has it; 0 if the file is silent.
    pub speakers: u32,
}

impl Sound {
    /// Bytes of a sample.
    pub(super) fn size(&self) -> usize {
        usize::from(self.bits / 8)
    }

    /// What an integer of one is worth.
    pub(super) fn step(bits: u16) -> f64 {
        (1u64 << (bits - 1)) as f64
    }

    /// Appends a value as it stands in a WAV file; `None` if it is beyond full scale or no number.
    fn put(&self, value: f64, out: &mut Vec<u8>) -> Option<()> {
        match (self.float, self.bits) {
            (true, 32) if value.is_finite() && !(value as f32).is_finite() => return None,
            (true, 32) => out.extend((value as f32).to_le_bytes()),
            (true, _) => out.extend(value.to_le_bytes()),
            (false, bits) => {
                let step = Sound::step(bits);
                let level = (value * step).round_ties_even();
                // Only 1 itself may round up to the level that does not exist.
                if !(-step..=step).contains(&level) || value.abs() > 1.0 {
                    return None;
                }
                let level = level.min(step - 1.0) as i64;
                let level = if bits == 8 { level + 128 } else { level };
                out.extend(&level.to_le_bytes()[..self.size()]);
            }
        }
        Some(())
    }

    /// Writes all samples.
    pub(super) fn write_samples(&self, out: &mut dyn Write, array: &AnyArray) -> Result<()> {
        let channels = array.shape().get(1).copied().unwrap_or(1).max(1);
        match array {
            AnyArray::F32(array) => self.write_values(out, array.data().iter().map(|&v| v.into()), channels),
            AnyArray::F64(array) => self.write_values(out, array.data().iter().copied(), channels),
            other => Err(unfit(other.dtype())),
        }
    }

    fn write_values(&self, out: &mut dyn Write, values: impl Iterator<Item = f64>, channels: usize) -> Result<()> {
        const CHUNK: usize = 1 << 16;
        let mut bytes = Vec::with_capacity(CHUNK + 8);
        for (at, value) in values.enumerate() {
            self.put(value, &mut bytes).ok_or_else(|| {
                let (frame, channel) = (at / channels, at % channels);
                Failure::data(format!(
                    "frame {frame}, channel {channel} is {value}, and {} bits reach from -1 to 1; \
                     --map clip or --map stretch brings it into range",
                    self.bits
                ))
            })?;
            if bytes.len() >= CHUNK {
                out.write_all(&bytes)?;
                bytes.clear();
            }
        }
        Ok(out.write_all(&bytes)?)
    }
}

/// The refusal of samples that are not floats.
pub(super) fn unfit(dtype: faltung::Dtype) -> Failure {
    Failure::data(format!("a sound is made of f32 or f64 with full scale at 1, not of {dtype}; --dtype f32 converts"))
}
