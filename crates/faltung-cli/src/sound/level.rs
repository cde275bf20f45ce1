//! How loud a result becomes.
//!
//! A response as it was measured may make a sound many times louder, and a file of integers holds no sample beyond full scale.
//! One gain for the whole file keeps the balance of loud and quiet; which, is the level:
//!
//! | level | gain |
//! |---|---|
//! | `none` | 1: what is beyond full scale is clipped |
//! | `peak` | 1, or what brings the greatest sample to full scale if it is beyond |
//! | `match` | while the signal plays, the mean square is that of the signal; less if a sample of integers would clip |
//!
//! The mean is over all channels of each. The tail does not count, or a long one would make the result louder.

/// How loud a result becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// As it is.
    None,
    /// So that nothing clips.
    Peak,
    /// As loud as the signal.
    Match,
}

impl Level {
    /// All of them.
    pub const ALL: &[Level] = &[Level::None, Level::Peak, Level::Match];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Level::None => "none",
            Level::Peak => "peak",
            Level::Match => "match",
        }
    }
}

/// Where a gain comes from: a level, or what a file of integers or a map asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gaining {
    /// It is 1, and integers clip.
    None,
    /// It is 1, and floats clip as well.
    Clip,
    /// It is less than 1, if something would clip.
    IfClipped,
    /// What makes the result as loud as the signal; in integers so that nothing clips.
    Match,
    /// What brings the peak to full scale.
    Stretch,
}

impl Gaining {
    /// Whether the gain must be known before anything is written.
    pub(super) fn is_measured(self) -> bool {
        matches!(self, Gaining::Match | Gaining::Stretch)
    }

    /// The gain for a result that was measured, in a file of floats or of integers.
    pub(super) fn gain(self, Measured { signal, result }: Measured, float: bool) -> f64 {
        match self {
            Gaining::None | Gaining::Clip => 1.0,
            Gaining::IfClipped => result.held(1.0),
            Gaining::Stretch => result.to_full_scale(),
            Gaining::Match if float => result.matching(&signal),
            Gaining::Match => result.held(result.matching(&signal)),
        }
    }
}

/// How loud signal and result are.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Measured {
    pub(super) signal: Loudness,
    pub(super) result: Loudness,
}

/// What is measured of a sound.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Loudness {
    /// The greatest sample, without sign.
    pub(super) peak: f64,
    squares: f64,
    samples: u64,
}

impl Loudness {
    /// Takes up samples, of which the first so many count for the mean.
    pub(super) fn add(&mut self, samples: &[f64], counting: usize) {
        self.peak = samples.iter().fold(self.peak, |peak, value| peak.max(value.abs()));
        let counting = &samples[..counting.min(samples.len())];
        self.squares += counting.iter().map(|value| value * value).sum::<f64>();
        self.samples += counting.len() as u64;
    }

    /// The mean of the squares.
    fn mean(&self) -> f64 {
        if self.samples == 0 { 0.0 } else { self.squares / self.samples as f64 }
    }

    /// What makes this as loud as another; 1 where one of them is silent.
    pub(super) fn matching(&self, other: &Loudness) -> f64 {
        let gain = (other.mean() / self.mean()).sqrt();
        if gain.is_finite() && gain > 0.0 { gain } else { 1.0 }
    }

    /// What brings the peak to full scale; 1 in silence.
    pub(super) fn to_full_scale(self) -> f64 {
        let gain = 1.0 / self.peak;
        match gain.is_finite() {
            // Rounding must not put the peak beyond full scale.
            true if gain * self.peak > 1.0 => gain.next_down(),
            true => gain,
            false => 1.0,
        }
    }

    /// A gain that is no greater than what full scale allows.
    pub(super) fn held(self, gain: f64) -> f64 {
        gain.min(self.to_full_scale())
    }
}

/// A ratio as sound people write it.
pub(crate) fn decibels(ratio: f64) -> String {
    match ratio == 0.0 {
        true => "-inf dB".to_owned(),
        false => format!("{:+.1} dB", 20.0 * ratio.log10()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(samples: &[f64]) -> Loudness {
        let mut loudness = Loudness::default();
        loudness.add(samples, samples.len());
        loudness
    }

    #[test]
    fn gains_can_be_checked_by_hand() {
        let loud = of(&[2.0, -4.0, 2.0, -4.0]);
        assert_eq!((loud.peak, loud.to_full_scale(), loud.held(0.125)), (4.0, 0.25, 0.125));
        assert_eq!(loud.held(1.0), 0.25);
        // Mean squares of 10 and 2.5.
        assert_eq!(loud.matching(&of(&[1.0, -2.0])), 0.5);
        assert_eq!((of(&[0.0]).to_full_scale(), of(&[0.0]).matching(&loud), loud.matching(&of(&[]))), (1.0, 1.0, 1.0));
    }

    #[test]
    fn no_peak_is_put_beyond_full_scale() {
        for n in 1..10_000 {
            let loud = of(&[f64::from(n) / 97.0]);
            assert!(loud.to_full_scale() * loud.peak <= 1.0, "{n}");
        }
    }

    #[test]
    fn ratios_are_told_in_decibels() {
        assert_eq!(
            (decibels(10.0), decibels(0.5), decibels(0.0)),
            ("+20.0 dB".into(), "-6.0 dB".into(), "-inf dB".into())
        );
    }
}
