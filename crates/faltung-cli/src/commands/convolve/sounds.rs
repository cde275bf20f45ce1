//! A plain convolution of a sound, block by block: as long as disks hold, in the memory of some blocks and the response.
//!
//! Here is decided whether a command line means that, and what of its options; [`Job`] does it.

use faltung::{Dtype, Mode, PerAxis};

use super::{Place, extension, output};
use crate::{
    args::{Convolve, Options, Sum},
    commands::reading,
    console::Notes,
    io::{self, Failure, Form, Sound, SoundFile},
    operand::Operand,
    scale::Map,
    setting::Told,
    sound::{BLOCK, Filter, Gaining, Job, Level, Rates, Response},
};

/// Convolves, if both the command line and what it names are for this; `false` if they are for arrays.
pub(super) fn run(args: &Convolve, notes: Notes) -> Result<bool, Failure> {
    let Place::File(path) = output(args) else { return Ok(false) };
    let wav =
        extension(&Place::File(path.clone())).as_deref() == Some("wav") && !path.to_string_lossy().ends_with(".gz");
    if !wav || !is_plain(args) {
        return Ok(false);
    }
    let [input, kernel] = reading::operands(&args.input, &args.kernel)?;
    let Operand::Place(place) = &input else { return Ok(false) };
    let Some(file) = SoundFile::at(place, &path)? else { return Ok(false) };
    let name = reading::name(&input, &args.input);
    let first = file.open().map_err(|failure| failure.in_file(&name))?;
    let (sound, channels) = (first.sound().clone(), first.channels());
    let form = Form::Sound(sound.clone());
    let frames = first.left().and_then(|frames| usize::try_from(frames).ok()).unwrap_or(0);
    let shape = if channels == 1 { vec![frames] } else { vec![frames, channels] };
    let told = Told { name: &name, shape: shape[..].into(), form: &form };
    let weights = reading::weights(kernel, &args.kernel, None, None)?;
    let rates = if args.no_resample { Rates::Equal } else { Rates::Adapted };
    let response = Response::new(weights, &told, sound.rate, rates)?;
    let filter = Filter::for_files((&name, channels), &response, BLOCK)?;
    let outputs = filter.outputs();
    io::check_target(&Place::File(path.clone()), &form, Dtype::F64, &[0, outputs])?;
    let gaining = gaining(args, &sound);
    let job = Job { name, file, path, tail: args.tail.unwrap_or_default(), gaining, response };
    job.run(filter, notes)?;
    Ok(true)
}

/// Refuses what is said of sounds where an array is convolved.
pub(super) fn check_unsaid(args: &Convolve) -> Result<(), Failure> {
    let said =
        [(args.tail.is_some(), "--tail"), (args.level.is_some(), "--level"), (args.no_resample, "--no-resample")];
    match said.into_iter().find(|(said, _)| *said) {
        None => Ok(()),
        Some((_, option)) => Err(Failure::usage(format!(
            "{option} is for a sound that is convolved in full and goes into a .wav, without options about sums, numbers and work"
        ))),
    }
}

/// Whether nothing is asked for that needs the sound as an array.
fn is_plain(args: &Convolve) -> bool {
    let Options { sum, dtype, overflow, accuracy, missing, algorithm, threads, max_memory, json } = &args.options;
    let Sum { mode, pad, boundary, axis, stride, dilation, anchor, correlate, normalize } = sum;
    let whole = mode.as_ref().is_none_or(|mode| *mode == PerAxis::All(Mode::Full));
    let sums = pad.is_none() && boundary.is_none() && axis.is_none() && stride.is_none() && dilation.is_none();
    let numbers =
        dtype.is_none() && overflow.is_none() && accuracy.is_none() && missing.is_none() && normalize.is_none();
    let work = algorithm.is_none() && threads.is_none() && max_memory.is_none() && !json && !args.plan;
    let columns = args.column.is_none() && args.kernel_column.is_none();
    let map = matches!(args.map, None | Some(Map::Clip | Map::Stretch));
    whole && sums && anchor.is_none() && !correlate && numbers && work && columns && map
}

/// Which gain the options mean.
fn gaining(args: &Convolve, sound: &Sound) -> Gaining {
    match (args.level, args.map) {
        (Some(Level::None), _) => Gaining::None,
        (Some(Level::Peak), _) => Gaining::IfClipped,
        (Some(Level::Match), _) => Gaining::Match,
        (None, Some(Map::Stretch)) => Gaining::Stretch,
        (None, Some(_)) => Gaining::Clip,
        (None, None) if sound.float => Gaining::None,
        (None, None) => Gaining::IfClipped,
    }
}
