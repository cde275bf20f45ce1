//! A response brought to another rate, with its gain at every frequency kept.
//!
//! A filter's gain is a sum over its taps, so taps that lie closer together are as many times smaller: the interpolated response is
//! multiplied by `from / to`. An impulse becomes the interpolating pulse, half of which comes before its time. Cut off, that would
//! cost half the gain of a response that begins with its direct sound; so these taps are kept as a lead, by which whoever filters
//! is to look ahead.

use rubato::{
    Fft, FixedSync, Indexing, Resampler, WindowFunction, audioadapter_buffers::direct::SequentialSliceOfVecs,
};

use crate::io::Failure;

/// Frames of a block of the slower rate, at least: the longer, the closer to its highest frequency the pulse is flat.
const BLOCK: usize = 1024;

/// Rates over their common measure that blocks are made for: any two rates up to a megahertz.
const MOST: usize = 1 << 20;

/// A response at another rate.
pub(super) struct Resampled {
    pub(super) channels: Vec<Vec<f64>>,
    /// Taps before its time.
    pub(super) lead: usize,
    /// Frames that it has as a sound, from its time on.
    pub(super) frames: usize,
}

/// The channels brought from one rate to another.
pub(super) fn resample(channels: &[Vec<f64>], from: u32, to: u32) -> Result<Resampled, Failure> {
    let (from, to) = (from as usize, to as usize);
    let measure = common(from, to);
    let parts = (from / measure, to / measure);
    if parts.0.max(parts.1) > MOST {
        return Err(Failure::data(format!(
            "{from} samples a second cannot be brought to {to}, which is no simple ratio: resample it by another program"
        )));
    }
    // An even number of parts, so that the middle of the pulse is a tap in both rates.
    let count = BLOCK.div_ceil(parts.0.min(parts.1)).next_multiple_of(2);
    let block = count * parts.0;
    let window = WindowFunction::BlackmanHarris2;
    let mut resampler = Fft::<f64>::new_custom(from, to, block, 1, channels.len(), window, FixedSync::Both)
        .map_err(|error| Failure::data(format!("it cannot be resampled: {error}")))?;
    let (taken, given, lead) =
        (resampler.input_frames_next(), resampler.output_frames_next(), resampler.output_delay());

    let there = channels.first().map_or(0, Vec::len);
    let frames = (there as u64 * to as u64).div_ceil(from as u64) as usize;
    let blocks = (lead + frames + lead).div_ceil(given);
    let longer = |channel: &Vec<f64>| {
        let mut longer = channel.clone();
        longer.resize(blocks * taken, 0.0);
        longer
    };
    let input: Vec<Vec<f64>> = channels.iter().map(longer).collect();
    let mut output = vec![vec![0.0; blocks * given]; channels.len()];
    let wrong = |error: &dyn std::fmt::Display| Failure::data(format!("it cannot be resampled: {error}"));
    let from_frames = SequentialSliceOfVecs::new(&input, channels.len(), blocks * taken).map_err(|e| wrong(&e))?;
    let mut to_frames =
        SequentialSliceOfVecs::new_mut(&mut output, channels.len(), blocks * given).map_err(|e| wrong(&e))?;
    for block in 0..blocks {
        let place = Indexing::new().input_offset(block * taken).output_offset(block * given);
        resampler.process_into_buffer(&from_frames, &mut to_frames, Some(&place)).map_err(|e| wrong(&e))?;
    }
    let scale = from as f64 / to as f64;
    for channel in &mut output {
        channel.truncate(lead + frames + lead);
        channel.iter_mut().for_each(|tap| *tap *= scale);
    }
    Ok(Resampled { channels: output, lead, frames })
}

/// The greatest common divisor.
fn common(a: usize, b: usize) -> usize {
    if b == 0 { a } else { common(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn impulse(at: usize, frames: usize) -> Vec<f64> {
        (0..frames).map(|frame| if frame == at { 1.0 } else { 0.0 }).collect()
    }

    #[test]
    fn an_impulse_keeps_its_time_and_its_gain() {
        for (from, to) in [(22_050, 44_100), (48_000, 44_100), (44_100, 48_000), (96_000, 8_000), (44_100, 44_056)] {
            for at in [0, 147 * 2] {
                let resampled = resample(&[impulse(at, 600)], from, to).unwrap();
                let taps = &resampled.channels[0];
                let sum: f64 = taps.iter().sum();
                assert!((sum - 1.0).abs() < 1e-4, "{from} to {to}: {sum}");
                let greatest = (0..taps.len()).max_by(|&a, &b| taps[a].total_cmp(&taps[b])).unwrap();
                let time = (at as f64 * f64::from(to) / f64::from(from)).round() as usize;
                assert_eq!(greatest, resampled.lead + time, "{from} to {to}");
                assert_eq!(resampled.frames, (600 * to as usize).div_ceil(from as usize));
            }
        }
    }

    #[test]
    fn rates_without_a_simple_ratio_are_refused() {
        let said = resample(&[vec![1.0]], 4_000_000_007, 44_100).map(|_| ()).unwrap_err().message;
        assert!(said.contains("no simple ratio"), "{said}");
    }
}
