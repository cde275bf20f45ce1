//! A response as a sound is filtered by it: at the sound's rate, each channel a row of taps.

use faltung::{AnyArray, Kernel};

use super::resample::{Resampled, resample};
use crate::{
    commands::refused,
    io::{Failure, Form},
    operand::named,
    setting::{Source, Told, Weights, misfit},
};

/// Whether a response may be brought to another rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rates {
    /// It is resampled where its rate is another one.
    Adapted,
    /// Its rate must be that of the signal.
    Equal,
}

/// A response, ready to filter by.
pub(crate) struct Response {
    /// What it is called.
    pub(crate) name: String,
    /// The taps of each channel.
    pub(crate) channels: Vec<Vec<f64>>,
    /// How many taps come before its time.
    pub(crate) lead: usize,
    /// How many frames it has, from its time on.
    pub(crate) frames: usize,
    /// The rate that it was brought from, if that is another one.
    pub(crate) resampled_from: Option<u32>,
}

impl Response {
    /// Of what the command line names, for a signal that is told.
    pub(crate) fn new(weights: Weights, signal: &Told<'_>, rate: u32, rates: Rates) -> Result<Response, Failure> {
        let (name, channels, own_rate) = match weights {
            Weights::Name(text) => {
                let kernel = named(&text, 1)?;
                (text, vec![numbers(&kernel.to_array())?], None)
            }
            Weights::Given(source) => {
                let channels = channels(&source, signal)?;
                let rate = match &source.document.form {
                    Form::Sound(sound) => Some(sound.rate),
                    _ => None,
                };
                (source.name, channels, rate)
            }
        };
        let frames = channels[0].len();
        if frames == 0 {
            return Err(refused(faltung::Error::EmptyKernel { shape: vec![0] }).in_file(name));
        }
        let own = Response { name, channels, lead: 0, frames, resampled_from: None };
        match own_rate.filter(|&own| own != rate) {
            None => Ok(own),
            Some(from) if rates == Rates::Equal => Err(Failure::data(format!(
                "{} has {rate} samples a second and {} has {from}, and --no-resample was said: bring one to the rate of the \
                 other first",
                signal.name, own.name
            ))),
            Some(from) => {
                let Resampled { channels, lead, frames } =
                    resample(&own.channels, from, rate).map_err(|failure| failure.in_file(&own.name))?;
                Ok(Response { channels, lead, frames, resampled_from: Some(from), ..own })
            }
        }
    }
}

/// The channels of a sound, or a row of weights.
fn channels(source: &Source, signal: &Told<'_>) -> Result<Vec<Vec<f64>>, Failure> {
    let array = &source.document.array;
    match (&source.document.form, array.shape()) {
        (_, [_]) => Ok(vec![numbers(array).map_err(|failure| failure.in_file(&source.name))?]),
        (Form::Sound(_), &[_, channels]) => {
            let all = numbers(array)?;
            Ok((0..channels).map(|channel| all.iter().skip(channel).step_by(channels).copied().collect()).collect())
        }
        _ => Err(misfit(signal, source, 1)),
    }
}

/// Real numbers, in their order.
fn numbers(array: &AnyArray) -> Result<Vec<f64>, Failure> {
    if Kernel::from(array).is_complex() {
        return Err(Failure::data("the weights are complex, and a sound has no place for a complex result; .npy has"));
    }
    Ok(array.view().numbers().into_iter().map(|number| number.to_complex().re).collect())
}
