//! How to train: what a caller chooses, and a checkpoint remembers.

use serde::{Deserialize, Serialize};

use crate::{Error, Optimiser, Result, Schedule, file};

/// How to train.
///
/// ```
/// use faltung_train::{Optimiser, Options, Schedule};
/// let usual = Options::default();
/// assert_eq!((usual.epochs, usual.batch, usual.optimiser), (10, 128, Optimiser::ADAM_W));
/// assert_eq!(usual.schedule, Schedule::OneCycle);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// How often every picture is seen.
    pub epochs: u32,
    /// Pictures for each step.
    pub batch: usize,
    /// Where all chance comes from.
    pub seed: u64,
    /// The largest rate.
    pub rate: f64,
    /// How the rate changes.
    pub schedule: Schedule,
    /// What follows the gradient.
    pub optimiser: Optimiser,
    /// The weight decay: see [`Optimiser`].
    pub decay: f32,
    /// Each picture is shifted by up to so many pixels up or down and left or right, drawn anew each time.
    pub shift: usize,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            epochs: 10,
            batch: 128,
            seed: 1,
            rate: Optimiser::ADAM_W.usual_rate(),
            schedule: Schedule::OneCycle,
            optimiser: Optimiser::ADAM_W,
            decay: 0.01,
            shift: 0,
        }
    }
}

impl Options {
    /// Those of a training that wrote this checkpoint.
    ///
    /// # Errors
    /// [`Error::File`] if the bytes are none of a checkpoint.
    ///
    /// ```
    /// # use faltung_train::{Description, Net, Options, Trainer, digits};
    /// let data = digits::training(10, 5)?;
    /// let net = Net::new(Description::ffnn(data.shape(), 10, 5000), 5)?;
    /// let trainer = Trainer::new(net, data, Options { seed: 5, ..Options::default() })?;
    /// assert_eq!(Options::of_checkpoint(&trainer.checkpoint()?)?.seed, 5);
    /// # Ok::<(), faltung_train::Error>(())
    /// ```
    pub fn of_checkpoint(checkpoint: &[u8]) -> Result<Options> {
        file::read_checkpoint(checkpoint).map(|(_, state, _)| state.options)
    }

    /// Refuses what makes no sense.
    pub(crate) fn check(&self) -> Result<()> {
        let wrong = |option, value: String, advice| Err(Error::Option { option, value, advice });
        match self {
            Options { epochs: 0, .. } => wrong("epochs", "0".into(), "give at least 1"),
            Options { batch, .. } if !(1..=1 << 20).contains(batch) => {
                wrong("batch", batch.to_string(), "give from 1 to 1048576 pictures")
            }
            Options { rate, .. } if !((*rate as f32).is_finite() && *rate as f32 > 0.0) => {
                wrong("rate", rate.to_string(), "give a number above zero that single precision holds")
            }
            Options { decay, .. } if !(decay.is_finite() && *decay >= 0.0) => {
                wrong("decay", decay.to_string(), "give zero or a number above it")
            }
            Options { shift, .. } if *shift > 1 << 16 => wrong("shift", shift.to_string(), "give at most 65536 pixels"),
            _ => Ok(()),
        }
    }
}
